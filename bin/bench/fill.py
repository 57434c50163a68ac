"""Fills a database for the measurement: so many bodies, all of them members with everything a profile can hold.

`python -m bin.bench.fill 432` migrates and fills an empty database; 40 keeps the first bodies of a filled one, and a
number above 432 adds made-up ones. Prints as JSON what the measurement has to know.
"""

import datetime
import json
import sys

import django

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402

from bin.bench.pages import PAGES  # noqa: E402
from core import revision  # noqa: E402
from core.dates import Precision, today  # noqa: E402
from core.folding import slug_of, sort_key  # noqa: E402
from members.models import ContactPerson, Kind, Membership, Municipality, Person, Profile, Topic, Visibility  # noqa: E402
from users.models import User  # noqa: E402

REGISTER = 432
TOPICS = ("Junges Engagement", "Ehrenamtskarte", "Bürgerstiftung", "Dorfentwicklung", "Digitales Ehrenamt", "Sport")
SUMMARY = (
    "Über 300 Vereine und Initiativen prägen das Leben hier. Die Verwaltung unterstützt sie mit Beratung, Räumen und "
    "einem jährlichen Fonds. Wer sich engagieren will, findet in der Freiwilligenagentur seinen Platz. "
)


def add_bodies(missing: int) -> None:
    """Bodies that do not exist, each in a real Kreis and so without an area on the map."""
    kreise = list(Municipality.objects.filter(kind=Kind.KREIS))
    names = [f"Musterstadt {number}" for number in range(1, missing + 1)]
    Municipality.objects.bulk_create(
        Municipality(
            ags=f"9{number:07d}",
            name=name,
            slug=slug_of(name),
            sort_key=sort_key(name),
            kind=Kind.TOWN,
            kreis=kreise[number % len(kreise)],
            regierungsbezirk=kreise[number % len(kreise)].regierungsbezirk,
        )
        for number, name in enumerate(names)
    )


def keep_bodies(count: int) -> None:
    """Delete all but the first ones, and the Kreise that those lie in."""
    kept = list(Municipality.objects.exclude(kreis=None)[: count - 5])
    kept += list({body.kreis for body in kept})[: count - len(kept)]
    gone = Municipality.objects.exclude(pk__in=[body.pk for body in kept])
    Municipality.objects.filter(kreis__in=gone).update(kreis=None)
    for model in (ContactPerson, Profile, Membership):
        model.objects.filter(municipality__in=gone).delete()
    gone.delete()


def fill_profiles() -> None:
    """Give each body that has none a membership, a profile with every field, topics and two contact persons."""
    topics = [Topic.objects.get_or_create(name=name)[0] for name in TOPICS]
    Municipality.objects.update(
        population=54_321, population_on=datetime.date(2024, 12, 31), area_km2="101.50", postcode="48429",
        website="https://www.stadt.example",
    )  # fmt: skip
    not_in = Municipality.objects.exclude(pk__in=Municipality.objects.members())
    Membership.objects.bulk_create(
        Membership(
            municipality=body,
            started_on=datetime.date(2012 + number % 14, 1 + number % 12, 1),
            precision=Precision.MONTH,
            source="https://www.engagiert-in-nrw.example/meldung",
        )
        for number, body in enumerate(not_in)
    )
    bodies = list(Municipality.objects.filter(profile=None))
    profiles = Profile.objects.bulk_create(_profile(body) for body in bodies)
    Profile.topics.through.objects.bulk_create(
        Profile.topics.through(profile=profile, topic=topics[(number + step) % len(topics)])
        for number, profile in enumerate(profiles)
        for step in range(4)
    )
    for is_deputy in (False, True):
        persons = Person.objects.bulk_create(_person(body, is_deputy=is_deputy) for body in bodies)
        ContactPerson.objects.bulk_create(
            _contact(person, body, is_deputy=is_deputy) for person, body in zip(persons, bodies, strict=True)
        )


def _profile(body: Municipality) -> Profile:
    return Profile(
        municipality=body,
        summary=SUMMARY,
        office_name="Stabsstelle Bürgerschaftliches Engagement",
        office_place="beim Büro der Bürgermeisterin",
        office_email="engagement@stadt.example",
        office_phone="0251 12345",
        office_website="https://www.stadt.example/engagement",
        strategy_status="adopted",
        strategy_url="https://www.stadt.example/strategie",
        volunteer_card="takes_part",
        recognition="Ehrenamtspreis, alle zwei Jahre verliehen",
        alliances="Bündnis für Engagement mit Vereinen, Kirchen und Wohlfahrtspflege",
        confirmed_on=today(),
    )


def _person(body: Municipality, *, is_deputy: bool) -> Person:
    name = f"Beispiel {body.pk}"
    first = "Bodo" if is_deputy else "Rosa"
    return Person(
        title="Dr.", first_name=first, last_name=name, sort_key=sort_key(f"{name} {first}"), phone="0251 12345",
        email=f"{first.lower()}{body.pk}@stadt.example",
    )  # fmt: skip


def _contact(person: Person, body: Municipality, *, is_deputy: bool) -> ContactPerson:
    public = {f"{field}_visibility": Visibility.PUBLIC for field in ("name", "email", "phone")}
    return ContactPerson(
        person=person, municipality=body, is_deputy=is_deputy, position="Fachbereich Soziales", **public
    )


def sign_in(slug: str) -> Client:
    """Return a client signed in as the contact person of that body."""
    person = Person.objects.filter(contact_functions__municipality__slug=slug).first()
    person.user = User.objects.get_or_create(email=person.email)[0]
    person.save()
    client = Client(HTTP_HOST="127.0.0.1")
    client.force_login(person.user)
    return client


def queries(client: Client, path: str) -> int:
    with CaptureQueriesContext(connection) as found:
        status = client.get(path).status_code
    if status != 200:
        raise RuntimeError(f"{path}: {status}")
    return len(found)


def count_queries(slug: str, contact: Client) -> dict[str, dict[str, int]]:
    """Queries of each page: made anew after a change, made anew, and found again."""
    counts = {}
    for page in PAGES:
        client, path = contact if page.is_signed_in else Client(HTTP_HOST="127.0.0.1"), page.path.format(slug=slug)
        anew = path if page.is_signed_in else page.anew(path)
        revision.raise_number()
        counts[page.name] = {"changed": queries(client, anew), "anew": queries(client, anew)}
        client.get(path)
        counts[page.name]["again"] = queries(client, path)
    return counts


def main(count: int) -> None:
    call_command("migrate", verbosity=0)
    if not Municipality.objects.exists():
        call_command("createcachetable", verbosity=0)
        call_command("load_register", verbosity=0)
    with transaction.atomic():
        if count < REGISTER:
            keep_bodies(count)
        add_bodies(max(0, count - Municipality.objects.count()))
        fill_profiles()
        revision.raise_number()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    slug = Municipality.objects.filter(kind__in=[Kind.TOWN, Kind.MEDIUM_TOWN]).first().slug
    contact = sign_in(slug)
    session = contact.cookies["sessionid"].value
    counts = count_queries(slug, contact)
    slugs = list(Municipality.objects.values_list("slug", flat=True))
    print(json.dumps({"slugs": slugs, "slug": slug, "session": session, "queries": counts}))


if __name__ == "__main__":
    main(int(sys.argv[1]))
