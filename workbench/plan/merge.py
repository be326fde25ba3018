"""The values of one person as templates see them: nested by Pinpoint's names, lists that read as text."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, TypeAlias

from workbench.plan.fields import OPEN_PREFIXES

#: text, a number, a `Several`, a mapping, or whatever a template works out of them
Value: TypeAlias = Any


#: below it a float holds every whole number
EXACT: Final = 2.0**53


class Several(tuple[Value, ...]):
    """The values of an attribute: text of all of them where it is shown, and equal to its text; else a tuple.

    `{{ Attributes.plan }}` shows `pro`, `{{ Attributes.plan[0] }}` the first value, and
    `{% if Attributes.plan == "pro" %}` is true for a single value `pro`.
    """

    __slots__ = ()

    def __str__(self) -> str:
        return ", ".join(map(str, self))

    def __eq__(self, other: object) -> bool:
        return str(self) == other if isinstance(other, str) else tuple.__eq__(self, other)

    def __ne__(self, other: object) -> bool:
        return not self == other

    __hash__ = tuple.__hash__


class Shaped(dict[str, Value]):
    """Values that have been through `values_for` or `Shape.fill` already."""


def values_for(values: Mapping[str, Value]) -> "Shaped":
    """The values with every list made a `Several`."""
    return values if isinstance(values, Shaped) else Shaped({name: _shaped(value) for name, value in values.items()})


def _shaped(value: Value) -> Value:
    if isinstance(value, Mapping):
        return {name: _shaped(inner) for name, inner in value.items()}
    return Several(value) if isinstance(value, list | tuple) else value


def shown(value: Value) -> Value:
    """How a value reads in a message: nothing for None, 3 for 3.0, a list's values joined."""
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < EXACT else str(value)
    if value is None:
        return ""
    return str(value) if isinstance(value, Several) else value


class Shape:
    """Nests flat rows: made once for dotted field names, filled for each person.

    A field that names a container (`Attributes`) takes a mapping as its value.
    """

    def __init__(self, fields: Sequence[str]) -> None:
        self._paths = tuple(_path(field) for field in fields)

    def fill(self, row: Sequence[Value]) -> Shaped:
        """The nested values of a row that has one value per field, in their order; None is left out."""
        values = Shaped()
        for path, value in zip(self._paths, row, strict=True):
            if value is None:
                continue
            inner: dict[str, Value] = values
            for name in path[:-1]:
                inner = inner.setdefault(name, {})
            shaped = _shaped(value)
            if isinstance(shaped, dict):
                inner.setdefault(path[-1], {}).update(shaped)
            else:
                inner[path[-1]] = shaped
        return values


def _path(field: str) -> tuple[str, ...]:
    for prefix in OPEN_PREFIXES:
        if field.startswith(prefix):
            return (*prefix.rstrip(".").split("."), field.removeprefix(prefix))
    return tuple(field.split("."))
