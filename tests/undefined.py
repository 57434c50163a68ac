"""Makes templates of ours fail on a variable that nobody gave them; Django's and allauth's stay as forgiving as before.

Django asks `string_if_invalid` for a replacement each time a variable is missing. Ours looks who asks: the nearest
template node on the call stack knows its file. A missing value that the template itself provides for (`{% if x %}`,
`{{ x|default:"…" }}`) is no fault, nor one handed on to a component (`{% include … with hint=hint %}`): the component
says itself what it needs.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from django.conf import settings
from django.template import engines
from django.template.base import FilterExpression, Node
from django.template.defaultfilters import default, default_if_none, yesno
from django.template.loader_tags import IncludeNode
from django.utils.safestring import mark_safe

OURS = Path(settings.BASE_DIR) / "templates"
PROVIDING = (default, default_if_none, yesno)


class UndefinedVariableError(AssertionError):
    """A template of ours names a variable that its view does not give."""


class Loud:
    """Stands in for the text that Django shows instead of a missing variable."""

    def __contains__(self, text: str) -> bool:
        return True  # Django then fills the name in with `%`

    def __mod__(self, variable: object) -> str:
        caller = sys._getframe(1)
        expression, context = caller.f_locals["self"], caller.f_locals["context"]
        if not (expression.filters and expression.filters[0][0] in PROVIDING):
            node = _asking_node(caller)
            template = Path(node.origin.name) if node else Path()
            if template.is_relative_to(OURS) and not isinstance(node, IncludeNode):
                raise UndefinedVariableError(f"{template.relative_to(OURS)}: {variable}")
        return _filtered(expression, context)


def _filtered(expression: FilterExpression, context) -> str:
    """Apply the filters to nothing, as Django does without a `string_if_invalid`."""
    value = ""
    for function, arguments in expression.filters:
        values = [item.resolve(context) if is_variable else mark_safe(item) for is_variable, item in arguments]
        options = {"autoescape": context.autoescape} if getattr(function, "needs_autoescape", False) else {}
        value = function(value, *values, **options)
    return value


def _asking_node(frame: FrameType | None) -> Node | None:
    while frame is not None:
        node = frame.f_locals.get("self")
        if isinstance(node, Node) and getattr(node, "origin", None) is not None:
            return node
        frame = frame.f_back
    return None


@contextmanager
def undefined_variables_fail() -> Iterator[None]:
    """In the settings, too: Django builds its template engine anew whenever a test switches DEBUG or the like."""
    options, engine = settings.TEMPLATES[0]["OPTIONS"], engines["django"].engine
    options["string_if_invalid"] = engine.string_if_invalid = Loud()
    try:
        yield
    finally:
        del options["string_if_invalid"]
        engine.string_if_invalid = ""
