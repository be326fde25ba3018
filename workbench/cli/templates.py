"""`template list|put|show|render|check|delete`."""

from typing import TYPE_CHECKING, Annotated, Literal

import typer

from workbench.cli.definitions import found, give_list, parsed, refuse_blocking, version_of
from workbench.cli.failure import Code, Failure
from workbench.cli.output import emit_json, pairs, plain, say
from workbench.cli.segments import DefinitionFile, IdOption
from workbench.cli.session import Connection, Session
from workbench.plan.words import N_, tr

if TYPE_CHECKING:
    from workbench.plan.template import Template

Part = Literal["subject", "html", "text"]
Reference = Annotated[str, typer.Argument(metavar="TEMPLATE", help=N_("Name or id."))]
PersonOption = Annotated[
    str, typer.Option("--for", metavar="ENDPOINT", help=N_("Id of the endpoint; else the first one."))
]
PartOption = Annotated[Part | None, typer.Option("--part", help=N_("Print only this part, as it is."))]


def list_(session: Session) -> None:
    from workbench.engine import templates

    with session.connected() as connection:
        give_list(session, connection.ask(templates.listed))


def put(session: Session, file: DefinitionFile, template_id: IdOption = None) -> None:
    from workbench.engine import templates
    from workbench.plan.template import Template

    template = parsed(file, Template.from_json, "template")
    if not template.name.strip():
        raise Failure(Code.REFUSED, tr("The template has no name."))
    with session.connected() as connection:
        refuse_blocking(connection.ask(templates.check, template))
        stored = connection.ask(templates.listed)
        saved = connection.ask(templates.save, template, version_of(stored, template_id, template.name, "template"))
    session.give({"id": saved, "name": template.name}, lambda: say(saved))


def show(session: Session, template: Reference) -> None:
    with session.connected() as connection:
        definition = _chosen(connection, template)
    if session.as_json:
        emit_json(definition)
    else:
        say(definition.to_json())


def render(session: Session, template: Reference, endpoint: PersonOption = "", part: PartOption = None) -> None:
    from workbench.engine import endpoints, templates

    with session.connected() as connection:
        if endpoint:
            connection.ask(endpoints.person, endpoint, 0, 1)  # refuses who is not there
        rendered = connection.ask(templates.preview, _chosen(connection, template), endpoint)
    if rendered.problem:
        raise Failure(Code.REFUSED, plain(rendered.problem))
    if part:
        say(getattr(rendered, part))
    else:
        session.give(rendered, lambda: say(f"{rendered.subject}\n\n{rendered.text}\n\n{rendered.html}"))


def check(session: Session, file: DefinitionFile) -> None:
    from workbench.engine import templates
    from workbench.engine.calls import pack_problems
    from workbench.plan.template import Template

    template = parsed(file, Template.from_json, "template")
    with session.connected() as connection:
        problems = connection.ask(templates.check, template)
    blocking = [problem for problem in problems if problem.blocks]
    if blocking:
        raise Failure(Code.REFUSED, str(blocking[0]), problems)
    rows = [(each.where, each) for each in problems]
    session.give(pack_problems(problems), lambda: pairs(rows) if rows else say(tr("No problems.")))


def delete(session: Session, template: Reference) -> None:
    from workbench.engine import templates

    with session.connected() as connection:
        gone = found(connection.ask(templates.listed), template, "template")
        connection.ask(templates.delete, gone.id)
    session.give({"id": gone.id, "name": gone.name}, lambda: pairs([(tr("deleted"), gone.name)]))


def _chosen(connection: Connection, reference: str) -> "Template":
    from workbench.engine import templates

    return connection.ask(templates.get, found(connection.ask(templates.listed), reference, "template").id)
