"""Forms of the portal's own pages: writing a text or the words of a mail, reporting a barrier."""

from dataclasses import asdict

from django import forms
from django.core.validators import MaxLengthValidator, MinLengthValidator
from django.utils import timezone
from django.utils.formats import date_format

from core import history, markdown
from core.mailtexts import Wording, strange_in, wording_of
from core.models import MailText
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


class MailTextForm(forms.Form):
    """Begins with the words that are sent now; carries the version that it shows (`core.history`)."""

    subject = forms.CharField(
        label="Betreff",
        max_length=200,
        validators=[single_line],
        error_messages={"required": "Geben Sie einen Betreff ein."},
    )
    opening = forms.CharField(
        label="Anfang",
        max_length=4000,
        help_text="Eine Leerzeile trennt Absätze.",
        error_messages={"required": "Schreiben Sie einen Anfang."},
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    closing = forms.CharField(
        label="Schluss", max_length=4000, required=False, widget=forms.Textarea(attrs={"rows": 5})
    )
    is_off = forms.BooleanField(label="Diese E-Mail nicht mehr senden", required=False)
    seen = forms.IntegerField(required=False, min_value=0, max_value=2**62, widget=forms.HiddenInput)

    def __init__(self, *args, text, **kwargs):
        super().__init__(*args, **kwargs)
        self.text, self.now = text, wording_of(text.kind)
        seen = history.version_of(MailText, text.pk)
        self.initial |= {**asdict(self.now), "is_off": text.is_off, "seen": seen}
        if not text.mail_kind.optional:
            del self.fields["is_off"]

    @property
    def wording(self):
        return Wording(*(self.cleaned_data[name] for name in ("subject", "opening", "closing")))

    @property
    def is_off_now(self):
        return self.cleaned_data.get("is_off", False)

    def clean(self):
        allowed = self.text.mail_kind.placeholders
        for name in ("subject", "opening", "closing"):
            if strange := strange_in(self.cleaned_data.get(name, ""), allowed):
                self.add_error(name, _not_a_placeholder(strange[0], allowed))

    def has_news(self, reader):
        """Whether saving would undo what somebody saved meanwhile. Says so; saving once more is then her decision."""
        news = history.changed_since(self.text, self.cleaned_data["seen"] or 0, reader=reader)
        if not news or (self.wording, self.is_off_now) == (self.now, self.text.is_off):
            return False
        changes = "; ".join(f"{change.label}: „{change.old}“ wurde „{change.new}“" for change in news.changes)
        self.add_error(
            None,
            f"Vergleichen Sie und speichern Sie noch einmal, wenn Ihr Text gelten soll: {news.who} hat um "
            f"{date_format(timezone.localtime(news.when), 'H:i')} Uhr gespeichert. {changes}",
        )
        self.data = self.data.dict() | {"seen": history.version_of(MailText, self.text.pk)}
        return True


def _not_a_placeholder(found, allowed):
    names = ", ".join(f"{{{name}}}" for name in allowed)
    return f"Nehmen Sie {found} heraus. In geschweiften Klammern kann hier nur stehen: {names}."


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


class EraseForm(forms.Form):
    """The last step before something that cannot be undone."""

    sure = forms.BooleanField(
        label="Ich habe geprüft, dass es diese Person ist und dass nichts dagegen spricht, sie zu löschen.",
        error_messages={"required": "Bestätigen Sie, dass Sie die Löschung geprüft haben."},
    )
