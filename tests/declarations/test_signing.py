"""Preparing copies, recording and checking signatures: what is stored, what begins, what is refused."""

import datetime
from pathlib import Path

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from core.dates import PartialDate, Precision
from core.history import Actor, acting_as
from declarations import privacy, signing
from declarations.models import Declaration, Method, Signature, SigningCopy
from declarations.signing import Signatory, SignedFile
from members.models import Membership
from tests.declaration_factories import DeclarationFactory, SignatureFactory, SigningCopyFactory
from tests.factories import HeadFactory, MunicipalityFactory
from tests.pdf_files import text_of

pytestmark = pytest.mark.django_db
DAY = datetime.date(2026, 3, 1)
ADA = Signatory("Ada Beispiel", "Bürgermeisterin")


@pytest.fixture
def declaration():
    return DeclarationFactory()


@pytest.fixture
def body():
    return MunicipalityFactory(name="Wettringen", kind="Gemeinde")


@pytest.fixture
def copy(declaration, body):
    return signing.prepare_copy(body, signatory=ADA)


# --- versions ---------------------------------------------------------------------------------------------------------


def test_a_new_version_ends_the_one_before(declaration):
    new = signing.publish(DeclarationFactory.build(title="Neu", started_on=datetime.date(2027, 1, 1)))
    declaration.refresh_from_db()
    assert declaration.ended_on == datetime.date(2026, 12, 31)
    assert new.ended_on is None


def test_two_open_versions_cannot_be_stored(declaration):
    with pytest.raises(IntegrityError), transaction.atomic():
        Declaration.objects.bulk_create([DeclarationFactory.build(started_on=datetime.date(2027, 1, 1))])
    same_year = DeclarationFactory.build(started_on=datetime.date(2017, 1, 1), ended_on=datetime.date(2017, 2, 1))
    with pytest.raises(IntegrityError), transaction.atomic():
        Declaration.objects.bulk_create([same_year])


@pytest.mark.parametrize("field", ["title", "text", "land_office", "cosigners", "is_sample", "started_on"])
def test_a_version_in_use_is_never_rewritten(copy, field):
    version = copy.declaration
    setattr(version, field, datetime.date(2018, 1, 1) if field == "started_on" else "1")
    with pytest.raises(ValidationError, match="Legen Sie eine neue Fassung an"):
        version.full_clean()


def test_a_version_in_use_may_end_and_one_nobody_has_seen_may_change(copy):
    version = copy.declaration
    version.ended_on = DAY
    version.full_clean()
    draft = DeclarationFactory(started_on=datetime.date(2030, 1, 1), ended_on=datetime.date(2030, 2, 1))
    draft.title = "Besser"
    draft.full_clean()


def test_without_a_version_in_force_nothing_is_prepared(body):
    with pytest.raises(ValidationError, match="Legen Sie zuerst die Fassung"):
        signing.prepare_copy(body, signatory=ADA)


# --- the copy ---------------------------------------------------------------------------------------------------------


def test_a_copy_is_accessible_and_names_who_signs_for_whom(copy, pdf_ua):
    data = signing.copy_file(copy)
    assert pdf_ua(data) == []
    words = text_of(data)
    for part in ("Gemeinde Wettringen", "Ada Beispiel, Bürgermeisterin", "Wir lernen voneinander", "Lia Muster"):
        assert part in words
    assert "in Vertretung" not in words
    assert "Muster, nicht der amtliche Wortlaut" not in words


def test_a_copy_stays_the_same_bytes(copy):
    first = signing.copy_file(copy)
    again = SigningCopy.objects.get(pk=copy.pk)
    assert signing.copy_file(again) == first
    assert len(again.sha256) == 64


def test_a_copy_whose_file_is_lost_is_not_made_anew_in_silence(copy):
    signing.copy_file(copy)
    Path(copy.file.path).unlink()
    with pytest.raises(ValidationError, match="Bereiten Sie ein neues Exemplar vor"):
        signing.copy_file(SigningCopy.objects.get(pk=copy.pk))


def test_of_two_who_ask_at_once_both_get_the_file_of_the_first(copy):
    late = SigningCopy.objects.get(pk=copy.pk)
    first = signing.copy_file(copy)
    assert signing.copy_file(late) == first
    assert late.sha256 == copy.sha256


def test_a_deputy_and_a_sample_say_so(body, pdf_ua):
    DeclarationFactory(is_sample=True)
    copy = signing.prepare_copy(body, signatory=Signatory("Bo Probe", "Beigeordneter", in_deputy=True))
    words = text_of(signing.copy_file(copy))
    assert "in Vertretung" in words
    assert "Muster, nicht der amtliche Wortlaut" in words
    assert copy.signatory == "Bo Probe, Beigeordneter (in Vertretung)"


def test_markup_in_a_name_is_text_in_the_pdf(declaration, body):
    copy = signing.prepare_copy(body, signatory=Signatory("<script>x</script> {{ 7 }}", "<b>Amt</b>"))
    assert "<script>x</script> {{ 7 }}, <b>Amt</b>" in text_of(signing.copy_file(copy))


def test_the_same_signatory_gets_the_same_copy_and_another_one_a_new_one(copy, body):
    assert signing.prepare_copy(body, signatory=ADA) == copy
    assert signing.prepare_copy(body, signatory=Signatory("Bo Probe", "Beigeordneter")) != copy


def test_a_copy_for_nobody_is_refused(declaration, body):
    with pytest.raises(ValidationError, match="Nennen Sie Namen und Amt"):
        signing.prepare_copy(body, signatory=Signatory("", "Bürgermeisterin"))


def test_the_head_of_administration_signs_with_her_office(body):
    head = HeadFactory(municipality=body, office_title="Landrätin")
    assert Signatory.of(head) == Signatory(head.person.name, "Landrätin")


# --- signatures -------------------------------------------------------------------------------------------------------


def recorded(copy, **values):
    return signing.record_signature(copy, **{"signed_on": DAY, "place": "Wettringen", "by": "Rosa Beispiel", **values})


def test_a_signature_keeps_everything_as_it_was(copy, body):
    signature = recorded(copy, file=SignedFile(b"%PDF-1.7 scan"))
    body.name = "Neuer Name"
    body.save()
    signature.refresh_from_db()
    assert signature.body_name == "Gemeinde Wettringen"
    assert signature.signatory == "Ada Beispiel, Bürgermeisterin"
    assert signature.text_sha256 == copy.declaration.text_sha256
    with signature.file.open("rb") as file:
        assert file.read() == b"%PDF-1.7 scan"
    assert (signature.recorded_by, signature.state) == ("Rosa Beispiel", "zu prüfen")


@pytest.mark.parametrize("field", ["signed_on", "body_name", "file_sha256", "declaration"])
def test_a_stored_signature_is_not_rewritten(copy, field):
    signature = recorded(copy)
    with pytest.raises(ValueError, match=field):
        signature.save(update_fields=[field])


def test_saving_a_changed_row_leaves_the_snapshot_alone(copy):
    signature = recorded(copy)
    signature.place = "Anderswo"
    signature.save()
    signature.refresh_from_db()
    assert signature.place == "Wettringen"


def test_nothing_begins_before_the_check(copy, body):
    recorded(copy)
    assert body.running_membership() is None
    assert not Signature.objects.checked().exists()


def test_the_check_starts_the_membership_on_the_day_of_the_signature(copy, body, office):
    with acting_as(Actor("person:1", "Olga Office")):
        signature = signing.check(recorded(copy), by=office)
    membership = body.running_membership()
    assert (membership.started_on, membership.precision) == (DAY, Precision.DAY)
    assert (signature.checked_by, signature.checked_by_name) == (office, "Olga Office")
    assert signature.state == "Original fehlt, Gegenzeichnung fehlt"


def test_the_second_of_two_who_check_is_told(copy, office):
    signature = recorded(copy)
    with acting_as(Actor("person:1", "Olga Office")):
        signing.check(signature, by=office)
    with pytest.raises(ValidationError, match="schon geprüft von Olga Office"):
        signing.check(signature, by=office)
    assert Membership.objects.count() == 1


def test_a_member_that_signs_a_new_version_stays_the_member_it_was(declaration, office):
    body = MunicipalityFactory(member=True)
    before = body.running_membership()
    signing.check(recorded(signing.prepare_copy(body, signatory=ADA)), by=office)
    assert body.running_membership() == before


def test_a_new_file_replaces_one_that_nobody_has_checked(copy):
    first = recorded(copy, file=SignedFile(b"%PDF-1.7 first"))
    second = recorded(copy, file=SignedFile(b"%PDF-1.7 second"))
    first.refresh_from_db()
    assert first.withdrawn_reason == "durch eine neue Datei ersetzt"
    assert list(Signature.objects.to_check()) == [second]


def test_a_version_is_signed_once(copy, office):
    signing.check(recorded(copy), by=office)
    with pytest.raises(ValidationError, match="hat diese Fassung schon unterzeichnet"):
        recorded(copy)


def test_a_day_to_come_is_refused(copy):
    with pytest.raises(ValidationError, match="liegt in der Zukunft"):
        recorded(copy, signed_on=datetime.date(2999, 1, 1))
    assert not Signature.objects.exists()


def test_original_and_countersignature_come_later(copy, office):
    signature = signing.check(recorded(copy), by=office)
    signing.receive_original(signature, on=datetime.date(2026, 3, 5))
    signature = signing.countersign(signature, on=datetime.date(2026, 3, 9), signatory="Lia Muster, Staatssekretärin")
    assert signature.state == "vollständig"
    with pytest.raises(ValidationError, match=r"schon am 9\. März 2026 gegengezeichnet"):
        signing.countersign(signature, on=datetime.date(2026, 3, 10), signatory="Noch jemand")


def test_neither_comes_before_the_check_nor_before_the_signature(copy, office):
    signature = recorded(copy)
    with pytest.raises(ValidationError, match="Prüfen Sie zuerst"):
        signing.receive_original(signature, on=DAY)
    signature = signing.check(signature, by=office)
    with pytest.raises(ValidationError, match=r"ab dem 1\. März 2026"):
        signing.countersign(signature, on=datetime.date(2026, 2, 1), signatory="Lia Muster")


def test_an_error_is_withdrawn_and_recorded_anew(copy, office):
    wrong = signing.check(recorded(copy), by=office)
    with pytest.raises(ValidationError, match="Nennen Sie den Grund"):
        signing.withdraw(wrong, reason=" ")
    signing.withdraw(wrong, reason="Falscher Tag")
    assert not Signature.objects.checked().exists()
    right = signing.check(recorded(copy, signed_on=datetime.date(2026, 2, 1)), by=office)
    assert list(Signature.objects.checked()) == [right]
    with pytest.raises(ValidationError, match="zurückgezogen"):
        signing.countersign(wrong, on=DAY, signatory="Lia Muster")


# --- handed down ------------------------------------------------------------------------------------------------------


def test_a_historical_signature_needs_a_source_and_counts_at_once(body):
    begin = PartialDate(datetime.date(2012, 12, 1), Precision.MONTH)
    with pytest.raises(ValidationError, match="woher Sie es wissen"):
        signing.hand_down(body, begin=begin)
    signature = signing.hand_down(body, begin=begin, source="https://www.land.nrw/de/pressemitteilung")
    assert (signature.day_text, signature.state) == ("Dezember 2012", "überliefert")
    assert list(Signature.objects.checked()) == [signature]
    assert list(Signature.objects.without_countersignature()) == []
    assert body.running_membership() is None


def test_of_an_unknown_day_nothing_is_made_up(body):
    signature = signing.hand_down(body, begin=None, note="Ordner 3 der Geschäftsstelle")
    assert (signature.day_text, signature.signatory) == ("Jahr nicht belegt", "")
    with pytest.raises(ValidationError, match="schon eine Unterzeichnung ohne Fassung"):
        signing.hand_down(body, begin=None, note="Noch einmal")


@pytest.mark.parametrize(
    "values",
    [
        {"method": "fax"},
        {"signatory_name": ""},
        {"text_sha256": ""},
        {"signed_on": None},
        {"method": Method.ROUND},
        {"original_on": DAY},
        {"withdrawn_reason": "ohne Zeit"},
        {"file_sha256": "a" * 64},
        {"method": Method.HANDED_DOWN},
    ],
    ids=lambda values: "-".join(values),
)
def test_the_database_refuses_what_is_no_signature(declaration, values):
    row = SignatureFactory.build(declaration=declaration, municipality=MunicipalityFactory(), **values)
    with pytest.raises(IntegrityError), transaction.atomic():
        Signature.objects.bulk_create([row])


# --- certificate, privacy ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("known", [True, False], ids=["everything known", "handed down"])
def test_a_certificate_is_accessible(known, pdf_ua):
    if known:
        signature = SignatureFactory(checked=True, countersigned_on=DAY, countersigned_by="Lia Muster")
    else:
        signature = signing.hand_down(MunicipalityFactory(name="Łinz"), begin=None, note="Ordner 3")
    made = signing.documents.certificate(signature)
    assert pdf_ua(made) == []
    assert signature.body_name in text_of(made)
    assert ("Lia Muster" in text_of(made)) is known


def test_a_copy_that_nobody_signs_goes_after_a_year_with_its_file(copy, office, django_capture_on_commit_callbacks):
    kept = SigningCopyFactory(declaration=copy.declaration)
    signing.check(recorded(kept), by=office)
    signing.copy_file(copy)
    path = Path(copy.file.path)
    assert path.exists()
    in_a_year = timezone.now() + datetime.timedelta(days=370)
    with time_machine.travel(in_a_year), django_capture_on_commit_callbacks(execute=True):
        assert privacy.forget_copies() == 1
    assert not SigningCopy.objects.filter(pk=copy.pk).exists()
    assert SigningCopy.objects.filter(pk=kept.pk).exists()
    assert not path.exists()
