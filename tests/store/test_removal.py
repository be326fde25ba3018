"""Attributes and events taken out again, from a real workspace."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from tests.store import town
from tests.store.conftest import NOW, Open
from tests.store.evaluator import Happening, Someone
from tests.store.test_privacy import figures
from workbench.plan.endpoint import View
from workbench.plan.event import Event
from workbench.plan.workspace import Workspace
from workbench.store import catalogue, endpoints, events, removal, rollups

HOUR = timedelta(hours=1)
ZONE = "Europe/Berlin"


@pytest.fixture
def cursor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    people = [
        Someone(
            f"e{n}", "EMAIL", None, NOW, {"plan": ("pro", "x")} if n % 2 else {"old": ("y",)}, {"spent": float(n)},
            f"u{n % 3}", {"First": ("Ada",)},
            events=(
                Happening("visit", NOW - n * HOUR, {"page": "p"} if n < 5 else {}),
                Happening("buy", NOW - n * HOUR, {"page": "q"}, {"amount": 2.0}),
            ),
        )
        for n in range(10)
    ]  # fmt: skip
    with town.opened(tmp_path_factory.mktemp("removal") / "town.workbench") as opened:
        town.settle(opened, people)
        opened.execute("INSERT INTO meta VALUES ('settings', ?)", [Workspace(timezone=ZONE).to_json()])
        rollups.rebuild(opened, ZONE)
        yield opened


def known(cursor: duckdb.DuckDBPyConnection) -> set[str]:
    return set(removal.fields(cursor))


def test_attributes_go_from_everyone_and_from_the_catalogue(cursor: duckdb.DuckDBPyConnection) -> None:
    assert known(cursor) == {"Attributes.plan", "Attributes.old", "Metrics.spent", "User.UserAttributes.First"}
    wanted = ("Attributes.plan", "Metrics.spent", "User.UserAttributes.First")
    counted = removal.carried(cursor, wanted)
    assert [(each.name, each.count) for each in counted] == list(zip(wanted, (5, 10, 3), strict=True))
    assert removal.remove_fields(cursor, wanted) == counted
    assert known(cursor) == {"Attributes.old"}
    everything = str(cursor.execute("SELECT * FROM endpoints").fetchall() + cursor.execute("FROM users").fetchall())
    assert "pro" not in everything
    assert "Ada" not in everything
    assert everything.count("'y'") == 5
    catalogue.reserve(cursor, "attribute", ["fresh"])
    catalogue.use(cursor, "attribute", ["fresh"])
    assert [each.count for each in removal.carried(cursor, ("Attributes.fresh",))] == [0]


def test_a_table_that_was_kept_in_order_is_sorted_anew(cursor: duckdb.DuckDBPyConnection) -> None:
    view = View(columns=(), search="pro")
    assert endpoints.count(cursor, view, NOW) == 5
    removal.remove_fields(cursor, ("Attributes.plan",))
    assert endpoints.count(cursor, view, NOW) == 0


@pytest.mark.parametrize(
    ("types", "before", "left"),
    [(("visit",), None, 10), (("visit", "buy"), NOW - 4 * HOUR, 10), (("buy",), NOW - 20 * HOUR, 20)],
)
def test_events_go_and_the_roll_ups_are_those_of_the_rest(
    cursor: duckdb.DuckDBPyConnection, types: tuple[str, ...], before: datetime | None, left: int
) -> None:
    counted = removal.happened(cursor, types, before)
    assert sum(each.count for each in counted) == 20 - left
    assert removal.remove_events(cursor, types, before) == counted
    assert cursor.execute("SELECT count(*) FROM events").fetchone() == (left,)
    kept = figures(cursor)
    rollups.rebuild(cursor, ZONE)
    assert figures(cursor) == kept


def test_names_that_no_event_carries_any_more_are_forgotten(cursor: duckdb.DuckDBPyConnection) -> None:
    def told() -> set[tuple[str, str]]:
        rows = cursor.execute("SELECT DISTINCT event_type, name FROM names WHERE kind LIKE 'event%'").fetchall()
        return {(event_type, name) for event_type, name in rows}

    assert told() == {("visit", "page"), ("buy", "page"), ("buy", "amount")}
    removal.remove_events(cursor, ("visit",), NOW - 4 * HOUR + timedelta(minutes=1))
    removal.tidy_names(cursor, ("visit",))
    assert ("visit", "page") in told()
    cursor.execute("UPDATE events SET x_1 = NULL WHERE type = 'visit'")
    removal.remove_events(cursor, ("buy",), None)
    removal.tidy_names(cursor, ("visit", "buy"))
    assert told() == set()
    assert removal.types(cursor) == ("visit",)


def test_events_that_come_meanwhile_keep_their_figures(workspace: Open, tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text("Id,ChannelType,Address\ne1,EMAIL,ann@example.com\n")
    workspace.bring(path)
    old = datetime(2026, 1, 1, 12, tzinfo=UTC)
    workspace.write(events.append, [Event(id=f"a{n}", endpoint_id="e1", type="visit", at=old) for n in range(3)])

    def remove(cursor: duckdb.DuckDBPyConnection) -> int:
        removed = removal.remove_events(cursor, ("visit",), None)
        late = Event(id="late", endpoint_id="e1", type="visit", at=old)
        writer = cursor.cursor()
        writer.execute("USE workspace")
        writer.execute("BEGIN")
        events.append(writer, [late])
        writer.execute("COMMIT")
        return sum(each.count for each in removed)

    assert workspace.bulk(remove) == 3
    assert workspace.rows("SELECT type, sum(n) FROM rollup_events GROUP BY type") == [("visit", 1)]
    assert workspace.rows("SELECT count(*) FROM events") == [(1,)]
    assert workspace.rows("SELECT bit_count(bit_or(mask)) FROM rollup_active") == [(1,)]
