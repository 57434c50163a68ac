"""Pages that span apps: start page, profile, own area, style guide."""

import datetime

from django.contrib.auth.decorators import login_required, permission_required
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from core.dates import long_date, today
from members import access, maps
from members.models.municipalities import TOWN_KINDS
from members.search import entries
from netzwerk.style_guide import samples as style_guide_samples

# Press release of the Land of this day: the first ten Kommunen signed (brochure: "Ende 2012").
FIRST_SIGNING = datetime.date(2012, 12, 5)


@require_safe
def start(request):
    everyone = entries()
    members = [entry for entry in everyone if entry.is_member]
    towns = [entry for entry in everyone if entry.kind in TOWN_KINDS]
    member_towns = sum(entry.is_member for entry in towns)
    context = {
        "members": len(members),
        "members_note": f"hier eingetragen, Stand {long_date(today())}",
        "town_share": f"{round(100 * member_towns / len(towns)) if towns else 0} %",
        "share_note": f"{member_towns} von {len(towns)} sind dabei",
        "years": _full_years_since(FIRST_SIGNING),
        "map": maps.map_of(everyone, members, link_all=True),
    }
    return render(request, "netzwerk/start.html", context)


def _full_years_since(day: datetime.date) -> int:
    return today().year - day.year - ((today().month, today().day) < (day.month, day.day))


@require_safe
def municipality(request, slug):
    municipality = access.municipality_for(request.user, slug)
    everyone = entries()
    entry = next(entry for entry in everyone if entry.ags == municipality.ags)
    membership = municipality.running_membership()
    neighbours = maps.neighbours_of(municipality, everyone)
    towns = [other for other in everyone if other.is_member and other.lies_in(entry)]
    context = {
        "municipality": municipality,
        "membership": membership,
        "profile": getattr(municipality, "profile", None) if membership else None,
        "contacts": access.contacts_for(request.user, municipality) if membership else [],
        "towns": towns,
        "region": [other for other in everyone if other.is_member and entry.lies_in(other)],
        "member_neighbours": [neighbour for neighbour in neighbours if neighbour.is_member],
        "map": maps.map_of(everyone, [entry, *neighbours, *towns], around=entry),
        "map_title": f"Karte: {entry.name} und Nachbarn",
        "has_outlines": not municipality.is_town,
        "entry": entry,
    }
    return render(request, "netzwerk/municipality.html", context)


@login_required
@require_safe
def home(request):
    if request.user.is_staff and not request.user.persons.exists():
        return redirect("admin:index")
    persons = list(request.user.persons.order_by("sort_key"))
    return render(request, "netzwerk/home.html", {"persons": persons, "own": access.own_municipalities(request.user)})


@login_required
@permission_required("netzwerk.view_styleguide", raise_exception=True)
@require_safe
def style_guide(request):
    return render(request, "netzwerk/style_guide.html", style_guide_samples())
