"""Exact counts of segments, against SQL written by hand on the same file and against PostgreSQL over JSONB."""

import asyncio
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import duckdb

from tests.benchmarks import large, postgres
from tests.benchmarks.measure import Figure, seconds
from workbench.plan.segment import (
    AttributeRule,
    BehaviourRule,
    CountryRule,
    Group,
    MetricCondition,
    MetricRule,
    Rule,
    Segment,
)
from workbench.store import catalogue, segments
from workbench.store.database import Database

PEOPLE = 2_000_000
EVENTS = 20_000_000
_ROUNDS = 15
#: by hand the events alone are counted; ours looks up the endpoints, so that the rule can stand beside others
_FLOOR_ON_EVENTS = 0.7

_THREE = (
    AttributeRule(name="plan", values=("pro",)),
    AttributeRule(name="interest", values=("books", "music")),
    MetricRule(name="spent", value=500),
)
#: one attribute and a range of a metric
_RANGE = (_THREE[0], MetricRule(name="spent", value=200), MetricRule(name="spent", comparison="less", value=800))
_OFTEN = BehaviourRule(event="purchase", times=3, days=30, where=(MetricCondition(name="amount", value=50),))
_EVER = BehaviourRule(event="purchase", times=2, days=None)
_NEVER = BehaviourRule(event="purchase", comparison="at_most", times=0, days=60)
_MIXED = (*_THREE[:2], CountryRule(values=("DE", "FR")), _OFTEN)


@dataclass(frozen=True)
class Opened:
    """The workspace at work, asked as the engine asks, and the physical names that a person would look up."""

    database: Database
    loop: asyncio.AbstractEventLoop
    columns: catalogue.Columns

    def count(self, *rules: Rule, each: bool = False) -> int:
        """Our exact count of the people for whom all rules are true."""
        segment = Segment(root=Group(items=rules))
        return self.loop.run_until_complete(self.database.read(segments.count, segment, large.NOW, each)).matching

    def by_hand(self, *statements: str) -> int:
        """The first number of the last statement."""

        def work(cursor: duckdb.DuckDBPyConnection) -> int:
            return [int((cursor.execute(each).fetchone() or (0,))[0]) for each in statements][-1]

        return self.loop.run_until_complete(self.database.read(work))


def run(quick: bool) -> list[Figure]:  # noqa: FBT001 - every benchmark is called so
    """Rules on attributes and metrics, rules on behaviour, and what an editor asks at every change."""
    people, events = (size // 100 if quick else size for size in (PEOPLE, EVENTS))
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name)
        workspace = large.fill(folder, people, events)
        loop = asyncio.new_event_loop()
        database = Database.open(workspace)
        try:
            columns = loop.run_until_complete(database.read(catalogue.load))
            opened = Opened(database, loop, columns)
            figures = [*_beside_hand(opened, people, events), _typing(opened, people, events)]
            figures += _beside_postgres(opened, folder, people)
        finally:
            database.close()
            loop.close()
    return figures


def _three_by_hand(columns: catalogue.Columns) -> str:
    plan, interest, spent = columns.attributes["plan"], columns.attributes["interest"], columns.metrics["spent"]
    return (
        f"SELECT count(*) FROM endpoints WHERE {plan} = 'pro' AND {interest} IN ('books', 'music') AND {spent} >= 500"
    )


def _events_by_hand(days: int | None, condition: str = "") -> str:
    now = large.NOW.replace(tzinfo=None)
    window = f"\"at\" <= TIMESTAMP '{now}'"
    if days is not None:
        window += f" AND \"at\" > TIMESTAMP '{now - timedelta(days=days)}'"
    return f"SELECT key FROM events WHERE type = 'purchase' AND {window} {condition}"


def _beside_hand(opened: Opened, people: int, events: int) -> list[Figure]:
    amount = opened.columns.event_metrics["amount"]
    often = _events_by_hand(30, f"AND {amount} >= 50 GROUP BY key HAVING count(*) >= 3")
    ever = _events_by_hand(None, "GROUP BY key HAVING count(*) >= 2")
    never = f"SELECT count(*) FROM endpoints WHERE key NOT IN ({_events_by_hand(60)})"
    size = f"{people:,} endpoints, {events:,} events"
    return [
        _compared(
            f"count, three attribute and metric conditions, {people:,} endpoints",
            lambda: opened.count(*_THREE),
            lambda: opened.by_hand(_three_by_hand(opened.columns)),
        ),
        _compared(
            f"count, bought for 50 or more at least 3 times in 30 days, {size}",
            lambda: opened.count(_OFTEN),
            lambda: opened.by_hand(f"SELECT count(*) FROM ({often})"),
            _FLOOR_ON_EVENTS,
        ),
        _compared(
            f"count, bought at least twice ever, {size}",
            lambda: opened.count(_EVER),
            lambda: opened.by_hand(f"SELECT count(*) FROM ({ever})"),
            _FLOOR_ON_EVENTS,
        ),
        _compared(
            f"count, never bought in 60 days, {size}", lambda: opened.count(_NEVER), lambda: opened.by_hand(never)
        ),
    ]


def _typing(opened: Opened, people: int, events: int) -> Figure:
    """Four rules and each of them alone, in one answer; by hand it takes five statements."""
    columns = opened.columns
    plan, interest = columns.attributes["plan"], columns.attributes["interest"]
    amount = columns.event_metrics["amount"]
    bought = f"key IN ({_events_by_hand(30, f'AND {amount} >= 50 GROUP BY key HAVING count(*) >= 3')})"
    parts = [
        f"{plan} = 'pro'",
        f"{interest} IN ('books', 'music')",
        "country IN ('DE', 'FR')",
        bought,
    ]
    whole = " AND ".join(parts)
    statements = [f"SELECT count(*) FROM endpoints WHERE {each}" for each in (*parts, whole)]
    return _compared(
        f"count of a segment and of each of its four rules, {people:,} endpoints, {events:,} events",
        lambda: opened.count(*_MIXED, each=True),
        lambda: opened.by_hand(*statements),
    )


def _compared(name: str, ours: Callable[[], int], by_hand: Callable[[], int], floor: float = 0.8) -> Figure:
    if (found := ours()) != (expected := by_hand()):
        raise RuntimeError(f"{name}: counted {found}, by hand {expected}")
    mine, theirs = _best(ours, by_hand)
    return Figure(name, mine, theirs, "ms", floor, "by hand", note=f"{found:,} match; best of {_ROUNDS} each")


def _best(*works: Callable[[], int]) -> list[float]:
    """The shortest milliseconds of each, done in turn: such short times are lengthened by whatever else runs here."""
    rounds = [[seconds(work) * 1000 for work in works] for _ in range(_ROUNDS)]
    return [min(times) for times in zip(*rounds, strict=True)]


def _as_jsonb(columns: catalogue.Columns, target: Path) -> str:
    """The same people as PostgreSQL would keep open attributes: one JSONB column each."""
    plan, interest, spent = columns.attributes["plan"], columns.attributes["interest"], columns.metrics["spent"]
    return f"""COPY (SELECT id, address, country,
                to_json({{'plan': {plan}, 'interest': {interest}}}) AS attributes,
                to_json({{'spent': {spent}}}) AS metrics
                FROM endpoints) TO '{target}' (FORMAT csv, HEADER false)"""


#: our rules, and the same conditions in PostgreSQL over JSONB
_SERVED = (
    (
        "two attributes and a metric",
        _THREE,
        """attributes->'plan' ? 'pro' AND attributes->'interest' ?| array['books', 'music']
           AND (metrics->>'spent')::float8 >= 500""",
    ),
    (
        "an attribute and a metric's range",
        _RANGE,
        "attributes->'plan' ? 'pro' AND (metrics->>'spent')::float8 >= 200 AND (metrics->>'spent')::float8 < 800",
    ),
)


def _beside_postgres(opened: Opened, folder: Path, people: int) -> list[Figure]:
    """Both in turn, each with its data in memory."""
    if postgres.programs() is None:
        (ours,) = _best(lambda: opened.count(*_THREE))
        note = "NOT COMPARED: PostgreSQL 15 is not installed here"
        return [Figure(f"count, three conditions, {people:,} endpoints", ours, 0, "ms", 0, "PostgreSQL 15", note=note)]
    source = folder / "jsonb.csv"
    opened.by_hand(_as_jsonb(opened.columns, source))
    source.chmod(0o644)
    with postgres.server(folder / "postgres") as server:
        server.sql("CREATE TABLE endpoints (id text, address text, country text, attributes jsonb, metrics jsonb);")
        server.sql(f"\\copy endpoints FROM '{source}' (FORMAT csv)\nVACUUM ANALYZE endpoints;")
        return [_served(opened, server, people, each) for each in _SERVED]


def _served(opened: Opened, server: postgres.Server, people: int, case: tuple[str, tuple[Rule, ...], str]) -> Figure:
    name, rules, where = case
    query = f"SELECT count(*) FROM endpoints WHERE {where}"
    if (found := int(server.sql(f"{query};"))) != (expected := opened.count(*rules)):
        raise RuntimeError(f"PostgreSQL counts {found}, we count {expected}")
    rounds = [(seconds(lambda: opened.count(*rules)) * 1000, server.milliseconds(query)) for _ in range(_ROUNDS)]
    ours, peer = (min(times) for times in zip(*rounds, strict=True))
    note = f"its table is in its cache, its three processes count; best of {_ROUNDS} each"
    title = f"count, {name}, {people:,} endpoints, beside a server"
    return Figure(title, ours, peer, "ms", 5.0, "PostgreSQL 15, JSONB", note=note)
