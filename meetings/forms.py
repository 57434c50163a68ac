"""Forms around meetings: filters, registration of persons and guests, and those of the office."""

from django import forms

from meetings import access, places
from meetings.actions import Details
from meetings.models import Meeting, MeetingKind, Mode, Registration
from members.models import Person

_KINDS = [(kind.value, kind.label) for kind in MeetingKind if kind != MeetingKind.SUMMIT]


class FilterForm(forms.Form):
    """Filters of `/termine/`; their names are the query string."""

    art = forms.ChoiceField(label="Art", required=False)
    jahr = forms.ChoiceField(label="Jahr", required=False)

    def __init__(self, data, *, meetings):
        super().__init__(data)
        years = sorted(set(meetings.order_by().values_list("year", flat=True)), reverse=True)
        self.fields["art"].choices = [("", "alle Arten"), *_KINDS]
        self.fields["jahr"].choices = [("", "kommende und letzte"), *((str(year), str(year)) for year in years)]
        for field in self.fields.values():
            field.error_messages["invalid_choice"] = "Wählen Sie einen Eintrag aus der Liste."

    def chosen(self) -> dict[str, str]:
        """The filters that are set and right; a wrong one is reported and left out."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


class PlaceForm(forms.Form):
    """What somebody says with her registration: how she takes part, needs, wishes, choices of parallel items."""

    mode = forms.ChoiceField(label="Teilnahme", widget=forms.RadioSelect, choices=Mode)

    def __init__(self, data=None, *, meeting: Meeting, registration: Registration | None = None, **kwargs):
        super().__init__(data, **kwargs)
        self.meeting, self.registration = meeting, registration
        self._offer_modes()
        self._offer_choices()
        for name in ("access_needs", "food", "topic_wish", "is_listed"):
            self.fields[name] = Registration._meta.get_field(name).formfield()
            if registration is not None:
                self.initial[name] = getattr(registration, name)
        self._say_why()

    def _offer_modes(self):
        modes = self.meeting.modes
        free = {line.mode: line for line in places.lines(self.meeting)}
        self.is_full = all(free[mode].is_full for mode in modes)
        labels = [(mode.value, f"{mode.label}{_remark(free[mode])}") for mode in modes]
        self.fields["mode"].choices = labels
        self.fields["mode"].error_messages["required"] = "Wählen Sie, wie Sie teilnehmen."
        self.initial["mode"] = self.registration.mode if self.registration else modes[0].value
        if len(modes) == 1:
            self.fields["mode"].widget = forms.HiddenInput()
            self.fields["mode"].required = False

    def _offer_choices(self):
        """For each round two wishes. Who has not made up her mind registers all the same and chooses later."""
        stored = self.registration.choices.select_related("first", "second") if self.registration else []
        self.wishes = {choice.choice_round: (choice.first, choice.second) for choice in stored}
        rounds: dict[int, list] = {}
        for item in self.meeting.agenda.exclude(choice_round=None):
            rounds.setdefault(item.choice_round, []).append(item)
        self.rounds = {number: items for number, items in rounds.items() if len(items) > 1}
        full = places.full_items(self.meeting) if self.rounds else set()
        for number, items in self.rounds.items():
            choices = [(str(item.pk), f"{item.title} ({item.when}){' – belegt' * (item.pk in full)}") for item in items]
            self._offer_round(number, choices)

    def _offer_round(self, number, choices):
        which = f" {number}" if len(self.rounds) > 1 else ""
        wrong = {"invalid_choice": "Wählen Sie einen der Punkte."}
        self.fields[f"first_{number}"] = forms.ChoiceField(
            label=f"Parallele Angebote{which}: Ihr erster Wunsch",
            choices=[*choices, ("", "Ich entscheide mich später.")],
            widget=forms.RadioSelect,
            required=False,
            error_messages=wrong,
        )
        self.fields[f"second_{number}"] = forms.ChoiceField(
            label="Falls dort alles belegt ist: zweiter Wunsch",
            choices=[("", "keiner"), *choices],
            required=False,
            error_messages=wrong,
        )
        wishes = self.wishes.get(number, (None, None))
        for name, wish in zip(("first", "second"), wishes, strict=True):
            self.initial[f"{name}_{number}"] = str(wish.pk) if wish else ""

    def _say_why(self):
        self.fields["access_needs"].label = "Was brauchen Sie, um gut teilzunehmen?"
        self.fields["access_needs"].help_text = (
            "Zum Beispiel stufenloser Weg, Gebärdensprache, Assistenz. Das lesen nur wir, und wir löschen es zwei "
            "Wochen nach dem Termin."
        )
        self.fields["food"].label = "Essen"
        self.fields["food"].help_text = "Zum Beispiel vegetarisch, ohne Nüsse."
        self.fields["topic_wish"].label = "Was möchten Sie dort besprechen?"
        self.fields["is_listed"].label = "Mein Name darf auf der Liste der Teilnehmenden stehen"
        self.fields["is_listed"].help_text = "Andere Teilnehmende sehen dann Ihren Namen und woher Sie kommen."
        if self.meeting.venue == "online":
            del self.fields["food"]

    def clean(self):
        cleaned = super().clean()
        cleaned["mode"] = cleaned.get("mode") or self.meeting.modes[0].value
        for number in self.rounds:
            if cleaned.get(f"second_{number}") and cleaned.get(f"second_{number}") == cleaned.get(f"first_{number}"):
                self.add_error(
                    f"second_{number}", "Wählen Sie als zweiten Wunsch etwas anderes, oder lassen Sie ihn weg."
                )
        return cleaned

    @property
    def button(self) -> str:
        """What pressing does: a place, or a number of the waiting list."""
        return "Auf die Warteliste setzen" if self.is_full else "Verbindlich anmelden"

    @property
    def details(self) -> Details:
        names = ("access_needs", "food", "is_listed", "topic_wish")
        values = {name: self.cleaned_data[name] for name in names if name in self.cleaned_data}
        return Details(choices=self._chosen(), **values)

    def _chosen(self):
        """Both wishes of each round. A page that did not ask (older than the round) changes nothing there."""
        chosen = dict(self.wishes)
        for number, items in self.rounds.items():
            names = [f"{name}_{number}" for name in ("first", "second")]
            if names[0] not in self.data:
                continue
            by_key = {str(item.pk): item for item in items}
            wishes = [by_key[self.cleaned_data[name]] for name in names if self.cleaned_data[name]]
            chosen.pop(number, None)
            if wishes:
                chosen[number] = (wishes[0], wishes[1] if wishes[1:] else None)
        return chosen


def _remark(line: places.Line) -> str:
    return " – alle Plätze vergeben, Warteliste" if line.is_full else ""


class OwnPlaceForm(PlaceForm):
    """Of somebody who is signed in: with the colleagues whom she registers along."""

    def __init__(self, data=None, *, meeting: Meeting, person: Person):
        super().__init__(data, meeting=meeting)
        self.colleagues = {str(other.pk): other for other in access.colleagues_to_bring(person, meeting)}
        if self.colleagues:
            self.fields["along"] = forms.MultipleChoiceField(
                label="Gleich mit anmelden",
                choices=[(key, other.name) for key, other in self.colleagues.items()],
                widget=forms.CheckboxSelectMultiple,
                required=False,
                help_text="Jede Person bekommt ihre eigene Bestätigung und kann selbst ändern und absagen.",
                error_messages={"invalid_choice": "Wählen Sie Personen aus der Liste."},
            )

    @property
    def along(self) -> list[Person]:
        return [self.colleagues[key] for key in self.cleaned_data.get("along", [])]


class GuestForm(PlaceForm):
    """Of a guest: who she is, and the address to which the mail for confirming goes."""

    field_order = ["first_name", "last_name", "email", "organisation", "mode"]

    def __init__(self, data=None, *, meeting: Meeting):
        super().__init__(data, meeting=meeting)
        texts = {
            "first_name": ("Vorname", "given-name", "Geben Sie Ihren Vornamen ein."),
            "last_name": ("Nachname", "family-name", "Geben Sie Ihren Nachnamen ein."),
            "email": ("E-Mail-Adresse", "email", "Geben Sie Ihre E-Mail-Adresse ein."),
            "organisation": ("Organisation", "organization", ""),
        }
        for name, (label, autocomplete, missing) in texts.items():
            field = Person._meta.get_field(name).formfield()
            field.label, field.required, field.help_text = label, bool(missing), ""
            field.error_messages["required"] = missing
            field.widget.attrs["autocomplete"] = autocomplete
            self.fields[name] = field
        self.fields["email"].error_messages["invalid"] = "Geben Sie eine vollständige E-Mail-Adresse ein."
        self.order_fields(self.field_order)

    @property
    def person(self) -> Person:
        names = ("first_name", "last_name", "email", "organisation")
        return Person(**{name: self.cleaned_data[name] for name in names})
