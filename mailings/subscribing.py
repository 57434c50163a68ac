"""Verbs of unsubscribing. A mailbox gets each information once, so what one of its readers decides holds for all."""

from collections.abc import Iterable

from django.db import transaction

from core import links
from mailings import emails
from mailings.models import OptOut, Rubric, Subscriber
from members.models import Person


def subscriber_of(person: Person) -> Subscriber:
    """Return what a person's links lead to, made now if she has none."""
    return Subscriber.objects.filter(person=person).first() or Subscriber.objects.create(person=person)


def unwanted(person: Person) -> set[str]:
    """Return the rubrics that a person has unsubscribed from."""
    return set(OptOut.objects.filter(person=person).values_list("rubric", flat=True))


@transaction.atomic
def unsubscribe(subscriber: Subscriber, rubrics: Iterable[Rubric]) -> list[Rubric]:
    """Unsubscribe the mailbox of this person from rubrics and tell her; return those that she still had."""
    before = unwanted(subscriber.person)
    new = [rubric for rubric in rubrics if rubric not in before]
    rows = [OptOut(person=reader, rubric=rubric) for reader in _mailbox(subscriber.person) for rubric in new]
    OptOut.objects.bulk_create(rows, ignore_conflicts=True)
    if new:
        emails.unsubscribed(subscriber, new)
    return new


@transaction.atomic
def choose(subscriber: Subscriber, wanted: Iterable[str]) -> None:
    """Store which rubrics the mailbox of this person wants; whoever unsubscribes from more is told by mail."""
    keep = set(wanted)
    OptOut.objects.filter(person__in=_mailbox(subscriber.person), rubric__in=keep).delete()
    unsubscribe(subscriber, [rubric for rubric in Rubric.to_choose() if rubric not in keep])


def withdraw_mailed_links(person: Person) -> None:
    """End the links that mails brought her, for her address is another one: whoever reads the old mailbox neither sees
    nor changes what she gets. Unsubscribing alone goes on (`access.unsubscribing_for`)."""
    links.withdraw(Subscriber.objects.filter(person=person))


def join(keep: Person, other: Person) -> None:
    """Prepare that two rows of one human being become one: what both have unsubscribed from counts once."""
    OptOut.objects.filter(person=other, rubric__in=unwanted(keep)).delete()


def _mailbox(person: Person) -> list[Person]:
    """All who read at the person's address; she alone if she has none."""
    others = Person.objects.filter(email__iexact=person.email) if person.email else Person.objects.none()
    return [person, *others.exclude(pk=person.pk)]
