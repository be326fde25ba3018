"""Names at the left, values at the right: "who is left out, and why"."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from workbench.gui.parts.text import Elided, Line, Text
from workbench.gui.theme.tokens import space


@dataclass(frozen=True, slots=True)
class Entry:
    """One row.

    Attributes:
        name: what it is.
        value: ready to read.
        role: the value's role: empty, good, warn, bad, hint.
        total: a hairline above and both texts strong.
        tip: the tooltip of the value, for example an exact date.
    """

    name: str
    value: str
    role: str = ""
    total: bool = False
    tip: str = ""


class KeyValueTable(QWidget):
    """A short table of names and values; numbers stand under each other at the right."""

    def __init__(self, entries: Sequence[Entry] = (), *, name: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(space(4))
        self._grid.setVerticalSpacing(space(2))
        self._grid.setColumnStretch(1, 1)
        self._entries: tuple[Entry, ...] = ()
        self.show_entries(entries)

    def entries(self) -> tuple[Entry, ...]:
        """What it shows."""
        return self._entries

    def show_entries(self, entries: Sequence[Entry]) -> None:
        """Replace the rows."""
        if tuple(entries) == self._entries:
            return
        self._entries = tuple(entries)
        while (item := self._grid.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        line = 0
        for entry in entries:
            if entry.total:
                self._grid.addWidget(Line(soft=True), line, 0, 1, 2)
                line += 1
            self._add(entry, line)
            line += 1
        for row in range(self._grid.rowCount()):
            self._grid.setRowStretch(row, 0)
        self._grid.setRowStretch(line, 1)

    def _add(self, entry: Entry, line: int) -> None:
        label = Text(entry.name, "heading" if entry.total else "muted")
        value = Elided(entry.value, entry.role or ("heading" if entry.total else ""))
        value.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        value.setAccessibleName(f"{entry.name}: {entry.value}")
        if entry.tip:
            value.setToolTip(entry.tip)
        self._grid.addWidget(label, line, 0)
        self._grid.addWidget(value, line, 1)
