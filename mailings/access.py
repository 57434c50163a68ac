"""Who may see, change and release which mailing; whose settings a link opens. The only doors to these objects."""

from django.conf import settings
from django.db.models import Q, QuerySet
from django.http import Http404

from core.links import row_for
from core.mailkinds import MailClass
from core.models import MailState, OutgoingMail
from mailings.models import Archive, EnclosedFile, Mailing, PassedOn, Rubric, Subscriber
from members.access import is_network
from members.models import Person
from users.models import User

# What each kind of personal link is for; the rubric belongs to the purpose of an unsubscribing one.
SETTINGS = "mails"


def unsubscribing(rubric: str) -> str:
    """Return the purpose of links that unsubscribe from this rubric."""
    return f"unsubscribe-{rubric}"


def mailing_for_staff(pk: int) -> Mailing:
    """Return a mailing, for pages of staff; Http404 if there is none."""
    return _found(Mailing.objects.for_list().filter(pk=pk))


def needs_second_person() -> bool:
    """Whether somebody else than the author releases (MAILING_SECOND_PERSON)."""
    return settings.MAILING_SECOND_PERSON


def can_release(user: User, mailing: Mailing) -> bool:
    """Whether this account may release this mailing: any of the staff but who wrote or changed it last."""
    is_other = mailing.author_id != user.pk or not needs_second_person()
    return is_other and user.has_perm("mailings.release_mailing")


def public_mailing_for(pk: int) -> Mailing:
    """Return a mailing of the public archive; Http404 for any other."""
    return _found(Mailing.objects.public().filter(pk=pk))


def archive_for(user: User, person: Person | None) -> QuerySet[Mailing]:
    """Return what somebody finds in her own area: what was released for her, sent to her, or given on to her."""
    wanted = Q(archive=Archive.PUBLIC)
    if is_network(user) or user.has_perm("mailings.view_mailing"):
        wanted |= Q(archive=Archive.MEMBERS)
    if person is not None:
        got = OutgoingMail.objects.filter(recipient_key=person.key, state=MailState.SENT, batch__isnull=False)
        given = PassedOn.objects.standing().filter(receiver=person)
        wanted |= Q(batch__in=got.values("batch")) | Q(pk__in=given.values("mailing"))
    return Mailing.objects.arrived().filter(wanted)


def archived_mailing_for(user: User, person: Person | None, pk: int) -> Mailing:
    """Return a mailing of her archive; Http404 for any other."""
    return _found(archive_for(user, person).filter(pk=pk))


def file_of(mailing: Mailing) -> EnclosedFile:
    """Return the file of a mailing whose reader may see it; Http404 if it has none."""
    if mailing.enclosed_file is None:
        raise Http404
    return mailing.enclosed_file


def own_mails(person: Person | None) -> QuerySet[OutgoingMail]:
    """Return what the portal has sent to a person; none for nobody."""
    keys = [person.key, *([person.user.key] if person.user else [])] if person is not None else []
    sent = OutgoingMail.objects.filter(recipient_key__in=keys, state__in=[MailState.SENT, MailState.UNKNOWN])
    return sent.order_by("-settled_at", "-pk")


def own_mail_for(person: Person | None, public_id: str) -> OutgoingMail:
    """Return a mail to her whose text may be shown; Http404 for anybody else's and for what signs in."""
    mail = own_mails(person).exclude(mail_class=MailClass.ACCESS).filter(public_id=public_id).first()
    if mail is None:
        raise Http404
    return mail


def passing_on(mailing: int) -> str:
    """Return the purpose of links that give this mailing on to a colleague."""
    return f"pass-on-{mailing}"


def passing_on_for(pk: int, token: str) -> tuple[Mailing, Person]:
    """Return which Dienstliches somebody gives on by this link, and who she is. Http404: the link leads nowhere."""
    giver = _subscriber(row_for(_SUBSCRIBERS, passing_on(pk), token)).person
    return _found(Mailing.objects.for_list().sent().filter(pk=pk, rubric="")), giver


def subscriber_for(token: str) -> Subscriber:
    """Return whose e-mails a link to the settings is about; Http404 for a link that leads nowhere."""
    return _subscriber(row_for(_SUBSCRIBERS, SETTINGS, token))


def unsubscribing_for(token: str) -> tuple[Subscriber, Rubric, bool]:
    """Return who unsubscribes by this link, from what, and whether the mail went to the address she has today.

    The link of a mail to a former address still unsubscribes from what the mail was about (RFC 8058), but does nothing
    else. Http404 for a link that leads nowhere.
    """
    for rubric in Rubric.to_choose():
        if row := row_for(_SUBSCRIBERS, unsubscribing(rubric), token, withdrawn=True):
            is_hers = row_for(_SUBSCRIBERS, unsubscribing(rubric), token) is not None
            return _subscriber(row), rubric, is_hers
    raise Http404


def went_to_former_address(purpose: str, token: str) -> bool:
    """Whether a link that leads nowhere did so until the person got another address."""
    row = row_for(_SUBSCRIBERS, purpose, token, withdrawn=True)
    return row is not None and not row.person.is_erased and row_for(_SUBSCRIBERS, purpose, token) is None


_SUBSCRIBERS = Subscriber.objects.select_related("person")


def _subscriber(row: Subscriber | None) -> Subscriber:
    if row is None or row.person.is_erased:
        raise Http404
    return row


def _found(rows: QuerySet[Mailing]) -> Mailing:
    row = rows.first()
    if row is None:
        raise Http404
    return row
