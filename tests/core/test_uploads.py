"""Files arrive in memory, are stored whole or not at all, and leave nothing behind."""

import errno
import os
import time
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.http import HttpResponse
from django.test import Client
from django.urls import path

from core import uploads
from netzwerk import urls as site_map
from tests.pictures import upload

DAY = 24 * 60 * 60


@pytest.fixture
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.MEDIA_ROOT.mkdir()
    return settings.MEDIA_ROOT


def sizes(request):
    request.POST.get("x")
    file = request.FILES["file"]
    return HttpResponse(f"{file.size} {len(file.read())} {type(file).__name__}")


urlpatterns = [*site_map.urlpatterns, path("test-sizes/", sizes)]


def test_u1_of_a_large_file_no_more_is_held_than_allowed_and_its_size_is_known(settings, db):
    settings.ROOT_URLCONF = __name__
    answer = Client().post("/test-sizes/", {"file": upload(bytes(30_000_000))}).content.decode()
    assert answer == f"30000000 {uploads.MAX_BYTES + 1} InMemoryUploadedFile"
    assert Client().post("/test-sizes/", {"file": upload(b"abc")}).content.decode() == "3 3 InMemoryUploadedFile"


def test_more_files_than_any_form_has_are_refused(settings, db):
    settings.ROOT_URLCONF = __name__
    files = {f"file{number}": upload(b"abc") for number in range(6)}
    assert Client().post("/test-sizes/", files).status_code == 400


def test_a_stored_file_is_there_under_a_name_nobody_guesses(media):
    name = default_storage.save(uploads.random_name("bilder", "webp"), ContentFile(b"pixels"))
    assert (media / name).read_bytes() == b"pixels"
    assert len(Path(name).stem) == 32
    assert uploads.random_name("bilder", "webp") != uploads.random_name("bilder", "webp")


def test_d4_a_full_disk_leaves_no_half_file(media):
    (media / "bild.webp.part").symlink_to("/dev/full")
    with pytest.raises(OSError, match="No space left") as full:
        default_storage.save("bild.webp", ContentFile(bytes(100_000)))
    assert full.value.errno == errno.ENOSPC
    assert list(media.iterdir()) == []


def test_files_without_a_row_are_removed_after_a_day(media, db):
    for name, age in (("bilder/ab/alt.webp", 2 * DAY), ("bilder/ab/alt.webp.part", 2 * DAY), ("bilder/neu.webp", 60)):
        file = media / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(b"x")
        os.utime(file, (time.time() - age,) * 2)
    assert uploads.remove_orphans() == 2
    assert [file.name for file in media.rglob("*") if file.is_file()] == ["neu.webp"]
