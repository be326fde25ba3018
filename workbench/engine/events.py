"""Events: the log of what happened."""

from workbench.engine.desk import Desk
from workbench.plan.event import Event
from workbench.store import events as stored


async def record(desk: Desk, events: tuple[Event, ...]) -> int:
    """Append events (one whose id is known already is passed over); gives how many were new."""
    added = await desk.store.write(stored.append, events)
    desk.news.changed("events")
    return added
