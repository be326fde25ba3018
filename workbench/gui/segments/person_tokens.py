"""Editors of the parts of rules about a person: texts, numbers, channel, country, place."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Final

import shiboken6
from PySide6.QtWidgets import QVBoxLayout, QWidget

from workbench.gui.parts import format as fmt
from workbench.gui.parts.field import Field
from workbench.gui.parts.names import all_countries, cell_words, channel_name, country_name, field_name
from workbench.gui.parts.picker import Choice, Picker
from workbench.gui.parts.popover import Popover
from workbench.gui.segments.changes import named, with_part
from workbench.gui.segments.date_tokens import date_editor
from workbench.gui.segments.people_sentences import PersonRule
from workbench.gui.segments.tokens import (
    Editing,
    Shown,
    counted,
    number_line,
    pick,
    set_part,
    several,
    use_typed,
    words_of,
)
from workbench.gui.segments.wording import COMPARISONS, TEXT_OPERATORS
from workbench.gui.theme.tokens import space
from workbench.plan.catalogue import ValueCount
from workbench.plan.endpoint import ATTRIBUTE, CHANNEL_TYPES, FIELDS, USER_ATTRIBUTE
from workbench.plan.segment import (
    AttributeRule,
    ChannelRule,
    CountryRule,
    DateRule,
    DistanceRule,
    FieldRule,
    MetricRule,
)
from workbench.plan.words import tr

_YES_NO: Final = ("is", "is_not")
#: kilometres that a distance may have
_LEAST_FAR: Final = 0.001
_MOST_FAR: Final = 20_100


def person_editor(popover: Popover, edit: Editing, rule: PersonRule, part: str) -> QWidget:
    """The editor of a part of the rule."""
    match rule:
        case MetricRule():
            return _metric(popover, edit, rule, part)
        case DateRule():
            return date_editor(popover, edit, rule, part)
        case DistanceRule():
            return _distance(edit, rule, part)
        case AttributeRule() | FieldRule() | ChannelRule() | CountryRule():
            return _texts(popover, edit, rule, part)


def _metric(popover: Popover, edit: Editing, rule: MetricRule, part: str) -> QWidget:
    if part == "name":
        known = edit.names.catalogue().metrics
        return pick(popover, counted(known), rule.name, partial(set_part, edit, "name"), search=tr("Find a number"))
    if part == "operator":
        return pick(popover, words_of(COMPARISONS), rule.comparison, partial(set_part, edit, "comparison"))
    return number_line(rule.value, partial(set_part, edit, "value"))


def _texts(
    popover: Popover, edit: Editing, rule: AttributeRule | FieldRule | ChannelRule | CountryRule, part: str
) -> QWidget:
    if part == "values":
        return _rule_values(edit, rule)
    if isinstance(rule, FieldRule) and part == "field":
        return _fields(popover, edit, rule)
    if isinstance(rule, AttributeRule) and part == "name":
        return _attribute_names(popover, edit, rule)
    words = words_of(TEXT_OPERATORS, _YES_NO if isinstance(rule, ChannelRule | CountryRule) else ())
    return pick(popover, words, rule.operator, partial(set_part, edit, "operator"))


def _fields(popover: Popover, edit: Editing, rule: FieldRule) -> Picker:
    """The fixed fields of text, by their human names."""
    texts = [Choice(name, field_name(name)) for name, kind in FIELDS.items() if kind == "text"]

    def take(name: str) -> None:
        if name != rule.field:
            edit.change(with_part(edit.rule(), field=name, values=()))
        if name != rule.field or not rule.values:
            edit.follow("values.0")

    return pick(popover, texts, rule.field, take, search=tr("Find a field"), closed=True)


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


def _rule_values(edit: Editing, rule: AttributeRule | FieldRule | ChannelRule | CountryRule) -> Picker:
    take = partial(set_part, edit, "values")
    match rule:
        case ChannelRule():
            picker = several(rule.values, take, None, channel_name)
            picker.show_choices([Choice(channel, channel_name(channel)) for channel in CHANNEL_TYPES])
            return picker
        case CountryRule():
            return _countries(rule.values, take, partial(edit.names.values, "Location.Country"))
        case FieldRule():
            words = partial(cell_words, rule.field)
            return several(rule.values, take, partial(edit.names.values, rule.field), words)
        case AttributeRule():
            field = (USER_ATTRIBUTE if rule.scope == "user" else ATTRIBUTE) + rule.name
            return several(rule.values, take, partial(edit.names.values, field), str)


def _countries(
    chosen: Sequence[str], take: Callable[[tuple[str, ...]], None], ask: Callable[[str, Shown], None]
) -> Picker:
    """Found by name or code: those chosen first, then those that people have, with counts, then all others."""
    counts: dict[str, str] = dict.fromkeys(chosen, "")
    picker = Picker(chosen=chosen, several=True, search=tr("Type a country"), free=use_typed, name="token")

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


def _distance(edit: Editing, rule: DistanceRule, part: str) -> QWidget:
    if part == "kilometers":
        far = partial(set_part, edit, "kilometers")
        return Field(tr("Kilometres"), number_line(rule.kilometers, far, _LEAST_FAR, _MOST_FAR))
    both = QWidget()
    column = QVBoxLayout(both)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(space(2))
    latitude = number_line(rule.latitude, partial(set_part, edit, "latitude"), -90, 90)
    longitude = number_line(rule.longitude, partial(set_part, edit, "longitude"), -180, 180)
    latitude.setObjectName("token_latitude")
    longitude.setObjectName("token_longitude")
    longitude.deselect()
    column.addWidget(Field(tr("Latitude"), latitude))
    column.addWidget(Field(tr("Longitude"), longitude, hint=tr("In degrees; south and west are below zero.")))
    both.setFocusProxy(latitude)
    return both
