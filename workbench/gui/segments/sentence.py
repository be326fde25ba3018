"""A rule as a sentence: words, and between them the tokens that can be changed.

The order of words is the translator's: each sentence is one template whose `{names}` are tokens.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from workbench.gui.parts import format as fmt
from workbench.gui.parts.names import channel_name, country_name, field_name
from workbench.plan.catalogue import Catalogue, Named, named
from workbench.plan.fields import ATTRIBUTE, USER_ATTRIBUTE
from workbench.plan.segment import (
    ActivityRule,
    AttributeCondition,
    AttributeRule,
    BehaviourRule,
    ChannelRule,
    Condition,
    CountryRule,
    DateRule,
    DistanceRule,
    EventWindow,
    FieldRule,
    ListRule,
    MeasureRule,
    MessageRule,
    MetricCondition,
    MetricRule,
    MomentRule,
    Rule,
    SampleRule,
    SegmentRule,
)
from workbench.plan.segment_rules import DATES_TAKEN
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
DATE_OPERATORS: Final = {
    "in_last": N_("was in the last"),
    "in_next": N_("is in the next"),
    "older": N_("was longer ago than"),
    "anniversary": N_("has its anniversary in the next"),
    "before": N_("is before"),
    "after": N_("is after"),
    "on": N_("is on"),
    "between": N_("is between"),
}
#: the same where it is about a single day
_ONE_DAY: Final = {
    "in_last": N_("was within the last"), "in_next": N_("is within the next"),
    "anniversary": N_("has its anniversary within the next"),
}  # fmt: skip
MEASURES: Final = {
    "sum": N_("the sum of"), "average": N_("the average of"), "least": N_("the least"), "greatest": N_("the greatest"),
}  # fmt: skip
WHICH: Final = {"first": N_("for the first time"), "last": N_("for the last time")}
AGO: Final = {"within": N_("in the last"), "before": N_("longer ago than")}
#: what became of messages, by `operator:did`
MESSAGES: Final = {
    "did:got": N_("got"),
    "did_not:got": N_("did not get"),
    "did:opened": N_("opened"),
    "did_not:opened": N_("did not open"),
    "did:clicked": N_("clicked in"),
    "did_not:clicked": N_("did not click in"),
    "did:failed": N_("could not be reached by"),
    "did_not:failed": N_("was reached by all of"),
}
MEMBERSHIPS: Final = {"all": N_("is in all of"), "any": N_("is in any of"), "none": N_("is in none of")}


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


def sentence(rule: Rule, known: Catalogue | None = None) -> tuple[Piece, ...]:  # noqa: C901, PLR0911, PLR0912 - a case per kind
    """The rule in words and tokens; what it refers to by id is called by its name in the catalogue."""
    match rule:
        case FieldRule():
            return _filled(
                tr("{name} {operator} {values}"),
                name=(Token("field", field_name(rule.field), tr("Field"), "field"),),
                operator=(_operator(rule.operator, len(rule.values)),),
                values=() if rule.operator in NO_VALUES else _values(rule.values, "values"),
            )
        case DateRule():
            return _dated(rule)
        case DistanceRule():
            return _filled(
                tr("is within {kilometers} of {place}"),
                kilometers=(Token("kilometers", tr("{n} km").format(n=fmt.measured(rule.kilometers)), tr("Distance")),),
                place=(Token("place", f"{rule.latitude:g}, {rule.longitude:g}", tr("Latitude and longitude")),),
            )
        case MeasureRule():
            return _measure(rule)
        case MomentRule():
            return _moment(rule)
        case MessageRule():
            return _message(rule, known)
        case SegmentRule():
            names = [_called(each.id, known.segments if known else None) for each in rule.segments]
            joint = tr("and") if rule.mode == "all" else tr("or")
            return _filled(
                tr("{membership} {segments}"),
                membership=(Token("mode", tr(MEMBERSHIPS[rule.mode]), tr("All, any or none"), "word"),),
                segments=_values(names, "segments", tr("choose segments"), joint),
            )
        case ListRule():
            text = _called(rule.list_id, known.lists if known else None) if rule.list_id else tr("choose a list")
            found = named(known.lists if known else (), rule.list_id)
            if found is not None and found.count is not None:
                text = f"{text} ({fmt.number(found.count)})"
            return _filled(
                tr("is on the list {list}"),
                list=(Token("list_id", text, tr("List"), empty=not rule.list_id),),
            )
        case SampleRule():
            return _filled(
                tr("is in a random {percent} by draw {seed}"),
                percent=(Token("percent", fmt.percent(rule.percent / 100), tr("Part of everyone")),),
                seed=(Token("seed", fmt.number(rule.seed), tr("Another draw chooses others"), "word"),),
            )
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


def text_of(rule: Rule, known: Catalogue | None = None) -> str:
    """The sentence as plain text, for screen readers and lists."""
    words = (piece if isinstance(piece, str) else piece.text for piece in sentence(rule, known))
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


def _called(thing_id: str, things: Sequence[Named] | None) -> str:
    """Its name; an ellipsis while names are not known."""
    if things is None:
        return "…"
    found = named(things, thing_id)
    return found.name if found is not None else tr("(not there)")


def _dated(rule: DateRule) -> tuple[Piece, ...]:
    """The field, how it compares, and a date, two of them, or days."""
    name = rule.field.removeprefix(ATTRIBUTE).removeprefix(USER_ATTRIBUTE)
    called = field_name(rule.field) if name == rule.field and name else name
    amount: list[Piece] = []
    for number in range(DATES_TAKEN.get(rule.operator, 0)):
        text = rule.values[number] if number < len(rule.values) else tr("choose a date")
        token = Token(f"values.{number}", text, tr("Date"), empty=number >= len(rule.values))
        amount += [tr("and"), token] if number else [token]
    words, text = DATE_OPERATORS, days(rule.days) if rule.days else tr("day, today")
    if rule.days <= 1 and rule.operator in _ONE_DAY:
        words, text = _ONE_DAY, tr("day") if rule.days else text
    amount = amount or [Token("days", text, tr("Days"))]
    return _filled(
        tr("{field} {operator} {amount}"),
        field=(Token("field", called or tr("choose a field"), tr("Field"), "field", empty=not rule.field),),
        operator=(Token("operator", tr(words[rule.operator]), tr("Comparison"), "word"),),
        amount=amount,
    )


def _measure(rule: MeasureRule) -> tuple[Piece, ...]:
    main = _filled(
        tr("{measure} {metric} over {event} {operator} {value} {window}"),
        measure=(Token("measure", tr(MEASURES[rule.measure]), tr("Figure"), "word"),),
        metric=(Token("metric", rule.metric or tr("choose a number"), tr("Number"), "field", empty=not rule.metric),),
        event=(_event(rule),),
        operator=(_comparison(rule.comparison),),
        value=(Token("value", fmt.measured(rule.value), tr("Number")),),
        window=(Token("window", window(rule), tr("When")),),
    )
    return (*main, *_where(rule))


def _moment(rule: MomentRule) -> tuple[Piece, ...]:
    main = _filled(
        tr("did {event} {which} {operator} {ago}"),
        event=(_event(rule),),
        which=(Token("which", tr(WHICH[rule.which]), tr("First or last"), "word"),),
        operator=(Token("operator", tr(AGO[rule.operator]), tr("Comparison"), "word"),),
        ago=(Token("ago", days(rule.ago), tr("Days")),),
    )
    return (*main, *_where(rule))


def _message(rule: MessageRule, known: Catalogue | None) -> tuple[Piece, ...]:
    campaign = tr("any campaign")
    if rule.campaign_id:
        campaign = _called(rule.campaign_id, known.campaigns if known else None)
    within = tr("ever") if rule.days is None else tr("in the last {days}").format(days=days(rule.days))
    return _filled(
        tr("{did} {campaign} {window}"),
        did=(Token("did", tr(MESSAGES[f"{rule.operator}:{rule.did}"]), tr("What became of it"), "word"),),
        campaign=(Token("campaign_id", campaign, tr("Campaign")),),
        window=(Token("days", within, tr("Days")),),
    )


def window(rule: EventWindow) -> str:
    """When the events were: `in the last 30 days`, `from 2026-03-01 to 2026-03-31`, `90 to 30 days ago`, `ever`."""
    if rule.start and rule.end:
        return tr("from {start} to {end}").format(start=rule.start, end=rule.end)
    if rule.start or rule.end:
        text = tr("from {start} on") if rule.start else tr("up to {end}")
        return text.format(start=rule.start, end=rule.end)
    if rule.until:
        first = tr("ever") if rule.days is None else fmt.number(rule.days)
        return tr("{first} to {last} days ago").format(first=first, last=fmt.number(rule.until))
    return tr("ever") if rule.days is None else tr("in the last {days}").format(days=days(rule.days))


def _event(rule: EventWindow) -> Token:
    return Token("event", rule.event or tr("choose an event"), tr("Event"), "field", empty=not rule.event)


def _where(rule: EventWindow) -> tuple[Piece, ...]:
    """The conditions on the event, and an invitation to add one."""
    conditions: list[Piece] = []
    for number, condition in enumerate(rule.where):
        conditions.append(tr("where") if number == 0 else tr("and"))
        conditions += _condition(condition, f"where.{number}")
    add = tr("+ and") if rule.where else tr("+ where")
    more = (Token("where.add", add, tr("Add a condition on the event"), "add"),) if rule.event else ()
    return (*conditions, *more)


def _behaviour(rule: BehaviourRule) -> tuple[Piece, ...]:
    special = bool(rule.start or rule.end or rule.until)
    if rule.days is None or special:
        template = tr("did {event} {often} {times} {days}")
    else:
        template = trn(
            "did {event} {often} {times} in the last {days}",
            "did {event} {often} {times} in the last {days}",
            rule.days,
        )
    main = _filled(
        template,
        event=(_event(rule),),
        often=(Token("comparison", tr(HOW_OFTEN[rule.comparison]), tr("At least, at most or exactly"), "word"),),
        times=(Token("times", times(rule.times), tr("Number of times")),),
        days=(Token("days", window(rule), tr("When")) if special else _last(rule.days),),
    )
    return (*main, *_where(rule))


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


def _values(values: Sequence[str], key: str, invitation: str = "", joint: str = "") -> tuple[Piece, ...]:
    label = tr("Values")
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


def _filled(template: str, **tokens: Iterable[Piece]) -> tuple[Piece, ...]:
    """The template cut at its names, with the tokens put in."""
    pieces: list[Piece] = []
    for number, part in enumerate(_NAME.split(template)):
        if number % 2:
            pieces += tokens[part]
        elif part.strip():
            pieces.append(part.strip())
    return tuple(pieces)
