"""The words of rules: operators, measures and memberships by their stored values, and amounts of days and times."""

from typing import Final

from workbench.gui.parts import format as fmt
from workbench.plan.words import N_, tr, trn

TEXT_OPERATORS: Final = {
    "is": N_("is"),
    "is_not": N_("is not"),
    "contains": N_("contains"),
    "starts_with": N_("starts with"),
    "is_set": N_("has any value"),
    "is_not_set": N_("has no value"),
}
#: the same over several values
MANY: Final = {
    "is": N_("is one of"),
    "is_not": N_("is none of"),
    "contains": N_("contains any of"),
    "starts_with": N_("starts with any of"),
}
COMPARISONS: Final = {
    "greater_or_equal": N_("is at least"),
    "greater": N_("is more than"),
    "less_or_equal": N_("is at most"),
    "less": N_("is less than"),
    "equal": N_("is exactly"),
    "not_equal": N_("is not exactly"),
}
HOW_OFTEN: Final = {"at_least": N_("at least"), "at_most": N_("at most"), "exactly": N_("exactly")}
ACTIVITIES: Final = {"active": N_("active"), "inactive": N_("not active")}
DATE_OPERATORS: Final = {
    "in_last": N_("was in the last"),
    "in_next": N_("is in the next"),
    "older": N_("was longer ago than"),
    "anniversary": N_("has its anniversary in the next"),
    "before": N_("is before"),
    "after": N_("is after"),
    "on": N_("is on"),
    "between": N_("is between"),
}
#: the same where it is about a single day
ONE_DAY: Final = {
    "in_last": N_("was within the last"),
    "in_next": N_("is within the next"),
    "anniversary": N_("has its anniversary within the next"),
}
#: the same about no day but today
TODAY: Final = {
    "in_last": N_("falls on"),
    "in_next": N_("falls on"),
    "older": N_("was before"),
    "anniversary": N_("has its anniversary"),
}
MEASURES: Final = {
    "sum": N_("the sum of"),
    "average": N_("the average of"),
    "least": N_("the least"),
    "greatest": N_("the greatest"),
}
WHICH: Final = {"first": N_("for the first time"), "last": N_("for the last time")}
AGO: Final = {"within": N_("in the last"), "before": N_("longer ago than")}
#: what became of messages, by `operator:did`
MESSAGES: Final = {
    "did:got": N_("got"),
    "did_not:got": N_("did not get"),
    "did:opened": N_("opened"),
    "did_not:opened": N_("did not open"),
    "did:clicked": N_("clicked in"),
    "did_not:clicked": N_("did not click in"),
    "did:failed": N_("has a failed message of"),
    "did_not:failed": N_("has no failed message of"),
}
MEMBERSHIPS: Final = {"all": N_("is in all of"), "any": N_("is in any of"), "none": N_("is in none of")}
#: the same for a single segment
MEMBERSHIP: Final = {"all": N_("is in"), "any": N_("is in"), "none": N_("is not in")}


def days(count: int | None) -> str:
    """`90 days`; None is "ever"."""
    return tr("ever") if count is None else trn("{n} day", "{n} days", count).format(n=fmt.number(count))


def days_back(count: int) -> str:
    """The days of "in the last {days}": one of them is "the last day"."""
    return tr("day") if count == 1 else days(count)


def times(count: int) -> str:
    """`2 times`."""
    return trn("{n} time", "{n} times", count).format(n=fmt.number(count))
