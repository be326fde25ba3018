"""An import at work, and what it did: progress in place, then the report."""

from pathlib import Path

from PySide6.QtCore import QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from workbench.engine.news import Progress
from workbench.gui.parts import format as fmt
from workbench.gui.parts.button import Button
from workbench.gui.parts.card import Card
from workbench.gui.parts.field import ProblemLine
from workbench.gui.parts.header import PageHeader
from workbench.gui.parts.progress import ProgressRow
from workbench.gui.parts.scroll import Scroll
from workbench.gui.parts.stat import StatTile
from workbench.gui.parts.text import Text
from workbench.gui.theme.tokens import space
from workbench.plan.mapping import ImportReport
from workbench.plan.words import tr, trn


class WorkView(QWidget):
    """The running import, the failed one, or a report."""

    back = Signal()
    cancel_wanted = Signal()
    again_wanted = Signal()
    """Back to the mapping of the file that failed or was cancelled."""
    next_wanted = Signal()
    page_wanted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("import_work")
        self._report: ImportReport | None = None
        self.header = PageHeader("", tr("Imports"))
        self.header.back.connect(self.back)
        self.progress = ProgressRow("", name="import_progress")
        self.progress.cancelled.connect(self.cancel_wanted)
        self._running = Card(name="running_card")
        self._running.add(self.progress)
        self._trouble = Card(name="trouble_card")
        self.problem = ProblemLine(name="import_problem")
        self._again = Button(tr("Back to the mapping"), on_click=self.again_wanted.emit, name="again")
        self._trouble.add(self.problem)
        line = QHBoxLayout()
        line.addWidget(self._again)
        self._skip = Button("", on_click=self.next_wanted.emit, name="next_after_failure")
        line.addWidget(self._skip)
        line.addStretch(1)
        self._trouble.add(line)
        self.tiles = {
            name: StatTile(words, name=f"tile_{name}")
            for name, words in (
                ("added", tr("Added")),
                ("updated", tr("Updated")),
                ("unchanged", tr("Unchanged")),
                ("rejected", tr("Rejected")),
            )
        }
        self._done = QWidget()
        self._lay_out()

    def show_running(self, path: str) -> None:
        """It has begun."""
        self._title(path)
        self.progress.set_title(tr("Importing {file}").format(file=Path(path).name))
        self.progress.show_progress(0, None)
        self._face(self._running)

    def show_progress(self, progress: Progress) -> None:
        """How far it is."""
        total = progress.total or None
        self.progress.show_progress(progress.done, total, progress.rate or None, progress.remaining)

    def show_failure(self, path: str, error: str, *, more: int = 0) -> None:
        """It failed, or was cancelled; nothing was changed. `more` files wait."""
        self._title(path)
        _offer(self._skip, more)
        self.problem.show_problem(error)
        self._face(self._trouble)

    def show_report(self, report: ImportReport, *, more: int = 0) -> None:
        """What it did; `more` files wait."""
        self._report = report
        self._title(report.path)
        for name, tile in self.tiles.items():
            count = getattr(report, name)
            tile.show_value(fmt.number(count))
        rejected = report.rejected > 0
        self.tiles["rejected"].show_value(fmt.number(report.rejected), tr("see why") if rejected else "", "warn")
        self._rejects.setVisible(bool(report.rejects))
        self._see.set_text(tr("See people"))
        _offer(self._next, more)
        self._summary.setText(_summary(report))
        self._notes.setText("\n".join(report.notes))
        self._notes.setVisible(bool(report.notes))
        self._face(self._done)

    def shows_report(self) -> bool:
        """Whether an import that was done is shown, rather than one at work or a failure."""
        return not self._done.isHidden()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.header)
        scroll = Scroll(name="work_scroll")
        column.addWidget(scroll, 1)
        for part in (self._running, self._trouble, self._done):
            scroll.column.addWidget(part)
        scroll.column.addStretch(1)
        inside = QVBoxLayout(self._done)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(space(4))
        self._summary = Text("", "muted", wrap=True, selectable=True, name="report_summary")
        inside.addWidget(self._summary)
        grid = QGridLayout()
        grid.setSpacing(space(3))
        for at, tile in enumerate(self.tiles.values()):
            grid.addWidget(tile, 0, at)
        inside.addLayout(grid)
        self._notes = Text("", "muted", wrap=True, selectable=True, name="report_notes")
        inside.addWidget(self._notes)
        row = QHBoxLayout()
        row.setSpacing(space(2))
        self._see = Button("", "primary", on_click=lambda: self.page_wanted.emit("people"), name="see_people")
        self._next = Button("", on_click=self.next_wanted.emit, name="next_file")
        self._rejects = Button(tr("Open rejected rows"), on_click=self._open_rejects, name="open_rejects")
        another = Button(tr("Import another file"), "quiet", on_click=self.back.emit, name="another")
        for button in (self._see, self._next, self._rejects, another):
            row.addWidget(button)
        row.addStretch(1)
        inside.addLayout(row)

    def _title(self, path: str) -> None:
        self.header.set_title(Path(path).name)

    def _face(self, shown: QWidget) -> None:
        for part in (self._running, self._trouble, self._done):
            part.setVisible(part is shown)

    def _open_rejects(self) -> None:
        if self._report is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(self._report.rejects))


def waiting_words(more: int) -> str:
    """How many files wait."""
    return trn("Next file: {n} waits", "Next file: {n} wait", more).format(n=fmt.number(more))


def _offer(button: Button, more: int) -> None:
    button.setVisible(more > 0)
    button.set_text(waiting_words(more))


def _summary(report: ImportReport) -> str:
    rows = trn("{n} row read", "{n} rows read", report.read).format(n=fmt.number(report.read))
    what = tr("as events") if report.kind == "events" else tr("as people")
    took = tr("in {time}").format(time=fmt.duration(report.seconds)) if report.seconds else ""
    when = fmt.exact(report.at)
    return " · ".join(part for part in (f"{rows} {what} {took}".strip(), when, report.path) if part)
