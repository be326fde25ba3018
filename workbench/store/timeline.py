"""One person: endpoints, what is known of them, and what happened to them."""

import math
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

import duckdb

from workbench.plan.endpoint import FIELDS, Endpoint, Person, TimelineEntry
from workbench.store import catalogue, cells, lists
from workbench.store.catalogue import FIELD_COLUMNS, Columns
from workbench.store.queries import Query, identifier, join, sql

#: fields that `Endpoint` names itself; the other fixed ones go to `Endpoint.fields`
_NAMED: Final = {
    "Id", "Address", "ChannelType", "EndpointStatus", "OptOut", "EffectiveDate", "CreationDate", "CohortId",
    "User.UserId",
}  # fmt: skip


def person(cursor: duckdb.DuckDBPyConnection, endpoint_id: str, offset: int, limit: int) -> Person | None:
    """The endpoint, all endpoints of its user (itself included, oldest first), and a block of what happened to them.

    None where there is no such endpoint.
    """
    columns = catalogue.load(cursor)
    everyone = _endpoints(cursor, sql("e.id = {id}", id=endpoint_id), columns)
    if not everyone:
        return None
    (endpoint,) = everyone.values()
    if endpoint.user_id is not None:
        everyone = _endpoints(cursor, sql("e.user_id = {user_id}", user_id=endpoint.user_id), columns)
    ids = {key: one.id for key, one in everyone.items()}
    entries = [*_events(cursor, ids, columns, offset + limit), *_messages(cursor, ids, offset + limit)]
    entries.sort(key=lambda entry: entry.at, reverse=True)
    return Person(
        endpoint=endpoint,
        endpoints=tuple(everyone.values()),
        timeline=tuple(entries[offset : offset + limit]),
        timeline_total=_total(cursor, ids),
    )


def endpoints(cursor: duckdb.DuckDBPyConnection, ids: Sequence[str]) -> dict[int, Endpoint]:
    """The endpoints of these ids that are there, by key, in the order of arrival."""
    return _endpoints(cursor, sql("e.id IN (SELECT unnest({ids}::VARCHAR[]))", ids=list(ids)), catalogue.load(cursor))


def _endpoints(cursor: duckdb.DuckDBPyConnection, chosen: Query, columns: Columns) -> dict[int, Endpoint]:
    """Endpoints by key, in the order of arrival."""
    query = sql(
        "SELECT e.*, {activity} AS activity FROM endpoints e WHERE {chosen} ORDER BY e.key",
        activity=cells.ACTIVITY,
        chosen=chosen,
    )
    found = query.run(cursor)
    names = [column[0] for column in found.description]
    rows = [dict(zip(names, row, strict=True)) for row in found.fetchall()]
    users = {user_id: _user(cursor, user_id, columns) for user_id in {row["user_id"] for row in rows} - {None}}
    return {row["key"]: _endpoint(row, users.get(row["user_id"], {}), columns) for row in rows}


def _user(cursor: duckdb.DuckDBPyConnection, user_id: str, columns: Columns) -> dict[str, tuple[str, ...]]:
    if not columns.user_attributes:
        return {}
    select = join(", ", (identifier(column) for column in columns.user_attributes.values()))
    query = sql("SELECT {select} FROM users WHERE user_id = {user_id}", select=select, user_id=user_id)
    return _lists(columns.user_attributes, query.run(cursor).fetchone() or ())


def _endpoint(row: dict[str, Any], user_attributes: dict[str, tuple[str, ...]], columns: Columns) -> Endpoint:
    fixed = {field: row[FIELD_COLUMNS[field]] for field in FIELDS if field not in _NAMED}
    numbers = {name: row[column] for name, column in columns.metrics.items()}
    return Endpoint(
        id=row["id"],
        address=row["address"] or "",
        channel_type=row["channel_type"] or "",
        status=row["status"],
        opt_out=row["opt_out"],
        user_id=row["user_id"],
        cohort=row["cohort"],
        created=_aware(row["created"]),
        effective=_aware(row["effective"]),
        activity=_aware(row["activity"]) if row["activity"] is not None else None,
        fields={field: value for field, value in fixed.items() if value is not None},
        attributes=_lists(columns.attributes, [row[column] for column in columns.attributes.values()]),
        metrics={name: value for name, value in numbers.items() if _is_shown(value)},
        user_attributes=user_attributes,
    )


def _lists(names: Mapping[str, str], values: Sequence[str | None]) -> dict[str, tuple[str, ...]]:
    return {name: tuple(value.split(lists.SEPARATOR)) for name, value in zip(names, values, strict=False) if value}


def _events(
    cursor: duckdb.DuckDBPyConnection, ids: Mapping[int, str], columns: Columns, limit: int
) -> list[TimelineEntry]:
    """The newest events of these endpoints, with all that each carries."""
    carried = [*columns.event_attributes.items(), *columns.event_metrics.items()]
    select = join("", (sql(", {column}", column=identifier(column)) for _, column in carried))
    query = sql(
        """SELECT "at", type, key{select} FROM events WHERE key IN (SELECT unnest({keys}::BIGINT[]))
           ORDER BY "at" DESC, rowid DESC LIMIT {limit}""",
        select=select,
        keys=list(ids),
        limit=limit,
    )
    return [
        TimelineEntry(
            at=_aware(at),
            kind="event",
            name=event_type,
            endpoint_id=ids[key],
            details={name: value for (name, _), value in zip(carried, values, strict=True) if _is_shown(value)},
        )
        for at, event_type, key, *values in query.run(cursor).fetchall()
    ]


def _messages(cursor: duckdb.DuckDBPyConnection, ids: Mapping[int, str], limit: int) -> list[TimelineEntry]:
    """The newest messages planned for these endpoints, with the state each is in."""
    query = sql(
        """WITH mine AS (SELECT run, ordinal, key, address FROM outbox
                         WHERE decision = 'planned' AND key IN (SELECT unnest({keys}::BIGINT[]))),
                settled AS (SELECT run, ordinal, arg_max(state, seq) AS state, arg_max("at", seq) AS "at",
                                   arg_max(words, seq) AS words
                            FROM outcomes WHERE (run, ordinal) IN (SELECT (run, ordinal) FROM mine) GROUP BY ALL)
           SELECT coalesce(settled."at", runs.starts) AS moment, runs.name, mine.key, mine.address,
                  coalesce(settled.state, CASE WHEN runs.state = 'cancelled' THEN 'cancelled' ELSE 'planned' END),
                  coalesce(settled.words, '')
           FROM mine JOIN runs ON runs.run = mine.run
           LEFT JOIN settled ON settled.run = mine.run AND settled.ordinal = mine.ordinal
           ORDER BY moment DESC, mine.run DESC LIMIT {limit}""",
        keys=list(ids),
        limit=limit,
    )
    return [
        TimelineEntry(
            at=_aware(moment),
            kind="message",
            name=name,
            endpoint_id=ids[key],
            details={"state": state, "address": address} | ({"words": words} if words else {}),
        )
        for moment, name, key, address, state, words in query.run(cursor).fetchall()
    ]


def _total(cursor: duckdb.DuckDBPyConnection, ids: Mapping[int, str]) -> int:
    query = sql(
        """SELECT (SELECT count(*) FROM events WHERE key IN (SELECT unnest({keys}::BIGINT[])))
                + (SELECT count(*) FROM outbox
                   WHERE decision = 'planned' AND key IN (SELECT unnest({keys}::BIGINT[])))""",
        keys=list(ids),
    )
    return query.number(cursor)


def _aware(moment: datetime) -> datetime:
    return moment.replace(tzinfo=UTC)


def _is_shown(value: object) -> bool:
    return value is not None and not (isinstance(value, float) and math.isnan(value))
