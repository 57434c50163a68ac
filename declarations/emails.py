"""Mails about applications to join; their texts lie in templates/declarations/emails/."""

import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from core.actions import queue_mail
from core.letters import compose
from core.links import token_for
from core.mailkinds import Facts, Letter, MailClass, MailKind
from core.models import OutgoingMail
from declarations.access import APPLYING
from declarations.models import Answer, Applicant, Application, ApplicationState, Criterion
from members.models import Kind, Municipality

INTEREST, LINK = "declarations.interest", "declarations.application_link"
_RECEIVED, _QUERY = "declarations.application_received", "declarations.application_query"
_ACCEPTED, _REFUSED = "declarations.application_accepted", "declarations.application_refused"
_JOINED = "declarations.joined"
_WITHDRAWN, _REMINDER = "declarations.application_withdrawn", "declarations.application_reminder"
# Stand in the preview of a wording; nobody is stored.
_TOWN = Municipality(name="Musterstadt", slug="musterstadt", kind=Kind.TOWN)
_SAMPLE = Application(
    municipality=_TOWN,
    reason="Die Angaben zur Ehrenamtskarte reichen noch nicht.",
    signatory_name="Ada Muster",
    signatory_office="Bürgermeisterin",
)
_ROSA = Applicant(application=_SAMPLE, name="Rosa Beispiel", email="rosa.beispiel@stadt.example")


def interest(applicant: Applicant) -> OutgoingMail:
    """Bears the link by which whoever asked about joining confirms that it was she."""
    return _queue(INTEREST, applicant)


def link(applicant: Applicant, *, shared_by: str = "") -> OutgoingMail:
    """Bears the personal link to an application: asked for once more, or given by a colleague."""
    return _queue(LINK, applicant, shared_by=shared_by)


def received(application: Application) -> list[OutgoingMail]:
    """Thanks everybody who works on an application for handing it in, and says what comes next."""
    return _to_all(_RECEIVED, application)


def query(answer: Answer) -> list[OutgoingMail]:
    """Asks everybody who works on an application this one question, and bears the link to its card."""
    return _to_all(_QUERY, answer.application, answer=answer.pk)


def accepted(application: Application) -> list[OutgoingMail]:
    """Tells everybody who works on an application that the body may sign, and how."""
    return _to_all(_ACCEPTED, application)


def joined(application: Application) -> list[OutgoingMail]:
    """Welcomes everybody who worked on the application of a body that is a member now."""
    return _to_all(_JOINED, application)


def refused(application: Application) -> list[OutgoingMail]:
    """Tells everybody who works on an application that it was refused, and why."""
    return _to_all(_REFUSED, application)


def withdrawn(application: Application) -> list[OutgoingMail]:
    """Confirms the end of an application to everybody who worked on it, and tells the office."""
    data = {"application": application.pk, "applicant": None}
    told = _to_all(_WITHDRAWN, application)
    return [*told, queue_mail(_WITHDRAWN, to_address=settings.MAIL_OFFICE, recipient_key="office", data=data)]


def reminder(application: Application) -> list[OutgoingMail]:
    """Reminds everybody who works on an application that it waits for them."""
    return _to_all(_REMINDER, application)


def _to_all(kind: str, application: Application, **data: Any) -> list[OutgoingMail]:
    return [_queue(kind, applicant, **data) for applicant in application.applicants.exclude(email="")]


def _queue(kind: str, applicant: Applicant, **data: Any) -> OutgoingMail:
    return queue_mail(
        kind,
        to_address=applicant.email,
        to_name=applicant.name,
        recipient_key=applicant.key,
        data={"application": applicant.application_id, "applicant": applicant.pk, **data},
    )


def _render(mail: OutgoingMail) -> Letter:
    application = Application.objects.select_related("municipality").get(pk=mail.data["application"])
    applicant = Applicant.objects.filter(pk=mail.data["applicant"]).first()
    answer = Answer.objects.filter(pk=mail.data.get("answer")).first()
    return compose(mail.kind, _facts(application, applicant, answer, shared_by=mail.data.get("shared_by", "")))


def _facts(
    application: Application, applicant: Applicant | None, answer: Answer | None = None, *, shared_by: str = ""
) -> Facts:
    """What all these mails tell; applicant: None for the office, who gets no link of anybody's."""
    token = token_for(applicant, APPLYING) if applicant else ""
    context = {
        "application": application,
        "answer": answer,
        "shared_by": shared_by,
        "body_link": settings.SITE_URL + application.municipality.get_absolute_url(),
        "link": _url("application", token) if token else "",
        "answer_link": _url("application_section", token, answer.criterion) if token and answer else "",
    }
    words = {"name": applicant.name if applicant else "", "kommune": application.municipality.name}
    return Facts(context, words)


def _url(name: str, *args: str) -> str:
    return settings.SITE_URL + reverse(name, args=args)


def _sample() -> Facts:
    return _facts(_SAMPLE, _ROSA)


def _sample_of_query() -> Facts:
    now = timezone.now()
    answer = Answer(criterion=Criterion.THANKS, comment="Ab wann soll es die Karte bei Ihnen geben?", reviewed_at=now)
    return _facts(_SAMPLE, _ROSA, answer)


def _refuse(mail: OutgoingMail) -> str:
    """The application is forgotten, or who worked on it is erased or has handed her part over."""
    known = Application.objects.filter(pk=mail.data["application"]).exists()
    told = mail.data["applicant"] is None or Applicant.objects.filter(pk=mail.data["applicant"]).exists()
    return "" if known and told else "Der Antrag ist gelöscht."


def _refuse_interest(mail: OutgoingMail) -> str:
    waiting = Applicant.objects.filter(
        pk=mail.data["applicant"], application__state=ApplicationState.REQUESTED
    ).exists()
    return _refuse(mail) or ("" if waiting else "Die Anfrage ist schon bestätigt.")


def _refuse_query(mail: OutgoingMail) -> str:
    asked = Answer.objects.queried().filter(pk=mail.data["answer"]).exists()
    return _refuse(mail) or ("" if asked else "Die Rückfrage ist schon beantwortet.")


def _refuse_reminder(mail: OutgoingMail) -> str:
    waiting = Application.objects.silent(timezone.now() + datetime.timedelta(days=1))
    return _refuse(mail) or ("" if waiting.filter(pk=mail.data["application"]).exists() else "Der Antrag ist weiter.")


_WORDS = {"name": "Name der Person, an die diese E-Mail geht", "kommune": "die Kommune, die beitreten möchte"}
_ALL = "an alle, die am Antrag mitwirken"


def _kind(key: str, name: str, when: str, to_whom: str = _ALL, **more: Any) -> MailKind:
    how = {"refuse": _refuse, "sample": _sample, "placeholders": _WORDS, **more}
    return MailKind(key, name, when, to_whom, MailClass.BUSINESS, _render, **how)


KINDS = (
    _kind(
        INTEREST,
        "Interesse am Beitritt bestätigen",
        "sofort, wenn jemand auf der Website Interesse am Beitritt meldet",
        "an die Adresse, die dort angegeben wurde",
        refuse=_refuse_interest,
    ),
    _kind(
        LINK,
        "Link zum Beitrittsantrag",
        "wenn jemand einen neuen Link anfordert oder eine Kollegin, einen Kollegen dazunimmt",
        "an die Person, für die der Link ist",
    ),
    _kind(_RECEIVED, "Beitrittsantrag eingegangen", "sofort, wenn ein Antrag eingereicht wird"),
    _kind(
        _QUERY,
        "Rückfrage zum Beitrittsantrag",
        "sofort, wenn die Geschäftsstelle eine Rückfrage stellt; enthält nur diese Frage",
        refuse=_refuse_query,
        sample=_sample_of_query,
    ),
    _kind(_ACCEPTED, "Beitritt angenommen", "wenn die Staatskanzlei einen Beitritt annimmt"),
    _kind(_JOINED, "Willkommen im Netzwerk", "wenn die Unterschrift geprüft ist und die Mitgliedschaft beginnt"),
    _kind(_REFUSED, "Beitritt abgelehnt", "wenn die Staatskanzlei einen Beitritt ablehnt; enthält den Grund"),
    _kind(
        _WITHDRAWN,
        "Beitrittsantrag zurückgezogen",
        "wenn eine Kommune ihren Antrag zurückzieht",
        "an alle, die am Antrag mitwirken, und an das Postfach der Geschäftsstelle",
    ),
    _kind(
        _REMINDER,
        "Erinnerung an den Beitrittsantrag",
        "nach drei und nach acht Wochen, in denen niemand am Antrag oder an einer Rückfrage gearbeitet hat",
        refuse=_refuse_reminder,
        optional=True,
    ),
)
