"""What operation is given (image, compose file, example of the settings) fits the portal as it is."""

import hashlib
import os
import re
import subprocess
import sys
from base64 import b64encode

import pytest

from tests.test_repository import APPS, ROOT

SETTINGS = {
    "DJANGO_SETTINGS_MODULE": "netzwerk.settings",
    "SECRET_KEY": "an-example-of-fifty-letters-and-more-that-nobody-guesses-0123456789",
    "SITE_URL": "https://portal.netzwerk.example",
    "MAIL_FROM": "Kommunen-Netzwerk <portal@netzwerk.example>",
    "EMAIL_URL": "smtp+tls://portal:secret@mail.netzwerk.example:587",
    "DATABASE_URL": "postgres://portal:secret@db:5432/portal",
    "CELERY_BROKER_URL": "redis://redis:6379/0",
    "TRUSTED_PROXY_COUNT": "1",
}


def read(name):
    return (ROOT / name).read_text()


def used_by_the_portal():
    python = read("netzwerk/settings.py") + read("gunicorn.conf.py")
    return set(re.findall(r"""(?:env\.\w+|environ(?:\.get)?)[(\[]\s*["']([A-Z_]+)["']""", python))


def used_by_compose():
    return set(re.findall(r"\$\{([A-Z_]+)", read("docker-compose.yml")))


def paragraphs_of_the_example():
    return [block for block in read(".env.example").split("\n\n") if re.search(r"^(# )?[A-Z_]+=", block, re.MULTILINE)]


def named(text):
    return re.findall(r"^(?:# )?([A-Z_]+)=", text, re.MULTILINE)


def test_the_example_names_every_setting_once_and_no_other():
    names = named(read(".env.example"))
    assert sorted(names) == sorted(used_by_the_portal() | used_by_compose())


def test_the_example_explains_every_setting():
    unexplained = [names for block in paragraphs_of_the_example() if (names := named(block)) and block[:2] != "# "]
    assert paragraphs_of_the_example()
    assert unexplained == []


def test_the_example_holds_no_secret_and_what_is_needed_is_not_commented_out():
    values = dict(re.findall(r"^([A-Z_]+)=(.*)$", read(".env.example"), re.MULTILINE))
    assert values["SECRET_KEY"] == values["POSTGRES_PASSWORD"] == ""
    given_by_compose = {"DATABASE_URL", "CELERY_BROKER_URL"}
    without_default = {"SECRET_KEY", "SITE_URL", "MAIL_FROM", "EMAIL_URL"} | used_by_compose()
    assert without_default - given_by_compose <= values.keys()


def test_the_image_takes_in_all_that_the_portal_needs_and_nothing_secret():
    taken = set(re.findall(r"^!(\S+)$", read(".dockerignore"), re.MULTILINE))
    assert read(".dockerignore").splitlines()[1] == "*"
    assert taken >= {*APPS, "templates", "static", "locale", "manage.py", "gunicorn.conf.py", "requirements/run.txt"}
    assert [name for name in taken if not (ROOT / name).exists()] == []
    assert [name for name in taken if re.match(r"tests|var|\.", name)] == []


def test_every_service_comes_back_and_is_watched():
    """A service is a name indented by two blanks; `portal` brings restart and the image's own health check."""
    section = read("docker-compose.yml").split("\nservices:")[1].split("\nnetworks:")[0]
    services = re.split(r"^  (?=\w+:$)", section, flags=re.MULTILINE)[1:]
    bodies = {body.partition(":")[0]: body for body in services}
    assert bodies.keys() >= {"setup", "web", "worker", "beat", "db", "redis", "proxy"}
    assert [name for name, body in bodies.items() if "restart:" not in body and "*portal" not in body] == []
    watched_by_others = {"postfach"}  # only there to try
    ours = {name for name, body in bodies.items() if "*portal" in body}
    unwatched = {name for name, body in bodies.items() if "healthcheck:" not in body} - ours - watched_by_others
    assert unwatched == set()
    assert "HEALTHCHECK" in read("Dockerfile")


@pytest.mark.slow
@pytest.mark.parametrize("page", ["413", "502"])
def test_the_proxy_allows_the_style_of_its_own_pages_and_no_other(page):
    style = re.search(r"<style>(.*?)</style>", read(f"proxy/pages/{page}.html"), re.DOTALL)[1]
    checksum = b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert f"style-src 'sha256-{checksum}';" in read("proxy/Caddyfile")


def test_djangos_check_for_operation_finds_nothing():
    command = [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"]
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG", "TMPDIR")}
    result = subprocess.run(command, cwd=ROOT, env=kept | SETTINGS, capture_output=True, text=True)
    assert result.returncode == 0, result.stderr
    assert "no issues" in result.stdout
