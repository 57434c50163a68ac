"""What a mailing is as a mail, the test of it, and what somebody is told who unsubscribed."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.safestring import mark_safe

from core.actions import Recipient, queue_mail
from core.letters import compose
from core.links import token_for
from core.mailkinds import Facts, File, Letter, MailClass, MailKind
from core.mailtexts import Wording
from core.models import OutgoingMail
from mailings.access import SETTINGS, passing_on, unsubscribing
from mailings.audiences import UNSUBSCRIBED, Reader
from mailings.blocks import Body, expand
from mailings.models import EnclosedFile, Mailing, OptOut, Rubric, Subscriber
from meetings.emails import invitation_facts, invitation_of, refuse_invitation
from meetings.samples import invitation as sample_invitation
from members.models import Person
from users.models import User

BUSINESS, INFORMATION = "mailings.business", "mailings.information"
TEST, UNSUBSCRIBING = "mailings.test", "mailings.unsubscribed"
_EXAMPLE = "Dr. Ada Beispiel"
OTHER_ADDRESS = "Die Person hat inzwischen eine andere Adresse oder ist gelöscht."


# --- queueing -----------------------------------------------------------------------------------------------------


def kind_of(mailing: Mailing) -> str:
    return INFORMATION if mailing.rubric else BUSINESS


def recipient(reader: Reader, mailing: Mailing) -> Recipient:
    """Return a reader as part of the batch."""
    person = reader.person
    return Recipient(person.key, person.email, person.name, data_of(mailing))


def data_of(mailing: Mailing) -> dict[str, Any]:
    """Return what a row knows of its mailing: its number, and whether a file goes along, or each would have to ask."""
    return {"mailing": mailing.pk, **({"file": True} if mailing.enclosed_file else {})}


def test(mailing: Mailing, *, to: User) -> OutgoingMail:
    """Send the mailing as it stands to somebody of the office, its links dead."""
    return queue_mail(TEST, to_address=to.email, recipient_key=to.key, data=data_of(mailing))


def unsubscribed(subscriber: Subscriber, rubrics: list[Rubric]) -> OutgoingMail | None:
    """Tells a person what she does not get any more, with the way back: perhaps it was not she who pressed."""
    person = subscriber.person
    if not person.email:
        return None
    data = {"subscriber": subscriber.pk, "rubrics": [str(rubric) for rubric in rubrics]}
    return queue_mail(UNSUBSCRIBING, to_address=person.email, to_name=person.name, recipient_key=person.key, data=data)


# --- what they say ------------------------------------------------------------------------------------------------


def link(subscriber: Subscriber, purpose: str) -> str:
    """Return the address of a page for this person: unsubscribing from a rubric, or her settings."""
    name = "mail_settings_by_link" if purpose == SETTINGS else "unsubscribe"
    return f"{settings.SITE_URL}{reverse(name, args=[token_for(subscriber, purpose)])}"


def pass_on_link(subscriber: Subscriber, mailing: Mailing) -> str:
    """Return the address of the page where this person gives the mailing on to a colleague."""
    token = token_for(subscriber, passing_on(mailing.pk))
    return f"{settings.SITE_URL}{reverse('pass_on', args=[mailing.pk, token])}"


def preview(mailing: Mailing) -> Letter:
    """Return the mail to a made-up reader: as it went out, or else with its blocks as of today.

    ValidationError (German) as `blocks.expand`.
    """
    kind = kind_of(mailing)
    context: dict[str, Any] = {"mailing": mailing}
    if mailing.rubric:
        dead = f"{settings.SITE_URL}{reverse('unsubscribe', args=['beispiel'])}"
        context |= {"unsubscribe_url": dead, "settings_url": dead}
    else:
        context["pass_on_url"] = f"{settings.SITE_URL}{reverse('pass_on', args=[mailing.pk or 0, 'beispiel'])}"
    if mailing.invites_to:
        example = sample_invitation()
        example.meeting = mailing.invites_to
        context |= invitation_facts(example).context
    if mailing.is_sent:
        return _letter(kind, mailing, _stored_body(mailing, _EXAMPLE), context)
    body = expand(mailing.text, inviting_to=mailing.invites_to)
    return _letter(kind, mailing, body.for_reader(_EXAMPLE), context)


def _letter(kind: str, mailing: Mailing, body: Body, context: Mapping[str, Any]) -> Letter:
    given = {
        "unsubscribe_url": "", "settings_url": "", "answer_url": "", "decline_url": "", "meeting": None, "giver": None,
        **context,
        "mailing": mailing, "body": body,
    }  # fmt: skip
    return compose(kind, Facts(given), wording=Wording(mailing.subject, "", ""))


def _mailing(mail: OutgoingMail) -> Mailing:
    return Mailing.objects.select_related("invites_to__host").get(pk=mail.data["mailing"])


def _stored_body(mailing: Mailing, name: str) -> Body:
    body = Body(mark_safe(mailing.body_html), mailing.body_text)  # noqa: S308 - written by `blocks.expand`
    return body.for_reader(name)


def _render_business(mail: OutgoingMail) -> Letter:
    mailing = _mailing(mail)
    context: dict[str, Any] = {"pass_on_url": pass_on_link(_subscriber(mail), mailing)}
    if "giver" in mail.data:
        context["giver"] = Person.objects.filter(pk=mail.data["giver"]).exclude(last_name="").first()
    if "invitation" in mail.data:
        invitation = invitation_of(mail)
        assert invitation is not None  # noqa: S101 - `refuse` has just found it
        context |= invitation_facts(invitation).context
    return _letter(mail.kind, mailing, _stored_body(mailing, mail.to_name), context)


def _render_information(mail: OutgoingMail) -> Letter:
    mailing = _mailing(mail)
    subscriber = _subscriber(mail)
    context = {
        "unsubscribe_url": link(subscriber, unsubscribing(mailing.rubric)),
        "settings_url": link(subscriber, SETTINGS),
    }
    return _letter(mail.kind, mailing, _stored_body(mailing, mail.to_name), context)


def _render_test(mail: OutgoingMail) -> Letter:
    mailing = _mailing(mail)
    mailing.subject = f"Test: {mailing.subject}"
    return preview(mailing)


def _person(mail: OutgoingMail) -> Person | None:
    """The recipient, if the mailbox is still hers."""
    key = mail.recipient_key.removeprefix("person:")
    return Person.objects.filter(pk=int(key), email__iexact=mail.to_address).exclude(last_name="").first()


def _subscriber(mail: OutgoingMail) -> Subscriber:
    """What the links of a mail lead to, as a rule made at its release (`releasing`)."""
    person = int(mail.recipient_key.removeprefix("person:"))
    return Subscriber.objects.filter(person=person).first() or Subscriber.objects.create(person_id=person)


def _headers(mail: OutgoingMail) -> dict[str, str]:
    """What mail programs need for their own button to unsubscribe (RFC 2369; one click: RFC 8058)."""
    subscriber = Subscriber.objects.filter(person=int(mail.recipient_key.removeprefix("person:"))).first()
    rubric = Mailing.objects.filter(pk=mail.data.get("mailing")).values_list("rubric", flat=True).first()
    if subscriber is None or not rubric:
        return {}
    return {
        "List-Unsubscribe": f"<{link(subscriber, unsubscribing(rubric))}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }


def _files(mail: OutgoingMail) -> tuple[File, ...]:
    """The enclosed file, which stays after the release; whoever sends fails the row if it is gone from the disk."""
    rows = EnclosedFile.objects.filter(mailing=mail.data["mailing"]) if "file" in mail.data else ()
    files: list[File] = []
    for row in rows:
        with row.file.open("rb") as stored:
            files.append(File(row.name, row.content_type, stored.read()))
    return tuple(files)


def _refuse_business(mail: OutgoingMail) -> str:
    if "invitation" in mail.data:
        return refuse_invitation(mail)
    return "" if _person(mail) else OTHER_ADDRESS


def _refuse_information(mail: OutgoingMail) -> str:
    person = _person(mail)
    if person is None:
        return OTHER_ADDRESS
    rubric = _mailing(mail).rubric
    unwanted = OptOut.objects.filter(person=person, rubric=rubric).exists()
    return f"Die Person {UNSUBSCRIBED}." if unwanted else ""


def _refuse_test(mail: OutgoingMail) -> str:
    known = Mailing.objects.filter(pk=mail.data["mailing"]).exists()
    return "" if known else "Die E-Mail gibt es nicht mehr."


def _unsubscribed_facts(settings_url: str, rubrics: list[str]) -> Facts:
    names = [Rubric(rubric).label for rubric in rubrics]
    return Facts({"settings_url": settings_url, "rubrics": names}, {"rubriken": " und ".join(names)})


def _render_unsubscribed(mail: OutgoingMail) -> Letter:
    subscriber = Subscriber.objects.get(pk=mail.data["subscriber"])
    return compose(mail.kind, _unsubscribed_facts(link(subscriber, SETTINGS), mail.data["rubrics"]))


KINDS = (
    MailKind(
        BUSINESS,
        "Informations-E-Mail: Dienstliches",
        "wenn die Geschäftsstelle sie schreibt und eine zweite Person sie freigibt",
        "wer dort ausgewählt ist; niemand kann sie abbestellen",
        MailClass.BUSINESS,
        _render_business,
        _refuse_business,
        files=_files,
    ),
    MailKind(
        INFORMATION,
        "Informations-E-Mail: Informationen",
        "wenn die Geschäftsstelle sie schreibt und eine zweite Person sie freigibt",
        "wer dort ausgewählt ist und die Rubrik nicht abbestellt hat",
        MailClass.INFORMATION,
        _render_information,
        _refuse_information,
        headers=_headers,
        files=_files,
        kept_elsewhere=True,
    ),
    MailKind(
        TEST,
        "Informations-E-Mail: Test",
        "wenn jemand von Geschäftsstelle oder Staatskanzlei „Test an mich“ drückt",
        "an die eigene Adresse",
        MailClass.BUSINESS,
        _render_test,
        _refuse_test,
        files=_files,
    ),
    MailKind(
        UNSUBSCRIBING,
        "Informationen abbestellt",
        "sofort, wenn jemand Informationen abbestellt, mit dem Weg zurück",
        "die Person, die sie abbestellt hat",
        MailClass.BUSINESS,
        _render_unsubscribed,
        sample=lambda: _unsubscribed_facts(f"{settings.SITE_URL}/e-mails/beispiel/", [Rubric.FUNDING]),
        placeholders={"rubriken": "was abbestellt ist"},
    ),
)
