"""The directory's filters and the fields of the back office that need more than Django's own."""

from collections.abc import Iterable

from allauth.account.adapter import get_adapter
from django import forms
from django.core.validators import MaxLengthValidator

from core.dates import PartialDate, Precision, parse_partial_date
from core.text import single_line
from members.models import Membership, Municipality, Person, Topic
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
