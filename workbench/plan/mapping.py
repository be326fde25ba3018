"""How the columns of a file become endpoints or events."""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Final, Literal

from workbench.plan.definition import Answer, Definition
from workbench.plan.endpoint import ATTRIBUTE, FIELDS, METRIC, OPEN_PREFIXES, USER_ATTRIBUTE, is_field
from workbench.plan.problem import Problem
from workbench.plan.words import N_, Words

Kind = Literal["endpoints", "events"]
FileFormat = Literal["csv", "ndjson", "parquet"]

#: Fixed targets of an event.
EVENT_FIELDS: Final = ("EventId", "EventType", "Timestamp", "EndpointId", "UserId", "Address", "Session.Id")

#: Characters of a name of one's own, as Pinpoint limits them.
NAME_LENGTH: Final = 50


class Dialect(Definition):
    """How a text file is written. An empty string or None means: sniff it.

    `delimiter` may be `"blanks"`: runs of blanks between columns, as in fixed-width listings.
    """

    format: FileFormat | Literal[""] = ""
    delimiter: str = ""
    quote: str = '"'
    header: bool | None = None
    encoding: str = "utf-8"


class Column(Definition):
    """One target and where its value comes from.

    Attributes:
        target: dotted endpoint field (`Attributes.plan`) or event field (`Timestamp`, `Metrics.amount`).
        source: name of the file's column; one column may feed several targets.
        value: used instead of `source`: a fixed text that may hold columns in braces, `"c{customer_id}@example.com"`.
        date_format: strptime format for time targets; empty for ISO 8601 and the formats that were recognised.
    """

    target: str
    source: str = ""
    value: str = ""
    date_format: str = ""


class Mapping(Definition):
    """The whole recipe of an import; what `--mapping FILE` reads and the mapping form edits."""

    kind: Kind = "endpoints"
    dialect: Dialect = Dialect()
    columns: tuple[Column, ...] = ()


class SourceColumn(Answer):
    """A column that the reader found: its name, the type it looks like, and some of its values."""

    name: str
    type: Literal["text", "number", "time", "list"]
    samples: tuple[str, ...] = ()


class Preview(Answer):
    """What the reader makes of a file before anything is imported.

    Attributes:
        path: the file.
        dialect: as sniffed, or as given.
        columns: the file's columns, with samples.
        rows: the first rows as text, at most 50.
        mapping: the suggested mapping.
        size: bytes on disk.
        total: rows of the file.
        exact: whether `total` was counted; else it is estimated by the length of the first lines.
    """

    path: str
    size: int
    dialect: Dialect
    columns: tuple[SourceColumn, ...]
    rows: tuple[tuple[str | None, ...], ...]
    mapping: Mapping
    total: int = 0
    exact: bool = False


class TriedRow(Answer):
    """A row as an import would see it.

    Attributes:
        number: among the rows of the file, from 1.
        cells: as text, in the order of the file's columns.
        column: the file's column at fault, empty where it is the whole row, or none.
        reason: why the row would be rejected; empty for a good one.
    """

    number: int = 0
    cells: tuple[str | None, ...]
    column: str = ""
    reason: str = ""


class Trial(Answer):
    """What an import would do with the first rows: how many were looked at, how many of them it would reject.

    `rows` are the very first ones and some that would be rejected, in the order of the file.
    """

    looked_at: int = 0
    rejected: int = 0
    rows: tuple[TriedRow, ...] = ()


class ImportReport(Answer):
    """What an import did. `rejects` is the path of the file of rejected rows, empty if there are none."""

    id: str
    path: str
    kind: Kind
    at: datetime
    read: int
    added: int
    updated: int
    unchanged: int
    rejected: int
    rejects: str = ""
    notes: tuple[str, ...] = ()
    seconds: float = 0.0


def targets(kind: Kind) -> tuple[str, ...]:
    """The fixed target names of that kind; `Attributes.…` and `Metrics.…` come on top."""
    return (
        EVENT_FIELDS if kind == "events" else tuple(name for name in FIELDS if name not in {"CreationDate", "CohortId"})
    )


def is_target(kind: Kind, name: str) -> bool:
    """Whether a column may be mapped to this name."""
    if kind == "endpoints":
        return is_field(name)
    return name in EVENT_FIELDS or any(
        name.startswith(prefix) and len(name) > len(prefix) for prefix in (ATTRIBUTE, METRIC)
    )


def check(mapping: Mapping, sources: tuple[str, ...]) -> tuple[Problem, ...]:
    """Problems at `columns.N.target|source`, or at `columns` where something is missing as a whole."""
    found: list[Problem] = []
    seen: set[str] = set()
    for number, column in enumerate(mapping.columns):
        found += _check_column(mapping.kind, number, column, sources)
        single = not column.target.startswith((ATTRIBUTE, USER_ATTRIBUTE))
        if single and column.target in seen:
            found.append(
                Problem(
                    f"columns.{number}.target",
                    Words(N_("{target} is fed by two columns."), {"target": column.target}),
                    Words(N_("Leave one of them out.")),
                )
            )
        seen.add(column.target)
    found += _missing_of_event(seen) if mapping.kind == "events" else _missing_of_person(mapping, seen)
    return tuple(found)


def _check_column(kind: Kind, number: int, column: Column, sources: tuple[str, ...]) -> list[Problem]:
    found = []
    if not is_target(kind, column.target):
        found.append(
            Problem(
                f"columns.{number}.target",
                Words(N_("“{target}” is not a field."), {"target": column.target}),
                Words(N_("Choose a field, or Attributes.NAME for your own.")),
            )
        )
    elif is_too_long(column.target):
        found.append(
            Problem(
                f"columns.{number}.target",
                Words(N_("The name has more than {limit} characters."), {"limit": NAME_LENGTH}),
                Words(N_("Give it a shorter one, or leave it out.")),
            )
        )
    missing = [name for name in needed(column) if name not in sources]
    if missing:
        found.append(
            Problem(
                f"columns.{number}.source",
                Words(N_("The file has no column “{name}”."), {"name": missing[0]}),
                Words(N_("Choose one of the file's columns.")),
            )
        )
    if not column.source and not column.value:
        found.append(
            Problem(f"columns.{number}.source", Words(N_("Nothing feeds {target}."), {"target": column.target}))
        )
    return found


def is_too_long(target: str) -> bool:
    """Whether the target is a name of one's own that is too long to be kept."""
    prefix = next((each for each in sorted(OPEN_PREFIXES, key=len, reverse=True) if target.startswith(each)), target)
    return len(target) - len(prefix) > NAME_LENGTH


def needed(column: Column) -> tuple[str, ...]:
    """Names of the file's columns that this target reads, in order."""
    if not column.value:
        return (column.source,) if column.source else ()
    return tuple(name for _, name in pieces(column.value) if name)


def pieces(pattern: str) -> tuple[tuple[str, str], ...]:
    """A pattern as (fixed text, column name) pairs; the last name is empty. A lone brace is fixed text."""
    out: list[tuple[str, str]] = []
    text = pattern
    fixed = ""
    while text:
        head, brace, rest = text.partition("{")
        name, closing, after = rest.partition("}")
        if not (brace and closing and name):
            fixed += text
            break
        out.append((fixed + head, name))
        fixed, text = "", after
    out.append((fixed, ""))
    return tuple(out)


def _missing_of_event(seen: set[str]) -> list[Problem]:
    found = [_lacking(name) for name in ("EventType", "Timestamp") if name not in seen]
    if not seen & {"EndpointId", "UserId", "Address"}:
        found.append(
            Problem(
                "columns",
                Words(N_("No column says whose event it is.")),
                Words(N_("Map one to EndpointId, UserId or Address.")),
            )
        )
    return found


def _missing_of_person(mapping: Mapping, seen: set[str]) -> list[Problem]:
    """What the importer would reject every row for, and what it would leave out."""
    found = []
    if "Address" not in seen and "Id" not in seen:
        found.append(_no_address(mapping, seen))
    elif not {"Address", "ChannelType"} <= seen and "Id" in seen:
        text = Words(N_("Only people who are there already are changed: new ones need an address and a channel."))
        found.append(Problem("columns", text, blocks=False))
    elif "ChannelType" not in seen:
        text = Words(N_("Nothing says on which channel the address is."))
        fix = Words(N_("Map a column to ChannelType, or add a value: EMAIL, or SMS for phone numbers."))
        found.append(Problem("columns", text, fix))
    if "User.UserId" not in seen:
        text = Words(N_("No column gives a user ID: for new people this would be left out."))
        fix = Words(N_("Map a column to User.UserId, or add a value, such as the address in braces."))
        found += [
            Problem(f"columns.{number}.target", text, fix, blocks=False)
            for number, column in enumerate(mapping.columns)
            if column.target.startswith(USER_ATTRIBUTE)
        ]
    return found


def _no_address(mapping: Mapping, seen: set[str]) -> Problem:
    if "User.UserId" not in seen:
        return Problem(
            "columns", Words(N_("No column says who the person is.")), Words(N_("Map one to Address or Id."))
        )
    named = next(column for column in mapping.columns if column.target == "User.UserId")
    example = f"{named.value or f'{{{named.source}}}'}@example.com"
    return Problem(
        "columns",
        Words(N_("The file names users only; a person needs an address and a channel.")),
        Words(N_("Map a column to Address, or add a value such as {example}."), {"example": example}),
    )


_MAIL: Final = re.compile(r"^[^@\s]+@[^@\s]+\.[^@\s]+$")
_NAMED: Final = {"EMAIL": ("mail", "почта"), "SMS": ("phone", "mobile", "телефон", "мобильный")}
_PHONE: Final = re.compile(r"^'?\+[\d\s()-]{6,}$")


def channel_of(values: Sequence[str], name: str = "") -> str:
    """The channel of addresses like these, in a column of that name: `EMAIL`, `SMS`, or empty where nothing tells."""
    if values and all(_PHONE.match(value) for value in values):
        return "SMS"
    if any(_MAIL.match(value) for value in values):
        return "EMAIL"
    lower = name.lower()
    return next((channel for channel, words in _NAMED.items() if any(word in lower for word in words)), "")


def _lacking(target: str) -> Problem:
    return Problem(
        "columns",
        Words(N_("No column is mapped to {target}."), {"target": target}),
        Words(N_("Map a column to it, or give a fixed value.")),
    )


def open_target(kind: Kind, name: str, number: bool) -> str:  # noqa: FBT001 - reads as "is it a number"
    """The target for a column of one's own: a metric if it holds numbers, else an attribute."""
    del kind
    return f"{METRIC if number else ATTRIBUTE}{name}"


__all__ = [
    "EVENT_FIELDS", "NAME_LENGTH", "OPEN_PREFIXES", "Column", "Dialect", "FileFormat", "ImportReport", "Kind",
    "Mapping", "Preview", "SourceColumn", "Trial", "TriedRow", "channel_of", "check", "is_target", "is_too_long",
    "needed", "open_target", "pieces", "targets",
]  # fmt: skip
