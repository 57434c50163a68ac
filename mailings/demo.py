"""Demonstration data: two Informations-E-Mails that went out, one planned, one that waits for its release."""

import datetime

from django.utils import timezone

from core.history import Actor, acting_as
from core.ical import calendar
from core.uploads import NewFile
from mailings import actions, audiences, blocks, releasing
from mailings.models import Archive, Group, Mailing, Rubric
from mailings.models.files import CALENDAR
from meetings.ical import public_entry
from meetings.models import Meeting, MeetingKind
from members.models import Person
from users.models import User

_NEWS = """Guten Tag {name},

drei Neuigkeiten aus dem Netzwerk, zwei Minuten Lesezeit.

## Neu dabei

Was Hellenthal vorhat, steht auf der eigenen Seite:

{Mitglied: hellenthal}

## Nächstes Treffen

%s

## Was wir brauchen

- Ihr **Profil**: Stimmen Anlaufstelle und Themen noch?
- Ein *gutes Beispiel*, das andere nachmachen können.

{Knopf: Profil ansehen | /intern/profil/}
"""
_DEADLINE = """Guten Tag {name},

bitte sehen Sie bis Ende des Monats nach, ob Ihre Angaben im Portal noch stimmen. Es dauert zwei Minuten.

{Knopf: Angaben prüfen | /intern/}

Sind Sie nicht mehr zuständig, genügt ein Satz als Antwort auf diese E-Mail.
"""
_FUNDING = """Guten Tag {name},

die Ausschreibung „Engagement vor Ort (Beispiel)“ ist offen. Bewerben können sich Kommunen jeder Größe.

1. Idee auf einer Seite beschreiben
2. Beschluss ist nicht nötig
3. Abgabe bis zum Ende des nächsten Monats

{Knopf: Zur Ausschreibung | https://ausschreibung.example/}
"""
_EVERYBODY = [Group.CONTACTS, Group.DEPUTIES]


def fill(by: User) -> None:
    """Make up the four, once. Two accounts of the staff: one writes, the other releases."""
    if Mailing.objects.exists():
        return
    writer = User.objects.filter(office="secretariat", is_administrator=False).first() or by
    releaser = User.objects.filter(office="chancellery").first() or by
    with acting_as(Actor("system", "Demonstration")):
        coming = Meeting.objects.public().taking_place().coming().filter(kind=MeetingKind.NETWORK).first()
        news = _write(
            "Neues aus dem Netzwerk",
            _NEWS % (blocks.meeting_block(coming) if coming else ""),
            writer,
            rubric=Rubric.NETWORK,
            archive=Archive.PUBLIC,
        )
        if coming:
            entry = calendar([public_entry(coming)]).encode()
            actions.enclose(news, NewFile("Nächstes Netzwerktreffen.ics", CALENDAR, entry), by=writer)
        news.left_out.set(Person.objects.filter(email="xaver.muster@xanten.example"))
        _release(news, releaser)
        _release(_write("Bitte prüfen: Stimmen Ihre Angaben noch?", _DEADLINE, writer), releaser)
        tomorrow = timezone.localtime().replace(hour=9, minute=0, second=0, microsecond=0) + datetime.timedelta(days=1)
        funding = _write("Ausschreibung für Kommunen jeder Größe", _FUNDING, writer, rubric=Rubric.FUNDING)
        _release(funding, releaser, tomorrow)
        waiting = _write("Erinnerung an die Mittagspause digital", "Guten Tag {name},\n\nSie sind dabei?", writer)
        actions.submit(waiting, by=writer)


def _write(subject: str, text: str, by: User, **values) -> Mailing:
    return actions.write(subject=subject, text=text, groups=_EVERYBODY, by=by, **values)


def _release(mailing: Mailing, by: User, planned_for: datetime.datetime | None = None) -> None:
    actions.submit(mailing, by=by)
    mailing = actions.locked(mailing)
    count = audiences.select(mailing).count
    releasing.release(mailing, by=by, expected=count, seen_at=mailing.changed_at, planned_for=planned_for)
