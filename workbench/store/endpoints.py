"""The audience: its table, the names that are known, and the values that occur."""

from datetime import datetime
from typing import Final

import duckdb

from workbench.plan.catalogue import Catalogue, Known, Named, ValueCount
from workbench.plan.endpoint import ATTRIBUTE, USER_ATTRIBUTE, TablePage, View
from workbench.plan.segment import ChannelRule, Group, Segment, references
from workbench.store import catalogue as names
from workbench.store import cells, definitions, lists, orders, rules, search, static
from workbench.store.catalogue import Columns
from workbench.store.endpoint_fields import addressed
from workbench.store.orders import Order
from workbench.store.queries import Query, identifier, join, sql
from workbench.store.rules import Reading

_EVERYONE: Final = Query("TRUE")


def count(cursor: duckdb.DuckDBPyConnection, view: View, now: datetime) -> int:
    """How many endpoints the view shows."""
    return orders.count(cursor, _order(cursor, view, names.load(cursor), now))


def page(cursor: duckdb.DuckDBPyConnection, view: View, now: datetime, offset: int, limit: int) -> TablePage:
    """A block of the table; shorter, or empty, at the end."""
    columns = names.load(cursor)
    keys = orders.block(cursor, _order(cursor, view, columns, now), offset, limit)
    return TablePage(offset=offset, rows=cells.rows(cursor, keys, view.columns, columns))


def at(cursor: duckdb.DuckDBPyConnection, channel: str, address: str) -> str:
    """The id of the endpoint with this address on the channel, an active one first; empty where there is none."""
    stored, asked = addressed("channel_type", "address"), addressed("$1::VARCHAR", "$2::VARCHAR")
    row = cursor.execute(
        f"SELECT id FROM endpoints WHERE {stored} = {asked} ORDER BY status, key DESC LIMIT 1", [channel, address]
    ).fetchone()
    return str(row[0]) if row else ""


def chosen(cursor: duckdb.DuckDBPyConnection, view: View, now: datetime) -> Query:
    """The condition on `e`, a row of endpoints, of whom the view shows."""
    return _chosen(view, _segment(cursor, view.segment_id), names.load(cursor), rules.reading(cursor, now))


def _order(cursor: duckdb.DuckDBPyConnection, view: View, columns: Columns, now: datetime) -> Order:
    segment = _segment(cursor, view.segment_id)
    chosen = _chosen(view, segment, columns, rules.reading(cursor, now))
    with_user = " LEFT JOIN users u ON u.user_id = e.user_id" if cells.needs_user((view.sort,)) else ""
    # A segment's members come and go with time, too: a kept order is theirs for a minute.
    minute = now.replace(second=0, microsecond=0) if segment else None
    return Order(
        source=Query("endpoints e" + with_user),
        chosen=chosen,
        sort=_sort(view, columns),
        descending=view.descending,
        name=(view.model_copy(update={"columns": ()}), segment, minute),
        costly=bool(view.search or segment),
    )


def _sort(view: View, columns: Columns) -> Query | None:
    """What the table is sorted by; of a search, who has the text in address or id before who has it elsewhere."""
    if view.sort:
        return cells.sort_key(view.sort, columns)
    return sql("CASE WHEN {keys} THEN 0 ELSE 1 END", keys=search.at_once(view.search)) if view.search else None


def _segment(cursor: duckdb.DuckDBPyConnection, segment_id: str) -> Segment | None:
    row = definitions.get(cursor, "segment", segment_id) if segment_id else None
    return Segment.from_json(row.body) if row else None


def _chosen(view: View, segment: Segment | None, columns: Columns, reading: Reading) -> Query:
    parts = []
    if view.channel:
        parts.append(rules.rule_condition(ChannelRule(values=(view.channel,)), reading))
    if view.status:
        parts.append(sql("e.status = {status}", status=view.status))
    if view.search:
        parts.append(search.found(view.search, columns))
    if view.segment_id:
        parts.append(rules.condition(segment.root, reading) if segment else Query("FALSE"))
    return join(" AND ", (sql("({part})", part=part) for part in parts)) if parts else _EVERYONE


def catalogue(cursor: duckdb.DuckDBPyConnection) -> Catalogue:
    """All names in use, with the number of endpoints, or events, that carry each."""
    columns = names.load(cursor)
    own = _counts(cursor, "endpoints", [*columns.attributes.values(), *columns.metrics.values()])
    users = _counts(cursor, "users", list(columns.user_attributes.values()))
    return Catalogue(
        attributes=tuple(
            Known(name=name, kind="attribute", count=own[column]) for name, column in columns.attributes.items()
        ),
        metrics=tuple(Known(name=name, kind="metric", count=own[column]) for name, column in columns.metrics.items()),
        user_attributes=tuple(
            Known(name=name, kind="user_attribute", count=users[column])
            for name, column in columns.user_attributes.items()
        ),
        events=_event_types(cursor),
        segments=tuple(
            Named(id=row.id, name=row.name, uses=tuple(each.id for _, each in references(_root(row.body))))
            for row in definitions.listed(cursor, "segment")
        ),
        campaigns=tuple(Named(id=row.id, name=row.name) for row in definitions.listed(cursor, "campaign")),
        lists=static.listed(cursor),
    )


def _root(body: str) -> Group:
    return Segment.from_json(body).root


def _counts(cursor: duckdb.DuckDBPyConnection, table: str, columns: list[str]) -> dict[str, int]:
    """How many endpoints have a value in each column of `endpoints` or, through their user, of `users`."""
    if not columns:
        return {}
    source = "endpoints" if table == "endpoints" else "users JOIN endpoints USING (user_id)"
    counted = join(", ", (sql("count({column})", column=identifier(column)) for column in columns))
    found = sql(f"SELECT {{counted}} FROM {source}", counted=counted).run(cursor).fetchone() or ()
    return dict(zip(columns, found, strict=True))


def _event_types(cursor: duckdb.DuckDBPyConnection) -> tuple[Known, ...]:
    """Types of events, the most frequent first, each with the names of what its events carry."""
    carried: dict[tuple[str, str], list[str]] = {}
    for kind, name, event_type in cursor.execute(
        "SELECT DISTINCT kind, name, event_type FROM names WHERE kind LIKE 'event%' ORDER BY name"
    ).fetchall():
        carried.setdefault((event_type, kind), []).append(name)
    counted = cursor.execute(
        "SELECT type, sum(n)::BIGINT FROM rollup_events GROUP BY type ORDER BY 2 DESC, 1"
    ).fetchall()
    return tuple(
        Known(
            name=event_type,
            kind="event",
            count=n,
            attributes=tuple(carried.get((event_type, "event_attribute"), ())),
            metrics=tuple(carried.get((event_type, "event_metric"), ())),
        )
        for event_type, n in counted
    )


def values(cursor: duckdb.DuckDBPyConnection, field: str, prefix: str, limit: int) -> tuple[ValueCount, ...]:
    """The most frequent values that begin with the prefix, without regard to case, counted by endpoints."""
    place = names.load(cursor).endpoint_column(field)
    if place is None:
        return ()
    table, name = place
    stored = sql("{table}.{name}", table=identifier(table), name=identifier(name))
    source = "users JOIN endpoints USING (user_id)" if table == "users" else "endpoints"
    counted = sql(f"SELECT {{stored}}::VARCHAR AS value, count(*) AS n FROM {source} GROUP BY ALL", stored=stored)
    if field.startswith((ATTRIBUTE, USER_ATTRIBUTE)):
        each = f"unnest(list_distinct({lists.split('value')})) AS value"
        counted = sql(f"SELECT {each}, n FROM ({{counted}})", counted=counted)
    return _frequent(cursor, counted, prefix, limit)


def event_values(
    cursor: duckdb.DuckDBPyConnection, event: str, attribute: str, prefix: str, limit: int
) -> tuple[ValueCount, ...]:
    """The most frequent values of an attribute of that type of event, counted by events."""
    name = names.load(cursor).event_attributes.get(attribute)
    if name is None:
        return ()
    counted = sql(
        "SELECT {name} AS value, count(*) AS n FROM events WHERE type = {event} GROUP BY ALL",
        name=identifier(name),
        event=event,
    )
    return _frequent(cursor, counted, prefix, limit)


def _frequent(cursor: duckdb.DuckDBPyConnection, counted: Query, prefix: str, limit: int) -> tuple[ValueCount, ...]:
    """The most frequent values of `counted(value, n)`, where a value may occur again."""
    query = sql(
        """SELECT value, sum(n)::BIGINT AS n FROM ({counted})
           WHERE starts_with(lower(value), lower({prefix})) GROUP BY value ORDER BY n DESC, value LIMIT {limit}""",
        counted=counted,
        prefix=prefix,
        limit=limit,
    )
    return tuple(ValueCount(value=value, count=n) for value, n in query.run(cursor).fetchall())
