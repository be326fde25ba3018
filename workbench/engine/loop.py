"""The engine thread: one asyncio loop that answers what doors ask."""

import asyncio
import logging
import secrets as chance
import threading
from collections.abc import Awaitable, Callable
from concurrent.futures import Future
from pathlib import Path
from typing import Any, TypeVar

from workbench.channels.sandbox import Sandbox
from workbench.channels.secrets import Secrets
from workbench.engine.clock import Clock, SystemClock
from workbench.engine.desk import AskError, Desk
from workbench.engine.jobs import Cancelled, Jobs
from workbench.engine.news import News, NewsDesk
from workbench.engine.sender import Sender
from workbench.plan.words import tr
from workbench.store.database import Database, StoreError

_T = TypeVar("_T")
_LOG = logging.getLogger(__name__)


class UnexpectedError(Exception):
    """Something broke that nobody foresaw; it was logged under `code`, which a person can quote."""

    def __init__(self, code: str, details: str) -> None:
        super().__init__(tr("Something went wrong inside the workbench (code {code}).").format(code=code))
        self.code = code
        self.details = details


class Engine:
    """One open workspace at work.

    `start` opens the file on the engine thread; its future fails with a `StoreError` that says what to do. After that
    `ask` may be called from any thread.
    """

    def __init__(
        self,
        path: Path,
        *,
        key: str | None = None,
        create: bool = False,
        memory_limit: str | None = None,
        clock: Clock | None = None,
        sending: bool = True,
    ) -> None:
        self.path = path
        self.news = NewsDesk()
        self._key = key
        self._create = create
        self._memory_limit = memory_limit
        self._clock = clock or SystemClock()
        self._sending = sending
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, name="engine", daemon=True)
        self._slots: dict[str, asyncio.Task[Any]] = {}
        self._ready: Future[None] = Future()
        self._stopping = asyncio.Event()
        self._desk: Desk | None = None

    def start(self) -> "Future[None]":
        """Open the workspace and begin to work; the future tells when asks are answered, or why not."""
        self._thread.start()
        return self._ready

    def subscribe(self, listener: Callable[[News], None]) -> Callable[[], None]:
        """Hear all news, on the engine thread; call the answer to stop."""
        return self.news.subscribe(listener)

    def ask(
        self,
        function: Callable[..., Awaitable[_T]],
        *args: Any,  # noqa: ANN401 - a ParamSpec leaves no place for `slot`
        slot: str | None = None,
        **kwargs: Any,  # noqa: ANN401 - the same
    ) -> "Future[_T]":
        """Run an engine function, whose first argument is the desk; the others are given here.

        An older ask in the same slot is interrupted (its future is cancelled).
        The future fails with `AskError` or `StoreError` for expected refusals and `UnexpectedError` for anything else.
        """
        return asyncio.run_coroutine_threadsafe(self._answer(function, args, kwargs, slot), self._loop)

    def stop(self, timeout: float = 30.0) -> None:
        """Finish what is being written, stop sending, close the file; blocks until the thread has ended."""
        if self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._stopping.set)
            self._thread.join(timeout)

    async def _answer(
        self, function: Callable[..., Awaitable[_T]], args: tuple[Any, ...], kwargs: dict[str, Any], slot: str | None
    ) -> _T:
        task = asyncio.current_task()
        assert task is not None  # noqa: S101 - run_coroutine_threadsafe always makes one
        if slot is not None:
            older = self._slots.get(slot)
            if older is not None and not older.done():
                older.cancel()
            self._slots[slot] = task
        try:
            return await function(self.desk, *args, **kwargs)
        except (AskError, StoreError, Cancelled, asyncio.CancelledError):
            raise
        except Exception as error:
            code = chance.token_hex(3)
            _LOG.exception("ask %s failed, code %s", getattr(function, "__qualname__", function), code)
            raise UnexpectedError(code, repr(error)) from error
        finally:
            if slot is not None and self._slots.get(slot) is task:
                del self._slots[slot]

    @property
    def desk(self) -> Desk:
        """The desk; only to be touched on the engine thread."""
        if self._desk is None:
            raise RuntimeError("the engine has not been started")
        return self._desk

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        try:
            self._loop.run_until_complete(self._live())
        finally:
            self._loop.close()

    async def _live(self) -> None:
        try:
            store = await asyncio.to_thread(
                Database.open, self.path, key=self._key, create=self._create, memory_limit=self._memory_limit
            )
        except BaseException as error:  # noqa: BLE001 - whatever it is, the caller's future must end with it
            self._ready.set_exception(error)
            return
        sandbox = Sandbox(self.path)
        desk = Desk(store, Secrets(), self._clock, self.news, Jobs(self.news), sandbox)
        desk.sender = Sender(desk)
        self._desk = desk
        try:
            await desk.sender.recover()
            if self._sending:
                desk.sender.start()
            self._ready.set_result(None)
            await self._stopping.wait()
        except BaseException as error:
            if not self._ready.done():
                self._ready.set_exception(error)
            raise
        finally:
            await self._close(desk)

    async def _close(self, desk: Desk) -> None:
        desk.jobs.cancel_all()
        await desk.sender.stop()
        await desk.sandbox.stop()
        mine = asyncio.current_task()
        others = [task for task in asyncio.all_tasks() if task is not mine]
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        await asyncio.to_thread(desk.store.close)
