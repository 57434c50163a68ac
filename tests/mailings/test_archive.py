"""The archive: who finds which mailing afterwards, and what a person sees of the mails to her."""

import pytest
from django.urls import reverse
from django.utils import timezone

from core.mailkinds import MailClass
from core.models import MailState, OutgoingMail
from tests.mailing_factories import MailingFactory

pytestmark = pytest.mark.django_db


def sent(**values):
    return MailingFactory(sent=True, batch__held_until=timezone.now(), **values)


def mail_to(person, **values):
    given = {"kind": "mailings.business", "mail_class": MailClass.BUSINESS, "state": MailState.SENT}
    given |= {"to_address": person.email, "recipient_key": person.key, "settled_at": timezone.now(), "subject": "Neues"}
    return OutgoingMail.objects.create(**given | values)


def subjects(page) -> set[str]:
    return {mailing.subject for mailing in page.context["mailings"]}


def test_each_finds_what_was_released_for_her(client, client_of, contact, office):
    public, inside = sent(subject="Öffentlich", archive="public"), sent(subject="Innen")
    own, other = sent(subject="An mich", archive="nobody"), sent(subject="An andere", archive="nobody")
    mail_to(contact.persons.get(), batch=own.batch)
    MailingFactory(sent=True, archive="public", subject="Noch eine Minute")
    sent(archive="public", subject="Zurück", batch__taken_back_at=timezone.now())
    MailingFactory(archive="public", subject="Entwurf")
    assert subjects(client.get(reverse("public_mailings"))) == {"Öffentlich"}
    assert subjects(client_of(contact).get(reverse("own_mailings"))) == {"Öffentlich", "Innen", "An mich"}
    assert subjects(client_of(office).get(reverse("own_mailings"))) == {"Öffentlich", "Innen"}
    assert client.get(reverse("public_mailing", args=[inside.pk])).status_code == 404
    assert client_of(contact).get(reverse("own_mailing", args=[other.pk])).status_code == 404
    assert client_of(contact).get(reverse("own_mailing", args=[own.pk])).status_code == 200
    assert reverse("public_mailing", args=[public.pk]) in client.get(reverse("sitemap")).text
    assert reverse("public_mailing", args=[inside.pk]) not in client.get(reverse("sitemap")).text
    assert "Guten Tag,</p>" in client.get(reverse("public_mailing", args=[public.pk])).text


def test_her_own_mails_without_links_and_without_what_signs_in(client_of, contact, stranger):
    person = contact.persons.get()
    mail = mail_to(person, text=f"Ihr Link: https://x.example/einladung/{'a' * 52}/", batch=sent().batch)
    code = mail_to(person, mail_class=MailClass.ACCESS, kind="users.sign_in_code", subject="123456")
    client = client_of(contact)
    page = client.get(reverse("own_mail", args=[mail.public_id]))
    assert "[Link]" in page.text
    assert "a" * 52 not in page.text
    assert client.get(reverse("own_mail", args=[code.public_id])).status_code == 404
    listed = client.get(reverse("own_mails")).text
    assert "123456" not in listed
    assert "ohne Text, weil sie Zugang gibt" in listed
    assert client_of(stranger).get(reverse("own_mail", args=[mail.public_id])).status_code == 404


@pytest.mark.parametrize("rows", [1, 3])
def test_the_lists_ask_the_same_number_of_questions(client_of, contact, rows, django_assert_max_num_queries):
    for _ in range(rows):
        mail_to(contact.persons.get(), batch=sent(archive="public").batch)
    client = client_of(contact)
    for name in ("own_mailings", "own_mails"):
        with django_assert_max_num_queries(14):
            assert client.get(reverse(name)).status_code == 200
