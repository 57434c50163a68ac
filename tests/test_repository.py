"""The repository tests itself: what the conventions of docs/architektur.md promise holds for every file."""

import ast
import re
import subprocess
import tomllib
from functools import cache
from pathlib import Path

import pytest
from django.core.management import call_command
from django.template import engines
from django.template.loader_tags import ExtendsNode, IncludeNode

from tests.rooms import FILE_NAMES, SUBJECTS

ROOT = Path(__file__).resolve().parent.parent
APPS = ("netzwerk", "mailings", "declarations", "meetings", "members", "users", "core")

NO_NAMES = {"utils", "helpers", "services", "common", "misc", "signals", "receivers"}
FOLDERS = {"data", "formats", "imports", "management", "migrations", "models", "templatetags"}

LONGEST_FUNCTION, LONGEST_FILE, LONGEST_TEMPLATE = 50, 400, 150


@cache
def files(*patterns: str) -> tuple[Path, ...]:
    """Return the repository's files, those included that are not committed yet."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "--", *patterns]
    listed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout.split("\n")
    return tuple(path for name in listed if name and (path := ROOT / name).is_file())


def app_files() -> list[Path]:
    return [
        path for path in files("*.py") if path.relative_to(ROOT).parts[0] in APPS and "migrations" not in path.parts
    ]


def lines(path: Path) -> int:
    return len(path.read_text().splitlines())


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.django_db
def test_no_migration_is_missing():
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)


def test_app_files_bear_the_agreed_names():
    strangers = []
    for path in app_files():
        app, first, *_ = (*path.relative_to(ROOT).with_suffix("").parts, "")
        known = first in FILE_NAMES | FOLDERS or app == "core" or first in SUBJECTS.get(app, ())
        if not known or path.stem in NO_NAMES:
            strangers.append(name(path))
    assert strangers == []


def test_the_lists_of_file_names_hold_no_name_that_is_gone():
    gone = [
        f"{app}/{subject}"
        for app, subjects in SUBJECTS.items()
        for subject in subjects
        if not (ROOT / app / subject).is_dir() and not (ROOT / app / f"{subject}.py").is_file()
    ]
    assert gone == []


def test_nothing_listens_to_signals():
    listening = re.compile(r"@receiver|(?<!Connection)(?<!sqlite3)\.connect\(|from django\.dispatch")
    assert [name(path) for path in app_files() if listening.search(path.read_text())] == []


def test_functions_stay_short():
    long = [
        f"{name(path)}:{node.lineno} {node.name}"
        for path in files("*.py")
        if "migrations" not in path.parts
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef) and node.end_lineno - node.lineno >= LONGEST_FUNCTION
    ]
    assert long == []


def test_files_stay_short():
    long = [name(path) for path in app_files() if lines(path) > LONGEST_FILE]
    long += [name(path) for path in files("templates/*") if lines(path) > LONGEST_TEMPLATE]
    assert long == []


# --- templates ----------------------------------------------------------------------------------------------------

OURS = ROOT / "templates"
# Templates that others look for under a fixed name: Django, its admin, simple_history, allauth, crispy-forms.
FETCHED_BY_OTHERS = re.compile(
    r"\d{3}(_csrf)?\.html|(admin|account|mfa|usersessions|allauth|kern|simple_history|django)/.*"
)


def our_templates() -> dict[str, Path]:
    return {str(path.relative_to(OURS)): path for path in files("templates/*")}


def quoted_names() -> set[str]:
    """Everything that templates or code name in quotation marks and that looks like a template."""
    texts = [path.read_text() for path in (*our_templates().values(), *app_files())]
    return {found for text in texts for found in re.findall(r"""["']([\w./]+\.(?:html|txt|css))["']""", text)}


def mail_names(app: str) -> set[str]:
    return {word for path in (ROOT / app).glob("*emails.py") for word in re.findall(r"\w+", path.read_text())}


def is_mail_template(template: str) -> bool:
    return "/emails/" in template


def test_every_template_is_used():
    quoted = quoted_names()
    unused = []
    for template in our_templates():
        app, file_name = template.split("/")[0], template.split("/")[-1]
        if is_mail_template(template) and app != "core":
            # A mail is named without its endings: core adds .words.txt, .txt and .html.
            used = file_name.split(".")[0] in mail_names(app)
        else:
            used = template in quoted or FETCHED_BY_OTHERS.fullmatch(template)
        if not used:
            unused.append(template)
    assert unused == []


def test_every_template_compiles_and_finds_what_it_extends_and_includes():
    engine = engines["django"].engine
    for template in our_templates():
        compiled = engine.get_template(template)
        for node in compiled.nodelist.get_nodes_by_type((ExtendsNode, IncludeNode)):
            parent = node.parent_name if isinstance(node, ExtendsNode) else node.template
            if isinstance(parent.var, str):
                engine.get_template(parent.var)


def test_components_say_what_they_take():
    silent = [
        template
        for template, path in our_templates().items()
        if template.startswith("components/") and not path.read_text().startswith("{% comment %}")
        and not path.read_text().startswith("{#")
    ]  # fmt: skip
    assert silent == []


def test_pages_name_no_other_host():
    """Scripts, styles, pictures and fonts are our own; a link for people to follow is another matter."""
    foreign = re.compile(r"""(?:src|srcset|action|poster|data)=["'](?:https?:)?//|<link[^>]+href=["'](?:https?:)?//""")
    styles = re.compile(r"""(?:url\(|@import)\s*["']?(?:https?:)?//""")
    found = [name(path) for path in files("templates/*") if foreign.search(path.read_text())]
    found += [name(path) for path in files("static/*.css") if styles.search(path.read_text())]
    assert found == []


def test_pages_keep_to_the_strict_csp():
    inline = re.compile(r"""\sstyle=["']|\son[a-z]+=["']|<style|<script(?![^>]*\ssrc=)|javascript:""")
    pages = [path for template, path in our_templates().items() if not is_mail_template(template)]
    assert [name(path) for path in pages if inline.search(path.read_text())] == []


# --- requirements and set-up --------------------------------------------------------------------------------------


def pins(list_name: str) -> dict[str, str]:
    text = (ROOT / "requirements" / f"{list_name}.txt").read_text()
    return dict(re.findall(r"^([\w.-]+)(?:\[[\w,]+\])?==(\S+)", text, re.MULTILINE))


def test_requirements_name_no_host():
    hosts = re.compile(r"https?://|--(?:extra-)?index-url|--find-links")
    assert [name(path) for path in files("requirements/*", "pyproject.toml") if hosts.search(path.read_text())] == []


def test_tests_run_on_the_versions_that_operation_runs_on():
    run, test = pins("run"), pins("test")
    assert run
    assert {package: test.get(package) for package in run} == run


def test_every_requirement_is_locked_and_explained():
    """What pyproject.toml asks for is locked, and the README says why it is there."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    wanted = {re.match(r"[\w-]+", item)[0] for item in project["dependencies"]}
    wanted_for_tests = {re.match(r"[\w-]+", item)[0] for item in project["optional-dependencies"]["test"]}
    explained = set(re.findall(r"^\| ([\w-]+)", (ROOT / "README.md").read_text(), re.MULTILINE))
    assert wanted - set(pins("run")) == set()
    assert wanted_for_tests - set(pins("test")) == set()
    assert (wanted | wanted_for_tests) - {package.lower() for package in explained} == set()


def test_import_contracts_name_every_app():
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    assert contracts["root_packages"] == list(APPS)
    assert contracts["contracts"][0]["layers"] == list(APPS)


def test_import_contracts_are_kept():
    result = subprocess.run([ROOT / ".venv/bin/lint-imports", "--no-cache"], cwd=ROOT, capture_output=True, text=True)
    assert result.returncode == 0, result.stdout


# --- documents ----------------------------------------------------------------------------------------------------


def targets() -> set[str]:
    return set(re.findall(r"^([a-z]+):.*## ", (ROOT / "Makefile").read_text(), re.MULTILINE))


@pytest.mark.parametrize(
    "document", ["README.md", "SECURITY.md", "docs/betrieb.md", "docs/architektur.md", "docs/handbuch.md"]
)
def test_documents_name_commands_and_files_that_exist(document):
    text = (ROOT / document).read_text()
    commands = set(re.findall(r"\bmake ([a-z]+)", text))
    links = set(re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", text))
    assert commands - targets() == set()
    assert [link for link in links if not (ROOT / document).parent.joinpath(link).exists()] == []


def test_where_to_change_what_names_files_that_exist():
    table = (ROOT / "README.md").read_text().split("## Wo ändere ich was?")[1].split("\n## ")[0]
    places = re.findall(r"`([\w./<>*-]+)`", table)
    assert len(places) > 10
    assert [place for place in places if not list(ROOT.glob(re.sub(r"<\w+>", "*", place).rstrip("/")))] == []


def test_every_variable_of_the_settings_is_explained():
    settings = (ROOT / "netzwerk/settings.py").read_text() + (ROOT / "gunicorn.conf.py").read_text()
    variables = set(re.findall(r"""(?:env\.\w+|environ(?:\.get)?)[(\[]\s*["']([A-Z_]+)["']""", settings))
    explained = set(re.findall(r"^\| `([A-Z_]+)`", (ROOT / "docs/betrieb.md").read_text(), re.MULTILINE))
    assert len(variables) > 10
    assert explained == variables


def test_entry_points_named_by_subject_stand_in_the_contract_of_imports():
    contract = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    entries = {path.stem for path in app_files() if path.stem.endswith(("_urls", "_views", "_forms"))}
    assert [name for name in sorted(entries) if f"({name})" not in contract] == []
