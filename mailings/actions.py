"""Verbs of writing: begin, save, enclose a file, copy, try out, hand over to a colleague, go back, throw away."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone

from core.mailtexts import wording_of
from core.models import OutgoingMail
from core.uploads import NewFile, save_with_file
from mailings import blocks, emails
from mailings.models import Archive, EnclosedFile, Group, Mailing, MailingState
from meetings.emails import INVITATION
from meetings.models import Meeting
from members.models import Person
from users.models import User

RELEASED = "Die E-Mail ist schon freigegeben. Laden Sie die Seite neu."
GREETING = "Guten Tag {name},\n\n"


@transaction.atomic
def write(*, by: User, **values: Any) -> Mailing:
    """Begin a mailing. values: fields of the model."""
    mailing = Mailing(**{"text": GREETING, "groups": [Group.CONTACTS, Group.DEPUTIES], **values})
    mailing.author = by
    mailing.save()
    return mailing


@transaction.atomic
def write_invitation(meeting: Meeting, *, by: User) -> Mailing:
    """Begin the invitation to a meeting, or go on with the one that somebody has begun.

    Its words are those of the last invitation to a meeting of this kind, else the portal's own; date and place come
    from the meeting.
    """
    begun = Mailing.objects.filter(invites_to=meeting, state__in=[MailingState.DRAFT, MailingState.SUBMITTED])
    if known := begun.order_by("-changed_at").first():
        return known
    return write(
        subject=f"Einladung: {meeting.title}, {meeting.when}"[:150],
        text=_invitation_text(meeting),
        archive=Archive.NOBODY,
        invites_to=meeting,
        by=by,
    )


def _invitation_text(meeting: Meeting) -> str:
    own = blocks.meeting_block(meeting)
    last = Mailing.objects.sent().filter(invites_to__kind=meeting.kind).select_related("invites_to")
    model = last.order_by("-released_at").first()
    if model and model.invites_to:
        before = blocks.meeting_block(model.invites_to)
        if before in model.text:
            return model.text.replace(before, own)
    words = {"termin": meeting.title, "wann": meeting.when, "art": meeting.get_kind_display(), "name": "{name}"}
    opening = wording_of(INVITATION).opening
    for name, word in words.items():
        opening = opening.replace(f"{{{name}}}", word)
    return f"{opening}\n\n{own}"


def locked(mailing: Mailing) -> Mailing:
    """Return the mailing as it is now, held until the end of the transaction."""
    return Mailing.objects.select_for_update(of=("self",)).select_related("invites_to", "meeting").get(pk=mailing.pk)


@transaction.atomic
def change(mailing: Mailing, values: Mapping[str, Any], *, by: User) -> Mailing:
    """Store what somebody typed, by field name; she is its author now. What changes nothing leaves no trace.

    "added" and "left_out" take persons. ValidationError (German) once it is released.
    """
    mailing = locked(mailing)
    if not mailing.can_be_changed:
        raise ValidationError(RELEASED)
    many = {name: values[name] for name in ("added", "left_out") if name in values}
    fields = {name: value for name, value in values.items() if name not in many}
    different = {name: value for name, value in fields.items() if getattr(mailing, name) != value}
    moved = [name for name, persons in many.items() if _keys(getattr(mailing, name).all()) != _keys(persons)]
    if not different and not moved:
        return mailing
    for name, value in different.items():
        setattr(mailing, name, value)
    if mailing.is_submitted and not (mailing.subject and mailing.text):
        raise ValidationError("Geben Sie Betreff und Text ein: Die E-Mail wartet schon auf Freigabe.")
    for name in moved:
        getattr(mailing, name).set(many[name])
    mailing.author, mailing.changed_at = by, timezone.now()
    mailing.save()
    return mailing


def _keys(persons: Iterable[Person]) -> set[int]:
    return {person.pk for person in persons}


@transaction.atomic
def enclose(mailing: Mailing, new: NewFile, *, by: User) -> EnclosedFile:
    """Let a file go along, in place of the one before. ValidationError (German) once released, or without room."""
    mailing = _without_file(mailing, by)
    row = EnclosedFile(mailing=mailing, name=new.name, content_type=new.content_type, size=len(new.data))
    row.file = ContentFile(new.data, new.name)
    save_with_file(row)
    return row


@transaction.atomic
def remove_file(mailing: Mailing, *, by: User) -> None:
    """Let no file go along any more; without one do nothing. ValidationError (German) once it is released."""
    if EnclosedFile.objects.filter(mailing=mailing).exists():
        _without_file(mailing, by)


def _without_file(mailing: Mailing, by: User) -> Mailing:
    """Hold the mailing and take its file out; who has read it before reads it again."""
    mailing = locked(mailing)
    if not mailing.can_be_changed:
        raise ValidationError(RELEASED)
    if old := mailing.enclosed_file:
        old.delete()
    mailing.author, mailing.changed_at = by, timezone.now()
    mailing.save()
    return mailing


@transaction.atomic
def copy(mailing: Mailing, *, by: User) -> Mailing:
    """Begin a new one with text and audience of this one; an invitation only as long as its meeting takes people.

    Its file stays behind: last year's programme in this year's invitation is noticed too late.
    """
    facts = {name: getattr(mailing, name) for name in (*Mailing.FACTS, "subject", "text", "rubric", "archive")}
    meeting = mailing.invites_to if mailing.invites_to and mailing.invites_to.takes_more else None
    new = write(by=by, invites_to=meeting, **facts)
    new.added.set(mailing.added.all())
    new.left_out.set(mailing.left_out.all())
    return new


@transaction.atomic
def send_test(mailing: Mailing, *, to: User) -> OutgoingMail:
    """Send it to oneself as it stands. ValidationError (German) if it cannot be written."""
    check(mailing)
    return emails.test(mailing, to=to)


def check(mailing: Mailing) -> None:
    """Raise ValidationError (German, a list) for all that keeps a mailing from going out, but for its audience."""
    mistakes = [] if mailing.subject else ["Geben Sie einen Betreff ein."]
    if not mailing.text.strip():
        mistakes.append("Schreiben Sie einen Text.")
    try:
        blocks.check(mailing.text, inviting_to=mailing.invites_to)
    except ValidationError as error:
        mistakes += error.messages
    if mistakes:
        raise ValidationError(mistakes)


@transaction.atomic
def submit(mailing: Mailing, *, by: User) -> Mailing:
    """Give it to a colleague who releases it; a second time does nothing. ValidationError (German) as `check`."""
    mailing = locked(mailing)
    if mailing.is_submitted:
        return mailing
    if not mailing.is_draft:
        raise ValidationError(RELEASED)
    check(mailing)
    mailing.state, mailing.submitted_at, mailing.problem = MailingState.SUBMITTED, timezone.now(), ""
    mailing.save()
    return mailing


@transaction.atomic
def back_to_draft(mailing: Mailing) -> Mailing:
    """Take it out of the hands of who releases, or out of the plan. ValidationError (German) once it went out."""
    mailing = locked(mailing)
    if mailing.is_sent:
        raise ValidationError("Die E-Mail ist schon im Versand. Halten Sie die Sammelsendung an.")
    mailing.state = MailingState.DRAFT
    mailing.submitted_at = mailing.released_at = mailing.released_by = mailing.planned_for = None
    mailing.save()
    return mailing


@transaction.atomic
def discard(mailing: Mailing) -> None:
    """Throw a draft away. ValidationError (German) for anything else."""
    mailing = locked(mailing)
    if not mailing.is_draft:
        raise ValidationError("Nehmen Sie die E-Mail zuerst zurück in den Entwurf.")
    mailing.delete()
