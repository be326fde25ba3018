"""Exports: endpoints, all or a segment's, in a form that imports again unchanged.

CSV and Parquet have a column per dotted field that anyone has; in CSV an attribute of several values repeats its
column, as Pinpoint's files do. NDJSON has Pinpoint's nested objects. The file appears under its name when it is whole.
"""

import csv
import gzip
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

import duckdb

from workbench.plan.endpoint import FIELDS, METRIC, USER_ATTRIBUTE
from workbench.plan.segment import Segment
from workbench.plan.words import tr
from workbench.store import catalogue, definitions, file, lists, people, rules, values, watch
from workbench.store.catalogue import FIELD_COLUMNS, OPEN_KINDS, Columns
from workbench.store.drafts import draft
from workbench.store.errors import SourceError
from workbench.store.queries import Query, identifier, sql
from workbench.store.watch import Advance

_CHOSEN: Final = "export_chosen"
_TIME: Final = "%Y-%m-%dT%H:%M:%S.%fZ"
_CHUNK: Final = 1 << 20
#: without quotes, and with a delimiter that no JSON text holds, a line of JSON is written as it is
_JSON_OPTIONS: Final = "FORMAT csv, HEADER false, QUOTE '', ESCAPE '', DELIMITER '\x01'"


@dataclass(frozen=True, slots=True)
class _Exported:
    """A dotted field that someone has, its SQL over `e` and `u`, and the most values that it has (1 but for lists)."""

    field: str
    stored: str
    width: int
    is_list: bool

    @property
    def values(self) -> str:
        """SQL of what is stored; of an attribute, the list of its values."""
        return lists.split(self.stored) if self.is_list else self.stored


def run(cursor: duckdb.DuckDBPyConnection, path: Path, segment_id: str, now: datetime, *, advance: Advance) -> int:
    """Write the file and give the number of endpoints in it; `segment_id` empty: everyone.

    The ending says the format: `.csv`, `.ndjson`, `.jsonl`, `.parquet`, with `.gz` after it packed. An existing file is
    replaced, but never the workspace. Raises `SourceError`, `FolderMissingError`, `NotPermittedError`; then, and when
    `advance` raises, nothing is written.
    """
    write = _writer(path)
    file.check_folder(path)
    file.keep_workspace(cursor, path)
    columns = catalogue.load(cursor)
    total = _choose(cursor, segment_id, now)
    advance(0, total)
    fields = _fields(cursor, columns)
    with draft(path) as beside:
        write(_Output(cursor, beside, path.suffix.lower() == ".gz", watch.between(advance, 0, total)), fields)
    cursor.execute(f"DROP TABLE {_CHOSEN}")
    advance(total, total)
    return total


@dataclass(frozen=True, slots=True)
class _Output:
    """Where and how the rows are written; `packed`: as gzip."""

    cursor: duckdb.DuckDBPyConnection
    draft: Path
    packed: bool
    progress: watch.Progress

    def copy(self, select: str, fields: tuple[_Exported, ...], target: Path, options: str) -> None:
        """Write the columns of the chosen endpoints, in the order of arrival."""
        query = f"SELECT {select} FROM {_from(fields)} ORDER BY e.key"
        watch.run(self.cursor, f"COPY ({query}) TO {file.quoted(str(target))} ({options})", self.progress)

    @property
    def compression(self) -> str:
        """The option of COPY for text."""
        return "COMPRESSION gzip" if self.packed else "COMPRESSION none"


_Writer = Callable[[_Output, tuple[_Exported, ...]], None]


def _writer(path: Path) -> _Writer:
    endings = [ending.lower() for ending in path.suffixes]
    packed = bool(endings) and endings[-1] == ".gz"
    ending = (endings[-2] if len(endings) > 1 else "") if packed else (endings[-1] if endings else "")
    writers: dict[str, _Writer] = {
        ".csv": _write_csv, ".ndjson": _write_ndjson, ".jsonl": _write_ndjson, ".json": _write_ndjson,
        ".parquet": _write_parquet,
    }  # fmt: skip
    if ending not in writers:
        raise SourceError(tr("Exports end in .csv, .ndjson or .parquet, or in .gz after it."))
    return writers[ending]


def _choose(cursor: duckdb.DuckDBPyConnection, segment_id: str, now: datetime) -> int:
    """Note the keys of the endpoints that are exported, and count them."""
    chosen = Query("SELECT key FROM endpoints")
    if segment_id:
        stored = definitions.get(cursor, "segment", segment_id)
        if stored is None:
            raise SourceError(tr("There is no segment “{id}”.").format(id=segment_id))
        chosen = rules.matching(Segment.from_json(stored.body), rules.reading(cursor, now))
    return sql(f"CREATE TEMP TABLE {_CHOSEN} AS {{chosen}}", chosen=chosen).number(cursor)


def _fields(cursor: duckdb.DuckDBPyConnection, columns: Columns) -> tuple[_Exported, ...]:
    """The fields that at least one of the chosen has, fixed ones first."""
    found = []
    for field in people.every_field(columns):
        place = columns.endpoint_column(field)
        if place is not None:
            is_list = field not in FIELD_COLUMNS and not field.startswith(METRIC)
            stored = ("u." if place[0] == "users" else "e.") + identifier(place[1]).text
            found.append(_Exported(field, stored, 1, is_list))
    measures = ", ".join(
        f"max(len({lists.split(each.stored)}))" if each.is_list else f"count({each.stored})" for each in found
    )
    widths = cursor.execute(f"SELECT {measures} FROM {_from(found)}").fetchone() or ()
    return tuple(
        _Exported(each.field, each.stored, int(width) if each.is_list else 1, each.is_list)
        for each, width in zip(found, widths, strict=True)
        if width or each.field == "Id"
    )


def _from(fields: list[_Exported] | tuple[_Exported, ...]) -> str:
    users = "LEFT JOIN users u ON u.user_id = e.user_id" if any(_of_user(each) for each in fields) else ""
    return f"endpoints e {users} WHERE e.key IN (SELECT key FROM {_CHOSEN})"


def _of_user(exported: _Exported) -> bool:
    return exported.field.startswith(USER_ATTRIBUTE)


def _scalar(exported: _Exported) -> str:
    """The value of a fixed field or metric, times as text."""
    if FIELDS.get(exported.field) == "time":
        return f"strftime({exported.stored}, '{_TIME}')"
    return exported.stored


def _is_text(exported: _Exported) -> bool:
    return (
        FIELDS.get(exported.field, "text") == "text"
        and exported.field != "CohortId"
        and not exported.field.startswith(METRIC)
    )


def _write_csv(output: _Output, fields: tuple[_Exported, ...]) -> None:
    header: list[str] = []
    cells: list[str] = []
    for each in fields:
        header += [each.field] * each.width
        stored = [f"{each.values}[{n}]" for n in range(1, each.width + 1)] if each.width > 1 else [_scalar(each)]
        cells += [values.guarded(f"({cell})") if _is_text(each) else cell for cell in stored]
    select = ", ".join(f"{cell} AS c{number}" for number, cell in enumerate(cells))
    # COPY would make the names of repeated columns unique: the header is written here, the rows are put after it
    with _body(output.draft) as body:
        output.copy(select, fields, body, f"FORMAT csv, HEADER false, {output.compression}")
        opened = gzip.open if output.packed else open
        with opened(output.draft, "wt", encoding="utf-8", newline="") as top:
            csv.writer(top, lineterminator="\n").writerow(header)
        with body.open("rb") as rows, output.draft.open("ab") as whole:
            shutil.copyfileobj(rows, whole, _CHUNK)


@contextmanager
def _body(draft: Path) -> Iterator[Path]:
    body = draft.with_name(draft.name + ".body")
    try:
        yield body
    finally:
        body.unlink(missing_ok=True)


def _write_parquet(output: _Output, fields: tuple[_Exported, ...]) -> None:
    select = ", ".join(
        f"{_instant(each.stored) if FIELDS.get(each.field) == 'time' else each.values} AS {identifier(each.field).text}"
        for each in fields
    )
    with _body(output.draft) as plain:
        output.copy(select, fields, plain, "FORMAT parquet")
        if not output.packed:
            plain.replace(output.draft)
            return
        with plain.open("rb") as rows, gzip.open(output.draft, "wb") as whole:
            shutil.copyfileobj(rows, whole, _CHUNK)


def _instant(stored: str) -> str:
    return f"timezone('UTC', {stored})"


def _write_ndjson(output: _Output, fields: tuple[_Exported, ...]) -> None:
    tree: dict[str, object] = {}
    for each in fields:
        *above, name = _steps(each.field)
        here = tree
        for step in above:
            inner = here.setdefault(step, {})
            assert isinstance(inner, dict)  # noqa: S101 - a field's name is never also a container's
            here = inner
        here[name] = each.values if each.is_list else _scalar(each)
    # the patch of an empty object by another is the other without its nulls
    line = f"json_merge_patch('{{}}', to_json({_struct(tree)}))"
    output.copy(line, fields, output.draft, f"{_JSON_OPTIONS}, {output.compression}")


def _steps(field: str) -> tuple[str, ...]:
    """The path in Pinpoint's object; a dot in a name of one's own does not divide."""
    for prefix in sorted(OPEN_KINDS, key=len, reverse=True):
        if field.startswith(prefix):
            return (*prefix.rstrip(".").split("."), field.removeprefix(prefix))
    return tuple(field.split("."))


def _struct(tree: dict[str, object]) -> str:
    parts = (
        f"{file.quoted(name)}: {_struct(inner) if isinstance(inner, dict) else inner}" for name, inner in tree.items()
    )
    return "{" + ", ".join(parts) + "}"
