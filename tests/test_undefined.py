from pathlib import Path

import pytest
from django.conf import settings
from django.template import Context, Origin, Template, engines

from tests.undefined import UndefinedVariableError

OURS = str(Path(settings.BASE_DIR) / "templates/page.html")


def render(text: str, *, origin: str = OURS, **values) -> str:
    return Template(text, origin=Origin(origin), engine=engines["django"].engine).render(Context(values))


def test_a_template_of_ours_may_not_name_what_nobody_gave_it():
    with pytest.raises(UndefinedVariableError, match="name"):
        render("Guten Tag, {{ name }}")


def test_a_missing_attribute_counts_too():
    with pytest.raises(UndefinedVariableError, match=r"page\.html: person\.nmae"):
        render("{{ person.nmae|upper }}", person={"name": "Rosa"})


def test_what_the_template_provides_for_is_no_fault():
    assert render('{% if name %}da{% endif %}{{ name|default:"ohne Namen" }}') == "ohne Namen"


def test_templates_of_libraries_stay_forgiving():
    assert render("[{{ name|length }}]", origin="/usr/lib/library/page.html") == "[0]"


def test_what_is_there_is_shown():
    assert render("{{ name }}", name="Rosa") == "Rosa"


def test_the_rule_outlives_a_change_of_settings(settings):
    settings.DEBUG = True  # Django then forgets its template engine
    with pytest.raises(UndefinedVariableError):
        render("{{ name }}")
