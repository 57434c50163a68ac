"""The people of one's own body keep themselves right: adding, changing, leading, inviting, removing."""

import datetime
import re

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from core.dates import today
from core.models import OutgoingMail
from members import colleagues
from members.models import ContactPerson, OuterOffice, Person, SpokespersonTerm
from tests.factories import ContactPersonFactory, HeadFactory, MunicipalityFactory, PersonFactory, UserFactory
from users.models import AccessInvitation, User

pytestmark = pytest.mark.django_db

DAY = datetime.timedelta(days=1)
NEW = {"form_of_address": "Frau", "first_name": "Nele", "last_name": "Neu", "email": "nele@rheine.example"}


@pytest.fixture
def rosa(contact):
    return ContactPerson.objects.get(person__user=contact)


@pytest.fixture
def rudi(colleague):
    """A colleague who has signed in before."""
    User.objects.filter(pk=colleague.pk).update(last_login=timezone.now())
    return ContactPerson.objects.get(person__user=colleague)


def page(client):
    return client.get(reverse("colleagues")).content.decode()


def add(client, town, **values):
    data = NEW | {"invite": "on"} | values
    return client.post(reverse("add_colleague", args=[town.slug]), data, follow=True).content.decode()


def change(client, contact, **values):
    return client.post(reverse("change_colleague", args=[contact.pk]), values, follow=True).content.decode()


def own_data(contact, **values):
    person = contact.person
    stored = {name: getattr(person, name) for name in ("form_of_address", "title", "first_name", "last_name", "phone")}
    seen = {f"{name}_visibility": getattr(contact, f"{name}_visibility") for name in ("name", "email", "phone")}
    return stored | seen | {"position": contact.position} | values


def remove(client, contact, on=None):
    data = {"on": (on or today()).isoformat()}
    return client.post(reverse("remove_colleague", args=[contact.pk]), data, follow=True).content.decode()


def test_the_page_shows_who_answers_and_who_sees_what(client_of, contact, rosa, rudi, stranger):
    ContactPerson.objects.filter(pk=rudi.pk).update(phone_visibility="office")
    ContactPersonFactory(municipality=rosa.municipality, ended_on=today() - DAY, person__last_name="Ehemals")
    shown = page(client_of(contact))
    assert "das sind Sie" in shown
    assert "Sichtbar: Name im Netzwerk, E-Mail im Netzwerk, Telefon nur Geschäftsstelle" in shown
    assert "Frühere Ansprechpersonen (1)" in shown
    assert stranger.email not in shown


def test_the_page_needs_the_same_queries_for_one_and_three(client_of, contact, rosa):
    client = client_of(contact)
    page(client)
    with CaptureQueriesContext(connection) as one:
        page(client)
    ContactPersonFactory(municipality=rosa.municipality), ContactPersonFactory(municipality=rosa.municipality)
    with CaptureQueriesContext(connection) as three:
        page(client)
    assert len(one) == len(three)


# --- adding -------------------------------------------------------------------------------------------------------


def test_a_colleague_is_added_and_invited(client_of, contact, rosa, town):
    shown = add(client_of(contact), town)
    assert "Nele Neu ist für Rheine eingetragen und per E-Mail eingeladen." in shown
    nele = ContactPerson.objects.get(person__last_name="Neu")
    assert (nele.is_deputy, nele.started_on, nele.municipality) == (True, today(), town)
    assert OutgoingMail.objects.get().to_address == "nele@rheine.example"
    assert nele.history.first().actor_name == rosa.person.name


def test_a_colleague_may_be_invited_later(client_of, contact, town):
    client = client_of(contact)
    assert "eingeladen ist noch niemand" in add(client, town, invite="")
    assert not OutgoingMail.objects.exists()
    nele = ContactPerson.objects.get(person__last_name="Neu")
    shown = client.post(reverse("invite_colleague", args=[nele.pk]), follow=True).content.decode()
    assert "Die Einladung an Nele Neu ist unterwegs." in shown
    assert OutgoingMail.objects.get().to_address == "nele@rheine.example"


def test_whoever_is_known_already_is_not_entered_twice(client_of, contact, town):
    known = PersonFactory(first_name="Nele", last_name="Neu", email="Nele@Rheine.example")
    add(client_of(contact), town)
    assert ContactPerson.objects.get(person__last_name="Neu").person == known


def test_whoever_has_a_title_is_known_without_it_and_keeps_it(client_of, contact, town):
    known = PersonFactory(title="Dr.", first_name="Nele", last_name="Neu", email="nele@rheine.example")
    add(client_of(contact), town)
    assert list(Person.objects.filter(last_name="Neu").values_list("pk", "title")) == [(known.pk, "Dr.")]


@pytest.mark.parametrize("hers", ["office", "public"])
def test_what_she_keeps_to_the_office_stays_there_at_another_body(client_of, contact, rosa, town, hers):
    other = ContactPersonFactory(email_visibility=hers, phone_visibility=hers)
    person = other.person
    names = {"form_of_address": "Frau", "first_name": person.first_name, "last_name": person.last_name}
    add(client_of(contact), town, **names, email=person.email)
    new = person.contact_functions.get(municipality=town)
    expected = "office" if hers == "office" else "network"
    assert (new.name_visibility, new.email_visibility, new.phone_visibility) == ("network", expected, expected)


def test_the_same_person_cannot_be_entered_here_twice(client_of, contact, town):
    client = client_of(contact)
    add(client, town)
    assert "Nele Neu ist hier schon eingetragen." in add(client, town)
    assert Person.objects.filter(last_name="Neu").count() == 1


def test_a_nearly_equal_name_is_asked_about_first(client_of, contact, rosa, town):
    client = client_of(contact)
    typo = {"first_name": rosa.person.first_name, "last_name": f"{rosa.person.last_name}x"}
    assert f"{rosa.person.name} (Rheine)" in add(client, town, **typo)
    assert not ContactPerson.objects.filter(person__last_name=typo["last_name"]).exists()
    assert "eingetragen und per E-Mail eingeladen" in add(client, town, **typo, another="on")


def test_nobody_is_told_of_persons_she_may_not_see(client_of, contact, stranger, town):
    other = ContactPerson.objects.get(person__user=stranger)
    name = {"first_name": other.person.first_name, "last_name": other.person.last_name}
    Person.objects.filter(pk=other.person_id).update(title="Dr.")
    other.person.title = "Dr."
    assert f"{other.person.name} (Bonn)" in add(client_of(contact), town, **name)
    ContactPerson.objects.filter(pk=other.pk).update(name_visibility="office")
    assert "Bonn" not in add(client_of(contact), town, **name)


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"last_name": ""}, "Geben Sie den Nachnamen ein."),
        ({"email": ""}, "Geben Sie die E-Mail-Adresse ein."),
        ({"email": "nele"}, "Geben Sie eine vollständige E-Mail-Adresse ein"),
        ({"email": "office@netzwerk.example"}, "Mit dieser Adresse geht es nicht."),
        ({"email": "gesperrt@rheine.example"}, "Mit dieser Adresse geht es nicht."),
    ],
)
def test_what_is_missing_is_asked_for_and_nothing_is_lost(client_of, contact, office, town, values, sentence):
    UserFactory(email="gesperrt@rheine.example", is_active=False)
    shown = add(client_of(contact), town, **values)
    assert sentence in shown
    assert 'value="Nele"' in shown
    assert not Person.objects.filter(first_name="Nele").exists()


def test_nobody_is_told_of_an_invitation_that_does_not_go_out(client_of, contact, town):
    known = ContactPersonFactory(person__first_name="Nele", person__last_name="Neu", person__email=NEW["email"]).person
    AccessInvitation.objects.create(user=known.user, accepted_at=timezone.now())
    client = client_of(contact)
    assert "ist für Rheine eingetragen und meldet sich an wie bisher." in add(client, town)
    here = ContactPerson.objects.get(person=known, municipality=town)
    shown = client.post(reverse("invite_colleague", args=[here.pk]), follow=True).content.decode()
    assert "Nele Neu meldet sich schon an und braucht keine Einladung." in shown
    assert not OutgoingMail.objects.exists()


# --- changing -----------------------------------------------------------------------------------------------------


def test_one_changes_ones_own_data_and_who_sees_it(client_of, client, contact, rosa, town):
    public = {"name_visibility": "public", "phone_visibility": "public"}
    shown = change(client_of(contact), rosa, **own_data(rosa, phone="05971 999", position="Fachbereich 5", **public))
    assert "Gespeichert." in shown
    seen = client.get(reverse("municipality", args=[town.slug])).content.decode()
    assert "05971 999" in seen
    assert "Fachbereich 5" in seen
    assert rosa.person.email not in seen
    assert rosa.history.first().name_visibility == "public"


def test_a_page_left_open_undoes_nothing(client_of, contact, rosa):
    client = client_of(contact)
    html = client.get(reverse("change_colleague", args=[rosa.pk])).content.decode()
    seen = dict(re.findall(r'<input type="hidden" name="(initial-\w+)"(?: value="([^"]*)")?', html))
    typed = own_data(rosa, position="Fachbereich 5")
    Person.objects.filter(pk=rosa.person_id).update(phone="05971 111")
    change(client, rosa, **typed, **seen)
    rosa = ContactPerson.objects.get(pk=rosa.pk)
    assert (rosa.position, rosa.person.phone) == ("Fachbereich 5", "05971 111")


def test_a_colleague_who_signs_in_keeps_her_own_data(client_of, contact, rudi):
    before = own_data(rudi)
    forged = {"last_name": "Anders", "email": contact.email, "name_visibility": "public", "phone": "1", "person": 1}
    change(client_of(contact), rudi, position="Amt 40", **forged)
    rudi = ContactPerson.objects.get(pk=rudi.pk)
    assert own_data(rudi) == before | {"position": "Amt 40"}
    assert rudi.person.user.email != contact.email


def test_who_never_signed_in_can_be_corrected(client_of, contact, town):
    client = client_of(contact)
    add(client, town)
    nele = ContactPerson.objects.get(person__last_name="Neu")
    change(client, nele, last_name="Neumann", email="nele.neumann@rheine.example")
    nele = ContactPerson.objects.get(pk=nele.pk)
    assert (nele.person.last_name, nele.person.user.email) == ("Neumann", "nele.neumann@rheine.example")
    assert nele.name_visibility == "network"


def test_who_serves_elsewhere_as_well_cannot_be_taken_over(client_of, contact, town):
    elsewhere = ContactPersonFactory(person__user=None)
    here = ContactPersonFactory(person=elsewhere.person, municipality=town)
    change(client_of(contact), here, last_name="Anders", email="boese@fremd.example")
    elsewhere.person.refresh_from_db()
    assert elsewhere.person.email != "boese@fremd.example"


@pytest.mark.parametrize("kind", [OuterOffice, SpokespersonTerm])
def test_who_is_something_else_as_well_cannot_be_taken_over(client_of, contact, town, kind):
    here = ContactPersonFactory(person__user=None, municipality=town)
    kind.objects.create(person=here.person, municipality=MunicipalityFactory())
    change(client_of(contact), here, last_name="Anders", email="boese@fremd.example")
    here.person.refresh_from_db()
    assert here.person.last_name != "Anders"


def test_a_head_of_administration_cannot_be_taken_over(client_of, contact, town):
    head = HeadFactory(municipality=town)
    here = ContactPersonFactory(person=head.person, municipality=town)
    change(client_of(contact), here, last_name="Anders", email="boese@fremd.example")
    head.person.refresh_from_db()
    assert head.person.last_name != "Anders"


# --- leading ------------------------------------------------------------------------------------------------------


def test_one_leads_at_a_time(client_of, contact, rosa, rudi):
    shown = client_of(contact).post(reverse("make_lead", args=[rudi.pk]), follow=True).content.decode()
    assert "ist jetzt erste Ansprechperson für Rheine." in shown
    rosa.refresh_from_db()
    rudi.refresh_from_db()
    assert (rosa.is_deputy, rudi.is_deputy) == (True, False)


# --- removing -----------------------------------------------------------------------------------------------------


def test_a13_who_is_removed_is_out_with_her_next_click(client_of, contact, colleague, rudi):
    his = client_of(colleague)
    assert his.get(reverse("home")).status_code == 200
    assert "nicht mehr für Rheine zuständig" in remove(client_of(contact), rudi)
    assert his.get(reverse("home")).status_code == 302
    rudi.refresh_from_db()
    assert rudi.ended_on == today() - DAY
    assert OutgoingMail.objects.get(kind="members.function_ended").to_address == rudi.person.email


def test_a_day_to_come_leaves_her_in_until_then(client_of, contact, colleague, rudi):
    remove(client_of(contact), rudi, on=today() + 5 * DAY)
    assert client_of(colleague).get(reverse("home")).status_code == 200
    assert "Zuständig bis" in page(client_of(contact))


def test_if_the_lead_is_removed_somebody_follows(client_of, colleague, contact, rosa, rudi):
    remove(client_of(colleague), rosa)
    rudi.refresh_from_db()
    assert not rudi.is_deputy


def test_what_was_entered_by_mistake_goes_as_if_it_had_never_been(client_of, contact, town):
    client = client_of(contact)
    add(client, town)
    nele = ContactPerson.objects.get(person__last_name="Neu")
    remove(client, nele)
    assert not ContactPerson.objects.filter(pk=nele.pk).exists()
    assert ContactPerson.history.filter(id=nele.pk).first().history_type == "-"
    assert not User.objects.filter(email="nele@rheine.example").exists()


@pytest.mark.parametrize("days", [0, 5])
def test_two_who_remove_each_other_leave_one(rosa, rudi, days):
    on = today() + days * DAY
    seen = ContactPerson.objects.select_related("person", "municipality").get(pk=rosa.pk)
    colleagues.remove(rudi, on=on)
    with pytest.raises(ValidationError, match="hätte sonst niemanden"):
        colleagues.remove(seen, on=on)


@pytest.mark.parametrize(
    "deed", [colleagues.make_lead, lambda row: colleagues.change(row, {"position": "Amt 40", "phone": "1"}, by=None)]
)
def test_what_ended_meanwhile_is_not_brought_back(rosa, rudi, deed):
    seen = ContactPerson.objects.select_related("person", "municipality").get(pk=rudi.pk)
    colleagues.remove(rudi, on=today())
    with pytest.raises(ValidationError, match="nicht mehr zuständig"):
        deed(seen)
    rudi.refresh_from_db()
    assert rudi.ended_on == today() - DAY


def test_oneself_one_gives_up_where_a_successor_is_asked_for(client_of, contact, rosa):
    response = client_of(contact).post(reverse("remove_colleague", args=[rosa.pk]), {"on": today().isoformat()})
    assert response["Location"] == reverse("give_up", args=[rosa.pk])
    assert rosa.holds()


@pytest.mark.parametrize("days", [-1, 500])
def test_nobody_is_removed_backwards_or_in_some_other_life(client_of, contact, rudi, days):
    assert "Wählen Sie heute oder einen Tag" in remove(client_of(contact), rudi, on=today() + days * DAY)
    rudi.refresh_from_db()
    assert rudi.ended_on is None


# --- nobody else --------------------------------------------------------------------------------------------------

DEEDS = ("change_colleague", "make_lead", "invite_colleague", "remove_colleague", "give_up")


@pytest.mark.parametrize("deed", DEEDS)
@pytest.mark.parametrize(("persona", "status"), [("stranger", 404), ("office", 404), ("former", 302), ("visitor", 302)])
def test_a1_of_another_body_nobody_reaches_anything(request, client_of, rosa, rudi, town, persona, status, deed):
    if persona == "former":
        user = ContactPersonFactory(municipality=town, ended_on=today() - DAY).person.user
    else:
        user = request.getfixturevalue(persona)
    before = list(ContactPerson.objects.order_by("pk").values())
    client = client_of(user)
    address = reverse(deed, args=[rosa.pk])
    data = own_data(rosa, last_name="Anders", on=today().isoformat(), successor="open", store="1")
    assert client.get(address).status_code in (status, 405)
    assert client_of(user).post(address, data).status_code == status
    assert client_of(user).post(reverse("add_colleague", args=[town.slug]), NEW).status_code == status
    assert list(ContactPerson.objects.order_by("pk").values()) == before
    assert not Person.objects.filter(last_name__in=["Anders", "Neu"]).exists()
