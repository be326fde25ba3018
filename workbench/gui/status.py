"""The status bar: what the sender does, what runs, and nothing else."""

from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from workbench.engine import activity, campaigns
from workbench.engine.news import Progress
from workbench.engine.outbox import SenderState
from workbench.gui.bridge import Bridge
from workbench.gui.parts import format as fmt
from workbench.gui.parts.button import Button
from workbench.gui.parts.popover import Popover
from workbench.gui.parts.progress import ProgressRow
from workbench.gui.parts.swatch import Dot
from workbench.gui.parts.text import Elided, Text
from workbench.gui.theme.mark import mark
from workbench.gui.theme.tokens import Measure, space
from workbench.plan.words import tr, trn

_MOST_SHOWN: Final = 8
_DOTS: Final = {"idle": "good", "sending": "accent", "paused": "warn", "waiting": "accent"}
_SENDER_NOUNS: Final = frozenset({"outbox", "campaigns"})


class StatusBar(QWidget):
    """Sender state at the left; running jobs and the palette's key at the right."""

    palette_wanted = Signal()

    def __init__(self, bridge: Bridge, palette_key: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("status_bar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedHeight(Measure.status_bar)
        self._bridge = bridge
        self._jobs: dict[str, Progress] = {}
        self._popover: _Activity | None = None
        self._dot = Dot("good")
        self._sender = Elided(tr("Idle"), "muted", name="sender_state")
        mark(self._sender, role="status")
        self._activity = Button("", "status", on_click=self.show_activity, tip=tr("Activity"), name="activity")
        palette = Button(palette_key, "status", tip=tr("Find anything"), on_click=self.palette_wanted.emit, name="find")
        row = QHBoxLayout(self)
        row.setContentsMargins(space(3.5), 0, space(3), 0)
        row.setSpacing(space(2))
        row.addWidget(self._dot)
        row.addWidget(self._sender, 1)
        row.addWidget(self._activity)
        row.addWidget(palette)
        bridge.progress.connect(self._hear)
        bridge.changed.connect(self._heed)
        self._say_jobs()
        bridge.ask(activity.jobs, then=self._take_jobs, owner=self)
        self._ask_sender()

    def show_sender(self, state: SenderState) -> None:
        """What the sender does."""
        self._dot.set_colour(_DOTS[state.state])
        self._sender.set_text(_sender_words(state))

    def running(self) -> list[Progress]:
        """The jobs that run now."""
        return [job for job in self._jobs.values() if job.state == "running"]

    def show_activity(self) -> Popover:
        """Open the list of jobs."""
        self._popover = _Activity(self._activity, self._bridge, list(self._jobs.values())[-_MOST_SHOWN:])
        self._popover.closed.connect(self._forget_popover)
        self._popover.open()
        return self._popover

    def sender_words(self) -> str:
        """What is said about the sender."""
        return self._sender.whole()

    def _forget_popover(self) -> None:
        self._popover = None

    def _heed(self, nouns: frozenset[str]) -> None:
        if nouns & _SENDER_NOUNS:
            self._ask_sender()

    def _ask_sender(self) -> None:
        self._bridge.ask(
            campaigns.sender_state, then=self.show_sender, failed=lambda _error: None, owner=self, slot="sender"
        )

    def _take_jobs(self, jobs: tuple[Progress, ...]) -> None:
        self._jobs = {job.job_id: job for job in jobs} | self._jobs
        self._say_jobs()

    def _hear(self, job: Progress) -> None:
        self._jobs[job.job_id] = job
        self._say_jobs()
        if self._popover is not None:
            self._popover.show_job(job)

    def _say_jobs(self) -> None:
        running = self.running()
        if not running:
            self._activity.set_text(tr("No jobs"))
            return
        words = trn("{n} job", "{n} jobs", len(running)).format(n=len(running))
        self._activity.set_text(f"{words}: {_job_words(running[0])}")


class _Activity(Popover):
    """The list of jobs with their progress and Cancel."""

    def __init__(self, anchor: QWidget, bridge: Bridge, jobs: list[Progress]) -> None:
        super().__init__(anchor, tr("Activity"), width=Measure.popover, name="activity_list")
        self._bridge = bridge
        self._rows: dict[str, ProgressRow] = {}
        self._nothing = Text(tr("Imports, exports and back-ups show here while they run."), "muted", wrap=True)
        self.body.addWidget(self._nothing)
        for job in reversed(jobs):
            self.show_job(job)

    def show_job(self, job: Progress) -> None:
        """Show how far a job is."""
        self._nothing.hide()
        row = self._rows.get(job.job_id)
        if row is None:
            row = ProgressRow(job.label, name=f"job_{job.job_id}")
            row.cancelled.connect(lambda number=job.job_id: self._cancel(number))
            self._rows[job.job_id] = row
            self.body.addWidget(row)
            self.adjustSize()
        if job.state == "running":
            row.show_progress(job.done, job.total or None, job.rate, job.remaining)
        else:
            row.finish(_end_words(job), failed=job.state == "failed")

    def _cancel(self, job_id: str) -> None:
        self._bridge.ask(activity.cancel, job_id, owner=self)


def _sender_words(state: SenderState) -> str:
    values = {"done": fmt.number(state.done), "total": fmt.number(state.total), "name": state.name}
    match state.state:
        case "idle":
            return tr("Idle")
        case "waiting":
            return tr("Waiting to send {total}").format(**values)
        case "paused":
            return tr("Paused at {done} of {total}").format(**values)
        case "sending":
            parts = [tr("Sending {done} of {total}").format(**values)]
            if state.rate:
                parts.append(fmt.rate(state.rate))
            elif state.retrying and state.total - state.done == state.retrying:
                again = trn("{n} to be tried again", "{n} to be tried again", state.retrying)
                parts = [again.format(n=fmt.number(state.retrying))]
            if state.paused:
                parts.append(trn("{n} run paused", "{n} runs paused", state.paused).format(n=state.paused))
            return " · ".join(parts)


def _job_words(job: Progress) -> str:
    parts = [job.label]
    if job.total:
        parts.append(fmt.percent(job.done / job.total, 0))
    if job.remaining:
        parts.append(tr("{time} left").format(time=fmt.duration(max(job.remaining, 1))))
    return ", ".join(parts)


def _end_words(job: Progress) -> str:
    if job.state == "finished":
        return tr("Done: {n} {unit}").format(n=fmt.number(job.done), unit=job.unit)
    return tr("Cancelled") if job.state == "cancelled" else job.words or tr("Failed")
