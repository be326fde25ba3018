"""The launch of a campaign: what stands in its way, what it would do, and doing it."""

from contextlib import suppress
from datetime import timedelta
from typing import NamedTuple

from pydantic import TypeAdapter

from workbench.engine import channels, segments, templates, workspace
from workbench.engine.desk import AskError, Desk, NotFoundError
from workbench.plan import campaign as campaigns
from workbench.plan import channel as plan_channels
from workbench.plan import render
from workbench.plan import segment as plan_segments
from workbench.plan.campaign import Campaign, LaunchSheet, Recipient
from workbench.plan.channel import Channel, SmtpChannel, bad_address, is_address
from workbench.plan.mime import Sender, mailbox
from workbench.plan.problem import Problem
from workbench.plan.sandbox import RenderError
from workbench.plan.segment import Segment
from workbench.plan.template import Template
from workbench.plan.words import N_, Words, tr
from workbench.store import definitions as stored_definitions
from workbench.store import endpoints as stored_endpoints
from workbench.store import outbox as stored
from workbench.store import people as stored_people
from workbench.store.outbox import Pins

_CHANNEL: TypeAdapter[Channel] = TypeAdapter(Channel)


class Parts(NamedTuple):
    """A campaign's parts with their newest versions, None where one is missing; `rows` is what they were read from."""

    segment: Segment | None
    segment_version: int | None
    template: Template | None
    template_version: int
    channel: Channel | None
    channel_version: int
    rows: tuple[tuple[str, stored_definitions.Row], ...]


async def check(desk: Desk, campaign: Campaign) -> tuple[Problem, ...]:
    """Problems of the definition and of what it uses, each at the campaign's field."""
    parts = await _parts(desk, campaign)
    return await _problems(desk, campaign, parts)


async def sheet(desk: Desk, campaign: Campaign) -> LaunchSheet:
    """What a launch would do now."""
    parts = await _parts(desk, campaign)
    problems = await _problems(desk, campaign, parts)
    sender = await _sender(desk, campaign, parts.channel)
    decided = await desk.store.read(stored.forecast, parts.segment or Segment(), desk.clock.now())
    left_out = {decision: count for decision, count in decided.decisions.items() if decision != "planned"}
    planned = decided.decisions.get("planned", 0)
    rate = parts.channel.rate if parts.channel else 0.0
    return LaunchSheet(
        matching=decided.matching,
        planned=planned,
        left_out=left_out,
        sender=mailbox(sender.name, sender.address) if sender.address else "",
        channel=parts.channel.name if parts.channel else "",
        problems=tuple((each.where, str(each.text), str(each.fix), each.blocks) for each in problems),
        first=await _first(desk, parts.template, decided.first),
        seconds=planned / rate if rate else None,
    )


async def launch(desk: Desk, campaign_id: str, undo_seconds: float) -> int:
    """Pin, decide about everyone and write it; gives the run's number.

    Raises `AskError` with problems, or where a run of the campaign has not ended, and `StoreError` where what is used
    was changed meanwhile.
    """
    row = await desk.store.read(stored_definitions.get, "campaign", campaign_id)
    if row is None:
        raise NotFoundError(tr("There is no {kind} “{id}”.").format(kind="campaign", id=campaign_id))
    campaign = Campaign.from_json(row.body)
    parts = await _parts(desk, campaign)
    blocking = tuple(problem for problem in await _problems(desk, campaign, parts) if problem.blocks)
    if blocking:
        raise AskError(str(blocking[0]), blocking)
    sender = await _sender(desk, campaign, parts.channel)
    pins = Pins(
        campaign_id, row.version, campaign.name, campaign.segment_id, parts.segment_version,
        campaign.template_id, parts.template_version, campaign.channel_id, parts.channel_version,
        sender.name, sender.address, sender.reply_to,
    )  # fmt: skip
    now = desk.clock.now()
    starts = now + timedelta(seconds=max(0.0, undo_seconds))
    as_read = (("campaign", row), *parts.rows)
    run = await desk.store.write(stored.plan_run, pins, parts.segment or Segment(), now, starts, as_read)
    if run is None:
        raise AskError(tr("This campaign is being sent. Wait until it has finished, or cancel that first."))
    return run


async def _parts(desk: Desk, campaign: Campaign) -> Parts:
    segment = await _newest(desk, segments.KIND, campaign.segment_id)
    template = await _newest(desk, templates.KIND, campaign.template_id)
    channel = await _newest(desk, channels.KIND, campaign.channel_id)
    read = ((segments.KIND, segment), (templates.KIND, template), (channels.KIND, channel))
    return Parts(
        Segment.from_json(segment.body) if segment else None,
        segment.version if segment else None,
        Template.from_json(template.body) if template else None,
        template.version if template else 0,
        _CHANNEL.validate_json(channel.body) if channel else None,
        channel.version if channel else 0,
        tuple((kind, row) for kind, row in read if row is not None),
    )


async def _newest(desk: Desk, kind: str, definition_id: str) -> stored_definitions.Row | None:
    """The newest version of a definition that is not deleted."""
    if not definition_id:
        return None
    known = {row.id: row for row in await desk.store.read(stored_definitions.listed, kind)}
    return known.get(definition_id)


async def _problems(desk: Desk, campaign: Campaign, parts: Parts) -> tuple[Problem, ...]:
    found = list(campaigns.check(campaign))
    catalogue = await desk.store.read(stored_endpoints.catalogue)
    if campaign.segment_id and parts.segment is None:
        found.append(_gone("segment_id", Words(N_("The segment no longer exists."))))
    elif parts.segment is not None:
        found += _moved("segment_id", plan_segments.check(parts.segment, catalogue))
    if campaign.template_id and parts.template is None:
        found.append(_gone("template_id", Words(N_("The message no longer exists."))))
    elif parts.template is not None:
        found += _moved("template_id", render.check(parts.template, catalogue))
    if campaign.channel_id and parts.channel is None:
        found.append(_gone("channel_id", Words(N_("The channel no longer exists."))))
    elif parts.channel is not None:
        found += _moved("channel_id", plan_channels.check(parts.channel))
        found += await _secret_problems(desk, campaign.channel_id, parts.channel)
    return tuple(found) + await _sender_problems(desk, campaign, parts.channel)


def _gone(where: str, text: Words) -> Problem:
    return Problem(where, text, Words(N_("Choose another one.")))


def _moved(where: str, problems: tuple[Problem, ...]) -> list[Problem]:
    """A part's problems at the campaign's field."""
    return [Problem(where, problem.text, problem.fix, problem.blocks) for problem in problems]


async def _secret_problems(desk: Desk, channel_id: str, channel: Channel) -> list[Problem]:
    if not isinstance(channel, SmtpChannel) or not channel.user or await channels.has_secret(desk, channel_id):
        return []
    return [
        Problem("channel_id", Words(N_("There is no password for the channel.")), Words(N_("Type it in the channel.")))
    ]


async def _sender_problems(desk: Desk, campaign: Campaign, channel: Channel | None) -> tuple[Problem, ...]:
    sender = await _sender(desk, campaign, channel)
    found = []
    if not sender.address:
        fix = Words(N_("Set one here, in the channel or in the workspace's settings."))
        found.append(Problem("from_address", Words(N_("There is no sender address.")), fix))
    elif not is_address(sender.address):
        found.append(bad_address("from_address", sender.address))
    if sender.reply_to and not is_address(sender.reply_to):
        found.append(bad_address("reply_to", sender.reply_to))
    return tuple(found)


async def _sender(desk: Desk, campaign: Campaign, channel: Channel | None) -> Sender:
    """The campaign's own sender, else the channel's, else the workspace's."""
    settings = await workspace.settings(desk)
    if campaign.from_address:
        address, name = campaign.from_address, campaign.from_name
    elif channel is not None and channel.from_address:
        address, name = channel.from_address, campaign.from_name or channel.from_name
    else:
        address, name = settings.sender_address, campaign.from_name or settings.sender_name
    return Sender(address.strip(), name, campaign.reply_to.strip())


async def _first(desk: Desk, template: Template | None, people: tuple[tuple[str, str], ...]) -> tuple[Recipient, ...]:
    """The first recipients; a message that cannot be rendered shows no subject, its problems are told elsewhere."""
    try:
        prepared = render.prepare(template) if template else None
    except RenderError:
        prepared = None
    found = []
    for endpoint_id, address in people:
        subject = ""
        if prepared is not None:
            values = await desk.store.read(stored_people.merge_values, endpoint_id)
            with suppress(RenderError):
                subject = prepared.render(values).subject
        found.append(Recipient(endpoint_id=endpoint_id, address=address, subject=subject))
    return tuple(found)
