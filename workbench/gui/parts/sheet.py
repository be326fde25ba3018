"""A sheet: a modal panel inside the window for one decision. Return takes it, Esc cancels."""

from collections.abc import Callable

import shiboken6
from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QAbstractButton, QApplication, QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from workbench.gui.parts.button import Button
from workbench.gui.parts.text import Text
from workbench.gui.theme.mark import mark
from workbench.gui.theme.tokens import Measure, space
from workbench.plan.words import tr


class Sheet(QFrame):
    """Covers its host with a veil and shows one panel in the middle.

    Args:
        host: usually `page.window()`.
        title: what is decided.
        accept: the verb of the primary button; no button where empty.
        on_accept: called by the primary button; return False to stay open (a field needs mending).
        danger: the primary button destroys something.

    Attributes:
        body: the vertical layout to fill before `open`.
        primary: the primary button, or None.
    """

    closed = Signal(bool)
    """True when it was accepted."""

    def __init__(
        self,
        host: QWidget,
        title: str,
        accept: str = "",
        on_accept: Callable[[], object] | None = None,
        *,
        cancel: str = "",
        danger: bool = False,
        width: int = Measure.sheet,
        name: str = "sheet",
    ) -> None:
        super().__init__(host)
        self.setObjectName(name)
        self.setAccessibleName(title)
        mark(self, surface="veil")
        self._host = host
        self._on_accept = on_accept
        self._before: QWidget | None = None
        self._width = width
        self._panel = QFrame(self)
        mark(self._panel, surface="raised")
        column = QVBoxLayout(self._panel)
        column.setContentsMargins(space(5), space(5), space(5), space(5))
        column.setSpacing(space(3))
        column.addWidget(Text(title, "title", wrap=True))
        inner = QWidget()
        mark(inner, surface="scroll")
        self.body = QVBoxLayout(inner)
        self.body.setContentsMargins(0, 0, 0, 0)
        self.body.setSpacing(space(3))
        self._area = QScrollArea()
        self._area.setWidgetResizable(True)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._area.setWidget(inner)
        self._inner = inner
        column.addWidget(self._area, 1)
        row = QHBoxLayout()
        self.buttons = row
        row.setSpacing(space(2))
        row.addStretch(1)
        row.addWidget(Button(cancel or tr("Cancel"), on_click=self.cancel, name=f"{name}_cancel"))
        self.primary: Button | None = None
        if accept:
            kind = "danger" if danger else "primary"
            self.primary = Button(accept, kind, on_click=self.accept, name=f"{name}_accept")
            row.addWidget(self.primary)
        column.addLayout(row)
        host.installEventFilter(self)
        inner.installEventFilter(self)
        self.hide()

    def open(self, focus: QWidget | None = None) -> None:
        """Show it and keep the keyboard inside."""
        self._before = QApplication.focusWidget()
        self._place()
        self.show()
        self.raise_()
        self._place()
        target = focus or self.primary or self._panel
        target.setFocus(Qt.FocusReason.PopupFocusReason)
        # Labels know how high they are only after their first styling.
        QTimer.singleShot(0, self, self._place)

    def fit(self) -> None:
        """Take the height that the body needs now."""
        self._inner.layout().activate()  # type: ignore[union-attr]  # the body is its layout
        self._place()

    def accept(self) -> None:
        """What the primary button does; nothing while that is disabled."""
        if self.primary is not None and not self.primary.isEnabled():
            return
        if self._on_accept is not None and self._on_accept() is False:
            return
        self._close(accepted=True)

    def cancel(self) -> None:
        """Close without doing it."""
        self._close(accepted=False)

    def event(self, event: QEvent) -> bool:
        """Claim every key that would be a shortcut of what is below; it comes back as a plain key."""
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc cancels; Return presses the button that has the focus, and from any other place the primary one."""
        if event.key() == Qt.Key.Key_Escape:
            self.cancel()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.isAutoRepeat():
            self._return(whatever=bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier))
        else:
            event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """The veil swallows clicks for what is below."""
        event.accept()

    def focusNextPrevChild(self, next: bool) -> bool:  # noqa: A002, FBT001 - Qt's own signature
        """Tab stays inside the sheet."""
        stops = [
            child
            for child in self.findChildren(QWidget)
            if child.isVisible() and child.isEnabled() and child.focusPolicy() & Qt.FocusPolicy.TabFocus
        ]
        if not stops:
            return True
        here = QApplication.focusWidget()
        at = stops.index(here) if here in stops else -1
        stops[(at + (1 if next else -1)) % len(stops)].setFocus(Qt.FocusReason.TabFocusReason)
        return True

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keep covering the host when it changes size."""
        if watched is self._host and event.type() == QEvent.Type.Resize:
            self._place()
        if watched is self._inner and event.type() == QEvent.Type.LayoutRequest:
            # A label was styled, or says more than before.
            QTimer.singleShot(0, self, self._place)
        return super().eventFilter(watched, event)

    def _return(self, *, whatever: bool) -> None:
        """What Return does; with Ctrl it is the primary button's whatever has the focus."""
        focused = QApplication.focusWidget()
        if isinstance(focused, QAbstractButton) and not whatever and not focused.isCheckable():
            focused.click()
        elif self.primary is not None:
            self.accept()
        else:
            self.cancel()

    def _place(self) -> None:
        self.setGeometry(self._host.rect())
        width = min(self._width, self.width() - space(12))
        chrome = self._panel.sizeHint().height() - self._area.sizeHint().height()
        inside = width - space(10) - 2 * Measure.hairline
        self._inner.setFixedWidth(inside)
        wanted = max(self.body.heightForWidth(inside), self._inner.sizeHint().height())
        height = min(chrome + wanted, self.height() - space(12))
        self._panel.setGeometry(
            (self.width() - width) // 2, max((self.height() - height) // 3, space(6)), width, height
        )

    def _close(self, *, accepted: bool) -> None:
        self.hide()
        if self._before is not None and shiboken6.isValid(self._before):
            self._before.setFocus(Qt.FocusReason.OtherFocusReason)
        self.closed.emit(accepted)
        self.deleteLater()
