"""Which fields the table of people shows: chosen from the catalogue, remembered by this window."""

from collections.abc import Callable, Sequence
from typing import Final

from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QWidget

from workbench.gui.parts import format as fmt
from workbench.gui.parts.names import field_name
from workbench.gui.parts.picker import Choice, Picker
from workbench.gui.parts.popover import Popover
from workbench.gui.theme.tokens import Measure
from workbench.plan.catalogue import Catalogue
from workbench.plan.endpoint import ATTRIBUTE, METRIC, USER_ATTRIBUTE, is_field
from workbench.plan.words import tr

FIRST: Final = ("Address", "ChannelType", "Location.Country", "EffectiveDate")
_KEY: Final = "audience/columns"
#: attributes and metrics that join the first columns where nothing was chosen yet
_SUGGESTED: Final = 1


def remembered(settings: QSettings) -> tuple[str, ...]:
    """The columns chosen before, empty where none were."""
    stored = settings.value(_KEY, [])
    fields = [stored] if isinstance(stored, str) else list(stored) if isinstance(stored, list | tuple) else []
    return tuple(str(field) for field in fields if is_field(str(field)))


def remember(settings: QSettings, columns: Sequence[str]) -> None:
    """Keep them for the next time."""
    settings.setValue(_KEY, list(columns))


def suggested(catalogue: Catalogue) -> tuple[str, ...]:
    """The usual columns, with the names and numbers that most people have."""
    names = [USER_ATTRIBUTE + one.name for one in catalogue.user_attributes if "name" in one.name.casefold()][:2]
    most = sorted(catalogue.attributes, key=lambda one: -(one.count or 0))[:_SUGGESTED]
    numbers = sorted(catalogue.metrics, key=lambda one: -(one.count or 0))[:_SUGGESTED]
    head, last = FIRST[:-1], FIRST[-1]
    return (*names, *head, *(ATTRIBUTE + one.name for one in most), *(METRIC + one.name for one in numbers), last)


def choose_columns(
    anchor: QWidget, catalogue: Catalogue, columns: Sequence[str], change: Callable[[tuple[str, ...]], None]
) -> Popover:
    """A popover with every field; each tick changes the table at once."""
    counts = {
        **{ATTRIBUTE + one.name: one.count for one in catalogue.attributes},
        **{METRIC + one.name: one.count for one in catalogue.metrics},
        **{USER_ATTRIBUTE + one.name: one.count for one in catalogue.user_attributes},
    }
    choices = [Choice(field, field_name(field), _note(field, counts.get(field))) for field in catalogue.fields()]
    popover = Popover(anchor, tr("Columns"), width=Measure.popover, name="columns_editor")
    picker = Picker(choices, columns, several=True, search=tr("Find a field"), name="columns")

    def picked(_key: str) -> None:
        chosen = picker.chosen()
        if not chosen:
            picker.set_chosen(("Address",))
        change(picker.chosen())

    picker.picked.connect(picked)
    popover.body.addWidget(picker)
    popover.open()
    return popover


def _note(field: str, count: int | None) -> str:
    if field.startswith(USER_ATTRIBUTE):
        whose = tr("of the person")
        return whose if count is None else f"{whose} · {fmt.number(count)}"
    return "" if count is None else fmt.number(count)
