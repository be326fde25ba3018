"""The days that a report looks at: the last 7, 30, 90, all, or from one day to another."""

from datetime import date, timedelta
from typing import Final

from PySide6.QtCore import QDate, Signal
from PySide6.QtWidgets import QDateEdit, QHBoxLayout

from workbench.gui.parts import format as fmt
from workbench.gui.parts.button import Button
from workbench.gui.parts.chip import Chip
from workbench.gui.parts.field import Field
from workbench.gui.parts.picker import Choice, Picker
from workbench.gui.parts.popover import Popover
from workbench.gui.parts.text import Line
from workbench.gui.theme.tokens import Measure, space
from workbench.plan.words import tr

_LENGTHS: Final = ("7", "30", "90", "all")


class PeriodChip(Chip):
    """Says which days are looked at, and changes them."""

    chosen = Signal()

    def __init__(self, *, name: str = "period") -> None:
        super().__init__("", tr("days"), editor=self._open, name=name)
        self._length = "30"
        self._own: tuple[date, date] | None = None
        self._say()

    def days(self, today: date) -> tuple[date | None, date | None]:
        """The first and the last day; None where there is no end to a side."""
        if self._own is not None:
            return self._own
        if self._length == "all":
            return None, None
        return today - timedelta(days=int(self._length) - 1), today

    def choose(self, length: str) -> None:
        """The last so many days, or `all`."""
        self._length, self._own = length, None
        self._say()
        self.chosen.emit()

    def choose_days(self, start: date, end: date) -> None:
        """From one day to another, both included; in either order."""
        self._own = (min(start, end), max(start, end))
        self._say()
        self.chosen.emit()

    def _say(self) -> None:
        if self._own is not None:
            start, end = self._own
            self.set_text(fmt.day(start) if start == end else f"{fmt.day(start)} – {fmt.day(end)}")
        else:
            self.set_text(_words(self._length))

    def _open(self, popover: Popover) -> None:
        popover.setFixedWidth(Measure.popover)
        choices = [Choice(key, _words(key)) for key in _LENGTHS]
        picker = Picker(choices, (self._length,) if self._own is None else (), label=tr("Days"), name="period_picker")

        def pick(key: str) -> None:
            popover.close()
            self.choose(key)

        picker.picked.connect(pick)
        today = date.today()  # noqa: DTZ011 - only where the calendar opens; the page asks with its own day
        first, last = self._own or (self.days(today)[0] or today - timedelta(days=29), today)
        start, end = _day_edit("from_day", first), _day_edit("to_day", last)
        row = QHBoxLayout()
        row.setSpacing(space(2))
        row.addWidget(Field(tr("From"), start, "start"))
        row.addWidget(Field(tr("Until"), end, "end"))

        def apply() -> None:
            popover.close()
            self.choose_days(_date(start.date()), _date(end.date()))

        popover.body.addWidget(picker)
        popover.body.addWidget(Line(soft=True))
        popover.body.addLayout(row)
        popover.body.addWidget(Button(tr("Show these days"), on_click=apply, name="apply_days"))


def _words(length: str) -> str:
    if length == "all":
        return tr("From the first day on")
    return tr("Last {n} days").format(n=length)


def _day_edit(name: str, day: date) -> QDateEdit:
    edit = QDateEdit(QDate(day.year, day.month, day.day))
    edit.setObjectName(name)
    edit.setCalendarPopup(False)
    edit.setDisplayFormat("d MMM yyyy")
    edit.setFixedHeight(Measure.control)
    edit.lineEdit().setTextMargins(space(1.5), 0, 0, 0)
    return edit


def _date(day: QDate) -> date:
    return date(day.year(), day.month(), day.day())
