import math
from datetime import UTC, date, datetime

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.store.queries import Query, identifier, join, literal, shown, sql

TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1)
VALUES = st.one_of(st.none(), st.booleans(), st.integers(-(2**62), 2**62), TEXT)


@pytest.fixture(scope="module")
def cursor() -> duckdb.DuckDBPyConnection:
    return duckdb.connect()


def test_values_become_parameters_in_the_order_of_the_text() -> None:
    inner = sql("x > {low} AND x < {high}", high=9, low=1)
    assert sql("SELECT {a} WHERE {inner} LIMIT {n}", n=5, a="s", inner=inner) == Query(
        "SELECT ? WHERE x > ? AND x < ? LIMIT ?", ("s", 1, 9, 5)
    )


def test_joined_parts_keep_their_parameters() -> None:
    assert join(" OR ", (sql("a = {v}", v=1), Query("b"), sql("c = {v}", v=2))) == Query("a = ? OR b OR c = ?", (1, 2))
    assert join(", ", ()) == Query("")


@given(name=TEXT)
def test_any_name_can_be_an_identifier(cursor: duckdb.DuckDBPyConnection, name: str) -> None:
    described = sql("SELECT 1 AS {name}", name=identifier(name)).run(cursor).description
    assert [column[0] for column in described] == [name]


@given(value=VALUES)
def test_a_value_written_in_is_the_value(cursor: duckdb.DuckDBPyConnection, value: object) -> None:
    assert cursor.execute(f"SELECT {literal(value)}").fetchone() == (value,)


@given(value=st.floats())
def test_a_number_written_in_is_the_number(cursor: duckdb.DuckDBPyConnection, value: float) -> None:
    (written,) = cursor.execute(f"SELECT ({literal(value)})::DOUBLE").fetchone() or ()
    assert written == value or (math.isnan(written) and math.isnan(value))


def test_times_lists_and_days_are_written_in() -> None:
    assert literal(datetime(2026, 3, 1, 5, tzinfo=UTC)) == "TIMESTAMP '2026-03-01 05:00:00'"
    assert literal(date(2026, 3, 1)) == "DATE '2026-03-01'"
    assert literal(("a", "b'c")) == "['a', 'b''c']"


def test_a_question_mark_in_quotes_is_text() -> None:
    query = Query("""SELECT '?' AS "why?", ?""", ("it's ?",))
    assert shown(query) == """SELECT '?' AS "why?", 'it''s ?'"""


def test_a_number_is_read_or_zero(cursor: duckdb.DuckDBPyConnection) -> None:
    assert sql("SELECT {n}", n=7).number(cursor) == 7
    assert Query("SELECT NULL").number(cursor) == 0
