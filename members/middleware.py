"""Names the acting person for the history of every change made in a request."""

from core.history import Actor, acting_as
from members.models import Person


def acting_person(user) -> Person | None:
    """Return the one person behind a signed-in account; None for a shared mailbox, where only the account is sure."""
    persons = list(user.persons.all()[:2])
    return persons[0] if len(persons) == 1 else None


class ActingPersonMiddleware:
    """Sets the actor lazily: only requests that may change something look the person up."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.method in ("GET", "HEAD", "OPTIONS") or not request.user.is_authenticated:
            return self.get_response(request)
        person = acting_person(request.user)
        actor = Actor(person.key, person.name) if person else Actor(f"user:{request.user.pk}", request.user.email)
        with acting_as(actor):
            return self.get_response(request)
