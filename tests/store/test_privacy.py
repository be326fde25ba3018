from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import duckdb
import pytest

from tests.store import town
from tests.store.conftest import Open
from tests.store.evaluator import Happening, Message, Someone
from tests.store.test_rules import NOW, Maker
from workbench.plan.dossier import page, readable
from workbench.plan.endpoint import View
from workbench.plan.privacy import Whom
from workbench.plan.segment import ChannelRule, Group, Segment
from workbench.plan.workspace import Workspace
from workbench.store import definitions, erasures, privacy, rejected, rollups
from workbench.store.privacy import Traces

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


def nothing(_: Traces) -> tuple[int, int]:
    """There are no traces outside of the file."""
    return 0, 0


def whom(*named: str) -> Whom:
    return Whom(named=named)


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
    assert privacy.dossier(cursor, "MAIL@example.com") == privacy.dossier(cursor, "ada") == found


def test_a_page_shows_all_of_it_as_plain_text(cursor: duckdb.DuckDBPyConnection) -> None:
    cursor.execute("UPDATE endpoints SET city = '<b>Bath</b>' WHERE id = 'mail'")
    found = privacy.dossier(cursor, "mail")
    assert found is not None
    written = page(found)
    for told in ("mail@example.com", "pro, x", "&lt;b&gt;Bath&lt;/b&gt;", "sku: a-1", "Very important"):
        assert told in written
    assert "<b>" not in written
    assert "<script" not in written


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
    erased = privacy.erase(cursor, whom("phone", "nobody"), NOW, nothing)
    assert (erased.people, erased.endpoints, erased.events, erased.messages) == (1, 2, 3, 1)
    assert erased.unknown == ("nobody",)
    assert others is not None
    assert cursor.execute("SELECT count(*) FROM events").fetchone() == (others[0] - 3,)
    for table in ("endpoints", "users", "events", "list_members", "outbox", "outcomes", "erased", "meta"):
        everything = str(cursor.execute(f"SELECT * FROM {table}").fetchall())
        assert "'ada'" not in everything
        assert "mail@example.com', 'EMAIL'" not in everything
        assert "Ada" not in everything
    blank = cursor.execute("SELECT count(*) FROM outbox WHERE address = ''").fetchone()
    assert blank == (1,)
    assert erasures.is_anyone_erased(cursor)
    # the address and id of each endpoint, and the user
    assert cursor.execute("SELECT count(*), min(length(mark)) FROM erased").fetchone() == (5, 64)
    again = privacy.erase(cursor, whom("phone"), NOW, nothing)
    assert (again.endpoints, again.unknown) == (0, ("phone",))


def test_the_roll_ups_are_those_of_the_events_that_are_left(cursor: duckdb.DuckDBPyConnection) -> None:
    privacy.erase(cursor, whom("mail", *(f"e{n}" for n in range(0, 200, 7))), NOW, nothing)
    kept = figures(cursor)
    rollups.rebuild(cursor, "Europe/Berlin")
    assert figures(cursor) == kept


def test_an_import_does_not_bring_back_who_was_erased(workspace: Open, tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    header = "Id,ChannelType,Address,User.UserId"
    path.write_text(f"{header}\ne1,EMAIL,Ann@example.com,u1\ne2,SMS,+4930123456,u1\ne3,EMAIL,bob@example.com,\n")
    workspace.bring(path)
    workspace.bulk(privacy.erase, whom("e1"), NOW, nothing)
    path.write_text(
        f"{header}\ne1,EMAIL,other@example.com,\nnew,EMAIL,ann@EXAMPLE.com,\nsms,SMS,+4930123456,\n"
        "user,EMAIL,carla@example.com,u1\ne3,EMAIL,bob@example.com,u3\nmail,EMAIL,+4930123456@example.com,\n"
    )
    report = workspace.bring(path)
    assert (report.added, report.updated, report.rejected) == (1, 1, 4)
    assert workspace.rows("SELECT id FROM endpoints ORDER BY id") == [("e3",), ("mail",)]
    listed = Path(report.rejects).read_text(encoding="utf-8")
    assert "erased" in listed
    assert "@" not in listed
    assert "4930123456" not in listed
    for address, known in (("ANN@example.com", True), ("bob@example.com", False)):
        assert workspace.read(erasures.is_erased, "EMAIL", address) is known


def test_people_are_named_by_address_user_segment_or_filter(cursor: duckdb.DuckDBPyConnection) -> None:
    channel = Segment(name="SMS", root=Group(items=(ChannelRule(values=("SMS",)),)))
    segment_id = definitions.save(cursor, "segment", None, "SMS", channel.to_json(), NOW)
    texted = cursor.execute("SELECT id FROM endpoints WHERE channel_type = 'SMS'").fetchall()
    both = cursor.execute(
        """SELECT count(*) FROM endpoints WHERE channel_type = 'SMS' OR user_id IN (
            SELECT user_id FROM endpoints WHERE channel_type = 'SMS')"""
    ).fetchone()
    for named, count in (
        (whom("ada"), 2),
        (whom("MAIL@EXAMPLE.COM"), 2),
        (Whom(segment_id=segment_id), both and both[0]),
        (Whom(view=View(columns=(), search="mail@")), 2),
        (Whom(named=("e1",), view=View(columns=(), search="mail@")), 6),
        (Whom(view=View(columns=())), 0),
        (Whom(), 0),
    ):
        assert privacy.would_erase(cursor, named, NOW, nothing).endpoints == count, named
    before = cursor.execute("SELECT count(*) FROM endpoints").fetchone()
    privacy.erase(cursor, Whom(segment_id=segment_id), NOW, nothing)
    assert cursor.execute("SELECT id FROM endpoints WHERE channel_type = 'SMS'").fetchall() == []
    after = cursor.execute("SELECT count(*) FROM endpoints").fetchone()
    assert before
    assert after
    assert both
    assert before[0] - after[0] == both[0] >= len(texted) > 0


def test_nobody_is_erased_where_a_trace_cannot_be(workspace: Open, tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text("Id,ChannelType,Address\ne1,EMAIL,ann@example.com\n")
    workspace.bring(path)

    def refuse(traces: Traces) -> tuple[int, int]:
        assert traces.names == {"e1", "ann@example.com"}
        raise OSError("the disk is full")

    with pytest.raises(OSError, match="full"):
        workspace.bulk(privacy.erase, whom("e1"), NOW, refuse)
    assert workspace.rows("SELECT id FROM endpoints") == [("e1",)]
    assert workspace.rows("SELECT * FROM erased") == []


def test_rejected_rows_forget_who_is_erased(workspace: Open, tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    lines = "e1,EMAIL,ann@example.com", "e2,FAX,Ann@Example.com", "e3,EMAIL,nobody", "e4,EMAIL,ann@example.com,x,y"
    path.write_text("\n".join(("Id,ChannelType,Address", *lines, "")))
    report = workspace.bring(path)
    listed = Path(report.rejects)
    before = listed.read_text(encoding="utf-8")
    names = frozenset({"e1", "ann@example.com"})
    assert rejected.count(listed, names) == rejected.forget(listed, names) == 1  # the ragged row has the address
    after = listed.read_text(encoding="utf-8")
    assert "ann@example.com" in before
    assert "ann@" not in after.lower()
    assert (len(after.splitlines()), "nobody" in after) == (len(before.splitlines()), True)
    assert rejected.forget(tmp_path / "gone.csv", names) == 0


def test_a_file_that_is_written_anew_has_no_byte_of_what_was_deleted(workspace: Open, tmp_path: Path) -> None:
    secret = "Zq8vJx3Wm7Kp2"  # noqa: S105 - a value to look for
    path = tmp_path / "people.csv"
    others = "".join(f"e{n},EMAIL,p{n}@example.com,v{n}\n" for n in range(2, 40))
    path.write_text(f"Id,ChannelType,Address,Attributes.note\ne1,EMAIL,{secret}@example.com,{secret}-note\n{others}")
    workspace.bring(path)
    path.unlink()
    workspace.database._connection.execute("CHECKPOINT workspace")
    assert is_in_files(tmp_path, secret)
    workspace.bulk(privacy.erase, whom(f"{secret}@example.com"), NOW, nothing)
    before = workspace.rows("SELECT * FROM endpoints ORDER BY key")
    steps: list[tuple[int, int | None]] = []
    workspace.run(workspace.database.rewrite(lambda done, total=None: steps.append((done, total))))
    assert not is_in_files(tmp_path, secret)
    assert workspace.rows("SELECT * FROM endpoints ORDER BY key") == before
    assert steps[-1][0] == steps[-1][1]
    assert [each.name for each in tmp_path.iterdir()] == ["shop.workbench"]
    workspace.write(lambda cursor: cursor.execute("DELETE FROM endpoints WHERE id = 'e2'"))
    assert len(workspace.rows("SELECT id FROM endpoints")) == len(before) - 1


def is_in_files(folder: Path, text: str) -> bool:
    return any(text.lower().encode() in each.read_bytes().lower() for each in folder.iterdir() if each.is_file())
