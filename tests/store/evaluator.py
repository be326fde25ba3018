"""A slow, plain reading of plan/segment.py's docstrings: what the store's SQL is compared with."""

import math
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import assert_never

from workbench.plan.endpoint import PUSH_TYPES
from workbench.plan.segment import (
    ActivityRule,
    AttributeCondition,
    AttributeRule,
    BehaviourRule,
    ChannelRule,
    Condition,
    CountryRule,
    Group,
    MetricCondition,
    MetricRule,
    Rule,
)


@dataclass(frozen=True)
class Happening:
    """An event of one person."""

    type: str
    at: datetime
    attributes: dict[str, str] = field(default_factory=dict)
    metrics: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Someone:
    """An endpoint with what its user has and what happened to it. No list has an empty place."""

    id: str
    channel: str
    country: str | None
    effective: datetime
    attributes: dict[str, tuple[str, ...]] = field(default_factory=dict)
    metrics: dict[str, float] = field(default_factory=dict)
    user_id: str | None = None
    user_attributes: dict[str, tuple[str, ...]] = field(default_factory=dict)
    events: tuple[Happening, ...] = ()


def matches(item: Rule | Group, person: Someone, now: datetime) -> bool:  # noqa: PLR0911 - one line per kind
    """Whether the rule or group is true for the person."""
    match item:
        case Group():
            return group(item, person, now)
        case AttributeRule():
            return attribute(item, person)
        case MetricRule():
            return compared(person.metrics.get(item.name), item.comparison, item.value)
        case ChannelRule():
            return channel(item, person)
        case CountryRule():
            return (person.country in item.values) == (item.operator == "is")
        case ActivityRule():
            times = [happening.at for happening in person.events] + [person.effective]
            active = any(inside(at, now, item.days) for at in times)
            return active == (item.operator == "active")
        case BehaviourRule():
            return behaviour(item, person, now)
        case _:
            assert_never(item)


def group(item: Group, person: Someone, now: datetime) -> bool:
    """All, any or none; an empty group is true."""
    found = [matches(each, person, now) for each in item.items]
    if not found:
        return True
    return {"all": all(found), "any": any(found), "none": not any(found)}[item.mode]


def attribute(rule: AttributeRule, person: Someone) -> bool:
    """Lists of text."""
    stored = (person.attributes if rule.scope == "endpoint" else person.user_attributes).get(rule.name, ())
    pairs = [(have, want) for have in stored for want in rule.values]
    match rule.operator:
        case "is":
            return any(have == want for have, want in pairs)
        case "is_not":
            return not any(have == want for have, want in pairs)
        case "contains":
            return any(want in have for have, want in pairs)
        case "starts_with":
            return any(have.startswith(want) for have, want in pairs)
        case "is_set":
            return len(stored) > 0
        case "is_not_set":
            return len(stored) == 0
        case _:
            assert_never(rule.operator)


def compared(have: float | None, comparison: str, want: float) -> bool:
    """A number that is missing, or is not a number, never compares."""
    if have is None or math.isnan(have):
        return False
    return {
        "equal": have == want,
        "not_equal": have != want,
        "greater": have > want,
        "greater_or_equal": have >= want,
        "less": have < want,
        "less_or_equal": have <= want,
    }[comparison]


def channel(rule: ChannelRule, person: Someone) -> bool:
    """PUSH stands for every push service."""
    wanted = set(rule.values) | (set(PUSH_TYPES) if "PUSH" in rule.values else set())
    return (person.channel in wanted) == (rule.operator == "is")


def inside(at: datetime, now: datetime, days: int | None) -> bool:
    """The window is open at its start and closed at its end; the future is never inside."""
    return at <= now and (days is None or at > now - timedelta(hours=24 * days))


def behaviour(rule: BehaviourRule, person: Someone, now: datetime) -> bool:
    """How often it happened."""
    times = sum(
        happening.type == rule.event
        and inside(happening.at, now, rule.days)
        and all(condition(each, happening) for each in rule.where)
        for happening in person.events
    )
    return {"at_least": times >= rule.times, "at_most": times <= rule.times, "exactly": times == rule.times}[
        rule.comparison
    ]


def condition(item: Condition, happening: Happening) -> bool:
    """A condition on one event."""
    match item:
        case MetricCondition():
            return compared(happening.metrics.get(item.name), item.comparison, item.value)
        case AttributeCondition():
            stored = happening.attributes.get(item.name)
            match item.operator:
                case "is":
                    return stored is not None and stored in item.values
                case "is_not":
                    return stored not in item.values
                case "contains":
                    return stored is not None and any(value in stored for value in item.values)
                case _:
                    assert_never(item.operator)
        case _:
            assert_never(item)
