"""The sandbox's mail server: a process of its own, on this machine only, that takes every mail and keeps it.

Started by `sandbox.Sandbox`; it prints its port, obeys `clear` and `forget` lines on its standard input and ends
when that closes.
"""

import asyncio
import json
import signal
import sys
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session

from workbench.channels.child import stand_back
from workbench.channels.mailbox import Appender

#: bytes of one message
_LARGEST = 32 * 1024 * 1024


class _Keep:
    """Keeps what arrives."""

    def __init__(self, appender: Appender) -> None:
        self._appender = appender

    async def handle_EHLO(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        """Offer pipelining, which the stream reader allows."""
        del server, envelope
        session.host_name = hostname
        return [*responses[:-1], "250-PIPELINING", responses[-1]]

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - the same
        """Keep one message before saying so."""
        del server, session
        content = envelope.content
        assert isinstance(content, bytes)  # noqa: S101 - decode_data is off
        try:
            self._appender.append(envelope.mail_from or "", list(envelope.rcpt_tos), content)
        except OSError as error:
            return f"452 4.3.1 {error.strerror}"
        return "250 2.0.0 kept in the sandbox"


class _Receiver(SMTP):
    """aiosmtpd's server with DATA read in large pieces: line by line it takes three times as long."""

    line_length_limit = 1024 * 1024

    async def smtp_DATA(self, arg: str) -> None:  # noqa: N802 - aiosmtpd's name
        """Read one message and pass it on."""
        envelope = self.envelope
        if await self.check_helo_needed() or envelope is None:
            return
        if arg or not envelope.rcpt_tos:
            await self.push("501 Syntax: DATA" if arg else "503 Error: need RCPT command")
            return
        await self.push("354 End data with <CR><LF>.<CR><LF>")
        content = await self._body()
        if content is None:
            status = "552 Error: Too much mail data"
        else:
            envelope.content = envelope.original_content = content
            status = await self.event_handler.handle_DATA(self, self.session, envelope)
        self._set_post_data_state()  # type: ignore[no-untyped-call]  # aiosmtpd is typed in part
        await self.push(status)

    async def _body(self) -> bytes | None:
        pieces = bytearray()
        too_much = False
        while pieces != b".\r\n" and not pieces.endswith(b"\r\n.\r\n"):
            try:
                pieces += await self._reader.readuntil(b".\r\n")
            except asyncio.LimitOverrunError as error:
                pieces += await self._reader.read(error.consumed)
            if len(pieces) > _LARGEST:
                too_much = True
                del pieces[:-8]
        if too_much:
            return None
        return bytes(pieces[:-3]).replace(b"\r\n..", b"\r\n.").removeprefix(b".")


async def _serve(folder: Path) -> None:
    appender = Appender(folder)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: _Receiver(
            _Keep(appender), data_size_limit=_LARGEST, enable_SMTPUTF8=True, hostname="sandbox.localhost", loop=loop
        ),
        "127.0.0.1",
        0,
    )
    sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    while line := await asyncio.to_thread(sys.stdin.readline):
        word, _, rest = line.strip().partition(" ")
        if word == "clear":
            appender.clear()
            said = "cleared"
        elif word == "forget":
            said = _forgotten(appender, rest)
        else:
            continue
        sys.stdout.write(f"{said}\n")
        sys.stdout.flush()
    server.close()


def _forgotten(appender: Appender, addresses: str) -> str:
    """Take out what is to these addresses, a JSON list; gives how many messages, or why not."""
    try:
        return str(appender.forget(frozenset(json.loads(addresses))))
    except OSError as error:
        return f"! {error.strerror}"


def main() -> None:
    """Serve the folder named on the command line until standard input closes."""
    # Ctrl+C in a terminal reaches every process there; the engine decides when this one ends.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    stand_back()
    asyncio.run(_serve(Path(sys.argv[1])))


if __name__ == "__main__":
    main()
