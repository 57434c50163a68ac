"""Templates that a body fills in and uses itself: a draft resolution for its council, a text for the press."""

from dataclasses import dataclass

from members.models import Kind, Municipality
from members.models.municipalities import KREIS_KINDS

_NOBODY = "[Name der Kommune]"


@dataclass(frozen=True)
class Specimen:
    """A text to be copied. key stands in its address; text: plain, gaps in square brackets."""

    key: str
    title: str
    hint: str
    text: str


_RESOLUTION = """Beschlussvorlage

Betreff: Beitritt zum Kommunen-Netzwerk: engagiert in NRW

Beschlussvorschlag
{council} beschließt, dass {name} dem Kommunen-Netzwerk: engagiert in NRW beitritt, und beauftragt die Verwaltung, die \
Gemeinsame Erklärung zu unterzeichnen und eine Ansprechperson zu benennen.

Begründung
Bürgerschaftliches Engagement entsteht vor Ort. Im Kommunen-Netzwerk tauschen Städte, Gemeinden, Kreise und \
Bezirksregierungen in Nordrhein-Westfalen aus, wie sie Engagement ermöglichen, begleiten und anerkennen. Das Land \
unterstützt das Netzwerk.

Wer beitritt, benennt eine Ansprechperson, versteht Engagement als Aufgabe der ganzen Verwaltung, nimmt an der \
Ehrenamtskarte NRW teil, plant sie oder dankt auf vergleichbare Weise, unterzeichnet die Gemeinsame Erklärung und \
arbeitet auf Dauer mit.

[Was {name} bisher für Engagement tut]

Finanzielle Auswirkungen
[Betrag oder: keine]

Abstimmungsergebnis
[Ja-Stimmen, Nein-Stimmen, Enthaltungen]"""

_PRESS = """{name} ist Mitglied im Kommunen-Netzwerk: engagiert in NRW

[Ort, Datum] {name} gehört jetzt zum Kommunen-Netzwerk: engagiert in NRW. [Name, Amt] hat dafür die Gemeinsame \
Erklärung unterzeichnet.

„[Ein Satz dazu, was das Engagement der Menschen bei Ihnen bedeutet]“, sagt [Name, Amt].

Im Netzwerk lernen Kommunen voneinander: Wie findet ein Verein Nachwuchs? Wie dankt man so, dass es ankommt? Wie \
arbeiten Ämter zusammen, wenn Menschen sich engagieren wollen? {name} bringt eigene Erfahrungen mit: [ein Beispiel].

Ansprechperson für bürgerschaftliches Engagement: [Name, Stelle, Telefon, E-Mail]

Das Kommunen-Netzwerk: engagiert in NRW besteht seit Dezember 2012. Ihm gehören Städte, Gemeinden, Kreise und \
Bezirksregierungen an."""


def all_for(body: Municipality | None) -> list[Specimen]:
    """Return the templates with this body's name filled in; with a gap for it if none is given."""
    words = {"name": body.name_in_letter if body else _NOBODY, "council": _council(body)}
    return [
        Specimen(
            "beschluss",
            "Beschlussvorlage",
            "Für Rat oder Kreistag. Ein Beschluss ist möglich, aber nicht nötig.",
            _RESOLUTION.format(**words),
        ),
        Specimen("pressetext", "Pressetext", "Für den Tag, an dem Ihre Kommune Mitglied wird.", _PRESS.format(**words)),
    ]


def _council(body: Municipality | None) -> str:
    """Who decides in a body of this kind."""
    if body is None:
        return "[Der Rat / Der Kreistag]"
    if body.kind in KREIS_KINDS:
        return "Der Städteregionstag" if body.kind == Kind.STAEDTEREGION else "Der Kreistag"
    return "[Wer entscheidet]" if body.kind == Kind.BEZIRKSREGIERUNG else "Der Rat"
