"""From the cells of a file to the values of a field, in SQL: text, lists, numbers, times."""

from collections.abc import Sequence
from typing import Final

from workbench.plan import mapping as mappings
from workbench.plan.mapping import Column
from workbench.store import sniff
from workbench.store.file import quoted
from workbench.store.sources import Field, Source
from workbench.store.suggestions import EPOCH

#: Earliest and latest time that is taken for real.
EARLIEST: Final = "TIMESTAMP '1900-01-01'"
LATEST: Final = "TIMESTAMP '2200-01-01'"
#: Larger numbers are no seconds since 1970; larger ones yet (from the year 2286 on) are no milliseconds either.
_MOST_SECONDS: Final = 99_999_999_999
_MOST_MILLISECONDS: Final = 9_999_999_999_999
#: Text that a spreadsheet would take for a formula, with any apostrophes that guard it; plain numbers are harmless.
_FORMULA: Final = r"^''*[=+\-@\t\r]"
_GUARDED: Final = r"^''+[=+\-@\t\r]"
_PLAIN_NUMBER: Final = r"^[-+][0-9][0-9 .]*$"
_WITH_OFFSET: Final = r":.*([Zz]|[-+][0-9]{2}(:?[0-9]{2})?)$|[A-Za-z]+/[A-Za-z_]+$"


def guarded(value: str) -> str:
    """The text with an apostrophe before what a spreadsheet would calculate; `unguarded` takes it off again."""
    formula = (
        f"regexp_matches({value}, {_pattern(_FORMULA)}) AND NOT regexp_matches({value}, {_pattern(_PLAIN_NUMBER)})"
    )
    return f"CASE WHEN {formula} THEN '''' || {value} ELSE {value} END"


def unguarded(value: str) -> str:
    """The text without the apostrophe that keeps a spreadsheet from calculating it."""
    return (
        f"CASE WHEN starts_with({value}, '''') AND regexp_matches({value}, {_pattern(_GUARDED)}) "
        f"THEN substr({value}, 2) ELSE {value} END"
    )


def _pattern(text: str) -> str:
    """A regular expression as an SQL literal; an apostrophe in it is doubled already."""
    return "'" + text + "'"


class Values:
    """Expressions over the columns of one source.

    Args:
        source: the opened file.
        timezone: the zone of times that do not say theirs.
    """

    def __init__(self, source: Source, timezone: str) -> None:
        self._source = source
        self._timezone = timezone
        self._is_csv = source.dialect.format == "csv"

    def text(self, column: Column, *, trimmed: bool = True) -> str:
        """The value as text, NULL where the cell is blank or a part of the pattern is."""
        if column.value:
            parts = [
                piece
                for fixed, name in mappings.pieces(column.value)
                for piece in (quoted(fixed) if fixed else "", self._cell(name, trimmed=True) if name else "")
                if piece
            ]
            return f"({' || '.join(parts)})"
        return self._cell(column.source, trimmed=trimmed)

    def given(self, column: Column) -> str:
        """What is NULL exactly where `text` is, without the cost of writing numbers and times as text."""
        native = self._native(column)
        return native.column if native and native.native in {"number", "time", "instant"} else self.text(column)

    def _cell(self, name: str, *, trimmed: bool) -> str:
        field = self._source.field(name)
        match field.native:
            case "plain":
                return field.column
            case "text":
                cell = unguarded(field.column) if self._is_csv and not self._is_blanks() else field.column
                if trimmed or self._source.padded:
                    return f"nullif(trim({cell}), '')"
                return f"CASE WHEN trim({field.column}) <> '' THEN {cell} END"
            case "list":
                return f"nullif(trim({field.column}[1]), '')"
            case "time" | "instant":
                return f"strftime({field.column}, '%Y-%m-%dT%H:%M:%S')"
            case "number":
                return f"CAST({field.column} AS VARCHAR)"

    def _is_blanks(self) -> bool:
        return self._source.dialect.delimiter == sniff.BLANKS

    def is_single(self, columns: Sequence[Column]) -> bool:
        """Whether the columns feed an attribute with one text at most."""
        return len(columns) == 1 and self._list_field(columns[0]) is None

    def many(self, columns: Sequence[Column]) -> str:
        """All values of an attribute as a list, which may be empty."""
        found = [
            field.column if field else f"[{self.text(column, trimmed=False)}]"
            for column, field in ((column, self._list_field(column)) for column in columns)
        ]
        joined = found[0] if len(found) == 1 else f"list_concat({', '.join(found)})"
        return f"list_filter({joined}, lambda item: trim(item) <> '')"

    def _list_field(self, column: Column) -> Field | None:
        field = None if column.value else self._source.field(column.source)
        return field if field and field.native == "list" else None

    def number(self, column: Column) -> str:
        """The value as DOUBLE, NULL where it is blank or not finite; decimal commas where commas do not divide."""
        native = self._native(column)
        if native and native.native == "number":
            return _finite(f"CAST({native.column} AS DOUBLE)")
        text = self.text(column)
        if self._is_csv and self._source.dialect.delimiter == ",":
            return _finite(f"TRY_CAST({text} AS DOUBLE)")
        return _finite(f"TRY_CAST(replace({text}, ',', '.') AS DOUBLE)")

    def time(self, column: Column) -> str:
        """The value as TIMESTAMP in UTC, NULL where it is blank, unreadable or before 1900 or after 2200."""
        native = self._native(column)
        if native and native.native in {"time", "instant"}:
            value = native.column if native.native == "instant" else self._from_local(native.column)
        elif native and native.native == "number":
            value = _epoch(f"TRY_CAST({native.column} AS BIGINT)")
        else:
            value = self._parsed(self.text(column), column.date_format)
        return f"CASE WHEN {value} BETWEEN {EARLIEST} AND {LATEST} THEN {value} END"

    def _native(self, column: Column) -> Field | None:
        return None if column.value else self._source.field(column.source)

    def _parsed(self, text: str, date_format: str) -> str:
        if date_format == EPOCH:
            return _epoch(f"TRY_CAST({text} AS BIGINT)")
        if "%z" in date_format or "%Z" in date_format:
            return _utc(f"try_strptime({text}, {quoted(date_format)})")
        if date_format:
            return self._from_local(f"try_strptime({text}, {quoted(date_format)})")
        instant = _utc(f"TRY_CAST({text} AS TIMESTAMPTZ)")
        if self._timezone == "UTC":
            return instant
        local = self._from_local(f"TRY_CAST({text} AS TIMESTAMP)")
        return f"CASE WHEN regexp_matches({text}, {_pattern(_WITH_OFFSET)}) THEN {instant} ELSE {local} END"

    def _from_local(self, value: str) -> str:
        return value if self._timezone == "UTC" else _utc(f"timezone({quoted(self._timezone)}, {value})")


def _utc(instant: str) -> str:
    """An instant with a zone as a UTC timestamp without one."""
    return f"make_timestamp(epoch_us({instant}))"


def _epoch(number: str) -> str:
    """Seconds, or milliseconds from the year 5138 of seconds on, since 1970; NULL far outside what is taken for real.

    The bounds are also those in which the products and the timestamp exist.
    """
    return (
        f"make_timestamp(CASE WHEN {number} BETWEEN -{_MOST_SECONDS} AND {_MOST_SECONDS} THEN {number} * 1000000 "
        f"WHEN {number} BETWEEN -{_MOST_MILLISECONDS} AND {_MOST_MILLISECONDS} THEN {number} * 1000 END)"
    )


def _finite(number: str) -> str:
    return f"CASE WHEN isfinite({number}) THEN {number} END"
