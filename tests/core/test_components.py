"""The components and the form pack: what they print, and that they refuse what they do not know."""

from pathlib import Path

import pytest
from django import forms
from django.conf import settings
from django.core.paginator import Paginator
from django.http import QueryDict
from django.template import Context, Template
from django.template.loader import render_to_string
from django.utils.safestring import mark_safe

from core.templatetags.components import ComponentError, render_once
from tests.undefined import UndefinedVariableError

COMPONENTS = Path(settings.BASE_DIR) / "templates" / "components"


def show(component, **values):
    return render_to_string(f"components/{component}.html", values)


class SignUpForm(forms.Form):
    email = forms.EmailField(
        label="E-Mail-Adresse", help_text="Dienstlich.", widget=forms.EmailInput({"autofocus": True})
    )
    note = forms.CharField(label="Bemerkung", required=False)
    mode = forms.ChoiceField(
        label="Teilnahme", choices=[("ort", "vor Ort"), ("online", "online")], widget=forms.RadioSelect
    )
    agreed = forms.BooleanField(label="Ich bin einverstanden.", error_messages={"required": "Bestätigen Sie das."})
    token = forms.CharField(widget=forms.HiddenInput, required=False)

    def clean(self):
        if self.cleaned_data.get("note") == "falsch":
            raise forms.ValidationError("Das passt nicht zusammen.")
        return self.cleaned_data


def form_page(form):
    return Template("{% load crispy_forms_filters %}{{ form|crispy }}").render(Context({"form": form}))


@pytest.mark.parametrize(
    ("component", "values"),
    [
        ("alert", {"variant": "pink", "title": "Hinweis"}),
        ("alert", {"variant": "info", "title": "Hinweis", "heading": "h7"}),
        ("entry_row", {"name": "Köln", "url": "/", "heading": "h7"}),
        ("card", {"title": "Dokumente", "heading": "h7"}),
        ("badge", {"variant": "error", "text": "Mitglied"}),
        ("button", {"variant": "huge", "label": "Senden"}),
        ("icon", {"name": "unicorn"}),
        ("icon", {"name": "search", "size": "huge"}),
        ("status_line", {"variant": "danger", "state": "Sie sind dabei."}),
        ("table", {"caption": "Liste", "columns": [("Name", "money")], "rows": []}),
    ],
)
def test_an_unknown_variant_is_refused(component, values):
    with pytest.raises(ComponentError, match="none of"):
        show(component, **values)


@pytest.mark.parametrize(
    ("component", "values"),
    [
        ("alert", {"variant": "info", "title": ""}),
        ("alert", {"variant": "info", "title": "Hinweis", "url": "/", "link": ""}),
        ("badge", {"variant": "member", "text": ""}),
        ("entry_row", {"name": "Köln", "url": ""}),
        ("breadcrumb", {"items": [], "current": ""}),
        ("button", {"label": ""}),
        ("card", {"title": ""}),
        ("code_box", {"id": "code", "label": "Schlüssel", "code": ""}),
        ("empty_state", {"title": None}),
        ("figure_number", {"value": None, "label": "Mitglieder"}),
        ("filter_row", {"fields": [], "reset_url": ""}),
        ("map_frame", {"id": "karte", "caption": "", "title": "Karte"}),
        ("page_header", {"title": ""}),
        ("progress", {"id": "lauf", "label": "Läuft", "text": ""}),
        ("search_field", {"id": "", "label": "Suche"}),
        ("status_line", {"variant": "member", "state": ""}),
    ],
)
def test_a_missing_value_is_refused(component, values):
    with pytest.raises(ComponentError, match="missing"):
        show(component, **values)


def test_a_forgotten_value_is_refused():
    with pytest.raises(UndefinedVariableError):
        show("badge", variant="member")


@pytest.mark.parametrize("path", sorted(COMPONENTS.glob("*.html")), ids=lambda path: path.stem)
def test_every_component_says_at_its_head_what_it_takes(path):
    head = path.read_text(encoding="utf-8").split("{% endcomment %}")[0]
    assert head.startswith("{% comment %}")
    assert "Take" in head


def test_text_from_outside_is_shown_as_text():
    html = show("status_line", variant="member", state="<script>alert(1)</script>")
    assert "<script>" not in html
    assert "&lt;script&gt;" in html


def test_figures_of_zero_are_shown():
    assert ">0</dd>" in show("figure_number", value=0, label="Mitglieder")


def test_a_term_without_value_does_not_show():
    html = show(
        "description_list",
        items=[("Kreis", "Kreis Lippe", "/kommunen/kreis-lippe/"), ("Strategie", ""), ("Schulen", 0)],
    )
    assert "Strategie" not in html
    assert '<a href="/kommunen/kreis-lippe/">Kreis Lippe</a>' in html
    assert "<dd>0</dd>" in html


def test_a_row_shorter_than_its_table_is_refused():
    with pytest.raises(ValueError, match="longer"):
        show("table", caption="Liste", columns=[("Name", "text"), ("Jahr", "number")], rows=[["Köln"]])


def test_a_table_names_its_rows_and_aligns_numbers():
    html = show("table", caption="Liste", columns=[("Name", "text"), ("Jahr", "number")], rows=[["Köln", 2012]])
    assert '<th scope="row" class="table__text">Köln</th>' in html
    assert '<td class="table__number">2012</td>' in html


def test_pagination_keeps_the_filters_and_marks_the_page():
    page = Paginator(range(200), 10).page(7)
    html = show("pagination", page=page, query=QueryDict("q=k%C3%B6ln&art=stadt&seite=7"))
    assert 'href="?q=k%C3%B6ln&amp;art=stadt&amp;seite=8"' in html
    assert '<span aria-current="page"><span class="kern-sr-only">Seite </span>7</span>' in html
    assert html.count("<li>") == 9  # back, 1, …, 6, 7, 8, …, 20, next


def test_a_single_page_needs_no_pagination():
    assert not show("pagination", page=Paginator(range(5), 10).page(1), query=QueryDict()).strip()


def test_pairs_must_be_even():
    with pytest.raises(ComponentError, match="odd"):
        Template("{% load components %}{% pairs 'Kreis' %}").render(Context())


def test_an_empty_form_ties_help_to_its_field_and_marks_what_is_optional():
    html = form_page(SignUpForm())
    assert "Fehler" not in html
    assert 'aria-describedby="id_email_helptext"' in html
    assert 'id="id_email_helptext"' in html
    assert html.count("(freiwillig)") == 1
    assert html.count("autofocus") == 1
    assert 'class="kern-form-input__input"' in html


def test_errors_stand_at_the_field_and_in_a_summary_that_takes_the_focus():
    html = form_page(SignUpForm({"email": "info(at)stadt"}))
    assert html.count("autofocus") == 1
    assert '<a href="#id_email">E-Mail-Adresse: ' in html
    assert '<a href="#id_mode">Teilnahme: ' in html
    assert '<a href="#id_agreed">Bestätigen Sie das.</a>' in html
    assert 'aria-invalid="true"' in html
    assert 'aria-describedby="id_email_helptext id_email_error"' in html
    for target in ("id_email", "id_mode", "id_agreed", "id_email_error", "id_mode_error"):
        assert html.count(f'id="{target}"') == 1
    assert "kern-form-input__input--error" in html


def test_errors_of_the_whole_form_stand_in_the_summary():
    html = form_page(SignUpForm({"email": "a@b.example", "mode": "ort", "agreed": "1", "note": "falsch"}))
    assert "<li>Das passt nicht zusammen.</li>" in html


def test_radio_buttons_stand_in_a_fieldset_with_the_question_as_legend():
    html = form_page(SignUpForm())
    assert '<fieldset class="kern-fieldset" id="id_mode">' in html
    assert '<legend class="kern-label">Teilnahme</legend>' in html
    assert html.count('class="kern-form-check__radio"') == 2


def test_a_widget_that_the_forms_cannot_show_yet_is_refused():
    class When(forms.Form):
        begin = forms.DateField(widget=forms.SelectDateWidget)

    with pytest.raises(ComponentError, match="cannot show"):
        form_page(When())


def test_filters_unfold_when_one_is_set_and_offer_the_way_back():
    form = SignUpForm()
    folded = show("filter_row", fields=[form["note"]], reset_url="/kommunen/")
    assert '<details class="filters">' in folded
    assert "aufheben" not in folded
    assert "(freiwillig)" not in folded
    unfolded = show("filter_row", fields=[form["note"]], reset_url="/kommunen/", active=2)
    assert '<details class="filters" open>' in unfolded
    assert "(2 gesetzt)" in unfolded
    assert '<a href="/kommunen/">Alle Filter aufheben</a>' in unfolded


def test_a_map_can_be_skipped_and_names_its_source():
    html = show("map_frame", id="karte", svg="", caption="Mitglieder.", title="Karte der Mitglieder")
    assert '<a class="map-frame__skip" href="#karte_ende">Karte überspringen</a>' in html
    assert html.count('id="karte_ende"') == 1
    assert '<div role="group" aria-label="Karte der Mitglieder">' in html
    assert "© GeoBasis-DE / BKG 2017 (Daten verändert)" in html


def test_what_is_rendered_once_is_told_apart_by_all_its_values():
    badges = [
        render_once("components/badge.html", variant=variant, text=text)
        for variant, text in (
            ("member", "Mitglied"),
            ("neutral", "Mitglied"),
            ("member", mark_safe("<b>")),
            ("member", "<b>"),
            ("member", "Mitglied"),
        )
    ]
    assert len(set(badges)) == 4
    assert badges[4] is badges[0]
    assert "<b>" in badges[2]
    assert "&lt;b&gt;" in badges[3]


def test_what_may_change_cannot_be_rendered_once():
    with pytest.raises(TypeError, match="unhashable"):
        render_once("components/description_list.html", items=[("Kreis", "Steinfurt")])
