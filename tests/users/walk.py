"""Signing in as people do it: ask for a code, read the mail, type the code; staff type a second one."""

from core.mailkinds import kind_for
from core.models import OutgoingMail
from users import demo

SIGN_IN, CODE, SECOND_FACTOR = "/konto/anmelden/", "/konto/anmelden/code/", "/konto/anmelden/zweiter-faktor/"
SECURITY = "/konto/sicherheit/"


def letter_of(kind="users.sign_in_code"):
    """The newest mail of a kind, as its reader gets it."""
    mail = OutgoingMail.objects.filter(kind=kind).latest("pk")
    return kind_for(kind).render(mail)


def mailed_code():
    """The code on its way to its reader; that the letter shows it is tested once."""
    return OutgoingMail.objects.filter(kind="users.sign_in_code").latest("pk").data["code"]


def wrong_code():
    return "000-000" if mailed_code() != "000-000" else "111-111"


def ask_for_code(client, email, next_url=""):
    return client.post(SIGN_IN, {"email": email, "next": next_url})


def sign_in(client, email, next_url=""):
    """Sign in by code; for staff this leads to the page of the second factor."""
    ask_for_code(client, email, next_url)
    return client.post(CODE, {"code": mailed_code(), "next": next_url})


def sign_in_staff(client, user, next_url=""):
    sign_in(client, user.email, next_url)
    return client.post(SECOND_FACTOR, {"code": demo.current_code(user)})


def is_signed_in(client):
    return client.get(SECURITY).status_code == 200


def told(response):
    """What the page says after the last deed."""
    return [str(message) for message in response.context["messages"]]
