"""Large workspaces for the benchmarks of reading, filled through the import."""

from datetime import UTC, datetime
from pathlib import Path

import duckdb

from tests.benchmarks.import_endpoints import import_file, write_people

#: the events end here; counts are made at this moment
NOW = datetime(2026, 3, 31, 12, 0, tzinfo=UTC)
DAYS = 90


def fill(folder: Path, people: int, events: int = 0) -> Path:
    """A workspace with so many endpoints and events of the last 90 days."""
    workspace, audience, log = folder / "large.workbench", folder / "people.csv", folder / "events.parquet"
    write_people(audience, 0, people, round_number=1)
    import_file(workspace, audience, create=True)
    if events:
        _write_events(log, people, events)
        import_file(workspace, log)
        log.unlink()
    return workspace


def _write_events(path: Path, people: int, events: int) -> None:
    """Seeded events in the order of time: half of them views, one in ten a purchase of some product for some money."""
    step = DAYS * 86_400_000_000 // events
    duckdb.connect().execute(
        f"""COPY (SELECT
                printf('%08x%08x', (hash(k) >> 32)::BIGINT, k) AS "EndpointId",
                CASE WHEN h % 100 < 20 THEN '_session.start' WHEN h % 100 < 75 THEN 'product.viewed'
                     WHEN h % 100 < 90 THEN 'cart.added' ELSE 'purchase' END AS "EventType",
                TIMESTAMPTZ '{NOW.isoformat()}' - to_microseconds(({events} - i) * {step}) AS "Timestamp",
                CASE WHEN h % 100 >= 20 THEN ['tea', 'coffee', 'cups', 'gifts'][1 + h // 100 % 4] END
                    AS "Attributes.category",
                CASE WHEN h % 100 >= 75 THEN round((h // 1000 % 20000) / 100.0, 2) END AS "Metrics.amount"
            FROM (SELECT i, (hash(i + 7) % 1000000007)::BIGINT AS h, (hash(i * 31 + 1) % {people})::BIGINT AS k
                  FROM range(1, {events + 1}) events(i))
        ) TO '{path}' (FORMAT parquet)"""
    )
