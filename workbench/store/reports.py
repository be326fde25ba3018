"""What happened, in figures over time: exact, with gaps filled by zeros, in days of the workspace's time zone."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import duckdb

from workbench.plan.report import Line, Question, Series
from workbench.plan.words import tr
from workbench.store import rollups, steps
from workbench.store.queries import Query, join, shown, sql
from workbench.store.steps import DAY, Span, Step

#: event types shown where none are asked for
_MOST_TYPES: Final = 8
_MESSAGE_LINES: Final = ("sent", "delivered", "failed")


def series(cursor: duckdb.DuckDBPyConnection, question: Question) -> Series:
    """The series that answers; without buckets where nothing has happened and no days are given.

    `question` in the answer has the bucket that was used: one that fits the time asked for instead of `auto`, and a
    coarser one where the one asked for would be more steps than can be shown.
    """
    zone = rollups.zone(cursor)
    match question.measure:
        case "messages":
            return _messages(cursor, question, zone)
        case "active_endpoints":
            return _active(cursor, question, zone)
        case "events":
            return _events(cursor, question, zone)


def _messages(cursor: duckdb.DuckDBPyConnection, question: Question, zone: str) -> Series:
    mine = _outcomes(question)
    span = _span(cursor, question, mine, ZoneInfo(zone))
    step = _step(question, span)
    starts = steps.starts(span, step, ZoneInfo(zone)) if span else []
    values = {name: [0.0] * len(starts) for name in _MESSAGE_LINES}
    # With no messages there is no span, but still a statement to read.
    query = _message_counts(mine, span or Span(datetime(2000, 1, 1), datetime(2000, 1, 2)), step, zone)  # noqa: DTZ001 - as the store keeps times
    for moment, *counted in query.run(cursor).fetchall() if span else ():
        place = _place(moment, starts, ZoneInfo(zone))
        for name, n in zip(_MESSAGE_LINES, counted, strict=True):
            values[name][place] += n
    return Series(
        question=question.model_copy(update={"bucket": step.unit, "every": step.every}),
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


def _step(question: Question, span: Span | None) -> Step:
    """The step asked for, or what fits; a day where there is nothing to fit."""
    if span is None:
        return Step("day" if question.bucket == "auto" else question.bucket)
    if question.bucket == "auto":
        return steps.fitting(span)
    every = 1 if question.bucket == "day" else question.every
    return steps.affordable(Step(question.bucket, every), span)


def _span(cursor: duckdb.DuckDBPyConnection, question: Question, mine: Query, zone: ZoneInfo) -> Span | None:
    """The time asked for; an end that is not given is that of the outcomes."""
    first, last = sql('SELECT min("at"), max("at") {mine}', mine=mine).run(cursor).fetchone() or (None, None)
    given, until = _ends(question, zone)
    low = given or first
    high = until or _after(last, low)
    if low is None or high is None:
        low = low or (until - DAY if until else None)
        high = high or (low + DAY if low else None)
    return Span(low, high) if low and high and low < high else None


def _ends(question: Question, zone: ZoneInfo) -> tuple[datetime | None, datetime | None]:
    """The ends that were given, in UTC without a zone: instants before days."""
    low = _instant(question.since) or (steps.midnight(question.start, zone) if question.start else None)
    high = _instant(question.until) or (steps.midnight(question.end + DAY, zone) if question.end else None)
    return low, high


def _instant(moment: datetime | None) -> datetime | None:
    return moment.astimezone(UTC).replace(tzinfo=None) if moment else None


def _after(last: datetime | None, low: datetime | None) -> datetime | None:
    """An end that includes the last outcome."""
    if last is None or (low is not None and last < low):
        return None
    return last + timedelta(microseconds=1)


def _message_counts(mine: Query, span: Span, step: Step, zone: str) -> Query:
    """Counts by day, or else by minute or second: every zone's hours begin at a whole minute of UTC."""
    part = "second" if step.unit == "second" else "minute"
    by_day = step.unit == "day"
    moment = rollups.day_of(zone, span.low, span.high) if by_day else f"date_trunc('{part}', \"at\")"
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


def _place(moment: datetime | date, starts: Sequence[datetime], zone: ZoneInfo) -> int:
    instant = moment if isinstance(moment, datetime) else steps.midnight(moment, zone)
    return max(bisect_right(starts, instant) - 1, 0)


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
    days = steps.between(first, last) if first and last and first <= last else []
    midnights = (datetime.combine(day, time(), ZoneInfo(zone)) for day in days)
    return Series(
        question=question.model_copy(update={"bucket": "day", "every": 1}),
        timezone=zone,
        buckets=tuple(midnight.isoformat() for midnight in midnights),
        lines=tuple(
            Line(name=name, values=tuple(float(line.get(day, 0)) for day in days)) for name, line in counted.items()
        ),
        definition=definition,
        sql=shown(query),
    )
