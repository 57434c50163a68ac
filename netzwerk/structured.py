"""What search engines read about the portal and its members (schema.org), as data; the tag `json_ld` prints it."""

from typing import Any

from django.conf import settings
from django.templatetags.static import static
from django.urls import reverse

from members.directory import DirectoryEntry

NAME = "Kommunen-Netzwerk: engagiert in NRW"
_CONTEXT = {"@context": "https://schema.org"}


def portal() -> dict[str, Any]:
    """Return the network and its website, with the field that asks for a body."""
    home = f"{settings.SITE_URL}{reverse('start')}"
    network = {
        "@type": "Organization",
        "@id": _network_id(),
        "name": NAME,
        "url": home,
        "logo": f"{settings.SITE_URL}{static('img/mark.svg')}",
        "areaServed": {"@type": "AdministrativeArea", "name": "Nordrhein-Westfalen"},
    }
    site = {
        "@type": "WebSite",
        "name": NAME,
        "url": home,
        "inLanguage": "de",
        "publisher": {"@id": _network_id()},
        "potentialAction": {
            "@type": "SearchAction",
            "target": {
                "@type": "EntryPoint",
                "urlTemplate": f"{settings.SITE_URL}{reverse('search')}?q={{search_term_string}}",
            },
            "query-input": "required name=search_term_string",
        },
    }
    return _CONTEXT | {"@graph": [network, site]}


def member(entry: DirectoryEntry) -> dict[str, Any]:
    """Return a member: what it is called, where it is, since when it is in, as far as that is proven."""
    role = {"@type": "OrganizationRole", "memberOf": {"@type": "Organization", "@id": _network_id(), "name": NAME}}
    if entry.begin:
        role["startDate"] = entry.begin.iso
    body: dict[str, Any] = {
        "@type": "GovernmentOrganization",
        "name": entry.name,
        "identifier": {"@type": "PropertyValue", "propertyID": "AGS", "value": entry.ags},
        "mainEntityOfPage": entry.address,
        "memberOf": role,
    }
    if entry.website:
        body["url"] = entry.website
    if entry.latitude is not None and entry.longitude is not None:
        place = {"@type": "GeoCoordinates", "latitude": entry.latitude, "longitude": entry.longitude}
        body["location"] = {"@type": "Place", "geo": place}
    return _CONTEXT | body


def _network_id() -> str:
    return f"{settings.SITE_URL}{reverse('start')}#netzwerk"
