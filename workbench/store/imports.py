"""Imports: a file goes in as a whole, in one transaction, or not at all.

The list of rejected rows is a file of its own: a process that is killed at the very end may leave it behind.
"""

import json
import time
import uuid
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import duckdb

from workbench.plan.endpoint import ATTRIBUTE, METRIC
from workbench.plan.mapping import NAME_LENGTH, Dialect, ImportReport, Mapping, needed
from workbench.plan.words import tr, trn
from workbench.store import catalogue, file, imports_endpoints, imports_events, sources, suggestions
from workbench.store.database import prepared_by
from workbench.store.drafts import draft
from workbench.store.errors import SourceError
from workbench.store.migrations.v1 import SPARE_EVENT_COLUMNS
from workbench.store.sources import Source
from workbench.store.staging import Rejects
from workbench.store.watch import Advance

#: Limits of Pinpoint, kept so that everything can be exported to it.
_ENDPOINT_NAMES: Final = 250
_EVENT_NAMES: Final = 500
#: the fields of a report, in their order
_COLUMNS: Final = ", ".join(f'"{name}"' for name in ImportReport.model_fields)


def names(mapping: Mapping) -> dict[catalogue.Kind, tuple[str, ...]]:
    """The names of one's own that the mapping fills, by kind."""
    kinds: dict[str, catalogue.Kind] = (
        {ATTRIBUTE: "event_attribute", METRIC: "event_metric"}
        if mapping.kind == "events"
        else dict(catalogue.OPEN_KINDS)
    )
    found: dict[catalogue.Kind, dict[str, None]] = {}
    for column in mapping.columns:
        for prefix, kind in kinds.items():
            if column.target.startswith(prefix):
                found.setdefault(kind, {})[column.target.removeprefix(prefix)] = None
    return {kind: tuple(each) for kind, each in found.items()}


def prepare(cursor: duckdb.DuckDBPyConnection, path: Path, mapping: Mapping, *_: object) -> None:
    """Give columns to the names that the mapping fills, before the import's own transaction begins.

    Raises `SourceError` for names that are too long or too many.
    """
    del path
    known = catalogue.load_reserved(cursor)
    limit = _EVENT_NAMES if mapping.kind == "events" else _ENDPOINT_NAMES
    wanted = names(mapping)
    for kind, each in wanted.items():
        long = next((name for name in each if len(name) > NAME_LENGTH), None)
        if long:
            text = tr("The name “{name}” has more than {limit} characters.")
            raise SourceError(text.format(name=long, limit=NAME_LENGTH))
        if len({*known.of(kind), *each}) > limit:
            raise SourceError(tr("There would be more than {limit} names of one kind.").format(limit=limit))
    for kind, each in wanted.items():
        catalogue.reserve(cursor, kind, each)
    if mapping.kind == "events":  # others may append events with new names while this import runs
        catalogue.reserve(cursor, "event_attribute", (), spare=SPARE_EVENT_COLUMNS)
        catalogue.reserve(cursor, "event_metric", (), spare=SPARE_EVENT_COLUMNS)


@prepared_by(prepare)
def run(  # noqa: PLR0917 - the engine passes them by position
    cursor: duckdb.DuckDBPyConnection,
    path: Path,
    mapping: Mapping,
    dialect: Dialect,
    now: datetime,
    rejects: str = "",
    *,
    advance: Advance,
) -> ImportReport:
    """Import the file by the mapping, whose problems have been checked; `advance` counts rows and may raise to cancel.

    `rejects`: where the rejected rows are written, if there are any; empty: beside the workspace file. Raises
    `SourceError`, `FolderMissingError`, `NotPermittedError`. Every row that is read is added, updated, unchanged or
    rejected.
    """
    started = time.monotonic()
    prepare(cursor, path, mapping)  # nothing is left to do here if it ran before the transaction
    target = _rejects_path(cursor, path, rejects)
    file.check_folder(target)
    if target.is_dir():
        raise SourceError(tr("{file} is a folder.").format(file=target.name))
    _keep(target, (path, _workspace(cursor)))
    with sources.opened(cursor, path, dialect, advance) as source:
        listed = Rejects(cursor, source)
        unplaced = _unplaced(mapping, source)
        work = imports_events.run if mapping.kind == "events" else imports_endpoints.run
        try:
            outcome = work(cursor, source, mapping, now, listed, advance)
        except duckdb.InterruptException:
            raise
        except duckdb.InvalidInputException as error:
            raise sources.explained(path, error) from error
    rejected = listed.count()
    report = ImportReport(
        id=uuid.uuid4().hex,
        path=str(path),
        kind=mapping.kind,
        at=now,
        read=outcome.read,
        added=outcome.added,
        updated=outcome.updated,
        unchanged=outcome.unchanged,
        rejected=rejected,
        rejects=str(target) if rejected else "",
        notes=tuple(note for note in (listed.commonest(), *outcome.notes, unplaced) if note),
        seconds=round(time.monotonic() - started, 3),
    )
    _remember(cursor, report)
    if rejected:  # last: the list stays only where nothing can fail any more but the commit
        with draft(target) as beside:
            listed.write(beside)
    return report


def _unplaced(mapping: Mapping, source: Source) -> str:
    """Which columns of the file were not taken because they can have no place; empty where there are none."""
    taken = {name for column in mapping.columns for name in needed(column)}
    every = [field.name for field in source.fields]
    out = [name for name in suggestions.without_place(mapping.kind, every) if name not in taken]
    if not out:
        return ""
    text = trn("{n} column has no place here and was left out: {names}",
               "{n} columns have no place here and were left out: {names}", len(out))  # fmt: skip
    return text.format(n=len(out), names=", ".join(out))


def _rejects_path(cursor: duckdb.DuckDBPyConnection, path: Path, given: str) -> Path:
    if given:
        return Path(given)
    workspace = _workspace(cursor)
    stem = f"{workspace.name.removesuffix(file.SUFFIX)}.rejected.{path.name.split('.')[0]}"
    return _free(workspace.parent, stem)


def _workspace(cursor: duckdb.DuckDBPyConnection) -> Path:
    row = cursor.execute("SELECT path FROM duckdb_databases() WHERE database_name = 'workspace'").fetchone()
    return Path(row[0]) if row and row[0] else Path.cwd() / "workspace"


def _keep(target: Path, files: tuple[Path, ...]) -> None:
    """Refuse to write over one of these files."""
    if target.exists() and any(each.exists() and target.samefile(each) for each in files):
        raise SourceError(tr("Rejected rows would be written over {file}. Name another file.").format(file=target.name))


def _free(folder: Path, stem: str) -> Path:
    """The first name that no file has yet: reports of older imports keep their lists."""
    number = 1
    while (path := folder / (f"{stem}-{number}.csv" if number > 1 else f"{stem}.csv")).exists():
        number += 1
    return path


def _remember(cursor: duckdb.DuckDBPyConnection, report: ImportReport) -> None:
    row = report.model_dump()
    row["at"] = report.at.astimezone(UTC).replace(tzinfo=None)
    row["notes"] = json.dumps(report.notes, ensure_ascii=False)
    cursor.execute(f"INSERT INTO imports ({_COLUMNS}) VALUES ({', '.join('$' + name for name in row)})", row)


def reports(cursor: duckdb.DuckDBPyConnection) -> tuple[ImportReport, ...]:
    """Every import so far, newest first."""
    rows = cursor.execute(f'SELECT {_COLUMNS} FROM imports ORDER BY "at" DESC, rowid DESC').fetchall()
    return tuple(_report(dict(zip(ImportReport.model_fields, row, strict=True))) for row in rows)


def _report(row: dict[str, Any]) -> ImportReport:
    return ImportReport(**row | {"at": row["at"].replace(tzinfo=UTC), "notes": tuple(json.loads(row["notes"]))})
