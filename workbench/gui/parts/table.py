"""The table of a page: rows of 33 px, sorted by header, with a column chooser and an empty state."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QModelIndex, QPoint, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QMenu, QStackedLayout, QTableView, QWidget

from workbench.gui.parts.empty import EmptyState
from workbench.gui.parts.field import ProblemLine
from workbench.gui.parts.table_model import Column, Fetch, Row, WindowedTableModel
from workbench.gui.theme.mark import mark
from workbench.gui.theme.tokens import Measure, space


class WindowedTable(QWidget):
    """A view on a `WindowedTableModel`.

    Args:
        columns: what stands in a row.
        fetch: brings a block of rows; see `Fetch`.
        label: what is listed, for screen readers.
        bare: no border of its own, for a table inside a flush card.
        empty: shown in place of the table while there are no rows.
        click_opens: one click opens a row; else it takes two.
    """

    opened = Signal(int)
    """The line of a row that was clicked, once or twice, or opened with Return."""
    selected = Signal(int)
    """The line of the current row."""
    sorted = Signal(str, bool)
    columns_changed = Signal(object)
    """The keys of the visible columns, in order."""

    def __init__(
        self,
        columns: Sequence[Column],
        fetch: Fetch,
        *,
        label: str = "",
        bare: bool = False,
        empty: EmptyState | None = None,
        click_opens: bool = False,
        name: str = "table",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.model = WindowedTableModel(columns, fetch, self)
        self.view = _View(self)
        self.view.setObjectName(f"{name}_view")
        self.view.setAccessibleName(label)
        mark(self.view, bare=bare)
        self.view.setModel(self.model)
        self._stack = QStackedLayout(self)
        self._stack.setContentsMargins(0, 0, 0, 0)
        self._stack.addWidget(self.view)
        self._empty = empty
        if empty is not None:
            self._stack.addWidget(empty)
        self._trouble = ProblemLine(name=f"{name}_problem")
        self._stack.addWidget(self._trouble)
        self._dress()
        self._connect(click_opens=click_opens)
        self._lay_columns()

    def set_total(self, total: int) -> None:
        """How many rows there are now; shows the empty state at none."""
        self.model.set_total(total)
        self._choose_face()

    def reset(self, total: int) -> None:
        """Another question with so many rows: back to the top."""
        self.model.reset(total)
        self.view.scrollToTop()
        self._choose_face()

    def set_columns(self, columns: Sequence[Column]) -> None:
        """Other columns, in this order, also where the ones before were dragged to other places."""
        before = self.model.order
        self.model.set_columns(columns)
        header = self.view.horizontalHeader()
        for at in range(header.count()):
            header.moveSection(header.visualIndex(at), at)
        self._lay_columns()
        self._show_order()
        if self.model.order != before:
            self.sorted.emit(*self.model.order)

    def row(self, line: int) -> Row | None:
        """The cells of a row, or None while it is not loaded."""
        return self.model.row(line)

    def current_line(self) -> int:
        """The current row, -1 for none."""
        return self.view.currentIndex().row()

    def choose(self, line: int) -> None:
        """Make a row the current one."""
        self.view.selectRow(line)

    def visible_columns(self) -> tuple[str, ...]:
        """The keys of the visible columns, in order."""
        header = self.view.horizontalHeader()
        order = sorted(range(len(self.model.columns)), key=header.visualIndex)
        return tuple(self.model.columns[at].key for at in order if not self.view.isColumnHidden(at))

    def chooser(self) -> QMenu:
        """A menu that ticks columns on and off; for a header button and the header's context menu."""
        menu = QMenu(self)
        for at, column in enumerate(self.model.columns):
            action = QAction(column.title.replace("&", "&&"), menu)
            action.setCheckable(True)
            action.setChecked(not self.view.isColumnHidden(at))
            action.triggered.connect(self._toggle(at))
            menu.addAction(action)
        return menu

    def _toggle(self, at: int) -> Callable[[bool], None]:
        def toggle(on: bool) -> None:  # noqa: FBT001 - a Qt signal's argument
            if on or len(self.visible_columns()) > 1:
                self.view.setColumnHidden(at, not on)
                self.columns_changed.emit(self.visible_columns())

        return toggle

    def _dress(self) -> None:
        view = self.view
        view.setShowGrid(False)
        view.setWordWrap(False)
        view.setTextElideMode(Qt.TextElideMode.ElideRight)
        view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        view.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        view.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        view.setTabKeyNavigation(False)
        view.setCornerButtonEnabled(False)
        view.verticalHeader().hide()
        view.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        view.verticalHeader().setDefaultSectionSize(Measure.row)
        header = view.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionsClickable(True)
        header.setSectionsMovable(True)
        header.setSortIndicatorShown(True)
        header.setSortIndicatorClearable(True)
        header.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        header.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        header.setMinimumSectionSize(space(12))

    def _connect(self, *, click_opens: bool) -> None:
        header = self.view.horizontalHeader()
        header.sortIndicatorChanged.connect(self._sort)
        header.customContextMenuRequested.connect(self._offer_columns)
        pressed = self.view.clicked if click_opens else self.view.doubleClicked
        pressed.connect(lambda index: self.opened.emit(index.row()))
        self.view.returned.connect(self.opened)
        self.view.selectionModel().currentRowChanged.connect(self._current)
        self.model.failed.connect(self._fail)
        self.model.loaded.connect(lambda _offset: self._choose_face())

    def _current(self, index: QModelIndex, _before: QModelIndex) -> None:
        if index.isValid():
            self.selected.emit(index.row())

    def _sort(self, section: int, order: Qt.SortOrder) -> None:
        before = self.model.order
        self.model.sort(section, order)
        self._show_order()
        if self.model.order != before:
            self.view.scrollToTop()
            self.sorted.emit(*self.model.order)

    def _show_order(self) -> None:
        """Put the arrow over the column that the rows are sorted by, or over none."""
        key, descending = self.model.order
        at = next((at for at, column in enumerate(self.model.columns) if key and column.key == key), -1)
        header = self.view.horizontalHeader()
        with QSignalBlocker(header):
            header.setSortIndicator(at, Qt.SortOrder.DescendingOrder if descending else Qt.SortOrder.AscendingOrder)

    def _lay_columns(self) -> None:
        header = self.view.horizontalHeader()
        letter = self.view.fontMetrics().averageCharWidth()
        rest = [at for at, column in enumerate(self.model.columns) if column.width == 0]
        for at, column in enumerate(self.model.columns):
            self.view.setColumnHidden(at, not column.shown)
            stretched = at in rest
            mode = QHeaderView.ResizeMode.Stretch if stretched else QHeaderView.ResizeMode.Interactive
            header.setSectionResizeMode(at, mode)
            if not stretched:
                header.resizeSection(at, max(column.width, 4) * letter + space(6))
        header.setStretchLastSection(not rest)

    def _choose_face(self) -> None:
        if self._empty is not None and self.model.rowCount() == 0:
            self._stack.setCurrentWidget(self._empty)
        else:
            self._stack.setCurrentWidget(self.view)

    def _fail(self, error: Exception) -> None:
        self._trouble.show_problem(str(error))
        self._stack.setCurrentWidget(self._trouble)

    def _offer_columns(self, where: QPoint) -> None:
        self.chooser().popup(self.view.horizontalHeader().mapToGlobal(where))


class _View(QTableView):
    """A table view that opens the current row with Return."""

    returned = Signal(int)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Return opens; everything else is Qt's."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self.returned.emit(self.currentIndex().row())
            return
        super().keyPressEvent(event)
