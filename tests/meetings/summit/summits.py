"""What the tests of a summit share: heads, deputies, and the letters that reach them."""

import datetime

import time_machine
from django.core import mail
from django.utils import timezone

from core import delivery
from core.models import Batch
from meetings.models import Answer
from meetings.summit_answering import Said
from members.models import Person
from tests.factories import (
    HeadFactory,
    MunicipalityFactory,
)

COMES, DECLINES = Said(Answer.COMES), Said(Answer.DECLINES)


def head_of(name: str, *, member: bool = True, **values):
    body = MunicipalityFactory(name=name, member=member, street="Markt 1", letter_town="00000 Musterstadt")
    return HeadFactory(municipality=body, **values)


def deputy(**values) -> Said:
    person = Person(**{"first_name": "Dora", "last_name": "Muster", "email": "dora@stadt.example"} | values)
    return Said(Answer.DEPUTY, person, "Erste Beigeordnete")


def send_all():
    with time_machine.travel(timezone.now() + Batch.HOLD + datetime.timedelta(seconds=1)):
        delivery.run_sender()


def letters_to(address: str) -> list:
    send_all()
    return [letter for letter in mail.outbox if address in letter.to[0]]


def calendar_of(letter) -> str:
    return next(
        part.get_payload(decode=True).decode()
        for part in letter.message().walk()
        if part.get_filename() == "termin.ics"
    )
