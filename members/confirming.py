"""Verbs of "Stimmt noch?": asking twice a year, reminding who is silent, and what is answered by personal link."""

import datetime
from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from core.actions import Recipient, queue_batch
from core.dates import MONTHS, long_date, today
from core.history import Actor, acting_as
from core.models import Batch, OutgoingMail
from members import emails
from members.colleagues import store
from members.models import Confirmation, ContactPerson, Municipality
from members.models.confirmations import ASKING, REMINDING
from members.models.profiles import QUESTIONS
from members.publishing import locked_profile, note_change
from users.models import User

# If nothing ran on the day itself, the round begins as long as this later.
LATEST_START = datetime.timedelta(days=14)
# Whom the office asked by hand, the clock does not ask again so soon.
_SINCE_LAST_ROUND = datetime.timedelta(days=90)
# Nobody is asked twice because two people pressed the button.
PAUSE = datetime.timedelta(days=14)
# A stranger who holds an address or an old link must not fill a mailbox with new ones.
_NEW_LINKS_A_DAY = 3


@transaction.atomic
def ask(contacts: QuerySet[ContactPerson], *, title: str, by: User | None) -> Batch:
    """Ask these contact persons whether all still holds; who serves several bodies gets one mail.

    Held for a minute, to be taken back. Who was asked in the last two weeks, or answers for no member, is left out;
    ValidationError (German) if nobody is left. An address that is missing counts as not reachable.
    """
    locked = (
        ContactPerson.objects.of_members()
        .select_for_update(of=("self",))
        .filter(pk__in=contacts.values("pk"))
        .select_related("person")
    )
    everyone = list(locked)
    recent = Confirmation.objects.asked().filter(asked_at__gt=timezone.now() - PAUSE).values_list("contact", flat=True)
    left = [contact for contact in everyone if contact.pk not in set(recent)]
    if not left:
        raise ValidationError(
            "Wählen Sie andere aus: Diese Personen sind in den letzten zwei Wochen gefragt worden oder heute für kein "
            "Mitglied zuständig."
        )
    rows = [Confirmation.objects.create(contact=contact) for contact in left]
    batch = queue_batch(ASKING, _recipients(rows), title=title, by=by)
    Confirmation.objects.filter(pk__in=[row.pk for row in rows]).update(batch=batch)
    return batch


def _recipients(rows: Iterable[Confirmation]) -> list[Recipient]:
    """One for each person, with all that she is asked about."""
    by_person: dict[int, list[Confirmation]] = {}
    for row in rows:
        by_person.setdefault(row.contact.person_id, []).append(row)
    return [emails.confirmation_recipient(rows_of_one) for rows_of_one in by_person.values()]


@transaction.atomic
def keep_asking() -> None:
    """What the clock does every working day: begin the round that is due, and remind who is silent."""
    lately = Confirmation.objects.asked().filter(asked_at__gt=timezone.now() - _SINCE_LAST_ROUND)
    due = ContactPerson.objects.of_members().exclude(pk__in=lately.values("contact"))
    if (title := _round_due()) and due.exists():
        ask(due, title=title, by=None)
    remind()


def _round_due() -> str:
    """Return the title of the round to begin now, or ""."""
    now = today()
    for season, (month, day) in Confirmation.ROUNDS.items():
        begin = datetime.date(now.year, month, day)
        title = f"Stimmt noch? {season} {now.year}"
        if begin <= now < begin + LATEST_START:
            # A round taken back counts, too: somebody decided against it.
            return "" if Batch.objects.filter(kind=ASKING, title=title).exists() else title
    return ""


def next_round() -> str:
    """Return when the clock asks next: "September 2027"."""
    now = today()
    days = [datetime.date(year, *day) for year in (now.year, now.year + 1) for day in Confirmation.ROUNDS.values()]
    coming = min(day for day in days if day > now)
    return f"{MONTHS[coming.month - 1]} {coming.year}"


@transaction.atomic
def remind() -> list[Batch]:
    """Remind the silent, two and four weeks after they were asked; return a batch for each of both, if there is any.

    Whose mail did not arrive is not reminded: a person of the office calls her.
    """
    batches = []
    for number, after in enumerate(Confirmation.REMINDERS):
        due = timezone.now() - after
        silent = Confirmation.objects.current().waiting().filter(reminders=number, asked_at__lte=due)
        due_now = silent.filter(batch__paused_at=None).values("pk")
        # Held, and read again once they are: another clock may have reminded them meanwhile.
        held = Confirmation.objects.select_for_update(of=("self",)).filter(pk__in=due_now, reminders=number)
        rows = list(held.select_related("contact__person").order_by("pk"))
        if rows:
            Confirmation.objects.filter(pk__in=[row.pk for row in rows]).update(reminders=number + 1)
            title = f"Erinnerung {number + 1}: Stimmt noch?"
            batches.append(queue_batch(REMINDING, _recipients(rows), title=title, by=None))
    return batches


def _locked(confirmation: Confirmation) -> Confirmation:
    """Return the row as it is now, with body, function and person held until the end of the transaction.

    Raises ValidationError (German) if the link has ended meanwhile: she handed over, or has another address.
    """
    Municipality.objects.held(confirmation.contact.municipality_id)
    functions = ContactPerson.objects.select_for_update(of=("self", "person")).select_related("person")
    list(functions.filter(pk=confirmation.contact_id))
    rows = Confirmation.objects.select_related("contact__person", "contact__municipality__profile")
    row = rows.filter(pk=confirmation.pk, link_version=confirmation.link_version).first()
    if row is None or not row.contact.holds():
        raise ValidationError("Fordern Sie einen neuen Link an: Dieser gilt nicht mehr.")
    return row


@transaction.atomic
def confirm(confirmation: Confirmation) -> None:
    """Note that all holds, and let the body's profile show the day. ValidationError as `_locked`."""
    confirmation = _locked(confirmation)
    person = confirmation.contact.person
    with acting_as(Actor(person.key, person.name)):
        confirmation.confirmed_at = timezone.now()
        confirmation.save(update_fields=["confirmed_at"])
        profile = locked_profile(confirmation.contact.municipality)
        if profile.pk:
            profile.confirmed_on = today()
            profile.save()


@transaction.atomic
def correct(confirmation: Confirmation, values: Mapping[str, Any]) -> None:
    """Store what changed of the person, her post and her body's Anlaufstelle, by field name, and confirm the rest.

    Raises ValidationError (German, by field) for what cannot be stored, and as `_locked`.
    """
    confirmation = _locked(confirmation)
    contact = confirmation.contact
    with acting_as(Actor(contact.person.key, contact.person.name)):
        profile = locked_profile(contact.municipality)
        store([contact.person, contact, profile], values)
        if values.keys() & set(QUESTIONS):
            note_change(profile)
    confirm(confirmation)


@transaction.atomic
def send_new_link(contact: ContactPerson) -> OutgoingMail | None:
    """Mail a contact person a link that works, to the address that is stored; None after three on one day."""
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    of_today = OutgoingMail.objects.filter(recipient_key=contact.person.key, kind=ASKING, created_at__gte=midnight)
    if not contact.person.email or of_today.count() >= _NEW_LINKS_A_DAY:
        return None
    rows = contact.confirmations.filter(asked_at__gt=timezone.now() - Confirmation.LASTS)
    return emails.confirmation(rows.first() or Confirmation.objects.create(contact=contact))


def title_by_hand() -> str:
    return f"Stimmt noch? {long_date(today())}"
