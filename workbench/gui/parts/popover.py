"""A popover: a small raised panel beside what opened it; Esc or a click elsewhere closes it."""

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QCloseEvent, QGuiApplication
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from workbench.gui.parts.text import Text
from workbench.gui.theme.mark import mark
from workbench.gui.theme.tokens import space


class Popover(QWidget):
    """Opens below its anchor, or above where there is no room.

    Args:
        anchor: the widget that it belongs to.
        title: a heading; none where empty.

    Attributes:
        body: the vertical layout to fill before `open`.
    """

    closed = Signal()

    def __init__(self, anchor: QWidget, title: str = "", *, width: int = 0, name: str = "") -> None:
        super().__init__(anchor, Qt.WindowType.Popup | Qt.WindowType.FramelessWindowHint)
        self.setObjectName(name)
        self.setAccessibleName(title)
        self.setAttribute(Qt.WidgetAttribute.WA_TranslucentBackground)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._anchor = anchor
        around = QVBoxLayout(self)
        around.setContentsMargins(0, 0, 0, 0)
        frame = QFrame(self)
        mark(frame, surface="raised")
        around.addWidget(frame)
        self.body = QVBoxLayout(frame)
        self.body.setContentsMargins(space(3), space(3), space(3), space(3))
        self.body.setSpacing(space(2))
        if title:
            self.body.addWidget(Text(title, "heading"))
        if width:
            self.setFixedWidth(width)

    def open(self, focus: QWidget | None = None) -> None:
        """Show it at the anchor and give the focus to this widget or to the first that takes it."""
        self.adjustSize()
        self.move(self._corner())
        self.show()
        target = focus or self._first()
        if target is not None:
            target.setFocus(Qt.FocusReason.PopupFocusReason)

    def _first(self) -> QWidget | None:
        """The first widget inside that the keyboard reaches; the chain has frames and labels too."""
        here = self.nextInFocusChain()
        while here is not None and here is not self:
            reached = here.focusPolicy() & Qt.FocusPolicy.TabFocus
            if reached and here.isVisible() and here.isEnabled() and self.isAncestorOf(here):
                return here
            here = here.nextInFocusChain()
        return None

    def closeEvent(self, event: QCloseEvent) -> None:
        """Tell that it closed."""
        super().closeEvent(event)
        self.closed.emit()

    def _corner(self) -> QPoint:
        below = self._anchor.mapToGlobal(QPoint(0, self._anchor.height() + space(1)))
        screen = self._anchor.screen() or QGuiApplication.primaryScreen()
        room = screen.availableGeometry()
        size = self.size()
        left = max(room.left(), min(below.x(), room.right() - size.width()))
        top = below.y()
        if top + size.height() > room.bottom():
            top = max(room.top(), self._anchor.mapToGlobal(QPoint(0, 0)).y() - size.height() - space(1))
        return QPoint(left, top)
