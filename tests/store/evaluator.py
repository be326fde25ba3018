"""A slow, plain reading of plan/segment.py's docstrings: what the store's SQL is compared with."""

import calendar
import math
import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import assert_never
from zoneinfo import ZoneInfo

from workbench.plan.dates import wall_clock
from workbench.plan.endpoint import PUSH_TYPES
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
    Group,
    ListRule,
    MeasureRule,
    MessageRule,
    MetricCondition,
    MetricRule,
    MomentRule,
    Rule,
    SampleRule,
    SearchRule,
    SegmentRule,
)


@dataclass(frozen=True)
class Happening:
    """An event of one person."""

    type: str
    at: datetime
    attributes: dict[str, str] = field(default_factory=dict)
    metrics: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Message:
    """What a server said about a message of a campaign."""

    campaign: str
    state: str
    at: datetime


@dataclass(frozen=True)
class Someone:
    """An endpoint with what its user has and what happened to it. No list has an empty place."""

    id: str
    channel: str
    country: str | None
    effective: datetime
    attributes: dict[str, tuple[str, ...]] = field(default_factory=dict)
    metrics: dict[str, float] = field(default_factory=dict)
    user_id: str | None = None
    user_attributes: dict[str, tuple[str, ...]] = field(default_factory=dict)
    events: tuple[Happening, ...] = ()
    created: datetime | None = None
    platform: str | None = None
    place: tuple[float, float] | None = None
    lists: tuple[str, ...] = ()
    messages: tuple[Message, ...] = ()
    key: int = 0


@dataclass(frozen=True)
class World:
    """What rules depend on beside the person."""

    now: datetime
    zone: str = "UTC"
    segments: Mapping[str, Group] = field(default_factory=dict)
    inside: tuple[str, ...] = ()

    @property
    def today(self) -> date:
        """The day of the zone."""
        return self.now.astimezone(ZoneInfo(self.zone)).date()


def matches(item: Rule | Group, person: Someone, world: World) -> bool:  # noqa: C901, PLR0911, PLR0912 - one line per kind
    """Whether the rule or group is true for the person."""
    now = world.now
    match item:
        case Group():
            return group(item, person, world)
        case AttributeRule():
            stored = person.attributes if item.scope == "endpoint" else person.user_attributes
            return text(stored.get(item.name, ()), item.operator, item.values)
        case FieldRule():
            have = {"Demographic.Platform": person.platform, "Id": person.id}[item.field]
            return text(() if have is None else (have,), item.operator, item.values)
        case DateRule():
            return dated(item, person, world)
        case DistanceRule():
            there = (item.latitude, item.longitude)
            return person.place is not None and kilometers(person.place, there) <= item.kilometers
        case SearchRule():
            return found(item.text.strip().lower(), person)
        case SampleRule():
            chance = random.Random(item.seed)  # noqa: S311 - the rule's own
            factor, shift = chance.randrange(1, 2**31 - 1), chance.randrange(2**31 - 1)
            return (person.key % 2**31 * factor + shift) % (2**31 - 1) % 100_000 < round(item.percent * 1000)
        case ListRule():
            return item.list_id in person.lists
        case SegmentRule():
            return referred(item, person, world)
        case MeasureRule():
            return measured(item, person, world)
        case MomentRule():
            return moment(item, person, world)
        case MessageRule():
            return messaged(item, person, now)
        case MetricRule():
            return compared(person.metrics.get(item.name), item.comparison, item.value)
        case ChannelRule():
            return channel(item, person)
        case CountryRule():
            return (person.country in item.values) == (item.operator == "is")
        case ActivityRule():
            times = [happening.at for happening in person.events] + [person.effective]
            active = any(inside(at, now, item.days) for at in times)
            return active == (item.operator == "active")
        case BehaviourRule():
            return behaviour(item, person, world)
        case _:
            assert_never(item)


def group(item: Group, person: Someone, world: World) -> bool:
    """All, any or none; an empty group is true."""
    found = [matches(each, person, world) for each in item.items]
    if not found:
        return True
    return {"all": all(found), "any": any(found), "none": not any(found)}[item.mode]


def text(stored: tuple[str, ...], operator: str, values: tuple[str, ...]) -> bool:
    """Texts, none of them or several."""
    pairs = [(have, want) for have in stored for want in values]
    return {
        "is": any(have == want for have, want in pairs),
        "is_not": not any(have == want for have, want in pairs),
        "contains": any(want in have for have, want in pairs),
        "starts_with": any(have.startswith(want) for have, want in pairs),
        "is_set": len(stored) > 0,
        "is_not_set": len(stored) == 0,
    }[operator]


def referred(rule: SegmentRule, person: Someone, world: World) -> bool:
    """Members of other segments; a circle and what is not there have none."""
    found = []
    for each in rule.segments:
        root = None if each.id in world.inside else world.segments.get(each.id)
        inner = World(world.now, world.zone, world.segments, (*world.inside, each.id))
        found.append(root is not None and matches(root, person, inner))
    return bool(found) and {"all": all(found), "any": any(found), "none": not any(found)}[rule.mode]


def dated(rule: DateRule, person: Someone, world: World) -> bool:
    """Dates as wall clock time."""
    zone = ZoneInfo(world.zone)
    if rule.field in {"CreationDate", "EffectiveDate"}:
        at = person.created if rule.field == "CreationDate" else person.effective
        walls = [] if at is None else [at.astimezone(zone).replace(tzinfo=None)]
    else:
        prefix = "User.UserAttributes." if rule.field.startswith("User.") else "Attributes."
        stored = person.user_attributes if rule.field.startswith("User.") else person.attributes
        texts = stored.get(rule.field.removeprefix(prefix), ())
        walls = [found for found in (wall_clock(one, world.zone) for one in texts) if found is not None]
    given = [found for found in (wall_clock(value, world.zone) for value in rule.values) if found is not None]
    return any(date_fits(rule, wall, given, world.today) for wall in walls)


def date_fits(rule: DateRule, wall: datetime, given: list[datetime], today: date) -> bool:
    """One date."""
    day, first, last = wall.date(), timedelta(days=-rule.days), timedelta(days=rule.days)
    ahead = range(min(rule.days, 366) + 1)
    return {
        "before": lambda: bool(given) and wall < given[0],
        "after": lambda: bool(given) and wall > given[0],
        "on": lambda: bool(given) and day == given[0].date(),
        "between": lambda: len(given) > 1 and given[0] <= wall <= given[1],
        "in_last": lambda: today + first <= day <= today,
        "in_next": lambda: today <= day <= today + last,
        "older": lambda: day < today + first,
        "anniversary": lambda: any(celebrated(day, today + timedelta(days=days)) for days in ahead),
    }[rule.operator]()


def celebrated(born: date, day: date) -> bool:
    """Whether the day is an anniversary."""
    if born.year >= day.year:
        return False
    if (born.month, born.day) == (2, 29) and not calendar.isleap(day.year):
        return (day.month, day.day) == (2, 28)
    return (born.month, born.day) == (day.month, day.day)


def kilometers(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Along the great circle, by the angle between two vectors: another formula than the store's."""
    vectors = []
    for place in (one, other):
        latitude, longitude = (math.radians(degrees) for degrees in place)
        flat = math.cos(latitude)
        vectors.append((flat * math.cos(longitude), flat * math.sin(longitude), math.sin(latitude)))
    a, b = vectors
    cross = [a[i] * b[j] - a[j] * b[i] for i, j in ((1, 2), (2, 0), (0, 1))]
    return 6371.0088 * math.atan2(math.hypot(*cross), sum(x * y for x, y in zip(a, b, strict=True)))


def compared(have: float | None, comparison: str, want: float) -> bool:
    """A number that is missing, or is not a number, never compares."""
    if have is None or math.isnan(have):
        return False
    return {
        "equal": have == want,
        "not_equal": have != want,
        "greater": have > want,
        "greater_or_equal": have >= want,
        "less": have < want,
        "less_or_equal": have <= want,
    }[comparison]


def channel(rule: ChannelRule, person: Someone) -> bool:
    """PUSH stands for every push service."""
    wanted = set(rule.values) | (set(PUSH_TYPES) if "PUSH" in rule.values else set())
    return (person.channel in wanted) == (rule.operator == "is")


def inside(at: datetime, now: datetime, days: int | None) -> bool:
    """The window is open at its start and closed at its end; the future is never inside."""
    return at <= now and (days is None or at > now - timedelta(hours=24 * days))


def counted(rule: EventWindow, person: Someone, world: World) -> list[Happening]:
    """The events that are looked at."""
    return [
        happening
        for happening in person.events
        if happening.type == rule.event
        and in_window(rule, happening.at, world)
        and all(condition(each, happening) for each in rule.where)
    ]


def in_window(rule: EventWindow, at: datetime, world: World) -> bool:
    """Days back from now, or whole days of the zone."""
    if rule.start or rule.end:
        day = at.astimezone(ZoneInfo(world.zone)).date().isoformat()
        return at <= world.now and (not rule.start or day >= rule.start) and (not rule.end or day <= rule.end)
    return inside(at, world.now, rule.days) and at <= world.now - timedelta(hours=24 * rule.until)


def behaviour(rule: BehaviourRule, person: Someone, world: World) -> bool:
    """How often it happened."""
    times = len(counted(rule, person, world))
    return {"at_least": times >= rule.times, "at_most": times <= rule.times, "exactly": times == rule.times}[
        rule.comparison
    ]


def measured(rule: MeasureRule, person: Someone, world: World) -> bool:
    """A figure over events."""
    every = [each.metrics.get(rule.metric) for each in counted(rule, person, world)]
    numbers = [number for number in every if number is not None and math.isfinite(number)]
    if rule.measure == "sum":
        return compared(math.fsum(numbers), rule.comparison, rule.value)
    if not numbers:
        return False
    figure = {"average": math.fsum(numbers) / len(numbers), "least": min(numbers), "greatest": max(numbers)}
    return compared(figure[rule.measure], rule.comparison, rule.value)


def moment(rule: MomentRule, person: Someone, world: World) -> bool:
    """The first or the last time."""
    times = [each.at for each in counted(rule, person, world)]
    if not times:
        return False
    at = min(times) if rule.which == "first" else max(times)
    recent = at > world.now - timedelta(hours=24 * rule.ago)
    return recent == (rule.operator == "within")


def messaged(rule: MessageRule, person: Someone, now: datetime) -> bool:
    """What became of messages."""
    if rule.did in {"got", "failed"}:
        states = {"got": {"accepted"}, "failed": {"failed", "render_failed"}}[rule.did]
        messages = [each for each in person.messages if each.state in states]
        times = [each.at for each in messages if rule.campaign_id in {"", each.campaign}]
    else:
        event = {"opened": "_email.open", "clicked": "_email.click"}[rule.did]
        events = [each for each in person.events if each.type == event]
        times = [each.at for each in events if rule.campaign_id in {"", each.attributes.get("campaign_id")}]
    return any(inside(at, now, rule.days) for at in times) == (rule.operator == "did")


def condition(item: Condition, happening: Happening) -> bool:
    """A condition on one event."""
    match item:
        case MetricCondition():
            return compared(happening.metrics.get(item.name), item.comparison, item.value)
        case AttributeCondition():
            stored = happening.attributes.get(item.name)
            return text(() if stored is None else (stored,), item.operator, item.values)
        case _:
            assert_never(item)


def found(text: str, person: Someone) -> bool:
    """Whether the search finds the person; `town` makes addresses out of ids."""
    if not text:
        return False
    keys = (person.id, f"{person.id}@example.com", person.user_id or "")
    told = [value for values in (*person.attributes.values(), *person.user_attributes.values()) for value in values]
    words = text.split()
    return any(text in key.lower() for key in keys) or (
        bool(told) and all(any(word in value.lower() for value in told) for word in words)
    )
