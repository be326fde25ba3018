"""The table of people: windowed, searched, filtered and sorted in the store."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Final

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from workbench.engine import endpoints, imports, segments
from workbench.gui.audience.columns import FIRST, choose_columns, remember, remembered, suggested
from workbench.gui.audience.filters import FilterBar
from workbench.gui.audience.person import Inspector
from workbench.gui.page import Page
from workbench.gui.parts import format as fmt
from workbench.gui.parts.columns import column_of
from workbench.gui.parts.empty import EmptyState
from workbench.gui.parts.header import PageHeader
from workbench.gui.parts.table import WindowedTable
from workbench.gui.parts.table_model import BLOCK, Block, Deliver, Failed
from workbench.gui.theme.tokens import space
from workbench.plan.catalogue import Catalogue
from workbench.plan.endpoint import TablePage
from workbench.plan.view_segment import segment_of
from workbench.plan.words import tr, trn

_INSPECT_AFTER_MS: Final = 80
_SUFFIX: Final = ".csv"


class PeopleView(QWidget):
    """Header, filters, table, and the inspector of the current row."""

    opened = Signal(str)

    def __init__(self, page: Page) -> None:
        super().__init__(page)
        self.setObjectName("people")
        self._page = page
        self._catalogue = Catalogue()
        chosen = remembered(page.frame.settings)
        self._suggest = not chosen
        self._asked_anew = False
        self.header = PageHeader(tr("People"))
        self.header.add_secondary(tr("Columns"), self._choose_columns, quiet=True, name="columns_button")
        export_tip = tr("Write everyone, or the chosen segment, to a file")
        self.header.add_secondary(tr("Export…"), self.export, tip=export_tip, name="export")
        keep_tip = tr("Keep this search and these filters as a segment")
        self.keep_button = self.header.add_secondary(
            tr("Save as segment"), self.save_as_segment, quiet=True, tip=keep_tip, name="save_as_segment"
        )
        self.keep_button.hide()
        self.header.set_primary(tr("Import"), lambda: page.frame.go("imports"), name="import")
        self.filters = FilterBar(self)
        self.filters.changed.connect(self._filtered)
        self._empty = EmptyState("users", tr("Counting"), tr("Import people"), self._start, name="no_people")
        columns = [column_of(field) for field in chosen or FIRST]
        self.table = WindowedTable(columns, self._fetch, label=tr("People"), empty=self._empty, name="people_table")
        # Who runs through the table with the arrows is not held up by each person on the way.
        self._inspect_later = QTimer(self)
        self._inspect_later.setSingleShot(True)
        self._inspect_later.setInterval(_INSPECT_AFTER_MS)
        self._inspect_later.timeout.connect(self._inspect_current)
        self.table.selected.connect(lambda _line: self._inspect_later.start())
        self.table.view.clicked.connect(lambda _index: self._inspect_current())
        self.table.model.loaded.connect(lambda _offset: self._look_for_inspected())
        self.table.opened.connect(self._open)
        self.table.columns_changed.connect(self._set_columns)
        self.inspector = Inspector(page)
        self.inspector.hide()
        self.inspector.closed.connect(self.close_inspector)
        self.inspector.opened.connect(self.opened)
        self._lay_out()

    def refresh(self) -> None:
        """Count and read anew; place, selection and filters stay."""
        self._page.ask(endpoints.catalogue, then=self._learn, slot="people-catalogue")
        self._page.ask(segments.listed, then=self.filters.show_segments, slot="people-segments")
        self._ask_count(self._recounted)
        self.inspector.refresh()

    def columns(self) -> tuple[str, ...]:
        """The fields shown, in order."""
        return self.table.visible_columns()

    def close_inspector(self) -> None:
        """Only the table."""
        self._dismiss()
        self.table.view.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc closes the inspector first."""
        if event.key() == Qt.Key.Key_Escape and self.inspector.isVisible():
            self.close_inspector()
            return
        super().keyPressEvent(event)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.header)
        column.addWidget(self.filters)
        row = QHBoxLayout()
        row.setSpacing(space(3))
        row.addWidget(self.table, 1)
        row.addWidget(self.inspector)
        column.addLayout(row, 1)

    def _learn(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        if self._suggest and catalogue.fields():
            fields = suggested(catalogue)
            if fields != tuple(column.key for column in self.table.model.columns):
                self.table.set_columns([column_of(field) for field in fields])

    def _fetch(self, block: Block, deliver: Deliver, failed: Failed) -> None:
        fields = tuple(column.key for column in self.table.model.columns)
        view = self.filters.view(fields, block.sort, descending=block.descending)

        def take(page: TablePage) -> None:
            # The id, first in the store's rows, goes last: the cells before it are the columns.
            deliver([(*row[1:], row[0]) for row in page.rows])

        self._page.ask(endpoints.page, view, block.offset, block.limit, then=take, failed=failed)

    def _ask_count(self, then: Callable[[int], None]) -> None:
        self._page.ask(endpoints.count, self.filters.view(()), then=then, slot="people-count")

    def _filtered(self) -> None:
        self._ask_count(self._reset)

    def _reset(self, total: int) -> None:
        self._say(total)
        self._asked_anew = True
        self.table.reset(total)
        if total == 0:
            self._dismiss()

    def _look_for_inspected(self) -> None:
        """After another question the person beside the table is one of its first rows, or goes."""
        if not self._asked_anew:
            return
        self._asked_anew = False
        if not self.inspector.isVisible():
            return
        shown = min(self.table.model.rowCount(), BLOCK)
        at = next((line for line in range(shown) if self._id_of(line) == self.inspector.endpoint_id), -1)
        if at >= 0:
            self.table.choose(at)
        else:
            self._dismiss()

    def _dismiss(self) -> None:
        self._inspect_later.stop()
        self.inspector.forget()
        self.inspector.hide()

    def _recounted(self, total: int) -> None:
        self._say(total)
        self.table.set_total(total)
        self.table.model.refresh()

    def save_as_segment(self) -> None:
        """Store what narrows the table as a segment, and open it."""
        view = self.filters.view(())
        name = view.search or tr("People, filtered")
        save = partial(self._page.ask, segments.save, segment_of(view, name))
        save(then=partial(self._page.frame.go, "segments"))

    def _say(self, total: int) -> None:
        view = self.filters.view(())
        self.keep_button.setVisible(bool(view.search or view.channel or view.status))
        self.filters.found.setText(trn("{n} person", "{n} people", total).format(n=fmt.number(total)))
        if self.filters.narrows():
            self._empty.set_sentence(tr("Nobody fits this search and these filters."))
            words = tr("Show everyone")
        else:
            self._empty.set_sentence(
                tr("People come from a file: CSV, Parquet or NDJSON. Drop one on the window."), tr("Nobody is here yet")
            )
            words = tr("Import people")
        if self._empty.button is not None:
            self._empty.button.set_text(words)

    def _start(self) -> None:
        if self.filters.narrows():
            self.filters.clear()
        else:
            self._page.frame.go("imports")

    def _id_of(self, line: int) -> str:
        row = self.table.row(line)
        return str(row[-1]) if row else ""

    def _inspect_current(self) -> None:
        endpoint_id = self._id_of(self.table.current_line())
        if endpoint_id and endpoint_id != self.inspector.endpoint_id:
            self.inspector.open(endpoint_id)
            self.inspector.show()

    def _open(self, line: int) -> None:
        endpoint_id = self._id_of(line)
        if endpoint_id:
            self.opened.emit(endpoint_id)

    def _choose_columns(self) -> None:
        anchor = self.header.findChild(QWidget, "columns_button") or self.header
        choose_columns(anchor, self._catalogue, self.columns(), self._set_columns)

    def _set_columns(self, fields: tuple[str, ...]) -> None:
        self._suggest = False
        remember(self._page.frame.settings, fields)
        self.table.set_columns([column_of(field) for field in fields])

    def export(self) -> None:
        """Ask for a file, and write to it."""
        kinds = tr("CSV (*.csv *.csv.gz);;NDJSON (*.ndjson *.ndjson.gz);;Parquet (*.parquet)")
        path, _ = QFileDialog.getSaveFileName(self, tr("Export people"), str(Path.home() / f"people{_SUFFIX}"), kinds)
        if path:
            self.export_to(path)

    def export_to(self, path: str) -> None:
        """Write everyone, or the chosen segment, to the file."""
        whole = path if "." in Path(path).name else path + _SUFFIX
        segment_id = self.filters.view(()).segment_id
        self._page.ask(imports.export, whole, segment_id, then=partial(self._exported, whole))

    def _exported(self, path: str, count: int) -> None:
        words = trn("{n} person written to {file}", "{n} people written to {file}", count)
        self._page.frame.say(words.format(n=fmt.number(count), file=Path(path).name))
