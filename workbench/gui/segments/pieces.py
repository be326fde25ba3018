"""What sentences are put together from: words, and between them the tokens that can be changed."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from workbench.gui.parts import format as fmt
from workbench.gui.segments.wording import COMPARISONS, MANY, TEXT_OPERATORS
from workbench.plan.catalogue import Named, named
from workbench.plan.segment_rules import NO_VALUES
from workbench.plan.words import tr

#: values that are shown before the rest becomes "+3"
_SHOWN_VALUES: Final = 3
_NAME: Final = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Token:
    """A part of the sentence that can be changed.

    Attributes:
        key: which part of the rule: `"name"`, `"values.0"`, `"where.1.operator"`.
        text: what it says now.
        label: what it means.
        style: a chip, a chip in the accent's colour, a word of the running text, or an invitation to add.
        empty: nothing was chosen yet.
        also: further parts of the rule that it stands for; a problem of one of them is its problem.
    """

    key: str
    text: str
    label: str
    style: Literal["chip", "field", "word", "add"] = "chip"
    empty: bool = False
    also: tuple[str, ...] = ()

    def is_about(self, part: str) -> bool:
        """Whether the token shows this part of the rule, or some of it."""
        return self.key == part or self.key.startswith(f"{part}.") or part in self.also


Piece = str | Token


def filled(template: str, **tokens: Iterable[Piece]) -> tuple[Piece, ...]:
    """The template cut at its names, with the tokens put in."""
    pieces: list[Piece] = []
    for number, part in enumerate(_NAME.split(template)):
        if number % 2:
            pieces += tokens[part]
        elif part.strip():
            pieces.append(part.strip())
    return tuple(pieces)


def name_token(name: str, key: str) -> Token:
    """The field that a rule or a condition is about."""
    return Token(key, name or tr("choose a field"), tr("Field"), "field", empty=not name)


def operator_token(operator: str, values: int, key: str = "operator") -> Token:
    """How texts are compared with so many values."""
    many = values > 1 and not (operator == "is" and values == 2)  # noqa: PLR2004 - "is a or b" reads best for two
    word = MANY.get(operator) if many else None
    return Token(key, tr(word or TEXT_OPERATORS[operator]), tr("Comparison"), "word")


def comparison_token(comparison: str, key: str = "operator") -> Token:
    """How numbers are compared."""
    return Token(key, tr(COMPARISONS[comparison]), tr("Comparison"), "word")


def number_token(value: float, key: str = "value") -> Token:
    """A number to compare with."""
    return Token(key, fmt.measured(value), tr("Number"))


def text_tokens(operator: str, values: Sequence[str], key: str = "values") -> tuple[Piece, ...]:
    """The values of a comparison of texts; none where the operator takes none."""
    return () if operator in NO_VALUES else values_tokens(values, key)


def values_tokens(
    values: Sequence[str], key: str = "values", invitation: str = "", joint: str = "", label: str = ""
) -> tuple[Piece, ...]:
    """Each value as a token, `joint` ("or") before the last; what is too many becomes "+3"."""
    label = label or tr("Values")
    if not values:
        return (Token(f"{key}.0", invitation or tr("choose values"), label, empty=True),)
    shown = len(values) if len(values) <= _SHOWN_VALUES else _SHOWN_VALUES - 1
    tokens: list[Piece] = [
        Token(f"{key}.{number}", value if value.strip() else tr("(empty)"), label)
        for number, value in enumerate(values[:shown])
    ]
    if shown < len(values):
        tokens.append(Token(f"{key}.{shown}", f"+{fmt.number(len(values) - shown)}", label))
    elif shown > 1:
        tokens.insert(shown - 1, joint or tr("or"))
    return tuple(tokens)


def called(thing_id: str, things: Sequence[Named] | None) -> str:
    """The name of the thing; an ellipsis while names are not known."""
    if things is None:
        return "…"
    found = named(things, thing_id)
    return found.name if found is not None else tr("(not there)")
