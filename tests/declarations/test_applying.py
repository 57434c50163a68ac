"""From the first interest to an application that is handed in: the verbs of those who apply."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.utils import timezone

from core import delivery
from core.models import MailState, OutgoingMail
from declarations import applying
from declarations.evidence import read
from declarations.models import Application, ApplicationState, Criterion, Review
from members.models import CandidacyStage
from tests.factories import ApplicationFactory, MunicipalityFactory
from tests.pictures import picture

pytestmark = pytest.mark.django_db
S = ApplicationState
WANDA = {"name": "Wanda Probe", "office": "Ehrenamt", "email": "Wanda@Stadt.example"}


@pytest.fixture
def body():
    return MunicipalityFactory(name="Wettringen", slug="wettringen")


@pytest.fixture
def draft(body):
    return ApplicationFactory(municipality=body)


@pytest.fixture
def full(body):
    return ApplicationFactory(municipality=body, filled=True)


def wanda(application):
    return application.applicants.first()


def mails(kind):
    return OutgoingMail.objects.filter(kind=f"declarations.{kind}")


def ask_about(answer, comment="Ab wann?"):
    answer.review, answer.comment = Review.QUERY, comment
    answer.save()


def test_an_interest_stands_in_nobodys_way_until_it_is_confirmed(body):
    first = applying.ask(body, **WANDA)
    second = applying.ask(body, **WANDA | {"email": "willi@stadt.example"})
    assert body.candidacy() is None
    applying.confirm(wanda(second))
    second.refresh_from_db()
    assert second.state == S.DRAFT
    assert body.candidacy().stage == CandidacyStage.INTERESTED
    with pytest.raises(ValidationError, match="läuft schon ein Antrag"):
        applying.confirm(wanda(first))


def test_confirming_twice_begins_once(body):
    applicant = wanda(applying.ask(body, **WANDA))
    applying.confirm(applicant)
    applying.confirm(applicant)
    assert applicant.application.answers.count() == len(Criterion)


def test_a_member_and_a_body_that_applies_are_told_so_kindly(body, town, draft):
    with pytest.raises(ValidationError, match="Rheine ist schon Mitglied"):
        applying.ask(town, **WANDA)
    with pytest.raises(ValidationError, match="läuft schon ein Antrag"):
        applying.ask(body, **WANDA)


def test_the_database_knows_one_open_application_per_body(draft):
    with pytest.raises(IntegrityError), transaction.atomic():
        Application.objects.create(municipality=draft.municipality, state=S.SUBMITTED)


def test_nobody_fills_a_strangers_mailbox(body):
    for _ in range(5):
        applying.ask(body, **WANDA)
    assert mails("interest").count() == 3


def test_the_mail_bears_the_link_and_is_not_sent_once_confirmed(body):
    applicant = wanda(applying.ask(body, **WANDA))
    applying.ask(body, **WANDA | {"email": "willi@stadt.example"})
    applying.confirm(applicant)
    delivery.run_sender()
    letter = mails("interest").get(to_address="willi@stadt.example")
    assert (letter.state, "/antrag/" in letter.text, "Wettringen" in letter.subject) == (MailState.SENT, True, True)
    skipped = mails("interest").get(to_address="wanda@stadt.example")
    assert (skipped.state, skipped.reason) == (MailState.SKIPPED, "Die Anfrage ist schon bestätigt.")


def test_what_is_typed_is_kept_with_the_name_of_who_typed_it(draft):
    applying.save(wanda(draft), Criterion.SHARED, [{"text": "Fünf Ämter wirken mit."}], [0])
    answer = draft.answers.get(criterion=Criterion.SHARED)
    assert answer.text == "Fünf Ämter wirken mit."
    assert answer.history.first().actor_name == "Wanda Probe"


def test_of_two_who_write_the_second_is_told_and_the_first_ones_text_stays(draft):
    seen = draft.answers.get(criterion=Criterion.SHARED).history.first().pk
    colleague = applying.share(wanda(draft), name="Willi Muster", email="willi@stadt.example")
    applying.save(colleague, Criterion.SHARED, [{"text": "Von Willi."}], [seen])
    with pytest.raises(applying.ChangedMeanwhileError) as told:
        applying.save(wanda(draft), Criterion.SHARED, [{"text": "Von Wanda."}], [seen])
    assert told.value.news.who == "Willi Muster"
    assert draft.answers.get(criterion=Criterion.SHARED).text == "Von Willi."


def test_an_incomplete_application_says_what_is_missing(draft):
    with pytest.raises(ValidationError) as refused:
        applying.submit(wanda(draft))
    assert "Wählen Sie eine der drei Antworten zur Ehrenamtskarte NRW." in refused.value.messages
    assert "Geben Sie den Nachnamen der Ansprechperson ein." in refused.value.messages
    assert "Wählen Sie, wer unterzeichnet." in refused.value.messages
    assert not any("Vertretung" in sentence for sentence in refused.value.messages)


def test_a_complete_one_is_handed_in_and_everybody_who_works_on_it_hears_of_it(full):
    applying.share(wanda(full), name="Willi Muster", email="willi@stadt.example")
    applying.submit(wanda(full))
    full.refresh_from_db()
    assert (full.state, full.standing.holder) == (S.SUBMITTED, "office")
    assert full.municipality.candidacy().stage == CandidacyStage.APPLYING
    assert mails("application_received").count() == 2
    with pytest.raises(ValidationError, match="ist inzwischen weiter"):
        applying.submit(wanda(full))


def test_a_question_reopens_its_card_alone_and_the_answer_goes_back(full):
    applying.submit(wanda(full))
    ask_about(full.answers.get(criterion=Criterion.THANKS))
    full = Application.objects.get(pk=full.pk)
    assert full.standing.holder == "body"
    assert [key for key in Criterion.values if full.may_edit(key)] == [Criterion.THANKS]
    with pytest.raises(ValidationError, match="ist inzwischen weiter"):
        applying.save(wanda(full), Criterion.SHARED, [{"text": "Anders."}], [0])
    applying.save(wanda(full), Criterion.THANKS, [{"text": "Ab Mai."}], [0])
    assert Application.objects.queried().exists()
    applying.answer_query(wanda(full), Criterion.THANKS)
    assert list(Application.objects.to_check()) == [full]
    assert Application.objects.get(pk=full.pk).standing.holder == "office"


def test_withdrawing_ends_it_tells_all_and_lets_the_body_begin_anew(full):
    applying.submit(wanda(full))
    applying.withdraw(wanda(full), reason="Der Rat berät später.")
    full.refresh_from_db()
    assert (full.state, full.reason) == (S.WITHDRAWN, "Der Rat berät später.")
    assert full.municipality.candidacy() is None
    assert set(mails("application_withdrawn").values_list("recipient_key", flat=True)) == {wanda(full).key, "office"}
    applying.confirm(wanda(applying.ask(full.municipality, **WANDA)))


def test_files_are_kept_five_to_a_question_and_go_with_their_row(draft, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    new = read(SimpleUploadedFile("foto.png", picture("PNG")))
    for _ in range(5):
        attachment = applying.attach(wanda(draft), Criterion.SHARED, new)
    assert (attachment.name, attachment.content_type, attachment.added_by) == ("foto.png", "image/webp", "Wanda Probe")
    with pytest.raises(ValidationError, match="Entfernen Sie zuerst eine Datei"):
        applying.attach(wanda(draft), Criterion.SHARED, new)
    applying.detach(wanda(draft), attachment)
    assert draft.attachments.count() == 4


def test_a_colleague_gets_one_link_of_her_own(draft):
    applying.share(wanda(draft), name="Willi Muster", email="willi@stadt.example")
    with pytest.raises(ValidationError, match="hat schon einen Link"):
        applying.share(wanda(draft), name="Willi Muster", email="Willi@stadt.example")
    delivery.run_sender()
    letter = mails("application_link").get()
    assert "Wanda Probe hat Sie dazugenommen." in letter.text


def test_a_lost_link_comes_again_to_the_known_address_and_to_no_other(draft):
    applying.send_links("fremd@stadt.example")
    assert not mails("application_link").exists()
    for _ in range(5):
        applying.send_links("WANDA@stadt.example")
    assert mails("application_link").count() == 3


def test_who_is_silent_is_reminded_twice_and_never_while_it_is_not_her_turn(draft):
    def silent_for(weeks):
        Application.objects.update(saved_at=timezone.now() - datetime.timedelta(weeks=weeks))

    silent_for(2)
    assert applying.remind() == 0
    silent_for(4)
    assert [applying.remind(), applying.remind()] == [1, 0]
    silent_for(9)
    assert [applying.remind(), applying.remind()] == [1, 0]
    Application.objects.update(state=S.SUBMITTED, reminders=0)
    assert applying.remind() == 0
    delivery.run_sender()
    assert set(mails("application_reminder").values_list("state", flat=True)) == {MailState.SKIPPED}
