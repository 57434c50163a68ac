"""Forms of the way in: interest, the sections of an application, a colleague, withdrawing."""

from typing import Any

from django import forms
from django.db import models
from django.forms.models import fields_for_model, model_to_dict

from core.text import single_line
from declarations.applying import FIELDS
from declarations.evidence import EvidenceField
from declarations.models import Answer, Applicant, Application, Criterion, Nominee
from declarations.models.criteria import PERSONS, RESOLUTION, SIGNATORY
from members.directory import entries
from members.forms import DayField
from members.models import Municipality, VolunteerCard
from members.models.hints import without_web_address
from members.search import find

_EMAIL = {
    "required": "Geben Sie Ihre dienstliche E-Mail-Adresse ein.",
    "invalid": "Geben Sie eine vollständige E-Mail-Adresse ein, zum Beispiel name@stadt.de.",
}
_OFFERED = 8


class InterestForm(forms.Form):
    """The first step: five fields. The body is typed, as people call it; if several may be meant, she chooses."""

    body = forms.CharField(
        label="Ihre Kommune",
        max_length=100,
        validators=[single_line],
        help_text="Stadt, Gemeinde, Kreis oder Bezirksregierung",
        widget=forms.TextInput(attrs={"list": "kommunen", "autocomplete": "off"}),
        error_messages={"required": "Geben Sie den Namen Ihrer Kommune ein."},
    )
    name = forms.CharField(
        label="Ihr Name",
        max_length=200,
        validators=[single_line, without_web_address],
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": "Geben Sie Ihren Namen ein."},
    )
    office = forms.CharField(
        label="Amt oder Funktion",
        max_length=200,
        validators=[single_line, without_web_address],
        help_text="Zum Beispiel „Ehrenamtskoordination“ oder „Bürgermeisterin“",
        widget=forms.TextInput(attrs={"autocomplete": "organization-title"}),
        error_messages={"required": "Geben Sie Ihr Amt oder Ihre Funktion ein."},
    )
    email = forms.EmailField(
        label="Dienstliche E-Mail-Adresse",
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages=_EMAIL,
    )
    message = forms.CharField(
        label="Nachricht",
        required=False,
        max_length=Application._meta.get_field("message").max_length,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Zum Beispiel, wann wir Sie am besten anrufen.",
        error_messages={"max_length": "Kürzen Sie die Nachricht auf höchstens %(limit_value)d Zeichen."},
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.offered: list[str] = []

    def clean_body(self) -> Municipality:
        """Return the body that is meant; if that is not clear, offer those that may be."""
        hits = find(self.cleaned_data["body"], entries())
        clear = [hit.entry for hit in hits if hit.rank == 0] or [hit.entry for hit in hits if len(hits) == 1]
        if not clear:
            self.offered = [hit.entry.name for hit in hits[:_OFFERED]]
            meant = f"Meinen Sie {' oder '.join(self.offered)}? " if self.offered else ""
            raise forms.ValidationError(f"{meant}Schreiben Sie den Namen Ihrer Kommune so, wie sie amtlich heißt.")
        return Municipality.objects.get(ags=clear[0].ags)

    @property
    def values(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name in ("name", "office", "email", "message")}


class BodyForm(forms.Form):
    """Whose name the templates for council and press bear; anything unknown is nobody's."""

    kommune = forms.CharField(label="Ihre Kommune", required=False, max_length=100, validators=[single_line])

    def body(self) -> Municipality | None:
        """Return the body that is meant, by name or by its address in the portal; None if that is not clear."""
        if not self.is_valid() or not self.cleaned_data["kommune"]:
            return None
        typed = self.cleaned_data["kommune"]
        hits = [hit for hit in find(typed, entries()) if hit.rank == 0] or find(typed, entries())[:1]
        slugs = {entry.slug for entry in entries()}
        wanted = {"slug": typed} if typed in slugs else {"ags": hits[0].entry.ags} if hits else None
        return Municipality.objects.filter(**wanted).first() if wanted else None


class RowForm(forms.Form):
    """Some fields of a row, filled in as stored. What is right is kept, even while another field is wrong."""

    model: type[models.Model]
    names: tuple[str, ...]
    widgets: dict[str, forms.Widget] = {}
    errors_of: dict[str, dict[str, str]] = {}

    def __init__(self, data: Any = None, *, row: models.Model, prefix: str | None = None):
        super().__init__(data, initial=model_to_dict(row, self.names), prefix=prefix)
        self.row = row
        self.fields |= fields_for_model(
            self.model, self.names, widgets=self.widgets, error_messages=self.errors_of, **self.more()
        )

    def more(self) -> dict[str, Any]:
        return {}

    @property
    def storable(self) -> dict[str, Any]:
        """What can be kept, by field name."""
        self.is_valid()
        return {name: self.cleaned_data[name] for name in self.names if name in self.cleaned_data}


class AnswerForm(RowForm):
    """A card: own words, for the Ehrenamtskarte one of three answers besides."""

    model = Answer
    names = ("volunteer_card", "text")
    widgets = {"text": forms.Textarea(attrs={"rows": 8})}
    errors_of = {"text": {"max_length": "Kürzen Sie den Text auf höchstens %(limit_value)d Zeichen."}}

    def __init__(self, *args: Any, row: Answer, **kwargs: Any):
        if row.criterion != Criterion.THANKS:
            self.names = ("text",)
        super().__init__(*args, row=row, **kwargs)
        self.fields["text"].label = row.section.question
        self.fields["text"].help_text = f"{row.section.help} Höchstens 3.000 Zeichen."
        if card := self.fields.get("volunteer_card"):
            chosen = [choice for choice in VolunteerCard.choices if choice[0]]
            self.fields["volunteer_card"] = forms.ChoiceField(
                label=card.label, choices=chosen, required=False, widget=forms.RadioSelect
            )


class NomineeForm(RowForm):
    model = Nominee
    names = ("form_of_address", "title", "first_name", "last_name", "position", "email", "phone")
    errors_of = {"email": {"invalid": _EMAIL["invalid"]}}


class ResolutionForm(RowForm):
    model = Application
    names = FIELDS[RESOLUTION]

    def more(self) -> dict[str, Any]:
        return {"field_classes": {"resolution_on": DayField}}


class SignatoryForm(RowForm):
    model = Application
    names = FIELDS[SIGNATORY]
    widgets = {"signatory_role": forms.RadioSelect}

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        role = self.fields["signatory_role"]
        role.choices = [choice for choice in role.choices if choice[0]]


_FORMS: dict[str, type[RowForm]] = {PERSONS: NomineeForm, RESOLUTION: ResolutionForm, SIGNATORY: SignatoryForm}


def forms_for(key: str, rows: list[Any], data: Any = None) -> list[RowForm]:
    """Return the forms of a section, one for each of its rows; the second one's fields bear a prefix."""
    form = _FORMS.get(key, AnswerForm)
    return [form(data, row=row, prefix=str(number) if number else None) for number, row in enumerate(rows)]


class FileForm(forms.Form):
    file = EvidenceField(label="Datei")


class ColleagueForm(forms.Form):
    """Who else works on the application."""

    name = forms.CharField(
        label="Name",
        max_length=200,
        validators=[single_line, without_web_address],
        error_messages={"required": "Geben Sie den Namen der Kollegin oder des Kollegen ein."},
    )
    email = forms.EmailField(
        label=Applicant._meta.get_field("email").verbose_name,
        error_messages={**_EMAIL, "required": "Geben Sie die dienstliche E-Mail-Adresse ein."},
    )


class WithdrawForm(forms.Form):
    reason = forms.CharField(
        label="Grund",
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"max_length": "Kürzen Sie den Grund auf höchstens %(limit_value)d Zeichen."},
    )
