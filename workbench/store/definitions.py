"""Definitions of every kind: JSON text, one row per saved version."""

import uuid
from datetime import UTC, datetime
from typing import NamedTuple

import duckdb


class Row(NamedTuple):
    """One stored version; `saved` is in UTC."""

    id: str
    name: str
    version: int
    saved: datetime
    body: str


_COLUMNS = "id, name, version, saved, body"


def listed(cursor: duckdb.DuckDBPyConnection, kind: str) -> tuple[Row, ...]:
    """The newest version of each definition of the kind that is not deleted, newest first."""
    rows = cursor.execute(
        f"""SELECT {_COLUMNS} FROM definitions WHERE kind = ? AND NOT deleted
            QUALIFY row_number() OVER (PARTITION BY id ORDER BY version DESC) = 1
            ORDER BY saved DESC, rowid DESC""",
        [kind],
    ).fetchall()
    return tuple(_row(row) for row in rows)


def get(cursor: duckdb.DuckDBPyConnection, kind: str, definition_id: str, version: int | None = None) -> Row | None:
    """The newest version, or the one named; None where there is none. Deleted ones are found too: runs pin them."""
    row = cursor.execute(
        f"""SELECT {_COLUMNS} FROM definitions WHERE kind = $1 AND id = $2 AND version = coalesce($3, version)
            ORDER BY version DESC LIMIT 1""",
        [kind, definition_id, version],
    ).fetchone()
    return _row(row) if row else None


def save(  # noqa: PLR0917 - the columns of a row, in order
    cursor: duckdb.DuckDBPyConnection, kind: str, definition_id: str | None, name: str, body: str, now: datetime
) -> str:
    """Store a new version and give the id; the same content as the newest version makes none.

    An id that is None becomes a new one of 32 hexadecimal digits. Saving a deleted definition brings it back.
    """
    definition_id = definition_id or uuid.uuid4().hex
    newest = get(cursor, kind, definition_id)
    if newest is None or (newest.name, newest.body) != (name, body):
        version = newest.version + 1 if newest else 1
        cursor.execute(
            "INSERT INTO definitions VALUES (?, ?, ?, ?, ?, ?, FALSE)",
            [kind, definition_id, version, name, body, now.astimezone(UTC).replace(tzinfo=None)],
        )
    if newest is not None:
        set_deleted(cursor, kind, definition_id, deleted=False)
    return definition_id


def set_deleted(cursor: duckdb.DuckDBPyConnection, kind: str, definition_id: str, deleted: bool) -> None:  # noqa: FBT001 - the column's own value
    """Delete the definition with all its versions, or bring it back."""
    cursor.execute(
        "UPDATE definitions SET deleted = $1 WHERE kind = $2 AND id = $3 AND deleted <> $1",
        [deleted, kind, definition_id],
    )


def _row(row: tuple[str, str, int, datetime, str]) -> Row:
    definition_id, name, version, saved, body = row
    return Row(definition_id, name, version, saved.replace(tzinfo=UTC), body)
