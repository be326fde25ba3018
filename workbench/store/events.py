"""The event log: single events and small batches are appended by the writer; files by `imports_events`."""

from collections.abc import Iterable, Sequence
from datetime import UTC

import duckdb
import pyarrow as pa

from workbench.plan.event import Event
from workbench.store import catalogue, rollups
from workbench.store.catalogue import Columns
from workbench.store.event_fields import identity

_BATCH = "event_batch"
_FRESH = "event_fresh"


def append(cursor: duckdb.DuckDBPyConnection, events: Sequence[Event]) -> int:
    """Append events and give how many were new: one whose id is known, or whose endpoint is not, is passed over.

    The daily roll-ups go with them.
    """
    if not events:
        return 0
    _reserve(cursor, events)
    columns = catalogue.load_reserved(cursor)
    cursor.register(_BATCH, _table(events, columns))
    try:
        _choose_fresh(cursor)
        cursor.execute(f"INSERT INTO events BY NAME SELECT * FROM {_FRESH}")
        rollups.add(cursor, _FRESH, rollups.zone(cursor))
        _use(cursor, events)
        row = cursor.execute(f"SELECT count(*) FROM {_FRESH}").fetchone()
        cursor.execute(f"DROP TABLE {_FRESH}")
    finally:
        cursor.unregister(_BATCH)
    return int(row[0]) if row else 0


def _choose_fresh(cursor: duckdb.DuckDBPyConnection) -> None:
    """Events of known endpoints whose ids are new, each id once."""
    cursor.execute(
        f"""CREATE TEMP TABLE {_FRESH} AS
            WITH batch AS (SELECT e.key, {identity("b.event_id")} AS id, b.* EXCLUDE (event_id, endpoint_id)
                           FROM {_BATCH} b JOIN endpoints e ON e.id = b.endpoint_id)
            SELECT * FROM batch
            WHERE id NOT IN (SELECT v.id FROM events v WHERE v.id IN (SELECT id FROM batch))
            QUALIFY row_number() OVER (PARTITION BY id) = 1"""
    )


def _reserve(cursor: duckdb.DuckDBPyConnection, events: Iterable[Event]) -> None:
    events = tuple(events)
    catalogue.reserve(cursor, "event_attribute", (name for event in events for name in event.attributes))
    catalogue.reserve(cursor, "event_metric", (name for event in events for name in event.metrics))


def _use(cursor: duckdb.DuckDBPyConnection, events: Iterable[Event]) -> None:
    used: dict[tuple[catalogue.Kind, str], set[str]] = {}
    for event in events:
        used.setdefault(("event_attribute", event.type), set()).update(event.attributes)
        used.setdefault(("event_metric", event.type), set()).update(event.metrics)
    for (kind, event_type), names in used.items():
        catalogue.use(cursor, kind, names, event_type)


def _table(events: Sequence[Event], columns: Columns) -> pa.Table:
    """The batch, a column per name that it carries."""
    arrays: dict[str, pa.Array] = {
        "event_id": pa.array([event.id for event in events], pa.string()),
        "endpoint_id": pa.array([event.endpoint_id for event in events], pa.string()),
        "type": pa.array([event.type for event in events], pa.string()),
        "at": pa.array([event.at.astimezone(UTC).replace(tzinfo=None) for event in events], pa.timestamp("us")),
    }
    for name in dict.fromkeys(name for event in events for name in event.attributes):
        arrays[columns.event_attributes[name]] = pa.array([event.attributes.get(name) for event in events], pa.string())
    for name in dict.fromkeys(name for event in events for name in event.metrics):
        arrays[columns.event_metrics[name]] = pa.array([event.metrics.get(name) for event in events], pa.float64())
    return pa.table(arrays)
