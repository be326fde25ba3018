"""The workspace as a whole: settings, figures, a consistent copy."""

from pathlib import Path
from typing import Protocol

import duckdb

from workbench.plan.words import tr
from workbench.plan.workspace import Workspace
from workbench.store import copies, file, rollups
from workbench.store.errors import AlreadyExistsError, BusyError, SourceError
from workbench.store.watch import Advance


class Source(Protocol):
    """What a back-up needs to know of the open file."""

    path: Path

    @property
    def attach_clause(self) -> str:
        """The ATTACH options that give a copy the same format and key."""
        ...


def settings(cursor: duckdb.DuckDBPyConnection) -> Workspace:
    """The workspace's settings."""
    row = cursor.execute("SELECT value FROM meta WHERE name = 'settings'").fetchone()
    return Workspace.from_json(row[0]) if row else Workspace()


def save_settings(cursor: duckdb.DuckDBPyConnection, workspace: Workspace) -> None:
    """Store settings; a changed time zone rebuilds the daily roll-ups from the events.

    Raises `BusyError` where events are being imported by the old zone's days.
    """
    moved = settings(cursor).timezone != workspace.timezone
    if moved:
        try:
            rollups.claim_zone(cursor)
        except duckdb.TransactionException as error:
            raise BusyError(tr("The time zone can be changed once the import has ended.")) from error
    cursor.execute("UPDATE meta SET value = ? WHERE name = 'settings'", [workspace.to_json()])
    if moved:
        rollups.rebuild(cursor, workspace.timezone)


_COUNTED = {
    "endpoints": "SELECT count(*) FROM endpoints",
    "events": "SELECT count(*) FROM events",
    "segments": "SELECT count(DISTINCT id) FROM definitions WHERE kind = 'segment' AND NOT deleted",
    "templates": "SELECT count(DISTINCT id) FROM definitions WHERE kind = 'template' AND NOT deleted",
    "channels": "SELECT count(DISTINCT id) FROM definitions WHERE kind = 'channel' AND NOT deleted",
    "campaigns": "SELECT count(DISTINCT id) FROM definitions WHERE kind = 'campaign' AND NOT deleted",
    "runs": "SELECT count(*) FROM runs",
    "sandbox_runs": """SELECT count(*) FROM runs JOIN definitions d
        ON d.kind = 'channel' AND d.id = channel_id AND d.version = channel_version
        WHERE d.body::JSON ->> 'kind' = 'sandbox'""",
    "outbox": "SELECT coalesce(sum(planned), 0) FROM runs",
    "unknown": """SELECT count(*) FROM (
        SELECT arg_max(state, seq) AS state FROM outcomes GROUP BY run, ordinal) WHERE state = 'unknown'""",
}


def figures(cursor: duckdb.DuckDBPyConnection) -> dict[str, int]:
    """How many there are of each noun."""
    return {name: _number(cursor, text) for name, text in _COUNTED.items()}


def _number(cursor: duckdb.DuckDBPyConnection, text: str) -> int:
    row = cursor.execute(text).fetchone()
    return int(row[0]) if row else 0


def back_up(cursor: duckdb.DuckDBPyConnection, target: Path, source: Source, *, advance: Advance) -> None:
    """Copy the whole workspace, as it is at this moment, to a file that must not exist; encrypted like the source.

    `advance` counts tables. A copy that fails or is cancelled is removed. The copy keeps the workspace's id and notes
    where it came from.
    """
    if target.exists():
        raise AlreadyExistsError(tr("{file} already exists.").format(file=target.name))
    file.check_folder(target)
    own = cursor.cursor()
    try:
        copies.fill(own, target, source.attach_clause, advance, lambda copy: _note_origin(copy, source.path))
    except BaseException as error:
        own.close()
        target.unlink(missing_ok=True)
        target.with_name(target.name + ".wal").unlink(missing_ok=True)
        if isinstance(error, duckdb.IOException):
            raise SourceError(tr("The copy could not be written: {reason}").format(reason=error)) from error
        raise
    own.close()


def _note_origin(copy: duckdb.DuckDBPyConnection, path: Path) -> None:
    copy.execute("DELETE FROM copy.meta WHERE name = 'copied_from'")  # the source may be a back-up itself
    copy.execute("INSERT INTO copy.meta VALUES ('copied_from', ?)", [str(path)])
