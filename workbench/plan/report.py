"""A question about what happened, and the series that answers it."""

from datetime import date
from typing import Literal

from pydantic import AwareDatetime, Field

from workbench.plan.definition import Answer, Definition

Measure = Literal["messages", "active_endpoints", "events"]

Bucket = Literal["auto", "second", "minute", "hour", "day"]


class Question(Definition):
    """What to count and when.

    `messages`: sent, delivered and failed per bucket (of one campaign or all). `active_endpoints`: distinct endpoints
    with any event, per day. `events`: events per day by type (`event_types` empty: the eight most frequent).
    Days are those of the workspace's time zone, both ends included; None means from the first or to the last day.

    Of messages, `since` (included) and `until` (excluded) give instants instead of days; a step is `every` so many of
    `bucket`, days apart, of which it is one; `auto` takes what gives 10 to 30 steps, or days where those are more.
    """

    measure: Measure = "messages"
    start: date | None = None
    end: date | None = None
    since: AwareDatetime | None = None
    until: AwareDatetime | None = None
    bucket: Bucket = "day"
    every: int = Field(default=1, ge=1, le=59)
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
