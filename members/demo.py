"""Demonstration data: real bodies and proven memberships, everything else visibly made up.

Persons are called Beispiel, Muster or Probe and live under the reserved domain .example (RFC 2606).
"""

from core.dates import today
from members import actions
from members.models import ContactPerson, Municipality, Person, Profile, Topic
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

# Slug of a proven member, person, deputy?, topics, Ehrenamtskarte, strategy: made up for the demonstration.
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
_PROFILES = {
    "rheine": ("takes_part", "adopted", ("Engagementstrategie", "Anerkennungskultur", "Netzwerkmanagement")),
    "bonn": ("takes_part", "in_work", ("Freiwilligenagentur", "Integration", "Digitalisierung")),
    "kreis-lippe": ("takes_part", "adopted", ("Ländlicher Raum", "Netzwerkmanagement")),
    "hellenthal": ("planned", "planned", ("Ländlicher Raum", "Katastrophenhilfe")),
    "wuppertal": ("comparable", "adopted", ("Nachbarschaft", "Junges Engagement")),
    "xanten": ("takes_part", "planned", ("Junges Engagement", "Digitalisierung")),
    "bezirksregierung-arnsberg": ("", "", ("Netzwerkmanagement",)),
}


def fill(by: User) -> None:
    """Make up topics, contact persons with accounts, and profiles; what is there already stays as it is."""
    for name in TOPICS:
        Topic.objects.get_or_create(name=name)
    for slug, form_of_address, first_name, last_name, is_deputy in _PEOPLE:
        _contact(Municipality.objects.get(slug=slug), form_of_address, first_name, last_name, is_deputy, by)
    for slug, (card, strategy, topics) in _PROFILES.items():
        _profile(Municipality.objects.get(slug=slug), card, strategy, topics)


def _contact(
    municipality: Municipality, form_of_address: str, first_name: str, last_name: str, is_deputy: bool, by: User
) -> None:
    email = f"{first_name}.{last_name}@{municipality.slug}.example".lower()
    if Person.objects.filter(email=email).exists():
        return
    person = Person.objects.create(
        form_of_address=form_of_address, first_name=first_name, last_name=last_name, email=email, phone="0000 12345"
    )
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
            "confirmed_on": today(),
        },
    )
    if created:
        profile.topics.set(Topic.objects.filter(name__in=topics))
