"""From the couriers' journals to the ledger: several times a second, and at the start before anything else."""

import asyncio
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import pyarrow as pa

from workbench.channels import journal as journals
from workbench.channels.boot import boot_id
from workbench.channels.journal import Reading, Result
from workbench.engine.desk import Desk
from workbench.engine.feed import Feed
from workbench.plan.words import tr
from workbench.store import ledger
from workbench.store.ledger import JournalRow

#: seconds after each try until the next one; after the last the message has failed
SCHEDULE: Final = (60.0, 300.0, 900.0, 3600.0, 7200.0, 14400.0, 28800.0)
#: journals are read in a thread from this many bytes on; less is not worth the way
_LARGE: Final = 1 << 20


def folder_of(workspace: Path) -> Path:
    """Where the journals of a workspace are."""
    return workspace.with_name(workspace.name + ".sending")


def remove(journal: Path) -> None:
    """Remove a journal that is folded, and the folder with the last one."""
    journal.unlink(missing_ok=True)
    tidy(journal.parent)


def tidy(folder: Path) -> None:
    """Remove the folder of journals where none is left in it."""
    with suppress(OSError):
        folder.rmdir()


@dataclass
class Place:
    """How far one journal is folded, and what has begun in it without a result."""

    row: JournalRow
    path: Path
    end: int = 0
    begun: set[int] = field(default_factory=set)


class Folding:
    """Folds the journals of one run."""

    def __init__(self, desk: Desk, run: int, feed: Feed, schedule: tuple[float, ...]) -> None:
        self._desk = desk
        self._run = run
        self._feed = feed
        self._schedule = schedule
        self._places: dict[str, Place] = {}
        self._lock = asyncio.Lock()

    async def open(self, path: Path, pid: int) -> None:
        """Note a new courier before it is given anything."""
        row = JournalRow(path.name, self._run, boot_id(), pid, 0)
        await self._desk.store.write(ledger.open_journal, row, self._desk.clock.now())
        self._places[path.name] = Place(row, path)

    async def fold(self) -> int:
        """Write down every result that came since the last time; gives how many."""
        async with self._lock:
            readings = {name: await _read(place) for name, place in self._places.items()}
            results = [result for reading in readings.values() for result in reading.results]
            if not results:
                return 0
            ends = {name: reading.end for name, reading in readings.items()}
            settled = self._settled(results)
            table = table_of(results, self._schedule)
            await self._desk.store.write(ledger.fold, self._run, ends, table, settled)
            for name, reading in readings.items():
                self._places[name].end, self._places[name].begun = reading.end, reading.begun
            return len(results)

    async def close(self, path: Path) -> None:
        """A courier has ended: write down its last results and settle the rest of what it had."""
        async with self._lock:
            place = self._places.pop(path.name, None)
            if place is None:
                return
            reading = await _read(place)
            self._settled(reading.results)
            await close_journal(self._desk, place.row, reading, self._schedule)
            remove(path)

    def _settled(self, results: Iterable[Result]) -> list[int]:
        """Claims that have no open message after these results."""
        done = []
        for result in results:
            place = self._feed.in_hand.pop(result.ordinal, None)
            if place is None:
                continue
            self._feed.open[place] -= 1
            if not self._feed.open[place]:
                del self._feed.open[place]
                done.append(place)
        return done

    def release(self) -> None:
        """Nothing is in a courier's hands any more."""
        self._feed.in_hand.clear()
        self._feed.open.clear()


async def close_journal(
    desk: Desk, row: JournalRow, reading: Reading | None, schedule: tuple[float, ...]
) -> tuple[int, int]:
    """Settle what an ended courier had; `reading` None: its journal is lost or cannot be trusted."""
    told = (
        desk.clock.now(),
        tr("Handed over, but the reply is not known."),
        tr("Not begun when sending stopped."),
    )
    table = table_of(reading.results if reading else [], schedule)
    begun = sorted(reading.begun) if reading else None
    return await desk.store.write(ledger.close_journal, row, table, begun, told)


def table_of(results: list[Result], schedule: tuple[float, ...]) -> pa.Table:
    """Results as rows of the ledger: a temporary fault gets its next try, or has failed after the last one."""
    states, tries = [], []
    for result in results:
        again = result.state == "retrying" and result.attempt <= len(schedule)
        states.append("failed" if result.state == "retrying" and not again else result.state)
        at = datetime.fromtimestamp(result.at / 1000, UTC).replace(tzinfo=None)
        tries.append(at + timedelta(seconds=schedule[result.attempt - 1]) if again else None)
    columns = [
        [result.ordinal for result in results],
        states,
        [result.attempt for result in results],
        [result.at for result in results],
        [result.code for result in results],
        [result.words for result in results],
        tries,
    ]
    arrays = [pa.array(column, kind.type) for column, kind in zip(columns, ledger.OUTCOMES, strict=True)]
    return pa.Table.from_arrays(arrays, schema=ledger.OUTCOMES)


async def _read(place: Place) -> Reading:
    try:
        if place.path.stat().st_size - place.end > _LARGE:
            return await asyncio.to_thread(journals.read, place.path, place.end, place.begun)
        return journals.read(place.path, place.end, place.begun)
    except FileNotFoundError:
        # The courier makes the file when it begins; before that there is nothing in it.
        return Reading(place.end, [], place.begun)
