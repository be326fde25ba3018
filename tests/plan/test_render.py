"""Templates: what they show, what they may not do, and what check says."""

import tracemalloc

import pytest

from workbench.plan.catalogue import Catalogue, Known
from workbench.plan.filling import one_line
from workbench.plan.render import check, prepare
from workbench.plan.sandbox import MAX_STEPS, RenderError
from workbench.plan.template import Template

ANNA = {
    "Id": "e1",
    "Address": "anna@example.com",
    "Attributes": {"plan": ("pro",), "tags": ["a<b", "c"], "items": ["one"], "Last order": ["Köln"]},
    "Metrics": {"spent": 12.0, "score": 1.5},
    "Location": {"City": "Köln"},
    "User": {"UserId": "u1", "UserAttributes": {"FirstName": ["Änne & Co"]}},
}
CATALOGUE = Catalogue(
    attributes=(Known(name="plan", kind="attribute"),),
    metrics=(Known(name="spent", kind="metric"),),
    user_attributes=(Known(name="FirstName", kind="user_attribute"),),
)


def shown(source: str, values: object = ANNA) -> str:
    rendered = prepare(Template(name="T", subject="S", html="x", text=source)).render(values)  # type: ignore[arg-type]  # a dict
    assert not rendered.problem, rendered.problem
    return rendered.text


def problems(source: str) -> list[tuple[str, str, bool]]:
    template = Template(name="T", subject="S", html="<p>x</p>", text=source)
    return [(problem.where, str(problem), problem.blocks) for problem in check(template, CATALOGUE)]


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("{{ Attributes.plan }}", "pro"),
        ("{{ Attributes.plan[0] }}", "pro"),
        ("{{ Attributes.tags }}", "a<b, c"),
        ("{{ Attributes.items }}", "one"),
        ("{{ Attributes['Last order'] }}", "Köln"),
        ("{{ Attributes.tags | join(' / ') | upper }}", "A<B / C"),
        ("{{ Attributes.plan | title }}", "Pro"),
        ("{{ Metrics.spent }} {{ Metrics.score }}", "12 1.5"),
        ("{{ Metrics.spent * 2 + 1 }}", "25"),
        ("{{ (Metrics.spent / 7) | round(2) }}", "1.71"),
        ("{% if Metrics.spent > 10 and 'c' in Attributes.tags %}yes{% endif %}", "yes"),
        ("{% if Attributes.plan == 'pro' %}yes{% endif %}", "yes"),
        (
            "{% for tag in Attributes.tags %}{{ loop.index }}{{ tag }}{% if not loop.last %};{% endif %}{% endfor %}",
            "1a<b;2c",
        ),
        ("{{ 'x' ~ Metrics.spent ~ Attributes.plan }}", "x12pro"),
    ],
)
def test_values_are_shown(source: str, text: str) -> None:
    assert shown(source) == text


@pytest.mark.parametrize(
    "source",
    [
        "{{ Attributes.nothing }}", "{{ Nothing.at.all }}", "{{ Attributes.plan[7] }}", "{{ Metrics.nothing * 2 }}",
        "{% if Metrics.nothing > 10 %}x{% endif %}", "{% for x in Attributes.nothing %}x{% endfor %}",
        "{{ Metrics.nothing | round(1) }}", "{{ Attributes.nothing ~ '' }}",
    ],
)  # fmt: skip
def test_what_a_person_lacks_is_empty(source: str) -> None:
    assert shown(source) == ""


def test_html_is_escaped_and_text_is_not() -> None:
    template = Template(name="T", subject="{{ User.UserAttributes.FirstName }}", html="<p>{{ Attributes.tags }}</p>")
    rendered = prepare(template).render(ANNA)
    assert rendered.html == "<p>a&lt;b, c</p>"
    assert rendered.text == "a<b, c\n"
    assert rendered.subject == "Änne & Co"


def test_a_subject_is_one_line() -> None:
    template = Template(name="T", subject="Hi {{ Id }}", html="x")
    assert prepare(template).render({"Id": "a\r\nBcc: b@c.example"}).subject == "Hi a Bcc: b@c.example"
    assert one_line("a\u2028b\x00c\td") == "a b c d"


@pytest.mark.parametrize(
    "source",
    [
        "{{ ''.__class__.__mro__ }}", "{{ Id.upper() }}", "{% include 'x' %}", "{% import 'x' as y %}", "{{ self }}",
        "{% macro m() %}{% endmacro %}", "{% extends 'x' %}", "{% block b %}{% endblock %}", "{{ Id | attr('x') }}",
        "{{ Id | format(1) }}", "{{ 2 ** 9 }}", "{% autoescape false %}{% endautoescape %}", "{{ __budget }}",
        "{{ Id | safe }}", "{{ lipsum() }}", "{{ [1] | map('upper') }}", "{% set x %}y{% endset %}",
        "{% for a in Id %}" * 4 + "{% endfor %}" * 4,
    ],
)  # fmt: skip
def test_what_is_not_allowed_does_not_compile_or_shows_nothing(source: str) -> None:
    try:
        text = prepare(Template(name="T", subject="S", html="x", text=source)).parts(ANNA)[2]
    except RenderError:
        assert problems(source)
    else:
        assert text == ""


@pytest.mark.parametrize(
    "source",
    [
        "{{ 'a' * 1000000 }}", "{{ 'a%s' % 1 }}",
        "{% set a = 'aaaaaaaaaaaa' %}" + "{% set a = a ~ a %}" * 40 + "{{ a }}",
        "{% set a = 'aaaaaaaaaaaa' %}" + "{% set a = a | replace('a', 'aaaaaaaaaaaa') %}" * 12 + "{{ a }}",
        "{% for a in '" + "a" * 300 + "' %}{% for b in '" + "a" * 300 + "' %}{% endfor %}{% endfor %}",
        "{% set x = [1, 1] %}" + "{% set x = [x, x] %}" * 20 + "{{ x }}",
        "{% set x = (Id, 1) %}" + "{% set x = (x, x) %}" * 20 + "{{ x ~ '' }}",
        "{% set x = [1, 1] %}" + "{% set x = [x, x] | sum(none, []) %}" * 20 + "{{ x | length }}",
        "{% set x = [1, 1] %}" + "{% set x = [x | sort, x[:]] | reverse | sort %}" * 20,
        "{% set x = [Attributes] %}" + "{% set x = [x, x] %}" * 20,
        "{% for a in '" + "a" * (MAX_STEPS // 20) + "' %}{% set x = [" + "Id, " * 20 + "] %}{% endfor %}",
        f"{{% set a = '{'a' * 100_000}' ~ Id %}}{{% set x = [a, a, a] %}}",
    ],
)  # fmt: skip
def test_growth_is_stopped(source: str) -> None:
    rendered = prepare(Template(name="T", subject="S", html="x", text=source)).render(ANNA)
    assert rendered.problem


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("{% for name, n in [['plan', Metrics.spent], ('id', Id)] %}{{ name }} {{ n }};{% endfor %}", "plan 12;id e1;"),
        ("{% set a, b = Id, Metrics.score %}{{ a }} {{ b }}", "e1 1.5"),
        ("{{ [Attributes.plan, Attributes.tags] | join('/') }}", "pro/a<b, c"),
        ("{{ [Metrics.spent, Metrics.score] | sum }}", "13.5"),
        ("{% if Attributes.plan in ['basic', 'pro'] and Id in (Id, 'x') %}yes{% endif %}", "yes"),
        ("{{ [['a', 1], [Id, 2]] }}", "[['a', 1], ['e1', 2]]"),
    ],
)
def test_lists_may_be_written(source: str, text: str) -> None:
    assert shown(source) == text


def test_a_large_message_is_not_put_together_first() -> None:
    long = "{% set a = '" + "a" * 100_000 + "' %}{% for x in '" + "x" * 5_000 + "' %}{{ a }}{% endfor %}"
    prepared = prepare(Template(name="T", subject="S", html=long, text="x"))
    tracemalloc.start()
    try:
        assert "larger than" in prepared.render(ANNA).problem
        assert tracemalloc.get_traced_memory()[1] < 20_000_000  # the whole has 500 MB
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    "source",
    [
        "{{ " + " + ".join(["Id"] * 250) + " }}", "{{ " + "[" * 150 + "]" * 150 + " }}",
        "{% if Id %}" * 110 + "{% endif %}" * 110, "{{ Id" + " | upper" * 5_000 + " }}",
        "{% if Id %}" + "{% elif Id %}" * 10_000 + "{% endif %}",
    ],
)  # fmt: skip
def test_what_is_nested_too_deeply_is_refused_by_check_too(source: str) -> None:
    with pytest.raises(RenderError, match="too deeply nested"):
        prepare(Template(name="T", subject="S", html="x", text=source))
    ((where, text, blocks),) = problems(source)
    assert (where, blocks) == ("text", True)
    assert "too deeply nested" in text


def test_repeated_multiplication_stays_small() -> None:
    assert len(shown("{% set a = 9 %}" + "{% set a = a * a %}" * 60 + "{{ a }}")) < 400


def test_steps_are_counted_anew_for_each_person() -> None:
    source = "{% for a in '" + "a" * (MAX_STEPS // 2) + "' %}{% endfor %}ok"
    prepared = prepare(Template(name="T", subject="S", html="x", text=source))
    assert [prepared.parts(ANNA)[2] for _ in range(4)] == ["ok"] * 4


def test_fields_used() -> None:
    source = (
        "{{ Attributes.plan[0] }}{{ User['UserAttributes']['FirstName'] }}{% for x in Attributes.tags %}{{ x.y }}"
        "{% endfor %}{% set z = Metrics.spent %}{{ z }}{{ Location.City | upper }}{{ Demographic[Id] }}"
    )
    template = Template(name="T", subject="{{ User.UserId }}", html="x", text=source)
    assert prepare(template).fields == (
        "Attributes.plan", "Attributes.tags", "Demographic", "Id", "Location.City", "Metrics.spent",
        "User.UserAttributes.FirstName", "User.UserId",
    )  # fmt: skip


def test_check_tells_line_and_place() -> None:
    ((where, text, blocks),) = problems("one\ntwo {{ Id\nthree {% if %}")
    assert (where, blocks) == ("text", True)
    assert text.startswith("Line ")
    assert problems("{{ Id | nonsense }}")[0][:2] == ("text", "Line 1: There is no filter “nonsense”.")


def test_unknown_fields_are_advice_with_a_suggestion() -> None:
    assert problems("x\n{{ User.UserAttributes.FirstNam }}") == [
        (
            "text",
            (
                "Line 2: the field “User.UserAttributes.FirstNam” is not known. "
                "Did you mean User.UserAttributes.FirstName?"
            ),
            False,
        )
    ]
    assert "Did you mean User.UserAttributes.FirstName?" in problems("{{ FirstName }}")[0][1]
    assert problems("{{ Attributes.plan }}{{ Attributes }}{{ Location.City }}") == []


def test_an_empty_message_is_a_problem() -> None:
    assert {problem.where for problem in check(Template(), CATALOGUE)} == {"name", "subject", "html"}
