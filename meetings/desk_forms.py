"""Forms of the office's working pages around meetings."""

import datetime

from django import forms
from django.core.validators import MaxLengthValidator

from core.dates import FIRST_YEAR, LAST_YEAR, today
from core.text import single_line
from meetings import access
from meetings.models import Meeting, Mode
from members.forms import DayField
from members.models import Person

# The same weekday of the same week half a year and a year later.
_HALF_A_YEAR, _A_YEAR = datetime.timedelta(weeks=26), datetime.timedelta(weeks=52)


class YearForm(forms.Form):
    jahr = forms.IntegerField(required=False, min_value=FIRST_YEAR, max_value=LAST_YEAR)

    @property
    def year(self) -> int:
        """The year asked for; the present one if it is none."""
        return (self.is_valid() and self.cleaned_data["jahr"]) or today().year


class ReasonForm(forms.Form):
    """Why a meeting is called off; stands in the mail and on its page."""

    reason = forms.CharField(
        label="Grund",
        required=False,
        validators=[single_line, MaxLengthValidator(300, "Kürzen Sie den Grund auf höchstens 300 Zeichen.")],
        help_text="Ein Satz für alle Angemeldeten, zum Beispiel „Der Referent ist erkrankt.“",
    )


class CopyForm(forms.Form):
    """The day of the next meeting like this one."""

    day = DayField(label="Neuer Tag", error_messages={"required": "Geben Sie den neuen Tag ein."})

    def __init__(self, data=None, *, meeting: Meeting):
        super().__init__(data)
        later = (meeting.day + span for span in (_HALF_A_YEAR, _A_YEAR, 2 * _A_YEAR))
        self.initial["day"] = next((day for day in later if day > today()), None)

    def clean_day(self):
        day = self.cleaned_data["day"]
        if not today() <= day < datetime.date(LAST_YEAR, 1, 1):
            raise forms.ValidationError("Wählen Sie einen Tag, der noch kommt.")
        return day


class AddForm(forms.Form):
    """Somebody whom the office puts into the list: found by her address, or a new guest."""

    email = forms.EmailField(
        label="E-Mail-Adresse",
        help_text="Steht die Person schon im Portal, genügt die Adresse.",
        error_messages={
            "required": "Geben Sie die E-Mail-Adresse ein.",
            "invalid": "Geben Sie eine vollständige E-Mail-Adresse ein.",
        },
    )
    first_name = forms.CharField(label="Vorname", required=False, max_length=100, validators=[single_line])
    last_name = forms.CharField(label="Nachname", required=False, max_length=100, validators=[single_line])
    organisation = forms.CharField(label="Organisation", required=False, max_length=200, validators=[single_line])
    mode = forms.ChoiceField(label="Teilnahme", choices=Mode, widget=forms.RadioSelect)
    over_limit = forms.BooleanField(
        label="Auf jeden Fall einen Platz geben", required=False, help_text="Auch wenn alle Plätze vergeben sind."
    )

    def __init__(self, data=None, *, meeting: Meeting):
        super().__init__(data)
        self.fields["mode"].choices = [(mode.value, mode.label) for mode in meeting.modes]
        self.fields["mode"].error_messages["required"] = "Wählen Sie die Art der Teilnahme."
        self.initial["mode"] = meeting.modes[0].value

    def clean(self):
        cleaned = super().clean()
        if self.errors:
            return cleaned
        names = ("first_name", "last_name", "email", "organisation")
        typed = Person(**{name: cleaned[name] for name in names})
        there = list(Person.objects.filter(email__iexact=typed.email))
        known = Person.objects.known_as(typed) or (there[0] if len(there) == 1 and not typed.last_name else None)
        if known is None and not typed.last_name:
            self.add_error(
                "last_name", "Geben Sie den Namen ein: An dieser Adresse ist niemand oder sind mehrere bekannt."
            )
        self.person = known or typed
        return cleaned

    @property
    def values(self):
        """What `meetings.actions.register` takes."""
        return {
            "person": self.person,
            "municipality": access.body_of(self.person) if self.person.pk else None,
            "mode": self.cleaned_data["mode"],
            "over_limit": self.cleaned_data["over_limit"],
        }
