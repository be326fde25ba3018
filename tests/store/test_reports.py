from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.store import town
from workbench.plan.report import Question, Series
from workbench.plan.workspace import Workspace
from workbench.store import reports, rollups, steps

#: with clocks that change by an hour, by half an hour, at midnight, never; and offsets of quarters
ZONES = (
    "UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "America/Santiago",
    "Africa/Cairo",
)  # fmt: skip
#: (state, seq, instant) of one message each
Outcome = tuple[str, int, datetime]


@pytest.fixture
def cursor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    with town.opened(tmp_path_factory.mktemp("reports") / "town.workbench") as opened:
        live_in(opened, "UTC")
        yield opened


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    with town.opened(tmp_path_factory.mktemp("reports") / "shared.workbench") as opened:
        yield opened


def live_in(cursor: duckdb.DuckDBPyConnection, zone: str) -> None:
    cursor.execute("DELETE FROM meta WHERE name = 'settings'")
    cursor.execute("INSERT INTO meta VALUES ('settings', ?)", [Workspace(timezone=zone).to_json()])


def happen(cursor: duckdb.DuckDBPyConnection, zone: str, events: list[tuple[int, datetime, str]]) -> None:
    """Events in two imports, with their roll-ups."""
    live_in(cursor, zone)
    for table in ("rollup_events", "rollup_active", "rollup_latest"):
        cursor.execute(f"DELETE FROM {table}")
    for half in (events[::2], events[1::2]):
        if not half:
            continue
        cursor.execute('CREATE OR REPLACE TEMP TABLE batch (key BIGINT, "at" TIMESTAMP, type VARCHAR)')
        cursor.executemany(
            "INSERT INTO batch VALUES (?, ?, ?)", [(key, town.naive(at), kind) for key, at, kind in half]
        )
        rollups.add(cursor, "batch", zone)


def settle(cursor: duckdb.DuckDBPyConnection, *outcomes: Outcome, run: int = 1, campaign: str = "c") -> None:
    """One message per outcome."""
    cursor.execute(
        """INSERT INTO runs BY NAME SELECT $1 AS run, $2 AS campaign_id, 1 AS campaign_version, '' AS name,
           '' AS segment_id, '' AS template_id, 1 AS template_version, '' AS channel_id, 1 AS channel_version,
           '' AS from_name, '' AS from_address, '' AS reply_to, now()::TIMESTAMP AS created,
           now()::TIMESTAMP AS starts, '' AS state, '' AS reason, 0 AS matching, 0 AS planned, '{}' AS left_out""",
        [run, campaign],
    )
    for ordinal, (state, seq, at) in enumerate(outcomes):
        settle_one(cursor, run, ordinal, (state, seq, at))


def settle_one(cursor: duckdb.DuckDBPyConnection, run: int, ordinal: int, outcome: Outcome) -> None:
    state, seq, at = outcome
    cursor.execute(
        """INSERT INTO outcomes BY NAME SELECT $1 AS seq, $2 AS run, $3 AS ordinal, $4 AS state, 1 AS attempt,
           $5 AS "at", 250 AS code, '' AS words""",
        [seq, run, ordinal, state, town.naive(at)],
    )


def lines(series: Series) -> dict[str, tuple[float, ...]]:
    return {line.name: line.values for line in series.lines}


instants = st.one_of(
    st.datetimes(datetime(2025, 10, 1), datetime(2026, 4, 30)),  # noqa: DTZ001 - bounds, made UTC below
    st.datetimes(datetime(2026, 3, 28, 20), datetime(2026, 3, 29, 6)),  # noqa: DTZ001 - the same: many on one day
).map(lambda at: at.replace(tzinfo=UTC))
days = st.none() | st.dates(date(2025, 9, 25), date(2026, 5, 5))


@settings(max_examples=80, deadline=None)
@given(
    zone=st.sampled_from(ZONES),
    events=st.lists(st.tuples(st.integers(1, 130), instants, st.sampled_from(["a", "b"])), max_size=30),
    start=days,
    end=days,
)
def test_days_are_those_of_the_zone_and_endpoints_are_counted_once(
    shared: duckdb.DuckDBPyConnection,
    zone: str,
    events: list[tuple[int, datetime, str]],
    start: date | None,
    end: date | None,
) -> None:
    happen(shared, zone, events)
    local = [(key, at.astimezone(ZoneInfo(zone)).date(), kind) for key, at, kind in events]
    asked = [one for one in local if (start is None or one[1] >= start) and (end is None or one[1] <= end)]
    active = reports.series(shared, Question(measure="active_endpoints", start=start, end=end))
    counted = reports.series(shared, Question(measure="events", start=start, end=end))
    shown = [datetime.fromisoformat(bucket).date() for bucket in active.buckets]
    assert {day for _, day, _ in asked} <= set(shown)
    assert all(after - before == timedelta(days=1) for before, after in pairwise(shown))
    assert lines(active) == {
        "active_endpoints": tuple(len({key for key, on, _ in asked if on == day}) for day in shown)
    }
    assert counted.buckets == active.buckets
    assert lines(counted) == {
        name: tuple(sum(on == day and kind == name for _, on, kind in asked) for day in shown)
        for name in {kind for _, _, kind in asked}
    }


@settings(max_examples=80, deadline=None)
@given(
    zone=st.sampled_from(ZONES),
    bucket=st.sampled_from(["hour", "day"]),
    sent=st.lists(
        st.tuples(st.sampled_from(["accepted", "failed", "render_failed", "retrying"]), instants), max_size=20
    ),
)
def test_every_message_falls_into_the_bucket_that_holds_its_moment(
    shared: duckdb.DuckDBPyConnection, zone: str, bucket: str, sent: list[tuple[str, datetime]]
) -> None:
    shared.execute("DELETE FROM outcomes")
    shared.execute("DELETE FROM runs")
    live_in(shared, zone)
    settle(shared, *((state, seq, at) for seq, (state, at) in enumerate(sent)))
    found = reports.series(shared, Question.model_validate({"measure": "messages", "bucket": bucket}))
    starts = [datetime.fromisoformat(start) for start in found.buckets]
    assert starts == sorted(set(starts))
    for name, states in (("sent", {"accepted"}), ("failed", {"failed", "render_failed"})):
        expected = [0.0] * len(starts)
        for state, at in sent:
            if state in states:
                expected[max(place for place, start in enumerate(starts) if start <= at)] += 1
        assert lines(found)[name] == tuple(expected)
    for start, after in pairwise(starts):
        assert start.utcoffset() is not None
        if bucket == "day":
            assert (after.date() - start.date()).days == 1
        else:
            assert timedelta(0) < after - start <= timedelta(hours=1)


def test_a_day_that_the_clock_makes_longer_has_all_its_hours(cursor: duckdb.DuckDBPyConnection) -> None:
    live_in(cursor, "Europe/Berlin")
    for day, hours in ((date(2025, 10, 25), 24), (date(2025, 10, 26), 25), (date(2026, 3, 29), 23)):
        found = reports.series(cursor, Question(bucket="hour", start=day, end=day))
        assert len(found.buckets) == len(set(found.buckets)) == hours
        assert lines(found) == dict.fromkeys(("sent", "delivered", "failed"), (0.0,) * hours)


def test_what_came_back_for_good_was_sent_but_not_delivered(cursor: duckdb.DuckDBPyConnection) -> None:
    at = datetime(2026, 3, 1, 12, tzinfo=UTC)
    settle(
        cursor,
        ("accepted", 1, at),
        ("accepted", 2, at),
        ("failed", 3, at),
        ("render_failed", 4, at),
        ("unknown", 5, at),
    )
    settle_one(cursor, 1, 1, ("failed", 9, at + timedelta(days=2)))
    found = reports.series(cursor, Question())
    assert found.buckets == ("2026-03-01T00:00:00+00:00", "2026-03-02T00:00:00+00:00", "2026-03-03T00:00:00+00:00")
    assert lines(found) == {"sent": (2, 0, 0), "delivered": (1, 0, 0), "failed": (2, 0, 1)}


def test_a_campaign_is_told_apart(cursor: duckdb.DuckDBPyConnection) -> None:
    at = datetime(2026, 3, 1, 12, tzinfo=UTC)
    settle(cursor, ("accepted", 1, at))
    settle(cursor, ("accepted", 2, at), ("accepted", 3, at), run=2, campaign="other")
    assert lines(reports.series(cursor, Question(campaign_id="other")))["sent"] == (2,)
    assert lines(reports.series(cursor, Question()))["sent"] == (3,)
    assert reports.series(cursor, Question(campaign_id="nobody's")).buckets == ()


@pytest.mark.parametrize("measure", ["messages", "active_endpoints", "events"])
def test_where_nothing_happened_there_are_no_buckets_but_a_definition(
    cursor: duckdb.DuckDBPyConnection, measure: str
) -> None:
    found = reports.series(cursor, Question.model_validate({"measure": measure}))
    assert found.buckets == ()
    assert all(values == () for values in lines(found).values())
    assert found.definition
    cursor.execute(found.sql)


@pytest.mark.parametrize("measure", ["messages", "active_endpoints", "events"])
def test_days_that_were_asked_for_are_zero_where_nothing_happened(
    cursor: duckdb.DuckDBPyConnection, measure: str
) -> None:
    question = {"measure": measure, "start": "2026-03-01", "end": "2026-03-03"}
    found = reports.series(cursor, Question.model_validate(question))
    assert [bucket[:10] for bucket in found.buckets] == ["2026-03-01", "2026-03-02", "2026-03-03"]
    assert {value for values in lines(found).values() for value in values} <= {0.0}
    assert reports.series(cursor, Question.model_validate({**question, "end": "2026-02-01"})).buckets == ()


def test_the_eight_most_frequent_types_are_shown_unless_others_are_asked_for(cursor: duckdb.DuckDBPyConnection) -> None:
    at = datetime(2026, 3, 1, 12, tzinfo=UTC)
    happen(cursor, "UTC", [(1, at, f"type {n}") for n in range(10) for _ in range(20 - n)])
    assert list(lines(reports.series(cursor, Question(measure="events")))) == [f"type {n}" for n in range(8)]
    rare = reports.series(cursor, Question(measure="events", event_types=("type 9", "it's nothing")))
    assert lines(rare) == {"type 9": (11,), "it's nothing": (0,)}


def test_too_fine_a_bucket_is_made_coarser_and_told(cursor: duckdb.DuckDBPyConnection) -> None:
    settle(cursor, ("accepted", 1, datetime(2025, 1, 1, tzinfo=UTC)), ("accepted", 2, datetime(2026, 1, 1, tzinfo=UTC)))
    found = reports.series(cursor, Question(bucket="minute"))
    assert found.question.bucket == "hour"
    assert sum(lines(found)["sent"]) == 2
    assert len(found.buckets) <= steps.MOST


def test_minutes_of_a_short_run_are_only_those_of_the_run(cursor: duckdb.DuckDBPyConnection) -> None:
    at = datetime(2026, 3, 1, 12, 30, 40, tzinfo=UTC)
    settle(cursor, ("accepted", 1, at), ("accepted", 2, at + timedelta(minutes=2)))
    found = reports.series(cursor, Question(bucket="minute"))
    assert [bucket[11:16] for bucket in found.buckets] == ["12:30", "12:31", "12:32"]
    assert lines(found)["sent"] == (1, 0, 1)


@pytest.mark.parametrize("bucket", ["minute", "day"])
def test_the_sql_to_read_gives_the_same_figures(cursor: duckdb.DuckDBPyConnection, bucket: str) -> None:
    live_in(cursor, "Europe/Berlin")
    at = datetime(2026, 3, 28, 23, 30, tzinfo=UTC)
    settle(cursor, ("accepted", 1, at), ("failed", 2, at), ("accepted", 3, at + timedelta(minutes=90)))
    found = reports.series(cursor, Question.model_validate({"bucket": bucket, "campaign_id": "c"}))
    totals = [sum(values) for values in zip(*(row[1:] for row in cursor.execute(found.sql).fetchall()), strict=True)]
    assert totals == [2, 2, 1] == [sum(values) for values in lines(found).values()]


@settings(max_examples=60, deadline=None)
@given(
    zone=st.sampled_from(ZONES),
    low=instants,
    seconds=st.one_of(st.integers(10, 900), st.integers(10, 900_000)),
    sent=st.lists(st.floats(0, 0.999), max_size=12),
)
def test_a_step_that_fits_gives_ten_to_thirty_and_loses_no_message(
    shared: duckdb.DuckDBPyConnection, zone: str, low: datetime, seconds: int, sent: list[float]
) -> None:
    shared.execute("DELETE FROM outcomes")
    shared.execute("DELETE FROM runs")
    live_in(shared, zone)
    moments = [low + timedelta(seconds=share * seconds) for share in sent]
    outside = [low - timedelta(seconds=1), low + timedelta(seconds=seconds)]
    settle(shared, *(("accepted", seq, at) for seq, at in enumerate([*moments, *outside])))
    until = low + timedelta(seconds=seconds)
    found = reports.series(shared, Question(campaign_id="c", since=low, until=until, bucket="auto"))
    starts = [datetime.fromisoformat(start) for start in found.buckets]
    assert starts == sorted(set(starts))
    # At each end a step may stand out of the time, and a day on which the clock moves has a short one at its end.
    assert 10 <= len(starts) <= 33
    assert starts[0] <= low
    assert lines(found)["sent"] == tuple(
        float(sum(start <= at and (after is None or at < after) for at in moments))
        for start, after in zip(starts, [*starts[1:], None], strict=True)
    )


def test_a_step_is_told_with_its_unit_and_days_stay_days(cursor: duckdb.DuckDBPyConnection) -> None:
    at = datetime(2026, 3, 1, 12, tzinfo=UTC)

    def used(length: timedelta, **more: object) -> tuple[str, int]:
        question = Question.model_validate({"since": at, "until": at + length, "bucket": "auto", **more})
        answer = reports.series(cursor, question).question
        return answer.bucket, answer.every

    assert used(timedelta(seconds=12)) == ("second", 1)
    assert used(timedelta(minutes=2)) == ("second", 10)
    assert used(timedelta(hours=2)) == ("minute", 10)
    assert used(timedelta(days=2)) == ("hour", 3)
    assert used(timedelta(days=40)) == ("day", 1)
    assert used(timedelta(hours=2), bucket="minute", every=5) == ("minute", 5)
    assert used(timedelta(days=2), bucket="day", every=5) == ("day", 1)
