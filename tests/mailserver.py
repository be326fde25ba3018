"""A mail server for tests: it records what it accepted, and answers as a test tells it to."""

import asyncio
import os
import re
import ssl
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

#: answers that are no reply: close the connection, or never answer
CLOSE, SILENCE = "close", "silence"
_MESSAGE_ID = re.compile(rb"(?mi)^Message-ID: <([^>\r\n]*)>")


@dataclass(frozen=True)
class Moment:
    """Where a conversation stands: number of the connection, of the message on it, and its recipient."""

    connection: int
    message: int
    recipient: str = ""


Answer = Callable[[Moment], str]


@dataclass(frozen=True)
class Mail:
    """One accepted message."""

    id: str
    recipient: str
    content: bytes


def _always(reply: str) -> Answer:
    return lambda _: reply


@dataclass
class Answers:
    """What the server says. A late answer is written `late SECONDS REPLY`."""

    greeting: Answer = field(default_factory=lambda: _always("220 test.example ready"))
    mail: Answer = field(default_factory=lambda: _always("250 2.1.0 Ok"))
    rcpt: Answer = field(default_factory=lambda: _always("250 2.1.5 Ok"))
    data: Answer = field(default_factory=lambda: _always("354 Go ahead"))
    #: asked before the message counts as accepted; CLOSE and SILENCE keep it
    end: Answer = field(default_factory=lambda: _always("250 2.0.0 Ok: queued"))
    #: octets of a message after which the connection is closed; None for never
    cut: Callable[[Moment], int | None] = field(default_factory=lambda: lambda _: None)
    auth: Answer = field(default_factory=lambda: _always("235 2.7.0 Welcome"))
    offers: tuple[str, ...] = ("PIPELINING", "8BITMIME", "SMTPUTF8", "AUTH PLAIN")


class MailServer:
    """The server, on a loop in a thread of its own; use it as a context manager.

    Attributes:
        accepted: messages in the order of their acceptance. `log` gets each id before the reply is sent.
        connections: how many there were.
    """

    def __init__(
        self, answers: Answers | None = None, log: Path | None = None, tls: ssl.SSLContext | None = None
    ) -> None:
        self.answers = answers or Answers()
        self.accepted: list[Mail] = []
        self.greetings: list[str] = []
        self.logins: list[str] = []
        self.connections = 0
        self.open = 0
        self.most_open = 0
        self.port = 0
        self.living: set[asyncio.Transport] = set()
        self.tls = tls
        self.log = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND) if log else None
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._ready = threading.Event()

    def __enter__(self) -> Self:
        self._thread.start()
        self._ready.wait(10)
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        if self.log is not None:
            os.close(self.log)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        server = self._loop.run_until_complete(
            self._loop.create_server(lambda: _Conversation(self), "127.0.0.1", self.port, reuse_address=True)
        )
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        self._loop.run_forever()
        server.close()
        for transport in tuple(self.living):
            transport.abort()
        self._loop.run_until_complete(asyncio.sleep(0.01))
        self._loop.close()

    def accept(self, mail: Mail) -> None:
        """Record a message, in the log first."""
        if self.log is not None:
            os.write(self.log, mail.id.encode() + b"\n")
        self.accepted.append(mail)


class _Conversation(asyncio.Protocol):
    def __init__(self, server: MailServer) -> None:
        self._server = server
        self._answers = server.answers
        self._buffer = b""
        self._in_data = False
        self._message = 0
        self._recipient = ""
        self._transport: asyncio.Transport
        self._number = 0
        self._held = False
        self._cut: int | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._server.living.add(transport)
        if not self._number:
            self._server.connections += 1
            self._server.open += 1
            self._server.most_open = max(self._server.most_open, self._server.open)
            self._number = self._server.connections
            self._say(self._answers.greeting(self._moment()))

    def connection_lost(self, exc: Exception | None) -> None:
        del exc
        self._server.living.discard(self._transport)
        self._server.open -= 1

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        if not self._held:
            self._proceed()

    def _proceed(self) -> None:
        while not self._held and not self._transport.is_closing():
            if self._in_data:
                if self._buffer.startswith(b".\r\n"):
                    content, self._buffer = b"", self._buffer[3:]
                else:
                    content, end, rest = self._buffer.partition(b"\r\n.\r\n")
                    if not end:
                        if self._cut is not None and len(content) > self._cut:
                            self._transport.abort()
                        return
                    self._buffer = rest
                self._in_data = False
                self._ended(content)
            else:
                line, end, rest = self._buffer.partition(b"\r\n")
                if not end:
                    return
                self._buffer = rest
                self._command(line.decode("utf-8", "replace"))

    def _command(self, line: str) -> None:
        verb = line.split(" ", 1)[0].upper()
        match verb:
            case "EHLO":
                self._server.greetings.append(line)
                offers = [*self._answers.offers, *(["STARTTLS"] if self._server.tls else [])]
                lines = ["test.example", *offers]
                self._say("\r\n".join([f"250-{each}" for each in lines[:-1]] + [f"250 {lines[-1]}"]))
            case "STARTTLS":
                # What comes next belongs to TLS and must not be read here.
                self._transport.pause_reading()
                self._held = True
                self._say("220 Go ahead")
                self._securing = asyncio.ensure_future(self._secure())
            case "AUTH":
                self._server.logins.append(line)
                self._say(self._answers.auth(self._moment()))
            case "MAIL":
                self._message += 1
                self._recipient = ""
                self._say(self._answers.mail(self._moment()))
            case "RCPT":
                recipient = line[line.index("<") + 1 : line.index(">")]
                reply = self._answers.rcpt(Moment(self._number, self._message, recipient))
                if reply.startswith("2"):
                    self._recipient = recipient
                self._say(reply)
            case "DATA":
                reply = self._answers.data(self._moment()) if self._recipient else "503 5.5.1 no valid recipients"
                self._in_data = reply.startswith("354")
                self._cut = self._answers.cut(self._moment()) if self._in_data else None
                self._say(reply)
            case "QUIT":
                self._say("221 Bye")
                self._transport.close()
            case _:
                self._say("250 Ok")

    def _ended(self, content: bytes) -> None:
        reply = self._answers.end(self._moment())
        bare = reply.split(" ", 2)[2] if reply.startswith("late ") else reply
        if bare.startswith("2") or bare in {CLOSE, SILENCE}:
            found = _MESSAGE_ID.search(content)
            plain = content.replace(b"\r\n..", b"\r\n.")
            self._server.accept(Mail(found[1].decode() if found else "", self._recipient, plain))
        self._say(reply)

    def _say(self, reply: str) -> None:
        if reply == CLOSE:
            self._transport.abort()
        elif reply == SILENCE:
            self._held = True
        elif reply.startswith("late "):
            _, seconds, reply = reply.split(" ", 2)
            self._held = True
            self._transport.get_extra_info("socket")
            asyncio.get_running_loop().call_later(float(seconds), self._say_late, reply)
        else:
            self._transport.write(reply.encode() + b"\r\n")
            if reply.startswith("421"):
                self._transport.close()

    def _say_late(self, reply: str) -> None:
        self._held = False
        self._say(reply)
        self._proceed()

    async def _secure(self) -> None:
        assert self._server.tls is not None
        loop = asyncio.get_running_loop()
        try:
            transport = await loop.start_tls(self._transport, self, self._server.tls, server_side=True)
        except OSError:
            return  # the other side did not like the certificate
        assert transport is not None
        self._transport = transport
        self._server.living.add(transport)
        self._held = False
        self._proceed()  # the first command may have come with the end of the handshake

    def _moment(self) -> Moment:
        return Moment(self._number, self._message, self._recipient)
