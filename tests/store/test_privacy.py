from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import duckdb
import pytest

from tests.store import town
from tests.store.conftest import Open
from tests.store.evaluator import Happening, Message, Someone
from tests.store.test_rules import NOW, Maker
from workbench.plan.privacy import readable
from workbench.plan.workspace import Workspace
from workbench.store import privacy, rollups

ADA: dict[str, tuple[str, ...]] = {"FirstName": ("Ada",)}
HOUR = timedelta(hours=1)
PEOPLE = [
    *Maker(3).people(200),
    Someone(
        "mail", "EMAIL", "DE", NOW, {"plan": ("pro", "x")}, {"spent": 3.5}, "ada", ADA,
        events=(Happening("purchase", NOW - HOUR, {"sku": "a-1"}), Happening("visit", NOW - 2 * HOUR)),
        lists=("vip",), messages=(Message("spring", "accepted", NOW - HOUR),),
    ),
    Someone("phone", "SMS", None, NOW, user_id="ada", user_attributes=ADA, events=(Happening("call", NOW),)),
]  # fmt: skip


@pytest.fixture
def cursor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    with town.opened(tmp_path_factory.mktemp("privacy") / "town.workbench") as opened:
        town.settle(opened, PEOPLE)
        opened.execute("INSERT INTO meta VALUES ('settings', ?)", [Workspace(timezone="Europe/Berlin").to_json()])
        opened.execute("INSERT INTO lists VALUES ('vip', now()::TIMESTAMP, 'Very important')")
        opened.execute("UPDATE outcomes SET words = 'ok mail@example.com' WHERE TRUE")
        opened.execute("UPDATE outbox SET address = 'x@example.com' WHERE TRUE")
        for table in ("rollup_events", "rollup_active", "rollup_latest"):
            opened.execute(f"DELETE FROM {table}")
        rollups.add(opened, "events", "Europe/Berlin")
        yield opened


def test_everything_of_a_person_can_be_read(cursor: duckdb.DuckDBPyConnection) -> None:
    found = privacy.dossier(cursor, "phone")
    assert found is not None
    assert [each.id for each in found.endpoints] == ["mail", "phone"]
    assert [entry.name for entry in found.timeline if entry.kind == "event"] == ["call", "purchase", "visit"]
    assert sum(entry.kind == "message" for entry in found.timeline) == 1
    assert found.lists == ("Very important",)
    text = readable(found)
    for told in ("mail@example.com", "Attributes.plan: pro, x", "Metrics.spent: 3.5", "FirstName: Ada", "sku: a-1"):
        assert told in text
    assert privacy.dossier(cursor, "nobody") is None


def figures(cursor: duckdb.DuckDBPyConnection) -> list[object]:
    """What the roll-ups say, summed up as reports do."""
    return [
        cursor.execute(statement).fetchall()
        for statement in (
            "SELECT day, type, sum(n) AS n FROM rollup_events GROUP BY ALL HAVING n <> 0 ORDER BY ALL",
            """SELECT day, sum(bit_count(mask)) FROM (
                SELECT day, block, bit_or(mask) AS mask FROM rollup_active GROUP BY day, block)
                GROUP BY day HAVING sum(bit_count(mask)) > 0 ORDER BY day""",
            'SELECT key, max("at") FROM rollup_latest GROUP BY key ORDER BY key',
        )
    ]


def test_who_is_erased_leaves_nothing_but_hashes(cursor: duckdb.DuckDBPyConnection) -> None:
    others = cursor.execute("SELECT count(*) FROM events").fetchone()
    erased = privacy.erase(cursor, ["phone", "nobody"], NOW)
    assert (erased.endpoints, erased.events, erased.messages, erased.unknown) == (2, 3, 1, ("nobody",))
    assert others is not None
    assert cursor.execute("SELECT count(*) FROM events").fetchone() == (others[0] - 3,)
    for table in ("endpoints", "users", "events", "list_members", "outbox", "outcomes", "erased", "meta"):
        everything = str(cursor.execute(f"SELECT * FROM {table}").fetchall())
        assert "'ada'" not in everything
        assert "mail@example.com', 'EMAIL'" not in everything
        assert "Ada" not in everything
    blank = cursor.execute("SELECT count(*) FROM outbox WHERE address = ''").fetchone()
    assert blank == (1,)
    assert privacy.is_anyone_erased(cursor)
    # the address and id of each endpoint, and the user
    assert cursor.execute("SELECT count(*), min(length(mark)) FROM erased").fetchone() == (5, 64)
    again = privacy.erase(cursor, ["phone"], NOW)
    assert (again.endpoints, again.unknown) == (0, ("phone",))


def test_the_roll_ups_are_those_of_the_events_that_are_left(cursor: duckdb.DuckDBPyConnection) -> None:
    privacy.erase(cursor, ["mail", *(f"e{n}" for n in range(0, 200, 7))], NOW)
    kept = figures(cursor)
    rollups.rebuild(cursor, "Europe/Berlin")
    assert figures(cursor) == kept


def test_an_import_does_not_bring_back_who_was_erased(workspace: Open, tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    header = "Id,ChannelType,Address,User.UserId"
    path.write_text(f"{header}\ne1,EMAIL,Ann@example.com,u1\ne2,SMS,+4930123456,u1\ne3,EMAIL,bob@example.com,\n")
    workspace.bring(path)
    workspace.bulk(privacy.erase, ["e1"], NOW)
    path.write_text(
        f"{header}\ne1,EMAIL,other@example.com,\nnew,EMAIL,ann@EXAMPLE.com,\nsms,SMS,+4930123456,\n"
        "user,EMAIL,carla@example.com,u1\ne3,EMAIL,bob@example.com,u3\nmail,EMAIL,+4930123456@example.com,\n"
    )
    report = workspace.bring(path)
    assert (report.added, report.updated, report.rejected) == (1, 1, 4)
    assert workspace.rows("SELECT id FROM endpoints ORDER BY id") == [("e3",), ("mail",)]
    assert "erased" in Path(report.rejects).read_text(encoding="utf-8")
