"""The audience table over a million endpoints: opening, jumping, sorting and searching, against limits of patience."""

import asyncio
import statistics
import tempfile
from pathlib import Path

from tests.benchmarks import large
from tests.benchmarks.measure import Figure, seconds
from workbench.plan.endpoint import View
from workbench.store import endpoints
from workbench.store.database import Database

PEOPLE = 1_000_000
_BLOCK = 100
_ROUNDS = 7
_COLUMNS = (
    "Address", "ChannelType", "EndpointStatus", "Location.Country", "Attributes.plan", "Attributes.interest",
    "Metrics.spent", "User.UserId", "EffectiveDate",
)  # fmt: skip
_PLAIN = View(columns=_COLUMNS)


def run(quick: bool) -> list[Figure]:  # noqa: FBT001 - every benchmark is called so
    """Each time is a median, of the whole call as the engine makes it."""
    people = PEOPLE // 100 if quick else PEOPLE
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        database = Database.open(large.fill(Path(folder), people))
        loop = asyncio.new_event_loop()
        try:
            return _measure(Table(database, loop), people)
        finally:
            database.close()
            loop.close()


class Table:
    """Asks for blocks and counts."""

    def __init__(self, database: Database, loop: asyncio.AbstractEventLoop) -> None:
        self._database = database
        self._loop = loop

    def open(self, view: View) -> None:
        """What the page asks when it is shown: how many, and the first block."""
        self._loop.run_until_complete(self._database.read(endpoints.count, view, large.NOW))
        self.block(view, 0)

    def block(self, view: View, offset: int) -> None:
        """One block; it must be full."""
        page = self._loop.run_until_complete(self._database.read(endpoints.page, view, large.NOW, offset, _BLOCK))
        if len(page.rows) != _BLOCK:
            raise RuntimeError(f"{len(page.rows)} rows at {offset} of {view}")


def _measure(table: Table, people: int) -> list[Figure]:
    by_address = _PLAIN.model_copy(update={"sort": "Address"})
    by_plan = _PLAIN.model_copy(update={"sort": "Attributes.plan", "descending": True})
    by_money = _PLAIN.model_copy(update={"sort": "Metrics.spent", "descending": True})
    search = _PLAIN.model_copy(update={"search": "USER12"})
    end, middle = people - _BLOCK, people // 2
    opening = [
        _limit(table, f"open {name}, {people:,} endpoints", view, None, 300)
        for name, view in (
            ("the table", _PLAIN), ("it sorted by address", by_address), ("it sorted by an attribute", by_plan),
            ("it sorted by a number", by_money), ("a search", search),
        )
    ]  # fmt: skip
    jumps = [
        _limit(table, f"jump to the {name}, {people:,} endpoints", view, offset, 100)
        for name, view, offset in (
            ("end", _PLAIN, end), ("middle", _PLAIN, middle), ("end, sorted by address", by_address, end),
        )
    ]  # fmt: skip
    first = seconds(lambda: table.block(by_address, middle)) * 1000
    figures = [*opening, *jumps]
    figures.append(
        Figure(f"first jump to the middle, sorted by address, {people:,} endpoints", first, 300, "ms", 1, "limit")
    )
    figures.append(
        _limit(table, f"next jump there, sorted by address, {people:,} endpoints", by_address, middle + 5 * _BLOCK, 100)
    )
    return figures


def _limit(table: Table, name: str, view: View, offset: int | None, limit: float) -> Figure:
    def once() -> None:
        if offset is None:
            table.open(view)
        else:
            table.block(view, offset)

    once()
    return Figure(name, statistics.median(seconds(once) for _ in range(_ROUNDS)) * 1000, limit, "ms", 1.0, "limit")
