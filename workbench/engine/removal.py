"""Removal from everyone: attributes by name, events by type and age."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

from workbench.engine import definitions, workspace
from workbench.engine.desk import AskError, Desk
from workbench.engine.jobs import Job
from workbench.plan.removal import EventFilter, Removal, Removed, asked_events, asked_fields, chosen, shown_fields
from workbench.plan.segment import Segment
from workbench.plan.template import Template
from workbench.plan.words import tr
from workbench.store import removal as stored


async def would_remove_attributes(desk: Desk, patterns: tuple[str, ...]) -> Removal:
    """What `remove_attributes` would do, and which segments and templates name what would be gone."""
    fields = await _fields(desk, patterns)
    return await _used(desk, await desk.store.read(stored.carried, fields), events=False)


async def remove_attributes(desk: Desk, patterns: tuple[str, ...], *, rewrite: bool = True) -> Removal:
    """Take attributes, metrics and attributes of users out of everyone, by dotted names in which `*` is any text.

    With `rewrite` the file is written anew afterwards, so that no value of theirs is left in it. Waits for imports.
    """
    fields = await _fields(desk, patterns)
    label = tr("Removing attributes")
    removed = await _done(desk, label, lambda: desk.store.bulk(stored.remove_fields, fields), rewrite=rewrite)
    desk.news.changed("endpoints", "segments", "templates")
    return await _used(desk, removed, events=False)


async def would_remove_events(desk: Desk, wanted: EventFilter) -> Removal:
    """What `remove_events` would do, and which segments name such events."""
    types, before = await _events(desk, wanted)
    return await _used(desk, await desk.store.read(stored.happened, types, before), events=True)


async def remove_events(desk: Desk, wanted: EventFilter, *, rewrite: bool = True) -> Removal:
    """Delete events; daily figures are made anew. `rewrite` as in `remove_attributes`."""
    types, before = await _events(desk, wanted)
    label = tr("Removing events")
    removed = await _done(desk, label, lambda: desk.store.bulk(stored.remove_events, types, before), rewrite=rewrite)
    await desk.store.write(stored.tidy_names, [each.name for each in removed])
    desk.news.changed("events", "endpoints", "segments")
    return await _used(desk, removed, events=True)


async def _done(
    desk: Desk, label: str, remove: Callable[[], Awaitable[tuple[Removed, ...]]], *, rewrite: bool
) -> tuple[Removed, ...]:
    async def work(job: Job) -> tuple[Removed, ...]:
        removed = await remove()
        if rewrite and removed:
            await desk.store.rewrite(job.advance)
        return removed

    return await desk.jobs.run("erase", label, tr("tables"), work)


async def _fields(desk: Desk, patterns: tuple[str, ...]) -> tuple[str, ...]:
    """The fields in use that the patterns name; raises `AskError` where a pattern can name none."""
    every = await desk.store.read(stored.fields)
    for pattern in patterns:
        if not chosen((pattern,), every):
            raise AskError(tr("Nobody has {name}. Names look like Attributes.plan, Metrics.* or User.UserAttributes.x.")
                           .format(name=pattern))  # fmt: skip
    return chosen(patterns, every)


async def _events(desk: Desk, wanted: EventFilter) -> tuple[tuple[str, ...], datetime | None]:
    """Types of events and an instant; raises `AskError`."""
    if not wanted.types and wanted.before is None:
        raise AskError(tr("Say which events: their types, or before which day."))
    every = await desk.store.read(stored.types)
    for pattern in wanted.types:
        if not chosen((pattern,), every):
            raise AskError(tr("There is no event “{name}”.").format(name=pattern))
    types = chosen(wanted.types, every) if wanted.types else every
    if wanted.before is None:
        return types, None
    zone = ZoneInfo((await workspace.settings(desk)).timezone)
    return types, datetime.combine(wanted.before, time(), zone).astimezone(UTC)


async def _used(desk: Desk, removed: tuple[Removed, ...], *, events: bool) -> Removal:
    """With the names of the segments and templates that name something of it."""
    gone = {each.name for each in removed}
    segments = {each.name: Segment.from_json(each.json_text) for each in await definitions.listed(desk, "segment")}
    asked = asked_events if events else asked_fields
    templates = {} if events else {
        each.name: Template.from_json(each.json_text) for each in await definitions.listed(desk, "template")
    }  # fmt: skip
    return Removal(
        removed=removed,
        segments=tuple(name for name, segment in segments.items() if gone & asked(segment)),
        templates=tuple(name for name, template in templates.items() if gone & shown_fields(template)),
    )
