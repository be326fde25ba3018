"""Segments: stored definitions, exact counts and members."""

from workbench.engine import definitions
from workbench.engine.definitions import Stored
from workbench.engine.desk import Desk, NotFoundError
from workbench.plan.endpoint import TablePage
from workbench.plan.segment import Compared, Count, Group, ListRule, Membership, Segment, Truth
from workbench.plan.words import tr
from workbench.store import segments as stored
from workbench.store import static
from workbench.store import why as reasons

KIND = "segment"


async def listed(desk: Desk) -> tuple[Stored, ...]:
    """All segments, newest first."""
    return await definitions.listed(desk, KIND)


async def get(desk: Desk, segment_id: str, version: int | None = None) -> Segment:
    """One segment; raises `NotFoundError`."""
    return Segment.from_json(await definitions.body(desk, KIND, segment_id, version))


async def versions(desk: Desk, segment_id: str) -> tuple[Stored, ...]:
    """Every version that was stored, newest first; raises `NotFoundError`."""
    return await definitions.versions(desk, KIND, segment_id)


async def compare(desk: Desk, before: Segment, after: Segment) -> Compared:
    """Count two segments, or versions of one, beside each other: exactly, now."""
    return await desk.store.read(stored.compared, before, after, desk.clock.now())


async def memberships(desk: Desk, endpoint_id: str) -> tuple[Membership, ...]:
    """Every stored segment, and whether the endpoint is a member now; empty where there is no such endpoint."""
    return await desk.store.read(stored.memberships, endpoint_id, desk.clock.now())


async def save(desk: Desk, segment: Segment, segment_id: str | None = None, amends: Segment | None = None) -> str:
    """Store a new version, or amend the one that `amends` was stored as (see `definitions.save`), and give the id."""
    return await definitions.save(desk, KIND, "segments", segment, segment.name, segment_id, amends)


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


async def freeze(desk: Desk, segment_id: str, name: str) -> str:
    """Make a static segment of the members of this instant and give its id; raises `NotFoundError`.

    It keeps them, whatever becomes of them, until they are deleted.
    """
    segment = await get(desk, segment_id)
    now = desk.clock.now()
    list_id, _size = await desk.store.write(static.freeze, segment, now, segment.name)
    return await save(desk, Segment(name=name, root=Group(items=(ListRule(list_id=list_id),))))


async def why(desk: Desk, segment: Segment, endpoint_id: str) -> tuple[Truth, ...]:
    """The truth of the whole and of each rule for one endpoint, with the facts behind it; raises `NotFoundError`."""
    found = await desk.store.read(reasons.truths, segment, endpoint_id, desk.clock.now())
    if not found:
        raise NotFoundError(tr("There is no endpoint “{id}”.").format(id=endpoint_id))
    return found
