"""Forms of a documentation, for the office."""

from typing import Any

from django import forms

from core import history, pdf_files
from core.pictures import PictureField
from core.uploads import MAX_BYTES
from meetings.models import Agreement, Chapter, Documentation, Meeting, Photo, Slides
from members.forms import DayField

# Larger numbers are no version: the database could not even look for them.
_MOST = 2**63 - 1


class _WrittenForm(forms.ModelForm):
    """A text that two may write at once; `seen` is the version of the row that the form shows, 0 for none."""

    seen = forms.IntegerField(required=False, min_value=0, max_value=_MOST, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, instance: Any):
        self.version = history.version_of(type(instance), instance.pk)
        super().__init__(data, instance=instance, initial={"seen": self.version})
        for field in self.fields.values():
            if isinstance(field, forms.CharField):
                field.error_messages["max_length"] = "Kürzen Sie den Text auf höchstens %(limit_value)d Zeichen."

    @property
    def values(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name != "seen"}

    @property
    def seen_version(self) -> int:
        return self.cleaned_data["seen"] or 0

    def show_news(self) -> None:
        """Let the next press store over what somebody else has written meanwhile: it has been shown now."""
        self.data = self.data.copy()
        self.data["seen"] = self.version


class OverviewForm(_WrittenForm):
    class Meta:
        model = Documentation
        fields = ("overview", "is_public")
        widgets = {"overview": forms.Textarea(attrs={"rows": 10})}


class ChapterForm(_WrittenForm):
    class Meta:
        model = Chapter
        fields = ("summary", "results")
        widgets = {
            "summary": forms.Textarea(attrs={"rows": 12}),
            "results": forms.Textarea(attrs={"rows": 8}),
        }


class _MaterialForm(forms.ModelForm):
    """What is said about a photo or slides; item: an item of this meeting's programme."""

    def __init__(self, *args: Any, meeting: Meeting, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["item"].queryset = meeting.agenda.all()
        self.fields["item"].empty_label = "keiner: gehört zum ganzen Tag"
        self.fields["item"].error_messages["invalid_choice"] = "Wählen Sie einen Eintrag aus der Liste."
        self.fields["consent"].error_messages["invalid_choice"] = "Wählen Sie eine der Antworten."
        self.fields["consent"].required = False

    def clean_consent(self) -> str:
        return self.cleaned_data["consent"] or self.instance.consent

    @property
    def words(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self._meta.fields}


class PhotoWordsForm(_MaterialForm):
    class Meta:
        model = Photo
        fields = ("alt", "credit", "consent", "item")
        widgets = {"consent": forms.RadioSelect}


class PhotoForm(PhotoWordsForm):
    """A new photo; its words may come later."""

    file = PictureField(label="Foto")
    field_order = ("file", "alt", "credit", "consent", "item")


class SlidesWordsForm(_MaterialForm):
    class Meta:
        model = Slides
        fields = ("title", "credit", "consent", "item")
        widgets = {"consent": forms.RadioSelect}
        error_messages = {"title": {"required": "Geben Sie einen Titel ein."}}


class SlidesForm(SlidesWordsForm):
    file = forms.FileField(
        label="Folien als PDF",
        max_length=200,
        help_text=f"Höchstens {MAX_BYTES // 1024**2} MB. Andere Programme speichern mit „Exportieren“ als PDF.",
        widget=forms.FileInput(attrs={"accept": "application/pdf"}),
        error_messages={
            "required": "Wählen Sie die Folien als PDF.",
            "missing": "Wählen Sie die Folien als PDF.",
            "empty": "Wählen Sie eine andere Datei: Diese ist leer.",
            "max_length": "Kürzen Sie den Namen der Datei auf höchstens %(max)d Zeichen.",
        },
    )
    field_order = ("file", "title", "credit", "consent", "item")

    def clean_file(self) -> pdf_files.CheckedPdf:
        return pdf_files.check(self.cleaned_data["file"])


class AgreementForm(forms.ModelForm):
    due_on = DayField(label="Bis wann", required=False)

    class Meta:
        model = Agreement
        fields = ("text", "who", "due_on")
        error_messages = {"text": {"required": "Schreiben Sie, was verabredet ist."}}

    @property
    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self._meta.fields}


class AudienceForm(forms.Form):
    """Who is told that a documentation is there; anzahl: how many were shown when the button was pressed."""

    PARTICIPANTS, MEMBERS = "teilnehmende", "mitglieder"

    wen = forms.ChoiceField(
        label="Wem mitteilen",
        choices=[(PARTICIPANTS, "allen, die dabei waren"), (MEMBERS, "allen Mitgliedern und allen, die dabei waren")],
        error_messages={"invalid_choice": "Wählen Sie einen Eintrag aus der Liste."},
    )
    anzahl = forms.IntegerField(required=False, min_value=0, max_value=100_000, widget=forms.HiddenInput)


class EditionForm(forms.Form):
    """Which edition a reader asks for who may see both."""

    PUBLIC = "oeffentlich"

    fassung = forms.ChoiceField(required=False, choices=[(PUBLIC, "öffentlich")])

    @property
    def only_public(self) -> bool:
        return self.is_valid() and self.cleaned_data["fassung"] == self.PUBLIC


class ItemForm(forms.Form):
    """The item of the programme from whose page somebody came."""

    punkt = forms.IntegerField(required=False, min_value=1, max_value=_MOST)

    @property
    def number(self) -> int | None:
        return self.cleaned_data["punkt"] if self.is_valid() else None
