"""What a person can type is documented, and what is documented can be typed."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from workbench.cli.program import program

README = Path(__file__).resolve().parent.parent / "README.md"
#: options that every command has; the README names them once
COMMON = {"--workspace", "-w", "--json", "--language", "--help"}


def commands(node: Any = None, words: tuple[str, ...] = ("workbench",)) -> Iterator[tuple[str, Any]]:  # noqa: ANN401 - typer's classes have no public names
    """Every command that does something, by what is typed."""
    node = program(lambda: "0") if node is None else node
    children = getattr(node, "commands", {})
    for name, child in children.items():
        yield from commands(child, (*words, name))
    if not children:
        yield " ".join(words), node


def options(node: Any) -> set[str]:  # noqa: ANN401 - see commands
    """The options of one command that begin with two dashes, without the common ones."""
    names = {name for each in node.params for name in (*each.opts, *each.secondary_opts) if name.startswith("--")}
    return names - COMMON


def rows() -> dict[str, str]:
    """The table of commands: what is typed, to its line."""
    found = {}
    for line in README.read_text(encoding="utf-8").splitlines():
        match = re.match(r"\| `(workbench(?: [a-z-]+)+)", line)
        if match:
            found[match.group(1)] = line
    return found


@pytest.mark.parametrize(("typed", "node"), list(commands()), ids=[typed for typed, _ in commands()])
def test_every_command_and_option_is_in_the_table(typed: str, node: Any) -> None:  # noqa: ANN401 - see commands
    line = rows().get(typed)
    assert line is not None, f"README.md has no row for `{typed}`"
    assert set(re.findall(r"--[a-z-]+", line)) == options(node)
    for parameter in node.params:
        if parameter.param_type_name == "argument":
            assert str(parameter.metavar).removesuffix("...") in line


def test_the_table_has_nothing_that_is_gone() -> None:
    assert set(rows()) == {typed for typed, _ in commands()}


def test_the_common_options_are_named() -> None:
    text = README.read_text(encoding="utf-8")
    assert COMMON - {"--help"} <= set(re.findall(r"(?<![\w-])--?[a-z]+", text))


def test_examples_are_commands() -> None:
    known = {typed for typed, _ in commands()} | {typed.rpartition(" ")[0] for typed, _ in commands()}
    for block in re.findall(r"```sh\n(.*?)```", README.read_text(encoding="utf-8"), flags=re.DOTALL):
        for line in block.splitlines():
            if line.startswith("workbench "):
                words = re.sub(r" -w \S+", "", line).split()
                assert {" ".join(words[:2]), " ".join(words[:3])} & known, line
