"""Demonstration of a summit: heads of real bodies under made-up names, with each kind of answer."""

import datetime

from core.dates import today
from core.history import Actor, acting_as
from meetings import planning, summit, summit_answering, summit_inviting
from meetings.models import Answer, Audience, Invitation, Meeting, MeetingKind, Way
from meetings.summit_answering import Said
from members.models import HeadOfAdministration, Person
from users.models import User

_WEEKS = 9
# Who wants paper: her letter waits to be printed.
_ON_PAPER = "hellenthal"


def fill(by: User) -> None:
    """Make up the next summit with invitations and answers; once."""
    if Meeting.objects.filter(kind=MeetingKind.SUMMIT).exists():
        return
    with acting_as(Actor("system", "Demonstration")):
        HeadOfAdministration.objects.filter(municipality__slug=_ON_PAPER).update(wants_letters=True)
        meeting = _meeting()
        heads = [guest.head.pk for guest in summit.guests(meeting).to_invite if guest.head]
        summit_inviting.invite(meeting, heads, by=by)
        _answers(meeting)


def _meeting() -> Meeting:
    thursday = today() + datetime.timedelta(weeks=_WEEKS, days=3 - today().weekday())
    meeting = Meeting(
        kind=MeetingKind.SUMMIT,
        title="Kommunales Spitzentreffen",
        summary="Was Engagement vor Ort stark macht, und was die Kommunen dafür gemeinsam tun.",
        day=thursday,
        begin_time=datetime.time(14),
        end_time=datetime.time(17),
        audience=Audience.INVITED,
        place="Staatskanzlei (Beispiel)",
        street="Musterplatz 1",
        town="40219 Düsseldorf",
        access_note="Der Eingang ist stufenlos.",
        register_until=thursday - datetime.timedelta(weeks=3),
    )
    planning.save(meeting)
    planning.announce(meeting)
    return Meeting.objects.get(pk=meeting.pk)


def _answers(meeting: Meeting) -> None:
    """One comes, one sends somebody through her outer office, one declined on the telephone; who applies comes, too."""
    invited = {row.municipality.slug: row for row in meeting.invitations.select_related("municipality", "person")}
    _by_link(invited.get("rheine"), Said(Answer.COMES, topic_wish="Wie gewinnen wir junge Menschen für den Rat?"))
    _by_link(invited.get("wettringen"), Said(Answer.COMES, topic_wish="Ehrenamt in kleinen Gemeinden"))
    if bonn := invited.get("bonn"):
        deputy = Person(form_of_address="Frau", first_name="Dora", last_name="Probe", email="dora.probe@bonn.example")
        door = bonn.copies.select_related("person").first()
        said = Said(Answer.DEPUTY, deputy, "Beigeordnete")
        _by_link(bonn, said, by=door.person if door else None)
    if lippe := invited.get("kreis-lippe"):
        summit_answering.answer(lippe, Said(Answer.DECLINES), by=None, way=Way.PHONE)


def _by_link(invitation: Invitation | None, said: Said, *, by: Person | None = None) -> None:
    if invitation is None:  # the office has changed the demonstration meanwhile
        return
    person = by or invitation.person
    with acting_as(Actor(person.key, person.name)):
        summit_answering.answer(invitation, said, by=person)
