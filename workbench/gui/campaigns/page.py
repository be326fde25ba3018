"""The campaigns page: the list, and the editor of the one that was opened."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import ClassVar, Final
from urllib.parse import parse_qsl

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QStackedWidget

from workbench.engine import campaigns, channels, segments, templates
from workbench.engine.definitions import Stored
from workbench.gui.actions import ActionEntry
from workbench.gui.campaigns.choices import SANDBOX, channel_choices, segment_choices, template_choices
from workbench.gui.campaigns.editor import ACTIVE, CampaignEditor, Choices
from workbench.gui.campaigns.launch_sheet import launch_sheet
from workbench.gui.campaigns.list import CampaignList
from workbench.gui.campaigns.preview import MessagePreview
from workbench.gui.document import Document
from workbench.gui.page import Frame, Page
from workbench.gui.parts.toast import offer_undo
from workbench.plan.campaign import Campaign, LaunchSheet, RunStatus
from workbench.plan.channel import SandboxChannel
from workbench.plan.problem import Problem
from workbench.plan.words import Words, tr

_ONCE_A_MS: Final = 500
_CHOICES: Final = {"segments": segment_choices, "templates": template_choices, "channels": channel_choices}


class CampaignsPage(Page):
    """Makes, launches and watches campaigns."""

    key: ClassVar[str] = "campaigns"
    nouns: ClassVar[frozenset[str]] = frozenset(
        {"campaigns", "outbox", "segments", "templates", "channels", "endpoints"}
    )

    def __init__(self, frame: Frame) -> None:
        super().__init__(frame, tr("Campaigns"))
        self._id = ""
        self._names: dict[str, str] = {}
        self._stored: dict[str, tuple[Stored, ...]] = {}
        self._choices = Choices()
        self.list = CampaignList()
        self.editor = CampaignEditor()
        self.preview = MessagePreview(frame.bridge, self.editor.message)
        self._faces = QStackedWidget()
        self._faces.addWidget(self.list)
        self._faces.addWidget(self.editor)
        self.column.addWidget(self._faces, 1)
        # News come with every batch of a send; what they change is looked at twice a second.
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_ONCE_A_MS)
        self._again = False
        self._connect()

    def refresh(self) -> None:
        """Look again, at once after a quiet time, else when the pause is over."""
        self.preview.catch_up()
        if not self._pause.isActive():
            self._look()
            self._pause.start()
        else:
            self._again = True

    def open(self, thing: str) -> None:
        """Edit this campaign; `new` makes one, `new?segment_id=…&template_id=…` with these; empty shows the list."""
        kind, _mark, query = thing.partition("?")
        if kind == "new":
            self.new(**{key: value for key, value in parse_qsl(query) if key in Campaign.model_fields})
        elif kind:
            self.ask(campaigns.get, kind, then=lambda campaign: self._edit(kind, campaign), slot="open")
        else:
            self._show_list()

    def new(self, **given: str) -> None:
        """Make a campaign with what is given, and open it."""
        campaign = Campaign(**{"name": tr("New campaign"), **given})
        self.ask(campaigns.save, campaign, then=lambda campaign_id: self._edit(campaign_id, campaign, fresh=True))

    def duplicate(self, campaign_id: str) -> None:
        """Make a copy and open it."""
        if campaign_id == self._id:
            self.leave()
        self.ask(
            campaigns.get,
            campaign_id,
            then=lambda campaign: self.new(
                **campaign.model_copy(update={"name": tr("{name}, copy").format(name=campaign.name)}).model_dump()
            ),
        )

    def delete(self, campaign_id: str) -> None:
        """Delete, and offer to bring it back."""
        if campaign_id == self._id:
            self._show_list()
        words = tr("“{name}” was deleted").format(name=self._names.get(campaign_id, ""))
        self.ask(
            campaigns.delete,
            campaign_id,
            then=lambda _nothing: offer_undo(self, words, lambda: self.ask(campaigns.restore, campaign_id)),
        )

    def campaign_id(self) -> str:
        """The campaign in the editor; empty while the list is shown."""
        return self._id

    def action_entries(self) -> Sequence[ActionEntry]:
        """What can be done with campaigns."""

        def target() -> str:
            return self._id or self.list.table.current_key()

        entry = ActionEntry
        return (
            entry("campaigns.new", lambda: tr("New campaign"), self.new, "page", "Ctrl+N", "plus"),
            entry(
                "campaigns.launch", lambda: tr("Launch campaign"), self.launch, "page", "Ctrl+Shift+Return",
                enabled=lambda: bool(self._id) and not self._active(),
            ),
            entry(
                "campaigns.pause", lambda: tr("Pause sending"), lambda: self._do(campaigns.pause), "page",
                enabled=lambda: self._state() == "sending",
            ),
            entry(
                "campaigns.resume", lambda: tr("Resume sending"), lambda: self._do(campaigns.resume), "page",
                enabled=lambda: self._state() == "paused",
            ),
            entry(
                "campaigns.duplicate", lambda: tr("Duplicate campaign"), lambda: self.duplicate(target()), "page",
                enabled=lambda: bool(target()), section=1,
            ),
            entry(
                "campaigns.delete", lambda: tr("Delete campaign"), lambda: self.delete(target()), "page",
                enabled=lambda: bool(target()), section=1,
            ),
        )  # fmt: skip

    def launch(self) -> None:
        """Check, then show the sheet; problems are shown at their cards instead, the first with the focus."""
        document = self.document()
        if document is None or not self._id:
            return
        document.flush()
        campaign_id = self._id
        self.ask(
            campaigns.check,
            document.definition,
            then=partial(self._checked, campaign_id),
            failed=partial(self._trouble, campaign_id),
            slot="launch",
        )

    def _checked(self, campaign_id: str, problems: tuple[Problem, ...]) -> None:
        if campaign_id == self._id and not self.editor.show_problems(problems, reveal=True):
            self.ask(
                campaigns.sheet,
                campaign_id,
                then=partial(self._confirm, campaign_id),
                failed=partial(self._trouble, campaign_id),
                slot="launch",
            )

    def _confirm(self, campaign_id: str, sheet: LaunchSheet) -> None:
        if campaign_id != self._id:
            return
        self._arrived_sheet(sheet)
        problems = _problems(sheet)
        if sheet.planned == 0 and not any(problem.blocks for problem in problems):
            problems = (*problems, Problem("segment_id", Words("{text}", {"text": tr("Nobody would get it.")})))
        if not self.editor.show_problems(problems, reveal=True):
            name = self.editor.name.text()
            launch_sheet(self.window(), name, sheet, partial(self._go, campaign_id)).open()

    def _go(self, campaign_id: str) -> None:
        self.ask(
            campaigns.launch,
            campaign_id,
            then=partial(self._started, campaign_id),
            failed=partial(self._trouble, campaign_id),
        )

    def _started(self, campaign_id: str, _status: RunStatus) -> None:
        self._look()
        if campaign_id == self._id:
            self.editor.run.undo.setFocus()

    def _trouble(self, campaign_id: str, error: Exception) -> None:
        """At the cards of the campaign that it is about; in a toast where that is no longer in the editor."""
        problems: tuple[Problem, ...] = getattr(error, "problems", ())
        if not (problems and campaign_id == self._id and self.editor.show_problems(problems, reveal=True)):
            self.frame.say(str(error))

    def _edit(self, campaign_id: str, campaign: Campaign, *, fresh: bool = False) -> None:
        self._id = campaign_id

        def save(now: Campaign) -> None:
            self._save(campaign_id, document, now)

        document: Document[Campaign] = Document(campaign, save, self, fresh=fresh)
        document.changed.connect(lambda now: self._show_message(campaign_id, now))
        self.set_document(document)
        self.editor.show_document(document)
        self._faces.setCurrentWidget(self.editor)
        self.set_title(campaign.name or tr("Campaigns"))
        self._look()
        self.preview.show("", "")
        self._show_message(campaign_id, campaign)
        if fresh:
            self.editor.name.setFocus()
            self.editor.name.selectAll()

    def _show_list(self) -> None:
        self.set_document(None)
        before, self._id = self._id, ""
        self.preview.show("", "")
        self._faces.setCurrentWidget(self.list)
        self.set_title(tr("Campaigns"))
        self._look()
        self.list.table.choose_key(before)

    def _save(self, campaign_id: str, document: Document[Campaign], campaign: Campaign) -> None:
        self.ask(
            campaigns.save,
            campaign,
            campaign_id,
            document.amends,
            then=lambda _id: self._count() if campaign_id == self._id else None,
            failed=lambda error: self._refused(error, document),
        )

    def _refused(self, error: Exception, document: Document[Campaign]) -> None:
        document.unsaved()
        self.frame.say(str(error))

    def _look(self) -> None:
        self._again = False
        if not self._id:
            self.ask(campaigns.listed, then=self._arrived_list, slot="listed")
            return
        for key, function in (
            ("segments", segments.listed),
            ("templates", templates.listed),
            ("channels", channels.listed),
        ):
            self.ask(function, then=partial(self._arrived_choices, key), slot=key)
        self.ask(campaigns.runs, self._id, then=self._arrived_runs, slot="runs")
        self._count()

    def _count(self) -> None:
        """Ask who would get it. While a run is under way that is of no interest, and would slow it."""
        if self._id and not self._active():
            self.ask(campaigns.sheet, self._id, then=self._arrived_sheet, failed=lambda _error: None, slot="sheet")

    def _arrived_sheet(self, sheet: LaunchSheet) -> None:
        self.editor.show_sheet(sheet)
        self.editor.show_problems(_problems(sheet))

    def _arrived_list(self, stored: tuple[Stored, ...]) -> None:
        self._names = {item.id: item.name for item in stored}
        self.ask(campaigns.runs, then=lambda runs: self.list.show_campaigns(stored, runs), slot="all_runs")

    def _arrived_runs(self, runs: tuple[RunStatus, ...]) -> None:
        was_active = self._active()
        self.editor.show_runs(runs)
        if was_active and not self._active():
            self._count()

    def _arrived_choices(self, key: str, stored: tuple[Stored, ...]) -> None:
        if self._stored.get(key) == stored:
            return
        known = key in self._stored
        self._stored[key] = stored
        self._choices = replace(self._choices, **{key: _CHOICES[key](stored)})
        self.editor.show_choices(self._choices)
        if key == "templates" and known:
            self.preview.outdate()

    def _show_message(self, campaign_id: str, campaign: Campaign) -> None:
        if campaign_id == self._id:
            self.preview.show(campaign_id, campaign.template_id)

    def _pick_channel(self, key: str) -> None:
        document = self.document()
        if document is None:
            return
        if key == SANDBOX:
            sandbox = SandboxChannel(name=tr("Sandbox"))
            self.ask(channels.save, sandbox, then=partial(self._choose_channel, document))
        else:
            self._choose_channel(document, key)

    @staticmethod
    def _choose_channel(document: Document[Campaign], channel_id: str) -> None:
        """Choose it for the campaign that it was picked for, though another may be in the editor by now."""
        after = document.definition.model_copy(update={"channel_id": channel_id})
        document.replace(after, tr("Choose the channel"))

    def _state(self) -> str:
        runs = self.editor.runs()
        return runs[0].state if self._id and runs else ""

    def _active(self) -> bool:
        return self._state() in ACTIVE

    def _do(self, function: object, run_id: str = "") -> None:
        runs = self.editor.runs()
        target = run_id or (runs[0].run_id if runs else "")
        failed = partial(self._trouble, self._id)
        self.ask(function, target, then=lambda _status: self._look(), failed=failed)  # type: ignore[arg-type]  # one of campaigns' acts on a run

    def _settle(self, run_id: str, as_sent: bool) -> None:  # noqa: FBT001 - a Qt signal's argument
        failed = partial(self._trouble, self._id)
        self.ask(campaigns.settle_unknown, run_id, as_sent, then=lambda _count: self._look(), failed=failed)

    def _connect(self) -> None:
        self._pause.timeout.connect(lambda: self.refresh() if self._again else None)
        self.list.opened.connect(self.open)
        self.list.removed.connect(self.delete)
        self.list.new_wanted.connect(self.new)
        editor = self.editor
        editor.header.back.connect(self._show_list)
        editor.launched.connect(self.launch)
        editor.results_wanted.connect(lambda: self.frame.go("reports", self._id))
        editor.opened.connect(self._leave_for)
        editor.channel_picked.connect(self._pick_channel)
        for signal, function in (
            (editor.run.undone, campaigns.undo),
            (editor.run.paused, campaigns.pause),
            (editor.run.resumed, campaigns.resume),
            (editor.run.cancelled, campaigns.cancel),
        ):
            signal.connect(lambda run_id, function=function: self._do(function, run_id))
        editor.unknown.settled.connect(self._settle)

    def _leave_for(self, page: str, thing: str) -> None:
        self.leave()
        self.frame.go(page, thing)


def _problems(sheet: LaunchSheet) -> tuple[Problem, ...]:
    return tuple(
        Problem(where, Words("{text}", {"text": text}), Words("{text}", {"text": fix}) if fix else Words(""), blocks)
        for where, text, fix, blocks in sheet.problems
    )
