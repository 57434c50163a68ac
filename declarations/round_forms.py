"""Forms of signing rounds: the day, who signs, and what happened."""

from django import forms

from core.text import single_line
from declarations.models import RoundEntry, SigningRound
from declarations.rounds import Signed
from declarations.signing import Signatory
from members.forms import DayField
from members.models import Municipality
from members.search import body_meant


class RoundForm(forms.ModelForm):
    held_on = DayField(label="Tag", error_messages={"required": "Geben Sie den Tag der Unterzeichnung ein."})

    class Meta:
        model = SigningRound
        fields = ("title", "held_on", "place")
        error_messages = {
            "title": {"required": "Geben Sie den Anlass ein."},
            "place": {"required": "Geben Sie den Ort ein."},
        }


class HeadsForm(forms.Form):
    """Bodies by name, one a line, as a list of guests has them; each signs through whoever leads it today."""

    bodies = forms.CharField(
        label="Kommunen",
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="In jeder Zeile eine. Es unterzeichnet jeweils die Verwaltungsspitze.",
        error_messages={"required": "Geben Sie mindestens eine Kommune ein."},
    )

    def clean_bodies(self) -> list[Municipality]:
        lines = [line.strip() for line in self.cleaned_data["bodies"].splitlines() if line.strip()]
        found = {line: body_meant(line) for line in lines}
        unknown = [line for line, ags in found.items() if ags is None]
        if unknown:
            raise forms.ValidationError(
                f"Schreiben Sie den Namen so, wie die Kommune amtlich heißt: {', '.join(unknown[:10])}."
            )
        known = Municipality.objects.in_bulk(list(found.values()), field_name="ags")
        return [known[ags] for ags in found.values() if ags in known]


class OtherSignatoryForm(forms.Form):
    """One body, for which somebody else signs than today's head."""

    body = forms.CharField(label="Kommune", max_length=100, error_messages={"required": "Geben Sie die Kommune ein."})
    signatory_name = forms.CharField(
        label="Name",
        max_length=200,
        validators=[single_line],
        error_messages={"required": "Geben Sie den Namen der Person ein, die unterzeichnet."},
    )
    signatory_office = forms.CharField(
        label="Amt",
        max_length=200,
        validators=[single_line],
        error_messages={"required": "Geben Sie das Amt der Person ein, die unterzeichnet."},
    )
    in_deputy = forms.BooleanField(label="in Vertretung", required=False)

    def clean_body(self) -> Municipality:
        ags = body_meant(self.cleaned_data["body"])
        if ags is None:
            raise forms.ValidationError("Schreiben Sie den Namen so, wie die Kommune amtlich heißt.")
        return Municipality.objects.get(ags=ags)

    def signatory(self) -> Signatory:
        values = self.cleaned_data
        return Signatory(values["signatory_name"], values["signatory_office"], values["in_deputy"])


class RecordForm(forms.Form):
    """Of each body: signed, and the original here? Both are ticked, since most come and sign."""

    def __init__(self, data=None, *, entries: list[RoundEntry]):
        super().__init__(data)
        self.entries = entries
        for entry in entries:
            name = entry.copy.body_name
            self.fields[f"signed-{entry.pk}"] = _tick(f"unterzeichnet: {name}")
            self.fields[f"original-{entry.pk}"] = _tick(f"Original liegt vor: {name}")

    def rows(self):
        """Each entry with its two ticks, for the table."""
        return [(entry, self[f"signed-{entry.pk}"], self[f"original-{entry.pk}"]) for entry in self.entries]

    def results(self) -> dict[int, Signed]:
        values = self.cleaned_data
        return {
            entry.pk: Signed(values[f"signed-{entry.pk}"], values[f"original-{entry.pk}"]) for entry in self.entries
        }


def _tick(label: str) -> forms.BooleanField:
    return forms.BooleanField(label=label, required=False, initial=True)
