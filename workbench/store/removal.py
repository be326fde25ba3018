"""Taking attributes out of everyone, and events out of the log; roll-ups and the catalogue stay true."""

from collections.abc import Iterator, Sequence
from datetime import datetime

import duckdb

from workbench.plan.removal import Removed
from workbench.store import catalogue, orders, rollups
from workbench.store.catalogue import OPEN_KINDS, Columns
from workbench.store.queries import Query, identifier, join, sql, utc


def fields(cursor: duckdb.DuckDBPyConnection) -> tuple[str, ...]:
    """Dotted names of all attributes and metrics of people in use."""
    columns = catalogue.load(cursor)
    return tuple(prefix + name for prefix, kind in OPEN_KINDS.items() for name in columns.of(kind))


def carried(cursor: duckdb.DuckDBPyConnection, wanted: Sequence[str]) -> tuple[Removed, ...]:
    """How many endpoints, or users, have each of the fields."""
    columns = catalogue.load(cursor)
    counts: dict[str, int] = {}
    for table, found in _by_table(wanted, columns):
        counted = join(", ", (sql("count({column})", column=identifier(column)) for column in found.values()))
        row = sql(f"SELECT {{counted}} FROM {table}", counted=counted).run(cursor).fetchone() or ()
        counts |= dict(zip(found, row, strict=True))
    return tuple(Removed(name=name, count=counts[name]) for name in wanted if name in counts)


def remove_fields(cursor: duckdb.DuckDBPyConnection, wanted: Sequence[str]) -> tuple[Removed, ...]:
    """Take the fields out of every endpoint and user and out of the catalogue; gives how many had each.

    On the bulk thread, which alone updates endpoints. The columns stay, empty, for names to come.
    """
    removed = carried(cursor, wanted)
    for table, found in _by_table(wanted, catalogue.load(cursor)):
        names = [identifier(column).text for column in found.values()]
        nothing = ", ".join(f"{name} = NULL" for name in names)
        some = " OR ".join(f"{name} IS NOT NULL" for name in names)
        cursor.execute(f"UPDATE {table} SET {nothing} WHERE {some}")
    for prefix, kind in OPEN_KINDS.items():
        gone = [name.removeprefix(prefix) for name in wanted if name.startswith(prefix)]
        for noted in ("names", "columns"):
            cursor.execute(
                f"DELETE FROM {noted} WHERE kind = $1 AND name IN (SELECT unnest($2::VARCHAR[]))", [kind, gone]
            )
    orders.renew(cursor)
    return removed


def _by_table(wanted: Sequence[str], columns: Columns) -> Iterator[tuple[str, dict[str, str]]]:
    """The tables that have some of the fields, each with its columns by field."""
    places = {name: columns.endpoint_column(name) for name in wanted}
    for table in ("endpoints", "users"):
        found = {name: place[1] for name, place in places.items() if place is not None and place[0] == table}
        if found:
            yield table, found


def types(cursor: duckdb.DuckDBPyConnection) -> tuple[str, ...]:
    """All types of events."""
    rows = cursor.execute("SELECT type FROM rollup_events GROUP BY type HAVING sum(n) > 0 ORDER BY type").fetchall()
    return tuple(name for (name,) in rows)


def happened(cursor: duckdb.DuckDBPyConnection, wanted: Sequence[str], before: datetime | None) -> tuple[Removed, ...]:
    """How many events of each of the types there are before the instant, or at all."""
    rows = sql(
        "SELECT type, count(*) FROM events WHERE {chosen} GROUP BY type ORDER BY type", chosen=_events(wanted, before)
    )
    return tuple(Removed(name=name, count=count) for name, count in rows.run(cursor).fetchall())


def remove_events(
    cursor: duckdb.DuckDBPyConnection, wanted: Sequence[str], before: datetime | None
) -> tuple[Removed, ...]:
    """Delete such events, and make the roll-ups anew; gives how many of each type. On the bulk thread.

    Events that others append meanwhile keep theirs: roll-ups are appended, too. `tidy_names` belongs after it.
    """
    removed = happened(cursor, wanted, before)
    if removed:
        rollups.claim_zone(cursor)
        sql("DELETE FROM events WHERE {chosen}", chosen=_events(wanted, before)).run(cursor)
        rollups.rebuild(cursor, rollups.zone(cursor))
    return removed


def _events(wanted: Sequence[str], before: datetime | None) -> Query:
    chosen = sql("type IN (SELECT unnest({wanted}::VARCHAR[]))", wanted=list(wanted))
    return sql('{chosen} AND "at" < {before}', chosen=chosen, before=utc(before)) if before else chosen


def tidy_names(cursor: duckdb.DuckDBPyConnection, event_types: Sequence[str]) -> None:
    """Take names that no event of the types carries any more out of the catalogue; on the writer, as noting is."""
    columns = catalogue.load_reserved(cursor)
    for event_type in event_types:
        noted = cursor.execute(
            "SELECT DISTINCT kind, name FROM names WHERE event_type = ? AND kind LIKE 'event%'", [event_type]
        ).fetchall()
        if not noted:
            continue
        counted = join(
            ", ", (sql("count({column})", column=identifier(columns.of(kind)[name])) for kind, name in noted)
        )
        carried_by = sql("SELECT {counted} FROM events WHERE type = {type}", counted=counted, type=event_type)
        row = carried_by.run(cursor).fetchone() or ()
        for (kind, name), count in zip(noted, row, strict=True):
            if not count:
                cursor.execute(
                    "DELETE FROM names WHERE kind = ? AND name = ? AND event_type = ?", [kind, name, event_type]
                )
