"""What is in a file, before anything is imported: dialect, columns, first rows and a suggested mapping."""

from pathlib import Path
from typing import Final

import duckdb

from workbench.plan.mapping import Dialect, Kind, Mapping, Preview, SourceColumn
from workbench.store import sniff, sources, staging, suggestions
from workbench.store.sources import Field, Source

#: rows that types are guessed from, rows that are shown, samples of a column
_LOOKED_AT: Final = 1000
_SHOWN: Final = 50
_SAMPLES: Final = 5
#: bytes of a file whose rows are counted rather than estimated
_COUNTED: Final = 8 << 20

#: rows that the last query could not take apart
_RAGGED: Final = (
    "SELECT count(DISTINCT line) FROM reject_errors WHERE scan_id = (SELECT max(scan_id) FROM reject_scans)"
)


def preview(cursor: duckdb.DuckDBPyConnection, path: Path, kind: Kind | None, dialect: Dialect) -> Preview:
    """Look at the first rows; `kind` None: guess it. Raises a `StoreError` for a file that is no table."""
    with sources.opened(cursor, path, dialect) as source:
        columns = ", ".join(field.column for field in source.fields)
        try:
            rows = cursor.execute(f"SELECT {columns} FROM ({source.relation}) LIMIT {_LOOKED_AT}").fetchall()
        except duckdb.InterruptException:
            raise
        except duckdb.Error as error:
            raise sources.explained(path, error) from error
        found = tuple(_column(field, [row[number] for row in rows]) for number, field in enumerate(source.fields))
        return _preview(path, kind, source, found, rows).model_copy(update=_total(cursor, path, source))


def _total(cursor: duckdb.DuckDBPyConnection, path: Path, source: Source) -> dict[str, int | bool]:
    """The number of rows, ragged ones too: counted where that takes no time, else estimated."""
    if source.dialect.format == "parquet":
        return {"total": staging.estimated_rows(cursor, source), "exact": True}
    if path.stat().st_size > _COUNTED or sniff.is_gzipped(path):
        return {"total": staging.estimated_rows(cursor, source), "exact": False}
    whole, _ = cursor.execute(f"SELECT count(*), 0 FROM ({source.relation})").fetchone() or (0, 0)
    ragged = cursor.execute(_RAGGED).fetchone() if source.ragged else None
    return {"total": whole + (ragged[0] if ragged else 0), "exact": True}


def _preview(
    path: Path, kind: Kind | None, source: Source, columns: tuple[SourceColumn, ...], rows: list[tuple[object, ...]]
) -> Preview:
    kind = kind or suggestions.kind_of(columns)
    return Preview(
        path=str(path),
        size=path.stat().st_size,
        dialect=source.dialect,
        columns=tuple(column.model_copy(update={"samples": column.samples[:_SAMPLES]}) for column in columns),
        rows=tuple(tuple(shown(cell) for cell in row) for row in rows[:_SHOWN]),
        mapping=Mapping(kind=kind, dialect=source.dialect, columns=suggestions.mapping(path, kind, columns)),
    )


def _column(field: Field, values: list[object]) -> SourceColumn:
    samples = tuple(dict.fromkeys(sample for value in values if (sample := (shown(value) or "").strip())))
    match field.native:
        case "text":
            type_name, _ = suggestions.type_of(samples)
            return SourceColumn(name=field.name, type=type_name, samples=samples)
        case "instant":
            return SourceColumn(name=field.name, type="time", samples=samples)
        case "plain":
            return SourceColumn(name=field.name, type="text", samples=samples)
        case native:
            return SourceColumn(name=field.name, type=native, samples=samples)


def shown(value: object) -> str | None:
    """A cell as text; the values of a list one after the other."""
    if value is None:
        return None
    if isinstance(value, list):
        return ", ".join(str(item) for item in value if item is not None)
    return str(value)
