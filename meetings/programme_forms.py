"""The form for one item of a programme."""

import datetime

from django import forms
from django.db.models import Max

from core.dates import long_date
from meetings.models import AgendaItem, Meeting

_TIME = {"type": "time"}


class ItemForm(forms.ModelForm):
    """One item; a new one begins where the last one ends. Asks for the day only where there are several."""

    class Meta:
        model = AgendaItem
        fields = (
            "day_number", "begin_time", "end_time", "title", "room", "text", "speaker_text", "choice_round", "seats",
        )  # fmt: skip
        labels = {"seats": "Plätze bei diesem Punkt", "speaker_text": "Mitwirkende"}
        help_texts = {
            "speaker_text": "Zum Beispiel „Prof. Dr. Ada Muster, Hochschule Musterstadt“.",
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
        super().__init__(data, instance=instance)
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


def _next_item(meeting: Meeting) -> AgendaItem:
    last = meeting.agenda.last()
    if last is None:
        return AgendaItem(meeting=meeting, begin_time=meeting.begin_time)
    return AgendaItem(meeting=meeting, day_number=last.day_number, begin_time=last.end_time or last.begin_time)
