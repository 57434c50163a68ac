"""From the acceptance to the membership: the copy to sign, the signed file, and what the check sets going."""

import datetime

import pikepdf
import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from core.dates import today
from core.links import token_for
from core.models import OutgoingMail
from declarations import applying, reviewing, signing
from declarations.access import APPLYING
from declarations.models import Application, Declaration, Nominee, Signature, SigningCopy
from members import actions
from members.models import Membership, Person
from tests.declaration_factories import DeclarationFactory
from tests.factories import ApplicationFactory, MunicipalityFactory, UserFactory
from tests.pdf_files import saved, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _somewhere_to_keep_files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    DeclarationFactory()


@pytest.fixture
def accepted(office, chancellery):
    application = ApplicationFactory(
        municipality=MunicipalityFactory(name="Wettringen", slug="wettringen"), filled=True
    )
    applying.submit(application.applicants.get())
    reviewing.forward(application, by=office)
    reviewing.accept(application, by=chancellery)
    application.refresh_from_db()
    return application


@pytest.fixture
def link(accepted):
    token = token_for(accepted.applicants.first(), APPLYING)
    return lambda name="application": reverse(name, args=[token])


def sheet():
    """A PDF of one empty page: what a scanner makes."""
    with pikepdf.new() as file:
        file.add_blank_page()
        return saved(file)


def hand_in(client, link, **changes):
    file = SimpleUploadedFile("Erklaerung.pdf", changes.pop("data", sheet()))
    data = {"signed_on": str(today()), "place": "Wettringen", "file": file, **changes}
    return client.post(link("hand_in_signed"), data, follow=True).content.decode()


def test_who_signs_stands_in_the_copy_that_acceptance_prepares(client, accepted, link):
    copy = SigningCopy.objects.get()
    assert (copy.signatory_name, copy.signatory_office, copy.in_deputy) == ("Ada Beispiel", "Bürgermeisterin", False)
    answer = client.get(link("applicant_copy"))
    assert answer["Content-Disposition"] == 'attachment; filename="gemeinsame-erklaerung-wettringen.pdf"'
    assert "Ada Beispiel" in text_of(answer.content)
    assert "Wettringen" in text_of(answer.content)


def test_without_a_declaration_in_force_nobody_is_accepted(office, chancellery):
    Declaration.objects.all().delete()
    application = ApplicationFactory(filled=True)
    applying.submit(application.applicants.get())
    reviewing.forward(application, by=office)
    with pytest.raises(reviewing.ValidationError, match="Legen Sie zuerst die Fassung"):
        reviewing.accept(application, by=chancellery)
    application.refresh_from_db()
    assert application.state == "forwarded"
    assert not Person.objects.filter(last_name="Muster").exists()


def test_the_signed_file_waits_for_the_check_and_can_be_replaced(client, accepted, link):
    page = hand_in(client, link)
    assert "Die Erklärung liegt bei der Geschäftsstelle." in page
    hand_in(client, link, place="Rheine")
    assert Signature.objects.to_check().get().place == "Rheine"
    assert not Membership.objects.filter(municipality=accepted.municipality).exists()


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"data": b"\x89PNG"}, "Die gewählte Datei ist ein Bild."),
        ({"signed_on": "1.1.2099"}, "Er liegt in der Zukunft."),
        ({"signed_on": ""}, "Geben Sie den Tag ein, an dem unterzeichnet wurde."),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_kept(client, accepted, link, changes, sentence):
    assert sentence in hand_in(client, link, **changes)
    assert not Signature.objects.exists()


def test_a_refused_file_says_why_and_asks_for_another(client, accepted, link):
    hand_in(client, link)
    signing.withdraw(Signature.objects.get(), reason="Seite 2 fehlt.")
    page = client.get(link()).content.decode()
    assert "Laden Sie die Erklärung bitte noch einmal hoch." in page
    assert "Seite 2 fehlt." in page


def test_the_check_begins_the_membership_invites_the_contacts_and_tells_all(client, accepted, link, office):
    hand_in(client, link, signed_on="2026-03-01")
    signing.check(Signature.objects.get(), by=office)
    membership = Membership.objects.get(municipality=accepted.municipality)
    assert membership.started_on == datetime.date(2026, 3, 1)
    assert accepted.municipality.candidacy() is None
    assert Person.objects.get(last_name="Muster").user is not None
    invitations = OutgoingMail.objects.filter(kind="users.access_invitation")
    assert [mail.to_address for mail in invitations] == ["wilma@stadt.example"]
    assert OutgoingMail.objects.filter(kind="declarations.joined").count() == 2
    page = client.get(link()).content.decode()
    assert "Wettringen ist Mitglied im Kommunen-Netzwerk." in page
    assert 'href="/kommunen/wettringen/"' in page
    assert client.get("/kommunen/wettringen/").status_code == 200


def test_a_later_signature_of_a_new_version_welcomes_nobody_again(client, accepted, link, office):
    hand_in(client, link, signed_on="2026-03-01")
    signing.check(Signature.objects.get(), by=office)
    newer = signing.publish(DeclarationFactory.build(started_on=datetime.date(2026, 6, 1), title="Neu"))
    copy = signing.prepare_copy(
        accepted.municipality, signatory=signing.Signatory("Ada Beispiel", "Bürgermeisterin"), declaration=newer
    )
    signing.check(signing.record_signature(copy, signed_on=today()), by=office)
    assert OutgoingMail.objects.filter(kind="declarations.joined").count() == 2


def test_a_blocked_account_does_not_stop_the_membership(client, accepted, link, office):
    UserFactory(email=Nominee.objects.get(last_name="Muster").email, is_active=False)
    hand_in(client, link)
    signing.check(Signature.objects.get(), by=office)
    assert accepted.municipality.running_membership() is not None
    assert Person.objects.get(last_name="Muster").user is None


def test_who_withdraws_after_the_acceptance_leaves_nobody_entered(client, accepted, link):
    applying.withdraw(accepted.applicants.first())
    body = accepted.municipality
    assert [contact.ended_on for contact in body.contacts.all()] == [today()]
    assert (body.candidacy(), body.profile_drafts.count()) == (None, 0)
    assert "Der Antrag ist zurückgezogen." in client.get(link()).content.decode()


def test_a_former_member_that_applies_again_is_at_the_beginning(client, accepted, link, office):
    hand_in(client, link, signed_on="2026-03-01")
    signing.check(Signature.objects.get(), by=office)
    body = accepted.municipality
    with time_machine.travel(timezone.now() + datetime.timedelta(days=400)):
        actions.end_membership(body, on=today() - datetime.timedelta(days=1), reason="Ratsbeschluss", by=office)
        again = applying.ask(body, name="Wanda", office="Amt", email="wanda@stadt.example")
        applying.confirm(again.applicants.get())
        assert not Application.objects.to_sign().exists()
        assert list(Application.objects.running_for(body)) == [again]


def test_two_who_are_erased_leave_one_application(accepted):
    applicants = accepted.applicants.all()
    assert applicants.update(name="", email="") == 2
    applying.emails.received(accepted)
    assert not OutgoingMail.objects.filter(kind="declarations.application_received", to_address="").exists()
