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
