"""A question about what happened, and the series that answers it."""

from datetime import date
from typing import Literal

from workbench.plan.definition import Answer, Definition

Measure = Literal["messages", "active_endpoints", "events"]


class Question(Definition):
    """What to count and when.

    `messages`: sent, delivered and failed per bucket (of one campaign or all). `active_endpoints`: distinct endpoints
    with any event, per day. `events`: events per day by type (`event_types` empty: the eight most frequent).
    Days are those of the workspace's time zone, both ends included; None means from the first or to the last day.
    """

    measure: Measure = "messages"
    start: date | None = None
    end: date | None = None
    bucket: Literal["minute", "hour", "day"] = "day"
    campaign_id: str = ""
    event_types: tuple[str, ...] = ()


class Line(Answer):
    """One line of a chart: a value for every bucket of the series."""

    name: str
    values: tuple[float, ...]


class Series(Answer):
    """The answer: bucket starts as ISO 8601 text in the time zone named, the lines, and how they were counted."""

    question: Question
    timezone: str
    buckets: tuple[str, ...]
    lines: tuple[Line, ...]
    definition: str
    sql: str
