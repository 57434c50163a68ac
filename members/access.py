"""Who may see which municipality, and what of its contacts. The only doors to these objects."""

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from core import revision
from core.history import version_at, version_of
from core.links import row_for
from core.periods import not_over
from members.models import (
    Confirmation,
    ContactPerson,
    Hint,
    ImportKind,
    ImportRun,
    Municipality,
    Note,
    Person,
    Profile,
    ProfileDraft,
    ProfilePicture,
    Visibility,
)
from members.models.people import Function
from users.models import User

# What the personal link of "Stimmt noch?" is for.
CONFIRMING = "confirm"


def municipality_for(user: User, slug: str) -> Municipality:
    """Return the municipality with this address and its profile. All 432 are public; Http404 else."""
    return get_object_or_404(Municipality.objects.select_related("profile__picture", "profile__crest"), slug=slug)


def member_for(slug: str) -> Municipality:
    """Return the member with this address; Http404 for any other body."""
    municipality = Municipality.objects.members().filter(slug=slug).first()
    if municipality is None:
        raise Http404
    return municipality


def hint_for(pk: int) -> Hint:
    """Return a visitor's hint, for staff; Http404 if there is none."""
    hint = Hint.objects.select_related("municipality").filter(pk=pk).first()
    if hint is None:
        raise Http404
    return hint


def contact_for(pk: int) -> ContactPerson:
    """Return a contact person of any body, for staff; Http404 if there is none."""
    return _only(ContactPerson.objects.select_related("person", "municipality").filter(pk=pk))


def own_municipalities(user: User) -> list[Municipality]:
    """Bodies for which the account's persons are contacts today; only members give access."""
    functions = ContactPerson.objects.of_members().filter(person__user=user)
    return list(Municipality.objects.filter(contacts__in=functions).distinct())


def own_functions(person: Person | None) -> QuerySet[ContactPerson]:
    """Return what a person is today as contact of members; nothing for nobody."""
    return ContactPerson.objects.of_members().filter(person=person).select_related("person", "municipality")


def own_bodies(functions: Iterable[ContactPerson]) -> list[Municipality]:
    """Return the bodies of what a person is today (see `own_functions`), with their profiles."""
    bodies = Municipality.objects.filter(pk__in=[function.municipality_id for function in functions])
    return list(bodies.select_related("profile").prefetch_related("profile__topics"))


def own_function_for(person: Person | None, pk: int) -> ContactPerson:
    """Return her own function at a body; Http404 for anybody else's."""
    return _only(own_functions(person).filter(pk=pk))


def colleagues_of(person: Person | None) -> QuerySet[ContactPerson]:
    """Return who answers for the same members today or later, she herself included."""
    bodies = own_functions(person).values("municipality")
    functions = ContactPerson.objects.filter(not_over(), municipality__in=bodies)
    return functions.select_related("person__user__access_invitation", "municipality")


def colleague_for(person: Person | None, pk: int) -> ContactPerson:
    """Return the function of somebody who answers for the same members, her own included; Http404 else."""
    return _only(colleagues_of(person).filter(pk=pk))


def former_colleagues_of(person: Person | None) -> QuerySet[ContactPerson]:
    """Return who answered for the same members before."""
    bodies = own_functions(person).values("municipality")
    over = ContactPerson.objects.filter(municipality__in=bodies).exclude(not_over()).exclude(person__last_name="")
    return over.select_related("person").order_by("-ended_on")


def own_municipality_for(person: Person | None, slug: str) -> Municipality:
    """Return a member for which she answers; Http404 for any other."""
    function = own_functions(person).filter(municipality__slug=slug).first()
    if function is None:
        raise Http404
    return function.municipality


def profile_draft_for(person: Person | None, slug: str) -> ProfileDraft:
    """Return what she has typed into the profile of her own body, a new draft if nothing; Http404 for any other."""
    municipality = own_municipality_for(person, slug)
    drafts = ProfileDraft.objects.filter(municipality=municipality, person=person)
    draft = drafts.select_related("picture", "crest").first()
    if draft is None:
        profiles = Profile.objects.filter(municipality=municipality).select_related("picture", "crest")
        # The version before the profile itself, so that it is never newer than what she sees.
        seen = version_of(Profile, profiles.values_list("pk", flat=True).first())
        profile = profiles.first() or Profile()
        draft = ProfileDraft(person=person, seen=seen, picture=profile.picture, crest=profile.crest)
    draft.municipality = municipality
    return draft


def profile_for(slug: str, *, version: int | None = None) -> Profile:
    """Return a body's profile, for staff; Http404 if it has none, or if the profile never had that version."""
    profile = get_object_or_404(Profile.objects.select_related("municipality"), municipality__slug=slug)
    if version is not None and version_at(profile, version) is None:
        raise Http404
    return profile


def picture_for(user: User, slug: str, public_id: UUID) -> tuple[ProfilePicture, bool]:
    """Return a picture of a body and whether all may see it: those a member's profile shows today.

    The others only staff and the body's own contact persons see, in drafts and history; Http404 for everybody else.
    """
    picture = get_object_or_404(ProfilePicture, public_id=public_id, municipality__slug=slug)
    showing = Profile.objects.filter(Q(picture=picture) | Q(crest=picture))
    if showing.filter(municipality__in=Municipality.objects.members()).exists():
        return picture, True
    if user.is_authenticated and (
        user.has_perm("members.view_profile") or picture.municipality in own_municipalities(user)
    ):
        return picture, False
    raise Http404


def can_write_for(contact: ContactPerson) -> bool:
    """Whether a colleague may correct name and address: only of somebody who never signed in and is nothing else.

    Else whoever writes a new address could sign in as her.
    """
    person = contact.person
    unused = person.user is None or (person.user.last_login is None and not person.user.is_staff)
    elsewhere = person.contact_functions.exclude(municipality=contact.municipality_id).exists()
    kinds: list[Any] = [kind for kind in Function.__subclasses__() if kind is not ContactPerson]
    more = any(kind._base_manager.filter(person=person).exists() for kind in kinds)
    return unused and not elsewhere and not more


def is_not_for_colleagues(address: str) -> bool:
    """Whether an address belongs to a blocked account or to staff: the office decides about those."""
    account = User.objects.filter(email=address.lower()).first()
    return account is not None and (account.is_staff or not account.is_active)


def own_confirmation_for(person: Person | None, pk: int) -> Confirmation:
    """Return what she herself was asked; Http404 for anybody else's."""
    return get_object_or_404(Confirmation, pk=pk, contact__in=own_functions(person))


def confirmation_for(token: str) -> Confirmation | None:
    """Return what the personal link asks about; None for a link that leads nowhere.

    Http404 if the person has nothing to answer any more: her function is over, or her body is no member.
    """
    rows = Confirmation.objects.select_related("contact__person", "contact__municipality__profile")
    confirmation = row_for(rows, CONFIRMING, token)
    if confirmation and not own_functions(confirmation.contact.person).filter(pk=confirmation.contact_id).exists():
        raise Http404
    return confirmation


def functions_at(address: str) -> list[ContactPerson]:
    """Return for what the persons of this mailbox answer today; empty for an address that nobody knows."""
    functions = ContactPerson.objects.of_members().filter(person__email__iexact=address)
    return list(functions.select_related("person"))


def _only(contacts: QuerySet[ContactPerson]) -> ContactPerson:
    contact = contacts.first()
    if contact is None:
        raise Http404
    return contact


def persons_acting(user: User) -> list[Person]:
    """Persons for whom a signed-in account acts today: contact persons of members, and of staff whoever it stands for.

    Several share a mailbox and so an account; who of them is sitting there, the session knows (members.middleware).
    """
    persons = user.persons.order_by("sort_key", "pk")
    return list(persons if user.is_staff else persons.with_access())


def persons_losing_access(municipality: Municipality) -> list[Person]:
    """Persons who may sign in for this body and for no other: what leaving means to them."""
    contacts = ContactPerson.objects.filter(not_over(), municipality__in=Municipality.objects.members())
    others = contacts.exclude(municipality=municipality).values("person")
    here = contacts.filter(municipality=municipality).values("person")
    return list(Person.objects.filter(pk__in=here, user__isnull=False).exclude(pk__in=others))


def address_refusal(person: Person, email: str) -> str:
    """Why staff cannot give a stored person this address (German), or "": her account would have to follow."""
    if person.user is None:
        return ""
    if person.user.is_staff:
        return "Bitten Sie die Administration, die Adresse unter „Konten“ zu ändern. Die Person folgt."
    if User.objects.filter(email=email.lower(), is_active=False).exclude(pk=person.user.pk).exists():
        return "Das Konto zu dieser Adresse ist gesperrt. Bitten Sie die Administration, es freizuschalten."
    return ""


def person_for(pk: int, *, erased_too: bool = False) -> Person:
    """Return a person, for staff; Http404 if there is none or, unless wanted, only her number is left."""
    person = Person.objects.select_related("user").filter(pk=pk).first()
    if person is None or (person.is_erased and not erased_too):
        raise Http404
    return person


def merge_refusal(keep: Person, other: Person) -> str:
    """Why the other person cannot become this one (German), or ""."""
    if keep == other:
        return "Wählen Sie zwei verschiedene Personen."
    if keep.is_erased or other.is_erased:
        return "Eine der beiden Personen ist gelöscht."
    if other.user and other.user.is_staff and other.user != keep.user:
        return f"{other} gehört zu den Mitarbeitenden. Führen Sie andersherum zusammen: Diese Person muss bleiben."
    # Who keeps an address and has no account must not sign in with another address from now on.
    if other.user and not keep.user and keep.email and keep.email.lower() != other.user.email:
        return (
            f"{other} meldet sich mit {other.user.email} an. Führen Sie andersherum zusammen, oder tragen Sie diese "
            "Adresse zuerst bei der Person ein, die bleibt."
        )
    return ""


def is_network(user: User) -> bool:
    """Whether the reader belongs to the network: contact person of a member."""
    return user.is_authenticated and user.persons.with_access().exists()


def import_kinds_for(user: User) -> list[ImportKind]:
    """Which lists the account may read in: the offices those of people and members, administrators the register."""
    permission = {ImportKind.DIRECTORY: "members.import_directory"}
    return [kind for kind in ImportKind if user.has_perm(permission.get(kind, "members.import_lists"))]


def import_run_for(user: User, pk: int) -> ImportRun:
    """Return the import with this number, a colleague's, too; Http404 unless the account may read in its kind."""
    run = ImportRun.objects.filter(pk=pk, kind__in=import_kinds_for(user)).first()
    if run is None:
        raise Http404
    return run


@dataclass(frozen=True)
class VisibleContact:
    """What one reader sees of a contact person; an empty field was not released to her."""

    pk: int
    # As cards for address books want it: last name, first name, title.
    name_parts: tuple[str, str, str]
    name: str
    is_deputy: bool
    position: str
    email: str
    phone: str


def contacts_for(user: User, municipality: Municipality) -> list[VisibleContact]:
    """Return today's contacts as this reader may see them, the lead first; nobody without a visible name."""
    allowed = _allowed(user)
    contacts = _contacts().get(municipality.pk, ())
    return [_visible(contact, allowed) for contact in contacts if contact.name_visibility in allowed]


@revision.kept
def _contacts(day: datetime.date) -> Mapping[int, tuple[ContactPerson, ...]]:
    """Today's contacts of all bodies, the lead first; each reader sees of them what she may."""
    rows = ContactPerson.objects.on(day).select_related("person").order_by()
    found: dict[int, tuple[ContactPerson, ...]] = {}
    for row in sorted(rows, key=lambda row: (row.is_deputy, row.person.sort_key)):
        found[row.municipality_id] = (*found.get(row.municipality_id, ()), row)
    return found


def contacts_in_network(user: User) -> list[tuple[Municipality, VisibleContact]]:
    """Return today's contacts of all members as somebody of the network or of the staff may see them, by body.

    For everyone else nobody: what a person released to the public stands on her body's page, but is no directory.
    """
    allowed = _allowed(user)
    if Visibility.NETWORK not in allowed:
        return []
    rows = ContactPerson.objects.of_members().select_related("person", "municipality")
    return [(row.municipality, _visible(row, allowed)) for row in rows if row.name_visibility in allowed]


def network_contact_for(user: User, pk: int) -> tuple[Municipality, VisibleContact]:
    """Return one of `contacts_in_network`; Http404 for whoever may not see her."""
    found = next(((body, who) for body, who in contacts_in_network(user) if who.pk == pk), None)
    if found is None:
        raise Http404
    return found


def _allowed(user: User) -> frozenset[str]:
    if user.is_authenticated and user.has_perm("members.view_person"):
        return frozenset(Visibility.values)
    return frozenset({Visibility.PUBLIC, Visibility.NETWORK} if is_network(user) else {Visibility.PUBLIC})


def _visible(contact: ContactPerson, allowed: frozenset[str]) -> VisibleContact:
    person = contact.person
    return VisibleContact(
        pk=contact.pk,
        name_parts=(person.last_name, person.first_name, person.title),
        name=contact.person.name,
        is_deputy=contact.is_deputy,
        position=contact.position,
        email=contact.person.email if contact.email_visibility in allowed else "",
        phone=contact.person.phone if contact.phone_visibility in allowed else "",
    )


def note_for(user: User, pk: int) -> Note:
    """Return a note to whoever reads notes; Http404 else."""
    note = Note.objects.for_list().filter(pk=pk).first() if user.has_perm("members.view_note") else None
    if note is None:
        raise Http404
    return note


def can_change_note(user: User, note: Note) -> bool:
    """Her own notes: what somebody else wrote down is hers."""
    return user.has_perm("members.change_note") and note.author_id == user.pk


def own_note_for(user: User, pk: int) -> Note:
    """Return a note to its author; Http404 else."""
    note = note_for(user, pk)
    if not can_change_note(user, note):
        raise Http404
    return note


def viewable_person(viewer: User, pk: int) -> Person | None:
    """Return a person through whose eyes this account may look: a contact person of today, never one of the staff."""
    if not viewer.has_perm("netzwerk.view_as_person"):
        return None
    person = Person.objects.select_related("user").filter(pk=pk, user__is_active=True).first()
    if person is None or person.user.is_staff or person not in persons_acting(person.user):
        return None
    return person
