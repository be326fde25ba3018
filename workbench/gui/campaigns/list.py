"""The list of campaigns: name, state, figures of the newest run."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from workbench.engine.definitions import Stored
from workbench.gui.parts.empty import EmptyState
from workbench.gui.parts.header import PageHeader
from workbench.gui.parts.local_table import Line, LocalTable
from workbench.gui.parts.pill_cell import PillCell
from workbench.gui.parts.search import SearchBox
from workbench.gui.parts.sending import kind, run_words
from workbench.gui.parts.table_model import Column
from workbench.plan.campaign import RunStatus
from workbench.plan.words import tr


class CampaignList(QWidget):
    """All campaigns, newest first."""

    opened = Signal(str)
    removed = Signal(str)
    new_wanted = Signal()

    def __init__(self, *, name: str = "campaign_list", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.header = PageHeader(tr("Campaigns"))
        self.search = SearchBox(tr("Search campaigns"), name="search_campaigns")
        self.header.add_widget(self.search)
        self.header.set_primary(tr("New campaign"), self.new_wanted.emit, glyph="plus", name="new_campaign")
        empty = EmptyState(
            "megaphone",
            tr("A campaign sends one message to one audience through one channel. The sandbox is there to try it."),
            tr("New campaign"),
            self.new_wanted.emit,
            title=tr("No campaigns yet"),
            name="campaigns_empty",
        )
        self.table = LocalTable(_columns(), empty, label=tr("Campaigns"), name="campaigns_table")
        self.table.view.setItemDelegateForColumn(1, PillCell(kind, self.table.view))
        self.table.opened_key.connect(self.opened)
        self.table.removed_key.connect(self.removed)
        self.search.searched.connect(self.table.search)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.header)
        column.addWidget(self.table, 1)

    def show_campaigns(self, stored: Sequence[Stored], runs: Sequence[RunStatus]) -> None:
        """Other campaigns, and every run, newest first."""
        newest: dict[str, RunStatus] = {}
        for run in runs:
            newest.setdefault(run.campaign_id, run)
        self.table.show_lines([_line(item, newest.get(item.id)) for item in stored])
        self.search.setVisible(bool(stored))


def _columns() -> tuple[Column, ...]:
    return (
        Column("name", tr("Name"), width=0),
        Column("state", tr("State"), width=14, show=run_words),
        Column("planned", tr("Planned"), "number", 8),
        Column("accepted", tr("Accepted"), "number", 8),
        Column("failed", tr("Failed"), "number", 9),
        Column("last", tr("Last run"), "time", 11),
        Column("saved", tr("Changed"), "time", 11),
    )


def _line(stored: Stored, run: RunStatus | None) -> Line:
    name = stored.name or tr("(no name)")
    if run is None:
        return Line(stored.id, (name, "", None, None, None, None, stored.saved))
    failed = run.states.get("failed", 0) + run.states.get("render_failed", 0)
    cells = (name, run.state, run.planned, run.states.get("accepted", 0), failed, run.created, stored.saved)
    return Line(stored.id, cells)
