"""What a run still has to give to its couriers: blocks of people read ahead, claims written before each batch."""

import asyncio
import math
from collections import deque
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from workbench.channels.channel import Row
from workbench.engine.desk import Desk
from workbench.plan.words import tr
from workbench.store import ledger
from workbench.store.ledger import Claim, SendingRun

#: people read at once; a batch is a part of it
_BLOCK = 5_000
#: seconds between two looks for messages whose next try is due
_LOOK = 1.0


@dataclass
class _Block:
    """People read and not claimed yet: a range of ordinals, or listed ones; `rows` lacks those that are gone."""

    fresh: bool
    ordinals: deque[int]
    rows: dict[int, Row] = field(default_factory=dict)


class Feed:
    """Gives out a run's messages, each to one courier, after writing down who has it.

    Attributes:
        in_hand: ordinals that couriers have, with the place of their claim; folding takes them out.
        open: claims by place, with how many of their messages are not settled.
    """

    def __init__(self, desk: Desk, run: SendingRun, fields: tuple[str, ...]) -> None:
        self.in_hand: dict[int, int] = {}
        self.open: dict[int, int] = {}
        self._desk = desk
        self._run = run
        self._fields = fields
        self._next = 0
        self._block = _Block(fresh=True, ordinals=deque())
        self._look_again = -math.inf
        self._lock = asyncio.Lock()

    async def begin(self) -> None:
        """Find out where the run stands."""
        self._next = await self._desk.store.read(ledger.next_fresh, self._run.run)

    async def batch(self, journal: str, size: int) -> list[Row]:
        """Claim up to so many messages for the courier of that journal; empty when none is to be sent now."""
        async with self._lock:
            while await self._fill(self._look_again):
                rows = await self._claim(journal, size)
                if rows:
                    return rows
            return []

    async def is_empty(self) -> bool:
        """Whether nothing is to be sent now, and nothing is in a courier's hands."""
        async with self._lock:
            return not self.in_hand and not await self._fill(-math.inf)

    async def _fill(self, not_before: float) -> bool:
        """Have a block to give out; messages to be tried again are looked for from that loop time on."""
        if self._block.ordinals:
            return True
        if self._next < self._run.planned:
            last = min(self._next + _BLOCK, self._run.planned) - 1
            table = await self._desk.store.read(ledger.fresh, self._run.run, (self._next, last), self._fields)
            self._block = _Block(
                fresh=True, ordinals=deque(range(self._next, last + 1)), rows=rows_of(table, self._fields)
            )
            self._next = last + 1
            return True
        now = asyncio.get_running_loop().time()
        if now < not_before:
            return False
        self._look_again = now + _LOOK
        wanted = await self._desk.store.read(ledger.due, self._run.run, self._desk.clock.now(), _BLOCK)
        if not wanted:
            return False
        table = await self._desk.store.read(ledger.again, self._run.run, wanted, self._fields)
        self._block = _Block(
            fresh=False, ordinals=deque(ordinal for ordinal, _ in wanted), rows=rows_of(table, self._fields)
        )
        return True

    async def _claim(self, journal: str, size: int) -> list[Row]:
        block = self._block
        taken = [block.ordinals.popleft() for _ in range(min(size, len(block.ordinals)))]
        rows = [block.rows.pop(ordinal) for ordinal in taken if ordinal in block.rows]
        there = {row[0] for row in rows}
        wanted = Claim(
            taken[0], taken[-1], None if block.fresh else taken, [ordinal for ordinal in taken if ordinal not in there]
        )
        words = tr("Opted out, inactive or deleted since the launch.")
        place = await self._desk.store.write(
            ledger.claim, self._run.run, journal, wanted, (self._desk.clock.now(), words)
        )
        self.open[place] = len(rows)
        self.in_hand.update(dict.fromkeys(there, place))
        return rows


def rows_of(table: pa.Table, fields: tuple[str, ...]) -> dict[int, Row]:
    """The table's people by ordinal, with the values in the order of the fields; a field it lacks is None.

    Whole columns are converted at once: cell by cell it takes ten times as long.
    """
    columns = [plain(table.column(name)) if name in table.column_names else [None] * table.num_rows for name in fields]
    values = zip(*columns, strict=True) if columns else iter([()] * table.num_rows)
    heads = (plain(table.column(name)) for name in ("ordinal", "attempt", "address"))
    return {
        ordinal: (ordinal, attempt, address, list(row))
        for ordinal, attempt, address, row in zip(*heads, values, strict=True)
    }


def plain(column: pa.ChunkedArray) -> list[object]:
    """A column of text, numbers or lists of text as Python values."""
    array = column.combine_chunks()
    if isinstance(array, pa.ChunkedArray):
        array = array.chunk(0) if array.num_chunks else pa.array([], array.type)
    if not pa.types.is_list(array.type):
        return _flat(array)
    items = _flat(array.flatten())
    ends = np.cumsum(np.nan_to_num(array.value_lengths().to_numpy(zero_copy_only=False))).astype(np.int64).tolist()
    starts = [0, *ends[:-1]]
    known = array.is_valid().to_numpy(zero_copy_only=False).tolist()
    return [items[start:end] if there else None for start, end, there in zip(starts, ends, known, strict=True)]


def _flat(array: pa.Array) -> list[object]:
    if pa.types.is_string(array.type) or pa.types.is_large_string(array.type):
        return list(array.to_numpy(zero_copy_only=False))
    return list(array.to_pylist())
