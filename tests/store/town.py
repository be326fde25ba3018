"""Puts made-up people and their events into a real workspace file, column by column as the schema says."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pyarrow as pa

from tests.store.evaluator import Happening, Someone
from workbench.store import catalogue, lists
from workbench.store.migrations import v1


@contextmanager
def opened(path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A new file with all tables and nobody in it."""
    with duckdb.connect(str(path)) as cursor:
        v1.create(cursor)
        yield cursor


def settle(cursor: duckdb.DuckDBPyConnection, people: Sequence[Someone]) -> None:
    """Replace whoever is there by these people; the first one has key 1."""
    _reserve(cursor, people)
    for table in ("endpoints", "users", "events", "rollup_latest", "list_members", "runs", "outbox", "outcomes"):
        cursor.execute(f"DELETE FROM {table}")
    columns = catalogue.load_reserved(cursor)
    _insert(cursor, "endpoints", [_endpoint(number, who, columns) for number, who in enumerate(people, 1)])
    users = {who.user_id: who for who in people if who.user_id is not None and who.user_attributes}
    _insert(cursor, "users", [_user(who, columns) for who in users.values()])
    _insert(cursor, "list_members", [
        {"list_id": name, "key": number} for number, who in enumerate(people, 1) for name in who.lists
    ])  # fmt: skip
    _send(cursor, people)
    happened = [(number, what) for number, who in enumerate(people, 1) for what in who.events]
    _insert(cursor, "events", [_event(number, what, columns) for number, what in happened])
    # two imports, so that an endpoint has two rows here
    cursor.execute('INSERT INTO rollup_latest SELECT key, max("at") FROM events GROUP BY key, hash(rowid) % 2')


def _reserve(cursor: duckdb.DuckDBPyConnection, people: Sequence[Someone]) -> None:
    wanted: dict[tuple[catalogue.Kind, str], set[str]] = {}
    for who in people:
        wanted.setdefault(("attribute", ""), set()).update(who.attributes)
        wanted.setdefault(("metric", ""), set()).update(who.metrics)
        wanted.setdefault(("user_attribute", ""), set()).update(who.user_attributes)
        for what in who.events:
            wanted.setdefault(("event_attribute", what.type), set()).update(what.attributes)
            wanted.setdefault(("event_metric", what.type), set()).update(what.metrics)
    for (kind, event_type), names in wanted.items():
        catalogue.reserve(cursor, kind, sorted(names))
        catalogue.use(cursor, kind, names, event_type)


def _endpoint(key: int, who: Someone, columns: catalogue.Columns) -> dict[str, object]:
    return {
        "key": key,
        "id": who.id,
        "address": f"{who.id}@example.com",
        "channel_type": who.channel,
        "status": "ACTIVE",
        "opt_out": "NONE",
        "user_id": who.user_id,
        "cohort": key % 100,
        "created": naive(who.created or who.effective),
        "platform": who.platform,
        "latitude": who.place[0] if who.place else None,
        "longitude": who.place[1] if who.place else None,
        "effective": naive(who.effective),
        "country": who.country,
        **{columns.attributes[name]: _kept(values) for name, values in who.attributes.items()},
        **{columns.metrics[name]: value for name, value in who.metrics.items()},
    }


def _send(cursor: duckdb.DuckDBPyConnection, people: Sequence[Someone]) -> None:
    """A run per campaign, with a message for each one that a person has of it."""
    campaigns = sorted({each.campaign for who in people for each in who.messages})
    ordinal = 0
    for run, campaign in enumerate(campaigns, 1):
        cursor.execute(
            """INSERT INTO runs BY NAME SELECT $1 AS run, $2 AS campaign_id, 1 AS campaign_version, '' AS name,
                '' AS segment_id, '' AS template_id, 1 AS template_version, '' AS channel_id, 1 AS channel_version,
                '' AS from_name, '' AS from_address, '' AS reply_to, now()::TIMESTAMP AS created,
                now()::TIMESTAMP AS starts, 'finished' AS state, '' AS reason, 0 AS matching, 0 AS planned,
                '{}' AS left_out""",
            [run, campaign],
        )
        for key, who in enumerate(people, 1):
            for message in (each for each in who.messages if each.campaign == campaign):
                ordinal += 1
                cursor.execute("INSERT INTO outbox VALUES (?, ?, ?, '', 'planned')", [run, ordinal, key])
                cursor.execute(
                    """INSERT INTO outcomes BY NAME SELECT $1::BIGINT AS seq, $2 AS run, $1 AS ordinal, $3 AS state,
                        1 AS attempt, $4 AS "at", 250 AS code, '' AS words""",
                    [ordinal, run, message.state, naive(message.at)],
                )


def _user(who: Someone, columns: catalogue.Columns) -> dict[str, object]:
    attributes = {columns.user_attributes[name]: _kept(values) for name, values in who.user_attributes.items()}
    return {"user_id": who.user_id, **attributes}


def _kept(values: Sequence[str]) -> str | None:
    return lists.SEPARATOR.join(values) if values else None


def _event(key: int, what: Happening, columns: catalogue.Columns) -> dict[str, object]:
    return {
        "key": key,
        "at": naive(what.at),
        "type": what.type,
        **{columns.event_attributes[name]: value for name, value in what.attributes.items()},
        **{columns.event_metrics[name]: value for name, value in what.metrics.items()},
    }


def naive(at: datetime) -> datetime:
    """A time as the store keeps it."""
    return at.astimezone(UTC).replace(tzinfo=None)


def _insert(cursor: duckdb.DuckDBPyConnection, table: str, rows: Sequence[dict[str, object]]) -> None:
    if not rows:
        return
    names = sorted({name for row in rows for name in row})
    batch = pa.table({name: pa.array([row.get(name) for row in rows], _type(name)) for name in names})
    cursor.register("batch", batch)
    cursor.execute(f"INSERT INTO {table} BY NAME SELECT * FROM batch")
    cursor.unregister("batch")


def _type(column: str) -> pa.DataType:
    if column.startswith(("m_", "y_")) or column in {"latitude", "longitude"}:
        return pa.float64()
    return {"key": pa.int64(), "cohort": pa.uint8()}.get(
        column, pa.timestamp("us") if column in {"at", "created", "effective"} else pa.string()
    )
