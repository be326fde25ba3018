"""People and a campaign to send to, put into a workspace directly; for tests and measurements of sending."""

from collections.abc import Callable
from functools import partial
from typing import Any

import duckdb

from workbench.engine import campaigns, channels, templates
from workbench.engine.desk import Desk
from workbench.engine.loop import Engine
from workbench.plan.campaign import Campaign, RunStatus
from workbench.plan.channel import Channel
from workbench.plan.template import Template

SENDER = "shop@example.com"
SHORT = Template(
    name="Short",
    subject="Hello {{ User.UserAttributes.FirstName }}",
    html="<p>Dear {{ User.UserAttributes.FirstName }}, your plan: {{ Attributes.plan }}.</p>",
)


def fill(cursor: duckdb.DuckDBPyConnection, people: int) -> None:
    """So many endpoints `e0`, `e1`, … at `p0@example.com`, …, each with a user, an attribute and a metric."""
    names = [("attribute", "plan", "a_1"), ("metric", "spent", "m_1"), ("user_attribute", "FirstName", "u_1")]
    for kind, name, column in names:
        cursor.execute("INSERT INTO columns VALUES (?, ?, ?)", [kind, name, column])
        cursor.execute("INSERT INTO names (kind, name) VALUES (?, ?)", [kind, name])
    cursor.execute("ALTER TABLE endpoints ADD COLUMN a_1 VARCHAR")
    cursor.execute("ALTER TABLE endpoints ADD COLUMN m_1 DOUBLE")
    cursor.execute("ALTER TABLE users ADD COLUMN u_1 VARCHAR")
    cursor.execute(
        """INSERT INTO endpoints (
            key, id, address, channel_type, status, opt_out, user_id, cohort, created, effective, city, a_1, m_1)
        SELECT i + 1, 'e' || i, 'p' || i || '@example.com', 'EMAIL', 'ACTIVE', 'NONE', 'u' || i, 0,
            TIMESTAMP '2026-01-01', TIMESTAMP '2026-01-01', 'Köln', CASE WHEN i % 3 = 0 THEN 'pro' ELSE 'free' END,
            i % 100
        FROM range(?) people(i)""",
        [people],
    )
    cursor.execute("INSERT INTO users SELECT 'u' || i, 'Änne' || i FROM range(?) people(i)", [people])


def answer(engine: Engine, function: Callable[..., Any], *arguments: object) -> Any:  # noqa: ANN401 - what the ask gives
    """Ask and wait."""
    return engine.ask(partial(function), *arguments).result(60)


def gather(engine: Engine, people: int) -> None:
    """Put people into an empty workspace."""

    async def put(desk: Desk) -> None:
        await desk.store.write(fill, people)

    answer(engine, put)


def compose(engine: Engine, channel: Channel, template: Template = SHORT) -> str:
    """Store a campaign to everyone through the channel; gives its id."""
    template_id = answer(engine, templates.save, template)
    channel_id = answer(engine, channels.save, channel)
    campaign = Campaign(
        name="Test", template_id=template_id, channel_id=channel_id, from_address=SENDER, from_name="The shop"
    )
    return str(answer(engine, campaigns.save, campaign))


def launch(engine: Engine, campaign_id: str, undo_seconds: float = 0.0) -> str:
    """Launch; gives the run's id."""
    run: RunStatus = answer(engine, campaigns.launch, campaign_id, undo_seconds)
    return run.run_id


def status(engine: Engine, run_id: str) -> RunStatus:
    """The run in figures."""
    found: RunStatus = answer(engine, campaigns.status, run_id)
    return found
