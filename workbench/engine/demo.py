"""The demonstration: a sample shop, and its first campaign to the sandbox."""

import json

from workbench.engine import campaigns, channels, sample, segments, workspace
from workbench.engine.desk import AskError, Desk
from workbench.engine.sample_letter import SENDER
from workbench.plan.campaign import Campaign, RunStatus
from workbench.plan.definition import Answer
from workbench.plan.words import tr


class Ready(Answer):
    """What the demonstration starts from: figures of the sample, and the campaign with the count of its segment."""

    endpoints: int
    events: int
    campaign_id: str
    segment: str
    segment_count: int


class DemoReport(Answer):
    """What the demonstration did, counted: `arrived` in the sandbox's mailbox, the rest in the workspace."""

    endpoints: int
    events: int
    segment_count: int
    planned: int
    left_out: int
    accepted: int
    arrived: int
    unknown: int
    seconds: float

    @property
    def is_whole(self) -> bool:
        """Whether everything planned was accepted and arrived, without a doubt."""
        return self.planned == self.accepted == self.arrived and self.unknown == 0


async def prepare(desk: Desk, people: int = 20_000, days: int = 90) -> None:
    """Build the sample where nobody is here yet, or only a part of it, and start the sandbox's mail server."""
    if await _is_wanting(desk):
        await sample.build(desk, people=people, days=days)
    await desk.sandbox.start()


async def _is_wanting(desk: Desk) -> bool:
    """Whether nobody is here, or a sample whose building was broken off: what it is to send comes last."""
    figures = await workspace.overview(desk)
    if figures.endpoints == 0:
        return True
    is_sample = (await workspace.settings(desk)).sender_address == SENDER
    return is_sample and figures.segments == figures.templates == figures.campaigns == 0


async def ready(desk: Desk) -> Ready:
    """The newest campaign that goes to the sandbox, and the exact count of its segment; `AskError` where none does."""
    campaign_id, campaign = await _campaign(desk)
    segment = await segments.get(desk, campaign.segment_id)
    count = await segments.count(desk, segment, rules=False)
    figures = await workspace.overview(desk)
    return Ready(
        endpoints=figures.endpoints,
        events=figures.events,
        campaign_id=campaign_id,
        segment=segment.name,
        segment_count=count.matching,
    )


async def _campaign(desk: Desk) -> tuple[str, Campaign]:
    channel_of = {stored.id: stored.json_text for stored in await channels.listed(desk)}
    for stored in await campaigns.listed(desk):
        campaign = Campaign.from_json(stored.json_text)
        channel = channel_of.get(campaign.channel_id)
        if campaign.segment_id and channel is not None and json.loads(channel)["kind"] == "sandbox":
            return stored.id, campaign
    raise AskError(tr("No campaign of this workspace goes to the sandbox. Name a new file, or: workbench demo --fresh"))


async def arrived(desk: Desk) -> int:
    """How many messages are in the sandbox's mailbox."""
    return desk.sandbox.size()


def reported(start: Ready, run: RunStatus, arrived_messages: int, seconds: float) -> DemoReport:
    """The report of a finished run."""
    return DemoReport(
        endpoints=start.endpoints,
        events=start.events,
        segment_count=start.segment_count,
        planned=run.planned,
        left_out=sum(run.left_out.values()),
        accepted=run.states.get("accepted", 0),
        arrived=arrived_messages,
        unknown=run.states.get("unknown", 0),
        seconds=round(seconds, 2),
    )
