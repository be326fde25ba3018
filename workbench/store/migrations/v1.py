"""Schema version 1: every table of a workspace file.

All times are `TIMESTAMP` in UTC without a zone (`"at"` needs its quotes: DuckDB reserves the word); all days are
dates in the workspace's time zone. There are no indexes:
uniqueness is kept by who writes, because an index makes a bulk import several times slower.

    meta(name, value)
        `format`, `schema_version`, `workspace_id`, `created`, `settings` (plan.workspace.Workspace as JSON),
        `copied_from` (path of the original, in a back-up only), `edited` (another
        text after each change of endpoints that is no import), `rolled_up` (changed by whoever rolls up events in a
        long transaction, so that the time zone is not changed meanwhile).

    definitions(kind, id, version, name, body, saved, deleted)
        One row per saved version; `body` is the definition's JSON; `deleted` is the same on all versions of an id.

    endpoints(key, id, address, channel_type, status, opt_out, user_id, cohort, created, effective, request_id,
              app_version, locale, make, model, model_version, platform, platform_version, timezone,
              city, country, latitude, longitude, postal_code, region, a_1 ..., m_1 ...)
        `key` rises in the order of arrival (gaps are possible) and never changes; rows may lie in any order, so
        order by key.
        `status` is ACTIVE or INACTIVE, `opt_out` ALL or NONE, `cohort` 0..99. A column `a_<n> VARCHAR` per attribute
        (several values: see `store.lists`) and `m_<n> DOUBLE` per metric, NULL where the endpoint lacks it. Only
        the bulk thread adds and updates rows.
    users(user_id, u_1 ...)
        Only users that have attributes; a column `u_<n> VARCHAR` per attribute. A row stays when no endpoint
        carries its `user_id` any more.

    events(key, "at", type, id, session, x_1 ..., y_1 ...)
        Appended, never updated. `key` is the endpoint's. `id` is the event's own id as a UUID (its MD5 where the id was
        another text), NULL for events that came without one. A column `x_<n> VARCHAR` per event attribute name and
        `y_<n> DOUBLE` per event metric name, shared by all event types, NULL where the event lacks it: filtering a
        column of 20 M events takes a tenth of the time of a MAP, and an import need not build maps. Some columns
        are spare, so that a new name seldom has to alter the table.

    columns(kind, name, column_name)
        The physical column given to each name; `kind` is attribute, metric, user_attribute, event_attribute or
        event_metric. May hold names that nobody uses yet (of an import that was cancelled).
    names(kind, name, event_type)
        Names in use, appended, with repeats; `event_type` is '' except for the two event kinds.
    catalogue(kind, name, column_name)
        View: the columns whose names are in use. Read this one, by `catalogue.load`.

    rollup_events(day, type, n)           events per day and type; appended: sum over the rows
    rollup_active(day, block, mask)       which endpoints had any event that day: bit `key % 64` of block `key // 64`;
                                          appended: bit_or over (day, block), then bit_count and sum
    rollup_latest(key, "at")              newest event of an endpoint; appended: max over the rows of a key

    imports(id, path, kind, "at", read, added, updated, unchanged, rejected, rejects, notes, seconds)
        One row per finished import; `notes` is a JSON list of texts.

    erased(mark, at)                      salted hashes of who was erased; the salt is `erasure_salt` in meta
    lists(id, made, source)
        Endpoints put together once: `source` says in words from what.
    list_members(list_id, key)            who is on it; appended

The tables of sending (runs, outbox, claims, outcomes) are described in `v1_sending`.
"""

from typing import Final

import duckdb

from workbench.store.migrations import v1_sending

#: spare columns of `events` per kind, given to names that come with single events: few, because writing a column of
#: 20 M NULLs takes a fifth of a second
SPARE_EVENT_COLUMNS: Final = 2

_TABLES: Final = (
    "CREATE TABLE meta (name VARCHAR NOT NULL, value VARCHAR)",
    """CREATE TABLE definitions (
        kind VARCHAR NOT NULL, id VARCHAR NOT NULL, version INTEGER NOT NULL, name VARCHAR NOT NULL,
        body VARCHAR NOT NULL, saved TIMESTAMP NOT NULL, deleted BOOLEAN NOT NULL DEFAULT FALSE)""",
    """CREATE TABLE endpoints (
        key BIGINT, id VARCHAR, address VARCHAR, channel_type VARCHAR, status VARCHAR, opt_out VARCHAR,
        user_id VARCHAR, cohort UTINYINT, created TIMESTAMP, effective TIMESTAMP, request_id VARCHAR,
        app_version VARCHAR, locale VARCHAR, make VARCHAR, model VARCHAR, model_version VARCHAR, platform VARCHAR,
        platform_version VARCHAR, timezone VARCHAR, city VARCHAR, country VARCHAR, latitude DOUBLE, longitude DOUBLE,
        postal_code VARCHAR, region VARCHAR)""",
    "CREATE TABLE users (user_id VARCHAR)",
    'CREATE TABLE events (key BIGINT, "at" TIMESTAMP, type VARCHAR, id UUID, session VARCHAR)',
    "CREATE TABLE columns (kind VARCHAR NOT NULL, name VARCHAR NOT NULL, column_name VARCHAR NOT NULL)",
    "CREATE TABLE names (kind VARCHAR NOT NULL, name VARCHAR NOT NULL, event_type VARCHAR NOT NULL DEFAULT '')",
    """CREATE VIEW catalogue AS SELECT kind, name, column_name FROM columns
        WHERE (kind, name) IN (SELECT kind, name FROM names)""",
    'CREATE TABLE erased (mark VARCHAR NOT NULL, "at" TIMESTAMP NOT NULL)',
    "CREATE TABLE lists (id VARCHAR NOT NULL, made TIMESTAMP NOT NULL, source VARCHAR NOT NULL)",
    "CREATE TABLE list_members (list_id VARCHAR NOT NULL, key BIGINT NOT NULL)",
    "CREATE TABLE rollup_events (day DATE, type VARCHAR, n BIGINT)",
    "CREATE TABLE rollup_active (day DATE, block BIGINT, mask UBIGINT)",
    'CREATE TABLE rollup_latest (key BIGINT, "at" TIMESTAMP)',
    """CREATE TABLE imports (
        id VARCHAR, path VARCHAR, kind VARCHAR, "at" TIMESTAMP, read BIGINT, added BIGINT, updated BIGINT,
        unchanged BIGINT, rejected BIGINT, rejects VARCHAR, notes VARCHAR, seconds DOUBLE)""",
)


def create(cursor: duckdb.DuckDBPyConnection) -> None:
    """Create all tables in an empty file."""
    for statement in _TABLES:
        cursor.execute(statement)
    for number in range(1, SPARE_EVENT_COLUMNS + 1):
        cursor.execute(f"ALTER TABLE events ADD COLUMN x_{number} VARCHAR")
        cursor.execute(f"ALTER TABLE events ADD COLUMN y_{number} DOUBLE")
    cursor.execute("INSERT INTO meta VALUES ('rolled_up', '')")
    v1_sending.create(cursor)
