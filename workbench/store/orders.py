"""In which order a view shows its endpoints: any block of a million, without sorting a million for each.

The first and the last blocks come from a heap of just so many rows. Anything between needs the whole order once; it is
kept, as an array of keys, until the endpoints change.
"""

import threading
from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import duckdb

from workbench.store.queries import Query, sql

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

#: rows that a heap finds faster than a sort does
_HEAP_ROWS: Final = 2_000
#: whole orders that are kept, 8 bytes a row each
_KEPT: Final = 4


@dataclass(frozen=True, slots=True)
class Order:
    """Which endpoints, `e`, and in which order.

    Attributes:
        source: the FROM clause's content, with an `e`.
        chosen: the condition.
        sort: what to sort by; None for the order of arrival. Blanks come last in both directions.
        descending: the direction.
        name: tells this order from others while the endpoints stay the same.
        costly: whether finding who is chosen takes longer than sorting them: then it is done once, for the count too.
    """

    source: Query
    chosen: Query
    sort: Query | None
    descending: bool
    name: Hashable
    costly: bool = False

    def clause(self, *, backwards: bool = False) -> Query:
        """The ORDER BY clause; `backwards` begins at the end."""
        down = self.descending != backwards
        key = Query(" e.key DESC" if backwards else " e.key")
        if self.sort is None:
            return Query(" e.key DESC" if down else " e.key")
        places = "FIRST" if backwards else "LAST"
        return sql(f"{{sort}} {'DESC' if down else 'ASC'} NULLS {places},{{key}}", sort=self.sort, key=key)

    def keys(self, *, limit: int | None = None, offset: int = 0, backwards: bool = False) -> Query:
        """`SELECT key` in this order."""
        text = "SELECT e.key FROM {source} WHERE {chosen} ORDER BY {clause}"
        if limit is not None:
            text += f" LIMIT {int(limit)} OFFSET {int(offset)}"
        return sql(text, source=self.source, chosen=self.chosen, clause=self.clause(backwards=backwards))


class _Kept:
    """The last few whole orders; shared by all readers."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._orders: OrderedDict[Hashable, npt.NDArray[np.int64]] = OrderedDict()

    def get(self, name: Hashable) -> "npt.NDArray[np.int64] | None":
        with self._lock:
            found = self._orders.get(name)
            if found is not None:
                self._orders.move_to_end(name)
            return found

    def put(self, name: Hashable, keys: "npt.NDArray[np.int64]") -> None:
        with self._lock:
            self._orders[name] = keys
            while len(self._orders) > _KEPT:
                self._orders.popitem(last=False)


_KEPT_ORDERS: Final = _Kept()


def count(cursor: duckdb.DuckDBPyConnection, order: Order) -> int:
    """How many there are."""
    if order.costly:
        return len(_whole(cursor, order))
    return sql("SELECT count(*) FROM endpoints e WHERE {chosen}", chosen=order.chosen).number(cursor)


def block(cursor: duckdb.DuckDBPyConnection, order: Order, offset: int, limit: int) -> list[int]:
    """Keys of the block, in order."""
    if not order.costly and _KEPT_ORDERS.get(_name(cursor, order)) is None:
        if offset + limit <= _HEAP_ROWS:
            return _listed(cursor, order.keys(limit=limit, offset=offset))
        total = count(cursor, order)
        if total - offset <= _HEAP_ROWS:
            after = max(total - offset - limit, 0)
            rows = max(total - offset - after, 0)
            return _listed(cursor, order.keys(limit=rows, offset=after, backwards=True))[::-1]
    return [int(key) for key in _whole(cursor, order)[offset : offset + limit]]


def _whole(cursor: duckdb.DuckDBPyConnection, order: Order) -> "npt.NDArray[np.int64]":
    """All keys in order, found once and then kept."""
    name = _name(cursor, order)
    kept = _KEPT_ORDERS.get(name)
    if kept is None:
        kept = order.keys().run(cursor).fetchnumpy()["key"]
        _KEPT_ORDERS.put(name, kept)
    return kept


def _listed(cursor: duckdb.DuckDBPyConnection, keys: Query) -> list[int]:
    return [key for (key,) in keys.run(cursor).fetchall()]


def renew(cursor: duckdb.DuckDBPyConnection) -> None:
    """Endpoints have changed otherwise than by an import: what is kept is not true any more."""
    cursor.execute("DELETE FROM meta WHERE name = 'edited'")
    cursor.execute("INSERT INTO meta VALUES ('edited', CAST(uuid() AS VARCHAR))")


def _name(cursor: duckdb.DuckDBPyConnection, order: Order) -> Hashable:
    """The order's name in this workspace and state of it: imports and edits change endpoints, events membership."""
    state = cursor.execute(
        """SELECT (SELECT value FROM meta WHERE name = 'workspace_id'), (SELECT count(*) FROM endpoints),
                  (SELECT count(*) FROM events), (SELECT count(*) FROM imports), (SELECT max("at") FROM imports),
                  (SELECT value FROM meta WHERE name = 'edited')"""
    ).fetchone()
    return state, order.name
