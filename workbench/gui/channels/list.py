"""The accounts at the left of the channels page."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QWidget

from workbench.gui.channels.form import AnyChannel
from workbench.gui.parts.text import plain_tip
from workbench.gui.theme.icons import icon
from workbench.gui.theme.tokens import Measure, space
from workbench.plan.words import tr

_KEY: Final = Qt.ItemDataRole.UserRole
_GLYPHS: Final = {"smtp": "envelope-simple", "sandbox": "tray", "folder": "folder-simple"}


@dataclass(frozen=True, slots=True)
class Line:
    """A channel in the list; an unfinished one says so."""

    key: str
    channel: AnyChannel
    unfinished: bool = False

    def words(self) -> str:
        """What stands in the list."""
        name = self.channel.name or tr("(no name)")
        return tr("{name} · unfinished").format(name=name) if self.unfinished else name


class ChannelList(QListWidget):
    """Name and kind of each channel."""

    chosen = Signal(str)
    removed = Signal(str)

    def __init__(self, *, name: str = "channel_list", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName(tr("Channels"))
        self.setIconSize(QSize(Measure.icon, Measure.icon))
        self.setSpacing(space(0.5))
        self._lines: list[Line] = []
        self._filling = False
        self.currentItemChanged.connect(self._changed)

    def show_lines(self, lines: Sequence[Line]) -> None:
        """Other channels; the current one stays current."""
        before, self._lines = self._lines, list(lines)
        if _looks(before) != _looks(self._lines):
            self._fill()

    def choose(self, key: str) -> None:
        """Mark a channel without the signal."""
        self._filling = True
        for row in range(self.count()):
            if self.item(row).data(_KEY) == key:
                self.setCurrentRow(row)
        self._filling = False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Delete removes the current channel."""
        item = self.currentItem()
        if event.key() == Qt.Key.Key_Delete and item is not None:
            self.removed.emit(str(item.data(_KEY)))
            return
        super().keyPressEvent(event)

    def _changed(self, item: QListWidgetItem | None) -> None:
        if item is not None and not self._filling:
            self.chosen.emit(str(item.data(_KEY)))

    def _fill(self) -> None:
        """Dress the rows that are there, so that a row that is just being pressed stays the one it is."""
        self._filling = True
        current = self.currentItem().data(_KEY) if self.currentItem() is not None else ""
        while self.count() > len(self._lines):
            self.takeItem(self.count() - 1)
        for row, line in enumerate(self._lines):
            if row == self.count():
                self.addItem(QListWidgetItem())
            item = self.item(row)
            item.setIcon(icon(_GLYPHS[line.channel.kind], "warn" if line.unfinished else "muted"))
            item.setText(line.words())
            item.setToolTip(plain_tip(line.words()))
            item.setData(_KEY, line.key)
        self._filling = False
        self.choose(current)


def _looks(lines: Sequence[Line]) -> list[tuple[str, str, str]]:
    return [(line.key, line.channel.kind, line.words()) for line in lines]
