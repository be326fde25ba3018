"""Endpoints and users that are deleted by hand, and brought back.

What happened stays in the figures: events, messages and places on lists keep the endpoint's key, which nobody else
gets, and are its own again when it comes back. Forgetting a person for good is `privacy.erase`.
"""

from collections.abc import Sequence
from datetime import datetime

import duckdb

from workbench.plan.edit import Deleted, Put, edit_of
from workbench.store import edits, keys, timeline
from workbench.store.database import prepared_by


def delete(cursor: duckdb.DuckDBPyConnection, ids: Sequence[str]) -> Deleted:
    """Delete the endpoints of these ids; ids that are not there are passed over."""
    found = timeline.endpoints(cursor, ids)
    if not found:
        return Deleted()
    keys.keep(cursor)
    cursor.execute("DELETE FROM endpoints WHERE key IN (SELECT unnest($1::BIGINT[]))", [list(found)])
    users = sorted({each.user_id for each in found.values() if each.user_id is not None})
    cursor.execute(
        """DELETE FROM users WHERE user_id IN (SELECT unnest($1::VARCHAR[]))
            AND user_id NOT IN (SELECT user_id FROM endpoints WHERE user_id IS NOT NULL)""",
        [users],
    )
    edits.settle_names(cursor, (field for each in found.values() for field in edit_of(each).values))
    return Deleted(endpoints=tuple(found.values()), keys=tuple(found))


def of_user(cursor: duckdb.DuckDBPyConnection, user_id: str) -> tuple[str, ...]:
    """The ids of a user's endpoints, in the order of arrival."""
    rows = cursor.execute("SELECT id FROM endpoints WHERE user_id = ? ORDER BY key", [user_id]).fetchall()
    return tuple(endpoint_id for (endpoint_id,) in rows)


def _prepare(cursor: duckdb.DuckDBPyConnection, deleted: Deleted, now: datetime) -> None:
    edits.prepare(cursor, [edit_of(each) for each in deleted.endpoints], now)


@prepared_by(_prepare)
def restore(cursor: duckdb.DuckDBPyConnection, deleted: Deleted, now: datetime) -> Put:
    """Bring them back as they were, with what happened to them. Refused is what cannot be, as of any edit."""
    batch = [edit_of(each) for each in deleted.endpoints]
    ids = (each.id for each in deleted.endpoints)
    return edits.put(cursor, batch, now, dict(zip(ids, deleted.keys, strict=True)))
