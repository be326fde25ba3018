"""The table of all commands: help, completion and the documents follow from it."""

from collections.abc import Callable
from typing import Annotated, Any, Final

import typer

from workbench.cli import (
    campaigns,
    channels,
    demo,
    edits,
    house,
    imports,
    people,
    removal,
    reports,
    segments,
    sending,
    templates,
    workspace,
)
from workbench.cli.command import JsonOption, LanguageOption, WorkspaceOption, command, enter, group
from workbench.cli.failure import code_words
from workbench.cli.output import say
from workbench.cli.usage import Branch
from workbench.plan.words import N_, tr

VersionOption = Annotated[bool, typer.Option("--version", help=N_("Print the version."))]
_Rows = tuple[tuple[str, str, Callable[..., None]], ...]

COMMANDS: Final[_Rows] = (
    ("demo", N_("Make a sample shop and lead through the first campaign."), demo.demo),
    ("new", N_("Make a workspace."), workspace.new),
    ("import", N_("Bring in people or events from files."), imports.import_),
    ("mapping", N_("Suggest how a file's columns become fields, to edit and give to import."), imports.mapping),
    ("export", N_("Write endpoints to a file that can be imported again."), imports.export),
    ("run", N_("Send what is planned, without a window."), sending.run),
    ("report", N_("Answer in figures, a chart or CSV."), reports.report),
    ("backup", N_("Copy the whole workspace while it is in use."), workspace.back_up),
    ("doctor", N_("Look at this machine and the workspace, and say what to do."), house.doctor),
    ("schema", N_("Print the JSON Schema of a definition."), house.schema),
)

GROUPS: Final[tuple[tuple[str, str, _Rows], ...]] = (
    (
        "workspace",
        N_("The workspace itself."),
        (
            ("show", N_("Show settings and figures."), workspace.show),
            ("set", N_("Change name, time zone, sender."), workspace.set_),
            ("compact", N_("Write the file anew: without room or bytes of what was deleted."), workspace.compact),
        ),
    ),
    (
        "person",
        N_("What people may ask for."),
        (
            ("show", N_("Print everything known of a person."), people.show),
            (
                "put",
                N_("Make and change endpoints by Pinpoint's JSON: what is named changes, the rest stays."),
                edits.put,
            ),
            ("set", N_("Change fields of an endpoint."), edits.set_),
            (
                "delete",
                N_("Delete endpoints, or persons with all of theirs; what happened stays in the figures."),
                edits.delete,
            ),
            ("erase", N_("Forget people for good: imports will not bring them back."), people.erase),
        ),
    ),
    (
        "segment",
        N_("Who is meant."),
        (
            ("list", N_("List the segments."), segments.list_),
            ("put", N_("Store a segment; the same name makes a new version."), segments.put),
            ("show", N_("Print a segment's JSON."), segments.show),
            ("count", N_("Count members, exactly, now."), segments.count),
            ("members", N_("List members."), segments.members),
            ("why", N_("Tell whether a person is a member, and why."), segments.why),
            ("of", N_("List the segments that a person is in."), segments.of),
            ("versions", N_("List the versions of a segment."), segments.versions),
            ("diff", N_("Compare two versions: rules, members, who comes and goes."), segments.diff),
            ("freeze", N_("Make a static segment of the members of this moment."), segments.freeze),
            ("sql", N_("Print the SQL that counts."), segments.sql),
            ("delete", N_("Delete a segment."), segments.delete),
        ),
    ),
    (
        "template",
        N_("What they get."),
        (
            ("list", N_("List the templates."), templates.list_),
            ("put", N_("Store a template; the same name makes a new version."), templates.put),
            ("show", N_("Print a template's JSON."), templates.show),
            ("render", N_("Render for a person."), templates.render),
            ("check", N_("Find problems in a template's JSON."), templates.check),
            ("delete", N_("Delete a template."), templates.delete),
        ),
    ),
    (
        "channel",
        N_("The accounts that messages leave through."),
        (
            ("list", N_("List the channels."), channels.list_),
            ("set", N_("Store a channel; the same name makes a new version."), channels.set_),
            ("show", N_("Show a channel, without its secret."), channels.show),
            ("secret", N_("Put its secret, typed or from standard input, into the keyring."), channels.secret),
            ("test", N_("Connect and log in, and tell each step."), channels.test),
            ("send-test", N_("Send a test message to an address."), channels.send_test),
            ("delete", N_("Delete a channel."), channels.delete),
        ),
    ),
    (
        "campaign",
        N_("A message to a segment, and what becomes of it."),
        (
            ("list", N_("List the campaigns."), campaigns.list_),
            ("put", N_("Store a campaign; the same name makes a new version."), campaigns.put),
            ("show", N_("Print a campaign's JSON."), campaigns.show),
            ("sheet", N_("Show what a launch would do now."), campaigns.sheet),
            ("launch", N_("Plan a message for every member, and send."), campaigns.launch),
            ("status", N_("Show all runs, or one."), campaigns.status),
            ("outbox", N_("List messages with their states."), campaigns.outbox),
            ("undo", N_("Take a launch back before it sends."), campaigns.undo),
            ("pause", N_("Hand over nothing more for now."), campaigns.pause),
            ("resume", N_("Go on with a paused run."), campaigns.resume),
            ("cancel", N_("Send nothing more of a run, for good."), campaigns.cancel),
            ("settle", N_("Decide about messages that may or may not have arrived."), campaigns.settle),
            ("delete", N_("Delete a campaign."), campaigns.delete),
        ),
    ),
    (
        "attribute",
        N_("What is known of people, by name."),
        (
            ("list", N_("List the attributes and metrics, and how many have each."), removal.list_attributes),
            ("remove", N_("Take attributes out of everyone, for good."), removal.remove_attributes),
        ),
    ),
    (
        "event",
        N_("What happened."),
        (
            ("add", N_("Append events from JSON lines."), house.add_events),
            ("remove", N_("Delete events by type, and by age, for good."), removal.remove_events),
        ),
    ),
)


def names() -> tuple[str, ...]:
    """Every first word that is a command."""
    return tuple(row[0] for row in COMMANDS) + tuple(row[0] for row in GROUPS)


def program(version: Callable[[], str]) -> Any:  # noqa: ANN401 - typer's own group; its class has no public name
    """The command tree, with its words in the language of the moment."""
    root = typer.Typer(cls=Branch, invoke_without_command=True, help=_about(), epilog=_codes())

    def options(
        context: typer.Context,
        workspace: WorkspaceOption = None,
        as_json: JsonOption = False,
        language: LanguageOption = "",
        show_version: VersionOption = False,
    ) -> None:
        if show_version:
            context.obj.as_json = as_json
            context.obj.give({"version": version()}, lambda: say(f"workbench {version()}"))
            raise typer.Exit
        enter(context, {"workspace": workspace, "as_json": as_json, "language": language})

    root.callback()(options)
    for name, words, function in COMMANDS:
        command(root, name, words)(function)
    for name, words, rows in GROUPS:
        branch = group(root, name, words)
        for row_name, row_words, function in rows:
            command(branch, row_name, row_words)(function)
    tree = typer.main.get_command(root)
    _translate(tree)
    return tree


def _about() -> str:
    return tr(
        "Without a command, workbench [FILE] opens the window. "
        "While a window has the workspace open, commands speak to it."
    )


def _codes() -> str:
    return "\n".join((tr("Exit codes:"), *(f"  {int(code):>3}  {words}" for code, words in code_words())))


def _translate(node: Any) -> None:  # noqa: ANN401 - see program
    if node.help:
        node.help = tr(node.help)
    for parameter in node.params:
        if getattr(parameter, "help", None):
            parameter.help = tr(parameter.help)
    for child in getattr(node, "commands", {}).values():
        _translate(child)
