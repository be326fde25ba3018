"""Rules that nobody can match together, said at the later one."""

from collections.abc import Iterator
from itertools import combinations
from math import inf, nextafter

from workbench.plan.problem import Problem
from workbench.plan.segment_rules import (
    ActivityRule,
    AttributeRule,
    BehaviourRule,
    ChannelRule,
    CountryRule,
    FieldRule,
    MetricRule,
    Rule,
)
from workbench.plan.words import N_, Words


def contradictions(together: list[tuple[str, Rule]]) -> Iterator[Problem]:
    """Advice at each rule that contradicts one before it; `together`: rules that must all be true, with their paths."""
    found: set[str] = set()
    for (_, first), (path, second) in combinations(together, 2):
        if path not in found and _contradict(first, second):
            found.add(path)
            text = Words(N_("Nobody can match this together with an earlier rule."))
            yield Problem(path, text, Words(N_("Change one of them, or make Any of them enough.")), blocks=False)


def _contradict(first: Rule, second: Rule) -> bool:  # noqa: PLR0911 - one per kind of rule
    match first, second:
        case (ChannelRule(), ChannelRule()) | (CountryRule(), CountryRule()):
            return _no_text(first.operator, first.values, second.operator, second.values)
        case FieldRule(), FieldRule() if first.field == second.field:
            return _no_text(first.operator, first.values, second.operator, second.values)
        case AttributeRule(), AttributeRule() if (first.scope, first.name) == (second.scope, second.name):
            # of several values each may be one that a rule asks for
            return "is_not_set" in {first.operator, second.operator} and _asks_for_some(first, second)
        case MetricRule(), MetricRule() if first.name == second.name:
            (low, high), (other_low, other_high) = _range(first), _range(second)
            return max(low, other_low) > min(high, other_high)
        case ActivityRule(), ActivityRule():
            return _no_activity(first, second) or _no_activity(second, first)
        case BehaviourRule(), BehaviourRule() if _looks_at(first) == _looks_at(second):
            (low, high), (other_low, other_high) = _times(first), _times(second)
            return max(low, other_low) > min(high, other_high)
        case _:
            return False


def _asks_for_some(*rules: AttributeRule) -> bool:
    return any(rule.operator in {"is", "contains", "starts_with", "is_set"} for rule in rules)


def _no_text(first: str, values: tuple[str, ...], second: str, others: tuple[str, ...]) -> bool:
    """Of a single text; PUSH means several channels and is not looked into."""
    if "PUSH" in (*values, *others) or not (values or others):
        return {first, second} == {"is_set", "is_not_set"}
    match first, second:
        case "is", "is":
            return bool(values and others) and not set(values) & set(others)
        case "is", "is_not":
            return bool(values) and set(values) <= set(others)
        case "is_not", "is":
            return bool(others) and set(others) <= set(values)
        case ("is", "is_not_set") | ("is_not_set", "is"):
            return True
        case _:
            return False


def _range(rule: MetricRule) -> tuple[float, float]:
    match rule.comparison:
        case "equal":
            return rule.value, rule.value
        case "greater":
            return nextafter(rule.value, inf), inf
        case "greater_or_equal":
            return rule.value, inf
        case "less":
            return -inf, nextafter(rule.value, -inf)
        case "less_or_equal":
            return -inf, rule.value
        case _:
            return -inf, inf


def _no_activity(active: ActivityRule, inactive: ActivityRule) -> bool:
    return (active.operator, inactive.operator) == ("active", "inactive") and active.days <= inactive.days


def _looks_at(rule: BehaviourRule) -> dict[str, object]:
    return rule.model_dump(exclude={"comparison", "times"})


def _times(rule: BehaviourRule) -> tuple[float, float]:
    return {"at_least": (rule.times, inf), "at_most": (0, rule.times), "exactly": (rule.times, rule.times)}[
        rule.comparison
    ]
