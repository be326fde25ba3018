import random
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.store import town
from tests.store.evaluator import Happening, Message, Someone, World, matches
from workbench.plan.segment import (
    ActivityRule,
    AttributeCondition,
    AttributeRule,
    BehaviourRule,
    ChannelRule,
    CountryRule,
    DateRule,
    DistanceRule,
    FieldRule,
    Group,
    ListRule,
    MeasureRule,
    MessageRule,
    MetricCondition,
    MetricRule,
    MomentRule,
    Reference,
    Rule,
    SampleRule,
    SearchRule,
    Segment,
    SegmentRule,
)
from workbench.store import catalogue, rules
from workbench.store.rules import Reading

NOW = datetime(2026, 3, 30, 1, 30, tzinfo=UTC)
TICK = timedelta(microseconds=1)
#: text that SQL, LIKE, lists and Unicode could stumble over
TEXTS = (
    "", "a", "A", "ab", "ba", "%", "_", "a%b", "a_b", "\\", "'", '"', "?", "{a}", "[a]", "a,b", "NULL", " ", "é",
    "e\u0301", "ß", "İ", "日本", "Привет", "🙂", "\u200f", "x" * 200,
)  # fmt: skip
NUMBERS = (0.0, -0.0, 1.0, -1.0, 0.1 + 0.2, 0.3, 1e-300, 1e300, float("inf"), float("-inf"), float("nan"), 2.0**53)
FINITE = tuple(number for number in NUMBERS if abs(number) < float("inf"))
NAMES = ("plan", "Any name, at \"all\" = 'x'; --", "имя")
UNKNOWN = "nobody has this"
TYPES = ("purchase", "_session.start", "it's", "_email.open", "_email.click")
DAYS = (1, 2, 30, 90)
CHANNELS = ("EMAIL", "SMS", "GCM", "APNS_VOIP_SANDBOX", "CUSTOM")
COUNTRIES = ("DE", "FR", "", "de")
#: how long before now; with the edges of every window, and the future
AGES = tuple(
    timedelta(days=days) + shift for days in (0, *DAYS) for shift in (-TICK, timedelta(0), TICK, timedelta(hours=1))
)

PLATFORMS = ("iOS", "Android", "")
#: what a text must look like to be a date, and what only looks so
DATES = (
    "2026-03-30", "2026-03-29", "2026-03-29T02:30", "2026-03-29T03:30:00", "2025-10-26T02:30:00+02:00",
    "2026-03-30T00:30:00Z", "2026-03-29T23:59:59.999999", "1996-02-29", "2000-03-30T23:00Z", "2027-04-02", "1999-12-31",
    "2026-02-30", "2026-13-01", "2026-3-1", "30.03.2026", "2026-03-30T24:00", "20260330", " 2026-03-30", "tomorrow",
    "2026-03-30T01:30:00+0545", "2026-03-30 01:30", "0001-01-01", "1000-01-01", "2999-12-31T23:59:59Z",
)  # fmt: skip
PLACES = ((52.52, 13.405), (52.5, 13.4), (0.0, 0.0), (0.0, 179.9), (90.0, 0.0), (-89.9, -180.0), (48.1, 11.6))
ZONE = "Europe/Berlin"
OPERATORS = ("is", "is_not", "contains", "starts_with", "is_set", "is_not_set")
texts = st.sampled_from(TEXTS)
names = st.sampled_from((*NAMES, UNKNOWN))
several = st.lists(texts, max_size=6).map(tuple)
comparisons = st.sampled_from(["equal", "not_equal", "greater", "greater_or_equal", "less", "less_or_equal"])
conditions = st.one_of(
    st.builds(AttributeCondition, name=names, operator=st.sampled_from(OPERATORS), values=several),
    st.builds(MetricCondition, name=names, comparison=comparisons, value=st.sampled_from(FINITE)),
)
KINDS: dict[str, st.SearchStrategy[Rule]] = {
    "attribute": st.builds(
        AttributeRule,
        scope=st.sampled_from(["endpoint", "user"]),
        name=names,
        operator=st.sampled_from(["is", "is_not", "contains", "starts_with", "is_set", "is_not_set"]),
        values=several,
    ),
    "metric": st.builds(MetricRule, name=names, comparison=comparisons, value=st.sampled_from(FINITE)),
    "search": st.builds(
        SearchRule,
        text=st.sampled_from(
            ("", " ", "a", "AB", "b a", "%", "_", "'", "?", "{a}", "ПРИВЕТ a", "e1", "@EXAMPLE", "u1")
        ),
    ),
    "channel": st.builds(
        ChannelRule,
        operator=st.sampled_from(["is", "is_not"]),
        values=st.lists(st.sampled_from((*CHANNELS, "PUSH", "VOICE"))).map(tuple),
    ),
    "country": st.builds(
        CountryRule,
        operator=st.sampled_from(["is", "is_not"]),
        values=st.lists(st.sampled_from((*COUNTRIES, "IT"))).map(tuple),
    ),
    "activity": st.builds(
        ActivityRule, operator=st.sampled_from(["active", "inactive"]), days=st.sampled_from((*DAYS, 36500))
    ),
    "field": st.builds(
        FieldRule,
        field=st.sampled_from(["Demographic.Platform", "Id"]),
        operator=st.sampled_from(["is", "is_not", "contains", "starts_with", "is_set", "is_not_set"]),
        values=st.lists(st.sampled_from((*PLATFORMS, "e1", "e"))).map(tuple),
    ),
    "date": st.builds(
        DateRule,
        field=st.sampled_from(["Attributes.since", "User.UserAttributes.since", "CreationDate", "Attributes.plan"]),
        operator=st.sampled_from(["before", "after", "on", "between", "in_last", "in_next", "older", "anniversary"]),
        values=st.lists(st.sampled_from(DATES), max_size=2).map(tuple),
        days=st.sampled_from((0, 1, 7, 365, 400)),
    ),
    "distance": st.builds(
        DistanceRule,
        latitude=st.sampled_from([0.0, 52.52, -90.0]),
        longitude=st.sampled_from([0.0, 13.405, 180.0]),
        kilometers=st.sampled_from([1.0, 300.0, 5000.0, 20_100.0]),
    ),
    "measure": st.builds(
        MeasureRule,
        event=st.sampled_from((*TYPES, UNKNOWN)),
        measure=st.sampled_from(["sum", "average", "least", "greatest"]),
        metric=names,
        comparison=comparisons,
        # a sum of large numbers may differ from another way to add them in its last digit
        value=st.sampled_from((*(number for number in FINITE if abs(number) < 1e6), 5.0)),
        days=st.sampled_from((None, *DAYS)),
        where=st.lists(conditions, max_size=1).map(tuple),
    ),
    "moment": st.builds(
        MomentRule,
        event=st.sampled_from((*TYPES, UNKNOWN)),
        which=st.sampled_from(["first", "last"]),
        operator=st.sampled_from(["within", "before"]),
        ago=st.sampled_from(DAYS),
        days=st.sampled_from((None, *DAYS)),
        start=st.sampled_from(("", "", "2026-03-01")),
    ),
    "message": st.builds(
        MessageRule,
        operator=st.sampled_from(["did", "did_not"]),
        did=st.sampled_from(["got", "failed", "opened", "clicked"]),
        campaign_id=st.sampled_from(("", "spring", "autumn", UNKNOWN)),
        days=st.sampled_from((None, *DAYS)),
    ),
    "segment": st.builds(
        SegmentRule,
        mode=st.sampled_from(["all", "any", "none"]),
        segments=st.lists(
            st.builds(Reference, id=st.sampled_from(("pro", "lost", "round", "about", UNKNOWN))), max_size=3
        ).map(tuple),
    ),
    "list": st.builds(ListRule, list_id=st.sampled_from(("vip", UNKNOWN))),
    "sample": st.builds(
        SampleRule, percent=st.sampled_from([0.0, 0.5, 10.0, 50.0, 100.0]), seed=st.sampled_from([0, 1, 999_999])
    ),
    "behaviour": st.builds(
        BehaviourRule,
        event=st.sampled_from((*TYPES, UNKNOWN)),
        comparison=st.sampled_from(["at_least", "at_most", "exactly"]),
        times=st.sampled_from((0, 0, 1, 1, 2, 3, 1_000_000)),
        days=st.sampled_from((None, *DAYS, 36500)),
        until=st.sampled_from((0, 0, 1, 2)),
        start=st.sampled_from(("", "", "", "2026-03-28", "2026-03-30")),
        end=st.sampled_from(("", "", "", "2026-03-29")),
        where=st.lists(conditions, max_size=2).map(tuple),
    ),
}
#: segments that are stored; two of them contain each other
STORED = {
    "pro": Group(items=(AttributeRule(name="plan", values=("a",)),)),
    "lost": Group(mode="none", items=(ActivityRule(days=30), SegmentRule(segments=(Reference(id="pro"),)))),
    "round": Group(mode="any", items=(CountryRule(values=("DE",)), SegmentRule(segments=(Reference(id="about"),)))),
    "about": Group(items=(ChannelRule(values=("EMAIL",)), SegmentRule(segments=(Reference(id="round"),)))),
}
modes = st.sampled_from(["all", "any", "none"])
trees = st.recursive(
    st.one_of(*KINDS.values()),
    lambda inner: st.builds(Group, mode=modes, items=st.lists(inner, max_size=3).map(tuple)),
    max_leaves=8,
)


class Maker:
    """Makes people by a seed; each value has its chance to be missing."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)  # noqa: S311 - made-up people need no secrets

    def people(self, size: int) -> list[Someone]:
        """So many people; about half of them share a few users and so what those have."""
        users = {f"u{number}": self.lists() for number in range(max(1, size // 4))}
        return [self.person(f"e{number}", users) for number in range(size)]

    def person(self, endpoint_id: str, users: dict[str, dict[str, tuple[str, ...]]]) -> Someone:
        user_id = self.chance.choice([None, *users])
        return Someone(
            id=endpoint_id,
            channel=self.chance.choice(CHANNELS),
            country=self.chance.choice([None, *COUNTRIES]),
            effective=self.time(),
            attributes=self.lists(),
            metrics={name: self.chance.choice(NUMBERS) for name in NAMES if self.chance.random() < 0.7},
            user_id=user_id,
            user_attributes=users[user_id] if user_id else {},
            events=tuple(self.event() for _ in range(self.chance.choice([0, 0, 1, 2, 3, 8]))),
            created=self.time(),
            platform=self.chance.choice([None, *PLATFORMS]),
            place=self.chance.choice([None, *PLACES]),
            lists=("vip",) if self.chance.random() < 0.3 else (),
            messages=tuple(self.message() for _ in range(self.chance.choice([0, 0, 1, 2]))),
            key=int(endpoint_id.removeprefix("e")) + 1,
        )

    def message(self) -> Message:
        states = ("accepted", "accepted", "failed", "render_failed", "unknown")
        return Message(self.chance.choice(["spring", "autumn"]), self.chance.choice(states), self.time())

    def lists(self) -> dict[str, tuple[str, ...]]:
        """Lists of text by name: missing, empty, of one, of several with repeats."""
        return {
            name: tuple(self.chance.choices(choices, k=self.chance.choice([0, 1, 1, 2, 4])))
            for name, choices in (*((name, TEXTS) for name in NAMES), ("since", DATES))
            if self.chance.random() < 0.7
        }

    def event(self) -> Happening:
        return Happening(
            type=self.chance.choice(TYPES),
            at=self.time(),
            attributes={name: self.chance.choice(TEXTS) for name in NAMES if self.chance.random() < 0.6}
            | {"campaign_id": self.chance.choice(["spring", "autumn"])},
            metrics={name: self.chance.choice(NUMBERS) for name in NAMES if self.chance.random() < 0.6},
        )

    def time(self) -> datetime:
        return NOW - self.chance.choice(AGES)


class Town:
    """A file and the people in it."""

    def __init__(self, cursor: duckdb.DuckDBPyConnection, people: Sequence[Someone]) -> None:
        self.cursor = cursor
        self.people = people
        town.settle(cursor, people)
        self.columns = catalogue.load(cursor)

    def found(self, item: Rule | Group, now: datetime = NOW) -> list[str]:
        """Ids by SQL, in order of key."""
        segment = Segment(root=item if isinstance(item, Group) else Group(items=(item,)))
        how = Reading(now, self.columns, ZONE, lambda reference: STORED.get(reference.id))
        members = rules.matching(segment, how).run(self.cursor).fetchall()
        assert len(set(members)) == len(members)
        return [self.people[key - 1].id for (key,) in sorted(members)]

    def expected(self, item: Rule | Group, now: datetime = NOW) -> list[str]:
        """Ids by the slow reading."""
        return [person.id for person in self.people if matches(item, person, World(now, ZONE, STORED))]


@pytest.fixture(scope="module")
def cursor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    with town.opened(tmp_path_factory.mktemp("rules") / "town.workbench") as opened:
        yield opened


@pytest.fixture(scope="module")
def big_town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    with town.opened(tmp_path_factory.mktemp("rules") / "big.workbench") as opened:
        yield Town(opened, Maker(7).people(400))


COMPARISONS = ("equal", "not_equal", "greater", "greater_or_equal", "less", "less_or_equal")


@pytest.mark.parametrize("name", [*NAMES, UNKNOWN])
@pytest.mark.parametrize("scope", ["endpoint", "user"])
def test_every_operator_with_every_text(big_town: Town, scope: str, name: str) -> None:
    for operator in OPERATORS:
        for text in TEXTS:
            rule = AttributeRule.model_validate({"scope": scope, "name": name, "operator": operator, "values": (text,)})
            assert big_town.found(rule) == big_town.expected(rule), rule


@pytest.mark.parametrize("name", [*NAMES, UNKNOWN])
def test_every_comparison_with_every_number(big_town: Town, name: str) -> None:
    for comparison in COMPARISONS:
        for number in FINITE:
            rule = MetricRule.model_validate({"name": name, "comparison": comparison, "value": number})
            assert big_town.found(rule) == big_town.expected(rule), rule


@pytest.mark.parametrize("name", [*NAMES, UNKNOWN])
def test_every_condition_on_events(big_town: Town, name: str) -> None:
    on_text = [
        AttributeCondition.model_validate({"name": name, "operator": operator, "values": (text,)})
        for operator in ("is", "is_not", "contains")
        for text in TEXTS
    ]
    on_numbers = [
        MetricCondition.model_validate({"name": name, "comparison": comparison, "value": number})
        for comparison in COMPARISONS
        for number in FINITE
    ]
    for condition in [*on_text, *on_numbers]:
        rule = BehaviourRule(event="purchase", days=None, where=(condition,))
        assert big_town.found(rule) == big_town.expected(rule), rule


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_each_rule_finds_whom_the_slow_reading_finds(big_town: Town, kind: str, data: st.DataObject) -> None:
    rule = data.draw(KINDS[kind])
    assert big_town.found(rule) == big_town.expected(rule)


@settings(max_examples=300, deadline=None)
@given(tree=trees)
def test_each_tree_finds_whom_the_slow_reading_finds(big_town: Town, tree: Rule | Group) -> None:
    assert big_town.found(tree) == big_town.expected(tree)


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 10_000), size=st.integers(0, 12), tree=trees)
def test_each_town_has_its_own_answer(
    cursor: duckdb.DuckDBPyConnection, seed: int, size: int, tree: Rule | Group
) -> None:
    small = Town(cursor, Maker(seed).people(size))
    assert small.found(tree) == small.expected(tree)


def test_the_made_up_people_reach_the_edges(big_town: Town) -> None:
    """Else the comparisons above would compare nothing with nothing."""
    for strategy in (
        ActivityRule(days=2), ActivityRule(operator="inactive", days=90), MetricRule(name="plan", value=0),
        AttributeRule(name="имя", values=("a",)), AttributeRule(name="plan", scope="user", operator="is_set"),
        BehaviourRule(event="purchase", times=2, days=None), BehaviourRule(event="it's", comparison="at_most", times=0),
        BehaviourRule(event="it's", where=(AttributeCondition(name="plan", operator="contains", values=("a",)),)),
        ChannelRule(values=("PUSH",)), CountryRule(operator="is_not", values=("DE",)),
    ):  # fmt: skip
        assert 0 < len(big_town.found(strategy)) < len(big_town.people)


def of_events(*ages: timedelta) -> list[Someone]:
    return [
        Someone(f"e{number}", "EMAIL", None, NOW - timedelta(days=999), events=(Happening("purchase", NOW - age),))
        for number, age in enumerate(ages)
    ]


def test_a_window_is_open_at_its_start_and_closed_now(cursor: duckdb.DuckDBPyConnection) -> None:
    day = timedelta(days=1)
    here = Town(cursor, of_events(-TICK, timedelta(0), TICK, day - TICK, day, day + TICK))
    assert here.found(BehaviourRule(event="purchase", days=1)) == ["e1", "e2", "e3"]
    assert here.found(BehaviourRule(event="purchase", days=None)) == ["e1", "e2", "e3", "e4", "e5"]
    assert here.found(ActivityRule(days=1)) == ["e1", "e2", "e3"]


def test_a_day_is_24_hours_where_clocks_change_too(cursor: duckdb.DuckDBPyConnection) -> None:
    berlin = NOW.astimezone(datetime.fromisoformat("2026-03-30T03:30:00+02:00").tzinfo)
    here = Town(cursor, of_events(timedelta(hours=23, minutes=59), timedelta(hours=24, minutes=1)))
    assert here.found(BehaviourRule(event="purchase", days=1), berlin) == ["e0"]


def test_who_has_events_in_the_future_is_active_by_the_past_ones_only(cursor: duckdb.DuckDBPyConnection) -> None:
    future, past = Happening("x", NOW + timedelta(days=9)), Happening("x", NOW - timedelta(hours=2))
    long_ago = NOW - timedelta(days=400)
    here = Town(
        cursor,
        [
            Someone("only future", "EMAIL", None, long_ago, events=(future,)),
            Someone("both", "EMAIL", None, long_ago, events=(past, future)),
            Someone("neither", "EMAIL", None, long_ago),
        ],
    )
    assert here.found(ActivityRule(days=1)) == ["both"]
    assert here.found(ActivityRule(operator="inactive", days=1)) == ["only future", "neither"]


def test_an_empty_group_is_everyone_and_none_of_nothing_too(cursor: duckdb.DuckDBPyConnection) -> None:
    here = Town(cursor, Maker(1).people(5))
    everyone = ["e0", "e1", "e2", "e3", "e4"]
    assert here.found(Group()) == here.found(Group(mode="any")) == here.found(Group(mode="none")) == everyone
    assert here.found(Group(mode="none", items=(Group(),))) == []


def test_unknown_names_are_no_error(cursor: duckdb.DuckDBPyConnection) -> None:
    here = Town(cursor, Maker(1).people(3))
    nobody: list[Rule] = [
        AttributeRule(name=UNKNOWN, values=("a",)),
        AttributeRule(scope="user", name=UNKNOWN, operator="contains", values=("a",)),
        AttributeRule(name=UNKNOWN, operator="is_set"),
        MetricRule(name=UNKNOWN, comparison="not_equal", value=1),
        BehaviourRule(event=UNKNOWN),
        BehaviourRule(event="purchase", days=None, where=(MetricCondition(name=UNKNOWN),)),
    ]
    everyone: list[Rule] = [
        AttributeRule(name=UNKNOWN, operator="is_not", values=("a",)),
        AttributeRule(scope="user", name=UNKNOWN, operator="is_not_set"),
        BehaviourRule(event=UNKNOWN, comparison="at_most", times=0),
        BehaviourRule(event=UNKNOWN, comparison="exactly", times=0),
    ]
    assert [here.found(rule) for rule in nobody] == [[]] * len(nobody)
    assert [here.found(rule) for rule in everyone] == [["e0", "e1", "e2"]] * len(everyone)


def test_values_and_names_cannot_break_out_of_the_statement(cursor: duckdb.DuckDBPyConnection) -> None:
    evil = "'; DROP TABLE endpoints; --"
    here = Town(cursor, [Someone("e0", "EMAIL", evil, NOW, attributes={evil: (evil,)})])
    assert here.found(CountryRule(values=(evil,))) == ["e0"]
    assert here.found(AttributeRule(name=evil, values=(evil,))) == ["e0"]
    assert here.found(BehaviourRule(event=evil)) == []


def test_many_values_are_searched_as_one_list(cursor: duckdb.DuckDBPyConnection) -> None:
    here = Town(cursor, Maker(3).people(50))
    rule = AttributeRule(name="plan", values=(*(f"v{number}" for number in range(500)), "a"))
    assert here.found(rule) == here.found(AttributeRule(name="plan", values=("a",))) != []


def test_groups_may_be_nested_as_deep_as_is_accepted(cursor: duckdb.DuckDBPyConnection) -> None:
    here = Town(cursor, Maker(3).people(20))
    group = Group(items=(MetricRule(name="plan", value=0),))
    for _ in range(19):
        group = Group(mode="none", items=(group,))
    assert here.found(group) == here.expected(group)
