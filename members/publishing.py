"""Verbs of a body's own profile: keeping a draft, publishing it, bringing an earlier state back."""

import datetime
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from core import history
from core.dates import today
from core.models import OutgoingMail
from core.pictures import NewPicture
from core.uploads import save_with_file
from members import emails
from members.models import Municipality, Profile, ProfileDigest, ProfileDraft, ProfilePicture, Topic
from members.models.editing import FIELDS, Values, differing, labels_of, values_of
from members.models.profiles import PICTURES
from users.models import User

# A question of the form takes a thousand characters; what is longer was not typed by hand.
_LONGEST, _MOST = 5_000, 200
# What is being stored at this moment is not seen yet; the next digest has it.
_SETTLED = datetime.timedelta(minutes=1)


class ChangedMeanwhileError(Exception):
    """Somebody else published since the person opened the form."""

    def __init__(self, news: history.News):
        super().__init__(news.who)
        self.news = news


def keep_draft(draft: ProfileDraft, typed: Mapping[str, list[str]], *, seen: int | None = None) -> None:
    """Keep what was typed, unchecked. seen: the version of the profile that the form showed."""
    draft.typed = {name: [value[:_LONGEST] for value in values[:_MOST]] for name, values in typed.items()}
    draft.seen = draft.seen if seen is None else seen
    _save(draft, "typed", "seen")


def _save(draft: ProfileDraft, *names: str) -> None:
    """Store these fields of a draft, and of a new one all: what script and button send at once undoes nothing.

    Of two first ones at the same moment the second takes the first one's row.
    """
    everything = {name: getattr(draft, name) for name in ("typed", "seen", *PICTURES)}
    row, _ = ProfileDraft.objects.update_or_create(
        municipality=draft.municipality,
        person=draft.person,
        defaults={name: everything[name] for name in names},
        create_defaults=everything,
    )
    draft.pk = row.pk


@transaction.atomic
def discard(draft: ProfileDraft) -> None:
    """Throw away what was typed, and pictures that nobody has seen."""
    pictures = [getattr(draft, name) for name in PICTURES]
    if draft.pk:
        draft.delete()
    _drop_unseen(*pictures)


def rebase(draft: ProfileDraft, typed: Mapping[str, list[str]], version: int) -> None:
    """Put a draft on top of what others published meanwhile; pictures that she did not touch follow the profile.

    typed: joined from her changes and the profile. version: the profile's, which she sees from now on.
    """
    profile = draft.municipality.profile
    record = history.version_at(profile, draft.seen)
    for name in (f"{picture}_id" for picture in PICTURES):
        if record and getattr(draft, name) == getattr(record, name):
            setattr(draft, name, getattr(profile, name))
    _save(draft, *PICTURES)
    keep_draft(draft, typed, seen=version)


@transaction.atomic
def add_picture(draft: ProfileDraft, use: str, new: NewPicture, *, alt: str, credit: str) -> ProfilePicture:
    """Store a picture or coat of arms and put it into the draft; nobody else sees it before that is published.

    use: "picture" or "crest". ValidationError (German) if there is no room for the file.
    """
    picture = ProfilePicture(municipality=draft.municipality, alt=alt, credit=credit)
    picture.hold(new)
    picture.full_clean(exclude=["file"])
    save_with_file(picture)
    _put(draft, use, picture)
    return picture


@transaction.atomic
def remove_picture(draft: ProfileDraft, use: str) -> None:
    """Take the picture out of the draft; it stays public until that is published."""
    _put(draft, use, None)


def _put(draft: ProfileDraft, use: str, picture: ProfilePicture | None) -> None:
    before = getattr(draft, use)
    setattr(draft, use, picture)
    _save(draft, use)
    _drop_unseen(before)


def _drop_unseen(*pictures: ProfilePicture | None) -> None:
    """Delete pictures, with their files, that were never public and lie in no draft: trying fills no disk."""
    for picture in filter(None, pictures):
        shows = Q(picture_id=picture.pk) | Q(crest_id=picture.pk)
        places = (Profile.objects, Profile.history, ProfileDraft.objects)
        if not any(place.filter(shows).exists() for place in places):
            picture.delete()


@transaction.atomic
def publish(draft: ProfileDraft, values: Mapping[str, Any], *, reader: User) -> list[str]:
    """Make these answers and the draft's pictures public at once, and drop the draft; return what is different now.

    values: by question, topics as keys. Raises ChangedMeanwhileError if somebody else changed an answer since the
    draft's version, ValidationError (German) for what cannot be stored.
    """
    profile = locked_profile(draft.municipality)
    news = history.changed_since(profile, draft.seen, reader=reader) if profile.pk else None
    if news and (not news.changes or any(change.field in FIELDS for change in news.changes)):
        raise ChangedMeanwhileError(news)
    changed = _store(profile, {**values, "picture": draft.picture_id, "crest": draft.crest_id})
    if changed:
        note_change(profile)
    if draft.pk:
        draft.delete()
    return changed


@transaction.atomic
def bring_back(profile: Profile, version: int, *, by_body: bool = True) -> list[str]:
    """Let the profile be again what it was at that version; return what is different now.

    by_body: whether its own people do it, who so confirm it, and of whom the office learns. Topics that no longer
    exist, and pictures removed since, stay away. ValidationError (German) if it never had that version.
    """
    profile = locked_profile(profile.municipality)
    record = _record(profile, version)
    changed = _store(profile, _still_there(values_of(record)), confirms=by_body)
    if changed and by_body:
        note_change(profile)
    return changed


@transaction.atomic
def take_back(profile: Profile, version: int, *, reason: str) -> list[str]:
    """Undo what one version changed, for the office, and tell the body's contact persons why; return what is undone.

    What was changed otherwise since stays. ValidationError (German) if the version changed nothing, or if the same
    answers were changed once more: then the later change goes first.
    """
    profile = locked_profile(profile.municipality)
    record = _record(profile, version)
    earlier, then, now = values_of(_before(record) or Profile()), values_of(record), values_of(profile)
    taken = differing(earlier, then)
    if not taken:
        raise ValidationError("Wählen Sie eine andere Fassung: Diese hat keine Angabe geändert.")
    if later := [name for name in taken if now[name] != then[name]]:
        again = ", ".join(labels_of(later))
        raise ValidationError(f"Nehmen Sie zuerst die spätere Änderung zurück: Seither neu ist {again}.")
    changed = _store(profile, _still_there(now | {name: earlier[name] for name in taken}), confirms=False)
    review(profile, history.version_of(Profile, profile.pk))
    emails.profile_taken_back(profile.municipality, record, changed, reason=reason)
    return changed


def note_change(profile: Profile) -> None:
    """Let the office know that the body itself has just changed its profile: in "Heute", and with the next digest."""
    newest = profile.history.order_by("-history_id").values_list("history_date", flat=True)[:1]
    Profile._base_manager.filter(pk=profile.pk).update(changed_at=newest.get())


def review(profile: Profile, version: int) -> None:
    """Note that the office has looked at everything up to this version."""
    record = _record(profile, version)
    Profile._base_manager.filter(pk=profile.pk).update(reviewed_at=record.history_date)


@transaction.atomic
def send_digest() -> OutgoingMail | None:
    """Tell the office which bodies changed their profile since the last digest: one mail a day at most, none if none.

    Called twice at the same moment, by two clocks, it still sends one: the day is unique.
    """
    last = ProfileDigest.objects.order_by("-day").first()
    until = timezone.now() - _SETTLED
    since = last.until if last else until - datetime.timedelta(days=1)
    changed = Profile.objects.filter(changed_at__gt=since, changed_at__lte=until)
    if (last and last.day == today()) or not changed.exists():
        return None
    try:
        with transaction.atomic():
            digest = ProfileDigest.objects.create(day=today(), since=since, until=until)
    except IntegrityError:
        return None
    return emails.profile_digest(digest)


def _before(record: Any) -> Any:
    """The version before this one; None before the first."""
    return type(record).objects.filter(id=record.id, history_id__lt=record.history_id).order_by("-history_id").first()


def _record(profile: Profile, version: int) -> Any:
    record = history.version_at(profile, version)
    if record is None:
        raise ValidationError("Laden Sie die Seite neu: Diesen Stand gibt es nicht.")
    return record


def _still_there(values: Values) -> Values:
    """Without what has been deleted since."""
    topics = list(Topic.objects.filter(pk__in=values["topics"]).values_list("pk", flat=True))
    known = set(ProfilePicture.objects.filter(pk__in=[values[name] for name in PICTURES]).values_list("pk", flat=True))
    return values | {"topics": topics} | {name: values[name] if values[name] in known else None for name in PICTURES}


def locked_profile(municipality: Municipality) -> Profile:
    """Return the body's profile, a new one if it has none; nobody else changes it before the transaction ends."""
    Municipality.objects.held(municipality.pk)
    return Profile.objects.select_for_update().filter(municipality=municipality).first() or Profile(
        municipality=municipality
    )


def _store(profile: Profile, values: Values, *, confirms: bool = True) -> list[str]:
    """Store the answers as one version; return the names of those that are different now.

    confirms: whether the body says so itself, so that "Stand" is today.
    """
    before = values_of(profile)
    for name, value in values.items():
        if name != "topics":
            setattr(profile, f"{name}_id" if name in PICTURES else name, value)
    if confirms:
        profile.confirmed_on = today()
    new = profile.pk is None
    profile.full_clean(validate_unique=new)
    profile.skip_history_when_saving = True  # type: ignore[attr-defined]
    if new:
        profile.save()
    profile.topics.set(values["topics"])
    del profile.skip_history_when_saving  # type: ignore[attr-defined]
    profile.save()
    if new:  # the only version, with the topics, is of the second saving: to the library a change
        profile.history.update(history_type="+")
    after = values_of(profile)
    _note_unused(before, after)
    return differing(before, after)


def _note_unused(before: Values, after: Values) -> None:
    """Pictures that the profile no longer shows are kept for a while, so that they can come back."""
    shown = [after[name] for name in PICTURES]
    ProfilePicture.objects.filter(pk__in=shown).update(unused_since=None)
    replaced = ProfilePicture.objects.filter(pk__in=[before[name] for name in PICTURES]).exclude(pk__in=shown)
    replaced.update(unused_since=timezone.now())
