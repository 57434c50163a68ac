"""The public directory: list and map of the same set under the same filters."""

from dataclasses import dataclass

from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from core.page_cache import keep_page
from members import maps
from members.forms import KIND_GROUPS, UNKNOWN_YEAR, DirectoryForm
from members.search import DirectoryEntry, Hit, entries, find

FILTERS = ("art", "bezirk", "kreis", "thema", "jahr")


@dataclass(frozen=True)
class Selection:
    """What the directory shows: answers to the question itself, then members, then bodies that are not in yet."""

    answers: list[DirectoryEntry]
    members: list[DirectoryEntry]
    others: list[DirectoryEntry]

    @property
    def all(self) -> list[DirectoryEntry]:
        return [*self.members, *self.others]


@require_safe
@keep_page(*FILTERS)
def directory(request):
    everyone = entries()
    years = sorted({entry.joined for entry in everyone if entry.joined}, reverse=True)
    form = DirectoryForm(request.GET, years=years)
    chosen = form.chosen()
    selection = _select(everyone, chosen)
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
    }
    return render(request, "members/directory.html", context)


def _select(everyone: tuple[DirectoryEntry, ...], chosen: dict[str, str]) -> Selection:
    filtered = [entry for entry in everyone if _fits(entry, chosen)]
    if "q" not in chosen:
        return Selection([], [entry for entry in filtered if entry.is_member], [])
    hits = find(chosen["q"], filtered)
    members = [hit.entry for hit in hits if hit.entry.is_member]
    others = [hit.entry for hit in hits if not hit.entry.is_member]
    return Selection(_answers(hits), members, others)


def _fits(entry: DirectoryEntry, chosen: dict[str, str]) -> bool:
    year = chosen.get("jahr")
    return (
        ("art" not in chosen or entry.kind in KIND_GROUPS[chosen["art"]][1])
        and ("bezirk" not in chosen or entry.bezirk == chosen["bezirk"])
        and ("kreis" not in chosen or entry.kreis == chosen["kreis"])
        and ("thema" not in chosen or chosen["thema"] in entry.topics)
        and (year is None or (entry.is_member and str(entry.joined or UNKNOWN_YEAR) == year))
    )


def _answers(hits: list[Hit]) -> list[DirectoryEntry]:
    """The bodies that are clearly meant: the name itself, or the only find."""
    exact = [hit.entry for hit in hits if hit.rank == 0]
    return exact or ([hits[0].entry] if len(hits) == 1 else [])


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
