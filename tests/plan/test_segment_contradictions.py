import pytest

from workbench.plan.segment import (
    ActivityRule,
    AttributeRule,
    BehaviourRule,
    ChannelRule,
    CountryRule,
    FieldRule,
    Group,
    MetricRule,
    Rule,
    Segment,
    check,
)

LEAST, LESS = MetricRule(name="spent", value=500), MetricRule(name="spent", comparison="less", value=500)
PAIRS: tuple[tuple[Rule, Rule], ...] = (
    (LEAST, LESS),
    (MetricRule(name="spent", comparison="equal", value=1), LEAST),
    (CountryRule(values=("DE",)), CountryRule(values=("FR", "RU"))),
    (ChannelRule(values=("SMS",)), ChannelRule(operator="is_not", values=("SMS", "EMAIL"))),
    (FieldRule(operator="is_not_set"), FieldRule(values=("iOS",))),
    (AttributeRule(name="plan", values=("a",)), AttributeRule(name="plan", operator="is_not_set")),
    (ActivityRule(days=7), ActivityRule(operator="inactive", days=30)),
    (BehaviourRule(event="e", times=2), BehaviourRule(event="e", comparison="at_most", times=1)),
)
FINE: tuple[tuple[Rule, Rule], ...] = (
    (LEAST, MetricRule(name="spent", comparison="less_or_equal", value=500)),
    (LEAST, MetricRule(name="visits", comparison="less", value=1)),
    (CountryRule(values=("DE", "FR")), CountryRule(values=("FR",))),
    (ChannelRule(values=("PUSH",)), ChannelRule(values=("GCM",))),
    (AttributeRule(name="plan", values=("a",)), AttributeRule(name="plan", values=("b",))),
    (ActivityRule(days=30), ActivityRule(operator="inactive", days=7)),
    (BehaviourRule(event="e", times=2), BehaviourRule(event="e", comparison="at_most", times=1, days=7)),
)


def advised(*items: Rule | Group, mode: str = "all") -> list[str]:
    segment = Segment.model_validate({"name": "S", "root": {"mode": mode, "items": items}})
    assert not any(problem.blocks for problem in check(segment))
    return [problem.where for problem in check(segment)]


@pytest.mark.parametrize("pair", PAIRS)
def test_a_contradiction_is_said_at_the_later_rule(pair: tuple[Rule, Rule]) -> None:
    assert advised(*pair) == advised(*reversed(pair)) == ["root.items.1"]
    assert advised(pair[0], ActivityRule(days=36500), Group(items=(pair[1],))) == ["root.items.2.items.0"]
    assert advised(*pair, mode="any") == advised(*pair, mode="none") == []
    assert advised(pair[0], Group(mode="any", items=(pair[1],))) == []
    assert advised(ActivityRule(), Group(items=pair), mode="any") == ["root.items.1.items.1"]


@pytest.mark.parametrize("pair", FINE)
def test_what_somebody_can_match_is_no_contradiction(pair: tuple[Rule, Rule]) -> None:
    assert advised(*pair) == advised(*reversed(pair)) == []
