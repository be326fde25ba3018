"""A courier's journal: one line the moment a message begins to be handed over, one the moment its reply is there.

    b ORDINAL ATTEMPT                          begins; written before the server can have the end of the message
    u ORDINAL ATTEMPT                          was not begun after all: the end of the message never left
    r ORDINAL ATTEMPT AT STATE CODE WORDS      the result; AT in milliseconds since 1970, WORDS to the end of the line

A line without its end was being written when the process died, and counts as not written. The file is locked while its
courier lives, so that nobody reads an end into it that is not there yet.
"""

import os
import sys
import time
from pathlib import Path
from typing import NamedTuple

_BINARY = getattr(os, "O_BINARY", 0)
#: where the lock lies; on Windows a locked byte cannot be read, so it is one that no journal reaches
_LOCKED_BYTE = 2**40


class Result(NamedTuple):
    """One `r` line; `at` in milliseconds since 1970, UTC."""

    ordinal: int
    attempt: int
    at: int
    state: str
    code: int
    words: str


class Reading(NamedTuple):
    """What stands in a journal between two places: results, and messages that were begun (or unbegun) there."""

    end: int
    results: list[Result]
    begun: set[int]


class Journal:
    """The writing end, for the one courier; `add` collects lines, `flush` hands them to the operating system."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | _BINARY, 0o600)
        if not _lock(self._file):
            raise BlockingIOError(f"{path.name} belongs to a living courier")
        self._lines: list[str] = []

    def begin(self, ordinal: int, attempt: int) -> None:
        """Note that a message is about to be handed over; `flush` before it is."""
        self._lines.append(f"b {ordinal} {attempt}\n")

    def unbegin(self, ordinal: int, attempt: int) -> None:
        """Note that the end of the message did not leave."""
        self._lines.append(f"u {ordinal} {attempt}\n")

    def result(self, ordinal: int, attempt: int, state: str, code: int, words: str) -> None:
        """Note what became of a message; the words are one line."""
        self._lines.append(f"r {ordinal} {attempt} {time.time_ns() // 1_000_000} {state} {code} {words}\n")

    def flush(self) -> None:
        """Write what was noted; raises `OSError` (a full disk), and then keeps it for the next time."""
        if not self._lines:
            return
        data = "".join(self._lines).encode("utf-8", "replace")
        written = os.write(self._file, data)
        if written < len(data):
            # The disk is full in the middle of a line: cut it off, so that what follows begins a line.
            os.ftruncate(self._file, os.fstat(self._file).st_size - written)
            raise OSError(28, os.strerror(28))
        self._lines.clear()

    def close(self) -> None:
        """Let go of the file and its lock."""
        os.close(self._file)


def read(path: Path, start: int, begun: set[int]) -> Reading:
    """Everything written since `start`; `begun` are the messages that were begun and not settled before.

    Raises `FileNotFoundError`.
    """
    with path.open("rb") as file:
        file.seek(start)
        data = file.read()
    whole = data[: data.rfind(b"\n") + 1]
    results: list[Result] = []
    open_ones = set(begun)
    for line in whole.decode("utf-8", "replace").split("\n"):
        if not line:
            continue
        if line[0] == "r":
            _, ordinal, attempt, at, state, code, words = line.split(" ", 6)
            results.append(Result(int(ordinal), int(attempt), int(at), state, int(code), words))
            open_ones.discard(int(ordinal))
        elif line[0] == "b":
            open_ones.add(int(line.split(" ", 2)[1]))
        else:
            open_ones.discard(int(line.split(" ", 2)[1]))
    return Reading(start + len(whole), results, open_ones)


def is_held(path: Path) -> bool:
    """Whether the courier that writes the journal is still alive."""
    try:
        file = os.open(path, os.O_RDWR | _BINARY)
    except FileNotFoundError:
        return False
    try:
        return not _lock(file)
    finally:
        os.close(file)


if sys.platform == "win32":
    import msvcrt

    def _lock(file: int) -> bool:
        os.lseek(file, _LOCKED_BYTE, os.SEEK_SET)
        try:
            msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True
else:
    import fcntl

    def _lock(file: int) -> bool:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
