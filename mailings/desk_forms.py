"""Forms of the composer, the audience, and the release."""

import datetime
from typing import Any

from django import forms
from django.core.validators import MaxLengthValidator
from django.utils import timezone

from core import history
from core.mailtexts import strange_in
from core.markdown import check_text
from core.text import one_line, single_line
from declarations.models import Declaration
from mailings import blocks, releasing
from mailings.enclosures import EnclosureField
from mailings.models import Group, Mailing, Rubric, Signing
from mailings.models.audience import OF_MEETING
from meetings.models import Meeting
from members.models import Kind, Municipality, Person, Topic
from members.models.municipalities import KREIS_KINDS, Regierungsbezirk
from members.search import persons_meant, told_apart

TEXT_HELP = (
    "Eine Leerzeile trennt Absätze. „## “ am Anfang einer Zeile macht eine Überschrift, „- “ eine Aufzählung. "
    "**fett**, *betont*, [Wort](https://adresse.de) für einen Verweis. {name} wird zum Namen "
    "der Person, die die E-Mail bekommt."
)
_UNKNOWN = {"invalid_choice": "Wählen Sie einen Eintrag aus der Liste."}


class ComposeForm(forms.ModelForm):
    """Subject, text, kind, a file, with the version that it shows (`core.history`).

    What is missing, only the release asks.
    """

    block = forms.CharField(required=False, widget=forms.HiddenInput, max_length=300)
    file = EnclosureField()
    seen = forms.IntegerField(required=False, min_value=0, max_value=2**62, widget=forms.HiddenInput)

    class Meta:
        model = Mailing
        fields = ("rubric", "subject", "text", "archive")
        widgets = {"text": forms.Textarea(attrs={"rows": 18})}
        help_texts = {"text": TEXT_HELP}

    def __init__(self, data=None, files=None, *, mailing: Mailing):
        super().__init__(data, files, instance=mailing)
        self.now = {name: getattr(mailing, name) for name in self._meta.fields}
        self.initial["seen"] = history.version_of(Mailing, mailing.pk)
        self.fields["subject"].validators += [single_line]
        self.fields["text"].validators += [check_text]
        self.fields["rubric"].choices = Rubric.choices
        for name in ("rubric", "archive"):
            self.fields[name].error_messages.update(_UNKNOWN)
        if mailing.invites_to_id:
            del self.fields["rubric"]

    def clean_subject(self):
        subject = self.cleaned_data["subject"]
        if strange := strange_in(subject, ()):
            raise forms.ValidationError(f"Nehmen Sie {strange[0]} heraus: Im Betreff stehen keine Platzhalter.")
        return subject

    @property
    def values(self) -> dict[str, Any]:
        """What `actions.change` stores."""
        return {name: self.cleaned_data[name] for name in self._meta.fields if name in self.cleaned_data}

    def _post_clean(self):
        """The model's rules are the release's to ask: a draft may lack anything, and the row is changed by its verb."""

    def has_news(self, reader) -> bool:
        """Whether saving would undo what somebody else saved meanwhile. Says so; saving again is then her decision."""
        news = history.changed_since(self.instance, self.cleaned_data["seen"] or 0, reader=reader)
        if not news or self.values == {name: self.now[name] for name in self.values}:
            return False
        changes = [change for change in news.changes if change.field in self.fields]
        if not changes:
            return False
        found = "; ".join(f"{change.label}: „{change.old}“ wurde „{change.new}“" for change in changes)
        self.add_error(
            None,
            f"Vergleichen Sie und speichern Sie noch einmal, wenn Ihr Text gelten soll: {news.who} hat um "
            f"{timezone.localtime(news.when):%H:%M} Uhr gespeichert. {found}",
        )
        self.data = self.data.dict() | {"seen": history.version_of(Mailing, self.instance.pk)}
        return True


class BlockForm(forms.Form):
    """What to put at the end of the text, for whoever works without script."""

    block = forms.ChoiceField(label="Baustein aus dem Portal", required=False, error_messages=_UNKNOWN)

    def __init__(self, data=None):
        super().__init__(data)
        self.fields["block"].choices = [("", "Bitte wählen"), *blocks.choices()]


class AudienceForm(forms.ModelForm):
    """Groups, what narrows them, one person more."""

    groups = forms.MultipleChoiceField(
        label="Gruppen",
        choices=Group,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Mehrere Gruppen kommen zusammen; niemand bekommt die E-Mail doppelt.",
        error_messages=_UNKNOWN,
    )
    kinds = forms.MultipleChoiceField(
        label="Art der Kommune", choices=Kind, required=False, widget=forms.CheckboxSelectMultiple
    )
    bezirke = forms.MultipleChoiceField(
        label="Regierungsbezirk", choices=Regierungsbezirk, required=False, widget=forms.CheckboxSelectMultiple
    )
    wer = forms.CharField(
        label="Eine einzelne Person dazu",
        required=False,
        validators=[single_line, MaxLengthValidator(200)],
        help_text="Name oder E-Mail-Adresse, wie sie im Portal steht.",
    )

    class Meta:
        model = Mailing
        fields = ("groups", "meeting", "kinds", "bezirke", "kreis", "topic", "signing", "declaration")

    def __init__(self, data=None, *, mailing: Mailing):
        super().__init__(data, instance=mailing)
        self.fields["kreis"].queryset = Municipality.objects.filter(kind__in=KREIS_KINDS)
        self.fields["kreis"].help_text = "Der Kreis selbst und seine Städte und Gemeinden."
        self.fields["meeting"].queryset = Meeting.objects.shown().order_by("-begins_at")
        self.fields["meeting"].help_text = "Zu Angemeldeten, Anwesenden und Eingeladenen ohne Antwort."
        self.fields["topic"].queryset = Topic.objects.all()
        self.fields["declaration"].queryset = Declaration.objects.all()
        self.fields["declaration"].help_text = "Leer: irgendeine Fassung."
        self.fields["signing"].choices = Signing.choices
        for name in ("meeting", "kreis", "topic", "declaration"):
            self.fields[name].empty_label = (
                "alle" if name in ("kreis", "topic") else "keiner" if name == "meeting" else "–"
            )
            self.fields[name].error_messages["invalid_choice"] = _UNKNOWN["invalid_choice"]

    @property
    def narrowing(self) -> list[Any]:
        """The fields that leave only certain bodies."""
        return [self[name] for name in self.Meta.fields[2:]]

    def _post_clean(self):
        """As in `ComposeForm`."""

    def clean(self):
        cleaned = super().clean()
        if set(cleaned.get("groups", ())) & set(OF_MEETING) and not cleaned.get("meeting"):
            self.add_error("meeting", "Wählen Sie den Termin, dessen Personen Sie meinen.")
        self.person = self._person(cleaned.get("wer", ""))
        return cleaned

    def _person(self, typed: str) -> Person | None:
        if not (wanted := one_line(typed, 200)):
            return None
        rows = persons_meant(wanted)
        if len(rows) == 1:
            return rows[0]
        if rows:
            self.add_error("wer", f"Geben Sie die E-Mail-Adresse ein, es gibt mehrere: {told_apart(rows)}.")
        else:
            self.add_error("wer", "So heißt niemand im Portal. Legen Sie die Person zuerst unter „Personen“ an.")
        return None

    @property
    def values(self) -> dict[str, Any]:
        """What `actions.change` stores."""
        values = {name: self.cleaned_data[name] for name in self._meta.fields}
        if self.person:
            values["added"] = [*self.instance.added.all(), self.person]
            values["left_out"] = self.instance.left_out.exclude(pk=self.person.pk)
        return values


class ReleaseForm(forms.Form):
    """The last step: how many, when. anzahl, stand: what the page showed."""

    anzahl = forms.IntegerField(min_value=0, max_value=100_000, widget=forms.HiddenInput)
    stand = forms.CharField(max_length=40, widget=forms.HiddenInput)
    day = forms.DateField(
        label="Tag",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text="Leer: gleich, nach einer Minute zum Zurücknehmen.",
        error_messages={"invalid": "Geben Sie den Tag so ein: 12.03.2027."},
    )
    time = forms.TimeField(
        label="Uhrzeit",
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={"invalid": "Geben Sie die Uhrzeit so ein: 9:30."},
    )
    typed = forms.IntegerField(
        label="Wie viele Personen bekommen die E-Mail?",
        min_value=0,
        max_value=100_000,
        help_text="Tippen Sie die Zahl ab, die oben steht.",
        error_messages={"required": "Tippen Sie die Zahl der Personen ein.", "invalid": "Geben Sie eine Zahl ein."},
    )

    def __init__(self, data=None, *, mailing: Mailing, count: int):
        super().__init__(data)
        self.count = count
        self.initial |= {"anzahl": count, "stand": mailing.changed_at.isoformat()}
        if count <= releasing.TYPED_ABOVE:
            del self.fields["typed"]

    def clean_typed(self):
        if self.cleaned_data["typed"] != self.count:
            raise forms.ValidationError(f"Vergleichen Sie noch einmal: Es sind {self.count} Personen.")
        return self.cleaned_data["typed"]

    def clean_stand(self):
        try:
            return datetime.datetime.fromisoformat(self.cleaned_data["stand"])
        except ValueError as error:
            raise forms.ValidationError("Laden Sie die Seite neu.") from error

    def clean(self):
        cleaned = super().clean()
        day, time = cleaned.get("day"), cleaned.get("time")
        self.planned_for = None
        if bool(day) != bool(time) and not {"day", "time"} & set(self.errors):
            self.add_error("time" if day else "day", "Zu einem späteren Versand gehören Tag und Uhrzeit.")
        elif day and time:
            self.planned_for = timezone.make_aware(datetime.datetime.combine(day, time))
            if not timezone.now() < self.planned_for < timezone.now() + releasing.LATEST_PLAN:
                self.add_error("day", "Wählen Sie einen Zeitpunkt, der noch kommt, höchstens ein Jahr voraus.")
        return cleaned
