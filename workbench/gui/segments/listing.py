"""The list of segments, each with its live count."""

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QMenu, QVBoxLayout, QWidget

from workbench.engine import segments
from workbench.engine.definitions import Stored
from workbench.gui.page import Page
from workbench.gui.parts.empty import EmptyState
from workbench.gui.parts.header import PageHeader
from workbench.gui.parts.local_table import Line, LocalTable
from workbench.gui.parts.search import SearchBox
from workbench.gui.parts.table_model import Column, Row
from workbench.gui.segments.counting import countable
from workbench.plan.segment import Count, Segment, check
from workbench.plan.words import tr


class SegmentList(QWidget):
    """Name, exact count, share of everyone, version, when it was saved."""

    opened = Signal(str)
    new_wanted = Signal()
    duplicate_wanted = Signal(str)
    delete_wanted = Signal(str)

    def __init__(self, page: Page) -> None:
        super().__init__(page)
        self.setObjectName("segment_list")
        self._page = page
        self._stored: tuple[Stored, ...] = ()
        self._counts: dict[str, Count] = {}
        self._round = 0
        self.header = PageHeader(tr("Segments"))
        self.search = SearchBox(tr("Search segments"), name="search_segments")
        self.header.add_widget(self.search)
        self.header.set_primary(tr("New segment"), self.new_wanted.emit, glyph="plus", name="new_segment")
        empty = EmptyState(
            "chart-pie-slice",
            tr("A segment is a question about your people, such as “bought twice and was quiet this week”."),
            tr("New segment"),
            self.new_wanted.emit,
            title=tr("No segments yet"),
            name="no_segments",
        )
        self.table = LocalTable(self._columns(), empty, label=tr("Segments"), name="segments")
        self.table.opened_key.connect(self.opened)
        self.table.removed_key.connect(self.delete_wanted)
        self.search.searched.connect(self.table.search)
        self.table.view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.table.view.customContextMenuRequested.connect(self._offer)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.header)
        column.addWidget(self.table, 1)

    def refresh(self) -> None:
        """Read the list and count each anew; old counts stay until then."""
        self._page.ask(segments.listed, then=self._show, slot="segment-list")

    def chosen(self) -> str:
        """The id of the current row, empty for none."""
        return self.table.current_key()

    @staticmethod
    def _columns() -> list[Column]:
        return [
            Column("name", tr("Name"), width=0, show=lambda name: name or tr("Segment without a name")),
            Column("people", tr("People"), "number", 13),
            Column("share", tr("Of everyone"), "share", 12),
            Column("version", tr("Version"), "number", 9),
            Column("saved", tr("Saved"), "time", 18),
        ]

    def _show(self, stored: tuple[Stored, ...]) -> None:
        self._stored = stored
        self._fill()
        self.search.setVisible(bool(stored))
        self._round += 1
        self._count_next(self._round, list(stored))

    def _fill(self) -> None:
        self.table.show_lines([Line(one.id, self._row(one)) for one in self._stored])

    def _row(self, one: Stored) -> Row:
        count = self._counts.get(one.id)
        people = count.matching if count else None
        share = count.matching / count.total if count and count.total else None
        return (one.name, people, share, one.version, one.saved)

    def _count_next(self, number: int, waiting: list[Stored]) -> None:
        """One count at a time: the list is never in the way of the editor."""
        if number != self._round or not waiting:
            return
        one, *rest = waiting
        segment = Segment.from_json(one.json_text)
        counted = countable(segment, check(segment)).segment

        def keep(count: Count) -> None:
            self._counts[one.id] = count
            self._fill()
            self._count_next(number, rest)

        ask = self._page.ask
        ask(segments.count, counted, False, then=keep, failed=lambda _error: self._count_next(number, rest))  # noqa: FBT003 - asked by position

    def _offer(self, where: QPoint) -> None:
        key = self.table.key(self.table.view.indexAt(where).row())
        menu = QMenu(self)
        menu.setObjectName("segment_menu")
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for words, run in (
            (tr("Open"), self.opened.emit),
            (tr("Duplicate"), self.duplicate_wanted.emit),
            (tr("Delete"), self.delete_wanted.emit),
        ):
            action = menu.addAction(words)
            action.triggered.connect(lambda _checked=False, run=run: run(key))
        if key:
            menu.popup(self.table.view.viewport().mapToGlobal(where))
