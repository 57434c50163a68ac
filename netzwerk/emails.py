"""Mails of the portal's own pages; their texts lie in templates/netzwerk/emails/."""

from dataclasses import asdict, replace

from django.conf import settings
from django.urls import reverse

from core.actions import queue_mail
from core.dates import long_date, today
from core.letters import compose
from core.mailkinds import Facts, Letter, MailClass, MailKind, kind_for
from core.mailtexts import Wording
from core.models import OutgoingMail
from netzwerk.models import BarrierReport
from users.models import User

_TEST = "netzwerk.test_mail"
_FEEDBACK = "netzwerk.accessibility_feedback"


def accessibility_feedback(report: BarrierReport) -> OutgoingMail:
    """Tells the office that somebody reported a barrier, and by when to answer."""
    return queue_mail(_FEEDBACK, to_address=settings.MAIL_OFFICE, recipient_key="office", data={"report": report.pk})


def test_mail(key: str, wording: Wording, *, to: User) -> OutgoingMail:
    """Send a wording that somebody tries to herself, with made-up facts."""
    data = {"kind": key, "wording": asdict(wording)}
    return queue_mail(_TEST, to_address=to.email, recipient_key=to.key, data=data)


def _render_test(mail: OutgoingMail) -> Letter:
    wording = Wording(**mail.data["wording"])
    kind = kind_for(mail.data["kind"])
    facts = kind.sample() if kind.sample else Facts()
    return compose(kind.key, facts, wording=replace(wording, subject=f"Testmail: {wording.subject}"))


def _render_feedback(mail: OutgoingMail) -> Letter:
    return compose(mail.kind, _feedback_facts(BarrierReport.objects.get(pk=mail.data["report"])))


def _feedback_facts(report: BarrierReport) -> Facts:
    link = settings.SITE_URL + reverse("admin:netzwerk_barrierreport_change", args=[report.pk])
    return Facts({"report": report, "link": link}, {"nummer": report.ticket, "frist": long_date(report.due_on)})


def _feedback_sample() -> Facts:
    due_on = today() + BarrierReport.ANSWER_WITHIN
    what = "Der Knopf „Filtern“ lässt sich mit der Tastatur nicht erreichen."
    return _feedback_facts(BarrierReport(pk=1, what=what, where="/kommunen/", due_on=due_on))


def _refuse_feedback(mail: OutgoingMail) -> str:
    known = BarrierReport.objects.filter(pk=mail.data["report"]).exists()
    return "" if known else "Die Meldung gibt es nicht mehr."


KINDS = (
    MailKind(
        _FEEDBACK,
        "Meldung zur Barrierefreiheit",
        "sofort, wenn jemand auf der Website eine Barriere meldet",
        "an das Postfach der Geschäftsstelle",
        MailClass.BUSINESS,
        _render_feedback,
        _refuse_feedback,
        _feedback_sample,
        {"nummer": "Nummer der Meldung", "frist": "der Tag, bis zu dem zu antworten ist, zum Beispiel 3. Mai 2027"},
    ),
    MailKind(
        _TEST,
        "Testmail",
        "wenn jemand unter „Automatische E-Mails“ einen Text ausprobiert",
        "an die eigene Adresse",
        MailClass.BUSINESS,
        _render_test,
    ),
)
