"""Everything known of a person, and forgetting them so that they stay forgotten.

Of who was erased only salted hashes are kept: of their endpoints' ids, of their addresses by channel and of their
user's id. An import rejects rows with one of them. A hash cannot be turned back, nor compared without this file's salt.
"""

import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Final

import duckdb

from workbench.plan.privacy import Dossier, Erased
from workbench.store import rollups, timeline
from workbench.store.queries import Query, sql, utc

_DOOMED: Final = "doomed"
#: as much of a timeline as there is
_EVERYTHING: Final = 1 << 40


def dossier(cursor: duckdb.DuckDBPyConnection, endpoint_id: str) -> Dossier | None:
    """Everything of the endpoint's person; None where there is no such endpoint."""
    person = timeline.person(cursor, endpoint_id, 0, _EVERYTHING)
    if person is None:
        return None
    lists = cursor.execute(
        """SELECT DISTINCT source FROM lists JOIN list_members ON list_id = lists.id JOIN endpoints e USING (key)
            WHERE e.id IN (SELECT unnest($1::VARCHAR[])) ORDER BY source""",
        [[each.id for each in person.endpoints]],
    ).fetchall()
    return Dossier(endpoints=person.endpoints, timeline=person.timeline, lists=tuple(name for (name,) in lists))


def erase(cursor: duckdb.DuckDBPyConnection, endpoint_ids: Sequence[str], now: datetime) -> Erased:
    """Erase the persons of these endpoints: all endpoints of their users, attributes, events, places on lists.

    Messages stay as figures, without address and words; a run that has not ended passes them over.
    """
    cursor.execute(
        f"""CREATE TEMP TABLE {_DOOMED} AS SELECT key, id, channel_type, address, user_id FROM endpoints
            WHERE id IN (SELECT unnest($1::VARCHAR[])) OR user_id IN (
                SELECT user_id FROM endpoints WHERE id IN (SELECT unnest($1::VARCHAR[])) AND user_id IS NOT NULL)""",
        [list(endpoint_ids)],
    )
    try:
        found = {row[0] for row in cursor.execute(f"SELECT id FROM {_DOOMED}").fetchall()}
        _remember(cursor, now)
        _take_from_rollups(cursor)
        doomed = Query(f"key IN (SELECT key FROM {_DOOMED})")
        events = sql("DELETE FROM events WHERE {doomed}", doomed=doomed).number(cursor)
        messages = _blank_messages(cursor)
        sql("DELETE FROM list_members WHERE {doomed}", doomed=doomed).run(cursor)
        cursor.execute(f"DELETE FROM users WHERE user_id IN (SELECT user_id FROM {_DOOMED})")
        endpoints = sql("DELETE FROM endpoints WHERE {doomed}", doomed=doomed).number(cursor)
    finally:
        cursor.execute(f"DROP TABLE IF EXISTS {_DOOMED}")
    unknown = tuple(each for each in dict.fromkeys(endpoint_ids) if each not in found)
    return Erased(endpoints=endpoints, events=events, messages=messages, unknown=unknown)


def was_erased(endpoint_id: str, channel: str, address: str, user_id: str) -> str:
    """SQL: whether the person with one of these, each SQL too, was erased."""
    marks = _marks(endpoint_id, channel, address, user_id)
    return " OR ".join(f"coalesce({each} IN (SELECT mark FROM erased), FALSE)" for each in marks)


def _marks(endpoint_id: str, channel: str, address: str, user_id: str) -> tuple[str, str, str]:
    """SQL of the hashes of an id, of an address on its channel, and of a user's id; NULL for what is not there."""
    lower = f"CASE WHEN {channel} = 'EMAIL' THEN lower({address}) ELSE {address} END"
    salted = "sha256((SELECT value FROM meta WHERE name = 'erasure_salt') || {kind} || ':' || {text})"
    texts = (("'id'", endpoint_id), (channel, lower), ("'user'", user_id))
    first, second, third = (salted.format(kind=kind, text=f"({text})") for kind, text in texts)
    return first, second, third


def is_anyone_erased(cursor: duckdb.DuckDBPyConnection) -> bool:
    """Whether imports have to look."""
    return cursor.execute("SELECT 1 FROM erased LIMIT 1").fetchone() is not None


def _remember(cursor: duckdb.DuckDBPyConnection, now: datetime) -> None:
    if cursor.execute("SELECT 1 FROM meta WHERE name = 'erasure_salt'").fetchone() is None:
        cursor.execute("INSERT INTO meta VALUES ('erasure_salt', ?)", [secrets.token_hex(32)])
    for each in _marks("id", "channel_type", "address", "user_id"):
        cursor.execute(
            f"""INSERT INTO erased SELECT DISTINCT mark, $1::TIMESTAMP FROM (SELECT {each} AS mark FROM {_DOOMED})
                WHERE mark IS NOT NULL AND mark NOT IN (SELECT mark FROM erased)""",
            [utc(now)],
        )


def _take_from_rollups(cursor: duckdb.DuckDBPyConnection) -> None:
    gone = f"SELECT * FROM events WHERE key IN (SELECT key FROM {_DOOMED})"
    rollups.take(cursor, f"({gone})", rollups.zone(cursor))


def _blank_messages(cursor: duckdb.DuckDBPyConnection) -> int:
    theirs = f"SELECT run, ordinal FROM outbox WHERE key IN (SELECT key FROM {_DOOMED})"
    cursor.execute(f"UPDATE outcomes SET words = '' WHERE words <> '' AND (run, ordinal) IN ({theirs})")
    row = cursor.execute(
        f"UPDATE outbox SET address = '' WHERE key IN (SELECT key FROM {_DOOMED}) AND address <> ''"
    ).fetchone()
    return int(row[0]) if row else 0
