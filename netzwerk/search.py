"""What the portal's two searches find: the public one what its reader may see, the back office's all records."""

from dataclasses import dataclass
from itertools import groupby

from django.urls import reverse

from core import markdown
from core.search import Result, batches, holds, snippet
from mailings.search import records as mailing_records
from mailings.search import results as mailings
from meetings.search import records as meeting_records
from meetings.search import results as meetings
from members.search import body_records, body_results, contact_results, person_records
from netzwerk.models import TextPage, shipped, text_pages
from users.models import User
from users.search import accounts

# So many of one kind are shown; whoever sees more than these narrows the question.
_SHOWN = 15
# Pages without a text of the office: address, title, words.
_PAGES = (
    ("directory", "Kommunen im Netzwerk", "Verzeichnis aller Mitglieder als Liste und Karte, mit Filtern."),
    ("meetings", "Termine", "Netzwerktreffen, Workshops und digitale Kurzformate, mit Anmeldung und Kalender."),
    ("declarations", "Gemeinsame Erklärung", "Wortlaut, frühere Fassungen und wer wann unterzeichnet hat."),
    ("open_data", "Offene Daten", "Die Mitglieder als CSV, JSON und GeoJSON zum Herunterladen."),
    ("interest", "Interesse am Beitritt melden", "So beginnt der Antrag auf Mitgliedschaft einer Kommune."),
    ("application_questions", "Alle Fragen des Antrags", "Was der Antrag auf Beitritt fragt, zum Vorbereiten."),
    ("joining_templates", "Vorlagen für Beschluss und Presse", "Muster für Ratsbeschluss und Pressetext zum Beitritt."),
    ("report_barrier", "Barriere melden", "Sagen Sie uns, was auf dieser Website nicht zugänglich ist."),
)


@dataclass(frozen=True)
class Group:
    """What was found of one kind; `more` were found besides and are not shown."""

    kind: str
    results: list[Result]
    more: int


def for_reader(user: User, query: str) -> list[Group]:
    """Return what a reader finds on the website: bodies, meetings, pages, mailings, contact persons."""
    found = [
        *body_results(query),
        *meetings(query),
        *pages(query),
        *mailings(user, query),
        *contact_results(user, query),
    ]
    return _grouped(found or pages(query, inside=True))


def for_staff(user: User, query: str) -> list[Group]:
    """Return what staff find in the back office, each only what her role may see."""
    return _grouped(
        [
            *body_records(user, query),
            *person_records(user, query),
            *meeting_records(user, query),
            *mailing_records(user, query),
            *batches(user, query),
            *accounts(user, query),
            *(_texts(query) if user.has_perm("netzwerk.view_textpage") else []),
        ]
    )


def total(groups: list[Group]) -> int:
    """Return how many were found, shown or not."""
    return sum(len(group.results) + group.more for group in groups)


def pages(query: str, *, inside: bool = False) -> list[Result]:
    """Return the public pages whose title or text has the words, those with them in the title first.

    inside: words of the text also count where the question stands in the middle of them.
    """
    found = [
        (not holds(page.title, query), Result("Seiten", page.title, snippet(text, query), page.get_absolute_url()))
        for page in text_pages()
        if holds(f"{page.title} {(text := markdown.plain(page.text))}", query, inside=inside)
    ]
    found += [
        (not holds(title, query), Result("Seiten", title, line, reverse(name)))
        for name, title, line in _PAGES
        if holds(f"{title} {line}", query)
    ]
    return [result for _, result in sorted(found, key=lambda pair: pair[0])]


def _texts(query: str) -> list[Result]:
    """The office's texts by their titles, to be edited."""
    return [
        Result(
            "Seiten und Texte", page.title, "Text bearbeiten", reverse("admin:netzwerk_textpage_change", args=[page.pk])
        )
        for page in TextPage.objects.all()
        if holds(f"{page.title} {shipped(page.key).title} {page.get_key_display()}", query)
    ]


def _grouped(results: list[Result]) -> list[Group]:
    groups = [(kind, list(found)) for kind, found in groupby(results, key=lambda result: result.kind)]
    return [Group(kind, found[:_SHOWN], max(len(found) - _SHOWN, 0)) for kind, found in groups]
