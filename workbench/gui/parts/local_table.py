"""A table over rows that are all at hand: a list of definitions. Searched and sorted here, rows known by their key."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from workbench.gui.parts.empty import EmptyState
from workbench.gui.parts.table import WindowedTable
from workbench.gui.parts.table_model import Block, Cell, Column, Deliver, Failed, Row
from workbench.gui.parts.text import Text
from workbench.plan.words import tr


@dataclass(frozen=True, slots=True)
class Line:
    """One row: what it is known by, and its cells."""

    key: str
    cells: Row


class LocalTable(WindowedTable):
    """A `WindowedTable` that needs nobody to fetch; a click opens a row.

    Args:
        columns: what stands in a row; text cells are searched.
        empty: shown while there are no rows at all.
        label: what is listed, for screen readers.
    """

    opened_key = Signal(str)
    """The key of a row that was clicked or opened with Return."""
    removed_key = Signal(str)
    """The key of the current row, when Delete is pressed."""
    chosen_key = Signal(str)
    """The key of the row that became the current one."""

    def __init__(
        self,
        columns: Sequence[Column],
        empty: EmptyState,
        *,
        label: str = "",
        bare: bool = False,
        name: str = "table",
        parent: QWidget | None = None,
    ) -> None:
        self._lines: list[Line] = []
        self._shown: list[Line] = []
        self._search = ""
        self._keeping = False
        super().__init__(
            columns, self._bring, label=label, bare=bare, empty=empty, click_opens=True, name=name, parent=parent
        )
        self._nothing = Text("", "muted", name=f"{name}_nothing")
        self._nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._stack.addWidget(self._nothing)
        self.opened.connect(lambda line: self.opened_key.emit(self.key(line)))
        self.selected.connect(self._chosen)
        self.sorted.connect(lambda _key, _descending: self._arrange())

    def show_lines(self, lines: Sequence[Line]) -> None:
        """Other rows; the current one stays the current one."""
        self._lines = list(lines)
        self._arrange()

    def search(self, text: str) -> None:
        """Only rows in which some text cell contains this, in any case."""
        self._search = text.strip().casefold()
        self._arrange()

    def lines(self) -> tuple[Line, ...]:
        """The rows shown, in order."""
        return tuple(self._shown)

    def key(self, line: int) -> str:
        """What a row is known by; empty where there is none."""
        return self._shown[line].key if 0 <= line < len(self._shown) else ""

    def current_key(self) -> str:
        """The key of the current row; empty for none."""
        return self.key(self.current_line())

    def choose_key(self, key: str) -> bool:
        """Make the row of this key the current one; False where it is not shown."""
        at = next((at for at, line in enumerate(self._shown) if line.key == key), -1)
        if at >= 0 and at != self.current_line():
            self.choose(at)
        return at >= 0

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Delete removes the current row."""
        if event.key() == Qt.Key.Key_Delete and self.current_key():
            self.removed_key.emit(self.current_key())
            return
        super().keyPressEvent(event)

    def _bring(self, block: Block, deliver: Deliver, failed: Failed) -> None:
        del failed
        deliver([line.cells for line in self._shown[block.offset : block.offset + block.limit]])

    def _chosen(self, line: int) -> None:
        if not self._keeping and self.key(line):
            self.chosen_key.emit(self.key(line))

    def _arrange(self) -> None:
        before, old = self.current_key(), self._shown
        self._shown = [line for line in self._lines if self._fits(line)]
        sort, descending = self.model.order
        at = next((at for at, column in enumerate(self.model.columns) if column.key == sort), -1)
        if at >= 0:
            self._shown.sort(key=lambda line: _rank(line.cells[at]), reverse=descending)
        if self._shown == old and self.model.rowCount() == len(old):
            self._choose_face()
            return
        self._keeping = True
        bar = self.view.verticalScrollBar()
        place = bar.value()
        self.reset(len(self._shown))
        bar.setValue(place)
        self.choose_key(before)
        self._keeping = False

    def _fits(self, line: Line) -> bool:
        if not self._search:
            return True
        return any(isinstance(cell, str) and self._search in cell.casefold() for cell in line.cells)

    def _choose_face(self) -> None:
        super()._choose_face()
        if self._lines and not self._shown:
            self._nothing.setText(tr("Nothing fits “{text}”.").format(text=self._search))
            self._stack.setCurrentWidget(self._nothing)


def _rank(cell: Cell) -> tuple[int, float, str]:
    if cell is None:
        return (0, 0.0, "")
    if isinstance(cell, datetime):
        return (1, cell.timestamp(), "")
    if isinstance(cell, int | float):
        return (1, float(cell), "")
    return (2, 0.0, cell.casefold())
