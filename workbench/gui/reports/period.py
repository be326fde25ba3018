"""The time that a report looks at: the last 7, 30, 90 days, all, from one day to another, or that of a run."""

from datetime import UTC, date, datetime, timedelta
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
#: What is shown before and after a run: this share of it, and so much at least.
_AROUND: Final = 0.05
_LEAST_AROUND: Final = timedelta(seconds=5)


class PeriodChip(Chip):
    """Says which days are looked at, and changes them."""

    chosen = Signal()

    def __init__(self, *, name: str = "period") -> None:
        super().__init__("", tr("days"), editor=self._open, name=name)
        self._length = "30"
        self._own: tuple[date, date] | None = None
        self._run: tuple[datetime, datetime | None] | None = None
        self._say()

    def days(self, today: date) -> tuple[date | None, date | None]:
        """The first and the last day; None where there is no end to a side."""
        if self._run is not None:
            since, until = self._run
            return fmt.local(since).date(), fmt.local(until).date() if until else today
        if self._own is not None:
            return self._own
        if self._length == "all":
            return None, None
        return today - timedelta(days=int(self._length) - 1), today

    def instants(self) -> tuple[datetime | None, datetime | None]:
        """A little before a run began and a little after it ended; None while it goes on, or where none is chosen."""
        return self._run or (None, None)

    def is_run(self) -> bool:
        """Whether it is the time of a run."""
        return self._run is not None

    def choose_run(self, begun: datetime, ended: datetime | None) -> None:
        """From a little before to a little after; without an end as long as there is something."""
        around = max(((ended or datetime.now(UTC)) - begun) * _AROUND, _LEAST_AROUND)
        self._run = (begun - around, ended + around if ended else None)
        self._say()
        self.chosen.emit()

    def leave_run(self) -> None:
        """The days of before again."""
        self._run = None
        self._say()
        self.chosen.emit()

    def choose(self, length: str) -> None:
        """The last so many days, or `all`."""
        self._length, self._own, self._run = length, None, None
        self._say()
        self.chosen.emit()

    def choose_days(self, start: date, end: date) -> None:
        """From one day to another, both included; in either order."""
        self._own, self._run = (min(start, end), max(start, end)), None
        self._say()
        self.chosen.emit()

    def _say(self) -> None:
        if self._run is not None:
            self.set_text(_moments(*self._run))
        elif self._own is not None:
            start, end = self._own
            self.set_text(fmt.day(start) if start == end else f"{fmt.day(start)} – {fmt.day(end)}")
        else:
            self.set_text(_words(self._length))

    def _open(self, popover: Popover) -> None:
        popover.setFixedWidth(Measure.popover)
        choices = [Choice(key, _words(key)) for key in _LENGTHS]
        plain = self._own is None and self._run is None
        picker = Picker(choices, (self._length,) if plain else (), label=tr("Days"), name="period_picker")

        def pick(key: str) -> None:
            popover.close()
            self.choose(key)

        picker.picked.connect(pick)
        today = date.today()  # noqa: DTZ011 - only where the calendar opens; the page asks with its own day
        begin, finish = self.days(today)
        first, last = begin or today - timedelta(days=29), finish or today
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


def _moments(since: datetime, until: datetime | None) -> str:
    """`24 Nov 2026, 18:00 – 18:02`."""
    begin = fmt.local(since)
    start = f"{fmt.day(begin.date())}, {begin:%H:%M}"
    if until is None:
        return tr("From {time} on").format(time=start)
    end = fmt.local(until)
    if end.date() != begin.date():
        return f"{start} – {fmt.day(end.date())}, {end:%H:%M}"
    return start if f"{end:%H:%M}" == f"{begin:%H:%M}" else f"{start} – {end:%H:%M}"


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
