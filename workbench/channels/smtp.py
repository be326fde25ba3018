"""One kept SMTP connection that hands over message after message.

aiosmtplib connects, secures and logs in (`account.connect`); then this protocol takes the transport over and reacts to
each reply in the callback that brings it: measured against its `sendmail`, three times as many messages a second. Where
the server offers PIPELINING (RFC 2920), MAIL, RCPT and DATA leave together, and together with the end of the message
before: one round trip a message.
"""

import asyncio
from collections import deque
from typing import Final, Literal

from aiosmtplib import SMTP  # noqa: TC002 - account.py loads it in any case

from workbench.channels.account import Account, clean, connect
from workbench.channels.channel import CLOSING, PERMANENT, TEMPORARY, Item, Offers, Work
from workbench.plan.words import tr

#: larger messages are written alone, so that it is known whether their end has left
_CHAINED: Final = 64 * 1024
#: octets of replies that may be waiting for their line end
_REPLY: Final = 32 * 1024
_GO_AHEAD: Final = 354
Stage = Literal["mail", "rcpt", "data", "final", "void", "rset", "quit"]


class Connection(asyncio.Protocol):
    """A lane over SMTP. At most one message is complete and without its reply at any time.

    Args:
        work: the courier.
        account: where to connect.
        sender: the envelope's sender.
        patience: seconds to wait for a reply to a command, and to the end of a message (RFC 5321 4.5.3.2 has 5 and
            10 minutes).
    """

    def __init__(self, work: Work, account: Account, sender: str, patience: tuple[float, float]) -> None:
        self.offers = Offers()
        self._work = work
        self._account = account
        self._sender = sender
        self._patience = patience
        self._client: SMTP | None = None
        self._transport: asyncio.Transport | None = None
        self._loop = asyncio.get_running_loop()
        self._expected: deque[Stage] = deque()
        self._script: deque[tuple[Stage, bytes]] = deque()
        self._buffer = b""
        self._lines: list[bytes] = []
        self._out: list[bytes] = []
        self._item: Item | None = None
        self._sent: Item | None = None
        self._fault: tuple[Stage, int, str] | None = None
        self._must_reset = False
        self._handed = False
        self._unwritten = False
        self._leaving = self._fruitful = False
        self._since = 0.0
        self._last_words = ""

    @property
    def busy(self) -> bool:
        """Whether a message is in its hands."""
        return self._item is not None or self._sent is not None

    async def open(self) -> None:
        """Connect; raises `ConnectionFault`."""
        client = await connect(self._account)
        transport = client.transport
        assert isinstance(transport, asyncio.Transport)  # noqa: S101 - connected just now
        self.offers = Offers(
            client.supports_extension("pipelining"),
            client.supports_extension("8bitmime"),
            client.supports_extension("smtputf8"),
        )
        self._client = client  # aiosmtplib closes what nobody refers to
        self._transport = transport
        transport.set_protocol(self)
        # With no buffer, pause_writing says that something has not left yet, and resume_writing that all has.
        transport.set_write_buffer_limits(high=0)
        self._since = self._loop.time()

    def go(self) -> None:
        """Take a message if there is nothing in hand."""
        if self._transport is not None and not self._transport.is_closing():
            self._next()
            self._write()

    def leave(self) -> None:
        """Take nothing more; quit now, or after the reply that is awaited."""
        self._leaving = True
        if self._transport is None:
            return
        if self._sent is None:
            self._quit()

    def check_time(self, now: float) -> None:
        """End the connection where an answer is overdue."""
        limit = self._patience[1 if self._sent is not None else 0]
        if self._expected and now - self._since > limit and self._transport is not None:
            self._last_words = tr("The server did not answer for {n} seconds.").format(n=round(limit))
            self._transport.abort()

    # --- the transport's calls

    def data_received(self, data: bytes) -> None:
        """Read replies, act on each, then write everything that they led to at once."""
        self._since = self._loop.time()
        *lines, self._buffer = (self._buffer + data).split(b"\n")
        for line in lines:
            self._lines.append(line[4:])
            if line[3:4] != b"-":
                words, self._lines = b" ".join(self._lines), []
                self._reply(line[:3], words)
        if len(self._buffer) > _REPLY or len(self._lines) > _REPLY:
            self._break(tr("The server's answer makes no sense."))
        self._write()

    def pause_writing(self) -> None:
        """Something written has not left."""
        self._unwritten = True

    def resume_writing(self) -> None:
        """All written has left."""
        self._unwritten = False

    def eof_received(self) -> bool:
        """The server will say no more; the transport closes."""
        return False

    def connection_lost(self, exc: Exception | None) -> None:
        """Account for what was in hand, and tell the courier."""
        words = self._last_words or tr("The server closed the connection.")
        if exc is not None and not self._last_words:
            words = tr("The connection broke: {words}").format(words=clean(str(exc)))
        sent, self._sent = self._sent, None
        item, self._item = self._item, None
        self._transport = self._client = None
        if item is not None:
            self._work.put_back(item, words)
        if sent is not None:
            # TLS keeps bytes of its own: only of a plain connection is it certain that something has not left.
            stuck = self._unwritten and len(sent.message) > _CHAINED and self._account.security == "none"
            if stuck or not self._handed:
                self._work.unbegin(sent)
            else:
                self._work.settle(sent, "unknown", 0, words)
        self._work.flush()
        self._work.lost(self, words, fruitful=self._fruitful)

    # --- the conversation

    def _next(self) -> None:
        """Begin the envelope of another message where that is possible now."""
        if self._item is not None or self._leaving or (self._sent is not None and not self._may_chain()):
            return
        item = self._work.take(self)
        if item is None:
            return
        self._item, self._fault = item, None
        if self._must_reset:
            self._script.append(("rset", b"RSET\r\n"))
            self._must_reset = False
        options = (" BODY=8BITMIME" if self.offers.eight_bit else "") + (
            "" if item.recipient.isascii() else " SMTPUTF8"
        )
        self._script.append(("mail", f"MAIL FROM:<{self._sender}>{options}\r\n".encode()))
        self._script.append(("rcpt", f"RCPT TO:<{item.recipient}>\r\n".encode()))
        self._script.append(("data", b"DATA\r\n"))
        self._speak()

    def _may_chain(self) -> bool:
        return self.offers.pipelining and self._sent is not None and len(self._sent.message) <= _CHAINED

    def _speak(self) -> None:
        """Say the whole script, or its next line where the server wants to answer each."""
        while self._script:
            stage, line = self._script.popleft()
            self._expected.append(stage)
            self._out.append(line)
            if not self.offers.pipelining:
                return

    def _reply(self, digits: bytes, octets: bytes) -> None:
        words = clean(octets.decode("utf-8", "replace"))
        if not digits.isdigit():
            self._break(tr("The server's answer makes no sense."))
            return
        code = int(digits)
        if code == CLOSING:
            self._last_words = f"{code} {words}"
        if not self._expected:
            self._end()
            return
        self._answer(self._expected.popleft(), code, words)
        if code == CLOSING:
            self._end()

    def _answer(self, stage: Stage, code: int, words: str) -> None:
        match stage:
            case "final":
                self._finish(code, words)
            case "data":
                self._go_ahead(code, words)
            case "void":
                self._reject()
            case "rset" if code >= TEMPORARY:
                self._end()
            case "mail" | "rcpt" if code >= TEMPORARY:
                self._refused(stage, code, words)
            case _ if self._script:
                self._speak()

    def _refused(self, stage: Stage, code: int, words: str) -> None:
        """MAIL or RCPT was refused; with pipelining the answer to DATA is still to come."""
        if self._fault is None:
            self._fault = (stage, code, words)
        if not self.offers.pipelining:
            self._script.clear()
            self._reject()

    def _go_ahead(self, code: int, words: str) -> None:
        if code != _GO_AHEAD:
            if self._fault is None:
                self._fault = ("data", code, words)
            self._reject()
        elif self._fault is not None or self._item is None or self._leaving:
            # Nobody is to get it: an end without a message, which the server refuses for want of recipients.
            if self._fault is None:
                self._end()
                return
            self._out.append(b".\r\n")
            self._expected.append("void")
        else:
            self._hand_over(self._item)

    def _hand_over(self, item: Item) -> None:
        self._work.begin(item)
        self._item, self._sent, self._handed = None, item, False
        self._out.append(item.message)
        self._expected.append("final")
        self._next()

    def _finish(self, code: int, words: str) -> None:
        item, self._sent = self._sent, None
        assert item is not None  # noqa: S101 - `final` is expected only after a message
        text = f"{code} {words}"
        if code < 300:  # noqa: PLR2004 - SMTP's class of success
            self._fruitful = True
            self._work.settle(item, "accepted", code, words)
        elif code >= PERMANENT:
            self._work.settle(item, "failed", code, text)
        elif code >= TEMPORARY:
            self._work.settle(item, "retrying", code, text)
        else:
            self._work.settle(item, "unknown", code, text)
            self._end()
            return
        if self._leaving:
            self._quit()
        else:
            self._next()

    def _reject(self) -> None:
        """The message in hand was refused before it was sent."""
        item, self._item = self._item, None
        stage, code, words = self._fault or ("data", 0, "")
        self._fault = None
        self._must_reset = True
        if item is None:
            return
        text = f"{code} {words}"
        if code == CLOSING:
            self._work.put_back(item, text)
        elif stage == "mail" and code >= PERMANENT:
            self._work.put_back(item, text)
            self._work.refuse_all(tr("The server refuses the sender: {words}").format(words=text))
        else:
            self._work.settle(item, "failed" if code >= PERMANENT else "retrying", code, text)
        self._next()

    def _quit(self) -> None:
        if self._transport is None or self._transport.is_closing():
            return
        if self._expected or self._item is not None:
            self._end()
            return
        self._expected.append("quit")
        self._out.append(b"QUIT\r\n")
        self._write()
        self._end()

    def _break(self, words: str) -> None:
        self._last_words = words
        self._out.clear()
        if self._transport is not None:
            self._transport.abort()

    def _end(self) -> None:
        """Close after what is written has left."""
        if self._transport is not None:
            self._transport.close()

    def _write(self) -> None:
        """The journal first: nothing leaves that it does not know."""
        if not self._work.flush():
            self._break(tr("The journal cannot be written."))
            return
        if self._out and self._transport is not None and not self._transport.is_closing():
            data, self._out = b"".join(self._out), []
            self._since = self._loop.time()
            self._transport.write(data)
            self._handed = True
