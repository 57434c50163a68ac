"""The style guide shows every component; colours, fonts and error pages keep what the design promises."""

import gzip
import hashlib
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template.loader import get_template
from django.urls import reverse

BASE = Path(settings.BASE_DIR)
# Parts of every page's frame: each page shows them.
FRAME = {
    "demo_banner", "desk_lists", "desk_menu", "footer", "footer_links", "header", "mark", "menu", "messages",
    "own_menu", "quick_search", "sharing", "styles", "viewing_banner",
}  # fmt: skip


@pytest.fixture
def page(client_of, office):
    response = client_of(office).get(reverse("style_guide"))
    assert response.status_code == 200
    return response


def test_every_component_is_shown(page):
    shown = {Path(template.name).stem for template in page.templates if str(template.name).startswith("components/")}
    every = {path.stem for path in (BASE / "templates" / "components").glob("*.html")}
    assert every - FRAME - shown == set()


def test_the_page_has_no_id_twice_and_one_h1(page):
    html = page.content.decode()
    ids = re.findall(r'\sid="([^"]+)"', html)
    assert len(ids) == len(set(ids))
    assert html.count("<h1") == 1


def test_every_link_within_the_page_has_its_target(page):
    html = page.content.decode()
    ids = set(re.findall(r'\sid="([^"]+)"', html))
    assert set(re.findall(r'href="#([^"]+)"', html)) <= ids


def test_only_staff_see_it(client_of, contact):
    assert client_of(None).get(reverse("style_guide")).status_code == 302
    assert client_of(contact).get(reverse("style_guide"), follow=True).status_code == 403


def test_what_is_not_there_gets_a_page_that_offers_a_way_on(client_of, db):
    response = client_of(None).get("/gibt-es-nicht/")
    assert response.status_code == 404
    assert f'href="{reverse("directory")}"' in response.content.decode()


def test_the_page_of_a_fault_needs_neither_request_nor_database():
    assert "Das hat leider nicht geklappt." in get_template("500.html").render()


@pytest.mark.parametrize("folder", sorted((BASE / "static" / "vendor").iterdir()), ids=lambda path: path.name)
def test_vendored_files_are_as_released(folder):
    sums = dict(reversed(line.split()) for line in (folder / "SHA256SUMS").read_text().splitlines())
    files = [path for path in folder.iterdir() if path.name != "SHA256SUMS"]
    assert {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in files} == sums
    assert any(name.startswith("LICENSE") for name in sums)


def _compressed(path):
    return len(path.read_bytes() if path.suffix == ".woff2" else gzip.compress(path.read_bytes()))


def test_styles_and_fonts_leave_room_for_the_map_in_the_first_load():
    sheet = (BASE / "templates/components/styles.html").read_text(encoding="utf-8")
    first_load = [BASE / "static" / name for name in re.findall(r"{% static '([^']+)' %}", sheet)]
    # 150 kB for all: 40 for the map, some for the page itself (QUALITY, "Lighthouse").
    assert sum(map(_compressed, first_load)) < 100_000


TOKENS = (BASE / "static/css/tokens.css").read_text(encoding="utf-8")
LIGHT, DARK = TOKENS.split("@media (prefers-color-scheme: dark)")


def _token(name, part):
    return re.search(rf"--{name}: #([0-9a-f]{{3,6}});", part)[1]


def _luminance(colour):
    """Relative luminance as WCAG 2.2 defines it; `colour` is "rgb" or "rrggbb" in hexadecimal."""
    step = len(colour) // 3
    channels = (int((colour[i : i + step] * 2)[:2], 16) / 255 for i in range(0, len(colour), step))
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(one, other):
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize(
    ("part", "paper"),
    [(LIGHT, "fff"), (DARK, _token("kern-color-layout-background-default", DARK))],
    ids=["light", "dark"],
)
def test_the_accent_of_members_can_be_read(part, paper):
    accent = _token("kn-accent", part)
    assert _contrast(accent, paper) >= 4.5
    assert _contrast(_token("kn-on-accent", part), accent) >= 4.5
    assert _contrast(_token("kn-accent-strong", part), _token("kn-accent-soft", part)) >= 4.5
    # Areas of members and of others tell apart without seeing hues (WCAG 1.4.11).
    assert _contrast(accent, _token("kn-map-area", part)) >= 3
