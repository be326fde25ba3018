"""Sentences of the rules about a person: texts, numbers, dates, channel, country, place."""

from workbench.gui.parts import format as fmt
from workbench.gui.parts.names import cell_words, channel_name, country_name, field_name
from workbench.gui.segments.pieces import (
    Piece,
    Token,
    comparison_token,
    filled,
    name_token,
    number_token,
    operator_token,
    text_tokens,
    values_tokens,
)
from workbench.gui.segments.wording import DATE_OPERATORS, ONE_DAY, TODAY, days
from workbench.plan.fields import ATTRIBUTE, USER_ATTRIBUTE
from workbench.plan.segment import (
    AttributeRule,
    ChannelRule,
    CountryRule,
    DateRule,
    DistanceRule,
    FieldRule,
    MetricRule,
)
from workbench.plan.segment_rules import DATES_TAKEN
from workbench.plan.words import tr

PersonRule = AttributeRule | FieldRule | MetricRule | DateRule | ChannelRule | CountryRule | DistanceRule


def person_sentence(rule: PersonRule) -> tuple[Piece, ...]:  # noqa: PLR0911 - one per kind of rule
    """The rule in words and tokens."""
    match rule:
        case AttributeRule():
            return _texts(name_token(rule.name, "name"), rule.operator, rule.values)
        case FieldRule():
            name = Token("field", field_name(rule.field), tr("Field"), "field")
            return _texts(name, rule.operator, [cell_words(rule.field, value) for value in rule.values])
        case MetricRule():
            return filled(
                tr("{name} {operator} {value}"),
                name=(name_token(rule.name, "name"),),
                operator=(comparison_token(rule.comparison),),
                value=(number_token(rule.value),),
            )
        case DateRule():
            return _date(rule)
        case ChannelRule():
            return filled(
                tr("channel {operator} {values}"),
                operator=(operator_token(rule.operator, len(rule.values)),),
                values=values_tokens([channel_name(value) for value in rule.values]),
            )
        case CountryRule():
            return filled(
                tr("country {operator} {values}"),
                operator=(operator_token(rule.operator, len(rule.values)),),
                values=values_tokens([country_name(value) for value in rule.values]),
            )
        case DistanceRule():
            return _distance(rule)


def date_field_name(field: str) -> str:
    """An attribute by its bare name, a fixed field in words; empty stays empty."""
    bare = field.removeprefix(ATTRIBUTE).removeprefix(USER_ATTRIBUTE)
    return field_name(field) if field and bare == field else bare


def _texts(name: Token, operator: str, values: "list[str] | tuple[str, ...]") -> tuple[Piece, ...]:
    return filled(
        tr("{name} {operator} {values}"),
        name=(name,),
        operator=(operator_token(operator, len(values)),),
        values=text_tokens(operator, values),
    )


def _date(rule: DateRule) -> tuple[Piece, ...]:
    """The field, how it compares, and a date, two of them, or days."""
    called = date_field_name(rule.field)
    field = Token("field", called or tr("choose a field"), tr("Field"), "field", empty=not called)
    template = tr("{field} {operator} {days}") if _is_ago(rule) else tr("{field} {operator} {amount}")
    words = DATE_OPERATORS
    if rule.days <= 1 and rule.operator in (ONE_DAY if rule.days else TODAY):
        words = ONE_DAY if rule.days else TODAY
    operator = Token("operator", tr(words[rule.operator]), tr("Comparison"), "word")
    amount = _dates(rule) or (Token("days", _days(rule), tr("Days")),)
    return filled(template, field=(field,), operator=(operator,), amount=amount, days=amount)


def _is_ago(rule: DateRule) -> bool:
    """More than 30 days ago, where some languages want words on both sides of the days."""
    return rule.operator == "older" and rule.days > 0


def _days(rule: DateRule) -> str:
    if rule.days == 0:
        return tr("today")
    return tr("day") if rule.days == 1 and rule.operator in ONE_DAY else days(rule.days)


def _dates(rule: DateRule) -> tuple[Piece, ...]:
    """The dates to compare with, as many as the operator takes."""
    pieces: list[Piece] = []
    for number in range(DATES_TAKEN.get(rule.operator, 0)):
        text = rule.values[number] if number < len(rule.values) else ""
        token = Token(f"values.{number}", text or tr("choose a date"), tr("Date"), empty=not text)
        pieces += [tr("and"), token] if number else [token]
    return tuple(pieces)


def _distance(rule: DistanceRule) -> tuple[Piece, ...]:
    far = tr("{n} km").format(n=fmt.measured(rule.kilometers))
    place = f"{rule.latitude:g}, {rule.longitude:g}"
    return filled(
        tr("is within {kilometers} of {place}"),
        kilometers=(Token("kilometers", far, tr("Distance")),),
        place=(Token("place", place, tr("Latitude and longitude"), also=("latitude", "longitude")),),
    )
