"""Edits of endpoints, set by set: the person page, the command line and programs all come through `put`.

Pinpoint's rules: only what is said changes, a named attribute is replaced as a whole and cleared by an empty list,
attributes of a user belong to all its endpoints. Each edit makes its endpoint active and moves its effective date to
now, unless it says otherwise; what it says counts, an effective date before the stored one too. Edits of a batch stand
on their own: one that is refused does not hold up the others.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

import duckdb
import pyarrow as pa

from workbench.plan import edit as edits
from workbench.plan.edit import BYTES, NAMES, Edit, Put, Refusal, Value
from workbench.plan.fields import FIELDS, METRIC
from workbench.plan.words import tr
from workbench.store import catalogue, endpoint_fields, erasures, keys, lists, per_user, workspace
from workbench.store.database import prepared_by
from workbench.store.queries import literal, utc
from workbench.store.staging import Check, code

_BATCH: Final = "edit_batch"
_SAID: Final = "edit_said"
_AFTER: Final = "edit_after"
_USERS: Final = "edit_users"
_FULL: Final = "edit_full"
_GOING: Final = "edit_going"
#: what an endpoint is where nothing else is said: when it is made, and at every edit
_MADE: Final = {"opt_out": "'NONE'", "cohort": "CAST(hash(b.id) % 100 AS UTINYINT)"}


@dataclass(frozen=True, slots=True)
class _Sorted:
    """Edits with their place in the batch, and those that cannot be done."""

    good: tuple[tuple[int, Edit], ...]
    refused: tuple[Refusal, ...]


def _sorted(cursor: duckdb.DuckDBPyConnection, batch: Sequence[Edit]) -> _Sorted:
    """Which edits can be done at all: right in themselves, and their names are not too many."""
    good: list[tuple[int, Edit]] = []
    refused: list[Refusal] = []
    used = {
        kind: set(catalogue.load(cursor).of(kind)) for kind in catalogue.OPEN_KINDS.values()
    }  # fmt: skip
    for place, edit in enumerate(batch):
        problem = next((each for each in edits.check(edit) if each.blocks), None)
        if problem is not None:
            refused.append(Refusal(place=place, where=problem.where, text=str(problem)))
            continue
        fresh = {(kind, name) for kind, name in _names(edit) if name not in used[kind]}
        if fresh and sum(len(each) for each in used.values()) + len(fresh) > NAMES:
            where = next(prefix for prefix, kind in catalogue.OPEN_KINDS.items() if kind == min(fresh)[0])
            refused.append(Refusal(place=place, where=where + min(fresh)[1], text=tr("Too many custom attributes")))
            continue
        for kind, name in fresh:
            used[kind].add(name)
        good.append((place, edit))
    return _Sorted(tuple(good), tuple(refused))


def _names(edit: Edit) -> Iterable[tuple[catalogue.Kind, str]]:
    """Names of one's own that get a value."""
    for field, value in edit.values.items():
        for prefix, kind in catalogue.OPEN_KINDS.items():
            if field.startswith(prefix) and edits.texts(value):
                yield kind, field.removeprefix(prefix)


def prepare(cursor: duckdb.DuckDBPyConnection, batch: Sequence[Edit], *_: object) -> None:
    """Give columns to the names that the edits bring; the caller's transaction is a short one."""
    for _place, edit in _sorted(cursor, batch).good:
        for kind, name in _names(edit):
            catalogue.reserve(cursor, kind, [name])


@prepared_by(prepare)
def put(
    cursor: duckdb.DuckDBPyConnection, batch: Sequence[Edit], now: datetime, known: Mapping[str, int] | None = None
) -> Put:
    """Do the edits; the answer tells of each what became of it. Raises nothing for what people can get wrong.

    `known`: keys that endpoints had, by id, before they were deleted.
    """
    prepare(cursor, batch)  # nothing is left to do here if it ran before the transaction
    found = _sorted(cursor, batch)
    try:
        return _Batch(cursor, found, len(batch), now, known or {}).put()
    finally:
        for table in (_SAID, _AFTER, _USERS, _FULL, _GOING):
            cursor.execute(f"DROP TABLE IF EXISTS {table}")


class _Batch:
    """One batch, step by step."""

    def __init__(
        self,
        cursor: duckdb.DuckDBPyConnection,
        found: _Sorted,
        size: int,
        now: datetime,
        known: Mapping[str, int],
    ) -> None:
        self._cursor = cursor
        self._known = known
        self._now = literal(now.astimezone(UTC))
        self._size = size
        self._refused = list(found.refused)
        self._columns = catalogue.load_reserved(cursor)
        self._places = _with_ids(cursor, found.good)
        self._folded = _folded(self._places)
        self._limit = workspace.settings(cursor).endpoints_per_user

    def put(self) -> Put:
        """Merge, refuse, write."""
        if not self._folded:
            return Put(ids=("",) * self._size, refused=tuple(self._refused))
        self._merge()
        self._refuse()
        gave_way, others = self._make_room()
        self._write_users()
        added, updated = self._write()
        retired, more = self._retire_older()
        settle_names(self._cursor, (field for _, edit in self._folded for field in edit.values))
        kept = {row[0] for row in self._cursor.execute(f"SELECT id FROM {_AFTER}").fetchall()}
        ids = dict.fromkeys(range(self._size), "") | {
            place: edit.id for place, edit in self._places if edit.id in kept
        }  # fmt: skip
        return Put(
            ids=tuple(ids[place] for place in range(self._size)),
            added=added,
            updated=updated,
            refused=tuple(sorted(self._refused, key=lambda each: each.place)),
            gave_way=gave_way,
            retired=retired,
            others=(*others, *more),
        )

    def _said(self, table: str) -> dict[str, str]:
        """Physical columns of the table that the batch says something of, by dotted field."""
        fields = dict.fromkeys(field for _, edit in self._folded for field in edit.values)
        places = {field: self._columns.endpoint_column(field) for field in fields}
        return {field: place[1] for field, place in places.items() if place is not None and place[0] == table}

    def _merge(self) -> None:
        """The endpoints as they will be, with `place`, `known`, `old_user`, and whether address or channel was said."""
        said = set(self._said("endpoints").values())
        every = [row[0] for row in self._cursor.execute("DESCRIBE endpoints").fetchall()]
        base = keys.last(self._cursor)
        cells = {column: self._cell(column, said) for column in every} | {
            "key": f"coalesce(e.key, b.key, {base} + b.place + 1)",
            "id": "b.id",
        }  # fmt: skip
        new = " OR ".join([f"b.said_{each}" for each in ("address", "channel_type") if each in said] or ["FALSE"])
        self._cursor.register(_BATCH, self._table())
        try:
            self._cursor.execute(f"CREATE TEMP TABLE {_SAID} AS SELECT * FROM {_BATCH}")
        finally:
            self._cursor.unregister(_BATCH)
        self._cursor.execute(
            f"""CREATE TEMP TABLE {_AFTER} AS
                SELECT b.place, e.key IS NOT NULL AS known, e.user_id AS old_user, {new} AS addressed,
                    {self._user_said()} AS user_said, {", ".join(f"{cells[each]} AS {each}" for each in every)}
                FROM {_SAID} b LEFT JOIN endpoints e ON e.id = b.id"""
        )

    def _cell(self, column: str, said: set[str]) -> str:
        given = f"CASE WHEN b.said_{column} THEN b.{column} END" if column in said else "NULL"
        match column:
            case "status":
                return f"coalesce({given}, 'ACTIVE')"
            case "effective":
                return f"coalesce({given}, {self._now})"
            case "cohort":
                return f"coalesce(e.cohort, {given}, {_MADE[column]})"
            case "created":
                return f"coalesce(e.created, {given}, {self._now})"
            case "opt_out":
                kept = (
                    f"CASE WHEN b.said_{column} THEN b.{column} ELSE e.{column} END" if column in said else "e.opt_out"
                )
                return f"coalesce({kept}, {_MADE[column]})"
        return f"CASE WHEN b.said_{column} THEN b.{column} ELSE e.{column} END" if column in said else f"e.{column}"

    def _user_said(self) -> str:
        """Whether the edit gives attributes to its user."""
        columns = self._said("users").values()
        return " OR ".join([f"(b.said_{each} AND b.{each} IS NOT NULL)" for each in columns] or ["FALSE"])

    def _table(self) -> pa.Table:
        """The edits: `place`, `id`, `key`; for each column that is said of any, its value and whether it is said."""
        arrays: dict[str, pa.Array] = {
            "place": pa.array([place for place, _ in self._folded], pa.int64()),
            "id": pa.array([edit.id for _, edit in self._folded], pa.string()),
            "key": pa.array([self._known.get(edit.id) for _, edit in self._folded], pa.int64()),
        }
        for field, column in (self._said("endpoints") | self._said("users")).items():
            values = [_stored(field, edit.values.get(field)) for _, edit in self._folded]
            arrays[column] = pa.array(values, _type(field))
            arrays[f"said_{column}"] = pa.array([field in edit.values for _, edit in self._folded], pa.bool_())
        return pa.table(arrays)

    def _refuse(self) -> None:
        """Take out who may not be as they would be."""
        checks = self._checks()
        rows = self._cursor.execute(
            f"SELECT place, code FROM (SELECT place, {code(checks)} AS code FROM {_AFTER}) WHERE code > 0"
        ).fetchall()
        self._take_out({place: (checks[number - 1].target, checks[number - 1].reason) for place, number in rows})

    def _take_out(self, wrong: dict[int, tuple[str, str]]) -> None:
        if not wrong:
            return
        ids = {edit.id: wrong[place] for place, edit in self._folded if place in wrong}
        self._refused += [
            Refusal(place=place, where=ids[edit.id][0], text=ids[edit.id][1])
            for place, edit in self._places
            if edit.id in ids
        ]
        places = ", ".join(str(place) for place in wrong)
        self._cursor.execute(f"DELETE FROM {_AFTER} WHERE place IN ({places})")

    def _checks(self) -> tuple[Check, ...]:
        """What an endpoint must be; the words are Pinpoint's where it has any."""
        mail, phone = endpoint_fields.address_checks("channel_type", "address")
        erased = erasures.was_erased("id", "channel_type", "address", "user_id")
        size = " + ".join(f"coalesce(strlen({each}), 0)" for each in self._texts())
        big = tr("The endpoint has more than {limit} bytes.").format(limit=f"{BYTES:,}")
        homeless = tr("Attributes of a user need a user's id.")
        return (
            Check("address IS NULL", "Address", "NULL", tr("Missing Address")),
            Check(f"addressed AND {mail.wrong}", mail.target, "NULL", mail.reason),
            Check(f"addressed AND {phone.wrong}", phone.target, "NULL", phone.reason),
            Check("user_said AND user_id IS NULL", "User.UserId", "NULL", homeless),
            Check(
                f"NOT known AND ({erased})", "Address", "NULL", tr("This person was erased and is not brought back.")
            ),
            Check(f"{size} > {BYTES}", "", "NULL", big),
        )

    def _texts(self) -> list[str]:
        described = self._cursor.execute("DESCRIBE endpoints").fetchall()
        return [row[0] for row in described if row[1] == "VARCHAR"]

    def _make_room(self) -> tuple[tuple[str, ...], tuple[Edit, ...]]:
        """Keep users within the limit; gives who gave way, and what brings them back."""
        batch = f"""(SELECT place, id, user_id IS NOT NULL AND user_id IS DISTINCT FROM old_user AS joins,
                            user_id, channel_type, effective FROM {_AFTER})"""
        per_user.judge(self._cursor, batch, self._limit, refused=_FULL, going=_GOING)
        full = self._cursor.execute(f"SELECT place FROM {_FULL}").fetchall()
        self._take_out({place: ("User.UserId", per_user.reason(self._limit)) for (place,) in full})
        before = self._before(f"id IN (SELECT id FROM {_GOING}) AND id NOT IN (SELECT id FROM {_AFTER})")
        for table in (_AFTER, "endpoints"):
            self._cursor.execute(
                f"UPDATE {table} SET status = 'INACTIVE', user_id = NULL WHERE id IN (SELECT id FROM {_GOING})"
            )
        gone = self._cursor.execute(f"SELECT id FROM {_GOING} ORDER BY id").fetchall()
        return tuple(endpoint_id for (endpoint_id,) in gone), before

    def _before(self, chosen: str) -> tuple[Edit, ...]:
        """Edits that bring back status and user of these endpoints."""
        rows = self._cursor.execute(
            f"SELECT id, status, user_id, effective FROM endpoints WHERE {chosen} ORDER BY key"
        ).fetchall()
        return tuple(
            Edit(
                id=endpoint_id,
                values={
                    "EndpointStatus": status,
                    "User.UserId": user_id,
                    "EffectiveDate": effective.replace(tzinfo=UTC).isoformat(),
                },
            )
            for endpoint_id, status, user_id, effective in rows
        )

    def _write_users(self) -> None:
        """Merge what the batch says of users: the last that says something of an attribute counts."""
        columns = list(self._said("users").values())
        if not columns:
            return
        folded = ", ".join(
            f"arg_max_null(b.{each}, b.place) FILTER (b.said_{each}) AS {each},"
            f" coalesce(bool_or(b.said_{each}), FALSE) AS said_{each}"
            for each in columns
        )
        every = [row[0] for row in self._cursor.execute("DESCRIBE users").fetchall() if row[0] != "user_id"]
        merged = ", ".join(
            f"CASE WHEN s.said_{each} THEN s.{each} ELSE u.{each} END AS {each}" if each in columns else f"u.{each}"
            for each in every
        )
        self._cursor.execute(
            f"""CREATE TEMP TABLE {_USERS} AS
                WITH said AS (SELECT a.user_id, {folded} FROM {_SAID} b JOIN {_AFTER} a ON a.place = b.place
                              WHERE a.user_id IS NOT NULL AND ({" OR ".join(f"b.said_{each}" for each in columns)})
                              GROUP BY a.user_id)
                SELECT s.user_id, {merged} FROM said s LEFT JOIN users u ON u.user_id = s.user_id"""
        )
        self._cursor.execute(f"DELETE FROM users WHERE user_id IN (SELECT user_id FROM {_USERS})")
        something = " OR ".join(f"{each} IS NOT NULL" for each in every)
        self._cursor.execute(f"INSERT INTO users BY NAME SELECT * FROM {_USERS} WHERE {something}")

    def _write(self) -> tuple[int, int]:
        """Put the endpoints into the place of those that were there; gives how many are new and how many not."""
        row = self._cursor.execute(
            f"SELECT count(*) FILTER (NOT known), count(*) FILTER (known) FROM {_AFTER}"
        ).fetchone()
        self._cursor.execute(f"DELETE FROM endpoints WHERE key IN (SELECT key FROM {_AFTER})")
        self._cursor.execute(
            f"""INSERT INTO endpoints BY NAME
                SELECT * EXCLUDE (place, known, old_user, addressed, user_said) FROM {_AFTER} ORDER BY key"""
        )
        return (int(row[0]), int(row[1])) if row else (0, 0)

    def _retire_older(self) -> tuple[tuple[str, ...], tuple[Edit, ...]]:
        """Of the endpoints with one address on one channel, only the one edited last stays active."""
        mine = endpoint_fields.addressed("coalesce(channel_type, '')", "address")
        older = f"""status = 'ACTIVE' AND {mine} IN (SELECT {mine} FROM {_AFTER} WHERE status = 'ACTIVE')
            AND key NOT IN (SELECT arg_max(key, place) FROM {_AFTER} WHERE status = 'ACTIVE' GROUP BY {mine})"""
        rows = self._cursor.execute(f"SELECT id FROM endpoints WHERE {older} ORDER BY key").fetchall()
        before = self._before(f"{older} AND id NOT IN (SELECT id FROM {_AFTER})")
        if rows:
            self._cursor.execute(f"UPDATE endpoints SET status = 'INACTIVE' WHERE {older}")
        return tuple(endpoint_id for (endpoint_id,) in rows), before


def settle_names(cursor: duckdb.DuckDBPyConnection, fields: Iterable[str]) -> None:
    """Note which of these fields' names are in use: those that some endpoint, or some user, has something of."""
    columns = catalogue.load_reserved(cursor)
    for field in dict.fromkeys(fields):
        prefix = next((each for each in catalogue.OPEN_KINDS if field.startswith(each)), None)
        place = columns.endpoint_column(field)
        if prefix is None or place is None:
            continue
        kind, name = catalogue.OPEN_KINDS[prefix], field.removeprefix(prefix)
        table, column = place
        if cursor.execute(f"SELECT 1 FROM {table} WHERE {column} IS NOT NULL LIMIT 1").fetchone():
            catalogue.use(cursor, kind, [name])
        else:
            cursor.execute("DELETE FROM names WHERE kind = ? AND name = ?", [kind, name])


def _with_ids(cursor: duckdb.DuckDBPyConnection, good: Sequence[tuple[int, Edit]]) -> tuple[tuple[int, Edit], ...]:
    """Edits without an id get that of the endpoint with their address, or one made from the address.

    One that has no address either is refused for want of it.
    """
    named = {
        place: f"{str(edit.values.get('ChannelType') or '').upper()}:{edit.values.get('Address') or ''}"
        for place, edit in good
        if not edit.id
    }
    if not named:
        return tuple(good)
    address = endpoint_fields.addressed("upper(split_part(name, ':', 1))", "substr(name, strpos(name, ':') + 1)")
    rows = cursor.execute(
        f"""SELECT place, coalesce(known.id, md5(asked)) FROM (
                SELECT place, {address} AS asked
                FROM (SELECT unnest($1::BIGINT[]) AS place, unnest($2::VARCHAR[]) AS name))
            LEFT JOIN (SELECT {endpoint_fields.addressed("channel_type", "address")} AS name,
                              arg_max(id, (status = 'ACTIVE', key)) AS id FROM endpoints GROUP BY name) known
            ON known.name = asked""",
        [list(named), list(named.values())],
    ).fetchall()
    ids = dict(rows)
    return tuple((place, edit if edit.id else edit.model_copy(update={"id": ids[place]})) for place, edit in good)


def _folded(places: Iterable[tuple[int, Edit]]) -> tuple[tuple[int, Edit], ...]:
    """Each endpoint once, at the place of its last edit; the last that is said of a field counts."""
    found: dict[str, tuple[int, Edit]] = {}
    for place, edit in places:
        before = found.pop(edit.id, None)
        values = {**before[1].values, **edit.values} if before else dict(edit.values)
        found[edit.id] = (place, Edit(id=edit.id, values=values))
    return tuple(found.values())


def _stored(field: str, value: Value) -> object:
    """A checked value as its column holds it; None for nothing."""
    match edits.meant(field, value):
        case datetime() as found:
            return utc(found)
        case tuple() as several:
            return lists.SEPARATOR.join(several)
        case found:
            return int(str(found)) if field == "CohortId" else found


def _type(field: str) -> pa.DataType:
    if field.startswith(METRIC) or FIELDS.get(field) == "number":
        return pa.float64()
    if field == "CohortId":
        return pa.uint8()
    return pa.timestamp("us") if FIELDS.get(field) == "time" else pa.string()
