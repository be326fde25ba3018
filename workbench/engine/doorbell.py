"""How a second process finds the one that has a workspace open, and speaks to it.

The process that keeps a workspace open answers HTTP on loopback and hangs a bell beside the file: `FILE.lock`, readable
by its owner only, with the process id, the address and a token. Whoever finds the workspace in use reads it and rings.
A bell that nobody answers was left by a process that is gone; whoever then opens the workspace takes it down.
"""

import json
import os
import tempfile
from contextlib import suppress
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from pydantic import ValidationError

from workbench.plan.definition import Answer

SUFFIX: Final = ".lock"
HTTP_OK: Final = 200
#: seconds to wait for a process that may be gone
_ANSWER_WITHIN: Final = 3.0


class Bell(Answer):
    """Where to ring. `door` says what stands behind it: `window`, or the command that keeps the workspace open."""

    pid: int
    url: str
    token: str
    door: str
    version: str


class NobodyAnswersError(Exception):
    """The process behind a bell is gone, or does not answer in time."""


def bell_path(workspace: Path) -> Path:
    """Where the workspace's bell hangs."""
    whole = workspace.resolve()
    return whole.with_name(whole.name + SUFFIX)


def hang(workspace: Path, bell: Bell) -> None:
    """Put the bell up in one step, readable by its owner only; replaces one that was left behind."""
    target = bell_path(workspace)
    handle, name = tempfile.mkstemp(prefix=target.name, dir=target.parent)  # mkstemp makes it 0600
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(bell.model_dump_json())
    Path(name).replace(target)


def take_down(workspace: Path, bell: Bell) -> None:
    """Remove this bell; one that somebody else has hung since stays."""
    if read(workspace) == bell:
        bell_path(workspace).unlink(missing_ok=True)


def read(workspace: Path) -> Bell | None:
    """The bell beside the workspace; None where there is none that can be read."""
    try:
        return Bell.model_validate_json(bell_path(workspace).read_bytes())
    except (OSError, ValidationError):
        return None


def ring(bell: Bell, method: str, path: str, body: bytes = b"", timeout: float | None = None) -> tuple[int, bytes]:
    """Ask the process behind the bell; gives HTTP status and body. None waits as long as the answer takes.

    Raises `NobodyAnswersError`.
    """
    caller = Caller(bell, timeout)
    try:
        return caller.ask(method, path, body)
    finally:
        caller.hang_up()


class Caller:
    """One question to the process behind a bell; `hang_up` from another thread ends the waiting on both sides."""

    def __init__(self, bell: Bell, timeout: float | None = None) -> None:
        where = urlsplit(bell.url)
        self._connection = HTTPConnection(where.hostname or "", where.port, timeout=timeout)
        self._token = bell.token

    def ask(self, method: str, path: str, body: bytes = b"") -> tuple[int, bytes]:
        """Send the question and wait for status and body; raises `NobodyAnswersError`."""
        headers = {"Authorization": f"Bearer {self._token}", "Content-Type": "application/json", "Connection": "close"}
        try:
            self._connection.request(method, path, body, headers)
            response = self._connection.getresponse()
            return response.status, response.read()
        except (OSError, HTTPException) as error:
            raise NobodyAnswersError(str(error)) from error

    def hang_up(self) -> None:
        """Close the connection; the other side drops what it was asked."""
        socket = self._connection.sock
        if socket is not None:
            with suppress(OSError):
                socket.shutdown(2)
        self._connection.close()


def answering(workspace: Path) -> Bell | None:
    """The bell of a process that answers right now; None where nobody does."""
    bell = read(workspace)
    if bell is None:
        return None
    try:
        status, body = ring(bell, "GET", "/workbench", timeout=_ANSWER_WITHIN)
        said = json.loads(body) if status == HTTP_OK else {}
    except (NobodyAnswersError, ValueError):
        return None
    return bell if said.get("pid") == bell.pid else None


def raise_window(bell: Bell) -> bool:
    """Ask for the window to come to the front; False where there is no window behind the bell."""
    try:
        status, _ = ring(bell, "POST", "/workbench/raise", timeout=_ANSWER_WITHIN)
    except NobodyAnswersError:
        return False
    return status == HTTP_OK
