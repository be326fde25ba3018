"""Editors of the parts of rules about what people did: events, figures, first and last times, activity."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtWidgets import QWidget

from workbench.gui.parts.button import Button
from workbench.gui.parts.picker import Choice, Picker
from workbench.gui.parts.popover import Popover
from workbench.gui.segments.amounts import DaysEditor, TimesEditor
from workbench.gui.segments.changes import condition_about, with_condition, with_part
from workbench.gui.segments.dates import WindowEditor
from workbench.gui.segments.event_sentences import EventRule
from workbench.gui.segments.tokens import Editing, counted, number_line, pick, set_part, several, words_of
from workbench.gui.segments.wording import ACTIVITIES, AGO, COMPARISONS, HOW_OFTEN, MEASURES, TEXT_OPERATORS, WHICH
from workbench.plan.segment import (
    EVENT_RULES,
    ActivityRule,
    AttributeCondition,
    BehaviourRule,
    Condition,
    EventWindow,
    MeasureRule,
    MetricCondition,
    MomentRule,
)
from workbench.plan.words import tr


def event_editor(popover: Popover, edit: Editing, rule: EventRule, part: str) -> QWidget:
    """The editor of a part of the rule."""
    if part == "where":
        return _where(popover, edit, rule, edit.key.split(".")[1:])
    if part == "event":
        return _events(popover, edit, rule)
    if part == "days":
        return WindowEditor(rule, lambda **parts: edit.change(with_part(edit.rule(), **parts)))
    match rule:
        case BehaviourRule():
            return _behaviour(popover, edit, rule, part)
        case MeasureRule():
            return _measure(popover, edit, rule, part)
        case MomentRule():
            return _moment(popover, edit, rule, part)


def activity_editor(popover: Popover, edit: Editing, rule: ActivityRule, part: str) -> QWidget:
    """The editor of a part of the rule."""
    if part == "operator":
        return pick(popover, words_of(ACTIVITIES), rule.operator, partial(set_part, edit, "operator"))
    return DaysEditor(rule.days, partial(set_part, edit, "days"), allow_ever=False, name="token")


def _events(popover: Popover, edit: Editing, rule: EventRule) -> Picker:
    def take(name: str) -> None:
        set_part(edit, "event", name)
        if isinstance(rule, MeasureRule) and not rule.metric:
            edit.follow("metric")

    return pick(popover, counted(edit.names.catalogue().events), rule.event, take, search=tr("Find an event"))


def _behaviour(popover: Popover, edit: Editing, rule: BehaviourRule, part: str) -> QWidget:
    if part == "comparison":
        return pick(popover, words_of(HOW_OFTEN), rule.comparison, partial(set_part, edit, "comparison"))
    return TimesEditor(rule.times, partial(set_part, edit, "times"), name="token")


def _measure(popover: Popover, edit: Editing, rule: MeasureRule, part: str) -> QWidget:
    if part == "measure":
        return pick(popover, words_of(MEASURES), rule.measure, partial(set_part, edit, "measure"))
    if part == "metric":
        event = edit.names.catalogue().event(rule.event)
        choices = [Choice(name, name) for name in (event.metrics if event else ())]
        take = partial(set_part, edit, "metric")
        return pick(popover, choices, rule.metric, take, search=tr("Find a number of the event"))
    if part == "operator":
        return pick(popover, words_of(COMPARISONS), rule.comparison, partial(set_part, edit, "comparison"))
    return number_line(rule.value, partial(set_part, edit, "value"))


def _moment(popover: Popover, edit: Editing, rule: MomentRule, part: str) -> QWidget:
    if part == "which":
        return pick(popover, words_of(WHICH), rule.which, partial(set_part, edit, "which"))
    if part == "operator":
        return pick(popover, words_of(AGO), rule.operator, partial(set_part, edit, "operator"))
    return DaysEditor(rule.ago, partial(set_part, edit, "ago"), allow_ever=False, name="token")


def _where(popover: Popover, edit: Editing, rule: EventWindow, rest: Sequence[str]) -> QWidget:
    """The editor of a part of a condition on the event, or of a new condition."""
    number = len(rule.where) if rest[0] == "add" else int(rest[0])
    part = "name" if rest[0] == "add" else rest[1]
    condition = None if rest[0] == "add" else rule.where[number]

    def change_part(part: str, value: object) -> None:
        now = edit.rule()
        if isinstance(now, EVENT_RULES):
            old = now.where[number]
            new = type(old).model_validate(old.model_dump() | {part: value})
            edit.change(with_condition(now, number, new))

    match condition:
        case AttributeCondition() if part == "operator":
            words = words_of(TEXT_OPERATORS)
            return pick(popover, words, condition.operator, partial(change_part, "operator"))
        case AttributeCondition() if part == "values":
            ask = partial(edit.names.event_values, rule.event, condition.name)
            return several(condition.values, partial(change_part, "values"), ask, str)
        case MetricCondition() if part == "operator":
            return pick(popover, words_of(COMPARISONS), condition.comparison, partial(change_part, "comparison"))
        case MetricCondition() if part == "value":
            return number_line(condition.value, partial(change_part, "value"))
        case _:
            return _condition_names(popover, edit, rule, number)


def _condition_names(popover: Popover, edit: Editing, rule: EventWindow, number: int) -> QWidget:
    known = edit.names.catalogue().event(rule.event)
    choices = [Choice(name, name) for name in known.attributes] if known else []
    choices += (
        [Choice(name, name, tr("number")) for name in known.metrics if name not in known.attributes] if known else []
    )
    there = number < len(rule.where)

    def change(condition: Condition | None) -> None:
        now = edit.rule()
        if isinstance(now, EVENT_RULES):
            edit.change(with_condition(now, number, condition))

    def take(name: str) -> None:
        if name == _condition_name(edit.rule(), number):
            return
        condition = condition_about(name, known)
        change(condition)
        edit.follow(
            f"where.{number}.values.0" if isinstance(condition, AttributeCondition) else f"where.{number}.value"
        )

    def remove() -> None:
        popover.close()
        change(None)

    current = _condition_name(rule, number)
    picker = pick(popover, choices, current, take, search=tr("Find a field of the event"))
    if there:
        layout = picker.layout()
        if layout is not None:
            layout.addWidget(Button(tr("Remove the condition"), "quiet", on_click=remove, name="token_remove"))
    return picker


def _condition_name(rule: object, number: int) -> str:
    """The field that the condition is about; empty where there is no such condition."""
    return rule.where[number].name if isinstance(rule, EVENT_RULES) and number < len(rule.where) else ""
