"""The directory's filters, and the forms of the back office that need more than Django's own."""

import datetime
from collections.abc import Iterable

from allauth.account.adapter import get_adapter
from django import forms
from django.core.validators import MaxLengthValidator
from django.db.models import Q

from core.dates import PartialDate, Precision, parse_partial_date, today
from core.text import single_line
from members import access
from members.models import HeadOfAdministration, Membership, Municipality, Note, Person, Topic
from members.models.municipalities import KREIS_KINDS, Regierungsbezirk
from members.search import KIND_GROUPS, UNKNOWN_YEAR, DirectoryEntry


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

    def __init__(self, data, *, everyone: Iterable[DirectoryEntry]):
        super().__init__(data)
        years = sorted({entry.joined for entry in everyone if entry.joined}, reverse=True)
        kreise = Municipality.objects.filter(kind__in=KREIS_KINDS).values_list("slug", "name")
        self._offer("art", "alle Arten", [(key, label) for key, (label, _) in KIND_GROUPS.items()])
        self._offer("bezirk", "alle Regierungsbezirke", Regierungsbezirk.choices)
        self._offer("kreis", "alle Kreise", list(kreise))
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
        choices=[(ONE, "nur für diese Person"), (ALL, "für alle, die dieses Postfach nutzen")],
        widget=forms.RadioSelect,
        help_text="Nur auszufüllen, wenn Sie die E-Mail-Adresse ändern: Mehrere Personen melden sich mit ihr an.",
    )

    class Meta:
        model = Person
        fields = ("form_of_address", "title", "first_name", "last_name", "email", "phone", "organisation")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if not self.instance.shares_mailbox:
            self.fields.pop("mailbox", None)

    def clean_email(self):
        email = self.cleaned_data["email"]
        if "email" in self.changed_data and (refusal := access.address_refusal(self.instance, email)):
            raise forms.ValidationError(refusal)
        return email

    def clean(self):
        cleaned = super().clean()
        if "email" in self.changed_data and "mailbox" in self.fields and not cleaned.get("mailbox"):
            self.add_error("mailbox", "Wählen Sie, für wen die neue Adresse gilt.")
        return cleaned

    @property
    def whole_mailbox(self) -> bool:
        return self.cleaned_data.get("mailbox") == self.ALL


class ChoosePersonForm(forms.Form):
    """ "Wer sind Sie?": one of the persons behind a shared mailbox, and the page that was asked for."""

    person = forms.TypedChoiceField(
        coerce=int,
        error_messages=dict.fromkeys(("required", "invalid_choice"), "Wählen Sie Ihren Namen aus der Liste."),
    )
    next = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data=None, *, persons: list[Person], **kwargs):
        super().__init__(data, **kwargs)
        self.fields["person"].choices = [(person.pk, person.name) for person in persons]

    def clean_next(self):
        """Only a page of this portal."""
        wanted = self.cleaned_data["next"]
        return wanted if get_adapter().is_safe_url(wanted) else ""


class DayField(forms.DateField):
    """A day, chosen from the browser's calendar or typed as people here type it."""

    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    default_error_messages = {"invalid": "Schreiben Sie das Datum wie „6.12.2027“."}

    def __init__(self, **kwargs):
        super().__init__(input_formats=["%Y-%m-%d", "%d.%m.%Y", "%d.%m.%y"], **kwargs)


class HandOverForm(forms.ModelForm):
    """Who answers from when on instead of a contact person; the successor may be unknown yet."""

    KNOWN, OPEN = "known", "open"

    on = DayField(
        label="Ab wann?",
        help_text="Erster Tag ohne die bisherige Person. Mit dem heutigen Tag endet ihr Zugang sofort.",
        error_messages={"required": "Geben Sie an, ab wann jemand anderes zuständig ist."},
    )
    successor = forms.ChoiceField(
        label="Nachfolge",
        choices=[(KNOWN, "steht fest"), (OPEN, "noch offen")],
        widget=forms.RadioSelect,
        initial=KNOWN,
        error_messages={"required": "Wählen Sie, ob die Nachfolge schon feststeht."},
    )

    class Meta:
        model = Person
        fields = ("form_of_address", "title", "first_name", "last_name", "email")

    field_order = ("on", "successor", *Meta.fields)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["last_name"].required = False

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("successor") == self.KNOWN:
            for name, sentence in (
                ("last_name", "Geben Sie den Nachnamen der neuen Person ein."),
                ("email", "Geben Sie die E-Mail-Adresse der neuen Person ein. An sie geht die Einladung."),
            ):
                if name not in self.errors and not cleaned.get(name):
                    self.add_error(name, sentence)
        return cleaned

    def chosen(self) -> Person | None:
        """The successor: whoever has this name and address already, else a new person; None while it is open."""
        if self.cleaned_data["successor"] == self.OPEN:
            return None
        return Person.objects.known_as(self.instance) or self.instance


class LeaveForm(forms.Form):
    """The last day of a membership and why it ends."""

    on = DayField(
        label="Letzter Tag der Mitgliedschaft",
        error_messages={"required": "Geben Sie den letzten Tag der Mitgliedschaft an."},
    )
    reason = forms.CharField(
        label="Grund",
        max_length=300,
        validators=[single_line],
        help_text="Zum Beispiel „Ratsbeschluss vom 3. Mai 2027“. Der Grund wird nicht veröffentlicht.",
        error_messages={"required": "Nennen Sie den Grund, aus dem die Mitgliedschaft endet."},
    )


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


class BodiesForm(forms.Form):
    """Which bodies the page after an election lists; more than `AT_MOST` nobody fills in at once."""

    AT_MOST = 100
    count = 0

    art = forms.ChoiceField(label="Art", required=False)
    bezirk = forms.ChoiceField(label="Regierungsbezirk", required=False)
    kreis = forms.ChoiceField(label="Kreis", required=False)
    alle = forms.BooleanField(label="auch Kommunen, die nicht Mitglied sind", required=False)

    def __init__(self, data=None):
        super().__init__(data)
        kreise = Municipality.objects.filter(kind__in=KREIS_KINDS).values_list("slug", "name")
        kinds = [(key, label) for key, (label, _) in KIND_GROUPS.items()]
        self.fields["art"].choices = [("", "alle Arten"), *kinds]
        self.fields["bezirk"].choices = [("", "alle Regierungsbezirke"), *Regierungsbezirk.choices]
        self.fields["kreis"].choices = [("", "alle Kreise"), *kreise]
        for field in self.fields.values():
            field.error_messages["invalid_choice"] = "Wählen Sie einen Eintrag aus der Liste."

    def bodies(self) -> list[Municipality]:
        """The chosen bodies with their heads of today; none before a choice was made or if there are too many."""
        if not self.is_chosen:
            return []
        found = self._filtered().prefetch_related(HeadOfAdministration.objects.of_today())
        self.count = found.count()
        return list(found) if self.count <= self.AT_MOST else []

    @property
    def is_chosen(self) -> bool:
        return self.is_valid() and any(self.cleaned_data.values())

    def _filtered(self):
        chosen = self.cleaned_data
        found = Municipality.objects.all() if chosen["alle"] else Municipality.objects.members()
        if chosen["art"]:
            found = found.filter(kind__in=KIND_GROUPS[chosen["art"]][1])
        if chosen["bezirk"]:
            found = found.filter(regierungsbezirk=chosen["bezirk"])
        return found.filter(kreis__slug=chosen["kreis"]) if chosen["kreis"] else found


class ElectionForm(forms.Form):
    """The day on which those elected take office."""

    on = DayField(
        label="Amtsantritt",
        help_text="Die bisherigen Amtszeiten enden am Tag davor.",
        error_messages={"required": "Geben Sie den Tag des Amtsantritts an."},
    )


class NewHeadForm(forms.ModelForm):
    """One row: who leads a body from then on. A row left empty changes nothing."""

    office_title = HeadOfAdministration._meta.get_field("office_title").formfield(
        error_messages={"required": "Geben Sie die Amtsbezeichnung ein."}
    )

    class Meta:
        model = Person
        fields = ("form_of_address", "title", "first_name", "last_name", "email")
        error_messages = {"last_name": {"required": "Geben Sie den Nachnamen ein."}}

    def __init__(self, data=None, *, municipality: Municipality):
        self.municipality = municipality
        self.head = next(iter(municipality.heads_today), None)
        super().__init__(data, prefix=str(municipality.pk), empty_permitted=True, use_required_attribute=False)
        for field in self.fields.values():
            # The columns' heads name the fields for the eye.
            field.widget.attrs["aria-label"] = f"{field.label}, {municipality.name}"

    def new_head(self) -> HeadOfAdministration:
        """The row as it shall be stored, its person perhaps not stored yet."""
        person = Person.objects.known_as(self.instance) or self.instance
        title = self.cleaned_data["office_title"]
        return HeadOfAdministration(person=person, municipality=self.municipality, office_title=title)
