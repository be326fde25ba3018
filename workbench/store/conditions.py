"""Conditions in SQL, put together. A condition that is NULL counts as false.

`AND` and `OR` keep that reading, and every negation is written `(...) IS NOT TRUE`, so that who lacks a value is on the
right side of it. Numbers that are not numbers (NaN, which sorts above infinity here) count as missing.
"""

from collections.abc import Callable, Sequence
from typing import Final

from workbench.plan.segment import Comparison
from workbench.store.queries import Query, join, sql

EVERYONE: Final = Query("TRUE")
NOBODY: Final = Query("FALSE")
_COMPARED: Final[dict[Comparison, str]] = {
    "equal": "=",
    "not_equal": "<>",
    "greater": ">",
    "greater_or_equal": ">=",
    "less": "<",
    "less_or_equal": "<=",
}


def negated(found: Query) -> Query:
    """Who is not found, those included of whom nothing is known."""
    return sql("({found}) IS NOT TRUE", found=found)


def bracketed(operator: str, parts: Sequence[Query]) -> Query:
    """The parts with the operator between them."""
    return parts[0] if len(parts) == 1 else sql("({parts})", parts=join(operator, parts))


def any_of(values: Sequence[str], test: Callable[[str], Query]) -> Query:
    """Whether the test is true for one of the values."""
    return bracketed(" OR ", [test(value) for value in values]) if values else NOBODY


def compared(stored: Query, comparison: Comparison, value: float) -> Query:
    """A stored number compared; NaN never compares."""
    found = sql(f"{{stored}} {_COMPARED[comparison]} {{value}}", stored=stored, value=value)
    if comparison in {"equal", "less", "less_or_equal"}:
        return found
    return sql("({found} AND NOT isnan({stored}))", found=found, stored=stored)


def listed(stored: Query, operator: str, values: Sequence[str]) -> Query:
    """`is` or `is_not` on a single text."""
    match len(values):
        case 0:
            found = NOBODY
        case 1:
            found = sql("{stored} = {value}", stored=stored, value=values[0])
        case _:
            every = join(", ", (sql("{value}", value=value) for value in values))
            found = sql("{stored} IN ({every})", stored=stored, every=every)
    return found if operator == "is" else negated(found)


def text(stored: Query, operator: str, values: Sequence[str]) -> Query:
    """A single stored text by any of the operators for texts."""
    match operator:
        case "is" | "is_not":
            return listed(stored, operator, values)
        case "is_set":
            return sql("{stored} IS NOT NULL", stored=stored)
        case "is_not_set":
            return sql("{stored} IS NULL", stored=stored)
        case _:
            test = "contains({stored}, {value})" if operator == "contains" else "starts_with({stored}, {value})"
            return any_of(values, lambda value: sql(test, stored=stored, value=value))
