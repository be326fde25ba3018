"""The built-in mail server that a newcomer sends a first campaign to: real SMTP, but nothing leaves the machine."""

import asyncio
import json
import sys
from contextlib import suppress
from pathlib import Path

from workbench.channels.child import environment
from workbench.channels.mailbox import Appender, Mailbox
from workbench.plan.channel import MailboxEntry, MailboxMessage

#: seconds that the server's process may take to listen, and to end
_START, _END = 30.0, 5.0


class SandboxError(Exception):
    """The sandbox's server could not be started."""


class Sandbox:
    """A mail server in a process of its own, started when it is first needed, and the mailbox that it fills.

    What arrived is kept in the folder `FILE.mailbox` beside the workspace's file until `clear`.
    """

    def __init__(self, workspace_path: Path) -> None:
        self._folder = workspace_path.with_name(workspace_path.name + ".mailbox")
        self._mailbox = Mailbox(self._folder)
        self._process: asyncio.subprocess.Process | None = None
        self._port = 0
        self._lock = asyncio.Lock()

    async def start(self) -> int:
        """Start the server where it does not run yet; gives its port on 127.0.0.1. Raises `SandboxError`."""
        async with self._lock:
            if self._process is None or self._process.returncode is not None:
                await self._launch()
            return self._port

    async def stop(self) -> None:
        """End the server; what it received stays."""
        async with self._lock:
            process, self._process = self._process, None
            if process is None or process.returncode is not None:
                return
            assert process.stdin is not None  # noqa: S101 - a pipe was asked for
            process.stdin.close()
            try:
                await asyncio.wait_for(process.wait(), _END)
            except TimeoutError:
                process.kill()
                await process.wait()

    def size(self) -> int:
        """How many messages there are."""
        return self._mailbox.size()

    async def entries(self, search: str = "", offset: int = 0, limit: int = 100) -> tuple[MailboxEntry, ...]:
        """A block of what arrived, newest first; `search` looks at sender, recipient and subject."""
        return await asyncio.to_thread(self._mailbox.entries, search, offset, limit)

    async def message(self, message_id: str) -> MailboxMessage | None:
        """One message, opened; None where it is gone."""
        return await asyncio.to_thread(self._mailbox.message, message_id)

    async def clear(self) -> None:
        """Throw away everything that arrived."""
        async with self._lock:
            process = self._process
            if process is None or process.returncode is not None:
                await asyncio.to_thread(self._mailbox.remove)
                return
            assert process.stdin is not None  # noqa: S101 - pipes were asked for
            assert process.stdout is not None  # noqa: S101 - the same
            process.stdin.write(b"clear\n")
            await asyncio.wait_for(process.stdout.readline(), _END)

    def count_to(self, addresses: frozenset[str]) -> int:
        """How many messages are to one of these addresses, which are in lower case; blocks."""
        return self._mailbox.count_to(addresses)

    async def forget(self, addresses: frozenset[str]) -> int:
        """Take out every message to one of these addresses, which are in lower case; gives how many.

        Raises `OSError` where the files cannot be written.
        """
        async with self._lock:
            if not await asyncio.to_thread(self._mailbox.count_to, addresses):
                return 0
            process = self._process
            if process is None or process.returncode is not None:
                gone = await asyncio.to_thread(self._forget_alone, addresses)
            else:
                gone = await _told_to_forget(process, addresses)
            self._mailbox.reread()
            return gone

    def _forget_alone(self, addresses: frozenset[str]) -> int:
        appender = Appender(self._folder)
        try:
            return appender.forget(addresses)
        finally:
            appender.close()

    async def _launch(self) -> None:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-P", "-m", "workbench.channels.mailbox_server", str(self._folder),
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL,
            env=environment(),
        )  # fmt: skip
        assert process.stdout is not None  # noqa: S101 - a pipe was asked for
        line = b""
        with suppress(TimeoutError):
            line = await asyncio.wait_for(process.stdout.readline(), _START)
        if not line.strip().isdigit():
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()
            raise SandboxError("the sandbox's mail server did not start")
        self._process, self._port = process, int(line)


async def _told_to_forget(process: asyncio.subprocess.Process, addresses: frozenset[str]) -> int:
    """Have the process that appends take messages out."""
    assert process.stdin is not None  # noqa: S101 - pipes were asked for
    assert process.stdout is not None  # noqa: S101 - the same
    process.stdin.write(f"forget {json.dumps(sorted(addresses))}\n".encode())
    await process.stdin.drain()
    said = (await process.stdout.readline()).decode().strip()
    if not said.isdigit():
        raise OSError(said or "the sandbox's mail server has ended")
    return int(said)
