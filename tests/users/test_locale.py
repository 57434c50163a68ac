"""German with "Sie" on every account page, and the compiled texts are those of the source."""

import ast
import gettext
import re
from pathlib import Path

import pytest
from django.urls import get_resolver
from django.utils.html import strip_tags

from tests.passkeys import Device
from tests.users.walk import CODE, SECOND_FACTOR, ask_for_code, sign_in
from users import demo
from users.urls import urlpatterns

pytestmark = pytest.mark.django_db

FOLDER = Path(__file__).parents[2] / "locale" / "de" / "LC_MESSAGES"
_INFORMAL = re.compile(r"\b([Dd]u|[Dd]ein\w*|[Dd]ich|[Dd]ir|[Gg]ib|[Vv]ersuche es)\b")
_ENGLISH = re.compile(r"\b(the|your|you|please|sign|code has|enter|account is|are|with|authenticator code)\b", re.I)
_NO_PAGES, _OURS = {"stay_signed_in", "end_session"}, {"change_address", "confirm_address"}
_CONFIRMED = {
    "mfa_replace_totp",
    "mfa_deactivate_totp",
    "mfa_view_recovery_codes",
    "mfa_generate_recovery_codes",
    "mfa_download_recovery_codes",
}


def _pages_of_a_contact(client, contact):
    yield "mfa_activate_totp", client.get("/konto/sicherheit/app/einrichten/")
    yield "mfa_activate_totp", client.post("/konto/sicherheit/app/einrichten/", {"code": "1"})
    yield "change_address", client.post("/konto/adresse/", {"email": "no address"})
    client.post("/konto/adresse/", {"email": "new@stadt.example"})
    yield "confirm_address", client.post("/konto/adresse/bestaetigen/", {"code": "1"})
    yield "mfa_add_webauthn", client.get("/konto/sicherheit/passkeys/neu/")
    yield "mfa_add_webauthn", client.post("/konto/sicherheit/passkeys/neu/", {"credential": "{}"})
    passkey = f"/konto/sicherheit/passkeys/{Device().belong_to(contact).pk}/"
    yield "mfa_edit_webauthn", client.post(passkey, {"name": ""})
    yield "mfa_remove_webauthn", client.get(f"{passkey}entfernen/")


def _pages(client, staff, contact):
    """Every account page as somebody meets it, and with an error where it has a form."""
    yield "account_login", client.get("/konto/anmelden/")
    yield "account_request_login_code", client.post("/konto/anmelden/", {"email": "no address"})
    yield "account_inactive", client.get("/konto/gesperrt/")
    ask_for_code(client, contact.email)
    yield "account_confirm_login_code", client.get(CODE)
    yield "account_confirm_login_code", client.post(CODE, {"code": ""})
    client.post("/konto/abmelden/")
    sign_in(client, staff.email)
    yield "mfa_authenticate", client.get(SECOND_FACTOR)
    yield "mfa_authenticate", client.post(SECOND_FACTOR, {"code": "1"})
    yield "mfa_login_webauthn", client.post("/konto/anmelden/passkey/", {"credential": "{}"}, follow=True)
    client.force_login(contact)
    yield from _pages_of_a_contact(client, contact)
    client.force_login(staff)
    Device().belong_to(staff)
    yield "mfa_reauthenticate_webauthn", client.get("/konto/bestaetigen/passkey/")
    yield "mfa_reauthenticate", client.get("/konto/bestaetigen/")
    yield "mfa_reauthenticate", client.post("/konto/bestaetigen/", {"code": "1"})
    client.post("/konto/bestaetigen/", {"code": demo.current_code(staff)})
    for pattern in urlpatterns:
        if pattern.name in _CONFIRMED | {"mfa_index", "usersessions_list", "account_logout"}:
            yield pattern.name, client.get(f"/konto/{pattern.pattern}")


def test_every_account_page_is_german_and_polite(client, contact, administrator):
    administrator.authenticator_set.all().delete()
    demo.set_up_second_factor(administrator)
    seen = set()
    for name, page in _pages(client, administrator, contact):
        assert page.status_code == 200, name
        text = strip_tags(re.sub(r"(?s)<(script|style).*?</\1>", "", page.content.decode()))
        assert not _INFORMAL.search(text), (name, _INFORMAL.search(text))
        assert not _ENGLISH.search(text), (name, _ENGLISH.search(text))
        seen.add(name)
    assert seen == {pattern.name for pattern in urlpatterns} - _NO_PAGES


def test_only_our_account_pages_exist():
    names = {name for name in get_resolver().reverse_dict if isinstance(name, str)}
    assert {name for name in names if re.match("account_|mfa_|usersessions_|socialaccount_", name)} == {
        pattern.name for pattern in urlpatterns if pattern.name not in _NO_PAGES | _OURS
    }


def _source_texts():
    """The texts by what stands in the programs; those with a plural by that and its number, as gettext keeps them."""
    for entry in re.split(r"\n\n+", (FOLDER / "django.po").read_text()):
        lines = re.findall(r'^msg(\w+)(?:\[(\d)\])? ((?:".*"\n?)+)', entry, re.M)
        texts = [(what, number, "".join(map(ast.literal_eval, text.splitlines()))) for what, number, text in lines]
        name = next(text for what, _, text in texts if what == "id")
        yield from (((name, int(number)) if number else name, text) for what, number, text in texts if what == "str")


def test_compiled_texts_are_up_to_date():
    with (FOLDER / "django.mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)._catalog
    source = dict(_source_texts())
    assert len(source) > 30
    assert compiled == source
