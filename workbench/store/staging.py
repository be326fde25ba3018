"""What imports of both kinds share: checks of rows, the list of rejected ones, progress over several statements."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import duckdb

from workbench.plan.words import tr, trn
from workbench.store import sniff, values, watch
from workbench.store.file import quoted
from workbench.store.queries import literal
from workbench.store.sources import FAULT, Source
from workbench.store.watch import Advance

RAW: Final = "import_raw"
_REJECTED: Final = "import_rejected"
#: finds every cell with an apostrophe or a blank before it, a blank after it, or nothing in it, and a few more: one
#: comparison (what begins with one of `!"#$%&` too) is cheaper than asking for each
_UNTIDY: Final = "bool_or({cell} < '(' OR ends_with({cell}, ' '))"
#: how much larger packed text is when unpacked, for the first estimate of the number of rows
_PACKED: Final = 6


@dataclass(frozen=True, slots=True)
class Check:
    """One way in which a row can be wrong.

    Attributes:
        wrong: SQL that is TRUE for a wrong row.
        target: the field at fault, as the mapping calls it.
        value: SQL of the text that is shown in the list of rejected rows.
        reason: the sentence shown there.
    """

    wrong: str
    target: str
    value: str
    reason: str


def code(checks: Sequence[Check]) -> str:
    """SQL for the number (from 1) of the first check that finds fault with the row, 0 for a good row."""
    cases = " ".join(f"WHEN {check.wrong} THEN {number}" for number, check in enumerate(checks, 1))
    return f"CASE {cases} ELSE 0 END" if cases else "0"


def numbered(cursor: duckdb.DuckDBPyConnection) -> str:
    """The staged rows with `place`, their number from 0: rows of an open transaction are numbered from far above."""
    row = cursor.execute(f"SELECT coalesce(min(rowid), 0) FROM {RAW}").fetchone()
    return f"(SELECT rowid - {row[0] if row else 0} AS place, * FROM {RAW})"


def fault_checks(source: Source) -> list[Check]:
    """Checks of rows that cannot be taken apart, for formats whose relation says so."""
    if source.dialect.format == "ndjson":
        return [Check(f"{FAULT} IS NOT NULL", "", "NULL", tr("The line is not a JSON object."))]
    if source.dialect.delimiter == sniff.BLANKS:
        return [Check(f"{FAULT} IS NOT NULL", "", "NULL", tr("The row has more or fewer cells than the header."))]
    return []


def ragged_words() -> dict[str, str]:
    """Why the CSV reader cannot take a row apart, by its kind of error."""
    return {
        "MISSING COLUMNS": tr("The row has fewer cells than the header."),
        "TOO MANY COLUMNS": tr("The row has more cells than the header."),
        "UNQUOTED VALUE": tr("A quote is not closed."),
        "INVALID ENCODING": tr("The row is not UTF-8."),
        "LINE SIZE OVER MAXIMUM": tr("The row is too long."),
    }


def stage(meter: "Meter", source: Source, rejects: "Rejects") -> tuple[Source, int]:
    """Read the source into the table of raw cells; gives the source as it is there, and the number of rows.

    Rows that cannot be taken apart are noted as rejected; `meter.total` counts them too.
    """
    rows = meter.run(f"CREATE TEMP TABLE {RAW} AS {source.relation}", 0.4)
    meter.total = rows + rejects.note_ragged()
    texts = [field for field in source.fields if field.native == "text"]
    if not texts:
        return source, rows
    # most files have nothing to tidy: to know it saves tidying every cell each time it is looked at
    untidy = ", ".join(_UNTIDY.format(cell=field.column) for field in texts)
    answers = meter.cursor.execute(f"SELECT {untidy} FROM {RAW}").fetchone() or ()
    tidy = {field.column for field, answer in zip(texts, answers, strict=True) if not answer}
    fields = tuple(replace(field, native="plain") if field.column in tidy else field for field in source.fields)
    return replace(source, fields=fields), rows


class Meter:
    """Turns the parts of an import into rows done: each statement takes its share of the whole."""

    def __init__(self, cursor: duckdb.DuckDBPyConnection, advance: Advance, total: int) -> None:
        self.cursor = cursor
        self._advance = advance
        self.total = total
        self._share = 0.0

    def run(self, statement: str, share: float) -> int:
        """Execute; `share` is how much of the whole is done after it, 0 to 1. Gives the first number of the answer."""
        first, self._share = self._share, share

        def report(part: float, /) -> None:
            self._advance(int(self.total * (first + (share - first) * part)), self.total)

        row = watch.run(self.cursor, statement, report).fetchone()
        self._advance(int(self.total * share), self.total)
        return int(row[0]) if row and isinstance(row[0], int) else 0


def estimated_rows(cursor: duckdb.DuckDBPyConnection, source: Source) -> int:
    """How many rows the file has: exactly for Parquet, by the length of its first lines for text."""
    if source.dialect.format == "parquet":
        row = cursor.execute(f"SELECT num_rows FROM parquet_file_metadata({quoted(str(source.path))})").fetchone()
        return int(row[0]) if row else 0
    packed = sniff.is_gzipped(source.path)
    with sniff.opened(source.path, gzipped=packed) as file:
        head = file.read(sniff.SAMPLE)
    size = source.path.stat().st_size * (_PACKED if packed else 1)
    return max(1, int(size / len(head) * head.count(b"\n"))) if head else 1


class Rejects:
    """The rows that were not taken, with the field at fault, its value and the reason."""

    def __init__(self, cursor: duckdb.DuckDBPyConnection, source: Source) -> None:
        self._cursor = cursor
        self._source = source
        columns = 'place BIGINT, "row" BIGINT, target VARCHAR, value VARCHAR, reason VARCHAR'
        cursor.execute(f"CREATE TEMP TABLE {_REJECTED} ({columns})")

    def note(self, relation: str, place: str, checks: Sequence[Check]) -> None:
        """Note the relation's rows whose column `code` is not 0."""

        def each(texts: Sequence[str]) -> str:
            return "CASE code " + " ".join(f"WHEN {n} THEN {text}" for n, text in enumerate(texts, 1)) + " END"

        self._cursor.execute(
            f"""INSERT INTO {_REJECTED} SELECT {place}, NULL, {each([literal(check.target) for check in checks])},
                {each([f"CAST({check.value} AS VARCHAR)" for check in checks])},
                {each([literal(check.reason) for check in checks])}
                FROM {relation} WHERE code <> 0"""
        )

    def note_ragged(self) -> int:
        """Note the rows that the CSV reader could not take apart, and give how many they are."""
        if not self._source.ragged:
            return 0
        reasons = " ".join(f"WHEN '{name}' THEN {literal(text)}" for name, text in ragged_words().items())
        row = self._cursor.execute(
            f"""INSERT INTO {_REJECTED}
                SELECT line - {self._source.first_line}, line, '', left(any_value(csv_line), 1000),
                    any_value(CASE CAST(error_type AS VARCHAR) {reasons} ELSE error_message END)
                FROM reject_errors WHERE scan_id = (SELECT max(scan_id) FROM reject_errors) GROUP BY line"""
        ).fetchone()
        return int(row[0]) if row else 0

    def count(self) -> int:
        """How many rows were rejected."""
        row = self._cursor.execute(f"SELECT count(*) FROM {_REJECTED}").fetchone()
        return int(row[0]) if row else 0

    def commonest(self) -> str:
        """The reason for which most rows were rejected, with how many; empty where none was."""
        row = self._cursor.execute(
            f"SELECT reason, count(*) AS n FROM {_REJECTED} GROUP BY reason ORDER BY n DESC, reason LIMIT 1"
        ).fetchone()
        if row is None:
            return ""
        reason, n = row
        total = self.count()
        if n < total:
            text = tr("{n} of {total} rejected rows: {reason}")
        else:
            text = trn("{n} row was rejected: {reason}", "{n} rows were rejected: {reason}", n)
        return text.format(n=f"{n:,}", total=f"{total:,}", reason=reason)

    def write(self, path: Path) -> None:
        """Write them as CSV: row (in the file, its header counted), column, value, reason."""
        # rows that could not be taken apart are not among the numbered ones: those that come after them move down
        self._cursor.execute(
            f"""COPY (
                WITH ragged AS (
                    SELECT "row" - {self._source.first_line} - row_number() OVER (ORDER BY "row") + 1 AS before
                    FROM {_REJECTED} WHERE "row" IS NOT NULL),
                numbered AS (SELECT coalesce("row", place + {self._source.first_line}
                                + (SELECT count(*) FROM ragged WHERE before <= place)) AS number, * FROM {_REJECTED})
                SELECT number AS "row", target AS "column", {values.guarded("value")} AS "value", reason FROM numbered
                ORDER BY number) TO {quoted(str(path))} (FORMAT csv, HEADER)"""
        )
