"""Import of events from Parquet, their daily roll-ups included, against DuckDB's bare `read_parquet` into a table."""

import asyncio
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from tests.benchmarks.import_endpoints import import_file, write_people
from tests.benchmarks.measure import Contest, Figure
from workbench.plan.workspace import Workspace
from workbench.store import workspace as stored
from workbench.store.database import Database

if TYPE_CHECKING:
    from workbench.plan.mapping import ImportReport

ROWS = 20_000_000
_PEOPLE = 2_000_000
#: events that the workspace has before, of the days before
_BEFORE = 1_000_000
_DAYS = 90


def run(quick: bool) -> list[Figure]:  # noqa: FBT001 - every benchmark is called so
    """Events without ids of their own, and with."""
    rows, people, before = (size // 100 if quick else size for size in (ROWS, _PEOPLE, _BEFORE))
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        return [_measure(Path(folder), rows, people, before, with_ids=with_ids) for with_ids in (False, True)]


def _measure(folder: Path, rows: int, people: int, before: int, *, with_ids: bool) -> Figure:
    source, earlier, audience = folder / "events.parquet", folder / "earlier.parquet", folder / "people.csv"
    write_people(audience, 0, people, round_number=1)
    _write_events(earlier, before, people, "2024-12-01", 30, with_ids=with_ids)
    _write_events(source, rows, people, "2025-01-01", _DAYS, with_ids=with_ids)
    workspace = folder / "bench.workbench"
    reports: list[ImportReport] = []

    def prepare() -> None:
        workspace.unlink(missing_ok=True)
        import_file(workspace, audience, create=True)
        asyncio.run(_set_zone(workspace))
        import_file(workspace, earlier)

    contest = Contest(
        ours=lambda: reports.append(import_file(workspace, source)),
        peer=lambda: _bare(folder / "bare.duckdb", source),
        before_ours=prepare,
        before_peer=lambda: (folder / "bare.duckdb").unlink(missing_ok=True),
    )
    ours, peer = contest.run()
    if reports[-1].added != rows:
        raise RuntimeError(f"the import did not do its work: {reports[-1]}")
    kind = "with ids, " if with_ids else ""
    size = source.stat().st_size / 1e6
    return Figure(
        f"import {rows:,} events, {kind}Parquet, roll-ups included", ours, peer, "s", 0.4, "bare read_parquet", 0.6,
        note=f"{size:.0f} MB; {people:,} people; {before:,} events there before; zone Europe/Berlin",
    )  # fmt: skip


async def _set_zone(path: Path) -> None:
    database = Database.open(path)
    try:
        await database.write(stored.save_settings, Workspace(timezone="Europe/Berlin"))
    finally:
        database.close()


def _write_events(path: Path, rows: int, people: int, start: str, days: int, *, with_ids: bool) -> None:
    """Seeded events of random people, in the order of time."""
    event_id = f"CAST(md5('{start}' || i) AS UUID)::VARCHAR AS \"EventId\"," if with_ids else ""
    duckdb.connect().execute(
        f"""COPY (SELECT {event_id}
                printf('%08x%08x', (hash(k) >> 32)::BIGINT, k) AS "EndpointId",
                CASE WHEN h % 100 < 50 THEN 'page_view' WHEN h % 100 < 75 THEN 'product_view'
                     WHEN h % 100 < 85 THEN 'cart'
                     WHEN h % 100 < 92 THEN 'purchase' ELSE 'session_start' END AS "EventType",
                TIMESTAMPTZ '{start} 00:00:00+00'
                    + to_microseconds((i * {days * 86_400_000_000 // rows} + h % 1000)::BIGINT) AS "Timestamp",
                CASE WHEN h % 100 < 75 THEN '/p/' || (h % 5000) END AS "Attributes.page",
                ['google', 'mail', 'direct', 'ads'][1 + h % 4] AS "Attributes.source",
                CASE WHEN h % 100 BETWEEN 85 AND 91 THEN round((h % 30000) / 100.0, 2) END AS "Metrics.amount"
            FROM (SELECT i, (hash(i + 7) % 1000000007)::BIGINT AS h, (hash(i * 31 + 1) % {people})::BIGINT AS k
                  FROM range({rows}) events(i))
        ) TO '{path}' (FORMAT parquet)"""
    )


def _bare(database: Path, source: Path) -> None:
    with duckdb.connect(str(database)) as connection:
        connection.execute(f"CREATE TABLE events AS SELECT * FROM read_parquet('{source}')")
