"""Endpoints and users from a file: reject what is wrong, add what is new, merge into what is known.

By Pinpoint's rules: a blank cell says nothing, a named attribute is replaced as a whole, user attributes belong to the
user. Differences, on purpose: a row that changes nothing leaves the endpoint as it is (its effective date too), and an
inactive endpoint becomes active again only with a new address or by a column `EndpointStatus`. A user has as many
endpoints as the workspace allows (`imports_per_user`).
"""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

import duckdb

from workbench.plan.mapping import Mapping
from workbench.plan.words import tr, trn
from workbench.store import catalogue, endpoint_fields, erasures, keys, rollups
from workbench.store.catalogue import Columns
from workbench.store.endpoint_fields import Slot, Slots, addressed
from workbench.store.imports_per_user import Crowd
from workbench.store.queries import literal
from workbench.store.sources import Source
from workbench.store.staging import RAW, Check, Meter, Rejects, code, estimated_rows, numbered, stage
from workbench.store.watch import Advance

if TYPE_CHECKING:
    from collections.abc import Callable

_PEOPLE: Final = "import_people"
_WRONG: Final = "import_wrong"
_MATCHED: Final = "import_matched"
_MERGED: Final = "import_merged"
_REPEATED: Final = "import_repeated"
_USERS: Final = "import_users"


@dataclass(slots=True)
class Outcome:
    """What became of the rows that were read."""

    read: int = 0
    added: int = 0
    updated: int = 0
    unchanged: int = 0
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Facts:
    """Counts over the good rows: all, those without an id, without address or channel, and distinct ids."""

    rows: int
    nameless: int
    partial: int
    distinct: int


def run(  # noqa: PLR0917 - called from one place, like its sibling for events
    cursor: duckdb.DuckDBPyConnection,
    source: Source,
    mapping: Mapping,
    now: datetime,
    rejects: Rejects,
    advance: Advance,
) -> Outcome:
    """Import the source; see `imports.run`."""
    meter = Meter(cursor, advance, estimated_rows(cursor, source))
    source, _ = stage(meter, source, rejects)
    found = slots(cursor, mapping, source, catalogue.load_reserved(cursor))
    return _Import(meter, source, found, now, rejects).run()


def slots(cursor: duckdb.DuckDBPyConnection, mapping: Mapping, source: Source, columns: Columns) -> Slots:
    """What the mapping fills, with every check that a row must pass, whoever is known."""
    found = endpoint_fields.slots(mapping, source, columns, rollups.zone(cursor))
    if not erasures.is_anyone_erased(cursor):
        return found
    return replace(found, checks=(*found.checks, _erased(found)))


def _erased(found: Slots) -> Check:
    """Who was erased at their own wish is not brought back."""
    address, channel, user = (found.value(target) for target in ("Address", "ChannelType", "User.UserId"))
    wrong = erasures.was_erased(found.id, channel, address, user)
    # the list of rejected rows names nobody who is to be forgotten
    return Check(wrong, "Address", "NULL", tr("This person was erased and is not brought back."))


class _Import:
    """One import of endpoints, step by step."""

    def __init__(self, meter: Meter, source: Source, slots: Slots, now: datetime, rejects: Rejects) -> None:
        self._cursor = meter.cursor
        self._meter = meter
        self._source = source
        self._slots = slots
        self._now = literal(now.astimezone(UTC))
        self._rejects = rejects
        self._base = keys.last(self._cursor)
        self._known, _ = self._pair("SELECT count(*), 0 FROM endpoints")
        self._outcome = Outcome(read=meter.total)
        self._good = RAW

    def run(self) -> Outcome:
        """Check, name, merge, add."""
        facts = self._check()
        people, rows = self._people(facts)
        crowd = Crowd(self._cursor, self._slots, self._now)
        people, refused = crowd.let_in(people, self._rejects)
        rows -= refused
        matched = self._matched(people)
        updated = self._merge(people) if matched else 0
        added = self._add(people, matched=matched, dense=matched * 2 > rows) if matched < rows else 0
        if updated:
            self._cursor.execute(f"DELETE FROM endpoints WHERE key IN (SELECT key FROM {_MERGED})")
            self._cursor.execute(f"INSERT INTO endpoints BY NAME SELECT * FROM {_MERGED}")
        self._outcome.notes += crowd.give_way()
        updated += self._write_users(people, matched) if self._slots.user else 0
        if added or updated:
            self._retire_older()
        self._use_names()
        self._outcome.added, self._outcome.updated = added, updated
        self._outcome.unchanged += rows - added - updated
        self._meter.run("SELECT 1", 1.0)
        return self._outcome

    def _pair(self, statement: str) -> tuple[int, int]:
        first, second = self._cursor.execute(statement).fetchone() or (0, 0)
        return int(first), int(second)

    def _check(self) -> _Facts:
        """Count, and note what is wrong."""
        raw, checks = numbered(self._cursor), self._slots.checks
        # which check a row fails is only asked where some row fails any
        fails = " OR ".join(f"({check.wrong})" for check in checks)
        self._cursor.execute(
            f"""CREATE TEMP TABLE {_WRONG} AS SELECT place, {code(checks)} AS code FROM {raw}
                WHERE {fails}"""
        )
        wrong, _ = self._pair(f"SELECT count(*), 0 FROM {_WRONG}")
        if wrong:
            self._rejects.note(f"(SELECT r.*, w.code FROM {raw} r JOIN {_WRONG} w USING (place))", "place", checks)
        self._good = f"(SELECT * FROM {raw} WHERE place NOT IN (SELECT place FROM {_WRONG}))" if wrong else raw
        address, channel = self._slots.value("Address"), self._slots.value("ChannelType")
        row = self._cursor.execute(
            f"""SELECT count(*), count(*) FILTER (id IS NULL), count(*) FILTER (partial), count(DISTINCT hash(id))
                FROM (SELECT {self._slots.id} AS id, ({address}) IS NULL OR ({channel}) IS NULL AS partial
                      FROM {self._good})"""
        ).fetchone()
        facts = _Facts(*(row or (0, 0, 0, 0)))
        self._note_letters()
        self._meter.run("SELECT 1", 0.45)
        return facts

    def _note_letters(self) -> None:
        channel = self._slots.value("ChannelType")
        if channel == "NULL":
            return
        written = channel.removeprefix("upper")
        row = self._cursor.execute(f"SELECT count(*) FROM {RAW} WHERE {written} <> {channel}").fetchone()
        if row and row[0]:
            text = trn(
                "{n} channel was written in other letters.", "{n} channels were written in other letters.", row[0]
            )
            self._outcome.notes.append(text.format(n=row[0]))

    def _people(self, facts: _Facts) -> tuple[str, int]:
        """A relation with `place`, `id` and the raw cells, each id once, and its number of rows.

        Where every row has an id of its own, nothing is copied.
        """
        rows = facts.rows
        if not facts.nameless and facts.distinct == rows and not facts.partial:
            return f"(SELECT {self._slots.id} AS id, * FROM {self._good})", rows
        self._copy_named()
        repeats = self._fold_repeats()
        rows -= repeats
        if repeats:
            text = trn(
                "{n} row repeats an endpoint of the file; the last value of each field counts.",
                "{n} rows repeat endpoints of the file; the last value of each field counts.",
                repeats,
            )
            self._outcome.notes.append(text.format(n=repeats))
            self._outcome.unchanged += repeats
        return _PEOPLE, rows - (self._reject_partial() if facts.partial else 0)

    def _copy_named(self) -> None:
        """Every good row with its `id`: given, or of the endpoint that has this address, or made from the address.

        An id that is made is the same each time, so that the same file again finds the same endpoints.
        """
        address, channel = self._slots.value("Address"), self._slots.value("ChannelType")
        asked = f"CASE WHEN {self._slots.id} IS NULL THEN {addressed(channel, address)} END"
        self._cursor.execute(
            f"""CREATE TEMP TABLE {_PEOPLE} AS
                SELECT place, coalesce(given, known.id, md5(asked)) AS id, named.* EXCLUDE (place, given, asked)
                FROM (SELECT {self._slots.id} AS given, {asked} AS asked, *
                      FROM {self._good}) named
                LEFT JOIN (SELECT {addressed("channel_type", "address")} AS name,
                                arg_max(id, (status = 'ACTIVE', key)) AS id
                           FROM endpoints WHERE address IS NOT NULL GROUP BY name) known ON known.name = named.asked"""
        )
        self._cursor.execute(f"DROP TABLE {RAW}")

    def _fold_repeats(self) -> int:
        """Make one row of all rows of an id, the last value of each field; gives how many rows went into others."""
        self._cursor.execute(
            f"CREATE TEMP TABLE {_REPEATED} AS SELECT id, count(*) AS n FROM {_PEOPLE} GROUP BY id HAVING count(*) > 1"
        )
        repeats, _ = self._pair(f"SELECT coalesce(sum(n - 1), 0)::BIGINT, 0 FROM {_REPEATED}")
        if repeats:
            described = self._cursor.execute(f"SELECT * EXCLUDE (place, id) FROM {_PEOPLE} LIMIT 0").description or []
            folded = ", ".join(self._folded(str(column[0])) for column in described)
            self._cursor.execute(
                f"""CREATE TEMP TABLE import_folded AS SELECT min(place) AS place, id, {folded}
                    FROM {_PEOPLE} WHERE id IN (SELECT id FROM {_REPEATED}) GROUP BY id"""
            )
            self._cursor.execute(f"DELETE FROM {_PEOPLE} WHERE id IN (SELECT id FROM {_REPEATED})")
            self._cursor.execute(f"INSERT INTO {_PEOPLE} BY NAME SELECT * FROM import_folded")
        return repeats

    def _folded(self, cell: str) -> str:
        """The last value of a cell; cells that make up one attribute are taken from the same row."""
        together = next(
            (
                slot.sources
                for slot in (*self._slots.endpoint, *self._slots.user)
                if cell in slot.sources[1:] + slot.sources[:-1]
            ),
            (),
        )
        said = " OR ".join(self._says(each) for each in together or (cell,))
        return f"arg_max_null({cell}, place) FILTER ({said}) AS {cell}"

    def _says(self, cell: str) -> str:
        """Whether the raw cell says anything: one of blanks says nothing."""
        is_text = any(field.column == cell and field.native == "text" for field in self._source.fields)
        return f"trim({cell}) <> ''" if is_text else f"{cell} IS NOT NULL"

    def _reject_partial(self) -> int:
        """New endpoints need an address and a channel; rows of known ones may lack them."""
        checks = endpoint_fields.checks_of_new(self._slots, "id")
        self._rejects.note(f"(SELECT place, id, {code(checks)} AS code FROM {_PEOPLE})", "place", checks)
        row = self._cursor.execute(f"DELETE FROM {_PEOPLE} WHERE {code(checks)} <> 0").fetchone()
        return int(row[0]) if row else 0

    def _matched(self, people: str) -> int:
        """Find the rows whose endpoints are known; gives how many. From here on they are joined by numbers."""
        if not self._known:
            return 0
        return self._meter.run(
            f"""CREATE TEMP TABLE {_MATCHED} AS
                SELECT n.place, e.key FROM {people} n JOIN endpoints e ON e.id = n.id""",
            0.5,
        )

    def _merge(self, people: str) -> int:
        """Known endpoints that the file changes, as they will be; gives how many."""
        said = {slot.column: slot.value for slot in self._slots.endpoint}
        fills = {slot.column for slot in self._slots.endpoint if slot.fills}
        changed = " OR ".join(
            f"(({value}) IS NOT NULL AND e.{column} IS NULL)" if column in fills
            else f"(({value}) IS NOT NULL AND ({value}) IS DISTINCT FROM e.{column})"
            for column, value in said.items()
        )  # fmt: skip
        new: dict[str, Callable[[str], str]] = {
            "effective": lambda column: f"coalesce({said.get(column, 'NULL')}, {self._now}) AS effective",
            "status": lambda column: f"{self._status(said)} AS {column}",
        }
        columns = [row[0] for row in self._cursor.execute("DESCRIBE endpoints").fetchall()]
        merged = ", ".join(
            new[column](column) if column in new
            else f"coalesce(e.{column}, {said[column]}) AS {column}" if column in fills
            else f"coalesce({said[column]}, e.{column}) AS {column}" if column in said else f"e.{column}"
            for column in columns
        )  # fmt: skip
        return self._meter.run(
            f"""CREATE TEMP TABLE {_MERGED} AS SELECT {merged}
                FROM {_MATCHED} m JOIN {people} n ON n.place = m.place JOIN endpoints e ON e.key = m.key
                WHERE {changed or "FALSE"}""",
            0.6,
        )

    @staticmethod
    def _status(said: dict[str, str]) -> str:
        """What the file says, else active where the address is new; a mail address in other letters is none."""
        channel = f"coalesce({said.get('channel_type', 'NULL')}, e.channel_type)"
        given, known = (addressed(channel, address) for address in (f"({said.get('address', 'NULL')})", "e.address"))
        kept = f"CASE WHEN {given} <> {known} THEN 'ACTIVE' ELSE e.status END"
        return f"coalesce({said.get('status', 'NULL')}, {kept})"

    def _add(self, people: str, *, matched: int, dense: bool) -> int:
        """Rows whose id is not known become endpoints; gives how many."""
        said = {slot.column: slot.value for slot in (*self._slots.endpoint, *self._slots.initial)}
        # numbering by place leaves gaps where rows are not new, but needs no sort
        key = f"{self._base} + row_number() OVER (ORDER BY place)" if dense else f"{self._base} + place + 1"
        defaults = {
            "status": "'ACTIVE'",
            "opt_out": "'NONE'",
            "cohort": "CAST(hash(n.id) % 100 AS UTINYINT)",
            "created": self._now,
            "effective": self._now,
        }
        filled = {
            column: f"coalesce({said[column]}, {value})" if column in said else value
            for column, value in defaults.items()
        }
        cells = {"key": key, "id": "n.id", **said, **filled}
        fresh = f"ANTI JOIN {_MATCHED} m ON m.place = n.place" if matched else ""
        return self._meter.run(
            f"INSERT INTO endpoints ({', '.join(cells)}) SELECT {', '.join(cells.values())} FROM {people} n {fresh}",
            0.95,
        )

    def _write_users(self, people: str, matched: int) -> int:
        """Merge user attributes; gives how many known endpoints changed only by their user's attributes."""
        said = " OR ".join(f"({slot.value}) IS NOT NULL" for slot in self._slots.user)
        last = ", ".join(f"arg_max({slot.value}, place) AS {slot.column}" for slot in self._slots.user)
        self._cursor.execute(
            f"""CREATE TEMP TABLE import_said AS SELECT e.user_id, {last}
                FROM {people} n JOIN endpoints e ON e.id = n.id
                WHERE e.user_id IS NOT NULL AND ({said}) GROUP BY e.user_id"""
        )
        own = {slot.column for slot in self._slots.user}
        columns = [row[0] for row in self._cursor.execute("DESCRIBE users").fetchall() if row[0] != "user_id"]
        merged = ", ".join(
            f"coalesce(s.{name}, u.{name}) AS {name}" if name in own else f"u.{name}" for name in columns
        )
        changed = " OR ".join(f"(s.{name} IS NOT NULL AND s.{name} IS DISTINCT FROM u.{name})" for name in sorted(own))
        self._cursor.execute(
            f"""CREATE TEMP TABLE {_USERS} AS SELECT s.user_id, {merged}
                FROM import_said s LEFT JOIN users u ON u.user_id = s.user_id WHERE {changed}"""
        )
        self._cursor.execute(f"DELETE FROM users WHERE user_id IN (SELECT user_id FROM {_USERS})")
        self._cursor.execute(f"INSERT INTO users BY NAME SELECT * FROM {_USERS}")
        self._note_userless(people, said)
        if not matched:
            return 0
        merged_keys = f"AND e.key NOT IN (SELECT key FROM {_MERGED})"
        only, _ = self._pair(
            f"""SELECT count(*), 0 FROM {people} n JOIN endpoints e ON e.id = n.id
                WHERE e.key <= {self._base} AND ({said})
                    AND e.user_id IN (SELECT user_id FROM {_USERS}) {merged_keys}"""
        )
        return only

    def _note_userless(self, people: str, said: str) -> None:
        count, _ = self._pair(
            f"SELECT count(*), 0 FROM {people} n JOIN endpoints e ON e.id = n.id WHERE e.user_id IS NULL AND ({said})"
        )
        if count:
            text = trn(
                "{n} row has user attributes but no user; they were left out.",
                "{n} rows have user attributes but no user; they were left out.",
                count,
            )
            self._outcome.notes.append(text.format(n=count))

    def _retire_older(self) -> None:
        """Of several active endpoints with one address on one channel only the newest stays active."""
        address = addressed("channel_type", "address")
        row = self._cursor.execute(
            f"""UPDATE endpoints SET status = 'INACTIVE' WHERE key IN (
                SELECT key FROM endpoints
                WHERE status = 'ACTIVE' AND hash({address}) IN (
                    SELECT hash({address}) AS h FROM endpoints WHERE status = 'ACTIVE'
                    GROUP BY h HAVING count(*) > 1)
                QUALIFY row_number() OVER (PARTITION BY {address} ORDER BY effective DESC, key DESC) > 1)"""
        ).fetchone()
        if row and row[0]:
            text = trn(
                "{n} endpoint is inactive now, because a newer one has its address.",
                "{n} endpoints are inactive now, because newer ones have their addresses.",
                row[0],
            )
            self._outcome.notes.append(text.format(n=row[0]))

    def _use_names(self) -> None:
        for prefix, kind in catalogue.OPEN_KINDS.items():
            own = [slot for slot in (*self._slots.endpoint, *self._slots.user) if slot.target.startswith(prefix)]
            filled = [slot.target.removeprefix(prefix) for slot in own if self._is_filled(slot)]
            catalogue.use(self._cursor, kind, filled)

    def _is_filled(self, slot: Slot) -> bool:
        table = "users" if slot in self._slots.user else "endpoints"
        return (
            self._cursor.execute(f"SELECT 1 FROM {table} WHERE {slot.column} IS NOT NULL LIMIT 1").fetchone()
            is not None
        )
