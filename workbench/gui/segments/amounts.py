"""Editors of numbers: an amount, a number of times, a number of days. Each change is told at once."""

import math
from collections.abc import Callable
from functools import partial
from typing import Final

from PySide6.QtCore import QLocale, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QSpinBox, QVBoxLayout, QWidget

from workbench.gui.parts.button import Button
from workbench.gui.parts.text import Text
from workbench.gui.segments.wording import days as days_words
from workbench.gui.theme.mark import mark
from workbench.gui.theme.tokens import space
from workbench.plan.words import tr

_MOST_DAYS: Final = 36_500
_MOST_TIMES: Final = 1_000_000
_QUICK_DAYS: Final = (7, 30, 90, 365)


class NumberLine(QLineEdit):
    """A number as people write it, with a point or the locale's own mark; the arrows count up and down.

    What is no number, or none from `least` to `most`, turns the line red and is not told.
    """

    changed = Signal(float)

    def __init__(
        self, value: float, *, label: str, name: str, least: float = -math.inf, most: float = math.inf
    ) -> None:
        super().__init__(_plain(value))
        self._least, self._most = least, most
        self.setObjectName(name)
        self.setAccessibleName(label)
        self.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.textEdited.connect(self._edited)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Up and Down change by one."""
        step = {Qt.Key.Key_Up: 1.0, Qt.Key.Key_Down: -1.0}.get(Qt.Key(event.key()))
        value = parsed(self.text())
        if step is None or value is None:
            super().keyPressEvent(event)
            return
        self.setText(_plain(min(max(value + step, self._least), self._most)))
        self._edited(self.text())

    def _edited(self, text: str) -> None:
        value = parsed(text)
        fits = value is not None and self._least <= value <= self._most
        mark(self, faulty=not fits)
        if value is not None and fits:
            self.changed.emit(value)


def parsed(text: str) -> float | None:
    """The number that the text means, or None."""
    bare = text.strip().replace("−", "-")
    value, fits = QLocale().toDouble(bare)
    if not fits:
        try:
            value = float(bare.replace(",", "."))
        except ValueError:
            return None
    return float(value) if math.isfinite(value) else None


def _plain(value: float) -> str:
    return str(int(value)) if float(value).is_integer() else repr(value)


class WholeNumber(QSpinBox):
    """A whole number within limits."""

    def __init__(self, value: int, least: int, most: int, *, label: str, name: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setAccessibleName(label)
        self.setRange(least, most)
        self.setValue(value)
        self.setGroupSeparatorShown(True)
        self.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.selectAll()


class TimesEditor(QWidget):
    """How many times."""

    def __init__(self, value: int, change: Callable[[int], None], *, name: str) -> None:
        super().__init__()
        self.field = WholeNumber(value, 0, _MOST_TIMES, label=tr("Number of times"), name=f"{name}_times")
        self.field.valueChanged.connect(change)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(space(2))
        row.addWidget(self.field, 1)
        row.addWidget(Text(tr("times"), "muted"))
        self.setFocusProxy(self.field)


class DaysEditor(QWidget):
    """How many days back, with common answers; "ever" where `allow_ever`."""

    def __init__(self, value: int | None, change: Callable[[int | None], None], *, allow_ever: bool, name: str) -> None:
        super().__init__()
        self._change = change
        self.field = WholeNumber(value or 30, 1, _MOST_DAYS, label=tr("Days"), name=f"{name}_days")
        self.field.valueChanged.connect(change)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(space(2))
        row = QHBoxLayout()
        row.setSpacing(space(2))
        row.addWidget(self.field, 1)
        row.addWidget(Text(tr("days"), "muted"))
        column.addLayout(row)
        quick = QHBoxLayout()
        quick.setSpacing(space(1))
        for count in _QUICK_DAYS:
            button = Button(str(count), "chip", tip=days_words(count), on_click=partial(self._take, count))
            button.setObjectName(f"{name}_days_{count}")
            quick.addWidget(button)
        if allow_ever:
            quick.addWidget(Button(tr("ever"), "chip", on_click=partial(change, None), name=f"{name}_ever"))
        column.addLayout(quick)
        self.setFocusProxy(self.field)

    def _take(self, count: int) -> None:
        self.field.setValue(count)
        self._change(count)
