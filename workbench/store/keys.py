"""The keys of endpoints: they rise, and none is given twice, though the endpoint that had it may be gone.

Events and messages stay when an endpoint goes; they must not become another's.
"""

import duckdb

_LAST = "last_key"


def last(cursor: duckdb.DuckDBPyConnection) -> int:
    """The greatest key that was ever given; the next is one more."""
    row = cursor.execute(
        f"""SELECT greatest((SELECT coalesce(max(key), 0) FROM endpoints),
                            (SELECT coalesce(max(value::BIGINT), 0) FROM meta WHERE name = '{_LAST}'))"""
    ).fetchone()
    return int(row[0]) if row else 0


def keep(cursor: duckdb.DuckDBPyConnection) -> None:
    """Call before endpoints are deleted."""
    greatest = last(cursor)
    cursor.execute(f"DELETE FROM meta WHERE name = '{_LAST}'")
    cursor.execute(f"INSERT INTO meta VALUES ('{_LAST}', ?)", [str(greatest)])
