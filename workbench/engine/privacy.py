"""What people may ask for: everything known of them, and to be forgotten."""

import asyncio
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.channels import folder
from workbench.engine.desk import AskError, Desk, NotFoundError
from workbench.engine.jobs import Job
from workbench.plan import dossier as dossiers
from workbench.plan.privacy import Dossier, Erased, Whom
from workbench.plan.words import tr
from workbench.store import drafts, erasures, rejected
from workbench.store import privacy as stored
from workbench.store.errors import SourceError
from workbench.store.privacy import Traces

if TYPE_CHECKING:
    from collections.abc import Callable


async def dossier(desk: Desk, named: str) -> Dossier:
    """Everything known of the person of an endpoint's id, a user's id or an address; raises `NotFoundError`."""
    found = await desk.store.read(stored.dossier, named)
    if found is None:
        raise NotFoundError(tr("There is nobody “{name}”.").format(name=named))
    return found


async def save_dossier(desk: Desk, named: str, path: str) -> str:
    """Write everything known of the person to a file: `.html` and `.txt` to read, `.json` for programs; gives the path.

    Raises `NotFoundError`, `AskError`, `SourceError`.
    """
    forms: dict[str, Callable[[Dossier], str]] = {
        ".html": dossiers.page,
        ".txt": dossiers.readable,
        ".json": lambda found: found.model_dump_json(indent=2) + "\n",
    }
    form = forms.get(Path(path).suffix.lower())
    if form is None:
        raise AskError(tr("A person's file ends in .html, .txt or .json."))
    text = form(await dossier(desk, named))
    await asyncio.to_thread(_write, Path(path), text)
    return path


async def would_erase(desk: Desk, whom: Whom) -> Erased:
    """What `erase` would do now."""
    return await desk.store.read(stored.would_erase, whom, desk.clock.now(), partial(_count, desk))


async def erase(desk: Desk, whom: Whom, *, rewrite: bool = True) -> Erased:
    """Forget people for good: imports will not bring them back. Waits for running imports.

    With `rewrite` the file is written anew afterwards, so that not a byte of them is left in it; without, deleted
    values may stay readable in its free blocks until `workspace.rewrite`. Raises `AskError` where nobody is meant.
    """
    if whom.is_nobody:
        raise AskError(tr("Nobody is named, or everybody: name people, a segment, or filters."))
    loop = asyncio.get_running_loop()

    def forget(traces: Traces) -> tuple[int, int]:
        try:
            mails = asyncio.run_coroutine_threadsafe(desk.sandbox.forget(traces.names), loop).result()
            return mails + _forget_letters(traces), sum(rejected.forget(path, traces.names) for path in traces.rejects)
        except OSError as error:
            text = tr("Something of them cannot be deleted: {reason}. Nobody was erased.")
            raise SourceError(text.format(reason=error)) from error

    async def work(job: Job) -> Erased:
        done = await desk.store.bulk(stored.erase, whom, desk.clock.now(), forget)
        if rewrite and done.endpoints:
            await desk.store.rewrite(job.advance)
        return done

    erased = await desk.jobs.run("erase", tr("Erasing people"), tr("tables"), work)
    desk.news.changed("endpoints", "events", "outbox", "mailbox", "workspace")
    return erased


async def is_erased(desk: Desk, channel: str, address: str) -> bool:
    """Whether somebody with this address on the channel (`EMAIL`, `SMS` …) was erased."""
    return await desk.store.read(erasures.is_erased, channel, address)


def _count(desk: Desk, traces: Traces) -> tuple[int, int]:
    letters = sum(
        1 for path, run, ordinals in traces.letters for _ in folder.letters(Path(path).expanduser(), run, ordinals)
    )
    mails = desk.sandbox.count_to(traces.names)
    return letters + mails, sum(rejected.count(path, traces.names) for path in traces.rejects)


def _forget_letters(traces: Traces) -> int:
    gone = 0
    for path, run, ordinals in traces.letters:
        for letter in folder.letters(Path(path).expanduser(), run, ordinals):
            letter.unlink()
            gone += 1
    return gone


def _write(path: Path, text: str) -> None:
    with drafts.draft(path) as beside:
        beside.write_text(text, encoding="utf-8")
