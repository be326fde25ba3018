"""Courier processes, as the engine starts and feeds them."""

import asyncio
import json
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from workbench.channels.channel import Row
from workbench.channels.child import environment

#: seconds that a courier may take to end by itself: the longest wait for a reply to a message, and some
_END: Final = 660.0


class CourierProcess:
    """One courier. The job, with its secret, goes through the pipe: never by argument, environment or file.

    Attributes:
        journal: the file it writes.
        fault: why the account cannot send; empty while it can.
    """

    def __init__(self, process: asyncio.subprocess.Process, journal: Path) -> None:
        self.journal = journal
        self.fault = ""
        self._process = process
        self._hungry = asyncio.Event()
        self._gone = asyncio.Event()
        self._listening = asyncio.create_task(self._listen())

    @classmethod
    async def start(cls, job: Mapping[str, Any], journal: Path) -> "CourierProcess":
        """Start a process and give it the job; it begins with nothing until it is fed."""
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-P", "-m", "workbench.channels.courier",
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=None, env=environment(),
        )  # fmt: skip
        courier = cls(process, journal)
        await courier._say({**job, "journal": str(journal)})
        return courier

    @property
    def pid(self) -> int:
        """The process's number."""
        return self._process.pid

    @property
    def is_gone(self) -> bool:
        """Whether the process has ended."""
        return self._gone.is_set()

    async def hungry(self) -> bool:
        """Wait until it wants a batch; False when it has ended instead."""
        await self._hungry.wait()
        return not self.is_gone and not self.fault

    async def feed(self, rows: list[Row]) -> None:
        """Hand it a batch."""
        self._hungry.clear()
        if self.is_gone or self.fault:
            self._hungry.set()
        await self._say({"say": "batch", "rows": rows})

    async def end(self) -> None:
        """Let it finish what it has and end."""
        await self._say({"say": "end"})

    async def stop(self) -> None:
        """Let it begin nothing more and end when the replies that are due have come."""
        await self._say({"say": "stop"})

    async def gone(self) -> None:
        """Wait for its end; one that does not end is killed."""
        try:
            await asyncio.wait_for(self._gone.wait(), _END)
        except TimeoutError:
            self.kill()
            await self._gone.wait()

    def kill(self) -> None:
        """End it at once."""
        with suppress(ProcessLookupError):
            self._process.kill()

    async def _say(self, frame: Mapping[str, Any]) -> None:
        stream = self._process.stdin
        assert stream is not None  # noqa: S101 - a pipe was asked for
        body = json.dumps(frame, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
        with suppress(ConnectionError, RuntimeError):  # it has ended, which `gone` tells
            stream.write(len(body).to_bytes(4, "big") + body)
            await stream.drain()

    async def _listen(self) -> None:
        stream = self._process.stdout
        assert stream is not None  # noqa: S101 - a pipe was asked for
        try:
            while line := await stream.readline():
                word, _, words = line.decode("utf-8", "replace").rstrip("\n").partition(" ")
                if word == "fault":
                    self.fault = words
                self._hungry.set()
            await self._process.wait()
        finally:
            self._gone.set()
            self._hungry.set()
