"""Lists of endpoints, put together once: what a static segment is made of."""

import uuid
from datetime import datetime

import duckdb

from workbench.plan.catalogue import Named
from workbench.plan.segment import Segment
from workbench.store import rules
from workbench.store.queries import sql, utc


def freeze(cursor: duckdb.DuckDBPyConnection, segment: Segment, now: datetime, source: str) -> tuple[str, int]:
    """Put the members of this instant on a new list; gives its id and how many they are.

    `source`: in words, from what.
    """
    list_id = uuid.uuid4().hex
    cursor.execute("INSERT INTO lists VALUES (?, ?, ?)", [list_id, utc(now), source])
    fill = sql(
        "INSERT INTO list_members SELECT {id}, key FROM ({matching}) ORDER BY key",
        id=list_id,
        matching=rules.matching(segment, rules.reading(cursor, now)),
    )
    return list_id, fill.number(cursor)


def listed(cursor: duckdb.DuckDBPyConnection) -> tuple[Named, ...]:
    """All lists, newest first, named by their source, with how many of their members are still there."""
    rows = cursor.execute(
        """SELECT id, source, (SELECT count(*) FROM list_members m SEMI JOIN endpoints e ON e.key = m.key
                               WHERE m.list_id = l.id)
           FROM lists l ORDER BY made DESC, id"""
    ).fetchall()
    return tuple(Named(id=list_id, name=source, count=count) for list_id, source, count in rows)
