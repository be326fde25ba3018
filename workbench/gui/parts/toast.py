"""A toast: what was just done, and Undo for some seconds."""

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from workbench.gui.parts.button import Button, IconButton
from workbench.gui.parts.text import Text
from workbench.gui.theme.mark import mark
from workbench.gui.theme.tokens import space
from workbench.plan.words import tr

_TICK_MS: Final = 1000


class Toast(QFrame):
    """Stands at the bottom of its host for `seconds`; the button undoes, the cross or the end of time agrees.

    Args:
        host: the window or page that it floats over.
        text: what was done: "Segment deleted".
        on_undo: the reverse; without it the toast only tells.
        on_agreed: called once when the time is over or the toast was closed without undo.
        seconds: how long it stays.
        undo: the button's verb.
    """

    finished = Signal(bool)
    """True when it was undone."""

    def __init__(
        self,
        host: QWidget,
        text: str,
        on_undo: Callable[[], object] | None = None,
        *,
        on_agreed: Callable[[], object] | None = None,
        seconds: int = 6,
        undo: str = "",
        name: str = "toast",
    ) -> None:
        super().__init__(host)
        self.setObjectName(name)
        self.setAccessibleName(text)
        mark(self, surface="raised")
        self._host = host
        self._left = seconds
        self._on_undo = on_undo
        self._on_agreed = on_agreed
        self._over = False
        self._rest = Text("", "hint", name=f"{name}_rest")
        row = QHBoxLayout(self)
        row.setContentsMargins(space(4), space(2), space(2), space(2))
        row.setSpacing(space(3))
        row.addWidget(Text(text))
        if on_undo is not None:
            row.addWidget(self._rest)
            row.addWidget(Button(undo or tr("Undo"), "link", on_click=self.undo, name=f"{name}_undo"))
        row.addWidget(IconButton("x", tr("Close"), on_click=self.agree, name=f"{name}_close"))
        self._clock = QTimer(self)
        self._clock.setInterval(_TICK_MS)
        self._clock.timeout.connect(self._tick)
        host.installEventFilter(self)
        self._say_rest()
        self._place()
        self.show()
        self.raise_()
        self._clock.start()

    def seconds_left(self) -> int:
        """How long it still stays."""
        return self._left

    def undo(self) -> None:
        """Take it back."""
        self._end(undone=True)

    def agree(self) -> None:
        """Leave it as it is."""
        self._end(undone=False)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keep its place when the host changes size."""
        if watched is self._host and event.type() == QEvent.Type.Resize:
            self._place()
        return super().eventFilter(watched, event)

    def _tick(self) -> None:
        self._left -= 1
        self._say_rest()
        if self._left <= 0:
            self.agree()

    def _say_rest(self) -> None:
        self._rest.setText(tr("{n} s").format(n=self._left))

    def _end(self, *, undone: bool) -> None:
        if self._over:
            return
        self._over = True
        self._clock.stop()
        self.hide()
        answer = self._on_undo if undone else self._on_agreed
        if answer is not None:
            answer()
        self.finished.emit(undone)
        self.deleteLater()

    def _place(self) -> None:
        self.adjustSize()
        left = (self._host.width() - self.width()) // 2
        self.move(max(left, space(4)), self._host.height() - self.height() - space(12))


def tell(widget: QWidget, text: str) -> Toast:
    """A toast without undo over the window of this widget."""
    return Toast(widget.window(), text, seconds=4)


def offer_undo(widget: QWidget, text: str, on_undo: Callable[[], object]) -> Toast:
    """A toast with Undo over the window of this widget."""
    toast = Toast(widget.window(), text, on_undo)
    toast.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    return toast
