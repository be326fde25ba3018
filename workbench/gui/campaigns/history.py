"""The runs of a campaign, newest first."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from workbench.gui.parts.card import Card
from workbench.gui.parts.empty import EmptyState
from workbench.gui.parts.local_table import Line, LocalTable
from workbench.gui.parts.pill_cell import PillCell
from workbench.gui.parts.sending import kind, run_words
from workbench.gui.parts.table_model import Column
from workbench.gui.theme.tokens import Measure
from workbench.plan.campaign import RunStatus
from workbench.plan.words import tr

_MOST_ROWS = 6


class History(Card):
    """When it was sent, to how many, and what came of it; opening a run shows its outbox."""

    opened_run = Signal(str)

    def __init__(self, *, name: str = "history", parent: QWidget | None = None) -> None:
        super().__init__(tr("Runs"), name=name, flush=True, parent=parent)
        empty = EmptyState("clock-counter-clockwise", tr("Nothing was sent yet."), name="history_empty")
        self.table = LocalTable(_columns(), empty, label=tr("Runs"), bare=True, name="runs_table")
        self.table.view.setItemDelegateForColumn(1, PillCell(kind, self.table.view))
        self.table.opened_key.connect(self.opened_run)
        self.add(self.table)
        self.hide()

    def show_runs(self, runs: tuple[RunStatus, ...]) -> None:
        """Other runs; hidden while there are none."""
        self.table.show_lines([_line(run) for run in runs])
        rows = min(len(runs), _MOST_ROWS)
        self.table.setFixedHeight(Measure.row * rows + Measure.control + 4)
        self.setVisible(bool(runs))


def _columns() -> tuple[Column, ...]:
    return (
        Column("created", tr("Started"), "time", 0, sortable=False),
        Column("state", tr("State"), width=15, sortable=False, show=run_words),
        Column("planned", tr("Planned"), "number", 9, sortable=False),
        Column("accepted", tr("Accepted"), "number", 9, sortable=False),
        Column("failed", tr("Failed"), "number", 8, sortable=False),
        Column("left_out", tr("Left out"), "number", 9, sortable=False),
    )


def _line(run: RunStatus) -> Line:
    failed = run.states.get("failed", 0) + run.states.get("render_failed", 0)
    cells = (run.created, run.state, run.planned, run.states.get("accepted", 0), failed, run.matching - run.planned)
    return Line(run.run_id, cells)
