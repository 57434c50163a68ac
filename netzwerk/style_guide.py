"""Sample data of the style guide, which shows every component with its variants and states; all of it is made up."""

from typing import Any

from django import forms
from django.core.paginator import Page, Paginator
from django.http import QueryDict

from core.dates import today
from core.worklist import DO, RUNNING, Line

_KINDS = [("stadt", "Städte"), ("gemeinde", "Gemeinden"), ("kreis", "Kreise")]


class SampleForm(forms.Form):
    """One field of each kind that the forms of the portal may use."""

    name = forms.CharField(label="Name der Anlaufstelle", help_text="So, wie sie sich nach außen nennt.", max_length=80)
    email = forms.EmailField(label="E-Mail-Adresse", error_messages={"required": "Geben Sie die E-Mail-Adresse ein."})
    kind = forms.ChoiceField(label="Art der Kommune", choices=[("", "Bitte wählen"), *_KINDS])
    note = forms.CharField(label="Bemerkung", required=False, widget=forms.Textarea(attrs={"rows": 4}))
    mode = forms.ChoiceField(
        label="Teilnahme",
        choices=[("ort", "vor Ort"), ("online", "online")],
        widget=forms.RadioSelect,
        error_messages={"required": "Wählen Sie, wie Sie teilnehmen."},
    )
    topics = forms.MultipleChoiceField(
        label="Themen",
        choices=[
            ("ehrenamtskarte", "Ehrenamtskarte"),
            ("strategie", "Engagementstrategie"),
            ("jugend", "Junges Engagement"),
        ],
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text="Mehrere sind möglich.",
    )
    agreed = forms.BooleanField(
        label="Die Angaben dürfen öffentlich stehen.",
        error_messages={"required": "Bestätigen Sie die Veröffentlichung."},
    )
    closed = forms.CharField(label="Amtlicher Gemeindeschlüssel", disabled=True, required=False, initial="05754028")


def _form(prefix: str, data: dict[str, Any] | None = None) -> SampleForm:
    """Several forms stand on the page, so each gets ids of its own."""
    bound = {f"{prefix}-{name}": value for name, value in data.items()} if data is not None else None
    return SampleForm(bound, prefix=prefix)


def _page(number: int, *, of: int) -> Page:
    return Paginator(range(of), 1).page(number)


def samples() -> dict[str, Any]:
    """Return what templates/netzwerk/style_guide.html shows."""
    return {
        "filter_fields": [_form("filter")["kind"], _form("filter")["mode"]],
        "empty_form": _form("leer"),
        "wrong_form": _form(
            "falsch", {"name": "Freiwilligenbüro", "email": "info(at)stadt", "note": "Öffnet neu im März."}
        ),
        "work": [
            Line(DO, "Mitglieder ohne Ansprechperson", "Ansprechperson klären", "#listen", count=12),
            Line(DO, "Anruf aus Schloß Holte-Stukenbrock", "Ansehen", "#listen", since=today()),
            Line(RUNNING, "„Einladung“ geht an 40 Empfänger", "Zurücknehmen", "#listen", acts=True, about="#listen"),
        ],
        "tasks": [
            Line(DO, "Im Profil von Schloß Holte-Stukenbrock fehlen 4 Angaben", "Ergänzen", "#listen"),
            Line(DO, "„Stimmt noch?“: Ihre Angaben", "Prüfen", "#listen", since=today()),
        ],
        "columns": [("Kommune", "text"), ("Mitglied seit", "date"), ("Einwohner", "number")],
        "rows": [
            ["Schloß Holte-Stukenbrock", "6. Dezember 2012", "27.086"],
            ["Bezirksregierung Düsseldorf", "März 2019", "–"],
            ["Köln", "nicht belegt", "1.084.831"],
        ],
        "no_rows": [],
        "facts": [
            ("Kreis", "Kreis Gütersloh", "/kommunen/"),
            ("Regierungsbezirk", "Detmold"),
            ("Strategie", ""),
            ("E-Mail", "engagement@schloss-holte-stukenbrock.example"),
        ],
        "first_page": _page(1, of=3),
        "middle_page": _page(7, of=20),
        "query": QueryDict("q=lippe"),
    }
