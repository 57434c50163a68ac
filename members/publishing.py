"""Verbs of a body's own profile: keeping a draft, publishing it, bringing an earlier state back."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from core import history
from core.dates import today
from core.pictures import NewPicture
from core.uploads import save_with_file
from members.models import Municipality, Profile, ProfileDraft, ProfilePicture, Topic
from members.models.profiles import PICTURES, QUESTIONS
from users.models import User

FIELDS = (*QUESTIONS, *PICTURES)
# A question of the form takes a thousand characters; what is longer was not typed by hand.
_LONGEST, _MOST = 5_000, 200

Values = dict[str, Any]


class ChangedMeanwhileError(Exception):
    """Somebody else published since the person opened the form."""

    def __init__(self, news: history.News):
        super().__init__(news.who)
        self.news = news


def values_of(row: Any) -> Values:
    """Return what a profile, or a version of it in the history, answers: text, keys of topics, key of a picture."""
    values = {name: getattr(row, name) for name in QUESTIONS if name != "topics"}
    values |= {name: getattr(row, f"{name}_id") for name in PICTURES}
    if isinstance(row, Profile):
        values["topics"] = sorted(row.topics.values_list("pk", flat=True)) if row.pk else []
    else:
        values["topics"] = sorted(history.many_at(row)["topics"])
    return values


def differing(one: Values, other: Values) -> list[str]:
    """Return the names of the questions that two states answer differently, in the order of the profile."""
    return [name for name in FIELDS if one[name] != other[name]]


def labels_of(names: Iterable[str]) -> list[str]:
    """Return the questions as the form words them."""
    return [str(Profile._meta.get_field(name).verbose_name) for name in names]


def keep_draft(draft: ProfileDraft, typed: Mapping[str, list[str]], *, seen: int | None = None) -> None:
    """Keep what was typed, unchecked. seen: the version of the profile that the form showed."""
    draft.typed = {name: [value[:_LONGEST] for value in values[:_MOST]] for name, values in typed.items()}
    draft.seen = draft.seen if seen is None else seen
    draft.save()


def rebase(draft: ProfileDraft, typed: Mapping[str, list[str]], version: int) -> None:
    """Put a draft on top of what others published meanwhile; pictures that she did not touch follow the profile.

    typed: joined from her changes and the profile. version: the profile's, which she sees from now on.
    """
    profile = draft.municipality.profile
    record = history.version_at(profile, draft.seen)
    for name in (f"{picture}_id" for picture in PICTURES):
        if record and getattr(draft, name) == getattr(record, name):
            setattr(draft, name, getattr(profile, name))
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


def remove_picture(draft: ProfileDraft, use: str) -> None:
    """Take the picture out of the draft; it stays public until that is published."""
    _put(draft, use, None)


def _put(draft: ProfileDraft, use: str, picture: ProfilePicture | None) -> None:
    setattr(draft, use, picture)
    draft.save()


@transaction.atomic
def publish(draft: ProfileDraft, values: Mapping[str, Any], *, reader: User) -> list[str]:
    """Make these answers and the draft's pictures public at once, and drop the draft; return what is different now.

    values: by question, topics as keys. Raises ChangedMeanwhileError if somebody else changed an answer since the
    draft's version, ValidationError (German) for what cannot be stored.
    """
    profile = _locked(draft.municipality)
    news = history.changed_since(profile, draft.seen, reader=reader) if profile.pk else None
    if news and (not news.changes or any(change.field in FIELDS for change in news.changes)):
        raise ChangedMeanwhileError(news)
    changed = _store(profile, {**values, "picture": draft.picture_id, "crest": draft.crest_id})
    if changed:
        Profile.objects.filter(pk=profile.pk).update(changed_at=timezone.now())
    if draft.pk:
        draft.delete()
    return changed


@transaction.atomic
def restore(profile: Profile, version: int) -> list[str]:
    """Let the profile be again what it was at that version; return what is different now.

    Topics that no longer exist, and pictures removed since, stay away. ValidationError if it never had that version.
    """
    profile = _locked(profile.municipality)
    record = _record(profile, version)
    changed = _store(profile, _still_there(values_of(record)))
    if changed:
        Profile.objects.filter(pk=profile.pk).update(changed_at=timezone.now())
    return changed


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


def _locked(municipality: Municipality) -> Profile:
    """The body's profile, a new one if it has none; nobody else changes it before the transaction ends."""
    Municipality.objects.select_for_update().get(pk=municipality.pk)
    return Profile.objects.filter(municipality=municipality).first() or Profile(municipality=municipality)


def _store(profile: Profile, values: Values) -> list[str]:
    """Store the answers as one version; return the names of those that are different now."""
    before = values_of(profile)
    for name, value in values.items():
        if name != "topics":
            setattr(profile, f"{name}_id" if name in PICTURES else name, value)
    profile.confirmed_on = today()
    profile.full_clean(validate_unique=profile.pk is None)
    if profile.pk is None:
        profile.save()
    profile.skip_history_when_saving = True  # type: ignore[attr-defined]
    profile.topics.set(values["topics"])
    del profile.skip_history_when_saving  # type: ignore[attr-defined]
    profile.save()
    after = values_of(profile)
    _note_unused(before, after)
    return differing(before, after)


def _note_unused(before: Values, after: Values) -> None:
    """Pictures that the profile no longer shows are kept for a while, so that they can come back."""
    shown = [after[name] for name in PICTURES]
    ProfilePicture.objects.filter(pk__in=shown).update(unused_since=None)
    replaced = ProfilePicture.objects.filter(pk__in=[before[name] for name in PICTURES]).exclude(pk__in=shown)
    replaced.update(unused_since=timezone.now())
