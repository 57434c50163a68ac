"""Finds the body that a list means: by its key, by name and kind, by an answer given before; else it asks."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.core.exceptions import ValidationError

from core.folding import fold
from members.directory import DirectoryEntry, entries
from members.models import Kind, Municipality
from members.models.municipalities import KREIS_KINDS
from members.search import Hit, find, spellings_of

# As offices write before or behind a name; what they say of the kind is kept.
_SAID = {
    "stadtverwaltung": "stadt", "landeshauptstadt": "stadt", "bundesstadt": "stadt", "hansestadt": "stadt",
    "kreisstadt": "stadt", "universitaetsstadt": "stadt", "klingenstadt": "stadt",
    "gemeindeverwaltung": "gemeinde", "kreisverwaltung": "kreis", "landkreis": "kreis", "kreisfreie": "",
    "grosse": "", "mittlere": "", "kreisangehoerige": "",
}  # fmt: skip
_CANDIDATES = 6
LEAVE_OUT = ""


@dataclass(frozen=True)
class Question:
    """A spelling that may mean several bodies or none: which is it?"""

    spelling: str
    candidates: tuple[DirectoryEntry, ...]


class UnclearError(Exception):
    """The row waits for the answer to a question."""

    def __init__(self, question: Question):
        self.question = question


class LeftOutError(Exception):
    """The answer was that rows of this spelling are not read in."""


class Bodies:
    """All bodies, asked by what stands in a row. Spellings are looked up once, however many rows use them."""

    def __init__(self, answers: Mapping[str, str]):
        self._answers = answers
        self._by_ags = Municipality.objects.in_bulk(field_name="ags")
        self._found: dict[str, Municipality | Question] = {}
        self._fitting: dict[tuple[str, str], set[str]] = {}  # name and kind → AGS of all that they may mean

    def of(self, name: str, kind: str, ags: str) -> Municipality:
        """Return the body. Raises ValidationError (German), UnclearError or LeftOutError.

        ags: eight digits or ""; where it is given the name must not name another body.
        """
        if ags:
            return self._of_key(ags, name, kind)
        if not name:
            raise ValidationError("Tragen Sie die Kommune ein, auch wenn es dieselbe ist wie in der Zeile darüber.")
        spelling = f"{name} ({kind})" if kind else name
        if spelling in self._answers:
            return self._answered(self._answers[spelling])
        if spelling not in self._found:
            self._found[spelling] = self._look_up(name, kind, spelling)
        found = self._found[spelling]
        if isinstance(found, Question):
            raise UnclearError(found)
        return found

    def _of_key(self, ags: str, name: str, kind: str) -> Municipality:
        body = self._by_ags.get(ags)
        if body is None:
            raise ValidationError(f"Prüfen Sie den Gemeindeschlüssel {ags}: In Nordrhein-Westfalen gibt es ihn nicht.")
        if not self._fits(body, name, kind):
            raise ValidationError(
                f"Berichtigen Sie Kommune oder Gemeindeschlüssel: {ags} gehört zu {body.name}, daneben steht „{name}“."
            )
        return body

    def _fits(self, body: Municipality, name: str, kind: str) -> bool:
        """Whether the name beside the key may mean this body; one that means nothing is no contradiction."""
        if not name or name == body.name:
            return True
        if (name, kind) not in self._fitting:
            self._fitting[name, kind] = {hit.entry.ags for hit in _best(name, kind)}
        return not self._fitting[name, kind] or body.ags in self._fitting[name, kind]

    def _answered(self, ags: str) -> Municipality:
        if ags == LEAVE_OUT:
            raise LeftOutError
        return self._by_ags[ags]

    def _look_up(self, name: str, kind: str, spelling: str) -> Municipality | Question:
        hits = _best(name, kind)
        if len(hits) == 1:
            return self._by_ags[hits[0].entry.ags]
        near = [hit.entry for hit in hits or find(_plain(name, kind), entries())]
        return Question(spelling, tuple((near or _named_inside(name))[:_CANDIDATES]))


def named_exactly(text: str) -> str:
    """Return the AGS of the one body that the text names, by key or name; "" if there is none or several."""
    if any(entry.ags == text.strip() for entry in entries()):
        return text.strip()
    hits = _best(text, "")
    return hits[0].entry.ags if len(hits) == 1 else ""


def _best(name: str, kind: str) -> list[Hit]:
    """The bodies that the name means without doubt: equal ones, else the only one that begins so or has all words."""
    asked = _plain(name, kind)
    hits = [hit for hit in find(asked, entries()) if hit.rank <= 2]
    if "bezirksregierung" not in asked and "regierungsbezirk" not in asked:
        # "Köln" is the town; nobody calls a Bezirksregierung by the town's name alone.
        hits = [hit for hit in hits if hit.entry.kind != Kind.BEZIRKSREGIERUNG]
    equal = [hit for hit in hits if hit.rank == 0]
    if "kreis" not in asked.split() and any(word in asked.split() for word in ("stadt", "gemeinde")):
        equal = [hit for hit in equal if hit.entry.kind not in KREIS_KINDS]
    return equal or (hits if len(hits) == 1 else [])


def _named_inside(text: str) -> list[DirectoryEntry]:
    """The bodies whose whole name stands somewhere in the text, the longest first: "Alte Hansestadt Lemgo"."""
    spelled = f" {fold(text)[1]} "
    inside = [entry for entry in entries() if any(f" {name} " in spelled for name in spellings_of(entry.name))]
    return sorted(inside, key=lambda entry: -len(entry.name))


def _plain(name: str, kind: str) -> str:
    """Name and kind in the words that the search knows."""
    words = [_SAID.get(word, word) for word in fold(f"{_kind_word(kind)} {name}")[1].split()]
    return " ".join(dict.fromkeys(word for word in words if word))


def _kind_word(kind: str) -> str:
    spelled = fold(kind)[1]
    for word, said in (("bezirksregierung", "Bezirksregierung"), ("regierungsbezirk", "Bezirksregierung")):
        if word in spelled:
            return said
    if "region" in spelled:
        return "Städteregion"
    if "stadt" in spelled:
        return "Stadt"
    if "gemeinde" in spelled:
        return "Gemeinde"
    return "Kreis" if "kreis" in spelled else ""
