"""The editor of a campaign: audience, message and channel as cards, the run below, who is left out at the right."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from workbench.gui.campaigns.cards import ChoiceCard, MessageCard, Said
from workbench.gui.campaigns.history import History
from workbench.gui.campaigns.left_out import LeftOut
from workbench.gui.campaigns.run_card import RunCard, UnknownCard
from workbench.gui.campaigns.sender_form import SenderChip
from workbench.gui.document import Document
from workbench.gui.parts import format as fmt
from workbench.gui.parts.chip import Sentence
from workbench.gui.parts.field import ProblemLine
from workbench.gui.parts.header import PageHeader
from workbench.gui.parts.picker import Choice
from workbench.gui.parts.scroll import Scroll
from workbench.gui.parts.sending import kind, run_words
from workbench.gui.parts.title_line import TitleLine
from workbench.gui.theme.tokens import Measure, space
from workbench.plan.campaign import Campaign, LaunchSheet, RunStatus
from workbench.plan.problem import Problem
from workbench.plan.words import tr, trn

ACTIVE: Final = ("waiting", "sending", "paused")
_LEAST: Final = space(68)
_SENDER: Final = ("from_name", "from_address", "reply_to", "sender")


@dataclass(frozen=True, slots=True)
class Choices:
    """What a campaign can be made of."""

    segments: tuple[Choice, ...] = ()
    templates: tuple[Choice, ...] = ()
    channels: tuple[Choice, ...] = ()


class CampaignEditor(QWidget):
    """Shows a campaign's document and its runs; the page does the asking.

    Attributes:
        header: breadcrumb, name, state and buttons.
        run: the newest run; its signals ask to undo, pause, resume, cancel.
        unknown: what to do with unknown messages.
    """

    channel_picked = Signal(str)
    opened = Signal(str, str)
    """A page and a thing to go to."""
    launched = Signal()
    results_wanted = Signal()

    def __init__(self, *, name: str = "campaign_editor", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self._document: Document[Campaign] | None = None
        self._choices = Choices()
        self._runs: tuple[RunStatus, ...] = ()
        self.header = PageHeader("", tr("Campaigns"))
        self.name = TitleLine(self.header, tr("Name of the campaign"), tr("Name of the campaign"), name="campaign_name")
        self.again = self.header.add_secondary(tr("Launch again"), self.launched.emit, name="launch_again")
        self.launch = self.header.set_primary(tr("Launch"), self.launched.emit, name="launch")
        self.results = self.header.set_primary(tr("Open results"), self.results_wanted.emit, name="open_results")
        self.name_problem = ProblemLine(name="problem_name")
        everyone = Said("", tr("evaluated anew at each run"), tr("Everyone"), tr("audience"))
        self.audience = ChoiceCard(tr("Audience"), "segment_id", everyone)
        self.message = MessageCard()
        through = Said(tr("through"), "", tr("Choose a channel"), tr("channel"))
        self.channel = ChoiceCard(tr("Channel"), "channel_id", through)
        self.from_line = SenderChip(lambda key, text: self._edit({key: text}, tr("Change sender"), key))
        self.sender_problem = ProblemLine(name="problem_sender")
        self.run = RunCard()
        self.unknown = UnknownCard()
        self.history = History()
        self.left_out = LeftOut()
        self._arrange()
        self._connect()

    def show_document(self, document: Document[Campaign]) -> None:
        """Edit another campaign; what becomes of the one before is not shown here any more."""
        if self._document is not None:
            self._document.changed.disconnect(self._redraw)
        self._document = document
        document.changed.connect(self._redraw)
        for card in self._cards():
            card.set_problem(None)
            card.reveal(on=False)
        self.message.show_message("", "")
        self.left_out.show_sheet(None)
        self.audience.set_note("")
        self.name_problem.show_problem(None)
        self.sender_problem.show_problem(None)
        self.show_runs(())
        self._redraw(document.definition)

    def show_choices(self, choices: Choices) -> None:
        """What can be chosen now."""
        self._choices = choices
        if self._document is not None:
            self._redraw(self._document.definition)

    def show_sheet(self, sheet: LaunchSheet) -> None:
        """What a launch would do now."""
        matching = trn("{n} matches", "{n} match", sheet.matching).format(n=fmt.number(sheet.matching))
        planned = trn("{n} gets it", "{n} get it", sheet.planned).format(n=fmt.number(sheet.planned))
        self.audience.set_note(f"{matching} · {planned}")
        self.left_out.show_sheet(sheet)
        self.from_line.show_sender(sheet.sender)

    def show_problems(self, problems: Sequence[Problem], *, reveal: bool = False) -> bool:
        """Put each problem at its card; with `reveal` go to the first that blocks. Gives whether one does."""
        for card in self._cards():
            card.set_problem(_worst(problems, (card.where,)))
            if reveal:
                card.reveal()
        name, sender = _worst(problems, ("name",)), _worst(problems, _SENDER)
        self.name_problem.show_problem(name)
        self.sender_problem.show_problem(sender if reveal or (sender and not sender.blocks) else None)
        self.from_line.set_faulty(faulty=reveal and sender is not None and sender.blocks)
        blocking = [problem for problem in problems if problem.blocks]
        if reveal and blocking:
            self._focus(blocking)
        return bool(blocking)

    def show_runs(self, runs: tuple[RunStatus, ...]) -> None:
        """All runs of the campaign, newest first."""
        self._runs = runs
        newest = runs[0] if runs else None
        self.run.show_status(newest)
        self.unknown.show_status(newest)
        self.history.show_runs(runs)
        state = newest.state if newest else ""
        self.header.pill.show_state(run_words(state) if newest else tr("Draft"), kind(state))
        self.results.setVisible(bool(runs))
        # While there is time to undo, that is the one thing to do.
        self.results.set_kind("" if state == "waiting" else "primary")
        self.launch.setVisible(not runs)
        self.again.setVisible(bool(runs) and state not in ACTIVE)

    def runs(self) -> tuple[RunStatus, ...]:
        """The runs shown."""
        return self._runs

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In a narrow window the right column gives way first."""
        super().resizeEvent(event)
        self.left_out.setFixedWidth(min(max(event.size().width() // 3, _LEAST), Measure.inspector))

    def _cards(self) -> tuple[ChoiceCard, ...]:
        return (self.audience, self.message, self.channel)

    def _focus(self, blocking: Sequence[Problem]) -> None:
        order: dict[str, QWidget] = {"name": self.name}
        order |= {card.where: card.chip for card in self._cards()}
        order |= dict.fromkeys(_SENDER, self.from_line)
        wrong = {problem.where.split(".")[0] for problem in blocking}
        target = next((widget for where, widget in order.items() if where in wrong), None)
        if target is not None:
            target.setFocus(Qt.FocusReason.OtherFocusReason)

    def _redraw(self, campaign: Campaign) -> None:
        self.name.show_name(campaign.name)
        self.audience.show_choices(self._choices.segments, campaign.segment_id)
        self.message.show_choices(self._choices.templates, campaign.template_id)
        self.channel.show_choices(self._choices.channels, campaign.channel_id)
        self.from_line.show_campaign(campaign)
        self.audience.set_action(tr("Open the segment") if campaign.segment_id else tr("New segment"))
        self.message.set_action(tr("Open the template") if campaign.template_id else tr("New template"))
        self.channel.set_action(tr("Open the channel") if campaign.channel_id else tr("New channel"))

    def _edit(self, changes: dict[str, str], label: str, key: str = "") -> None:
        if self._document is not None:
            self._document.replace(self._document.definition.model_copy(update=changes), label, key)

    def _connect(self) -> None:
        self.name.renamed.connect(lambda text: self._edit({"name": text}, tr("Change name"), "name"))
        self.audience.picked.connect(lambda key: self._edit({"segment_id": key}, tr("Choose the audience")))
        self.message.picked.connect(lambda key: self._edit({"template_id": key}, tr("Choose the message")))
        self.channel.picked.connect(self.channel_picked)
        for card, page, field in (
            (self.audience, "segments", "segment_id"),
            (self.message, "templates", "template_id"),
            (self.channel, "channels", "channel_id"),
        ):
            card.acted.connect(lambda page=page, field=field: self._go(page, field))
        self.run.outbox_wanted.connect(lambda run_id: self.opened.emit("outbox", run_id))
        self.history.opened_run.connect(lambda run_id: self.opened.emit("outbox", run_id))

    def _go(self, page: str, field: str) -> None:
        chosen = str(getattr(self._document.definition, field)) if self._document else ""
        self.opened.emit(page, chosen or "new")

    def _arrange(self) -> None:
        around = QVBoxLayout(self)
        around.setContentsMargins(0, 0, 0, 0)
        around.setSpacing(0)
        around.addWidget(self.header)
        around.addWidget(self.name_problem)
        scroll = Scroll(name="campaign_scroll")
        around.addWidget(scroll, 1)
        self.channel.body.insertWidget(1, Sentence(tr("from"), self.from_line))
        self.channel.add(self.sender_problem)
        left = QVBoxLayout()
        left.setSpacing(space(3))
        for card in (self.run, self.unknown, self.audience, self.message, self.channel, self.history):
            left.addWidget(card)
        left.addStretch(1)
        right = QVBoxLayout()
        right.setSpacing(space(3))
        right.addWidget(self.left_out)
        right.addStretch(1)
        row = QHBoxLayout()
        row.setSpacing(space(3))
        row.addLayout(left, 1)
        row.addLayout(right)
        scroll.column.addLayout(row)


def _worst(problems: Sequence[Problem], where: Sequence[str]) -> Problem | None:
    mine = [problem for problem in problems if problem.where.split(".")[0] in where]
    return min(mine, key=lambda problem: not problem.blocks, default=None)
