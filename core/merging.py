"""Two rows that mean the same become one: whatever points to the one is made to point to the other.

Which tables point to a row, the models themselves say; an app that comes later is followed without a word here.
"""

from collections.abc import Iterator
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction

from core.history import ActingHistory
from core.models import MailState, OutgoingMail


def counts(row: models.Model) -> list[tuple[str, int]]:
    """Return what points to the row and how often: ("Ansprechpersonen", 2); history and empty tables are left out."""
    found = [
        (str(model._meta.verbose_name_plural), model._base_manager.filter(**{name: row}).count())
        for model, name in _pointing_to(row)
        if not issubclass(model, ActingHistory)
    ]
    return [(name, count) for name, count in found if count]


def repoint(old: models.Model, new: models.Model) -> None:
    """Make every row that points to `old` point to `new`, with a line in its history; call it in a transaction.

    Rows of many-to-many relations that `new` has already are dropped. Raises ValidationError (German) if a row cannot
    move because `new` has one that excludes it: the caller joins such rows before.
    """
    for model, name in _pointing_to(old):
        rows = model._base_manager.filter(**{name: old})
        if issubclass(model, ActingHistory):
            rows.update(**{name: new})
            continue
        for row in rows.select_for_update():  # saved whole, so no sender may change one meanwhile
            setattr(row, name, new)
            _save(row)


def _save(row: models.Model) -> None:
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        if row._meta.auto_created:
            row.delete()
            return
        what = f"{row._meta.verbose_name} „{row}“"
        raise ValidationError(f"Berichtigen Sie zuerst: {what} gibt es bei beiden.") from error


def fill_gaps(target: models.Model, source: models.Model) -> None:
    """Take over what the source knows and the target does not; stores nothing."""
    for field in target._meta.concrete_fields:
        if not field.primary_key and getattr(target, field.attname) in (None, ""):
            setattr(target, field.attname, getattr(source, field.attname))


def take_over_history(old_pk: int, old_key: str, new: Any) -> None:
    """Let the history of a row that is gone, and what queue and history name by its key, belong to the other row.

    new: with `pk`, `key` and `history`. What was sent to both in one batch stays with the old key: it was two mails.
    """
    new.history.model._base_manager.filter(id=old_pk).update(id=new.pk)
    for history in ActingHistory.__subclasses__():
        history._base_manager.filter(actor_key=old_key).update(actor_key=new.key)
    both = OutgoingMail.objects.filter(recipient_key=new.key, batch__isnull=False).values("batch")
    OutgoingMail.objects.filter(recipient_key=old_key).exclude(
        batch__in=list(both.values_list("batch", flat=True))
    ).update(recipient_key=new.key)


def readdress_waiting_mail(person: Any, old_address: str) -> int:
    """Let mail of hers that still waits go to her address instead of the old one; return how many mails.

    person: with `key`, `email` and `name`; call it after `take_over_history`.
    """
    waiting = OutgoingMail.objects.filter(recipient_key=person.key, state=MailState.PENDING)
    return waiting.filter(to_address__iexact=old_address).update(to_address=person.email, to_name=person.name)


def _pointing_to(row: models.Model) -> Iterator[tuple[type[models.Model], str]]:
    """Every model with a foreign key to the row, and the key's name; rows between two models included."""
    for relation in row._meta.get_fields(include_hidden=True):
        if relation.auto_created and not relation.concrete and (relation.one_to_many or relation.one_to_one):
            yield relation.related_model, relation.field.name  # type: ignore[misc, union-attr]
