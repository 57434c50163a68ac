"""The stock back office in our dress: what Django and django-simple-history leave undone for people and for the CSP."""

import re

import pytest
from django.contrib.admin.widgets import AdminSplitDateTime
from django.urls import reverse
from django.utils.timezone import now

from core.history import Actor, acting_as
from core.models import Batch
from tests.factories import MembershipFactory


@pytest.fixture
def membership(town):
    membership = town.memberships.get()
    with acting_as(Actor("person:1", "Rosa Beispiel")):
        membership.note = "Urkunde liegt vor."
        membership.save()
    return membership


@pytest.fixture
def pages(client_of, office, membership):
    """Addresses of every kind of page that the stock admin has, by name."""
    client = client_of(office)
    base = "admin:members_membership"
    paths = {
        "index": reverse("admin:index"),
        "list": reverse(f"{base}_changelist"),
        "add": reverse(f"{base}_add"),
        "change": reverse(f"{base}_change", args=[membership.pk]),
        "history": reverse(f"{base}_history", args=[membership.pk]),
        "delete": reverse(f"{base}_delete", args=[membership.pk]),
    }
    return {name: client.get(path).content.decode() for name, path in paths.items()}


def test_no_page_has_inline_styles_or_scripts(pages):
    for name, html in pages.items():
        assert "style=" not in html, name
        assert "<style" not in html, name
        assert not re.search(r"<script(?![^>]*\bsrc=)", html), name
        assert not re.search(r"\son\w+=", html), name


def test_every_page_stands_in_the_portals_frame(pages):
    for name, html in pages.items():
        assert html.count("<h1") == 1, name
        assert f'<form method="post" action="{reverse("account_logout")}">' in html, name
        assert f'<a class="wordmark" href="{reverse("start")}">' in html, name
        assert "css/tokens.css" in html, name
        assert "theme-toggle" not in html, name


def test_a_list_is_named_by_what_it_lists(pages):
    assert "<h1>Mitgliedschaften</h1>" in pages["list"]
    assert '<label for="searchbar">Suche</label>' in pages["list"]


def test_the_history_names_the_acting_person_and_the_change(pages):
    assert "Rosa Beispiel" in pages["history"]
    assert "„Urkunde liegt vor.“" in pages["history"]
    assert "Objekt" not in pages["history"]


def test_a_required_choice_begins_with_an_empty_option(pages):
    assert re.search(r'<select name="municipality"[^>]*required[^>]*><option value="">', pages["add"])


def test_date_and_time_have_a_label_each():
    html = AdminSplitDateTime().render("begin", None, attrs={"id": "id_begin"})
    assert '<label for="id_begin_0">' in html
    assert '<label for="id_begin_1">' in html


def test_who_is_signed_in_without_an_office_reads_what_to_do(client_of, contact):
    response = client_of(contact).get(reverse("admin:index"), follow=True)
    assert response.status_code == 403
    assert "Ihr Konto hat dafür keine Berechtigung." in response.content.decode()


def test_a_record_leads_only_where_the_reader_may_go(client_of, office, contact):
    """Accounts are the administrators'; the office sees whose mails they were, and no link to an error."""
    batch = Batch.objects.create(title="Einladung", kind="meetings.invitation", created_by=office, held_until=now())
    person = contact.persons.get()
    for row, account in ((batch, office), (person, contact)):
        name = row._meta.label_lower.replace(".", "_")
        page = client_of(office).get(reverse(f"admin:{name}_change", args=[row.pk])).text
        assert str(account) in page
        assert reverse("admin:users_user_change", args=[account.pk]) not in page
    page = client_of(office).get(reverse("admin:core_batch_change", args=[batch.pk])).text
    links = {link for link in re.findall(r'href="(/verwaltung/[^"?#]+)"', page) if "abmelden" not in link}
    assert {client_of(office).get(link).status_code for link in links} == {200}


def test_lists_of_memberships_read_well_with_several(client_of, office, db):
    MembershipFactory.create_batch(2)
    html = client_of(office).get(reverse("admin:members_membership_changelist")).content.decode()
    assert "2 Mitgliedschaften" in html
