"""The one place where a segment becomes SQL.

Every rule is a condition on `e`, a row of `endpoints`; see `conditions` for how they are put together.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache

import duckdb

from workbench.plan.segment import (
    ActivityRule,
    AttributeRule,
    BehaviourRule,
    ChannelRule,
    CountryRule,
    DateRule,
    DistanceRule,
    FieldRule,
    Group,
    ListRule,
    MeasureRule,
    MessageRule,
    MetricRule,
    MomentRule,
    Reference,
    Rule,
    SampleRule,
    SearchRule,
    Segment,
    SegmentRule,
)
from workbench.store import catalogue, rollups, rules_events, rules_people, search
from workbench.store.catalogue import Columns
from workbench.store.conditions import EVERYONE, NOBODY, bracketed, negated
from workbench.store.queries import Query, sql


@dataclass(frozen=True, slots=True)
class Reading:
    """What conditions depend on beside the rules.

    Attributes:
        now: the instant, in UTC.
        columns: the columns of the names in use.
        zone: the workspace's time zone.
        segment: gives the root of a stored segment; None where it is not there.
        inside: the stored segments that are being put in, so that one that contains itself has an end.
    """

    now: datetime
    columns: Columns
    zone: str = "UTC"
    segment: Callable[[Reference], Group | None] = lambda _reference: None
    inside: tuple[str, ...] = ()

    @property
    def instant(self) -> datetime:
        """`now` as the store keeps times: UTC without a zone."""
        return self.now.astimezone(UTC).replace(tzinfo=None)


def reading(cursor: duckdb.DuckDBPyConnection, now: datetime) -> Reading:
    """How the workspace's segments are read at this instant; the cursor must stay open while conditions are made."""

    @cache
    def stored(reference: Reference) -> Group | None:
        row = cursor.execute(
            """SELECT body FROM definitions WHERE kind = 'segment' AND id = $1 AND NOT deleted
                AND version = coalesce($2, version) ORDER BY version DESC LIMIT 1""",
            [reference.id, reference.version],
        ).fetchone()
        return Segment.from_json(row[0]).root if row else None

    return Reading(now, catalogue.load(cursor), rollups.zone(cursor), stored)


def matching(segment: Segment, how: Reading) -> Query:
    """`SELECT e.key ...` of every endpoint that is a member at that instant, in no order, each once."""
    return sql("SELECT e.key FROM endpoints e WHERE {chosen}", chosen=condition(segment.root, how))


def condition(item: Rule | Group, how: Reading) -> Query:
    """The rule or group as a condition on `e`; NULL counts as false."""
    if isinstance(item, Group):
        return combined(item, [condition(each, how) for each in item.items])
    return rule_condition(item, how)


def combined(group: Group, parts: Sequence[Query]) -> Query:
    """The conditions of a group's items as the group's own."""
    return _combined(group.mode, parts) if parts else EVERYONE


def _combined(mode: str, parts: Sequence[Query]) -> Query:
    if mode == "all":
        return bracketed(" AND ", parts)
    some = bracketed(" OR ", parts)
    return some if mode == "any" else negated(some)


def rule_condition(rule: Rule, how: Reading) -> Query:  # noqa: C901, PLR0911 - one line per kind of rule
    """One rule as a condition on `e`."""
    match rule:
        case AttributeRule():
            return rules_people.attribute(rule, how.columns)
        case MetricRule():
            return rules_people.metric(rule, how.columns)
        case FieldRule() | ChannelRule() | CountryRule():
            return rules_people.field(rule)
        case DateRule():
            return rules_people.dated(rule, how.columns, how.now, how.zone)
        case DistanceRule():
            return rules_people.near(rule)
        case SearchRule():
            text = rule.text.strip()
            return sql("({found})", found=search.found(text, how.columns)) if text else NOBODY
        case SampleRule():
            return rules_people.sampled(rule)
        case ListRule():
            return sql("e.key IN (SELECT key FROM list_members WHERE list_id = {id})", id=rule.list_id)
        case SegmentRule():
            return _members(rule, how)
        case ActivityRule():
            return rules_events.activity(rule, how.instant)
        case BehaviourRule() | MeasureRule() | MomentRule():
            return rules_events.happened(rule, how.columns, how.instant, how.zone)
        case MessageRule():
            return rules_events.messaged(rule, how.columns, how.instant)


def _members(rule: SegmentRule, how: Reading) -> Query:
    if not rule.segments:
        return NOBODY
    return _combined(rule.mode, [_member(each, how) for each in rule.segments])


def _member(reference: Reference, how: Reading) -> Query:
    root = None if reference.id in how.inside else how.segment(reference)
    if root is None:
        return NOBODY
    return condition(root, replace(how, inside=(*how.inside, reference.id)))
