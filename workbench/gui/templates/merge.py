"""Merge fields in the text of a template: where they stand, how they are written, when completion is wanted."""

import keyword
import re
from dataclasses import dataclass
from typing import Final

_TAG: Final = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)
_STRING_KEY: Final = r"\[\s*(?:\"[^\"]*\"|'[^']*')\s*\]"
_NAME: Final = re.compile(rf"(?<![\w.\]|'\"])[A-Za-z_]\w*(?:\s*\.\s*\w+|{_STRING_KEY})*")
_PIECE: Final = re.compile(r"\[\s*[\"']([^\"']*)[\"']\s*\]|\.?\s*(\w+)")
_OPEN: Final = re.compile(r"\{\{\s*([\w.]*)$")
_LAST_PATH: Final = re.compile(r"[\w.]*$")
_ROOTS: Final = (
    "Id", "Address", "ChannelType", "EndpointStatus", "OptOut", "EffectiveDate", "CreationDate", "CohortId",
    "RequestId", "Demographic", "Location", "User", "Attributes", "Metrics",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Use:
    """One merge field in a text: its dotted name and where it is written, as offsets."""

    field: str
    start: int
    end: int


def uses(text: str) -> tuple[Use, ...]:
    """Every dotted name inside `{{ }}` and `{% %}`, in order; strings, filters and set names are passed over."""
    found = []
    for tag in _TAG.finditer(text):
        inside = _blank_strings(tag.group())
        for name in _NAME.finditer(inside):
            written = text[tag.start() + name.start() : tag.start() + name.end()]
            if not keyword.iskeyword(written):
                found.append(Use(dotted(written), tag.start() + name.start(), tag.start() + name.end()))
    return tuple(found)


def dotted(written: str) -> str:
    """`Attributes["first name"]` as `Attributes.first name`."""
    return ".".join(quoted or plain for quoted, plain in _PIECE.findall(written))


def expression(field: str) -> str:
    """A dotted field as an expression: parts that are no plain names are put in brackets."""
    known = next(
        (prefix for prefix in ("User.UserAttributes.", "Attributes.", "Metrics.") if field.startswith(prefix)), ""
    )
    name = field.removeprefix(known)
    if not known or name.isidentifier():
        return field
    quote = '"' if '"' not in name else "'"
    return f"{known.removesuffix('.')}[{quote}{name}{quote}]"


def typed_prefix(before: str) -> str | None:
    """What was typed after the last open `{{`, up to the cursor; None where no merge field is being written."""
    found = _OPEN.search(before)
    return found.group(1) if found else None


def word_before(before: str) -> str:
    """The dotted word that ends at the cursor, for completion on demand."""
    found = _LAST_PATH.search(before)
    return found.group() if found else ""


def insertion(before: str, after: str, field: str) -> tuple[int, str]:
    """How to write the field at the cursor.

    Returns:
        How many characters before the cursor to replace, and the text, closed where it is not closed yet.
    """
    prefix = typed_prefix(before)
    written = expression(field)
    closed = re.match(r"[\w.]*\s*\}\}", after) is not None
    if prefix is not None:
        gap = "" if before[: len(before) - len(prefix)].endswith(" ") else " "
        return len(prefix), f"{gap}{written}" + ("" if closed else " }}")
    inside = before.rfind("{{") > before.rfind("}}") or before.rfind("{%") > before.rfind("%}")
    word = word_before(before)
    if inside:
        return len(word), written
    return (len(word) if word and word.split(".")[0] in _ROOTS else 0), f"{{{{ {written} }}}}"


def _blank_strings(tag: str) -> str:
    # Bracketed keys stay readable; every other string is blanked so that its words are no names.
    keys = [match.span() for match in re.finditer(_STRING_KEY, tag)]

    def blank(match: re.Match[str]) -> str:
        inside_key = any(start <= match.start() and match.end() <= end for start, end in keys)
        return match.group() if inside_key else " " * len(match.group())

    return re.sub(r"\"[^\"]*\"|'[^']*'", blank, tag)
