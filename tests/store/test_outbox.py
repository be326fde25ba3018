"""Planning a run: a decision for everyone, pages and figures of it."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest

from workbench.plan.segment import ChannelRule, Group, Segment
from workbench.store import catalogue, ledger, outbox
from workbench.store.database import Database
from workbench.store.ledger import Claim, JournalRow

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
PINS = outbox.Pins("c", 1, "Campaign", "", None, "t", 1, "ch", 1, "Shop", "shop@example.com", "")
PEOPLE = [
    ("e1", "a@example.com", "EMAIL", "ACTIVE", "NONE"),
    ("e2", "b@example.com", "EMAIL", "INACTIVE", "NONE"),
    ("e3", "c@example.com", "EMAIL", "ACTIVE", "ALL"),
    ("e4", " ", "EMAIL", "ACTIVE", "NONE"),
    ("e5", "+4912345", "SMS", "ACTIVE", "NONE"),
    ("e6", "not an address", "EMAIL", "ACTIVE", "NONE"),
    ("e7", "A@Example.com", "EMAIL", "ACTIVE", "NONE"),
    ("e8", "d@example.com", "EMAIL", "ACTIVE", "NONE"),
    ("e9", "x@y@example.com", "EMAIL", "ACTIVE", "NONE"),
    ("e10", "e@example.com\r\nRCPT TO:<x@example.com>", "EMAIL", "ACTIVE", "NONE"),
    ("e11", "änne@bücher.example", "EMAIL", "ACTIVE", None),
]
DECISIONS = {
    "e1": "planned", "e2": "inactive", "e3": "opted_out", "e4": "no_address", "e5": "wrong_channel",
    "e6": "bad_address", "e7": "duplicate_address", "e8": "planned", "e9": "bad_address", "e10": "bad_address",
    "e11": "planned",
}  # fmt: skip


@pytest.fixture
def cursor(tmp_path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    database = Database.open(tmp_path / "shop.workbench", create=True)
    opened = database._connection.cursor()
    opened.execute("USE workspace")
    for key, (name, address, channel, status, opt_out) in enumerate(PEOPLE, 1):
        opened.execute(
            "INSERT INTO endpoints (key, id, address, channel_type, status, opt_out) VALUES (?, ?, ?, ?, ?, ?)",
            [key, name, address, channel, status, opt_out],
        )
    yield opened
    opened.close()
    database.close()


def planned(cursor: duckdb.DuckDBPyConnection) -> int:
    run = outbox.plan_run(cursor, PINS, Segment(), NOW, NOW + timedelta(seconds=10))
    assert run is not None
    return run


def name_users(cursor: duckdb.DuckDBPyConnection, **named: tuple[str, str]) -> None:
    """First and last names, by the endpoint's id; the person's id is the endpoint's."""
    catalogue.reserve(cursor, "user_attribute", ["FirstName", "LastName"])
    catalogue.use(cursor, "user_attribute", {"FirstName", "LastName"}, "")
    columns = catalogue.load(cursor).user_attributes
    for endpoint, (first, last) in named.items():
        cursor.execute("UPDATE endpoints SET user_id = id WHERE id = ?", [endpoint])
        cursor.execute(
            f"INSERT INTO users (user_id, {columns['FirstName']}, {columns['LastName']}) VALUES (?, ?, ?)",
            [endpoint, first, last or None],
        )


def outcomes(*rows: tuple[int, str, int]) -> pa.Table:
    return pa.Table.from_pylist(
        [
            {"ordinal": ordinal, "state": state, "attempt": attempt, "at": NOW.replace(tzinfo=None), "code": 250,
             "words": "w", "next_try": NOW.replace(tzinfo=None) if state == "retrying" else None}
            for ordinal, state, attempt in rows
        ],
        schema=ledger.OUTCOMES,
    )  # fmt: skip


def states(cursor: duckdb.DuckDBPyConnection, run: int) -> dict[str, int]:
    return outbox.statuses(cursor, "", run)[0].states


def test_rows_are_called_by_name_and_say_whether_words_are_a_servers(cursor: duckdb.DuckDBPyConnection) -> None:
    name_users(cursor, e1=("Анна", "Соколова"), e8=("Dora", ""))
    run = planned(cursor)
    ledger.fold(cursor, run, {}, outcomes((0, "accepted", 1)), [])
    rows = {row.endpoint_id: row for row in outbox.page(cursor, run, "", "", (0, 100)).rows}
    assert {name: row.name for name, row in rows.items() if row.name} == {"e1": "Анна Соколова", "e8": "Dora"}
    assert {name: row.code for name, row in rows.items() if row.code} == {"e1": 250}


def test_everyone_gets_a_decision(cursor: duckdb.DuckDBPyConnection) -> None:
    run = planned(cursor)
    page = outbox.page(cursor, run, "", "", (0, 100))
    assert {row.endpoint_id: row.decision for row in page.rows} == DECISIONS
    assert [row.ordinal for row in page.rows] == list(range(len(PEOPLE)))
    assert [row.endpoint_id for row in page.rows if row.decision == "planned"] == ["e1", "e8", "e11"]
    status = outbox.statuses(cursor, "", run)[0]
    assert (status.matching, status.planned, status.state, status.states) == (11, 3, "waiting", {"planned": 3})
    assert sum(status.left_out.values()) == 8


def test_the_forecast_is_what_the_launch_does(cursor: duckdb.DuckDBPyConnection) -> None:
    forecast = outbox.forecast(cursor, Segment(), NOW)
    status = outbox.statuses(cursor, "", planned(cursor))[0]
    assert forecast.matching == status.matching
    assert forecast.decisions == {"planned": status.planned, **status.left_out}
    assert forecast.first[0] == ("e1", "a@example.com")


def test_a_second_launch_beside_the_first_writes_nothing(cursor: duckdb.DuckDBPyConnection) -> None:
    run = planned(cursor)
    assert outbox.plan_run(cursor, PINS, Segment(), NOW, NOW) is None
    assert len(outbox.statuses(cursor, "", None)) == 1
    outbox.move_run(cursor, run, ("waiting",), ("cancelled", ""), NOW)
    assert planned(cursor) != run


def test_ordinals_go_through_the_planned_ones_first_in_the_order_of_their_keys(
    cursor: duckdb.DuckDBPyConnection,
) -> None:
    # More rows than a thread takes at once, stored in another order than that of their keys.
    cursor.execute("DELETE FROM endpoints")
    cursor.execute(
        """INSERT INTO endpoints (key, id, address, channel_type, status, opt_out)
            SELECT i, 'e' || i, 'p' || i || '@example.com', 'EMAIL', 'ACTIVE', if(i % 3 = 0, 'ALL', 'NONE')
            FROM range(300_000) people(i) ORDER BY hash(i)"""
    )
    run = planned(cursor)
    assert outbox.statuses(cursor, "", run)[0].planned == 200_000
    wrong = cursor.execute(
        """SELECT count(*) FROM (
                SELECT ordinal, row_number() OVER (ORDER BY decision <> 'planned', key) - 1 AS due FROM outbox)
            WHERE ordinal <> due"""
    )
    assert wrong.fetchone() == (0,)


def test_only_members_of_the_segment(cursor: duckdb.DuckDBPyConnection) -> None:
    segment = Segment(root=Group(items=(ChannelRule(values=("SMS",)),)))
    assert outbox.forecast(cursor, segment, NOW).decisions == {"wrong_channel": 1}


def test_states_follow_claims_and_outcomes(cursor: duckdb.DuckDBPyConnection) -> None:
    run = planned(cursor)
    assert ledger.begin_due(cursor, NOW) == []
    assert ledger.begin_due(cursor, NOW + timedelta(seconds=11)) == [run]
    row = JournalRow("j", run, "boot", 1, 0)
    ledger.open_journal(cursor, row, NOW)
    claim = ledger.claim(cursor, run, "j", Claim(0, 1, None, []), (NOW, ""))
    assert states(cursor, run) == {"claimed": 2, "planned": 1}
    assert ledger.next_fresh(cursor, run) == 2
    ledger.fold(cursor, run, {"j": 10}, outcomes((0, "accepted", 1), (1, "retrying", 1)), [claim])
    assert states(cursor, run) == {"accepted": 1, "retrying": 1, "planned": 1}
    assert ledger.due(cursor, run, NOW, 10) == [(1, 2)]
    assert ledger.due(cursor, run, NOW - timedelta(seconds=1), 10) == []
    ledger.claim(cursor, run, "j", Claim(1, 1, [1], []), (NOW, ""))
    assert ledger.due(cursor, run, NOW, 10) == []
    assert states(cursor, run) == {"accepted": 1, "claimed": 1, "planned": 1}
    for state, addresses in {"accepted": ["a@example.com"], "claimed": ["d@example.com"]}.items():
        assert [each.address for each in outbox.page(cursor, run, state, "", (0, 9)).rows] == addresses
    assert outbox.page(cursor, None, "", "EXAMPLE", (0, 2)).total == 8
    assert [each.endpoint_id for each in outbox.page(cursor, run, "", "E11", (0, 2)).rows] == ["e11"]


@pytest.mark.parametrize(
    ("begun", "expected"),
    [
        ([1], {"accepted": 1, "unknown": 1, "planned": 1}),
        ([], {"accepted": 1, "planned": 2}),
        (None, {"accepted": 1, "unknown": 2}),
    ],
)  # fmt: skip
def test_what_a_dead_courier_had(
    cursor: duckdb.DuckDBPyConnection, begun: list[int] | None, expected: dict[str, int]
) -> None:
    run = planned(cursor)
    row = JournalRow("j", run, "boot", 1, 0)
    ledger.open_journal(cursor, row, NOW)
    ledger.claim(cursor, run, "j", Claim(0, 2, None, []), (NOW, ""))
    ledger.close_journal(cursor, row, outcomes((0, "accepted", 1)), begun, (NOW, "unknown", "back"))
    assert states(cursor, run) == expected
    assert ledger.open_journals(cursor) == ()
    back = [(ordinal, attempt) for ordinal, attempt in ledger.due(cursor, run, NOW, 10)]
    assert len(back) == expected.get("planned", 0)
    assert all(attempt == 1 for _, attempt in back)
    assert outbox.settle_unknown(cursor, run, "accepted", "w", NOW) == expected.get("unknown", 0)
    assert "unknown" not in states(cursor, run)


def test_a_doubt_of_a_cancelled_run_can_be_settled_both_ways(cursor: duckdb.DuckDBPyConnection) -> None:
    for choice, state in (("planned", "cancelled"), ("accepted", "accepted")):
        run = planned(cursor)
        ledger.open_journal(cursor, JournalRow(f"j{run}", run, "boot", 1, 0), NOW)
        ledger.claim(cursor, run, f"j{run}", Claim(0, 0, None, []), (NOW, ""))
        ledger.close_journal(
            cursor, JournalRow(f"j{run}", run, "boot", 1, 0), outcomes(), [0], (NOW, "unknown", "back")
        )
        assert outbox.move_run(cursor, run, ("waiting",), ("cancelled", "why"), NOW)
        assert states(cursor, run) == {"unknown": 1, "cancelled": 2}
        assert outbox.settle_unknown(cursor, run, choice, "w", NOW) == 1
        expected = {"cancelled": 3} if state == "cancelled" else {"accepted": 1, "cancelled": 2}
        assert states(cursor, run) == expected
        listed = Counter(row.state for row in outbox.page(cursor, run, "", "", (0, 3)).rows)
        assert dict(listed) == expected


def test_cancelled_runs_plan_nothing(cursor: duckdb.DuckDBPyConnection) -> None:
    run = planned(cursor)
    assert outbox.move_run(cursor, run, ("waiting",), ("cancelled", "why"), NOW)
    assert not outbox.move_run(cursor, run, ("waiting",), ("sending", ""), NOW)
    status = outbox.statuses(cursor, "c", None)[0]
    assert (status.state, status.reason, status.states) == ("cancelled", "why", {"cancelled": 3})
    assert {row.state for row in outbox.page(cursor, run, "", "", (0, 3)).rows} == {"cancelled"}


def test_who_is_gone_since_the_launch_is_not_fed(cursor: duckdb.DuckDBPyConnection) -> None:
    run = planned(cursor)
    cursor.execute("UPDATE endpoints SET opt_out = 'ALL' WHERE id = 'e8'")
    cursor.execute("DELETE FROM endpoints WHERE id = 'e11'")
    table = ledger.fresh(cursor, run, (0, 2), ("Id", "ChannelType"))
    assert table.select(["ordinal", "attempt", "address", "Id"]).to_pylist() == [
        {"ordinal": 0, "attempt": 1, "address": "a@example.com", "Id": "e1"}
    ]
    assert ledger.again(cursor, run, [(0, 3), (1, 2)], ()).select(["ordinal", "attempt"]).to_pylist() == [
        {"ordinal": 0, "attempt": 3}
    ]
