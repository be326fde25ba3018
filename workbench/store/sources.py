"""A file to import as an SQL relation: one row per row of the file, columns `c0`, `c1`, ... in the file's order."""

import codecs
import json
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

import duckdb

from workbench.plan.mapping import Dialect
from workbench.plan.words import tr
from workbench.store import encodings, json_lines, sniff
from workbench.store.errors import SourceError
from workbench.store.file import quoted
from workbench.store.queries import identifier
from workbench.store.sniff import Sniffed
from workbench.store.watch import Advance

#: longest line of a text file, in bytes
_LONGEST_LINE: Final = 16 << 20
_CHUNK: Final = 1 << 20
#: no line of text holds this mark, so that a line is one column
_NO_DELIMITER: Final = "\x01"

Native = Literal["text", "plain", "list", "number", "time", "instant"]


@dataclass(frozen=True, slots=True)
class Field:
    """A column of the file.

    Attributes:
        name: as the file calls it; unique.
        column: its name in the relation.
        native: what the relation's column holds: VARCHAR (`plain` where no cell has blanks at its ends or a guard
            against spreadsheets), VARCHAR[], a number, a TIMESTAMP without a zone (`time`) or in UTC (`instant`).
    """

    name: str
    column: str
    native: Native


@dataclass(frozen=True, slots=True)
class Source:
    """An opened file.

    Attributes:
        relation: `SELECT ... FROM ...`; for Parquet its column `line` numbers the rows from 1.
        fields: its columns, in order.
        padded: cells have blanks after their delimiters.
        ragged: a query that reads the relation notes rows that do not fit in `reject_errors`.
        first_line: number of the first row in the file.
    """

    path: Path
    dialect: Dialect
    relation: str
    fields: tuple[Field, ...]
    padded: bool = False
    ragged: bool = False
    first_line: int = 1

    def field(self, name: str) -> Field:
        """The column of that name."""
        return next(field for field in self.fields if field.name == name)


@contextmanager
def opened(
    cursor: duckdb.DuckDBPyConnection, path: Path, dialect: Dialect, advance: Advance | None = None
) -> Iterator[Source]:
    """The file as a relation of the cursor. What has to be unpacked or transcoded is removed at the end.

    `advance` is given by who will read every row: an archive is read to its end first, and `advance` may stop that.
    Raises `SourceError`, `FileMissingError`, `NotPermittedError`.
    """
    found = sniff.sniff(path, dialect)
    with tempfile.TemporaryDirectory(prefix="workbench-") as folder:
        readable = _readable(path, found, Path(folder), advance)
        unpacked = readable != path
        makers: dict[str, Callable[[duckdb.DuckDBPyConnection, Path, Sniffed, str], Source]] = {
            "parquet": _parquet,
            "ndjson": _ndjson,
            "csv": _blanks if found.dialect.delimiter == sniff.BLANKS else _csv,
        }
        compression = "gzip" if found.gzipped and not unpacked else "none"
        try:
            source = makers[found.dialect.format](cursor, readable, found, compression)
        except duckdb.Error as error:
            raise explained(path, error) from error
        yield source


def explained(path: Path, error: duckdb.Error) -> SourceError:
    """DuckDB's complaint about a file, in its first sentence."""
    reason = str(error).split("\n", maxsplit=1)[0]
    return SourceError(tr("{file} cannot be read: {reason}").format(file=path.name, reason=reason))


def _readable(path: Path, found: Sniffed, folder: Path, advance: Advance | None) -> Path:
    """The file itself, or a copy that DuckDB can read: packed Parquet unpacked, other encodings as UTF-8."""
    if found.dialect.format == "parquet":
        return _unpacked(path, found, folder / path.name, advance) if found.gzipped else path
    if found.spread:
        return json_lines.write(path, _pieces(path, found, advance), found.dialect.encoding, folder / path.name)
    if not encodings.is_utf8(found.dialect.encoding):
        return _transcoded(path, found, folder / path.name, advance)
    # DuckDB takes what is left of a damaged archive for the whole, or reads it for ever and cannot be interrupted. A
    # preview is not kept waiting: it shows the first rows of a table; but the structure of objects is that of all rows.
    if found.gzipped and (advance or found.dialect.format == "ndjson"):
        for _ in _pieces(path, found, advance):
            pass
    return path


def _pieces(path: Path, found: Sniffed, advance: Advance | None) -> Iterator[bytes]:
    for piece in sniff.pieces(path, _CHUNK, gzipped=found.gzipped):
        if advance:
            advance(0)
        yield piece


def _unpacked(path: Path, found: Sniffed, target: Path, advance: Advance | None) -> Path:
    with target.open("wb") as plain:
        plain.writelines(_pieces(path, found, advance))
    return target


def _transcoded(path: Path, found: Sniffed, target: Path, advance: Advance | None) -> Path:
    decoder = codecs.getincrementaldecoder(found.dialect.encoding)("strict")
    with target.open("w", encoding="utf-8", newline="") as plain:
        try:
            for piece in _pieces(path, found, advance):
                plain.write(decoder.decode(piece))
            plain.write(decoder.decode(b"", final=True))
        except UnicodeError as error:
            raise SourceError(
                tr("{file} is not {encoding}.").format(file=path.name, encoding=found.dialect.encoding)
            ) from error
    return target


def _csv(cursor: duckdb.DuckDBPyConnection, path: Path, found: Sniffed, compression: str) -> Source:
    del cursor
    dialect = found.dialect
    fields = tuple(Field(name, f"c{number}", "text") for number, name in enumerate(found.names))
    columns = ", ".join(f"'{field.column}': 'VARCHAR'" for field in fields)
    relation = (
        f"SELECT {', '.join(field.column for field in fields)} FROM read_csv({quoted(str(path))}, auto_detect = false, "
        f"columns = {{{columns}}}, header = {str(dialect.header).lower()}, delim = {quoted(dialect.delimiter)}, "
        f"quote = {quoted(dialect.quote)}, escape = {quoted(dialect.quote)}, compression = '{compression}', "
        f"max_line_size = {_LONGEST_LINE}, store_rejects = true, rejects_limit = 0)"
    )
    first = found.skipped + (2 if dialect.header else 1)
    return Source(path, dialect, relation, fields, found.padded, ragged=True, first_line=first)


def _lines(path: Path, compression: str, *, skip: int = 0) -> str:
    """One column `line` per line of a text file; blank lines are NULL."""
    return (
        f"read_csv({quoted(str(path))}, auto_detect = false, columns = {{'line': 'VARCHAR'}}, header = false, "
        f"delim = {quoted(_NO_DELIMITER)}, quote = '', escape = '', skip = {skip}, compression = '{compression}', "
        f"max_line_size = {_LONGEST_LINE})"
    )


#: Relations of lines have this column: what is wrong with the line, NULL where nothing is.
FAULT: Final = "fault"


def _blanks(cursor: duckdb.DuckDBPyConnection, path: Path, found: Sniffed, compression: str) -> Source:
    del cursor
    skip = found.skipped + (1 if found.dialect.header else 0)
    fields = tuple(Field(name, f"c{number}", "text") for number, name in enumerate(found.names))
    cells = ", ".join(f"nullif(cells[{number + 1}], '') AS {field.column}" for number, field in enumerate(fields))
    relation = f"""SELECT {cells}, CASE WHEN len(cells) <> {len(fields)} THEN 'ragged' END AS {FAULT}
        FROM (SELECT regexp_split_to_array(trim(line, E' \\t\\r'), '\\s+') AS cells
              FROM {_lines(path, compression, skip=skip)} WHERE trim(line, E' \\t\\r') <> '')"""
    return Source(path, found.dialect, relation, fields, first_line=skip + 1)


#: asking for the type of what is no JSON would be an error
_IS_OBJECT: Final = "(CASE WHEN json_valid(line) THEN json_type(line) = 'OBJECT' END)"


def _ndjson(cursor: duckdb.DuckDBPyConnection, path: Path, found: Sniffed, compression: str) -> Source:
    lines = _lines(path, compression)
    row = cursor.execute(f"SELECT json_group_structure(line::JSON)::VARCHAR FROM {lines} WHERE {_IS_OBJECT}").fetchone()
    structure = json.loads(row[0]) if row and row[0] else None
    if not isinstance(structure, dict):
        raise SourceError(tr("{file} has no line that is a JSON object.").format(file=path.name))
    leaves = list(_leaves(structure, ()))
    names = sniff.unique([".".join(steps) for steps, _ in leaves])
    fields = []
    cells = []
    for number, (name, (steps, kind)) in enumerate(zip(names, leaves, strict=True)):
        value = "object" + "".join(f"[{quoted(step)}]" for step in steps)
        fields.append(Field(name, f"c{number}", "list" if kind in {"list", "either"} else "text"))
        cells.append(f"{_CELLS[kind].format(value=value)} AS c{number}")
    wanted = json.dumps(_wanted(structure))
    relation = f"""SELECT {", ".join(cells)}, CASE WHEN object IS NULL THEN 'json' END AS {FAULT}
        FROM (SELECT CASE WHEN {_IS_OBJECT} THEN json_transform(line, {quoted(wanted)}) END AS object
              FROM {lines} WHERE line IS NOT NULL)"""
    return Source(path, found.dialect, relation, tuple(fields))


#: How a value of each kind is read; `either` is a list in some objects and a single value in others. What is empty, an
#: object too, says nothing.
_EITHER: Final = (
    "CASE WHEN json_type({value}) = 'ARRAY' THEN nullif(from_json({value}, '[\"VARCHAR\"]'), []) "
    "WHEN json_type({value}) <> 'OBJECT' THEN nullif([{value} ->> '$'], [NULL]) END"
)
_CELLS: Final = {"text": "{value}", "list": "nullif({value}, [])", "either": _EITHER}


def _leaves(structure: Mapping[str, object], above: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], str]]:
    """The paths of all values of nested objects, with what they hold: `text`, `list` or `either`."""
    for name, inner in structure.items():
        steps = (*above, name)
        match inner:
            case dict():
                yield from _leaves(inner, steps)
            case [dict() | list()]:
                yield steps, "text"
            case [_]:
                yield steps, "list"
            case "JSON":
                yield steps, "either"
            case _:
                yield steps, "text"


def _wanted(structure: Mapping[str, object]) -> dict[str, object]:
    out: dict[str, object] = {}
    for name, inner in structure.items():
        match inner:
            case dict():
                out[name] = _wanted(inner)
            case [dict() | list()]:
                out[name] = "VARCHAR"
            case [_]:
                out[name] = ["VARCHAR"]
            case "JSON":
                out[name] = "JSON"
            case _:
                out[name] = "VARCHAR"
    return out


def _parquet(cursor: duckdb.DuckDBPyConnection, path: Path, found: Sniffed, compression: str) -> Source:
    del compression
    table = f"read_parquet({quoted(str(path))}, file_row_number = true)"
    described = cursor.execute(f"SELECT * EXCLUDE (file_row_number) FROM {table} LIMIT 0").description or []
    leaves = [leaf for name, kind, *_ in described for leaf in _parquet_leaves(cursor, table, name, kind)]
    fields = []
    cells = ["file_row_number + 1 AS line"]
    for number, (name, value, kind) in enumerate(leaves):
        native, expression = _native(value, kind)
        fields.append(Field(name, f"c{number}", native))
        cells.append(f"{expression} AS c{number}")
    return Source(path, found.dialect, f"SELECT {', '.join(cells)} FROM {table}", tuple(fields))


def _parquet_leaves(
    cursor: duckdb.DuckDBPyConnection, table: str, name: str, kind: "duckdb.sqltypes.DuckDBPyType"
) -> Iterator[tuple[str, str, "duckdb.sqltypes.DuckDBPyType"]]:
    """(dotted name, SQL, type) of a column; structs and maps are taken apart, a map by the keys that it holds."""
    waiting: list[tuple[str, str, Any]] = [(name, identifier(name).text, kind)]
    while waiting:
        path, value, what = waiting.pop(0)
        if what.id == "struct":
            parts = [(f"{path}.{part}", f"({value})[{quoted(part)}]", inner) for part, inner in what.children]
            waiting = parts + waiting
        elif what.id == "map":
            keys = f"SELECT DISTINCT unnest(map_keys({value})) AS key FROM {table} ORDER BY key"
            found = [str(key) for (key,) in cursor.execute(keys).fetchall()]
            inner = what.children[1][1]
            waiting = [(f"{path}.{key}", f"({value})[{quoted(key)}]", inner) for key in found] + waiting
        else:
            yield path, value, what


_TIMES: Final = {"timestamp", "timestamp_s", "timestamp_ms", "timestamp_ns", "date"}
_NUMBERS: Final = {
    "tinyint", "smallint", "integer", "bigint", "hugeint", "utinyint", "usmallint", "uinteger", "ubigint", "uhugeint",
    "float", "double", "decimal",
}  # fmt: skip


def _native(value: str, kind: "duckdb.sqltypes.DuckDBPyType") -> tuple[Native, str]:
    if kind.id in _NUMBERS:
        return "number", value
    if kind.id in _TIMES:
        return "time", f"CAST({value} AS TIMESTAMP)"
    match kind.id:
        case "varchar":  # taken as it is written: who writes typed columns need not pad them
            return "plain", f"nullif({value}, '')"
        case "list":
            return "list", f"nullif(CAST({value} AS VARCHAR[]), [])"
        case "timestamp with time zone":
            return "instant", f"make_timestamp(epoch_us({value}))"
        case _:
            return "text", f"CAST({value} AS VARCHAR)"
