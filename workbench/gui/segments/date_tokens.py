"""Editors of the parts of rules about dates."""

from functools import partial
from typing import Final

from PySide6.QtWidgets import QWidget

from workbench.gui.parts.field import Field
from workbench.gui.parts.names import field_name
from workbench.gui.parts.picker import Choice, Picker
from workbench.gui.parts.popover import Popover
from workbench.gui.segments.amounts import WholeNumber
from workbench.gui.segments.changes import with_part
from workbench.gui.segments.dates import DateField
from workbench.gui.segments.tokens import Editing, counted, pick, set_part, words_of
from workbench.gui.segments.wording import DATE_OPERATORS
from workbench.plan.endpoint import ATTRIBUTE, FIELDS, USER_ATTRIBUTE
from workbench.plan.segment import DateRule
from workbench.plan.segment_rules import DATES_TAKEN, MOST_ANNIVERSARY_DAYS
from workbench.plan.words import tr

_MOST_DAYS: Final = 36_500


def date_editor(popover: Popover, edit: Editing, rule: DateRule, part: str) -> QWidget:
    """The editor of a part of the rule."""
    if part == "field":
        return _fields(popover, edit, rule)
    if part == "operator":
        return _operators(popover, edit, rule)
    if part == "values":
        number = int(edit.key.split(".")[1])
        value = rule.values[number] if number < len(rule.values) else ""
        words = tr("Date, or date and time")
        field = DateField(value, partial(_set_date, edit, number), label=words, name="token_date")
        field.date.selectAll()
        return field
    most = max(rule.days, MOST_ANNIVERSARY_DAYS) if rule.operator == "anniversary" else _MOST_DAYS
    spin = WholeNumber(rule.days, 0, most, label=tr("Days"), name="token_days")
    spin.valueChanged.connect(partial(set_part, edit, "days"))
    return Field(tr("Days"), spin, hint=tr("0 is today alone."))


def _fields(popover: Popover, edit: Editing, rule: DateRule) -> Picker:
    catalogue = edit.names.catalogue()
    choices = [
        *counted(catalogue.attributes, ATTRIBUTE),
        *counted(catalogue.user_attributes, USER_ATTRIBUTE, tr("of the person")),
        *(Choice(name, field_name(name)) for name, kind in FIELDS.items() if kind == "time"),
    ]

    def take(key: str) -> None:
        known = key in FIELDS or key.startswith((ATTRIBUTE, USER_ATTRIBUTE))
        set_part(edit, "field", key if known else ATTRIBUTE + key)

    return pick(popover, choices, rule.field, take, search=tr("Find a field"))


def _operators(popover: Popover, edit: Editing, rule: DateRule) -> Picker:
    def take(operator: str) -> None:
        """Keep as many dates as the other comparison takes, and ask for the first that is missing."""
        taken = DATES_TAKEN.get(operator, 0)
        kept = rule.values[:taken]
        edit.change(with_part(edit.rule(), operator=operator, values=kept))
        if len(kept) < taken:
            edit.follow(f"values.{len(kept)}")

    return pick(popover, words_of(DATE_OPERATORS), rule.operator, take)


def _set_date(edit: Editing, number: int, text: str) -> None:
    rule = edit.rule()
    if isinstance(rule, DateRule):
        values = [*rule.values, *[""] * (number + 1 - len(rule.values))]
        values[number] = text
        set_part(edit, "values", tuple(values))
