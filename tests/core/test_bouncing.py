"""What comes back (QUALITY M-18): matched by its return path alone, counted once, told to the office, never forged."""

import datetime
from email.utils import parseaddr
from pathlib import Path

import pytest
import time_machine
from django.core import mail as outbox
from django.utils import timezone

from core import bouncing, delivery
from core.actions import queue_batch
from core.models import Bounce, MailService, MailState, OutgoingMail
from core.return_paths import mail_named_in, return_path_for
from tests import imap_server

SAMPLES = Path(__file__).parents[1] / "data/bounces"
DAY = datetime.timedelta(days=1)


@pytest.fixture(autouse=True)
def _return_paths(settings):
    settings.MAIL_BOUNCES = "bounces@portal.example"


@pytest.fixture
def sent(queue):
    """A mail that the mail server took."""

    def make(address="anna@stadt.example", **values):
        mail = queue(address, **values)
        OutgoingMail.objects.filter(pk=mail.pk).update(state=MailState.SENT, settled_at=timezone.now())
        return mail

    return make


def report_about(mail, sample="hard-5.1.1-sendmail"):
    raw = (SAMPLES / f"{sample}.eml").read_bytes()
    token = return_path_for(mail).partition("+")[2].partition("@")[0]
    return raw.replace(b"TOKEN", token.encode())


def state_of(mail):
    mail.refresh_from_db()
    return mail.state


def points(address="anna@stadt.example"):
    return sum(Bounce.objects.counting().filter(address=address).values_list("points", flat=True))


def test_every_mail_bears_a_return_path_of_its_own_and_says_who_writes(start_server, queue):
    server = start_server()
    mails = [queue(), queue("bert@stadt.example", kind="access")]
    delivery.run_sender()
    paths = {return_path_for(mail) for mail in mails}
    assert len(paths) == 2
    assert all(len(path.partition("@")[0]) <= 64 for path in paths)
    assert {parseaddr(message["From"])[1] for message in server.messages()} == {"portal@netzwerk.example"}
    assert {entry["from"] for entry in server.entries()} == paths


def test_without_a_mailbox_mail_comes_back_to_its_sender(queue, settings):
    settings.MAIL_BOUNCES = ""
    delivery_of = queue()
    delivery.run_sender()
    assert outbox.outbox[0].from_email == "Kommunen-Netzwerk <portal@netzwerk.example>"
    assert return_path_for(delivery_of) == ""


def test_a_return_path_leads_to_its_mail_however_it_is_written(sent, settings):
    mail = sent()
    path = return_path_for(mail)
    assert mail_named_in(path.encode()) == mail_named_in(path.upper().encode()) == mail
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "another"
    assert mail_named_in(path.encode()) == mail


@pytest.mark.parametrize("place", [9, 20, 40, 48])
def test_a_return_path_with_one_letter_changed_leads_nowhere(sent, place):
    path = return_path_for(sent())
    forged = path[:place] + ("a" if path[place] != "a" else "b") + path[place + 1 :]
    assert mail_named_in(forged.encode()) is None


@pytest.mark.parametrize(
    ("sample", "points_now"), [("hard-5.1.1-sendmail", 2), ("soft-5.2.2-full-exchange", 1), ("hard-5.1.1-qmail", 2)]
)
def test_a_bounce_moves_sent_to_failed_and_says_why(sent, sample, points_now):
    mail = sent()
    assert bouncing.take_in(report_about(mail, sample)) is True
    assert state_of(mail) == MailState.FAILED
    assert mail.reason.startswith("unzustellbar zurückgekommen: ")
    assert points() == points_now


def test_the_same_report_a_hundred_times_counts_once(sent):
    mail = sent()
    for _ in range(100):
        bouncing.take_in(report_about(mail))
    assert points() == 2


@pytest.mark.parametrize("sample", [path.stem for path in SAMPLES.glob("answer*")] + ["unclear--person"])
def test_what_people_and_their_absences_answer_counts_nothing_and_stays(sent, sample):
    mail = sent()
    assert bouncing.take_in(report_about(mail, sample)) is False
    assert (state_of(mail), points()) == (MailState.SENT, 0)


@pytest.mark.parametrize("sample", [path.stem for path in SAMPLES.glob("del*")])
def test_a_delay_and_a_receipt_change_nothing(sent, sample):
    mail = sent()
    assert bouncing.take_in(report_about(mail, sample)) is True
    assert (state_of(mail), points()) == (MailState.SENT, 0)


def test_a_forged_bounce_does_nothing(sent):
    mail = sent()
    raw = (SAMPLES / "hard-5.1.1-sendmail.eml").read_bytes()
    for name in (b"TOKEN", b"a" * 42, mail.public_id.encode(), mail.message_id.encode()):
        assert bouncing.take_in(raw.replace(b"TOKEN", name)) is False
    assert (state_of(mail), Bounce.objects.count()) == (MailState.SENT, 0)


def test_a_bounce_of_an_uncertain_mail_makes_it_certain_and_of_a_waiting_one_nothing(queue):
    unknown, waiting = queue(), queue("bert@stadt.example")
    OutgoingMail.objects.filter(pk=unknown.pk).update(state=MailState.UNKNOWN)
    for mail in (unknown, waiting):
        bouncing.take_in(report_about(mail))
    assert (state_of(unknown), state_of(waiting)) == (MailState.FAILED, MailState.PENDING)


def test_the_accounts_of_a_batch_stay_whole(recipients):
    batch = queue_batch("test.business", recipients(2), title="Rundmail", by=None)
    OutgoingMail.objects.update(state=MailState.SENT)
    bouncing.take_in(report_about(OutgoingMail.objects.first()))
    assert batch.accounts_for_all()
    assert (batch.counts()[MailState.SENT], batch.counts()[MailState.FAILED]) == (1, 1)


@pytest.mark.parametrize(
    ("bounces", "days", "stopped"),
    [
        ([2, 2], 0, True),
        ([2, 1], 0, False),
        ([1, 1, 1, 1], 0, True),
        ([1, 1, 1], 0, False),
        ([2, 2], 29, True),
        ([2, 2], 30, False),
    ],
)
def test_the_score_of_an_address_its_limit_and_its_fading(sent, bounces, days, stopped):
    for worth in bounces:
        mail = sent("Anna@Stadt.example")
        bouncing.take_in(report_about(mail, "hard-5.1.1-sendmail" if worth == 2 else "soft-4.4.7-expired"))
    with time_machine.travel(timezone.now() + days * DAY):
        assert Bounce.objects.stops("ANNA@stadt.example") is stopped


def test_a_stopped_address_is_skipped_until_staff_release_it_and_still_gets_its_code(start_server, sent, queue, office):
    server = start_server()
    for _ in range(2):
        bouncing.take_in(report_about(sent()))
    skipped, code, other = queue("ANNA@stadt.example"), queue(kind="access"), queue("bert@stadt.example")
    delivery.run_sender()
    assert [state_of(mail) for mail in (skipped, code, other)] == ["skipped", "sent", "sent"]
    assert "wieder freigeben" in skipped.reason
    assert bouncing.release(Bounce.objects.first(), by=office) == 2
    again = queue()
    delivery.run_sender()
    assert state_of(again) == MailState.SENT
    assert len(server.recipients()) == 3
    assert set(Bounce.objects.values_list("cleared_by", flat=True)) == {office.pk}


@pytest.mark.parametrize(("reply", "worth"), [("550 5.1.1 unknown", 2), ("554 5.7.1 spam", 1)])
def test_m8_a_refusal_counts_like_a_bounce(start_server, queue, reply, worth):
    start_server(faults=[{"at": "rcpt", "reply": reply}])
    queue()
    delivery.run_sender()
    assert points() == worth


# --- the mailbox ---------------------------------------------------------------------------------------------------


@pytest.fixture
def mailbox(db, settings):
    """Run a mailbox with these messages and let the portal read it."""

    def run(messages, login="bounces:geheim%20%401"):
        server = imap_server.running(messages)
        box, port = server.__enter__()
        stop.append(server)
        settings.MAIL_BOUNCES_IMAP = f"imap://{login}@127.0.0.1:{port}/Eingang"
        return box

    stop = []
    yield run
    for server in stop:
        server.__exit__(None, None, None)


def test_the_mailbox_is_read_emptied_of_what_is_done_with_and_keeps_the_rest(sent, mailbox):
    mail = sent()
    messages = [report_about(mail), report_about(mail, "answer--sieve-vacation"), b"Subject: Werbung\r\n\r\nKaufen!"]
    box = mailbox(messages)
    assert bouncing.read_mailbox() == 1
    assert list(box.messages.values()) == messages[1:]
    assert [box.flags[uid] for uid in box.messages] == [{r"\Seen", r"\Flagged"}] * 2
    assert state_of(mail) == MailState.FAILED
    assert bouncing.read_mailbox() == 0
    assert MailService.now().bounces_read_at


@pytest.mark.parametrize("fault", ["LOGIN", "FETCH", "STORE", "EXPUNGE"])
def test_a_reading_that_breaks_off_loses_nothing_and_counts_nothing_twice(sent, mailbox, fault):
    mails = [sent(), sent("bert@stadt.example")]
    box = mailbox([report_about(mail) for mail in mails])
    box.fault = fault
    assert bouncing.read_mailbox() == 0
    assert MailService.now().bounces_error
    box.fault = ""
    box.flags = {uid: set() for uid in box.messages}  # what the server forgot with the connection
    assert bouncing.read_mailbox() == 2
    assert [state_of(mail) for mail in mails] == ["failed", "failed"]
    assert Bounce.objects.count() == 2
    assert MailService.now().bounces_error == ""


def test_a_wrong_password_is_noted_and_nothing_is_read(mailbox):
    box = mailbox([b"x"], login="bounces:falsch")
    assert bouncing.read_mailbox() == 0
    assert "refused" in MailService.now().bounces_error
    assert box.flags == {1: set()}


def test_without_a_mailbox_nothing_is_read(settings, db):
    settings.MAIL_BOUNCES_IMAP = ""
    assert bouncing.read_mailbox() == 0
    assert MailService.now().bounces_read_at is None
