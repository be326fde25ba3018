"""Merge fields in text: where they stand, how they are written, how typing becomes steps."""

import pytest
from pytestqt.qtbot import QtBot

from workbench.gui.templates import merge
from workbench.gui.templates.code import CodeEdit
from workbench.gui.templates.problems import places
from workbench.gui.templates.starter import starter
from workbench.gui.templates.strokes import Strokes
from workbench.gui.theme.theme import Theme
from workbench.plan import render
from workbench.plan.catalogue import Catalogue, Known
from workbench.plan.template import Template


def test_uses_tells_the_place_of_each_field_and_passes_over_words_in_strings() -> None:
    text = (
        'Hi {{ User.UserAttributes.FirstName | default("Id") }}, {% if Metrics.spent > 3 %}{{ Attributes["my plan"] }}'
    )
    found = {use.field: text[use.start : use.end] for use in merge.uses(text)}
    assert found["User.UserAttributes.FirstName"] == "User.UserAttributes.FirstName"
    assert found["Metrics.spent"] == "Metrics.spent"
    assert found["Attributes.my plan"] == 'Attributes["my plan"]'
    assert "Id" not in found


@pytest.mark.parametrize(
    ("field", "written"),
    [
        ("Attributes.plan", "Attributes.plan"),
        ("Attributes.my plan", 'Attributes["my plan"]'),
        ("Location.City", "Location.City"),
    ],
)
def test_a_name_that_is_no_identifier_is_put_in_brackets(field: str, written: str) -> None:
    assert merge.expression(field) == written
    assert merge.dotted(written) == field


@pytest.mark.parametrize(
    ("before", "after", "result"),
    [
        ("Hi {{", "", "Hi {{ Attributes.plan }}"),
        ("Hi {{ Attr", "", "Hi {{ Attributes.plan }}"),
        ("Hi {{ Attr", " }}!", "Hi {{ Attributes.plan }}!"),
        ("Hi ", "!", "Hi {{ Attributes.plan }}!"),
        ("{% if Attr", " %}", "{% if Attributes.plan %}"),
        ("word", "", "word{{ Attributes.plan }}"),
    ],
)
def test_insertion_replaces_what_was_typed_and_closes_what_is_open(before: str, after: str, result: str) -> None:
    take, written = merge.insertion(before, after, "Attributes.plan")
    assert before[: len(before) - take] + written + after == result


def test_every_use_of_an_unknown_field_is_marked() -> None:
    template = Template(
        name="n", subject="{{ Attributes.plam }}", html="<p>{{ Attributes.plam }} {{ Attributes.plam }}</p>"
    )
    catalogue = Catalogue(attributes=(Known(name="plan", kind="attribute"),))
    found = places(template, render.check(template, catalogue))
    assert [(place.part, getattr(template, place.part)[place.start : place.end]) for place in found] == [
        ("subject", "Attributes.plam"), ("html", "Attributes.plam"), ("html", "Attributes.plam"),
    ]  # fmt: skip
    assert "Attributes.plan" in found[0].mark().tip


def test_a_fault_in_the_syntax_is_marked_at_its_line() -> None:
    template = Template(name="n", subject="s", html="<p>\n  {% if %}\n</p>")
    place = places(template, render.check(template, Catalogue()))[0]
    assert template.html[place.start : place.end] == "{% if %}"
    assert place.problem.blocks


def typed(strokes: Strokes, text: str) -> list[str]:
    keys = []
    for at in range(len(text)):
        strokes.changed(at, 0, 1)
        keys.append(strokes.key(text[: at + 1]))
    return keys


def test_a_word_with_its_blank_is_one_stroke() -> None:
    keys = typed(Strokes("html"), "good day")
    assert len(set(keys[:5])) == 1
    assert len(set(keys[5:])) == 1
    assert keys[0] != keys[5]


def test_a_jump_and_a_paste_begin_strokes_of_their_own() -> None:
    strokes = Strokes("html")
    first = typed(strokes, "ab")[-1]
    strokes.changed(0, 0, 1)
    jumped = strokes.key("xab")
    strokes.changed(1, 0, 5)
    pasted = strokes.key("x12345ab")
    assert len({first, jumped, pasted}) == 3


def test_a_new_template_greets_by_the_first_name_that_is_known_and_renders() -> None:
    catalogue = Catalogue(user_attributes=(Known(name="FirstName", kind="user_attribute"),))
    template = starter(catalogue)
    assert "{{ User.UserAttributes.FirstName }}" in template.html
    assert render.check(template, catalogue) == ()
    assert render.check(starter(Catalogue()), Catalogue()) == ()


def test_a_value_over_several_lines_ends_where_its_quote_is(qtbot: QtBot) -> None:
    edit = CodeEdit("HTML", html=True)
    qtbot.addWidget(edit)
    edit.show_text('<td style="color: red;\n  background: {{ Id }}">Hello <b>you</b>\nand more')
    theme = Theme.current()
    block = edit.document().findBlockByNumber(1)

    def colour_of(word: str) -> str:
        at = block.text().index(word)
        found = next(each for each in block.layout().formats() if each.start <= at < each.start + each.length)
        return str(found.format.foreground().color().name())

    assert colour_of("background") == theme.colour("good").name()
    assert colour_of("Id") == theme.colour("accent").name()
    assert colour_of("<b") == theme.colour("muted").name()
    assert all(
        each.start + each.length <= block.text().index("Hello") or each.start >= block.text().index("<b")
        for each in block.layout().formats()
    )
    assert not edit.document().findBlockByNumber(2).layout().formats()
