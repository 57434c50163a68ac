"""The queue in the back office: lists and records to look at, and the few decisions that are the office's to make."""

from functools import partial
from typing import Any, cast

from django.contrib import admin, messages
from django.contrib.auth.base_user import AbstractBaseUser
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.text import Truncator
from simple_history.admin import SimpleHistoryAdmin

from core import actions, bouncing
from core.backoffice import FilledFilter, ListAdmin, asks_first, for_each
from core.mailkinds import MailClass, all_kinds
from core.models import Batch, Bounce, MailState, OutgoingMail


def actor(request: HttpRequest) -> AbstractBaseUser:
    """Return who acts; in the back office nobody is anonymous."""
    return cast(AbstractBaseUser, request.user)


class LookOnlyAdmin(ListAdmin):
    """Nobody types into these records; who may change them finds actions instead of fields."""

    actions_selection_counter = True

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_decide_permission(self, request: HttpRequest) -> bool:
        """Asked by Django for actions with permissions=["decide"]."""
        return request.user.has_perm(f"core.change_{self.opts.model_name}")


class KindFilter(admin.SimpleListFilter):
    title = "Art"
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [(kind.key, kind.name) for kind in all_kinds()]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return queryset.filter(kind=self.value()) if self.value() else queryset


@admin.register(OutgoingMail)
class OutgoingMailAdmin(LookOnlyAdmin):
    list_display = ("to_address", "state", "reason_display", "kind_display", "created_display")
    list_filter = ("state", "mail_class", KindFilter, "created_at")
    search_fields = ("to_address", "to_name", "subject", "batch__title")
    search_help_text = "Adresse, Name, Betreff oder Anlass der Sammelsendung"
    list_select_related = ("batch",)
    date_hierarchy = "created_at"
    export_columns = ("to_name", "mail_class", "batch", "subject", "created_at", "settled_at", "attempts")
    actions = ("settle_as_arrived", "send_again")
    fields = (
        "kind_display", "mail_class", "batch", "to_name", "to_address", "state", "reason", "created_at", "due_at",
        "first_tried_at", "attempts", "settled_at", "decided_by", "subject", "text_display",
    )  # fmt: skip
    readonly_fields = fields

    @admin.display(description="Art", ordering="kind")
    def kind_display(self, mail: OutgoingMail) -> str:
        return mail.kind_name

    @admin.display(description="Angelegt", ordering="created_at")
    def created_display(self, mail: OutgoingMail) -> str:
        return date_format(timezone.localtime(mail.created_at), "SHORT_DATETIME_FORMAT")

    @admin.display(description="Grund", ordering="reason")
    def reason_display(self, mail: OutgoingMail) -> str:
        return Truncator(mail.reason).chars(60)

    @admin.display(description="Text")
    def text_display(self, mail: OutgoingMail) -> str:
        # Whoever reads a sign-in code can sign in as its recipient.
        if mail.mail_class == MailClass.ACCESS:
            return "Der Text von Anmelde-E-Mails wird hier nicht gezeigt."
        return format_html_join("", "<p>{}</p>", ([part] for part in mail.text.split("\n\n")))

    @admin.action(description="Ungewisse als zugestellt vermerken", permissions=["decide"])
    @asks_first("{rows} als zugestellt vermerken", effect="Es wird nichts gesendet. Das lässt sich nicht zurücknehmen.")
    def settle_as_arrived(self, request: HttpRequest, queryset: QuerySet[OutgoingMail]) -> None:
        for_each(
            request,
            queryset,
            partial(actions.settle_unknown, arrived=True, by=actor(request)),
            done="Als zugestellt vermerkt",
        )

    @admin.action(description="Ungewisse noch einmal senden", permissions=["decide"])
    @asks_first(
        "{rows} noch einmal senden",
        effect="Jede E-Mail geht gleich noch einmal hinaus. Wer sie schon bekommen hat, bekommt sie ein zweites Mal.",
    )
    def send_again(self, request: HttpRequest, queryset: QuerySet[OutgoingMail]) -> None:
        for_each(
            request,
            queryset,
            partial(actions.settle_unknown, arrived=False, by=actor(request)),
            done="Noch einmal in den Versand gegeben",
        )


@admin.register(Batch)
class BatchAdmin(LookOnlyAdmin, SimpleHistoryAdmin):
    list_display = (
        "title_display", "kind_display", "created_at", "created_by", "recipients", "paused_at", "taken_back_at",
    )  # fmt: skip
    list_display_links = None  # the title leads to its page (netzwerk.sending_views)
    list_filter = (
        KindFilter,
        "created_at",
        ("paused_at", FilledFilter),
        ("taken_back_at", FilledFilter),
    )
    search_fields = ("title",)
    search_help_text = "Anlass"
    list_select_related = ("created_by",)
    date_hierarchy = "created_at"
    export_columns = ("held_until", "pause_reason")
    actions = ("pause", "resume", "take_back")
    fields = (
        "title", "kind_display", "created_at", "created_by", "recipients", "counts_display", "send_at", "held_until",
        "paused_at", "pause_reason", "resumed_at", "taken_back_at",
    )  # fmt: skip
    readonly_fields = fields

    @admin.display(description="Anlass", ordering="title")
    def title_display(self, batch: Batch) -> str:
        return format_html('<a href="{}">{}</a>', reverse("batch", args=[batch.pk]), batch.title)

    @admin.display(description="Art", ordering="kind")
    def kind_display(self, batch: Batch) -> str:
        return batch.kind_name

    @admin.display(description="Stand der Zustellungen")
    def counts_display(self, batch: Batch) -> str:
        return ", ".join(f"{count} {MailState(state).label}" for state, count in batch.counts().items() if count)

    @admin.action(description="Anhalten", permissions=["decide"])
    def pause(self, request: HttpRequest, queryset: QuerySet[Batch]) -> None:
        for_each(request, queryset, partial(actions.pause, by=actor(request)), done="Angehalten")

    @admin.action(description="Fortsetzen", permissions=["decide"])
    @asks_first("{rows} fortsetzen", effect="Was noch wartet, geht sofort hinaus.")
    def resume(self, request: HttpRequest, queryset: QuerySet[Batch]) -> None:
        for_each(request, queryset, partial(actions.resume, by=actor(request)), done="Fortgesetzt")

    @admin.action(description="Zurücknehmen (was noch wartet, wird nicht gesendet)", permissions=["decide"])
    @asks_first(
        "{rows} zurücknehmen",
        effect="Was noch wartet, wird nicht mehr gesendet. Das lässt sich nicht rückgängig machen.",
    )
    def take_back(self, request: HttpRequest, queryset: QuerySet[Batch]) -> None:
        stopped = for_each(request, queryset, partial(actions.take_back, by=actor(request)), done="Zurückgenommen")
        self.message_user(request, f"Nicht mehr gesendete E-Mails: {sum(stopped)}.", messages.SUCCESS)


class StoppedFilter(admin.SimpleListFilter):
    title = "Adresse"
    parameter_name = "adresse"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [("gesperrt", "bekommt nichts mehr")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Bounce]) -> QuerySet[Bounce]:
        if self.value() != "gesperrt":
            return queryset
        return queryset.counting().filter(address__in=Bounce.objects.stopped_addresses())  # type: ignore[attr-defined]


@admin.register(Bounce)
class BounceAdmin(LookOnlyAdmin):
    list_display = ("address", "sort_display", "report_display", "happened_at", "cleared_at")
    list_filter = (StoppedFilter, "points", "happened_at")
    search_fields = ("address", "report")
    search_help_text = "Adresse oder Meldung"
    date_hierarchy = "happened_at"
    export_columns = ("status", "cleared_by")
    actions = ("release",)
    fields = ("address", "sort_display", "status", "report", "happened_at", "mail", "cleared_at", "cleared_by")
    readonly_fields = fields

    @admin.display(description="Ursache", ordering="points")
    def sort_display(self, bounce: Bounce) -> str:
        return "endgültig" if bounce.is_hard else "vorübergehend"

    @admin.display(description="Meldung", ordering="report")
    def report_display(self, bounce: Bounce) -> str:
        return Truncator(bounce.report or bounce.status).chars(60)

    @admin.action(description="Adresse wieder freigeben", permissions=["decide"])
    @asks_first(
        "{rows} erledigen",
        effect="An diese Adressen gehen wieder E-Mails. Was bisher zurückkam, zählt nicht mehr.",
    )
    def release(self, request: HttpRequest, queryset: QuerySet[Bounce]) -> None:
        for_each(request, queryset, partial(bouncing.release, by=actor(request)), done="Wieder freigegeben")
