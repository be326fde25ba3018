import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from workbench.plan.catalogue import Catalogue, Known
from workbench.plan.segment import (
    MAX_DEPTH,
    ActivityRule,
    AttributeCondition,
    AttributeRule,
    BehaviourRule,
    ChannelRule,
    CountryRule,
    Group,
    MetricCondition,
    MetricRule,
    Rule,
    Segment,
    check,
    depth,
    walk,
)

WORDS = st.text(max_size=6)
NUMBERS = st.floats(allow_nan=False, allow_infinity=False)
CONDITIONS = st.one_of(
    st.builds(AttributeCondition, name=WORDS, values=st.tuples(WORDS)),
    st.builds(MetricCondition, name=WORDS, value=NUMBERS),
)
RULES: st.SearchStrategy[Rule] = st.one_of(
    st.builds(AttributeRule, name=WORDS, values=st.tuples(WORDS, WORDS)),
    st.builds(MetricRule, name=WORDS, value=NUMBERS),
    st.builds(ChannelRule, values=st.tuples(WORDS)),
    st.builds(CountryRule, values=st.tuples(WORDS)),
    st.builds(ActivityRule, days=st.integers(1, 36500)),
    st.builds(BehaviourRule, event=WORDS, times=st.integers(0, 9), where=st.lists(CONDITIONS, max_size=2).map(tuple)),
)
GROUPS = st.recursive(
    st.builds(Group, mode=st.sampled_from(["all", "any", "none"])),
    lambda inner: st.builds(
        Group, mode=st.sampled_from(["all", "any", "none"]), items=st.lists(RULES | inner, max_size=3).map(tuple)
    ),
    max_leaves=8,
)
SEGMENTS = st.builds(Segment, name=WORDS, root=GROUPS)

CATALOGUE = Catalogue(
    attributes=(Known(name="plan", kind="attribute"),),
    metrics=(Known(name="spent", kind="metric"),),
    user_attributes=(Known(name="FirstName", kind="user_attribute"),),
    events=(Known(name="purchase", kind="event", attributes=("product",), metrics=("amount",)),),
)


def of(*items: Rule | Group, mode: str = "all", name: str = "Some") -> Segment:
    return Segment.model_validate(
        {"name": name, "root": {"mode": mode, "items": [item.model_dump() for item in items]}}
    )


def wheres(segment: Segment, catalogue: Catalogue | None = None) -> list[str]:
    return [problem.where for problem in check(segment, catalogue)]


@given(SEGMENTS)
def test_any_segment_survives_its_json(segment: Segment) -> None:
    assert Segment.from_json(segment.to_json()) == segment


@given(SEGMENTS)
def test_walk_reaches_every_item_by_a_path_that_leads_to_it(segment: Segment) -> None:
    found = dict(walk(segment.root))
    assert len(found) == len(tuple(walk(segment.root))) == size(segment.root)
    for path, item in found.items():
        assert follow(segment.root, path) == item


def size(group: Group) -> int:
    return len(group.items) + sum(size(item) for item in group.items if isinstance(item, Group))


def follow(group: Group, path: str) -> Rule | Group:
    here: Rule | Group = group
    for number in path.split(".")[1::2]:
        assert isinstance(here, Group)
        here = here.items[int(number)]
    return here


def test_walk_gives_parents_before_children() -> None:
    segment = of(Group(items=(MetricRule(name="a"), Group(items=(ChannelRule(),)))), CountryRule())
    assert [path for path, _ in walk(segment.root)] == [
        "items.0", "items.0.items.0", "items.0.items.1", "items.0.items.1.items.0", "items.1",
    ]  # fmt: skip


def test_an_unknown_field_and_an_unknown_kind_are_refused() -> None:
    with pytest.raises(ValidationError):
        Segment.from_json('{"name": "x", "root": {"kind": "group", "items": [{"kind": "metric", "nmae": "spent"}]}}')
    with pytest.raises(ValidationError):
        Segment.from_json('{"name": "x", "root": {"kind": "group", "items": [{"kind": "astrology"}]}}')


def test_a_segment_cannot_be_changed_in_place() -> None:
    with pytest.raises(ValidationError):
        Segment(name="x").name = "y"  # type: ignore[misc]  # that it is refused is the point


@pytest.mark.parametrize("days", [0, -1, 36501])
def test_a_window_is_one_day_at_least_and_a_century_at_most(days: int) -> None:
    with pytest.raises(ValidationError):
        BehaviourRule(event="purchase", days=days)
    with pytest.raises(ValidationError):
        ActivityRule(days=days)


def test_a_complete_segment_has_no_problems() -> None:
    segment = of(
        AttributeRule(name="plan", values=("pro",)),
        AttributeRule(scope="user", name="FirstName", operator="is_set"),
        MetricRule(name="spent", value=5),
        ChannelRule(values=("EMAIL",)),
        CountryRule(values=("DE",)),
        BehaviourRule(event="purchase", where=(AttributeCondition(name="product", values=("tea",)),)),
    )
    assert check(segment, CATALOGUE) == ()


def test_a_segment_without_rules_is_complete() -> None:
    assert check(Segment(name="Everyone"), CATALOGUE) == ()


def test_every_gap_is_told_at_its_own_field() -> None:
    segment = of(
        AttributeRule(),
        MetricRule(),
        ChannelRule(),
        CountryRule(),
        Group(items=(BehaviourRule(where=(AttributeCondition(), MetricCondition())),)),
        name=" ",
    )
    assert wheres(segment) == [
        "name",
        "root.items.0.name", "root.items.0.values",
        "root.items.1.name",
        "root.items.2.values",
        "root.items.3.values",
        "root.items.4.items.0.event", "root.items.4.items.0.where.0.name", "root.items.4.items.0.where.0.values",
        "root.items.4.items.0.where.1.name",
    ]  # fmt: skip
    assert all(problem.blocks for problem in check(segment))


@pytest.mark.parametrize("operator", ["is_set", "is_not_set"])
def test_is_set_needs_no_values(operator: str) -> None:
    rule = AttributeRule.model_validate({"name": "plan", "operator": operator})
    assert check(of(rule)) == ()


def test_an_unknown_name_is_advice_with_the_name_that_was_meant() -> None:
    (problem,) = check(of(AttributeRule(name="plam", values=("pro",))), CATALOGUE)
    assert problem.where == "root.items.0.name"
    assert not problem.blocks
    assert str(problem) == "“plam” is not known. Did you mean Attributes.plan?"


def test_an_unknown_event_is_advice() -> None:
    (problem,) = check(of(BehaviourRule(event="refund")), CATALOGUE)
    assert (problem.where, problem.blocks) == ("root.items.0.event", False)


def test_the_scope_decides_where_a_name_is_looked_up() -> None:
    assert wheres(of(AttributeRule(name="FirstName", operator="is_set")), CATALOGUE) == ["root.items.0.name"]
    assert wheres(of(AttributeRule(scope="user", name="FirstName", operator="is_set")), CATALOGUE) == []


def test_a_channel_that_does_not_exist_is_named() -> None:
    (problem,) = check(of(ChannelRule(values=("EMAIL", "PIGEON"))))
    assert "PIGEON" in str(problem)
    assert problem.where == "root.items.0.values"


def nested(levels: int) -> Group:
    group = Group()
    for _ in range(levels - 1):
        group = Group(items=(group,))
    return group


def test_depth_counts_the_root() -> None:
    assert depth(Group()) == 1
    assert depth(Group(items=(MetricRule(), Group(items=(Group(),))))) == 3


def test_nesting_is_accepted_up_to_its_limit() -> None:
    assert wheres(Segment(name="x", root=nested(MAX_DEPTH))) == []
    assert wheres(Segment(name="x", root=nested(MAX_DEPTH + 1))) == ["root"]


@pytest.mark.parametrize("value", [float("inf"), float("-inf"), float("nan")])
def test_a_number_that_json_cannot_hold_is_refused(value: float) -> None:
    with pytest.raises(ValidationError):
        MetricRule(name="spent", value=value)
    with pytest.raises(ValidationError):
        MetricCondition(name="amount", value=value)
