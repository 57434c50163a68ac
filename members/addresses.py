"""Verbs of a person's address: her account follows it, and links at the old one end."""

from collections.abc import Callable, Collection

from django.core.exceptions import ValidationError
from django.db import transaction

from core import links
from members import access, emails
from members.actions import give_access
from members.models import Confirmation, Person
from users import actions as user_actions
from users.models import AccessInvitation, User

_followers: list[Callable[[Person], None]] = []


def addresses_of(numbers: Collection[int]) -> dict[int, str]:
    """Return the addresses of those persons that have one, for the queue (see `core.repeating`)."""
    return dict(Person.objects.filter(pk__in=numbers).exclude(email="").values_list("pk", "email"))


def when_links_end(follow: Callable[[Person], None]) -> None:
    """Let an app above withdraw its links of a person with ours, in the same transaction; called once at start-up."""
    _followers.append(follow)


@transaction.atomic
def save_person(person: Person, *, whole_mailbox: bool = False, by: User | None) -> None:
    """Store a person. A new address goes to her account, too: open sessions end, she and her colleagues are told.

    whole_mailbox: where several share the old address, whether all of them moved with it; else only she leaves it.
    Raises ValidationError (German) for what `access.address_refusal` says.
    """
    before = Person.objects.select_for_update(of=("self",)).filter(pk=person.pk).select_related("user").first()
    person.full_clean()
    person.save()
    if before is None or before.email.lower() == person.email.lower():
        return
    _withdraw_links(person)
    if before.user is None:
        return
    if refusal := access.address_refusal(before, person.email):
        raise ValidationError(refusal)
    _move(person, before.user, whole_mailbox=whole_mailbox, by=by)
    if person.email:
        emails.colleague_has_new_address(person)


def _move(person: Person, user: User, *, whole_mailbox: bool, by: User | None) -> None:
    """Let the account follow a person's new address, or her leave it for the account of that address."""
    alone = not user.persons.exclude(pk=person.pk).exists()
    taken = User.objects.filter(email=person.email.lower()).exists()
    if person.email and not taken and (alone or whole_mailbox):
        user_actions.change_account(user, email=person.email.lower(), by=by)
        _tell(person, user, by)
        return
    for mover in user.persons.all() if whole_mailbox else [person]:
        mover.email, mover.user = person.email, None
        mover.save()
        _withdraw_links(mover)
        if person.email and mover.has_access(or_later=True):
            give_access(mover, by=by)
    person.refresh_from_db()
    if taken:  # whoever has an account of her own now was invited
        emails.address_replaced(person)
    if not user.persons.exists():
        user_actions.end_account(user)


def _tell(person: Person, user: User, by: User | None) -> None:
    """At the new address: the invitation again if she never got it at the old one, else how she signs in now."""
    invitation = AccessInvitation.objects.filter(user=user).first()
    if invitation and not invitation.accepted_at:
        user_actions.invite(user, by=by)
    else:
        emails.address_replaced(person)


def follow_address(user: User, old_address: str) -> None:
    """Carry an account's new address to the persons who had the old one, so that both are always the same."""
    for person in user.persons.filter(email__iexact=old_address):
        person.email = user.email
        person.save(update_fields=["email"])
        _withdraw_links(person)


def _withdraw_links(person: Person) -> None:
    """Whoever reads her old mailbox must not go on reading and writing what is hers."""
    links.withdraw(Confirmation.objects.filter(contact__person=person))
    for follow in _followers:
        follow(person)
