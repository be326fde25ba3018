"""What narrows the table of people: search, channel, status, segment."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QWidget

from workbench.engine.definitions import Stored
from workbench.gui.parts.names import channel_name
from workbench.gui.parts.search import SearchBox
from workbench.gui.parts.text import Text
from workbench.gui.theme.tokens import space
from workbench.plan.endpoint import CHANNEL_TYPES, View
from workbench.plan.words import tr

_LETTERS: Final = 9


class FilterBar(QWidget):
    """Each change is told at once; typing after a short pause."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("filters")
        self.search = SearchBox(tr("Search name, address or ID"), name="search")
        self.search.setMinimumWidth(space(30))
        self.search.searched.connect(self.changed)
        self.channel = self._choice("channel", tr("Channel"))
        self.channel.addItem(tr("All channels"), "")
        for channel in CHANNEL_TYPES:
            self.channel.addItem(channel_name(channel), channel)
        self.status = self._choice("status", tr("Status"))
        for words, status in ((tr("Any status"), ""), (tr("Active"), "ACTIVE"), (tr("Inactive"), "INACTIVE")):
            self.status.addItem(words, status)
        self.segment = self._choice("segment", tr("Segment"))
        self.segment.addItem(tr("Everyone"), "")
        self.found = Text("", "muted", name="found")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, space(3))
        row.setSpacing(space(2))
        row.addWidget(self.search, 2)
        for choice in (self.channel, self.status, self.segment):
            row.addWidget(choice)
        row.addStretch(1)
        row.addWidget(self.found)

    def show_segments(self, stored: Sequence[Stored]) -> None:
        """Offer these segments; the chosen one stays while it exists."""
        chosen = self.segment.currentData()
        with QSignalBlocker(self.segment):
            while self.segment.count() > 1:
                self.segment.removeItem(1)
            for one in stored:
                self.segment.addItem(one.name or tr("Segment without a name"), one.id)
            self.segment.setCurrentIndex(max(self.segment.findData(chosen), 0))
        if self.segment.currentData() != chosen:
            self.changed.emit()

    def clear(self) -> None:
        """Everyone again."""
        with QSignalBlocker(self.channel), QSignalBlocker(self.status), QSignalBlocker(self.segment):
            for choice in (self.channel, self.status, self.segment):
                choice.setCurrentIndex(0)
        self.search.clear()
        self.changed.emit()

    def narrows(self) -> bool:
        """Whether anything is left out."""
        return self.view(()) != View(columns=())

    def view(self, columns: Sequence[str], sort: str = "", *, descending: bool = False) -> View:
        """How the table is looked at."""
        return View(
            columns=tuple(columns),
            search=self.search.text().strip(),
            channel=self.channel.currentData(),
            status=self.status.currentData(),
            segment_id=self.segment.currentData(),
            sort=sort,
            descending=descending,
        )

    def _choice(self, name: str, label: str) -> QComboBox:
        box = QComboBox(self)
        box.setObjectName(name)
        box.setAccessibleName(label)
        box.setToolTip(label)
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        box.setMinimumContentsLength(_LETTERS)
        box.currentIndexChanged.connect(lambda _index: self.changed.emit())
        return box
