"""Pages that span apps: start page, profile, own area, style guide."""

from django.contrib.auth.decorators import login_required, permission_required
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from core.dates import today
from members import access, maps
from members.models.bodies import TOWN_KINDS
from members.search import bodies
from netzwerk.style_guide import samples as style_guide_samples


@require_safe
def start(request):
    members = [body for body in bodies() if body.is_member]
    towns = [body for body in bodies() if body.kind in TOWN_KINDS]
    member_towns = sum(body.is_member for body in towns)
    context = {
        "members": len(members),
        "town_share": round(100 * member_towns / len(towns)) if towns else 0,
        "towns": len(towns),
        "years": today().year - 2012,  # first signing: December 2012 (brochure)
        "today": today(),
        "map": maps.map_of(members, link_all=True),
    }
    return render(request, "netzwerk/start.html", context)


@require_safe
def profile(request, slug):
    municipality = access.municipality_for(request.user, slug)
    membership = municipality.running_membership()
    neighbours = maps.neighbours_of(municipality)
    body = next(body for body in bodies() if body.ags == municipality.ags)
    context = {
        "municipality": municipality,
        "membership": membership,
        "past": [period for period in municipality.periods if period.is_over()],
        "profile": getattr(municipality, "profile", None) if membership else None,
        "contacts": access.contacts_for(request.user, municipality) if membership else [],
        "towns": [town for town in bodies() if town.kreis == municipality.slug and town.is_member and town != body],
        "neighbours": neighbours,
        "member_neighbours": [neighbour for neighbour in neighbours if neighbour.is_member],
        "map": maps.map_of([body, *neighbours], around=body),
        "body": body,
    }
    return render(request, "netzwerk/profile.html", context)


@login_required
@require_safe
def home(request):
    if request.user.is_staff and not request.user.persons.exists():
        return redirect("admin:index")
    persons = list(request.user.persons.order_by("sort_key"))
    return render(request, "netzwerk/home.html", {"persons": persons, "own": access.own_municipalities(request.user)})


@permission_required("netzwerk.view_styleguide", raise_exception=True)
@require_safe
def style_guide(request):
    return render(request, "netzwerk/style_guide.html", style_guide_samples())
