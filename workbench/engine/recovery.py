"""Settling what an earlier process left behind: before anything is sent, and never by sending again."""

import asyncio
import logging
import os
import signal
from contextlib import suppress
from pathlib import Path
from typing import Final

from workbench.channels import journal as journals
from workbench.channels.boot import boot_id
from workbench.channels.journal import Reading
from workbench.engine.desk import Desk
from workbench.engine.folding import SCHEDULE, close_journal, folder_of, table_of, tidy
from workbench.store import ledger
from workbench.store.ledger import JournalRow

#: seconds that a courier without an engine may take to end, before it is ended
_GRACE: Final = 12.0
_LOG = logging.getLogger(__name__)


async def recover(desk: Desk, schedule: tuple[float, ...] = SCHEDULE, alive: frozenset[str] = frozenset()) -> bool:
    """Fold every journal that an earlier process left, and settle its claims.

    A message begun without a reply becomes unknown, one that was not begun is planned again. After a restart of the
    machine, or without the journal, every message of the courier that has no result is unknown. Gives False where a
    courier is still alive: then nothing of it is settled, and nothing may be sent. `alive` are journals of this
    process's own couriers, which are left alone.
    """
    rows = await desk.store.read(ledger.open_journals)
    folder = folder_of(desk.store.path)
    for row in rows:
        if row.journal in alive:
            continue
        path = folder / row.journal
        if row.boot == boot_id() and not await _has_ended(path, row.pid):
            return False
        reading = _last(path, row) if path.exists() else None
        if reading is not None and row.boot != boot_id():
            # What was written last may not have reached the disk; what can be read did happen.
            await desk.store.write(
                ledger.fold, row.run, {row.journal: reading.end}, table_of(reading.results, schedule), []
            )
            reading = None
        unknown, back = await close_journal(desk, row, reading, schedule)
        if unknown or back:
            _LOG.warning("run %s: %s messages unknown, %s planned again", row.run, unknown, back)
        path.unlink(missing_ok=True)
    _sweep(folder)
    return True


def _last(path: Path, row: JournalRow) -> Reading:
    """Results that are not folded yet, and all that was ever begun without a result."""
    whole = journals.read(path, 0, set())
    late = journals.read(path, row.folded, set())
    return Reading(whole.end, late.results, whole.begun)


async def _has_ended(path: Path, pid: int) -> bool:
    """Wait until the journal's courier is gone; one that does not go is ended. It holds a lock as long as it lives."""
    for _ in range(round(_GRACE / 0.05)):
        if not journals.is_held(path):
            return True
        await asyncio.sleep(0.05)
    with suppress(ProcessLookupError, PermissionError):
        os.kill(pid, getattr(signal, "SIGKILL", signal.SIGTERM))
    await asyncio.sleep(1.0)
    return not journals.is_held(path)


def _sweep(folder: Path) -> None:
    """Remove journals of couriers that were never given anything."""
    if folder.is_dir():
        for path in folder.glob("*.journal"):
            if not journals.is_held(path):
                path.unlink(missing_ok=True)
        tidy(folder)
