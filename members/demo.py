"""Demonstration data: real bodies and proven memberships, everything else visibly made up.

Persons are called Beispiel, Muster or Probe and live under the reserved domain .example (RFC 2606).
"""

import datetime
import io

from PIL import Image, ImageDraw

from core import pictures
from core.dates import today
from core.history import Actor, acting_as
from members import access, actions, confirming, hints, noting, publishing
from members.models import (
    Confirmation,
    ContactPerson,
    HeadOfAdministration,
    Hint,
    Municipality,
    OuterOffice,
    Person,
    Profile,
    SpokespersonTerm,
    Topic,
)
from users.models import User

TOPICS = (
    "Anerkennungskultur",
    "Digitalisierung",
    "Engagementstrategie",
    "Freiwilligenagentur",
    "Integration",
    "Junges Engagement",
    "Katastrophenhilfe",
    "Ländlicher Raum",
    "Netzwerkmanagement",
    "Nachbarschaft",
)

# Slug of a proven member, form of address, first and last name, whether deputy: made up for the demonstration.
_PEOPLE = (
    ("rheine", "Frau", "Rosa", "Beispiel", False),
    ("rheine", "Herr", "Rudi", "Muster", True),
    ("bonn", "Frau", "Berta", "Probe", False),
    ("kreis-lippe", "Herr", "Linus", "Beispiel", False),
    ("kreis-lippe", "Frau", "Lotte", "Muster", True),
    ("hellenthal", "", "Helle", "Probe", False),
    ("bezirksregierung-arnsberg", "Frau", "Adele", "Beispiel", False),
    ("wuppertal", "Herr", "Willi", "Muster", False),
    ("xanten", "Frau", "Xenia", "Probe", False),
)
# Slug, form of address, first and last name, office title. One has no form of address, so that the gap shows.
_HEADS = (
    ("rheine", "Frau", "Ruth", "Probe", "Bürgermeisterin"),
    ("bonn", "Herr", "Bodo", "Beispiel", "Oberbürgermeister"),
    ("kreis-lippe", "Herr", "Leo", "Probe", "Landrat"),
    ("bezirksregierung-arnsberg", "Frau", "Anna", "Muster", "Regierungspräsidentin"),
    ("hellenthal", "", "Kim", "Beispiel", "Bürgermeister"),
    ("wuppertal", "Herr", "Wolf", "Probe", "Oberbürgermeister"),
    # No member yet; its application runs (declarations.joining_demo).
    ("wettringen", "Frau", "Ada", "Beispiel", "Bürgermeisterin"),
)
_OUTER_OFFICES = (("bonn", "Frau", "Vera", "Vorzimmer-Probe"), ("kreis-lippe", "", "", "Vorzimmer"))
_SPOKESPERSONS = ("rosa.beispiel@rheine.example", "linus.beispiel@kreis-lippe.example")
_LAST_ELECTION = datetime.date(2025, 11, 1)  # when the terms of the local elections of 2025 began
SHARED_MAILBOX = "xenia.probe@xanten.example"
_PROFILES = {
    "rheine": ("takes_part", "adopted", ("Engagementstrategie", "Anerkennungskultur", "Netzwerkmanagement")),
    "bonn": ("takes_part", "in_work", ("Freiwilligenagentur", "Integration", "Digitalisierung")),
    "kreis-lippe": ("takes_part", "adopted", ("Ländlicher Raum", "Netzwerkmanagement")),
    "hellenthal": ("planned", "planned", ("Ländlicher Raum", "Katastrophenhilfe")),
    "wuppertal": ("comparable", "adopted", ("Nachbarschaft", "Junges Engagement")),
    "xanten": ("takes_part", "planned", ("Junges Engagement", "Digitalisierung")),
    "bezirksregierung-arnsberg": ("", "", ("Netzwerkmanagement",)),
}

# Slug: sky, hills, what can be seen. Drawn, so that nobody takes them for photographs of the towns.
_PICTURES = {
    "rheine": ("#dce8f7", ("#7fa38a", "#4f7d66", "#2f5a4b"), "Gezeichnete Landschaft mit grünen Hügeln und Sonne"),
    "hellenthal": ("#fbe9d7", ("#b58a6b", "#8c6248", "#5e3f30"), "Gezeichnete Landschaft mit braunen Hügeln und Sonne"),
}

# Slug, first name of the person spoken with, text, days from today on which the note comes back (None: never).
_NOTES = (
    ("rheine", "Rosa", "Fragt, ob das Netzwerk bei der Fortschreibung der Strategie berät. Rückruf versprochen.", -2),
    ("rheine", "Rudi", "Ist bis Ende des Monats im Urlaub, Frau Beispiel vertritt ihn.", None),
    ("bonn", "Berta", "Möchte ein Praxisbeispiel zur Freiwilligenagentur einreichen, schickt den Entwurf.", 10),
)


def fill(by: User) -> None:
    """Make up topics, contact persons with accounts, and profiles; what is there already stays as it is."""
    for name in TOPICS:
        Topic.objects.get_or_create(name=name)
    for slug, form_of_address, first_name, last_name, is_deputy in _PEOPLE:
        _contact(Municipality.objects.get(slug=slug), form_of_address, first_name, last_name, is_deputy, by)
    _shared_mailbox(by)
    _offices()
    for slug, (card, strategy, topics) in _PROFILES.items():
        _profile(Municipality.objects.get(slug=slug), card, strategy, topics)
    for slug, picture in _PICTURES.items():
        _publish_picture(Municipality.objects.get(slug=slug), *picture)
    for slug, first_name, text, days in _NOTES:
        _note(Municipality.objects.get(slug=slug), first_name, text, days, by)
    _round(by)
    if not Hint.objects.exists():
        hints.take_in(
            Municipality.objects.get(slug="wuppertal"), text="Die Sprechzeiten der Stabsstelle haben sich geändert."
        )


def _round(by: User) -> None:
    """ "Stimmt noch?" has been asked, and one body has answered."""
    if Confirmation.objects.exists():
        return
    confirming.ask(ContactPerson.objects.all(), title=confirming.title_by_hand(), by=by)
    # Whoever has entered further contact persons there before: one answer counts for the body.
    if asked := Confirmation.objects.filter(contact__municipality__slug="bonn").first():
        confirming.confirm(asked)


def _shared_mailbox(by: User) -> None:
    """Two persons of one body who sign in with the same address: "Wer sind Sie?"."""
    first = Person.objects.get(email=SHARED_MAILBOX, first_name="Xenia")
    second, created = Person.objects.get_or_create(
        email=first.email, first_name="Xaver", last_name="Muster", defaults={"form_of_address": "Herr"}
    )
    if created:
        municipality = Municipality.objects.get(slug="xanten")
        ContactPerson.objects.create(person=second, municipality=municipality, is_deputy=True)
        actions.give_access(second, by=by)


def _offices() -> None:
    """Heads of administration, their outer offices, and the Sprecherteam."""
    for slug, *name, office_title in _HEADS:
        municipality = Municipality.objects.get(slug=slug)
        values = {"municipality": municipality, "office_title": office_title, "started_on": _LAST_ELECTION}
        if not municipality.heads.exists():
            HeadOfAdministration.objects.create(person=_person(municipality, *name), **values)
    for slug, *name in _OUTER_OFFICES:
        municipality = Municipality.objects.get(slug=slug)
        if not municipality.outer_offices.exists():
            OuterOffice.objects.create(person=_person(municipality, *name), municipality=municipality)
    for contact in ContactPerson.objects.filter(person__email__in=_SPOKESPERSONS):
        SpokespersonTerm.objects.get_or_create(
            person=contact.person, municipality=contact.municipality, defaults={"started_on": datetime.date(2024, 1, 1)}
        )


def _person(municipality: Municipality, form_of_address: str, first_name: str, last_name: str) -> Person:
    """The made-up person, created where missing; her address bears her name and that of the body."""
    name = ".".join(filter(None, [first_name, last_name])).lower()
    return Person.objects.get_or_create(
        email=f"{name}@{municipality.slug}.example",
        first_name=first_name,
        last_name=last_name,
        defaults={"form_of_address": form_of_address, "phone": "0000 12345"},
    )[0]


def _contact(
    municipality: Municipality, form_of_address: str, first_name: str, last_name: str, is_deputy: bool, by: User
) -> None:
    person = _person(municipality, form_of_address, first_name, last_name)
    if person.contact_functions.exists():
        return
    ContactPerson.objects.create(
        person=person,
        municipality=municipality,
        is_deputy=is_deputy,
        position="Ehrenamtskoordination",
        name_visibility="network" if is_deputy else "public",
        email_visibility="network",
        phone_visibility="office" if is_deputy else "public",
    )
    actions.give_access(person, by=by)


def _profile(municipality: Municipality, card: str, strategy: str, topics: tuple[str, ...]) -> None:
    profile, created = Profile.objects.get_or_create(
        municipality=municipality,
        defaults={
            "summary": f"{municipality.name} bringt Menschen zusammen, die sich für andere einsetzen. "
            "Dieser Text ist für die Demonstration erfunden.",
            "office_name": "Stabsstelle Ehrenamt (Beispiel)",
            "office_place": "Dezernat Soziales",
            "office_email": f"ehrenamt@{municipality.slug}.example",
            "volunteer_card": card,
            "strategy_status": strategy,
            "recognition": "Jährlicher Abend des Ehrenamts",
            "confirmed_on": today() - datetime.timedelta(days=190),  # before the last round, which is still open
        },
    )
    if created:
        profile.topics.set(Topic.objects.filter(name__in=topics))


def _note(municipality: Municipality, first_name: str, text: str, days: int | None, by: User) -> None:
    if municipality.notes.filter(text=text).exists():
        return
    person = Person.objects.filter(contact_functions__municipality=municipality, first_name=first_name).first()
    follow_up_on = None if days is None else today() + datetime.timedelta(days=days)
    noting.write_note(municipality, text=text, person=person, follow_up_on=follow_up_on, by=by)


def _publish_picture(municipality: Municipality, sky: str, hills: tuple[str, ...], alt: str) -> None:
    """The contact person uploads a drawn picture and publishes it."""
    contact = municipality.contacts.select_related("person__user").first()
    draft = access.profile_draft_for(contact.person, municipality.slug)
    if draft.picture:
        return
    with acting_as(Actor(contact.person.key, contact.person.name)):
        picture = pictures.read_picture(_landscape(sky, hills))
        publishing.add_picture(draft, "picture", picture, alt=alt, credit="Zeichnung: erfunden für die Demonstration")
        publishing.publish(draft, publishing.values_of(municipality.profile), reader=contact.person.user)


def _landscape(sky: str, hills: tuple[str, ...]) -> bytes:
    image = Image.new("RGB", (1200, 600), sky)
    draw = ImageDraw.Draw(image)
    draw.ellipse((860, 80, 1000, 220), fill="#f5c95f")
    for number, colour in enumerate(hills):
        middle, top = 250 + 380 * number, 300 + 70 * number
        draw.ellipse((middle - 800, top, middle + 800, top + 1200), fill=colour)
    file = io.BytesIO()
    image.save(file, "PNG")
    return file.getvalue()
