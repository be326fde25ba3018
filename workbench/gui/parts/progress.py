"""A running job: what is done, what remains, how fast, and Cancel."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from workbench.gui.parts import format as fmt
from workbench.gui.parts.button import Button
from workbench.gui.parts.text import Elided, Text
from workbench.gui.theme.theme import Theme
from workbench.gui.theme.tokens import Measure, space
from workbench.plan.words import tr

_PARTS = 1000


class ProgressRow(QWidget):
    """Title, bar, and a line "12,000 of 50,000 · 4,120/s · 9 s left" with a Cancel button.

    Args:
        title: what runs.
        cancellable: whether Cancel is offered.
    """

    cancelled = Signal()

    def __init__(
        self, title: str, *, cancellable: bool = True, name: str = "progress", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self._title = Elided(title, "strong")
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setFixedHeight(Measure.bar_thick)
        self._bar.setAccessibleName(title)
        self._figures = Text("", "muted")
        self._cancel = Button(tr("Cancel"), "quiet", on_click=self.cancelled.emit, name=f"{name}_cancel", parent=self)
        self._cancel.setVisible(cancellable)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(space(1))
        column.addWidget(self._title)
        column.addWidget(self._bar)
        row = QHBoxLayout()
        row.addWidget(self._figures, 1)
        row.addWidget(self._cancel)
        column.addLayout(row)
        self.show_progress(0, None)

    def set_title(self, title: str) -> None:
        """What runs now."""
        self._title.set_text(title)
        self._bar.setAccessibleName(title)

    def show_progress(
        self, done: float, total: float | None, per_second: float | None = None, seconds_left: float | None = None
    ) -> None:
        """Show where it stands.

        Args:
            done: units finished.
            total: units in all; None while unknown, the bar then only moves, or is empty where less motion is wanted.
            per_second: units per second.
            seconds_left: the rest, in seconds; taken from rate and total where left out.
        """
        if total:
            self._bar.setRange(0, _PARTS)
            self._bar.setValue(round(min(done / total, 1.0) * _PARTS))
        elif Theme.current().reduced_motion:
            self._bar.setRange(0, _PARTS)
            self._bar.setValue(0)
        else:
            self._bar.setRange(0, 0)
        self._figures.setText(figures(done, total, per_second, seconds_left))

    def figures(self) -> str:
        """The line of figures as shown."""
        return self._figures.text()

    def finish(self, text: str, *, failed: bool = False) -> None:
        """It is over: a full bar and a last word instead of figures."""
        self._bar.setRange(0, _PARTS)
        self._bar.setValue(_PARTS)
        self._figures.setText(text)
        self._figures.set_role("bad" if failed else "muted")
        self._cancel.hide()


def figures(
    done: float, total: float | None, per_second: float | None = None, seconds_left: float | None = None
) -> str:
    """`12,000 of 50,000 · 4,120/s · 9 s left`, leaving out what is not known."""
    if total:
        parts = [tr("{done} of {total}").format(done=fmt.number(round(done)), total=fmt.number(round(total)))]
    else:
        parts = [fmt.number(round(done))] if done else [tr("starting")]
    if per_second:
        parts.append(fmt.rate(per_second))
        if seconds_left is None and total:
            seconds_left = max(total - done, 0) / per_second
    if seconds_left:
        parts.append(tr("{time} left").format(time=fmt.duration(max(round(seconds_left), 1))))
    return " · ".join(parts)
