"""Which encoding a text is in: UTF-8 or UTF-16 by a mark, else UTF-8, else one of the two that Windows writes here."""

import codecs
import re
from pathlib import Path
from typing import Final

from workbench.plan.words import tr
from workbench.store.errors import SourceError

_MARKS: Final = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_UTF8: Final = {"utf-8", "utf8", "utf-8-sig", "ascii", ""}
CYRILLIC: Final = "windows-1251"
WESTERN: Final = "windows-1252"
_WORD: Final = re.compile(r"[^\W\d_]{2,}")
_CYRILLIC: Final = re.compile(r"[\u0400-\u04ff]")


def is_utf8(encoding: str) -> bool:
    """Whether DuckDB reads this encoding as it is."""
    return encoding.lower() in _UTF8


def of(path: Path, head: bytes, given: str, *, whole: bool) -> str:
    """The encoding of a text that begins so; `given` counts where it is not UTF-8, which stands for "not known".

    Raises `SourceError` for what is no encoding, or no text.
    """
    if not is_utf8(given):
        return _known(given)
    marked = next((name for mark, name in _MARKS if head.startswith(mark)), None)
    if marked:
        return marked
    if b"\x00" in head:
        raise SourceError(tr("{file} is not a text file, or it is UTF-16 without a mark.").format(file=path.name))
    return "utf-8" if _mostly_utf8(head, whole=whole) else _of_windows(head)


def decoded(path: Path, head: bytes, encoding: str, *, whole: bool) -> str:
    """The text of the beginning of a file; unless it is `whole`, a character may be cut off at its end."""
    try:
        return codecs.getincrementaldecoder(encoding)("strict").decode(head, final=whole)
    except UnicodeError as error:
        start = error.start if isinstance(error, UnicodeDecodeError) else 0
        raise SourceError(
            tr("{file} is not {encoding} (line {line}). Choose its encoding, for example windows-1251.").format(
                file=path.name, encoding=encoding, line=head.count(b"\n", 0, start) + 1
            )
        ) from error


def _known(name: str) -> str:
    try:
        found = codecs.lookup(name).name
        b" ".decode(found, "ignore")  # base64 and its like are looked up, but decode to no text
    except (LookupError, ValueError) as error:  # a name may also hold what no name can
        raise SourceError(tr("“{name}” is not an encoding.").format(name=name)) from error
    if found in _CODES:
        raise SourceError(tr("“{name}” is not an encoding.").format(name=name))
    return re.sub(r"^cp(125\d)$", r"windows-\1", found)


#: what decodes to text, but is no way to write a table
_CODES: Final = {"punycode", "idna", "raw-unicode-escape", "unicode-escape", "undefined", "unicode_escape"}


def _mostly_utf8(head: bytes, *, whole: bool) -> bool:
    """Whether it is UTF-8, or that with some damage, which is told by its line rather than taken for another."""
    try:
        codecs.getincrementaldecoder("utf-8")("strict").decode(head, final=whole)
    except UnicodeDecodeError:
        text = head.decode("utf-8", "replace")
        broken = text.count("\ufffd")
        return sum(letter > "\x7f" for letter in text) - broken > broken
    return True


def _of_windows(head: bytes) -> str:
    """Cyrillic words have no other letters in them; letters with accents, read as Cyrillic, stand among Latin ones."""
    pure = mixed = 0
    for word in _WORD.findall(head.decode("cp1251", "replace")):
        letters = len(_CYRILLIC.findall(word))
        if letters == len(word):
            pure += letters
        else:
            mixed += letters
    return CYRILLIC if pure > mixed else WESTERN
