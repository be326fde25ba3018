"""Editors of the parts of rules about dates, places, figures, messages, other segments and samples."""

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from workbench.gui.parts import format as fmt
from workbench.gui.parts.field import Field
from workbench.gui.parts.names import field_name
from workbench.gui.parts.picker import Choice, Picker
from workbench.gui.parts.popover import Popover
from workbench.gui.segments.amounts import DaysEditor, WholeNumber
from workbench.gui.segments.changes import with_part
from workbench.gui.segments.sentence import (
    AGO,
    COMPARISONS,
    DATE_OPERATORS,
    MEASURES,
    MEMBERSHIPS,
    MESSAGES,
    TEXT_OPERATORS,
    WHICH,
)
from workbench.gui.segments.tokens import (
    Editing,
    counted,
    number_line,
    pick,
    set_part,
    several,
    where,
    words_of,
)
from workbench.gui.segments.tokens import open_editor as open_common
from workbench.gui.theme.tokens import Measure
from workbench.plan.catalogue import Named
from workbench.plan.dates import is_moment
from workbench.plan.endpoint import ATTRIBUTE, FIELDS, USER_ATTRIBUTE
from workbench.plan.segment import (
    DateRule,
    DistanceRule,
    FieldRule,
    ListRule,
    MeasureRule,
    MessageRule,
    MomentRule,
    SampleRule,
    SegmentRule,
)
from workbench.plan.words import tr

_MOST_DRAWS = 999_999


def open_editor(popover: Popover, edit: Editing) -> None:
    """Fill the popover with the editor for the part."""
    editor = _editor(popover, edit)
    if editor is None:
        open_common(popover, edit)
        return
    wide = isinstance(editor, Picker) and not editor.line.isHidden()
    editor.setMinimumWidth(Measure.popover if wide else 0)
    popover.body.addWidget(editor)


def _editor(popover: Popover, edit: Editing) -> QWidget | None:  # noqa: PLR0911 - one line per kind of rule
    part = edit.key.split(".")[0]
    match edit.rule():
        case FieldRule() as rule:
            return _field(popover, edit, rule, part)
        case DateRule() as rule:
            return _date(popover, edit, rule, part)
        case DistanceRule() as rule:
            return _place(edit, rule) if part == "place" else number_line(rule.kilometers, _bounded(edit, "kilometers"))
        case MeasureRule() | MomentRule() as rule:
            return _event(popover, edit, rule, part)
        case MessageRule() as rule:
            return _message(popover, edit, rule, part)
        case SegmentRule() as rule:
            return _segments(popover, edit, rule, part)
        case ListRule() as rule:
            lists = edit.names.catalogue().lists
            return pick(popover, _things(lists), rule.list_id, partial(set_part, edit, "list_id"))
        case SampleRule() as rule:
            return _sample(edit, rule, part)
        case _:
            return None


def _bounded(edit: Editing, part: str) -> Callable[[object], None]:
    """Takes a value where the rule accepts it; what is out of bounds is not taken while it is typed."""

    def take(value: object) -> None:
        try:
            rule = with_part(edit.rule(), **{part: value})
        except ValueError:
            return
        edit.change(rule)

    return take


def _things(things: Sequence[Named]) -> list[Choice]:
    return [Choice(one.id, one.name, "" if one.count is None else fmt.number(one.count)) for one in things]


def _field(popover: Popover, edit: Editing, rule: FieldRule, part: str) -> QWidget:
    if part == "field":
        texts = [Choice(name, field_name(name)) for name, kind in FIELDS.items() if kind == "text"]

        def take(name: str) -> None:
            if name in FIELDS and name != rule.field:
                edit.change(with_part(edit.rule(), field=name, values=()))
                edit.follow("values.0")

        return pick(popover, texts, rule.field, take, search=tr("Find a field"))
    if part == "operator":
        return pick(popover, words_of(TEXT_OPERATORS), rule.operator, partial(set_part, edit, "operator"))
    return several(rule.values, partial(set_part, edit, "values"), partial(edit.names.values, rule.field), str)


def _date(popover: Popover, edit: Editing, rule: DateRule, part: str) -> QWidget:
    if part == "field":
        catalogue = edit.names.catalogue()
        choices = [
            *(Choice(name, field_name(name)) for name, kind in FIELDS.items() if kind == "time"),
            *counted(catalogue.attributes, ATTRIBUTE),
            *counted(catalogue.user_attributes, USER_ATTRIBUTE, tr("of the person")),
        ]

        def take(key: str) -> None:
            known = key in FIELDS or key.startswith((ATTRIBUTE, USER_ATTRIBUTE))
            set_part(edit, "field", key if known else ATTRIBUTE + key)

        return pick(popover, choices, rule.field, take, search=tr("Find a field"))
    if part == "operator":
        return pick(popover, words_of(DATE_OPERATORS), rule.operator, partial(set_part, edit, "operator"))
    if part == "values":
        return _moment_line(edit, rule, int(edit.key.split(".")[1]))
    spin = WholeNumber(rule.days, 0, 36_500, label=tr("Days"), name="token_days")
    spin.valueChanged.connect(partial(set_part, edit, "days"))
    return spin


def _moment_line(edit: Editing, rule: DateRule, number: int) -> QWidget:
    """A line for a date or a time."""
    line = QLineEdit(rule.values[number] if number < len(rule.values) else "")
    line.setObjectName("token_date")
    line.setAccessibleName(tr("Date"))
    line.setPlaceholderText("2026-03-31")
    field = Field(tr("Date, or date and time"), line, hint=tr("Such as 2026-03-31 or 2026-03-31T12:00."))

    def typed(text: str) -> None:
        bare = text.strip()
        field.set_problem(None if is_moment(bare) or not bare else tr("This is not a date."))
        now = edit.rule()
        if is_moment(bare) and isinstance(now, DateRule):
            values = [*now.values[: number + 1], *[""] * (number + 1 - len(now.values)), *now.values[number + 1 :]]
            values[number] = bare
            set_part(edit, "values", tuple(values))

    line.textEdited.connect(typed)
    line.editingFinished.connect(field.reveal)
    field.setFocusProxy(line)
    return field


def _place(edit: Editing, rule: DistanceRule) -> QWidget:
    both = QWidget()
    column = QVBoxLayout(both)
    column.setContentsMargins(0, 0, 0, 0)
    latitude = number_line(rule.latitude, _bounded(edit, "latitude"))
    longitude = number_line(rule.longitude, _bounded(edit, "longitude"))
    longitude.setObjectName("token_longitude")
    column.addWidget(Field(tr("Latitude"), latitude))
    column.addWidget(Field(tr("Longitude"), longitude))
    both.setFocusProxy(latitude)
    return both


def _event(popover: Popover, edit: Editing, rule: MeasureRule | MomentRule, part: str) -> QWidget:
    if part == "where":
        return where(popover, edit, rule, edit.key.split(".")[1:])
    if part == "event":
        known = edit.names.catalogue().events
        return pick(popover, counted(known), rule.event, partial(set_part, edit, "event"), search=tr("Find an event"))
    if part == "window":
        return DaysEditor(rule.days, partial(_set_window, edit), allow_ever=True, name="token")
    return _measure(popover, edit, rule, part) if isinstance(rule, MeasureRule) else _moment(popover, edit, rule, part)


def _set_window(edit: Editing, days: int | None) -> None:
    edit.change(with_part(edit.rule(), days=days, until=0, start="", end=""))


def _measure(popover: Popover, edit: Editing, rule: MeasureRule, part: str) -> QWidget:
    if part == "measure":
        return pick(popover, words_of(MEASURES), rule.measure, partial(set_part, edit, "measure"))
    if part == "metric":
        event = edit.names.catalogue().event(rule.event)
        choices = [Choice(name, name) for name in (event.metrics if event else ())]
        take = partial(set_part, edit, "metric")
        return pick(popover, choices, rule.metric, take, search=tr("Find a field of the event"))
    if part == "operator":
        return pick(popover, words_of(COMPARISONS), rule.comparison, partial(set_part, edit, "comparison"))
    return number_line(rule.value, partial(set_part, edit, "value"))


def _moment(popover: Popover, edit: Editing, rule: MomentRule, part: str) -> QWidget:
    if part == "which":
        return pick(popover, words_of(WHICH), rule.which, partial(set_part, edit, "which"))
    if part == "operator":
        return pick(popover, words_of(AGO), rule.operator, partial(set_part, edit, "operator"))
    return DaysEditor(rule.ago, partial(set_part, edit, "ago"), allow_ever=False, name="token")


def _message(popover: Popover, edit: Editing, rule: MessageRule, part: str) -> QWidget:
    if part == "did":

        def take(key: str) -> None:
            operator, _, did = key.partition(":")
            edit.change(with_part(edit.rule(), operator=operator, did=did))

        return pick(popover, words_of(MESSAGES), f"{rule.operator}:{rule.did}", take)
    if part == "campaign_id":
        choices = [Choice("any", tr("any campaign")), *_things(edit.names.catalogue().campaigns)]

        def choose(key: str) -> None:
            set_part(edit, "campaign_id", "" if key == "any" else key)

        return pick(popover, choices, rule.campaign_id or "any", choose)
    return DaysEditor(rule.days, partial(set_part, edit, "days"), allow_ever=True, name="token")


def _segments(popover: Popover, edit: Editing, rule: SegmentRule, part: str) -> QWidget:
    if part == "mode":
        return pick(popover, words_of(MEMBERSHIPS), rule.mode, partial(set_part, edit, "mode"))
    chosen = [each.id for each in rule.segments]
    picker = Picker(
        _things(edit.names.catalogue().segments), chosen, several=True, search=tr("Find a segment"), name="token"
    )

    def take(_key: str) -> None:
        set_part(edit, "segments", tuple({"id": each} for each in picker.chosen()))

    picker.picked.connect(take)
    return picker


def _sample(edit: Editing, rule: SampleRule, part: str) -> QWidget:
    if part == "percent":
        return number_line(rule.percent, _bounded(edit, "percent"))
    spin = WholeNumber(rule.seed, 0, _MOST_DRAWS, label=tr("Another draw chooses others"), name="token_seed")
    spin.valueChanged.connect(partial(set_part, edit, "seed"))
    return spin
