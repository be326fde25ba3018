"""Lists of rejected rows, as imports leave them beside the workspace: which rows name somebody, and forgetting that."""

import csv
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from workbench.store.drafts import draft

#: the column of a list that has what stood in the file
_VALUE: Final = "value"
#: what parts the cells of a row that could not be taken apart
_BETWEEN: Final = re.compile(r"""[\s,;|"'<>()]+""")


def count(path: Path, names: frozenset[str]) -> int:
    """How many rows name one of these, which are in lower case; 0 for a list that is gone."""
    return sum(named for _, named in _rows(path, names)) if path.is_file() else 0


def forget(path: Path, names: frozenset[str]) -> int:
    """Blank what such rows say, and give how many they were; their numbers and reasons stay.

    Raises `SourceError` where the list cannot be written.
    """
    blanked = count(path, names)
    if not blanked:
        return 0
    with draft(path) as beside, beside.open("w", encoding="utf-8", newline="") as target:
        writer = csv.writer(target, lineterminator="\n")
        rows = _rows(path, names)
        header, _ = next(rows)
        at = header.index(_VALUE)
        writer.writerow(header)
        writer.writerows([*row[:at], "", *row[at + 1 :]] if named else row for row, named in rows)
    return blanked


def _rows(path: Path, names: frozenset[str]) -> Iterator[tuple[list[str], bool]]:
    """Each row, the header first, and whether its value names one of these; nothing where it is no such list."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.reader(file)
        header = next(rows, [])
        if _VALUE not in header:
            return
        at = header.index(_VALUE)
        yield header, False
        for row in rows:
            yield row, len(row) > at and _is_named(row[at], names)


def _is_named(value: str, names: frozenset[str]) -> bool:
    lower = value.lower()
    return lower.lstrip("'") in names or any(each in names for each in _BETWEEN.split(lower))
