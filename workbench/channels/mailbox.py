"""The sandbox's mailbox on disk: one file of messages, one of index lines, both only ever appended to."""

import email
import email.policy
import errno
import json
import os
import threading
from array import array
from collections.abc import Iterator
from datetime import UTC, datetime
from email.header import decode_header, make_header
from email.message import EmailMessage
from pathlib import Path
from typing import BinaryIO, TypedDict

from workbench.plan.channel import MailboxEntry, MailboxMessage

#: bytes of a message in which its headers are looked for
_HEAD = 16_384


class _Line(TypedDict):
    at: str
    sender: str
    recipient: str
    subject: str
    offset: int
    size: int


class Mailbox:
    """A mailbox in a folder. One process appends; any number read, also while it does.

    An index line is JSON: `at` (ISO 8601), `sender`, `recipient`, `subject`, `offset` and `size` (both in bytes of
    the other file).
    A message's id is the number of its line.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._messages = folder / "messages"
        self._index = folder / "index"
        self._starts = array("Q")
        self._read = 0
        self._first = b""
        self._following = threading.Lock()

    def size(self) -> int:
        """How many messages there are."""
        self._follow()
        return len(self._starts)

    def entries(self, search: str, offset: int, limit: int) -> tuple[MailboxEntry, ...]:
        """A block, newest first, of the messages whose sender, recipient or subject contain the text, in any case."""
        needle = search.strip().lower()
        found = []
        for number, line in self._backwards(0 if needle else offset):
            if needle:
                if not _mentions(line, needle):
                    continue
                if offset > 0:
                    offset -= 1
                    continue
            found.append(_entry(number, line))
            if len(found) == limit:
                break
        return tuple(found)

    def message(self, message_id: str) -> MailboxMessage | None:
        """One message opened, or None where it is gone."""
        self._follow()
        if not message_id.isdecimal() or int(message_id) >= len(self._starts):
            return None
        line = next(line for number, line in self._backwards(len(self._starts) - 1 - int(message_id)))
        with self._messages.open("rb") as file:
            file.seek(line["offset"])
            source = file.read(line["size"])
        parsed = email.message_from_bytes(source, policy=email.policy.default)
        return MailboxMessage(
            entry=_entry(int(message_id), line),
            html=_part(parsed, "html"),
            text=_part(parsed, "plain"),
            source=source.decode("utf-8", "replace"),
        )

    def count_to(self, addresses: frozenset[str]) -> int:
        """How many messages are to one of these addresses, which are in lower case."""
        return sum(_is_to(line, addresses) for _, line in self._backwards(0))

    def reread(self) -> None:
        """Messages were taken out by whoever appends: what is known of the index is not true any more."""
        with self._following:
            self._forget()

    def remove(self) -> None:
        """Throw everything away; only while nobody appends."""
        for path in (self._index, self._messages):
            path.unlink(missing_ok=True)

    def _follow(self) -> None:
        """Note the lines that are new; the engine's loop and its threads ask at the same time."""
        with self._following:
            self._follow_alone()

    def _follow_alone(self) -> None:
        try:
            file = self._index.open("rb")
        except FileNotFoundError:
            self._forget()
            return
        with file:
            # Thrown away and filled again, it may be as long as before; the first line has another moment.
            if file.readline() != self._first:
                self._forget()
            file.seek(self._read)
            for line in file:
                if not line.endswith(b"\n"):
                    break
                self._first = self._first or line
                self._starts.append(self._read)
                self._read += len(line)

    def _forget(self) -> None:
        self._starts, self._read, self._first = array("Q"), 0, b""

    def _backwards(self, skip: int) -> Iterator[tuple[int, "_Line"]]:
        self._follow()
        if not self._starts:
            return
        with self._index.open("rb") as file:
            for number in range(len(self._starts) - 1 - skip, -1, -1):
                file.seek(self._starts[number])
                yield number, json.loads(file.readline())


class Appender:
    """The writing end, for the one process that receives."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self._open()

    def _open(self) -> None:
        flags = os.O_RDWR | os.O_CREAT | os.O_APPEND | getattr(os, "O_BINARY", 0)
        self._messages = os.open(self._folder / "messages", flags, 0o600)
        self._index = os.open(self._folder / "index", flags, 0o600)
        self._end = os.fstat(self._messages).st_size

    def close(self) -> None:
        """Let go of the files."""
        os.close(self._messages)
        os.close(self._index)

    def append(self, sender: str, recipients: list[str], content: bytes) -> None:
        """Keep one message; when this returns, it survives the end of this process. Raises `OSError`."""
        self._write(self._messages, content)
        line = _Line(
            at=datetime.now(UTC).isoformat(timespec="milliseconds"),
            sender=sender,
            recipient=", ".join(recipients),
            subject=subject_of(content),
            offset=self._end,
            size=len(content),
        )
        self._end += len(content)
        self._write(self._index, json.dumps(line, ensure_ascii=False).encode() + b"\n")

    @staticmethod
    def _write(file: int, data: bytes) -> None:
        """Append all of it or nothing; raises `OSError` where the disk takes only a part."""
        written = os.write(file, data)
        if written < len(data):
            os.ftruncate(file, os.fstat(file).st_size - written)
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    def clear(self) -> None:
        """Throw everything away."""
        os.ftruncate(self._index, 0)
        os.ftruncate(self._messages, 0)
        self._end = 0

    def forget(self, addresses: frozenset[str]) -> int:
        """Take out every message to one of these addresses, which are in lower case; gives how many.

        What stays is written anew: not a byte of the others is left in the files. Raises `OSError`.
        """
        drafts = self._folder / "messages.part", self._folder / "index.part"
        with drafts[0].open("wb") as messages, drafts[1].open("wb") as index:
            gone = self._copy(addresses, messages, index)
        self.close()
        try:
            if gone:
                drafts[0].replace(self._folder / "messages")
                drafts[1].replace(self._folder / "index")
        finally:
            for each in drafts:
                each.unlink(missing_ok=True)
            self._open()
        return gone

    def _copy(self, addresses: frozenset[str], messages: BinaryIO, index: BinaryIO) -> int:
        gone = end = 0
        with (self._folder / "index").open("rb") as lines, (self._folder / "messages").open("rb") as source:
            for text in lines:
                line: _Line = json.loads(text)
                if _is_to(line, addresses):
                    gone += 1
                    continue
                source.seek(line["offset"])
                messages.write(source.read(line["size"]))
                line["offset"] = end
                end += line["size"]
                index.write(json.dumps(line, ensure_ascii=False).encode() + b"\n")
        return gone


def subject_of(content: bytes) -> str:
    """The decoded Subject header; empty where there is none."""
    head = b"\n" + content[:_HEAD].partition(b"\r\n\r\n")[0]
    at = head.lower().find(b"\nsubject:")
    if at < 0:
        return ""
    lines = head[at + 9 :].split(b"\n")
    kept = [lines[0]]
    for line in lines[1:]:
        if not line.startswith((b" ", b"\t")):
            break
        kept.append(line)
    raw = b"".join(line.rstrip(b"\r") for line in kept).decode("utf-8", "replace").strip()
    try:
        return str(make_header(decode_header(raw))) if "=?" in raw else raw
    except (ValueError, LookupError):
        return raw


def _is_to(line: "_Line", addresses: frozenset[str]) -> bool:
    return any(each.strip().lower() in addresses for each in line["recipient"].split(","))


def _mentions(line: "_Line", needle: str) -> bool:
    return any(needle in text.lower() for text in (line["recipient"], line["subject"], line["sender"]))


def _entry(number: int, line: "_Line") -> MailboxEntry:
    return MailboxEntry(
        id=str(number),
        at=line["at"],
        sender=line["sender"],
        recipient=line["recipient"],
        subject=line["subject"],
        size=line["size"],
    )


def _part(parsed: EmailMessage, kind: str) -> str:
    part = parsed.get_body((kind,))
    if part is None:
        return ""
    try:
        content = part.get_content()
    except (LookupError, ValueError, KeyError):
        payload = part.get_payload(decode=True)
        content = payload.decode("utf-8", "replace") if isinstance(payload, bytes) else ""
    return str(content)
