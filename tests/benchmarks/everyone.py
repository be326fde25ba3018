"""A workspace with people, events and messages of every sort that a rule can ask about, written by SQL in a minute."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import duckdb

from workbench.plan.segment import CountryRule, Group, Segment
from workbench.store import catalogue
from workbench.store.database import Database

#: the events end here; counts are made at this moment
NOW: Final = datetime(2026, 3, 31, 12, 0, tzinfo=UTC)
DAYS: Final = 90
SEGMENT_ID: Final = "somewhere"
LIST_ID: Final = "listed"
CAMPAIGN_ID: Final = "letter"
_NAMES: Final[dict[catalogue.Kind, tuple[str, ...]]] = {
    "attribute": ("plan", "interest", "birthday"),
    "metric": ("spent",),
    "user_attribute": ("tier",),
    "event_attribute": ("category", "campaign_id"),
    "event_metric": ("amount",),
}
_NOW: Final = f"TIMESTAMP '{NOW.replace(tzinfo=None)}'"


def fill(workspace: Path, people: int, events: int) -> None:
    """Make the workspace. One endpoint in three has a place, one in two got the campaign's message."""
    Database.open(workspace, create=True).close()
    with duckdb.connect(str(workspace)) as connection:
        connection.execute("SET TimeZone = 'UTC'")
        for kind, names in _NAMES.items():
            catalogue.reserve(connection, kind, names)
            catalogue.use(connection, kind, names)
        columns = catalogue.load(connection)
        _people(connection, columns, people)
        _events(connection, columns, people, events)
        _messages(connection, people)
        body = Segment(name="Somewhere", root=Group(items=(CountryRule(values=("DE", "FR")),))).to_json()
        connection.execute(
            f"INSERT INTO definitions VALUES ('segment', '{SEGMENT_ID}', 1, 'Somewhere', ?, {_NOW}, FALSE)", [body]
        )


def _people(connection: duckdb.DuckDBPyConnection, columns: catalogue.Columns, people: int) -> None:
    plan, interest, birthday = (columns.attributes[name] for name in ("plan", "interest", "birthday"))
    connection.execute(
        f"""INSERT INTO endpoints (key, id, address, channel_type, status, opt_out, user_id, cohort, created, effective,
                platform, country, latitude, longitude, {plan}, {interest}, {birthday}, {columns.metrics["spent"]})
            SELECT i, printf('%08x%08x', (hash(i) >> 32)::BIGINT, i), 'user' || i || '@example.com',
                ['EMAIL', 'EMAIL', 'EMAIL', 'SMS', 'GCM', 'APNS'][1 + h % 6],
                'ACTIVE', 'NONE', 'u' || (i // 2), h % 100,
                {_NOW} - to_days((h % 1000)::INTEGER), {_NOW} - to_days((h % 200 + 20)::INTEGER),
                ['iOS', 'Android', 'Web'][1 + h % 3], ['DE', 'US', 'RU', 'FR', 'GB', 'PL', 'IT', 'ES'][1 + h // 7 % 8],
                CASE WHEN h % 3 = 0 THEN h % 120 - 60 END, CASE WHEN h % 3 = 0 THEN h // 11 % 360 - 180 END,
                CASE WHEN h % 10 < 9 THEN ['free', 'pro', 'team'][1 + h // 13 % 3] END,
                ['shoes', 'books', 'garden', 'music', 'sport'][1 + h // 17 % 5],
                strftime(DATE '1950-01-01' + (h // 19 % 20000)::INTEGER, '%Y-%m-%d'), (h % 100000) / 100.0
            FROM (SELECT i, (hash(i + 7) % 1000000007)::BIGINT AS h FROM range(1, {people + 1}) people(i))"""
    )
    connection.execute(
        f"""INSERT INTO users (user_id, {columns.user_attributes["tier"]})
            SELECT 'u' || i, ['gold', 'silver', 'bronze'][1 + (hash(i) % 3)::BIGINT]
            FROM range(0, {people // 2 + 1}) users(i)"""
    )
    connection.execute(f"INSERT INTO lists VALUES ('{LIST_ID}', {_NOW}, 'made')")
    connection.execute(f"INSERT INTO list_members SELECT '{LIST_ID}', key FROM endpoints WHERE key % 5 = 0")


def _events(connection: duckdb.DuckDBPyConnection, columns: catalogue.Columns, people: int, events: int) -> None:
    """In the order of time: half of them views, one in ten a purchase for some money, one in twenty an open."""
    step = DAYS * 86_400_000_000 // events
    category, campaign = (columns.event_attributes[name] for name in ("category", "campaign_id"))
    connection.execute(
        f"""INSERT INTO events (key, "at", type, {category}, {campaign}, {columns.event_metrics["amount"]})
            SELECT k, {_NOW} - to_microseconds(({events} - i) * {step}),
                CASE WHEN h % 100 < 20 THEN '_session.start' WHEN h % 100 < 70 THEN 'product.viewed'
                     WHEN h % 100 < 75 THEN '_email.open' WHEN h % 100 < 90 THEN 'cart.added' ELSE 'purchase' END,
                CASE WHEN h % 100 >= 20 THEN ['tea', 'coffee', 'cups', 'gifts'][1 + h // 100 % 4] END,
                CASE WHEN h % 100 BETWEEN 70 AND 74 THEN ['{CAMPAIGN_ID}', 'other'][1 + h // 100 % 2] END,
                CASE WHEN h % 100 >= 75 THEN round((h // 1000 % 20000) / 100.0, 2) END
            FROM (SELECT i, (hash(i + 7) % 1000000007)::BIGINT AS h, 1 + (hash(i * 31 + 1) % {people})::BIGINT AS k
                  FROM range(1, {events + 1}) events(i))"""
    )
    connection.execute('INSERT INTO rollup_latest SELECT key, max("at") FROM events GROUP BY key')


def _messages(connection: duckdb.DuckDBPyConnection, people: int) -> None:
    connection.execute(
        f"""INSERT INTO runs SELECT 1, '{CAMPAIGN_ID}', 1, 'Letter', 's', 1, 't', 1, 'c', 1, '', '', '', {_NOW}, {_NOW},
                {_NOW}, 'finished', '', {people}, {people // 2}, '{{}}', '{{}}'"""
    )
    connection.execute(
        "INSERT INTO outbox SELECT 1, i, 2 * (i + 1), '', 'planned' FROM range(0, ?) t(i)", [people // 2]
    )
    connection.execute(
        f"""INSERT INTO outcomes SELECT i, 1, i, CASE WHEN i % 20 THEN 'accepted' ELSE 'failed' END, 1,
                {_NOW} - INTERVAL 2 DAY, 250, '', NULL FROM range(0, {people // 2}) t(i)"""
    )
