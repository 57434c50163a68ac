"""Personal links: what leads to its row, what does not, and that nobody but the holder learns of a token."""

import logging

import pytest
from django.db import connection, models
from django.http import HttpResponse
from django.test import Client
from django.test.utils import isolate_apps
from django.urls import path
from django.views.decorators.http import require_http_methods
from hypothesis import given
from hypothesis import strategies as st

from core.links import Linked, by_link, row_for, row_or_404, token_for, withdraw
from core.logs import Formatter
from netzwerk.urls import handler400, handler500  # noqa: F401 - as in operation
from netzwerk.urls import urlpatterns as portal

pytestmark = pytest.mark.django_db

with isolate_apps("core"):

    class Ticket(Linked):
        """Stands for an invitation: a link to answer it, another one to read it."""

        answer = models.CharField(max_length=20, blank=True)

        class Meta:
            app_label = "core"

    class Coupon(Linked):
        class Meta:
            app_label = "core"


@by_link
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request, token):
    ticket = row_or_404(Ticket, "answer", token)
    if request.method == "POST":
        ticket.answer = "kommt"
        ticket.save()
    return HttpResponse(f"Antwort: {ticket.answer or 'offen'}")


def fail(request, token):
    raise RuntimeError(token)


urlpatterns = [
    *portal,
    path("probe-link/<str:token>/", answer),
    path("probe-link/<str:token>.ics", answer),
    path("test-error/<str:token>/", fail),
]


@pytest.fixture(scope="module", autouse=True)
def _tables(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        with connection.schema_editor() as editor:
            editor.create_model(Ticket)
            editor.create_model(Coupon)
        yield
        with connection.schema_editor() as editor:
            editor.delete_model(Ticket)
            editor.delete_model(Coupon)


@pytest.fixture
def ticket():
    return Ticket.objects.create()


@pytest.fixture
def visitor(settings):
    settings.ROOT_URLCONF = __name__
    return Client()


def test_a_token_leads_to_its_row_and_is_the_same_each_time(ticket):
    Ticket.objects.create()
    token = token_for(ticket, "answer")
    assert token == token_for(Ticket.objects.get(pk=ticket.pk), "answer")
    assert row_for(Ticket, "answer", token) == ticket
    assert row_for(Ticket.objects.only("link_id", "link_version"), "answer", token) == ticket


def test_a_token_is_short_and_survives_mail_programs(ticket):
    token = token_for(ticket, "answer")
    assert len(token) == 52
    assert token.isalnum()
    assert token == token.lower()


def changed(token, place):
    other = "a" if token[place] != "a" else "b"
    return token[:place] + other + token[place + 1 :]


def test_forged_cut_and_strange_tokens_lead_nowhere(ticket):
    token, other = token_for(ticket, "answer"), token_for(Ticket.objects.create(), "answer")
    forged = [changed(token, place) for place in range(51)] + [token[:26] + other[26:], other[:26] + token[26:]]
    cut = [token[:length] for length in range(52)]
    strange = [token + "a", token + "\x00", "\x00" * 52, "ü" * 52, "²" * 52, token.upper(), f" {token}", token * 10_000]
    strange += [f"{token}\n", str(ticket.pk), "../" * 20, "%" * 52, "\ud800" * 52]
    assert [bad for bad in forged + cut + strange if row_for(Ticket, "answer", bad)] == []


@given(st.text(max_size=60))
def test_no_text_leads_anywhere_or_fails(text):
    assert row_for(Ticket, "answer", text) is None


def test_a_token_holds_for_its_purpose_and_its_model_alone(ticket):
    token = token_for(ticket, "answer")
    Coupon.objects.create(pk=ticket.pk, link_id=ticket.link_id)
    assert row_for(Ticket, "read", token) is None
    assert row_for(Ticket, "answe", token) is None
    assert row_for(Coupon, "answer", token) is None


def test_withdrawn_links_are_dead_and_new_ones_hold(ticket):
    other = Ticket.objects.create()
    old = {purpose: token_for(ticket, purpose) for purpose in ("answer", "read")}
    assert withdraw(Ticket.objects.filter(pk=ticket.pk)) == 1
    assert [purpose for purpose, token in old.items() if row_for(Ticket, purpose, token)] == []
    assert [purpose for purpose, token in old.items() if not row_for(Ticket, purpose, token, withdrawn=True)] == []
    assert row_for(Ticket, "answer", token_for(other, "answer")) == other
    ticket.refresh_from_db()
    assert row_for(Ticket, "answer", token_for(ticket, "answer")) == ticket


def test_saving_an_object_read_before_the_withdrawal_does_not_undo_it(ticket):
    token, stale = token_for(ticket, "answer"), Ticket.objects.get(pk=ticket.pk)
    withdraw(Ticket.objects.all())
    stale.answer = "kommt"
    stale.save()
    assert Ticket.objects.get().answer == "kommt"
    assert row_for(Ticket, "answer", token) is None


def test_a_new_key_leaves_the_links_of_the_old_one_alive_while_it_is_named(ticket, settings):
    token = token_for(ticket, "answer")
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "new", [settings.SECRET_KEY]
    assert row_for(Ticket, "answer", token) == ticket
    assert token_for(ticket, "answer") != token
    settings.SECRET_KEY_FALLBACKS = []
    assert row_for(Ticket, "answer", token) is None


def test_m15_opening_a_link_changes_nothing_however_often(visitor, ticket):
    address = f"/probe-link/{token_for(ticket, 'answer')}/"
    for _ in range(3):
        assert visitor.get(address).content == b"Antwort: offen"
        assert visitor.head(address).status_code == 200
    assert visitor.post(address).content == b"Antwort: kommt"
    assert visitor.get(address).content == b"Antwort: kommt"


@pytest.mark.parametrize("ending", ["/", ".ics"])
@pytest.mark.parametrize("good", [True, False])
def test_a4_pages_by_link_are_kept_by_nobody(visitor, ticket, good, ending):
    token = token_for(ticket, "answer" if good else "read")
    response = visitor.get(f"/probe-link/{token}{ending}")
    assert response.status_code == (200 if good else 404)
    assert response["Cache-Control"] == "private, no-store"
    assert response["Referrer-Policy"] == "same-origin"
    assert response["X-Robots-Tag"] == "noindex, nofollow"


@pytest.mark.parametrize("token", ["x", "a" * 52, "%00", "%ff%fe", "ü" * 20, "a" * 5_000])
def test_a_dead_link_says_what_to_do(visitor, token):
    response = visitor.get(f"/probe-link/{token}/")
    assert response.status_code == 404
    page = response.content.decode()
    assert "Dieser Link gilt nicht mehr." in page
    assert 'href="/kontakt/"' in page
    assert visitor.post(f"/probe-link/{token}/").status_code == 404


def test_a4_no_token_in_any_log(visitor, ticket, caplog):
    token, dead = token_for(ticket, "answer"), token_for(ticket, "read")
    visitor.raise_request_exception = False
    visitor.get(f"/probe-link/{dead}/")
    visitor.get(f"/probe-link/{token}/weiter/")
    assert visitor.get(f"/test-error/{token}/").status_code == 500
    raw = "\n".join(record.getMessage() for record in caplog.records)
    assert token in raw  # Django would tell it
    assert dead in raw
    handler = logging.getLogger().handlers[0]
    assert isinstance(handler.formatter, Formatter)
    written = "\n".join(handler.formatter.format(record) for record in caplog.records)
    assert token not in written
    assert dead not in written
    assert "/probe-link/[Link]/" in written
    assert "RuntimeError: [Link]" in written
