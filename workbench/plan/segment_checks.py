"""What is wrong with a rule, said at its part."""

from collections.abc import Sequence
from datetime import date
from typing import Final

from workbench.plan.catalogue import Catalogue, named
from workbench.plan.dates import is_moment
from workbench.plan.endpoint import CHANNEL_TYPES, FIELDS
from workbench.plan.fields import ATTRIBUTE, METRIC, USER_ATTRIBUTE
from workbench.plan.problem import Problem
from workbench.plan.segment_rules import (
    DATES_TAKEN,
    MOST_ANNIVERSARY_DAYS,
    NO_VALUES,
    ActivityRule,
    AttributeCondition,
    AttributeRule,
    BehaviourRule,
    ChannelRule,
    CountryRule,
    DateRule,
    DistanceRule,
    EventWindow,
    FieldRule,
    ListRule,
    MeasureRule,
    MessageRule,
    MetricRule,
    MomentRule,
    Rule,
    SampleRule,
    Scope,
    SearchRule,
    SegmentRule,
)
from workbench.plan.words import N_, Words

_PREFIX: Final[dict[Scope, str]] = {"endpoint": ATTRIBUTE, "user": USER_ATTRIBUTE}
#: fixed fields that have a rule of their own, or hold no text
_NO_TEXT: Final = {name for name, kind in FIELDS.items() if kind != "text"}


def rule_problems(  # noqa: C901, PLR0911, PLR0912 - one line per kind
    where: str, rule: Rule, catalogue: Catalogue | None, own_id: str = ""
) -> list[Problem]:
    """Problems at `where.…`; with a catalogue unknown names are advice, since they may come later."""
    match rule:
        case AttributeRule():
            prefix = _PREFIX[rule.scope]
            return [*_name(where, rule.name, prefix, catalogue), *_needs_values(where, rule.operator, rule.values)]
        case MetricRule():
            return _name(where, rule.name, METRIC, catalogue)
        case FieldRule():
            return [*_text_field(where, rule), *_needs_values(where, rule.operator, rule.values)]
        case ChannelRule() | CountryRule():
            return _listed(where, rule)
        case DateRule():
            return _date(where, rule, catalogue)
        case BehaviourRule() | MeasureRule() | MomentRule():
            return _events(where, rule, catalogue)
        case SegmentRule():
            return _segments(where, rule, catalogue, own_id)
        case ListRule():
            if rule.list_id and (catalogue is None or named(catalogue.lists, rule.list_id)):
                return []
            return [_missing(f"{where}.list_id", N_("The rule names no list that is there."))]
        case MessageRule():
            if not rule.campaign_id or catalogue is None or named(catalogue.campaigns, rule.campaign_id):
                return []
            return [_missing(f"{where}.campaign_id", N_("The rule names no campaign that is there."))]
        case SearchRule():
            if rule.text.strip():
                return []
            return [Problem(f"{where}.text", Words(N_("The rule has no text to find.")), Words(N_("Type one.")))]
        case ActivityRule() | DistanceRule() | SampleRule():
            return []


def _segments(where: str, rule: SegmentRule, catalogue: Catalogue | None, own_id: str) -> list[Problem]:
    here = f"{where}.segments"
    if not rule.segments:
        return [_missing(here, N_("The rule names no segment."))]
    if catalogue is None:
        return []
    found = []
    for each in rule.segments:
        segment = named(catalogue.segments, each.id)
        if segment is None:
            found.append(_missing(here, N_("The rule names a segment that is not there any more.")))
        elif own_id and own_id in reached(each.id, catalogue):
            text = Words(N_("“{name}” contains this segment itself."), {"name": segment.name})
            found.append(Problem(here, text, Words(N_("Choose another one."))))
    return found


def reached(segment_id: str, catalogue: Catalogue) -> set[str]:
    """The segment and all that it refers to, over any number of steps."""
    found: set[str] = set()
    waiting = [segment_id]
    while waiting:
        here = waiting.pop()
        if here not in found:
            found.add(here)
            segment = named(catalogue.segments, here)
            waiting += segment.uses if segment else ()
    return found


def _name(where: str, name: str, prefix: str, catalogue: Catalogue | None) -> list[Problem]:
    if not name:
        return [_missing(f"{where}.name", N_("The rule names no field."))]
    if catalogue is not None and not catalogue.has(prefix + name):
        return [_unknown(f"{where}.name", name, catalogue.suggestion(prefix + name))]
    return []


def _needs_values(where: str, operator: str, values: Sequence[str]) -> list[Problem]:
    return [] if values or operator in NO_VALUES else [_no_values(where)]


def _text_field(where: str, rule: FieldRule) -> list[Problem]:
    if rule.field in FIELDS and rule.field not in _NO_TEXT:
        return []
    text = Words(N_("“{name}” is no field of text."), {"name": rule.field})
    return [Problem(f"{where}.field", text, Words(N_("Choose one.")))]


def _listed(where: str, rule: ChannelRule | CountryRule) -> list[Problem]:
    if not rule.values:
        return [_no_values(where)]
    wrong = [value for value in rule.values if isinstance(rule, ChannelRule) and value not in CHANNEL_TYPES]
    if wrong:
        return [
            Problem(
                f"{where}.values",
                Words(N_("“{value}” is not a channel."), {"value": wrong[0]}),
                Words(N_("Use one of {channels}."), {"channels": ", ".join(CHANNEL_TYPES)}),
            )
        ]
    return []


def _date(where: str, rule: DateRule, catalogue: Catalogue | None) -> list[Problem]:
    found = []
    if not rule.field:
        found.append(_missing(f"{where}.field", N_("The rule names no field.")))
    elif FIELDS.get(rule.field) != "time" and not rule.field.startswith((ATTRIBUTE, USER_ATTRIBUTE)):
        text = Words(N_("“{name}” holds no dates."), {"name": rule.field})
        found.append(Problem(f"{where}.field", text, Words(N_("Choose one."))))
    elif catalogue is not None and not catalogue.has(rule.field):
        found.append(_unknown(f"{where}.field", rule.field, catalogue.suggestion(rule.field)))
    taken = DATES_TAKEN.get(rule.operator, 0)
    if taken and len(rule.values) != taken:
        text = Words(N_("The rule needs {n} dates.") if taken > 1 else N_("The rule needs a date."), {"n": taken})
        found.append(Problem(f"{where}.values", text, Words(N_("Write it as 2026-03-31 or 2026-03-31T12:00."))))
    wrong = next((value for value in rule.values[:taken] if not is_moment(value)), None)
    if wrong is not None:
        found.append(_no_date(f"{where}.values", wrong))
    elif taken == len(rule.values) == 2 and rule.values[0] > rule.values[1]:  # noqa: PLR2004 - between two
        found.append(_backwards(f"{where}.values"))
    if rule.operator == "anniversary" and rule.days > MOST_ANNIVERSARY_DAYS:
        text = Words(N_("An anniversary is at most {n} days ahead."), {"n": MOST_ANNIVERSARY_DAYS})
        found.append(Problem(f"{where}.days", text, Words(N_("Choose fewer days."))))
    return found


def _events(where: str, rule: EventWindow, catalogue: Catalogue | None) -> list[Problem]:
    found = []
    if not rule.event:
        found.append(_missing(f"{where}.event", N_("The rule names no event.")))
    elif catalogue is not None and catalogue.event(rule.event) is None:
        found.append(_unknown(f"{where}.event", rule.event, None))
    if isinstance(rule, MeasureRule) and not rule.metric:
        found.append(_missing(f"{where}.metric", N_("The rule names no number of the event.")))
    found += _window(where, rule)
    for number, condition in enumerate(rule.where):
        here = f"{where}.where.{number}"
        if not condition.name:
            found.append(_missing(f"{here}.name", N_("The condition names no field.")))
        if isinstance(condition, AttributeCondition):
            found += _needs_values(here, condition.operator, condition.values)
    return found


def _window(where: str, rule: EventWindow) -> list[Problem]:
    if not rule.start and not rule.end:
        if rule.days is None or rule.until < rule.days:
            return []
        text = Words(N_("The window ends before it begins."))
        return [Problem(f"{where}.until", text, Words(N_("Choose fewer days.")))]
    ends = (("start", rule.start), ("end", rule.end))
    wrong = [_no_date(f"{where}.{part}", value) for part, value in ends if value and not _is_day(value)]
    if not wrong and rule.start and rule.end and rule.start > rule.end:
        wrong.append(_backwards(f"{where}.start"))
    return wrong


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _missing(where: str, text: str) -> Problem:
    return Problem(where, Words(text), Words(N_("Choose one.")))


def _no_values(where: str) -> Problem:
    return Problem(f"{where}.values", Words(N_("The rule has no value to compare with.")), Words(N_("Add one.")))


def _no_date(where: str, text: str) -> Problem:
    words = Words(N_("“{text}” is not a date."), {"text": text})
    return Problem(where, words, Words(N_("Write it as 2026-03-31 or 2026-03-31T12:00.")))


def _backwards(where: str) -> Problem:
    return Problem(where, Words(N_("The first date is later than the second.")), Words(N_("Swap them.")))


def _unknown(where: str, name: str, suggestion: str | None) -> Problem:
    fix = Words(N_("Did you mean {name}?"), {"name": suggestion}) if suggestion else Words(N_("Nobody has it so far."))
    return Problem(where, Words(N_("“{name}” is not known."), {"name": name}), fix, blocks=False)
