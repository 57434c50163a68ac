"""Tags of the components under templates/components/: they fail loudly, so that a wrong value never reaches a page."""

from collections.abc import Iterable, Iterator
from typing import Any

from django import template

register = template.Library()


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
