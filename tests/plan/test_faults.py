"""Faults of templates are told in our words, not in the parser's."""

import gettext
import re
from collections.abc import Iterator

import pytest

from workbench.app import resources
from workbench.plan import words
from workbench.plan.catalogue import Catalogue
from workbench.plan.faults import fault
from workbench.plan.filling import compiled
from workbench.plan.render import check
from workbench.plan.sandbox import RenderError
from workbench.plan.template import Template

FAULTS = {
    "{{ a": "“}}” is missing: the message ends before it.",
    "{{ a b }}": "“}}” is expected here, not “b”.",
    "{{ 1 2 }}": "“}}” is expected here, not a number.",
    "{{ a| }}": "a name is expected here, not “}}”.",
    "{{ }}": "A value is missing before “}}”.",
    "{{ a. }}": "After a dot comes a name.",
    "{{ (a] }}": "“)” is expected here, not “]”.",
    "{{ a) }}": "“)” cannot stand here.",
    "{{ a & b }}": "“&” cannot stand here.",
    "{{ 'a }}": "A text in quotes is not closed.",
    "{{ a is odd is even }}": "Only one “is” can stand here; join two by “and”.",
    "{{ f(**a, *b) }}": "Functions cannot be called in a message.",
    "{% %}": "After {% comes a word such as if, for or set.",
    "{% foo %}": "There is no {% foo %}.",
    "{% endif %}": "{% endif %} closes nothing: nothing is open here.",
    "{% for x in y %}{% endif %}": "{% endif %} cannot stand here: {% for %} is still open.",
    "{% if a %}{% for x in y %}{% endif %}": "{% endif %} cannot stand here: {% for %} is still open.",
    "{% if a %}x": "{% if %} is not closed: {% endif %} is missing.",
    "{% for loop in a %}{% endfor %}": "The name “loop” is taken.",
    "{% set 1 = 2 %}": "A value can be set under a name only.",
    "{# x": "{# is not closed: #} is missing.",
    "{% raw %}x": "{% raw %} is not closed: {% endraw %} is missing.",
}


@pytest.fixture
def russian() -> Iterator[None]:
    with (resources() / "languages" / "ru.mo").open("rb") as file:
        words.speak(gettext.GNUTranslations(file))
    yield
    words.speak(gettext.NullTranslations())


@pytest.mark.parametrize("source", FAULTS)
def test_each_fault_says_what_is_to_be_mended(source: str) -> None:
    with pytest.raises(RenderError) as raised:
        compiled(source, html=False)
    assert str(raised.value) == f"Line 1: {FAULTS[source]}"


def test_the_line_is_that_of_the_fault_where_it_is_written_and_where_it_is_filled() -> None:
    template = Template(name="x", subject="x", html="", text="one\ntwo {{ a b }}")
    (problem,) = check(template, Catalogue())
    assert str(problem.text) == "Line 2: “}}” is expected here, not “b”."
    with pytest.raises(RenderError, match="Line 2"):
        compiled(template.text, html=False)


def test_a_sentence_that_nobody_knows_is_quoted_as_it_is() -> None:
    assert str(fault("Something {new}")) == "The template cannot be read: Something {new}"


@pytest.mark.usefixtures("russian")
@pytest.mark.parametrize("source", FAULTS)
def test_no_english_word_is_left_in_russian(source: str) -> None:
    with pytest.raises(RenderError) as raised:
        compiled(source, html=False)
    english = set(re.findall("[A-Za-z]+", str(raised.value)))
    assert english <= {"if", "endif", "for", "endfor", "set", "foo", "raw", "endraw", "is", "and", "loop", "b"}
