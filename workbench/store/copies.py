"""Copying everything that a workspace holds into another file, as it is at one moment."""

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import duckdb

from workbench.store import file, watch
from workbench.store.watch import Advance


def fill(
    own: duckdb.DuckDBPyConnection,
    target: Path,
    attach_clause: str,
    advance: Advance,
    mark: Callable[[duckdb.DuckDBPyConnection], None] | None = None,
) -> None:
    """Table by table in one transaction, on a cursor of its own, into a file that is not there yet.

    `advance` counts tables and may raise to stop it; `mark` may write into `copy`, as the new file is called here,
    before the commit. A target that is not whole is the caller's to remove.
    """
    own.execute(f"ATTACH {file.quoted(str(target))} AS copy {attach_clause}")
    try:
        own.execute("BEGIN")
        own.execute("COPY FROM DATABASE workspace TO copy (SCHEMA)")
        tables = own.execute(
            """SELECT table_name FROM duckdb_tables() WHERE database_name = 'workspace' AND NOT temporary
               ORDER BY estimated_size"""
        ).fetchall()
        for number, (table,) in enumerate(tables):
            advance(number, len(tables))
            watch.run(own, f"INSERT INTO copy.{table} SELECT * FROM workspace.{table}", watch.still(advance, number))
        if mark is not None:
            mark(own)
        own.execute("COMMIT")
        advance(len(tables), len(tables))
    except BaseException:
        with suppress(duckdb.Error):
            own.execute("ROLLBACK")
        raise
    finally:
        own.execute("DETACH copy")
