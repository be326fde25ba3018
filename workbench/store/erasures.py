"""Who was erased: salted hashes of ids, addresses and users' ids, by which whatever comes in later is known again."""

import secrets
from datetime import datetime

import duckdb

from workbench.store.queries import literal, utc


def was_erased(endpoint_id: str, channel: str, address: str, user_id: str) -> str:
    """SQL: whether the person with one of these, each SQL too, was erased."""
    marks = _marks(endpoint_id, channel, address, user_id)
    return " OR ".join(f"coalesce({each} IN (SELECT mark FROM erased), FALSE)" for each in marks)


def is_anyone_erased(cursor: duckdb.DuckDBPyConnection) -> bool:
    """Whether imports have to look."""
    return cursor.execute("SELECT 1 FROM erased LIMIT 1").fetchone() is not None


def is_erased(cursor: duckdb.DuckDBPyConnection, channel: str, address: str) -> bool:
    """Whether somebody with this address on the channel was erased."""
    marks = was_erased("NULL", literal(channel), literal(address), "NULL")
    row = cursor.execute(f"SELECT {marks}").fetchone()
    return bool(row and row[0])


def remember(cursor: duckdb.DuckDBPyConnection, endpoints: str, users: str, now: datetime) -> None:
    """Keep the hashes of everyone in a table (id, channel_type, address), and in a table (user_id)."""
    if cursor.execute("SELECT 1 FROM meta WHERE name = 'erasure_salt'").fetchone() is None:
        cursor.execute("INSERT INTO meta VALUES ('erasure_salt', ?)", [secrets.token_hex(32)])
    by_id, by_address, _ = _marks("id", "channel_type", "address", "NULL")
    *_, by_user = _marks("NULL", "NULL", "NULL", "user_id")
    for mark, table in ((by_id, endpoints), (by_address, endpoints), (by_user, users)):
        cursor.execute(
            f"""INSERT INTO erased SELECT DISTINCT mark, $1::TIMESTAMP FROM (SELECT {mark} AS mark FROM {table})
                WHERE mark IS NOT NULL AND mark NOT IN (SELECT mark FROM erased)""",
            [utc(now)],
        )


def _marks(endpoint_id: str, channel: str, address: str, user_id: str) -> tuple[str, str, str]:
    """SQL of the hashes of an id, of an address on its channel, and of a user's id; NULL for what is not there."""
    lower = f"CASE WHEN {channel} = 'EMAIL' THEN lower({address}) ELSE {address} END"
    salted = "sha256((SELECT value FROM meta WHERE name = 'erasure_salt') || {kind} || ':' || {text})"
    texts = (("'id'", endpoint_id), (channel, lower), ("'user'", user_id))
    first, second, third = (salted.format(kind=kind, text=f"({text})") for kind, text in texts)
    return first, second, third
