"""Mails of the portal's own pages; their texts lie in templates/netzwerk/emails/."""

from django.conf import settings
from django.urls import reverse

from core.actions import queue_mail
from core.letters import compose
from core.mailkinds import Letter, MailClass, MailKind
from core.models import OutgoingMail
from netzwerk.models import BarrierReport

_FEEDBACK = "netzwerk.accessibility_feedback"


def accessibility_feedback(report: BarrierReport) -> OutgoingMail:
    """Tells the office that somebody reported a barrier, and by when to answer."""
    return queue_mail(_FEEDBACK, to_address=settings.MAIL_OFFICE, recipient_key="office", data={"report": report.pk})


def _render_feedback(mail: OutgoingMail) -> Letter:
    report = BarrierReport.objects.get(pk=mail.data["report"])
    link = settings.SITE_URL + reverse("admin:netzwerk_barrierreport_change", args=[report.pk])
    return compose("netzwerk/emails/accessibility_feedback", {"report": report, "link": link})


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
    ),
)
