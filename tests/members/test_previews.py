"""Pictures for links: the right size, the right places coloured."""

from io import BytesIO

import pytest
from PIL import Image

from members import actions, maps, previews
from members.directory import entries
from members.models import Municipality
from tests.factories import MunicipalityFactory

pytestmark = pytest.mark.django_db

ACCENT, PALE, AREA = (0xAD, 0x43, 0x07), (0xE3, 0xB0, 0x8F), (0xDF, 0xE2, 0xEB)


def picture(client, address) -> Image.Image:
    response = client.get(address)
    assert response.headers["Content-Type"] == "image/png"
    return Image.open(BytesIO(response.content)).convert("RGB")


def is_near(colour, wanted) -> bool:
    return all(abs(a - b) < 12 for a, b in zip(colour, wanted, strict=True))


def colour_at(image: Image.Image, slug: str) -> tuple[int, int, int]:
    """The colour in the middle of a body's area."""
    west, north, east, south = maps.shape_of(next(e for e in entries() if e.slug == slug)).bounds
    x, y = previews._place(((west + east) // 2, (north + south) // 2))
    return image.getpixel((round(x / 2), round(y / 2)))


def test_the_portals_picture_shows_every_member_in_the_accent(client, register):
    image = picture(client, "/vorschau.png")
    assert image.size == (1200, 630)
    assert (
        is_near(colour_at(image, "dortmund"), ACCENT)
        == (Municipality.objects.members().filter(slug="dortmund")).exists()
    )
    assert is_near(colour_at(image, "wuppertal"), ACCENT)
    assert is_near(colour_at(image, "muenster"), AREA)


def test_a_members_picture_shows_its_area_before_the_paler_others(client, register):
    image = picture(client, "/kommunen/bonn/vorschau.png")
    assert is_near(colour_at(image, "bonn"), ACCENT)
    assert is_near(colour_at(image, "wuppertal"), PALE)


def test_a_kreis_is_shown_as_an_area(client, register):
    image = picture(client, "/kommunen/kreis-lippe/vorschau.png")
    assert is_near(colour_at(image, "kreis-lippe"), ACCENT)


def test_a_new_member_is_on_the_picture_at_once(client, register):
    before = client.get("/vorschau.png")
    actions.start_membership(Municipality.objects.get(slug="muenster"), begin=None)
    after = client.get("/vorschau.png", headers={"If-None-Match": before.headers["ETag"]})
    assert after.status_code == 200
    assert is_near(colour_at(Image.open(BytesIO(after.content)).convert("RGB"), "muenster"), ACCENT)


def test_who_is_no_member_has_no_picture(client, register):
    assert client.get("/kommunen/muenster/vorschau.png").status_code == 404
    assert client.get("/kommunen/gibt-es-nicht/vorschau.png").status_code == 404


def test_the_longest_names_stay_in_their_column(register):
    for entry in entries():
        size = previews._size_for(entry.name)
        assert len(previews._in_lines(entry.name, size)) <= 4
        assert all(previews._width(line, size) <= previews._TEXT_WIDTH for line in previews._in_lines(entry.name, size))


def test_a_member_younger_than_the_boundaries_has_a_picture_too(client):
    MunicipalityFactory(name="Neustadt", slug="neustadt", member=True)
    assert picture(client, "/kommunen/neustadt/vorschau.png").size == (1200, 630)
