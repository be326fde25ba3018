"""Several values in one text, and back."""

from pathlib import Path

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.store.conftest import NOW, Open
from workbench.plan.segment import AttributeRule, Group, Segment
from workbench.store import catalogue, lists, rules
from workbench.store.rules import Reading

VALUES = st.lists(st.text(st.characters(exclude_characters="\x00\x1f", exclude_categories=["Cs"])), min_size=1)


@given(values=VALUES.filter(lambda values: values != [""]))
def test_what_is_joined_is_split_again(values: list[str]) -> None:
    with duckdb.connect() as cursor:
        back = lists.split(lists.joined("$1::VARCHAR[]"))
        assert cursor.execute(f"SELECT {back}", [values]).fetchone() == (values,)


def test_no_values_are_nothing() -> None:
    with duckdb.connect() as cursor:
        assert (
            cursor.execute(f"SELECT {lists.joined('[]::VARCHAR[]')}, {lists.split('NULL')}").fetchone() == (None,) * 2
        )


@pytest.mark.parametrize(
    ("rule", "found"),
    [
        (AttributeRule(name="tag", values=("a",)), ["one", "two"]),
        (AttributeRule(name="tag", values=("b",)), ["two"]),
        (AttributeRule(name="tag", values=("a\x1fb",)), []),
        (AttributeRule(name="tag", operator="is_not", values=("a\x1fb",)), ["one", "three", "two"]),
        (AttributeRule(name="tag", operator="contains", values=("\x1f",)), []),
        (AttributeRule(name="tag", operator="starts_with", values=("b",)), ["three", "two"]),
        (AttributeRule(name="tag", values=("b", "c", "d", "e", "f")), ["two"]),
    ],
)
def test_a_separator_in_a_cell_separates_and_in_a_rule_finds_nobody(
    workspace: Open, tmp_path: Path, rule: AttributeRule, found: list[str]
) -> None:
    path = tmp_path / "people.csv"
    rows = [("one", "a"), ("two", "a\x1fb"), ("three", "bb")]
    lines = [f"{name},EMAIL,{name}@example.com,{tag}" for name, tag in rows]
    path.write_text("\n".join(["Id,ChannelType,Address,Attributes.tag", *lines]) + "\n", encoding="utf-8")
    workspace.bring(path)
    how = Reading(NOW, workspace.read(catalogue.load))
    matching = rules.matching(Segment(root=Group(items=(rule,))), how)
    keys = {row[0] for row in workspace.read(lambda cursor: matching.run(cursor).fetchall())}
    people = workspace.rows("SELECT id, key FROM endpoints ORDER BY id")
    assert [name for name, key in people if key in keys] == found
