"""What people may ask for: everything known of them, and to be forgotten."""

from workbench.engine.desk import Desk, NotFoundError
from workbench.plan.privacy import Dossier, Erased
from workbench.plan.words import tr
from workbench.store import privacy as stored


async def dossier(desk: Desk, endpoint_id: str) -> Dossier:
    """Everything known of the endpoint's person; raises `NotFoundError`."""
    found = await desk.store.read(stored.dossier, endpoint_id)
    if found is None:
        raise NotFoundError(tr("There is no endpoint “{id}”.").format(id=endpoint_id))
    return found


async def erase(desk: Desk, endpoint_ids: tuple[str, ...]) -> Erased:
    """Forget the persons of these endpoints for good: imports will not bring them back. Waits for running imports."""
    erased = await desk.store.bulk(stored.erase, endpoint_ids, desk.clock.now())
    desk.news.changed("endpoints", "events", "outbox")
    return erased
