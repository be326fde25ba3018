"""Editors of dates, and of the window in which events are looked at."""

from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from typing import Final, Protocol

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from workbench.gui.parts.field import Field
from workbench.gui.parts.switch import SegmentedSwitch
from workbench.gui.segments.amounts import DaysEditor, WholeNumber
from workbench.gui.theme.tokens import space
from workbench.plan.dates import is_moment
from workbench.plan.segment import EventWindow
from workbench.plan.words import tr

_MOST_DAYS: Final = 36_500
_DAYS: Final = 30
#: letters of a date without a time
_DATE: Final = 10


class DateLine(QLineEdit):
    """A date, or a date and a time, as 2026-03-31 or 2026-03-31T12:00; the arrows go on by a day."""

    def __init__(self, value: str, name: str) -> None:
        super().__init__(value)
        self.setObjectName(name)
        self.setPlaceholderText(date.today().isoformat())  # noqa: DTZ011 - only to show how it is written

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Up and Down are the next day and the one before."""
        step = {Qt.Key.Key_Up: 1, Qt.Key.Key_Down: -1}.get(Qt.Key(event.key()))
        text = self.text().strip() or self.placeholderText()
        if step is None or not is_moment(text):
            super().keyPressEvent(event)
            return
        day = date.fromisoformat(text[:_DATE]) + timedelta(days=step if self.text().strip() else 0)
        self.setText(day.isoformat() + text[_DATE:])
        self.textEdited.emit(self.text())


class DateField(Field):
    """A line for a date with its problem below, which is told once the line was left.

    Args:
        value: what it says first.
        take: gets each date that is one, and "" where `optional`.
        timed: a time of day may follow.
    """

    def __init__(
        self,
        value: str,
        take: Callable[[str], None],
        *,
        label: str,
        name: str,
        timed: bool = True,
        optional: bool = False,
    ) -> None:
        self._take = take
        self._timed = timed
        self._optional = optional
        self.date = DateLine(value, name)
        hint = tr("Such as 2026-03-31 or 2026-03-31T12:00.") if timed else ""
        super().__init__(label, self.date, hint=hint, name=f"{name}_field")
        self.date.textEdited.connect(self._typed)
        self.date.editingFinished.connect(self.reveal)
        self.setFocusProxy(self.date)

    def _typed(self, text: str) -> None:
        bare = text.strip()
        fits = is_moment(bare) and (self._timed or len(bare) == _DATE)
        self.set_problem(None if fits or not bare else tr("This is not a date."))
        if fits or (self._optional and not bare):
            self._take(bare)


class Change(Protocol):
    """Takes the parts of a window that are other now."""

    def __call__(self, **parts: object) -> None:
        """Change these parts."""
        ...


class WindowEditor(QWidget):
    """When events were: in the last days or ever, between two dates, or some days ago."""

    def __init__(self, rule: EventWindow, change: Change) -> None:
        super().__init__()
        self._change = change
        self._rule = rule
        words = (("last", tr("Last days")), ("dates", tr("Dates")), ("ago", tr("Days ago")))
        mode = "dates" if rule.start or rule.end else "ago" if rule.until else "last"
        self.switch = SegmentedSwitch(words, mode, label=tr("When"), name="token_window")
        self.switch.changed.connect(self._choose)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(space(3))
        self._column.addWidget(self.switch)
        self._face: QWidget | None = None
        self._show(mode, rule.days)

    def _choose(self, mode: str) -> None:
        """Begin with what people mean most often by it."""
        bare: dict[str, object] = {"until": 0, "start": "", "end": ""}
        days = self._rule.days or _DAYS
        match mode:
            case "dates":
                today = date.today()  # noqa: DTZ011 - only what the lines begin with
                first = today - timedelta(days=_DAYS - 1)
                bare |= {"start": first.isoformat(), "end": today.isoformat()}
            case "ago":
                days = max(days, 2)
                bare |= {"until": days // 2, "days": days}
            case _:
                bare |= {"days": days}
        self._rule = self._rule.model_copy(update=bare)
        self._change(**bare)
        self._show(mode, days)

    def _show(self, mode: str, days: int | None) -> None:
        if self._face is not None:
            self._face.hide()
            self._column.removeWidget(self._face)
            self._face.deleteLater()
        make = {"dates": self._dates, "ago": self._ago}.get(mode)
        self._face = make() if make else DaysEditor(days, self._set_days, allow_ever=True, name="token")
        self._column.addWidget(self._face)
        if self.isVisible():
            QTimer.singleShot(0, self, lambda: self.window().adjustSize())

    def _set_days(self, days: int | None) -> None:
        self._change(days=days, until=0, start="", end="")

    def _dates(self) -> QWidget:
        """Each of the two may be left open."""
        face, row = _row()
        for part, words, value in (("start", tr("From"), self._rule.start), ("end", tr("Until"), self._rule.end)):
            take = partial(self._set, part)
            field = DateField(value, take, label=words, name=f"token_{part}", timed=False, optional=True)
            field.date.setMinimumWidth(space(32))
            row.addWidget(field)
        return face

    def _ago(self) -> QWidget:
        face, row = _row()
        first = WholeNumber(self._rule.days or 0, 0, _MOST_DAYS, label=tr("From days ago"), name="token_first")
        first.setSpecialValueText(tr("ever"))
        last = WholeNumber(self._rule.until, 0, _MOST_DAYS, label=tr("To days ago"), name="token_last")
        first.valueChanged.connect(lambda days: self._change(days=days or None))
        last.valueChanged.connect(partial(self._set, "until"))
        row.addWidget(Field(tr("From days ago"), first))
        row.addWidget(Field(tr("To days ago"), last))
        return face

    def _set(self, part: str, value: object) -> None:
        self._change(**{part: value})


def _row() -> tuple[QWidget, QHBoxLayout]:
    face = QWidget()
    row = QHBoxLayout(face)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(space(3))
    return face, row
