"""Daily roll-ups of the events, kept when events come in, so that reports need not read them all.

A day is one of the workspace's time zone. Roll-ups are appended, never updated, so that an import and the sender can
add to the same day at once; readers sum them up. A changed time zone rebuilds them from the events.
"""

from datetime import UTC, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import duckdb

from workbench.plan.workspace import Workspace

#: microseconds of a day
_DAY: Final = 86_400_000_000


def zone(cursor: duckdb.DuckDBPyConnection) -> str:
    """The workspace's time zone."""
    row = cursor.execute("SELECT value FROM meta WHERE name = 'settings'").fetchone()
    return Workspace.from_json(row[0]).timezone if row else "UTC"


def claim_zone(cursor: duckdb.DuckDBPyConnection) -> None:
    """Touch the row that says by which zone days are cut.

    Of two open transactions that do so, the second fails with `duckdb.TransactionException`: an import that rolls up
    by one zone and a change of the zone cannot both be committed.
    """
    # an update that changes nothing would be no update
    cursor.execute("UPDATE meta SET value = CAST(uuid() AS VARCHAR) WHERE name = 'rolled_up'")


def day_of(timezone: str, low: datetime, high: datetime, column: str = '"at"') -> str:
    """SQL for the day, in the zone, of a UTC timestamp column whose values lie in [low, high].

    Offsets from UTC are looked up here, per span between two changes of the clock: DuckDB's own zone conversion takes
    a hundred times longer per row.
    """
    spans = _offsets(ZoneInfo(timezone), low, high)
    shifted = [f"epoch_us({column}) + {offset}" for _, offset in spans]
    text = shifted[-1]
    for (end, _), expression in zip(reversed(spans[:-1]), reversed(shifted[:-1]), strict=True):
        text = f"CASE WHEN {column} < TIMESTAMP '{end.isoformat(sep=' ')}' THEN {expression} ELSE {text} END"
    return f"CAST(make_timestamp({text}) AS DATE)"


def _offsets(timezone: ZoneInfo, low: datetime, high: datetime) -> list[tuple[datetime, int]]:
    """(end of the span in UTC without a zone, offset in microseconds), the last span's end is beyond `high`."""
    spans: list[tuple[datetime, int]] = []
    here = low.replace(tzinfo=None)
    end = high.replace(tzinfo=None)
    offset = _offset(timezone, here)
    while here < end:
        step = min(here + timedelta(days=1), end)
        changed = _offset(timezone, step)
        if changed != offset:
            turn = _turn(timezone, here, step)
            spans.append((turn, offset))
            offset = _offset(timezone, turn)
            here = turn
        else:
            here = step
    return [*spans, (end + timedelta(days=1), offset)]


def _offset(timezone: ZoneInfo, instant: datetime) -> int:
    offset = instant.replace(tzinfo=UTC).astimezone(timezone).utcoffset() or timedelta()
    return offset // timedelta(microseconds=1)


def _turn(timezone: ZoneInfo, low: datetime, high: datetime) -> datetime:
    """The first whole second in (low, high] whose offset differs from that at `low`."""
    before = _offset(timezone, low)
    low = low.replace(microsecond=0)
    if high.microsecond:
        high = high.replace(microsecond=0) + timedelta(seconds=1)
    while high - low > timedelta(seconds=1):
        middle = (low + (high - low) / 2).replace(microsecond=0)
        low, high = (middle, high) if _offset(timezone, middle) == before else (low, middle)
    return high.replace(microsecond=0)


def rebuild(cursor: duckdb.DuckDBPyConnection, timezone: str) -> None:
    """Make all roll-ups anew from the events."""
    for table in ("rollup_events", "rollup_active", "rollup_latest"):
        cursor.execute(f"DELETE FROM {table}")
    add(cursor, "events", timezone)


def take(cursor: duckdb.DuckDBPyConnection, gone: str, timezone: str) -> None:
    """Take the events of a table (key, "at", type), which are all events of their keys, out of the roll-ups."""
    low, high = cursor.execute(f'SELECT min("at"), max("at") FROM {gone}').fetchone() or (None, None)
    if low is None:
        return
    day = day_of(timezone, low, high)
    cursor.execute(f"INSERT INTO rollup_events SELECT {day} AS day, type, -count(*) FROM {gone} GROUP BY ALL")
    cursor.execute(
        f"""UPDATE rollup_active SET mask = mask & ~went.bits
            FROM (SELECT key // 64 AS block, bit_or(1::UBIGINT << (key % 64)::UBIGINT) AS bits
                  FROM {gone} GROUP BY ALL) went
            WHERE rollup_active.block = went.block"""
    )
    cursor.execute(f"DELETE FROM rollup_latest WHERE key IN (SELECT key FROM {gone})")


def add(cursor: duckdb.DuckDBPyConnection, source: str, timezone: str) -> None:
    """Add the events of a table (key, "at", type) to the roll-ups."""
    low, high = cursor.execute(f'SELECT min("at"), max("at") FROM {source}').fetchone() or (None, None)
    if low is None:
        return
    day = day_of(timezone, low, high)
    cursor.execute(f"INSERT INTO rollup_events SELECT {day} AS day, type, count(*) FROM {source} GROUP BY ALL")
    cursor.execute(
        f"""INSERT INTO rollup_active SELECT {day} AS day, key // 64 AS block, bit_or(1::UBIGINT << (key % 64)::UBIGINT)
            FROM {source} GROUP BY ALL"""
    )
    cursor.execute(f'INSERT INTO rollup_latest SELECT key, max("at") FROM {source} GROUP BY key')
