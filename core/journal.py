"""The journal of erasures: who was erased stays erased, also when an older backup comes back (docs/betrieb.md).

A file beside the database, because it must outlive a restore. It holds no name: the number of a row and keyed hashes by
which the row is recognised, for a number may be given again after a restore.
"""

import json
import os
import shutil
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from django.conf import settings
from django.utils import timezone
from django.utils.crypto import salted_hmac

NAME = "erased.jsonl"


@dataclass(frozen=True)
class Entry:
    """One erasure. key: "person:17"; marks: one for each name the row has borne; on: ISO date."""

    key: str
    marks: list[str]
    on: str

    def fits(self, text: str) -> bool:
        """Whether a row with this text, and the entry's number, is the one that was erased."""
        keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
        return any(_mark(self.key, text, key) in self.marks for key in keys)


def path() -> Path:
    return Path(settings.DATA_DIR) / NAME


def append(key: str, texts: Iterable[str]) -> None:
    """Note an erasure before its transaction commits; OSError if it cannot be written, and then nothing is erased.

    texts: what the row says or has said about whom it is, by which it is recognised in an older state.
    """
    marks = sorted({_mark(key, text, settings.SECRET_KEY) for text in texts})
    line = json.dumps(asdict(Entry(key, marks, timezone.localdate().isoformat())))
    path().parent.mkdir(parents=True, exist_ok=True)
    with open(os.open(path(), os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600), "w") as file:
        file.write(f"{line}\n")
        file.flush()
        os.fsync(file.fileno())


def entries() -> list[Entry]:
    """Return all erasures noted here, the oldest first."""
    return [Entry(**json.loads(line)) for line in _lines(path())]


def copy_to(folder: Path) -> None:
    """Put a copy into a backup, so that a blank machine knows the erasures as well."""
    if path().is_file():
        shutil.copy(path(), folder / NAME)


def merge_from(folder: Path) -> None:
    """Add what the journal of a backup knows and this one does not."""
    missing = [line for line in _lines(folder / NAME) if line not in _lines(path())]
    if missing:
        with path().open("a") as file:
            file.writelines(f"{line}\n" for line in missing)


def _lines(file: Path) -> list[str]:
    return file.read_text().splitlines() if file.is_file() else []


def _mark(key: str, text: str, secret: str) -> str:
    return salted_hmac(f"core.journal.{key}", text, secret=secret, algorithm="sha256").hexdigest()


# --- replaying ------------------------------------------------------------------------------------------------------

# Erases the row of an entry again and says whether there was anything to erase; an app registers it (see `restore`).
_replays: list[Callable[[Entry], bool]] = []


def register(replay: Callable[[Entry], bool]) -> None:
    """Make known how a noted erasure is done once more."""
    _replays.append(replay)


def replay() -> int:
    """Erase once more whom a restored backup brought back; return how many."""
    return sum(again(entry) for entry in entries() for again in _replays)
