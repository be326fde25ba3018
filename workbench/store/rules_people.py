"""Rules about what is known of a person, as conditions on `e`, a row of `endpoints`."""

import random
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from workbench.plan.dates import MOMENT, wall_clock
from workbench.plan.endpoint import ATTRIBUTE, PUSH_TYPES
from workbench.plan.segment import (
    AttributeRule,
    ChannelRule,
    CountryRule,
    DateRule,
    DistanceRule,
    FieldRule,
    MetricRule,
    SampleRule,
)
from workbench.store import conditions, lists
from workbench.store.catalogue import FIELD_COLUMNS, Columns
from workbench.store.conditions import EVERYONE, NOBODY, any_of, bracketed, negated
from workbench.store.queries import Query, identifier, join, literal, sql

#: with more listed values than this, one search for any of them is faster than one search for each
_FEW_VALUES: Final = 4
#: mean radius of the earth in kilometres
_EARTH: Final = 6371.0088
#: a prime: sums and products modulo it are spread evenly, and never leave 64 bits, beyond which they are slow
_PRIME: Final = 2**31 - 1
_PARTS: Final = 100_000


def attribute(rule: AttributeRule, columns: Columns) -> Query:
    """Values of a named attribute of the endpoint or its user."""
    known = columns.attributes if rule.scope == "endpoint" else columns.user_attributes
    column = known.get(rule.name)
    negative = rule.operator in {"is_not", "is_not_set"}
    if column is None:
        return EVERYONE if negative else NOBODY
    if rule.scope == "endpoint":
        found = _has(sql("e.{a}", a=identifier(column)), rule)
    else:
        found = _of_user(_has(identifier(column), rule))
    return negated(found) if negative else found


def _has(stored: Query, rule: AttributeRule) -> Query:
    """Whether the stored values have what the rule, or the opposite of it, asks for."""
    values = [value for value in rule.values if lists.SEPARATOR not in value]  # which no value has
    split = lists.split("{stored}")
    match rule.operator:
        case "is_set" | "is_not_set":
            return sql("{stored} IS NOT NULL", stored=stored)
        case "is" | "is_not" if len(values) > _FEW_VALUES:
            return sql(f"list_has_any({split}, {{values}})", stored=stored, values=values)
        case "is" | "is_not":
            test = f"list_contains({split}, {{value}})"
        case "contains":
            test = "contains({stored}, {value})"
        case "starts_with":
            test = lists.begins("{stored}", "{value}")
    return any_of(values, lambda value: sql(test, stored=stored, value=value))


def _of_user(found: Query) -> Query:
    return sql("e.user_id IN (SELECT user_id FROM users WHERE {found})", found=found)


def metric(rule: MetricRule, columns: Columns) -> Query:
    """A number of the endpoint."""
    column = columns.metrics.get(rule.name)
    if column is None:
        return NOBODY
    return conditions.compared(sql("e.{m}", m=identifier(column)), rule.comparison, rule.value)


def field(rule: FieldRule | ChannelRule | CountryRule) -> Query:
    """A fixed text field."""
    if isinstance(rule, FieldRule):
        column = FIELD_COLUMNS.get(rule.field)
        if column is None:
            return NOBODY
        return conditions.text(Query(f"e.{column}::VARCHAR"), rule.operator, rule.values)
    if isinstance(rule, CountryRule):
        return conditions.listed(Query("e.country"), rule.operator, rule.values)
    push = PUSH_TYPES if "PUSH" in rule.values else ()
    return conditions.listed(Query("e.channel_type"), rule.operator, (*rule.values, *push))


def near(rule: DistanceRule) -> Query:
    """Whether the place is known and near enough."""
    return sql(
        "e.latitude IS NOT NULL AND e.longitude IS NOT NULL AND {far} <= {kilometers}",
        far=distance(rule),
        kilometers=rule.kilometers,
    )


def distance(rule: DistanceRule) -> Query:
    """Great-circle distance in kilometres by the haversine formula; only where the place is known."""
    return sql(
        """2 * {earth} * asin(sqrt(least(1,
            pow(sin(radians(e.latitude - {latitude}) / 2), 2)
            + cos(radians({latitude})) * cos(radians(e.latitude))
            * pow(sin(radians(e.longitude - {longitude}) / 2), 2))))""",
        earth=_EARTH,
        latitude=rule.latitude,
        longitude=rule.longitude,
    )


def sampled(rule: SampleRule) -> Query:
    """Those whose key is drawn; see the rule."""
    chance = random.Random(rule.seed)  # noqa: S311 - the same for the same seed, which is the point
    factor, shift = chance.randrange(1, _PRIME), chance.randrange(_PRIME)
    return sql(
        f"((e.key & {_PRIME}) * {factor} + {shift}) % {_PRIME} % {_PARTS} < {{drawn}}",
        drawn=round(rule.percent * _PARTS / 100),
    )


# --- dates


def dated(rule: DateRule, columns: Columns, now: datetime, zone: str) -> Query:
    """A date or time compared as wall clock time."""
    place = columns.endpoint_column(rule.field)
    if place is None:
        return NOBODY
    table, column = place
    if rule.field in FIELD_COLUMNS:
        stored = sql("e.{column}", column=identifier(column))
        wall = sql("timezone({zone}, timezone('UTC', {stored}))", zone=zone, stored=stored)
        return _near_its_ends(rule, stored, _compared(rule, wall, now, zone), now, zone)
    # The texts that there are, each once: they are taken apart and compared once, however many people have them.
    texts = sql(
        f"""SELECT text FROM (
                SELECT text, {{wall}} AS wall FROM (
                    SELECT text, unnest({lists.split("text")}) AS v
                    FROM (SELECT DISTINCT {{column}} AS text FROM {table})))
            WHERE {{tested}}""",
        column=identifier(column),
        wall=_wall("v", zone),
        tested=_compared(rule, Query("wall"), now, zone),
    )
    if rule.field.startswith(ATTRIBUTE):
        return sql("e.{column} IN ({texts})", column=identifier(column), texts=texts)
    return _of_user(sql("{column} IN ({texts})", column=identifier(column), texts=texts))


def _wall(text: str, zone: str) -> Query:
    """A text as wall clock time, NULL where it is none; the other half of `plan.dates.wall_clock`."""
    # which a cast takes with seconds only
    whole = f"regexp_replace({text}, '^(.{{16}})(Z|[+-])', '\\1:00\\2')"
    turned = f"timezone({literal(zone)}, TRY_CAST({whole} AS TIMESTAMPTZ))"
    offset = f"regexp_matches({text}, ':.*(Z|[+-][0-9:]+)$')"
    plain = f"CASE WHEN {offset} THEN {turned} ELSE TRY_CAST({text} AS TIMESTAMP) END"
    return Query(f"(CASE WHEN regexp_full_match({text}, {literal(MOMENT)}) THEN {plain} END)")


def _compared(rule: DateRule, wall: Query, now: datetime, zone: str) -> Query:
    given = [moment for moment in (wall_clock(value, zone) for value in rule.values) if moment is not None]
    match rule.operator, given:
        case "before", [moment, *_]:
            return sql("{wall} < {moment}", wall=wall, moment=moment)
        case "after", [moment, *_]:
            return sql("{wall} > {moment}", wall=wall, moment=moment)
        case "on", [moment, *_]:
            return _days(wall, moment.date(), moment.date())
        case "between", [low, high, *_]:
            return sql("({wall} >= {low} AND {wall} <= {high})", wall=wall, low=low, high=high)
        case (("before" | "after" | "on" | "between"), _):
            return NOBODY
    return _near_today(rule, wall, now.astimezone(ZoneInfo(zone)).date())


def _near_its_ends(rule: DateRule, stored: Query, exact: Query, now: datetime, zone: str) -> Query:
    """The same as `exact`, which turns each instant into wall clock time: that takes a hundred times longer.

    Where clocks are not changed near an end, it is an instant. Where they are, those are turned who are near: wall
    clock time is never two days away from UTC.
    """
    ends = _ends(rule, now, zone)
    if not ends:
        return exact
    instants = [_instant(moment, zone) for _, moment in ends]
    if None not in instants:
        return bracketed(" AND ", [_beside(stored, end, at) for (end, _), at in zip(ends, instants, strict=True)])
    away = {">=": 2, ">": 2, "<": -2, "<=": -2}
    inside = [_beside(stored, end, _moved(moment, away[end])) for end, moment in ends]
    maybe = [_beside(stored, end, _moved(moment, -away[end])) for end, moment in ends]
    return sql(
        "CASE WHEN {inside} THEN TRUE WHEN {maybe} THEN {exact} ELSE FALSE END",
        inside=bracketed(" AND ", inside),
        maybe=bracketed(" AND ", maybe),
        exact=exact,
    )


def _beside(stored: Query, end: str, moment: datetime | None) -> Query:
    return sql(f"{{stored}} {end} {{moment}}", stored=stored, moment=moment)


def _instant(moment: datetime, zone: str) -> datetime | None:
    """When clocks of the zone show this time, in UTC without a zone; None where they are changed within two days."""
    try:
        near = [(moment + timedelta(days=days)).replace(tzinfo=ZoneInfo(zone)).utcoffset() for days in range(-2, 3)]
    except OverflowError:
        return None
    offset = near[0] or timedelta()
    return moment - offset if len(set(near)) == 1 else None


def _ends(rule: DateRule, now: datetime, zone: str) -> list[tuple[str, datetime]]:  # noqa: PLR0911 - one per operator
    """How the wall clock time compares with what moments, where the rule is no more than that."""
    given = [moment for moment in (wall_clock(value, zone) for value in rule.values) if moment is not None]
    today = _midnight(now.astimezone(ZoneInfo(zone)).date())
    match rule.operator, given:
        case "before", [moment, *_]:
            return [("<", moment)]
        case "after", [moment, *_]:
            return [(">", moment)]
        case "on", [moment, *_]:
            day = _midnight(moment.date())
            return [(">=", day), ("<", _moved(day, 1))]
        case "between", [low, high, *_]:
            return [(">=", low), ("<=", high)]
        case "in_last", _:
            return [(">=", _moved(today, -rule.days)), ("<", _moved(today, 1))]
        case "in_next", _:
            return [(">=", today), ("<", _moved(today, rule.days + 1))]
        case "older", _:
            return [("<", _moved(today, -rule.days))]
        case _:
            return []


def _moved(moment: datetime, days: int) -> datetime:
    """So many days later; the first or the last instant that there is where that is too far."""
    try:
        return moment + timedelta(days=days)
    except OverflowError:
        return datetime.max if days > 0 else datetime.min  # noqa: DTZ901 - as the store keeps times: without a zone


def _near_today(rule: DateRule, wall: Query, today: date) -> Query:
    match rule.operator:
        case "in_last":
            return _days(wall, _shifted(today, -rule.days), today)
        case "in_next":
            return _days(wall, today, _shifted(today, rule.days))
        case "older":
            return sql("{wall} < {day}", wall=wall, day=_midnight(_shifted(today, -rule.days)))
        case _:
            return _anniversary(wall, today, rule.days)


def _days(wall: Query, first: date, last: date) -> Query:
    """From the first day to the last, both inside."""
    end = _midnight(last) + timedelta(days=1)
    return sql("({wall} >= {start} AND {wall} < {end})", wall=wall, start=_midnight(first), end=end)


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC).replace(tzinfo=None)


def _shifted(day: date, days: int) -> date:
    return day + timedelta(days=days)


def _anniversary(wall: Query, today: date, days: int) -> Query:
    """Of an earlier year, with month and day of one of the days to come."""
    by_year: dict[int, list[str]] = {}
    for day in (_shifted(today, ahead) for ahead in range(min(days, 366) + 1)):
        marks = by_year.setdefault(day.year, [])
        marks.append(day.strftime("%m-%d"))
        if (day.month, day.day) == (2, 28) and _shifted(day, 1).month == 3:  # noqa: PLR2004 - no 29th this year
            marks.append("02-29")
    parts = [
        sql(
            "(strftime({wall}, '%m-%d') IN ({marks}) AND year({wall}) < {year})",
            wall=wall,
            marks=_texts(marks),
            year=year,
        )
        for year, marks in by_year.items()
    ]
    return bracketed(" OR ", parts)


def _texts(values: Sequence[str]) -> Query:
    return join(", ", (sql("{value}", value=value) for value in values))
