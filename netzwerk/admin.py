"""Back office of the portal's own pages: texts with preview, and reports of barriers."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.template.response import TemplateResponse
from django.urls import path

from core.backoffice import FilledFilter, RecordAdmin, asks_first, for_each
from netzwerk import actions
from netzwerk.forms import TextPageForm
from netzwerk.models import BarrierReport, TextPage
from netzwerk.texts import page_context


@admin.register(TextPage)
class TextPageAdmin(RecordAdmin):
    """One row for each page, made by the migrations; none is added or deleted by hand."""

    form = TextPageForm
    fields = ("title", "text")
    list_display = ("__str__", "heading", "wording", "gaps", "updated_at")
    actions = ("reset",)

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def get_urls(self):
        preview = self.admin_site.admin_view(self.preview)
        return [path("<int:pk>/vorschau/", preview, name="netzwerk_textpage_preview"), *super().get_urls()]

    def save_model(self, request, obj, form, change):
        actions.save_page(obj, title=form.cleaned_data["title"], text=form.cleaned_data["text"])

    @admin.display(description="Überschrift")
    def heading(self, page: TextPage) -> str:
        return page.title

    @admin.display(description="Wortlaut")
    def wording(self, page: TextPage) -> str:
        return "eigener" if page.is_own else "mitgeliefert"

    @admin.display(description="Lücken")
    def gaps(self, page: TextPage) -> str:
        return str(len(page.placeholders) or "keine")

    @admin.action(description="Auf den mitgelieferten Wortlaut zurücksetzen", permissions=["change"])
    @asks_first(
        "{rows} zurücksetzen",
        effect="Der eigene Wortlaut verschwindet sofort von der Website. Im Verlauf der Seite bleibt er erhalten.",
    )
    def reset(self, request, queryset):
        for_each(request, queryset, actions.reset_page, done="Zurückgesetzt")

    def preview(self, request, pk):
        """Show the page as it is stored or, sent the form, as it would be: nothing is stored by looking."""
        page = self.get_object(request, str(pk))
        if page is None:
            raise Http404
        if not self.has_change_permission(request, page):
            raise PermissionDenied
        form = TextPageForm(request.POST, instance=page) if request.method == "POST" else None
        if form and form.is_valid():
            page.own_title, page.own_text = form.cleaned_data["title"], form.cleaned_data["text"]
        context = {**page_context(page), "previewed": True, "form": form}
        return TemplateResponse(request, "netzwerk/text_page.html", context)


@admin.register(BarrierReport)
class BarrierReportAdmin(RecordAdmin):
    """What was reported stays as it came; staff note when and what they answered."""

    list_display = ("ticket", "where", "created_at", "due_on", "answered_on")
    list_filter = (("answered_on", FilledFilter), "created_at")
    search_fields = ("what", "where", "answer")
    search_help_text = "Wörter der Meldung oder Antwort"
    export_columns = ("what", "address", "answer")
    readonly_fields = ("ticket", "what", "where", "address", "created_at", "due_on")
    fields = (*readonly_fields, "answered_on", "answer")

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    @admin.display(description="Nummer", ordering="created_at")
    def ticket(self, report: BarrierReport) -> str:
        return report.ticket
