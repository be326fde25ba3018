"""What opens when a token is pressed; here the editors of messages, segments, lists and samples."""

from functools import partial
from typing import Final

from PySide6.QtWidgets import QLineEdit, QWidget

from workbench.gui.parts.field import Field
from workbench.gui.parts.picker import Choice, Picker
from workbench.gui.parts.popover import Popover
from workbench.gui.segments.amounts import DaysEditor, WholeNumber
from workbench.gui.segments.changes import with_part
from workbench.gui.segments.event_tokens import activity_editor, event_editor
from workbench.gui.segments.person_tokens import person_editor
from workbench.gui.segments.tokens import Editing, number_line, pick, set_part, things, words_of
from workbench.gui.segments.wording import MEMBERSHIPS, MESSAGES
from workbench.gui.theme.tokens import Measure
from workbench.plan.segment import (
    ActivityRule,
    BehaviourRule,
    ListRule,
    MeasureRule,
    MessageRule,
    MomentRule,
    Reference,
    SampleRule,
    SearchRule,
    SegmentRule,
)
from workbench.plan.words import tr

_MOST_DRAWS: Final = 999_999
#: the key of "any campaign"; campaigns have longer ids
_ANY: Final = "any"


def open_editor(popover: Popover, edit: Editing) -> None:
    """Fill the popover with the editor for the part."""
    editor = _editor(popover, edit)
    wide = isinstance(editor, Picker) and not editor.line.isHidden()
    editor.setMinimumWidth(Measure.popover if wide else 0)
    popover.body.addWidget(editor)


def _editor(popover: Popover, edit: Editing) -> QWidget:  # noqa: PLR0911 - one line per kind of rule
    part = edit.key.split(".")[0]
    match edit.rule():
        case BehaviourRule() | MeasureRule() | MomentRule() as rule:
            return event_editor(popover, edit, rule, part)
        case ActivityRule() as rule:
            return activity_editor(popover, edit, rule, part)
        case MessageRule() as rule:
            return _message(popover, edit, rule, part)
        case SegmentRule() as rule:
            return _segments(popover, edit, rule, part)
        case ListRule() as rule:
            take = partial(set_part, edit, "list_id")
            known = things(edit.names.catalogue().lists)
            return pick(popover, known, rule.list_id, take, search=tr("Find a list"), closed=True)
        case SearchRule() as rule:
            return _search(edit, rule)
        case SampleRule() as rule:
            return _sample(edit, rule, part)
        case rule:
            return person_editor(popover, edit, rule, part)


def _message(popover: Popover, edit: Editing, rule: MessageRule, part: str) -> QWidget:
    if part == "did":
        return pick(popover, words_of(MESSAGES), f"{rule.operator}:{rule.did}", partial(_set_did, edit))
    if part == "campaign_id":
        choices = [Choice(_ANY, tr("Any campaign")), *things(edit.names.catalogue().campaigns)]

        def choose(key: str) -> None:
            set_part(edit, "campaign_id", "" if key == _ANY else key)

        return pick(popover, choices, rule.campaign_id or _ANY, choose, search=tr("Find a campaign"), closed=True)
    return DaysEditor(rule.days, partial(set_part, edit, "days"), allow_ever=True, name="token")


def _set_did(edit: Editing, key: str) -> None:
    operator, _, did = key.partition(":")
    edit.change(with_part(edit.rule(), operator=operator, did=did))


def _segments(popover: Popover, edit: Editing, rule: SegmentRule, part: str) -> QWidget:
    if part == "mode":
        return pick(popover, words_of(MEMBERSHIPS), rule.mode, partial(set_part, edit, "mode"))
    pinned = {each.id: each for each in rule.segments}
    barred = edit.names.barred() - set(pinned)
    known = things([each for each in edit.names.catalogue().segments if each.id not in barred])
    search = tr("Find a segment")
    picker = Picker(known, tuple(pinned), several=True, search=search, label=search, name="token")

    def take(_key: str) -> None:
        # Who is on a version of a segment stays on it.
        chosen = tuple(pinned.get(each, Reference(id=each)) for each in picker.chosen())
        set_part(edit, "segments", chosen)

    picker.picked.connect(take)
    return picker


def _search(edit: Editing, rule: SearchRule) -> QWidget:
    line = QLineEdit(rule.text)
    line.setObjectName("token_text")
    line.textEdited.connect(partial(set_part, edit, "text"))
    line.selectAll()
    return Field(tr("Text"), line, hint=tr("In address, ID, names and other attributes."))


def _sample(edit: Editing, rule: SampleRule, part: str) -> QWidget:
    if part == "percent":
        return Field(tr("Percent of everyone"), number_line(rule.percent, partial(set_part, edit, "percent"), 0, 100))
    spin = WholeNumber(rule.seed, 0, _MOST_DRAWS, label=tr("Draw"), name="token_seed")
    spin.valueChanged.connect(partial(set_part, edit, "seed"))
    return Field(tr("Draw"), spin, hint=tr("Another draw chooses others."))
