"""Campaigns: stored definitions, their launch, and what becomes of each run."""

from workbench.engine import definitions, launches
from workbench.engine.definitions import Stored
from workbench.engine.desk import AskError, Desk, NotFoundError
from workbench.engine.outbox import SenderState
from workbench.plan.campaign import Campaign, LaunchSheet, OutboxPage, RunState, RunStatus
from workbench.plan.problem import Problem
from workbench.plan.words import tr
from workbench.store import outbox as stored

KIND = "campaign"
__all__ = ["KIND", "SenderState"]


async def listed(desk: Desk) -> tuple[Stored, ...]:
    """All campaigns, newest first."""
    return await definitions.listed(desk, KIND)


async def get(desk: Desk, campaign_id: str) -> Campaign:
    """One campaign; raises `NotFoundError`."""
    return Campaign.from_json(await definitions.body(desk, KIND, campaign_id))


async def save(desk: Desk, campaign: Campaign, campaign_id: str | None = None, amends: Campaign | None = None) -> str:
    """Store a new version, or amend the one that `amends` was stored as (see `definitions.save`), and give the id."""
    return await definitions.save(desk, KIND, "campaigns", campaign, campaign.name, campaign_id, amends)


async def delete(desk: Desk, campaign_id: str) -> None:
    """Delete a campaign; `restore` undoes it. Runs go on."""
    await definitions.remove(desk, KIND, "campaigns", campaign_id)


async def restore(desk: Desk, campaign_id: str) -> None:
    """Undo a delete."""
    await definitions.restore(desk, KIND, "campaigns", campaign_id)


async def check(desk: Desk, campaign: Campaign) -> tuple[Problem, ...]:
    """Problems of the definition and of what it uses: segment, template, channel, sender, secret."""
    return await launches.check(desk, campaign)


async def sheet(desk: Desk, campaign_id: str) -> LaunchSheet:
    """What a launch would do now."""
    return await launches.sheet(desk, await get(desk, campaign_id))


async def launch(desk: Desk, campaign_id: str, undo_seconds: float = 10.0) -> RunStatus:
    """Pin the versions and decide about every member of the audience in one write; sending begins when undo is over.

    Raises `AskError` with the problems that stand in the way.
    """
    run = await launches.launch(desk, campaign_id, undo_seconds)
    desk.news.changed("campaigns", "outbox")
    desk.sender.wake()
    return await status(desk, str(run))


async def undo(desk: Desk, run_id: str) -> RunStatus:
    """Take a launch back while it is waiting: nothing has been sent, nothing will be. Raises `AskError` afterwards."""
    refusal = tr("It is too late to undo: sending has begun. You can pause or cancel.")
    return await _move(desk, run_id, ("waiting",), ("cancelled", tr("Undone before anything was sent.")), refusal)


async def pause(desk: Desk, run_id: str) -> RunStatus:
    """Hand over nothing more until `resume`."""
    refusal = tr("Only a run that is waiting or sending can be paused.")
    return await _move(desk, run_id, ("waiting", "sending"), ("paused", tr("Paused by you.")), refusal)


async def resume(desk: Desk, run_id: str) -> RunStatus:
    """Go on with a paused run."""
    return await _move(desk, run_id, ("paused",), ("sending", ""), tr("Only a paused run can be resumed."))


async def cancel(desk: Desk, run_id: str) -> RunStatus:
    """Send nothing more of this run, for good."""
    states: tuple[RunState, ...] = ("waiting", "sending", "paused")
    return await _move(desk, run_id, states, ("cancelled", tr("Cancelled by you.")), tr("The run has ended already."))


async def _move(
    desk: Desk, run_id: str, before: tuple[RunState, ...], after: tuple[RunState, str], refusal: str
) -> RunStatus:
    """Change a run's state, with the reason, if it is in one of those named."""
    run = int((await status(desk, run_id)).run_id)
    if not await desk.store.write(stored.move_run, run, before, after, desk.clock.now()):
        raise AskError(refusal)
    desk.news.changed("campaigns", "outbox")
    await desk.sender.heed(run, after[0])
    return await status(desk, run_id)


async def runs(desk: Desk, campaign_id: str = "") -> tuple[RunStatus, ...]:
    """All runs, or a campaign's, newest first."""
    found = await desk.store.read(stored.statuses, campaign_id, None)
    return tuple(desk.sender.rated(status) for status in found)


async def status(desk: Desk, run_id: str) -> RunStatus:
    """One run in figures; raises `NotFoundError`."""
    found = await desk.store.read(stored.statuses, "", int(run_id)) if run_id.isdecimal() else ()
    if not found:
        raise NotFoundError(tr("There is no run “{id}”.").format(id=run_id))
    return desk.sender.rated(found[0])


async def outbox(  # noqa: PLR0917 - what a page of a filtered list takes
    desk: Desk, run_id: str = "", state: str = "", search: str = "", offset: int = 0, limit: int = 100
) -> OutboxPage:
    """A block of the outbox: of one run or all, in one state or all, whose address or endpoint id contains the text.

    Raises `NotFoundError` where a run is named that does not exist.
    """
    run = int((await status(desk, run_id)).run_id) if run_id else None
    return await desk.store.read(stored.page, run, state, search, (offset, limit))


async def settle_unknown(desk: Desk, run_id: str, as_sent: bool) -> int:  # noqa: FBT001 - the user's choice, by position
    """Count the run's unknown messages as sent, or plan them again (someone may get it twice); gives how many."""
    run = int((await status(desk, run_id)).run_id)
    words = tr("Counted as sent by you.") if as_sent else tr("Planned again by you.")
    settled = await desk.store.write(
        stored.settle_unknown, run, "accepted" if as_sent else "planned", words, desk.clock.now()
    )
    desk.news.changed("campaigns", "outbox")
    desk.sender.wake()
    return settled


async def sender_state(desk: Desk) -> SenderState:
    """What the sender is doing, for the status bar."""
    return await desk.sender.state()
