"""The bridge between the window's thread and the engine's: the only place where they meet.

A page asks: `bridge.ask(segments.count, segment, then=self._counted, failed=self._failed, owner=self, slot="count")`.
The answer comes back as a queued signal, so `then` and `failed` run on the GUI thread. Answers are dropped when their
owner is gone, and when a newer ask took the same slot of the same owner. Nothing here waits.
"""

import itertools
from collections.abc import Awaitable, Callable
from concurrent.futures import CancelledError, Future
from typing import TYPE_CHECKING, Any, Concatenate, Protocol, TypeVar

import shiboken6
from PySide6.QtCore import QObject, Qt, Signal, Slot

from workbench.engine.jobs import Cancelled
from workbench.engine.news import Changed, News, Progress, RaiseWindow

if TYPE_CHECKING:
    from workbench.engine.desk import Desk

_T = TypeVar("_T")
Failed = Callable[[Exception], None]


class Engine(Protocol):
    """What the window needs of the engine."""

    def ask(
        self,
        function: Callable[Concatenate["Desk", ...], Awaitable[_T]],
        *args: Any,  # noqa: ANN401 - whatever the engine function takes
        slot: str | None = None,
        **kwargs: Any,  # noqa: ANN401 - whatever the engine function takes
    ) -> "Future[_T]":
        """Run an engine function on the engine thread; an older ask in the same slot is interrupted."""
        ...

    def subscribe(self, listener: Callable[[News], None]) -> Callable[[], None]:
        """Hear all news, on the engine thread; call the answer to stop."""
        ...


class Bridge(QObject):
    """Asks the engine and brings answers and news to the GUI thread.

    Attributes:
        changed: the nouns that have changed, a frozenset of words.
        progress: a `Progress` of a running job.
        raise_window: another process wants this window in front.
        unheard: an error that no `failed` was given for.
    """

    changed = Signal(object)
    progress = Signal(object)
    raise_window = Signal()
    unheard = Signal(object)
    _answered = Signal(int, object)
    _told = Signal(object)

    def __init__(self, engine: Engine, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._engine = engine
        self._numbers = itertools.count(1)
        self._open: dict[int, _Ask] = {}
        self._newest: dict[tuple[int, str], int] = {}
        # Both signals are emitted on the engine thread and must be heard on this one.
        self._answered.connect(self._deliver, Qt.ConnectionType.QueuedConnection)
        self._told.connect(self._pass_on, Qt.ConnectionType.QueuedConnection)
        self._closed = False
        self._unsubscribe = engine.subscribe(self._tell)

    def ask(
        self,
        function: Callable[Concatenate["Desk", ...], Awaitable[_T]],
        *args: Any,  # noqa: ANN401 - whatever the engine function takes
        then: Callable[[_T], object] | None = None,
        failed: Failed | None = None,
        slot: str | None = None,
        owner: QObject | None = None,
        **kwargs: Any,  # noqa: ANN401 - whatever the engine function takes
    ) -> None:
        """Ask the engine; never waits.

        Args:
            function: an `async def` of `workbench.engine`, without its desk.
            args: its further arguments.
            then: gets the answer, on the GUI thread.
            failed: gets the exception, on the GUI thread; without it `unheard` is emitted.
            slot: a newer ask in the same slot of the same owner makes this one void and interrupts it.
            owner: when it is destroyed, the answer is dropped.
            kwargs: its keyword arguments.
        """
        if self._closed:
            return
        number = next(self._numbers)
        whole_slot = None
        if slot is not None:
            key = (id(owner), slot)
            self._newest[key] = number
            whole_slot = f"{id(owner)}:{slot}"
        else:
            key = None
        self._open[number] = _Ask(then, failed, key, owner)
        future = self._engine.ask(function, *args, slot=whole_slot, **kwargs)
        future.add_done_callback(lambda done: self._hand_over(number, done))

    def waiting(self) -> int:
        """How many asks have not been answered yet."""
        return len(self._open)

    def close(self) -> None:
        """Ask and hear no more: later answers and news are dropped."""
        self._closed = True
        self._unsubscribe()
        self._open.clear()
        self._newest.clear()

    def _hand_over(self, number: int, done: "Future[Any]") -> None:
        # On the engine thread; the application may be gone by now.
        if shiboken6.isValid(self):
            self._answered.emit(number, done)

    def _tell(self, news: News) -> None:
        if shiboken6.isValid(self):
            self._told.emit(news)

    @Slot(int, object)
    def _deliver(self, number: int, done: "Future[Any]") -> None:
        ask = self._open.pop(number, None)
        if ask is None or not self._wanted(number, ask) or done.cancelled():
            return
        error = done.exception()
        if error is None:
            if ask.then is not None:
                ask.then(done.result())
        elif isinstance(error, CancelledError | Cancelled):
            return
        elif isinstance(error, Exception) and ask.failed is not None:
            ask.failed(error)
        else:
            self.unheard.emit(error)

    def _wanted(self, number: int, ask: "_Ask") -> bool:
        if ask.slot is not None:
            if self._newest.get(ask.slot) != number:
                return False
            del self._newest[ask.slot]
        return ask.owner is None or shiboken6.isValid(ask.owner)

    @Slot(object)
    def _pass_on(self, news: News) -> None:
        match news:
            case Changed(nouns):
                self.changed.emit(nouns)
            case Progress():
                self.progress.emit(news)
            case RaiseWindow():
                self.raise_window.emit()


class _Ask:
    """An open ask: who wants its answer."""

    __slots__ = ("failed", "owner", "slot", "then")

    def __init__(
        self,
        then: Callable[[Any], object] | None,
        failed: Failed | None,
        slot: tuple[int, str] | None,
        owner: QObject | None,
    ) -> None:
        self.then = then
        self.failed = failed
        self.slot = slot
        self.owner = owner
