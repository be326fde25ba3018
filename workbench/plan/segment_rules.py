"""The rules that a segment is made of. Every rule is a question about one endpoint, its user and its events.

Texts are compared exactly, by letters and case. Days are days of the workspace's time zone; a window of n days is
(now - n x 24 h, now] unless its rule says otherwise.
"""

from typing import Annotated, Final, Literal

from pydantic import Field, FiniteFloat

from workbench.plan.definition import Definition

Scope = Literal["endpoint", "user"]
Comparison = Literal["equal", "not_equal", "greater", "greater_or_equal", "less", "less_or_equal"]
TextOperator = Literal["is", "is_not", "contains", "starts_with", "is_set", "is_not_set"]
DateOperator = Literal["before", "after", "on", "between", "in_last", "in_next", "older", "anniversary"]
Days = Annotated[int, Field(ge=1, le=36500)]
SomeDays = Annotated[int, Field(ge=0, le=36500)]

#: operators of texts that take no value
NO_VALUES: Final = ("is_set", "is_not_set")
#: operators of dates with the number of dates that each takes; the others take days
DATES_TAKEN: Final[dict[str, int]] = {"before": 1, "after": 1, "on": 1, "between": 2}
#: longest look ahead for an anniversary
MOST_ANNIVERSARY_DAYS: Final = 366


class AttributeRule(Definition):
    """A text attribute of the endpoint or its user.

    `is`: some stored value equals some listed one. `is_not`: none does; who lacks the attribute matches.
    `contains` and `starts_with` are case-sensitive over any stored and any listed value. `is_set` and `is_not_set` take
    no values.
    """

    kind: Literal["attribute"] = "attribute"
    scope: Scope = "endpoint"
    name: str = ""
    operator: TextOperator = "is"
    values: tuple[str, ...] = ()


class FieldRule(Definition):
    """A fixed text field by its dotted name, such as `Demographic.Platform`; compared like an attribute."""

    kind: Literal["field"] = "field"
    field: str = "Demographic.Platform"
    operator: TextOperator = "is"
    values: tuple[str, ...] = ()


class MetricRule(Definition):
    """A number of the endpoint; who lacks the metric never matches."""

    kind: Literal["metric"] = "metric"
    name: str = ""
    comparison: Comparison = "greater_or_equal"
    value: FiniteFloat = 0.0


class ChannelRule(Definition):
    """The endpoint's channel type; the value PUSH means any push service."""

    kind: Literal["channel"] = "channel"
    operator: Literal["is", "is_not"] = "is"
    values: tuple[str, ...] = ()


class CountryRule(Definition):
    """`Location.Country`; who has no country matches only `is_not`."""

    kind: Literal["country"] = "country"
    operator: Literal["is", "is_not"] = "is"
    values: tuple[str, ...] = ()


class DateRule(Definition):
    """A date or time: an attribute of the endpoint or the user by its dotted name, `CreationDate` or `EffectiveDate`.

    Everything is compared as wall clock time in the workspace's zone: what has an offset is turned into it, what has
    none is taken as it is, and a date is its midnight. Texts that are no ISO 8601 date or time never match; of several
    values one is enough.

    `before` and `after` are strict, `on` compares the days, `between` includes both ends. With today as day 0:
    `in_last`: -days .. 0; `in_next`: 0 .. days; `older`: before -days; `anniversary`: the date is of an earlier year,
    and its month and day come on one of the days 0 .. days (29 February on the 28th in years without one).
    """

    kind: Literal["date"] = "date"
    field: str = ""
    operator: DateOperator = "in_last"
    values: tuple[str, ...] = ()
    days: SomeDays = 30


class DistanceRule(Definition):
    """At most so many kilometres from a place, over the globe (a sphere of 6371.0088 km); who has no place never is."""

    kind: Literal["distance"] = "distance"
    latitude: Annotated[FiniteFloat, Field(ge=-90, le=90)] = 0.0
    longitude: Annotated[FiniteFloat, Field(ge=-180, le=180)] = 0.0
    kilometers: Annotated[FiniteFloat, Field(gt=0, le=20_100)] = 50.0


class ActivityRule(Definition):
    """Last activity (newest event, or the endpoint's effective date) within the last `days`, or not."""

    kind: Literal["activity"] = "activity"
    operator: Literal["active", "inactive"] = "active"
    days: Days = 30


class AttributeCondition(Definition):
    """A condition on a text attribute of an event; an event without it matches only `is_not` and `is_not_set`."""

    kind: Literal["attribute"] = "attribute"
    name: str = ""
    operator: TextOperator = "is"
    values: tuple[str, ...] = ()


class MetricCondition(Definition):
    """A condition on a number of an event; an event without it never matches."""

    kind: Literal["metric"] = "metric"
    name: str = ""
    comparison: Comparison = "greater_or_equal"
    value: FiniteFloat = 0.0


Condition = Annotated[AttributeCondition | MetricCondition, Field(discriminator="kind")]


class EventWindow(Definition):
    """Which events are looked at: those of a type, in a window, for which every condition is true.

    The window is the last `days` x 24 h (None: ever), up to `until` x 24 h ago; or the days from `start` to `end`, both
    inside, as ISO dates: where either is given, `days` and `until` do not count. The future is never inside.
    """

    event: str = ""
    days: Days | None = 30
    until: SomeDays = 0
    start: str = ""
    end: str = ""
    where: tuple[Condition, ...] = ()


class BehaviourRule(EventWindow):
    """How often an event happened: at least, at most or exactly `times` times.

    `at_most` and `exactly 0` match people who never did it.
    """

    kind: Literal["behaviour"] = "behaviour"
    comparison: Literal["at_least", "at_most", "exactly"] = "at_least"
    times: Annotated[int, Field(ge=0, le=1_000_000)] = 1


class MeasureRule(EventWindow):
    """A figure over events: the sum of a metric (0 without any), its average, least or greatest (never without any).

    Numbers that are not finite count as missing. Sums are compensated: right but for the last digit of a double.
    """

    kind: Literal["measure"] = "measure"
    measure: Literal["sum", "average", "least", "greatest"] = "sum"
    metric: str = ""
    comparison: Comparison = "greater_or_equal"
    value: FiniteFloat = 0.0


class MomentRule(EventWindow):
    """When an event happened for the first or the last time within the window; who never did it never matches.

    `within`: in the last `ago` x 24 h; `before`: earlier than that.
    """

    kind: Literal["moment"] = "moment"
    days: Days | None = None
    which: Literal["first", "last"] = "last"
    operator: Literal["within", "before"] = "within"
    ago: Days = 30


class MessageRule(Definition):
    """What became of messages to the endpoint: of one campaign, or (empty) of any.

    `got`: a server took one; `failed`: one was given up; `opened` and `clicked`: an event `_email.open` or
    `_email.click` whose attribute `campaign_id` names the campaign. `did_not` is the opposite, and true for
    who was never written to.
    """

    kind: Literal["message"] = "message"
    operator: Literal["did", "did_not"] = "did"
    did: Literal["got", "failed", "opened", "clicked"] = "got"
    campaign_id: str = ""
    days: Days | None = None


class Reference(Definition):
    """A stored segment; without a version the newest one at the moment of use."""

    id: str
    version: Annotated[int, Field(ge=1)] | None = None


class SegmentRule(Definition):
    """A member of all, any or none of other segments. One that is not there any more has no members."""

    kind: Literal["segment"] = "segment"
    mode: Literal["all", "any", "none"] = "all"
    segments: tuple[Reference, ...] = ()


class ListRule(Definition):
    """On a list: endpoints put together once, by an import or by making a segment static."""

    kind: Literal["list"] = "list"
    list_id: str = ""


class SearchRule(Definition):
    """Who the search of the people's table finds, whatever the case of letters.

    The address, the id or the user's id contains the text, or the attributes of both contain each word of it somewhere.
    """

    kind: Literal["search"] = "search"
    text: str = ""


class SampleRule(Definition):
    """A random part, the same people each time for the same seed.

    Drawn by ((key mod 2^31) x a + b) mod (2^31 - 1) mod 100,000 < percent x 1,000 with a and b from the seed, so
    that the choice depends on nothing else, and another seed chooses others.
    """

    kind: Literal["sample"] = "sample"
    percent: Annotated[FiniteFloat, Field(ge=0, le=100)] = 10.0
    seed: Annotated[int, Field(ge=0, le=999_999)] = 1


Rule = (
    AttributeRule
    | FieldRule
    | MetricRule
    | ChannelRule
    | CountryRule
    | DateRule
    | DistanceRule
    | ActivityRule
    | BehaviourRule
    | MeasureRule
    | MomentRule
    | MessageRule
    | SegmentRule
    | ListRule
    | SearchRule
    | SampleRule
)

#: rules over the log of events
EVENT_RULES: Final = (BehaviourRule, MeasureRule, MomentRule)
