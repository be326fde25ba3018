"""Sentences of the rules about what people did, and about what they were sent."""

from workbench.gui.parts import format as fmt
from workbench.gui.segments.pieces import (
    Piece,
    Token,
    called,
    comparison_token,
    filled,
    name_token,
    number_token,
    operator_token,
    text_tokens,
)
from workbench.gui.segments.wording import (
    ACTIVITIES,
    AGO,
    HOW_OFTEN,
    MEASURES,
    MESSAGES,
    WHICH,
    days,
    days_back,
    times,
)
from workbench.plan.catalogue import Catalogue
from workbench.plan.segment import (
    ActivityRule,
    AttributeCondition,
    BehaviourRule,
    Condition,
    EventWindow,
    MeasureRule,
    MessageRule,
    MetricCondition,
    MomentRule,
)
from workbench.plan.words import tr, trn

EventRule = BehaviourRule | MeasureRule | MomentRule


def event_sentence(rule: EventRule) -> tuple[Piece, ...]:
    """The rule in words and tokens, with the conditions on its events."""
    match rule:
        case BehaviourRule():
            main = filled(
                tr("did {event} {often} {times} {window}"),
                event=(_event(rule),),
                often=(
                    Token("comparison", tr(HOW_OFTEN[rule.comparison]), tr("At least, at most or exactly"), "word"),
                ),
                times=(Token("times", times(rule.times), tr("Number of times")),),
                window=_window(rule),
            )
        case MeasureRule():
            number = rule.metric or tr("choose a number")
            main = filled(
                tr("{measure} {metric} over {event} {operator} {value} {window}"),
                measure=(Token("measure", tr(MEASURES[rule.measure]), tr("Figure"), "word"),),
                metric=(Token("metric", number, tr("Number"), "field", empty=not rule.metric),),
                event=(_event(rule),),
                operator=(comparison_token(rule.comparison),),
                value=(number_token(rule.value),),
                window=_window(rule),
            )
        case MomentRule():
            main = _moment(rule)
    return (*main, *_where(rule))


def activity_sentence(rule: ActivityRule) -> tuple[Piece, ...]:
    """Active or not in the last days."""
    return filled(
        trn("was {operator} in the last {days}", "was {operator} in the last {days}", rule.days),
        operator=(Token("operator", tr(ACTIVITIES[rule.operator]), tr("Active or not")),),
        days=(Token("days", days_back(rule.days), tr("Days")),),
    )


def message_sentence(rule: MessageRule, known: Catalogue | None) -> tuple[Piece, ...]:
    """What became of messages; the campaign is called by its name in the catalogue."""
    campaign = tr("any campaign")
    if rule.campaign_id:
        campaign = called(rule.campaign_id, known.campaigns if known else None)
    return filled(
        tr("{did} {campaign} {window}"),
        did=(Token("did", tr(MESSAGES[f"{rule.operator}:{rule.did}"]), tr("What became of it"), "word"),),
        campaign=(Token("campaign_id", campaign, tr("Campaign")),),
        window=_last(rule.days),
    )


def _moment(rule: MomentRule) -> tuple[Piece, ...]:
    """First or last time; the window is told only where it is not all of the past."""
    if rule.operator == "before":
        template, words, amount = tr("did {event} {which} {operator} {days}"), tr(AGO[rule.operator]), days(rule.ago)
    else:
        template, amount = tr("did {event} {which} {operator} {ago}"), days_back(rule.ago)
        words = trn("within the last", "within the last", rule.ago)
    ago = (Token("ago", amount, tr("Days")),)
    main = filled(
        template,
        event=(_event(rule),),
        which=(Token("which", tr(WHICH[rule.which]), tr("First or last"), "word"),),
        operator=(Token("operator", words, tr("Comparison"), "word"),),
        ago=ago,
        days=ago,
    )
    limited = rule.days is not None or rule.until or rule.start or rule.end
    if limited:
        return (*main, *filled(tr("counting only {window}"), window=_window(rule)))
    add = Token("days", tr("+ counting only"), tr("Limit the time that counts"), "add")
    return (*main, add) if rule.event else main


def _window(rule: EventWindow) -> tuple[Piece, ...]:
    """When the events were: `in the last 30 days`, `from 2026-03-01 to 2026-03-31`, `90 to 30 days ago`, `ever`."""
    if not (rule.start or rule.end or rule.until):
        return _last(rule.days)
    if rule.start and rule.end:
        text = tr("from {start} to {end}")
    elif rule.start or rule.end:
        text = tr("from {start} on") if rule.start else tr("up to {end}")
    elif rule.days is None:
        text = tr("more than {last} days ago")
    else:
        text = tr("{first} to {last} days ago")
    first = fmt.number(rule.days or 0)
    said = text.format(start=rule.start, end=rule.end, first=first, last=fmt.number(rule.until))
    return (_when(said),)


def _last(count: int | None) -> tuple[Piece, ...]:
    if count is None:
        return (_when(tr("ever")),)
    template = trn("in the last {days}", "in the last {days}", count)
    return filled(template, days=(_when(days_back(count)),))


def _when(text: str) -> Token:
    return Token("days", text, tr("When"), also=("until", "start", "end"))


def _event(rule: EventWindow) -> Token:
    return Token("event", rule.event or tr("choose an event"), tr("Event"), "field", empty=not rule.event)


def _where(rule: EventWindow) -> tuple[Piece, ...]:
    """The conditions on the event, and an invitation to add one."""
    conditions: list[Piece] = []
    for number, condition in enumerate(rule.where):
        conditions.append(tr("where") if number == 0 else tr("and"))
        conditions += _condition(condition, f"where.{number}")
    add = tr("+ and") if rule.where else tr("+ where")
    more = (Token("where.add", add, tr("Add a condition on the event"), "add"),) if rule.event else ()
    return (*conditions, *more)


def _condition(condition: Condition, key: str) -> tuple[Piece, ...]:
    name = (name_token(condition.name, f"{key}.name"),)
    match condition:
        case AttributeCondition():
            return filled(
                tr("{name} {operator} {values}"),
                name=name,
                operator=(operator_token(condition.operator, len(condition.values), f"{key}.operator"),),
                values=text_tokens(condition.operator, condition.values, f"{key}.values"),
            )
        case MetricCondition():
            return filled(
                tr("{name} {operator} {value}"),
                name=name,
                operator=(comparison_token(condition.comparison, f"{key}.operator"),),
                value=(number_token(condition.value, f"{key}.value"),),
            )
