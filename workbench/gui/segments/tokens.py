"""What opens when a token of a rule's sentence is pressed: the editor of that part of the rule."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final, Protocol

import shiboken6
from PySide6.QtWidgets import QWidget

from workbench.gui.parts import format as fmt
from workbench.gui.parts.button import Button
from workbench.gui.parts.names import all_countries, channel_name, country_name
from workbench.gui.parts.picker import Choice, Picker
from workbench.gui.parts.popover import Popover
from workbench.gui.segments.amounts import DaysEditor, NumberLine, TimesEditor
from workbench.gui.segments.changes import condition_about, named, with_condition, with_part
from workbench.gui.segments.sentence import ACTIVITIES, COMPARISONS, HOW_OFTEN, TEXT_OPERATORS
from workbench.gui.theme.tokens import Measure
from workbench.plan.catalogue import Catalogue, Known, ValueCount
from workbench.plan.endpoint import ATTRIBUTE, CHANNEL_TYPES, USER_ATTRIBUTE
from workbench.plan.segment import (
    EVENT_RULES,
    ActivityRule,
    AttributeCondition,
    AttributeRule,
    BehaviourRule,
    ChannelRule,
    Condition,
    CountryRule,
    EventWindow,
    MetricCondition,
    MetricRule,
    Rule,
)
from workbench.plan.words import tr

_EVENT_OPERATORS: Final = ("is", "is_not", "contains")
_YES_NO: Final = ("is", "is_not")

Shown = Callable[[tuple[ValueCount, ...]], None]


class Names(Protocol):
    """Where an editor learns which names and values there are."""

    def catalogue(self) -> Catalogue:
        """All known names."""
        ...

    def values(self, field: str, prefix: str, shown: Shown) -> None:
        """Ask for the values of a dotted field that begin with the prefix."""
        ...

    def event_values(self, event: str, attribute: str, prefix: str, shown: Shown) -> None:
        """Ask for the values of an event's attribute that begin with the prefix."""
        ...


@dataclass(frozen=True, slots=True)
class Editing:
    """What an editor works on.

    Attributes:
        rule: gives the rule as it is now.
        key: which part of it.
        names: what is known.
        change: takes the new rule; typing in one editor is one step to undo.
        follow: opens the editor of another part once this one has closed.
    """

    rule: Callable[[], Rule]
    key: str
    names: Names
    change: Callable[[Rule], None]
    follow: Callable[[str], None]


def open_editor(popover: Popover, edit: Editing) -> None:
    """Fill the popover with the editor for the part."""
    part, *rest = edit.key.split(".")
    rule = edit.rule()
    editor: QWidget
    match rule:
        case BehaviourRule():
            editor = where(popover, edit, rule, rest) if part == "where" else _behaviour(popover, edit, rule, part)
        case AttributeRule() if part == "name":
            editor = _attribute_names(popover, edit, rule)
        case MetricRule():
            editor = _metric(popover, edit, rule, part)
        case ActivityRule() if part == "days":
            editor = DaysEditor(rule.days, partial(set_part, edit, "days"), allow_ever=False, name="token")
        case AttributeRule() | ChannelRule() | CountryRule() if part == "values":
            editor = _rule_values(edit, rule)
        case AttributeRule() | ChannelRule() | CountryRule() | ActivityRule():
            editor = pick(popover, _operators(rule), rule.operator, partial(set_part, edit, "operator"))
        case _:
            raise TypeError(rule.kind)  # those have their editors elsewhere
    wide = isinstance(editor, Picker) and not editor.line.isHidden()
    editor.setMinimumWidth(Measure.popover if wide else 0)
    popover.body.addWidget(editor)


def _metric(popover: Popover, edit: Editing, rule: MetricRule, part: str) -> QWidget:
    if part == "name":
        known = edit.names.catalogue().metrics
        return pick(popover, counted(known), rule.name, partial(set_part, edit, "name"), search=tr("Find a number"))
    if part == "operator":
        return pick(popover, words_of(COMPARISONS), rule.comparison, partial(set_part, edit, "comparison"))
    return number_line(rule.value, partial(set_part, edit, "value"))


def _operators(rule: AttributeRule | ChannelRule | CountryRule | ActivityRule) -> list[Choice]:
    match rule:
        case ActivityRule():
            return words_of(ACTIVITIES)
        case AttributeRule():
            return words_of(TEXT_OPERATORS)
        case _:
            return words_of(TEXT_OPERATORS, _YES_NO)


def set_part(edit: Editing, part: str, value: object) -> None:
    """Change one part of the rule as it is now."""
    edit.change(with_part(edit.rule(), **{part: value}))


def words_of(table: dict[str, str], only: Sequence[str] = ()) -> list[Choice]:
    """The words of a table as choices."""
    return [Choice(key, tr(word)) for key, word in table.items() if not only or key in only]


def counted(known: Sequence[Known], prefix: str = "", note: str = "") -> list[Choice]:
    """Names as choices, with how many carry each."""

    def remark(one: Known) -> str:
        count = "" if one.count is None else fmt.number(one.count)
        return " · ".join(part for part in (note, count) if part)

    return [Choice(f"{prefix}{one.name}", one.name, remark(one)) for one in known]


def _use(text: str) -> str:
    return tr("Use “{text}”").format(text=text)


def pick(
    popover: Popover,
    choices: Sequence[Choice],
    current: str,
    take: Callable[[str], object],
    *,
    search: str = "",
) -> Picker:
    """One of the choices; the popover closes with the answer."""
    picker = Picker(choices, (current,) if current else (), search=search, free=_use if search else None, name="token")

    def picked(key: str) -> None:
        popover.close()
        take(key)

    picker.picked.connect(picked)
    return picker


def _attribute_names(popover: Popover, edit: Editing, rule: AttributeRule) -> Picker:
    catalogue = edit.names.catalogue()
    choices = [
        *counted(catalogue.attributes, "endpoint:"),
        *counted(catalogue.user_attributes, "user:", tr("of the person")),
    ]

    def take(key: str) -> None:
        scope, colon, name = key.partition(":")
        known = colon and scope in {"endpoint", "user"}
        new = named(rule, scope, name) if known else named(rule, "endpoint", key)
        edit.change(new)
        if new != rule:
            edit.follow("values.0")

    return pick(popover, choices, f"{rule.scope}:{rule.name}" if rule.name else "", take, search=tr("Find a field"))


def number_line(value: float, take: Callable[[float], None]) -> NumberLine:
    """A line for a number."""
    line = NumberLine(value, label=tr("Number"), name="token_number")
    line.changed.connect(take)
    line.selectAll()
    return line


def several(
    chosen: Sequence[str],
    take: Callable[[tuple[str, ...]], None],
    ask: Callable[[str, Shown], None] | None,
    words: Callable[[str], str],
) -> Picker:
    """Several values: those chosen first, then the most frequent ones, with counts; own ones can be typed."""
    picker = Picker(
        [Choice(value, words(value)) for value in chosen],
        chosen,
        several=True,
        search=tr("Type a value"),
        free=_use,
        local=ask is None,
        name="token",
    )

    def shown(found: tuple[ValueCount, ...]) -> None:
        if not shiboken6.isValid(picker):
            return  # the popover was closed before the answer came
        text = picker.line.text().strip()
        first = (
            []
            if text
            else [Choice(value, words(value)) for value in picker.chosen() if value not in {f.value for f in found}]
        )
        picker.show_choices([*first, *(Choice(one.value, words(one.value), fmt.number(one.count)) for one in found)])

    picker.picked.connect(lambda _key: take(picker.chosen()))
    if ask is not None:
        picker.typed.connect(lambda text: ask(text.strip(), shown))
        ask("", shown)
    return picker


def _rule_values(edit: Editing, rule: AttributeRule | ChannelRule | CountryRule) -> Picker:
    take = partial(set_part, edit, "values")
    match rule:
        case ChannelRule():
            picker = several(rule.values, take, None, channel_name)
            picker.show_choices([Choice(channel, channel_name(channel)) for channel in CHANNEL_TYPES])
            return picker
        case CountryRule():
            return _countries(rule.values, take, partial(edit.names.values, "Location.Country"))
        case AttributeRule():
            field = (USER_ATTRIBUTE if rule.scope == "user" else ATTRIBUTE) + rule.name
            return several(rule.values, take, partial(edit.names.values, field), str)


def _countries(
    chosen: Sequence[str], take: Callable[[tuple[str, ...]], None], ask: Callable[[str, Shown], None]
) -> Picker:
    """Found by name or code: those chosen first, then those that people have, with counts, then all others."""
    counts: dict[str, str] = dict.fromkeys(chosen, "")
    picker = Picker(chosen=chosen, several=True, search=tr("Type a country"), free=_use, name="token")

    def show() -> None:
        codes = [*counts, *(code for code in all_countries() if code not in counts)]
        picker.show_choices([Choice(code, country_name(code), counts.get(code, ""), code) for code in codes])

    def shown(found: tuple[ValueCount, ...]) -> None:
        if shiboken6.isValid(picker):  # the popover may have been closed before the answer came
            counts.update({one.value: fmt.number(one.count) for one in found})
            show()

    picker.picked.connect(lambda _key: take(picker.chosen()))
    picker.typed.connect(lambda text: ask(text.strip(), shown))
    show()
    ask("", shown)
    return picker


def _behaviour(popover: Popover, edit: Editing, rule: BehaviourRule, part: str) -> QWidget:
    if part == "event":
        known = edit.names.catalogue().events
        return pick(popover, counted(known), rule.event, partial(set_part, edit, "event"), search=tr("Find an event"))
    if part == "comparison":
        return pick(popover, words_of(HOW_OFTEN), rule.comparison, partial(set_part, edit, "comparison"))
    if part == "times":
        return TimesEditor(rule.times, partial(set_part, edit, "times"), name="token")
    return DaysEditor(rule.days, partial(set_part, edit, "days"), allow_ever=True, name="token")


def where(popover: Popover, edit: Editing, rule: EventWindow, rest: Sequence[str]) -> QWidget:
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
            words = words_of(TEXT_OPERATORS, _EVENT_OPERATORS)
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
