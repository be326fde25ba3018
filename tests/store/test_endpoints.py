from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.store import town
from tests.store.evaluator import Happening, Someone
from tests.store.test_rules import NOW, TEXTS, Maker
from workbench.plan.catalogue import ValueCount
from workbench.plan.endpoint import View
from workbench.plan.segment import CountryRule, Group, Segment
from workbench.store import catalogue, cells, definitions, endpoints, lists, orders

PEOPLE = Maker(5).people(300)
COLUMNS = (
    "Address",
    "Location.Country",
    "Attributes.plan",
    "Metrics.plan",
    "User.UserAttributes.plan",
    "EffectiveDate",
)


@pytest.fixture(scope="module")
def cursor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    with town.opened(tmp_path_factory.mktemp("endpoints") / "town.workbench") as opened:
        opened.execute("INSERT INTO meta VALUES ('workspace_id', 'x')")
        town.settle(opened, PEOPLE)
        yield opened


@pytest.fixture
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    with town.opened(tmp_path_factory.mktemp("small") / "town.workbench") as opened:
        yield opened


def of_all(cursor: duckdb.DuckDBPyConnection, view: View) -> list[tuple[object, ...]]:
    return list(endpoints.page(cursor, view, NOW, 0, 1_000).rows)


def test_without_a_sort_people_stand_as_they_came(cursor: duckdb.DuckDBPyConnection) -> None:
    assert [row[0] for row in of_all(cursor, View(columns=()))] == [who.id for who in PEOPLE]


def test_cells_are_text_numbers_times_or_nothing(cursor: duckdb.DuckDBPyConnection) -> None:
    for who, row in zip(PEOPLE, of_all(cursor, View(columns=(*COLUMNS, "Attributes.nobody"))), strict=True):
        number = who.metrics.get("plan")
        assert row[:3] == (who.id, f"{who.id}@example.com", who.country)
        assert row[3] == (", ".join(who.attributes["plan"]) if who.attributes.get("plan") else None)
        assert row[4] == (None if number is None or number != number else number)  # noqa: PLR0124 - NaN
        assert row[5] == (", ".join(who.user_attributes["plan"]) if who.user_attributes.get("plan") else None)
        assert row[6:] == (max([who.effective, *(what.at for what in who.events)]).isoformat(), None)


#: (offset, limit) at the start, in the middle, at the end and beyond
BLOCKS = ((0, 5), (8, 2), (3, 100), (140, 20), (290, 20), (290, 4), (293, 4), (299, 1), (300, 5), (9_999, 5))
SORTS = ("", *COLUMNS, "Id", "CohortId", "User.UserId")


@pytest.mark.parametrize("direction", ["up", "down"])
@pytest.mark.parametrize("sort", SORTS)
def test_any_block_of_any_order_is_a_piece_of_the_whole(
    cursor: duckdb.DuckDBPyConnection, sort: str, direction: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    view = View(columns=("Id",), sort=sort, descending=direction == "down")
    whole = of_all(cursor, view)
    assert len(whole) == len(PEOPLE)
    # as if the audience were large: the first and the last ten rows come from a heap, the others from a kept order
    monkeypatch.setattr(orders, "_HEAP_ROWS", 10)
    for kept in (False, True):
        for offset, limit in BLOCKS:
            if not kept:
                monkeypatch.setattr(orders, "_KEPT_ORDERS", orders._Kept())
            page = endpoints.page(cursor, view, NOW, offset, limit)
            assert page.offset == offset
            assert list(page.rows) == whole[offset : offset + limit], (offset, limit)


@pytest.mark.parametrize("direction", ["up", "down"])
def test_text_is_sorted_without_regard_to_case_and_blanks_come_last(
    cursor: duckdb.DuckDBPyConnection, direction: str
) -> None:
    descending = direction == "down"
    view = View(columns=("Location.Country",), sort="Location.Country", descending=descending)
    countries = [row[1] for row in of_all(cursor, view)]
    filled = [str(country).lower() for country in countries if country is not None]
    assert filled == sorted(filled, reverse=descending)
    assert set(countries[len(filled) :]) == {None}
    assert {"DE", "de"} <= set(countries)


def test_equal_values_stand_in_the_order_of_arrival(cursor: duckdb.DuckDBPyConnection) -> None:
    arrival = {who.id: number for number, who in enumerate(PEOPLE)}
    rows = of_all(cursor, View(columns=("ChannelType",), sort="ChannelType", descending=True))
    assert [arrival[str(row[0])] for row in rows if row[1] == "SMS"] == sorted(
        arrival[who.id] for who in PEOPLE if who.channel == "SMS"
    )


def named(*ids: str) -> list[Someone]:
    return [Someone(each, "EMAIL", None, NOW, user_id=f"U-{each}") for each in ids]


@settings(max_examples=60, deadline=None)
@given(search=st.sampled_from(TEXTS) | st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=3))
def test_a_search_is_plain_text(cursor: duckdb.DuckDBPyConnection, search: str) -> None:
    """In address and ids first, then in attributes, where each word may stand in another one."""

    def lower(text: str) -> str:
        return str((cursor.execute("SELECT lower(?)", [text]).fetchone() or ("",))[0])

    def has_key(who: Someone) -> bool:
        return any(lower(search) in (text or "") for text in (who.id, f"{who.id}@example.com", who.user_id))

    def has_words(who: Someone) -> bool:
        told = [*who.attributes.values(), *(who.user_attributes.values() if who.user_id is not None else ())]
        texts = [lower(lists.SEPARATOR.join(values)) for values in told]
        words = [lower(word) for word in search.split()]
        return bool(words) and all(any(word in text for text in texts) for word in words)

    found = [row[0] for row in of_all(cursor, View(columns=(), search=search))]
    first = [who.id for who in PEOPLE if has_key(who)]
    later = [who.id for who in PEOPLE if has_words(who) and not has_key(who)]
    assert found == (first + later if search else [who.id for who in PEOPLE])


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("anna", ["anna-k", "e1"]), ("соколова", ["e2"]), ("АННА", ["e2"]), ("анна соколова", ["e2"]),
        ("Berger anna", ["e1"]), ("anna nobody", []), ("gold", ["e1"]), ("tea, gold", []), ("  ", []),
    ],
)  # fmt: skip
def test_people_are_found_by_name_in_any_case_and_script(
    small: duckdb.DuckDBPyConnection, search: str, found: list[str]
) -> None:
    town.settle(
        small,
        [
            Someone(
                "e1", "EMAIL", None, NOW, user_id="u1", attributes={"plan": ("gold",)},
                user_attributes={"FirstName": ("Anna",), "LastName": ("Berger",)},
            ),
            Someone(
                "e2", "EMAIL", None, NOW, user_id="u2",
                user_attributes={"FirstName": ("Анна",), "LastName": ("Соколова",)},
            ),
            Someone("anna-k", "EMAIL", None, NOW, user_id="u3"),
        ],
    )  # fmt: skip
    # Who has it in the address comes before who has it in the name.
    assert [row[0] for row in of_all(small, View(columns=(), search=search))] == found


@pytest.mark.parametrize(
    ("search", "found"),
    [("50%", ["50%off"]), ("_", ["a_b"]), ("ИМЯ", ["имя"]), ("имя", ["имя"]), ("u-A_B", ["a_b"]), ("axb", [])],
)
def test_a_search_has_no_wildcards_and_no_case(small: duckdb.DuckDBPyConnection, search: str, found: list[str]) -> None:
    town.settle(small, named("50%off", "a_b", "имя", "5000"))
    assert [row[0] for row in of_all(small, View(columns=(), search=search))] == found
    assert endpoints.count(small, View(columns=(), search=search), NOW) == len(found)


def test_filters_narrow_each_other(cursor: duckdb.DuckDBPyConnection) -> None:
    segment = Segment(name="x", root=Group(items=(CountryRule(values=("DE",)),)))
    segment_id = definitions.save(cursor, "segment", None, "x", segment.to_json(), NOW)
    view = View(columns=(), channel="SMS", status="ACTIVE", segment_id=segment_id, search="example.com")
    expected = [who.id for who in PEOPLE if who.channel == "SMS" and who.country == "DE"]
    assert [row[0] for row in of_all(cursor, view)] == expected != []
    assert endpoints.count(cursor, view, NOW) == len(expected)
    assert endpoints.count(cursor, view.model_copy(update={"status": "INACTIVE"}), NOW) == 0
    assert endpoints.count(cursor, View(columns=(), segment_id="no such segment"), NOW) == 0


def test_a_kept_order_is_given_up_when_people_come(
    small: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(orders, "_HEAP_ROWS", 0)
    view = View(columns=(), sort="Id")
    town.settle(small, named("a", "c"))
    assert [row[0] for row in of_all(small, view)] == ["a", "c"]
    town.settle(small, named("a", "c", "b"))
    assert [row[0] for row in of_all(small, view)] == ["a", "b", "c"]


def test_rows_come_in_the_order_asked_for_and_who_is_gone_is_passed_over(cursor: duckdb.DuckDBPyConnection) -> None:
    found = cells.rows(cursor, [3, 9_999, 1], (), catalogue.load(cursor))
    assert found == ((PEOPLE[2].id,), (PEOPLE[0].id,))


def _filled(attributes: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    return {name: values for name, values in attributes.items() if values}


def test_the_catalogue_counts_who_carries_a_name(cursor: duckdb.DuckDBPyConnection) -> None:
    cursor.execute("INSERT INTO rollup_events VALUES ('2026-03-01', 'purchase', 5), ('2026-03-02', 'purchase', 2)")
    cursor.execute("INSERT INTO rollup_events VALUES ('2026-03-01', 'it''s', 9)")
    known = endpoints.catalogue(cursor)
    for names, carried in (
        (known.attributes, [_filled(who.attributes) for who in PEOPLE]),
        (known.metrics, [who.metrics for who in PEOPLE]),
        (known.user_attributes, [_filled(who.user_attributes) for who in PEOPLE]),
    ):
        assert {each.name: each.count for each in names} == {
            name: sum(name in one for one in carried) for name in {name for one in carried for name in one}
        }
    assert [(event.name, event.count) for event in known.events] == [("it's", 9), ("purchase", 7)]
    assert all((len(event.attributes), len(event.metrics)) == (4, 3) for event in known.events)


def tagged(*lists: Sequence[str]) -> list[Someone]:
    return [
        Someone(f"e{number}", "EMAIL", "DE", NOW, attributes={"tag": tuple(tags)}, user_id="u1", user_attributes={
            "first": ("Ada",)
        })
        for number, tags in enumerate(lists)
    ]  # fmt: skip


def told(found: Sequence[ValueCount]) -> list[tuple[str, int]]:
    return [(each.value, each.count) for each in found]


def test_values_are_counted_by_people_and_the_most_frequent_come_first(small: duckdb.DuckDBPyConnection) -> None:
    town.settle(small, tagged(["Red", "Red"], ["red"], ["Red", "blue"], [], ["r%d"]))
    assert told(endpoints.values(small, "Attributes.tag", "", 9)) == [("Red", 2), ("blue", 1), ("r%d", 1), ("red", 1)]
    assert told(endpoints.values(small, "Attributes.tag", "RE", 9)) == [("Red", 2), ("red", 1)]
    assert told(endpoints.values(small, "Attributes.tag", "r%", 9)) == [("r%d", 1)]
    assert told(endpoints.values(small, "Attributes.tag", "", 1)) == [("Red", 2)]
    assert told(endpoints.values(small, "User.UserAttributes.first", "a", 9)) == [("Ada", 5)]
    assert told(endpoints.values(small, "Location.Country", "d", 9)) == [("DE", 5)]
    assert told(endpoints.values(small, "Location.Latitude", "", 9)) == []
    assert told(endpoints.values(small, "Attributes.nobody", "", 9)) == []


def test_values_of_events_are_those_of_the_type(small: duckdb.DuckDBPyConnection) -> None:
    bought = [Happening("purchase", NOW, {"product": product}) for product in ("tea", "tea", "Coffee")]
    seen = [Happening("product.viewed", NOW, {"product": "milk"})]
    town.settle(small, [Someone("e", "EMAIL", None, NOW, events=(*bought, *seen))])
    assert told(endpoints.event_values(small, "purchase", "product", "", 9)) == [("tea", 2), ("Coffee", 1)]
    assert told(endpoints.event_values(small, "purchase", "product", "c", 9)) == [("Coffee", 1)]
    assert told(endpoints.event_values(small, "purchase", "nothing", "", 9)) == []


def test_an_empty_workspace_shows_nothing_and_breaks_nothing(small: duckdb.DuckDBPyConnection) -> None:
    view = View(columns=COLUMNS, sort="Attributes.plan", search="x")
    assert endpoints.count(small, view, NOW) == 0
    assert endpoints.page(small, view, NOW, 50, 10).rows == ()
    assert endpoints.catalogue(small).fields()[0] == "Id"


def test_times_are_utc_whatever_the_zone_of_now(cursor: duckdb.DuckDBPyConnection) -> None:
    view = View(columns=("EffectiveDate",))
    east = NOW.astimezone(datetime.fromisoformat("2026-01-01T00:00:00+09:00").tzinfo)
    assert endpoints.page(cursor, view, east, 0, 3) == endpoints.page(cursor, view, NOW, 0, 3)
    assert east - NOW == timedelta(0)
    assert NOW.tzinfo is UTC
