"""Import of endpoints from CSV into a workspace that has some already, against DuckDB's bare `read_csv`."""

import asyncio
import tempfile
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import duckdb

from tests.benchmarks.measure import Contest, Figure
from workbench.plan.mapping import Dialect, ImportReport
from workbench.store import imports, reader
from workbench.store.database import Database

ROWS = 2_000_000
#: endpoints that the workspace has before, and how many of them the file changes
_BEFORE = 500_000
_CHANGED = 200_000


def run(quick: bool) -> list[Figure]:  # noqa: FBT001 - every benchmark is called so
    """The whole import with validation and merge; then the same file again, which changes nothing."""
    rows, before, changed = (size // 100 if quick else size for size in (ROWS, _BEFORE, _CHANGED))
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        return _measure(Path(folder), rows, before, changed)


def _measure(folder: Path, rows: int, before: int, changed: int) -> list[Figure]:
    older, newer = folder / "older.csv", folder / "newer.csv"
    write_people(older, 0, before, round_number=1)
    write_people(newer, before - changed, before - changed + rows, round_number=2)
    workspace = folder / "bench.workbench"
    reports: list[ImportReport] = []

    def prepare() -> None:
        workspace.unlink(missing_ok=True)
        import_file(workspace, older, create=True)

    contest = Contest(
        ours=lambda: reports.append(import_file(workspace, newer)),
        peer=lambda: _bare(folder / "bare.duckdb", newer),
        before_ours=prepare,
        before_peer=lambda: (folder / "bare.duckdb").unlink(missing_ok=True),
    )
    ours, peer = contest.run()
    report = reports[-1]
    _expect(report.read == rows and report.added == rows - changed and report.updated == changed, report)
    again = Contest(
        ours=lambda: reports.append(import_file(workspace, newer)),
        peer=lambda: _bare(folder / "bare.duckdb", newer),
        before_peer=lambda: (folder / "bare.duckdb").unlink(missing_ok=True),
    )
    ours_again, peer_again = again.run()
    _expect(reports[-1].unchanged == rows, reports[-1])
    size = f"{newer.stat().st_size / 1e6:.0f} MB"
    return [
        Figure(
            f"import {rows:,} endpoints, 9 columns, CSV", ours, peer, "s", 0.4, "bare read_csv", 0.6,
            note=f"{size}; {before:,} there before, {changed:,} of them changed; opening and closing the file included",
        ),
        Figure(f"the same file again ({rows:,} unchanged)", ours_again, peer_again, "s", 0.4, "bare read_csv", 0.6),
    ]  # fmt: skip


def _expect(true: bool, report: ImportReport) -> None:  # noqa: FBT001 - an assertion that -O leaves in
    if not true:
        raise RuntimeError(f"the import did not do its work: {report}")


def write_people(path: Path, first: int, last: int, *, round_number: int) -> None:
    """Seeded people `first` to `last`; another round has other values for the same ids."""
    duckdb.connect().execute(
        f"""COPY (SELECT
                printf('%08x%08x', (hash(i) >> 32)::BIGINT, i) AS "Id", 'EMAIL' AS "ChannelType",
                'user' || i || '@' || ['example.com', 'example.org', 'mail.example.net', 'example.co.uk'][1 + h % 4]
                    AS "Address",
                ['DE', 'US', 'RU', 'FR', 'GB', 'PL', 'IT', 'ES'][1 + h % 8] AS "Location.Country",
                ['iOS', 'Android', 'Web'][1 + h % 3] AS "Demographic.Platform",
                CASE WHEN h % 10 < 9 THEN ['free', 'pro', 'team'][1 + h % 3] END AS "Attributes.plan",
                ['shoes', 'books', 'garden', 'music', 'sport'][1 + h % 5] AS "Attributes.interest",
                round((h % 100000 + {round_number}) / 100.0, 2) AS "Metrics.spent",
                'u' || (i // 2) AS "User.UserId"
            FROM (SELECT i, (hash(i + 7) % 1000000007)::BIGINT AS h FROM range({first}, {last}) people(i))
        ) TO '{path}' (FORMAT csv, HEADER)"""
    )


def import_file(workspace: Path, source: Path, *, create: bool = False) -> ImportReport:
    """Open the workspace, import the file with the mapping that is suggested for it, close the workspace."""

    async def work() -> ImportReport:
        database = Database.open(workspace, create=create)
        try:
            found = await database.read(reader.preview, source, None, Dialect())
            job = partial(imports.run, advance=lambda done, total=None: None)  # noqa: ARG005 - nobody looks at progress
            return await database.bulk(job, source, found.mapping, found.dialect, datetime.now(UTC), "")
        finally:
            database.close()

    return asyncio.run(work())


def _bare(database: Path, source: Path) -> None:
    with duckdb.connect(str(database)) as connection:
        connection.execute(f"CREATE TABLE people AS SELECT * FROM read_csv('{source}')")
