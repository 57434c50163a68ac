"""Mails about meetings and places; their texts lie in templates/meetings/emails/."""

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from django.conf import settings
from django.urls import reverse

from core import ical
from core.actions import Recipient, queue_mail
from core.letters import compose
from core.links import token_for
from core.mailkinds import Facts, Letter, MailClass, MailKind
from core.models import OutgoingMail
from meetings import samples
from meetings.access import ANSWERING, OWN_PLACE
from meetings.addressees import greeting_at
from meetings.ical import own_entry
from meetings.models import Documentation, Invitation, Meeting, Registration, RegistrationState
from meetings.models.registrations import CONCERNED
from members.models import Person

INVITATION, CHANGED, CALLED_OFF = "meetings.invitation", "meetings.changed", "meetings.called_off"
WEEK_BEFORE, DAY_BEFORE, THANKS = "meetings.reminder_week", "meetings.reminder_day", "meetings.thanks"

OTHER_ADDRESS = "Die Person hat inzwischen eine andere Adresse oder ist gelöscht."
MEETING_OFF = "Der Termin ist inzwischen abgesagt."
NOT_ANY_MORE = "Die Anmeldung steht inzwischen anders."


# --- one mail about one registration ------------------------------------------------------------------------------


def guest_confirmation(registration: Registration) -> OutgoingMail | None:
    """Asks a guest to confirm her address; bears her personal link."""
    return _queue("meetings.guest_confirmation", registration)


def registered(registration: Registration) -> OutgoingMail | None:
    """Confirms a place, with the entry for the calendar and the way to cancel."""
    return _queue("meetings.registered", registration)


def waiting(registration: Registration) -> OutgoingMail | None:
    """Says that all places are taken, and which number of the waiting list she has."""
    return _queue("meetings.waiting", registration)


def moved_up(registration: Registration) -> OutgoingMail | None:
    """Says to who waited that she has a place, and how to give it back."""
    return _queue("meetings.moved_up", registration)


def offered(registration: Registration) -> OutgoingMail | None:
    """Offers a place that became free late, until when."""
    return _queue("meetings.offered", registration)


def offer_lapsed(registration: Registration) -> OutgoingMail | None:
    """Says that nobody answered to the offer in time, and how she may still come."""
    return _queue("meetings.offer_lapsed", registration)


def unregistered(registration: Registration) -> OutgoingMail | None:
    """Confirms that somebody does not come, and takes the entry out of her calendar."""
    return _queue("meetings.unregistered", registration)


def recipients(registrations: Iterable[Registration]) -> list[Recipient]:
    """Return those of a batch about their registrations; who has no address is told by the office."""
    return [
        Recipient(row.person.key, row.person.email, row.person.name, {"registration": row.pk})
        for row in registrations
        if row.person.email
    ]


def invitation_recipient(invitation: Invitation, data: dict[str, Any]) -> Recipient:
    """Return an invited person as part of the batch. data: what the mail needs besides."""
    person = invitation.person
    return Recipient(person.key, person.email, person.name, {**data, "invitation": invitation.pk})


def _queue(kind: str, registration: Registration) -> OutgoingMail | None:
    person = registration.person
    if not person.email:
        return None
    data = {"registration": registration.pk}
    return queue_mail(kind, to_address=person.email, to_name=person.name, recipient_key=person.key, data=data)


# --- what they say ------------------------------------------------------------------------------------------------


def _facts(registration: Registration) -> Facts:
    meeting = registration.meeting
    own = f"{settings.SITE_URL}{reverse('registration', args=[token_for(registration, OWN_PLACE)])}"
    context = {
        "registration": registration,
        "meeting": meeting,
        "own_url": own,
        # A sample is not stored and so has neither.
        "given": registration.given_items if registration.pk else [],
        "line": registration.place_in_line if registration.pk and registration.is_waiting else registration.number,
        "documentation_url": _documentation_url(meeting),
        "link": meeting.online_link if registration.mode == "online" and registration.has_place else "",
    }
    words = _words(registration.person, meeting)
    return Facts(context, words | {"anrede": greeting_at(registration)})


def _documentation_url(meeting: Meeting) -> str:
    """Where the meeting's documentation is; "" as long as there is none."""
    if not Documentation.objects.filter(meeting_id=meeting.pk, published_at__isnull=False).exists():
        return ""
    return f"{settings.SITE_URL}{reverse('documentation', args=[meeting.year, meeting.slug])}"


def _words(person: Person, meeting: Any) -> dict[str, str]:
    names = {"name": person.name, "anrede": f"Guten Tag {person.name}"}
    return names | {"termin": meeting.title, "wann": meeting.when, "art": meeting.get_kind_display()}


def invitation_facts(invitation: Invitation) -> Facts:
    """Return what an invitation tells, with the links that answer in the name of the person."""
    token = token_for(invitation, ANSWERING)
    context = {
        "meeting": invitation.meeting,
        "answer_url": f"{settings.SITE_URL}{reverse('invitation', args=[token])}",
        "decline_url": f"{settings.SITE_URL}{reverse('decline_invitation', args=[token])}",
    }
    return Facts(context, _words(invitation.person, invitation.meeting))


def registration_of(mail: OutgoingMail) -> Registration | None:
    """Return the registration that a mail is about, if the mailbox is still the person's."""
    rows = Registration.objects.select_related(
        "meeting__host", "person", "municipality", "reply__invitation__person"
    ).prefetch_related("choices__given")
    return rows.filter(pk=mail.data["registration"], person__email__iexact=mail.to_address).first()


def _render(mail: OutgoingMail, *, with_entry: bool = False) -> Letter:
    registration = registration_of(mail)
    assert registration is not None  # noqa: S101 - `refuse` has just found it
    files = (ical.attached(own_entry(registration, in_mail=True)),) if with_entry else ()
    return compose(mail.kind, _facts(registration), attachments=files)


def _refuse(mail: OutgoingMail, *, states: tuple[str, ...], off: bool | None = False) -> str:
    """Why a mail about a registration is out of date. off: whether the meeting must be called off; None: either."""
    registration = registration_of(mail)
    if registration is None:
        return OTHER_ADDRESS
    if off is False and registration.meeting.is_cancelled:
        return MEETING_OFF
    return "" if registration.state in states else NOT_ANY_MORE


def _refuse_offer(mail: OutgoingMail) -> str:
    registration = registration_of(mail)
    late = registration is not None and registration.offer_is_over
    return NOT_ANY_MORE if late else _refuse(mail, states=(RegistrationState.OFFERED,))


def invitation_of(mail: OutgoingMail) -> Invitation | None:
    """Return the invitation whose links a mail bears, if the mailbox is still the person's."""
    rows = Invitation.objects.select_related("meeting__host", "person")
    return rows.filter(pk=mail.data["invitation"], person__email__iexact=mail.to_address).first()


def _render_invitation(mail: OutgoingMail) -> Letter:
    invitation = invitation_of(mail)
    assert invitation is not None  # noqa: S101 - `refuse` has just found it
    return compose(mail.kind, invitation_facts(invitation))


def refuse_invitation(mail: OutgoingMail) -> str:
    """Why a mail with an invitation must not go out any more; "" if it may."""
    invitation = invitation_of(mail)
    if invitation is None:
        return OTHER_ADDRESS
    if invitation.meeting.is_cancelled:
        return MEETING_OFF
    unanswered = Invitation.objects.unanswered().filter(pk=invitation.pk).exists()
    return "" if unanswered else "Die Person hat inzwischen geantwortet."


# --- the kinds ----------------------------------------------------------------------------------------------------

_PLACEHOLDERS = {
    "anrede": "Anrede, einer Verwaltungsspitze beim Spitzentreffen mit ihrem Amt",
    "name": "Name der Person",
    "termin": "Titel des Termins",
    "wann": "Tag und Uhrzeit",
    "art": "Art des Termins",
}
_HAS_PLACE = (RegistrationState.REGISTERED,)


def _kind(
    key: str,
    name: str,
    when: str,
    to_whom: str,
    *,
    states: tuple[str, ...],
    off: bool | None = False,
    with_entry: bool = False,
    refuse: Callable[[OutgoingMail], str] | None = None,
    optional: bool = False,
) -> MailKind:
    return MailKind(
        key=key,
        name=name,
        when=when,
        to_whom=to_whom,
        mail_class=MailClass.BUSINESS,
        render=partial(_render, with_entry=with_entry),
        refuse=refuse or partial(_refuse, states=states, off=off),
        sample=lambda: _facts(samples.registration(states[0])),
        placeholders=_PLACEHOLDERS,
        optional=optional,
    )


KINDS = (
    MailKind(
        key=INVITATION,
        name="Einladung zu einem Termin",
        when="wenn die Geschäftsstelle einlädt, nach einer Minute zum Zurücknehmen",
        to_whom="die ausgewählten Personen",
        mail_class=MailClass.BUSINESS,
        render=_render_invitation,
        refuse=refuse_invitation,
        sample=lambda: invitation_facts(samples.invitation()),
        placeholders=_PLACEHOLDERS,
    ),
    _kind(
        "meetings.guest_confirmation",
        "Anmeldung bestätigen",
        "sofort, wenn sich ein Gast anmeldet",
        "der Gast, an die eingegebene Adresse",
        # Somebody who is in the list already may ask again: the link shows her how things stand.
        states=(RegistrationState.UNCONFIRMED, *CONCERNED),
    ),
    _kind(
        "meetings.registered",
        "Anmeldung: Sie haben einen Platz",
        "sofort nach der Anmeldung, der Annahme eines Platzes oder dem Wechsel zwischen vor Ort und online",
        "die angemeldete Person, mit Kalendereintrag",
        states=_HAS_PLACE,
        with_entry=True,
    ),
    _kind(
        "meetings.waiting",
        "Anmeldung: Warteliste",
        "sofort nach der Anmeldung oder dem Wechsel zwischen vor Ort und online, wenn kein Platz frei ist",
        "die angemeldete Person",
        states=(RegistrationState.WAITING,),
    ),
    _kind(
        "meetings.moved_up",
        "Aufgerückt: Sie haben einen Platz",
        "sofort, wenn ein Platz frei wird",
        "die nächste Person der Warteliste, mit Kalendereintrag",
        states=_HAS_PLACE,
        with_entry=True,
    ),
    _kind(
        "meetings.offered",
        "Platz angeboten",
        "sofort, wenn kurz vor dem Termin ein Platz frei wird",
        "die nächste Person der Warteliste",
        states=(RegistrationState.OFFERED,),
        refuse=_refuse_offer,
    ),
    _kind(
        "meetings.offer_lapsed",
        "Platz nicht angenommen",
        "sofort, wenn die Frist für einen angebotenen Platz vorbei ist und der Termin noch nicht begonnen hat",
        "die Person, die nicht geantwortet hat",
        states=(RegistrationState.CANCELLED,),
    ),
    _kind(
        "meetings.unregistered",
        "Abmeldung bestätigt",
        "sofort nach der Absage einer Person",
        "diese Person; der Kalendereintrag verschwindet",
        states=(RegistrationState.CANCELLED,),
        off=None,
        with_entry=True,
    ),
    _kind(
        CHANGED,
        "Termin geändert",
        "wenn die Geschäftsstelle Zeit oder Ort ändert und es mitteilt",
        "alle mit Platz oder auf der Warteliste, mit neuem Kalendereintrag",
        states=CONCERNED,
        with_entry=True,
    ),
    _kind(
        CALLED_OFF,
        "Termin abgesagt",
        "wenn die Geschäftsstelle einen Termin absagt",
        "alle mit Platz oder auf der Warteliste; der Kalendereintrag verschwindet",
        states=CONCERNED,
        off=None,
        with_entry=True,
    ),
    _kind(
        WEEK_BEFORE,
        "Erinnerung eine Woche vorher",
        "sieben Tage vor dem Termin um 9 Uhr",
        "alle mit Platz",
        states=_HAS_PLACE,
        optional=True,
    ),
    _kind(
        DAY_BEFORE,
        "Erinnerung am Tag vorher",
        "am Tag vor dem Termin um 9 Uhr",
        "alle mit Platz",
        states=_HAS_PLACE,
        with_entry=True,
        optional=True,
    ),
    _kind(
        THANKS,
        "Dank nach dem Termin",
        "wenn die Geschäftsstelle nach dem Termin dankt",
        "alle, die anwesend waren",
        states=_HAS_PLACE,
        optional=True,
    ),
)
