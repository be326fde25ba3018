"""Events from a file: whose they are, which are known already, the rest appended, and the daily roll-ups.

An event with an id of its own is known if its id is. One without is known by what it says: whose, when, what, with
which attributes and metrics. If the file says the same thing three times and the log has it once, two are new: so
equal purchases in one file are all kept, and the same file again adds nothing.
"""

from datetime import datetime
from typing import Final

import duckdb

from workbench.plan.endpoint import ATTRIBUTE, METRIC
from workbench.plan.mapping import Mapping
from workbench.plan.words import trn
from workbench.store import catalogue, rollups
from workbench.store.event_fields import NO_IDENTITY, EventFields, event_fields, owned
from workbench.store.imports_endpoints import Outcome
from workbench.store.queries import literal
from workbench.store.sources import Source
from workbench.store.staging import Meter, Rejects, code, estimated_rows, numbered, stage
from workbench.store.watch import Advance

_KNOWN: Final = "import_known"
_LOGGED: Final = "import_logged"


def run(  # noqa: PLR0917 - called from one place, like its sibling for endpoints
    cursor: duckdb.DuckDBPyConnection,
    source: Source,
    mapping: Mapping,
    now: datetime,
    rejects: Rejects,
    advance: Advance,
) -> Outcome:
    """Import the source; see `imports.run`."""
    del now  # events say when they were
    rollups.claim_zone(cursor)
    timezone = rollups.zone(cursor)
    meter = Meter(cursor, advance, estimated_rows(cursor, source))
    rows = meter.total
    if source.dialect.format != "parquet":  # which is read where it is, as often as needed
        source, rows = stage(meter, source, rejects)
    fields = event_fields(mapping, source, catalogue.load_reserved(cursor), timezone)
    return _Import(meter, source, fields, timezone, rejects).run(rows)


class _Import:
    """One import of events, step by step."""

    def __init__(self, meter: Meter, source: Source, fields: EventFields, timezone: str, rejects: Rejects) -> None:
        self._cursor = meter.cursor
        self._meter = meter
        self._source = source
        self._fields = fields
        self._timezone = timezone
        self._rejects = rejects
        self._last = self._number("SELECT coalesce(max(rowid), -1) FROM events")

    def run(self, rows: int) -> Outcome:
        """Find which of the `rows` are known, append the rest in one pass, then look at those that were left."""
        outcome = Outcome(read=self._meter.total)
        owned = self._owned()
        good = self._good(owned)
        known = self._find_known(good)
        fresh = f"ANTI JOIN {_KNOWN} k ON k.place = t.place" if known else ""
        columns = ", ".join(["key", '"at"', "type", "id", *(cell.column for cell in self._fields.cells)])
        if known < rows:
            outcome.added = self._meter.run(
                f"INSERT INTO events ({columns}) SELECT {columns} FROM {good} t {fresh}", 0.8
            )
        outcome.unchanged = known
        if outcome.added + known < rows:
            checks = self._fields.checks
            self._rejects.note(f"(SELECT *, {code(checks)} AS code FROM {owned})", "place", checks)
        repeats = self._drop_repeated_ids()
        if repeats:
            outcome.added -= repeats
            outcome.unchanged += repeats
            text = trn("{n} row repeats an event of the file.", "{n} rows repeat events of the file.", repeats)
            outcome.notes.append(text.format(n=repeats))
        if outcome.added:
            self._roll_up()
        return outcome

    def _number(self, statement: str) -> int:
        row = self._cursor.execute(statement).fetchone()
        return int(row[0]) if row else 0

    def _raw(self) -> str:
        """A relation with `place` (the row in the file, from 0) and the raw cells."""
        if self._source.dialect.format == "parquet":
            return f"(SELECT line - 1 AS place, * EXCLUDE (line) FROM ({self._source.relation}))"
        return numbered(self._cursor)

    def _owned(self) -> str:
        """The raw rows with the `key` of the endpoint whose event it is, NULL where nobody is known."""
        return owned(self._fields, self._raw())

    def _good(self, owned: str) -> str:
        """The rows that no check finds wrong, as events: `place`, `owner`, and the columns of `events`."""
        fields = self._fields
        cells = "".join(f", {cell.value} AS {cell.column}" for cell in fields.cells)
        sound = " AND ".join(f"({check.wrong}) IS NOT TRUE" for check in fields.checks)
        return f"""(SELECT place, key, {fields.at} AS "at", {fields.type} AS type, {fields.id} AS id{cells},
            {"key" if self._by_key() else fields.owner()} AS owner FROM {owned} WHERE {sound})"""

    def _find_known(self, good: str) -> int:
        """Note the good rows whose events are in the log already; gives how many."""
        if self._last < 0:
            return 0
        self._cursor.execute(f"CREATE TEMP TABLE {_KNOWN} (place BIGINT)")
        if self._fields.id != NO_IDENTITY:
            self._meter.run(
                f"""INSERT INTO {_KNOWN} SELECT place FROM {good}
                    WHERE id IN (SELECT id FROM events WHERE id IS NOT NULL)""",
                0.45,
            )
        self._find_known_by_content(good)
        return self._number(f"SELECT count(*) FROM {_KNOWN}")

    def _find_known_by_content(self, good: str) -> None:
        """Rows without an id: the n-th of equal ones is known if the log has at least n of them.

        Equal are events of the same instant with the same 64-bit hash of all that they say.
        """
        logged = self._logged()
        if logged is None:
            return
        content = ", ".join(["owner", "type", *(cell.column for cell in self._fields.cells)])
        self._cursor.execute(
            f"""CREATE TEMP TABLE {_LOGGED} AS
                SELECT "at", hash({content}) AS said, count(*) AS n FROM {logged} GROUP BY ALL"""
        )
        told = f'SELECT place, "at", hash({content}) AS said FROM {good} WHERE id IS NULL'
        self._meter.run(
            f"""CREATE TEMP TABLE import_told AS SELECT t.place, t."at", t.said, l.n
                FROM ({told}) t JOIN {_LOGGED} l ON l."at" = t."at" AND l.said = t.said""",
            0.5,
        )
        # mostly the log has as many as the file, so that nothing need be numbered
        self._cursor.execute(
            """CREATE TEMP TABLE import_many AS
               SELECT "at", said FROM import_told GROUP BY "at", said HAVING count(*) > any_value(n)"""
        )
        self._cursor.execute(
            f"""INSERT INTO {_KNOWN}
                SELECT place FROM import_told t ANTI JOIN import_many m ON m."at" = t."at" AND m.said = t.said
                UNION ALL
                SELECT place FROM (
                    SELECT place, n, row_number() OVER (PARTITION BY t."at", t.said ORDER BY place) AS occurrence
                    FROM import_told t SEMI JOIN import_many m ON m."at" = t."at" AND m.said = t.said)
                WHERE occurrence <= n"""
        )

    def _by_key(self) -> bool:
        """Whether the file names endpoints; users and addresses may have got a newer endpoint since."""
        return len(self._fields.owners) > 1 or "EndpointId" in self._fields.owners

    def _logged(self) -> str | None:
        """A relation of the log's events, without ids, in the file's span of time; None where there are none."""
        low, high = self._cursor.execute(
            f"SELECT min(said), max(said) FROM (SELECT {self._fields.at} AS said FROM {self._raw()})"
        ).fetchone() or (None, None)
        if low is None:
            return None
        owner = "v.key"
        if not self._by_key():
            owner = {"UserId": "e.user_id", "Address": "lower(e.address)"}[next(iter(self._fields.owners))]
        cells = "".join(f", v.{cell.column}" for cell in self._fields.cells)
        there = f"""FROM events v JOIN endpoints e ON e.key = v.key
            WHERE v.id IS NULL AND v."at" BETWEEN {literal(low)} AND {literal(high)}{self._other_columns()}"""
        if not self._cursor.execute(f"SELECT 1 {there} LIMIT 1").fetchone():
            return None
        return f'(SELECT {owner} AS owner, v."at", v.type{cells} {there})'

    def _other_columns(self) -> str:
        """A condition: the logged event has nothing that this file cannot say."""
        told = {cell.column for cell in self._fields.cells}
        names = catalogue.load_reserved(self._cursor)
        every = {"session", *names.event_attributes.values(), *names.event_metrics.values()}
        return "".join(f" AND v.{name} IS NULL" for name in sorted(every - told))

    def _drop_repeated_ids(self) -> int:
        """Of rows of this file with the same id only the first is kept; gives how many went."""
        if self._fields.id == NO_IDENTITY:
            return 0
        added, distinct = self._cursor.execute(
            f"SELECT count(id), count(DISTINCT id) FROM events WHERE rowid > {self._last}"
        ).fetchone() or (0, 0)
        if added == distinct:
            return 0
        return self._number(
            f"""DELETE FROM events WHERE rowid > {self._last} AND rowid IN (
                SELECT rowid FROM events WHERE rowid > {self._last} AND id IS NOT NULL
                QUALIFY row_number() OVER (PARTITION BY id ORDER BY rowid) > 1)"""
        )

    def _roll_up(self) -> None:
        added = f"(SELECT * FROM events WHERE rowid > {self._last})"
        self._meter.run("SELECT 1", 0.85)
        rollups.add(self._cursor, added, self._timezone)
        cells = [cell for cell in self._fields.cells if cell.target.startswith((ATTRIBUTE, METRIC))]
        counted = "".join(f", count({cell.column})" for cell in cells)
        for kind, *counts in self._cursor.execute(f"SELECT type{counted} FROM {added} GROUP BY type").fetchall():
            for prefix, name_kind in _KINDS.items():
                names = [
                    cell.target.removeprefix(prefix)
                    for cell, n in zip(cells, counts, strict=True)
                    if n and cell.target.startswith(prefix)
                ]
                catalogue.use(self._cursor, name_kind, names, kind)
        self._meter.run("SELECT 1", 1.0)


_KINDS: Final[dict[str, catalogue.Kind]] = {ATTRIBUTE: "event_attribute", METRIC: "event_metric"}
