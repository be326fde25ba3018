"""The values that fill templates: of one person, or a table with a row per recipient and a column per merge field."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import duckdb

from workbench.plan.endpoint import ATTRIBUTE, FIELDS, METRIC, USER_ATTRIBUTE
from workbench.plan.merge import Shape
from workbench.store import catalogue, lists
from workbench.store.catalogue import Columns
from workbench.store.cells import needs_user
from workbench.store.queries import Query, identifier, join, sql

if TYPE_CHECKING:
    import pyarrow as pa


def merge_table(cursor: duckdb.DuckDBPyConnection, relation: Query, fields: Sequence[str]) -> "pa.Table":
    """The relation's own columns, one of which is `key`, then a column per dotted field, named by it.

    A container's name (`Attributes`, `User`) stands for every field in it; unknown names are left out. Attributes are
    lists of text, metrics numbers, times ISO 8601 text, `CohortId` text; null where the endpoint lacks it, or where a
    number is not one. The order is the relation's. `plan.merge.Shape` nests the rows.
    """
    columns = catalogue.load(cursor)
    wanted = [field for field in expanded(fields, columns) if columns.endpoint_column(field) is not None]
    select = join(
        "", (sql(", {value} AS {name}", value=_value(each, columns), name=identifier(each)) for each in wanted)
    )
    query = sql(
        f"""WITH wanted AS (SELECT *, row_number() OVER () AS place FROM ({{relation}}))
            SELECT wanted.* EXCLUDE (place){{select}}
            FROM wanted JOIN endpoints e ON e.key = wanted.key
            {"LEFT JOIN users u ON u.user_id = e.user_id" if needs_user(wanted) else ""}
            ORDER BY place""",
        relation=relation,
        select=select,
    )
    return query.run(cursor).to_arrow_table()


def merge_values(cursor: duckdb.DuckDBPyConnection, endpoint_id: str) -> Mapping[str, Any]:
    """All values of an endpoint, or of the first one for an empty id, nested as templates name them."""
    relation = (
        sql("SELECT key FROM endpoints WHERE id = {id}", id=endpoint_id)
        if endpoint_id
        else Query("SELECT min(key) AS key FROM endpoints")
    )
    table = merge_table(cursor, relation, every_field(catalogue.load(cursor)))
    rows = table.drop_columns(["key"])
    if not rows.num_rows:
        return {}
    (row,) = rows.to_pylist()
    return Shape(tuple(row)).fill(tuple(row.values()))


def expanded(fields: Iterable[str], columns: Columns) -> tuple[str, ...]:
    """The fields with each container replaced by all that is in it, each once."""
    every = every_field(columns)
    return tuple(
        dict.fromkeys(
            inner
            for field in fields
            for inner in ([field] if field in every else [each for each in every if each.startswith(f"{field}.")])
        )
    )


def every_field(columns: Columns) -> tuple[str, ...]:
    """Dotted names of all that an endpoint can have."""
    return (
        *FIELDS,
        *(ATTRIBUTE + name for name in columns.attributes),
        *(METRIC + name for name in columns.metrics),
        *(USER_ATTRIBUTE + name for name in columns.user_attributes),
    )


def _value(field: str, columns: Columns) -> Query:
    place = columns.endpoint_column(field)
    if place is None:
        return Query("NULL")
    table, name = place
    stored = sql("u.{name}" if table == "users" else "e.{name}", name=identifier(name))
    match FIELDS.get(field):
        case "time":
            return sql("strftime({stored}, '%Y-%m-%dT%H:%M:%S.%gZ')", stored=stored)
        case "text":
            return sql("{stored}::VARCHAR", stored=stored)
        case _ if field.startswith(METRIC):
            return sql("nullif({stored}, 'nan'::DOUBLE)", stored=stored)
        case _ if field in FIELDS:
            return stored
        case _:
            return sql(lists.split("{stored}"), stored=stored)
