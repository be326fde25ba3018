"""JSON that is written over several lines, or as one list, as one object per line."""

import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final

from workbench.plan.words import tr
from workbench.store.errors import SourceError

#: such a file is read as a whole, in bytes of text
MOST: Final = 256 << 20
_OPENED: Final = re.compile(r'\{\s*"')


def is_spread(text: str) -> bool:
    """Whether the beginning of a file of JSON is a list, or an object that does not end with its line."""
    begun = text.lstrip()
    if begun.startswith("["):
        return True
    line = begun.partition("\n")[0].strip()
    return line == "{" or (_OPENED.match(line) is not None and line.endswith((",", "{", "[")))


def write(path: Path, pieces: Iterable[bytes], encoding: str, target: Path) -> Path:
    """Write the file's objects to the target, one per line. Raises `SourceError` for what is no JSON, or too much."""
    read = bytearray()
    for piece in pieces:
        read += piece
        if len(read) > MOST:
            text = tr("{file} is JSON over several lines and too large for that. Write one object per line instead.")
            raise SourceError(text.format(file=path.name))
    try:
        with target.open("w", encoding="utf-8") as lines:
            for value in _values(read.decode(encoding)):
                lines.write(json.dumps(value, ensure_ascii=False) + "\n")
    except ValueError as error:
        text = tr("{file} is JSON over several lines, but cannot be read: {reason}")
        raise SourceError(text.format(file=path.name, reason=error)) from error
    return target


def _values(text: str) -> Iterator[Any]:
    """Each element of a list, each value of values one after the other."""
    decoder = json.JSONDecoder()
    at = 0
    while text[at : at + 1].isspace() or text[at : at + 1] == "\ufeff":
        at += 1
    while at < len(text):
        value, at = decoder.raw_decode(text, at)
        yield from value if isinstance(value, list) else (value,)
        while at < len(text) and text[at].isspace():
            at += 1
