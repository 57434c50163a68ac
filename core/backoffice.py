"""What all lists and records of the back office share."""

from collections.abc import Callable, Iterable, Sequence
from copy import copy
from functools import partial, wraps
from html import unescape
from typing import Any, cast

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.utils import get_fields_from_path, label_for_field, lookup_field, unquote
from django.contrib.admin.widgets import AutocompleteMixin, AutocompleteSelect, AutocompleteSelectMultiple
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, OperationalError, transaction
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html, strip_tags
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from simple_history.admin import SimpleHistoryAdmin

from core import exports, history

# A message that names more than these is no longer read.
_NAMED = 10
# Rows that an export holds in memory at a time.
_CHUNK = 500


class _SearchedRows(AutocompleteMixin):
    """Of what was sent, Django's widget looks for all in the database and would not survive what is no number."""

    def optgroups(self, name: str, value: Sequence[str], attr: Any = None) -> Any:
        return super().optgroups(name, [key for key in value if _is_number(key)], attr)


class _SearchedRow(_SearchedRows, AutocompleteSelect):
    pass


class _SeveralSearchedRows(_SearchedRows, AutocompleteSelectMultiple):
    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[str]:
        """Pass on what is no number as an empty choice, which the field refuses; SQLite fails at a long one."""
        return [key if _is_number(key) else "" for key in super().value_from_datadict(data, files, name)]


class FilledFilter(admin.EmptyFieldListFilter):
    """Whether a field holds something: "Konto: Alle, Nein, Ja", where Django would say "Leer" and "Nicht leer"."""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.title = str(self.title).removesuffix(" am")

    def choices(self, changelist: Any) -> Any:
        for choice, word in zip(super().choices(changelist), ("Alle", "Nein", "Ja"), strict=True):
            _, bracket, count = str(choice["display"]).partition(" (")
            yield choice | {"display": f"{word}{bracket}{count}"}


def yes_or_no(value: bool | None) -> str:
    """What lists and records show for true and false: words, as a red cross alarms where nothing is wrong."""
    return {True: "ja", False: "–", None: "unbekannt"}[value]


def name_or_link(field: Any, remote_field: Any, row: Model) -> str:
    """What a record shows of another one: its name, and a link only for whoever may open it.

    In the place of `AdminReadonlyField.get_admin_url`, which leads everybody there, into an error if she may not.
    """
    request, model = getattr(field.form, "request", None), remote_field.model
    record = field.model_admin.admin_site._registry.get(model)
    if request is None or record is None or not record.has_view_or_change_permission(request, row):
        return str(row)
    url = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_change", args=[row.pk])
    return format_html('<a href="{}">{}</a>', url, row)


class ListAdmin(admin.ModelAdmin):
    """A list with itself as a file beside it: filtered, searched and sorted as it stands, all its pages."""

    list_per_page = 50
    show_full_result_count = False
    # Columns of the file beside those of the list, in the same notation, and what they need fetched with many rows.
    export_columns: tuple[str, ...] = ()
    export_prefetch: tuple[str, ...] = ()

    def get_urls(self) -> list[Any]:
        name = f"{self.opts.app_label}_{self.opts.model_name}_export"
        return [path("tabelle.<slug:ending>", self.admin_site.admin_view(self.export), name=name), *super().get_urls()]

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name in self.autocomplete_fields:
            kwargs.setdefault("widget", _SearchedRow(db_field, self.admin_site))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name in self.autocomplete_fields:
            kwargs.setdefault("widget", _SeveralSearchedRows(db_field, self.admin_site))
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        for key in request.POST.getlist(ACTION_CHECKBOX_NAME):
            _number(key)  # Django would not survive a chosen row that is none
        response = super().changelist_view(request, extra_context)
        shown = getattr(response, "context_data", None) or {}
        if "cl" in shown:
            query = shown["cl"].get_query_string(remove=["p", "all"])
            shown["files"] = [(kind.label, self._export_url(kind) + query) for kind in exports.Format]
        return response

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        context["adminform"].form.request = request  # whose rights `name_or_link` asks for
        return super().render_change_form(request, context, *args, **kwargs)

    def export(self, request: HttpRequest, ending: str) -> HttpResponseBase:
        """Send the list as a file. A filter that does not exist leads to the list, which says so."""
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        if ending not in exports.Format:
            raise Http404
        try:
            found = self.get_changelist_instance(request).queryset
        except IncorrectLookupParameters:
            return redirect(f"{reverse(f'admin:{self.opts.app_label}_{self.opts.model_name}_changelist')}?e=1")
        names = [str(name) for name in self.get_list_display(request) if name not in self.export_columns]
        columns = [self._column(name) for name in (*names, *self.export_columns)]
        rows = found.prefetch_related(*self.export_prefetch).iterator(chunk_size=_CHUNK)
        return exports.download(exports.Table(capfirst(str(self.opts.verbose_name_plural)), columns, rows), ending)

    def _export_url(self, ending: str) -> str:
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_export", args=[ending])

    def _column(self, name: str) -> exports.Column:
        related = "__" in name.strip("_")
        label = get_fields_from_path(self.model, name)[-1].verbose_name if related else None
        return exports.Column(
            capfirst(str(label or label_for_field(name, self.model, self))), partial(_cell, name, model_admin=self)
        )


def _cell(name: str, row: Any, *, model_admin: admin.ModelAdmin) -> Any:
    """What a list shows in a column, as a plain value: dates and numbers stay what they are."""
    field, _, value = lookup_field(name, row, model_admin)
    if field is not None and field.many_to_many:
        return ", ".join(map(str, value.all()))
    if field is not None and field.flatchoices:
        return dict(field.flatchoices).get(value, value)
    return unescape(strip_tags(value)) if isinstance(value, SafeString) else value


class ChangedMeanwhileError(Exception):
    """Somebody else saved what the form is about to overwrite. kept: what the person herself had changed in it."""

    def __init__(self, news: history.News, kept: dict[str, Any]):
        super().__init__(news.who)
        self.news, self.kept = news, kept


class RecordAdmin(ListAdmin, SimpleHistoryAdmin):
    """A record with its history. Of two people saving, the second is told what the first changed; her input stays."""

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Run the form again when action or database refuse the row: by then it sees what the other person saved."""
        for last_try in (False, True):
            try:
                return self._changeform(request, object_id, form_url, extra_context or {})
            except ChangedMeanwhileError as error:
                return self._tell(request, error, object_id, form_url, extra_context or {})
            except (IntegrityError, OperationalError, ValidationError):  # the second: two who hold each other's rows
                if last_try:
                    raise
        raise AssertionError  # the loop answers or raises

    @transaction.atomic
    def _changeform(self, request: HttpRequest, key: str | None, form_url: str, context: dict) -> HttpResponse:
        if key is None:
            return super().changeform_view(request, key, form_url, context)
        if request.method == "POST":  # whoever saves holds the row from here on, so nobody comes in between
            list(self.model._base_manager.select_for_update().filter(pk=_number(key)).values_list("pk"))
        seen = request.POST.get("_seen") or history.version_of(self.model, _number(key))
        return super().changeform_view(request, key, form_url, {**context, "seen": seen})

    def save_form(self, request: HttpRequest, form: Any, change: bool) -> Any:
        seen = request.POST.get("_seen", "")
        if change and _is_number(seen):
            news = history.changed_since(form.instance, int(seen), reader=cast(Model, request.user))
            if news and _would_overwrite(form, news):
                raise ChangedMeanwhileError(news, _own_input(form, history.version_at(form.instance, int(seen))))
        return super().save_form(request, form, change)

    def _tell(
        self, request: HttpRequest, error: ChangedMeanwhileError, key: str | None, form_url: str, context: dict
    ) -> HttpResponse:
        """Show the record as it is now, with the person's own changes in it. Saving it once more is her decision."""
        shown = copy(request)
        shown.method, shown.POST = "GET", QueryDict()
        shown.kept = error.kept  # type: ignore[attr-defined]
        return self._changeform(shown, key, form_url, {**context, "news": error.news, "kept": set(error.kept)})

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change=change, **kwargs)
        kept = getattr(request, "kept", None)
        return form if kept is None else _with_input(form, kept)

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        return super().history_view(request, str(_number(object_id)), extra_context)

    def history_form_view(
        self, request: HttpRequest, object_id: str, version_id: str, extra_context: Any = None
    ) -> HttpResponse:
        return super().history_form_view(request, str(_number(object_id)), str(_number(version_id)), extra_context)


def _would_overwrite(form: Any, news: history.News) -> bool:
    """Whether saving would undo something of the news. The form's `changed_data` is what differs from the row now.

    A form with fields of its own hides which of the row's fields they fill: any difference may be one of them.
    """
    fields = {field.name for field in form.instance._meta.get_fields()}
    if not news.changes or not fields.issuperset(form.fields):
        return form.has_changed()
    return any(change.field in form.changed_data for change in news.changes)


def _own_input(form: Any, seen: Any) -> dict[str, Any]:
    """What the person typed that is different from what she saw (where nobody knows: from now), by field, as typed."""
    if seen is None:
        return {name: form[name].value() for name in form.changed_data}
    before = type(form)(instance=seen.instance)
    before.initial |= history.many_at(seen)
    return {
        name: form[name].value()
        for name, field in form.fields.items()
        if name not in before.fields or field.has_changed(before.get_initial_for_field(field, name), form[name].data)
    }


def _with_input(form: Any, kept: dict[str, Any]) -> Any:
    class WithInput(form):
        def __init__(self, *args: Any, **kwargs: Any):
            super().__init__(*args, **kwargs)
            self.initial |= kept

    return WithInput


def _number(part: str) -> int:
    """A row's number out of an address; Http404 for anything else, which django-simple-history would not survive."""
    text = unquote(part)
    if not _is_number(text):
        raise Http404
    return int(text)


def _is_number(text: str) -> bool:
    """Whether it can be the number of a row, which has 63 bits."""
    return text.isascii() and text.isdecimal() and len(text) < 19


def asks_first(button: str, *, effect: str) -> Callable[[Callable], Callable]:
    """Decorate an action of a list so that it says how many and whom, and what will happen, before it does it.

    button: what is done, with "{rows}" in place of the number and the word ("{rows} einladen" reads
    "27 Personen einladen"). effect: one or two German sentences: what happens to each, who is told.
    What is confirmed is done to the rows that were named, also if the list has changed in the meantime.
    """

    def decorate(action: Callable) -> Callable:
        @wraps(action)
        def ask_or_do(self: admin.ModelAdmin, request: HttpRequest, queryset: QuerySet) -> HttpResponse | None:
            chosen = request.POST.get("chosen")
            if chosen is not None:
                keys = [_number(key) for key in chosen.split(",")]
                return action(self, request, self.get_queryset(request).filter(pk__in=keys))
            rows = list(queryset)
            name = self.opts.verbose_name if len(rows) == 1 else self.opts.verbose_name_plural
            deed = button.format(rows=f"{len(rows)} {name}")
            context = {
                **self.admin_site.each_context(request),
                "title": f"{deed[0].upper()}{deed[1:]}?",
                "button": deed,
                "effect": effect,
                "names": _listed([str(row) for row in rows]),
                "chosen": ",".join(str(row.pk) for row in rows),
                "action": request.POST["action"],
                "opts": self.opts,
                "back": request.get_full_path(),
            }
            return TemplateResponse(request, "admin/confirm_action.html", context)

        return ask_or_do

    return decorate


def for_each(request: HttpRequest, rows: Iterable[Any], verb: Callable[[Any], Any], *, done: str) -> list[Any]:
    """Do a verb to each chosen row of a list; tell to how many and to whom, and to whom not and why.

    verb: an action that takes the row and refuses with ValidationError; `functools.partial` gives it who acts.
    done: what has happened, in one or two words that fit one and many ("Gesperrt"). Rows are named by their text.
    Returns what the verb answered for each row it was done to.
    """
    names: list[str] = []
    answers: list[Any] = []
    refused: dict[str, list[str]] = {}
    for row in rows:
        try:
            answers.append(verb(row))
            names.append(str(row))
        except ValidationError as error:
            refused.setdefault(" ".join(error.messages), []).append(str(row))
    if names:
        messages.success(request, f"{done} ({len(names)}): {_listed(names)}.")
    for reason, whom in refused.items():
        # Some reasons name the row themselves.
        messages.warning(request, reason if whom[0] in reason else f"{_listed(whom)}: {reason}")
    return answers


def _listed(names: list[str]) -> str:
    more = len(names) - _NAMED
    return ", ".join(names[:_NAMED]) + (f" und {more} weitere" if more > 0 else "")
