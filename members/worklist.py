"""What bodies and contact persons ask of the office. The lists of the back office filter by the same questions."""

import datetime
from collections.abc import Iterable

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.text import Truncator

from core.dates import long_date, today
from core.models import Bounce
from core.worklist import DO, RUNNING, Line, counted, list_url, one_by_one
from members.models import (
    Confirmation,
    ContactPerson,
    Hint,
    Municipality,
    Note,
    Profile,
    ProfileDraft,
)
from users.models import User

# "Stimmt noch?" is asked twice a year; who has let two rounds pass is called.
STALE_AFTER = datetime.timedelta(days=365)
# So long an invitation may lie in a mailbox before somebody asks whether it arrived.
INVITATION_OVERDUE = datetime.timedelta(days=14)


def without_contact() -> QuerySet[Municipality]:
    """Members for which nobody answers today."""
    return Municipality.objects.members().exclude(pk__in=ContactPerson.objects.on().values("municipality"))


def without_profile() -> QuerySet[Municipality]:
    """Members that have never filled in a profile."""
    return Municipality.objects.members().filter(profile=None)


def with_stale_profile() -> QuerySet[Municipality]:
    """Members whose profile nobody has confirmed for a year."""
    old = Q(profile__confirmed_on=None) | Q(profile__confirmed_on__lt=today() - STALE_AFTER)
    return Municipality.objects.members().filter(old, profile__isnull=False)


def without_access() -> QuerySet[ContactPerson]:
    """Contact persons of members who cannot sign in."""
    return ContactPerson.objects.of_members().filter(person__user=None)


def with_unanswered_invitation() -> QuerySet[ContactPerson]:
    """Contact persons of members who were invited two weeks ago and have never signed in."""
    overdue = timezone.now() - INVITATION_OVERDUE
    invitation = "person__user__access_invitation__"
    return ContactPerson.objects.of_members().filter(
        **{f"{invitation}accepted_at": None, f"{invitation}sent_at__lt": overdue}
    )


def unreachable() -> QuerySet[Confirmation]:
    """Contact persons whom "Stimmt noch?" did not reach, and whose body has not answered otherwise."""
    return Confirmation.objects.current().unreachable()


def without_answer() -> QuerySet[Confirmation]:
    """Contact persons whose body let the last round of "Stimmt noch?" pass."""
    return Confirmation.objects.current().unanswered()


def changed_profiles() -> QuerySet[Profile]:
    """Profiles that their bodies changed and nobody of the office has looked at since."""
    return Profile.objects.unreviewed()


def lines_for_contact(functions: list[ContactPerson], bodies: list[Municipality]) -> list[Line]:
    """What a contact person has to do: name who follows her, confirm what is stored, publish her draft, fill gaps.

    functions: what she is today (access.own_functions); bodies: those of them (access.own_bodies).
    """
    drafts = ProfileDraft.objects.filter(
        person__in=[function.person_id for function in functions], municipality__in=bodies
    )
    return [
        *(_unfollowed(function) for function in _leaving_alone(functions)),
        *(_question(row) for row in _asked(functions)),
        *(_draft(draft) for draft in drafts.select_related("municipality")),
        *(_gaps(body) for body in bodies if _missing(body)),
    ]


def _leaving_alone(functions: list[ContactPerson]) -> Iterable[ContactPerson]:
    """Those with a last day after which nobody answers for the body."""
    leaving = [function.pk for function in functions if function.ended_on]
    if not leaving:
        return ()
    others = ContactPerson.objects.filter(municipality=OuterRef("municipality")).exclude(pk=OuterRef("pk"))
    staying = others.filter(Q(ended_on=None) | Q(ended_on__gt=OuterRef("ended_on")))
    return ContactPerson.objects.filter(~Exists(staying), pk__in=leaving).select_related("municipality")


def _asked(functions: list[ContactPerson]) -> Iterable[Confirmation]:
    """What "Stimmt noch?" waits for. Most of the year it asks nobody, so the short question goes first."""
    asked = Confirmation.objects.filter(contact__in=functions)
    if not asked.lasting().exists():
        return ()
    return asked.current().waiting().select_related("contact__municipality")


def _unfollowed(function: ContactPerson) -> Line:
    text = f"Ihr letzter Tag für {function.municipality} ist der {long_date(function.ended_on)}, niemand folgt"
    return Line(DO, text, "Nachfolge nennen", reverse("give_up", args=[function.pk]))


def _question(asked: Confirmation) -> Line:
    text = f"„Stimmt noch?“: Ihre Angaben und die von {asked.contact.municipality}"
    url = reverse("own_confirmation", args=[asked.pk])
    return Line(DO, text, "Ansehen und bestätigen", url, since=timezone.localdate(asked.asked_at))


def _draft(draft: ProfileDraft) -> Line:
    text = f"Ihr Entwurf für das Profil von {draft.municipality} ist noch nicht veröffentlicht"
    url = reverse("own_profile", args=[draft.municipality.slug])
    return Line(DO, text, "Weiter bearbeiten", url, since=timezone.localdate(draft.saved_at))


def _gaps(body: Municipality) -> Line:
    count = _missing(body)
    gaps = "fehlt eine Angabe" if count == 1 else f"fehlen {count} Angaben"
    return Line(DO, f"Im Profil von {body} {gaps}", "Ergänzen", reverse("own_profile", args=[body.slug]))


def _missing(body: Municipality) -> int:
    """How many questions of the profile have no answer; of one that nobody began, all."""
    profile = getattr(body, "profile", None) or Profile()
    return len(profile.missing)


def lines_for(user: User) -> list[Line]:
    parts = (_of_notes, _of_hints, _of_profiles, _of_bodies, _of_contacts, _of_stopped_addresses, _of_confirmations)
    return [line for part in parts for line in part(user)]


def with_stopped_address() -> QuerySet[ContactPerson]:
    """Contact persons of members whom no e-mail has reached for some time, so that the portal sends none."""
    return ContactPerson.objects.of_members().filter(person__email__in=Bounce.objects.stopped_addresses())


def _of_stopped_addresses(user: User) -> list[Line]:
    """Each is a telephone call."""
    if not (user.has_perm("members.view_contactperson") and user.has_perm("core.view_bounce")):
        return []
    return one_by_one(
        with_stopped_address().select_related("person", "municipality").order_by("person__sort_key", "pk"),
        _unreached,
        one="weitere Ansprechperson ist per E-Mail nicht erreichbar",
        many="weitere Ansprechpersonen sind per E-Mail nicht erreichbar",
        url=list_url("members_contactperson", erreichbar="nein"),
    )


def _unreached(contact: ContactPerson) -> Line:
    phone = f"Telefon {contact.person.phone}" if contact.person.phone else "keine Telefonnummer bekannt"
    text = f"{contact.person.name} ({contact.municipality}) ist per E-Mail nicht erreichbar, {phone}"
    return Line(DO, text, "Anrufen und klären", reverse("dossier", args=[contact.municipality.slug]))


def _of_notes(user: User) -> list[Line]:
    """Due notes, each to be done here."""
    if not user.has_perm("members.change_note"):
        return []
    return one_by_one(
        Note.objects.due().for_list(),
        _follow_up,
        one="weitere fällige Wiedervorlage",
        many="weitere fällige Wiedervorlagen",
        url=list_url("members_note", wiedervorlage="faellig"),
    )


def _follow_up(note: Note) -> Line:
    return Line(
        DO,
        f"{note.municipality}: {Truncator(' '.join(note.text.split())).chars(120)}",
        "Erledigt",
        reverse("finish_note", args=[note.pk]),
        since=note.follow_up_on,
        acts=True,
        about=f"{reverse('dossier', args=[note.municipality.slug])}#notiz-{note.pk}",
    )


def _of_hints(user: User) -> list[Line]:
    """Hints of visitors."""
    if not user.has_perm("members.change_hint"):
        return []
    return one_by_one(
        Hint.objects.open().select_related("municipality").order_by("created_at"),
        _hint,
        one="weiterer Hinweis",
        many="weitere Hinweise",
        url=list_url("members_hint", done_at__isempty="1"),
    )


def _hint(hint: Hint) -> Line:
    return Line(
        DO,
        f"Hinweis zu {hint.municipality}: {Truncator(' '.join(hint.text.split())).chars(120)}",
        "Erledigt",
        reverse("settle_hint", args=[hint.pk]),
        since=timezone.localdate(hint.created_at),
        acts=True,
        about=f"{reverse('dossier', args=[hint.municipality.slug])}#hinweise",
    )


def _of_profiles(user: User) -> list[Line]:
    """Profiles that bodies changed themselves."""
    if not user.has_perm("members.change_profile"):
        return []
    return one_by_one(
        changed_profiles().select_related("municipality").order_by("changed_at"),
        _changed,
        one="weiteres geändertes Profil",
        many="weitere geänderte Profile",
        url=list_url("members_profile", aenderung="neu"),
    )


def _changed(profile: Profile) -> Line:
    url = reverse("profile_changes", args=[profile.municipality.slug])
    text = f"{profile.municipality} hat das eigene Profil geändert"
    return Line(DO, text, "Ansehen", url, since=timezone.localdate(profile.changed_at))


def _of_bodies(user: User) -> list[Line]:
    if not user.has_perm("members.view_municipality"):
        return []
    bodies = "members_municipality"
    return [
        *counted(
            DO,
            without_contact(),
            "Mitglied ohne Ansprechperson",
            "Mitglieder ohne Ansprechperson",
            label="Ansprechperson klären",
            url=list_url(bodies, luecke="ansprechperson"),
        ),
        *counted(
            DO,
            with_stale_profile(),
            "Profil, das seit einem Jahr niemand bestätigt hat",
            "Profile, die seit einem Jahr niemand bestätigt hat",
            label="Nachfragen",
            url=list_url(bodies, luecke="stand"),
            since="profile__confirmed_on",
        ),
        *counted(
            DO,
            without_profile(),
            "Mitglied ohne Profil",
            "Mitglieder ohne Profil",
            label="Um Angaben bitten",
            url=list_url(bodies, luecke="profil"),
        ),
    ]


def _of_contacts(user: User) -> list[Line]:
    if not user.has_perm("members.give_access"):
        return []
    contacts = "members_contactperson"
    return [
        *counted(
            DO,
            without_access(),
            "Ansprechperson ohne Zugang",
            "Ansprechpersonen ohne Zugang",
            label="Zugang geben",
            url=list_url(contacts, zugang="ohne"),
        ),
        *counted(
            DO,
            with_unanswered_invitation(),
            "Ansprechperson, die ihre Einladung nicht angenommen hat",
            "Ansprechpersonen, die ihre Einladung nicht angenommen haben",
            label="Nachfragen",
            url=list_url(contacts, zugang="eingeladen"),
            since="person__user__access_invitation__sent_at",
        ),
    ]


def _of_confirmations(user: User) -> list[Line]:
    if not user.has_perm("members.view_confirmation"):
        return []
    asked = "members_confirmation"
    return [
        *counted(
            DO,
            unreachable(),
            "Ansprechperson, die „Stimmt noch?“ nicht erreicht hat",
            "Ansprechpersonen, die „Stimmt noch?“ nicht erreicht hat",
            label="Anrufen",
            url=list_url(asked, stand="unerreichbar"),
            since="asked_at",
        ),
        *counted(
            DO,
            without_answer(),
            "Ansprechperson ohne Antwort auf „Stimmt noch?“",
            "Ansprechpersonen ohne Antwort auf „Stimmt noch?“",
            label="Nachfragen",
            url=list_url(asked, stand="stumm"),
            since="asked_at",
        ),
        *counted(
            RUNNING,
            Confirmation.objects.current().waiting(),
            "Ansprechperson, deren Antwort auf „Stimmt noch?“ aussteht",
            "Ansprechpersonen, deren Antwort auf „Stimmt noch?“ aussteht",
            label="Ansehen",
            url=list_url(asked, stand="offen"),
            since="asked_at",
        ),
    ]
