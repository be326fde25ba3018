"""A button that shows what is chosen and opens a list to choose from: a combo box with search and own answers."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from workbench.gui.parts.picker import Choice, Picker
from workbench.gui.parts.popover import Popover
from workbench.gui.parts.text import plain_tip
from workbench.gui.theme.icons import icon
from workbench.gui.theme.mark import mark
from workbench.gui.theme.tokens import Measure, space


class PickButton(QPushButton):
    """Press to choose.

    Args:
        offer: gives the choices at the moment of opening.
        words: says a key.
        search: placeholder of the search line; without one the list has none.
        free: gives the words of the line that takes what was typed.
    """

    picked = Signal(str)

    def __init__(
        self,
        offer: Callable[[], Sequence[Choice]],
        words: Callable[[str], str],
        *,
        search: str = "",
        free: Callable[[str], str] | None = None,
        label: str = "",
        name: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self._offer = offer
        self._words = words
        self._search = search
        self._free = free
        self._label = label
        self._key = ""
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMinimumWidth(space(25))
        mark(self, kind="pick")
        self.clicked.connect(lambda _checked=False: self.open())
        self.show_key("")

    def key(self) -> str:
        """What is chosen."""
        return self._key

    def show_key(self, key: str) -> None:
        """Say what is chosen, without the signal."""
        self._key = key
        self.setAccessibleName(f"{self._label}: {self._words(key)}")
        self._fit()

    def set_faulty(self, *, faulty: bool) -> None:
        """Mark it as wrong, or right again."""
        mark(self, faulty=faulty)

    def open(self) -> Popover:
        """Show the list."""
        popover = Popover(self, width=max(self.width(), Measure.popover), name=f"{self.objectName()}_list")
        picker = Picker(
            self._offer(), (self._key,), search=self._search, free=self._free, label=self._label, name="pick"
        )

        def take(key: str) -> None:
            popover.close()
            self.picked.emit(key)

        picker.picked.connect(take)
        popover.body.addWidget(picker)
        popover.open()
        return popover

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Cut the words to the new width."""
        super().resizeEvent(event)
        self._fit()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The button, and a caret at its right."""
        super().paintEvent(event)
        painter = QPainter(self)
        size = space(3)
        box = QRect(self.width() - size - space(2), (self.height() - size) // 2, size, size)
        icon("caret-down", "hint").paint(painter, box)
        painter.end()

    def _fit(self) -> None:
        words = self._words(self._key)
        room = max(self.width() - space(9), space(8))
        shown = self.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, room)
        self.setText(shown.replace("&", "&&"))
        self.setToolTip(plain_tip(words) if shown != words else self._label)
