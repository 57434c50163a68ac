"""What somebody chooses to get."""

from django import forms

from mailings.models import Rubric


class SettingsForm(forms.Form):
    """A tick for each rubric; without any, only Dienstliches comes."""

    rubrics = forms.MultipleChoiceField(
        label="Diese Informationen möchte ich bekommen",
        choices=[(rubric.value, rubric.label) for rubric in Rubric.to_choose()],
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "Wählen Sie einen Eintrag aus der Liste."},
    )


class PassOnForm(forms.Form):
    """Which colleague. functions: those that may be chosen (`audiences.colleagues_of`)."""

    receiver = forms.TypedChoiceField(
        label="Wer soll sie bekommen?",
        widget=forms.RadioSelect,
        error_messages={
            "required": "Wählen Sie eine Person aus.",
            "invalid_choice": "Wählen Sie eine Person aus der Liste.",
        },
    )

    def __init__(self, data=None, *, functions):
        super().__init__(data)
        persons = {str(function.person_id): function.person for function in functions}
        field = self.fields["receiver"]
        field.choices = [
            (str(function.person_id), f"{function.person.name}, {function.municipality.name}") for function in functions
        ]
        field.coerce = persons.__getitem__
