"""Forms of "Stimmt noch?" and of what is said without an account."""

from django import forms
from django.forms.models import fields_for_model, model_to_dict

from members.forms import StoredForm
from members.models import Confirmation, ContactPerson, Person, Profile

# No e-mail address: the account follows it, so whoever got this link passed on could make the account hers.
_PERSON = ("form_of_address", "title", "first_name", "last_name", "phone")
_POST = ("position",)
_OFFICE = ("office_name", "office_place", "office_phone", "office_email", "office_website")


class CorrectionForm(StoredForm):
    """What may have changed: the person's own data and her body's Anlaufstelle, filled in as stored."""

    def __init__(self, data=None, *, confirmation: Confirmation):
        contact = confirmation.contact
        profile = getattr(contact.municipality, "profile", None) or Profile()
        stored = model_to_dict(contact.person, _PERSON) | model_to_dict(contact, _POST)
        super().__init__(data, initial=stored | model_to_dict(profile, _OFFICE))
        self.fields |= fields_for_model(Person, _PERSON)
        self.fields |= fields_for_model(ContactPerson, _POST)
        self.fields |= fields_for_model(Profile, _OFFICE)
        self.fields["last_name"].error_messages["required"] = "Geben Sie Ihren Nachnamen ein."
        self.fields["office_email"].error_messages["invalid"] = "Geben Sie eine vollständige E-Mail-Adresse ein."

    @property
    def own_fields(self):
        return [self[name] for name in (*_PERSON, *_POST)]

    @property
    def office_fields(self):
        return [self[name] for name in _OFFICE]

    @property
    def changes(self) -> dict[str, str]:
        """What differs from what is stored, by field name."""
        return {name: self.cleaned_data[name] for name in self.changed_data}

    @property
    def changed_labels(self) -> list[str]:
        return [str(self.fields[name].label) for name in self.changed_data]


class AddressForm(forms.Form):
    """To whom a new link goes."""

    email = forms.EmailField(
        label="Ihre dienstliche E-Mail-Adresse",
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={
            "required": "Geben Sie Ihre E-Mail-Adresse ein.",
            "invalid": "Geben Sie eine vollständige E-Mail-Adresse ein, zum Beispiel name@stadt.de.",
        },
    )
