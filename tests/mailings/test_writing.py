"""Writing: beginning, saving, copying, trying out, handing over; two people at the same mailing."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from core import delivery
from core.models import OutgoingMail
from mailings import actions
from mailings.models import Mailing
from tests.factories import ContactPersonFactory, MeetingFactory, MunicipalityFactory, PersonFactory
from tests.mailing_factories import MailingFactory

pytestmark = pytest.mark.django_db

TYPED = {"rubric": "", "archive": "members", "subject": "Hallo", "text": "Guten Tag"}


@pytest.fixture
def desk(client_of, office):
    return client_of(office)


@pytest.fixture
def draft(office):
    return MailingFactory(author=office)


def post(client, name, mailing, **data):
    return client.post(reverse(name, args=[mailing.pk]), data, follow=True)


def test_the_list_leads_to_a_new_draft_with_a_greeting(desk, office):
    page = desk.post(reverse("write_mailing"), follow=True)
    mailing = Mailing.objects.get()
    assert page.redirect_chain == [(reverse("mailing", args=[mailing.pk]), 302)]
    assert (mailing.author, mailing.state, mailing.text) == (office, "draft", actions.GREETING)


def test_what_was_typed_is_kept_by_itself_and_the_page_learns_the_version(desk, draft):
    seen = draft.history.first().pk
    answer = desk.post(reverse("mailing", args=[draft.pk]), {**TYPED, "seen": seen, "quietly": "1"})
    assert (answer.status_code, int(answer.headers["X-Seen"])) == (204, draft.history.first().pk)
    draft.refresh_from_db()
    assert (draft.subject, draft.text) == ("Hallo", "Guten Tag")


def test_saving_what_is_the_same_leaves_no_trace(desk, draft):
    same = {"rubric": "", "archive": "members", "subject": draft.subject, "text": draft.text}
    post(desk, "mailing", draft, **same, seen=draft.history.first().pk)
    assert draft.history.count() == 1


def test_the_second_of_two_is_told_and_decides(desk, client_of, chancellery, draft):
    seen = draft.history.first().pk
    post(client_of(chancellery), "mailing", draft, **TYPED, seen=seen)
    quiet = desk.post(reverse("mailing", args=[draft.pk]), {**TYPED, "subject": "Meins", "seen": seen, "quietly": "1"})
    assert quiet.status_code == 409
    page = post(desk, "mailing", draft, **{**TYPED, "subject": "Meins"}, seen=seen)
    assert "Vergleichen Sie und speichern Sie noch einmal" in page.text
    assert Mailing.objects.get().subject == "Hallo"
    post(desk, "mailing", draft, **{**TYPED, "subject": "Meins"}, seen=page.context["form"].data["seen"])
    assert Mailing.objects.get().subject == "Meins"


def test_whoever_changed_it_last_is_its_author(client_of, chancellery, draft):
    post(client_of(chancellery), "mailing", draft, **TYPED, seen=draft.history.first().pk)
    assert Mailing.objects.get().author == chancellery


@pytest.mark.parametrize(
    ("subject", "error"),
    [
        ("Hallo\r\nBcc: x@y.example", "Schreiben Sie den Text in eine einzige Zeile."),
        ("Guten Tag {name}", "Nehmen Sie {name} heraus"),
        ("x" * 151, "höchstens 150"),
    ],
)
def test_a_subject_that_cannot_be_one_is_said_at_its_field(desk, draft, subject, error):
    page = post(desk, "mailing", draft, **{**TYPED, "subject": subject})
    assert error in " ".join(page.context["form"].errors["subject"])
    assert Mailing.objects.get().subject == draft.subject


def test_bidi_characters_leave_and_emoji_stay(desk, draft):
    post(desk, "mailing", draft, **{**TYPED, "subject": "Neu \u202egnp.exe 🎉", "text": "A" * 998})
    mailing = Mailing.objects.get()
    assert (mailing.subject, len(mailing.text)) == ("Neu gnp.exe 🎉", 998)


def test_a_block_goes_to_the_end_of_the_text_without_script(desk, draft):
    post(desk, "mailing", draft, **TYPED, block="{Mitglied: rheine}", put="1")
    assert Mailing.objects.get().text == "Guten Tag\n\n{Mitglied: rheine}\n"


def test_the_preview_shows_what_stands_in_the_form(desk, draft):
    html = desk.post(reverse("mailing_html", args=[draft.pk]), {**TYPED, "text": "Guten Tag {name} <b>fett</b>"})
    assert "Guten Tag Dr. Ada Beispiel &lt;b&gt;fett&lt;/b&gt;" in html.text
    assert "sandbox" in html.headers["Content-Security-Policy"]
    text = desk.post(reverse("mailing_txt", args=[draft.pk]), {**TYPED, "text": "{Mitglied: nirgends}"})
    assert text.text == "Wählen Sie eine andere Kommune: „nirgends“ ist kein Mitglied."


def test_a_test_goes_to_oneself_alone(desk, office, draft, mailoutbox):
    post(desk, "mailing", draft, **TYPED, test="1")
    delivery.run_sender()
    (letter,) = mailoutbox
    assert (letter.subject, letter.to) == ("Test: Hallo", [office.email])
    assert Mailing.objects.get().state == "draft"


def test_a_test_of_what_cannot_be_sent_says_why(desk, draft, mailoutbox):
    page = post(desk, "mailing", draft, **{**TYPED, "subject": "", "text": "{Termin: x}"}, test="1")
    assert "Geben Sie einen Betreff ein." in page.text
    assert "Wählen Sie einen anderen Termin" in page.text
    assert not OutgoingMail.objects.exists()


def test_handing_over_asks_for_readers_first(desk, draft, town):
    page = post(desk, "mailing", draft, **TYPED, submit="1")
    assert "Zurzeit ist das niemand." in page.text
    ContactPersonFactory(municipality=town)
    page = post(desk, "mailing", draft, **TYPED, submit="1")
    assert "Zur Freigabe gegeben: Eine Person aus einer Kommune." in page.text
    assert Mailing.objects.get().is_submitted


def test_a_copy_takes_text_and_audience_but_no_state(desk, office):
    mailing = MailingFactory(sent=True, bezirke=["Köln"], rubric="funding")
    mailing.added.add(person := PersonFactory())
    post(desk, "copy_mailing", mailing)
    new = Mailing.objects.exclude(pk=mailing.pk).get()
    assert (new.state, new.batch, new.author) == ("draft", None, office)
    assert (new.subject, new.bezirke, new.rubric) == (mailing.subject, ["Köln"], "funding")
    assert list(new.added.all()) == [person]


def test_an_invitation_begins_with_the_meeting_and_is_begun_once(desk, chancellery):
    meeting = MeetingFactory(title="Reden")
    for _ in range(2):
        page = post(desk, "write_invitation", meeting)
    mailing = Mailing.objects.get()
    assert page.redirect_chain == [(reverse("mailing", args=[mailing.pk]), 302)]
    assert mailing.subject == f"Einladung: Reden, {meeting.when}"
    assert "wir laden Sie herzlich ein: „Reden“." in mailing.text
    assert mailing.text.endswith(f"{{Termin: {meeting.year}/reden}}")


def test_the_next_invitation_has_the_words_of_the_last(office):
    before, meeting = MeetingFactory(title="Vorher"), MeetingFactory(title="Nachher")
    text = f"Liebe Leute,\n\n{{Termin: {before.year}/vorher}}\n\nbis bald!"
    MailingFactory(sent=True, invites_to=before, text=text)
    mailing = actions.write_invitation(meeting, by=office)
    assert mailing.text == f"Liebe Leute,\n\n{{Termin: {meeting.year}/nachher}}\n\nbis bald!"


def test_only_a_draft_can_be_thrown_away(draft):
    with pytest.raises(ValidationError):
        actions.discard(MailingFactory(submitted=True))
    actions.discard(draft)
    assert not Mailing.objects.filter(pk=draft.pk).exists()


def test_the_audience_page_adds_and_leaves_out_single_people(desk, draft):
    town = MunicipalityFactory(member=True)
    rosa = ContactPersonFactory(municipality=town, person__last_name="Probe").person
    guest = PersonFactory(first_name="Gesa", last_name="Gast")
    url = reverse("mailing_audience", args=[draft.pk])
    page = desk.post(url, {"groups": ["contacts"], "wer": "gesa gast"}, follow=True)
    assert "2 Personen aus einer Kommune" in page.text
    page = desk.post(reverse("leave_out_reader", args=[draft.pk, rosa.pk]), follow=True)
    assert "von Hand ausgenommen" in page.text
    assert list(draft.left_out.all()) == [rosa]
    desk.post(reverse("take_in_reader", args=[draft.pk, rosa.pk]))
    assert (list(draft.left_out.all()), list(draft.added.all())) == ([], [guest])


@pytest.mark.parametrize(
    ("data", "field", "error"),
    [
        ({"groups": ["registered"]}, "meeting", "Wählen Sie den Termin"),
        ({"wer": "niemand"}, "wer", "So heißt niemand im Portal."),
        ({"wer": ","}, "wer", "So heißt niemand im Portal."),
        ({"wer": "Gäst"}, "wer", "Geben Sie die E-Mail-Adresse ein, es gibt mehrere:"),
        ({"groups": ["alle"]}, "groups", "Wählen Sie einen Eintrag aus der Liste."),
    ],
)
def test_what_the_audience_page_does_not_understand(desk, draft, data, field, error):
    PersonFactory.create_batch(2, last_name="Gäst")
    page = desk.post(reverse("mailing_audience", args=[draft.pk]), data)
    assert error in page.context["form"].errors[field][0]
