"""Fields of an endpoint as a table shows them: what to select for each, and how to order by it."""

import math
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from itertools import chain
from typing import Final

import duckdb

from workbench.plan.endpoint import ATTRIBUTE, METRIC, NAME_PARTS, USER_ATTRIBUTE, full_name
from workbench.store import catalogue, lists
from workbench.store.catalogue import FIELD_COLUMNS, Columns
from workbench.store.queries import Query, identifier, join, sql

Cell = str | float | int | None
_NUMBERS: Final = {"CohortId", "Location.Latitude", "Location.Longitude"}
_TIMES: Final = {"CreationDate", "EffectiveDate"}

#: When `e` last did something: the newest event or the effective date, as `ActivityRule` has it, but for the moment of
#: an import, which people whom a file says nothing of get as theirs without having done anything. What is dated in the
#: future has not happened yet; only who has such events needs the log itself. May be NULL.
ACTIVITY: Final = Query(
    """greatest(CASE WHEN e.effective NOT IN (SELECT "at" FROM imports) AND e.effective <= now()::TIMESTAMP
                    THEN e.effective END,
        (SELECT max("at") FROM (
            SELECT key, "at" FROM rollup_latest WHERE "at" <= now()::TIMESTAMP
            UNION ALL SELECT key, "at" FROM events WHERE "at" <= now()::TIMESTAMP
                AND key IN (SELECT key FROM rollup_latest WHERE "at" > now()::TIMESTAMP)) latest
         WHERE latest.key = e.key))"""
)


def expression(field: str, columns: Columns) -> Query:
    """What the field is of `e`, a row of endpoints, and `u`, its user; lists as one text; NULL for unknown names."""
    place = columns.endpoint_column(field)
    if place is None:
        return Query("NULL")
    table, name = place
    stored = sql("u.{name}" if table == "users" else "e.{name}", name=identifier(name))
    return sql(lists.shown("{stored}"), stored=stored) if _is_list(field) else stored


def shown(field: str, columns: Columns) -> Query:
    """What a table shows for the field: the stored value, but what somebody did for the last activity."""
    return ACTIVITY if field == "EffectiveDate" else expression(field, columns)


def sort_key(field: str, columns: Columns) -> Query:
    """What to order by: text without regard to case, numbers and times as they are."""
    found = shown(field, columns)
    text = not (field in _NUMBERS or field in _TIMES or field.startswith(METRIC))
    return sql("lower({found})", found=found) if text else found


def needs_user(fields: Iterable[str]) -> bool:
    """Whether any of the fields belongs to the user."""
    return any(field.startswith(USER_ATTRIBUTE) for field in fields)


def rows(
    cursor: duckdb.DuckDBPyConnection,
    keys: Sequence[int],
    fields: Sequence[str],
    columns: Columns,
    *,
    stored: bool = False,
) -> tuple[tuple[Cell, ...], ...]:
    """The endpoints of these keys, in this order: the id, then a cell per field. Keys that are gone are passed over.

    `stored`: each field as rules read it, rather than as tables show it.
    """
    read = expression if stored else shown
    # Rows are picked by their ids first, and users apart: joined as one statement, all of both tables would be read.
    own = [field for field in fields if not field.startswith(USER_ATTRIBUTE)]
    select = join(", ", (Query("e.key, e.id, e.user_id"), *(read(each, columns) for each in own)))
    query = sql(
        "SELECT {select} FROM endpoints e WHERE e.rowid IN (SELECT rowid FROM endpoints WHERE key IN ({keys}))",
        select=select,
        keys=join(", ", (sql("{key}", key=int(key)) for key in keys)) if keys else Query("NULL"),
    )
    found = query.run(cursor).fetchall()
    of_users = _of_users(cursor, found, fields, columns)
    by_key = {}
    for key, endpoint_id, user_id, *values in found:
        cells = dict(zip(own, values, strict=True)) | of_users.get(user_id, {})
        by_key[key] = (endpoint_id, *(_cell(cells.get(field)) for field in fields))
    return tuple(by_key[key] for key in keys if key in by_key)


def names(cursor: duckdb.DuckDBPyConnection, keys: Sequence[int]) -> dict[str, str]:
    """What the people of these endpoints are called, by endpoint id, where attributes tell it."""
    columns = catalogue.load(cursor)
    parts = [part for part in dict.fromkeys(chain(*NAME_PARTS)) if part in columns.user_attributes]
    if not parts or not keys:
        return {}
    told = rows(cursor, list(dict.fromkeys(keys)), [USER_ATTRIBUTE + part for part in parts], columns)
    return {
        str(endpoint_id): full_name({part: str(cell) for part, cell in zip(parts, values, strict=True) if cell})
        for endpoint_id, *values in told
    }


def _of_users(
    cursor: duckdb.DuckDBPyConnection, found: Sequence[tuple[object, ...]], fields: Sequence[str], columns: Columns
) -> dict[object, dict[str, object]]:
    """User attributes by user id."""
    wanted = [field for field in fields if field.startswith(USER_ATTRIBUTE)]
    users = {row[2] for row in found if row[2] is not None}
    if not wanted or not users:
        return {}
    select = join(", ", (Query("u.user_id"), *(expression(field, columns) for field in wanted)))
    query = sql(
        "SELECT {select} FROM users u WHERE u.user_id IN (SELECT unnest({users}::VARCHAR[]))",
        select=select,
        users=list(users),
    )
    return {user_id: dict(zip(wanted, values, strict=True)) for user_id, *values in query.run(cursor).fetchall()}


def _cell(value: object) -> Cell:
    match value:
        case datetime():
            return value.replace(tzinfo=UTC).isoformat()
        case float() if math.isnan(value):
            return None
        case str() | int() | float() | None:
            return value
        case _:
            return str(value)


def _is_list(field: str) -> bool:
    return field not in FIELD_COLUMNS and field.startswith((ATTRIBUTE, USER_ATTRIBUTE))
