"""What several lists share: search as everywhere in the portal, and where a row leads."""

from django.contrib.admin.views.main import ChangeList
from django.db.models import Q
from django.urls import reverse

from members.directory import entries
from members.search import find


class NameSearch:
    """The public directory's forgiving search, in the list and in every field that picks a body."""

    name_lookup = "municipality__ags__in"

    def get_search_results(self, request, queryset, search_term):
        """Rows of the bodies that the words may name, and rows that the list's other search fields find."""
        found, duplicates = super().get_search_results(request, queryset, search_term)
        if not search_term:
            return found, duplicates
        keys = [hit.entry.ags for hit in find(search_term, entries())]
        return queryset.filter(Q(**{self.name_lookup: keys}) | Q(pk__in=found.values("pk"))), False


class DossierList(ChangeList):
    """A list of bodies whose names lead to the dossier, where the office works; from there on to the record."""

    def url_for_result(self, result):
        return reverse("dossier", args=[result.slug])
