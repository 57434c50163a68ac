"""Mails about a summit: to heads, to their outer offices in copy, to deputies; texts in templates/meetings/emails/."""

from typing import Any

from django.conf import settings
from django.urls import reverse

from core import ical
from core.actions import queue_mail
from core.history import version_of
from core.letters import compose
from core.links import token_for
from core.mailkinds import Attachment, Facts, Letter, MailClass, MailKind
from core.models import OutgoingMail
from meetings import samples
from meetings.access import OWN_PLACE
from meetings.addressees import Addressee, addressees, greeting_at, head_of, words
from meetings.emails import MEETING_OFF, registration_of
from meetings.ical import own_entry
from meetings.models import Answer, Invitation, Registration, Reply
from members.models import HeadOfAdministration, Person

INVITATION, REMINDER, NOTED = "meetings.summit_invitation", "meetings.summit_reminder", "meetings.summit_noted"
DEPUTY, DEPUTY_OFF, CALLED_OFF = "meetings.summit_deputy", "meetings.summit_deputy_off", "meetings.summit_called_off"
CHANGED_DAY, REOPENED = "meetings.summit_changed", "meetings.summit_reopened"
WITHDRAWN = "meetings.summit_withdrawn"

GONE = "Die Einladung ist zurückgezogen, oder die Person hat inzwischen eine andere Adresse."
NOT_IN_OFFICE = "Die Person leitet diese Kommune nicht mehr."
ANSWERED = "Die Antwort liegt inzwischen vor."
CHANGED = "Die Antwort lautet inzwischen anders."


def noted(invitation: Invitation, reply: Reply, *, hold: bool) -> list[OutgoingMail]:
    """Confirm an answer to the head and her outer office; a calendar entry goes with it or is taken out again.

    hold: for a minute, so that what staff noted by mistake goes to nobody.
    """
    version = version_of(Reply, reply.pk)
    return [_queue(NOTED, row.person, row.data | {"version": version}, hold=hold) for row in addressees([invitation])]


def reopened(invitation: Invitation) -> list[OutgoingMail]:
    """Tell who had read a confirmation that it was a mistake; an entry goes out of the head's calendar again."""
    return [_queue(REOPENED, row.person, row.data) for row in addressees([invitation])]


def deputy(registration: Registration, *, hold: bool) -> OutgoingMail | None:
    """Tell a deputy for whom she comes, with her own link and calendar entry; None if she has no address."""
    if not registration.person.email:
        return None
    return _queue(DEPUTY, registration.person, {"registration": registration.pk}, hold=hold)


def deputy_off(registration: Registration) -> OutgoingMail | None:
    """Tell somebody that she is no deputy any more, and take the entry out of her calendar."""
    if not registration.person.email:
        return None
    return _queue(DEPUTY_OFF, registration.person, {"registration": registration.pk})


def withdrawn(registration: Registration) -> OutgoingMail | None:
    """Tell somebody who had accepted that her invitation holds no more, and take the entry out of her calendar."""
    if not registration.person.email:
        return None
    return _queue(WITHDRAWN, registration.person, {"registration": registration.pk})


def _queue(kind: str, person: Person, data: dict[str, Any], *, hold: bool = False) -> OutgoingMail:
    return queue_mail(
        kind, to_address=person.email, to_name=person.name, recipient_key=person.key, data=data, hold=hold
    )


# --- what they say ------------------------------------------------------------------------------------------------


def facts(addressee: Addressee, head: HeadOfAdministration | None) -> Facts:
    invitation = addressee.invitation
    context = {
        "meeting": invitation.meeting,
        "invitation": invitation,
        "copy_for": invitation.person if addressee.copy else None,
        "office_title": head.office_title if head else "",
        "answer_url": addressee.answer_url,
        "reply": getattr(invitation, "reply", None),
    }
    return Facts(context, words(addressee, head))


def _place_facts(registration: Registration) -> Facts:
    reply = getattr(registration, "reply", None)
    meeting = registration.meeting
    own = settings.SITE_URL + reverse("registration", args=[token_for(registration, OWN_PLACE)])
    context = {"meeting": meeting, "registration": registration, "reply": reply, "own_url": own}
    wording = {
        "anrede": greeting_at(registration),
        "termin": meeting.title,
        "wann": meeting.when,
        "kommune": registration.body_name,
    }
    return Facts(context, wording)


def _addressee(mail: OutgoingMail) -> Addressee | None:
    """Whom a mail reaches, if the mailbox is still hers and the invitation stands."""
    rows = Invitation.objects.sent().for_summit()
    invitation = rows.filter(pk=mail.data["invitation"]).first()
    if invitation is None:
        return None
    copies = invitation.copies.holding().select_related("person")
    copy = copies.filter(pk=mail.data["copy"]).first() if mail.data["copy"] else None
    if mail.data["copy"] and copy is None:
        return None
    found = Addressee(invitation, copy)
    return found if found.person.email.lower() == mail.to_address.lower() else None


def _refuse(mail: OutgoingMail) -> str:
    found = _addressee(mail)
    if found is None:
        return GONE
    if not found.invitation.in_office:  # type: ignore[attr-defined]
        return NOT_IN_OFFICE
    if found.invitation.meeting.is_cancelled:
        return MEETING_OFF
    return ANSWERED if getattr(found.invitation, "reply", None) else ""


def _refuse_noted(mail: OutgoingMail) -> str:
    found = _addressee(mail)
    reply = getattr(found.invitation, "reply", None) if found else None
    if found is None:
        return GONE
    if reply is None or version_of(Reply, reply.pk) != mail.data["version"]:
        return CHANGED
    return MEETING_OFF if found.invitation.meeting.is_cancelled else ""


def _refuse_changed(mail: OutgoingMail) -> str:
    found = _addressee(mail)
    if found is None:
        return GONE
    return MEETING_OFF if found.invitation.meeting.is_cancelled else ""


def _refuse_called_off(mail: OutgoingMail) -> str:
    return "" if _addressee(mail) else GONE


def _render(mail: OutgoingMail) -> Letter:
    found = _addressee(mail)
    assert found is not None  # noqa: S101 - `refuse` has just found it
    return compose(mail.kind, facts(found, head_of(found.invitation)), attachments=_entry(mail, found))


def _entry(mail: OutgoingMail, found: Addressee) -> tuple[Attachment, ...]:
    """The head's calendar entry: with her acceptance, and to take it out when she does not come after all."""
    reply = getattr(found.invitation, "reply", None)
    with_entry = mail.kind == REOPENED if reply is None else mail.kind in (NOTED, CALLED_OFF, CHANGED_DAY)
    if not with_entry:
        return ()
    rows = found.invitation.meeting.registrations.select_related("person", "meeting__host")
    hers = rows.filter(person=found.invitation.person_id).first()
    comes = reply is not None and reply.answer == Answer.COMES
    if hers is None or comes != hers.is_active:
        return ()
    return (ical.attached(own_entry(hers, in_mail=True)),)


def _refuse_place(mail: OutgoingMail, *, active: bool) -> str:
    row = registration_of(mail)
    if row is None:
        return GONE
    if row.meeting.is_cancelled:
        return MEETING_OFF
    return "" if row.is_active == active else CHANGED


def _render_place(mail: OutgoingMail) -> Letter:
    row = registration_of(mail)
    assert row is not None  # noqa: S101 - `refuse` has just found it
    return compose(mail.kind, _place_facts(row), attachments=(ical.attached(own_entry(row, in_mail=True)),))


# --- the kinds ----------------------------------------------------------------------------------------------------

_PLACEHOLDERS = {
    "anrede": "Anrede: „Sehr geehrte Frau Bürgermeisterin“",
    "termin": "Titel des Termins",
    "wann": "Tag und Uhrzeit",
    "ort": "Haus, Straße und Ort",
    "frist": "Tag, bis zu dem Sie um Antwort bitten",
}
_PLACE_WORDS = {
    "anrede": "Anrede",
    "termin": "Titel des Termins",
    "wann": "Tag und Uhrzeit",
    "kommune": "Kommune, für die sie kommt",
}


def _sample() -> Facts:
    invitation, head = samples.summit()
    return facts(Addressee(invitation), head)


def _kind(key: str, name: str, when: str, to_whom: str, **options: Any) -> MailKind:
    usual = {"render": _render, "refuse": _refuse, "sample": _sample, "placeholders": _PLACEHOLDERS}
    values: dict[str, Any] = {**usual, **options}
    return MailKind(key=key, name=name, when=when, to_whom=to_whom, mail_class=MailClass.BUSINESS, **values)


KINDS = (
    _kind(
        INVITATION,
        "Spitzentreffen: Einladung",
        "wenn die Geschäftsstelle einlädt, nach einer Minute zum Zurücknehmen; derselbe Wortlaut steht im Brief",
        "die ausgewählten Verwaltungsspitzen, ihr Vorzimmer in Kopie",
    ),
    _kind(
        REMINDER,
        "Spitzentreffen: Erinnerung",
        "wenn die Geschäftsstelle an die Antwort erinnert, nach einer Minute zum Zurücknehmen",
        "die ausgewählten Verwaltungsspitzen ohne Antwort, ihr Vorzimmer in Kopie",
    ),
    _kind(
        NOTED,
        "Spitzentreffen: Antwort bestätigt",
        "sofort nach der Antwort; nach einer Minute, wenn die Geschäftsstelle sie eingetragen hat",
        "die eingeladene Person und ihr Vorzimmer; bei einer Zusage mit Kalendereintrag",
        refuse=_refuse_noted,
        sample=lambda: facts(Addressee(samples.summit_reply().invitation), samples.summit()[1]),
    ),
    _kind(
        REOPENED,
        "Spitzentreffen: Antwort zurückgenommen",
        "sofort, wenn die Geschäftsstelle eine Antwort zurücknimmt, die schon bestätigt war, und keine frühere gilt",
        "die eingeladene Person und ihr Vorzimmer; nach einer Zusage verschwindet der Kalendereintrag",
    ),
    _kind(
        DEPUTY,
        "Spitzentreffen: Sie vertreten Ihre Kommune",
        "sofort, wenn eine Verwaltungsspitze sie als Vertretung nennt",
        "die Vertretung, mit eigenem Link und Kalendereintrag",
        render=_render_place,
        refuse=lambda mail: _refuse_place(mail, active=True),
        sample=lambda: _place_facts(samples.deputy()),
        placeholders=_PLACE_WORDS,
    ),
    _kind(
        DEPUTY_OFF,
        "Spitzentreffen: Vertretung nicht mehr nötig",
        "sofort, wenn jemand anderes kommt oder niemand",
        "die bisherige Vertretung; der Kalendereintrag verschwindet",
        render=_render_place,
        refuse=lambda mail: _refuse_place(mail, active=False),
        sample=lambda: _place_facts(samples.deputy()),
        placeholders=_PLACE_WORDS,
    ),
    _kind(
        WITHDRAWN,
        "Spitzentreffen: Einladung zurückgezogen",
        "sofort, wenn die Geschäftsstelle eine Einladung zurückzieht, deren Zusage schon bestätigt war",
        "die Person, die zugesagt hatte; der Kalendereintrag verschwindet",
        render=_render_place,
        refuse=lambda mail: _refuse_place(mail, active=False),
        sample=lambda: _place_facts(samples.deputy()),
        placeholders=_PLACE_WORDS,
    ),
    _kind(
        CHANGED_DAY,
        "Spitzentreffen geändert",
        "wenn die Geschäftsstelle Zeit oder Ort ändert und es mitteilt",
        "alle Eingeladenen, die nicht selbst abgesagt haben, und ihr Vorzimmer; bei einer Zusage mit Kalendereintrag",
        refuse=_refuse_changed,
    ),
    _kind(
        CALLED_OFF,
        "Spitzentreffen abgesagt",
        "wenn die Geschäftsstelle das Spitzentreffen absagt",
        "alle Eingeladenen, die nicht selbst abgesagt haben, und ihr Vorzimmer",
        refuse=_refuse_called_off,
    ),
)
