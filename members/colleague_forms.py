"""Forms about the people of one's own body."""

import datetime

from django import forms
from django.core.validators import MaxLengthValidator
from django.forms.models import fields_for_model, model_to_dict
from django.utils.html import format_html

from core.dates import today
from core.text import single_line
from members import access, duplicates
from members.forms import DayField, DirectoryForm, StoredForm
from members.models import ContactPerson, Municipality, Person, Visibility

_NAME = ("form_of_address", "title", "first_name", "last_name")
_SEEN = {"name_visibility": "Ihren Namen", "email_visibility": "Ihre E-Mail-Adresse", "phone_visibility": "Ihr Telefon"}
# What the three answers mean, in the words of the person who chooses.
WHO_SEES = [
    (Visibility.PUBLIC, "öffentlich – alle, auch auf der Seite Ihrer Kommune und in Suchmaschinen"),
    (Visibility.NETWORK, "im Netzwerk – nur angemeldete Ansprechpersonen der Mitglieder"),
    (Visibility.OFFICE, "nur Geschäftsstelle – niemand sonst"),
]
_ADDRESS_ERRORS = {"invalid": "Geben Sie eine vollständige E-Mail-Adresse ein, zum Beispiel name@stadt.de."}


class NewColleagueForm(forms.ModelForm):
    """Name and address; all else the colleague adds herself."""

    another = forms.BooleanField(label="Das ist eine andere Person", required=False)
    invite = forms.BooleanField(
        label="Gleich einladen",
        required=False,
        initial=True,
        help_text="Die Person bekommt heute eine E-Mail mit dem Weg zur Anmeldung.",
    )

    class Meta:
        model = Person
        fields = ("form_of_address", "first_name", "last_name", "email")
        error_messages = {
            "last_name": {"required": "Geben Sie den Nachnamen ein."},
            "email": {"required": "Geben Sie die E-Mail-Adresse ein."} | _ADDRESS_ERRORS,
        }

    field_order = (*Meta.fields, "another", "invite")

    def __init__(self, data=None, *, municipality: Municipality, reader):
        super().__init__(data)
        self.municipality, self.reader = municipality, reader
        self.fields["email"].required = True
        if data is None:
            del self.fields["another"]

    def clean_email(self):
        email = self.cleaned_data["email"]
        if access.is_not_for_colleagues(email):
            raise forms.ValidationError(
                "Mit dieser Adresse geht es nicht. Bitte wenden Sie sich an die Geschäftsstelle."
            )
        return email

    def clean(self):
        cleaned = super().clean()
        if not self.errors and not cleaned["another"]:
            self._ask_about_similar()
        return cleaned

    def _ask_about_similar(self):
        """Only whom the reader may see anyway; who is the same to the letter is taken without a question."""
        typed = Person(**{name: self.cleaned_data[name] for name in ("first_name", "last_name", "email")})
        if Person.objects.known_as(typed):
            return
        known = duplicates.similar_contacts(self.reader, typed, at=self.municipality)
        if known:
            sentence = "Prüfen Sie, ob es diese Person schon gibt: {}. Wenn nicht, kreuzen Sie an:"
            self.add_error("another", format_html(sentence, ", ".join(known[:5])))

    def chosen(self) -> Person:
        """Whoever has this name and address already, else a new person."""
        typed = Person(**{name: self.cleaned_data[name] for name in self.Meta.fields})
        return Person.objects.known_as(typed) or typed


class ContactForm(StoredForm):
    """What a contact person tells of herself, or a colleague of somebody who never signed in."""

    def __init__(self, data=None, *, contact: ContactPerson, is_own: bool, with_name: bool):
        self.person_names = (*_NAME, "phone") if is_own else (*_NAME, "email", "phone") if with_name else ()
        self.seen_names = tuple(_SEEN) if is_own else ()
        names = (*self.person_names, "position", *self.seen_names)
        stored = model_to_dict(contact, ("position", *self.seen_names))
        super().__init__(data, initial=model_to_dict(contact.person, self.person_names) | stored)
        fields = fields_for_model(Person, self.person_names) if self.person_names else {}
        self.fields |= fields | fields_for_model(ContactPerson, ("position",))
        for name in self.seen_names:
            label = f"Wer sieht {_SEEN[name]}?"
            self.fields[name] = forms.ChoiceField(label=label, choices=WHO_SEES, widget=forms.RadioSelect)
        self.fields = {name: self.fields[name] for name in names}
        if "last_name" in self.fields:
            self.fields["last_name"].error_messages["required"] = "Geben Sie den Nachnamen ein."
        if "email" in self.fields:
            self.fields["email"].error_messages |= _ADDRESS_ERRORS

    @property
    def changes(self) -> dict[str, str]:
        """What differs from what is stored, by field name."""
        return {name: self.cleaned_data[name] for name in self.changed_data}

    def clean_email(self):
        email = self.cleaned_data["email"]
        if "email" in self.changed_data and access.is_not_for_colleagues(email):
            raise forms.ValidationError(
                "Mit dieser Adresse geht es nicht. Bitte wenden Sie sich an die Geschäftsstelle."
            )
        return email


class NetworkForm(DirectoryForm):
    """Filters of the directory of all contacts: those of the public one, without the year."""

    q = forms.CharField(
        label="Name, Stelle oder Kommune",
        required=False,
        validators=[single_line, MaxLengthValidator(100, "Kürzen Sie das Suchwort auf höchstens 100 Zeichen.")],
    )
    jahr = None

    def _offer(self, name, empty, choices):
        if name in self.fields:
            super()._offer(name, empty, choices)


class RemoveForm(forms.Form):
    """From when on a colleague no longer answers."""

    AHEAD = datetime.timedelta(days=366)

    on = DayField(
        label="Ab wann?",
        help_text="Der erste Tag, an dem die Person nicht mehr zuständig ist. Heute heißt: sofort.",
        error_messages={"required": "Geben Sie an, ab wann die Person nicht mehr zuständig ist."},
    )

    def clean_on(self):
        on = self.cleaned_data["on"]
        if not today() <= on <= today() + self.AHEAD:
            raise forms.ValidationError("Wählen Sie heute oder einen Tag innerhalb des nächsten Jahres.")
        return on
