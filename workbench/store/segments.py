"""Segments at work: exact counts, members, and the SQL to read."""

import time
from collections.abc import Iterator
from datetime import datetime
from typing import Final

import duckdb

from workbench.plan.endpoint import TablePage
from workbench.plan.segment import Compared, Count, Group, Membership, Rule, Segment, walk
from workbench.store import catalogue, cells, definitions, orders, rules
from workbench.store.orders import Order
from workbench.store.queries import Query, join, shown, sql
from workbench.store.rules import Reading


def count(cursor: duckdb.DuckDBPyConnection, segment: Segment, now: datetime, rules_too: bool = True) -> Count:  # noqa: FBT001, FBT002 - asked by position
    """Count members exactly; `rules_too` counts each rule and group alone in the same pass."""
    started = time.perf_counter()
    reading = rules.reading(cursor, now)
    total = Query("SELECT count(*) FROM endpoints").number(cursor)
    alone: dict[str, int] = {}
    removes: dict[str, int] = {}
    if rules_too and segment.root.items:
        matching, alone, removes = _count_each(cursor, segment.root, reading)
    else:
        matching = _counting(segment, reading).number(cursor)
    milliseconds = (time.perf_counter() - started) * 1000
    return Count(matching=matching, total=total, milliseconds=milliseconds, rules=alone, removes=removes)


def compared(cursor: duckdb.DuckDBPyConnection, before: Segment, after: Segment, now: datetime) -> Compared:
    """How many are members of each, and of one alone."""
    reading = rules.reading(cursor, now)
    query = sql(
        """SELECT count(*) FILTER (b), count(*) FILTER (a), count(*) FILTER (a AND NOT b),
            count(*) FILTER (b AND NOT a)
        FROM (SELECT ({before}) IS TRUE AS b, ({after}) IS TRUE AS a FROM endpoints e)""",
        before=rules.condition(before.root, reading),
        after=rules.condition(after.root, reading),
    )
    first, second, come, go = query.run(cursor).fetchone() or (0, 0, 0, 0)
    return Compared(before=first, after=second, come=come, go=go)


def memberships(cursor: duckdb.DuckDBPyConnection, endpoint_id: str, now: datetime) -> tuple[Membership, ...]:
    """Every stored segment, newest first, and whether the endpoint is a member; empty where it is not there."""
    stored = definitions.listed(cursor, "segment")
    reading = rules.reading(cursor, now)
    parts = [
        sql("({found}) IS TRUE", found=rules.condition(Segment.from_json(row.body).root, reading)) for row in stored
    ]
    query = sql("SELECT {parts} FROM endpoints e WHERE e.id = {id} LIMIT 1", parts=join(", ", parts), id=endpoint_id)
    found = (query.run(cursor).fetchone() if parts else None) or ()
    return tuple(
        Membership(id=row.id, name=row.name, member=is_one) for row, is_one in zip(stored, found, strict=False)
    )


def _counting(segment: Segment, reading: Reading) -> Query:
    return sql("SELECT count(*) FROM endpoints e WHERE {chosen}", chosen=rules.condition(segment.root, reading))


def _count_each(
    cursor: duckdb.DuckDBPyConnection, root: Group, reading: Reading
) -> tuple[int, dict[str, int], dict[str, int]]:
    """The whole, every item by its path, and what each takes from its group.

    Equal rules are evaluated once, groups are put together from theirs.
    """
    items = dict(walk(root))
    leaves = {item: Query(f"r{number}") for number, item in enumerate(_leaves(root))}
    evaluated = join(
        ", ",
        (
            sql("({leaf}) AS {name}", leaf=rules.rule_condition(leaf, reading), name=name)
            for leaf, name in leaves.items()
        ),
    )

    def whole(item: Rule | Group) -> Query:
        if isinstance(item, Group):
            return rules.combined(item, [whole(each) for each in item.items])
        return leaves[item]

    less = [_less(items.get(_above(path), root), int(path.rpartition(".")[2])) for path in items]
    wanted = (root, *items.values(), *less)
    counted = join(", ", (sql("count(*) FILTER (WHERE {whole})", whole=whole(item)) for item in wanted))
    source = sql("SELECT {evaluated} FROM endpoints e", evaluated=evaluated) if leaves else Query("FROM endpoints e")
    query = sql("SELECT {counted} FROM ({source})", counted=counted, source=source)
    found = query.run(cursor).fetchone() or ()
    matching, *others = (int(number) for number in found)
    alone = dict(zip(items, others, strict=False))
    without = dict(zip(items, others[len(items) :], strict=True))
    return matching, alone, {path: n - alone.get(_above(path), matching) for path, n in without.items()}


def _above(path: str) -> str:
    """The path of the group that an item stands in; empty for the root."""
    return path.rpartition("items.")[0].removesuffix(".")


def _less(group: Rule | Group, number: int) -> Group:
    """The group without one of its items."""
    if not isinstance(group, Group):
        raise TypeError("a rule has no items")
    return group.model_copy(update={"items": (*group.items[:number], *group.items[number + 1 :])})


def _leaves(group: Group) -> Iterator[Rule]:
    for _, item in walk(group):
        if not isinstance(item, Group):
            yield item


def sample(
    cursor: duckdb.DuckDBPyConnection, segment: Segment, now: datetime, columns: tuple[str, ...], limit: int
) -> TablePage:
    """Some members from all over the audience, the same ones each time: those whose key has the smallest hash."""
    known = catalogue.load(cursor)
    chosen = rules.condition(segment.root, rules.reading(cursor, now))
    query = sql("SELECT e.key FROM endpoints e WHERE {chosen} ORDER BY hash(e.key) LIMIT {n}", chosen=chosen, n=limit)
    keys = [key for (key,) in query.run(cursor).fetchall()]
    return TablePage(offset=0, rows=cells.rows(cursor, keys, columns, known))


def members(  # noqa: PLR0917 - asked by position
    cursor: duckdb.DuckDBPyConnection,
    segment: Segment,
    now: datetime,
    columns: tuple[str, ...],
    offset: int,
    limit: int,
) -> TablePage:
    """A block of the members in the order of arrival."""
    known = catalogue.load(cursor)
    order = Order(
        source=Query("endpoints e"),
        chosen=rules.condition(segment.root, rules.reading(cursor, now)),
        sort=None,
        descending=False,
        name=("members", segment.root, now.replace(second=0, microsecond=0)),
        costly=True,
    )
    keys = orders.block(cursor, order, offset, limit)
    return TablePage(offset=offset, rows=cells.rows(cursor, keys, columns, known))


def shown_sql(cursor: duckdb.DuckDBPyConnection, segment: Segment, now: datetime) -> str:
    """The statement that counts the segment, with its values written in, laid out to be read."""
    return laid_out(shown(_counting(segment, rules.reading(cursor, now))))


def laid_out(text: str) -> str:
    """The statement with a line per clause and per condition, indented by its brackets. Quoted text stays as it is."""
    lines: list[str] = []
    line, quote = "", ""
    depths: list[int] = []
    for word in text.split(" "):
        if not quote and word in _LINE_STARTERS and line.strip():
            lines.append(line.rstrip())
            line = "  " * (sum(depths) + (word in _CONDITIONS))
        line += f"{word} "
        quote = _after(word, quote, depths)
    return "\n".join([*lines, line.rstrip()])


_CONDITIONS: Final = {"AND", "OR"}
_LINE_STARTERS: Final = {"FROM", "WHERE", "GROUP", "HAVING", "ORDER", "LIMIT", *_CONDITIONS}


def _after(word: str, quote: str, depths: list[int]) -> str:
    """The quote that is open after the word; brackets outside quotes are put on `depths` and taken off it."""
    for mark in word:
        if quote:
            quote = "" if mark == quote else quote
        elif mark in "'\"":
            quote = mark
        elif mark == "(":
            depths.append(2 if word.endswith("(SELECT") else 1)
        elif mark == ")" and depths:
            depths.pop()
    return quote
