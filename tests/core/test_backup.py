"""The drill: a backup of the running portal, brought back on a blank machine, equals it and sends nothing by itself."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from core import backup, dumps
from core.actions import Recipient, pause, queue_batch, queue_mail, take_back
from core.models import Batch, MailState, OutgoingMail
from tests.core.processes import ROOT, environment, outcome, start
from tests.factories import ContactPersonFactory

ADDRESS = "rosa@stadt.example"


@pytest.fixture
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    (settings.MEDIA_ROOT / "urkunden").mkdir(parents=True)
    (settings.MEDIA_ROOT / "urkunden" / "münster.pdf").write_bytes(b"%PDF-1.7 Beitritt")
    return settings.MEDIA_ROOT


@pytest.fixture
def portal(transactional_db, media):
    """A portal at work: accounts with history, batches and mails in every state that matters."""
    ContactPersonFactory(person__user__email=ADDRESS)
    going = queue_batch("test.business", [Recipient("person:1", "going@stadt.example")], title="läuft", by=None)
    Batch.objects.filter(pk=going.pk).update(held_until=timezone.now())
    gone = queue_batch("test.business", [Recipient("person:1", "gone@stadt.example")], title="fertig", by=None)
    OutgoingMail.objects.filter(batch=gone).update(state=MailState.SENT)
    paused = queue_batch("test.business", [Recipient("person:1", "paused@stadt.example")], title="steht", by=None)
    pause(paused, by=None)
    back = queue_batch("test.business", [Recipient("person:1", "back@stadt.example")], title="zurück", by=None)
    take_back(back, by=None)
    queue_mail("test.business", to_address="single@stadt.example", recipient_key="person:2")
    queue_mail("test.access", to_address="code@stadt.example", recipient_key="person:3", data={"code": "123-456"})
    held = queue_mail("test.business", to_address="sending@stadt.example", recipient_key="person:4")
    OutgoingMail.objects.filter(pk=held.pk).update(state=MailState.SENDING, claim="dead")


@pytest.fixture
def blank(tmp_path):
    """The environment of another machine: an empty database of the same engine, no files."""
    folder = tmp_path / "blank"
    folder.mkdir()
    if connection.vendor == "sqlite":
        yield {"DATABASE_URL": f"sqlite:///{folder}/portal.sqlite3", "DATA_DIR": str(folder)}
        return
    name = f"{connection.settings_dict['NAME']}_blank"
    with connection.cursor() as cursor:
        cursor.execute(f'CREATE DATABASE "{name}"')
    own = environment()["DATABASE_URL"]
    yield {"DATABASE_URL": f"{own.rpartition('/')[0]}/{name}", "DATA_DIR": str(folder)}
    with connection.cursor() as cursor:
        cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def restore(folder, machine, *options):
    command = [sys.executable, "manage.py", "restore", str(folder), *options]
    values = environment(EMAIL_URL="smtp://127.0.0.1:1", **machine)
    return subprocess.run(command, cwd=ROOT, env=values, capture_output=True, text=True, timeout=120)


def look(machine):
    return outcome(start("look", ADDRESS, EMAIL_URL="smtp://127.0.0.1:1", **machine))


@pytest.mark.slow
def test_d5_restored_on_a_blank_machine_all_is_equal_and_all_mail_held(portal, blank, media, tmp_path, record_property):
    rows = {model._meta.label: model._base_manager.count() for model in apps.get_models()}
    call_command("backup", str(tmp_path / "saved"))
    answer = restore(tmp_path / "saved", blank)
    assert answer.returncode == 0, answer.stderr
    found = look(blank)
    expected = rows | {"core.HistoricalBatch": rows["core.HistoricalBatch"] + 1}  # "läuft" was paused
    assert found["rows"] == expected
    assert found["signed_in"]
    assert found["paused"] == ["läuft", "steht"]
    assert found["states"] == {
        "going@stadt.example": "pending",
        "gone@stadt.example": "sent",
        "paused@stadt.example": "pending",
        "back@stadt.example": "skipped",
        "single@stadt.example": "unknown",
        "code@stadt.example": "skipped",
        "sending@stadt.example": "unknown",
    }
    assert "Sicherung" in found["reasons"]["single@stadt.example"]
    restored = Path(blank["DATA_DIR"]) / "media" / "urkunden" / "münster.pdf"
    assert restored.read_bytes() == (media / "urkunden" / "münster.pdf").read_bytes()
    manifest = json.loads((tmp_path / "saved" / "manifest.json").read_text())
    total = sum(table["rows"] for table in manifest["tables"].values())
    held = list(found["states"].values()).count("unknown")
    record_property("figures", f"tables {len(manifest['tables'])}, rows {total}, all equal, uncertain mails {held}")


def spoil_database(folder):
    """Cut the database file short and make the sums right again: only the database's own program can find out."""
    (folder / "database").write_bytes((folder / "database").read_bytes()[:5000])
    manifest = json.loads((folder / "manifest.json").read_text())
    manifest["files"] = backup._files(folder)
    (folder / "manifest.json").write_text(json.dumps(manifest))


@pytest.mark.slow
def test_d5_only_a_sound_backup_replaces_a_portal_and_only_when_asked_to(portal, blank, media, tmp_path):
    call_command("backup", str(tmp_path / "saved"))
    assert restore(tmp_path / "saved", blank).returncode == 0
    Batch.objects.filter(title="läuft").update(title="umbenannt")
    call_command("backup", str(tmp_path / "later"))
    (Path(blank["DATA_DIR"]) / "media" / "unsaved.txt").write_text("unsaved")
    refused = restore(tmp_path / "later", blank)
    replaced = restore(tmp_path / "later", blank, "--replace")
    spoil_database(tmp_path / "saved")
    failed = restore(tmp_path / "saved", blank, "--replace")
    assert [refused.returncode, replaced.returncode, failed.returncode] == [1, 0, 1]
    assert "--replace" in refused.stderr
    assert "nichts ist verändert" in failed.stderr
    assert look(blank)["paused"] == ["steht", "umbenannt"]
    assert not (Path(blank["DATA_DIR"]) / "media" / "unsaved.txt").exists()
    assert [path.name for path in Path(blank["DATA_DIR"]).glob("media.before-*/unsaved.txt")] == ["unsaved.txt"]


@pytest.mark.django_db(transaction=True)
def test_a_backup_is_readable_for_its_owner_alone_and_is_never_written_twice(media, tmp_path):
    call_command("backup", str(tmp_path / "saved"))
    assert (tmp_path / "saved").stat().st_mode & 0o077 == 0
    assert [path.name for path in tmp_path.glob("*.part")] == []
    with pytest.raises(CommandError, match="gibt es schon"):
        call_command("backup", str(tmp_path / "saved"))


def spoil_file(folder):
    (folder / "media" / "urkunden" / "münster.pdf").write_bytes(b"%PDF-1.7 Austritt")


def lose_file(folder):
    (folder / "database").unlink()


def add_file(folder):
    (folder / "media" / "more.txt").write_text("more")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("spoil", [spoil_file, lose_file, add_file])
def test_a_damaged_backup_is_refused_by_name(media, tmp_path, spoil):
    folder = tmp_path / "saved"
    call_command("backup", str(folder))
    call_command("restore", str(folder), "--check")
    spoil(folder)
    with pytest.raises(CommandError, match="beschädigt"):
        call_command("restore", str(folder), "--check")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"engine": "oracle"}, "oracle"),
        ({"format": 2}, "Format 2"),
        ({"migrations": ["core.9999_later"]}, "core.9999_later"),
    ],
)
def test_a_backup_that_does_not_fit_is_refused_before_anything_changes(media, tmp_path, change, reason):
    folder = tmp_path / "saved"
    call_command("backup", str(folder))
    manifest = json.loads((folder / "manifest.json").read_text())
    (folder / "manifest.json").write_text(json.dumps(manifest | change))
    with pytest.raises(CommandError, match=reason):
        call_command("restore", str(folder), "--replace")


def test_no_backup_is_no_backup(tmp_path):
    with pytest.raises(CommandError, match="keine Sicherung"):
        call_command("restore", str(tmp_path), "--check")


def test_fingerprints_tell_every_difference_but_the_order():
    rows = [(1, "Bonn", None), (2, "Rheine", 3)]
    assert dumps.fingerprint(rows) == dumps.fingerprint(reversed(rows))
    assert dumps.fingerprint(rows)["rows"] == 2
    others = [rows[:1], [*rows, rows[0]], [(1, "Bonn", None), (2, "Rheine", 4)], [(1, "Bonn", ""), rows[1]]]
    assert dumps.fingerprint(rows) not in [dumps.fingerprint(other) for other in others]
