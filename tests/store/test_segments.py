import re
from collections.abc import Iterator

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.store import town
from tests.store.evaluator import Someone, World, matches
from tests.store.test_rules import KINDS, NOW, STORED, ZONE, Maker, modes
from workbench.plan.endpoint import View
from workbench.plan.segment import (
    AttributeRule,
    BehaviourRule,
    CountryRule,
    Group,
    MetricRule,
    Rule,
    Segment,
    SegmentRule,
    check,
    walk,
    without,
)
from workbench.plan.view_segment import segment_of
from workbench.plan.workspace import Workspace
from workbench.store import definitions, endpoints, segments

WORLD = World(NOW, ZONE, STORED)
PEOPLE = Maker(11).people(300)
groups = st.recursive(
    st.builds(Group, mode=modes),
    lambda inner: st.builds(
        Group, mode=modes, items=st.lists(st.one_of(*KINDS.values(), inner), max_size=4).map(tuple)
    ),
    max_leaves=6,
)


@pytest.fixture(scope="module")
def cursor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    with town.opened(tmp_path_factory.mktemp("segments") / "town.workbench") as opened:
        town.settle(opened, PEOPLE)
        yield opened


@pytest.fixture(scope="module", autouse=True)
def _stored(cursor: duckdb.DuckDBPyConnection) -> None:
    settings_json = Workspace(timezone=ZONE).to_json()
    cursor.execute("DELETE FROM meta WHERE name = 'settings'")
    cursor.execute("INSERT INTO meta VALUES ('settings', ?)", [settings_json])
    for segment_id, root in STORED.items():
        definitions.save(cursor, "segment", None, segment_id, Segment(name=segment_id, root=root).to_json(), NOW)
        cursor.execute("UPDATE definitions SET id = ? WHERE name = ?", [segment_id, segment_id])


def members(segment: Segment) -> list[Someone]:
    return [person for person in PEOPLE if matches(segment.root, person, WORLD)]


@settings(max_examples=200, deadline=None)
@given(root=groups)
def test_the_whole_and_every_item_alone_are_counted_exactly(cursor: duckdb.DuckDBPyConnection, root: Group) -> None:
    found = segments.count(cursor, Segment(root=root), NOW, True)
    assert (found.matching, found.total) == (len(members(Segment(root=root))), len(PEOPLE))
    assert found.rules == {path: sum(matches(item, each, WORLD) for each in PEOPLE) for path, item in walk(root)}
    assert segments.count(cursor, Segment(root=root), NOW, False).matching == found.matching
    assert found.removes == {path: removed(root, path) for path, _ in walk(root)}


def removed(root: Group, path: str) -> int:
    """How many more the group at the path's parent holds without the item."""
    *above, number = (int(part) for part in path.split(".") if part.isdigit())
    group = root
    for each in above:
        group = group.items[each]  # type: ignore[assignment]  # what holds an item is a group
    less = group.model_copy(update={"items": (*group.items[:number], *group.items[number + 1 :])})
    return sum(matches(less, each, WORLD) - matches(group, each, WORLD) for each in PEOPLE)


@settings(max_examples=60, deadline=None)
@given(before=groups, after=groups)
def test_two_segments_are_compared_exactly(cursor: duckdb.DuckDBPyConnection, before: Group, after: Group) -> None:
    first, second = Segment(root=before), Segment(root=after)
    found = segments.compared(cursor, first, second, NOW)
    old, new = ({person.id for person in members(each)} for each in (first, second))
    assert (found.before, found.after, found.come, found.go) == (len(old), len(new), len(new - old), len(old - new))
    assert segments.count(cursor, without(second, first), NOW, False).matching == found.come


@pytest.mark.parametrize("search", ["", "E1", "a b"])
@pytest.mark.parametrize("channel", ["", "GCM"])
@pytest.mark.parametrize("status", ["", "ACTIVE"])
@pytest.mark.parametrize("segment_id", ["", next(iter(STORED))])
def test_a_view_of_the_table_is_a_segment_of_the_same_people(
    cursor: duckdb.DuckDBPyConnection, search: str, channel: str, status: str, segment_id: str
) -> None:
    view = View(columns=(), search=search, channel=channel, status=status, segment_id=segment_id)
    segment = segment_of(view, "View")
    assert not [problem for problem in check(segment) if problem.blocks]
    assert segments.count(cursor, segment, NOW, False).matching == endpoints.count(cursor, view, NOW)


SOURCES = tuple(STORED)[:3]
PINPOINTS = st.tuples(
    st.lists(st.sampled_from(SOURCES), unique=True).map(tuple),
    modes,
    st.lists(st.one_of(*KINDS.values()), max_size=3),
    modes,
)


@settings(max_examples=60, deadline=None)
@given(made_of=st.lists(PINPOINTS, max_size=3), include=modes)
def test_pinpoints_groups_with_base_segments_can_be_said(
    cursor: duckdb.DuckDBPyConnection, made_of: list[tuple[tuple[str, ...], str, list[Rule], str]], include: str
) -> None:
    """Each group is its base and its dimensions, and groups are combined: as sets, and as our tree."""
    everyone = {person.id for person in PEOPLE}
    found, items = [], []
    for sources, source_mode, dimensions, mode in made_of:
        base = _combined(source_mode, [holds(STORED[source]) for source in sources], everyone)
        found.append(base & _combined(mode, [holds(each) for each in dimensions], everyone))
        bases = (SegmentRule.model_validate({"mode": source_mode, "segments": [{"id": each} for each in sources]}),)
        inner = Group.model_validate({"mode": mode, "items": dimensions})
        items.append(Group(items=(*(bases if sources else ()), inner)))
    segment = Segment(root=Group.model_validate({"mode": include, "items": items}))
    assert segments.count(cursor, segment, NOW, False).matching == len(_combined(include, found, everyone))


def holds(item: Rule | Group) -> set[str]:
    return {person.id for person in PEOPLE if matches(item, person, WORLD)}


def _combined(mode: str, sets: list[set[str]], everyone: set[str]) -> set[str]:
    if not sets:
        return everyone
    some = set().union(*sets)
    return {"all": everyone.intersection(*sets), "any": some, "none": everyone - some}[mode]


def test_a_person_is_in_the_segments_that_hold_for_it(cursor: duckdb.DuckDBPyConnection) -> None:
    for person in PEOPLE[:40]:
        found = {each.name: each.member for each in segments.memberships(cursor, person.id, NOW)}
        assert found == {name: matches(root, person, WORLD) for name, root in STORED.items()}
    assert segments.memberships(cursor, "nobody", NOW) == ()


@settings(max_examples=60, deadline=None)
@given(root=groups)
def test_the_sql_to_read_counts_the_same(cursor: duckdb.DuckDBPyConnection, root: Group) -> None:
    segment = Segment(root=root)
    text = segments.shown_sql(cursor, segment, NOW)
    assert "?" not in re.sub("'(?:[^']|'')*'", "", text)
    assert cursor.execute(text).fetchone() == (len(members(segment)),)


def test_the_sql_to_read_is_laid_out_by_its_clauses(cursor: duckdb.DuckDBPyConnection) -> None:
    segment = Segment(
        root=Group(items=(CountryRule(values=("DE", "FR")), BehaviourRule(event="it's", times=2, days=None)))
    )
    assert segments.shown_sql(cursor, segment, NOW).splitlines() == [
        "SELECT count(*)",
        "FROM endpoints e",
        "WHERE (e.country IN ('DE', 'FR')",
        "    AND e.key IN (SELECT key",
        "      FROM events",
        "      WHERE type = 'it''s'",
        "        AND \"at\" <= TIMESTAMP '2026-03-30 01:30:00'",
        "      GROUP BY key",
        "      HAVING count(*) >= 2))",
    ]


@pytest.mark.parametrize("text", ["it's FROM (a AND b", "((", "WHERE  two  blanks ", "a\nb"])
def test_quoted_text_is_not_laid_out(cursor: duckdb.DuckDBPyConnection, text: str) -> None:
    shown = segments.shown_sql(cursor, Segment(root=Group(items=(CountryRule(values=(text,)),))), NOW)
    assert "'" + text.replace("'", "''") + "'" in shown


def test_members_come_in_the_order_of_arrival_block_by_block(cursor: duckdb.DuckDBPyConnection) -> None:
    segment = Segment(root=Group(items=(CountryRule(operator="is_not", values=("DE",)),)))
    expected = [(who.id, who.country) for who in members(segment)]
    blocks = [
        segments.members(cursor, segment, NOW, ("Location.Country",), offset, 7)
        for offset in range(0, len(expected), 7)
    ]
    assert [row for block in blocks for row in block.rows] == expected
    assert segments.members(cursor, segment, NOW, (), len(expected), 7).rows == ()


def test_a_sample_is_of_members_and_the_same_each_time(cursor: duckdb.DuckDBPyConnection) -> None:
    segment = Segment(root=Group(items=(MetricRule(name="plan", value=0),)))
    first, again = (segments.sample(cursor, segment, NOW, ("Address",), 5) for _ in range(2))
    assert first == again
    assert len(first.rows) == 5
    assert {row[0] for row in first.rows} <= {who.id for who in members(segment)}
    assert [row[1] for row in first.rows] == [f"{row[0]}@example.com" for row in first.rows]


def test_a_sample_of_few_is_all_of_them(cursor: duckdb.DuckDBPyConnection) -> None:
    segment = Segment(root=Group(items=(AttributeRule(name="plan", values=("a\\",)),)))
    assert len(segments.sample(cursor, segment, NOW, (), 500).rows) == len(members(segment))
