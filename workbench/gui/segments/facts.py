"""The facts behind the truth of a rule for one person, in words."""

from datetime import UTC, datetime

from workbench.gui.parts import format as fmt
from workbench.gui.parts.names import cell_words
from workbench.plan.segment import (
    ActivityRule,
    AttributeRule,
    BehaviourRule,
    ChannelRule,
    CountryRule,
    DateRule,
    DistanceRule,
    FieldRule,
    ListRule,
    MeasureRule,
    MessageRule,
    MetricRule,
    MomentRule,
    Rule,
    SampleRule,
    SearchRule,
    SegmentRule,
    Truth,
)
from workbench.plan.words import tr, trn


def facts_of(rule: Rule, truth: Truth) -> str:  # noqa: C901, PLR0911 - one per kind of rule
    """What is known of the person that the rule looks at."""
    match rule:
        case SegmentRule():
            return tr("true") if truth.true else tr("not true")
        case ListRule():
            return tr("is on it") if truth.true else tr("is not on it")
        case SearchRule():
            return tr("is found") if truth.true else tr("is not found")
        case SampleRule():
            return tr("was drawn") if truth.true else tr("was not drawn")
        case MetricRule():
            value = _number(truth, "value")
            return tr("has no number") if value is None else tr("has {value}").format(value=fmt.measured(value))
        case DistanceRule():
            far = _number(truth, "kilometers")
            return tr("has no place") if far is None else tr("{n} km away").format(n=fmt.measured(far))
        case ActivityRule():
            last = max(filter(None, (_moment(truth, "newest"), _moment(truth, "effective"))), default=None)
            return tr("never active") if last is None else tr("last active {when}").format(when=fmt.relative(last))
        case BehaviourRule() | MeasureRule() | MomentRule() | MessageRule():
            return _happened(rule, truth)
        case FieldRule(field=field):
            return _values(truth, field)
        case ChannelRule():
            return _values(truth, "ChannelType")
        case CountryRule():
            return _values(truth, "Location.Country")
        case AttributeRule() | DateRule():
            return _values(truth, "")


def _values(truth: Truth, field: str) -> str:
    text = str(truth.facts.get("values", ""))
    if not text:
        return tr("has no value")
    return tr("has {value}").format(value=_timed(text) if "T" in text else cell_words(field, text))


def _timed(text: str) -> str:
    """A time of the store as it is read elsewhere; other texts as they are."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return text
    return fmt.exact(moment) if moment.tzinfo else text


def _happened(rule: BehaviourRule | MeasureRule | MomentRule | MessageRule, truth: Truth) -> str:
    """How often in the rule's window, and when; for figures the figure."""
    count = int(_number(truth, "times") or 0)
    if not count:
        return tr("not once in this time")
    often = trn("{n} time", "{n} times", count).format(n=fmt.number(count))
    figure = _number(truth, "figure")
    if isinstance(rule, MeasureRule):
        over = trn("over {n} event", "over {n} events", count).format(n=fmt.number(count))
        return over if figure is None else f"{fmt.measured(figure)} {over}"
    first = isinstance(rule, MomentRule) and rule.which == "first"
    moment = _moment(truth, "first" if first else "last")
    if moment is None:
        return often
    words = tr("{often}, first {when}") if first else tr("{often}, last {when}")
    return words.format(often=often, when=fmt.relative(moment))


def _number(truth: Truth, name: str) -> float | None:
    value = truth.facts.get(name)
    return None if value is None or isinstance(value, str) else float(value)


def _moment(truth: Truth, name: str) -> datetime | None:
    text = truth.facts.get(name)
    if not isinstance(text, str):
        return None
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
