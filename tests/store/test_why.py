from collections.abc import Iterator

import duckdb
import pytest
from hypothesis import given, settings

from tests.store import town
from tests.store.evaluator import World, matches
from tests.store.test_rules import KINDS, NOW, STORED, ZONE, Maker
from tests.store.test_segments import groups
from workbench.plan.segment import (
    ActivityRule,
    AttributeRule,
    BehaviourRule,
    DistanceRule,
    Group,
    MeasureRule,
    MessageRule,
    MetricRule,
    Rule,
    Segment,
    walk,
)
from workbench.plan.workspace import Workspace
from workbench.store import definitions, why

PEOPLE = Maker(5).people(40)
WORLD = World(NOW, ZONE, STORED)


@pytest.fixture(scope="module")
def cursor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    with town.opened(tmp_path_factory.mktemp("why") / "town.workbench") as opened:
        town.settle(opened, PEOPLE)
        opened.execute("INSERT INTO meta VALUES ('settings', ?)", [Workspace(timezone=ZONE).to_json()])
        for segment_id, root in STORED.items():
            definitions.save(opened, "segment", None, segment_id, Segment(name=segment_id, root=root).to_json(), NOW)
            opened.execute("UPDATE definitions SET id = ? WHERE name = ?", [segment_id, segment_id])
        yield opened


@settings(max_examples=100, deadline=None)
@given(root=groups)
def test_each_rule_is_as_true_as_the_slow_reading_says(cursor: duckdb.DuckDBPyConnection, root: Group) -> None:
    for who in PEOPLE[:6]:
        found = why.truths(cursor, Segment(root=root), who.id, NOW)
        expected = {"": matches(root, who, WORLD)} | {path: matches(item, who, WORLD) for path, item in walk(root)}
        assert {each.path: each.true for each in found} == expected


def test_every_kind_gives_its_facts(cursor: duckdb.DuckDBPyConnection) -> None:
    kinds: tuple[Rule, ...] = (
        AttributeRule(name="plan", values=("a",)), MetricRule(name="plan"), DistanceRule(kilometers=100),
        BehaviourRule(event="purchase", days=None), MeasureRule(event="purchase", metric="plan", days=None),
        ActivityRule(), MessageRule(campaign_id="spring"),
    )  # fmt: skip
    segment = Segment(root=Group(items=kinds))
    seen: dict[str, set[str]] = {}
    for who in PEOPLE:
        for truth in why.truths(cursor, segment, who.id, NOW)[1:]:
            seen.setdefault(truth.path, set()).update(truth.facts)
        behaviour = why.truths(cursor, segment, who.id, NOW)[4]
        assert behaviour.facts["times"] == sum(each.type == "purchase" and each.at <= NOW for each in who.events)
    assert list(seen.values()) == [
        {"values"}, {"value"}, {"kilometers"}, {"times", "first", "last"}, {"times", "first", "last", "figure"},
        {"effective", "newest"}, {"times", "first", "last"},
    ]  # fmt: skip
    assert len(KINDS) == 16


def test_nobody_has_no_reasons(cursor: duckdb.DuckDBPyConnection) -> None:
    assert why.truths(cursor, Segment(), "nobody", NOW) == ()
