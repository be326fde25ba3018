"""Statements put together from parts: the text and its parameters travel as one value and cannot get out of step."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from string import Formatter
from typing import Final

import duckdb

_FORMATTER = Formatter()
#: significant digits that a decimal keeps when it becomes a double
_EXACT_DIGITS: Final = 15


@dataclass(frozen=True, slots=True)
class Query:
    """A statement, or a piece of one, with a `?` in the text for each parameter, in order."""

    text: str
    parameters: tuple[object, ...] = ()

    def run(self, cursor: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
        """Execute on the cursor and give the cursor, ready to fetch."""
        return cursor.execute(self.text, list(self.parameters))

    def number(self, cursor: duckdb.DuckDBPyConnection) -> int:
        """Execute and give the single whole number that is the answer."""
        row = self.run(cursor).fetchone()
        return int(row[0]) if row and row[0] is not None else 0


def sql(template: str, /, **values: object) -> Query:
    """Fill a template: a `Query` in braces is spliced in with its parameters, anything else becomes a parameter.

    >>> sql("SELECT {what} FROM people WHERE age > {age}", what=identifier("name"), age=30)
    Query(text='SELECT "name" FROM people WHERE age > ?', parameters=(30,))
    """
    text: list[str] = []
    parameters: list[object] = []
    for literal, name, _, _ in _FORMATTER.parse(template):
        text.append(literal)
        if name is None:
            continue
        value = values[name]
        if isinstance(value, Query):
            text.append(value.text)
            parameters += value.parameters
        else:
            text.append("?")
            parameters.append(value)
    return Query("".join(text), tuple(parameters))


def join(separator: str, queries: Iterable[Query]) -> Query:
    """The queries with the separator between them; empty text for none."""
    parts = tuple(queries)
    return Query(
        separator.join(part.text for part in parts), tuple(value for part in parts for value in part.parameters)
    )


def utc(moment: datetime) -> datetime:
    """The instant as the store keeps it: UTC without a zone."""
    return moment.astimezone(UTC).replace(tzinfo=None)


def identifier(name: str) -> Query:
    """A table's or column's name, quoted."""
    return Query('"' + name.replace('"', '""') + '"')


def shown(query: Query) -> str:
    """The statement with its parameters written in, to be read by a person; it is never executed.

    A `?` inside quotes is text and stays.
    """
    out: list[str] = []
    values = iter(query.parameters)
    quote = ""
    for mark in query.text:
        if quote:
            quote = "" if mark == quote else quote
        elif mark in "'\"":
            quote = mark
        elif mark == "?":
            out.append(literal(next(values)))
            continue
        out.append(mark)
    return "".join(out)


def literal(value: object) -> str:  # noqa: PLR0911 - one line per type
    """A value as SQL text: text, numbers, times (UTC), lists of these, NULL."""
    match value:
        case None:
            return "NULL"
        case bool():
            return "TRUE" if value else "FALSE"
        case int():
            return str(value)
        case float():
            return _double(value) if math.isfinite(value) else f"'{value}'::DOUBLE"
        case datetime():
            return f"TIMESTAMP '{value.replace(tzinfo=None).isoformat(sep=' ')}'"
        case date():
            return f"DATE '{value.isoformat()}'"
        case list() | tuple():
            return "[" + ", ".join(literal(item) for item in value) + "]"
        case _:
            return "'" + str(value).replace("'", "''") + "'"


def _double(value: float) -> str:
    """A finite number as SQL: more digits than a decimal turns into the same double are marked as a double."""
    text = repr(value)
    digits = sum(mark.isdigit() for mark in text.lstrip("-0."))
    return text if "e" in text or digits <= _EXACT_DIGITS else f"{text}e0"
