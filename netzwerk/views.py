"""Pages that span apps: start page, texts of the office, profile, own area, style guide."""

import datetime

from allauth.core.internal import ratelimit
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from core.dates import long_date, today
from core.desk import staff_page
from core.page_cache import keep_page
from declarations import register
from meetings.models import Meeting
from meetings.views import with_standing
from members import access, growth, maps, population
from members.directory import entries
from netzwerk import actions, structured, texts, worklist
from netzwerk.forms import BarrierReportForm
from netzwerk.models import BarrierReport, PageKey
from netzwerk.models import text_page as page_for
from netzwerk.style_guide import samples as style_guide_samples

# Press release of the Land of this day: the first ten Kommunen signed (brochure: "Ende 2012").
FIRST_SIGNING = datetime.date(2012, 12, 5)
_DATES_SHOWN = 4
# Each report is a mail to the office; behind one IP address may sit a whole town hall.
REPORTS = {"report_barrier": "5/10m/ip"}


@require_safe
@keep_page()
def start(request):
    everyone = entries()
    members = [entry for entry in everyone if entry.is_member]
    steps = growth.held()
    context = texts.page_context(page_for(PageKey.START)) | {
        "members": len(members),
        "members_note": f"hier eingetragen, Stand {long_date(today())}",
        "share": population.share_of_members(everyone),
        "years": _full_years_since(FIRST_SIGNING),
        "map": maps.map_of(everyone, members, link_all=True),
        "chart": growth.chart(steps),
        "stated": growth.stated(),
        "held": growth.held_by_year(steps),
        "undated": len(members) - (steps[-1][1] if steps else 0),
        "dates": with_standing(Meeting.objects.public().for_list().coming()[:_DATES_SHOWN], request.acting_person),
        "structured": structured.portal(),
    }
    return render(request, "netzwerk/start.html", context)


def _full_years_since(day: datetime.date) -> int:
    return today().year - day.year - ((today().month, today().day) < (day.month, day.day))


@require_safe
@keep_page()
def text_page(request, key):
    return render(request, "netzwerk/text_page.html", texts.page_context(page_for(key)))


@require_http_methods(["GET", "HEAD", "POST"])
def report_barrier(request):
    """The accessible form of § 10b BGG NRW; the footer of each page leads here and says where one was."""
    if request.method != "POST":
        form = BarrierReportForm(initial={"where": request.GET.get("seite", "")[:500]})
        return render(request, "netzwerk/report_barrier.html", {"form": form})
    form = BarrierReportForm(request.POST)
    if not form.is_valid():
        return render(request, "netzwerk/report_barrier.html", {"form": form})
    if not ratelimit.consume(request, app="netzwerk", action="report_barrier", config=REPORTS):
        return render(request, "429.html", status=429)
    messages.success(request, _thanks(actions.report_barrier(**form.cleaned_data)))
    return redirect("accessibility")


def _thanks(report: BarrierReport) -> str:
    told = f"Danke, Ihre Meldung ist bei der Geschäftsstelle. Sie hat die Nummer {report.ticket}."
    return f"{told} Sie bekommen bis zum {long_date(report.due_on)} eine Antwort." if report.address else told


@require_safe
@keep_page()
def municipality(request, slug):
    everyone = entries()
    municipality = access.municipality_for(request.user, slug)
    entry = everyone.by_ags[municipality.ags]
    context = body_page(request.user, municipality, entry, getattr(municipality, "profile", None), everyone)
    return render(request, "netzwerk/municipality.html", context)


def body_page(user, municipality, entry, profile, everyone):
    """What the page of a body shows this reader; also of a profile that is a draft (netzwerk/profile_views.py)."""
    neighbours = maps.neighbours_of(municipality, everyone)
    towns = [] if municipality.is_town else [other for other in everyone if other.is_member and other.lies_in(entry)]
    return {
        "municipality": municipality,
        "profile": profile if entry.is_member else None,
        "contacts": access.contacts_for(user, municipality) if entry.is_member else [],
        "signatures": register.told().get(municipality.pk, ()) if entry.is_member else (),
        "towns": towns,
        "region": [other for other in everyone.regions if other.is_member and entry.lies_in(other)],
        "member_neighbours": [neighbour for neighbour in neighbours if neighbour.is_member],
        "map": maps.map_of(everyone, [entry, *neighbours, *towns], around=entry),
        "map_title": f"Karte: {entry.name} und Nachbarn",
        "has_outlines": not municipality.is_town,
        "entry": entry,
        "inhabitants": population.inhabitants(entry),
        "structured": structured.member(entry) if entry.is_member else None,
    }


@require_safe
def robots(request):
    """What search engines need not ask for: it is for signed-in persons, or endless."""
    lines = [
        "User-agent: *",
        *(f"Disallow: {reverse(name)}" for name in ("home", "admin:index", "account_login", "search")),
    ]
    lines += ["", f"Sitemap: {settings.SITE_URL}{reverse('sitemap')}"]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@login_required
@require_safe
def home(request):
    if request.user.is_staff and not request.persons:
        return redirect("admin:index")
    person = request.acting_person
    functions = list(access.own_functions(person))
    bodies = access.own_bodies(functions)
    context = {"person": person, "own": bodies, "lines": worklist.lines_for_contact(person, functions, bodies)}
    return render(request, "netzwerk/home.html", context)


@staff_page("netzwerk.view_styleguide")
@require_safe
def style_guide(request):
    return render(request, "netzwerk/style_guide.html", style_guide_samples())
