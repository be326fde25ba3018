"""The start page: the first campaign in six steps, each with what is there already."""

from typing import ClassVar

from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from workbench.engine import campaigns, workspace
from workbench.engine.definitions import Stored
from workbench.engine.workspace import Overview
from workbench.gui.page import Frame, Page
from workbench.gui.parts import format as fmt
from workbench.gui.parts.card import Card
from workbench.gui.parts.field import ProblemLine
from workbench.gui.parts.scroll import Scroll
from workbench.gui.parts.stat import StatTile
from workbench.gui.parts.text import Line
from workbench.gui.start.row import StepRow
from workbench.gui.start.sample import SampleCard
from workbench.gui.start.steps import DRAFT, Step, steps
from workbench.gui.theme.tokens import space
from workbench.plan.words import tr

_KEYS = ("people", "segment", "message", "send", "read", "results")


class StartPage(Page):
    """Leads through the first campaign; afterwards it shows where things stand."""

    key: ClassVar[str] = "start"
    nouns: ClassVar[frozenset[str]] = frozenset(
        {"endpoints", "events", "segments", "templates", "campaigns", "outbox", "mailbox", "workspace"}
    )

    def __init__(self, frame: Frame) -> None:
        super().__init__(frame, tr("Start"))
        self.header = self.add_header(tr("Start"))
        self._problem = ProblemLine()
        self.column.addWidget(self._problem)
        scroll = Scroll(name="start_scroll")
        self.column.addWidget(scroll, 1)
        self._tiles = {
            "endpoints": StatTile(tr("People"), name="stat_endpoints"),
            "events": StatTile(tr("Events"), name="stat_events"),
            "outbox": StatTile(tr("Messages"), name="stat_outbox"),
            "mailbox": StatTile(tr("In the sandbox mailbox"), name="stat_mailbox"),
        }
        self.rows = [StepRow(number, key) for number, key in enumerate(_KEYS, start=1)]
        self.sample = SampleCard(self.bridge)
        self.sample.hide()
        scroll.column.addLayout(self._tile_row())
        scroll.column.addWidget(self.sample)
        scroll.column.addWidget(self._steps_card())
        scroll.column.addStretch(1)

    def refresh(self) -> None:
        """Ask where things stand."""
        self.ask(workspace.overview, then=self.show_overview, failed=self._fail, slot="overview")

    def show_overview(self, overview: Overview) -> None:
        """Show where things stand."""
        self._problem.show_problem(None)
        self.header.set_title(overview.name)
        for name, tile in self._tiles.items():
            tile.show_value(fmt.number(getattr(overview, name)))
        empty = overview.endpoints == 0
        self._tile_box.setVisible(not empty)
        self.sample.offer(on=empty)
        found = steps(overview)
        current = next((step.key for step in found if not step.done), "")
        for row, step in zip(self.rows, found, strict=True):
            row.show_step(step, current=step.key == current)
        done = sum(step.done for step in found)
        self._card.set_note(tr("{done} of {total} done").format(done=done, total=len(found)))
        self._card.set_title(tr("Your first campaign") if current else tr("Your first campaign is out"))

    def _go(self, step: Step) -> None:
        if step.thing == DRAFT and not step.done:
            self.ask(campaigns.listed, then=self._open_draft, failed=self._fail, slot="draft")
        else:
            self.frame.go(step.page, "" if step.done else step.thing)

    def _open_draft(self, stored: tuple[Stored, ...]) -> None:
        """Open the newest campaign; nothing was sent yet, so that all are drafts."""
        self.frame.go("campaigns", stored[0].id if stored else "new")

    def _fail(self, error: Exception) -> None:
        self._problem.show_problem(str(error))

    def _tile_row(self) -> QHBoxLayout:
        self._tile_box = QWidget()
        row = QHBoxLayout(self._tile_box)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(space(3))
        for tile in self._tiles.values():
            row.addWidget(tile)
        around = QHBoxLayout()
        around.addWidget(self._tile_box)
        return around

    def _steps_card(self) -> Card:
        self._card = Card(tr("Your first campaign"), " ", name="first_campaign", flush=True)
        self._card.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self._card.body.setSpacing(0)
        for at, row in enumerate(self.rows):
            if at:
                self._card.add(Line(soft=True))
            self._card.add(row)
            row.pressed.connect(self._go)
        return self._card
