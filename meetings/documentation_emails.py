"""The mail that a documentation is there; its text lies in templates/meetings/emails/."""

from django.conf import settings
from django.urls import reverse

from core.actions import Recipient
from core.letters import compose
from core.mailkinds import Facts, Letter, MailClass, MailKind
from core.models import OutgoingMail
from meetings import samples
from meetings.emails import OTHER_ADDRESS
from meetings.models import Documentation, Meeting
from members.models import Person

DOCUMENTATION = "meetings.documentation"


def recipient(documentation: Documentation, person: Person) -> Recipient:
    """Return somebody to be told as part of the batch."""
    data = {"documentation": documentation.pk, "person": person.pk}
    return Recipient(person.key, person.email, person.name, data)


def _facts(meeting: Meeting, name: str) -> Facts:
    context = {"meeting": meeting, "documentation_url": address(meeting)}
    return Facts(context, {"name": name, "termin": meeting.title, "wann": meeting.when})


def address(meeting: Meeting) -> str:
    """Return the whole address of a meeting's documentation, for mails."""
    return f"{settings.SITE_URL}{reverse('documentation', args=[meeting.year, meeting.slug])}"


def _documentation(mail: OutgoingMail) -> Documentation | None:
    rows = Documentation.objects.select_related("meeting").exclude(published_at=None)
    return rows.filter(pk=mail.data["documentation"]).first()


def _person(mail: OutgoingMail) -> Person | None:
    return Person.objects.filter(pk=mail.data["person"], email__iexact=mail.to_address).first()


def _render(mail: OutgoingMail) -> Letter:
    documentation, person = _documentation(mail), _person(mail)
    assert documentation is not None  # noqa: S101 - `refuse` has just found both
    assert person is not None  # noqa: S101
    return compose(mail.kind, _facts(documentation.meeting, person.name))


def _refuse(mail: OutgoingMail) -> str:
    if _documentation(mail) is None:
        return "Die Dokumentation ist inzwischen zurückgezogen."
    return "" if _person(mail) else OTHER_ADDRESS


def _sample() -> Facts:
    registration = samples.registration("registered")
    return _facts(registration.meeting, registration.person.name)


KINDS = (
    MailKind(
        key=DOCUMENTATION,
        name="Dokumentation ist da",
        when="wenn die Geschäftsstelle es nach dem Veröffentlichen mitteilt, nach einer Minute zum Zurücknehmen",
        to_whom="wer dabei war, oder alle Ansprechpersonen der Mitglieder",
        mail_class=MailClass.BUSINESS,
        render=_render,
        refuse=_refuse,
        sample=_sample,
        placeholders={"name": "Name der Person", "termin": "Titel des Termins", "wann": "Tag und Uhrzeit"},
    ),
)
