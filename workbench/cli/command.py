"""How a command is made: every one takes `--workspace` and `--json`, and finds a `Session` as its first argument."""

import inspect
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, Concatenate, Final, ParamSpec

import typer

from workbench.cli.failure import Code
from workbench.cli.output import say
from workbench.cli.session import Session
from workbench.cli.usage import Branch, Leaf, refusal
from workbench.plan.words import N_, tr

_P = ParamSpec("_P")

WorkspaceOption = Annotated[
    Path | None,
    typer.Option(
        "--workspace", "-w", metavar="FILE", help=N_("The workspace; else the one that WORKBENCH_WORKSPACE names.")
    ),
]
JsonOption = Annotated[bool, typer.Option("--json", help=N_("Answer with one line of JSON, errors too."))]
LanguageOption = Annotated[
    str,
    typer.Option("--language", metavar="CODE", help=N_("Language of the words: en or ru; else that of the system.")),
]

_EVERYWHERE: Final = (
    inspect.Parameter("workspace", inspect.Parameter.KEYWORD_ONLY, default=None, annotation=WorkspaceOption),
    inspect.Parameter("as_json", inspect.Parameter.KEYWORD_ONLY, default=False, annotation=JsonOption),
    # The application has read it by now: words are chosen before the command line is parsed.
    inspect.Parameter("language", inspect.Parameter.KEYWORD_ONLY, default="", annotation=LanguageOption),
)


def command(
    group: typer.Typer, name: str, words: str
) -> Callable[[Callable[Concatenate[Session, _P], None]], Callable[Concatenate[Session, _P], None]]:
    """Make the function a command of the group; its parameters are the command's, but for the session."""

    def register(function: Callable[Concatenate[Session, _P], None]) -> Callable[Concatenate[Session, _P], None]:
        def run(context: typer.Context, **values: Any) -> None:  # noqa: ANN401 - each is checked by its own annotation
            session: Session = context.find_root().obj
            note_options(session, values)
            function(session, **values)  # type: ignore[call-arg]  # typer has filled in what the signature asks for

        first = inspect.Parameter("context", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=typer.Context)
        own = [each.replace(kind=inspect.Parameter.KEYWORD_ONLY) for each in _own_parameters(function)]
        parameters = [first, *own, *_EVERYWHERE]
        run.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]  # what inspect looks for
        run.__annotations__ = {each.name: each.annotation for each in parameters}
        run.__doc__ = None
        group.command(name, cls=Leaf, help=words)(run)
        return function

    return register


def group(parent: typer.Typer, name: str, words: str) -> typer.Typer:
    """A group of commands, for example `workbench segment`; it takes the options of every command as well."""
    made = typer.Typer(cls=Branch, invoke_without_command=True, help=words, add_completion=False)

    def options(
        context: typer.Context,
        workspace: WorkspaceOption = None,
        as_json: JsonOption = False,
        language: LanguageOption = "",
    ) -> None:
        enter(context, {"workspace": workspace, "as_json": as_json, "language": language})

    made.callback()(options)
    parent.add_typer(made, name=name)
    return made


def enter(context: typer.Context, values: dict[str, Any]) -> None:
    """Take the options that stand before a command's name; without one, show which there are."""
    session: Session = context.find_root().obj
    note_options(session, values)
    if context.invoked_subcommand is not None:
        return
    if session.as_json:
        raise refusal(context, tr("No command is named."))
    say(context.get_help())
    raise typer.Exit(Code.USAGE)


def note_options(session: Session, values: dict[str, Any]) -> None:
    """Take the options of every command out of the values; the last one given counts."""
    workspace, as_json, _ = values.pop("workspace"), values.pop("as_json"), values.pop("language")
    session.workspace = Path(workspace) if workspace else session.workspace
    session.as_json = as_json or session.as_json


def _own_parameters(function: Callable[..., None]) -> list[inspect.Parameter]:
    return list(inspect.signature(function).parameters.values())[1:]
