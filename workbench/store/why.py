"""Why a person is, or is not, a member: the truth of each rule, and the values behind it."""

from datetime import UTC, datetime

import duckdb

from workbench.plan.segment import (
    ActivityRule,
    AttributeRule,
    BehaviourRule,
    ChannelRule,
    CountryRule,
    DateRule,
    DistanceRule,
    FieldRule,
    Group,
    MeasureRule,
    MessageRule,
    MetricRule,
    MomentRule,
    Rule,
    Segment,
    Truth,
    walk,
)
from workbench.store import cells, rules, rules_events, rules_people
from workbench.store.queries import Query, join, sql
from workbench.store.rules import Reading

_FIELD_OF = {ChannelRule: "ChannelType", CountryRule: "Location.Country"}


def truths(cursor: duckdb.DuckDBPyConnection, segment: Segment, endpoint_id: str, now: datetime) -> tuple[Truth, ...]:
    """The whole first, then every item by its path; empty where there is no such endpoint."""
    how = rules.reading(cursor, now)
    items: list[tuple[str, Rule | Group]] = [("", segment.root), *walk(segment.root)]
    asked = join(", ", (sql("({found}) IS TRUE", found=rules.condition(item, how)) for _, item in items))
    query = sql("SELECT e.key, {asked} FROM endpoints e WHERE e.id = {id} LIMIT 1", asked=asked, id=endpoint_id)
    row = query.run(cursor).fetchone()
    if row is None:
        return ()
    key, *found = row
    return tuple(
        Truth(path=path, true=true, facts={} if isinstance(item, Group) else _facts(cursor, item, int(key), how))
        for (path, item), true in zip(items, found, strict=True)
    )


def _facts(  # noqa: PLR0911 - one line per kind of rule
    cursor: duckdb.DuckDBPyConnection, rule: Rule, key: int, how: Reading
) -> dict[str, str | float]:
    match rule:
        case AttributeRule():
            prefix = "Attributes." if rule.scope == "endpoint" else "User.UserAttributes."
            return _named(_cell(cursor, prefix + rule.name, key, how), "values")
        case FieldRule() | DateRule():
            return _named(_cell(cursor, rule.field, key, how), "values")
        case ChannelRule() | CountryRule():
            return _named(_cell(cursor, _FIELD_OF[type(rule)], key, how), "values")
        case MetricRule():
            return _named(_cell(cursor, f"Metrics.{rule.name}", key, how), "value")
        case DistanceRule():
            query = sql(
                "SELECT {far} FROM endpoints e WHERE e.key = {key}"
                " AND e.latitude IS NOT NULL AND e.longitude IS NOT NULL",
                far=rules_people.distance(rule),
                key=key,
            )
            return _named(query.run(cursor).fetchone(), "kilometers")
        case ActivityRule():
            query = sql(
                'SELECT e.effective, (SELECT max("at") FROM events WHERE key = {key} AND "at" <= {now})'
                " FROM endpoints e WHERE e.key = {key}",
                key=key,
                now=how.instant,
            )
            return _named(query.run(cursor).fetchone(), "effective", "newest")
        case BehaviourRule() | MeasureRule() | MomentRule():
            return _happened(cursor, rule, key, how)
        case MessageRule():
            query = sql(
                'SELECT count(*), min("at"), max("at") FROM ({times}) WHERE key = {key}',
                times=rules_events.messages(rule, how.columns, how.instant),
                key=key,
            )
            return _named(query.run(cursor).fetchone(), "times", "first", "last")
        case _:
            return {}


def _happened(
    cursor: duckdb.DuckDBPyConnection, rule: BehaviourRule | MeasureRule | MomentRule, key: int, how: Reading
) -> dict[str, str | float]:
    figure = rules_events.figure(rule, how.columns) if isinstance(rule, MeasureRule) else Query("NULL")
    query = sql(
        'SELECT count(*), min("at"), max("at"), {figure} FROM events WHERE key = {key} AND {counts}',
        figure=figure,
        key=key,
        counts=rules_events.counts(rule, how.columns, how.instant, how.zone),
    )
    return _named(query.run(cursor).fetchone(), "times", "first", "last", "figure")


def _cell(cursor: duckdb.DuckDBPyConnection, field: str, key: int, how: Reading) -> tuple[object, ...]:
    ((_, cell),) = cells.rows(cursor, [key], (field,), how.columns, stored=True)
    return (cell,)


def _named(row: tuple[object, ...] | None, *names: str) -> dict[str, str | float]:
    found: dict[str, str | float] = {}
    for name, value in zip(names, row or (), strict=False):
        if isinstance(value, datetime):
            found[name] = value.replace(tzinfo=UTC).isoformat()
        elif isinstance(value, str | float | int):
            found[name] = value
    return found
