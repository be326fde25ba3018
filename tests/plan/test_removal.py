import pytest

from workbench.plan.removal import asked_events, asked_fields, chosen, shown_fields
from workbench.plan.segment import (
    AttributeRule,
    BehaviourRule,
    CountryRule,
    DateRule,
    Group,
    MeasureRule,
    MessageRule,
    MetricRule,
    MomentRule,
    Segment,
)
from workbench.plan.template import Template

NAMES = ("Attributes.plan", "Attributes.planned", "Metrics.plan", "User.UserAttributes.a[1]", "User.UserAttributes.a1")


@pytest.mark.parametrize(
    ("patterns", "names"),
    [
        (("Attributes.plan",), NAMES[:1]),
        (("Attributes.plan*",), NAMES[:2]),
        (("*.plan",), (NAMES[0], NAMES[2])),
        (("User.UserAttributes.a[1]",), NAMES[3:4]),  # only the star is special
        (("*",), NAMES),
        (("Metrics.*", "Attributes.planned"), NAMES[1:3]),
        (("attributes.plan",), ()),
        (("plan",), ()),
        ((), ()),
    ],
)
def test_a_star_stands_for_any_text(patterns: tuple[str, ...], names: tuple[str, ...]) -> None:
    assert chosen(patterns, NAMES) == names


def test_a_segment_tells_what_it_asks_for_in_groups_too() -> None:
    inner = Group(mode="none", items=(MetricRule(name="spent"), DateRule(field="User.UserAttributes.born")))
    rules = (AttributeRule(name="plan"), AttributeRule(scope="user", name="plan"), CountryRule(values=("DE",)), inner)
    segment = Segment(name="x", root=Group(items=rules))
    assert asked_fields(segment) == {
        "Attributes.plan", "User.UserAttributes.plan", "Metrics.spent", "User.UserAttributes.born",
    }  # fmt: skip
    assert asked_events(segment) == set()
    happened = (
        BehaviourRule(event="a"), MeasureRule(event="b"), Group(items=(MomentRule(event="c"),)),
        MessageRule(did="opened"), MessageRule(did="got"),
    )  # fmt: skip
    assert asked_events(Segment(name="y", root=Group(items=happened))) == {"a", "b", "c", "_email.open"}


def test_a_template_tells_what_it_shows_in_every_part_that_can_be_read() -> None:
    template = Template(
        name="x", subject="{{ Attributes.plan }}", html="{{ broken", text="{{ User.UserAttributes.FirstName }}"
    )
    assert shown_fields(template) == {"Attributes.plan", "User.UserAttributes.FirstName"}
