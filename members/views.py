"""The public directory: list, map and open data of the same set under the same filters."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.http import urlencode
from django.views.decorators.cache import cache_control
from django.views.decorators.http import etag, require_safe

from core import pictures, revision
from core.dates import today
from core.headers import open_to_all
from core.page_cache import keep_page
from members import access, exports, maps
from members.directory import entries
from members.feeds import JoiningsFeed
from members.forms import DirectoryForm
from members.search import Selection, select

FILTERS = ("art", "bezirk", "kreis", "thema", "jahr")
# These may be kept, but are asked for each time: so what is published shows at once.
ask_again = cache_control(public=True, no_cache=True)
# Ending of the address: what makes the file, and its kind.
OPEN_DATA = {
    "csv": (exports.members_csv, "text/csv; charset=utf-8"),
    "json": (exports.members_json, "application/json"),
    "geojson": (exports.members_geojson, "application/geo+json"),
}
# Raised when these change their form (core.revision.tag).
OPEN_DATA_FORM = FEED_FORM = PREVIEW_FORM = 1


@require_safe
@keep_page(*FILTERS)
def directory(request):
    everyone = entries()
    form = DirectoryForm(request.GET, everyone=everyone)
    chosen = form.chosen()
    selection = select(everyone, chosen)
    context = {
        "form": form,
        "chosen": chosen,
        "selection": selection,
        "sentence": _sentence(form, chosen, selection),
        "map": maps.map_of(everyone, selection.all),
        "filters": [form[name] for name in FILTERS],
        "active_filters": sum(name in chosen for name in FILTERS),
        "reset_url": f"{reverse('directory')}?{urlencode({'q': chosen['q']})}"
        if "q" in chosen
        else reverse("directory"),
        "data_query": f"?{urlencode(chosen)}" if chosen else "",
    }
    return render(request, "members/directory.html", context)


@open_to_all
@require_safe
@ask_again
def open_data_file(request, ending):
    """Today's members that fit the filters. A wrong filter is refused: whoever reads this would not see a remark."""
    everyone = entries()
    form = DirectoryForm(request.GET, everyone=everyone)
    if not form.is_valid():
        return HttpResponse(_refusal(form), status=400, content_type="text/plain; charset=utf-8")
    tag = revision.tag(OPEN_DATA_FORM)
    response = get_conditional_response(request, etag=tag)
    if response is None:
        make, content_type = OPEN_DATA[ending]
        content = make(select(everyone, form.chosen()).members, everyone)
        response = HttpResponse(content, content_type=content_type)
    response.headers["ETag"] = tag
    return response


def _refusal(form: DirectoryForm) -> str:
    return "\n".join(f"{form.fields[name].label}: {' '.join(texts)}" for name, texts in form.errors.items()) + "\n"


@require_safe
@keep_page()
def open_data(request):
    fields = [[field.name, field.meaning] for field in exports.FIELDS]
    context = {
        "columns": [("Feld", "text"), ("Bedeutung", "text")],
        "fields": fields,
        "about_fields": [[field.name, field.meaning] for field in exports.ABOUT],
        "licence": exports.LICENCE,
        "licence_url": exports.LICENCE_URL,
        "attribution": exports.ATTRIBUTION,
        "map_attribution": exports.MAP_ATTRIBUTION,
        "map_terms_url": exports.MAP_TERMS_URL,
    }
    return render(request, "members/open_data.html", context)


def _sentence(form: DirectoryForm, chosen: dict[str, str], selection: Selection) -> str:
    """The result in words: "12 Mitglieder im Regierungsbezirk Detmold (Gemeinden)"."""
    sentence = _count_in_words(len(selection.members), len(selection.others))
    if "q" in chosen:
        sentence += f" zu „{chosen['q']}“"
    if "bezirk" in chosen:
        sentence += f" im Regierungsbezirk {chosen['bezirk']}"
    narrowed = [form.label_of(name) for name in ("kreis", "art") if name in chosen]
    narrowed += [f"{form.fields[name].label}: {form.label_of(name)}" for name in ("thema", "jahr") if name in chosen]
    return f"{sentence} ({', '.join(narrowed)})" if narrowed else sentence


def _count_in_words(members: int, others: int) -> str:
    if not members and others:
        return f"Noch kein Mitglied, aber {_counted(others, 'Kommune', 'Kommunen')}"
    sentence = _counted(members, "Mitglied", "Mitglieder") if members else "Kein Mitglied"
    return f"{sentence} und {_counted(others, 'weitere Kommune', 'weitere Kommunen')}" if others else sentence


def _counted(count: int, one: str, many: str) -> str:
    return f"{count} {one if count == 1 else many}"


@require_safe
@ask_again
@etag(lambda request: revision.tag(FEED_FORM))
def joinings_feed(request):
    return JoiningsFeed()(request)


@require_safe
@ask_again
@etag(lambda request: revision.tag(PREVIEW_FORM))
def preview(request):
    """The portal's picture for links to it in messengers and social networks."""
    from members import previews  # noqa: PLC0415 - 2 MiB of memory, which only a process that draws shall need

    return HttpResponse(previews.of_network(revision.current(), today()), content_type="image/png")


@require_safe
@ask_again
@etag(lambda request, slug: revision.tag(PREVIEW_FORM))
def member_preview(request, slug):
    """A member's picture; for any other body the portal's own is shown."""
    entry = next((entry for entry in entries() if entry.slug == slug and entry.is_member), None)
    if entry is None:
        raise Http404
    from members import previews  # noqa: PLC0415 - see preview

    return HttpResponse(previews.of_member(slug, revision.current(), today()), content_type="image/png")


@require_safe
def profile_picture(request, slug, public_id):
    """A body's picture or coat of arms, as far as this reader may see it."""
    picture, public = access.picture_for(request.user, slug, public_id)
    return pictures.send(request, picture, public=public)
