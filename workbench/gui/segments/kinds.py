"""The kinds of rules that "Add rule" offers, by what they are about."""

from dataclasses import dataclass
from typing import Final

from workbench.plan.segment import (
    ActivityRule,
    AttributeRule,
    BehaviourRule,
    ChannelRule,
    CountryRule,
    DateRule,
    DistanceRule,
    FieldRule,
    ListRule,
    MeasureRule,
    MessageRule,
    MetricRule,
    MomentRule,
    Rule,
    SampleRule,
    SearchRule,
    SegmentRule,
)
from workbench.plan.words import N_


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of rule.

    Attributes:
        rule: a fresh one.
        words: what it is called, with an example.
        glyph: its icon.
        first: the part that is edited first.
    """

    rule: Rule
    words: str
    glyph: str
    first: str


KINDS: Final[dict[str, tuple[Kind, ...]]] = {
    N_("About the person"): (
        Kind(AttributeRule(), N_("Attribute, such as plan or language"), "tag", "name"),
        Kind(FieldRule(), N_("Fixed field, such as platform or city"), "list-bullets", "field"),
        Kind(MetricRule(), N_("Number, such as money spent"), "hash", "name"),
        Kind(DateRule(), N_("Date, such as a birthday"), "calendar-blank", "field"),
        Kind(ChannelRule(), N_("Channel, such as e-mail"), "paper-plane-tilt", "values.0"),
        Kind(CountryRule(), N_("Country"), "globe-hemisphere-west", "values.0"),
        Kind(DistanceRule(), N_("Near a place"), "map-pin", "place"),
        Kind(SearchRule(), N_("Found by a search for a text"), "magnifying-glass", "text"),
    ),
    N_("What they did"): (
        Kind(BehaviourRule(), N_("Did something, such as bought twice"), "lightning", "event"),
        Kind(MeasureRule(), N_("Figure over events, such as the sum of purchases"), "chart-bar", "event"),
        Kind(MomentRule(), N_("First or last time they did it"), "clock-clockwise", "event"),
        Kind(ActivityRule(), N_("When they were last active"), "clock", "days"),
    ),
    N_("What they were sent"): (
        Kind(MessageRule(), N_("Got, opened or clicked messages"), "envelope-simple-open", "did"),
    ),
    N_("Others"): (
        Kind(SegmentRule(), N_("Another segment"), "chart-pie-slice", "segments.0"),
        Kind(ListRule(), N_("On a list"), "users", "list_id"),
        Kind(SampleRule(), N_("Random sample"), "dice-three", "percent"),
    ),
}


def every_kind() -> tuple[Kind, ...]:
    """All kinds, in the order of the menu."""
    return tuple(kind for kinds in KINDS.values() for kind in kinds)


def first_part(rule: Rule) -> str:
    """The part of a fresh rule that is edited first."""
    return next(kind.first for kind in every_kind() if kind.rule.kind == rule.kind)
