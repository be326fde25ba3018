"""Definitions of every kind: JSON text, one row per version."""

import uuid
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Final, NamedTuple

import duckdb

from workbench.store.queries import sql, utc


class Row(NamedTuple):
    """One stored version; `saved` is in UTC."""

    id: str
    name: str
    version: int
    saved: datetime
    body: str


_COLUMNS = "id, name, version, saved, body"
#: How long after a save the next one from the same editor still belongs to the same version.
_AMEND_WITHIN: Final = timedelta(minutes=10)

#: Whether the newest version may be amended: it is what the editor itself saved before, a short time ago, and no run
#: has pinned it. The store has one writer, so that no run can pin it between this and the change.
_MAY_AMEND: Final = """
    SELECT count(*) FROM definitions d
    WHERE d.kind = {kind} AND d.id = {id} AND d.version = {version} AND d.body = {amends} AND d.saved >= {since}
        AND NOT EXISTS (
            SELECT 1 FROM runs WHERE ({kind}, {id}, {version}) IN (
                ('campaign', campaign_id, campaign_version), ('segment', segment_id, segment_version),
                ('template', template_id, template_version), ('channel', channel_id, channel_version)))
"""


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


def versions(cursor: duckdb.DuckDBPyConnection, kind: str, definition_id: str) -> tuple[Row, ...]:
    """Every version of a definition, newest first; empty where there is none. Deleted ones are found too."""
    rows = cursor.execute(
        f"SELECT {_COLUMNS} FROM definitions WHERE kind = ? AND id = ? ORDER BY version DESC", [kind, definition_id]
    ).fetchall()
    return tuple(_row(row) for row in rows)


def save(  # noqa: PLR0917 - the columns of a row, in order
    cursor: duckdb.DuckDBPyConnection,
    kind: str,
    definition_id: str | None,
    name: str,
    body: str,
    now: datetime,
    amends: str | None = None,
) -> str:
    """Store a new version and give the id; the same content as the newest version makes none.

    With `amends`, the body that the same editor saved before, the newest version is replaced instead where it is still
    that one, was saved in the last ten minutes, and no run has pinned it; what is then the same as the version before
    it leaves only that one.

    An id that is None becomes a new one of 32 hexadecimal digits. Saving a deleted definition brings it back.
    """
    definition_id = definition_id or uuid.uuid4().hex
    newest = get(cursor, kind, definition_id)
    if newest is None or (newest.name, newest.body) != (name, body):
        if newest is not None and amends is not None and _may_amend(cursor, kind, newest, amends, now):
            cursor.execute(
                "DELETE FROM definitions WHERE kind = ? AND id = ? AND version = ?",
                [kind, definition_id, newest.version],
            )
        before = get(cursor, kind, definition_id)
        if before is None or (before.name, before.body) != (name, body):
            version = before.version + 1 if before else 1
            cursor.execute(
                "INSERT INTO definitions VALUES (?, ?, ?, ?, ?, ?, FALSE)",
                [kind, definition_id, version, name, body, utc(now)],
            )
    if newest is not None:
        set_deleted(cursor, kind, definition_id, deleted=False)
    return definition_id


def _may_amend(cursor: duckdb.DuckDBPyConnection, kind: str, newest: Row, amends: str, now: datetime) -> bool:
    question = sql(
        _MAY_AMEND, kind=kind, id=newest.id, version=newest.version, amends=amends, since=utc(now - _AMEND_WITHIN)
    )
    return question.number(cursor) > 0


def unchanged(cursor: duckdb.DuckDBPyConnection, rows: Sequence[tuple[str, Row]]) -> bool:
    """Whether each version, as (kind, row), is still what it was when it was read."""
    return all(get(cursor, kind, row.id, row.version) == row for kind, row in rows)


def set_deleted(cursor: duckdb.DuckDBPyConnection, kind: str, definition_id: str, deleted: bool) -> None:  # noqa: FBT001 - the column's own value
    """Delete the definition with all its versions, or bring it back."""
    cursor.execute(
        "UPDATE definitions SET deleted = $1 WHERE kind = $2 AND id = $3 AND deleted <> $1",
        [deleted, kind, definition_id],
    )


def _row(row: tuple[str, str, int, datetime, str]) -> Row:
    definition_id, name, version, saved, body = row
    return Row(definition_id, name, version, saved.replace(tzinfo=UTC), body)
