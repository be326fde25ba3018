"""Stored definitions of every kind: list, read, save as a new version, delete and bring back."""

from datetime import datetime

from workbench.engine.desk import Desk, NotFoundError
from workbench.engine.news import Noun
from workbench.plan.definition import Answer, Definition
from workbench.plan.words import tr
from workbench.store import definitions as stored


class Stored(Answer):
    """A line of a list: id, name, newest version and when it was saved. `json_text` is the definition itself."""

    id: str
    name: str
    version: int
    saved: datetime
    json_text: str


async def listed(desk: Desk, kind: str) -> tuple[Stored, ...]:
    """All definitions of the kind that are not deleted, newest first."""
    rows = await desk.store.read(stored.listed, kind)
    return tuple(
        Stored(id=row.id, name=row.name, version=row.version, saved=row.saved, json_text=row.body) for row in rows
    )


async def versions(desk: Desk, kind: str, definition_id: str) -> tuple[Stored, ...]:
    """Every version of a definition, newest first; raises `NotFoundError`."""
    rows = await desk.store.read(stored.versions, kind, definition_id)
    if not rows:
        raise NotFoundError(tr("There is no {kind} “{id}”.").format(kind=kind, id=definition_id))
    return tuple(
        Stored(id=row.id, name=row.name, version=row.version, saved=row.saved, json_text=row.body) for row in rows
    )


async def body(desk: Desk, kind: str, definition_id: str, version: int | None = None) -> str:
    """The JSON text of a definition, of the newest version or the one named; raises `NotFoundError`."""
    row = await desk.store.read(stored.get, kind, definition_id, version)
    if row is None:
        raise NotFoundError(tr("There is no {kind} “{id}”.").format(kind=kind, id=definition_id))
    return row.body


async def save(  # noqa: PLR0917 - one call per noun, all arguments needed
    desk: Desk,
    kind: str,
    noun: Noun,
    definition: Definition,
    name: str,
    definition_id: str | None,
    amends: Definition | None = None,
) -> str:
    """Store a new version (a new definition where the id is None) and give the id; the same content makes none.

    `amends` is what an editor stored before, while it has the definition open: where that is still the newest version,
    ten minutes old at most, and no run has pinned it, the new content takes its place. So an hour of typing with its
    autosaves is one version; whatever came from elsewhere, or was sent, stays. Scripts leave it out.
    """
    before = amends.to_json() if amends is not None else None
    saved_id = await desk.store.write(
        stored.save, kind, definition_id, name, definition.to_json(), desk.clock.now(), before
    )
    desk.news.changed(noun)
    return saved_id


async def remove(desk: Desk, kind: str, noun: Noun, definition_id: str) -> None:
    """Delete; `restore` brings it back."""
    await desk.store.write(stored.set_deleted, kind, definition_id, True)  # noqa: FBT003 - the column's own value
    desk.news.changed(noun)


async def restore(desk: Desk, kind: str, noun: Noun, definition_id: str) -> None:
    """Bring back a deleted definition with all its versions."""
    await desk.store.write(stored.set_deleted, kind, definition_id, False)  # noqa: FBT003 - the column's own value
    desk.news.changed(noun)
