"""Rows in blocks: a model that knows how many rows there are and fetches only those that are looked at."""

from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final, Literal

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from workbench.gui.parts import format as fmt
from workbench.gui.parts.text import plain_tip
from workbench.gui.theme.icons import icon
from workbench.plan.words import tr

BLOCK: Final = 200
_MOST_BLOCKS: Final = 100
_AnyIndex = QModelIndex | QPersistentModelIndex
_NOWHERE: Final = QModelIndex()
Cell = str | float | int | bool | datetime | None
Row = Sequence[Cell]
Deliver = Callable[[Sequence[Row]], None]
Failed = Callable[[Exception], None]
RAW_ROLE: Final = Qt.ItemDataRole.UserRole
"""The value itself, not as shown."""

_ROLES: Final = (
    Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.DecorationRole, RAW_ROLE,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Column:
    """One column.

    Attributes:
        key: the name that goes to the fetch callback when sorting.
        title: shown in the header.
        kind: text, number (right-aligned), time (relative, exact in the tooltip; `datetime` or ISO 8601 text), share.
        width: in pixels' worth of average letters; 0 lets it take the rest.
        sortable: whether a click on the header sorts.
        shown: whether it is visible at first.
        show: makes the text from the value, in place of the kind's own way.
        fault: says of a row what is wrong with its cell here; such a cell has a sign, and the words in its tooltip.
        tip: makes the tooltip from a value of text, in place of the value itself.
    """

    key: str
    title: str
    kind: Literal["text", "number", "time", "share"] = "text"
    width: int = 16
    sortable: bool = True
    shown: bool = True
    show: Callable[[Any], str] | None = None
    fault: Callable[[Sequence[Any]], str] | None = None
    tip: Callable[[str], str] | None = None


@dataclass(frozen=True, slots=True)
class Block:
    """What the model wants: these rows in this order."""

    offset: int
    limit: int
    sort: str = ""
    descending: bool = False


Fetch = Callable[[Block, Deliver, Failed], None]
"""Gets the block wanted and two callbacks; usually `bridge.ask(function, ..., then=deliver, failed=failed)`."""


class WindowedTableModel(QAbstractTableModel):
    """A table of any length; a million rows cost as much as the rows on screen.

    Args:
        columns: what stands in a row, in the order of its cells.
        fetch: brings a block of rows.
    """

    failed = Signal(object)
    loaded = Signal(int)
    """The offset of a block that came."""

    def __init__(self, columns: Sequence[Column], fetch: Fetch, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._columns = tuple(columns)
        self._fetch = fetch
        self._total = 0
        self._blocks: OrderedDict[int, Sequence[Row]] = OrderedDict()
        self._awaited: set[int] = set()
        self._order = Block(0, BLOCK)
        self._generation = 0

    @property
    def columns(self) -> tuple[Column, ...]:
        """What stands in a row."""
        return self._columns

    @property
    def order(self) -> tuple[str, bool]:
        """The key sorted by, and whether downwards."""
        return self._order.sort, self._order.descending

    def set_columns(self, columns: Sequence[Column]) -> None:
        """Other columns; the rows are fetched anew, in the natural order where the column sorted by is gone."""
        self.beginResetModel()
        self._columns = tuple(columns)
        if self._order.sort not in [column.key for column in columns if column.sortable]:
            self._order = Block(0, BLOCK)
        self._forget()
        self.endResetModel()

    def set_total(self, total: int) -> None:
        """How many rows there are; rows at hand stay, so that nothing flickers when rows are added."""
        if total > self._total:
            self.beginInsertRows(QModelIndex(), self._total, total - 1)
            self._total = total
            self.endInsertRows()
        elif total < self._total:
            self.beginRemoveRows(QModelIndex(), total, self._total - 1)
            self._total = total
            self.endRemoveRows()

    def refresh(self) -> None:
        """Fetch anew what is looked at; the old rows stay until the new ones are there."""
        self._generation += 1
        self._awaited.clear()
        seen = list(self._blocks)[-2:]
        for offset in [at for at in self._blocks if at not in seen]:
            del self._blocks[offset]
        for offset in seen or [0]:
            self._want(offset)

    def reset(self, total: int) -> None:
        """Another question: all rows are forgotten."""
        self.beginResetModel()
        self._forget()
        self._total = total
        self.endResetModel()

    def row(self, line: int) -> Row | None:
        """The cells of a row, or None while it is not loaded."""
        if line < 0:
            return None
        offset = line - line % BLOCK
        block = self._blocks.get(offset)
        if block is None:
            self._want(offset)
            return None
        self._blocks.move_to_end(offset)
        at = line - offset
        return block[at] if at < len(block) else None

    def rowCount(self, parent: _AnyIndex = _NOWHERE) -> int:
        """All rows, loaded or not."""
        return 0 if parent.isValid() else self._total

    def columnCount(self, parent: _AnyIndex = _NOWHERE) -> int:
        """The columns."""
        return 0 if parent.isValid() else len(self._columns)

    def data(self, index: _AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: ANN401 - as Qt wants it
        """Text, tooltip, alignment or raw value of a cell."""
        column = self._columns[index.column()]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(column)
        if role not in _ROLES:
            return None
        row = self.row(index.row())
        if row is None:
            return "…" if role == Qt.ItemDataRole.DisplayRole and index.column() == 0 else None
        return _said(column, row, row[index.column()] if index.column() < len(row) else None, role)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: ANN401 - as Qt wants it
        """The columns' titles, aligned like their cells."""
        if orientation != Qt.Orientation.Horizontal or section >= len(self._columns):
            return None
        column = self._columns[section]
        if role == Qt.ItemDataRole.DisplayRole:
            return column.title
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(column)
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip(tr("Sort by {column}").format(column=column.title) if column.sortable else column.title)
        return None

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Another order; asked of the callback, nothing is sorted here. A negative column is the natural order."""
        chosen = self._columns[column] if 0 <= column < len(self._columns) else None
        if chosen is not None and not chosen.sortable:
            return
        key = chosen.key if chosen is not None else ""
        wanted = replace(self._order, sort=key, descending=order == Qt.SortOrder.DescendingOrder)
        if wanted != self._order:
            self._order = wanted
            self.layoutAboutToBeChanged.emit()
            self._forget()
            self.layoutChanged.emit()

    def _forget(self) -> None:
        self._generation += 1
        self._blocks.clear()
        self._awaited.clear()

    def _want(self, offset: int) -> None:
        if offset in self._awaited or offset >= max(self._total, 1):
            return
        self._awaited.add(offset)
        generation = self._generation

        def deliver(rows: Sequence[Row]) -> None:
            if generation == self._generation:
                self._keep(offset, rows)

        def fail(error: Exception) -> None:
            if generation == self._generation:
                self._awaited.discard(offset)
                self.failed.emit(error)

        self._fetch(replace(self._order, offset=offset, limit=BLOCK), deliver, fail)

    def _keep(self, offset: int, rows: Sequence[Row]) -> None:
        self._awaited.discard(offset)
        self._blocks[offset] = rows
        self._blocks.move_to_end(offset)
        while len(self._blocks) > _MOST_BLOCKS:
            self._blocks.popitem(last=False)
        if self._total:
            last = min(offset + BLOCK, self._total) - 1
            self.dataChanged.emit(self.index(offset, 0), self.index(last, len(self._columns) - 1))
        self.loaded.emit(offset)


def _said(column: Column, row: Row, value: Cell, role: int) -> Any:  # noqa: ANN401 - as Qt wants it
    """What a cell of a row that has come says in a role."""
    if role == RAW_ROLE:
        return value
    if role == Qt.ItemDataRole.DisplayRole:
        return shown(column, value)
    fault = column.fault(row) if column.fault is not None else ""
    if role == Qt.ItemDataRole.DecorationRole:
        return icon("warning", "bad") if fault else None
    return plain_tip(fault) if fault else _tip(column, value)


def shown(column: Column, value: Cell) -> str:
    """A cell as text; nothing where there is no value."""
    if value is None:
        return ""
    if column.show is not None:
        return column.show(value)
    if column.kind == "time" and (moment := _moment(value)) is not None:
        return fmt.relative(moment)
    return _plain(column.kind, value)


def _plain(kind: str, value: Cell) -> str:
    if isinstance(value, bool):
        return tr("yes") if value else tr("no")
    if isinstance(value, int | float) and kind in ("number", "share"):
        return fmt.percent(value) if kind == "share" else fmt.measured(value)
    return str(value).replace("\n", " ")


def _tip(column: Column, value: Cell) -> str | None:
    if value is None:
        return None
    if column.kind == "time" and (moment := _moment(value)) is not None:
        return fmt.exact(moment)
    if not isinstance(value, str):
        return None
    return plain_tip(column.tip(value) if column.tip is not None else value)


def _moment(value: Cell) -> datetime | None:
    if isinstance(value, datetime):
        return value
    try:
        return datetime.fromisoformat(str(value))
    except ValueError:
        return None


def _alignment(column: Column) -> Qt.AlignmentFlag:
    side = Qt.AlignmentFlag.AlignRight if column.kind in ("number", "share") else Qt.AlignmentFlag.AlignLeft
    return side | Qt.AlignmentFlag.AlignVCenter
