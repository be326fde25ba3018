"""Imports and exports: preview, run as a job, report."""

from functools import partial
from pathlib import Path

from workbench.engine.desk import AskError, Desk
from workbench.engine.jobs import Job
from workbench.plan import mapping as mappings
from workbench.plan.mapping import Dialect, ImportReport, Kind, Mapping, Preview, Trial
from workbench.plan.words import tr
from workbench.store import exports, reader
from workbench.store import imports as stored
from workbench.store import trial as trials


async def preview(desk: Desk, path: str, kind: Kind | None = None, dialect: Dialect | None = None) -> Preview:
    """Sniff a file: dialect, columns with types, first rows and a suggested mapping. `kind` None: guess."""
    return await desk.store.read(reader.preview, Path(path), kind, dialect or Dialect())


async def trial(desk: Desk, path: str, mapping: Mapping) -> Trial:
    """What an import by this mapping would reject of the first rows; the mapping must have no blocking problem."""
    return await desk.store.read(trials.run, Path(path), mapping)


async def run(desk: Desk, path: str, mapping: Mapping, rejects: str = "") -> ImportReport:
    """Import a file as one job and one transaction; a cancelled or failed one leaves no trace.

    `rejects` is where rejected rows go; empty: beside the workspace file. Raises `AskError` with problems.
    """
    found = await preview(desk, path, mapping.kind, mapping.dialect)
    problems = mappings.check(mapping, tuple(column.name for column in found.columns))
    if any(problem.blocks for problem in problems):
        raise AskError(tr("The mapping does not fit the file: {problem}").format(problem=problems[0]), problems)
    label = tr("Importing {file}").format(file=Path(path).name)

    async def work(job: Job) -> ImportReport:
        return await desk.store.bulk(
            partial(stored.run, advance=job.advance), Path(path), mapping, found.dialect, desk.clock.now(), rejects
        )

    report = await desk.jobs.run("import", label, tr("rows"), work)
    desk.news.changed("imports", "endpoints", "events" if mapping.kind == "events" else "endpoints")
    return report


async def reports(desk: Desk) -> tuple[ImportReport, ...]:
    """Every import so far, newest first."""
    return await desk.store.read(stored.reports)


async def export(desk: Desk, path: str, segment_id: str = "") -> int:
    """Write endpoints (all, or a segment's) to a `.csv`, `.ndjson`, `.parquet` file or `.gz` of it; gives the count."""
    label = tr("Exporting {file}").format(file=Path(path).name)

    async def work(job: Job) -> int:
        return await desk.store.bulk(
            partial(exports.run, advance=job.advance), Path(path), segment_id, desk.clock.now()
        )

    return await desk.jobs.run("export", label, tr("rows"), work)
