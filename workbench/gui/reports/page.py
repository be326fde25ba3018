"""The reports page: what was sent, who was active, what happened; live, at most once a second."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import ClassVar, Final, Literal

from PySide6.QtCore import QSize, QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QComboBox, QHBoxLayout

from workbench.engine import campaigns, reports
from workbench.engine.definitions import Stored
from workbench.gui.actions import ActionEntry
from workbench.gui.page import Frame, Page
from workbench.gui.parts import format as fmt
from workbench.gui.parts.scroll import Scroll
from workbench.gui.parts.stat import StatTile
from workbench.gui.parts.switch import SegmentedSwitch
from workbench.gui.reports.panel import Panel
from workbench.gui.reports.period import PeriodChip
from workbench.gui.theme.tokens import Measure, space
from workbench.plan.campaign import RunStatus
from workbench.plan.report import Measure as Counted
from workbench.plan.report import Question, Series
from workbench.plan.words import tr, trn

_ONCE_A_MS: Final = 1000
_WIDE: Final = Measure.text_column + Measure.popover
_BUCKETS: Final = ("auto", "minute", "hour", "day")
#: How many tiles stand in the first row where there is no room for all.
_IN_TWO_ROWS: Final = 3


class ReportsPage(Page):
    """Stat tiles above three charts; a campaign and a range of days narrow them."""

    key: ClassVar[str] = "reports"
    nouns: ClassVar[frozenset[str]] = frozenset({"events", "outbox", "campaigns", "workspace"})

    def __init__(self, frame: Frame) -> None:
        super().__init__(frame, tr("Reports"))
        self._wanted = ""
        self._again = False
        self.header = self.add_header(tr("Reports"))
        self.campaign = QComboBox()
        self.campaign.setObjectName("campaign_filter")
        self.campaign.setAccessibleName(tr("Campaign"))
        self.campaign.setMinimumContentsLength(16)
        self.campaign.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.campaign.addItem(tr("All campaigns"), "")
        self.period = PeriodChip()
        self.header.add_widget(self.campaign)
        self.header.add_widget(self.period)
        self.bucket = SegmentedSwitch(
            tuple(zip(_BUCKETS, (tr("Auto"), tr("Minute"), tr("Hour"), tr("Day")), strict=True)),
            "day",
            label=tr("Per"),
            name="bucket",
        )
        self.tiles = {
            "sent": StatTile(tr("Sent"), name="stat_sent"),
            "delivered": StatTile(tr("Delivered"), name="stat_delivered"),
            "failed": StatTile(tr("Failed"), name="stat_failed"),
            "active": StatTile(tr("Active people a day, mean"), name="stat_active"),
            "events": StatTile(tr("Events"), name="stat_events"),
        }
        self.messages = Panel(
            tr("Messages"),
            "bar",
            empty=tr("Here stands what was sent, as soon as a campaign goes out."),
            name="messages",
        )
        self.messages.head.insertWidget(self.messages.head.count() - 2, self.bucket)
        self.active = Panel(
            tr("Active people per day"), "line", empty=tr("Here stands who did something, as soon as events come in."),
            name="active",
        )  # fmt: skip
        self.events = Panel(
            tr("Events per day, by type"), "line", empty=tr("Here stands what people did, as soon as events come in."),
            name="events",
        )  # fmt: skip
        self._arrange()
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_ONCE_A_MS)
        self._pause.timeout.connect(lambda: self.refresh() if self._again else None)
        self.campaign.activated.connect(lambda _at: self._choose_campaign())
        self.period.chosen.connect(self._ask_all)
        self.bucket.changed.connect(lambda _key: self._ask_messages())

    def refresh(self) -> None:
        """Ask again, at most once a second."""
        if self._pause.isActive():
            self._again = True
            return
        self._again = False
        self._pause.start()
        self.ask(campaigns.listed, then=self._arrived_campaigns, slot="campaigns")
        self._ask_all()

    def open(self, thing: str) -> None:
        """Show the results of this campaign, over the time of its newest run."""
        self._wanted = thing
        if thing:
            self.ask(campaigns.listed, then=self._arrived_campaigns, slot="campaigns")
            self.ask(campaigns.runs, thing, then=self._narrow, slot="runs")

    def action_entries(self) -> Sequence[ActionEntry]:
        """What can be done with the charts."""
        return tuple(self._copy_entry(panel) for panel in self._panels())

    @staticmethod
    def _copy_entry(panel: Panel) -> ActionEntry:
        return ActionEntry(
            f"reports.copy_{panel.objectName()}",
            lambda: tr("Copy “{chart}” as CSV").format(chart=panel.title.text()),
            panel.copy_csv,
            "page",
            enabled=lambda: not panel.is_empty(),
        )

    def show_bucket(self, bucket: Literal["auto", "minute", "hour", "day"]) -> None:
        """Count messages per minute, hour or day, or as it fits the time."""
        self.bucket.set_value(bucket)
        self._ask_messages()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Two charts beside each other where there is room, and as high as the page is."""
        super().resizeEvent(event)
        self._fit(event.size())

    def _fit(self, size: QSize) -> None:
        wide = size.width() >= _WIDE
        self._pair.setDirection(QBoxLayout.Direction.LeftToRight if wide else QBoxLayout.Direction.TopToBottom)
        for at, tile in enumerate(self.tiles.values()):
            self._rows[0 if wide or at < _IN_TWO_ROWS else 1].addWidget(tile, 1)
        tiles = self.tiles["sent"].sizeHint().height() * (1 if wide else 2)
        room = size.height() - Measure.header - tiles - space(16)
        alone = bool(self.campaign.currentData())
        for panel in self._panels():
            panel.setFixedHeight(max(room if alone else room // 2, panel.minimumSizeHint().height()))

    def _panels(self) -> tuple[Panel, ...]:
        return (self.messages, self.active, self.events)

    def _ask_all(self) -> None:
        self._ask_messages()
        self._ask("active_endpoints", self.active)
        self._ask("events", self.events)

    def _ask_messages(self) -> None:
        since, until = self.period.instants()
        campaign_id = str(self.campaign.currentData() or "")
        more = {"bucket": self.bucket.value(), "campaign_id": campaign_id, "since": since, "until": until}
        self._ask("messages", self.messages, **more)

    def _choose_campaign(self) -> None:
        """Another campaign; a run's time is its own campaign's."""
        chosen = str(self.campaign.currentData() or "")
        self._show_whose()
        if not self.period.is_run():
            self._ask_messages()
        elif chosen:
            self.open(chosen)
        else:
            self.bucket.set_value("day")
            self.period.leave_run()

    def _show_whose(self) -> None:
        """Who was active and what happened is of everyone: it would be read as the campaign's where one is chosen."""
        everyone = not self.campaign.currentData()
        for name in ("active", "events"):
            self.tiles[name].setVisible(everyone)
        for panel in (self.active, self.events):
            panel.setVisible(everyone)
        self._fit(self.size())

    def _ask(self, measure: Counted, panel: Panel, **more: object) -> None:
        start, end = self.period.days(fmt.local(datetime.now(UTC)).date())
        question = Question.model_validate({"measure": measure, "start": start, "end": end, **more})
        self.ask(
            reports.series,
            question,
            then=lambda series: self._arrived(panel, series),
            failed=panel.fail,
            slot=measure,
        )

    def _arrived(self, panel: Panel, series: Series) -> None:
        panel.show_series(series)
        # A legend has come, or went: the panel is as high as what is in it at least.
        self._fit(self.size())
        if panel is self.messages:
            self._show_messages()
        elif panel is self.active:
            values = [value for line in series.lines for value in line.values]
            self.tiles["active"].show_value(fmt.number(round(sum(values) / len(values))) if values else "–")
        else:
            total = sum(sum(line.values) for line in series.lines)
            self.tiles["events"].show_value(fmt.number(round(total)))

    def _show_messages(self) -> None:
        sent, delivered, failed = (self.messages.total(name) for name in ("sent", "delivered", "failed"))
        # What came back is both sent and failed: each message is either delivered or failed in the end.
        tried = delivered + failed
        self.tiles["sent"].show_value(fmt.number(round(sent)))
        of_sent = trn("{part} of {n} sent", "{part} of {n} sent", round(sent))
        of_tried = trn(
            "{part} of {n} that was sent or given up", "{part} of {n} that were sent or given up", round(tried)
        )
        self._show_share("delivered", delivered, sent, of_sent, "good")
        self._show_share("failed", failed, tried, of_tried, "bad")

    def _show_share(self, name: str, part: float, whole: float, words: str, kind: str) -> None:
        share = fmt.percent(part / whole) if part and whole else ""
        self.tiles[name].show_value(fmt.number(round(part)), share, kind)
        said = words.format(part=fmt.number(round(part)), n=fmt.number(round(whole)))
        self.tiles[name].setToolTip(said if share else "")

    def _arrived_campaigns(self, stored: tuple[Stored, ...]) -> None:
        before = self.campaign.currentData()
        chosen = self._wanted or str(before or "")
        self._wanted = ""
        shown = [(self.campaign.itemText(at), self.campaign.itemData(at)) for at in range(1, self.campaign.count())]
        known = [(item.name or tr("(no name)"), item.id) for item in stored]
        if shown != known:
            while self.campaign.count() > 1:
                self.campaign.removeItem(1)
            for name, campaign_id in known:
                self.campaign.addItem(name, campaign_id)
        self.campaign.setCurrentIndex(max(self.campaign.findData(chosen), 0))
        if self.campaign.currentData() != before:
            self._show_whose()
            self._ask_messages()

    def _narrow(self, runs: tuple[RunStatus, ...]) -> None:
        if runs:
            begun, ended = fmt.local(runs[0].starts), runs[0].finished
            self.bucket.set_value("auto")
            self.period.choose_run(begun, max(fmt.local(ended), begun) if ended else None)

    def _arrange(self) -> None:
        scroll = Scroll(name="reports_scroll")
        self._rows = (QHBoxLayout(), QHBoxLayout())
        for row in self._rows:
            row.setSpacing(space(3))
            scroll.column.addLayout(row)
        for tile in self.tiles.values():
            self._rows[0].addWidget(tile, 1)
        scroll.column.addWidget(self.messages)
        self._pair = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._pair.setSpacing(space(3))
        self._pair.addWidget(self.active, 1)
        self._pair.addWidget(self.events, 1)
        scroll.column.addLayout(self._pair)
        scroll.column.addStretch(1)
        self.column.addWidget(scroll, 1)
