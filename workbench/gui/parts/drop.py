"""The veil shown while files hang over the window."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from workbench.gui.parts.empty import EmptyState
from workbench.gui.theme.mark import mark
from workbench.gui.theme.tokens import space
from workbench.plan.words import tr


class DropVeil(QFrame):
    """Says what will happen to the files."""

    def __init__(self, host: QWidget) -> None:
        super().__init__(host)
        self.setObjectName("drop_veil")
        mark(self, surface="drop")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._host = host
        column = QVBoxLayout(self)
        column.addWidget(
            EmptyState(
                "download-simple",
                tr("Nothing is changed before you have seen a preview."),
                title=tr("Drop to import"),
                name="drop",
            )
        )
        self.hide()

    def cover(self) -> None:
        """Cover the window, leaving a rim."""
        rim = space(4)
        self.setGeometry(self._host.rect().adjusted(rim, rim, -rim, -rim))
        self.show()
        self.raise_()
