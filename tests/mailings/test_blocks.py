"""Blocks from the portal: what they show, and what is a mistake before anything leaves the house."""

import pytest
from django.core.exceptions import ValidationError

from mailings import blocks
from tests.factories import MeetingFactory, MunicipalityFactory, ProfileFactory
from tests.meetings.documented import documented, published

pytestmark = pytest.mark.django_db


def mistakes(text, **values) -> list[str]:
    with pytest.raises(ValidationError) as caught:
        blocks.expand(text, **values)
    return caught.value.messages


def test_a_date_shows_what_the_portal_knows():
    meeting = MeetingFactory(title="Reden & Zuhören", summary="Ein <b>Tag</b>.")
    body = blocks.expand(f"Vorher\n\n{blocks.meeting_block(meeting)}\n\nNachher")
    assert f'<a href="http://testserver{meeting.get_absolute_url()}">Reden &amp; Zuhören</a>' in body.html
    assert "<b>" not in body.html
    assert body.text.startswith("Vorher\n\nReden & Zuhören\nWorkshop, ")
    assert body.text.endswith("Ein <b>Tag</b>.\n\nNachher")


def test_a_documentation_once_it_is_published(office):
    meeting = documented(office)
    line = f"{{Dokumentation: {meeting.year}/{meeting.slug}}}"
    assert "ist keine veröffentlicht" in mistakes(line)[0]
    published(office, meeting)
    shown = blocks.expand(line)
    assert f"http://testserver{meeting.get_absolute_url()}dokumentation/" in shown.html
    assert f"Dokumentation: {meeting.title}" in shown.text
    assert line in [value for _, group in blocks.choices() for value, _ in group]


def test_a_member_and_a_button():
    body = MunicipalityFactory(name="Xanten", slug="xanten", member=True)
    ProfileFactory(municipality=body, summary="Viele machen mit.")
    found = blocks.expand("{Mitglied: xanten}\n{Knopf: Zum Antrag | /mitmachen/}")
    assert "Viele machen mit." in found.html
    assert '<p class="action"><a href="http://testserver/mitmachen/">Zum Antrag</a></p>' in found.html
    assert found.text.endswith("Zum Antrag: http://testserver/mitmachen/")


@pytest.mark.parametrize(
    ("text", "begin"),
    [
        ("{Termin: 2027/gibt-es-nicht}", "Wählen Sie einen anderen Termin"),
        ("{Termin: ²²²²/x}", "Wählen Sie einen anderen Termin"),
        ("{Mitglied: nirgends}", "Wählen Sie eine andere Kommune"),
        ("{Umfrage: 7}", "„Umfrage“ ist kein Baustein."),
        ("{Knopf: Los | javascript:alert(1)}", "Schreiben Sie im Knopf"),
        ("{Knopf: Los | //fremd.example/}", "Schreiben Sie im Knopf"),
        ("{Knopf: Los | https://[}", "Schreiben Sie im Knopf"),
        ("Guten Tag {vorname},", "Nehmen Sie {vorname} heraus."),
        ("Guten Tag {", "Nehmen Sie { heraus."),
    ],
)
def test_what_names_nothing_is_said_in_words(text, begin):
    assert mistakes(text)[0].startswith(begin)


def test_all_mistakes_are_told_at_once():
    assert len(mistakes("{Mitglied: a}\n\n{Termin: b}")) == 2


def test_what_not_all_may_know_of_stays_out_but_for_who_is_invited():
    summit = MeetingFactory(audience="invited", access_note="Stufenlos.")
    line = blocks.meeting_block(summit)
    assert mistakes(line)
    assert mistakes(blocks.meeting_block(MeetingFactory(state="draft")))
    assert "Stufenlos." in blocks.expand(line, inviting_to=summit).html


def test_a_meeting_called_off_is_a_mistake():
    assert "abgesagt" in mistakes(blocks.meeting_block(MeetingFactory(state="cancelled")))[0]


@pytest.mark.once
def test_markup_of_the_writer_and_names_of_readers_stay_words():
    body = blocks.expand('Guten Tag {name},\n\n<script>alert(1)</script> [x](javascript:alert(1)) <img src="x">')
    for name in ("<b>Rosa</b>", "{name}", "Rosa & Rudi"):
        shown = body.for_reader(name)
        assert "<script" not in shown.html
        assert "<img" not in shown.html
        assert "<b>" not in shown.html
        assert "javascript:" not in shown.html.replace("(javascript:alert(1))", "")
    assert body.for_reader("").text.startswith("Guten Tag,")
