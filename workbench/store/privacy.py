"""Everything known of a person, and forgetting people so that they stay forgotten.

Of who was erased only salted hashes are kept (`erasures`): imports reject rows with one of them.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

import duckdb

from workbench.plan.privacy import Dossier, Erased, Whom
from workbench.plan.segment import Segment
from workbench.store import definitions, endpoints, erasures, keys, rollups, rules, timeline
from workbench.store.queries import Query, join, sql

_DOOMED: Final = "doomed"
_USERS: Final = "doomed_users"
#: as much of a timeline as there is
_EVERYTHING: Final = 1 << 40
#: whether `e` has one of the texts as its id, its user's id, or its address
_NAMED: Final = """(e.id IN (SELECT unnest({named}::VARCHAR[])) OR e.user_id IN (SELECT unnest({named}::VARCHAR[]))
    OR lower(e.address) IN (SELECT lower(unnest({named}::VARCHAR[]))))"""


@dataclass(frozen=True, slots=True)
class Traces:
    """What else than the workspace file tells of the people who are erased.

    Attributes:
        names: their ids, users' ids and addresses, in lower case.
        letters: folders of `.eml` files, each with a run and the ordinals of their messages in it.
        rejects: lists of rejected rows, which may name them.
    """

    names: frozenset[str]
    letters: tuple[tuple[str, int, tuple[int, ...]], ...]
    rejects: tuple[Path, ...]


#: Deletes the traces outside of the file, or counts what it would; gives letters, and rows of rejected ones.
Forget = Callable[[Traces], tuple[int, int]]


def dossier(cursor: duckdb.DuckDBPyConnection, named: str) -> Dossier | None:
    """Everything of the person of an endpoint's id, a user's id or an address; None where there is nobody."""
    found = sql(f"SELECT e.id FROM endpoints e WHERE {_NAMED} ORDER BY e.id <> {{id}}, e.key", named=[named], id=named)
    row = found.run(cursor).fetchone()
    person = timeline.person(cursor, row[0], 0, _EVERYTHING) if row else None
    if person is None:
        return None
    lists = cursor.execute(
        """SELECT DISTINCT source FROM lists JOIN list_members ON list_id = lists.id JOIN endpoints e USING (key)
            WHERE e.id IN (SELECT unnest($1::VARCHAR[])) ORDER BY source""",
        [[each.id for each in person.endpoints]],
    ).fetchall()
    return Dossier(endpoints=person.endpoints, timeline=person.timeline, lists=tuple(name for (name,) in lists))


def would_erase(cursor: duckdb.DuckDBPyConnection, whom: Whom, now: datetime, count: Forget) -> Erased:
    """What `erase` would do; nothing is changed."""
    doomed = f"key IN (SELECT key FROM {_DOOMED})"
    with _chosen(cursor, whom, now) as unknown:
        mails, rejected = count(_traces(cursor))
        return Erased(
            people=_people(cursor),
            endpoints=Query(f"SELECT count(*) FROM {_DOOMED}").number(cursor),
            events=Query(f"SELECT count(*) FROM events WHERE {doomed}").number(cursor),
            messages=Query(f"SELECT count(*) FROM outbox WHERE {doomed} AND address <> ''").number(cursor),
            mails=mails,
            rejected=rejected,
            unknown=unknown,
        )


def erase(cursor: duckdb.DuckDBPyConnection, whom: Whom, now: datetime, forget: Forget) -> Erased:
    """Erase people: all endpoints of their users, attributes, events, places on lists; set by set, however many.

    Messages stay as figures, without address and words; a run that has not ended passes them over. `forget` comes
    last, before the commit: where it raises, nobody is erased, so that it can be tried again.
    """
    doomed = f"key IN (SELECT key FROM {_DOOMED})"
    with _chosen(cursor, whom, now) as unknown:
        people, traces = _people(cursor), _traces(cursor)
        erasures.remember(cursor, _DOOMED, _USERS, now)
        _take_from_rollups(cursor)
        events = Query(f"DELETE FROM events WHERE {doomed}").number(cursor)
        messages = _blank_messages(cursor)
        cursor.execute(f"DELETE FROM list_members WHERE {doomed}")
        cursor.execute(f"DELETE FROM users WHERE user_id IN (SELECT user_id FROM {_USERS})")
        keys.keep(cursor)
        gone = Query(f"DELETE FROM endpoints WHERE {doomed}").number(cursor)
        mails, rejected = forget(traces)
    return Erased(
        people=people, endpoints=gone, events=events, messages=messages, mails=mails, rejected=rejected, unknown=unknown
    )


@contextmanager
def _chosen(cursor: duckdb.DuckDBPyConnection, whom: Whom, now: datetime) -> Iterator[tuple[str, ...]]:
    """Who is meant, in two tables, while this lasts; gives what was named and is not there."""
    wanted = join(" OR ", _conditions(cursor, whom, now)) if not whom.is_nobody else Query("FALSE")
    try:
        sql(
            f"""CREATE TEMP TABLE {_USERS} AS
                SELECT DISTINCT user_id FROM endpoints e WHERE ({{wanted}}) AND user_id IS NOT NULL
                UNION SELECT user_id FROM users WHERE user_id IN (SELECT unnest({{named}}::VARCHAR[]))""",
            wanted=wanted,
            named=list(whom.named),
        ).run(cursor)
        sql(
            f"""CREATE TEMP TABLE {_DOOMED} AS SELECT key, id, channel_type, address, user_id FROM endpoints e
                WHERE ({{wanted}}) OR user_id IN (SELECT user_id FROM {_USERS})""",
            wanted=wanted,
        ).run(cursor)
        yield _unknown(cursor, whom.named)
    finally:
        for table in (_DOOMED, _USERS):
            with suppress(duckdb.TransactionException):  # it has failed, and takes them with it
                cursor.execute(f"DROP TABLE IF EXISTS {table}")


def _conditions(cursor: duckdb.DuckDBPyConnection, whom: Whom, now: datetime) -> Iterator[Query]:
    """For each way in which people are named, a condition on `e`, a row of endpoints."""
    if whom.named:
        yield sql(_NAMED, named=list(whom.named))
    if whom.segment_id:
        row = definitions.get(cursor, "segment", whom.segment_id)
        how = rules.reading(cursor, now)
        yield sql("({some})", some=rules.condition(Segment.from_json(row.body).root, how)) if row else Query("FALSE")
    if whom.view is not None:
        yield sql("({some})", some=endpoints.chosen(cursor, whom.view, now))


def _unknown(cursor: duckdb.DuckDBPyConnection, named: tuple[str, ...]) -> tuple[str, ...]:
    rows = cursor.execute(
        f"""SELECT name FROM (SELECT unnest($1::VARCHAR[]) AS name)
            WHERE name NOT IN (SELECT id FROM {_DOOMED}) AND name NOT IN (SELECT user_id FROM {_USERS})
                AND lower(name) NOT IN (SELECT lower(address) FROM {_DOOMED} WHERE address IS NOT NULL)""",
        [list(named)],
    ).fetchall()
    missing = {name for (name,) in rows}
    return tuple(name for name in dict.fromkeys(named) if name in missing)


def _people(cursor: duckdb.DuckDBPyConnection) -> int:
    return Query(
        f"SELECT (SELECT count(*) FROM {_USERS}) + (SELECT count(*) FROM {_DOOMED} WHERE user_id IS NULL)"
    ).number(cursor)


def _traces(cursor: duckdb.DuckDBPyConnection) -> Traces:
    names = cursor.execute(
        f"""SELECT DISTINCT lower(name) FROM (
                SELECT unnest([id, address, user_id]) AS name FROM {_DOOMED}
                UNION ALL SELECT user_id FROM {_USERS}) WHERE name <> ''"""
    ).fetchall()
    letters = cursor.execute(
        f"""SELECT d.body::JSON ->> 'path', o.run, list(o.ordinal ORDER BY o.ordinal)
            FROM outbox o JOIN runs ON runs.run = o.run
            JOIN definitions d ON d.kind = 'channel' AND d.id = channel_id AND d.version = channel_version
            WHERE o.key IN (SELECT key FROM {_DOOMED}) AND o.decision = 'planned'
                AND (d.body::JSON ->> 'kind') = 'folder'
            GROUP BY ALL ORDER BY o.run"""
    ).fetchall()
    rejects = cursor.execute("SELECT DISTINCT rejects FROM imports WHERE rejects <> '' ORDER BY rejects").fetchall()
    return Traces(
        names=frozenset(name for (name,) in names),
        letters=tuple((path, run, tuple(ordinals)) for path, run, ordinals in letters),
        rejects=tuple(Path(path) for (path,) in rejects),
    )


def _take_from_rollups(cursor: duckdb.DuckDBPyConnection) -> None:
    gone = f"SELECT * FROM events WHERE key IN (SELECT key FROM {_DOOMED})"
    rollups.take(cursor, f"({gone})", rollups.zone(cursor))


def _blank_messages(cursor: duckdb.DuckDBPyConnection) -> int:
    theirs = f"SELECT run, ordinal FROM outbox WHERE key IN (SELECT key FROM {_DOOMED})"
    cursor.execute(f"UPDATE outcomes SET words = '' WHERE words <> '' AND (run, ordinal) IN ({theirs})")
    return Query(f"UPDATE outbox SET address = '' WHERE key IN (SELECT key FROM {_DOOMED}) AND address <> ''").number(
        cursor
    )
