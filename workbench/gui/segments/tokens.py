"""What the editors of tokens share: what is edited, and lists and lines to choose and type in."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import inf
from typing import Protocol

import shiboken6

from workbench.gui.parts import format as fmt
from workbench.gui.parts.picker import Choice, Picker
from workbench.gui.parts.popover import Popover
from workbench.gui.segments.amounts import NumberLine
from workbench.gui.segments.changes import with_part
from workbench.plan.catalogue import Catalogue, Known, Named, ValueCount
from workbench.plan.segment import Rule
from workbench.plan.words import tr

Shown = Callable[[tuple[ValueCount, ...]], None]


class Names(Protocol):
    """Where an editor learns which names and values there are."""

    def catalogue(self) -> Catalogue:
        """All known names."""
        ...

    def barred(self) -> frozenset[str]:
        """The ids of segments that this one must not refer to, because they contain it."""
        ...

    def values(self, field: str, prefix: str, shown: Shown) -> None:
        """Ask for the values of a dotted field that begin with the prefix."""
        ...

    def event_values(self, event: str, attribute: str, prefix: str, shown: Shown) -> None:
        """Ask for the values of an event's attribute that begin with the prefix."""
        ...


@dataclass(frozen=True, slots=True)
class Editing:
    """What an editor works on.

    Attributes:
        rule: gives the rule as it is now.
        key: which part of it.
        names: what is known.
        change: takes the new rule; typing in one editor is one step to undo.
        follow: opens the editor of another part once this one has closed.
    """

    rule: Callable[[], Rule]
    key: str
    names: Names
    change: Callable[[Rule], None]
    follow: Callable[[str], None]


def set_part(edit: Editing, part: str, value: object) -> None:
    """Change one part of the rule as it is now."""
    edit.change(with_part(edit.rule(), **{part: value}))


def words_of(table: dict[str, str], only: Sequence[str] = ()) -> list[Choice]:
    """The words of a table as choices."""
    return [Choice(key, tr(word)) for key, word in table.items() if not only or key in only]


def counted(known: Sequence[Known], prefix: str = "", note: str = "") -> list[Choice]:
    """Names as choices, with how many carry each."""

    def remark(one: Known) -> str:
        count = "" if one.count is None else fmt.number(one.count)
        return " · ".join(part for part in (note, count) if part)

    return [Choice(f"{prefix}{one.name}", one.name, remark(one)) for one in known]


def things(known: Sequence[Named]) -> list[Choice]:
    """Stored things by their names, with how many people each holds where that is known."""
    return [Choice(one.id, one.name, "" if one.count is None else fmt.number(one.count)) for one in known]


def use_typed(text: str) -> str:
    """The words of the line that takes what was typed."""
    return tr("Use “{text}”").format(text=text)


def pick(
    popover: Popover,
    choices: Sequence[Choice],
    current: str,
    take: Callable[[str], object],
    *,
    search: str = "",
    closed: bool = False,
) -> Picker:
    """One of the choices; the popover closes with the answer. `closed`: none but these can be taken."""
    free = use_typed if search and not closed else None
    picker = Picker(choices, (current,) if current else (), search=search, free=free, name="token")

    def picked(key: str) -> None:
        popover.close()
        take(key)

    picker.picked.connect(picked)
    return picker


def number_line(value: float, take: Callable[[float], None], least: float = -inf, most: float = inf) -> NumberLine:
    """A line for a number within limits."""
    line = NumberLine(value, label=tr("Number"), name="token_number", least=least, most=most)
    line.changed.connect(take)
    line.selectAll()
    return line


def several(
    chosen: Sequence[str],
    take: Callable[[tuple[str, ...]], None],
    ask: Callable[[str, Shown], None] | None,
    words: Callable[[str], str],
) -> Picker:
    """Several values: those chosen first, then the most frequent ones, with counts; own ones can be typed."""
    picker = Picker(
        [Choice(value, words(value)) for value in chosen],
        chosen,
        several=True,
        search=tr("Type a value"),
        free=use_typed,
        local=ask is None,
        name="token",
    )

    def shown(found: tuple[ValueCount, ...]) -> None:
        if not shiboken6.isValid(picker):
            return  # the popover was closed before the answer came
        text = picker.line.text().strip()
        first = (
            []
            if text
            else [Choice(value, words(value)) for value in picker.chosen() if value not in {f.value for f in found}]
        )
        picker.show_choices([*first, *(Choice(one.value, words(one.value), fmt.number(one.count)) for one in found)])

    picker.picked.connect(lambda _key: take(picker.chosen()))
    if ask is not None:
        picker.typed.connect(lambda text: ask(text.strip(), shown))
        ask("", shown)
    return picker
