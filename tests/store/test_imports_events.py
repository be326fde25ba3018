import asyncio
import json
import os
import random
from collections import Counter, defaultdict
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import duckdb
import pytest

from tests.store.conftest import NOW, Open
from tests.store.test_imports_endpoints import counts, rejected
from workbench.plan.endpoint import View
from workbench.plan.event import Event
from workbench.plan.mapping import Column, Dialect, ImportReport
from workbench.plan.workspace import Workspace
from workbench.store import catalogue, endpoints, events, imports, reader, timeline
from workbench.store import workspace as stored

HEADER = "EndpointId,EventType,Timestamp,Attributes.page,Metrics.amount"


def write(folder: Path, *lines: str, header: str = HEADER, name: str = "events.csv") -> Path:
    path = folder / name
    path.write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")
    return path


@pytest.fixture
def shop(workspace: Open, tmp_path: Path) -> Open:
    """Three people; u1 has two endpoints."""
    lines = ["a,EMAIL,a@example.com,u1", "b,SMS,+49170123456,u1", "c,EMAIL,C@example.com,u2"]
    workspace.bring(write(tmp_path, *lines, header="Id,ChannelType,Address,User.UserId", name="people.csv"))
    return workspace


def log(workspace: Open) -> list[tuple[Any, ...]]:
    """(endpoint, type, time, attributes and metrics by name), in a fixed order."""
    columns = workspace.read(catalogue.load_reserved)
    names = {**columns.event_attributes, **columns.event_metrics}
    select = "".join(f", v.{column}" for column in names.values())
    rows = workspace.rows(
        f'SELECT e.id, v.type, v."at"{select} FROM events v JOIN endpoints e USING (key) ORDER BY ALL'
    )
    return [
        (who, what, at, {name: value for name, value in zip(names, values, strict=True) if value is not None})
        for who, what, at, *values in rows
    ]


def test_events_are_appended_with_what_they_carry(shop: Open, tmp_path: Path) -> None:
    report = shop.bring(write(tmp_path, "a,buy,2025-01-02T03:04:05.678Z,,9.5", "c,look,2025-01-02,/home,"))
    assert (report.kind, counts(report)) == ("events", (2, 0, 0, 0))
    assert log(shop) == [
        ("a", "buy", datetime(2025, 1, 2, 3, 4, 5, 678000), {"amount": 9.5}),  # noqa: DTZ001 - stored without a zone
        ("c", "look", datetime(2025, 1, 2), {"page": "/home"}),  # noqa: DTZ001 - stored without a zone
    ]
    assert shop.rows("SELECT kind, name, event_type FROM names WHERE event_type <> '' ORDER BY ALL") == [
        ("event_attribute", "page", "look"),
        ("event_metric", "amount", "buy"),
    ]


def test_equal_rows_are_all_kept_and_the_same_file_again_adds_nothing(shop: Open, tmp_path: Path) -> None:
    path = write(tmp_path, *["a,buy,2025-01-02,,9.5"] * 3, "a,buy,2025-01-02,,7", "c,buy,2025-01-03,,")
    assert counts(shop.bring(path)) == (5, 0, 0, 0)
    assert counts(shop.bring(path)) == (0, 0, 5, 0)
    assert len(log(shop)) == 5
    more = write(tmp_path, *["a,buy,2025-01-02,,9.5"] * 4, "a,buy,2025-01-02,/x,9.5")
    assert counts(shop.bring(more)) == (2, 0, 3, 0)  # a fourth equal one, and one that says more


def test_an_event_that_says_more_than_the_file_can_is_another(shop: Open, tmp_path: Path) -> None:
    shop.bring(write(tmp_path, "a,buy,2025-01-02,/x,9.5"))
    narrow = write(tmp_path, "a,buy,2025-01-02,9.5", header="EndpointId,EventType,Timestamp,Metrics.amount")
    assert counts(shop.bring(narrow)) == (1, 0, 0, 0)
    assert counts(shop.bring(narrow)) == (0, 0, 1, 0)


def test_an_id_of_its_own_makes_an_event_known(shop: Open, tmp_path: Path) -> None:
    header = "EventId,EndpointId,EventType,Timestamp"
    path = write(tmp_path, "1,a,buy,2025-01-02", "2,a,buy,2025-01-02", "1,c,look,2025-01-03", header=header)
    report = shop.bring(path)
    assert counts(report) == (2, 0, 1, 0)
    assert report.notes == ("1 row repeats an event of the file.",)
    assert counts(shop.bring(path)) == (0, 0, 3, 0)
    given = "6ba7b810-9dad-11d1-80b4-00c04fd430c8"
    shop.write(events.append, (Event(id=given, endpoint_id="a", type="buy", at=NOW),))
    assert counts(shop.bring(write(tmp_path, f"{given.upper()},a,buy,2025-06-01", header=header))) == (0, 0, 1, 0)


def test_events_find_their_people_by_user_and_by_address(shop: Open, tmp_path: Path) -> None:
    by_user = write(
        tmp_path, "u1,buy,2025-01-02", "u2,buy,2025-01-02", "u9,buy,2025-01-02", header="UserId,EventType,Timestamp"
    )
    report = shop.bring(by_user)
    assert counts(report) == (2, 0, 0, 1)
    assert rejected(report) == [("4", "UserId", "u9", "Nobody is known by this name.")]
    assert [row[0] for row in log(shop)] == ["b", "c"]  # b is u1's newest
    by_address = write(tmp_path, "c@example.com,look,2025-01-02", header="Address,EventType,Timestamp", name="d.csv")
    assert counts(shop.bring(by_address)) == (1, 0, 0, 0)
    assert counts(shop.bring(by_address)) == (0, 0, 1, 0)


def test_a_users_events_stay_known_when_the_user_gets_a_new_endpoint(shop: Open, tmp_path: Path) -> None:
    path = write(tmp_path, "u1,buy,2025-01-02", "u1,buy,2025-01-02", header="UserId,EventType,Timestamp")
    shop.bring(path)
    newer = write(tmp_path, "n,EMAIL,n@example.com,u1", header="Id,ChannelType,Address,User.UserId", name="newer.csv")
    shop.bring(newer, now=NOW + timedelta(days=1))
    assert counts(shop.bring(path)) == (0, 0, 2, 0)


def test_events_with_new_names_come_while_an_import_runs(shop: Open, tmp_path: Path) -> None:
    path = write(tmp_path, *(f"a,look,2025-01-02T00:00:{n % 60:02d},/{n}," for n in range(5000)))
    found = shop.read(reader.preview, path, None, Dialect())
    told: list[int] = []

    async def scene() -> ImportReport:
        database = shop.database
        loop = asyncio.get_running_loop()

        def beside(done: int, total: int | None = None) -> None:
            if total and done > total // 2 and not told:
                new = Event(id="n", endpoint_id="c", type="buy", at=NOW, attributes={"new": "x"}, metrics={"more": 1})
                told.append(asyncio.run_coroutine_threadsafe(database.write(events.append, (new,)), loop).result(10))

        job = partial(imports.run, advance=beside)
        return await database.bulk(job, path, found.mapping, found.dialect, NOW, "")

    assert counts(shop.run(scene())) == (5000, 0, 0, 0)
    assert told == [1]
    assert Counter(row[1] for row in log(shop)) == {"look": 5000, "buy": 1}
    check_roll_ups(shop, "UTC")


def test_a_record_of_the_event_stream_is_taken_and_what_has_no_place_is_named(shop: Open, tmp_path: Path) -> None:
    shop.bring(write(tmp_path, "9a311b17,EMAIL,r@example.com", header="Id,ChannelType,Address", name="people.csv"))
    mail = {
        "message_id": "0200000073rnbmd1",
        "message_send_timestamp": 1564618621380,
        "headers": [{"name": "Subject", "value": "Amazon Pinpoint Test " * 20}],
    }
    record = {
        "event_type": "_email.send",
        "event_timestamp": 1564618621380,
        "arrival_timestamp": 1564618622025,
        "event_version": "3.1",
        "application": {"app_id": "a1b2", "sdk": {}},
        "client": {"client_id": "9a311b17"},
        "device": {"platform": {}},
        "session": {},
        "attributes": {"feedback": "received", "n" * 51: "long"},
        "metrics": {"size": 3},
        "awsAccountId": "123456789012",
        "facets": {"email_channel": {"mail_event": {"mail": mail, "send": {}}}},
    }
    path = tmp_path / "stream.json"
    path.write_text(json.dumps(record, indent=2), encoding="utf-8")
    report = shop.bring(path)
    assert (report.added, report.rejected) == (1, 0)
    (note,) = report.notes
    assert "left out" in note
    facets = "facets.email_channel.mail_event"
    for name in ("arrival_timestamp", "awsAccountId", f"{facets}.mail.message_send_timestamp", "n" * 51):
        assert name in note
    assert "session" not in note
    known = shop.read(catalogue.load)
    assert set(known.event_attributes) >= {"feedback", "message_id", "application.app_id"}
    assert "size" in known.event_metrics
    ((told,),) = shop.rows("SELECT \"at\" FROM events WHERE type = '_email.send'")
    assert told.replace(tzinfo=UTC) == datetime.fromtimestamp(1564618621.38, UTC)


def test_who_was_only_imported_has_not_done_anything(shop: Open, tmp_path: Path) -> None:
    header = "Id,ChannelType,Address,EffectiveDate"
    shop.bring(write(tmp_path, "d,EMAIL,d@example.com,2025-01-02T03:04:05Z", header=header, name="people.csv"))
    shop.bring(write(tmp_path, "b,seen,2024-05-06T07:08:09Z,,"))

    def shown() -> dict[object, object]:
        view = View(columns=("EffectiveDate",), sort="EffectiveDate", descending=True)
        return dict(shop.read(endpoints.page, view, NOW, 0, 10).rows)  # type: ignore[arg-type]  # an id and a cell

    active = {"d": "2025-01-02T03:04:05+00:00", "b": "2024-05-06T07:08:09+00:00", "a": None, "c": None}
    assert list(shown().items()) == list(active.items())
    for name, moment in active.items():
        person = shop.read(timeline.person, name, 0, 10)
        assert person is not None
        assert (person.endpoint.activity and person.endpoint.activity.isoformat()) == moment
    shop.bring(write(tmp_path, "a,EMAIL,other@example.com", header="Id,ChannelType,Address", name="people.csv"))
    assert shown()["a"] is None


def test_wrong_rows_are_listed(shop: Open, tmp_path: Path) -> None:
    report = shop.bring(
        write(
            tmp_path,
            "a,buy,2025-01-02,,1",
            "nobody,buy,2025-01-02,,",
            ",buy,2025-01-02,,",
            "a,,2025-01-02,,",
            "a,buy,soon,,",
            "a,buy,0001-01-01,,",
            "a,buy,2025-01-02,,much",
            f"a,buy,2025-01-02,{'x' * 201},",
            f"a,{'t' * 51},2025-01-02,,",
            "a,buy",
        )
    )
    assert counts(report) == (1, 0, 0, 9)
    assert [(row[0], row[1], row[3]) for row in rejected(report)] == [
        ("3", "EndpointId", "Nobody is known by this name."),
        ("4", "EndpointId", "The row does not say whose event it is."),
        ("5", "EventType", "The row has no event type."),
        ("6", "Timestamp", "It is not a date or time that can be read."),
        ("7", "Timestamp", "It is not a date or time that can be read."),
        ("8", "Metrics.amount", "It is not a number."),
        ("9", "Attributes.page", "It has more than 200 characters."),
        ("10", "EventType", "It has more than 50 characters."),
        ("11", "", "The row has fewer cells than the header."),
    ]


def test_parquet_rows_are_rejected_by_their_number(shop: Open, tmp_path: Path) -> None:
    path = tmp_path / "events.parquet"
    duckdb.sql(
        f"""COPY (SELECT ['a', 'nobody', 'c'][1 + i] AS "EndpointId", 'buy' AS "EventType",
                TIMESTAMPTZ '2025-01-02 10:00:00+00' AS "Timestamp", 1.5::DECIMAL(4, 2) AS "Metrics.amount"
            FROM range(3) t(i)) TO '{path}'"""
    )
    report = shop.bring(path)
    assert counts(report) == (2, 0, 0, 1)
    assert rejected(report) == [("2", "EndpointId", "nobody", "Nobody is known by this name.")]
    assert counts(shop.bring(path)) == (0, 0, 2, 1)
    assert [row[3] for row in log(shop)] == [{"amount": 1.5}] * 2


def test_times_without_an_offset_are_the_workspaces(shop: Open, tmp_path: Path) -> None:
    shop.write(stored.save_settings, Workspace(name="shop", timezone="America/New_York"))
    lines = ["a,x,2025-01-02", "a,x,2025-07-02 12:00", "a,x,2025-07-02T12:00:00Z", "a,x,2025-07-02T12:00:00+05:30"]
    shop.bring(write(tmp_path, *lines, header="EndpointId,EventType,Timestamp"))
    assert [row[2].isoformat(sep=" ") for row in log(shop)] == [
        "2025-01-02 05:00:00", "2025-07-02 06:30:00", "2025-07-02 12:00:00", "2025-07-02 16:00:00",
    ]  # fmt: skip
    columns = (
        Column(target="EndpointId", source="who"), Column(target="EventType", value="buy"),
        Column(target="Timestamp", source="date", date_format="%d.%m.%Y"),
    )  # fmt: skip
    other = write(tmp_path, "a,05.03.2025", header="who,date", name="dates.csv")
    shop.bring(other, "events", columns)
    assert shop.rows("SELECT day FROM rollup_events WHERE type = 'buy'")[0][0].isoformat() == "2025-03-05"


def test_seconds_and_milliseconds_since_1970_are_times_and_larger_numbers_are_none(shop: Open, tmp_path: Path) -> None:
    numbers = (1700000000, 1700000000123, -86400, 1700000000123456789, 2**63 - 1, -(2**63), 99_999_999_999)
    unreadable = [("5", "1700000000123456789"), ("6", str(2**63 - 1)), ("7", str(-(2**63))), ("8", "99999999999")]
    header = "EndpointId,EventType,Timestamp"
    columns = tuple(
        Column(target=name, source=name, date_format="epoch" if name == "Timestamp" else "")
        for name in header.split(",")
    )
    text = write(tmp_path, *(f"a,buy,{number}" for number in numbers), header=header)
    report = shop.bring(text, "events", columns)
    assert counts(report) == (3, 0, 0, 4)
    assert [(row[0], row[2]) for row in rejected(report)] == unreadable
    assert [row[2].isoformat(sep=" ", timespec="milliseconds") for row in log(shop)] == [
        "1969-12-31 00:00:00.000", "2023-11-14 22:13:20.000", "2023-11-14 22:13:20.123",
    ]  # fmt: skip
    typed = tmp_path / "events.parquet"
    duckdb.sql(
        f"""COPY (SELECT 'a' AS "EndpointId", 'buy' AS "EventType", unnest({list(numbers)}) AS "Timestamp")
            TO '{typed}'"""
    )
    assert counts(shop.bring(typed, "events", columns)) == (0, 0, 3, 4)


def days_in_python(
    rows: list[tuple[Any, ...]], zone: ZoneInfo
) -> tuple[Counter[Any], dict[Any, int], dict[str, datetime]]:
    """Events per day and type, distinct endpoints per day, newest event of each endpoint."""
    per_day: Counter[Any] = Counter()
    active: dict[Any, set[str]] = defaultdict(set)
    newest: dict[str, datetime] = {}
    for who, what, at, _ in rows:
        day = at.replace(tzinfo=UTC).astimezone(zone).date()
        per_day[day, what] += 1
        active[day].add(who)
        newest[who] = max(newest.get(who, at), at)
    return per_day, {day: len(names) for day, names in active.items()}, newest


def check_roll_ups(workspace: Open, zone: str) -> None:
    per_day, active, newest = days_in_python(log(workspace), ZoneInfo(zone))
    assert {
        (day, what): n for day, what, n in workspace.rows("SELECT day, type, sum(n) FROM rollup_events GROUP BY ALL")
    } == per_day
    masks = "SELECT day, block, bit_or(mask) AS mask FROM rollup_active GROUP BY ALL"
    assert dict(workspace.rows(f"SELECT day, sum(bit_count(mask)) FROM ({masks}) GROUP BY day")) == active
    latest = 'SELECT e.id, max(r."at") FROM rollup_latest r JOIN endpoints e USING (key) GROUP BY ALL'
    assert dict(workspace.rows(latest)) == newest


@pytest.mark.parametrize(
    "zone", ["UTC", "Europe/Berlin", "America/St_Johns", "Australia/Lord_Howe", "Africa/Casablanca"]
)
def test_roll_ups_equal_a_count_in_python_over_clock_changes(zone: str, workspace: Open, tmp_path: Path) -> None:
    workspace.write(stored.save_settings, Workspace(name="shop", timezone=zone))
    lines = [f"p{number},EMAIL,p{number}@example.com" for number in range(200)]
    workspace.bring(write(tmp_path, *lines, header="Id,ChannelType,Address", name="people.csv"))
    chance = random.Random(zone)  # noqa: S311 - test data
    start = datetime(2024, 1, 1, tzinfo=UTC)
    moments = [start + timedelta(seconds=chance.randrange(400 * 86400)) for _ in range(3000)]
    # around every change of the clock and every midnight something happens
    moments += [start + timedelta(minutes=30 * step) for step in range(366 * 48)]
    rows = [f"p{chance.randrange(200)},{chance.choice(['buy', 'look'])},{at.isoformat()},," for at in moments]
    first = write(tmp_path, *rows[:8000], name="first.csv")
    second = write(tmp_path, *rows[6000:], name="second.csv")
    assert counts(workspace.bring(first)) == (8000, 0, 0, 0)
    assert counts(workspace.bring(second)) == (len(rows) - 8000, 0, 2000, 0)
    check_roll_ups(workspace, zone)
    workspace.bring(first)
    check_roll_ups(workspace, zone)
    workspace.write(stored.save_settings, Workspace(name="shop", timezone="Asia/Kathmandu"))
    check_roll_ups(workspace, "Asia/Kathmandu")


def test_buyers_are_those_of_a_plain_loop(workspace: Open, tmp_path: Path) -> None:
    chance = random.Random(7)  # noqa: S311 - test data
    lines = [" customer_id  date number_of_cds  dollar_value\r\n"]
    bought: Counter[str] = Counter()
    for _ in range(5000):
        customer = f"{int(chance.paretovariate(1.2)) % 900:05d}"
        bought[customer] += 1
        day = datetime(1997, 1, 1, tzinfo=UTC) + timedelta(days=chance.randrange(500))
        lines.append(f" {customer} {day:%Y%m%d} {chance.randrange(1, 9):2d} {chance.randrange(1, 99):4d}.99\r\n")
    path = tmp_path / "CDNOW.txt"
    path.write_bytes("".join(lines).encode())
    people = (
        Column(target="Address", value="c{customer_id}@example.com"), Column(target="ChannelType", value="EMAIL"),
        Column(target="User.UserId", source="customer_id"),
    )  # fmt: skip
    assert workspace.bring(path, "endpoints", people).added == len(bought)
    assert workspace.bring(path, "events").added == 5000
    loyal = "SELECT count(*) FROM (SELECT key FROM events WHERE type = 'purchase' GROUP BY key HAVING count(*) >= 3)"
    assert workspace.rows(loyal) == [(sum(times >= 3 for times in bought.values()),)]


@pytest.mark.skipif("CDNOW_MASTER" not in os.environ, reason="CDNOW_MASTER names no copy of CDNOW_master.txt")
def test_the_real_cdnow_file(workspace: Open) -> None:
    path = Path(os.environ["CDNOW_MASTER"])
    people = (
        Column(target="Address", value="c{customer_id}@example.com"), Column(target="ChannelType", value="EMAIL"),
        Column(target="User.UserId", source="customer_id"),
    )  # fmt: skip
    bought = Counter(line.split()[0] for line in path.read_text(encoding="ascii").splitlines()[1:] if line.strip())
    assert workspace.bring(path, "endpoints", people).added == len(bought) == 23570
    assert workspace.bring(path, "events").added == sum(bought.values()) == 69659
    assert counts(workspace.bring(path, "events")) == (0, 0, 69659, 0)
    loyal = "SELECT count(*) FROM (SELECT key FROM events WHERE type = 'purchase' GROUP BY key HAVING count(*) >= 3)"
    assert workspace.rows(loyal) == [(sum(times >= 3 for times in bought.values()),)]
