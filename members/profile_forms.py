"""The form of a body's own profile, filled from a draft, and that of its picture or coat of arms."""

from typing import Any

from django import forms
from django.forms.models import model_to_dict
from django.http import QueryDict

from core import history
from core.pictures import NewPicture, PictureField
from members.models import Profile, ProfileDraft, ProfilePicture
from members.models.profiles import GROUPS, QUESTIONS

_NO_ADDRESS = "Schreiben Sie die Adresse der Seite, zum Beispiel „www.stadt.de/ehrenamt“."
# Questions with a few answers to choose from.
_CHOICES = [name for name in QUESTIONS if Profile._meta.get_field(name).choices]


class ProfileForm(forms.ModelForm):
    """What a body tells about itself: the draft as it was typed, errors included; without one, what is public."""

    class Meta:
        model = Profile
        fields = QUESTIONS
        widgets = {
            "summary": forms.Textarea(attrs={"rows": 5}),
            "topics": forms.CheckboxSelectMultiple,
            **dict.fromkeys(_CHOICES, forms.RadioSelect),
        }
        error_messages = {
            "office_email": {"invalid": "Geben Sie eine vollständige E-Mail-Adresse ein, zum Beispiel name@stadt.de."},
            "office_website": {"invalid": _NO_ADDRESS},
            "strategy_url": {"invalid": _NO_ADDRESS},
            "topics": {
                "invalid_choice": "Wählen Sie die Themen aus der Liste.",
                "invalid_pk_value": "Wählen Sie die Themen aus der Liste.",
            },
        }

    def __init__(self, *, draft: ProfileDraft):
        profile = getattr(draft.municipality, "profile", None) or Profile(municipality=draft.municipality)
        super().__init__(_query(_typed(profile) | draft.typed), instance=profile)
        self.draft = draft
        for name in _CHOICES:
            self.fields[name].error_messages["invalid_choice"] = "Wählen Sie eine der Antworten."
        for field in self.fields.values():
            field.error_messages["max_length"] = "Kürzen Sie den Text auf höchstens %(limit_value)d Zeichen."

    @property
    def groups(self) -> list[tuple[str, list[forms.BoundField]]]:
        """The fields, each group under its heading."""
        return [(heading, [self[name] for name in names]) for heading, names in GROUPS.items()]

    @property
    def values(self) -> dict[str, Any]:
        """The checked answers as `members.publishing` takes them."""
        return self.cleaned_data | {"topics": sorted(topic.pk for topic in self.cleaned_data["topics"])}

    @staticmethod
    def typed_in(post: QueryDict) -> dict[str, list[str]]:
        """What was typed into the form's fields, nothing else that came along."""
        return {name: post.getlist(name) for name in QUESTIONS}

    @staticmethod
    def seen_in(post: QueryDict) -> int | None:
        """The version that the form showed; None for anything that cannot be one."""
        seen = post.get("seen", "")
        return int(seen) if seen.isascii() and seen.isdecimal() and len(seen) < 19 else None

    def joined(self, profile: Profile) -> dict[str, list[str]]:
        """What she typed where she changed something, and everywhere else what the profile says now."""
        record = history.version_at(profile, self.draft.seen)
        seen = _initial(record.instance) | history.many_at(record) if record else {}
        hers = {
            name: self.draft.typed.get(name, [])
            for name, field in self.fields.items()
            if name not in seen or field.has_changed(seen[name], self[name].data)
        }
        return _typed(profile) | hers


def _query(typed: dict[str, list[str]]) -> QueryDict:
    data = QueryDict(mutable=True)
    for name, values in typed.items():
        data.setlist(name, values)
    return data


def _initial(profile: Profile) -> dict[str, Any]:
    values = model_to_dict(profile, QUESTIONS)
    return values | {"topics": [topic.pk for topic in values.get("topics", [])]}


def _typed(profile: Profile) -> dict[str, list[str]]:
    """What a form would send that nobody has changed."""
    return {
        name: [str(part) for part in value] if isinstance(value, list) else [str(value or "")]
        for name, value in _initial(profile).items()
    }


class PictureForm(forms.Form):
    """A picture with its words. existing: the one it replaces; without a new file it stays and gets new words."""

    file = PictureField(label="Bilddatei")
    alt = ProfilePicture._meta.get_field("alt").formfield(
        error_messages={"required": "Beschreiben Sie, was auf dem Bild zu sehen ist."}
    )
    credit = ProfilePicture._meta.get_field("credit").formfield()
    agreed = forms.BooleanField(
        label="Die Kommune darf das Bild veröffentlichen. Wer darauf zu erkennen ist, ist einverstanden.",
        error_messages={"required": "Bestätigen Sie, dass das Bild veröffentlicht werden darf."},
    )

    def __init__(self, *args: Any, existing: ProfilePicture | None):
        super().__init__(*args, initial={"alt": existing.alt, "credit": existing.credit} if existing else None)
        self._existing = existing
        if existing:
            self.fields["file"].required = False
            self.fields["file"].help_text += " Ohne neue Datei bleibt das jetzige."

    @property
    def values(self) -> dict[str, Any]:
        """The checked picture as `members.publishing` takes it."""
        return {
            "new": self.cleaned_data["file"],
            "alt": self.cleaned_data["alt"],
            "credit": self.cleaned_data["credit"],
        }

    def clean_file(self) -> NewPicture:
        return self.cleaned_data["file"] or self._pixels_of_existing()

    def _pixels_of_existing(self) -> NewPicture:
        try:
            with self._existing.file.open("rb") as file:
                return NewPicture(file.read(), self._existing.width, self._existing.height)
        except FileNotFoundError as error:
            raise forms.ValidationError("Wählen Sie die Bilddatei noch einmal aus: Sie ist nicht mehr da.") from error


class TakeBackForm(forms.Form):
    """Why the office takes a change back."""

    reason = forms.CharField(
        label="Grund",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Steht in der E-Mail an die Ansprechpersonen.",
        error_messages={
            "required": "Schreiben Sie, warum. Die Ansprechpersonen lesen den Grund in der E-Mail.",
            "max_length": "Kürzen Sie den Grund auf höchstens %(limit_value)d Zeichen.",
        },
    )
