"""The names that are known: attributes, metrics and events, as imports and events brought them."""

from collections.abc import Iterable
from difflib import get_close_matches
from typing import Literal

from workbench.plan.definition import Answer
from workbench.plan.endpoint import FIELDS, METRIC, is_field


class Known(Answer):
    """One name of the catalogue with the number of endpoints (or events) that carry it, where that is known."""

    name: str
    kind: Literal["attribute", "metric", "user_attribute", "event"]
    count: int | None = None
    attributes: tuple[str, ...] = ()
    metrics: tuple[str, ...] = ()


class Named(Answer):
    """A stored thing that rules refer to by its id. `uses` are the ids of the segments that a segment refers to."""

    id: str
    name: str
    uses: tuple[str, ...] = ()
    count: int | None = None


class Catalogue(Answer):
    """All known names, and the segments, campaigns and lists that are there.

    An event type lists the names of its attributes and metrics.
    """

    attributes: tuple[Known, ...] = ()
    metrics: tuple[Known, ...] = ()
    user_attributes: tuple[Known, ...] = ()
    events: tuple[Known, ...] = ()
    segments: tuple[Named, ...] = ()
    campaigns: tuple[Named, ...] = ()
    lists: tuple[Named, ...] = ()

    def fields(self) -> tuple[str, ...]:
        """Dotted names of every field that an endpoint can show, fixed ones first."""
        return (
            *FIELDS,
            *(f"Attributes.{known.name}" for known in self.attributes),
            *(f"Metrics.{known.name}" for known in self.metrics),
            *(f"User.UserAttributes.{known.name}" for known in self.user_attributes),
        )

    def has(self, field: str) -> bool:
        """Whether the dotted field is a fixed one or known by name."""
        return field in self.fields()

    def suggestion(self, field: str) -> str | None:
        """The known field that the misspelt one most likely means."""
        lower = {known.lower(): known for known in self.fields()}
        close = get_close_matches(field.lower(), lower, n=1, cutoff=0.6)
        return lower[close[0]] if close else None

    def event(self, name: str) -> Known | None:
        """The event type of that name."""
        return next((known for known in self.events if known.name == name), None)


def named(things: Iterable[Named], thing_id: str) -> Named | None:
    """The thing of that id."""
    return next((thing for thing in things if thing.id == thing_id), None)


class ValueCount(Answer):
    """A value of an attribute with the number of endpoints that have it."""

    value: str
    count: int


def is_number(field: str) -> bool:
    """Whether the dotted field holds numbers."""
    return field.startswith(METRIC) or (is_field(field) and FIELDS.get(field) == "number")
