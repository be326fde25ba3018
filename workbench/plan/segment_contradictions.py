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


def _contradict(a: Rule, b: Rule) -> bool:  # noqa: PLR0911 - one per kind of rule
    if isinstance(a, ChannelRule) and isinstance(b, ChannelRule):
        return _no_text(a.operator, a.values, b.operator, b.values)
    if isinstance(a, CountryRule) and isinstance(b, CountryRule):
        return _no_text(a.operator, a.values, b.operator, b.values)
    if isinstance(a, FieldRule) and isinstance(b, FieldRule):
        return a.field == b.field and _no_text(a.operator, a.values, b.operator, b.values)
    if isinstance(a, AttributeRule) and isinstance(b, AttributeRule):
        # of several values each may be one that a rule asks for
        same = (a.scope, a.name) == (b.scope, b.name)
        return same and "is_not_set" in {a.operator, b.operator} and _asks_for_some(a, b)
    if isinstance(a, MetricRule) and isinstance(b, MetricRule):
        return a.name == b.name and _apart(_range(a), _range(b))
    if isinstance(a, ActivityRule) and isinstance(b, ActivityRule):
        return _no_activity(a, b) or _no_activity(b, a)
    if isinstance(a, BehaviourRule) and isinstance(b, BehaviourRule):
        return _looks_at(a) == _looks_at(b) and _apart(_times(a), _times(b))
    return False


def _apart(one: tuple[float, float], other: tuple[float, float]) -> bool:
    return max(one[0], other[0]) > min(one[1], other[1])


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
    least = 0 if rule.comparison == "at_most" else rule.times
    return least, inf if rule.comparison == "at_least" else rule.times
