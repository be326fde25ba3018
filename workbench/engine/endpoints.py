"""Endpoints and users: the audience table, a person, the catalogue of names."""

from workbench.engine.desk import Desk, NotFoundError
from workbench.plan.catalogue import Catalogue, ValueCount
from workbench.plan.endpoint import Person, TablePage, View
from workbench.plan.words import tr
from workbench.store import endpoints as stored
from workbench.store import timeline


async def count(desk: Desk, view: View) -> int:
    """How many endpoints the view shows."""
    return await desk.store.read(stored.count, view, desk.clock.now())


async def page(desk: Desk, view: View, offset: int, limit: int) -> TablePage:
    """A block of the table."""
    return await desk.store.read(stored.page, view, desk.clock.now(), offset, limit)


async def person(desk: Desk, endpoint_id: str, offset: int = 0, limit: int = 100) -> Person:
    """The person page: the endpoint, its user's others, and a block of the timeline, newest first."""
    found = await desk.store.read(timeline.person, endpoint_id, offset, limit)
    if found is None:
        raise NotFoundError(tr("There is no endpoint “{id}”.").format(id=endpoint_id))
    return found


async def catalogue(desk: Desk) -> Catalogue:
    """All known names."""
    return await desk.store.read(stored.catalogue)


async def values(desk: Desk, field: str, prefix: str = "", limit: int = 20) -> tuple[ValueCount, ...]:
    """The most frequent values of a dotted field that begin with the prefix, for completion."""
    return await desk.store.read(stored.values, field, prefix, limit)


async def event_values(
    desk: Desk, event: str, attribute: str, prefix: str = "", limit: int = 20
) -> tuple[ValueCount, ...]:
    """The most frequent values of an event's attribute, for completion."""
    return await desk.store.read(stored.event_values, event, attribute, prefix, limit)
