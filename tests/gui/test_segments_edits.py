"""Edits of the tree of rules, and what the editor counts of it."""

from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytestqt.qtbot import QtBot

from workbench.gui.segments import edits
from workbench.gui.segments.counting import by_channel, countable, steps
from workbench.gui.segments.pieces import Token
from workbench.gui.segments.sentence import sentence, text_of
from workbench.gui.segments.token_line import TokenLine
from workbench.plan.segment import (
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
    walk,
)


def rule(name: str) -> AttributeRule:
    return AttributeRule(name=name, values=("x",))


TREE = Group(items=(rule("a"), Group(mode="any", items=(rule("b"), rule("c"))), rule("d"), Group(items=(rule("e"),))))


def names(root: Group) -> list[str]:
    return [item.name for _, item in walk(root) if isinstance(item, AttributeRule)]


def page_order(root: Group) -> list[str]:
    """The rules as they come on the page."""
    found = []
    for place in edits.groups_in_order(root):
        group = edits.group_at(root, place)
        found += [item.name for item in group.items if isinstance(item, AttributeRule)]
    return found


@st.composite
def trees(draw: st.DrawFn) -> Group:
    numbers = count()

    def made(depth: int) -> Group:
        items: list[Rule | Group] = []
        for _ in range(draw(st.integers(0, 4))):
            nested = depth < 3 and draw(st.booleans())
            items.append(made(depth + 1) if nested else rule(f"r{next(numbers)}"))
        return Group(mode=draw(st.sampled_from(("all", "any", "none"))), items=tuple(items))

    return made(0)


def test_places_and_paths_are_each_other() -> None:
    assert edits.path_of((1, 0)) == "items.1.items.0"
    assert edits.place_of("root.items.1.items.0.values") == (1, 0)
    assert edits.place_of("name") == ()
    assert edits.path_of(()) == ""


def test_a_rule_is_put_in_taken_out_and_changed_where_it_stands() -> None:
    assert names(edits.inserted(TREE, (1, 1), rule("new"))) == ["a", "b", "new", "c", "d", "e"]
    assert names(edits.removed(TREE, (1, 0))) == ["a", "c", "d", "e"]
    assert names(edits.replaced(TREE, (3, 0), rule("E"))) == ["a", "b", "c", "d", "E"]
    with pytest.raises(IndexError):
        edits.at(TREE, (9,))


@given(trees(), st.data())
def test_moving_keeps_every_rule_and_tells_where_it_went(root: Group, data: st.DataObject) -> None:
    places = [edits.place_of(path) for path, _ in walk(root)]
    groups = edits.groups_in_order(root)
    if not places:
        return
    source = data.draw(st.sampled_from(places))
    group = data.draw(st.sampled_from(groups))
    target = (*group, data.draw(st.integers(0, len(edits.group_at(root, group).items))))
    after, place = edits.moved(root, source, target)
    assert sorted(names(after)) == sorted(names(root))
    assert edits.at(after, place) == edits.at(root, source)


@given(trees(), st.data())
def test_one_line_down_and_one_up_is_where_it_was(root: Group, data: st.DataObject) -> None:
    rules = [edits.place_of(path) for path, item in walk(root) if not isinstance(item, Group)]
    if not rules:
        return
    source = data.draw(st.sampled_from(rules))
    down, place = edits.shifted(root, source, 1)
    if down == root:
        return
    up, back = edits.shifted(down, place, -1)
    assert page_order(up) == page_order(root)
    assert edits.at(up, back) == edits.at(root, source)
    assert back[:-1] == source[:-1]


def test_a_rule_walks_down_the_whole_page() -> None:
    root: Group = TREE
    place: edits.Place = (0,)
    seen = []
    for _ in range(6):
        root, place = edits.shifted(root, place, 1)
        seen.append("".join(page_order(root)))
    assert seen == ["dabce", "dabce", "dbace", "dbcae", "dbcae", "dbcea"]


def test_unfinished_rules_are_left_out_of_the_count_and_paths_are_kept() -> None:
    root = Group(items=(AttributeRule(), rule("a"), Group(mode="none", items=(MetricRule(), rule("b"))), Group()))
    segment = Segment(name="S", root=root)
    counted = countable(segment, check(segment))
    assert counted.unfinished == 2
    assert names(counted.segment.root) == ["a", "b"]
    assert counted.as_shown({"items.0": 7, "items.1": 5, "items.1.items.0": 3}) == {
        "items.1": 7,
        "items.2": 5,
        "items.2.items.1": 3,
    }


def test_a_group_of_unfinished_rules_only_does_not_make_an_any_group_everyone() -> None:
    segment = Segment(name="S", root=Group(mode="any", items=(rule("a"), Group(items=(AttributeRule(),)))))
    counted = countable(segment, check(segment)).segment.root
    assert counted.items == (rule("a"),)


def test_steps_add_one_item_after_the_other() -> None:
    found = list(steps(Segment(name="S", root=TREE)))
    assert [len(segment.root.items) for _, segment in found] == [1, 2, 3, 4]
    assert [words for words, _ in found] == ["a is x", "any of: b is x …", "d is x", "all of: e is x"]
    assert not list(steps(Segment(name="S", root=TREE.model_copy(update={"mode": "any"}))))
    assert [segment.root.items[0] for _, segment in by_channel(Segment(root=TREE))] == [TREE] * 3


@pytest.mark.parametrize(
    ("one", "words"),
    [
        (AttributeRule(name="plan", values=("pro", "team")), "plan is pro or team"),
        (AttributeRule(name="plan", values=("a", "b", "c", "d", "e")), "plan is one of a b +3"),
        (AttributeRule(name="plan", operator="is_set"), "plan has any value"),
        (AttributeRule(name="plan", operator="is_not", values=("a", "b")), "plan is none of a or b"),
        (AttributeRule(), "choose a field is choose values"),
        (MetricRule(name="spent", comparison="less", value=2.5), "spent is less than 2.50"),
        (ChannelRule(values=("EMAIL",)), "channel is E-mail"),
        (CountryRule(operator="is_not", values=("DE",)), "country is not Germany (DE)"),
        (ActivityRule(operator="inactive", days=7), "was not active in the last 7 days"),
        (ActivityRule(days=1), "was active in the last day"),
        (BehaviourRule(event="purchase", times=2, days=90), "did purchase at least 2 times in the last 90 days"),
        (BehaviourRule(event="purchase", comparison="exactly", times=1, days=None), "did purchase exactly 1 time ever"),
        (
            BehaviourRule(
                event="purchase",
                where=(
                    AttributeCondition(name="category", values=("shoes",)),
                    MetricCondition(name="amount", comparison="greater", value=50),
                ),
            ),
            "did purchase at least 1 time in the last 30 days where category is shoes and amount is more than 50",
        ),
    ],
)
def test_a_rule_reads_as_a_sentence(one: Rule, words: str) -> None:
    assert text_of(one) == words


def test_each_part_of_a_sentence_has_a_key_of_its_own() -> None:
    one = BehaviourRule(event="e", where=(AttributeCondition(name="a", values=("x", "y")), MetricCondition(name="m")))
    keys = [piece.key for piece in sentence(one) if isinstance(piece, Token)]
    assert len(keys) == len(set(keys))
    assert {"event", "comparison", "times", "days", "where.0.values.1", "where.1.value", "where.add"} <= set(keys)


def test_no_chip_is_cut_where_there_is_room(qtbot: QtBot) -> None:
    line = TokenLine()
    qtbot.addWidget(line)
    line.resize(800, 60)
    line.show()
    for text in ("Demographic platform", *("plan", "W", "il", "iOS, Android", "Последняя активность", "日本")):
        line.show_pieces((Token("name", text, "Field", "field"), "is", Token("operator", "is", "Comparison", "word")))
        chip = line.chip("name")
        assert chip is not None
        qtbot.wait(20)
        assert (chip.width(), chip.text()) == (chip.sizeHint().width(), text)


@given(trees(), st.data())
def test_in_and_out_of_groups_keeps_every_rule(root: Group, data: st.DataObject) -> None:
    places = [edits.place_of(path) for path, _ in walk(root)]
    if not places:
        return
    source = data.draw(st.sampled_from(places))
    for move, level in ((edits.indented, 1), (edits.outdented, -1)):
        after, place = move(root, source)
        assert sorted(names(after)) == sorted(names(root))
        assert edits.at(after, place) == edits.at(root, source)
        assert (len(place) - len(source) == level) == (after != root)


def test_a_rule_with_no_group_beside_it_gets_one_of_its_own() -> None:
    root, place = edits.indented(Group(items=(rule("a"), rule("b"))), (1,))
    assert root == Group(items=(rule("a"), Group(mode="any", items=(rule("b"),))))
    assert edits.outdented(root, place) == (Group(items=(rule("a"), Group(mode="any"), rule("b"))), (2,))
