"""Verbs around the PDF of a documentation: ordering it, making it in the background, publishing it, telling people."""

import hashlib
import logging
from collections.abc import Iterable
from enum import StrEnum

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from core import pdf, uploads
from core.actions import queue_batch
from core.jobs import wake
from core.models import Batch, MailState, OutgoingMail
from meetings import documentation_emails as emails
from meetings import editions, findings
from meetings.models import Build, BuildState, Documentation
from members.models import ContactPerson, Municipality, Person
from users.models import User

logger = logging.getLogger(__name__)

BUILD = "meetings.build_documentation"
_MOST_ATTEMPTS = 2

EMPTY = "Schreiben Sie zuerst etwas: Die Dokumentation ist noch leer."
MEND_FIRST = "Ergänzen Sie zuerst, was unter „Vor dem Veröffentlichen“ steht."
_OURS = (
    "Versuchen Sie es noch einmal. Gelingt es wieder nicht, wenden Sie sich an die Administration: Der Fehler liegt "
    "am Portal, nicht an Ihrem Text."
)
_DIED = "Versuchen Sie es noch einmal: Die Arbeit am PDF wurde zweimal unterbrochen."


@transaction.atomic
def order(documentation: Documentation, *, by: User | None) -> list[Build]:
    """Begin to make the PDF of each edition in the background, of the text as it is now.

    While one is being made the same is returned again, so a second press begins nothing. ValidationError (German) if
    there is nothing to print, or if something is missing (see `meetings.findings`).
    """
    documentation = _locked(documentation)
    if not findings.has_content(documentation):
        raise ValidationError(EMPTY)
    if findings.findings(documentation):
        raise ValidationError(MEND_FIRST)
    if running := list(documentation.builds.unfinished().order_by("pk")):
        return running
    builds = [
        Build(documentation=documentation, edition=edition, asked_by=by, html=editions.article(documentation, edition))
        for edition in documentation.editions
    ]
    for build in builds:
        build.save()
        wake(BUILD, build.pk)
    return builds


def make(pk: int) -> None:
    """Make the PDF of a build that waits; whoever comes second does nothing. Never raises for what is in the text."""
    waiting = Build.objects.filter(pk=pk, state=BuildState.WAITING)
    if not waiting.update(state=BuildState.WORKING, started_at=timezone.now(), attempts=F("attempts") + 1):
        return
    build = Build.objects.select_related("documentation__meeting").get(pk=pk)
    try:
        _finish(build, editions.pdf_of(build))
    except ValidationError as error:
        _fail(build, " ".join(error.messages))
    except Exception:
        # Broad on purpose: whatever goes wrong, the office must read that it did, and the worker goes on.
        logger.exception("documentation build %s failed", pk)
        _fail(build, _OURS)


def _finish(build: Build, made: pdf.Made) -> None:
    with transaction.atomic():
        if not _mine(build):
            return  # given up meanwhile, and begun again by somebody else
        build.state, build.finished_at = BuildState.DONE, timezone.now()
        build.sha256, build.size = hashlib.sha256(made.content).hexdigest(), len(made.content)
        build.pages, build.file = made.pages, ContentFile(made.content, "documentation.pdf")
        uploads.save_with_file(build)


def _fail(build: Build, reason: str) -> None:
    with transaction.atomic():
        if _mine(build):
            ended = {"state": BuildState.FAILED, "finished_at": timezone.now(), "reason": reason}
            Build.objects.filter(pk=build.pk).update(**ended)


def _mine(build: Build) -> bool:
    held = Build.objects.select_for_update().filter(pk=build.pk, state=BuildState.WORKING, attempts=build.attempts)
    return held.exists()


def sweep() -> None:
    """Find builds whose wake-up was lost or whose process died; begin them again, or say that it did not work."""
    for build in Build.objects.given_up():
        if build.attempts >= _MOST_ATTEMPTS:
            _fail(build, _DIED)
        else:
            again = Build.objects.filter(pk=build.pk, state=BuildState.WORKING, attempts=build.attempts)
            again.update(state=BuildState.WAITING)
    for pk in Build.objects.overdue().values_list("pk", flat=True):
        wake(BUILD, pk)


# --- publishing ---------------------------------------------------------------------------------------------------


def newest(documentation: Documentation) -> list[Build]:
    """Return the last build of each edition that there is to be, the public one first."""
    if documentation.pk is None:
        return []
    rows = {build.edition: build for build in documentation.builds.order_by("asked_at", "pk")}
    return [rows[edition] for edition in documentation.editions if edition in rows]


def is_current(build: Build) -> bool:
    """Whether the text is still the one that the build was made of."""
    return build.html == editions.article(build.documentation, build.edition)


class Step(StrEnum):
    """How far a documentation is: what its page offers next."""

    WRITE = "write"
    WAIT = "wait"
    MEND = "mend"
    ORDER = "order"
    PUBLISH = "publish"
    PUBLISHED = "published"


_WHY_NOT = {
    Step.WRITE: EMPTY,
    Step.WAIT: "Warten Sie, bis das PDF fertig ist.",
    Step.MEND: MEND_FIRST,
    Step.ORDER: "Erzeugen Sie zuerst das PDF: Es gibt noch keines vom jetzigen Text.",
    Step.PUBLISHED: "Diese Fassung ist schon veröffentlicht.",
}


def step(documentation: Documentation, builds: list[Build]) -> Step:
    """Return how far a documentation is. builds: its newest ones."""
    if not findings.has_content(documentation):
        return Step.WRITE
    if any(build.is_unfinished for build in builds):
        return Step.WAIT
    if findings.findings(documentation):
        return Step.MEND
    complete = len(builds) == len(documentation.editions) and all(build.is_done for build in builds)
    if not complete or not all(map(is_current, builds)):
        return Step.ORDER
    return Step.PUBLISHED if all(build.published_at for build in builds) else Step.PUBLISH


@transaction.atomic
def publish(documentation: Documentation) -> Documentation:
    """Let everybody whom it concerns see the newest builds, under the same address as ever.

    The first time it is published, later it is corrected, and says so. ValidationError (German) if it is not so far.
    """
    documentation = _locked(documentation)
    builds = newest(documentation)
    for build in builds:
        build.documentation = documentation
    if reason := _WHY_NOT.get(step(documentation, builds)):
        raise ValidationError(reason)
    now = timezone.now()
    Build.objects.filter(pk__in=[build.pk for build in builds]).update(published_at=now)
    if documentation.is_published:
        documentation.corrected_at = now
    else:
        documentation.published_at = now
    documentation.save()
    return documentation


@transaction.atomic
def withdraw(documentation: Documentation) -> None:
    """Show nothing of it to readers any more; texts and builds stay."""
    documentation = _locked(documentation)
    documentation.builds.update(published_at=None)
    documentation.published_at = documentation.corrected_at = None
    documentation.save()


def _locked(documentation: Documentation) -> Documentation:
    rows = Documentation.objects.select_for_update(of=("self",)).select_related("meeting")
    found = rows.filter(pk=documentation.pk).first()
    if found is None:
        raise ValidationError(EMPTY)
    return found


# --- telling ------------------------------------------------------------------------------------------------------


def participants(documentation: Documentation) -> list[Person]:
    """Return those who were there and have not been told yet."""
    return _untold(documentation, (row.person for row in editions.present(documentation).select_related("person")))


def members(documentation: Documentation) -> list[Person]:
    """Return all contact persons of today's members, and who was there; without those who have been told."""
    contacts = ContactPerson.objects.on().filter(municipality__in=Municipality.objects.members())
    persons = [contact.person for contact in contacts.select_related("person")]
    return _untold(documentation, [*persons, *participants(documentation)])


def _untold(documentation: Documentation, persons: Iterable[Person]) -> list[Person]:
    mails = OutgoingMail.objects.filter(kind=emails.DOCUMENTATION, data__documentation=documentation.pk)
    told = set(mails.exclude(state=MailState.SKIPPED).values_list("recipient_key", flat=True))
    reachable = {person.pk: person for person in persons if person.email and person.key not in told}
    return sorted(reachable.values(), key=lambda person: (person.sort_key, person.pk))


@transaction.atomic
def tell(documentation: Documentation, persons: list[Person], *, by: User | None) -> Batch:
    """Tell these people by one batch, which can be taken back for a minute, where the documentation is.

    ValidationError (German) if it is not published, or if nobody is left to be told.
    """
    documentation = _locked(documentation)
    if not documentation.is_published:
        raise ValidationError("Veröffentlichen Sie die Dokumentation zuerst.")
    told = [emails.recipient(documentation, person) for person in persons]
    return queue_batch(emails.DOCUMENTATION, told, title=f"Dokumentation: {documentation.meeting}", by=by)
