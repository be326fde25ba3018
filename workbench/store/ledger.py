"""What is written down while a run is being sent: claims before, outcomes after; set-wise, and only appended."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

import duckdb
import pyarrow as pa

from workbench.store import people
from workbench.store.outbox import statuses
from workbench.store.queries import sql, utc

Cursor = duckdb.DuckDBPyConnection

#: columns of the table that `fold` takes; `at` and `next_try` are UTC without a zone
OUTCOMES: Final = pa.schema(
    [
        ("ordinal", pa.int32()), ("state", pa.string()), ("attempt", pa.int16()), ("at", pa.timestamp("ms")),
        ("code", pa.int16()), ("words", pa.string()), ("next_try", pa.timestamp("ms")),
    ]
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class SendingRun:
    """A run that wants to be sent: its pins, its sender, and how many messages it has."""

    run: int
    name: str
    template_id: str
    template_version: int
    channel_id: str
    channel_version: int
    from_name: str
    from_address: str
    reply_to: str
    planned: int


@dataclass(frozen=True, slots=True)
class JournalRow:
    """One courier's journal as the ledger knows it; `folded` bytes of it are in."""

    journal: str
    run: int
    boot: str
    pid: int
    folded: int


@dataclass(frozen=True, slots=True)
class Claim:
    """Messages about to be given to a courier: a range of ordinals, or those listed.

    `gone` are those of them that are not sent after all: the people opted out, or exist no more.
    """

    first: int
    last: int
    ordinals: list[int] | None
    gone: list[int]


def begin_due(cursor: Cursor, now: datetime) -> list[int]:
    """Runs whose time to undo is over go on to sending; gives their numbers."""
    rows = cursor.execute(
        "UPDATE runs SET state = 'sending' WHERE state = 'waiting' AND starts <= ? RETURNING run", [utc(now)]
    ).fetchall()
    return [row[0] for row in rows]


def next_start(cursor: Cursor) -> datetime | None:
    """When the next waiting run begins."""
    row = cursor.execute("SELECT min(starts) FROM runs WHERE state = 'waiting'").fetchone()
    return row[0].replace(tzinfo=UTC) if row and row[0] else None


def sending(cursor: Cursor) -> tuple[SendingRun, ...]:
    """Every run in the state `sending`, oldest first."""
    rows = cursor.execute(
        """SELECT run, name, template_id, template_version, channel_id, channel_version,
            from_name, from_address, reply_to, planned FROM runs WHERE state = 'sending' ORDER BY run"""
    ).fetchall()
    return tuple(SendingRun(*row) for row in rows)


def next_fresh(cursor: Cursor, run: int) -> int:
    """The first ordinal that was never claimed."""
    row = cursor.execute("SELECT max(last) FROM claims WHERE run = ? AND ordinals IS NULL", [run]).fetchone()
    return 0 if row is None or row[0] is None else int(row[0]) + 1


def fresh(cursor: Cursor, run: int, span: tuple[int, int], fields: Sequence[str]) -> pa.Table:
    """The people of a range of ordinals (both ends included), in order.

    Columns `ordinal`, `attempt` (the one to come), `address`, `key`, then the fields. Who is no longer an endpoint, or
    has opted out or become inactive since the launch, is missing.
    """
    first, last = span
    relation = sql(
        """SELECT o.ordinal, 1 AS attempt, o.address, o.key FROM outbox o JOIN endpoints s ON s.key = o.key
            WHERE o.run = {run} AND o.ordinal BETWEEN {first} AND {last}
                AND s.opt_out IS DISTINCT FROM 'ALL' AND s.status IS DISTINCT FROM 'INACTIVE'
            ORDER BY o.ordinal""",
        run=run,
        first=first,
        last=last,
    )
    return people.merge_table(cursor, relation, fields)


def due(cursor: Cursor, run: int, now: datetime, limit: int) -> list[tuple[int, int]]:
    """Messages to be claimed again now, as (ordinal, attempt to come): handed back, or their next try is due."""
    rows = cursor.execute(
        """WITH passing AS (
                SELECT DISTINCT ordinal FROM outcomes WHERE run = $1 AND state IN ('planned', 'retrying')),
            newest AS (
                SELECT ordinal, arg_max(state, seq) AS state, arg_max(next_try, seq) AS next_try,
                    max(attempt) AS attempt
                FROM outcomes SEMI JOIN passing USING (ordinal) WHERE run = $1 GROUP BY ordinal),
            taken AS (
                SELECT unnest(coalesce(ordinals, range(first, last + 1))) AS ordinal FROM claims
                WHERE run = $1 AND NOT settled)
            SELECT ordinal, attempt + 1 FROM newest
            WHERE (state = 'planned' OR (state = 'retrying' AND next_try <= $2))
                AND ordinal NOT IN (SELECT ordinal FROM taken)
            ORDER BY ordinal LIMIT $3""",
        [run, utc(now), limit],
    ).fetchall()
    return [(int(row[0]), int(row[1])) for row in rows]


def again(cursor: Cursor, run: int, wanted: Sequence[tuple[int, int]], fields: Sequence[str]) -> pa.Table:
    """The people of listed (ordinal, attempt), with the columns of `fresh`."""
    relation = sql(
        """SELECT o.ordinal, w.attempt, o.address, o.key
            FROM (SELECT unnest({ordinals}::INTEGER[]) AS ordinal, unnest({attempts}::INTEGER[]) AS attempt) w
            JOIN outbox o ON o.run = {run} AND o.ordinal = w.ordinal JOIN endpoints s ON s.key = o.key
            WHERE s.opt_out IS DISTINCT FROM 'ALL' AND s.status IS DISTINCT FROM 'INACTIVE'
            ORDER BY o.ordinal""",
        ordinals=[ordinal for ordinal, _ in wanted],
        attempts=[attempt for _, attempt in wanted],
        run=run,
    )
    return people.merge_table(cursor, relation, fields)


def claim(cursor: Cursor, run: int, journal: str, wanted: Claim, told: tuple[datetime, str]) -> int:
    """Write a claim before its messages are given to a courier; gives its place in the order.

    Those that are gone are cancelled in the same transaction. `told`: when, and the words for them.
    """
    now, words = told
    seq = _next_seq(cursor)
    cursor.execute(
        "INSERT INTO claims VALUES (?, ?, ?, ?, ?, ?, ?, FALSE)",
        [seq, run, journal, wanted.first, wanted.last, wanted.ordinals, utc(now)],
    )
    if wanted.gone:
        cursor.execute(
            """INSERT INTO outcomes SELECT nextval('sending_seq'), $1, unnest($2::INTEGER[]), 'cancelled', 0, $3, 0, $4,
                NULL""",
            [run, wanted.gone, utc(now), words],
        )
    return seq


def open_journal(cursor: Cursor, row: JournalRow, now: datetime) -> None:
    """Note a courier before it is given anything."""
    cursor.execute(
        "INSERT INTO journals VALUES (?, ?, ?, ?, ?, FALSE, ?)",
        [row.journal, row.run, row.boot, row.pid, row.folded, utc(now)],
    )


def open_journals(cursor: Cursor) -> tuple[JournalRow, ...]:
    """Journals whose couriers' messages are not all settled."""
    rows = cursor.execute("SELECT journal, run, boot, pid, folded FROM journals WHERE NOT gone").fetchall()
    return tuple(JournalRow(*row) for row in rows)


def fold(cursor: Cursor, run: int, ends: dict[str, int], outcomes: pa.Table, settled: list[int]) -> None:
    """Append outcomes (schema `OUTCOMES`), note how far each journal is in, and which claims are settled, at once."""
    _append(cursor, run, outcomes)
    for journal, end in ends.items():
        cursor.execute("UPDATE journals SET folded = ? WHERE journal = ?", [end, journal])
    if settled:
        cursor.execute("UPDATE claims SET settled = TRUE WHERE list_contains(?, seq)", [settled])


def close_journal(
    cursor: Cursor, row: JournalRow, outcomes: pa.Table, begun: Sequence[int] | None, told: tuple[datetime, str, str]
) -> tuple[int, int]:
    """Settle everything that a courier which has ended was given; gives how many are unknown and how many handed back.

    `outcomes` are the last ones of its journal. Of the rest, those begun are unknown, the others planned again; `begun`
    None means that the journal cannot be trusted, and all are unknown. `told`: when, and the words for each of the two.
    """
    now, unknown_words, planned_words = told
    _append(cursor, row.run, outcomes)
    rest = cursor.execute(
        """INSERT INTO outcomes
            WITH taken AS (
                SELECT seq, unnest(coalesce(ordinals, range(first, last + 1))) AS ordinal
                FROM claims WHERE run = $1 AND journal = $2 AND NOT settled),
            newest AS (
                SELECT ordinal, max(seq) AS seq, max(attempt) AS attempt FROM outcomes WHERE run = $1 GROUP BY ordinal),
            rest AS (
                SELECT ordinal, coalesce(newest.attempt, 0) AS attempt,
                    $3 OR list_contains($4::INTEGER[], ordinal) AS unsure
                FROM taken LEFT JOIN newest USING (ordinal) WHERE taken.seq > coalesce(newest.seq, -1))
            SELECT nextval('sending_seq'), $1, ordinal, CASE WHEN unsure THEN 'unknown' ELSE 'planned' END,
                attempt + unsure::INTEGER, $5, 0, CASE WHEN unsure THEN $6 ELSE $7 END, NULL
            FROM rest RETURNING state""",
        [row.run, row.journal, begun is None, list(begun or ()), utc(now), unknown_words, planned_words],
    ).fetchall()
    cursor.execute("UPDATE claims SET settled = TRUE WHERE journal = ? AND NOT settled", [row.journal])
    cursor.execute("UPDATE journals SET gone = TRUE WHERE journal = ?", [row.journal])
    unknown = sum(state == "unknown" for (state,) in rest)
    return unknown, len(rest) - unknown


def remaining(cursor: Cursor, run: int) -> tuple[int, datetime | None]:
    """How many messages have no final state, and when the next of those waiting for another try is due."""
    (status,) = statuses(cursor, "", run)
    left = sum(status.states.get(state, 0) for state in ("planned", "claimed", "retrying"))
    row = cursor.execute(
        """WITH passing AS (SELECT DISTINCT ordinal FROM outcomes WHERE run = $1 AND state = 'retrying'),
            newest AS (
                SELECT ordinal, arg_max(state, seq) AS state, arg_max(next_try, seq) AS next_try
                FROM outcomes SEMI JOIN passing USING (ordinal) WHERE run = $1 GROUP BY ordinal)
            SELECT min(next_try) FROM newest WHERE state = 'retrying'""",
        [run],
    ).fetchone()
    return left, row[0].replace(tzinfo=UTC) if row and row[0] else None


def _append(cursor: Cursor, run: int, outcomes: pa.Table) -> None:
    if not outcomes.num_rows:
        return
    cursor.register("new_outcomes", outcomes)
    try:
        cursor.execute(
            """INSERT INTO outcomes
                SELECT nextval('sending_seq'), ?, ordinal, state, attempt, "at", code, words, next_try
                FROM new_outcomes""",
            [run],
        )
    finally:
        cursor.unregister("new_outcomes")


def _next_seq(cursor: Cursor) -> int:
    row: Any = cursor.execute("SELECT nextval('sending_seq')").fetchone()
    return int(row[0])
