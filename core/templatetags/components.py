"""Tags of the components under templates/components/: they fail loudly, so that a wrong value never reaches a page."""

import json
from collections.abc import Hashable, Iterable, Iterator
from functools import lru_cache
from typing import Any

from django import template
from django.conf import settings
from django.core.paginator import Page
from django.forms import BoundField
from django.http import QueryDict
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

register = template.Library()

# Inside a script element, only these could end it or begin another one (as Django's json_script).
_NO_MARKUP = {ord(sign): f"\\u{ord(sign):04X}" for sign in "<>&"}
_CHOICE_CLASSES = {"radioselect": "kern-form-check__radio", "checkboxselectmultiple": "kern-form-check__checkbox"}


class ComponentError(ValueError):
    """A component was included with a missing or an unknown value."""


@register.simple_tag
def one_of(value: Any, allowed: str) -> str:
    """Return the value if it is one of the words in `allowed` ("info success"); raise ComponentError otherwise."""
    if str(value) not in allowed.split():
        raise ComponentError(f"„{value}“ is none of: {', '.join(allowed.split())}")
    return str(value)


@register.simple_tag
def needs(**values: Any) -> str:
    """Print nothing; raise ComponentError for the first named value that is empty: `{% needs title=title %}`."""
    for name, value in values.items():
        if value is None or value == "":
            raise ComponentError(f"„{name}“ is missing")
    return ""


class _Kept(template.Node):
    def __init__(self, name: str, nodelist: template.NodeList) -> None:
        self.name, self.nodelist = name, nodelist

    def render(self, context: template.Context) -> str:
        context[self.name] = mark_safe(self.nodelist.render(context).strip())  # noqa: S308 - rendered by the template
        return ""


@register.tag
def keep(parser: template.base.Parser, token: template.base.Token) -> _Kept:
    """Print nothing and keep what stands inside under a name, to be printed more than once, as a block cannot be.

    `{% keep page_title %}{% block title %}{% endblock %}{% endkeep %}`
    """
    _, name = token.split_contents()
    nodelist = parser.parse(["endkeep"])
    parser.delete_first_token()
    return _Kept(name, nodelist)


@register.simple_tag
def json_ld(data: Any) -> SafeString:
    """Return data for machines (schema.org) as a script element that no browser runs, so no policy forbids it."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":")).translate(_NO_MARKUP)
    return mark_safe(f'<script type="application/ld+json">{text}</script>')  # noqa: S308 - escaped in the line above


@register.simple_tag
def breadcrumb_data(items: Iterable[tuple[str, str]], current: str) -> dict[str, Any]:
    """Return a breadcrumb's names and addresses as schema.org has them; the page itself needs no address."""
    steps = [("Startseite", reverse("start")), *(items or ())]
    elements = [
        {"@type": "ListItem", "position": number, "name": str(name), "item": f"{settings.SITE_URL}{url}"}
        for number, (name, url) in enumerate(steps, start=1)
    ]
    elements.append({"@type": "ListItem", "position": len(elements) + 1, "name": str(current)})
    return {"@context": "https://schema.org", "@type": "BreadcrumbList", "itemListElement": elements}


@register.simple_tag
def pairs(*values: Any) -> list[tuple[Any, Any]]:
    """Return the values two by two, for lists written in a template: `{% pairs "Kreis" body.district as facts %}`."""
    if len(values) % 2:
        raise ComponentError(f"an odd number of values: {values}")
    return list(zip(values[::2], values[1::2], strict=True))


@register.filter
def along(cells: Iterable[Any], columns: Iterable[Any]) -> Iterator[tuple[Any, Any]]:
    """Pair the cells of a row with the table's columns; a row of another length raises ValueError."""
    return zip(cells, columns, strict=True)


@register.filter
def shown_pages(page: Page) -> Iterator[int | str]:
    """Return the page numbers to link: the ends, the neighbours, and the paginator's ellipsis between."""
    return page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)


@register.simple_tag
@lru_cache(maxsize=20_000, typed=True)  # typed: markup that is safe equals the same text that is not
def render_once(name: str, **values: Hashable) -> SafeString:
    """Render a template for values that never change (frozen dataclasses, text), and remember the markup by them.

    The template sees only the values, and a change of it shows after the next start.
    """
    return render_to_string(name, values)


@register.simple_tag
def render_each_once(name: str, called: str, values: Iterable[Hashable], **same: Hashable) -> SafeString:
    """Do so for each row of a long list: `{% render_each_once "members/row.html" "entry" members %}`.

    called: how the template names the row. One tag a row would cost more than the remembered markup.
    """
    return mark_safe("".join([render_once(name, **{called: value}, **same) for value in values]))  # noqa: S308 - of templates


@register.simple_tag
def page_link(query: QueryDict, name: str, number: int) -> SafeString:
    """Return "?…" for a page of a list, with everything else of the query string kept (escaped for HTML)."""
    changed = query.copy()
    changed[name] = str(number)
    return template.defaultfilters.force_escape(f"?{changed.urlencode()}")


@register.filter
def dressed(field: BoundField, css_class: str) -> BoundField:
    """Give the field's control its KERN class, and the class's "--error" form where the input was wrong."""
    attrs = field.field.widget.attrs
    names = {*attrs.get("class", "").split(), css_class}
    if field.errors:
        names.add(f"{css_class}--error")
    attrs["class"] = " ".join(sorted(names))
    if field.form.errors:
        # The error summary takes the focus; a page may name one element only.
        attrs.pop("autofocus", None)
    return field


@register.filter
def choices(field: BoundField) -> BoundField:
    """Return the boxes or radio buttons of a field one by one; raise ComponentError for any other widget."""
    if field.widget_type not in _CHOICE_CLASSES:
        raise ComponentError(f"„{field.name}“ is a {field.widget_type}, which the forms cannot show yet")
    return dressed(field, _CHOICE_CLASSES[field.widget_type])
