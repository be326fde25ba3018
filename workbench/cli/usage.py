"""Commands as typer parses them, with pages and refusals of our own: in every language, and quickly made."""

from difflib import get_close_matches
from functools import partial
from typing import Any

from typer import TyperException
from typer.core import TyperCommand, TyperGroup

from workbench.cli.failure import Code, Failure
from workbench.cli.help import choices, page, placeholder
from workbench.plan.words import tr


class Leaf(TyperCommand):
    """A command that does something."""

    def get_help(self, ctx: Any) -> str:  # noqa: ANN401 - typer's classes have no public names
        """The whole page."""
        return page(self, ctx)

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:  # noqa: ANN401 - see get_help
        """Read what is typed behind the command's name; raises `Failure`."""
        ctx.allow_extra_args = True  # refused here instead
        try:
            rest = super().parse_args(ctx, args)
        except TyperException as error:
            raise refusal(ctx, _sentence(error)) from error
        if rest and not ctx.resilient_parsing:
            raise refusal(ctx, tr("Too much is given: {words}").format(words=" ".join(rest)))
        return rest


class Branch(TyperGroup):
    """A group of commands."""

    def get_help(self, ctx: Any) -> str:  # noqa: ANN401 - see Leaf
        """The whole page."""
        return page(self, ctx)

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:  # noqa: ANN401 - see Leaf
        """Read what is typed before a command's name; raises `Failure`."""
        for parameter in self.get_params(ctx):
            parameter.process_value = partial(_as_typed, parameter)  # type: ignore[method-assign]  # see there
        try:
            return super().parse_args(ctx, args)
        except TyperException as error:
            raise refusal(ctx, _sentence(error)) from error

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:  # noqa: ANN401 - see Leaf
        """The command that is named first; raises `Failure`."""
        if args[0] not in self.commands:
            text = tr("There is no command “{name}”.").format(name=f"{ctx.command_path} {args[0]}")
            raise refusal(ctx, _with_closest(text, args[0], self.commands))
        return super().resolve_command(ctx, args)


def _as_typed(parameter: Any, context: Any, value: object) -> object:  # noqa: ANN401 - see Leaf
    """What typer does with a value, but for checking its type: the options of groups are texts and switches.

    Typer checks with pydantic, whose loading takes longer than all the rest of a help page or of a refusal.
    """
    return parameter.callback(context, parameter, value) if parameter.callback else value


def refusal(context: Any, text: str) -> Failure:  # noqa: ANN401 - see Leaf
    """The command line is wrong; with the page that says how it is right."""
    see = tr("See: {command}").format(command=f"{context.command_path} --help")
    return Failure(Code.USAGE, f"{text} {see}")


def _with_closest(text: str, typed: str, known: Any) -> str:  # noqa: ANN401 - any collection of texts
    close = get_close_matches(typed, known, n=1)
    return " ".join((text, *(tr("Did you mean “{name}”?").format(name=name) for name in close)))


def _sentence(error: Any) -> str:  # noqa: ANN401 - typer's exceptions have no public names but for their family's
    """What is wrong, in the language of the moment; typer's own words for what it may come to refuse later."""
    match type(error).__name__:
        case "NoSuchOption":
            text = tr("There is no option {name}.").format(name=error.option_name)
            return _with_closest(text, error.option_name, error.possibilities or ())
        case "BadOptionUsage" if "does not take" in error.message:
            return tr("{name} takes no value.").format(name=error.option_name)
        case "BadOptionUsage":
            return tr("{name} needs a value.").format(name=error.option_name)
        case "MissingParameter" if error.param is not None:
            return tr("{name} is missing.").format(name=_named(error.param))
        case "BadParameter" if error.param is not None:
            return _expected(error.param)
        case _:
            return str(error.format_message())


def _named(parameter: Any) -> str:  # noqa: ANN401 - see Leaf
    if parameter.param_type_name == "argument":
        return str(parameter.metavar).removesuffix("...")
    return tr(" or ").join((parameter.opts[0], *parameter.secondary_opts))


def _expected(parameter: Any) -> str:  # noqa: ANN401 - see Leaf
    """Which values the parameter takes."""
    least, most = parameter.min, parameter.max
    if values := choices(parameter):
        what = tr("one of {values}").format(values=", ".join(values))
    elif least is not None and most is not None:
        what = tr("a number from {least} to {most}").format(least=least, most=most)
    elif least is not None:
        what = tr("a whole number from {least} on").format(least=least)
    else:
        what = placeholder(parameter)
    return tr("{name} takes {what}.").format(name=_named(parameter), what=what)
