"""Long work with progress and a Cancel: imports, exports, back-ups, the sample."""

import asyncio
import threading
import time
import uuid
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from typing import Literal, TypeVar

from workbench.engine.news import NewsDesk, Progress

_T = TypeVar("_T")
#: seconds between two reports of the same job
_REPORT_EVERY = 0.1


class Cancelled(Exception):  # noqa: N818 - it is not an error but the user's wish
    """The user cancelled the job; whoever sees it undoes what was begun."""


@dataclass
class Job:
    """One running job. `advance` may be called from any thread; it raises `Cancelled` once the user has cancelled."""

    progress: Progress
    news: NewsDesk
    loop: asyncio.AbstractEventLoop
    started: float = field(default_factory=time.monotonic)
    cancelled: threading.Event = field(default_factory=threading.Event)
    _told: float = 0.0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def advance(self, done: int, total: int | None = None) -> None:
        """Say how much is done (and of how much), at most ten times a second."""
        if self.cancelled.is_set():
            raise Cancelled
        now = time.monotonic()
        elapsed = now - self.started
        rate = done / elapsed if elapsed > 0 else 0.0
        with self._lock:
            if self.progress.state != "running":
                return  # an end is final
            total = self.progress.total if total is None else total
            remaining = (total - done) / rate if rate > 0 and total > done else None
            self.progress = replace(self.progress, done=done, total=total, rate=rate, remaining=remaining)
        if now - self._told >= _REPORT_EVERY:
            self._told = now
            self.loop.call_soon_threadsafe(self._tell)

    def end(self, state: Literal["finished", "cancelled", "failed"], words: str = "") -> None:
        """Say how it ended; called once, on the loop's thread."""
        with self._lock:
            self.progress = replace(self.progress, state=state, words=words, remaining=None)
        self.news.tell(self.progress)

    def _tell(self) -> None:
        """Pass on how far it is; what was on its way when it ended is not told any more."""
        if self.progress.state == "running":
            self.news.tell(self.progress)


class Jobs:
    """All jobs of this engine, by id; finished ones stay readable until the engine stops."""

    def __init__(self, news: NewsDesk) -> None:
        self._news = news
        self._jobs: dict[str, Job] = {}

    def all(self) -> tuple[Progress, ...]:
        """Every job's last progress, oldest first."""
        return tuple(job.progress for job in self._jobs.values())

    def cancel(self, job_id: str) -> bool:
        """Ask a running job to stop; False if there is none of that id."""
        job = self._jobs.get(job_id)
        if job is None or job.progress.state != "running":
            return False
        job.cancelled.set()
        return True

    def cancel_all(self) -> None:
        """Ask every running job to stop."""
        for job_id in tuple(self._jobs):
            self.cancel(job_id)

    async def run(
        self,
        kind: Literal["import", "export", "backup", "sample", "erase", "rewrite"],
        label: str,
        unit: str,
        work: Callable[[Job], Awaitable[_T]],
    ) -> _T:
        """Do the work as a job and give its result; its end, good or bad, is told as progress too."""
        start = Progress(uuid.uuid4().hex[:12], kind, label, 0, 0, unit, 0.0, None, "running")
        job = Job(start, self._news, asyncio.get_running_loop())
        self._jobs[start.job_id] = job
        self._news.tell(start)
        try:
            result = await work(job)
        except (Cancelled, asyncio.CancelledError):
            job.end("cancelled")
            raise
        except Exception as error:
            job.end("failed", str(error))
            raise
        job.end("finished")
        return result
