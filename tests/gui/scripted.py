"""An engine that answers from a table, on a thread of its own like the real one."""

from collections.abc import Awaitable, Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from threading import Event
from typing import Any

from workbench.engine.news import News
from workbench.engine.outbox import SenderState
from workbench.engine.workspace import Overview
from workbench.plan.workspace import Workspace


def overview(**figures: int) -> Overview:
    """An overview of an empty workspace, but for the figures given."""
    names = (
        "endpoints",
        "events",
        "segments",
        "templates",
        "channels",
        "campaigns",
        "runs",
        "sandbox_runs",
        "outbox",
        "unknown",
        "mailbox",
    )
    values: dict[str, Any] = dict.fromkeys(names, 0) | figures
    return Overview(path="shop.workbench", name="Northwind shop", encrypted=False, **values)


class ScriptedEngine:
    """Answers by the function's name: a value, an exception to raise, or a callable of the arguments.

    A name with its noun before it, `templates.listed`, goes before the bare one.
    """

    def __init__(self) -> None:
        self.answers: dict[str, Any] = {
            "overview": overview(),
            "settings": Workspace(name="Northwind shop", timezone="Europe/Berlin"),
            "sender_state": SenderState(state="idle"),
            "jobs": (),
            "listed": (),
        }
        self.asked: list[tuple[str, tuple[Any, ...], str | None]] = []
        self.listeners: list[Callable[[News], None]] = []
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="engine")
        self._slots: dict[str, Future[Any]] = {}
        self._stopped = False

    def ask(
        self,
        function: Callable[..., Awaitable[Any]],
        *args: Any,  # noqa: ANN401 - any function's arguments
        slot: str | None = None,
        **named: Any,  # noqa: ANN401 - any function's arguments
    ) -> "Future[Any]":
        self.asked.append((function.__name__, args, slot))
        if self._stopped:
            gone: Future[Any] = Future()
            gone.cancel()
            return gone
        whole = f"{function.__module__.rpartition('.')[2]}.{function.__name__}"
        name = whole if whole in self.answers else function.__name__
        future = self._thread.submit(self._answer, name, args, named)
        if slot is not None:
            if (older := self._slots.get(slot)) is not None:
                older.cancel()
            self._slots[slot] = future
        return future

    def subscribe(self, listener: Callable[[News], None]) -> Callable[[], None]:
        self.listeners.append(listener)

        def stop() -> None:
            with suppress(ValueError):
                self.listeners.remove(listener)

        return stop

    def tell(self, news: News) -> None:
        """Tell news from the engine's thread."""
        self._thread.submit(lambda: [listener(news) for listener in tuple(self.listeners)]).result()

    def hold(self, name: str) -> Event:
        """Keep answers of this name back until the event is set, for 10 s at most."""
        answer, go_on = self.answers[name], Event()

        def late(*args: Any, **named: Any) -> object:  # noqa: ANN401 - any function's arguments
            go_on.wait(10)
            if isinstance(answer, Exception):
                raise answer
            return answer(*args, **named) if callable(answer) else answer

        self.answers[name] = late
        return go_on

    def stop(self) -> None:
        self._stopped = True
        self._thread.shutdown()

    def _answer(self, name: str, args: tuple[Any, ...], named: dict[str, Any]) -> object:
        answer = self.answers[name]
        if isinstance(answer, Exception):
            raise answer
        return answer(*args, **named) if callable(answer) else answer
