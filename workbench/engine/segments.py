"""Segments: stored definitions, exact counts and members."""

from workbench.engine import definitions
from workbench.engine.definitions import Stored
from workbench.engine.desk import Desk
from workbench.plan.endpoint import TablePage
from workbench.plan.segment import Count, Segment
from workbench.store import segments as stored

KIND = "segment"


async def listed(desk: Desk) -> tuple[Stored, ...]:
    """All segments, newest first."""
    return await definitions.listed(desk, KIND)


async def get(desk: Desk, segment_id: str, version: int | None = None) -> Segment:
    """One segment; raises `NotFoundError`."""
    return Segment.from_json(await definitions.body(desk, KIND, segment_id, version))


async def save(desk: Desk, segment: Segment, segment_id: str | None = None) -> str:
    """Store a new version and give the id."""
    return await definitions.save(desk, KIND, "segments", segment, segment.name, segment_id)


async def delete(desk: Desk, segment_id: str) -> None:
    """Delete a segment; `restore` undoes it."""
    await definitions.remove(desk, KIND, "segments", segment_id)


async def restore(desk: Desk, segment_id: str) -> None:
    """Undo a delete."""
    await definitions.restore(desk, KIND, "segments", segment_id)


async def count(desk: Desk, segment: Segment, rules: bool = True) -> Count:  # noqa: FBT001, FBT002 - asked by position
    """Count exactly, now: the whole, and with `rules` each rule and group alone."""
    return await desk.store.read(stored.count, segment, desk.clock.now(), rules)


async def sample(desk: Desk, segment: Segment, columns: tuple[str, ...], limit: int = 5) -> TablePage:
    """Some members, the same ones each time, with the dotted columns asked for."""
    return await desk.store.read(stored.sample, segment, desk.clock.now(), columns, limit)


async def members(desk: Desk, segment: Segment, columns: tuple[str, ...], offset: int, limit: int) -> TablePage:
    """A block of the members in the order of arrival."""
    return await desk.store.read(stored.members, segment, desk.clock.now(), columns, offset, limit)


async def sql(desk: Desk, segment: Segment) -> str:
    """The SQL that counts the segment, with its values filled in, to read."""
    return await desk.store.read(stored.shown_sql, segment, desk.clock.now())
