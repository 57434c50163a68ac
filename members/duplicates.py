"""Persons entered twice: who may be the same."""

from django.db.models import Q
from rapidfuzz.distance import DamerauLevenshtein

from core.folding import sort_key
from members import access
from members.models import Municipality, Person
from users.models import User

# "Rosa Beispiel" and "Rosa Beispeil": as many keystrokes may differ.
_TYPOS = 2
_FUNCTIONS = ("contact_functions", "head_functions", "outer_offices", "spokesperson_terms")


def similar_persons(person: Person) -> list[Person]:
    """Stored persons who may be the same: same name anywhere, or nearly the same name at one mailbox or one body."""
    others = Person.objects.exclude(pk=person.pk).exclude(last_name="")
    key = sort_key(f"{person.last_name} {person.first_name}")
    same_name = Q(sort_key=key)
    near = Q(email__iexact=person.email) if person.email else Q(pk__in=[])
    bodies = {row.municipality_id for name in _FUNCTIONS for row in getattr(person, name).all()} if person.pk else set()
    for name in _FUNCTIONS:
        near |= Q(**{f"{name}__municipality__in": bodies})
    candidates = others.filter(same_name | near).distinct()
    distance = DamerauLevenshtein.distance
    return [other for other in candidates if distance(key, other.sort_key, score_cutoff=_TYPOS) <= _TYPOS]


def similar_contacts(reader: User, person: Person, *, at: Municipality) -> list[str]:
    """Contacts who may be the person typed, as far as the reader sees them: nearly the same name here, or anywhere the
    same; each as "Rosa Beispiel (Bonn)"."""
    key = sort_key(f"{person.last_name} {person.first_name}")
    here = [(at, row.person.name, row.person.sort_key, _TYPOS) for row in at.contacts.on().select_related("person")]
    network = access.contacts_in_network(reader)
    there = [(body, who.name, sort_key(" ".join(who.name_parts[:2])), 0) for body, who in network]
    distance = DamerauLevenshtein.distance
    found = [f"{name} ({body})" for body, name, other, typos in [*here, *there] if distance(key, other) <= typos]
    return list(dict.fromkeys(found))
