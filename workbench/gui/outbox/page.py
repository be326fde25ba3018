"""The outbox: one durable row for each message to each person, with its decision and where it stands."""

from collections.abc import Sequence
from typing import ClassVar, Final

from PySide6.QtCore import QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QComboBox

from workbench.engine import campaigns
from workbench.gui.actions import ActionEntry
from workbench.gui.page import Frame, Page
from workbench.gui.parts import format as fmt
from workbench.gui.parts.empty import EmptyState
from workbench.gui.parts.pill_cell import PillCell
from workbench.gui.parts.search import SearchBox
from workbench.gui.parts.sending import STATES, decision_words, kind, state_words
from workbench.gui.parts.table import WindowedTable
from workbench.gui.parts.table_model import Block, Column, Deliver, Failed, Row
from workbench.gui.theme.tokens import Measure
from workbench.plan.campaign import OutboxPage as Rows
from workbench.plan.campaign import OutboxRow, RunStatus
from workbench.plan.words import tr, trn

_ONCE_A_MS: Final = 1000
_STATE_AT: Final = 3
#: Columns that give way in a narrow window.
_SPARE: Final = (4, 6)


class OutboxPage(Page):
    """A windowed table over all messages; filtered by run and state, searched by person and address."""

    key: ClassVar[str] = "outbox"
    nouns: ClassVar[frozenset[str]] = frozenset({"outbox", "campaigns"})

    def __init__(self, frame: Frame) -> None:
        super().__init__(frame, tr("Outbox"))
        self._search = ""
        self._wanted = ""
        self._total = -1
        self._again = False
        self.header = self.add_header(tr("Outbox"))
        self.runs = _combo("run_filter", tr("Run"))
        self.runs.addItem(tr("All runs"), "")
        self.states = _combo("state_filter", tr("State"))
        self.states.addItem(tr("All states"), "")
        for state in STATES:
            self.states.addItem(state_words(state), state)
        self.search = SearchBox(tr("Search people"), name="search_outbox")
        for widget in (self.search, self.states, self.runs):
            self.header.add_widget(widget)
        empty = EmptyState(
            "paper-plane-tilt",
            tr(
                "A launched campaign fills the outbox with one row for every person: what was decided, and what "
                "became of it."
            ),
            tr("Make a campaign"),
            lambda: self.frame.go("campaigns", "new"),
            title=tr("The outbox is empty"),
            name="outbox_empty",
        )
        self.table = WindowedTable(_columns(), self._fetch, label=tr("Messages"), empty=empty, name="outbox_table")
        self.table.view.setItemDelegateForColumn(_STATE_AT, PillCell(kind, self.table.view))
        self.column.addWidget(self.table, 1)
        self.runs.activated.connect(lambda _at: self._filtered())
        self.states.activated.connect(lambda _at: self._filtered())
        self.search.searched.connect(self._look_for)
        self.table.opened.connect(self._open_person)
        # A send changes rows all the time; once a second is enough to watch it.
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_ONCE_A_MS)
        self._pause.timeout.connect(lambda: self.refresh() if self._again else None)

    def refresh(self) -> None:
        """Look again at what is shown, at most once a second."""
        if self._pause.isActive():
            self._again = True
            return
        self._again = False
        self._pause.start()
        self.ask(campaigns.runs, then=self._arrived_runs, slot="runs")
        self._ask_total(keep=True)

    def open(self, thing: str) -> None:
        """Show the messages of this run."""
        if thing:
            self._wanted = thing
            self.ask(campaigns.runs, then=self._arrived_runs, slot="runs")

    def action_entries(self) -> Sequence[ActionEntry]:
        """What can be done with the outbox."""
        return (ActionEntry("outbox.all", lambda: tr("Show every message"), self._show_all, "page"),)

    def show_state(self, state: str) -> None:
        """Only messages in this state; empty for all."""
        self.states.setCurrentIndex(max(self.states.findData(state), 0))
        self._filtered()

    def _show_all(self) -> None:
        self.runs.setCurrentIndex(0)
        self.search.clear()
        self.show_state("")

    def _look_for(self, text: str) -> None:
        self._search = text
        self._filtered()

    def _filtered(self) -> None:
        self._ask_total(keep=False)

    def _filters(self) -> tuple[str, str, str]:
        return str(self.runs.currentData() or ""), str(self.states.currentData() or ""), self._search

    def _ask_total(self, *, keep: bool) -> None:
        self.ask(
            campaigns.outbox, *self._filters(), 0, 1, then=lambda page: self._counted(page, keep=keep), slot="total"
        )

    def _counted(self, page: Rows, *, keep: bool) -> None:
        words = trn("{n} message", "{n} messages", page.total).format(n=fmt.number(page.total))
        self.header.pill.show_state(words if page.total else "")
        if keep and page.total == self._total:
            self.table.model.refresh()
        elif keep and self._total > 0 and page.total > 0:
            self.table.set_total(page.total)
            self.table.model.refresh()
        else:
            self.table.reset(page.total)
        self._total = page.total
        self._say_empty(page.total)

    def _say_empty(self, total: int) -> None:
        filtered = any(self._filters())
        for widget in (self.search, self.states, self.runs):
            widget.setVisible(total > 0 or filtered)

    def _fetch(self, block: Block, deliver: Deliver, failed: Failed) -> None:
        self.ask(
            campaigns.outbox,
            *self._filters(),
            block.offset,
            block.limit,
            then=lambda page: deliver([_cells(row) for row in page.rows]),
            failed=failed,
        )

    def _arrived_runs(self, runs: tuple[RunStatus, ...]) -> None:
        chosen = self._wanted or str(self.runs.currentData() or "")
        shown = [self.runs.itemData(at) for at in range(1, self.runs.count())]
        if shown != [run.run_id for run in runs]:
            while self.runs.count() > 1:
                self.runs.removeItem(1)
            for run in runs:
                self.runs.addItem(f"{run.name or tr('(no name)')}, {fmt.exact(run.created)}", run.run_id)
        self.runs.setCurrentIndex(max(self.runs.findData(chosen), 0))
        if self._wanted:
            self._wanted = ""
            self._filtered()

    def _open_person(self, line: int) -> None:
        row = self.table.row(line)
        if row is not None:
            self.frame.go("people", str(row[0]))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In a narrow window the less important columns give way."""
        super().resizeEvent(event)
        narrow = event.size().width() < Measure.window_width
        for at in _SPARE:
            self.table.view.setColumnHidden(at, narrow)


def _columns() -> tuple[Column, ...]:
    return (
        Column("endpoint_id", tr("Person"), width=13, sortable=False),
        Column("address", tr("Address"), width=24, sortable=False),
        Column("decision", tr("Decision"), width=16, sortable=False, show=decision_words),
        Column("state", tr("State"), width=16, sortable=False, show=state_words),
        Column("attempts", tr("Attempts"), "number", 8, sortable=False),
        Column("at", tr("When"), "time", 11, sortable=False),
        Column("next_try", tr("Next try"), "time", 11, sortable=False),
        Column("words", tr("The server said"), width=30, sortable=False),
    )


def _cells(row: OutboxRow) -> Row:
    return (
        row.endpoint_id, row.address, row.decision, row.state, row.attempts or None, row.at, row.next_try, row.words,
    )  # fmt: skip


def _combo(name: str, label: str) -> QComboBox:
    combo = QComboBox()
    combo.setObjectName(name)
    combo.setAccessibleName(label)
    combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    combo.setMinimumContentsLength(14)
    return combo
