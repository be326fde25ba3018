"""A page body that scrolls when the window is small."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from workbench.gui.theme.mark import mark
from workbench.gui.theme.tokens import space


class Scroll(QScrollArea):
    """A vertical column in a scroll area; nothing is clipped at 1,000 x 640.

    Attributes:
        column: the layout to fill.
    """

    def __init__(self, *, name: str = "scroll", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        inner = QWidget()
        mark(inner, surface="scroll")
        self.column = QVBoxLayout(inner)
        self.column.setContentsMargins(0, 0, 0, space(5))
        self.column.setSpacing(space(3))
        self.setWidget(inner)
