"""What failed goes out once more, to the address that its recipient has by now.

The queue knows its recipients by opaque keys ("person:17"). Whoever knows such keys registers an address book, when
Django starts.
"""

from collections.abc import Callable, Collection, Iterable

from core.mailkinds import MailClass
from core.models import BAD_ADDRESS, Batch, Bounce, MailState, OutgoingMail

# Of these numbers, those that have an address, with it.
AddressBook = Callable[[Collection[int]], dict[int, str]]

_books: dict[str, AddressBook] = {}


def register(kind: str, book: AddressBook) -> None:
    """Make an address book known. kind: what stands before the number in the keys it knows ("person")."""
    _books[kind] = book


def worth_repeating(batch: Batch) -> dict[int, str]:
    """Return the rows of a batch that failed and may be worth another try, each with the address to try.

    Not those whose address is none, forgotten, or stopped, unless the recipient has another one by now.
    """
    failed = OutgoingMail.objects.filter(batch=batch, state=MailState.FAILED).exclude(mail_class=MailClass.ACCESS)
    rows = list(failed.exclude(to_address="").values_list("pk", "recipient_key", "to_address", "reason"))
    known = _addresses_now(key for _, key, *_ in rows)
    stopped = Bounce.objects.all_stopped()
    found = {}
    for pk, key, before, reason in rows:
        address = known.get(key, before)
        is_none = reason == BAD_ADDRESS and address == before
        if not is_none and address.lower() not in stopped:
            found[pk] = address
    return found


def _addresses_now(keys: Iterable[str]) -> dict[str, str]:
    """Return the address of each recipient that an address book knows."""
    numbers: dict[str, set[int]] = {}
    for key in keys:
        kind, _, number = key.partition(":")
        if kind in _books and number.isdecimal():
            numbers.setdefault(kind, set()).add(int(number))
    found: dict[str, str] = {}
    for kind, asked in numbers.items():
        found |= {f"{kind}:{number}": address for number, address in _books[kind](asked).items()}
    return found
