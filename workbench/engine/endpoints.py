"""Endpoints and users: the audience table, a person, edits, the catalogue of names.

Edits wait for running imports, exports and back-ups: endpoints are changed on the bulk thread only.
"""

from workbench.engine.desk import Desk, NotFoundError
from workbench.plan.catalogue import Catalogue, ValueCount
from workbench.plan.edit import Deleted, Edit, Put
from workbench.plan.endpoint import Person, TablePage, View
from workbench.plan.words import tr
from workbench.store import deleted, edits, timeline
from workbench.store import endpoints as stored


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


async def at(desk: Desk, channel: str, address: str) -> str:
    """The id of the endpoint with this address on the channel; empty where there is none."""
    return await desk.store.read(stored.at, channel, address)


async def put(desk: Desk, batch: tuple[Edit, ...]) -> Put:
    """Make and change endpoints, each by what its edit says; what is refused is in the answer, and the rest is done."""
    done = await desk.store.bulk(edits.put, batch, desk.clock.now())
    if done.added or done.updated:
        desk.news.changed("endpoints")
    return done


async def delete(desk: Desk, ids: tuple[str, ...]) -> Deleted:
    """Delete endpoints; raises `NotFoundError` where none of them is there. `restore` takes it back."""
    gone = await desk.store.bulk(deleted.delete, ids)
    if not gone.endpoints:
        raise NotFoundError(tr("There is no endpoint “{id}”.").format(id=", ".join(ids)))
    desk.news.changed("endpoints")
    return gone


async def delete_user(desk: Desk, user_id: str) -> Deleted:
    """Delete all endpoints of a user, and with them the user; raises `NotFoundError`. `restore` takes it back."""
    ids = await desk.store.read(deleted.of_user, user_id)
    if not ids:
        raise NotFoundError(tr("There is no person “{id}”.").format(id=user_id))
    return await delete(desk, ids)


async def restore(desk: Desk, gone: Deleted) -> Put:
    """Bring back what was deleted: the values, and the events and messages with them."""
    done = await desk.store.bulk(deleted.restore, gone, desk.clock.now())
    desk.news.changed("endpoints")
    return done


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
