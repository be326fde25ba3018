"""The run of a campaign as it goes on: the time to undo, the send, its end, and what is unknown."""

from datetime import UTC, datetime
from typing import Final

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from workbench.gui.parts import format as fmt
from workbench.gui.parts.button import Button
from workbench.gui.parts.card import Card
from workbench.gui.parts.flow import FlowLayout
from workbench.gui.parts.sharebar import ShareBar
from workbench.gui.parts.text import Text
from workbench.gui.theme.tokens import space
from workbench.plan.campaign import RunStatus
from workbench.plan.words import tr, trn

_TICK_MS: Final = 200
#: States of messages that are over and done with.
_DONE: Final = ("accepted", "failed", "render_failed", "unknown", "cancelled")


class RunCard(Card):
    """The newest run.

    Ten seconds of "Undo send" with what is left of them, then the bar with its figures, then what came of it.
    """

    undone = Signal(str)
    paused = Signal(str)
    resumed = Signal(str)
    cancelled = Signal(str)
    outbox_wanted = Signal(str)

    def __init__(self, *, name: str = "run", parent: QWidget | None = None) -> None:
        super().__init__(tr("Sending now"), name=name, parent=parent)
        self._status: RunStatus | None = None
        self.bar = ShareBar(thick=True, colour="good", label=tr("Sent"), name="run_bar")
        self.figures = QWidget()
        self.figures.setObjectName("run_figures")
        self._flow = FlowLayout(self.figures, gap=space(4))
        self.rest = self.note
        self.rest.setObjectName("run_rest")
        self.reason = Text("", "muted", wrap=True, name="run_reason")
        self.undo = Button(tr("Undo send"), "primary", on_click=lambda: self.undone.emit(self._id()), name="undo_send")
        self.pause = Button(tr("Pause"), on_click=lambda: self.paused.emit(self._id()), name="pause_run")
        self.resume = Button(tr("Resume"), on_click=lambda: self.resumed.emit(self._id()), name="resume_run")
        self.cancel = Button(
            tr("Cancel the rest"), "danger", on_click=lambda: self.cancelled.emit(self._id()), name="cancel_run"
        )
        self.outbox = Button(
            tr("Open the outbox"), "link", on_click=lambda: self.outbox_wanted.emit(self._id()), name="open_outbox"
        )
        self._clock = QTimer(self)
        self._clock.setInterval(_TICK_MS)
        self._clock.timeout.connect(self._tick)
        self._arrange()
        self.hide()

    def status(self) -> RunStatus | None:
        """The run shown."""
        return self._status

    def show_status(self, status: RunStatus | None) -> None:
        """Show where the run stands; None hides the card."""
        self._status = status
        self.setVisible(status is not None)
        if status is None:
            self._clock.stop()
            return
        self.set_title(_title(status))
        self._show_figures(status)
        state = status.state
        was_undo = self.undo.hasFocus()
        self.undo.setVisible(state == "waiting")
        self.pause.setVisible(state == "sending")
        self.resume.setVisible(state == "paused")
        self.cancel.setVisible(state in ("sending", "paused"))
        if was_undo and state == "sending":
            self.pause.setFocus(Qt.FocusReason.OtherFocusReason)
        self.reason.setText(status.reason)
        self.reason.setVisible(bool(status.reason) and state != "sending")
        if state == "waiting":
            self._clock.start()
        else:
            self._clock.stop()
        self._tick()

    def seconds_left(self) -> float:
        """What is left of the time to undo."""
        if self._status is None:
            return 0.0
        return max((_aware(self._status.starts) - datetime.now(UTC)).total_seconds(), 0.0)

    def _id(self) -> str:
        return self._status.run_id if self._status is not None else ""

    def _tick(self) -> None:
        status = self._status
        if status is None:
            return
        if status.state == "waiting":
            left = self.seconds_left()
            whole = max((_aware(status.starts) - _aware(status.created)).total_seconds(), 1.0)
            self.bar.set_colour("accent")
            self.bar.set_share(1 - left / whole)
            seconds = round(left + 0.49)
            words = trn("Sending begins in {n} second", "Sending begins in {n} seconds", seconds)
            self.rest.setText(words.format(n=seconds) if seconds else tr("Sending begins"))
            return
        done = sum(status.states.get(state, 0) for state in _DONE)
        self.bar.set_colour("good" if status.state != "cancelled" else "held")
        self.bar.set_share(done / status.planned if status.planned else 1.0)
        self.rest.setText(_rest(status, done))

    def _show_figures(self, status: RunStatus) -> None:
        self._flow.clear()
        states = status.states
        failed = states.get("failed", 0) + states.get("render_failed", 0)
        figures = [
            (states.get("accepted", 0), tr("accepted"), ""),
            (states.get("retrying", 0), tr("to be tried again"), ""),
            (failed, tr("failed"), "bad" if failed else ""),
            (states.get("unknown", 0), tr("unknown"), "warn" if states.get("unknown", 0) else ""),
        ]
        if status.state == "finished" and not states.get("retrying"):
            del figures[1]
        if status.state == "waiting":
            figures = [(status.planned, trn("person gets it", "people get it", status.planned), "")]
        elif states.get("cancelled", 0):
            figures.append((states["cancelled"], tr("not sent"), ""))
        for number, word, role in figures:
            self._flow.addWidget(_Figure(fmt.number(number), word, role))
        self.figures.setAccessibleName(", ".join(f"{fmt.number(number)} {word}" for number, word, _role in figures))

    def _arrange(self) -> None:
        self.add(self.bar)
        self.add(self.figures)
        self.add(self.reason)
        buttons = QHBoxLayout()
        buttons.setSpacing(space(2))
        for button in (self.undo, self.pause, self.resume, self.cancel):
            buttons.addWidget(button)
        buttons.addStretch(1)
        buttons.addWidget(self.outbox)
        self.add(buttons)


class UnknownCard(Card):
    """Messages that were handed over when the program stopped: nobody knows whether they arrived."""

    settled = Signal(str, bool)
    """The run, and True for "count as sent", False for "send again"."""

    def __init__(self, *, name: str = "unknown", parent: QWidget | None = None) -> None:
        super().__init__(tr("Unknown"), name=name, parent=parent)
        self._run_id = ""
        self.words = Text("", "muted", wrap=True, name="unknown_words")
        row = QHBoxLayout()
        row.setSpacing(space(2))
        row.addWidget(Button(tr("Count as sent"), on_click=lambda: self._settle(as_sent=True), name="count_as_sent"))
        row.addWidget(Button(tr("Send again"), on_click=lambda: self._settle(as_sent=False), name="send_again"))
        row.addStretch(1)
        self.add(self.words)
        self.add(row)
        self.hide()

    def _settle(self, *, as_sent: bool) -> None:
        self.settled.emit(self._run_id, as_sent)

    def show_status(self, status: RunStatus | None) -> None:
        """Show how many are unknown; none hides the card."""
        count = status.states.get("unknown", 0) if status is not None else 0
        self.setVisible(bool(count))
        self._run_id = status.run_id if status is not None else ""
        self.set_title(trn("{n} message is unknown", "{n} messages are unknown", count).format(n=fmt.number(count)))
        self.words.setText(
            tr(
                "The workbench stopped after it had handed them over and before the server's answer was written down. "
                "They may have arrived. Sending again may reach somebody twice; counting as sent may leave somebody "
                "out."
            )
        )


class _Figure(QWidget):
    """A number and its word."""

    def __init__(self, number: str, word: str, role: str) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(space(1))
        row.addWidget(Text(number, "heading"))
        row.addWidget(Text(word, role or "muted"))


def _title(status: RunStatus) -> str:
    return {
        "waiting": tr("About to send"),
        "sending": tr("Sending now"),
        "paused": tr("Paused"),
        "cancelled": tr("Cancelled"),
        "finished": tr("Sent"),
    }[status.state]


def _rest(status: RunStatus, done: int) -> str:
    if status.state == "sending":
        parts = [fmt.rate(status.rate)] if status.rate else []
        if status.rate and status.planned > done:
            seconds = max(round((status.planned - done) / status.rate), 1)
            parts.append(tr("{time} left").format(time=fmt.duration(seconds)))
        return " · ".join(parts)
    if status.finished is not None:
        return fmt.relative(status.finished)
    return ""


def _aware(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
