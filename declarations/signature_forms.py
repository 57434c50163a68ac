"""Forms of the pages about signatures: who will sign, what came back, and what happens to it."""

from django import forms

from core.dates import today
from core.text import single_line
from declarations.models import Signature, SigningCopy
from declarations.signing import Signatory
from members.forms import DayField
from members.models import Municipality

_PDF = forms.FileInput(attrs={"accept": "application/pdf"})


class CopyForm(forms.ModelForm):
    """Who signs for a body; today's head is filled in."""

    class Meta:
        model = SigningCopy
        fields = ("signatory_name", "signatory_office", "in_deputy")
        help_texts = {
            "signatory_name": "Mit Titel, wie er unter der Unterschrift stehen soll.",
            "signatory_office": "Wie die Kommune es schreibt: „Bürgermeisterin“, „Erster Beigeordneter“.",
            "in_deputy": "Die Person unterzeichnet für die Verwaltungsspitze (i. V.).",
        }

    def __init__(self, data=None, *, municipality: Municipality):
        head = municipality.heads.on().select_related("person").first()
        known = {"signatory_name": head.person.name, "signatory_office": head.office_title} if head else {}
        super().__init__(data, initial=known)
        for field, words in (("signatory_name", "den Namen"), ("signatory_office", "das Amt")):
            self.fields[field].required = True
            self.fields[field].error_messages["required"] = f"Geben Sie {words} der Person ein, die unterzeichnet."

    def signatory(self) -> Signatory:
        values = self.cleaned_data
        return Signatory(values["signatory_name"], values["signatory_office"], values["in_deputy"])


class SignedFileForm(forms.Form):
    """The scan or the electronically signed PDF of a body."""

    file = forms.FileField(
        label="Unterzeichnete Erklärung (PDF)",
        help_text="Scan des unterschriebenen Exemplars oder elektronisch unterschriebenes PDF, höchstens 9 MB.",
        widget=_PDF,
        max_length=200,
        allow_empty_file=True,
        error_messages={
            "required": "Wählen Sie das PDF der unterzeichneten Erklärung.",
            "max_length": "Kürzen Sie den Namen der Datei auf höchstens %(max)d Zeichen.",
        },
    )
    signed_on = DayField(
        label="Unterzeichnet am",
        required=False,
        help_text="Bei einer elektronischen Unterschrift steht der Tag in der Datei.",
    )
    place = forms.CharField(label="Ort", max_length=100, required=False, validators=[single_line])


class CheckForm(forms.Form):
    """What is confirmed in one press; the original may lie here already."""

    original_here = forms.BooleanField(label="Das Original liegt hier vor.", required=False)


class OriginalForm(forms.Form):
    """Stands on one page with the next one, so each has ids of its own."""

    on = DayField(label="Eingegangen am", error_messages={"required": "Geben Sie den Tag ein."}, initial=today)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, auto_id="original_%s", **kwargs)


class CountersignForm(forms.Form):
    """Who signed for the Land and when; the signatory of the version is filled in."""

    on = DayField(label="Gegengezeichnet am", error_messages={"required": "Geben Sie den Tag ein."}, initial=today)
    signatory = forms.CharField(
        label="Für das Land",
        max_length=400,
        validators=[single_line],
        help_text="Name und Amt an diesem Tag.",
        error_messages={"required": "Geben Sie ein, wer für das Land gegengezeichnet hat."},
    )

    def __init__(self, data=None, *, signature: Signature):
        declaration = signature.declaration
        known = {"signatory": declaration.land if declaration else ""}
        super().__init__(data, auto_id="countersign_%s", initial=known)


class WithdrawForm(forms.Form):
    reason = forms.CharField(
        label="Grund",
        max_length=300,
        validators=[single_line],
        help_text="Zum Beispiel „falscher Tag, neu eingetragen“.",
        error_messages={"required": "Nennen Sie den Grund, aus dem die Unterzeichnung zurückgezogen wird."},
    )
