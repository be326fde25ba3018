"""How a command explains itself.

Drawn here and not by typer: its pages are English only, and drawing them takes more processor time than all the rest.
"""

import shutil
import textwrap
from collections.abc import Iterator
from typing import Any, Final

from workbench.plan.words import N_, tr

#: columns that a line has at least, and at most, however wide the terminal is
_NARROWEST, _WIDEST = 50, 100
#: columns of a name beside its words; a longer one has a line of its own
_NAMES: Final = 28
#: options that every command has, by typer's name for them; listed behind a command's own
_EVERYWHERE: Final = ("workspace", "as_json", "language", "help")
#: words of options that typer adds
_FOREIGN: Final = (
    N_("Show this message and exit."),
    N_("Install completion for the current shell."),
    N_("Show completion for the current shell, to copy it or customize the installation."),
)


def page(node: Any, context: Any) -> str:  # noqa: ANN401 - typer's classes have no public names
    """What is typed, what it does, its arguments, options and commands, as wide as the terminal."""
    width = max(_NARROWEST, min(shutil.get_terminal_size().columns, _WIDEST))
    parameters = [each for each in node.get_params(context) if not each.hidden]
    arguments = [each for each in parameters if each.param_type_name == "argument"]
    options = [each for each in parameters if each.param_type_name == "option"]
    own = [each for each in options if each.name not in _EVERYWHERE]
    common = [each for each in options if each.name in _EVERYWHERE]
    commands = getattr(node, "commands", {})
    lines = [
        _usage(context.command_path, arguments, has_commands=bool(commands)),
        "",
        *textwrap.wrap(node.help or "", width),
        *_section(tr("Arguments:"), [(_typed(each), _explained(each)) for each in arguments], width),
        *_section(tr("Options:"), [(_typed(each), _explained(each)) for each in own], width),
        *_section(tr("Commands:"), [(name, child.help or "") for name, child in commands.items()], width),
        *_section(tr("Options of every command:"), [(_typed(each), _explained(each)) for each in common], width),
    ]
    return "\n".join((*lines, "", node.epilog) if node.epilog else lines)


def _usage(path: str, arguments: list[Any], *, has_commands: bool) -> str:
    typed = [str(each.metavar) if each.required else f"[{each.metavar}]" for each in arguments]
    words = (path, *([tr("COMMAND")] if has_commands else typed), tr("[OPTIONS]"))
    return tr("Usage: {typed}").format(typed=" ".join(words))


def _section(title: str, rows: list[tuple[str, str]], width: int) -> Iterator[str]:
    """A heading, then names beside their words."""
    if not rows:
        return
    yield from ("", title)
    names = min(_NAMES, max(len(name) for name, _ in rows))
    margin = " " * (names + 4)
    for name, words in rows:
        lines = textwrap.wrap(words, width - len(margin))
        if len(name) > names:
            yield f"  {name}"
        else:
            yield f"  {name:<{names}}  {lines.pop(0) if lines else ''}".rstrip()
        yield from (margin + line for line in lines)


def _typed(parameter: Any) -> str:  # noqa: ANN401 - see page
    if parameter.param_type_name == "argument":
        return str(parameter.metavar)
    names = " / ".join((", ".join(sorted(parameter.opts, key=len)), *parameter.secondary_opts))
    return names if parameter.is_flag else f"{names} {placeholder(parameter)}"


def placeholder(parameter: Any) -> str:  # noqa: ANN401 - see page
    """What stands for a parameter's value: its own word, else the values that it takes."""
    return str(parameter.metavar or "|".join(choices(parameter)) or parameter.name.upper())


def choices(parameter: Any) -> tuple[str, ...]:  # noqa: ANN401 - see page
    """The values that a parameter takes, where they are few; else none."""
    return tuple(parameter.type_descriptor.choices or ())


def _explained(parameter: Any) -> str:  # noqa: ANN401 - see page
    """What it is for, its bounds, and what counts where it is not given."""
    facts = []
    if parameter.min is not None and parameter.max is not None:
        facts.append(tr("{least} to {most}").format(least=parameter.min, most=parameter.max))
    if parameter.param_type_name == "option" and parameter.required:
        facts.append(tr("must be given"))
    elif default := _default(parameter):
        facts.append(tr("{value} by default").format(value=default))
    words = tr(parameter.help) if parameter.help else ""
    return f"{words} ({'; '.join(facts)})" if facts else words


def _default(parameter: Any) -> str:  # noqa: ANN401 - see page
    """What counts where the parameter is not given; empty where that goes without saying."""
    default = parameter.default
    if isinstance(default, bool):
        return str((parameter.opts if default else parameter.secondary_opts)[0]) if parameter.secondary_opts else ""
    return f"{default:g}" if isinstance(default, float) else str(default or "")
