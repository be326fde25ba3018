"""A card: a panel with a heading, a note on the right of it, and a body."""

from PySide6.QtWidgets import QFrame, QHBoxLayout, QLayout, QSizePolicy, QVBoxLayout, QWidget

from workbench.gui.parts.text import Text
from workbench.gui.theme.mark import mark
from workbench.gui.theme.tokens import space


class Card(QFrame):
    """A panel on the page.

    Args:
        title: the heading; none where empty.
        note: a quiet remark at the right of the heading.
        name: the object name.
        flush: no margins around the body, for tables and lists that reach the edge.

    Attributes:
        head: the row of heading and note; add a switch or a button to it.
        body: the vertical layout to fill.
    """

    def __init__(
        self, title: str = "", note: str = "", *, name: str = "", flush: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        mark(self, surface="card")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        self.title = Text(title, "heading")
        self.note = Text(note, "hint")
        if title:
            self.setAccessibleName(title)
        around = QVBoxLayout(self)
        around.setContentsMargins(0, 0, 0, 0)
        around.setSpacing(0)
        self._top = QWidget(self)
        self.head = QHBoxLayout(self._top)
        self.head.setContentsMargins(space(4), space(3), space(4), 0 if not flush else space(2))
        self.head.setSpacing(space(2))
        self.head.addWidget(self.title)
        self.head.addStretch(1)
        self.head.addWidget(self.note)
        self._top.setVisible(bool(title or note))
        around.addWidget(self._top)
        self.body = QVBoxLayout()
        edge = 0 if flush else space(4)
        above = 0 if flush else (space(2) if title or note else space(4))
        self.body.setContentsMargins(edge, above, edge, edge)
        self.body.setSpacing(space(2))
        around.addLayout(self.body, 1)

    def add(self, item: QWidget | QLayout, stretch: int = 0) -> None:
        """Append a widget or a layout to the body."""
        if isinstance(item, QWidget):
            self.body.addWidget(item, stretch)
        else:
            self.body.addLayout(item, stretch)

    def set_title(self, title: str) -> None:
        """Another heading."""
        self.title.setText(title)
        self._top.setVisible(True)

    def set_note(self, note: str) -> None:
        """Another remark at the right of the heading."""
        self.note.setText(note)
        self._top.setVisible(bool(self.title.text() or note))
