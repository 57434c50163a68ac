"""Pictures are judged by what is in them, and nothing of the sent file is kept but what can be seen."""

import io
from contextlib import suppress

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from core.pictures import LONGEST_SIDE, PictureField, read_picture
from core.uploads import MAX_BYTES
from tests.pictures import HEIC, SVG, bomb, photo_of_a_phone, picture, upload


def opened(data):
    return Image.open(io.BytesIO(read_picture(data).data))


def refusal(data):
    with pytest.raises(ValidationError) as refused:
        PictureField(label="Bild").clean(upload(data))
    return " ".join(refused.value.messages)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_the_three_formats_become_webp(kind):
    image = opened(picture(kind))
    assert (image.format, image.size) == ("WEBP", (400, 300))


@pytest.mark.parametrize("mode", ["L", "P", "CMYK", "1", "RGBA"])
def test_all_kinds_of_colours_are_read(mode):
    image = opened(picture("JPEG" if mode == "CMYK" else "PNG", mode=mode))
    assert image.size == (400, 300)


def test_what_is_transparent_stays_so():
    image = Image.new("RGBA", (20, 20), (0, 0, 0, 0))
    file = io.BytesIO()
    image.save(file, "PNG")
    assert opened(file.getvalue()).convert("RGBA").getpixel((5, 5))[3] == 0


def test_u4_place_and_device_are_gone_and_the_picture_stands_upright():
    data = photo_of_a_phone()
    assert b"Beispielphone" in data
    image = opened(data)
    assert dict(image.getexif()) == {}
    assert b"Beispielphone" not in read_picture(data).data
    assert image.size == (300, 400)
    red, green = image.convert("RGB").getpixel((150, 20)), image.convert("RGB").getpixel((150, 380))
    assert red[0] > 200 > 100 > red[1]
    assert green[1] > 100 > green[0]


def test_large_ones_are_scaled_down_and_small_ones_are_not_blown_up():
    assert opened(picture(size=(4000, 1000))).size == (LONGEST_SIDE, 400)
    assert opened(picture(size=(30, 20))).size == (30, 20)


def test_u4_a_bomb_is_refused_before_it_unpacks():
    data = bomb(20_000, 20_000)
    assert len(data) < 100_000
    for sent in (data, bomb(12_000, 9000), bomb(9000, 5000)):
        assert refusal(sent).startswith("Verkleinern Sie das Bild: Es hat mehr als 40 Megapixel.")


def test_u5_svg_is_refused_whatever_it_is_called():
    for data in (SVG, b"\xef\xbb\xbf  " + SVG, SVG.replace(b'<?xml version="1.0"?>', b"")):
        assert "SVG-Dateien können Programme enthalten" in refusal(data)


def test_a_phones_own_format_is_named():
    assert refusal(HEIC).startswith("Speichern Sie das Bild als JPEG")


@pytest.mark.parametrize("data", [b"%PDF-1.7", b"GIF89a" + bytes(50), b"MZ", b"<html><script>"])
def test_other_files_are_refused(data):
    assert refusal(data) == "Wählen Sie ein Bild als JPEG, PNG oder WebP."


def test_u3_what_is_picture_and_page_at_once_stays_a_picture_only():
    data = picture() + b"<script>alert(1)</script>"
    assert b"<script>" not in read_picture(data).data


def test_half_a_file_is_refused():
    whole = picture(size=(1500, 1500), quality=95)
    assert refusal(whole[: len(whole) // 2]).startswith("Prüfen Sie die Datei: Sie ist beschädigt")


def test_u1_a_file_too_large_is_refused_by_its_size_alone():
    assert refusal(picture() + bytes(MAX_BYTES)) == "Verkleinern Sie das Bild: Es hat mehr als 9 MB."


@given(st.binary(max_size=200), st.integers(0, 400))
def test_no_bytes_break_it(noise, position):
    data = picture(size=(40, 30))
    for sent in (noise, data[:position] + noise + data[position:]):
        with suppress(ValidationError):
            assert read_picture(sent).width <= LONGEST_SIDE
