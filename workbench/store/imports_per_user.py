"""How many endpoints a user may have, in an import: rows that are one too many, and endpoints that give way."""

from typing import Final

import duckdb

from workbench.plan.words import trn
from workbench.store import per_user, workspace
from workbench.store.endpoint_fields import Slots
from workbench.store.staging import Check, Rejects

_FULL: Final = "import_full"
_GOING: Final = "import_going"


class Crowd:
    """The users of one import.

    Args:
        cursor: of the import's transaction.
        slots: what the mapping fills.
        now: SQL of the moment of the import.
    """

    def __init__(self, cursor: duckdb.DuckDBPyConnection, slots: Slots, now: str) -> None:
        self._cursor = cursor
        self._slots = slots
        self._now = now
        self._limit = workspace.settings(cursor).endpoints_per_user
        self._gives_way = False

    def let_in(self, people: str, rejects: Rejects) -> tuple[str, int]:
        """The relation of rows without those whose user is full, which are noted, and how many those are."""
        slot = next((each for each in self._slots.endpoint if each.target == "User.UserId"), None)
        if slot is None or not self._is_any_full(people, slot.value):
            return people, 0
        order = f"e.user_id, {slot.value}" if slot.fills else f"{slot.value}, e.user_id"
        channel, effective = self._slots.value("ChannelType"), self._slots.value("EffectiveDate")
        batch = f"""(SELECT *, user_id IS NOT NULL AND user_id IS DISTINCT FROM old_user AS joins FROM (
            SELECT n.place, n.id, coalesce({order}) AS user_id, e.user_id AS old_user,
                coalesce({channel}, e.channel_type) AS channel_type, coalesce({effective}, {self._now}) AS effective
            FROM {people} n LEFT JOIN endpoints e ON e.id = n.id))"""
        per_user.judge(self._cursor, batch, self._limit, refused=_FULL, going=_GOING)
        self._gives_way = True
        row = self._cursor.execute(f"SELECT count(*) FROM {_FULL}").fetchone()
        if not row or not row[0]:
            return people, 0
        check = Check("", "User.UserId", slot.value, per_user.reason(self._limit))
        wrong = f"(SELECT *, 1 AS code FROM {people} WHERE place IN (SELECT place FROM {_FULL}))"
        rejects.note(wrong, "place", [check])
        return f"(SELECT * FROM {people} WHERE place NOT IN (SELECT place FROM {_FULL}))", int(row[0])

    def give_way(self) -> tuple[str, ...]:
        """Take the user from the endpoints that make room for others of it; says how many, where there are any."""
        if not self._gives_way:
            return ()
        row = self._cursor.execute(
            f"UPDATE endpoints SET status = 'INACTIVE', user_id = NULL WHERE id IN (SELECT id FROM {_GOING})"
        ).fetchone()
        if not row or not row[0]:
            return ()
        text = trn(
            "{n} endpoint is inactive now and has lost its user, to make room for a newer one.",
            "{n} endpoints are inactive now and have lost their users, to make room for newer ones.",
            row[0],
        )
        return (text.format(n=row[0]),)

    def _is_any_full(self, people: str, user: str) -> bool:
        """Whether some user may have too many endpoints afterwards; most files need not be looked at more closely."""
        row = self._cursor.execute(
            f"""SELECT 1 FROM (SELECT hash({user}) AS h FROM {people} WHERE ({user}) IS NOT NULL UNION ALL
                               SELECT hash(user_id) FROM endpoints WHERE user_id IS NOT NULL)
                GROUP BY h HAVING count(*) > {self._limit} LIMIT 1"""
        ).fetchone()
        return row is not None
