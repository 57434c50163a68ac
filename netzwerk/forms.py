"""Forms of the portal's own pages: writing a text, reporting a barrier."""

from django import forms
from django.core.validators import MaxLengthValidator, MinLengthValidator

from core import markdown
from core.text import single_line
from netzwerk.models import BarrierReport, TextPage

MARKDOWN_HELP = (
    "Eine Leerzeile trennt Absätze. „## “ am Anfang einer Zeile macht eine Überschrift, „### “ eine kleinere, „- “ "
    "eine Aufzählung, „1. “ nummerierte Schritte. **fett**, *betont*, [Wort](https://adresse.de) für einen Verweis. "
    "Eckige Klammern ohne Adresse dahinter sind Lücken, die noch zu füllen sind."
)


class SearchForm(forms.Form):
    """The one field of both searches."""

    q = forms.CharField(
        label="Suche",
        validators=[
            single_line,
            MinLengthValidator(2, "Schreiben Sie mindestens zwei Zeichen."),
            MaxLengthValidator(100, "Kürzen Sie die Frage auf höchstens 100 Zeichen."),
        ],
    )


class TextPageForm(forms.ModelForm):
    """Shows the shipped wording where the office has none of its own, so that nobody begins with an empty sheet."""

    title = forms.CharField(
        label="Überschrift",
        max_length=120,
        validators=[single_line],
        error_messages={"required": "Geben Sie der Seite eine Überschrift."},
        widget=forms.TextInput(attrs={"class": "vTextField"}),
    )
    text = forms.CharField(
        label="Text",
        help_text=MARKDOWN_HELP,
        validators=[markdown.check_text],
        error_messages={"required": "Schreiben Sie einen Text, oder setzen Sie die Seite in der Liste zurück."},
        widget=forms.Textarea(attrs={"rows": 30, "class": "vLargeTextField"}),
    )

    class Meta:
        model = TextPage
        fields = ()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.key:
            self.initial |= {"title": self.instance.title, "text": self.instance.text}


class BarrierReportForm(forms.ModelForm):
    class Meta:
        model = BarrierReport
        fields = ("what", "where", "address")
        widgets = {
            "what": forms.Textarea(attrs={"rows": 6}),
            "address": forms.EmailInput(attrs={"autocomplete": "email"}),
        }
        help_texts = {
            "what": "Was wollten Sie tun, und was ging nicht? Wenn Sie mögen, nennen Sie auch Gerät und Hilfsmittel.",
            "where": "Die Adresse der Seite oder ihr Name.",
            "address": "Ohne Adresse können wir die Barriere beseitigen, Ihnen aber nicht antworten.",
        }
        error_messages = {
            "what": {"required": "Beschreiben Sie, was nicht ging."},
            "address": {"invalid": "Geben Sie eine vollständige E-Mail-Adresse ein, zum Beispiel name@beispiel.de."},
        }
