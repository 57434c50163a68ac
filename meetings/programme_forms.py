"""The form for one item of a programme."""

import datetime

from django import forms
from django.db.models import Max

from core.dates import long_date
from meetings.models import AgendaItem, Meeting
from members.models import Municipality, Person
from members.search import body_meant, persons_meant, told_apart

_TIME = {"type": "time"}


# So many of those who bear a name are told apart by their addresses.
_OFFERED = 8


class ItemForm(forms.ModelForm):
    """One item; a new one begins where the last one ends. Asks for the day only where there are several.

    People of the portal and municipalities are typed, one a line, as lists of guests are.
    """

    persons = forms.CharField(
        label="Mitwirkende aus dem Portal",
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="In jeder Zeile eine Person: Name oder E-Mail-Adresse.",
    )
    municipalities = forms.CharField(
        label="Beitrag aus diesen Kommunen",
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="In jeder Zeile eine Kommune.",
    )
    field_order = (
        "day_number", "begin_time", "end_time", "title", "room", "text", "persons", "speaker_text", "municipalities",
    )  # fmt: skip

    class Meta:
        model = AgendaItem
        fields = (
            "day_number", "begin_time", "end_time", "title", "room", "text", "speaker_text", "choice_round", "seats",
        )  # fmt: skip
        labels = {"seats": "Plätze bei diesem Punkt", "speaker_text": "Weitere Mitwirkende"}
        help_texts = {
            "speaker_text": "Wer nicht im Portal steht, zum Beispiel „Prof. Dr. Ada Muster, Hochschule Musterstadt“.",
            "seats": "Nur bei Punkten zur Wahl. Leer: unbegrenzt.",
        }
        widgets = {
            "begin_time": forms.TimeInput(format="%H:%M", attrs=_TIME),
            "end_time": forms.TimeInput(format="%H:%M", attrs=_TIME),
            "text": forms.Textarea(attrs={"rows": 4}),
        }
        error_messages = {
            "begin_time": {"required": "Geben Sie an, wann der Punkt beginnt.", "invalid": "Schreiben Sie „10:30“."},
            "end_time": {"invalid": "Schreiben Sie „12:00“."},
            "title": {"required": "Geben Sie dem Punkt einen Titel."},
        }

    def __init__(self, data=None, *, meeting: Meeting, instance: AgendaItem | None = None):
        instance = instance or _next_item(meeting)
        super().__init__(data, instance=instance, initial=_named(instance))
        self._offer_days(meeting)
        rounds = meeting.agenda.aggregate(last=Max("choice_round"))["last"] or 0
        self.fields["choice_round"] = forms.TypedChoiceField(
            label="Gleichzeitig mit anderen, zur Wahl",
            choices=[("", "nein, für alle"), *((number, f"Auswahl {number}") for number in range(1, rounds + 2))],
            coerce=int,
            empty_value=None,
            required=False,
            help_text="Punkte derselben Auswahl laufen gleichzeitig; bei der Anmeldung wird einer davon gewählt.",
            error_messages={"invalid_choice": "Wählen Sie einen Eintrag aus der Liste."},
        )

    def clean_persons(self) -> list[Person]:
        found = {line: persons_meant(line) for line in _lines(self.cleaned_data["persons"])}
        for line, rows in found.items():
            if not rows:
                raise forms.ValidationError(
                    f"„{line}“ steht nicht im Portal. Nennen Sie die Person unter „Weitere Mitwirkende“."
                )
            if len(rows) > 1:
                raise forms.ValidationError(
                    f"Schreiben Sie die E-Mail-Adresse dazu, es gibt mehrere: {told_apart(rows)}."
                )
        return [rows[0] for rows in found.values()]

    def clean_municipalities(self) -> list[Municipality]:
        found = {line: body_meant(line) for line in _lines(self.cleaned_data["municipalities"])}
        if unknown := [line for line, ags in found.items() if ags is None]:
            raise forms.ValidationError(
                f"Schreiben Sie den Namen so, wie die Kommune amtlich heißt: {', '.join(unknown[:_OFFERED])}."
            )
        return list(Municipality.objects.filter(ags__in=found.values()))

    def _offer_days(self, meeting):
        days = range(1, (meeting.last_day - meeting.day).days + 2)
        if len(days) == 1 and self.instance.day_number == 1:
            del self.fields["day_number"]
            return
        of = [*days, *([self.instance.day_number] if self.instance.day_number not in days else [])]
        self.fields["day_number"] = forms.TypedChoiceField(
            label="Tag",
            choices=[(number, long_date(meeting.day + datetime.timedelta(days=number - 1))) for number in of],
            coerce=int,
            error_messages={"invalid_choice": "Wählen Sie einen Tag des Termins."},
        )


def _lines(text: str) -> list[str]:
    return list(dict.fromkeys(line.strip() for line in text.splitlines() if line.strip()))


def _named(item: AgendaItem) -> dict[str, str]:
    """Who speaks and which municipalities contribute, as `ItemForm` reads it."""
    if item.pk is None:
        return {}
    persons = [", ".join(filter(None, [row.name, row.email])) for row in item.speakers.exclude(last_name="")]
    return {"persons": "\n".join(persons), "municipalities": "\n".join(row.name for row in item.bodies.all())}


def _next_item(meeting: Meeting) -> AgendaItem:
    last = meeting.agenda.last()
    if last is None:
        return AgendaItem(meeting=meeting, begin_time=meeting.begin_time)
    return AgendaItem(meeting=meeting, day_number=last.day_number, begin_time=last.end_time or last.begin_time)
