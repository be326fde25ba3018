"""Rules about what a person did and was sent, as conditions on `e`, a row of `endpoints`.

They are sets of keys, `e.key IN (SELECT key FROM events ...)`: each reads only its own columns and rows of the log,
which is faster than one shared pass with a counter per rule.
"""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from operator import eq, ge, gt, le, lt, ne
from typing import Final
from zoneinfo import ZoneInfo

from workbench.plan.segment import (
    ActivityRule,
    AttributeCondition,
    BehaviourRule,
    Comparison,
    Condition,
    EventWindow,
    MeasureRule,
    MessageRule,
    MetricCondition,
    MomentRule,
)
from workbench.store import conditions
from workbench.store.catalogue import Columns
from workbench.store.conditions import EVERYONE, NOBODY, negated
from workbench.store.queries import Query, identifier, join, sql, utc

#: when an event happened; the word is reserved, so the column is always quoted
_AT: Final = identifier("at")
#: the attribute of an event about a message that names its campaign, as Pinpoint's event streams have it
_CAMPAIGN: Final = "campaign_id"
_EVENT_OF: Final = {"opened": "_email.open", "clicked": "_email.click"}
_STATES_OF: Final = {"got": "'accepted'", "failed": "'failed', 'render_failed'"}
_HOLDS: Final[dict[Comparison, Callable[[float, float], bool]]] = {
    "equal": eq,
    "not_equal": ne,
    "greater": gt,
    "greater_or_equal": ge,
    "less": lt,
    "less_or_equal": le,
}
_MEASURED: Final = {"sum": "fsum", "average": "favg", "least": "min", "greatest": "max"}


def activity(rule: ActivityRule, now: datetime) -> Query:
    """From the newest event of each endpoint; only who has events in the future needs the log itself."""
    active = sql(
        "({effective} OR e.key IN (SELECT key FROM rollup_latest WHERE {latest})"
        " OR e.key IN (SELECT key FROM events WHERE {happened}"
        " AND key IN (SELECT key FROM rollup_latest WHERE {at} > {now})))",
        effective=_last_days(Query("e.effective"), rule.days, now),
        latest=_last_days(_AT, rule.days, now),
        happened=_last_days(_AT, rule.days, now),
        at=_AT,
        now=now,
    )
    return active if rule.operator == "active" else negated(active)


def happened(rule: BehaviourRule | MeasureRule | MomentRule, columns: Columns, now: datetime, zone: str) -> Query:
    """How often, how much, or when."""
    rows = sql("SELECT key FROM events WHERE {counts}", counts=counts(rule, columns, now, zone))
    match rule:
        case BehaviourRule():
            return _often(rule, rows)
        case MeasureRule():
            return _measured(rule, rows, columns)
        case MomentRule():
            return _first_or_last(rule, rows, now)


def _often(rule: BehaviourRule, rows: Query) -> Query:
    match rule.comparison, rule.times:
        case "at_least", 0:
            return EVERYONE
        case "at_least", 1:
            return _in(rows)
        case "at_least", times:
            return _in(_having(rows, "count(*) >= {times}", times=times))
        case (("at_most" | "exactly"), 0):
            return negated(_in(rows))
        case "at_most", times:
            return negated(_in(_having(rows, "count(*) > {times}", times=times)))
        case _, times:
            return _in(_having(rows, "count(*) = {times}", times=times))


def _measured(rule: MeasureRule, rows: Query, columns: Columns) -> Query:
    column = columns.event_metrics.get(rule.metric)
    if column is not None:
        # whoever has no such number is nobody here, which is as good as a figure of nothing
        rows = sql("{rows} AND isfinite({m})", rows=rows, m=identifier(column))
    found = conditions.compared(_of_numbers(rule, columns), rule.comparison, rule.value)
    right = _in(_having(rows, "{found}", found=found))
    if rule.measure != "sum":
        return right
    # who has nothing to sum up has 0
    wrong = _in(_having(rows, "NOT coalesce({found}, FALSE)", found=found))
    return negated(wrong) if _HOLDS[rule.comparison](0.0, rule.value) else right


def figure(rule: MeasureRule, columns: Columns) -> Query:
    """The measure of the events in a group; NULL, or 0 as a sum, where none has the number."""
    column = columns.event_metrics.get(rule.metric)
    measured = _of_numbers(rule, columns)
    if column is not None:
        measured = sql("{measured} FILTER (isfinite({m}))", measured=measured, m=identifier(column))
    return sql("coalesce({measured}, 0)", measured=measured) if rule.measure == "sum" else measured


def _of_numbers(rule: MeasureRule, columns: Columns) -> Query:
    """The measure where each event has the number."""
    column = columns.event_metrics.get(rule.metric)
    if column is None:
        return Query("0.0::DOUBLE" if rule.measure == "sum" else "NULL::DOUBLE")
    return sql(f"{_MEASURED[rule.measure]}({{m}})", m=identifier(column))


def _first_or_last(rule: MomentRule, rows: Query, now: datetime) -> Query:
    moment = sql("min({at})" if rule.which == "first" else "max({at})", at=_AT)
    edge = now - timedelta(days=rule.ago)
    compared = "{moment} > {edge}" if rule.operator == "within" else "{moment} <= {edge}"
    return _in(_having(rows, compared, moment=moment, edge=edge))


def _having(rows: Query, condition: str, **values: object) -> Query:
    return sql(f"{{rows}} GROUP BY key HAVING {condition}", rows=rows, **values)


def _in(keys: Query) -> Query:
    return sql("e.key IN ({keys})", keys=keys)


def counts(rule: EventWindow, columns: Columns, now: datetime, zone: str) -> Query:
    """Whether an event is one of those that are looked at."""
    parts = [sql("type = {event}", event=rule.event), _window(rule, now, zone)]
    parts += [_event_condition(each, columns) for each in rule.where]
    return join(" AND ", parts)


def _event_condition(item: Condition, columns: Columns) -> Query:
    match item:
        case MetricCondition():
            column = columns.event_metrics.get(item.name)
            return conditions.compared(identifier(column), item.comparison, item.value) if column else NOBODY
        case AttributeCondition():
            column = columns.event_attributes.get(item.name)
            if column is None:
                return EVERYONE if item.operator in {"is_not", "is_not_set"} else NOBODY
            return conditions.text(identifier(column), item.operator, item.values)


def _window(rule: EventWindow, now: datetime, zone: str) -> Query:
    if not (rule.start or rule.end):
        return _last_days(_AT, rule.days, now, rule.until)
    parts = [sql("{at} <= {now}", at=_AT, now=now)]
    if (start := _midnight(rule.start, zone)) is not None:
        parts.append(sql("{at} >= {start}", at=_AT, start=start))
    if (end := _midnight(rule.end, zone, 1)) is not None:
        parts.append(sql("{at} < {end}", at=_AT, end=end))
    return conditions.bracketed(" AND ", parts)


def _midnight(day: str, zone: str, later: int = 0) -> datetime | None:
    """The instant, in UTC without a zone, at which the day begins, or the one so many days later."""
    try:
        found = date.fromisoformat(day) + timedelta(days=later)
    except ValueError:
        return None
    return utc(datetime(found.year, found.month, found.day, tzinfo=ZoneInfo(zone)))


def _last_days(stored: Query, days: int | None, now: datetime, until: int = 0) -> Query:
    """(now - days x 24 h, now - until x 24 h]; the future is never inside."""
    past = sql("{stored} <= {end}", stored=stored, end=now - timedelta(days=until))
    if days is None:
        return past
    start = now - timedelta(days=days)
    return sql("({stored} > {start} AND {past})", stored=stored, start=start, past=past)


# --- messages


def messaged(rule: MessageRule, columns: Columns, now: datetime) -> Query:
    """What became of messages."""
    found = _in(sql("SELECT key FROM ({messages})", messages=messages(rule, columns, now)))
    return found if rule.operator == "did" else negated(found)


def messages(rule: MessageRule, columns: Columns, now: datetime) -> Query:
    """`SELECT key, "at" ...` with a row for each time that it became so."""
    return _handed_over(rule, now) if rule.did in _STATES_OF else _answered(rule, columns, now)


def _handed_over(rule: MessageRule, now: datetime) -> Query:
    campaign = (
        sql(" AND run IN (SELECT run FROM runs WHERE campaign_id = {id})", id=rule.campaign_id)
        if rule.campaign_id
        else Query("")
    )
    return sql(
        f"""SELECT key, {{at}} FROM outbox JOIN (
                SELECT run, ordinal, {{at}} FROM outcomes
                WHERE state IN ({_STATES_OF[rule.did]}) AND {{window}}{{campaign}})
            USING (run, ordinal)""",
        at=_AT,
        window=_last_days(_AT, rule.days, now),
        campaign=campaign,
    )


def _answered(rule: MessageRule, columns: Columns, now: datetime) -> Query:
    parts = [sql("type = {event}", event=_EVENT_OF[rule.did]), _last_days(_AT, rule.days, now)]
    if rule.campaign_id:
        column = columns.event_attributes.get(_CAMPAIGN)
        parts.append(sql("{column} = {id}", column=identifier(column), id=rule.campaign_id) if column else NOBODY)
    return sql("SELECT key, {at} FROM events WHERE {where}", at=_AT, where=join(" AND ", parts))
