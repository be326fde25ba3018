"""A colour and what it stands for, in a legend."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from workbench.gui.parts.text import Text
from workbench.gui.theme.theme import Theme
from workbench.gui.theme.tokens import space


class Dot(QWidget):
    """A dot in a token's colour: a state in the status bar, a line in a legend."""

    def __init__(self, colour: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._colour = colour
        self.setFixedSize(QSize(space(2), space(2)))
        Theme.current().changed.connect(self.update)

    def set_colour(self, colour: str) -> None:
        """Another token."""
        self._colour = colour
        self.update()

    def colour(self) -> str:
        """The token."""
        return self._colour

    def paintEvent(self, event: QPaintEvent) -> None:
        """A filled circle."""
        del event
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(Theme.current().colour(self._colour))
        painter.drawEllipse(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5))
        painter.end()


class Swatch(QWidget):
    """A dot and a word."""

    def __init__(self, word: str, colour: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(space(1.5))
        row.addWidget(Dot(colour))
        row.addWidget(Text(word, "muted"))
