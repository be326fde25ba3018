"""The sample: a shop that never was, with its people, their last 90 days, and a first campaign ready to go."""

import asyncio
import tempfile
from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from workbench.engine import campaigns, channels, segments, templates, workspace
from workbench.engine.desk import Desk
from workbench.engine.jobs import Job
from workbench.engine.sample_letter import POSTAL, SENDER, SHOP, letter
from workbench.plan.campaign import Campaign
from workbench.plan.channel import SandboxChannel
from workbench.plan.definition import Answer
from workbench.plan.mapping import Dialect, Kind
from workbench.plan.segment import BehaviourRule, ChannelRule, Group, Segment
from workbench.plan.words import tr
from workbench.store import imports, reader

if TYPE_CHECKING:
    from workbench.plan.workspace import Workspace

_ZONE: Final = "Europe/Berlin"
_SEED: Final = 20


class Sample(Answer):
    """What was made: figures, and the ids of the definitions."""

    people: int
    endpoints: int
    events: int
    segment_id: str
    template_id: str
    channel_id: str
    campaign_id: str


async def build(
    desk: Desk, people: int = 20_000, days: int = 90, seed: int = _SEED, now: datetime | None = None
) -> Sample:
    """Make the sample in this workspace, as one job; the same seed and moment make the same shop.

    The people and their events come in through files, as anyone's would. Cancelled half-way, what came in stays.
    """
    moment = now or desk.clock.now()
    await workspace.save_settings(desk, await _settings(desk))

    async def work(job: Job) -> tuple[int, int]:
        with tempfile.TemporaryDirectory(prefix="workbench-sample-") as folder:
            sizes = await asyncio.to_thread(write, Path(folder), people, days, seed, moment)
            total = sum(sizes)
            job.advance(0, total)
            await _take_in(desk, Path(folder) / PEOPLE_FILE, "endpoints", lambda done: job.advance(done, total))
            await _take_in(desk, Path(folder) / EVENTS_FILE, "events", lambda done: job.advance(sizes[0] + done, total))
            job.advance(total, total)
        return sizes

    endpoints, events = await desk.jobs.run("sample", tr("Building the sample"), tr("rows"), work)
    desk.news.changed("endpoints", "events", "imports")
    return await _define(desk, people, endpoints, events)


PEOPLE_FILE: Final = "people.parquet"
EVENTS_FILE: Final = "events.parquet"


def write(folder: Path, people: int, days: int, seed: int, now: datetime) -> tuple[int, int]:
    """Write the two files of the sample; gives their numbers of rows."""
    # These load slowly, and no other ask needs them.
    import numpy as np  # noqa: PLC0415 - see above
    import pyarrow.parquet as pq  # noqa: PLC0415 - see above

    from workbench.engine import sample_events, sample_people  # noqa: PLC0415 - see above

    chance = np.random.default_rng(seed)
    who = sample_people.people(chance, people, days, now)
    happened = sample_events.events(chance, who, days, now)
    endpoints = sample_people.endpoints(chance, who, happened.seen, happened.orders, happened.spent)
    pq.write_table(endpoints, folder / PEOPLE_FILE)
    pq.write_table(happened.table, folder / EVENTS_FILE)
    return endpoints.num_rows, happened.table.num_rows


async def _take_in(desk: Desk, path: Path, kind: Kind, told: Callable[[int], None]) -> None:
    """Import a file by the mapping that its column names suggest; rows that are done are told."""
    found = await desk.store.read(reader.preview, path, kind, Dialect())
    work = partial(imports.run, advance=lambda done, total=None: told(done))  # noqa: ARG005 - the job has its own total
    await desk.store.bulk(work, path, found.mapping, found.dialect, desk.clock.now(), "")


async def _settings(desk: Desk) -> "Workspace":
    known = await workspace.settings(desk)
    return known.model_copy(
        update={
            "name": SHOP,
            "timezone": _ZONE,
            "sender_name": SHOP,
            "sender_address": SENDER,
            "postal_address": POSTAL,
        }
    )


async def _define(desk: Desk, people: int, endpoints: int, events: int) -> Sample:
    """Store what the first campaign is made of."""
    segment_id = await segments.save(desk, quiet_buyers())
    template_id = await templates.save(desk, letter())
    channel_id = await channels.save(desk, SandboxChannel(name=tr("Sandbox")))
    campaign = Campaign(name=tr("New season"), segment_id=segment_id, template_id=template_id, channel_id=channel_id)
    return Sample(
        people=people,
        endpoints=endpoints,
        events=events,
        segment_id=segment_id,
        template_id=template_id,
        channel_id=channel_id,
        campaign_id=await campaigns.save(desk, campaign),
    )


def quiet_buyers() -> Segment:
    """Who bought twice and has not been in the shop for a week."""
    return Segment(
        name=tr("Bought twice, quiet this week"),
        root=Group(
            items=(
                ChannelRule(values=("EMAIL",)),
                BehaviourRule(event="purchase", comparison="at_least", times=2, days=90),
                BehaviourRule(event="_session.start", comparison="at_most", times=0, days=7),
            )
        ),
    )
