"""What happened, in figures over time: exact, with gaps filled by zeros, in days of the workspace's time zone."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import Final
from zoneinfo import ZoneInfo

import duckdb

from workbench.plan.report import Line, Question, Series
from workbench.plan.words import tr
from workbench.store import rollups
from workbench.store.queries import Query, join, shown, sql

#: steps of a series at most; a finer bucket is made a coarser one, and of days the newest are kept
MOST_BUCKETS: Final = 20_000
#: event types shown where none are asked for
_MOST_TYPES: Final = 8
_STEPS: Final = {"minute": timedelta(minutes=1), "hour": timedelta(hours=1)}
_DAY: Final = timedelta(days=1)
_MESSAGE_LINES: Final = ("sent", "delivered", "failed")


def series(cursor: duckdb.DuckDBPyConnection, question: Question) -> Series:
    """The series that answers; without buckets where nothing has happened and no days are given.

    `question` in the answer has the bucket that was used: a finer one than can be shown is made a coarser one.
    """
    zone = rollups.zone(cursor)
    match question.measure:
        case "messages":
            return _messages(cursor, question, zone)
        case "active_endpoints":
            return _active(cursor, question, zone)
        case "events":
            return _events(cursor, question, zone)


@dataclass(frozen=True, slots=True)
class _Span:
    """Instants from `low`, included, to `high`, excluded; UTC without a zone."""

    low: datetime
    high: datetime


def _messages(cursor: duckdb.DuckDBPyConnection, question: Question, zone: str) -> Series:
    mine = _outcomes(question)
    span = _span(cursor, question, mine, ZoneInfo(zone))
    bucket, starts = _steps(span, question.bucket, ZoneInfo(zone)) if span else (question.bucket, [])
    values = {name: [0.0] * len(starts) for name in _MESSAGE_LINES}
    # With no messages there is no span, but still a statement to read.
    query = _message_counts(mine, span or _Span(datetime(2000, 1, 1), datetime(2000, 1, 2)), bucket, zone)  # noqa: DTZ001 - as the store keeps times
    for moment, *counted in query.run(cursor).fetchall() if span else ():
        place = _place(moment, starts, ZoneInfo(zone))
        for name, n in zip(_MESSAGE_LINES, counted, strict=True):
            values[name][place] += n
    return Series(
        question=question.model_copy(update={"bucket": bucket}),
        timezone=zone,
        buckets=tuple(start.replace(tzinfo=UTC).astimezone(ZoneInfo(zone)).isoformat() for start in starts),
        lines=tuple(Line(name=name, values=tuple(found)) for name, found in values.items()),
        definition=tr(
            "Sent: messages that the receiving server took, at the moment of its reply. Delivered: those sent, less"
            " what came back for good. Failed: messages that were given up, or could not be filled in for the person."
        ),
        sql=shown(query),
    )


def _outcomes(question: Question) -> Query:
    """FROM and WHERE of the outcomes that count."""
    if not question.campaign_id:
        return Query("FROM outcomes WHERE state IN ('accepted', 'failed', 'render_failed')")
    return sql(
        "FROM outcomes WHERE state IN ('accepted', 'failed', 'render_failed')"
        " AND run IN (SELECT run FROM runs WHERE campaign_id = {campaign})",
        campaign=question.campaign_id,
    )


def _span(cursor: duckdb.DuckDBPyConnection, question: Question, mine: Query, zone: ZoneInfo) -> _Span | None:
    """The days asked for; an end that is not given is that of the outcomes."""
    first, last = sql('SELECT min("at"), max("at") {mine}', mine=mine).run(cursor).fetchone() or (None, None)
    low = _midnight(question.start, zone) if question.start else first
    high = _midnight(question.end + _DAY, zone) if question.end else _after(last, low)
    if low is None or high is None:
        low = low or (_midnight(question.end, zone) if question.end else None)
        high = high or (low + _DAY if low else None)
    return _Span(low, high) if low and high and low < high else None


def _after(last: datetime | None, low: datetime | None) -> datetime | None:
    """An end that includes the last outcome."""
    if last is None or (low is not None and last < low):
        return None
    return last + timedelta(microseconds=1)


def _message_counts(mine: Query, span: _Span, bucket: str, zone: str) -> Query:
    """Counts by day, or else by minute: every zone's hours begin at a whole minute of UTC."""
    moment = rollups.day_of(zone, span.low, span.high) if bucket == "day" else "date_trunc('minute', \"at\")"
    return sql(
        f"""SELECT {moment} AS moment,
  count(*) FILTER (WHERE state = 'accepted') AS sent,
  count(*) FILTER (WHERE state = 'accepted'
    AND (run, ordinal) NOT IN (SELECT (run, ordinal) FROM outcomes WHERE state = 'failed')) AS delivered,
  count(*) FILTER (WHERE state <> 'accepted') AS failed
{{mine}} AND "at" >= {{low}} AND "at" < {{high}}
GROUP BY moment ORDER BY moment""",
        mine=mine,
        low=span.low,
        high=span.high,
    )


def _steps(span: _Span, bucket: str, zone: ZoneInfo) -> tuple[str, list[datetime]]:
    """The bucket, coarser if need be, and the starts of all buckets that touch the span, in UTC without a zone."""
    while bucket in _STEPS and (span.high - span.low) / _STEPS[bucket] > MOST_BUCKETS:
        bucket = "hour" if bucket == "minute" else "day"
    days = _days(_day(span.low, zone), _day(span.high - timedelta(microseconds=1), zone))
    midnights = [_midnight(day, zone) for day in (*days, days[-1] + _DAY)]
    if bucket == "day":
        return bucket, midnights[:-1]
    step = _STEPS[bucket]
    starts = [
        start
        for midnight, following in pairwise(midnights)
        for start in _between(midnight, following, step)
        if start + step > span.low and start < span.high
    ]
    return bucket, starts


def _between(low: datetime, high: datetime, step: timedelta) -> list[datetime]:
    """Steps of a day; on a day when the clock moves there are fewer or more of them."""
    return [low + number * step for number in range(-((low - high) // step))]


def _place(moment: datetime | date, starts: Sequence[datetime], zone: ZoneInfo) -> int:
    instant = moment if isinstance(moment, datetime) else _midnight(moment, zone)
    return max(bisect_right(starts, instant) - 1, 0)


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    """When the day begins there, in UTC without a zone."""
    return datetime.combine(day, time(), zone).astimezone(UTC).replace(tzinfo=None)


def _day(instant: datetime, zone: ZoneInfo) -> date:
    return instant.replace(tzinfo=UTC).astimezone(zone).date()


def _days(first: date, last: date) -> list[date]:
    """Every day, both ends included; the newest ones where they are too many."""
    first = max(first, last - (MOST_BUCKETS - 1) * _DAY)
    return [first + number * _DAY for number in range((last - first).days + 1)]


def _active(cursor: duckdb.DuckDBPyConnection, question: Question, zone: str) -> Series:
    query = sql(
        """SELECT day, sum(bit_count(mask))::BIGINT AS active
FROM (SELECT day, block, bit_or(mask) AS mask FROM rollup_active WHERE {period} GROUP BY day, block)
GROUP BY day ORDER BY day""",
        period=_period(question),
    )
    counted = dict(query.run(cursor).fetchall())
    return _daily(
        question,
        zone,
        {"active_endpoints": counted},
        tr("Endpoints with at least one event of any type on the day, each counted once."),
        query,
    )


def _events(cursor: duckdb.DuckDBPyConnection, question: Question, zone: str) -> Series:
    types = question.event_types or _frequent(cursor, question)
    listed = join(", ", (sql("{name}", name=name) for name in types)) if types else Query("NULL")
    query = sql(
        """SELECT type, day, sum(n)::BIGINT AS events
FROM rollup_events WHERE {period} AND type IN ({listed})
GROUP BY type, day ORDER BY type, day""",
        period=_period(question),
        listed=listed,
    )
    counted: dict[str, dict[date, int]] = {name: {} for name in types}
    for event_type, day, n in query.run(cursor).fetchall():
        counted[event_type][day] = n
    definition = tr("Events per day, by the time at which they happened.")
    if not question.event_types:
        definition += " " + tr("The {n} most frequent types of the period.").format(n=_MOST_TYPES)
    return _daily(question, zone, counted, definition, query)


def _frequent(cursor: duckdb.DuckDBPyConnection, question: Question) -> tuple[str, ...]:
    query = sql(
        "SELECT type FROM rollup_events WHERE {period} GROUP BY type ORDER BY sum(n) DESC, type LIMIT {limit}",
        period=_period(question),
        limit=_MOST_TYPES,
    )
    return tuple(name for (name,) in query.run(cursor).fetchall())


def _period(question: Question) -> Query:
    parts = [sql("day >= {day}", day=question.start)] if question.start else []
    parts += [sql("day <= {day}", day=question.end)] if question.end else []
    return join(" AND ", parts) if parts else Query("TRUE")


def _daily(
    question: Question, zone: str, counted: Mapping[str, Mapping[date, int]], definition: str, query: Query
) -> Series:
    """Lines by day from what was counted; an end that is not given is that of what was counted."""
    known = [day for line in counted.values() for day in line]
    first = question.start or min(known, default=question.end)
    last = question.end or max(known, default=question.start)
    days = _days(first, last) if first and last and first <= last else []
    midnights = (datetime.combine(day, time(), ZoneInfo(zone)) for day in days)
    return Series(
        question=question.model_copy(update={"bucket": "day"}),
        timezone=zone,
        buckets=tuple(midnight.isoformat() for midnight in midnights),
        lines=tuple(
            Line(name=name, values=tuple(float(line.get(day, 0)) for day in days)) for name, line in counted.items()
        ),
        definition=definition,
        sql=shown(query),
    )
