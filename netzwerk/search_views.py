"""The two searches: of the website and of the back office."""

from django.shortcuts import render
from django.views.decorators.http import require_safe

from core.desk import staff_page
from netzwerk import search
from netzwerk.forms import SearchForm


@require_safe
def site_search(request):
    return render(request, "netzwerk/search.html", _found(request, search.for_reader))


@staff_page("netzwerk.use_search")
@require_safe
def desk_search(request):
    return render(request, "netzwerk/desk_search.html", _found(request, search.for_staff))


@staff_page("netzwerk.use_search")
@require_safe
def desk_search_hits(request):
    """The same as a piece of a page, for the field in the header (static/js/quick_search.js)."""
    return render(request, "netzwerk/desk_search_hits.html", _found(request, search.for_staff))


def _found(request, find) -> dict:
    """Answer the question in the address. Without one, or with one that is refused, nothing was looked for."""
    form = SearchForm(request.GET if request.GET.get("q") else None)
    query = form.cleaned_data["q"] if form.is_valid() else ""
    groups = find(request.user, query) if query else []
    return {"form": form, "query": query, "groups": groups, "sentence": _sentence(query, search.total(groups))}


def _sentence(query: str, count: int) -> str:
    if not query:
        return ""
    found = "Nichts gefunden" if not count else "1 Treffer" if count == 1 else f"{count} Treffer"
    return f"{found} zu „{query}“"
