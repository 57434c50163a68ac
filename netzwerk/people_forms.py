"""Forms of the pages about who stands where (netzwerk/people_views.py)."""

import datetime

from allauth.account.adapter import get_adapter
from django import forms

from core.dates import today
from core.periods import not_over
from core.text import single_line
from members.directory import KIND_GROUPS
from members.forms import DayField
from members.models import ContactPerson, HeadOfAdministration, Municipality, Person
from members.models.municipalities import KREIS_KINDS, Regierungsbezirk


class ChoosePersonForm(forms.Form):
    """ "Wer sind Sie?": one of the persons behind a shared mailbox, and the page that was asked for."""

    person = forms.TypedChoiceField(
        coerce=int,
        error_messages=dict.fromkeys(("required", "invalid_choice"), "Wählen Sie Ihren Namen aus der Liste."),
    )
    next = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data=None, *, persons: list[Person], **kwargs):
        super().__init__(data, **kwargs)
        self.fields["person"].choices = [(person.pk, person.name) for person in persons]

    def clean_next(self):
        """Only a page of this portal."""
        wanted = self.cleaned_data["next"]
        return wanted if get_adapter().is_safe_url(wanted) else ""


class HandOverForm(forms.ModelForm):
    """Who answers from when on instead of a contact person: a colleague, somebody new, or nobody yet."""

    KNOWN, OPEN = "known", "open"

    on = DayField(
        label="Ab wann?",
        help_text="Erster Tag ohne die bisherige Person. Mit dem heutigen Tag endet ihr Zugang sofort.",
        error_messages={"required": "Geben Sie an, ab wann jemand anderes zuständig ist."},
    )
    successor = forms.ChoiceField(
        label="Nachfolge",
        help_text="Die Felder zu Name und Adresse füllen Sie nur für eine neue Person aus.",
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(
            ("required", "invalid_choice"), "Wählen Sie, wer das Thema übernimmt, oder „noch offen“."
        ),
    )

    class Meta:
        model = Person
        fields = ("form_of_address", "title", "first_name", "last_name", "email")
        error_messages = {
            "last_name": {"required": "Geben Sie den Nachnamen der neuen Person ein."},
            "email": {"required": "Geben Sie die E-Mail-Adresse der neuen Person ein. An sie geht die Einladung."},
        }

    field_order = ("on", "successor", *Meta.fields)

    def __init__(self, *args, contact: ContactPerson, **kwargs):
        super().__init__(*args, **kwargs)
        others = contact.municipality.contacts.filter(not_over()).exclude(person=contact.person)
        self.colleagues = {str(other.person_id): other.person for other in others.select_related("person")}
        known = [(key, person.name) for key, person in self.colleagues.items()]
        self.fields["successor"].choices = [*known, (self.KNOWN, "eine neue Person"), (self.OPEN, "noch offen")]
        # With colleagues nobody is chosen beforehand: one press too early must not hand anything over.
        self.fields["successor"].initial = None if known else self.KNOWN
        for name in ("last_name", "email"):
            self.fields[name].required = self.data.get("successor") in (None, self.KNOWN)

    def chosen(self) -> Person | None:
        """The successor: a colleague, whoever has this name and address already, else a new person; None while open."""
        chosen = self.cleaned_data["successor"]
        if chosen == self.OPEN:
            return None
        return self.colleagues.get(chosen) or Person.objects.known_as(self.instance) or self.instance


class GiveUpForm(HandOverForm):
    """The same for a contact person herself: nothing backwards, and not further ahead than anybody plans."""

    AHEAD = datetime.timedelta(days=366)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["on"].help_text = "Der erste Tag, an dem Sie nicht mehr zuständig sind. Heute heißt: sofort."

    def clean_on(self):
        on = self.cleaned_data["on"]
        if on < today():
            raise forms.ValidationError("Wählen Sie heute oder einen späteren Tag.")
        if on > today() + self.AHEAD:
            raise forms.ValidationError("Wählen Sie einen Tag innerhalb des nächsten Jahres.")
        return on


class LeaveForm(forms.Form):
    """The last day of a membership and why it ends."""

    on = DayField(
        label="Letzter Tag der Mitgliedschaft",
        error_messages={"required": "Geben Sie den letzten Tag der Mitgliedschaft an."},
    )
    reason = forms.CharField(
        label="Grund",
        max_length=300,
        validators=[single_line],
        help_text="Zum Beispiel „Ratsbeschluss vom 3. Mai 2027“. Der Grund wird nicht veröffentlicht.",
        error_messages={"required": "Nennen Sie den Grund, aus dem die Mitgliedschaft endet."},
    )


class BodiesForm(forms.Form):
    """Which bodies the page after an election lists; more than `AT_MOST` nobody fills in at once."""

    AT_MOST = 100
    count = 0

    art = forms.ChoiceField(label="Art", required=False)
    bezirk = forms.ChoiceField(label="Regierungsbezirk", required=False)
    kreis = forms.ChoiceField(label="Kreis", required=False)
    alle = forms.BooleanField(label="auch Kommunen, die nicht Mitglied sind", required=False)

    def __init__(self, data=None):
        super().__init__(data)
        kreise = Municipality.objects.filter(kind__in=KREIS_KINDS).values_list("slug", "name")
        kinds = [(key, label) for key, (label, _) in KIND_GROUPS.items()]
        self.fields["art"].choices = [("", "alle Arten"), *kinds]
        self.fields["bezirk"].choices = [("", "alle Regierungsbezirke"), *Regierungsbezirk.choices]
        self.fields["kreis"].choices = [("", "alle Kreise"), *kreise]
        for field in self.fields.values():
            field.error_messages["invalid_choice"] = "Wählen Sie einen Eintrag aus der Liste."

    def bodies(self) -> list[Municipality]:
        """The chosen bodies with their heads of today; none before a choice was made or if there are too many."""
        if not self.is_chosen:
            return []
        found = self._filtered().prefetch_related(HeadOfAdministration.objects.of_today())
        self.count = found.count()
        return list(found) if self.count <= self.AT_MOST else []

    @property
    def is_chosen(self) -> bool:
        return self.is_valid() and any(self.cleaned_data.values())

    def _filtered(self):
        chosen = self.cleaned_data
        found = Municipality.objects.all() if chosen["alle"] else Municipality.objects.members()
        if chosen["art"]:
            found = found.filter(kind__in=KIND_GROUPS[chosen["art"]][1])
        if chosen["bezirk"]:
            found = found.filter(regierungsbezirk=chosen["bezirk"])
        return found.filter(kreis__slug=chosen["kreis"]) if chosen["kreis"] else found


class ElectionForm(forms.Form):
    """The day on which those elected take office."""

    on = DayField(
        label="Amtsantritt",
        help_text="Die bisherigen Amtszeiten enden am Tag davor.",
        error_messages={"required": "Geben Sie den Tag des Amtsantritts an."},
    )


class NewHeadForm(forms.ModelForm):
    """One row: who leads a body from then on. A row left empty changes nothing."""

    office_title = HeadOfAdministration._meta.get_field("office_title").formfield(
        error_messages={"required": "Geben Sie die Amtsbezeichnung ein."}
    )

    class Meta:
        model = Person
        fields = ("form_of_address", "title", "first_name", "last_name", "email")
        error_messages = {"last_name": {"required": "Geben Sie den Nachnamen ein."}}

    def __init__(self, data=None, *, municipality: Municipality):
        self.municipality = municipality
        self.head = next(iter(municipality.heads_today), None)
        super().__init__(data, prefix=str(municipality.pk), empty_permitted=True, use_required_attribute=False)
        for field in self.fields.values():
            # The columns' heads name the fields for the eye.
            field.widget.attrs["aria-label"] = f"{field.label}, {municipality.name}"

    def new_head(self) -> HeadOfAdministration:
        """The row as it shall be stored, its person perhaps not stored yet."""
        person = Person.objects.known_as(self.instance) or self.instance
        title = self.cleaned_data["office_title"]
        return HeadOfAdministration(person=person, municipality=self.municipality, office_title=title)
