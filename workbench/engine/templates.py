"""Templates: stored definitions, rendering for a person, problems."""

from workbench.engine import channels, definitions, endpoints
from workbench.engine.definitions import Stored
from workbench.engine.desk import AskError, Desk
from workbench.plan import render
from workbench.plan.channel import ChannelTest
from workbench.plan.problem import Problem
from workbench.plan.sandbox import RenderError
from workbench.plan.template import Rendered, Template
from workbench.store import people

KIND = "template"


async def listed(desk: Desk) -> tuple[Stored, ...]:
    """All templates, newest first."""
    return await definitions.listed(desk, KIND)


async def get(desk: Desk, template_id: str, version: int | None = None) -> Template:
    """One template; raises `NotFoundError`."""
    return Template.from_json(await definitions.body(desk, KIND, template_id, version))


async def save(desk: Desk, template: Template, template_id: str | None = None, amends: Template | None = None) -> str:
    """Store a new version, or amend the one that `amends` was stored as (see `definitions.save`), and give the id."""
    return await definitions.save(desk, KIND, "templates", template, template.name, template_id, amends)


async def delete(desk: Desk, template_id: str) -> None:
    """Delete a template; `restore` undoes it."""
    await definitions.remove(desk, KIND, "templates", template_id)


async def restore(desk: Desk, template_id: str) -> None:
    """Undo a delete."""
    await definitions.restore(desk, KIND, "templates", template_id)


async def check(desk: Desk, template: Template) -> tuple[Problem, ...]:
    """Syntax errors at `subject`, `html`, `text`, and unknown merge fields with a suggestion."""
    return render.check(template, await endpoints.catalogue(desk))


async def preview(desk: Desk, template: Template, endpoint_id: str = "") -> Rendered:
    """Render for a chosen endpoint, or for the first one where none is chosen; a fault is told in `problem`."""
    values = await desk.store.read(people.merge_values, endpoint_id)
    try:
        return render.prepare(template).render(values)
    except RenderError as error:
        return Rendered(subject="", html="", text="", problem=str(error))


async def send_test(
    desk: Desk, template: Template, channel_id: str, address: str, endpoint_id: str = ""
) -> ChannelTest:
    """Send the template, rendered for the endpoint, to one address, through the stored channel, past the outbox."""
    rendered = await preview(desk, template, endpoint_id)
    if rendered.problem:
        raise AskError(rendered.problem)
    return await channels.send_test(desk, channel_id, address, (rendered.subject, rendered.html, rendered.text))
