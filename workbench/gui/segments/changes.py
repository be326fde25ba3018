"""Changes of one part of a rule: each takes a rule and gives a new one."""

from typing import TypeVar

from workbench.plan.catalogue import Known
from workbench.plan.segment import AttributeCondition, AttributeRule, Condition, EventWindow, MetricCondition, Rule

_E = TypeVar("_E", bound=EventWindow)


def with_part(rule: Rule, **parts: object) -> Rule:
    """The rule with other parts, checked as if it had been parsed."""
    return type(rule).model_validate(rule.model_dump() | parts)


def named(rule: AttributeRule, scope: str, name: str) -> Rule:
    """The attribute rule about another field; its values go, since they were the other field's."""
    if (rule.scope, rule.name) == (scope, name):
        return rule
    return with_part(rule, scope=scope, name=name, values=())


def with_condition(rule: _E, number: int, condition: Condition | None) -> _E:
    """The rule with another condition at the number, one more past the end, or one less for None."""
    more = () if condition is None else (condition,)
    where = (*rule.where[:number], *more, *rule.where[number + 1 :])
    return rule.model_copy(update={"where": where})


def condition_about(name: str, known: Known | None) -> Condition:
    """A fresh condition on a field of the event: a number where the event is known to carry one of that name."""
    if known is not None and name in known.metrics and name not in known.attributes:
        return MetricCondition(name=name)
    return AttributeCondition(name=name)
