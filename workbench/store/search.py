"""Finding people by what is typed: in their addresses, ids and names, without regard to case in any script."""

from typing import Final

from workbench.store.catalogue import Columns
from workbench.store.queries import Query, identifier, join, sql

_KEYS: Final = ("address", "id", "user_id")


def at_once(text: str) -> Query:
    """Whether the address or an id of `e`, a row of endpoints, contains the text."""
    return join(" OR ", (_contains(f"e.{name}", text) for name in _KEYS))


def found(text: str, columns: Columns) -> Query:
    """Whether address or id of `e` contain the text, or its attributes and its user's all words of it.

    Words may be in different attributes, as first and last name are.
    """
    own = list(columns.attributes.values())
    users = list(columns.user_attributes.values())
    words = text.split()
    if not words or not (own or users):
        return at_once(text)
    told = join(" AND ", (sql("({word})", word=_anywhere(word, own, users)) for word in words))
    return sql("{keys} OR ({told})", keys=at_once(text), told=told)


def _anywhere(word: str, own: list[str], users: list[str]) -> Query:
    parts = [_contains(f"e.{identifier(name).text}", word) for name in own]
    if users:
        told = join(" OR ", (_contains(f"u.{identifier(name).text}", word) for name in users))
        parts.append(sql("e.user_id IN (SELECT u.user_id FROM users u WHERE {told})", told=told))
    return join(" OR ", parts)


def _contains(place: str, text: str) -> Query:
    return sql(f"contains(lower({place}), lower({{text}}))", text=text)
