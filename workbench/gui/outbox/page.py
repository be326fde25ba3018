"""The outbox: one durable row for each message to each person, with its decision and where it stands."""

from collections.abc import Sequence
from textwrap import fill
from typing import ClassVar, Final

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout

from workbench.engine import campaigns
from workbench.gui.actions import ActionEntry
from workbench.gui.outbox.message import MessageView, called
from workbench.gui.page import Frame, Page
from workbench.gui.parts import format as fmt
from workbench.gui.parts.empty import EmptyState
from workbench.gui.parts.pill_cell import PillCell
from workbench.gui.parts.search import SearchBox
from workbench.gui.parts.sending import STATES, decided_words, kind, state_words
from workbench.gui.parts.table import WindowedTable
from workbench.gui.parts.table_model import Block, Column, Deliver, Failed, Row
from workbench.gui.theme.tokens import Measure, space
from workbench.plan.campaign import OutboxPage as Rows
from workbench.plan.campaign import OutboxRow, RunStatus
from workbench.plan.words import tr, trn

_ONCE_A_MS: Final = 1000
_STATE_AT: Final = 3
#: Columns that give way in a narrow window, and those that do where the message stands beside the table, in full.
_SPARE: Final = frozenset({4, 5, 6})
_IN_THE_MESSAGE: Final = frozenset({4, 6, 7})
_IN_THE_MESSAGE_NARROW: Final = frozenset({1, 4, 5, 6, 7})
#: Letters to a line of a tooltip, which does not break plain text itself.
_TIP_LETTERS: Final = 90


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
        self._rows: dict[tuple[str, int], OutboxRow] = {}
        self._runs: tuple[RunStatus, ...] = ()
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
        self.message = MessageView()
        self.message.hide()
        both = QHBoxLayout()
        both.setSpacing(space(3))
        both.addWidget(self.table, 1)
        both.addWidget(self.message)
        self.column.addLayout(both, 1)
        self.table.selected.connect(lambda _line: self._inspect())
        self.table.view.clicked.connect(lambda _index: self._inspect(ask=True))
        self.table.model.loaded.connect(lambda _offset: self._inspect())
        self.message.closed.connect(self.close_message)
        self.message.person_wanted.connect(lambda endpoint_id: self.frame.go("people", endpoint_id))
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
        if keep and page.total == self._total:
            self.table.model.refresh()
        elif keep and self._total > 0 and page.total > 0:
            self.table.set_total(page.total)
            self.table.model.refresh()
        else:
            self.table.reset(page.total)
        if page.total != self._total:
            self._rows.clear()
        self._total = page.total
        self._say_counts()
        self._say_empty(page.total)

    def _say_counts(self) -> None:
        """How many are planned and how many left out; where the rows are narrowed down, how many there are of them."""
        _run, state, search = self._filters()
        if self._total <= 0:
            self.header.pill.show_state("")
        elif state or search:
            self.header.pill.show_state(tr("{n} found").format(n=fmt.number(self._total)))
        else:
            runs = [run for run in self._runs if self.runs.currentData() in ("", run.run_id)]
            planned = sum(run.planned for run in runs)
            out = sum(run.matching - run.planned for run in runs)
            words = tr("{n} planned").format(n=fmt.number(planned))
            if out:
                left_out = trn("{n} left out", "{n} left out", out).format(n=fmt.number(out))
                words += f" · {left_out}"
            self.header.pill.show_state(words)

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
            then=lambda page: self._deliver(page, deliver),
            failed=failed,
        )

    def _deliver(self, page: Rows, deliver: Deliver) -> None:
        for row in page.rows:
            self._rows[row.run_id, row.ordinal] = row
        deliver([_cells(row) for row in page.rows])

    def _message_of(self, line: int) -> OutboxRow | None:
        row = self.table.row(line)
        return self._rows.get((str(row[-2]), int(str(row[-1])))) if row is not None else None

    def _inspect(self, *, ask: bool = False) -> None:
        """Show the current row's message, once it was asked for by a click or a key in the table."""
        row = self._message_of(self.table.current_line())
        if row is None:
            if self.table.current_line() < 0 and self.message.isVisible():
                self.close_message()
            return
        if ask or self.message.isVisible() or self.table.view.hasFocus():
            self.message.show_message(row)
            self.message.show()
            self._fit_columns()

    def close_message(self) -> None:
        """Only the table."""
        self.message.forget()
        self.message.hide()
        self._fit_columns()
        self.table.view.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc closes the message first."""
        if event.key() == Qt.Key.Key_Escape and self.message.isVisible():
            self.close_message()
            return
        super().keyPressEvent(event)

    def _arrived_runs(self, runs: tuple[RunStatus, ...]) -> None:
        self._runs = runs
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
        self._say_counts()

    def _open_person(self, line: int) -> None:
        row = self._message_of(line)
        if row is not None and row.endpoint_id:
            self.frame.go("people", row.endpoint_id)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In a narrow window the less important columns give way."""
        super().resizeEvent(event)
        self._fit_columns()

    def _fit_columns(self) -> None:
        narrow = self.width() < Measure.window_width
        hidden = _SPARE if narrow else frozenset()
        if self.message.isVisibleTo(self):
            hidden = _IN_THE_MESSAGE_NARROW if narrow else _IN_THE_MESSAGE
        for at in range(len(self.table.model.columns)):
            self.table.view.setColumnHidden(at, at in hidden)


def _columns() -> tuple[Column, ...]:
    return (
        Column("person", tr("Person"), width=17, sortable=False),
        Column("address", tr("Address"), width=23, sortable=False),
        Column("decision", tr("Decision"), width=20, sortable=False, show=decided_words, tip=decided_words),
        Column("state", tr("State"), width=16, sortable=False, show=state_words, tip=state_words),
        Column("attempts", tr("Attempts"), "number", 8, sortable=False),
        Column("at", tr("When"), "time", 11, sortable=False),
        Column("next_try", tr("Next try"), "time", 11, sortable=False),
        Column("words", tr("Reply or reason"), width=0, sortable=False, tip=lambda words: fill(words, _TIP_LETTERS)),
    )


def _cells(row: OutboxRow) -> Row:
    """The cells of the columns, then what the row is known by."""
    return (
        called(row), row.address, row.decision, row.state, row.attempts or None, row.at, row.next_try, row.words,
        row.run_id, row.ordinal,
    )  # fmt: skip


def _combo(name: str, label: str) -> QComboBox:
    combo = QComboBox()
    combo.setObjectName(name)
    combo.setAccessibleName(label)
    combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    combo.setMinimumContentsLength(14)
    return combo
