"""The steps of a series: how long each is, and when it begins; in days of a time zone, on which a clock may move."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import Final, Literal
from zoneinfo import ZoneInfo

Unit = Literal["second", "minute", "hour", "day"]

#: steps of a series at most; a finer step is made a coarser one, and of days the newest are kept
MOST: Final = 20_000
DAY: Final = timedelta(days=1)
_UNITS: Final[dict[Unit, timedelta]] = {
    "second": timedelta(seconds=1), "minute": timedelta(minutes=1), "hour": timedelta(hours=1), "day": DAY,
}  # fmt: skip
#: Steps that a person can read off a clock, finest first. None is more than three times the one before it, so that one
#: of them always gives from 10 to 30 steps.
_READABLE: Final[tuple[tuple[Unit, int], ...]] = (
    ("second", 1), ("second", 2), ("second", 5), ("second", 10), ("second", 30),
    ("minute", 1), ("minute", 2), ("minute", 5), ("minute", 10), ("minute", 30),
    ("hour", 1), ("hour", 3), ("hour", 6), ("hour", 12),
)  # fmt: skip
_FEW: Final = 10


@dataclass(frozen=True, slots=True)
class Span:
    """Instants from `low`, included, to `high`, excluded; UTC without a zone."""

    low: datetime
    high: datetime

    @property
    def length(self) -> timedelta:
        """From one end to the other."""
        return self.high - self.low


@dataclass(frozen=True, slots=True)
class Step:
    """So many of a unit; a day is always one."""

    unit: Unit
    every: int = 1

    @property
    def length(self) -> timedelta:
        """How long one step is, apart from days on which the clock moves."""
        return _UNITS[self.unit] * self.every

    def coarser(self) -> "Step":
        """The next longer unit."""
        units = list(_UNITS)
        return Step(units[min(units.index(self.unit) + 1, len(units) - 1)])


def fitting(span: Span) -> Step:
    """The longest readable step that gives ten steps at least; days where the span is many of them."""
    if span.length >= _FEW * DAY:
        return Step("day")
    fits = [step for step in (Step(*each) for each in _READABLE) if span.length >= _FEW * step.length]
    return fits[-1] if fits else Step("second")


def affordable(step: Step, span: Span) -> Step:
    """The step, or a coarser one where there would be too many."""
    while step.unit != "day" and span.length / step.length > MOST:
        step = step.coarser()
    return step


def starts(span: Span, step: Step, zone: ZoneInfo) -> list[datetime]:
    """When each step begins that touches the span, in UTC without a zone; counted from midnight."""
    days = between(day_of(span.low, zone), day_of(span.high - timedelta(microseconds=1), zone))
    midnights = [midnight(day, zone) for day in (*days, days[-1] + DAY)]
    if step.unit == "day":
        return midnights[:-1]
    return [
        start
        for begin, following in pairwise(midnights)
        for start in _within(Span(begin, following), span, step.length)
    ]


def _within(day: Span, span: Span, length: timedelta) -> list[datetime]:
    """Steps of a day that touch the span; on a day when the clock moves there are fewer or more of them."""
    first = max((span.low - day.low) // length, 0)
    after = -((day.low - min(day.high, span.high)) // length)
    return [day.low + number * length for number in range(first, after)]


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """When the day begins there, in UTC without a zone."""
    return datetime.combine(day, time(), zone).astimezone(UTC).replace(tzinfo=None)


def day_of(instant: datetime, zone: ZoneInfo) -> date:
    """The day there of an instant in UTC without a zone."""
    return instant.replace(tzinfo=UTC).astimezone(zone).date()


def between(first: date, last: date) -> list[date]:
    """Every day, both ends included; the newest ones where they are too many."""
    first = max(first, last - (MOST - 1) * DAY)
    return [first + number * DAY for number in range((last - first).days + 1)]
