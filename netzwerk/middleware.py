""" "Als diese Person ansehen": staff see the portal with a contact person's eyes and without her hands."""

from django.shortcuts import render

from members import access

# Under this name the session keeps the number of the person; it ends with the session at the latest.
VIEWING = "viewing_person"
_SAFE = ("GET", "HEAD", "OPTIONS")


class ViewingMiddleware:
    """Puts the viewed person in the place of the reader, for reading alone; stands behind all that decides on sessions.

    Gives the request `viewing` (the person or None) and `viewer`, the account that is really signed in. Asked anew with
    each request: whoever may no longer look, or whom nobody may look at, is not looked at any more.
    """

    _ENDING = ("stop_viewing", "account_logout")
    # What is hers alone, also from staff: account, second factor, sessions, the file of her data, her personal links.
    _HERS = ("account_", "mfa_", "usersessions_", "own_data", "own_confirmation")

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.viewing, request.viewer = None, request.user
        if request.user.is_authenticated and VIEWING in request.session:
            self._look(request, access.viewable_person(request.user, request.session[VIEWING]))
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        if request.viewing is None:
            return None
        name = request.resolver_match.view_name
        if name in self._ENDING:
            request.user = request.viewer
            return None
        own = name.startswith(self._HERS) or request.path.startswith("/verwaltung/")
        if own or request.method not in _SAFE:
            return render(request, "netzwerk/viewing_only.html", status=403)
        return None

    def _look(self, request, person):
        if person is None:
            del request.session[VIEWING]
            return
        request.viewing, request.user = person, person.user
        request.persons, request.acting_person = [person], person
