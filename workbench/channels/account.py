"""A mail server account as a connection needs it, and the way from an address to a connection that may send."""

import asyncio
import socket
import ssl
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from aiosmtplib import (
    SMTP,
    SMTPAuthenticationError,
    SMTPException,
    SMTPNotSupported,
    SMTPResponseException,
)

from workbench.plan.words import tr

if TYPE_CHECKING:  # couriers load no definitions: half of their start and a third of their memory
    from workbench.plan.channel import Security, SmtpChannel

#: longest words of a server that are kept
MAX_WORDS = 500


@dataclass(frozen=True, slots=True)
class Account:
    """Where to connect and who to be. `timeout` is seconds per step; the secret does not show in `repr`."""

    host: str
    port: int
    security: "Security" = "none"
    user: str = ""
    verify: bool = True
    timeout: float = 30.0
    secret: str = field(default="", repr=False)


class ConnectionFault(Exception):  # noqa: N818 - it names what is at fault
    """No connection that may send.

    Attributes:
        step: `connect`, `secure` or `login`, the step that failed.
        lasting: trying again will not help: the login or the certificate was refused.
    """

    def __init__(self, step: str, words: str, *, lasting: bool) -> None:
        super().__init__(words)
        self.step = step
        self.lasting = lasting


def account_of(channel: "SmtpChannel", secret: str | None) -> Account:
    """The account that a channel describes."""
    return Account(
        channel.host.strip(), channel.port, channel.security, channel.user, channel.verify, secret=secret or ""
    )


async def connect(account: Account, steps: list[tuple[str, str]] | None = None) -> SMTP:
    """Connect, greet, secure and log in; `steps` collects each with the server's words. Raises `ConnectionFault`."""
    told: list[tuple[str, str]] = [] if steps is None else steps
    client = SMTP(
        hostname=account.host, port=account.port, local_hostname=greeting_name(), timeout=account.timeout,
        use_tls=account.security == "tls", start_tls=False,
        tls_context=context(verify=account.verify) if account.security != "none" else None,
    )  # fmt: skip
    step = "connect"
    try:
        response = await client.connect()
        told.append((tr("Connect"), clean(response.message) or str(response.code)))
        await client.ehlo()
        step = "secure"
        if account.security == "starttls":
            await client.starttls(timeout=account.timeout)
            await client.ehlo()
        if account.security != "none":
            told.append((tr("Secure"), _tls_words(client)))
        step = "login"
        if account.user:
            reply = await client.login(account.user, account.secret)
            told.append((tr("Log in"), clean(reply.message)))
    except (SMTPException, OSError, ssl.SSLError, ValueError, TimeoutError) as error:
        client.close()
        raise ConnectionFault(step, words_of(error, account), lasting=_lasting(error)) from error
    except asyncio.CancelledError:
        client.close()
        raise
    return client


def greeting_name() -> str:
    """The name for EHLO: the machine's full name where it has one, else its address as `[192.0.2.1]`.

    Some servers refuse `localhost` and names without a dot.
    """
    name = socket.gethostname()
    if "." in name.strip(".") and name.isascii() and not name.startswith("localhost"):
        return name
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            # Connecting a datagram socket sends nothing; it only asks the routing table for our own address.
            probe.connect(("192.0.2.1", 9))
            address = probe.getsockname()[0]
        except OSError:
            address = "127.0.0.1"
    return f"[{address}]"


def context(*, verify: bool) -> ssl.SSLContext:
    """TLS 1.2 or newer, with the system's certificates; without `verify` any certificate is taken."""
    made = ssl.create_default_context()
    if not verify:
        made.check_hostname = False
        made.verify_mode = ssl.CERT_NONE
    return made


def clean(words: str) -> str:
    """A server's words as one plain line of bounded length."""
    return " ".join("".join(mark if mark.isprintable() else " " for mark in words).split())[:MAX_WORDS]


def words_of(error: Exception, account: Account) -> str:
    """What a person should read about a failed connection."""
    match error:
        case SMTPAuthenticationError():
            return tr("The server refused the login: {words}").format(words=f"{error.code} {clean(error.message)}")
        case SMTPResponseException():
            return tr("The server answered: {words}").format(words=f"{error.code} {clean(error.message)}")
        case SMTPNotSupported():
            return tr("The server does not offer what the account asks for: {words}").format(words=clean(str(error)))
        case _:
            return _network_words(_root(error), account)


def _network_words(cause: BaseException, account: Account) -> str:
    server = f"{account.host}:{account.port}"
    match cause:
        case socket.gaierror():
            return tr("There is no server named {host}.").format(host=account.host)
        case ssl.SSLCertVerificationError():
            return tr("The server's certificate is not trusted: {words}").format(words=clean(cause.verify_message))
        case ssl.SSLError():
            return tr("TLS failed: {words}").format(words=clean(cause.reason or str(cause)))
        case TimeoutError():
            return tr("{server} does not answer.").format(server=server)
        case ConnectionRefusedError():
            return tr("{server} refuses connections.").format(server=server)
        case _:
            return tr("No connection to {server}: {words}").format(server=server, words=clean(str(cause)))


def _root(error: BaseException) -> BaseException:
    while error.__cause__ is not None or (error.__context__ is not None and isinstance(error, SMTPException)):
        error = error.__cause__ or error.__context__ or error
    return error


def _lasting(error: Exception) -> bool:
    refused = isinstance(error, SMTPAuthenticationError) and error.code >= 500  # noqa: PLR2004 - SMTP's permanent replies
    return refused or isinstance(error, SMTPNotSupported) or isinstance(_root(error), ssl.SSLCertVerificationError)


def _tls_words(client: SMTP) -> str:
    cipher = client.get_transport_info("cipher")
    return f"{cipher[1]} {cipher[0]}" if cipher else "TLS"
