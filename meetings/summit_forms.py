"""Forms around a summit: the three answers, whom to invite and to remind, and papers to read beforehand."""

from typing import ClassVar

from django import forms
from django.core.files.base import ContentFile

from core import pdf_files
from core.text import single_line
from meetings.models import Answer, BriefingPaper, Invitation, Reply, Way
from meetings.summit_answering import Said
from members.models import FormOfAddress, Person

_DEPUTY = ("deputy_form_of_address", "deputy_first_name", "deputy_last_name", "deputy_office", "deputy_email")


class AnswerForm(forms.Form):
    """An answer by the head, her outer office, or the staff for them. stand: version of the reply that was shown."""

    antwort = forms.ChoiceField(
        label="Antwort",
        widget=forms.RadioSelect,
        error_messages={
            "required": "Wählen Sie eine der drei Antworten.",
            "invalid_choice": "Wählen Sie eine der drei Antworten.",
        },
    )
    deputy_form_of_address = forms.ChoiceField(
        label="Anrede",
        required=False,
        choices=FormOfAddress,
        error_messages={"invalid_choice": "Wählen Sie die Anrede aus der Liste."},
    )
    deputy_first_name = forms.CharField(label="Vorname", required=False, max_length=100, validators=[single_line])
    deputy_last_name = forms.CharField(label="Nachname", required=False, max_length=100, validators=[single_line])
    deputy_office = forms.CharField(
        label="Amt",
        required=False,
        max_length=200,
        validators=[single_line],
        help_text="Zum Beispiel „Erste Beigeordnete“; steht auf dem Namensschild.",
    )
    deputy_email = forms.EmailField(
        label="E-Mail-Adresse",
        required=False,
        help_text="Dorthin schicken wir Bestätigung und Kalendereintrag. Ohne Adresse geben Sie beides bitte selbst "
        "weiter.",
        error_messages={"invalid": "Geben Sie eine vollständige E-Mail-Adresse ein."},
    )
    topic_wish = forms.CharField(
        label="Worüber möchten Sie dort sprechen? (freiwillig)",
        required=False,
        max_length=300,
        validators=[single_line],
    )
    stand = forms.IntegerField(required=False, min_value=0, max_value=2**31, widget=forms.HiddenInput)

    def __init__(self, data=None, *, invitation: Invitation, version: int, own: bool, chosen: str = ""):
        """own: the head herself reads it. chosen: the answer that a link of the mail names."""
        reply: Reply | None = getattr(invitation, "reply", None)
        super().__init__(data, initial=_shown(reply, chosen) | {"stand": version})
        name = invitation.person.name
        labels = (
            ("Ich komme", "Ich schicke eine Vertretung", "Ich komme nicht")
            if own
            else (f"{name} kommt", "Eine Vertretung kommt", "Niemand kommt")
        )
        if not own:
            self.fields["topic_wish"].label = "Themenwunsch (freiwillig)"
        self.fields["antwort"].choices = list(zip(Answer.values, labels, strict=True))

    @property
    def deputy_fields(self):
        return [self[name] for name in _DEPUTY]

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("antwort") == Answer.DEPUTY:
            if not cleaned.get("deputy_last_name"):
                self.add_error("deputy_last_name", "Geben Sie den Nachnamen der Vertretung ein.")
            if not cleaned.get("deputy_office"):
                self.add_error("deputy_office", "Geben Sie das Amt der Vertretung ein.")
        else:
            for name in _DEPUTY:  # what a browser filled in there by itself
                self.errors.pop(name, None)
        return cleaned

    @property
    def said(self) -> Said:
        data = self.cleaned_data
        if data["antwort"] != Answer.DEPUTY:
            return Said(data["antwort"], topic_wish=data["topic_wish"])
        deputy = Person(
            form_of_address=data["deputy_form_of_address"],
            first_name=data["deputy_first_name"],
            last_name=data["deputy_last_name"],
            email=data["deputy_email"],
        )
        return Said(Answer.DEPUTY, deputy, data["deputy_office"], data["topic_wish"])


def _shown(reply: Reply | None, chosen: str) -> dict[str, str]:
    """What the form shows at first: the answer that a link names, else the one that was given."""
    shown = {"antwort": chosen} if chosen in Answer.values else {}
    if reply is None:
        return shown
    deputy = reply.deputy or Person()
    return {
        "antwort": reply.stands,
        "deputy_form_of_address": deputy.form_of_address,
        "deputy_first_name": deputy.first_name,
        "deputy_last_name": deputy.last_name,
        "deputy_email": deputy.email,
        "deputy_office": reply.deputy_office,
        "topic_wish": reply.topic_wish,
    } | shown


class RecordForm(AnswerForm):
    """The same, noted by staff: with the way in which it came."""

    way = forms.ChoiceField(
        label="Eingegangen",
        choices=[(way.value, way.label) for way in (Way.PHONE, Way.LETTER)],
        widget=forms.RadioSelect,
        initial=Way.PHONE,
        error_messages={"required": "Wählen Sie, wie die Antwort kam.", "invalid_choice": "Wählen Sie aus der Liste."},
    )


class QuickAnswerForm(forms.Form):
    """The answers that need nothing but a button; on the board beside each name."""

    antwort = forms.ChoiceField(choices=[(Answer.COMES, ""), (Answer.DECLINES, "")])
    way = forms.ChoiceField(choices=[(way.value, way.label) for way in (Way.PHONE, Way.LETTER)])


class ChosenForm(forms.Form):
    """Rows that are ticked, by their numbers; none is nobody."""

    row = forms.TypedMultipleChoiceField(
        coerce=int,
        required=False,
        error_messages={"invalid_choice": "Die Liste hat sich inzwischen geändert. Bitte prüfen Sie sie noch einmal."},
    )
    briefe_fuer_alle = forms.BooleanField(label="Alle bekommen zusätzlich einen Brief", required=False)

    def __init__(self, data=None, *, rows: list[int]):
        super().__init__(data)
        self.fields["row"].choices = [(str(number), "") for number in rows]

    @property
    def chosen(self) -> list[int]:
        return self.cleaned_data["row"]


class PaperForm(forms.Form):
    """A PDF for those who come."""

    title = forms.CharField(
        label="Titel",
        max_length=150,
        validators=[single_line],
        error_messages={"required": "Geben Sie an, was in der Datei steht, zum Beispiel „Tagesordnung“."},
    )
    file = forms.FileField(
        label="PDF-Datei",
        max_length=200,
        allow_empty_file=True,
        help_text="Höchstens 9 MB.",
        widget=forms.FileInput(attrs={"accept": ".pdf,application/pdf"}),
        error_messages={
            "required": "Wählen Sie eine PDF-Datei aus.",
            "max_length": "Kürzen Sie den Namen der Datei auf höchstens %(max)d Zeichen.",
        },
    )

    def clean_file(self):
        return pdf_files.check(self.cleaned_data["file"])

    def paper(self, meeting) -> BriefingPaper:
        """The row with its file, not stored yet."""
        content = self.cleaned_data["file"].content
        file = ContentFile(content, "unterlage.pdf")
        return BriefingPaper(meeting=meeting, title=self.cleaned_data["title"], file=file, size=len(content))


class PageForm(forms.Form):
    """Values of the query: which answer a link names, which part of the letters is asked for."""

    ANSWERS: ClassVar = {"zusage": Answer.COMES, "vertretung": Answer.DEPUTY, "absage": Answer.DECLINES}

    antwort = forms.TypedChoiceField(
        required=False, choices=[(word, word) for word in ANSWERS], coerce=ANSWERS.get, empty_value=""
    )
    teil = forms.IntegerField(required=False, min_value=1, max_value=1000)

    def value(self, name: str):
        """The value, None if it is wrong or missing."""
        self.is_valid()
        return self.cleaned_data.get(name) or None
