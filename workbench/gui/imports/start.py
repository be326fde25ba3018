"""Where imports begin: the drop area, and every import so far."""

from pathlib import Path

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QFileDialog, QVBoxLayout, QWidget

from workbench.engine import imports
from workbench.gui.imports.drop_area import DropArea
from workbench.gui.imports.work_view import waiting_words
from workbench.gui.page import Page
from workbench.gui.parts.card import Card
from workbench.gui.parts.field import ProblemLine
from workbench.gui.parts.header import PageHeader
from workbench.gui.parts.table import WindowedTable
from workbench.gui.parts.table_model import Block, Column, Deliver, Failed, Row
from workbench.gui.parts.text import Text
from workbench.gui.theme.tokens import space
from workbench.plan.mapping import ImportReport
from workbench.plan.words import tr


class StartView(QWidget):
    """Drop area above, list below."""

    chosen = Signal(object)
    """A list of paths."""
    report_wanted = Signal(object)
    next_wanted = Signal()

    def __init__(self, page: Page) -> None:
        super().__init__(page)
        self.setObjectName("imports_start")
        self._page = page
        self._reports: tuple[ImportReport, ...] = ()
        self.header = PageHeader(tr("Imports"))
        self._next = self.header.add_secondary("", self.next_wanted.emit, name="next_waiting")
        self._next.hide()
        self.drop = DropArea(self.choose, self)
        self.drop.dropped.connect(self.chosen)
        self.problem = ProblemLine(name="file_problem")
        self.table = WindowedTable(self._columns(), self._fetch, label=tr("Imports so far"), bare=True, name="reports")
        self.table.opened.connect(self._open)
        self.table.view.clicked.connect(lambda index: self._open(index.row()))
        self._past = Card(tr("Imports so far"), name="past_imports", flush=True)
        self._past.add(self.table, 1)
        self._past.hide()
        self._none = Text(tr("No imports so far."), "hint", name="no_imports")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.header)
        column.addWidget(self.drop)
        column.addSpacing(space(3))
        column.addWidget(self.problem)
        column.addWidget(self._none)
        column.addWidget(self._past, 1)
        self._rest = QWidget()
        column.addWidget(self._rest, 1)

    def refresh(self) -> None:
        """Read the list anew."""
        self._page.ask(imports.reports, then=self._show, slot="import-reports")

    def offer_next(self, waiting: int) -> None:
        """A button for the files that wait, where there are any."""
        self._next.set_text(waiting_words(waiting))
        self._next.setVisible(waiting > 0)

    def choose(self) -> None:
        """Ask for files."""
        kinds = tr("Tables (*.csv *.tsv *.txt *.ndjson *.jsonl *.json *.parquet *.gz);;All files (*)")
        paths, _ = QFileDialog.getOpenFileNames(self, tr("Choose files"), "", kinds)
        if paths:
            self.chosen.emit([Path(path) for path in paths])

    @staticmethod
    def _columns() -> list[Column]:
        return [
            Column("file", tr("File"), width=0, sortable=False),
            Column("kind", tr("Holds"), width=8, sortable=False),
            Column("at", tr("When"), "time", 12, sortable=False),
            Column("read", tr("Rows read"), "number", 9, sortable=False),
            Column("added", tr("Added"), "number", 8, sortable=False),
            Column("updated", tr("Updated"), "number", 8, sortable=False),
            Column("rejected", tr("Rejected"), "number", 8, sortable=False),
        ]

    def _show(self, reports: tuple[ImportReport, ...]) -> None:
        self._reports = reports
        self._past.setVisible(bool(reports))
        self._none.setVisible(not reports)
        self._rest.setVisible(not reports)
        self.table.set_total(len(reports))
        self.table.model.refresh()

    def _fetch(self, block: Block, deliver: Deliver, failed: Failed) -> None:
        del failed
        rows = [_row(report) for report in self._reports[block.offset : block.offset + block.limit]]
        QTimer.singleShot(0, self, lambda: deliver(rows))

    def _open(self, line: int) -> None:
        if 0 <= line < len(self._reports):
            self.report_wanted.emit(self._reports[line])


def _row(report: ImportReport) -> Row:
    kind = tr("Events") if report.kind == "events" else tr("People")
    name = Path(report.path).name
    return (name, kind, report.at, report.read, report.added, report.updated, report.rejected)
