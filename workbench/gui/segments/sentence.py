"""A rule as a sentence: words, and between them the tokens that can be changed.

The order of words is the translator's: each sentence is one template whose `{names}` are tokens.
"""

from workbench.gui.parts import format as fmt
from workbench.gui.segments.event_sentences import activity_sentence, event_sentence, message_sentence
from workbench.gui.segments.people_sentences import person_sentence
from workbench.gui.segments.pieces import Piece, Token, called, filled, values_tokens
from workbench.gui.segments.wording import MEMBERSHIP, MEMBERSHIPS
from workbench.plan.catalogue import Catalogue, named
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
)
from workbench.plan.words import tr


def sentence(rule: Rule, known: Catalogue | None = None) -> tuple[Piece, ...]:  # noqa: PLR0911 - one per kind
    """The rule in words and tokens; what it refers to by id is called by its name in the catalogue."""
    match rule:
        case BehaviourRule() | MeasureRule() | MomentRule():
            return event_sentence(rule)
        case ActivityRule():
            return activity_sentence(rule)
        case MessageRule():
            return message_sentence(rule, known)
        case SegmentRule():
            return _segments(rule, known)
        case ListRule():
            return _list(rule, known)
        case SearchRule():
            text = tr("“{text}”").format(text=rule.text) if rule.text.strip() else tr("choose a text")
            token = Token("text", text, tr("Text"), empty=not rule.text.strip())
            return filled(tr("is found by {text}"), text=(token,))
        case SampleRule():
            return _sample(rule)
        case AttributeRule() | FieldRule() | MetricRule() | DateRule() | ChannelRule() | CountryRule() | DistanceRule():
            return person_sentence(rule)


def text_of(rule: Rule, known: Catalogue | None = None) -> str:
    """The sentence as plain text, for screen readers and lists."""
    words = (piece if isinstance(piece, str) else piece.text for piece in sentence(rule, known))
    return " ".join(word for word in words if not word.startswith("+ "))


def _segments(rule: SegmentRule, known: Catalogue | None) -> tuple[Piece, ...]:
    names = [called(each.id, known.segments if known else None) for each in rule.segments]
    words = MEMBERSHIP if len(names) == 1 else MEMBERSHIPS
    joint = tr("and") if rule.mode == "all" else tr("or")
    return filled(
        tr("{membership} {segments}"),
        membership=(Token("mode", tr(words[rule.mode]), tr("All, any or none"), "word"),),
        segments=values_tokens(names, "segments", tr("choose segments"), joint, tr("Segments")),
    )


def _list(rule: ListRule, known: Catalogue | None) -> tuple[Piece, ...]:
    text = called(rule.list_id, known.lists if known else None) if rule.list_id else tr("choose a list")
    found = named(known.lists if known else (), rule.list_id)
    if found is not None and found.count is not None:
        text = f"{text} ({fmt.number(found.count)})"
    return filled(tr("is on the list {list}"), list=(Token("list_id", text, tr("List"), empty=not rule.list_id),))


def _sample(rule: SampleRule) -> tuple[Piece, ...]:
    percent = tr("{n} %").format(n=fmt.measured(rule.percent))
    draw = tr("(draw {n})").format(n=rule.seed)
    return filled(
        tr("is in a random {percent} {draw}"),
        percent=(Token("percent", percent, tr("Part of everyone")),),
        draw=(Token("seed", draw, tr("Another draw chooses others"), "word"),),
    )
