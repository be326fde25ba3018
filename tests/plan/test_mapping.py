import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.plan.mapping import (
    Column,
    Dialect,
    Kind,
    Mapping,
    channel_of,
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
    people = mapping(
        "endpoints",
        Column(target="Address", source="mail"),
        Column(target="ChannelType", value="EMAIL"),
        Column(target="Attributes.x", source="mail"),
    )
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
        Column(target="ChannelType", value="EMAIL"),
    )
    assert wheres(recipe, "mail") == ["columns.1.target", "columns.2.source", "columns.3.source"]


@pytest.mark.parametrize("prefix", ["Attributes.", "Metrics.", "User.UserAttributes."])
def test_a_name_longer_than_pinpoints_is_told_at_its_column(prefix: str) -> None:
    who = (Column(target="Address", source="x"), Column(target="ChannelType", value="EMAIL"))
    user = Column(target="User.UserId", source="x")
    for letters, where in ((50, []), (51, ["columns.3.target"])):
        assert wheres(mapping("endpoints", *who, user, Column(target=prefix + "n" * letters, source="x")), "x") == where


def test_a_single_target_takes_one_column_and_a_list_takes_several() -> None:
    channel = Column(target="ChannelType", value="EMAIL")
    twice = (Column(target="Address", source="a"), Column(target="Address", source="b"), channel)
    listed = (Column(target="Attributes.x", source="a"), Column(target="Attributes.x", source="b"))
    assert wheres(mapping("endpoints", *twice), "a", "b") == ["columns.1.target"]
    assert wheres(mapping("endpoints", twice[0], channel, *listed), "a", "b") == []


@pytest.mark.parametrize(
    ("fed", "said"),
    [
        (("Location.City",), "No column says who the person is."),
        (("User.UserId", "Location.City"), "names users only; a person needs an address and a channel."),
        (("User.UserId",), "add a value such as {x}@example.com."),
        (("Address",), "Nothing says on which channel the address is."),
        (("ChannelType",), "No column says who the person is."),
    ],
)
def test_a_mapping_that_can_only_reject_every_row_is_refused(fed: tuple[str, ...], said: str) -> None:
    (problem,) = check(mapping("endpoints", *(Column(target=target, source="x") for target in fed)), ("x",))
    assert problem.where == "columns"
    assert problem.blocks
    assert said in str(problem)


@pytest.mark.parametrize("fed", [("Id",), ("Id", "Address"), ("Id", "Metrics.x")])
def test_an_id_alone_changes_only_who_is_there(fed: tuple[str, ...]) -> None:
    (problem,) = check(mapping("endpoints", *(Column(target=target, source="x") for target in fed)), ("x",))
    assert not problem.blocks
    assert "who are there already" in str(problem)


def test_what_is_about_a_user_without_an_id_is_told_at_its_columns() -> None:
    address = (Column(target="Address", source="m"), Column(target="ChannelType", value="EMAIL"))
    about = Column(target="User.UserAttributes.FirstName", source="n")
    (problem,) = check(mapping("endpoints", *address, about), ("m", "n"))
    assert (problem.where, problem.blocks) == ("columns.2.target", False)
    assert "would be left out" in str(problem)
    assert not check(mapping("endpoints", *address, about, Column(target="User.UserId", value="{m}")), ("m", "n"))


def test_the_channel_shows_in_the_addresses() -> None:
    assert channel_of(("ann@example.com", "nobody")) == "EMAIL"
    assert channel_of(("+7 495 123-45-67", "'+441234567")) == "SMS"
    assert channel_of((), "e-mail") == "EMAIL"
    assert channel_of(("84951234567",), "Телефон") == "SMS"
    assert channel_of(("ann",)) == channel_of(()) == ""


def test_events_need_a_type_a_time_and_a_person() -> None:
    assert wheres(mapping("events")) == ["columns", "columns", "columns"]


def test_a_dialect_knows_nothing_until_it_was_sniffed() -> None:
    assert (Dialect().format, Dialect().delimiter, Dialect().header) == ("", "", None)
