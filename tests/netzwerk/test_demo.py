import re

import pytest
from django.core.management import CommandError, call_command
from django.urls import NoReverseMatch, reverse

from core.models import OutgoingMail
from members.models import Confirmation, ContactPerson, Membership, Municipality, Person, Profile
from tests.factories import ContactPersonFactory
from users.models import User

pytestmark = pytest.mark.django_db


def filled(settings, capsys):
    settings.DEMO = True
    call_command("seed_demo", without_pdf=True)
    return capsys.readouterr().out


def test_the_outbox_exists_in_no_other_mode(client):
    assert client.get("/demo/postausgang/").status_code == 404
    with pytest.raises(NoReverseMatch):
        reverse("outbox")


def test_made_up_persons_never_enter_a_real_portal():
    with pytest.raises(CommandError, match="nur in der Demonstration"):
        call_command("seed_demo")
    assert not User.objects.exists()


def test_filling_twice_changes_nothing(settings, capsys, register):
    def rows():
        return [m.objects.count() for m in (User, Person, ContactPerson, Profile, Membership, OutgoingMail)]

    filled(settings, capsys)
    before = rows()
    filled(settings, capsys)
    assert rows() == before


def test_filling_up_minds_nobody_who_was_entered_before(settings, capsys, register):
    ContactPersonFactory(municipality=Municipality.objects.get(slug="bonn"), person__email="eigen@bonn.example")
    filled(settings, capsys)
    answered = Confirmation.objects.get(confirmed_at__isnull=False)
    assert answered.contact.municipality.slug == "bonn"


def test_all_made_up_addresses_are_reserved_ones(settings, capsys, register):
    filled(settings, capsys)
    addresses = [*User.objects.values_list("email", flat=True), *Person.objects.values_list("email", flat=True)]
    assert {address.rsplit(".", 1)[1] for address in addresses} == {"example"}


def test_the_outbox_shows_message_text_source_and_codes(client, settings, capsys, register, demonstration):
    filled(settings, capsys)
    page = client.get(reverse("outbox")).content.decode()
    assert re.search(r"geschaeftsstelle@netzwerk\.example.*?\d{6}", page, re.DOTALL)
    mail = OutgoingMail.objects.first()
    source = client.get(reverse("outbox_source", args=[mail.public_id]))
    assert source["Content-Type"] == "message/rfc822"
    assert f"Message-ID: {mail.message_id}".encode() in source.content


@pytest.mark.parametrize("public_id", ["x", "0" * 32, "..%2f..", "%00"])
def test_an_unknown_message_is_not_found(client, demonstration, public_id):
    assert client.get(f"/demo/postausgang/{public_id}/").status_code == 404
