"""The menu of the back office: its words, and the lists and pages under each; and that of the own area.

A word appears with its first page, an entry to whoever may see it. Pages of our own that are no entry belong to the
word whose slug their address begins with: /verwaltung/kommunen/rheine/ to "Kommunen".
"""

from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.http import HttpRequest
from django.urls import reverse


@dataclass(frozen=True)
class Page:
    """A page of our own: the name of its address, what it is called, who may see it."""

    name: str
    label: str
    permission: str


@dataclass(frozen=True)
class Word:
    """A word of the menu. entries: models ("app.model" stands for the model's list) and pages, the first one leads."""

    label: str
    slug: str
    entries: tuple[str | Page, ...]


MENU = (
    Word(
        "Kommunen",
        "kommunen",
        (
            "members.municipality",
            "members.membership",
            "members.profile",
            "members.topic",
            "members.note",
            "members.hint",
        ),
    ),
    Word(
        "Personen",
        "personen",
        (
            "members.person",
            "members.contactperson",
            "members.confirmation",
            "members.headofadministration",
            Page("heads_after_election", "Wechsel nach Wahl", "members.change_headofadministration"),
            "members.outeroffice",
            "members.spokespersonterm",
            Page("imports", "Listen einlesen", "members.view_importrun"),
        ),
    ),
    Word(
        "Beitritt",
        "beitritt",
        (
            "declarations.application",
            "members.candidacy",
            "declarations.signature",
            Page("signing_rounds", "Unterzeichnungsrunden", "declarations.view_signinground"),
            "declarations.declaration",
        ),
    ),
    Word(
        "Termine",
        "termine",
        (
            "meetings.meeting",
            Page("meetings_year", "Jahresüberblick", "meetings.view_meeting"),
            "meetings.registration",
            "meetings.agendaitem",
        ),
    ),
    Word(
        "E-Mails",
        "e-mails",
        (
            "mailings.mailing",
            "core.outgoingmail",
            "core.batch",
            "core.bounce",
            Page("mail_texts", "Automatische E-Mails", "core.view_mailtext"),
            Page("mail_service", "Versand", "core.view_batch"),
        ),
    ),
    Word(
        "Einstellungen",
        "einstellungen",
        (
            "netzwerk.textpage",
            "netzwerk.barrierreport",
            "users.user",
            "users.accessinvitation",
            Page("privacy_register", "Datenschutz", "netzwerk.view_erasure"),
            Page("style_guide", "Gestaltung", "netzwerk.view_styleguide"),
        ),
    ),
)


# What the own area of contact persons holds: name of the address, what it is called.
OWN_AREA = (
    ("home", "Übersicht"),
    ("own_meetings", "Termine"),
    ("own_registrations", "Anmeldungen"),
    ("own_mailings", "Mitteilungen"),
    ("own_profiles", "Profil"),
    ("colleagues", "Ansprechpersonen"),
    ("network", "Verzeichnis"),
    ("own_data", "Meine Daten"),
)


def own_menu_for(request: HttpRequest) -> list[dict[str, Any]]:
    """Return the pages of the own area with url and label, and whether it is the current one ("page") or lies above it
    ("true"); none for whoever is no contact person.
    """
    if not getattr(request, "persons", []):
        return []
    entries = [{"label": label, "url": reverse(name)} for name, label in OWN_AREA]
    for entry in entries:
        below = entry["url"] != entries[0]["url"] and request.path.startswith(entry["url"])
        entry["current"] = "page" if request.path == entry["url"] else "true" if below else ""
    return entries


def page_of(entry: str | Page) -> Page:
    """Return the entry as a page; a model's is its list, for whoever may view the model."""
    if isinstance(entry, Page):
        return entry
    app, model = entry.split(".")
    label = str(apps.get_model(entry)._meta.verbose_name_plural)
    return Page(f"admin:{app}_{model}_changelist", label, f"{app}.view_{model}")


def menu_for(request: HttpRequest) -> list[dict[str, Any]]:
    """Return the words this reader has pages under: label, url, entries, and whether it is the current one."""
    index = reverse("admin:index")
    words = [{"label": "Heute", "url": index, "current": request.path == index, "entries": []}]
    for word in MENU:
        entries = [_shown(page_of(entry), request) for entry in word.entries]
        entries = [entry for entry in entries if entry["permitted"]]
        if entries:
            current = request.path.startswith(f"{index}{word.slug}/") or any(entry["current"] for entry in entries)
            words.append({"label": word.label, "url": entries[0]["url"], "current": current, "entries": entries})
    return words


def _shown(page: Page, request: HttpRequest) -> dict[str, Any]:
    url = reverse(page.name)
    return {
        "label": page.label,
        "url": url,
        "current": request.path.startswith(url),
        "permitted": request.user.has_perm(page.permission),
    }
