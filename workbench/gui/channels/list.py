"""The accounts at the left of the channels page."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QWidget

from workbench.gui.channels.form import AnyChannel
from workbench.gui.parts.text import plain_tip
from workbench.gui.theme.icons import icon
from workbench.gui.theme.tokens import Measure, space
from workbench.plan.words import tr

_ID: Final = Qt.ItemDataRole.UserRole
_GLYPHS: Final = {"smtp": "envelope-simple", "sandbox": "tray", "folder": "folder-simple"}
DRAFT: Final = "draft"


class ChannelList(QListWidget):
    """Name and kind of each channel; a draft that is not stored yet stands on top."""

    chosen = Signal(str)
    removed = Signal(str)

    def __init__(self, *, name: str = "channel_list", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName(tr("Channels"))
        self.setIconSize(QSize(Measure.icon, Measure.icon))
        self.setSpacing(space(0.5))
        self._stored: list[tuple[str, AnyChannel]] = []
        self._draft: AnyChannel | None = None
        self._filling = False
        self.currentItemChanged.connect(self._changed)

    def show_channels(self, stored: Sequence[tuple[str, AnyChannel]]) -> None:
        """Other channels, as pairs of id and definition."""
        self._stored = list(stored)
        self._fill()

    def show_draft(self, channel: AnyChannel | None) -> None:
        """A channel that is not stored yet, or none."""
        self._draft = channel
        self._fill()

    def choose(self, channel_id: str) -> None:
        """Mark a channel without the signal."""
        self._filling = True
        for row in range(self.count()):
            if self.item(row).data(_ID) == channel_id:
                self.setCurrentRow(row)
        self._filling = False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Delete removes the current channel."""
        item = self.currentItem()
        if event.key() == Qt.Key.Key_Delete and item is not None:
            self.removed.emit(str(item.data(_ID)))
            return
        super().keyPressEvent(event)

    def _changed(self, item: QListWidgetItem | None) -> None:
        if item is not None and not self._filling:
            self.chosen.emit(str(item.data(_ID)))

    def _fill(self) -> None:
        rows = ([(DRAFT, self._draft)] if self._draft is not None else []) + self._stored
        shown = [(self.item(at).data(_ID), self.item(at).text()) for at in range(self.count())]
        if shown == [(key, _words(channel)) for key, channel in rows]:
            return
        self._filling = True
        current = self.currentItem().data(_ID) if self.currentItem() is not None else ""
        self.clear()
        for key, channel in rows:
            item = QListWidgetItem(icon(_GLYPHS[channel.kind], "muted"), _words(channel))
            item.setData(_ID, key)
            item.setToolTip(plain_tip(channel.name))
            self.addItem(item)
        self._filling = False
        self.choose(current)


def _words(channel: AnyChannel) -> str:
    return channel.name or tr("(no name)")
