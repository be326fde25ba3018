"""How a file is written, guessed from its first bytes: format, encoding, delimiter, header, names of its columns."""

import csv
import gzip
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final, cast

from workbench.plan.mapping import Dialect
from workbench.plan.words import tr
from workbench.store import encodings, json_lines, suggestions
from workbench.store.errors import FileMissingError, NotPermittedError, SourceError

#: bytes of (uncompressed) text that are looked at
SAMPLE: Final = 1 << 18
# a cell may be as long as all that is looked at, as one with a quote that is never closed is
csv.field_size_limit(SAMPLE)
#: lines that the delimiter and the header are guessed from
_LINES: Final = 200
_DELIMITERS: Final = (",", ";", "\t", "|")
#: parts of the rows that must have the first row's number of cells: with a delimiter, with blanks
_MOSTLY: Final = 0.5
_NEARLY_ALL: Final = 0.9
BLANKS: Final = "blanks"
_GZIP: Final = b"\x1f\x8b"
_PARQUET: Final = b"PAR1"
_NOT_A_NAME: Final = re.compile(r"^\s*$|^[-+]?\d[\d\s.,:/T-]*Z?$|@")


@dataclass(frozen=True, slots=True)
class Sniffed:
    """What was found; `names` are unique and trimmed. `padded`: there are blanks after the header's delimiters."""

    dialect: Dialect
    names: tuple[str, ...]
    gzipped: bool
    padded: bool = False
    #: lines before the header or the first row
    skipped: int = 0
    #: JSON that has not one object per line
    spread: bool = False


def is_gzipped(path: Path) -> bool:
    """Whether the file begins as gzip does, whatever its name. Raises the `StoreError` that fits."""
    if not path.exists():
        raise FileMissingError(tr("There is no file {file}.").format(file=path))
    if path.is_dir():
        raise SourceError(tr("{file} is a folder.").format(file=path.name))
    try:
        with path.open("rb") as file:
            return file.read(2) == _GZIP
    except OSError as error:
        raise NotPermittedError(tr("{file} may not be read.").format(file=path.name)) from error


def opened(path: Path, *, gzipped: bool) -> IO[bytes]:
    """The file's bytes, uncompressed."""
    return cast("IO[bytes]", gzip.open(path)) if gzipped else path.open("rb")


def pieces(path: Path, size: int, *, gzipped: bool) -> Iterator[bytes]:
    """The file's bytes, uncompressed, `size` at a time. Raises `SourceError` at what cannot be read or unpacked."""
    try:
        with opened(path, gzipped=gzipped) as file:
            while piece := file.read(size):
                yield piece
    except (OSError, EOFError, zlib.error) as error:
        raise SourceError(tr("{file} is a damaged archive.").format(file=path.name)) from error


def sniff(path: Path, given: Dialect) -> Sniffed:
    """Guess what the given dialect leaves open. Raises `SourceError` for what cannot be a table."""
    gzipped = is_gzipped(path)
    head = next(pieces(path, SAMPLE, gzipped=gzipped), b"")
    if not head.strip():
        raise SourceError(tr("{file} is empty.").format(file=path.name))
    if given.format == "parquet" or (not given.format and head.startswith(_PARQUET)):
        return Sniffed(given.model_copy(update={"format": "parquet"}), (), gzipped)
    whole = len(head) < SAMPLE
    encoding = encodings.of(path, head, given.encoding, whole=whole)
    text = encodings.decoded(path, head, encoding, whole=whole)
    if given.format == "ndjson" or (not given.format and text.lstrip().startswith(("{", "["))):
        dialect = given.model_copy(update={"format": "ndjson", "encoding": encoding})
        return Sniffed(dialect, (), gzipped, spread=json_lines.is_spread(text))
    return _table(given.model_copy(update={"format": "csv", "encoding": encoding}), text, gzipped=gzipped)


def must_be_copied(path: Path, dialect: Dialect) -> bool:
    """Whether the file is read only after it was written anew as a whole: another encoding, JSON over several lines."""
    found = sniff(path, dialect)
    return found.spread or (found.dialect.format != "parquet" and not encodings.is_utf8(found.dialect.encoding))


def _table(given: Dialect, text: str, *, gzipped: bool) -> Sniffed:
    lines = text.splitlines(keepends=True)
    if len(text) >= SAMPLE and len(lines) > 1:
        lines.pop()  # cut off in the middle
    lines = lines[:_LINES]
    skipped = 0
    while lines and not lines[0].strip():
        lines.pop(0)
        skipped += 1
    delimiter = given.delimiter or _delimiter(lines, given.quote)
    rows = split("".join(lines), delimiter, given.quote)
    header = _has_header(rows) if given.header is None else given.header
    cells = rows[0] if rows else []
    width = max((len(row) for row in rows[1:]), default=len(cells)) if not header else len(cells)
    raw = cells if header else [f"column{number + 1}" for number in range(max(width, len(cells)))]
    padded = header and any(cell.startswith(" ") and cell.strip() for cell in cells[1:])
    dialect = given.model_copy(update={"delimiter": delimiter, "header": header})
    return Sniffed(dialect, unique(raw), gzipped, padded, skipped)


def unique(cells: list[str]) -> tuple[str, ...]:
    """Trimmed names; the second of the same name gets ` (2)`, one without a name its number."""
    seen: dict[str, int] = {}
    out = []
    for number, cell in enumerate(cells, 1):
        name = cell.strip().removeprefix("\ufeff") or f"column{number}"
        seen[name] = seen.get(name, 0) + 1
        out.append(f"{name} ({seen[name]})" if seen[name] > 1 else name)
    return tuple(out)


def split(text: str, delimiter: str, quote: str) -> list[list[str]]:
    """The rows of a piece of text; an unfinished quote at its end does not matter.

    Raises `SourceError` for marks that cannot part or quote cells.
    """
    if delimiter == BLANKS:
        return [line.split() for line in text.splitlines() if line.strip()]
    options = {"quotechar": quote} if quote else {"quoting": csv.QUOTE_NONE}
    try:
        rows = csv.reader(text.splitlines(keepends=True), delimiter=delimiter, **options)
    except (TypeError, ValueError) as error:
        raise SourceError(tr("The delimiter and the quote must be one character each.")) from error
    return [row for row in rows if row]


def _delimiter(lines: list[str], quote: str) -> str:
    """The delimiter that cuts most rows into the same number of columns, more than one; else runs of blanks."""
    best, best_score = "", (0.0, 0)
    for delimiter in _DELIMITERS:
        rows = split("".join(lines), delimiter, quote)
        score = (round(_evenness(rows), 1), len(rows[0]) if rows else 0)
        if score > best_score:
            best, best_score = delimiter, score
    if best_score[0] >= _MOSTLY:
        return best
    blanks = split("".join(lines), BLANKS, quote)
    return BLANKS if len(blanks) > 1 and _evenness(blanks) >= _NEARLY_ALL else best or ","


def _evenness(rows: list[list[str]]) -> float:
    """The part of the rows that have the first row's number of columns; 0 for a single column."""
    if not rows or len(rows[0]) < 2:  # noqa: PLR2004 - one column is not divided
        return 0.0
    return sum(len(row) == len(rows[0]) for row in rows) / len(rows)


def _has_header(rows: list[list[str]]) -> bool:
    if not rows:
        return False
    first = [cell.strip() for cell in rows[0]]
    if any(suggestions.is_known(cell) for cell in first):
        return True
    return all(cell for cell in first) and not any(_NOT_A_NAME.search(cell) for cell in first)
