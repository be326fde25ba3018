"""Who is meant: a tree of groups and rules over endpoints, their users and their events."""

from collections.abc import Iterator
from typing import Annotated, Final, Literal

from pydantic import Field, FiniteFloat

from workbench.plan.catalogue import Catalogue
from workbench.plan.definition import Answer, Definition
from workbench.plan.endpoint import CHANNEL_TYPES
from workbench.plan.problem import Problem
from workbench.plan.words import N_, Words

Scope = Literal["endpoint", "user"]
Comparison = Literal["equal", "not_equal", "greater", "greater_or_equal", "less", "less_or_equal"]
TextOperator = Literal["is", "is_not", "contains", "starts_with", "is_set", "is_not_set"]


class AttributeRule(Definition):
    """A text attribute of the endpoint or its user.

    `is`: some stored value equals some listed one. `is_not`: none does; who lacks the attribute matches.
    `contains` and `starts_with` are case-sensitive over any stored and any listed value. `is_set` and `is_not_set` take
    no values.
    """

    kind: Literal["attribute"] = "attribute"
    scope: Scope = "endpoint"
    name: str = ""
    operator: TextOperator = "is"
    values: tuple[str, ...] = ()


class MetricRule(Definition):
    """A number of the endpoint; who lacks the metric never matches."""

    kind: Literal["metric"] = "metric"
    name: str = ""
    comparison: Comparison = "greater_or_equal"
    value: FiniteFloat = 0.0


class ChannelRule(Definition):
    """The endpoint's channel type; the value PUSH means any push service."""

    kind: Literal["channel"] = "channel"
    operator: Literal["is", "is_not"] = "is"
    values: tuple[str, ...] = ()


class CountryRule(Definition):
    """`Location.Country`; who has no country matches only `is_not`."""

    kind: Literal["country"] = "country"
    operator: Literal["is", "is_not"] = "is"
    values: tuple[str, ...] = ()


class ActivityRule(Definition):
    """Last activity (newest event, or the endpoint's effective date) within the last `days`, or not."""

    kind: Literal["activity"] = "activity"
    operator: Literal["active", "inactive"] = "active"
    days: Annotated[int, Field(ge=1, le=36500)] = 30


class AttributeCondition(Definition):
    """A condition on a text attribute of an event; an event without it matches only `is_not`."""

    kind: Literal["attribute"] = "attribute"
    name: str = ""
    operator: Literal["is", "is_not", "contains"] = "is"
    values: tuple[str, ...] = ()


class MetricCondition(Definition):
    """A condition on a number of an event; an event without it never matches."""

    kind: Literal["metric"] = "metric"
    name: str = ""
    comparison: Comparison = "greater_or_equal"
    value: FiniteFloat = 0.0


Condition = Annotated[AttributeCondition | MetricCondition, Field(discriminator="kind")]


class BehaviourRule(Definition):
    """How often an event happened.

    Did `event` at least, at most or exactly `times` times in the last `days` days (None: ever), counting only events
    for which every condition of `where` is true. `at_most` and `exactly 0` match people who never did it. The window
    is (now - days x 24 h, now].
    """

    kind: Literal["behaviour"] = "behaviour"
    event: str = ""
    comparison: Literal["at_least", "at_most", "exactly"] = "at_least"
    times: Annotated[int, Field(ge=0, le=1_000_000)] = 1
    days: Annotated[int, Field(ge=1, le=36500)] | None = 30
    where: tuple[Condition, ...] = ()


Rule = AttributeRule | MetricRule | ChannelRule | CountryRule | ActivityRule | BehaviourRule


class Group(Definition):
    """All, any or none of the items are true. An empty group is true for everyone."""

    kind: Literal["group"] = "group"
    mode: Literal["all", "any", "none"] = "all"
    items: tuple["Item", ...] = ()


Item = Annotated[
    AttributeRule | MetricRule | ChannelRule | CountryRule | ActivityRule | BehaviourRule | Group,
    Field(discriminator="kind"),
]
Group.model_rebuild()

#: deepest nesting of groups that is accepted
MAX_DEPTH: Final = 20


class Segment(Definition):
    """A named tree of rules, evaluated anew at each use."""

    name: str = ""
    root: Group = Group()


class Count(Answer):
    """An exact count.

    Attributes:
        matching: endpoints that match the whole segment.
        total: all endpoints.
        milliseconds: how long the answer took inside the engine.
        rules: matching endpoints of each rule and group by its path (`"items.0"`, `"items.1.items.2"`), alone.
    """

    matching: int
    total: int
    milliseconds: float
    rules: dict[str, int] = {}


def walk(group: Group, path: str = "") -> Iterator[tuple[str, "Rule | Group"]]:
    """Every item below the group with its path, parents before children."""
    for number, item in enumerate(group.items):
        here = f"{path}.items.{number}" if path else f"items.{number}"
        yield here, item
        if isinstance(item, Group):
            yield from walk(item, here)


def depth(group: Group) -> int:
    """Levels of groups, the root included."""
    return 1 + max((depth(item) for item in group.items if isinstance(item, Group)), default=0)


def check(segment: Segment, catalogue: Catalogue | None = None) -> tuple[Problem, ...]:
    """Problems at `name` or `root.items.…`; with a catalogue unknown names are advice, since they may come later."""
    found: list[Problem] = []
    if not segment.name.strip():
        found.append(Problem("name", Words(N_("The segment has no name.")), Words(N_("Type one."))))
    if depth(segment.root) > MAX_DEPTH:
        found.append(
            Problem(
                "root", Words(N_("Groups are nested more than {n} deep."), {"n": MAX_DEPTH}), Words(N_("Flatten them."))
            )
        )
    for path, item in walk(segment.root):
        if not isinstance(item, Group):
            found += _check_rule(f"root.{path}", item, catalogue)
    return tuple(found)


def _check_rule(where: str, rule: Rule, catalogue: Catalogue | None) -> list[Problem]:
    match rule:
        case AttributeRule() | MetricRule():
            return _check_named(where, rule, catalogue)
        case ChannelRule() | CountryRule():
            return _check_listed(where, rule)
        case ActivityRule():
            return []
        case BehaviourRule():
            return _check_behaviour(where, rule, catalogue)


def _check_named(where: str, rule: AttributeRule | MetricRule, catalogue: Catalogue | None) -> list[Problem]:
    found = []
    if not rule.name:
        found.append(Problem(f"{where}.name", Words(N_("The rule names no field.")), Words(N_("Choose one."))))
    if isinstance(rule, AttributeRule) and not rule.values and rule.operator not in {"is_set", "is_not_set"}:
        found.append(_no_values(where))
    if rule.name and catalogue is not None:
        prefix = "Metrics." if isinstance(rule, MetricRule) else _PREFIX[rule.scope]
        field = prefix + rule.name
        if not catalogue.has(field):
            found.append(_unknown(f"{where}.name", rule.name, catalogue.suggestion(field)))
    return found


_PREFIX: Final[dict[Scope, str]] = {"endpoint": "Attributes.", "user": "User.UserAttributes."}


def _check_listed(where: str, rule: ChannelRule | CountryRule) -> list[Problem]:
    if not rule.values:
        return [_no_values(where)]
    wrong = [value for value in rule.values if isinstance(rule, ChannelRule) and value not in CHANNEL_TYPES]
    if wrong:
        return [
            Problem(
                f"{where}.values",
                Words(N_("“{value}” is not a channel."), {"value": wrong[0]}),
                Words(N_("Use one of {channels}."), {"channels": ", ".join(CHANNEL_TYPES)}),
            )
        ]
    return []


def _check_behaviour(where: str, rule: BehaviourRule, catalogue: Catalogue | None) -> list[Problem]:
    found = []
    if not rule.event:
        found.append(Problem(f"{where}.event", Words(N_("The rule names no event.")), Words(N_("Choose one."))))
    elif catalogue is not None and catalogue.event(rule.event) is None:
        found.append(_unknown(f"{where}.event", rule.event, None))
    for number, condition in enumerate(rule.where):
        here = f"{where}.where.{number}"
        if not condition.name:
            found.append(Problem(f"{here}.name", Words(N_("The condition names no field.")), Words(N_("Choose one."))))
        if isinstance(condition, AttributeCondition) and not condition.values:
            found.append(_no_values(here))
    return found


def _no_values(where: str) -> Problem:
    return Problem(f"{where}.values", Words(N_("The rule has no value to compare with.")), Words(N_("Add one.")))


def _unknown(where: str, name: str, suggestion: str | None) -> Problem:
    fix = Words(N_("Did you mean {name}?"), {"name": suggestion}) if suggestion else Words(N_("Nobody has it so far."))
    return Problem(where, Words(N_("“{name}” is not known."), {"name": name}), fix, blocks=False)
