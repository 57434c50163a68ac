"""The directory's filters, and the forms of the back office that need more than Django's own."""

import datetime

from django import forms
from django.core.validators import MaxLengthValidator
from django.db.models import Q
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.html import format_html, format_html_join

from core.dates import PartialDate, Precision, parse_partial_date, today
from core.text import single_line
from members import access, duplicates
from members.directory import KIND_GROUPS, UNKNOWN_YEAR, Directory
from members.models import Hint, Membership, Municipality, Note, Person, Topic
from members.models.municipalities import KREIS_KINDS, Regierungsbezirk


class StoredForm(forms.Form):
    """A form filled in as stored: what she leaves as she saw it is no change, whatever others stored meanwhile."""

    @cached_property
    def changed_data(self):
        for name, field in self.fields.items():
            field.show_hidden_initial = self.add_initial_prefix(name) in self.data
        return super().changed_data

    @property
    def shown_values(self):
        """Hidden fields with what she saw; templates place them beside the others."""
        shown = [field for field in self if not self.is_bound or field.html_initial_name in self.data]
        return [field.as_hidden(only_initial=True) for field in shown]


class DirectoryForm(forms.Form):
    """Filters of `/kommunen/`; their names are the query string, so a filtered page can be shared."""

    q = forms.CharField(
        label="Name der Kommune",
        required=False,
        validators=[single_line, MaxLengthValidator(100, "Kürzen Sie den Namen auf höchstens 100 Zeichen.")],
    )
    art = forms.ChoiceField(label="Art", required=False)
    bezirk = forms.ChoiceField(label="Regierungsbezirk", required=False)
    kreis = forms.ChoiceField(label="Kreis", required=False)
    thema = forms.ChoiceField(label="Thema", required=False)
    jahr = forms.ChoiceField(label="Beitrittsjahr", required=False)

    def __init__(self, data, *, everyone: Directory):
        super().__init__(data)
        years = sorted({entry.joined for entry in everyone if entry.joined}, reverse=True)
        kreise = [(entry.slug, entry.name) for entry in everyone.regions if entry.kind in KREIS_KINDS]
        self._offer("art", "alle Arten", [(key, label) for key, (label, _) in KIND_GROUPS.items()])
        self._offer("bezirk", "alle Regierungsbezirke", Regierungsbezirk.choices)
        self._offer("kreis", "alle Kreise", kreise)
        self._offer("thema", "alle Themen", list(Topic.objects.values_list("slug", "name")))
        self._offer("jahr", "alle Jahre", [*((str(y), str(y)) for y in years), (UNKNOWN_YEAR, "nicht belegt")])

    def _offer(self, name, empty, choices):
        field = self.fields[name]
        field.choices = [("", empty), *choices]
        field.error_messages["invalid_choice"] = "Wählen Sie einen Eintrag aus der Liste."

    def chosen(self) -> dict[str, str]:
        """The filters that are set and right; a wrong one is reported and left out, never an error page."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}

    def label_of(self, name: str) -> str:
        """The chosen option as it reads in the list."""
        return dict(self.fields[name].choices).get(self.cleaned_data.get(name, ""), "")


class PartialDateField(forms.CharField):
    """A date as exact as it is known; empty means unknown."""

    def __init__(self, **kwargs):
        kwargs.setdefault("required", False)
        super().__init__(max_length=30, validators=[single_line], **kwargs)

    def clean(self, value):
        text = super().clean(value)
        try:
            return parse_partial_date(text) if text else None
        except ValueError as error:
            raise forms.ValidationError(str(error)) from error

    def prepare_value(self, value):
        return str(value) if isinstance(value, PartialDate) else value

    def has_changed(self, initial, data):
        try:
            return self.clean(data) != initial
        except forms.ValidationError:
            return True


class MembershipForm(forms.ModelForm):
    """Back-office form of a membership: one field for a start of any exactness."""

    begin = PartialDateField(
        label="Beginn",
        help_text="So genau, wie er bekannt ist: „6.12.2017“, „12/2017“ oder „2017“. Leer heißt: nicht belegt.",
    )

    class Meta:
        model = Membership
        fields = ("municipality", "begin", "source", "note", "ended_on", "end_reason")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial["begin"] = self.instance.begin

    def clean(self):
        cleaned = super().clean()
        if "begin" not in self.errors:
            begin = cleaned.get("begin")
            self.instance.started_on = begin.day if begin else None
            self.instance.precision = begin.precision if begin else Precision.UNKNOWN
        return cleaned


class PersonForm(forms.ModelForm):
    """Back-office form of a person: at a shared mailbox it asks for whom a new address holds."""

    ALL, ONE = "all", "one"

    mailbox = forms.ChoiceField(
        label="Die neue Adresse gilt",
        required=False,
        choices=[(ONE, "nur für diese Person"), (ALL, "für alle an diesem Postfach")],
        widget=forms.RadioSelect,
        help_text="Nur auszufüllen, wenn Sie die E-Mail-Adresse ändern: Mehrere Personen melden sich mit ihr an.",
    )

    another = forms.BooleanField(label="Das ist eine andere Person", required=False)

    class Meta:
        model = Person
        fields = ("form_of_address", "title", "first_name", "last_name", "email", "phone", "organisation")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if not self.instance.shares_mailbox:
            self.fields.pop("mailbox", None)
        if self.instance.pk or not self.is_bound:
            self.fields.pop("another", None)

    def clean_email(self):
        email = self.cleaned_data["email"]
        if "email" in self.changed_data and (refusal := access.address_refusal(self.instance, email)):
            raise forms.ValidationError(refusal)
        return email

    def clean(self):
        cleaned = super().clean()
        if "email" in self.changed_data and "mailbox" in self.fields and not cleaned.get("mailbox"):
            self.add_error("mailbox", "Wählen Sie, für wen die neue Adresse gilt.")
        if "another" in self.fields and not self.errors and not cleaned["another"]:
            self._ask_about_similar()
        return cleaned

    def _ask_about_similar(self):
        """Before a person is stored twice, show who is there already; the box below the sentence goes on."""
        typed = {name: self.cleaned_data[name] for name in ("first_name", "last_name", "email")}
        known = duplicates.similar_persons(Person(**typed))
        links = [(reverse("admin:members_person_change", args=[person.pk]), person.name) for person in known[:5]]
        if links:
            names = format_html_join(", ", '<a href="{}">{}</a>', links)
            sentence = format_html("Prüfen Sie, ob es diese Person schon gibt: {}. Wenn nicht, kreuzen Sie an:", names)
            self.add_error("another", sentence)

    @property
    def whole_mailbox(self) -> bool:
        return self.cleaned_data.get("mailbox") == self.ALL


class DayField(forms.DateField):
    """A day, chosen from the browser's calendar or typed as people here type it."""

    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    default_error_messages = {"invalid": "Schreiben Sie das Datum wie „6.12.2027“."}

    def __init__(self, **kwargs):
        super().__init__(input_formats=["%Y-%m-%d", "%d.%m.%Y", "%d.%m.%y"], **kwargs)


class HintForm(forms.ModelForm):
    """ "Angabe veraltet?": what is wrong, and where to answer if an answer is wanted."""

    class Meta:
        model = Hint
        fields = ("text", "address")
        widgets = {
            "text": forms.Textarea(attrs={"rows": 5}),
            "address": forms.EmailInput(attrs={"autocomplete": "email"}),
        }
        help_texts = {
            "text": "Höchstens 600 Zeichen, ohne Internetadressen.",
            "address": "Nur wenn Sie eine Antwort möchten.",
        }
        error_messages = {
            "text": {
                "required": "Schreiben Sie, was nicht mehr stimmt.",
                "max_length": "Kürzen Sie den Hinweis auf höchstens %(limit_value)d Zeichen.",
            },
            "address": {"invalid": "Geben Sie eine vollständige E-Mail-Adresse ein, zum Beispiel name@beispiel.de."},
        }


class NoteForm(forms.Form):
    """A note after a phone call: text, and if it shall come back, when."""

    NEVER, ON_DAY = "", "tag"
    WEEKS = {"1": "in 1 Woche", "2": "in 2 Wochen", "4": "in 4 Wochen"}

    text = forms.CharField(
        label="Notiz",
        max_length=Note._meta.get_field("text").max_length,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={
            "required": "Schreiben Sie, worum es ging.",
            "max_length": "Kürzen Sie die Notiz auf höchstens %(limit_value)d Zeichen.",
        },
    )
    person = forms.ModelChoiceField(
        Person.objects.none(),
        label="Gesprochen mit",
        required=False,
        empty_label="niemand Bestimmtes",
        error_messages={"invalid_choice": "Wählen Sie eine Person aus der Liste."},
    )
    follow_up = forms.ChoiceField(
        label="Wiedervorlage",
        choices=[(NEVER, "keine"), *WEEKS.items(), (ON_DAY, "am Tag")],
        required=False,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": "Wählen Sie aus, wann die Notiz wiederkommt."},
    )
    day = DayField(label="am Tag", required=False)

    def __init__(self, *args, municipality: Municipality, **kwargs):
        super().__init__(*args, **kwargs)
        functions = Q(contact_functions__municipality=municipality) | Q(head_functions__municipality=municipality)
        functions |= Q(outer_offices__municipality=municipality) | Q(notes__municipality=municipality)
        self.fields["person"].queryset = Person.objects.filter(functions).distinct()

    def clean_day(self):
        day = self.cleaned_data["day"]
        if day and day < today() and self._is_new(day):
            raise forms.ValidationError("Wählen Sie heute oder einen späteren Tag.")
        return day

    def _is_new(self, day: datetime.date) -> bool:
        return day != self.initial.get("day")

    def clean(self):
        """Join button and day: whoever types a new day means it, whichever button is chosen."""
        cleaned = super().clean()
        chosen, day = cleaned.pop("follow_up", None), cleaned.pop("day", None)
        if chosen == self.ON_DAY and not day and "day" not in self.errors:
            self.add_error("day", "Schreiben Sie den Tag, zum Beispiel „12.3.2027“.")
        if day and (chosen == self.ON_DAY or self._is_new(day)):
            cleaned["follow_up_on"] = day
        else:
            weeks = int(chosen) if chosen in self.WEEKS else 0
            cleaned["follow_up_on"] = today() + datetime.timedelta(weeks=weeks) if weeks else None
        return cleaned
