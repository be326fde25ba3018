"""Edits of a mapping, as the form makes them: each takes a mapping and gives a new one."""

from collections.abc import Sequence
from dataclasses import dataclass

from workbench.gui.imports.targets import TIMES
from workbench.plan.mapping import Column, Mapping, channel_of


@dataclass(frozen=True, slots=True)
class Lines:
    """Which line of the form each target of the mapping belongs to.

    Attributes:
        by_source: number of the target by the file's column that feeds it; the first where a column feeds several.
        own: numbers of the targets with a fixed text or a pattern, in order.
    """

    by_source: dict[str, int]
    own: tuple[int, ...]


def lines(mapping: Mapping) -> Lines:
    """Sort the targets into lines."""
    by_source: dict[str, int] = {}
    own = []
    for number, column in enumerate(mapping.columns):
        if column.value or not column.source or column.source in by_source:
            own.append(number)
        else:
            by_source[column.source] = number
    return Lines(by_source, tuple(own))


def with_target(mapping: Mapping, source: str, target: str, samples: Sequence[str] = ()) -> Mapping:
    """The file's column, with samples of its values, goes to this target; an empty one leaves it out."""
    number = lines(mapping).by_source.get(source)
    if number is None and not target:
        return mapping
    if number is None:
        mapping = _with(mapping, (*mapping.columns, Column(target=target, source=source)))
    elif not target:
        return without(mapping, number)
    else:
        mapping = with_column(mapping, number, target=target)
    return with_channel(mapping, target, samples, source)


def with_channel(mapping: Mapping, target: str, samples: Sequence[str], name: str = "") -> Mapping:
    """Also the channel, where the target is the address of people, and the samples or the column's name tell it."""
    if mapping.kind == "events" or target != "Address" or any(one.target == "ChannelType" for one in mapping.columns):
        return mapping
    channel = channel_of(samples, name)
    return with_value(mapping, "ChannelType", channel) if channel else mapping


def with_column(mapping: Mapping, number: int, **parts: str) -> Mapping:
    """Other parts of one target; a target that holds no time any more loses its date format."""
    column = mapping.columns[number].model_copy(update=parts)
    if column.target not in TIMES:
        column = column.model_copy(update={"date_format": ""})
    return _with(mapping, (*mapping.columns[:number], column, *mapping.columns[number + 1 :]))


def without(mapping: Mapping, number: int) -> Mapping:
    """One target less."""
    return _with(mapping, (*mapping.columns[:number], *mapping.columns[number + 1 :]))


def with_value(mapping: Mapping, target: str = "", value: str = "") -> Mapping:
    """One more target, with a fixed text or a pattern."""
    return _with(mapping, (*mapping.columns, Column(target=target, value=value)))


def as_patterns(mapping: Mapping) -> Mapping:
    """The same mapping with `{column}` as the pattern of each further target of a column, so that it has a line."""
    own = lines(mapping).own
    columns = tuple(
        column.model_copy(update={"value": f"{{{column.source}}}", "source": ""})
        if number in own and not column.value and column.source
        else column
        for number, column in enumerate(mapping.columns)
    )
    return _with(mapping, columns)


def kept(before: Mapping, suggested: Mapping, known: Sequence[str], names: Sequence[str]) -> Mapping:
    """The choices of before for columns that are still there, the suggestion for those that are new.

    Args:
        before: the mapping before the file was read anew.
        suggested: what the reader suggests now.
        known: the file's columns before.
        names: the file's columns now.
    """
    if before.kind != suggested.kind:
        return suggested
    stays = [column for column in before.columns if column.value or column.source in names]
    new = [column for column in suggested.columns if column.value or column.source not in known]
    fixed = {column.target for column in stays if column.value}
    return _with(suggested, (*stays, *(column for column in new if not column.value or column.target not in fixed)))


def _with(mapping: Mapping, columns: tuple[Column, ...]) -> Mapping:
    return mapping.model_copy(update={"columns": columns})
