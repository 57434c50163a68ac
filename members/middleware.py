"""Who acts in a session: names the person in the history of every change, and ends the session with her function."""

from django.contrib import messages
from django.contrib.auth import logout
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode

from core.history import Actor, acting_as
from members import access
from users.middleware import ACTING_PERSON as PERSON

_ENDED = (
    "Ihr Zugang ist beendet: Sie sind derzeit für keine Mitgliedskommune als Ansprechperson eingetragen. "
    "Wenn das nicht stimmt, melden Sie sich bitte bei der Geschäftsstelle."
)


class ActingPersonMiddleware:
    """Asks "Wer sind Sie?" where several persons share a mailbox; each session acts for one of them.

    Gives the request `persons`, all whom the account may act for today, and `acting_person`, the one who does.
    """

    # Reached before the question is answered: signing in and out, and what staff must set up before anything else.
    _OPEN = ("choose_person", "account_", "mfa_", "usersessions_", "stay_signed_in")
    # A passkey belongs to one person.
    _ASKING = ("mfa_add_webauthn",)

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.persons, request.acting_person = [], None
        if not request.user.is_authenticated:
            return self.get_response(request)
        request.persons = access.persons_acting(request.user)
        if self._is_over(request):
            logout(request)
            messages.info(request, _ENDED)
            return self.get_response(request)
        request.acting_person = self._acting(request)
        with acting_as(self._actor(request)):
            return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        asked = len(request.persons) > 1 and request.acting_person is None
        name = request.resolver_match.view_name
        if not asked or (name.startswith(self._OPEN) and name not in self._ASKING):
            return None
        wanted = {"next": request.get_full_path()} if request.method == "GET" else {}
        return redirect(f"{reverse('choose_person')}?{urlencode(wanted)}")

    def _is_over(self, request) -> bool:
        """Whether the person of this session may no longer act, also if others of the same mailbox may."""
        if PERSON in request.session:
            return request.session[PERSON] not in [person.pk for person in request.persons]
        return not request.persons and request.user.persons.exists()

    def _acting(self, request):
        if PERSON not in request.session and len(request.persons) == 1:
            request.session[PERSON] = request.persons[0].pk
        return next((person for person in request.persons if person.pk == request.session.get(PERSON)), None)

    def _actor(self, request) -> Actor:
        person = request.acting_person
        return Actor(person.key, person.name) if person else Actor(f"user:{request.user.pk}", request.user.email)
