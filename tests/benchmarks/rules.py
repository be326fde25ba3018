"""Every rule kind over millions of people and events: exact counts beside SQL written by hand on the same file."""

import asyncio
import random
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Final

import duckdb

from tests.benchmarks import everyone
from tests.benchmarks.everyone import NOW
from tests.benchmarks.measure import Figure, seconds
from workbench.plan.segment import (
    ActivityRule,
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
from workbench.store import catalogue, segments
from workbench.store.database import Database

PEOPLE: Final = 5_000_000
EVENTS: Final = 50_000_000
_ROUNDS: Final = 15
_FLOOR: Final = 0.8
#: milliseconds that the 95th percentile may take
_LIMIT: Final = {"people": 100, "events": 1000}
_NOW: Final = f"TIMESTAMP '{NOW.replace(tzinfo=None)}'"


def _window(days: int) -> str:
    return f'"at" > TIMESTAMP \'{(NOW - timedelta(days=days)).replace(tzinfo=None)}\' AND "at" <= {_NOW}'


@dataclass(frozen=True, slots=True)
class Case:
    """A rule, and the conditions on `endpoints` that a person who knows the file would write for it.

    Attributes:
        by_hand: a condition; `{name}` stands for the column of an attribute, metric or event field of that name.
        about: what the rule looks at: its limit depends on that; empty: none is set.
    """

    name: str
    rule: Rule
    by_hand: str
    about: str = "people"


_PURCHASES = f"SELECT key FROM events WHERE type = 'purchase' AND {_window(30)}"
_EVER = f"SELECT key FROM events WHERE type = 'purchase' AND \"at\" <= {_NOW}"
_LETTER = f'SELECT key FROM outbox JOIN outcomes USING (run, ordinal) WHERE run = 1 AND "at" <= {_NOW}'
_FIFTY_KM = """2 * 6371.0088 * asin(sqrt(pow(sin(radians(latitude - 48) / 2), 2)
    + cos(radians(48)) * cos(radians(latitude)) * pow(sin(radians(longitude - 11) / 2), 2))) <= 500"""


def _drawn(percent: int, seed: int) -> str:
    """The formula of random parts, as `SampleRule` tells it."""
    chance, prime = random.Random(seed), 2**31 - 1  # noqa: S311 - the rule's own
    factor, shift = chance.randrange(1, prime), chance.randrange(prime)
    return f"((key & {prime}) * {factor} + {shift}) % {prime} % 100000 < {percent * 1000}"


CASES: Final = (
    Case("attribute is", AttributeRule(name="plan", values=("pro",)), "{plan} = 'pro'"),
    Case("attribute is not", AttributeRule(name="plan", operator="is_not", values=("pro",)),
         "{plan} IS NULL OR {plan} <> 'pro'"),
    Case("attribute contains", AttributeRule(name="interest", operator="contains", values=("oo",)),
         "contains({interest}, 'oo')"),
    Case("attribute of the user", AttributeRule(scope="user", name="tier", values=("gold",)),
         "user_id IN (SELECT user_id FROM users WHERE {tier} = 'gold')", ""),
    Case("field", FieldRule(field="Demographic.Platform", values=("iOS",)), "platform = 'iOS'"),
    Case("metric", MetricRule(name="spent", value=500), "{spent} >= 500"),
    Case("channel", ChannelRule(values=("EMAIL",)), "channel_type = 'EMAIL'"),
    Case("country", CountryRule(values=("DE", "FR")), "country IN ('DE', 'FR')"),
    Case("date of a field", DateRule(field="CreationDate", days=30),
         f"created >= date_trunc('day', {_NOW}) - INTERVAL 30 DAY"
         f" AND created < date_trunc('day', {_NOW}) + INTERVAL 1 DAY", ""),
    Case("anniversary of an attribute", DateRule(field="Attributes.birthday", operator="anniversary", days=7),
         "year({birthday}::DATE) < 2026 AND strftime({birthday}::DATE, '%m-%d') IN"
         " ('03-31', '04-01', '04-02', '04-03', '04-04', '04-05', '04-06', '04-07')", ""),
    Case("distance", DistanceRule(latitude=48, longitude=11, kilometers=500), _FIFTY_KM, ""),
    Case("search", SearchRule(text="User123"),
         " OR ".join(f"contains(lower({place}), 'user123')" for place in (
             "address", "id", "user_id", "{plan}", "{interest}", "{birthday}"))
         + " OR user_id IN (SELECT user_id FROM users WHERE contains(lower({tier}), 'user123'))", ""),
    Case("sample", SampleRule(percent=10), _drawn(10, 1), ""),
    Case("list", ListRule(list_id=everyone.LIST_ID),
         f"key IN (SELECT key FROM list_members WHERE list_id = '{everyone.LIST_ID}')", ""),
    Case("segment", SegmentRule(segments=(Reference(id=everyone.SEGMENT_ID),)), "country IN ('DE', 'FR')"),
    Case("activity", ActivityRule(days=3),
         f"effective > {_NOW} - INTERVAL 3 DAY OR key IN (SELECT key FROM rollup_latest WHERE {_window(3)})",
         "events"),
    Case("did at least 2 times in 30 days", BehaviourRule(event="purchase", times=2),
         f"key IN ({_PURCHASES} GROUP BY key HAVING count(*) >= 2)", "events"),
    Case("did for 50 or more in 30 days", BehaviourRule(event="purchase", where=(MetricCondition(
        name="amount", value=50),)), f"key IN ({_PURCHASES} AND {{amount}} >= 50)", "events"),
    Case("did at least twice ever", BehaviourRule(event="purchase", times=2, days=None),
         f"key IN ({_EVER} GROUP BY key HAVING count(*) >= 2)", "events"),
    Case("never did in 30 days", BehaviourRule(event="purchase", comparison="at_most", times=0),
         f"key NOT IN ({_PURCHASES})", "events"),
    # sums of cents are never near this: the last digit of a sum depends on the order of the events
    Case("sum", MeasureRule(event="purchase", metric="amount", value=200.005),
         f"key IN ({_PURCHASES} GROUP BY key HAVING fsum({{amount}}) >= 200.005)", "events"),
    Case("greatest", MeasureRule(event="purchase", measure="greatest", metric="amount", value=150),
         f"key IN ({_PURCHASES} GROUP BY key HAVING max({{amount}}) >= 150)", "events"),
    Case("last time", MomentRule(event="purchase", ago=14),
         f'key IN ({_EVER} GROUP BY key HAVING max("at") > {_NOW} - INTERVAL 14 DAY)', "events"),
    Case("first time", MomentRule(event="purchase", which="first", ago=14),
         f'key IN ({_EVER} GROUP BY key HAVING min("at") > {_NOW} - INTERVAL 14 DAY)', "events"),
    Case("got a message", MessageRule(campaign_id=everyone.CAMPAIGN_ID),
         f"key IN ({_LETTER} AND state = 'accepted')", "events"),
    Case("did not open a message", MessageRule(operator="did_not", did="opened", campaign_id=everyone.CAMPAIGN_ID),
         f"key NOT IN (SELECT key FROM events WHERE type = '_email.open' AND \"at\" <= {_NOW}"
         f" AND {{campaign_id}} = '{everyone.CAMPAIGN_ID}')", "events"),
)  # fmt: skip


def run(quick: bool) -> list[Figure]:  # noqa: FBT001 - every benchmark is called so
    """Two figures per rule: against the hand, and the 95th percentile against its limit."""
    people, events = (size // 100 if quick else size for size in (PEOPLE, EVENTS))
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        workspace = Path(name) / "everyone.workbench"
        everyone.fill(workspace, people, events)
        database = Database.open(workspace)
        loop = asyncio.new_event_loop()
        try:
            names = loop.run_until_complete(database.read(_names))
            asked = Asked(database, loop, names)
            found = [figure for case in CASES for figure in asked.figures(case)]
        finally:
            database.close()
            loop.close()
    size = f"{people:,} endpoints, {events:,} events"
    return [Figure(f"{one.name}; {size}", one.ours, one.peer, one.unit, one.floor, one.peer_name, note=one.note)
            for one in found]  # fmt: skip


def _names(cursor: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """The physical column of each name."""
    columns = catalogue.load(cursor)
    kinds = (columns.attributes, columns.metrics, columns.user_attributes, columns.event_attributes,
             columns.event_metrics)  # fmt: skip
    return {name: column for kind in kinds for name, column in kind.items()}


@dataclass(frozen=True, slots=True)
class Asked:
    """The workspace at work, asked as the engine asks."""

    database: Database
    loop: asyncio.AbstractEventLoop
    names: dict[str, str]

    def figures(self, case: Case) -> list[Figure]:
        """Both in turn, `_ROUNDS` times, after both have counted the same people."""
        statement = f"SELECT count(*) FROM endpoints WHERE {case.by_hand.format(**self.names)}"
        found, expected = self._count(case.rule), self._by_hand(statement)
        if found != expected:
            raise RuntimeError(f"{case.name}: counted {found}, by hand {expected}")
        ours, hand = self._times(lambda: self._count(case.rule), lambda: self._by_hand(statement))
        title = f"rule: {case.name}"
        note = f"{found:,} match; best of {_ROUNDS} each"
        figures = [Figure(title, ours[0], hand[0], "ms", _FLOOR, "by hand", note=note)]
        if case.about:
            late = ours[round(0.95 * (len(ours) - 1))]
            limit = _LIMIT[case.about]
            figures.append(Figure(f"{title}, 95th percentile", late, limit, "ms", 1.0, "the limit"))
        return figures

    def _times(self, *works: Callable[[], int]) -> list[list[float]]:
        rounds = [[seconds(work) * 1000 for work in works] for _ in range(_ROUNDS)]
        return [sorted(times) for times in zip(*rounds, strict=True)]

    def _count(self, rule: Rule) -> int:
        segment = Segment(root=Group(items=(rule,)))
        return self.loop.run_until_complete(self.database.read(segments.count, segment, NOW, False)).matching  # noqa: FBT003 - each rule alone is not asked

    def _by_hand(self, statement: str) -> int:
        def work(cursor: duckdb.DuckDBPyConnection) -> int:
            return int((cursor.execute(statement).fetchone() or (0,))[0])

        return self.loop.run_until_complete(self.database.read(work))
