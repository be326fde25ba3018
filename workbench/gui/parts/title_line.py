"""The name of the thing on the page, in the place of the title, to be changed there."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QSizePolicy

from workbench.gui.parts.header import PageHeader
from workbench.gui.theme.mark import mark
from workbench.gui.theme.tokens import Measure, space


class TitleLine(QLineEdit):
    """As wide as its text; Return and Esc give the focus back.

    Args:
        header: the page's header; the line takes the place of its title.
        label: what the name is of, for screen readers.
        placeholder: shown while there is no name.
    """

    renamed = Signal(str)
    """After each key."""
    left = Signal()

    def __init__(self, header: PageHeader, label: str, placeholder: str, *, name: str = "name") -> None:
        super().__init__(header)
        self.setObjectName(name)
        self.setAccessibleName(label)
        self.setPlaceholderText(placeholder)
        self.setToolTip(label)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        mark(self, title=True)
        title = header.place()
        layout = header.layout()
        if layout is not None:
            layout.replaceWidget(title, self)
        title.hide()
        self.textEdited.connect(self.renamed)
        self.textChanged.connect(lambda _text: self.updateGeometry())

    def show_name(self, name: str) -> None:
        """Show a name; the cursor stays while it is the same."""
        if name != self.text():
            self.setText(name)
            self.setCursorPosition(0)

    def sizeHint(self) -> QSize:
        """As wide as the text, or as the placeholder."""
        text = self.text() or self.placeholderText()
        width = self.fontMetrics().horizontalAdvance(text) + space(4.5)
        return QSize(max(width, space(10)), super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        """It gives way to the buttons."""
        return QSize(min(Measure.popover // 3, self.sizeHint().width()), super().minimumSizeHint().height())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Return and Esc leave the line."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape):
            self.clearFocus()
            self.setCursorPosition(0)
            return
        super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """The line was left: nothing in it stays selected, and its beginning is seen."""
        super().focusOutEvent(event)
        if event.reason() not in (Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason):
            self.deselect()
            self.setCursorPosition(0)
        self.left.emit()
