"""The dossier: everything about a body on one page, one section for each subject.

A new section is a function here, a template under templates/netzwerk/dossier/ and a row in SECTIONS; the apps below
know nothing of it.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest

from core.models import OutgoingMail
from core.timeline import ITSELF, Source, timeline
from core.worklist import list_url
from declarations.models import ApplicationState, Signature
from meetings.models import Invitation, MeetingKind, Registration
from members.access import can_change_note
from members.models import (
    Candidacy,
    Confirmation,
    ContactPerson,
    HeadOfAdministration,
    Membership,
    Municipality,
    Note,
    OuterOffice,
    Person,
    Profile,
    SpokespersonTerm,
)

# The newest of these are shown; the rest stands in the list behind the link.
_NOTES_SHOWN, _MAILS_SHOWN, _MEETINGS_SHOWN = 10, 10, 8


@dataclass(frozen=True)
class Section:
    """A part of the dossier.

    slug: its anchor. data: what its template gets as `data`. place: "main", "side" or "wide".
    """

    slug: str
    title: str
    template: str
    permission: str
    data: Callable[[Municipality, HttpRequest], dict[str, Any]]
    place: str = "main"


def columns_for(municipality: Municipality, request: HttpRequest) -> dict[str, list[dict[str, Any]]]:
    """Return the sections this reader may see with their data, by place; a fixed number of queries.

    municipality: as access.municipality_for returns it.
    """
    columns: dict[str, list[dict[str, Any]]] = {"main": [], "side": [], "wide": []}
    for section in SECTIONS:
        if request.user.has_perm(section.permission):
            columns[section.place].append({"section": section, "data": section.data(municipality, request)})
    return columns


def _contacts(municipality: Municipality, request: HttpRequest) -> dict[str, Any]:
    functions = municipality.contacts.select_related("person__user__access_invitation").order_by(
        "is_deputy", "person__sort_key"
    )
    over = [function for function in functions if not function.holds()]
    return {"today": [function for function in functions if function.holds()], "over": over}


def _offices(municipality: Municipality, request: HttpRequest) -> dict[str, Any]:
    return {
        "heads": municipality.heads.on().select_related("person"),
        "outer_offices": municipality.outer_offices.on().select_related("person"),
    }


def _memberships(municipality: Municipality, request: HttpRequest) -> dict[str, Any]:
    return {"periods": municipality.memberships.in_order().reverse(), "candidacies": municipality.candidacies.all()}


def _applications(municipality: Municipality, request: HttpRequest) -> dict[str, Any]:
    confirmed = municipality.applications.exclude(state=ApplicationState.REQUESTED)
    return {"applications": confirmed.prefetch_related("answers")}


def _signatures(municipality: Municipality, request: HttpRequest) -> dict[str, Any]:
    return {"signatures": municipality.signatures.for_list(), "copies": municipality.signing_copies.count()}


def _profile(municipality: Municipality, request: HttpRequest) -> dict[str, Any]:
    profile = getattr(municipality, "profile", None)
    facts = profile.facts if profile else []
    return {"profile": profile, "facts": facts, "missing": profile.missing if profile else []}


def _confirmations(municipality: Municipality, request: HttpRequest) -> dict[str, Any]:
    """The last question to each of today's contact persons."""
    rows = Confirmation.objects.current().with_answers().filter(contact__municipality=municipality)
    return {"rows": rows.select_related("contact__person")}


def _hints(municipality: Municipality, request: HttpRequest) -> dict[str, Any]:
    return {"hints": municipality.hints.all()[:_NOTES_SHOWN]}


def _notes(municipality: Municipality, request: HttpRequest) -> dict[str, Any]:
    notes = municipality.notes.select_related("person")[: _NOTES_SHOWN + 1]
    shown = [{"note": note, "own": can_change_note(request.user, note)} for note in notes]
    all_url = list_url("members_note", municipality__id__exact=str(municipality.pk))
    return {"notes": shown[:_NOTES_SHOWN], "more": all_url if len(shown) > _NOTES_SHOWN else ""}


def _mails(municipality: Municipality, request: HttpRequest) -> dict[str, Any]:
    """Mails to the persons who have or had a function here, and to their accounts."""
    persons = _persons_of(municipality)
    keys = [person.key for person in persons] + [person.user.key for person in persons if person.user]
    newest = OutgoingMail.objects.filter(recipient_key__in=keys).defer("text", "html")
    mails = list(newest[: _MAILS_SHOWN + 1])
    all_url = list_url("core_outgoingmail", recipient_key__in=",".join(keys))
    return {"mails": mails[:_MAILS_SHOWN], "more": all_url if len(mails) > _MAILS_SHOWN else ""}


def _meetings(municipality: Municipality, request: HttpRequest) -> dict[str, Any]:
    """Who came from here to which meeting, and in each year to how many."""
    rows = Registration.objects.registered().filter(municipality=municipality).select_related("meeting", "person")
    newest = list(rows.order_by("-meeting__begins_at", "pk"))
    attended = {(row.meeting.year, row.meeting_id) for row in newest if row.was_present}
    years = sorted(Counter(year for year, _ in attended).items(), reverse=True)
    invited = Invitation.objects.sent().for_summit().filter(municipality=municipality, meeting__kind=MeetingKind.SUMMIT)
    return {"rows": newest[:_MEETINGS_SHOWN], "years": years, "summits": invited[:_MEETINGS_SHOWN]}


def _versions(municipality: Municipality, request: HttpRequest) -> dict[str, Any]:
    here = {"municipality": municipality.pk}
    functions = (ContactPerson, HeadOfAdministration, OuterOffice, SpokespersonTerm)
    sources = [
        Source(Municipality.history.filter(id=municipality.pk)),
        Source(Membership.history.filter(**here)),
        Source(Candidacy.history.filter(**here)),
        Source(Signature.history.filter(**here)),
        Source(Profile.history.filter(**here)),
        Source(Note.history.filter(**here)),
        *(Source(model.history.filter(**here), "person") for model in functions),
        Source(Person.history.filter(id__in=_persons_of(municipality).values("pk")), ITSELF),
    ]
    return {"versions": timeline(sources, page=request.GET.get("verlauf"))}


def _persons_of(municipality: Municipality) -> QuerySet[Person]:
    """Everyone who has or had a function at the body."""
    contacts, heads = Q(contact_functions__municipality=municipality), Q(head_functions__municipality=municipality)
    others = Q(outer_offices__municipality=municipality) | Q(spokesperson_terms__municipality=municipality)
    return Person.objects.filter(contacts | heads | others).distinct().select_related("user")


SECTIONS = (
    Section(
        "ansprechpersonen",
        "Ansprechpersonen",
        "netzwerk/dossier/contacts.html",
        "members.view_contactperson",
        _contacts,
    ),
    Section("notizen", "Notizen", "netzwerk/dossier/notes.html", "members.view_note", _notes),
    Section("termine", "Termine", "netzwerk/dossier/meetings.html", "meetings.view_registration", _meetings),
    Section("e-mails", "E-Mails", "netzwerk/dossier/mails.html", "core.view_outgoingmail", _mails),
    Section(
        "mitgliedschaft",
        "Mitgliedschaft",
        "netzwerk/dossier/memberships.html",
        "members.view_membership",
        _memberships,
        "side",
    ),
    Section(
        "beitritt",
        "Beitritt",
        "netzwerk/dossier/applications.html",
        "declarations.view_application",
        _applications,
        "side",
    ),
    Section(
        "unterzeichnungen",
        "Gemeinsame Erklärung",
        "netzwerk/dossier/signatures.html",
        "declarations.view_signature",
        _signatures,
        "side",
    ),
    Section(
        "spitze",
        "Verwaltungsspitze",
        "netzwerk/dossier/offices.html",
        "members.view_headofadministration",
        _offices,
        "side",
    ),
    Section(
        "stimmt-noch",
        "Stimmt noch?",
        "netzwerk/dossier/confirmations.html",
        "members.view_confirmation",
        _confirmations,
        "side",
    ),
    Section("hinweise", "Hinweise", "netzwerk/dossier/hints.html", "members.view_hint", _hints, "side"),
    Section("profil", "Profil", "netzwerk/dossier/profile.html", "members.view_profile", _profile, "side"),
    Section("verlauf", "Verlauf", "netzwerk/dossier/versions.html", "members.view_municipality", _versions, "wide"),
)
