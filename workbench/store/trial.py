"""What an import would make of the first rows of a file: which it would reject, at which column, and why."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

import duckdb

from workbench.plan.mapping import Mapping, Trial, TriedRow, needed
from workbench.plan.words import tr
from workbench.store import (
    catalogue,
    endpoint_fields,
    event_fields,
    imports,
    imports_endpoints,
    rollups,
    sniff,
    sources,
)
from workbench.store.reader import shown
from workbench.store.sources import Source
from workbench.store.staging import Check, code, ragged_words

#: rows that are looked at; rows that are shown whether good or not; rows that are shown because they are not
LOOKED_AT: Final = 100
_FIRST: Final = 5
_FAULTY: Final = 5
#: bytes of a file that is copied in another encoding for a look at its first rows
_COPIED: Final = 32 << 20


def run(cursor: duckdb.DuckDBPyConnection, path: Path, mapping: Mapping) -> Trial:
    """Check the first rows by the mapping, whose problems have been checked; nothing is written.

    Raises `SourceError`, `FileMissingError`, `NotPermittedError`. A large file that must be copied to be read is not
    looked at.
    """
    if path.stat().st_size > _COPIED and sniff.must_be_copied(path, mapping.dialect):
        return Trial()
    with sources.opened(cursor, path, mapping.dialect) as source:
        first = (
            f"(SELECT row_number() OVER () - 1 AS place, * FROM (SELECT * FROM ({source.relation}) LIMIT {LOOKED_AT}))"
        )
        relation, checks = _checked(cursor, first, source, mapping)
        cells = ", ".join(field.column for field in source.fields)
        try:
            found = cursor.execute(f"SELECT {code(checks)}, {cells} FROM {relation} ORDER BY place").fetchall()
        except duckdb.InterruptException:
            raise
        except duckdb.Error as error:
            raise sources.explained(path, error) from error
        good = [_tried(checks, int(number), row, mapping) for number, *row in found]
        rows = _in_order(good, _ragged(cursor, source))
    return _told(rows[:LOOKED_AT])


def _checked(
    cursor: duckdb.DuckDBPyConnection, first: str, source: Source, mapping: Mapping
) -> tuple[str, Sequence[Check]]:
    """The rows with all that the checks need, and the checks."""
    columns = catalogue.load_reserved(cursor)
    for kind, names in imports.names(mapping).items():  # names that are new have no column yet, and need none here
        place = _PLACES[kind]
        columns = replace(columns, **{place: {**dict.fromkeys(names, "new"), **columns.of(kind)}})
    if mapping.kind == "events":
        fields = event_fields.event_fields(mapping, source, columns, rollups.zone(cursor))
        return event_fields.owned(fields, first), fields.checks
    slots = imports_endpoints.slots(cursor, mapping, source, columns)
    return first, (*slots.checks, *endpoint_fields.checks_of_new(slots, slots.id))


_PLACES: Final[dict[catalogue.Kind, str]] = {
    "attribute": "attributes",
    "metric": "metrics",
    "user_attribute": "user_attributes",
    "event_attribute": "event_attributes",
    "event_metric": "event_metrics",
}


def _tried(checks: Sequence[Check], number: int, row: Sequence[object], mapping: Mapping) -> TriedRow:
    cells = tuple(shown(cell) for cell in row)
    if not number:
        return TriedRow(cells=cells)
    check = checks[number - 1]
    feeds = [name for column in mapping.columns if column.target == check.target for name in needed(column)]
    return TriedRow(cells=cells, column=feeds[0] if feeds else "", reason=check.reason)


def _ragged(cursor: duckdb.DuckDBPyConnection, source: Source) -> dict[int, TriedRow]:
    """The rows that could not be taken apart, by their place in the file; cells that are too many go with the last."""
    if not source.ragged:
        return {}
    words = ragged_words()
    width = len(source.fields)
    out = {}
    for line, text, kind in cursor.execute(
        """SELECT line, any_value(csv_line), any_value(CAST(error_type AS VARCHAR)) FROM reject_errors
           GROUP BY line ORDER BY line LIMIT $1""",
        [LOOKED_AT],
    ).fetchall():
        cells = next(iter(sniff.split(text or "", source.dialect.delimiter, source.dialect.quote)), [])
        whole = [*cells[:width], *[None] * (width - len(cells))]
        reason = words.get(kind, tr("The row cannot be taken apart."))
        out[line - source.first_line] = TriedRow(cells=tuple(whole), reason=reason)
    return out


def _in_order(good: Sequence[TriedRow], ragged: dict[int, TriedRow]) -> list[TriedRow]:
    """All rows as they stand in the file; the ragged ones are not among the others."""
    rest = iter(good)
    rows: list[TriedRow] = []
    while (row := ragged.get(len(rows)) or next(rest, None)) is not None:
        rows.append(row.model_copy(update={"number": len(rows) + 1}))
    return rows


def _told(rows: Sequence[TriedRow]) -> Trial:
    faulty = [row for row in rows if row.reason]
    shown_rows = [*rows[:_FIRST], *[row for row in faulty if row.number > _FIRST][:_FAULTY]]
    return Trial(looked_at=len(rows), rejected=len(faulty), rows=tuple(shown_rows))
