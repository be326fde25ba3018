"""Who is meant: a tree of groups and rules over endpoints, their users and their events."""

from collections.abc import Iterator
from typing import Annotated, Final, Literal

from pydantic import Field

from workbench.plan.catalogue import Catalogue
from workbench.plan.definition import Answer, Definition
from workbench.plan.problem import Problem
from workbench.plan.segment_checks import rule_problems
from workbench.plan.segment_contradictions import contradictions
from workbench.plan.segment_rules import (
    EVENT_RULES,
    ActivityRule,
    AttributeCondition,
    AttributeRule,
    BehaviourRule,
    ChannelRule,
    Comparison,
    Condition,
    CountryRule,
    DateRule,
    DistanceRule,
    EventWindow,
    FieldRule,
    ListRule,
    MeasureRule,
    MessageRule,
    MetricCondition,
    MetricRule,
    MomentRule,
    Reference,
    Rule,
    SampleRule,
    Scope,
    SearchRule,
    SegmentRule,
    TextOperator,
)
from workbench.plan.words import N_, Words


class Group(Definition):
    """All, any or none of the items are true. An empty group is true for everyone."""

    kind: Literal["group"] = "group"
    mode: Literal["all", "any", "none"] = "all"
    items: tuple["Item", ...] = ()


Item = Annotated[Rule | Group, Field(discriminator="kind")]
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
        removes: by the same paths, how many more its group would hold without it; below zero where it adds people.
    """

    matching: int
    total: int
    milliseconds: float
    rules: dict[str, int] = {}
    removes: dict[str, int] = {}


class Compared(Answer):
    """Two segments beside each other, exactly, at one instant.

    Attributes:
        before: endpoints of the first.
        after: endpoints of the second.
        come: those of the second that are not of the first.
        go: those of the first that are not of the second.
    """

    before: int
    after: int
    come: int
    go: int


class Membership(Answer):
    """A stored segment, and whether one endpoint is a member of it."""

    id: str
    name: str
    member: bool


class Truth(Answer):
    """Whether a rule or group is true for one person, and the facts behind it.

    Attributes:
        path: where it stands: `""` for the whole, `"items.0"`, `"items.1.items.2"`.
        facts: by the kind of rule: `values`; `value`; `times`, `first` and `last`; `figure`; `kilometers`; `effective`
            and `newest`. Times are ISO 8601, what is not known is left out.
    """

    path: str
    true: bool
    facts: dict[str, str | float] = {}


def walk(group: Group, path: str = "") -> Iterator[tuple[str, "Rule | Group"]]:
    """Every item below the group with its path, parents before children."""
    for number, item in enumerate(group.items):
        here = f"{path}.items.{number}" if path else f"items.{number}"
        yield here, item
        if isinstance(item, Group):
            yield from walk(item, here)


def without(after: "Segment", before: "Segment") -> "Segment":
    """Those of the first who are not of the second."""
    return Segment(name=after.name, root=Group(items=(after.root, Group(mode="none", items=(before.root,)))))


def references(group: Group) -> Iterator[tuple[str, Reference]]:
    """Every segment that the group's rules name, with the path of the rule."""
    for path, item in walk(group):
        if isinstance(item, SegmentRule):
            yield from ((path, each) for each in item.segments)


def depth(group: Group) -> int:
    """Levels of groups, the root included."""
    return 1 + max((depth(item) for item in group.items if isinstance(item, Group)), default=0)


def check(segment: Segment, catalogue: Catalogue | None = None, own_id: str = "") -> tuple[Problem, ...]:
    """Problems at `name` or `root.items.…`; with a catalogue unknown names are advice, since they may come later.

    `own_id`: what the segment is stored as, so that one that contains itself is found.
    """
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
            found += rule_problems(f"root.{path}", item, catalogue, own_id)
    for together in _together(segment.root, "root"):
        found += contradictions(together)
    return tuple(found)


def _together(group: Group, path: str) -> Iterator[list[tuple[str, Rule]]]:
    """Rules that must be true together: first those of the group, if it is an All group, with All groups inside it."""
    mine: list[tuple[str, Rule]] = []
    others: list[list[tuple[str, Rule]]] = []
    for number, item in enumerate(group.items):
        here = f"{path}.items.{number}"
        if not isinstance(item, Group):
            mine.append((here, item))
            continue
        inside, *further = _together(item, here)
        if group.mode == "all":
            mine += inside
        else:
            others.append(inside)
        others += further
    yield mine if group.mode == "all" else []
    yield from others


__all__ = [
    "EVENT_RULES", "MAX_DEPTH", "ActivityRule", "AttributeCondition", "AttributeRule", "BehaviourRule", "ChannelRule",
    "Compared", "Comparison", "Condition", "Count", "CountryRule", "DateRule", "DistanceRule", "EventWindow",
    "FieldRule", "Group", "Item", "ListRule", "MeasureRule", "Membership", "MessageRule", "MetricCondition",
    "MetricRule", "MomentRule", "Reference", "Rule", "SampleRule", "Scope", "SearchRule", "Segment", "SegmentRule",
    "TextOperator", "Truth", "check", "depth", "references", "walk", "without",
]  # fmt: skip
