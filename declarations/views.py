"""The public page of the Gemeinsame Erklärung: its versions, and who has signed."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from core import markdown, revision
from core.headers import open_to_all
from core.page_cache import keep_page
from declarations import exports, register
from declarations.models import Declaration
from members.views import ask_again

# Raised when the file changes its form (core.revision.tag).
CSV_FORM = 1


@require_safe
@keep_page()
def declarations(request):
    """The version in force, if there is one, and all signatures by year."""
    rows = register.signatures()
    current = Declaration.objects.in_force()
    context = _version(current) | {
        "earlier": [version for version in Declaration.objects.all() if version.is_over()],
        "coming": [version for version in Declaration.objects.all() if version.is_coming],
        "years": register.by_year(rows),
        "chart": register.chart(rows),
        "count": len(rows),
        "undated": sum(row.year is None for row in rows),
        "renewal": register.renewal(current, rows),
        "csv_fields": [(field.name, field.meaning) for field in exports.FIELDS],
    }
    return render(request, "declarations/declarations.html", context)


@require_safe
@keep_page()
def declaration(request, year):
    """One version by the year in which it began."""
    version = Declaration.objects.filter(started_on__year=year).first()
    if version is None:
        raise Http404
    rows = [row for row in register.signatures() if row.declaration_id == version.pk]
    context = _version(version) | {"years": register.by_year(rows), "count": len(rows)}
    return render(request, "declarations/declaration.html", context)


def _version(version):
    return {"declaration": version, "text": markdown.render(version.text) if version else ""}


@open_to_all
@require_safe
@ask_again
def signatures_csv(request):
    tag = revision.tag(CSV_FORM)
    response = get_conditional_response(request, etag=tag)
    if response is None:
        content = exports.signatures_csv(register.signatures())
        response = HttpResponse(content, content_type="text/csv; charset=utf-8")
    response.headers["ETag"] = tag
    return response
