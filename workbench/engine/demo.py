"""The demonstration: a sample shop, and its first campaign to the sandbox."""

from workbench.engine import campaigns, channels, definitions, sample, segments, templates, workspace
from workbench.engine.desk import AskError, Desk
from workbench.plan.campaign import Campaign, RunStatus
from workbench.plan.channel import SandboxChannel
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
    """Build the sample where the workspace has nobody yet, and start the sandbox's mail server."""
    if (await workspace.overview(desk)).endpoints == 0:
        await sample.build(desk, people=people, days=days)
    await desk.sandbox.start()


async def ready(desk: Desk) -> Ready:
    """The campaign to send and the exact count of its segment; the campaign is made where there is none."""
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
    """A stored campaign that goes to the sandbox, else a new one of the sample's segment and template."""
    for stored in await campaigns.listed(desk):
        campaign = Campaign.from_json(stored.json_text)
        if campaign.segment_id and await _goes_to_sandbox(desk, campaign):
            return stored.id, campaign
    segment_id, template_id = await _oldest(desk, segments.KIND), await _oldest(desk, templates.KIND)
    campaign = Campaign(
        name=tr("First campaign"),
        segment_id=segment_id,
        template_id=template_id,
        channel_id=await _sandbox_channel(desk),
    )
    return await campaigns.save(desk, campaign), campaign


async def _goes_to_sandbox(desk: Desk, campaign: Campaign) -> bool:
    known = {stored.id for stored in await channels.listed(desk)}
    return campaign.channel_id in known and isinstance(await channels.get(desk, campaign.channel_id), SandboxChannel)


async def _sandbox_channel(desk: Desk) -> str:
    for stored in await channels.listed(desk):
        if isinstance(await channels.get(desk, stored.id), SandboxChannel):
            return stored.id
    return await channels.save(desk, SandboxChannel())


async def _oldest(desk: Desk, kind: str) -> str:
    listed = await definitions.listed(desk, kind)
    if not listed:
        raise AskError(
            tr("This workspace has no {kind} to demonstrate with. Try: workbench demo --fresh").format(kind=kind)
        )
    return listed[-1].id


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
