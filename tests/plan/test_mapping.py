import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.plan.mapping import (
    Column,
    Dialect,
    Kind,
    Mapping,
    check,
    is_target,
    needed,
    open_target,
    pieces,
    targets,
)

COLUMNS = st.builds(Column, target=st.text(max_size=8), source=st.text(max_size=5), value=st.text(max_size=8))
MAPPINGS = st.builds(Mapping, kind=st.sampled_from(["endpoints", "events"]), columns=st.lists(COLUMNS).map(tuple))


def mapping(kind: Kind, *columns: Column) -> Mapping:
    return Mapping(kind=kind, columns=columns)


def wheres(recipe: Mapping, *sources: str) -> list[str]:
    return [problem.where for problem in check(recipe, sources)]


@given(MAPPINGS)
def test_any_mapping_survives_its_json(recipe: Mapping) -> None:
    assert Mapping.from_json(recipe.to_json()) == recipe


@given(MAPPINGS, st.lists(st.text(max_size=5)))
def test_any_mapping_can_be_checked(recipe: Mapping, sources: list[str]) -> None:
    for problem in check(recipe, tuple(sources)):
        assert problem.where
        assert str(problem)


@given(st.text())
def test_pieces_put_together_give_the_pattern_again(pattern: str) -> None:
    assert "".join(fixed + (f"{{{name}}}" if name else "") for fixed, name in pieces(pattern)) == pattern


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("", (("", ""),)),
        ("shop", (("shop", ""),)),
        ("c{id}@example.com", (("c", "id"), ("@example.com", ""))),
        ("{a}{b c}", (("", "a"), ("", "b c"), ("", ""))),
        ("{}{a}", (("{}{a}", ""),)),
        ("50 { off", (("50 { off", ""),)),
    ],
)
def test_a_pattern_is_cut_at_its_columns(pattern: str, expected: tuple[tuple[str, str], ...]) -> None:
    assert pieces(pattern) == expected


def test_a_column_needs_its_source_or_the_columns_of_its_pattern() -> None:
    assert needed(Column(target="Address", source="mail")) == ("mail",)
    assert needed(Column(target="Address", source="mail", value="c{id}@{host}")) == ("id", "host")
    assert needed(Column(target="ChannelType", value="EMAIL")) == ()
    assert needed(Column(target="Address")) == ()


def test_fixed_targets_leave_out_what_the_workbench_gives_itself() -> None:
    assert "CreationDate" not in targets("endpoints")
    assert "CohortId" not in targets("endpoints")
    assert all(is_target("endpoints", name) for name in targets("endpoints"))
    assert all(is_target("events", name) for name in targets("events"))


def test_each_kind_has_its_own_targets() -> None:
    assert is_target("endpoints", "User.UserAttributes.FirstName")
    assert not is_target("events", "User.UserAttributes.FirstName")
    assert is_target("events", "Metrics.amount")
    assert not is_target("events", "Metrics.")
    assert not is_target("endpoints", "EventType")


def test_a_column_of_ones_own_becomes_a_metric_only_if_it_holds_numbers() -> None:
    assert open_target("endpoints", "age", number=True) == "Metrics.age"
    assert open_target("events", "product", number=False) == "Attributes.product"


def test_a_good_mapping_has_no_problems() -> None:
    people = mapping("endpoints", Column(target="Address", source="mail"), Column(target="Attributes.x", source="mail"))
    events = mapping(
        "events",
        Column(target="EndpointId", source="id"),
        Column(target="EventType", value="purchase"),
        Column(target="Timestamp", source="day", date_format="%Y%m%d"),
    )
    assert check(people, ("mail",)) == ()
    assert check(events, ("id", "day")) == ()


def test_problems_stand_at_their_column() -> None:
    recipe = mapping(
        "endpoints",
        Column(target="Address", source="mail"),
        Column(target="Colour", source="mail"),
        Column(target="Location.City", source="town"),
        Column(target="Location.Region"),
    )
    assert wheres(recipe, "mail") == ["columns.1.target", "columns.2.source", "columns.3.source"]


def test_a_single_target_takes_one_column_and_a_list_takes_several() -> None:
    twice = (Column(target="Address", source="a"), Column(target="Address", source="b"))
    listed = (Column(target="Attributes.x", source="a"), Column(target="Attributes.x", source="b"))
    assert wheres(mapping("endpoints", *twice), "a", "b") == ["columns.1.target"]
    assert wheres(mapping("endpoints", twice[0], *listed), "a", "b") == []


@pytest.mark.parametrize("target", ["Id", "Address", "User.UserId"])
def test_people_need_one_column_that_says_who_they_are(target: str) -> None:
    assert wheres(mapping("endpoints", Column(target=target, source="x")), "x") == []
    assert wheres(mapping("endpoints", Column(target="Location.City", source="x")), "x") == ["columns"]


def test_events_need_a_type_a_time_and_a_person() -> None:
    assert wheres(mapping("events")) == ["columns", "columns", "columns"]


def test_a_dialect_knows_nothing_until_it_was_sniffed() -> None:
    assert (Dialect().format, Dialect().delimiter, Dialect().header) == ("", "", None)
