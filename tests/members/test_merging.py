"""Two rows of one human being become one, and nothing is lost."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from core.actions import queue_mail
from core.models import Batch, OutgoingMail
from members import confirming, merging, noting
from members.duplicates import similar_persons
from members.models import Confirmation, ContactPerson, HeadOfAdministration, Person
from netzwerk.forgetting import request_erasure
from tests.factories import ContactPersonFactory, HeadFactory, OuterOfficeFactory, PersonFactory, UserFactory
from users.models import User

pytestmark = pytest.mark.django_db

D = datetime.date


@pytest.fixture
def twins():
    """Rosa, entered twice: the second row knows what the first one does not."""
    keep = PersonFactory(last_name="Beispiel", phone="", title="", email="rosa@rheine.example")
    other = PersonFactory(last_name="Beispeil", phone="0251 99", title="Dr.", email="r.beispiel@rheine.example")
    return keep, other


def merge(twins):
    keep, other = twins
    merging.merge_persons(keep, other)
    keep.refresh_from_db()
    return keep


def test_values_of_the_one_who_stays_go_first_the_other_fills_gaps(twins):
    person = merge(twins)
    assert Person.objects.get() == person
    assert (person.name, person.phone, person.email) == ("Dr. Rosa Beispiel", "0251 99", "rosa@rheine.example")


def test_all_functions_move_with_a_line_in_their_history(twins):
    keep, other = twins
    head, outer = HeadFactory(person=other), OuterOfficeFactory(person=other)
    ended = ContactPersonFactory(person=other, started_on=D(2014, 1, 1), ended_on=D(2019, 1, 1))
    note = noting.write_note(head.municipality, text="Ruft zurück", person=other, by=None)
    merge(twins)
    note.refresh_from_db()
    assert note.person == keep
    for function in (head, outer, ended):
        function.refresh_from_db()
        assert function.person == keep
        assert [version.person_id for version in function.history.all()] == [keep.pk, keep.pk]


def test_the_same_function_at_the_same_body_becomes_one(twins, town):
    keep, other = twins
    mine = ContactPersonFactory(person=keep, municipality=town, is_deputy=True, started_on=D(2020, 5, 1))
    ContactPersonFactory(person=other, municipality=town, position="Stabsstelle", started_on=D(2018, 2, 1))
    merge(twins)
    contact = ContactPerson.objects.get()
    assert (contact, contact.started_on, contact.is_deputy, contact.position) == (
        mine, D(2018, 2, 1), False, "Stabsstelle",
    )  # fmt: skip


def test_history_and_mails_belong_to_the_one_who_stays(twins):
    _, other = twins
    other.phone = "0251 100"
    other.save()
    queue_mail("members.address_replaced", to_address=other.email, recipient_key=other.key, data={"person": other.pk})
    person = merge(twins)
    assert "0251 99" in person.history.values_list("phone", flat=True)
    assert not Person.history.exclude(id=person.pk).exists()
    assert OutgoingMail.objects.get().recipient_key == person.key


def test_a_batch_that_went_to_both_keeps_both_rows(twins):
    batch = Batch.objects.create(title="Einladung", kind="members.address_replaced", held_until=timezone.now())
    for person in twins:
        queue_mail(batch.kind, to_address=person.email, recipient_key=person.key, batch=batch)
    merge(twins)
    assert OutgoingMail.objects.filter(batch=batch).count() == 2


def test_the_account_comes_along_or_ends(twins):
    keep, other = twins
    Person.objects.filter(pk=other.pk).update(user=UserFactory(email=keep.email))
    assert merge(twins).user == User.objects.get()
    third = PersonFactory(account=True)
    merging.merge_persons(keep, third)
    assert not User.objects.filter(pk=third.user_id).exists()


def test_nobody_gets_an_account_of_another_address(twins):
    keep, other = twins
    Person.objects.filter(pk=other.pk).update(user=UserFactory(email=other.email))
    with pytest.raises(ValidationError, match="andersherum"):
        merge(twins)
    merging.merge_persons(other, keep)
    person = Person.objects.get()
    assert person.email == person.user.email == "r.beispiel@rheine.example"


def test_the_stricter_visibility_stays(twins, town):
    keep, other = twins
    ContactPersonFactory(person=keep, municipality=town, name_visibility="office", phone_visibility="public")
    ContactPersonFactory(person=other, municipality=town, email_visibility="office", name_visibility="public")
    merge(twins)
    contact = ContactPerson.objects.get()
    seen = (contact.name_visibility, contact.email_visibility, contact.phone_visibility)
    assert seen == ("office", "office", "network")


def test_answers_and_links_of_both_rows_stay(twins, town):
    contacts = [ContactPersonFactory(person=person, municipality=town) for person in twins]
    confirming.ask(ContactPerson.objects.filter(pk__in=[row.pk for row in contacts]), title="Stimmt noch?", by=None)
    Confirmation.objects.filter(contact=contacts[1]).update(confirmed_at=timezone.now())
    earlier = Confirmation.objects.create(contact=contacts[1])
    merge(twins)
    assert Confirmation.objects.filter(contact=contacts[0]).count() == 3
    assert Confirmation.objects.filter(pk=earlier.pk, contact=contacts[0]).exists()
    assert Confirmation.objects.asked().confirmed().get().contact == contacts[0]


def test_staff_never_lose_their_account_by_a_merge(twins, office):
    keep, other = twins
    Person.objects.filter(pk=keep.pk).update(user=UserFactory())
    Person.objects.filter(pk=other.pk).update(user=office)
    with pytest.raises(ValidationError, match="Führen Sie andersherum zusammen"):
        merge(twins)
    merging.merge_persons(other, keep)
    assert Person.objects.get().user == office


def test_one_row_is_not_merged_with_itself_or_with_what_is_gone(twins):
    keep, other = twins
    with pytest.raises(ValidationError, match="nur noch eine"):
        merging.merge_persons(keep, keep)
    Person.objects.filter(pk=other.pk).update(last_name="")
    with pytest.raises(ValidationError, match="ist gelöscht"):
        merge(twins)


def test_what_only_one_can_hold_stops_the_merge(twins, office):
    for person in twins:
        request_erasure(person, by=office)
    with pytest.raises(ValidationError, match="gibt es bei beiden"):
        merge(twins)
    assert Person.objects.count() == 2


# --- finding and merging in the back office -----------------------------------------------------------------------


def test_persons_are_similar_by_name_and_by_a_typo_at_the_same_body(twins, town):
    keep, other = twins
    namesake = PersonFactory(last_name="BEISPIEL", email="anders@bonn.example")
    assert similar_persons(keep) == [namesake]
    ContactPersonFactory(person=keep, municipality=town)
    HeadFactory(person=other, municipality=town)
    PersonFactory(first_name="Otto", last_name="Ganz-Anders", email=keep.email)
    assert set(similar_persons(keep)) == {namesake, other}


def test_before_a_person_is_entered_twice_the_form_asks(client_of, office):
    known = PersonFactory(last_name="Beispiel")
    client, url = client_of(office), reverse("admin:members_person_add")
    data = {"first_name": "Rosa", "last_name": "Beispiel", "email": "rosa@bonn.example"}
    assert "Das ist eine andere Person" not in client.get(url).content.decode()
    page = client.post(url, data).content.decode()
    assert "Prüfen Sie, ob es diese Person schon gibt:" in page
    assert f'<a href="{reverse("admin:members_person_change", args=[known.pk])}">Rosa Beispiel</a>' in page
    assert Person.objects.count() == 1
    client.post(url, data | {"another": "on"})
    assert Person.objects.count() == 2


def test_names_in_the_question_are_shown_literally(client_of, office):
    PersonFactory(first_name="<script>", last_name="Beispiel")
    data = {"first_name": "<script>", "last_name": "Beispiel"}
    page = client_of(office).post(reverse("admin:members_person_add"), data).content.decode()
    assert "&lt;script&gt; Beispiel</a>" in page
    assert "<script> Beispiel" not in page


def test_the_office_compares_and_merges(client_of, office, town, twins):
    keep, other = twins
    for person in twins:
        ContactPersonFactory(person=person, municipality=town)
    client, url = client_of(office), reverse("merge_persons", args=[keep.pk, other.pk])
    change = reverse("admin:members_person_change", args=[keep.pk])
    assert f'href="{url}"' in client.get(change).content.decode()
    page = client.get(url).content.decode()
    assert "Ansprechpersonen (1)" in page
    assert "0251 99" in page
    assert Person.objects.count() == 2
    assert "Zusammengeführt: Dr. Rosa Beispiel." in client.post(url, follow=True).content.decode()
    assert Person.objects.get().history.first().history_user == office


def test_what_is_not_taken_over_is_named_before(client_of, office, twins):
    keep, other = twins
    Person.objects.filter(pk=keep.pk).update(phone="0251 1")
    page = client_of(office).get(reverse("merge_persons", args=[keep.pk, other.pk])).content.decode()
    named = page.partition("nur noch im Verlauf zu lesen: ")[2].partition("</p>")[0]
    assert named.startswith("Nachname <bdi>Beispeil</bdi>, E-Mail-Adresse <bdi>r.beispiel@rheine.example</bdi>, ")
    assert named.endswith("Telefon <bdi>0251 99</bdi>.")


@pytest.mark.parametrize("number", ["0", "99999999999999999999"])
def test_an_unknown_person_is_not_found(client_of, office, twins, number):
    client, known = client_of(office), twins[0].pk
    for path in (f"{known}/zusammenfuehren/{number}", f"{number}/zusammenfuehren/{known}", f"{number}/uebergabe"):
        assert client.get(f"/verwaltung/personen/{path}/").status_code == 404


def test_a_merge_that_is_not_possible_says_why(client_of, office, twins):
    keep, other = twins
    Person.objects.filter(pk=other.pk).update(user=office)
    Person.objects.filter(pk=keep.pk).update(user=UserFactory())
    url = reverse("merge_persons", args=[keep.pk, other.pk])
    assert "Führen Sie andersherum zusammen" in client_of(office).get(url).content.decode()
    assert "Führen Sie andersherum zusammen" in client_of(office).post(url).content.decode()
    assert not HeadOfAdministration.objects.exists()
    assert Person.objects.count() == 2
