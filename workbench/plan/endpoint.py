"""An endpoint: one address of one person on one channel; a user: the id that several endpoints share.

Field names are Pinpoint's own, dotted, so that its exports need no mapping: `Address`, `Demographic.Platform`,
`Location.Country`, `Attributes.plan`, `Metrics.spent`, `User.UserAttributes.FirstName`.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Final, Literal, get_args

from workbench.plan.definition import Answer
from workbench.plan.fields import ATTRIBUTE, FIELDS, METRIC, OPEN_PREFIXES, USER_ATTRIBUTE, is_field

ChannelType = Literal[
    "EMAIL", "SMS", "VOICE", "GCM", "APNS", "APNS_SANDBOX", "APNS_VOIP", "APNS_VOIP_SANDBOX",
    "ADM", "BAIDU", "PUSH", "CUSTOM", "IN_APP",
]  # fmt: skip
CHANNEL_TYPES: Final[tuple[str, ...]] = get_args(ChannelType)
PUSH_TYPES: Final = ("GCM", "APNS", "APNS_SANDBOX", "APNS_VOIP", "APNS_VOIP_SANDBOX", "ADM", "BAIDU", "PUSH")


#: Attributes that tell a person's name, by first and last name; the first of them that says something is taken.
NAME_PARTS: Final = (("FirstName", "LastName"), ("first_name", "last_name"), ("Name", ""), ("name", ""))


def full_name(known: Mapping[str, str | None]) -> str:
    """The name that these attributes tell; empty where none does."""
    for pair in NAME_PARTS:
        words = [word for part in pair if (word := known.get(part))]
        if words:
            return " ".join(words)
    return ""


class Endpoint(Answer):
    """One endpoint as it is stored. `attributes` and `user_attributes` hold lists of text, `metrics` numbers.

    `activity` is the newest event or the effective date, None for who was only imported.
    `fields` has the remaining fixed fields that have a value, by dotted name.
    """

    id: str
    address: str
    channel_type: str
    status: str
    opt_out: str
    user_id: str | None
    cohort: int
    created: datetime
    effective: datetime
    activity: datetime | None = None
    fields: dict[str, str | float] = {}
    attributes: dict[str, tuple[str, ...]] = {}
    metrics: dict[str, float] = {}
    user_attributes: dict[str, tuple[str, ...]] = {}


class TimelineEntry(Answer):
    """One thing that happened to a person: an event, or a message with its state."""

    at: datetime
    kind: Literal["event", "message"]
    name: str
    endpoint_id: str
    details: dict[str, str | float] = {}


class Person(Answer):
    """All that the person page shows: the endpoint asked for, its siblings and the newest things first."""

    endpoint: Endpoint
    endpoints: tuple[Endpoint, ...]
    timeline: tuple[TimelineEntry, ...]
    timeline_total: int


class View(Answer):
    """How the audience table is looked at.

    Attributes:
        columns: dotted field names, in order.
        search: text that address, id or user id contain, or whose words attributes contain, without regard to case.
        channel: only this channel type; empty for all.
        status: only `ACTIVE` or `INACTIVE`; empty for all.
        segment_id: only the members of this stored segment; empty for all.
        sort: dotted name of the column to sort by; empty for the order of arrival.
    """

    columns: tuple[str, ...]
    search: str = ""
    channel: str = ""
    status: str = ""
    segment_id: str = ""
    sort: str = ""
    descending: bool = False


class TablePage(Answer):
    """A block of rows; a cell is text, a number, an ISO 8601 time or None. The first cell is always the endpoint id."""

    offset: int
    rows: tuple[tuple[str | float | int | None, ...], ...]


__all__ = [
    "ATTRIBUTE", "CHANNEL_TYPES", "FIELDS", "METRIC", "NAME_PARTS", "OPEN_PREFIXES", "PUSH_TYPES", "USER_ATTRIBUTE",
    "ChannelType", "Endpoint", "Person", "TablePage", "TimelineEntry", "View", "full_name", "is_field",
]  # fmt: skip
