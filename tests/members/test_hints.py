""" "Angabe veraltet?": a visitor's hint reaches those who can put it right, and makes nobody a loudspeaker."""

import datetime

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from core import delivery
from core.models import MailState, OutgoingMail
from members.models import Hint
from netzwerk.actions import keep_periods
from tests.factories import ContactPersonFactory, MunicipalityFactory

pytestmark = pytest.mark.django_db

TEXT = "Die Sprechzeiten stimmen nicht mehr."


def give(client, town, **values):
    data = {"text": TEXT, "address": ""} | values
    return client.post(reverse("give_hint", args=[town.slug]), data, follow=True)


def told():
    return sorted(OutgoingMail.objects.values_list("to_address", flat=True))


def test_a_hint_reaches_the_contact_persons_and_the_office(client, settings, contact, colleague, stranger, town):
    page = client.get(reverse("municipality", args=[town.slug])).content.decode()
    assert reverse("give_hint", args=[town.slug]) in page
    page = give(client, town, address="buerger@beispiel.example").content.decode()
    assert "Danke! Ihr Hinweis ist bei der Geschäftsstelle" in page
    assert told() == sorted([contact.email, colleague.email, settings.MAIL_OFFICE])
    delivery.run_sender()
    letters = [mail.text for mail in OutgoingMail.objects.all()]
    assert [letter for letter in letters if TEXT not in letter or "buerger@beispiel.example" not in letter] == []


def test_at_a_shared_mailbox_it_arrives_once(client, settings, contact, town):
    ContactPersonFactory(municipality=town, person__email=contact.email.upper(), person__user=None)
    give(client, town)
    assert len(told()) == 2


def test_the_page_tells_the_visitor_nobody_s_address(client, contact, town):
    page = client.get(reverse("give_hint", args=[town.slug])).content.decode() + give(client, town).content.decode()
    assert contact.email not in page
    assert contact.persons.get().last_name not in page


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"text": ""}, "Schreiben Sie, was nicht mehr stimmt."),
        ({"text": "x" * 601}, "Kürzen Sie den Hinweis auf höchstens 600 Zeichen."),
        ({"text": "Billig! https://werbung.example"}, "ohne Internetadresse"),
        ({"text": "Billig! WWW.werbung.example"}, "ohne Internetadresse"),
        ({"address": "buerger"}, "Geben Sie eine vollständige E-Mail-Adresse ein"),
        ({"address": "a@b.example\nBcc: alle@stadt.example"}, "Geben Sie eine vollständige E-Mail-Adresse ein"),
    ],
)
def test_what_is_wrong_is_said_and_nobody_is_told(client, contact, town, values, sentence):
    assert sentence in give(client, town, **values).content.decode()
    assert not Hint.objects.exists()
    assert told() == []


def test_a_visitor_may_name_the_page_that_has_moved(client, contact, town):
    give(client, town, text="Der Link auf rheine.de/ehrenamt führt ins Leere.")
    assert Hint.objects.get().municipality == town


def test_u12_markup_is_shown_as_it_was_typed(client, client_of, office, contact, town):
    give(client, town, text="<script>alert(1)</script> {{7*7}}")
    delivery.run_sender()
    mail = OutgoingMail.objects.first()
    assert "<script>alert(1)</script> {{7*7}}" in mail.text
    assert "<script>" not in mail.html
    dossier = client_of(office).get(reverse("dossier", args=[town.slug])).content.decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt; {{7*7}}" in dossier


def test_nobody_can_fill_a_mailbox(client, contact, town):
    for number in range(5):
        assert give(client, town, REMOTE_ADDR=str(number)).status_code == 200
    assert give(client, town).status_code == 429
    assert Hint.objects.count() == 5
    assert OutgoingMail.objects.filter(to_address=contact.email).count() == 3


def test_only_members_have_a_page_to_remark_upon(client, contact):
    other = MunicipalityFactory(slug="wettringen")
    assert give(client, other).status_code == 404
    assert not Hint.objects.exists()


def test_the_office_settles_it_in_today_and_in_the_dossier(client, client_of, office, contact, town):
    give(client, town)
    hint = Hint.objects.get()
    desk = client_of(office)
    assert f"Hinweis zu Rheine: {TEXT}" in desk.get(reverse("admin:index")).content.decode()
    assert TEXT in desk.get(reverse("dossier", args=[town.slug])).content.decode()
    desk.post(reverse("settle_hint", args=[hint.pk]), {"im_dossier": "1"})
    hint.refresh_from_db()
    assert (hint.done_by, hint.done_at is not None) == (office, True)
    desk.get(reverse("admin:index"))  # says so once
    assert "Hinweis zu Rheine" not in desk.get(reverse("admin:index")).content.decode()


def test_what_is_settled_is_no_longer_mailed(client, client_of, office, contact, town):
    give(client, town)
    client_of(office).post(reverse("settle_hint", args=[Hint.objects.get().pk]))
    delivery.run_sender()
    assert set(OutgoingMail.objects.values_list("state", flat=True)) == {MailState.SKIPPED}


def test_many_open_hints_are_counted(client_of, office, town):
    Hint.objects.bulk_create(Hint(municipality=town, text=TEXT) for _ in range(13))
    page = client_of(office).get(reverse("admin:index")).content.decode()
    assert page.count("Hinweis zu Rheine") == 10
    assert "weitere Hinweise" in page


@pytest.mark.parametrize("persona", ["contact", "stranger", "visitor", "administrator"])
def test_nobody_else_settles_a_hint(request, client_of, client, town, contact, persona):
    give(client, town)
    response = client_of(request.getfixturevalue(persona)).post(reverse("settle_hint", args=[Hint.objects.get().pk]))
    assert response.status_code in (302, 403)
    assert Hint.objects.open().exists()


def test_after_a_year_it_is_forgotten(client, town):
    give(client, town, address="buerger@beispiel.example")
    with time_machine.travel(timezone.now() + datetime.timedelta(days=366)):
        keep_periods()
    assert not Hint.objects.exists()
