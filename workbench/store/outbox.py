"""Runs and their outbox: planned in one write, read as figures and as pages."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

import duckdb

from workbench.plan.campaign import OutboxPage, OutboxRow, RunState, RunStatus
from workbench.plan.segment import Segment
from workbench.plan.words import tr
from workbench.store import cells, definitions
from workbench.store.errors import ChangedError
from workbench.store.queries import Query, join, sql, utc
from workbench.store.rules import condition, reading

Cursor = duckdb.DuckDBPyConnection

#: One mail address as RCPT can take it. The full syntax is the import's concern; nothing here may break a command.
_ATOM: Final = r"""[^\s@<>,;:"()\[\]\\\x00-\x1f\x7f]"""
_DOMAIN: Final = r"""[^\s@<>,;:"()\[\]\\.\x00-\x1f\x7f]+"""
_ADDRESS: Final = rf"{_ATOM}+@{_DOMAIN}(\.{_DOMAIN})*"

#: Everyone in the audience with the decision: the gates in order, the address last. Of two people with one address,
#: the one who came first gets the message.
_DECIDED: Final = """
    WITH gated AS (
        SELECT e.key, coalesce(trim(e.address), '') AS address, CASE
            WHEN e.status = 'INACTIVE' THEN 'inactive'
            WHEN e.opt_out = 'ALL' THEN 'opted_out'
            WHEN coalesce(trim(e.address), '') = '' THEN 'no_address'
            WHEN e.channel_type IS DISTINCT FROM 'EMAIL' THEN 'wrong_channel'
            WHEN NOT regexp_full_match(trim(e.address), {pattern}) OR length(e.address) > 254 THEN 'bad_address'
            ELSE 'planned' END AS decision
        FROM endpoints e WHERE {member}
    ),
    -- Grouping a million texts takes a hundred megabytes; their hashes tell the few that may be there twice.
    suspect AS (
        SELECT hash(lower(address)) AS mark FROM gated WHERE decision = 'planned' GROUP BY mark HAVING count(*) > 1
    ),
    shared AS (
        SELECT lower(address) AS address, min(key) AS earliest FROM gated
        WHERE decision = 'planned' AND hash(lower(address)) IN (SELECT mark FROM suspect) GROUP BY ALL
    ),
    decided AS (
        SELECT key, gated.address, CASE WHEN decision = 'planned' AND key > shared.earliest
            THEN 'duplicate_address' ELSE decision END AS decision
        FROM gated LEFT JOIN shared ON shared.address = lower(gated.address)
    )
"""

#: The state of every message that has an outcome or an open claim; `seq` is its newest outcome's, NULL without one.
#: `{runs}` chooses runs, `{reached}` the outcomes to look at.
_STATES: Final = """
    newest AS (
        SELECT run, ordinal, arg_max(state, seq) AS state, max(seq) AS seq FROM outcomes
        WHERE {reached} GROUP BY run, ordinal
    ),
    taken AS (
        SELECT run, seq, unnest(coalesce(ordinals, range(first, last + 1))) AS ordinal
        FROM claims WHERE {runs} AND NOT settled
    ),
    claimed AS (SELECT run, ordinal, max(seq) AS seq FROM taken GROUP BY run, ordinal),
    states AS (
        SELECT run, ordinal, newest.seq,
            CASE WHEN claimed.seq > coalesce(newest.seq, -1) THEN 'claimed'
                WHEN runs.state = 'cancelled' AND newest.state IN ('planned', 'retrying') THEN 'cancelled'
                ELSE newest.state END AS state
        FROM newest FULL JOIN claimed USING (run, ordinal) JOIN runs USING (run)
    )
"""


#: How many messages of each run are in which state, as far as they have an outcome or an open claim. Only messages that
#: ever had a passing state can have more than one outcome: all others are counted without looking for the newest.
_COUNTS: Final = """
    passing AS (
        SELECT DISTINCT run, ordinal FROM outcomes WHERE {runs} AND state IN ('planned', 'retrying', 'unknown')
    ),
    newest AS (
        SELECT run, ordinal, arg_max(state, seq) AS state, max(seq) AS seq
        FROM outcomes SEMI JOIN passing USING (run, ordinal) WHERE {runs} GROUP BY run, ordinal
    ),
    taken AS (
        SELECT run, seq, unnest(coalesce(ordinals, range(first, last + 1))) AS ordinal
        FROM claims WHERE {runs} AND NOT settled
    ),
    reached AS (
        SELECT run, ordinal, max(o.seq) AS seq, arg_max(o.state, o.seq) AS state
        FROM outcomes o SEMI JOIN taken USING (run, ordinal) WHERE {runs} GROUP BY run, ordinal
    ),
    claimed AS (
        SELECT run, ordinal, reached.state
        FROM (SELECT run, ordinal, max(seq) AS seq FROM taken GROUP BY run, ordinal) t
        LEFT JOIN reached USING (run, ordinal) WHERE t.seq > coalesce(reached.seq, -1)
    ),
    parts AS (
        SELECT run, state, count(*) AS n FROM outcomes ANTI JOIN passing USING (run, ordinal)
        WHERE {runs} GROUP BY run, state
        UNION ALL SELECT run, state, count(*) FROM newest GROUP BY run, state
        UNION ALL SELECT run, 'claimed', count(*) FROM claimed GROUP BY run
        UNION ALL SELECT run, state, -count(*) FROM claimed WHERE state IS NOT NULL GROUP BY run, state
    )
"""


@dataclass(frozen=True, slots=True)
class Pins:
    """What a run is made of: a campaign and the versions it uses."""

    campaign_id: str
    campaign_version: int
    name: str
    segment_id: str
    segment_version: int | None
    template_id: str
    template_version: int
    channel_id: str
    channel_version: int
    from_name: str
    from_address: str
    reply_to: str


@dataclass(frozen=True, slots=True)
class Forecast:
    """What a launch would decide: members, the decision counts, and the first few who would get it (id, address)."""

    matching: int
    decisions: dict[str, int]
    first: tuple[tuple[str, str], ...]


def forecast(cursor: Cursor, segment: Segment, now: datetime, first: int = 5) -> Forecast:
    """Decide about everyone now, and write nothing."""
    decided = _decided(cursor, segment, now)
    counts = sql("{decided} SELECT decision, count(*) FROM decided GROUP BY decision", decided=decided)
    decisions = dict(counts.run(cursor).fetchall())
    lead = sql(
        """{decided} SELECT e.id, d.address FROM (
            SELECT key, address FROM decided WHERE decision = 'planned' ORDER BY key LIMIT {first}) d
            JOIN endpoints e USING (key) ORDER BY key""",
        decided=decided,
        first=first,
    )
    return Forecast(sum(decisions.values()), decisions, tuple(lead.run(cursor).fetchall()))


def plan_run(  # noqa: PLR0917 - a run, its audience, and its two moments
    cursor: Cursor,
    pins: Pins,
    segment: Segment,
    now: datetime,
    starts: datetime,
    as_read: Sequence[tuple[str, definitions.Row]] = (),
) -> int | None:
    """Write a run and its outbox, with the decision for every member of the audience; gives the run's number.

    None, and nothing is written, where a run of the campaign has not ended: a second click must mail nobody twice.
    Raises `ChangedError` where a version (kind and row) is no longer `as_read`: until now an editor may amend it.
    """
    if not definitions.unchanged(cursor, as_read):
        raise ChangedError(
            tr("The campaign, or something that it uses, was changed a moment ago. Look at it again, then launch.")
        )
    going = sql(
        "SELECT count(*) FROM runs WHERE campaign_id = {campaign} AND state IN ('waiting', 'sending', 'paused')",
        campaign=pins.campaign_id,
    )
    if going.number(cursor):
        return None
    run = Query("SELECT nextval('sending_run')").number(cursor)
    # DuckDB promises that a window with an empty OVER keeps the order of its rows (its page "Order Preservation").
    # An ORDER BY inside the window gives the same, but for a million people it holds 80 to 110 MB more.
    fill = sql(
        """INSERT INTO outbox {decided}
            SELECT {run}, row_number() OVER () - 1, key, address, decision
            FROM (SELECT * FROM decided ORDER BY decision <> 'planned', key)""",
        decided=_decided(cursor, segment, now),
        run=run,
    )
    fill.run(cursor)
    decisions = dict(
        sql("SELECT decision, count(*) FROM outbox WHERE run = {run} GROUP BY decision", run=run).run(cursor).fetchall()
    )
    planned = decisions.pop("planned", 0)
    cursor.execute(
        f"INSERT INTO runs VALUES ({', '.join('?' * 22)})",
        [
            run, pins.campaign_id, pins.campaign_version, pins.name, pins.segment_id, pins.segment_version,
            pins.template_id, pins.template_version, pins.channel_id, pins.channel_version,
            pins.from_name, pins.from_address, pins.reply_to,
            utc(now), utc(starts), None, "waiting", "", planned + sum(decisions.values()), planned,
            json.dumps(decisions), None,
        ],
    )  # fmt: skip
    return run


def _decided(cursor: Cursor, segment: Segment, now: datetime) -> Query:
    return sql(_DECIDED, member=condition(segment.root, reading(cursor, now)), pattern=_ADDRESS)


def move_run(
    cursor: Cursor, run: int, before: tuple[RunState, ...], after: tuple[RunState, str], now: datetime
) -> bool:
    """Change a run's state, with a reason, if it is in one of those named; tells whether it was.

    Ending a run writes down its tally.
    """
    state, reason = after
    ended = state in {"cancelled", "finished"}
    changed = cursor.execute(
        """UPDATE runs SET state = $2, reason = $3, finished = CASE WHEN $4 THEN $5::TIMESTAMP END, tally = NULL
            WHERE run = $1 AND list_contains($6, state) RETURNING run""",
        [run, state, reason, ended, utc(now), list(before)],
    ).fetchone()
    if changed and ended:
        write_tally(cursor, run)
    return changed is not None


def write_tally(cursor: Cursor, run: int) -> None:
    """Keep an ended run's counts beside it, so that lists of runs need not count again.

    Of who was erased while it was sent, the server's last words may have come afterwards: they go, too.
    """
    cursor.execute(
        """UPDATE outcomes SET words = '' WHERE run = $1 AND words <> '' AND ordinal IN (
            SELECT ordinal FROM outbox WHERE run = $1 AND decision = 'planned' AND address = '')""",
        [run],
    )
    cursor.execute("UPDATE runs SET tally = NULL WHERE run = $1", [run])
    states = statuses(cursor, "", run)[0].states
    if "claimed" not in states:
        cursor.execute("UPDATE runs SET tally = $2 WHERE run = $1", [run, json.dumps(states)])


def statuses(cursor: Cursor, campaign_id: str, run: int | None) -> tuple[RunStatus, ...]:
    """Runs in figures, newest first: one, a campaign's, or all (empty id and None)."""
    rows = cursor.execute(
        """SELECT run, campaign_id, name, state, reason, created, starts, finished, matching, planned, left_out, tally
            FROM runs WHERE ($1 = '' OR campaign_id = $1) AND ($2 IS NULL OR run = $2) ORDER BY run DESC""",
        [campaign_id, run],
    ).fetchall()
    counted = _counted(cursor, [row[0] for row in rows if row[11] is None])
    return tuple(_status(row, json.loads(row[11]) if row[11] else counted.get(row[0], {})) for row in rows)


def _counted(cursor: Cursor, runs: list[int]) -> dict[int, dict[str, int]]:
    """Message states of the runs, without those that have neither an outcome nor a claim."""
    if not runs:
        return {}
    chosen = sql("list_contains({runs}, run)", runs=runs)
    found: dict[int, dict[str, int]] = {}
    query = sql(
        """WITH {counts} SELECT run, CASE WHEN runs.state = 'cancelled' AND parts.state IN ('planned', 'retrying')
                THEN 'cancelled' ELSE parts.state END AS state, sum(n)::BIGINT
            FROM parts JOIN runs USING (run) GROUP BY ALL HAVING sum(n) > 0""",
        counts=sql(_COUNTS, runs=chosen),
    )
    for run, state, count in query.run(cursor).fetchall():
        found.setdefault(run, {})[state] = count
    return found


def _status(row: tuple[object, ...], states: dict[str, int]) -> RunStatus:
    names = (
        "run_id", "campaign_id", "name", "state", "reason", "created", "starts", "finished", "matching", "planned",
    )  # fmt: skip
    values = dict(zip(names, row, strict=False))
    for name in ("created", "starts", "finished"):
        moment = values[name]
        values[name] = moment.replace(tzinfo=UTC) if isinstance(moment, datetime) else None
    untouched = int(str(row[9])) - sum(states.values())
    if untouched:
        rest = "cancelled" if row[3] == "cancelled" else "planned"
        states = {**states, rest: states.get(rest, 0) + untouched}
    return RunStatus.model_validate(
        {**values, "run_id": str(row[0]), "left_out": json.loads(str(row[10])), "states": states}
    )


def page(cursor: Cursor, run: int | None, state: str, search: str, span: tuple[int, int]) -> OutboxPage:
    """A block (`span` is offset and limit) of the outbox, newest run first, in the order of the ordinals."""
    offset, limit = span
    runs = sql("run = {run}", run=run) if run is not None else Query("TRUE")
    if run is not None and not state and not search:
        # Ordinals are dense: the block is a range of them, and nothing else need be looked at.
        reached = sql("run = {run} AND ordinal BETWEEN {low} AND {high}", run=run, low=offset, high=offset + limit - 1)
        block = sql(
            "o.run = {run} AND o.ordinal BETWEEN {low} AND {high}", run=run, low=offset, high=offset + limit - 1
        )
        rows = _selected(sql(_STATES, runs=runs, reached=reached), block, _ANY)
        total = sql("SELECT matching FROM runs WHERE run = {run}", run=run).number(cursor)
        offset_in = 0
    else:
        chosen_run = sql("o.{runs}", runs=runs) if run is not None else _ANY
        rows = _selected(sql(_STATES, runs=runs, reached=runs), chosen_run, _wanted(state, search))
        total = sql("{rows} SELECT count(*) FROM chosen", rows=rows).number(cursor)
        offset_in = offset
    query = sql(
        """{rows} SELECT chosen.run, chosen.ordinal, coalesce(e.id, ''), chosen.address, chosen.decision, chosen.state,
                coalesce(x.attempt, 0), coalesce(x."at", chosen.created) AS moment, x.next_try, coalesce(x.words, ''),
                coalesce(x.code, 0), chosen.key
            FROM (SELECT * FROM chosen ORDER BY run DESC, ordinal LIMIT {limit} OFFSET {offset}) chosen
            LEFT JOIN endpoints e ON e.key = chosen.key LEFT JOIN outcomes x ON x.seq = chosen.seq
            ORDER BY chosen.run DESC, chosen.ordinal""",
        rows=rows,
        limit=limit,
        offset=offset_in,
    )
    found = query.run(cursor).fetchall()
    names = cells.names(cursor, [key for *_, key in found])
    return OutboxPage(
        offset=offset, total=total, rows=tuple(_row((*row[:-1], names.get(str(row[2]), ""))) for row in found)
    )


_ANY: Final = Query("TRUE")


def _wanted(state: str, search: str) -> Query:
    wanted = [sql("state = {state}", state=state)] if state else []
    if search:
        wanted.append(
            sql(
                """(contains(lower(address), lower({text})) OR key IN (
                    SELECT key FROM endpoints WHERE contains(lower(id), lower({text}))))""",
                text=search,
            )
        )
    return join(" AND ", wanted) if wanted else _ANY


def _selected(states: Query, block: Query, wanted: Query) -> Query:
    return sql(
        """WITH {states}, every AS (
            SELECT o.run, o.ordinal, o.key, o.address, o.decision, s.seq, runs.created, CASE
                WHEN o.decision <> 'planned' THEN 'left_out'
                WHEN s.state IS NOT NULL THEN s.state
                WHEN runs.state = 'cancelled' THEN 'cancelled'
                ELSE 'planned' END AS state
            FROM outbox o JOIN runs USING (run) LEFT JOIN states s ON s.run = o.run AND s.ordinal = o.ordinal
            WHERE {block}),
        chosen AS (SELECT * FROM every WHERE {wanted})""",
        states=states,
        block=block,
        wanted=wanted,
    )


def _row(row: tuple[object, ...]) -> OutboxRow:
    names = (
        "run_id", "ordinal", "endpoint_id", "address", "decision", "state", "attempts", "at", "next_try", "words",
        "code", "name",
    )  # fmt: skip
    values = dict(zip(names, row, strict=True))
    values["run_id"] = str(row[0])
    for name in ("at", "next_try"):
        moment = values[name]
        values[name] = moment.replace(tzinfo=UTC) if isinstance(moment, datetime) else None
    return OutboxRow.model_validate(values)


def settle_unknown(cursor: Cursor, run: int, state: str, words: str, now: datetime) -> int:
    """Append the user's choice (`accepted` or `planned`) to every unknown message; gives how many.

    A run that had finished goes on where messages are planned again.
    """
    settled = cursor.execute(
        """INSERT INTO outcomes
            SELECT nextval('sending_seq'), run, ordinal, $2, attempt, $3, 0, $4, NULL FROM (
                SELECT run, ordinal, arg_max(state, seq) AS state, max(attempt) AS attempt
                FROM outcomes WHERE run = $1 GROUP BY run, ordinal)
            WHERE state = 'unknown' RETURNING ordinal""",
        [run, state, utc(now), words],
    ).fetchall()
    if settled and state == "planned":
        cursor.execute(
            "UPDATE runs SET state = 'sending', finished = NULL, tally = NULL WHERE run = $1 AND state = 'finished'",
            [run],
        )
    if settled and statuses(cursor, "", run)[0].state in {"cancelled", "finished"}:
        write_tally(cursor, run)
    return len(settled)
