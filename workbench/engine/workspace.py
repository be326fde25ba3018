"""The workspace as a whole: its settings, its figures, its copies."""

from functools import partial
from pathlib import Path

from workbench.engine.desk import AskError, Desk
from workbench.engine.jobs import Job
from workbench.plan.definition import Answer
from workbench.plan.words import tr
from workbench.plan.workspace import Workspace, check
from workbench.store import workspace as stored


class Overview(Answer):
    """The figures beside the sidebar's nouns, and what the start page needs to know."""

    path: str
    name: str
    encrypted: bool
    endpoints: int
    events: int
    segments: int
    templates: int
    channels: int
    campaigns: int
    runs: int
    sandbox_runs: int
    outbox: int
    unknown: int
    mailbox: int


async def overview(desk: Desk) -> Overview:
    """Count everything once."""
    figures = await desk.store.read(stored.figures)
    settings_now = await settings(desk)
    return Overview(
        path=str(desk.store.path),
        name=settings_now.name,
        encrypted=desk.store.encrypted,
        mailbox=desk.sandbox.size(),
        **figures,
    )


async def settings(desk: Desk) -> Workspace:
    """The workspace's settings."""
    return await desk.store.read(stored.settings)


async def save_settings(desk: Desk, workspace: Workspace) -> None:
    """Store settings; raises `AskError` with problems at their fields."""
    problems = check(workspace)
    if problems:
        raise AskError(str(problems[0]), problems)
    await desk.store.write(stored.save_settings, workspace)
    desk.news.changed("workspace")


async def rewrite(desk: Desk) -> None:
    """Write the file anew, without a byte of what was deleted; raises `SourceError` and then it is what it was."""
    label = tr("Writing {file} anew").format(file=desk.store.path.name)
    await desk.jobs.run("rewrite", label, tr("tables"), lambda job: desk.store.rewrite(job.advance))


async def back_up(desk: Desk, path: str) -> str:
    """Write a consistent copy of the whole file; the target must not exist. Gives the path."""
    label = tr("Backing up to {file}").format(file=Path(path).name)

    async def work(job: Job) -> None:
        await desk.store.bulk(partial(stored.back_up, advance=job.advance), Path(path), desk.store)

    await desk.jobs.run("backup", label, tr("tables"), work)
    return path
