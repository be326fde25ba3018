"""A courier: a process that fills messages and hands them over, and writes down each in its journal.

It reads frames from its standard input (four bytes of length, then JSON): first the job, then batches of rows, and at
the end `stop` (begin nothing more) or `end` (finish what you have). It writes lines to its standard output: `ready`,
`hungry` when it wants another batch, and `fault WORDS` when the account cannot send. When its input closes, the engine
is gone: it begins nothing more, waits shortly for the replies that are due, and ends.
"""

import asyncio
import gc
import json
import os
import secrets as chance
import signal
import sys
import threading
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from email.utils import formatdate
from pathlib import Path
from typing import Any, Final

from workbench.channels.account import Account, ConnectionFault
from workbench.channels.channel import Item, Lane, Result, Row
from workbench.channels.child import stand_back
from workbench.channels.folder import FolderLane
from workbench.channels.journal import Journal
from workbench.channels.pace import Pace, Patience
from workbench.channels.smtp import Connection
from workbench.plan.filling import Filling
from workbench.plan.merge import Shape
from workbench.plan.mime import AddressError, Sender, Skeleton, envelope_address, stuffed
from workbench.plan.sandbox import RenderError
from workbench.plan.words import tr

#: rows in the queue below which another batch is asked for
_LOW: Final = 500
#: times that a message may come back unsent before it is left for later
_RETURNS: Final = 3
#: seconds that the replies may take that are due when the engine is gone
_LAST_WORDS: Final = 5.0


class Courier:
    """The queue, the journal and the lanes of one job."""

    def __init__(self, job: dict[str, Any], tell: Callable[[str], None]) -> None:
        self._job = job
        self._tell = tell
        self._journal = Journal(Path(job["journal"]))
        self._parts = Filling(job["subject"], job["html"], job["text"]).parts
        self._shape = Shape(job["fields"])
        sender = Sender(job["from_address"], job["from_name"], job["reply_to"])
        boundary = f"=_{chance.token_hex(12)}"
        self._skeletons = {
            eight: Skeleton(sender, boundary, job["message_id"], eight_bit=eight) for eight in (False, True)
        }
        self._rows: deque[Row] = deque()
        self._returns: dict[int, int] = {}
        self._lanes: set[Lane] = set()
        self._opening = 0
        self._reopen_at = 0.0
        self._asked = False
        self._ending = self._stopping = False
        self._done = asyncio.Event()
        self._loop = asyncio.get_running_loop()
        self._pace = Pace(job["rate"])
        self._patience = Patience()
        self._waking: asyncio.TimerHandle | None = None
        self._date = (0, "")
        self._tasks: set[asyncio.Task[None]] = set()

    # --- what the engine says

    def batch(self, rows: list[Row]) -> None:
        """More to do."""
        self._rows.extend(rows)
        self._asked = False
        self._staff()
        self._wake()

    def end(self) -> None:
        """No more will come; end when all is done."""
        self._ending = True
        self._perhaps_done()

    def stop(self) -> None:
        """Begin nothing more; end when the replies are here."""
        self._stopping = self._ending = True
        self._rows.clear()
        for lane in tuple(self._lanes):
            lane.leave()
        self._perhaps_done()

    async def until_done(self) -> None:
        """Wait for the end, watching over overdue answers."""
        while not self._done.is_set():
            with suppress(TimeoutError):
                await asyncio.wait_for(self._done.wait(), 0.5)
            now = self._loop.time()
            for lane in tuple(self._lanes):
                lane.check_time(now)
            self.flush()
            if self._rows:
                self._staff()
                self._wake()
        for lane in tuple(self._lanes):
            lane.leave()
        await asyncio.sleep(0)
        self.flush()

    # --- what lanes ask and tell

    def take(self, lane: Lane) -> Item | None:
        """The next message, filled; None while the pace, a hold or an empty queue says so."""
        while self._rows and not self._stopping:
            wait = max(self._pace.wait(self._loop.time()), self._patience.hold(self._loop.time()))
            if wait > 0:
                self._wake_in(wait)
                return None
            row = self._rows.popleft()
            if len(self._rows) < _LOW and not self._asked:
                self._asked = True
                self._tell("hungry")
            item = self._filled(row, lane)
            if item is not None:
                self._pace.spend(self._loop.time())
                return item
        self._perhaps_done()
        return None

    def begin(self, item: Item) -> None:
        """Note it; it reaches the journal at `flush`."""
        self._journal.begin(item.row[0], item.row[1])

    def unbegin(self, item: Item) -> None:
        """Note it, and take the message back."""
        self._journal.unbegin(item.row[0], item.row[1])
        self.put_back(item, tr("The connection broke before the message had left."))

    def settle(self, item: Item, state: Result, code: int, words: str) -> None:
        """Note what became of it."""
        self._journal.result(item.row[0], item.row[1], state, code, words)
        refusal = self._patience.seen(state, code, words, self._loop.time())
        if refusal:
            self.refuse_all(refusal)
        if not self._rows:
            self._loop.call_soon(self._perhaps_done)

    def put_back(self, item: Item, words: str) -> None:
        """It goes back to the front, or is retried later if that has happened too often."""
        ordinal, attempt = item.row[:2]
        returns = self._returns[ordinal] = self._returns.get(ordinal, 0) + 1
        if returns > _RETURNS:
            self._journal.result(ordinal, attempt, "retrying", 0, words)
        elif not self._stopping:
            self._rows.appendleft(item.row)
            self._loop.call_soon(self._wake)  # another lane may be at rest

    def flush(self) -> bool:
        """Write the journal; a full disk stops everything."""
        try:
            self._journal.flush()
        except OSError as error:
            self.refuse_all(tr("The journal of sending cannot be written: {words}").format(words=error.strerror))
            return False
        return True

    def refuse_all(self, words: str) -> None:
        """Say what is wrong with the account, once, and stop."""
        if not self._stopping:
            self._tell(f"fault {words}")
            self._loop.call_soon(self.stop)

    def lost(self, lane: Lane, words: str, *, fruitful: bool) -> None:
        """A connection has ended; another one takes its place while there is work."""
        self._lanes.discard(lane)
        if not self._stopping:
            if not fruitful:
                self._patience.failed_to_connect(self._loop.time())
            self._staff_later()
            refusal = self._patience.refusal(words, connected=bool(self._lanes))
            if refusal:
                self.refuse_all(refusal)
        self._perhaps_done()

    # --- its own

    def _filled(self, row: Row, lane: Lane) -> Item | None:
        ordinal, attempt, address, values = row
        try:
            recipient = envelope_address(address, smtputf8=lane.offers.smtputf8)
            parts = self._parts(self._shape.fill(values))
        except (AddressError, RenderError) as error:
            state = "failed" if isinstance(error, AddressError) else "render_failed"
            self._journal.result(ordinal, attempt, state, 0, " ".join(str(error).split()))
            return None
        skeleton = self._skeletons[lane.offers.eight_bit]
        message = skeleton.fill(ordinal, address, self._today(), parts)
        return Item(row, recipient, message if self._job["kind"] == "folder" else stuffed(message))

    def _today(self) -> str:
        now = int(time.time())
        if self._date[0] != now:
            self._date = (now, formatdate(now, localtime=True))
        return self._date[1]

    def _staff(self) -> None:
        """Open as many lanes as there is work for and the account allows."""
        if self._stopping or self._loop.time() < self._reopen_at:
            return
        wanted = min(self._job["connections"], len(self._rows) + sum(lane.busy for lane in self._lanes))
        for _ in range(wanted - len(self._lanes) - self._opening):
            self._opening += 1
            task = self._loop.create_task(self._open())
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    def _staff_later(self) -> None:
        wait = self._patience.after_loss()
        self._reopen_at = self._loop.time() + wait
        self._loop.call_later(wait + 0.001, self._staff)

    async def _open(self) -> None:
        try:
            lane = await self._new_lane()
        except ConnectionFault as fault:
            self._opening -= 1
            self._patience.failed_to_connect(self._loop.time())
            words = str(fault) if fault.lasting else self._patience.refusal(str(fault), connected=bool(self._lanes))
            if words:
                self.refuse_all(words)
            else:
                self._staff_later()
            return
        self._opening -= 1
        self._lanes.add(lane)
        if self._stopping:
            lane.leave()
        lane.go()

    async def _new_lane(self) -> Lane:
        job = self._job
        if job["kind"] == "folder":
            return FolderLane(self, job["path"], job["prefix"])
        account = Account(
            job["host"], job["port"], job["security"], job["user"], job["verify"], job["timeout"], job["secret"]
        )
        connection = Connection(self, account, job["from_address"], (job["patience"], job["patience_at_end"]))
        await connection.open()
        return connection

    def _wake_in(self, seconds: float) -> None:
        if self._waking is None:
            self._waking = self._loop.call_later(seconds, self._wake)

    def _wake(self) -> None:
        if self._waking is not None:
            self._waking.cancel()
            self._waking = None
        for lane in tuple(self._lanes):
            lane.go()

    def idle(self) -> None:
        """A lane has nothing in hand."""
        self._perhaps_done()

    def _perhaps_done(self) -> None:
        if self._ending and not self._rows and not any(lane.busy for lane in self._lanes):
            self._done.set()


async def _work(job: dict[str, Any], frames: "_Frames") -> None:
    courier = Courier(job, _say)
    frames.serve(courier)
    _say("ready")
    await courier.until_done()


class _Frames:
    """Reads frames in a thread of its own and passes them to the courier on the loop."""

    def __init__(self) -> None:
        self._input = sys.stdin.buffer

    def read(self) -> dict[str, Any] | None:
        """The next frame, or None at the end."""
        size = self._input.read(4)
        body = self._input.read(int.from_bytes(size, "big")) if len(size) == 4 else b""  # noqa: PLR2004 - the length's length
        return json.loads(body) if body else None

    def serve(self, courier: Courier) -> None:
        """Pass on frames from now on."""
        loop = asyncio.get_running_loop()
        threading.Thread(target=self._follow, args=(courier, loop), daemon=True).start()

    def _follow(self, courier: Courier, loop: asyncio.AbstractEventLoop) -> None:
        with suppress(RuntimeError):  # the loop has closed: the courier is done
            while frame := self.read():
                match frame["say"]:
                    case "batch":
                        loop.call_soon_threadsafe(courier.batch, frame["rows"])
                    case "end":
                        loop.call_soon_threadsafe(courier.end)
                    case _:
                        loop.call_soon_threadsafe(courier.stop)
            loop.call_soon_threadsafe(courier.stop)
            time.sleep(_LAST_WORDS)
            os._exit(0)


def _say(words: str) -> None:
    with suppress(OSError):
        os.write(1, f"{words}\n".encode())


def main() -> None:
    """Do one job."""
    # Ctrl-C in a terminal reaches every process there; the engine decides what it means.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    stand_back()
    # Filling a message makes many objects and hardly a cycle: cycles need not be looked for as often as usual.
    gc.set_threshold(20_000, 20, 100)
    gc.freeze()
    frames = _Frames()
    job = frames.read()
    if job is not None:
        asyncio.run(_work(job, frames))
    os._exit(0)


if __name__ == "__main__":
    main()
