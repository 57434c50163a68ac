"""The office's side of an application: asking back, giving on, deciding, and what follows from it."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from core import delivery
from core.models import OutgoingMail
from declarations import applying, privacy, reviewing
from declarations.models import Applicant, Application, ApplicationState, Criterion, Nominee, Review
from members.models import CandidacyStage, ContactPerson, Person, ProfileDraft
from tests.declaration_factories import DeclarationFactory
from tests.factories import ApplicationFactory, MunicipalityFactory, PersonFactory

pytestmark = pytest.mark.django_db
S = ApplicationState


@pytest.fixture(autouse=True)
def _a_declaration_is_in_force():
    DeclarationFactory()


@pytest.fixture
def body():
    return MunicipalityFactory(name="Wettringen", slug="wettringen")


@pytest.fixture
def submitted(body):
    application = ApplicationFactory(municipality=body, filled=True)
    applying.submit(application.applicants.get())
    application.refresh_from_db()
    return application


@pytest.fixture
def forwarded(submitted, office):
    reviewing.forward(submitted, by=office)
    submitted.refresh_from_db()
    return submitted


def version(answer):
    return answer.history.first().pk


def card(application, criterion=Criterion.THANKS):
    return application.answers.get(criterion=criterion)


def ask(application, by, comment="Ab wann gibt es die Karte?", criterion=Criterion.THANKS):
    answer = card(application, criterion)
    reviewing.query(answer, comment=comment, seen=version(answer), by=by)


def mails(kind):
    return OutgoingMail.objects.filter(kind=f"declarations.application_{kind}")


def test_a_question_mails_itself_alone_with_the_link_to_its_card(submitted, office):
    ask(submitted, office)
    delivery.run_sender()
    letter = mails("query").get()
    assert "Ab wann gibt es die Karte?" in letter.text
    assert "/ehrenamtskarte/" in letter.text
    assert "Das gibt es bei uns" not in letter.text
    assert list(Application.objects.queried()) == [submitted]


def test_a_question_needs_words(submitted, office):
    with pytest.raises(ValidationError, match="Schreiben Sie Ihre Frage"):
        ask(submitted, office, comment="")
    assert not mails("query").exists()


def test_a_question_answered_before_it_went_out_is_not_asked(submitted, office):
    ask(submitted, office)
    applying.answer_query(submitted.applicants.get(), Criterion.THANKS)
    delivery.run_sender()
    assert mails("query").get().reason == "Die Rückfrage ist schon beantwortet."


def test_of_two_staff_at_one_card_the_second_is_told_by_name(submitted, office, chancellery):
    answer = card(submitted)
    seen = version(answer)
    reviewing.query(answer, comment="Ab wann?", seen=seen, by=office)
    with pytest.raises(ValidationError, match=f"{office} hat „Dank, der sichtbar ist“ inzwischen geändert"):
        reviewing.mark(answer, Review.MET, seen=seen, by=chancellery)
    assert card(submitted).review == Review.QUERY


def test_giving_on_says_that_all_is_met_and_waits_for_open_questions(submitted, office):
    ask(submitted, office)
    with pytest.raises(ValidationError, match="Warten Sie auf die Antwort"):
        reviewing.forward(submitted, by=office)
    applying.answer_query(submitted.applicants.get(), Criterion.THANKS)
    reviewing.forward(submitted, by=office)
    assert set(submitted.answers.values_list("review", flat=True)) == {Review.MET}
    assert list(Application.objects.to_decide()) == [submitted]


def test_a_question_of_the_staatskanzlei_brings_it_back_to_the_geschaeftsstelle(forwarded, chancellery):
    ask(forwarded, chancellery)
    assert list(Application.objects.queried()) == [forwarded]
    applying.answer_query(forwarded.applicants.get(), Criterion.THANKS)
    assert list(Application.objects.to_check()) == [forwarded]


def test_of_two_who_decide_one_wins_and_the_other_is_told(forwarded, chancellery, office):
    reviewing.accept(forwarded, by=chancellery)
    with pytest.raises(ValidationError, match=f"{chancellery} hat am .* entschieden: angenommen"):
        reviewing.refuse(forwarded, reason="Anders.", by=office)
    forwarded.refresh_from_db()
    assert forwarded.state == S.ACCEPTED
    assert not mails("refused").exists()


def test_acceptance_enters_the_persons_drafts_the_profile_and_tells_all_in_one_step(forwarded, chancellery):
    Nominee.objects.filter(application=forwarded, is_deputy=True).update(
        first_name="Willi", last_name="Muster", email="willi@stadt.example"
    )
    reviewing.accept(forwarded, by=chancellery)
    contacts = ContactPerson.objects.filter(municipality=forwarded.municipality)
    assert [(contact.person.name, contact.is_deputy) for contact in contacts] == [
        ("Wilma Muster", False),
        ("Willi Muster", True),
    ]
    draft = ProfileDraft.objects.get(municipality=forwarded.municipality)
    assert draft.person.name == "Wilma Muster"
    assert draft.typed["volunteer_card"] == ["planned"]
    assert {mail.to_address for mail in mails("accepted")} == {
        "wanda@stadt.example", "wilma@stadt.example", "willi@stadt.example",
    }  # fmt: skip
    assert forwarded.municipality.candidacy().stage == CandidacyStage.APPLYING
    assert list(Application.objects.to_sign()) == [forwarded]
    assert not Person.objects.filter(user__isnull=False, contact_functions__in=contacts).exists()


def test_a_person_known_already_is_not_entered_twice(forwarded, chancellery):
    known = PersonFactory(first_name="Wilma", last_name="Muster", email="wilma@stadt.example")
    reviewing.accept(forwarded, by=chancellery)
    assert ContactPerson.objects.get(municipality=forwarded.municipality).person == known


def test_a_refusal_says_why_and_ends_the_candidacy(forwarded, chancellery):
    with pytest.raises(ValidationError, match="Begründen Sie die Ablehnung"):
        reviewing.refuse(forwarded, reason="", by=chancellery)
    reviewing.refuse(forwarded, reason="Es fehlt eine Ansprechperson.", by=chancellery)
    delivery.run_sender()
    assert "Es fehlt eine Ansprechperson." in mails("refused").get().text
    assert forwarded.municipality.candidacy() is None


def test_the_history_names_who_did_what(forwarded, chancellery, office):
    reviewing.accept(forwarded, reason="Alles da.", by=chancellery)
    assert forwarded.history.first().history_user == chancellery
    assert card(forwarded).history.first().history_user == office


def test_what_ended_is_forgotten_after_its_period_with_files_and_versions(forwarded, chancellery, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    reviewing.refuse(forwarded, reason="Es fehlt etwas.", by=chancellery)
    new = applying.NewFile("x.pdf", "application/pdf", b"%PDF-1.7")
    row = forwarded.attachments.model(application=forwarded, section="beschluss", name="x", size=1)
    row.content_type = new.content_type
    row.file = applying.ContentFile(new.data, "datei")
    row.save()
    Application.objects.update(ended_at=timezone.now() - datetime.timedelta(days=180))
    assert privacy.forget_ended() == 0
    Application.objects.update(ended_at=timezone.now() - datetime.timedelta(days=190))
    assert privacy.forget_ended() == 1
    kept = (Application, Applicant, Nominee, Application.history.model, Nominee.history.model)
    assert [model.objects.count() for model in kept] == [0] * 5


def test_an_unconfirmed_interest_and_a_forgotten_draft_go_too(body):
    applying.ask(MunicipalityFactory(), name="Wanda", office="Amt", email="wanda@stadt.example")
    draft = ApplicationFactory(municipality=body)
    old = timezone.now() - datetime.timedelta(days=400)
    assert (privacy.forget_requests(), privacy.forget_drafts()) == (0, 0)
    Application.objects.update(created_at=old, saved_at=old)
    assert (privacy.forget_requests(), privacy.forget_drafts()) == (1, 1)
    assert draft.municipality.candidacy() is None
