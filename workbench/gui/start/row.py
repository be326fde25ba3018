"""One step on the start page: number or tick, what to do, what is there, and a button."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from workbench.gui.parts.button import Button
from workbench.gui.parts.text import Text
from workbench.gui.start.steps import Step
from workbench.gui.theme.icons import icon
from workbench.gui.theme.mark import mark
from workbench.gui.theme.theme import Theme
from workbench.gui.theme.tokens import Measure, space
from workbench.plan.words import tr


class StepRow(QWidget):
    """A step; `pressed` when its button is."""

    pressed = Signal(object)
    """The `Step`."""

    def __init__(self, number: int, key: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(f"step_{key}")
        self._number = number
        self._step: Step | None = None
        self._mark = QLabel(str(number))
        self._mark.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._mark.setFixedSize(QSize(Measure.badge, Measure.badge))
        self._title = Text("", "heading")
        self._figure = Text("", "muted", name=f"step_{key}_figure")
        self._why = Text("", "muted", wrap=True)
        self._button = Button("", on_click=self._press, name=f"step_{key}_action")
        row = QHBoxLayout(self)
        row.setContentsMargins(space(4), space(3), space(4), space(3))
        row.setSpacing(space(3))
        row.addWidget(self._mark, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout()
        column.setSpacing(space(0.5))
        head = QHBoxLayout()
        head.setSpacing(space(2))
        head.addWidget(self._title)
        head.addWidget(self._figure)
        head.addStretch(1)
        column.addLayout(head)
        column.addWidget(self._why)
        row.addLayout(column, 1)
        row.addWidget(self._button, 0, Qt.AlignmentFlag.AlignVCenter)
        Theme.current().changed.connect(self._paint_mark)

    def show_step(self, step: Step, *, current: bool) -> None:
        """Show how the step stands; the current one has the primary button."""
        self._step = step
        self._title.setText(step.title)
        self._why.setText(step.why)
        self._figure.setText(step.figure if step.done else "")
        self._button.set_text(step.again if step.done else step.verb)
        self._button.set_kind("primary" if current else "quiet" if step.done else "")
        state = tr("done") if step.done else tr("next") if current else tr("to do")
        self.setAccessibleName(f"{self._number}. {step.title}, {state}")
        mark(self._mark, role="step", kind="done" if step.done else "current" if current else "later")
        self._paint_mark()

    def step(self) -> Step | None:
        """The step shown."""
        return self._step

    def button(self) -> Button:
        """Its button."""
        return self._button

    def _paint_mark(self) -> None:
        if self._step is not None and self._step.done:
            size = QSize(Measure.icon_small, Measure.icon_small)
            self._mark.setPixmap(icon("check", "good").pixmap(size, self.devicePixelRatio()))
        else:
            self._mark.setText(str(self._number))

    def _press(self) -> None:
        if self._step is not None:
            self.pressed.emit(self._step)
