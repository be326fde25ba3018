"""A rule as a sentence: words, and between them the tokens that can be changed.

The order of words is the translator's: each sentence is one template whose `{names}` are tokens.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from workbench.gui.parts import format as fmt
from workbench.gui.parts.names import channel_name, country_name
from workbench.plan.segment import (
    ActivityRule,
    AttributeCondition,
    AttributeRule,
    BehaviourRule,
    ChannelRule,
    Condition,
    CountryRule,
    MetricCondition,
    MetricRule,
    Rule,
)
from workbench.plan.words import N_, tr, trn

#: values that are shown before the rest becomes "+3"
_SHOWN_VALUES: Final = 3
_NAME: Final = re.compile(r"\{(\w+)\}")

TEXT_OPERATORS: Final = {
    "is": N_("is"),
    "is_not": N_("is not"),
    "contains": N_("contains"),
    "starts_with": N_("starts with"),
    "is_set": N_("has any value"),
    "is_not_set": N_("has no value"),
}
_MANY: Final = {
    "is": N_("is one of"),
    "is_not": N_("is none of"),
    "contains": N_("contains any of"),
    "starts_with": N_("starts with any of"),
}
COMPARISONS: Final = {
    "greater_or_equal": N_("is at least"),
    "greater": N_("is more than"),
    "less_or_equal": N_("is at most"),
    "less": N_("is less than"),
    "equal": N_("is exactly"),
    "not_equal": N_("is not exactly"),
}
HOW_OFTEN: Final = {"at_least": N_("at least"), "at_most": N_("at most"), "exactly": N_("exactly")}
ACTIVITIES: Final = {"active": N_("active"), "inactive": N_("not active")}
NO_VALUES: Final = ("is_set", "is_not_set")


@dataclass(frozen=True, slots=True)
class Token:
    """A part of the sentence that can be changed.

    Attributes:
        key: which part of the rule: `"name"`, `"values.0"`, `"where.1.operator"`.
        text: what it says now.
        label: what it means.
        style: a chip, a chip in the accent's colour, a word of the running text, or an invitation to add.
        empty: nothing was chosen yet.
    """

    key: str
    text: str
    label: str
    style: Literal["chip", "field", "word", "add"] = "chip"
    empty: bool = False


Piece = str | Token


def sentence(rule: Rule) -> tuple[Piece, ...]:
    """The rule in words and tokens."""
    match rule:
        case AttributeRule():
            return _filled(
                tr("{name} {operator} {values}"),
                name=(_name(rule.name, "name"),),
                operator=(_operator(rule.operator, len(rule.values)),),
                values=() if rule.operator in NO_VALUES else _values(rule.values, "values"),
            )
        case MetricRule():
            return _filled(
                tr("{name} {operator} {value}"),
                name=(_name(rule.name, "name"),),
                operator=(_comparison(rule.comparison),),
                value=(Token("value", fmt.measured(rule.value), tr("Number")),),
            )
        case ChannelRule():
            return _filled(
                tr("channel {operator} {values}"),
                operator=(_operator(rule.operator, len(rule.values)),),
                values=_values([channel_name(value) for value in rule.values], "values"),
            )
        case CountryRule():
            return _filled(
                tr("country {operator} {values}"),
                operator=(_operator(rule.operator, len(rule.values)),),
                values=_values([country_name(value) for value in rule.values], "values"),
            )
        case ActivityRule():
            return _filled(
                trn("was {operator} in the last {days}", "was {operator} in the last {days}", rule.days),
                operator=(Token("operator", tr(ACTIVITIES[rule.operator]), tr("Active or not")),),
                days=(_last(rule.days),),
            )
        case BehaviourRule():
            return _behaviour(rule)


def text_of(rule: Rule) -> str:
    """The sentence as plain text, for screen readers and lists."""
    words = (piece if isinstance(piece, str) else piece.text for piece in sentence(rule))
    return " ".join(word for word in words if not word.startswith("+ "))


def days(count: int | None) -> str:
    """`90 days`; None is "ever"."""
    return tr("ever") if count is None else trn("{n} day", "{n} days", count).format(n=fmt.number(count))


def _last(count: int | None) -> Token:
    """The days of "in the last {days}": one of them is "the last day"."""
    return Token("days", tr("day") if count == 1 else days(count), tr("Days"))


def times(count: int) -> str:
    """`2 times`."""
    return trn("{n} time", "{n} times", count).format(n=fmt.number(count))


def _behaviour(rule: BehaviourRule) -> tuple[Piece, ...]:
    if rule.days is None:
        template = tr("did {event} {often} {times} {days}")
    else:
        template = trn(
            "did {event} {often} {times} in the last {days}",
            "did {event} {often} {times} in the last {days}",
            rule.days,
        )
    main = _filled(
        template,
        event=(Token("event", rule.event or tr("choose an event"), tr("Event"), "field", empty=not rule.event),),
        often=(Token("comparison", tr(HOW_OFTEN[rule.comparison]), tr("At least, at most or exactly"), "word"),),
        times=(Token("times", times(rule.times), tr("Number of times")),),
        days=(_last(rule.days),),
    )
    conditions: list[Piece] = []
    for number, condition in enumerate(rule.where):
        conditions.append(tr("where") if number == 0 else tr("and"))
        conditions += _condition(condition, f"where.{number}")
    add = tr("+ and") if rule.where else tr("+ where")
    more = (Token("where.add", add, tr("Add a condition on the event"), "add"),) if rule.event else ()
    return (*main, *conditions, *more)


def _condition(condition: Condition, key: str) -> tuple[Piece, ...]:
    match condition:
        case AttributeCondition():
            return _filled(
                tr("{name} {operator} {values}"),
                name=(_name(condition.name, f"{key}.name"),),
                operator=(_operator(condition.operator, len(condition.values), f"{key}.operator"),),
                values=_values(condition.values, f"{key}.values"),
            )
        case MetricCondition():
            return _filled(
                tr("{name} {operator} {value}"),
                name=(_name(condition.name, f"{key}.name"),),
                operator=(_comparison(condition.comparison, f"{key}.operator"),),
                value=(Token(f"{key}.value", fmt.measured(condition.value), tr("Number")),),
            )


def _name(name: str, key: str) -> Token:
    return Token(key, name or tr("choose a field"), tr("Field"), "field", empty=not name)


def _operator(operator: str, values: int, key: str = "operator") -> Token:
    many = values > 1 and not (operator == "is" and values == 2)  # noqa: PLR2004 - "is a or b" reads best for two
    word = _MANY.get(operator) if many else None
    return Token(key, tr(word or TEXT_OPERATORS[operator]), tr("Comparison"), "word")


def _comparison(comparison: str, key: str = "operator") -> Token:
    return Token(key, tr(COMPARISONS[comparison]), tr("Comparison"), "word")


def _values(values: Sequence[str], key: str) -> tuple[Piece, ...]:
    label = tr("Values")
    if not values:
        return (Token(f"{key}.0", tr("choose values"), label, empty=True),)
    shown = len(values) if len(values) <= _SHOWN_VALUES else _SHOWN_VALUES - 1
    tokens: list[Piece] = [
        Token(f"{key}.{number}", value if value.strip() else tr("(empty)"), label)
        for number, value in enumerate(values[:shown])
    ]
    if shown < len(values):
        tokens.append(Token(f"{key}.{shown}", f"+{fmt.number(len(values) - shown)}", label))
    elif shown > 1:
        tokens.insert(shown - 1, tr("or"))
    return tuple(tokens)


def _filled(template: str, **tokens: Iterable[Piece]) -> tuple[Piece, ...]:
    """The template cut at its names, with the tokens put in."""
    pieces: list[Piece] = []
    for number, part in enumerate(_NAME.split(template)):
        if number % 2:
            pieces += tokens[part]
        elif part.strip():
            pieces.append(part.strip())
    return tuple(pieces)
