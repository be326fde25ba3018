from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import duckdb
import pytest

from tests.store import town
from tests.store.evaluator import Happening, Someone
from tests.store.test_rules import NOW
from workbench.store import people, timeline
from workbench.store.queries import Query

HOUR = timedelta(hours=1)
ADA: dict[str, tuple[str, ...]] = {"FirstName": ("Ada",)}
PEOPLE = [
    Someone(
        "mail", "EMAIL", "DE", NOW, {"plan": ("pro", "x")}, {"spent": 3.5, "odd": float("nan")}, "ada", ADA,
        (Happening("purchase", NOW - 3 * HOUR, {"product": "tea"}, {"amount": 4.0}),),
    ),
    Someone("phone", "SMS", None, NOW, user_id="ada", user_attributes=ADA, events=(Happening("call", NOW - HOUR),)),
    Someone("other", "EMAIL", None, NOW, {"plan": ()}, events=(Happening("call", NOW),)),
]  # fmt: skip


@pytest.fixture
def cursor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    with town.opened(tmp_path_factory.mktemp("timeline") / "town.workbench") as opened:
        town.settle(opened, PEOPLE)
        yield opened


def send(cursor: duckdb.DuckDBPyConnection) -> None:
    """A run to key 1 (accepted after a retry), key 2 (nothing yet) and key 3 (left out)."""
    moment = town.naive(NOW - 2 * HOUR)
    cursor.execute(
        """INSERT INTO runs BY NAME SELECT 1 AS run, 'c' AS campaign_id, 1 AS campaign_version, 'Spring' AS name,
           '' AS segment_id, 't' AS template_id, 1 AS template_version, 'h' AS channel_id, 1 AS channel_version,
           '' AS from_name, '' AS from_address, '' AS reply_to, $1 AS created, $1 AS starts, 'sending' AS state,
           '' AS reason, 3 AS matching, 2 AS planned, '{}' AS left_out""",
        [moment],
    )
    cursor.execute(
        """INSERT INTO outbox BY NAME FROM (VALUES (1, 0, 1, 'mail@example.com', 'planned'),
           (1, 1, 2, 'phone@example.com', 'planned'), (1, 2, 3, 'other@example.com', 'opted_out'))
           t(run, ordinal, key, address, decision)"""
    )
    for seq, state, hours in ((1, "retrying", 2), (2, "accepted", 1.5)):
        cursor.execute(
            """INSERT INTO outcomes BY NAME SELECT $1 AS seq, 1 AS run, 0 AS ordinal, $2 AS state, 1 AS attempt,
               $3 AS "at", 250 AS code, 'queued as 1' AS words""",
            [seq, state, town.naive(NOW - hours * HOUR)],
        )


def test_a_person_is_all_endpoints_of_the_user(cursor: duckdb.DuckDBPyConnection) -> None:
    found = timeline.person(cursor, "phone", 0, 10)
    assert found is not None
    assert found.endpoint.id == "phone"
    assert [each.id for each in found.endpoints] == ["mail", "phone"]
    assert found.endpoint.user_attributes == ADA
    mail = found.endpoints[0]
    assert (mail.attributes, mail.metrics) == ({"plan": ("pro", "x")}, {"spent": 3.5})
    assert mail.fields == {"Location.Country": "DE"}
    assert mail.created == mail.effective == NOW


def test_who_has_no_user_stands_alone(cursor: duckdb.DuckDBPyConnection) -> None:
    found = timeline.person(cursor, "other", 0, 10)
    assert found is not None
    assert found.endpoints == (found.endpoint,)
    assert found.endpoint.attributes == {}
    assert [entry.name for entry in found.timeline] == ["call"]


def test_what_is_dated_in_the_future_is_no_activity_yet(cursor: duckdb.DuckDBPyConnection) -> None:
    now = datetime.now(UTC)
    later, before = now + 3 * HOUR, now - 3 * HOUR
    town.settle(cursor, [
        Someone("both", "EMAIL", None, NOW, events=(Happening("call", later), Happening("call", before))),
        Someone("soon", "EMAIL", None, NOW, events=(Happening("call", later),)),
        Someone("ahead", "EMAIL", None, later),
    ])  # fmt: skip
    cursor.execute("DELETE FROM rollup_latest")  # as an import rolls up: one row, of the newest event
    cursor.execute('INSERT INTO rollup_latest SELECT key, max("at") FROM events GROUP BY key')
    found = {name: timeline.person(cursor, name, 0, 10) for name in ("both", "soon", "ahead")}
    assert {name: each and each.endpoint.activity for name, each in found.items()} == {
        "both": before, "soon": NOW, "ahead": None,
    }  # fmt: skip


def test_nobody_is_none(cursor: duckdb.DuckDBPyConnection) -> None:
    assert timeline.person(cursor, "nobody", 0, 10) is None


def test_the_newest_comes_first_with_all_that_is_known(cursor: duckdb.DuckDBPyConnection) -> None:
    send(cursor)
    found = timeline.person(cursor, "mail", 0, 10)
    assert found is not None
    assert [(entry.kind, entry.name, entry.endpoint_id, entry.details) for entry in found.timeline] == [
        ("event", "call", "phone", {}),
        ("message", "Spring", "mail", {"state": "accepted", "address": "mail@example.com", "words": "queued as 1"}),
        ("message", "Spring", "phone", {"state": "planned", "address": "phone@example.com"}),
        ("event", "purchase", "mail", {"product": "tea", "amount": 4.0}),
    ]
    assert [entry.at for entry in found.timeline] == [NOW - hours * HOUR for hours in (1, 1.5, 2, 3)]
    assert found.timeline_total == 4


def test_a_message_that_was_left_out_did_not_happen(cursor: duckdb.DuckDBPyConnection) -> None:
    send(cursor)
    found = timeline.person(cursor, "other", 0, 10)
    assert found is not None
    assert ([entry.kind for entry in found.timeline], found.timeline_total) == (["event"], 1)


def test_blocks_of_a_timeline_make_the_whole(cursor: duckdb.DuckDBPyConnection) -> None:
    send(cursor)
    whole = timeline.person(cursor, "mail", 0, 10)
    parts = [timeline.person(cursor, "mail", offset, 1) for offset in range(5)]
    assert whole is not None
    assert [part.timeline for part in parts if part] == [(entry,) for entry in whole.timeline] + [()]


def test_merge_values_are_nested_by_pinpoints_names(cursor: duckdb.DuckDBPyConnection) -> None:
    values = people.merge_values(cursor, "mail")
    assert values["Id"] == "mail"
    assert values["Location"] == {"Country": "DE"}
    assert values["User"] == {"UserId": "ada", "UserAttributes": {"FirstName": ("Ada",)}}
    assert values["Attributes"] == {"plan": ("pro", "x")}
    assert values["Metrics"]["spent"] == 3.5
    assert values["EffectiveDate"] == "2026-03-30T01:30:00.000Z"
    assert values["CohortId"] == "1"


def test_merge_values_of_nobody_in_particular_are_the_first_ones(cursor: duckdb.DuckDBPyConnection) -> None:
    assert people.merge_values(cursor, "") == people.merge_values(cursor, "mail")
    assert people.merge_values(cursor, "nobody") == {}
    town.settle(cursor, [])
    assert people.merge_values(cursor, "") == {}


def test_a_merge_table_has_a_row_per_recipient_and_a_column_per_field(cursor: duckdb.DuckDBPyConnection) -> None:
    relation = Query("SELECT key, ordinal, 'x' AS address FROM (VALUES (3, 0), (1, 7)) t(key, ordinal)")
    fields = ("User.UserAttributes.FirstName", "Attributes.plan", "Address", "Metrics", "Attributes.nobody", "Planet")
    table = people.merge_table(cursor, relation, fields)
    assert table.column_names == [
        "key", "ordinal", "address", "User.UserAttributes.FirstName", "Attributes.plan", "Address", "Metrics.odd",
        "Metrics.spent",
    ]  # fmt: skip
    rows = list(zip(*(column.to_pylist() for column in table.columns), strict=True))
    assert rows[0] == (3, 0, "x", None, None, "other@example.com", None, None)
    assert rows[1][:6] == (1, 7, "x", ["Ada"], ["pro", "x"], "mail@example.com")
    assert rows[1][7] == 3.5
