"""Waiting, told by its length: nothing, then the old value dimmed, then progress in place."""

from typing import Final

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QFrame, QGraphicsOpacityEffect, QVBoxLayout, QWidget

from workbench.gui.parts.progress import ProgressRow
from workbench.gui.theme.mark import mark
from workbench.gui.theme.tokens import space

_DIM_AFTER_MS: Final = 100
_TELL_AFTER_MS: Final = 1000
_DIMMED: Final = 0.5


class BusyOverlay(QFrame):
    """Watches over a widget: under 0.1 s nothing, to 1 s the old value dimmed, from then on progress in place.

    Args:
        over: the widget whose value is awaited.
        title: what is going on, shown after a second.

    Attributes:
        progress: the row shown after a second; connect its `cancelled`.
    """

    def __init__(self, over: QWidget, title: str, *, cancellable: bool = False, name: str = "busy") -> None:
        super().__init__(over.parentWidget() or over)
        self.setObjectName(name)
        mark(self, surface="raised")
        self._over = over
        self.progress = ProgressRow(title, cancellable=cancellable)
        column = QVBoxLayout(self)
        column.setContentsMargins(space(4), space(3), space(4), space(2))
        column.addWidget(self.progress)
        self.hide()
        self._dim = _timer(self, _DIM_AFTER_MS, self._show_dim)
        self._tell = _timer(self, _TELL_AFTER_MS, self._show_progress)
        over.installEventFilter(self)

    def begin(self) -> None:
        """The wait begins; a wait that already runs goes on."""
        if not self._dim.isActive() and self._over.graphicsEffect() is None:
            self._dim.start()
            self._tell.start()

    def end(self) -> None:
        """The value is there."""
        self._dim.stop()
        self._tell.stop()
        self.hide()
        self._over.setGraphicsEffect(None)  # type: ignore[arg-type]  # Qt takes null to remove it

    def is_dimmed(self) -> bool:
        """Whether the old value is shown dimmed."""
        return self._over.graphicsEffect() is not None

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay in the middle of the widget."""
        if watched is self._over and event.type() in (QEvent.Type.Resize, QEvent.Type.Move):
            self._place()
        return super().eventFilter(watched, event)

    def _show_dim(self) -> None:
        effect = QGraphicsOpacityEffect(self._over)
        effect.setOpacity(_DIMMED)
        self._over.setGraphicsEffect(effect)

    def _show_progress(self) -> None:
        self._place()
        self.show()
        self.raise_()

    def _place(self) -> None:
        self.adjustSize()
        middle = self._over.geometry().center() if self.parentWidget() is not self._over else self._over.rect().center()
        self.move(middle - self.rect().center())


def _timer(owner: QObject, milliseconds: int, then: object) -> QTimer:
    timer = QTimer(owner)
    timer.setSingleShot(True)
    timer.setInterval(milliseconds)
    timer.timeout.connect(then)
    return timer
