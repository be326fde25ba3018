"""The sender: in the background of one open workspace, it sends every run that is due and ends those that are done."""

import asyncio
import logging
import time
from collections import Counter
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Final

from workbench.engine.desk import Desk
from workbench.engine.folding import SCHEDULE, folder_of, tidy
from workbench.engine.memory import give_back
from workbench.engine.outbox import SenderState
from workbench.engine.recovery import recover
from workbench.engine.session import SendingFault, Session
from workbench.plan.campaign import RunState, RunStatus
from workbench.plan.words import tr
from workbench.store import ledger
from workbench.store import outbox as stored
from workbench.store.ledger import SendingRun

#: seconds between two looks at what is due, at most, and between two pieces of news
_LOOK, _NEWS = 1.0, 1.0
#: seconds that the last replies may take when the workspace is closed; what has none by then is unknown
_LAST_REPLIES = 10.0
#: seconds after which a run is tried again that could not even be paused
_AGAIN = 15.0
#: couriers of one run that may die without a word before something must be wrong
_DEATHS: Final = 3
_LOG = logging.getLogger(__name__)
_OPEN: Final = ("waiting", "sending", "paused")


class Sender:
    """Sends what is due. Runs over one channel go one after the other, so that its rate and connections hold.

    Attributes:
        schedule: seconds after each try of a message until its next one.
    """

    def __init__(self, desk: Desk) -> None:
        self.schedule: tuple[float, ...] = SCHEDULE
        self._desk = desk
        self._sessions: dict[int, Session] = {}
        self._tasks: dict[int, asyncio.Task[None]] = {}
        self._not_before: dict[int, datetime] = {}
        self._deaths: Counter[int] = Counter()
        self._wake = asyncio.Event()
        self._live: asyncio.Task[None] | None = None
        self._recovered = False
        self._told = 0.0
        self._mailbox = -1
        self._told_mailbox = -_NEWS

    async def recover(self) -> None:
        """Settle what an earlier process left behind; called before anything is sent."""
        alive = frozenset(name for session in self._sessions.values() for name in session.journals)
        self._recovered = await recover(self._desk, self.schedule, alive)

    def start(self) -> None:
        """Begin to send what is due."""
        if self._live is None:
            give_back()
            self._live = asyncio.create_task(self._run(), name="sender")

    async def stop(self) -> None:
        """Send no more, wait shortly for the replies that are due, write down what is known, and tidy up."""
        if self._live is not None:
            self._live.cancel()
            with suppress(asyncio.CancelledError):
                await self._live
            self._live = None
        for session in tuple(self._sessions.values()):
            await session.stop()
        if self._tasks:
            await asyncio.wait(self._tasks.values(), timeout=_LAST_REPLIES)
        for session in tuple(self._sessions.values()):
            session.abandon()
        await asyncio.gather(*self._tasks.values(), return_exceptions=True)
        tidy(folder_of(self._desk.store.path))

    def wake(self) -> None:
        """Something may be due."""
        self._not_before.clear()
        self._wake.set()

    async def heed(self, run: int, state: RunState) -> None:
        """A person has changed a run's state: paused and cancelled runs begin nothing more."""
        session = self._sessions.get(run)
        if session is not None and state != "sending":
            await session.stop()
        self.wake()

    def rated(self, status: RunStatus) -> RunStatus:
        """The status with the rate of the moment."""
        session = self._sessions.get(int(status.run_id))
        return status.model_copy(update={"rate": session.rate}) if session and status.state == "sending" else status

    async def state(self) -> SenderState:
        """What is being sent, over the runs that are in the most active state; those paused beside them are told."""
        runs = [run for run in await self._desk.store.read(stored.statuses, "", None) if run.state in _OPEN]
        if not runs:
            return SenderState(state="idle")
        order: dict[str, int] = {"sending": 0, "waiting": 1, "paused": 2}
        first = min(runs, key=lambda run: (order[run.state], int(run.run_id)))
        told = [run for run in runs if run.state == first.state]
        paused = sum(run.state == "paused" for run in runs) if first.state != "paused" else 0
        total = sum(run.planned for run in told)
        left = sum(run.states.get(state, 0) for run in told for state in ("planned", "claimed", "retrying"))
        retrying = sum(run.states.get("retrying", 0) for run in told)
        rate = sum(session.rate for session in self._sessions.values())
        return SenderState.model_validate(
            {
                "state": first.state, "done": total - left, "total": total, "rate": rate, "name": first.name,
                "retrying": retrying, "paused": paused,
            }
        )  # fmt: skip

    # --- the loop

    async def _run(self) -> None:
        while True:
            self._wake.clear()
            pause = _LOOK
            try:
                if not self._recovered:
                    await self.recover()
                if self._recovered:
                    pause = await self._look()
            except asyncio.CancelledError:
                raise
            except Exception:  # noqa: BLE001 - the sender lives as long as the engine; the next look may go well
                _LOG.exception("the sender could not look for what is due")
            self._tell_mailbox()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._wake.wait(), pause)

    async def _look(self) -> float:
        """Start what is due; gives seconds until the next look."""
        store, now = self._desk.store, self._desk.clock.now()
        start = await store.read(ledger.next_start)
        if start is not None and start <= now:
            await store.write(ledger.begin_due, now)
            self._desk.news.changed("campaigns", "outbox")
            start = await store.read(ledger.next_start)
        busy = {session.run.channel_id for session in self._sessions.values()}
        for run in await store.read(ledger.sending):
            waits = self._not_before.get(run.run)
            if run.run in self._tasks or run.channel_id in busy or (waits is not None and waits > now):
                continue
            busy.add(run.channel_id)
            session = Session(self._desk, run, self.schedule, self._tell)
            self._sessions[run.run] = session
            self._tasks[run.run] = asyncio.create_task(self._send(run, session))
        return _LOOK if start is None else max(0.01, min(_LOOK, (start - now).total_seconds()))

    async def _send(self, run: SendingRun, session: Session) -> None:
        try:
            await session.send()
            self._mourn(run.run, session)
            await self._after(run)
        except SendingFault as fault:
            await self._pause(run.run, str(fault))
        except Exception as error:  # noqa: BLE001 - whatever it was, the run must not stay "sending" without a word
            _LOG.exception("run %s was interrupted", run.run)
            self._recovered = False
            reason = tr("Sending stopped: {words}").format(words=str(error).partition("\n")[0])
            await self._try_to_pause(run.run, reason)
        finally:
            self._sessions.pop(run.run, None)
            self._tasks.pop(run.run, None)
            self._wake.set()

    def _mourn(self, run: int, session: Session) -> None:
        """Raise `SendingFault` where the run's couriers end again and again, instead of starting ever more of them."""
        self._deaths[run] += session.bereft
        if self._deaths[run] >= _DEATHS:
            del self._deaths[run]
            raise SendingFault(tr("The processes that send end without a word."))

    async def _after(self, run: SendingRun) -> None:
        """The session has nothing more to send now: the run is done, or waits for its next try."""
        store = self._desk.store
        left, next_try = await store.read(ledger.remaining, run.run)
        if left == 0:
            await store.write(stored.move_run, run.run, ("sending",), ("finished", ""), self._desk.clock.now())
        elif next_try is not None:
            self._not_before[run.run] = next_try
        ended = await store.read(stored.statuses, "", run.run)
        if ended and ended[0].state == "cancelled":
            await store.write(stored.write_tally, run.run)
        self._desk.news.changed("campaigns", "outbox", "events")

    async def _pause(self, run: int, reason: str) -> None:
        await self._desk.store.write(stored.move_run, run, ("sending",), ("paused", reason), self._desk.clock.now())
        self._desk.news.changed("campaigns", "outbox")

    async def _try_to_pause(self, run: int, reason: str) -> None:
        try:
            await self._pause(run, reason)
        except Exception:  # noqa: BLE001 - the engine goes on
            # The store takes nothing (a full disk): try again when the time has come.
            _LOG.exception("run %s could not be paused", run)
            self._not_before[run] = self._desk.clock.now() + timedelta(seconds=_AGAIN)

    def _tell(self) -> None:
        """Tell that outcomes have been written, at most once a second."""
        now = time.monotonic()
        if now - self._told >= _NEWS:
            self._told = now
            self._desk.news.changed("campaigns", "outbox")
        self._tell_mailbox()

    def _tell_mailbox(self) -> None:
        size = self._desk.sandbox.size()
        if size != self._mailbox and time.monotonic() - self._told_mailbox >= _NEWS:
            self._told_mailbox = time.monotonic()
            if self._mailbox >= 0:
                self._desk.news.changed("mailbox")
            self._mailbox = size
