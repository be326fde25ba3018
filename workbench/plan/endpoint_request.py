"""Pinpoint's `EndpointRequest`, one or a batch, as edits."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from workbench.plan.edit import Edit, Value
from workbench.plan.fields import ATTRIBUTE, FIELDS, METRIC, USER_ATTRIBUTE
from workbench.plan.problem import Problem
from workbench.plan.words import N_, Words

_OBJECTS: Final = ("Demographic", "Location")
_LISTS: Final = {"Attributes": ATTRIBUTE, "UserAttributes": USER_ATTRIBUTE}
#: of `EndpointResponse` only: whose it is, which this workspace knows
_IGNORED: Final = {"ApplicationId"}


def edits(text: str) -> tuple[tuple[Edit, ...], tuple[Problem, ...]]:
    """The edits that a text holds, and what is wrong with it, at `Item.3.Location.City`.

    The text is one `EndpointRequest` (with its `Id`), `{"Item": [...]}`, a list of them, or one on each line.
    """
    try:
        items = _items(text)
    except ValueError as error:
        return (), (Problem("", Words(N_("This is not JSON: {error}."), {"error": error})),)
    found: list[Edit] = []
    problems: list[Problem] = []
    for place, item in enumerate(items):
        edit, wrong = of(item)
        found.append(edit)
        problems += (_at(place, problem) if len(items) > 1 else problem for problem in wrong)
    return tuple(found), tuple(problems)


def _at(place: int, problem: Problem) -> Problem:
    where = f"Item.{place}.{problem.where}".removesuffix(".")
    return Problem(where, problem.text, problem.fix, problem.blocks)


def _items(text: str) -> Sequence[object]:
    try:
        whole = json.loads(text)
    except ValueError:
        lines = [line for line in text.splitlines() if line.strip()]
        if len(lines) < 2:  # noqa: PLR2004 - one line that is no JSON is no list of lines
            raise
        return [json.loads(line) for line in lines]
    if isinstance(whole, dict) and isinstance(whole.get("Item"), list):
        return list(whole["Item"])
    return whole if isinstance(whole, list) else [whole]


def of(item: object) -> tuple[Edit, tuple[Problem, ...]]:
    """One request as an edit, and the problems of its shape; null says nothing."""
    if not isinstance(item, dict):
        return Edit(), (Problem("", Words(N_("An object belongs here."))),)
    values: dict[str, Value] = {}
    problems: list[Problem] = []
    for name, value in item.items():
        if value is None or name == "Id" or name in _IGNORED:
            continue
        if name == "User":
            _user(value, values, problems)
        elif name in _OBJECTS:
            _members(name, value, values, problems)
        elif name == "Attributes":
            _attributes(name, value, values, problems)
        elif name == "Metrics":
            _metrics(value, values, problems)
        elif name in FIELDS:
            _plain(name, value, values, problems)
        else:
            problems.append(_unknown(name))
    given = item.get("Id", "")
    if not isinstance(given, str):
        problems.append(Problem("Id", Words(N_("A text belongs here."))))
    return Edit(id=given if isinstance(given, str) else "", values=values), tuple(problems)


def _object(where: str, value: object, problems: list[Problem]) -> Mapping[str, object]:
    if isinstance(value, dict):
        return {name: each for name, each in value.items() if each is not None}
    problems.append(Problem(where, Words(N_("An object belongs here."))))
    return {}


def _user(value: object, values: dict[str, Value], problems: list[Problem]) -> None:
    for name, each in _object("User", value, problems).items():
        if name == "UserAttributes":
            _attributes(name, each, values, problems)
        elif name == "UserId":
            _plain("User.UserId", each, values, problems)
        else:
            problems.append(_unknown(f"User.{name}"))


def _members(group: str, value: object, values: dict[str, Value], problems: list[Problem]) -> None:
    for name, each in _object(group, value, problems).items():
        field = f"{group}.{name}"
        if field in FIELDS:
            _plain(field, each, values, problems)
        else:
            problems.append(_unknown(field))


def _attributes(group: str, value: object, values: dict[str, Value], problems: list[Problem]) -> None:
    for name, each in _object(group, value, problems).items():
        field = _LISTS[group] + name
        several = each if isinstance(each, list) else [each]
        if all(_is_scalar(one) for one in several):
            values[field] = tuple(_text(one) for one in several)
        else:
            problems.append(Problem(field, Words(N_("A list belongs here."))))


def _metrics(value: object, values: dict[str, Value], problems: list[Problem]) -> None:
    for name, each in _object("Metrics", value, problems).items():
        _plain(METRIC + name, each, values, problems)


def _plain(field: str, value: object, values: dict[str, Value], problems: list[Problem]) -> None:
    if not _is_scalar(value):
        problems.append(Problem(field, Words(N_("A text belongs here."))))
    elif field.startswith(METRIC) or FIELDS.get(field) == "number":
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        values[field] = float(value) if is_number else _text(value)  # type: ignore[arg-type]  # is_number says it
    else:
        values[field] = _text(value)


def _is_scalar(value: object) -> bool:
    return isinstance(value, str | int | float)


def _text(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _unknown(field: str) -> Problem:
    return Problem(field, Words(N_("There is no such field.")))


def assignments(pairs: Iterable[str]) -> tuple[dict[str, Value], tuple[Problem, ...]]:
    """`Location.City=Berlin` as values by field; the same attribute again adds a value, nothing behind `=` clears."""
    values: dict[str, Value] = {}
    problems: list[Problem] = []
    for pair in pairs:
        field, equals, value = pair.partition("=")
        if not equals:
            problems.append(Problem(pair, Words(N_("It must be FIELD=VALUE."))))
        elif field.startswith((ATTRIBUTE, USER_ATTRIBUTE)):
            before = values.get(field, ())
            values[field] = (*(before if isinstance(before, tuple) else ()), *((value,) if value else ()))
        else:
            values[field] = value
    return values, tuple(problems)
