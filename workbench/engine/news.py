"""What has just changed, told to whoever listens."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

Noun = Literal[
    "workspace", "endpoints", "segments", "templates", "channels", "campaigns", "outbox", "events", "imports",
    "mailbox",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Changed:
    """These nouns have changed in the store, after the commit; each screen decides whether it cares."""

    nouns: frozenset[Noun]


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a job is. `done` and `total` count `unit`s; total is 0 where it is not known.

    `state` ends at `finished`, `cancelled` or `failed`; `words` say what failed.
    """

    job_id: str
    kind: Literal["import", "export", "backup", "sample", "erase", "rewrite"]
    label: str
    done: int
    total: int
    unit: str
    rate: float
    remaining: float | None
    state: Literal["running", "finished", "cancelled", "failed"]
    words: str = ""


@dataclass(frozen=True, slots=True)
class RaiseWindow:
    """Another process tried to open this workspace: the window should come to the front."""


News = Changed | Progress | RaiseWindow
_LOG = logging.getLogger(__name__)


class NewsDesk:
    """Passes news on to its listeners, in order, on the engine thread. A listener must return at once."""

    def __init__(self) -> None:
        self._listeners: list[Callable[[News], None]] = []

    def subscribe(self, listener: Callable[[News], None]) -> Callable[[], None]:
        """Hear all news from now on; call the answer to stop."""
        self._listeners.append(listener)

        def stop() -> None:
            if listener in self._listeners:
                self._listeners.remove(listener)

        return stop

    def tell(self, news: News) -> None:
        """Pass the news on; a listener that fails is logged and does not stop the others."""
        for listener in tuple(self._listeners):
            try:
                listener(news)
            except Exception:  # noqa: BLE001 - one listener's fault must not silence the others
                _LOG.exception("a listener failed at %s", type(news).__name__)

    def changed(self, *nouns: Noun) -> None:
        """Tell that these nouns have changed."""
        self.tell(Changed(frozenset(nouns)))
