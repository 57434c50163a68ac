"""Mails to those who answer for a body, and to the office about them; their texts lie in templates/members/emails/."""

import datetime
from collections.abc import Iterable, Mapping
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from core.actions import Recipient, queue_mail
from core.dates import MONTHS, today
from core.letters import compose
from core.links import token_for
from core.mailkinds import Facts, Letter, MailClass, MailKind
from core.models import OutgoingMail
from members.access import CONFIRMING
from members.models import Confirmation, ContactPerson, Hint, Kind, Municipality, Person, Profile, ProfileDigest
from members.models.confirmations import ASKING
from members.models.editing import Changes, changes_between, labels_of

# Pages promise these mails only while they are switched on (`core.mailtexts.goes_out`).
ENDED, HINT = "members.function_ended", "members.hint"
_TAKEN_BACK = "members.profile_taken_back"
_DIGEST = "members.profile_digest"
# Stand in the preview of a wording; nobody is stored.
_ROSA = Person(first_name="Rosa", last_name="Beispiel", email="rosa.beispiel@stadt.example", phone="0000 12345")
_TOWN = Municipality(name="Musterstadt", slug="musterstadt", kind=Kind.TOWN)
_ADA = Person(title="Dr.", first_name="Ada", last_name="Muster")


def function_received(contact: ContactPerson, *, predecessor: ContactPerson) -> OutgoingMail:
    """Welcomes the successor of a contact person and says who had the subject before."""
    data = {"contact": contact.pk, "other": predecessor.pk}
    return _queue("members.function_received", contact.person, data)


def function_ended(contact: ContactPerson, *, successor: ContactPerson | None = None) -> OutgoingMail | None:
    """Thanks a contact person, says when her access ends and who follows; nobody is told without an address."""
    if not contact.person.email:
        return None
    data = {"contact": contact.pk, "other": successor.pk if successor else None}
    return _queue(ENDED, contact.person, data)


def address_replaced(person: Person) -> OutgoingMail:
    """Tells a person at her new address that she signs in with it from now on."""
    return _queue("members.address_replaced", person, {"person": person.pk})


def colleague_has_new_address(person: Person) -> list[OutgoingMail]:
    """Tells those who answer for the same bodies, once per mailbox: they notice a change that nobody asked for."""
    bodies = ContactPerson.objects.on().filter(person=person).values("municipality")
    colleagues = Person.objects.with_access().filter(contact_functions__municipality__in=bodies)
    others = colleagues.exclude(pk=person.pk).exclude(email__iexact=person.email).distinct()
    return _queue_for_all("members.colleague_address", others, {"person": person.pk})


def confirmation(confirmation: Confirmation) -> OutgoingMail:
    """Asks a contact person whether what is stored about her and her body still holds; bears her personal link."""
    recipient = confirmation_recipient([confirmation])
    person = confirmation.contact.person
    return queue_mail(
        ASKING, to_address=person.email, to_name=person.name, recipient_key=person.key, data=recipient.data
    )


def confirmation_recipient(confirmations: list[Confirmation]) -> Recipient:
    """The same as part of a batch: one person, asked about each body that she serves."""
    person = confirmations[0].contact.person
    data = {"confirmations": [confirmation.pk for confirmation in confirmations]}
    return Recipient(person.key, person.email, person.name, data)


def hint(hint: Hint) -> list[OutgoingMail]:
    """Tells a member's contact persons, once per mailbox, and the office what a visitor noticed on its page."""
    data = {"hint": hint.pk}
    told = _queue_for_all(HINT, _answering_for(hint.municipality), data)
    return [*told, queue_mail(HINT, to_address=settings.MAIL_OFFICE, recipient_key="office", data=data)]


def profile_taken_back(municipality: Municipality, record: Any, names: list[str], *, reason: str) -> list[OutgoingMail]:
    """Tells a body's contact persons, once per mailbox, what the office took back of which version, and why."""
    data = {"municipality": municipality.pk, "version": record.history_id, "names": names, "reason": reason}
    return _queue_for_all(_TAKEN_BACK, _answering_for(municipality), data)


def profile_digest(digest: ProfileDigest) -> OutgoingMail:
    """Tells the office which bodies changed their profile, once a day."""
    return queue_mail(_DIGEST, to_address=settings.MAIL_OFFICE, recipient_key="office", data={"digest": digest.pk})


def _answering_for(municipality: Municipality) -> list[Person]:
    return [contact.person for contact in municipality.contacts.on().select_related("person")]


def _queue_for_all(kind: str, persons: Iterable[Person], data: Mapping[str, Any]) -> list[OutgoingMail]:
    """Tell these persons, once per mailbox; whoever has none is not told."""
    by_address = {person.email.lower(): person for person in persons if person.email}
    return [_queue(kind, person, data) for person in by_address.values()]


def _queue(kind: str, person: Person, data: Mapping[str, Any]) -> OutgoingMail:
    return queue_mail(kind, to_address=person.email, to_name=person.name, recipient_key=person.key, data=dict(data))


def _render_function(mail: OutgoingMail) -> Letter:
    contacts = ContactPerson.objects.select_related("person", "municipality")
    other = contacts.filter(pk=mail.data["other"]).first()
    return compose(mail.kind, _function_facts(contacts.get(pk=mail.data["contact"]), other, mail.to_address))


def _function_facts(contact: ContactPerson, other: ContactPerson | None, address: str) -> Facts:
    link = settings.SITE_URL + reverse("account_login")
    words = {
        "name": contact.person.name,
        "kommune": contact.municipality.name_in_letter,
        "aufgabe": "stellvertretende Ansprechperson" if contact.is_deputy else "Ansprechperson",
    }
    return Facts({"contact": contact, "other": other, "link": link, "address": address}, words)


def _function_sample() -> Facts:
    body = Municipality(name="Musterstadt", kind=Kind.TOWN)
    contact = ContactPerson(person=_ROSA, municipality=body, ended_on=today())
    return _function_facts(contact, ContactPerson(person=_ADA, municipality=body), "rosa.beispiel@stadt.example")


def _render_address(mail: OutgoingMail) -> Letter:
    return compose(mail.kind, _address_facts(Person.objects.get(pk=mail.data["person"]), mail.to_name, mail.to_address))


def _address_facts(person: Person, name: str, address: str) -> Facts:
    link = settings.SITE_URL + reverse("account_login")
    return Facts({"link": link, "address": address}, {"name": name, "person": person.name, "adresse": address})


def _address_sample() -> Facts:
    return _address_facts(_ADA, _ROSA.name, "rosa.beispiel@stadt.example")


def _render_confirmation(mail: OutgoingMail) -> Letter:
    rows = list(_confirmations(mail).select_related("contact__person", "contact__municipality__profile"))
    entries = [_entry(row, token_for(row, CONFIRMING)) for row in rows]
    return compose(mail.kind, _confirmation_facts(rows[0].contact.person, entries, rows[0].ends_at))


def _entry(asked: Confirmation, token: str) -> dict[str, Any]:
    return {"asked": asked, "url": settings.SITE_URL + reverse("confirmation", args=[token])}


def _confirmation_facts(person: Person, entries: list[dict[str, Any]], ends_at: datetime.datetime) -> Facts:
    bodies = " und ".join(entry["asked"].contact.municipality.name for entry in entries)
    return Facts({"entries": entries, "ends_at": ends_at}, {"name": person.name, "kommune": bodies})


def _confirmation_sample() -> Facts:
    body = Municipality(name="Musterstadt", kind=Kind.TOWN)
    body.profile = Profile(municipality=body, office_name="Stabsstelle Ehrenamt", office_phone="0000 54321")
    contact, other = (ContactPerson(person=person, municipality=body) for person in (_ROSA, _ADA))
    asked = Confirmation(contact=contact)
    asked.colleagues = [other]
    return _confirmation_facts(_ROSA, [_entry(asked, "beispiel")], asked.ends_at)


def _confirmations(mail: OutgoingMail) -> QuerySet[Confirmation]:
    """What the mail asks about, as far as it is still hers to answer, and the mailbox still hers."""
    hers = ContactPerson.objects.on().filter(
        person=mail.recipient_key.removeprefix("person:"), person__email__iexact=mail.to_address
    )
    return Confirmation.objects.filter(pk__in=mail.data["confirmations"], contact__in=hers)


def _refuse_confirmation(mail: OutgoingMail) -> str:
    hers = _confirmations(mail).exists()
    return "" if hers else "Die Person ist nicht mehr zuständig oder hat inzwischen eine andere Adresse."


def _refuse_reminder(mail: OutgoingMail) -> str:
    silent = _confirmations(mail).silent().exists()
    return _refuse_confirmation(mail) or ("" if silent else "Die Angaben sind inzwischen bestätigt.")


def _render_hint(mail: OutgoingMail) -> Letter:
    return compose(mail.kind, _hint_facts(Hint.objects.select_related("municipality").get(pk=mail.data["hint"])))


def _hint_facts(hint: Hint) -> Facts:
    link = settings.SITE_URL + hint.municipality.get_absolute_url()
    return Facts({"hint": hint, "link": link}, {"kommune": hint.municipality.name})


def _hint_sample() -> Facts:
    text = "Die Telefonnummer der Anlaufstelle gehört inzwischen jemand anderem."
    return _hint_facts(Hint(municipality=Municipality(name="Musterstadt", slug="musterstadt"), text=text))


def _refuse_hint(mail: OutgoingMail) -> str:
    return "" if Hint.objects.open().filter(pk=mail.data["hint"]).exists() else "Der Hinweis ist schon erledigt."


def _render_taken_back(mail: OutgoingMail) -> Letter:
    municipality = Municipality.objects.get(pk=mail.data["municipality"])
    record = Profile.history.filter(history_id=mail.data["version"]).first()
    labels = labels_of(mail.data["names"])
    return compose(mail.kind, _taken_back_facts(municipality, record, labels, mail.data["reason"], mail.to_name))


def _taken_back_facts(municipality: Municipality, record: Any, labels: list[str], reason: str, name: str) -> Facts:
    link = settings.SITE_URL + reverse("profile_versions", args=[municipality.slug])
    facts = {"labels": labels, "reason": reason, "link": link, "who": record.actor_name, "when": record.history_date}
    return Facts(facts, {"name": name, "kommune": municipality.name})


def _taken_back_sample() -> Facts:
    record = Profile.history.model(actor_name=_ROSA.name, history_date=timezone.now())
    reason = "Die Telefonnummer gehörte zu einer anderen Stelle."
    return _taken_back_facts(_TOWN, record, ["Telefon der Anlaufstelle"], reason, _ROSA.name)


def _refuse_taken_back(mail: OutgoingMail) -> str:
    return "" if Profile.history.filter(history_id=mail.data["version"]).exists() else "Die Fassung ist gelöscht."


def _render_digest(mail: OutgoingMail) -> Letter:
    digest = ProfileDigest.objects.get(pk=mail.data["digest"])
    changed = Profile.objects.filter(changed_at__gt=digest.since).select_related("municipality")
    lines = [_digest_line(profile, changes_between(profile, digest.since, digest.until)) for profile in changed]
    return compose(mail.kind, _digest_facts([line for line in lines if line["names"]]))


def _digest_line(profile: Profile, changes: Changes) -> dict[str, Any]:
    link = settings.SITE_URL + reverse("profile_changes", args=[profile.municipality.slug])
    names = " und ".join(changes.actors)
    return {"body": profile.municipality, "labels": labels_of(changes.names), "names": names, "link": link}


def _digest_facts(lines: list[dict[str, Any]]) -> Facts:
    count = "1 Kommune hat" if len(lines) == 1 else f"{len(lines)} Kommunen haben"
    return Facts({"lines": lines}, {"anzahl": count})


def _digest_sample() -> Facts:
    changes = Changes(["office_phone", "topics"], [_ROSA.name])
    return _digest_facts([_digest_line(Profile(municipality=_TOWN), changes)])


def _refuse_digest(mail: OutgoingMail) -> str:
    digest = ProfileDigest.objects.filter(pk=mail.data["digest"]).first()
    known = digest and Profile.objects.filter(changed_at__gt=digest.since).exists()
    return "" if known else "Die geänderten Profile gibt es nicht mehr."


def _refuse(mail: OutgoingMail) -> str:
    """What the mail speaks of was erased meanwhile, or its recipient."""
    told = Person.objects.filter(pk=mail.recipient_key.removeprefix("person:")).exists()
    if "contact" in mail.data:
        known = ContactPerson.objects.filter(pk=mail.data["contact"]).exists()
    else:
        known = Person.objects.filter(pk=mail.data["person"]).exists()
    return "" if told and known else "Die Person ist gelöscht."


_NAME = {"name": "Name der Person, an die diese E-Mail geht"}
_FUNCTION_WORDS = _NAME | {
    "kommune": "die Kommune, zum Beispiel Stadt Musterstadt",
    "aufgabe": "„Ansprechperson“ oder „stellvertretende Ansprechperson“",
}
_CONFIRMATION_WORDS = _NAME | {"kommune": "die Kommune oder die Kommunen, für die sie zuständig ist"}
_ROUNDS = " und am ".join(f"{day}. {MONTHS[month - 1]}" for month, day in Confirmation.ROUNDS.values())
_WEEKS = " und ".join(str(after.days // 7) for after in Confirmation.REMINDERS)
_ADDRESS_WORDS = _NAME | {"adresse": "die Adresse, an die diese E-Mail geht"}

KINDS = (
    MailKind(
        "members.function_received",
        "Willkommen als Nachfolge",
        "wenn eine Ansprechperson das Thema an jemanden abgibt",
        "an die neue Ansprechperson",
        MailClass.BUSINESS,
        _render_function,
        _refuse,
        _function_sample,
        _FUNCTION_WORDS,
    ),
    MailKind(
        ENDED,
        "Dank zum Ende der Aufgabe",
        "wenn eine Ansprechperson das Thema abgibt oder ihre Kommune das Netzwerk verlässt",
        "an die bisherige Ansprechperson",
        MailClass.BUSINESS,
        _render_function,
        _refuse,
        _function_sample,
        _FUNCTION_WORDS,
        optional=True,
    ),
    MailKind(
        "members.address_replaced",
        "Neue Adresse für die Anmeldung",
        "wenn die Geschäftsstelle die E-Mail-Adresse einer Person mit Zugang ändert",
        "an die neue Adresse der Person",
        MailClass.BUSINESS,
        _render_address,
        _refuse,
        _address_sample,
        _ADDRESS_WORDS,
    ),
    MailKind(
        "members.colleague_address",
        "Geänderte Adresse in der eigenen Kommune",
        "wenn die Geschäftsstelle die E-Mail-Adresse einer Person mit Zugang ändert",
        "an die anderen Ansprechpersonen derselben Kommune",
        MailClass.BUSINESS,
        _render_address,
        _refuse,
        _address_sample,
        _ADDRESS_WORDS | {"person": "Name der Person, deren Adresse sich geändert hat"},
    ),
    MailKind(
        ASKING,
        "Stimmt noch?",
        f"jedes Jahr am {_ROUNDS}, oder wenn die Geschäftsstelle es anstößt",
        "an alle Ansprechpersonen der Mitglieder",
        MailClass.BUSINESS,
        _render_confirmation,
        _refuse_confirmation,
        _confirmation_sample,
        _CONFIRMATION_WORDS,
    ),
    MailKind(
        "members.confirmation_reminder",
        "Erinnerung: Stimmt noch?",
        f"{_WEEKS} Wochen nach der Nachfrage",
        "an die Ansprechpersonen der Mitglieder, aus denen noch niemand geantwortet hat",
        MailClass.BUSINESS,
        _render_confirmation,
        _refuse_reminder,
        _confirmation_sample,
        _CONFIRMATION_WORDS,
        optional=True,
    ),
    MailKind(
        HINT,
        "Hinweis zu den Angaben einer Kommune",
        "sofort, wenn jemand auf der Seite einer Kommune „Angabe veraltet?“ nutzt, "
        f"höchstens {Hint.MAILED_A_DAY}-mal am Tag je Kommune",
        "an die Ansprechpersonen der Kommune und das Postfach der Geschäftsstelle",
        MailClass.BUSINESS,
        _render_hint,
        _refuse_hint,
        _hint_sample,
        {"kommune": "die Kommune, um die es geht"},
        optional=True,
    ),
    MailKind(
        _TAKEN_BACK,
        "Änderung des Profils zurückgenommen",
        "wenn die Geschäftsstelle eine Änderung am Profil einer Kommune zurücknimmt",
        "an die Ansprechpersonen der Kommune",
        MailClass.BUSINESS,
        _render_taken_back,
        _refuse_taken_back,
        _taken_back_sample,
        _NAME | {"kommune": "die Kommune, um die es geht"},
    ),
    MailKind(
        _DIGEST,
        "Geänderte Profile",
        "jeden Morgen um 7 Uhr, wenn Kommunen ihr Profil geändert haben",
        "an das Postfach der Geschäftsstelle",
        MailClass.BUSINESS,
        _render_digest,
        _refuse_digest,
        _digest_sample,
        {"anzahl": "„1 Kommune hat“ oder „3 Kommunen haben“"},
        optional=True,
    ),
)
