"""Demonstration data: two versions under their proven titles with a text of ours, and the joinings proven in public.

The amtliche wording is not public, nor is who signed for whom: both stay open here rather than made up.
"""

import datetime

from core.dates import today
from declarations import rounds, signing
from declarations.models import Declaration, SigningRound
from members.models import Membership, Municipality, Precision

_FIRST = """Wo Menschen sich füreinander einsetzen, entscheidet sich vor Ort: im Verein, in der Nachbarschaft, im
Rathaus. Land und Kommunen wollen dafür gute Bedingungen schaffen und voneinander lernen.

Wir verabreden:

- In jeder Kommune weiß man, wer für Engagement zuständig ist.
- Wir teilen, was sich bewährt hat, und auch, was nicht.
- Wir danken denen, die sich engagieren, und sagen es öffentlich.
"""
_SECOND = """Engagement lässt sich nicht anordnen. Es wächst, wo es Raum, Begleitung und Anerkennung findet.
Dafür arbeiten Land und Kommunen in Nordrhein-Westfalen in einem Netzwerk zusammen.

Wer diese Erklärung unterzeichnet, will

- eine Stelle nennen, die für bürgerschaftliches Engagement ansprechbar ist,
- das Thema in der ganzen Verwaltung mitdenken,
- Erfahrungen in das Netzwerk einbringen und von anderen lernen,
- Engagierten mit der Ehrenamtskarte NRW oder auf vergleichbare Weise danken,
- auf Dauer dabeibleiben.

Das Land unterstützt den Austausch, lädt zu gemeinsamen Treffen ein und bündelt, was die Mitglieder gelernt haben.
"""
_COSIGNERS = (
    "Landkreistag Nordrhein-Westfalen\nStädte- und Gemeindebund Nordrhein-Westfalen\nStädtetag Nordrhein-Westfalen"
)
# Day from which the title is proven, title, text, office and authority of the Land at that time, co-signers.
_VERSIONS = (
    (
        datetime.date(2012, 12, 5),
        "Zukunftsfaktor Bürgerengagement – Gemeinsam und vernetzt handeln",
        _FIRST,
        "Ministerin für Familie, Kinder, Jugend, Kultur und Sport",
        "Ministerium für Familie, Kinder, Jugend, Kultur und Sport des Landes Nordrhein-Westfalen",
        _COSIGNERS,
    ),
    (
        datetime.date(2017, 12, 6),
        "Gemeinsame Erklärung zur Förderung des bürgerschaftlichen Engagements in NRW",
        _SECOND,
        "Staatssekretärin für Sport und Ehrenamt",
        "Staatskanzlei des Landes Nordrhein-Westfalen",
        "",
    ),
)
_NOTE = "Belegt ist der Titel, nicht der Wortlaut."


# Members that sign the version of today together: the day lies ahead, their heads are made up.
_ROUND, _ROUND_BODIES, _DAYS_AHEAD = "Kommunales Spitzentreffen (Beispiel)", ("bonn", "kreis-lippe", "rheine"), 40


def fill() -> None:
    """Publish both versions, hand down what is proven, plan a round; what is there already stays as it is."""
    if not Declaration.objects.exists():
        for day, title, text, office, authority, cosigners in _VERSIONS:
            version = Declaration(title=title, text=text, started_on=day, is_sample=True, note=_NOTE)
            version.land_office, version.land_authority, version.cosigners = office, authority, cosigners
            signing.publish(version)
    for membership in Membership.objects.exclude(source="").select_related("municipality"):
        _hand_down(membership)
    if not SigningRound.objects.exists():
        day = today() + datetime.timedelta(days=_DAYS_AHEAD)
        planned = rounds.plan(SigningRound(title=_ROUND, held_on=day, place="Düsseldorf"))
        rounds.add_heads(planned, Municipality.objects.filter(slug__in=_ROUND_BODIES))


def _hand_down(membership: Membership) -> None:
    """What a member's own page or the press says: when it joined, and so, on a day of signing, which version."""
    if membership.municipality.signatures.exists():
        return
    signing.hand_down(
        membership.municipality,
        begin=membership.begin,
        declaration=_version_signed(membership),
        source=membership.source,
    )


def _version_signed(membership: Membership) -> Declaration | None:
    """The version of a collective signing (December 2012, 6 December 2017); of other joinings nobody says which."""
    month = membership.precision in (Precision.DAY, Precision.MONTH) and membership.started_on
    if month and (month.year, month.month) in ((2012, 12), (2017, 12)):
        return Declaration.objects.filter(started_on__year=month.year).first()
    return None
