"""Mails about functions and addresses of persons; their texts lie in templates/members/emails/."""

from collections.abc import Callable

from django.conf import settings
from django.db.models.functions import Lower
from django.urls import reverse

from core.actions import queue_mail
from core.letters import compose
from core.mailkinds import Letter, MailClass, MailKind
from core.models import OutgoingMail
from members.models import ContactPerson, Person


def function_received(contact: ContactPerson, *, predecessor: ContactPerson) -> OutgoingMail:
    """Welcomes the successor of a contact person and says who had the subject before."""
    data = {"contact": contact.pk, "other": predecessor.pk}
    return _queue("members.function_received", contact.person, data)


def function_ended(contact: ContactPerson, *, successor: ContactPerson | None = None) -> OutgoingMail | None:
    """Thanks a contact person, says when her access ends and who follows; nobody is told without an address."""
    if not contact.person.email:
        return None
    data = {"contact": contact.pk, "other": successor.pk if successor else None}
    return _queue("members.function_ended", contact.person, data)


def address_replaced(person: Person) -> OutgoingMail:
    """Tells a person at her new address that she signs in with it from now on."""
    return _queue("members.address_replaced", person, {"person": person.pk})


def colleague_has_new_address(person: Person) -> list[OutgoingMail]:
    """Tells those who answer for the same bodies, once per mailbox: they notice a change that nobody asked for."""
    bodies = ContactPerson.objects.on().filter(person=person).values("municipality")
    colleagues = Person.objects.with_access().filter(contact_functions__municipality__in=bodies)
    others = colleagues.exclude(pk=person.pk).exclude(email="").exclude(email__iexact=person.email).distinct()
    by_address = {colleague.address: colleague for colleague in others.annotate(address=Lower("email"))}
    return [_queue("members.colleague_address", colleague, {"person": person.pk}) for colleague in by_address.values()]


def _queue(kind: str, person: Person, data: dict[str, int | None]) -> OutgoingMail:
    return queue_mail(kind, to_address=person.email, to_name=person.name, recipient_key=person.key, data=data)


def _render_function(template: str) -> Callable[[OutgoingMail], Letter]:
    def render(mail: OutgoingMail) -> Letter:
        contacts = ContactPerson.objects.select_related("person", "municipality")
        contact = contacts.get(pk=mail.data["contact"])
        other = contacts.filter(pk=mail.data["other"]).first()
        link = settings.SITE_URL + reverse("account_login")
        return compose(template, {"contact": contact, "other": other, "link": link, "address": mail.to_address})

    return render


def _render_address(template: str) -> Callable[[OutgoingMail], Letter]:
    def render(mail: OutgoingMail) -> Letter:
        link = settings.SITE_URL + reverse("account_login")
        context = {"person": Person.objects.get(pk=mail.data["person"]), "name": mail.to_name, "link": link}
        return compose(template, context | {"address": mail.to_address})

    return render


def _refuse(mail: OutgoingMail) -> str:
    """What the mail speaks of was erased meanwhile, or its recipient."""
    told = Person.objects.filter(pk=mail.recipient_key.removeprefix("person:")).exists()
    if "contact" in mail.data:
        known = ContactPerson.objects.filter(pk=mail.data["contact"]).exists()
    else:
        known = Person.objects.filter(pk=mail.data["person"]).exists()
    return "" if told and known else "Die Person ist gelöscht."


KINDS = (
    MailKind(
        "members.function_received",
        "Willkommen als Nachfolge",
        "wenn eine Ansprechperson das Thema an jemanden abgibt",
        "an die neue Ansprechperson",
        MailClass.BUSINESS,
        _render_function("members/emails/function_received"),
        _refuse,
    ),
    MailKind(
        "members.function_ended",
        "Dank zum Ende der Aufgabe",
        "wenn eine Ansprechperson das Thema abgibt oder ihre Kommune das Netzwerk verlässt",
        "an die bisherige Ansprechperson",
        MailClass.BUSINESS,
        _render_function("members/emails/function_ended"),
        _refuse,
    ),
    MailKind(
        "members.address_replaced",
        "Neue Adresse für die Anmeldung",
        "wenn die Geschäftsstelle die E-Mail-Adresse einer Person mit Zugang ändert",
        "an die neue Adresse der Person",
        MailClass.BUSINESS,
        _render_address("members/emails/address_replaced"),
        _refuse,
    ),
    MailKind(
        "members.colleague_address",
        "Geänderte Adresse in der eigenen Kommune",
        "wenn die Geschäftsstelle die E-Mail-Adresse einer Person mit Zugang ändert",
        "an die anderen Ansprechpersonen derselben Kommune",
        MailClass.BUSINESS,
        _render_address("members/emails/colleague_address"),
        _refuse,
    ),
)
