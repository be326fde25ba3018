"""The one place where a segment becomes SQL.

Every rule is a condition on `e`, a row of `endpoints`. A condition that is NULL counts as false: `AND` and `OR` keep
that reading, and every negation is written `(...) IS NOT TRUE`, so that who lacks a value is on the right side of it.
Numbers that are not numbers (NaN, which sorts above infinity here) count as missing. Rules on users and events are
sets of ids, `e.key IN (SELECT key FROM events ...)`: each reads only its own columns and rows of the log, which is
faster than one shared pass with a counter per rule.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from workbench.plan.endpoint import PUSH_TYPES
from workbench.plan.segment import (
    ActivityRule,
    AttributeCondition,
    AttributeRule,
    BehaviourRule,
    ChannelRule,
    Comparison,
    Condition,
    CountryRule,
    Group,
    MetricCondition,
    MetricRule,
    Rule,
    Segment,
)
from workbench.store import lists
from workbench.store.catalogue import Columns
from workbench.store.queries import Query, identifier, join, sql

#: when an event happened; the word is reserved, so the column is always quoted
_AT: Final = identifier("at")
_EVERYONE: Final = Query("TRUE")
_NOBODY: Final = Query("FALSE")
_COMPARED: Final[dict[Comparison, str]] = {
    "equal": "=",
    "not_equal": "<>",
    "greater": ">",
    "greater_or_equal": ">=",
    "less": "<",
    "less_or_equal": "<=",
}
#: with more listed values than this, one search for any of them is faster than one search for each
_FEW_VALUES: Final = 4


@dataclass(frozen=True, slots=True)
class Reading:
    """What conditions depend on beside the rules: the instant, in UTC, and the columns of the names in use."""

    now: datetime
    columns: Columns

    @property
    def instant(self) -> datetime:
        """`now` as the store keeps times: UTC without a zone."""
        return self.now.astimezone(UTC).replace(tzinfo=None)


def matching(segment: Segment, now: datetime, catalogue: Columns) -> Query:
    """`SELECT e.key ...` of every endpoint that is a member at that instant, in no order, each once."""
    chosen = condition(segment.root, Reading(now, catalogue))
    return sql("SELECT e.key FROM endpoints e WHERE {chosen}", chosen=chosen)


def condition(item: Rule | Group, reading: Reading) -> Query:
    """The rule or group as a condition on `e`; NULL counts as false."""
    if isinstance(item, Group):
        return combined(item, [condition(each, reading) for each in item.items])
    return rule_condition(item, reading)


def combined(group: Group, parts: Sequence[Query]) -> Query:
    """The conditions of a group's items as the group's own."""
    if not parts:
        return _EVERYONE
    if group.mode == "all":
        return _bracketed(" AND ", parts)
    some = _bracketed(" OR ", parts)
    return some if group.mode == "any" else _not(some)


def rule_condition(rule: Rule, reading: Reading) -> Query:
    """One rule as a condition on `e`."""
    match rule:
        case AttributeRule():
            return _attribute(rule, reading)
        case MetricRule():
            column = reading.columns.metrics.get(rule.name)
            return _number(sql("e.{m}", m=identifier(column)), rule.comparison, rule.value) if column else _NOBODY
        case ChannelRule():
            push = PUSH_TYPES if "PUSH" in rule.values else ()
            return _listed(Query("e.channel_type"), rule.operator, (*rule.values, *push))
        case CountryRule():
            return _listed(Query("e.country"), rule.operator, rule.values)
        case ActivityRule():
            return _activity(rule, reading)
        case BehaviourRule():
            return _behaviour(rule, reading)


def _attribute(rule: AttributeRule, reading: Reading) -> Query:
    known = reading.columns.attributes if rule.scope == "endpoint" else reading.columns.user_attributes
    column = known.get(rule.name)
    negative = rule.operator in {"is_not", "is_not_set"}
    if column is None:
        return _EVERYONE if negative else _NOBODY
    if rule.scope == "endpoint":
        found = _has(sql("e.{a}", a=identifier(column)), rule)
    else:
        found = sql("e.user_id IN (SELECT user_id FROM users WHERE {has})", has=_has(identifier(column), rule))
    return _not(found) if negative else found


def _has(stored: Query, rule: AttributeRule) -> Query:
    """Whether the stored values have what the rule, or the opposite of it, asks for."""
    values = [value for value in rule.values if lists.SEPARATOR not in value]  # which no value has
    listed = lists.split("{stored}")
    match rule.operator:
        case "is_set" | "is_not_set":
            return sql("{stored} IS NOT NULL", stored=stored)
        case "is" | "is_not" if len(values) > _FEW_VALUES:
            return sql(f"list_has_any({listed}, {{values}})", stored=stored, values=values)
        case "is" | "is_not":
            test = f"list_contains({listed}, {{value}})"
        case "contains":
            test = "contains({stored}, {value})"
        case "starts_with":
            test = lists.begins("{stored}", "{value}")
    return _any(values, lambda value: sql(test, stored=stored, value=value))


def _number(stored: Query, comparison: Comparison, value: float) -> Query:
    compared = sql(f"{{stored}} {_COMPARED[comparison]} {{value}}", stored=stored, value=value)
    if comparison in {"equal", "less", "less_or_equal"}:
        return compared
    return sql("({compared} AND {stored} <= 'inf'::DOUBLE)", compared=compared, stored=stored)


def _listed(stored: Query, operator: str, values: Sequence[str]) -> Query:
    """`is` or `is_not` on a single text."""
    match len(values):
        case 0:
            found = _NOBODY
        case 1:
            found = sql("{stored} = {value}", stored=stored, value=values[0])
        case _:
            listed = join(", ", (sql("{value}", value=value) for value in values))
            found = sql("{stored} IN ({listed})", stored=stored, listed=listed)
    return found if operator == "is" else _not(found)


def _activity(rule: ActivityRule, reading: Reading) -> Query:
    """From the newest event of each endpoint; only who has events in the future needs the log itself."""
    active = sql(
        "({effective} OR e.key IN (SELECT key FROM rollup_latest WHERE {latest})"
        " OR e.key IN (SELECT key FROM events WHERE {happened}"
        " AND key IN (SELECT key FROM rollup_latest WHERE {at} > {now})))",
        effective=_window(Query("e.effective"), rule.days, reading),
        latest=_window(_AT, rule.days, reading),
        happened=_window(_AT, rule.days, reading),
        at=_AT,
        now=reading.instant,
    )
    return active if rule.operator == "active" else _not(active)


def _behaviour(rule: BehaviourRule, reading: Reading) -> Query:
    happened = _happened(rule, reading)
    match rule.comparison, rule.times:
        case "at_least", 0:
            return _EVERYONE
        case "at_least", 1:
            return _in(happened)
        case "at_least", times:
            return _in(_often(happened, ">=", times))
        case (("at_most" | "exactly"), 0):
            return _not(_in(happened))
        case "at_most", times:
            return _not(_in(_often(happened, ">", times)))
        case _, times:
            return _in(_often(happened, "=", times))


def _in(keys: Query) -> Query:
    return sql("e.key IN ({keys})", keys=keys)


def _often(happened: Query, comparison: str, times: int) -> Query:
    return sql(f"{{happened}} GROUP BY key HAVING count(*) {comparison} {{times}}", happened=happened, times=times)


def _happened(rule: BehaviourRule, reading: Reading) -> Query:
    """`SELECT key ...` with a row for each event that counts."""
    parts = [sql("type = {event}", event=rule.event), _window(_AT, rule.days, reading)]
    parts += [_event_condition(each, reading.columns) for each in rule.where]
    return sql("SELECT key FROM events WHERE {where}", where=join(" AND ", parts))


def _event_condition(item: Condition, columns: Columns) -> Query:
    match item:
        case MetricCondition():
            column = columns.event_metrics.get(item.name)
            return _number(identifier(column), item.comparison, item.value) if column else _NOBODY
        case AttributeCondition():
            column = columns.event_attributes.get(item.name)
            if column is None:
                return _EVERYONE if item.operator == "is_not" else _NOBODY
            stored = identifier(column)
            if item.operator == "contains":
                return _any(item.values, lambda value: sql("contains({stored}, {value})", stored=stored, value=value))
            return _listed(stored, item.operator, item.values)


def _window(stored: Query, days: int | None, reading: Reading) -> Query:
    """(now - days x 24 h, now]; the future is never inside."""
    past = sql("{stored} <= {now}", stored=stored, now=reading.instant)
    if days is None:
        return past
    start = reading.instant - timedelta(days=days)
    return sql("({stored} > {start} AND {past})", stored=stored, start=start, past=past)


def _any(values: Sequence[str], test: Callable[[str], Query]) -> Query:
    return _bracketed(" OR ", [test(value) for value in values]) if values else _NOBODY


def _bracketed(operator: str, parts: Sequence[Query]) -> Query:
    return parts[0] if len(parts) == 1 else sql("({parts})", parts=join(operator, parts))


def _not(found: Query) -> Query:
    """Who is not found, those included of whom nothing is known."""
    return sql("({found}) IS NOT TRUE", found=found)
