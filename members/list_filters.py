"""Filters of the lists in the back office, by the same questions as the lines of "Heute"."""

from functools import partial

from django.contrib import admin

from core.dates import today
from members import worklist
from members.models import CandidacyStage, Confirmation, Municipality, Note


class RunningFilter(admin.SimpleListFilter):
    """Rows that hold today, or those that ended."""

    title = "Stand"
    parameter_name = "stand"

    def lookups(self, request, model_admin):
        return [("laufend", "läuft"), ("beendet", "beendet")]

    def queryset(self, request, queryset):
        if self.value() == "beendet":
            return queryset.filter(ended_on__lt=today())
        return queryset.on(today()) if self.value() == "laufend" else queryset


class OpenFilter(RunningFilter):
    """Candidacies: those that run, or those that ended."""

    def queryset(self, request, queryset):
        if self.value() == "beendet":
            return queryset.exclude(ended_on=None)
        return queryset.open() if self.value() == "laufend" else queryset


class MembershipFilter(RunningFilter):
    """Besides, memberships whose start nobody proved."""

    def lookups(self, request, model_admin):
        return [*super().lookups(request, model_admin), ("ohne-beginn", "Beginn nicht belegt")]

    def queryset(self, request, queryset):
        unproven = self.value() == "ohne-beginn"
        return queryset.filter(started_on__isnull=True) if unproven else super().queryset(request, queryset)


class ByQuestion(admin.SimpleListFilter):
    """Rows of one of the questions that "Heute" counts (members/worklist.py): word in the address, label, rows."""

    questions = ()

    def lookups(self, request, model_admin):
        return [(word, label) for word, label, _ in self.questions]

    def queryset(self, request, queryset):
        rows = {word: rows for word, _, rows in self.questions}.get(self.value())
        return queryset.filter(pk__in=rows().values("pk")) if rows else queryset


class MemberFilter(ByQuestion):
    """Members of today, all others, and of these who is on the way or was in once."""

    title = "Mitgliedschaft"
    parameter_name = "mitglied"
    questions = (
        ("ja", "Mitglied", Municipality.objects.members),
        ("nein", "noch nicht dabei oder ehemalig", Municipality.objects.not_members),
        ("interessiert", "Interessiert", partial(Municipality.objects.candidates, CandidacyStage.INTERESTED)),
        ("antrag", "Antrag läuft", partial(Municipality.objects.candidates, CandidacyStage.APPLYING)),
        ("ehemalig", "ehemalig", Municipality.objects.former_members),
    )


class GapFilter(ByQuestion):
    title = "Was Mitgliedern fehlt"
    parameter_name = "luecke"
    questions = (
        ("ansprechperson", "Ansprechperson", worklist.without_contact),
        ("profil", "Profil", worklist.without_profile),
        ("stand", "Bestätigung seit einem Jahr", worklist.with_stale_profile),
    )


class AccessFilter(ByQuestion):
    title = "Zugang"
    parameter_name = "zugang"
    questions = (
        ("ohne", "ohne Zugang", worklist.without_access),
        ("eingeladen", "seit zwei Wochen eingeladen", worklist.with_unanswered_invitation),
    )


class ReachFilter(ByQuestion):
    title = "Per E-Mail erreichbar"
    parameter_name = "erreichbar"
    questions = (("nein", "nein, E-Mails kommen zurück", worklist.with_stopped_address),)


class AnswerFilter(ByQuestion):
    title = "Stand"
    parameter_name = "stand"
    questions = (
        ("bestaetigt", "bestätigt", lambda: Confirmation.objects.current().confirmed()),
        ("offen", "offen", lambda: Confirmation.objects.current().waiting()),
        ("stumm", "keine Antwort", worklist.without_answer),
        ("unerreichbar", "nicht erreichbar", worklist.unreachable),
    )


class FollowUpFilter(ByQuestion):
    title = "Wiedervorlage"
    parameter_name = "wiedervorlage"
    questions = (("faellig", "fällig", Note.objects.due), ("offen", "offen", Note.objects.waiting))


class ReviewFilter(ByQuestion):
    """Profiles whose bodies changed something that the office has not looked at."""

    title = "Änderung der Kommune"
    parameter_name = "aenderung"
    questions = (("neu", "noch nicht angesehen", worklist.changed_profiles),)
