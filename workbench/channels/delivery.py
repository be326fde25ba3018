"""Trying an account, and sending a single test message through it."""

import secrets as chance
import tempfile
from contextlib import suppress
from email.utils import formatdate
from pathlib import Path

from aiosmtplib import SMTPException

from workbench.channels.account import Account, ConnectionFault, account_of, clean, connect
from workbench.channels.folder import Folder
from workbench.channels.sandbox import Sandbox, SandboxError
from workbench.plan.channel import ChannelTest, FolderChannel, SandboxChannel, SmtpChannel
from workbench.plan.mime import AddressError, Sender, Skeleton, envelope_address
from workbench.plan.words import tr

Channel = SmtpChannel | SandboxChannel | FolderChannel


async def test(channel: Channel, secret: str | None, sandbox: Sandbox) -> ChannelTest:
    """Go through the account's steps and tell each with the server's words; nothing is sent."""
    return await _try(channel, secret, sandbox, None)


async def send_test(  # noqa: PLR0917 - an envelope and what is in it
    channel: Channel,
    secret: str | None,
    sandbox: Sandbox,
    sender: str,
    address: str,
    message: tuple[str, str, str] | None = None,
) -> ChannelTest:
    """The same, and hand over one message: subject, HTML and text as given, or a short standing one."""
    try:
        to = envelope_address(address.strip(), smtputf8=False)
    except AddressError as error:
        return ChannelTest(works=False, steps=(), problem=str(error))
    text = tr("This is a test message. Your channel works.")
    domain = sender.rpartition("@")[2] or "localhost"
    skeleton = Skeleton(Sender(sender, channel.from_name), chance.token_hex(16), "test.{}@" + domain, eight_bit=False)
    ordinal = chance.randbelow(10**12)
    parts = message or (tr("Test message"), f"<p>{text}</p>", text)
    return await _try(
        channel, secret, sandbox, (sender, to, skeleton.fill(ordinal, to, formatdate(localtime=False), parts))
    )


async def _try(
    channel: Channel, secret: str | None, sandbox: Sandbox, mail: tuple[str, str, bytes] | None
) -> ChannelTest:
    match channel:
        case FolderChannel():
            return _try_folder(channel, mail)
        case SandboxChannel():
            try:
                account = Account("127.0.0.1", await sandbox.start())
            except (SandboxError, OSError) as error:
                return ChannelTest(works=False, steps=(), problem=str(error))
        case SmtpChannel():
            if channel.user and not secret:
                return ChannelTest(works=False, steps=(), problem=tr("There is no password for this account."))
            account = account_of(channel, secret)
    return await _try_server(account, mail)


async def _try_server(account: Account, mail: tuple[str, str, bytes] | None) -> ChannelTest:
    steps: list[tuple[str, str]] = []
    try:
        client = await connect(account, steps)
    except ConnectionFault as fault:
        return ChannelTest(works=False, steps=tuple(steps), problem=str(fault))
    problem = ""
    try:
        if mail is None:
            reply = await client.noop()
            steps.append((tr("Ready"), clean(reply.message)))
        else:
            sender, to, message = mail
            _, words = await client.sendmail(sender, [to], message)
            steps.append((tr("Hand over"), clean(words)))
    except (SMTPException, OSError, ValueError) as error:
        problem = clean(str(error))
    with suppress(SMTPException, OSError):
        await client.quit()
    client.close()
    return ChannelTest(works=not problem, steps=tuple(steps), problem=problem)


def _try_folder(channel: FolderChannel, mail: tuple[str, str, bytes] | None) -> ChannelTest:
    path = Path(channel.path).expanduser()
    try:
        if mail is None:
            path.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=path):
                pass
            return ChannelTest(works=True, steps=((tr("Write to the folder"), str(path)),))
        written = Folder(path).put(f"test-{chance.token_hex(6)}", mail[2])
    except OSError as error:
        return ChannelTest(works=False, steps=(), problem=f"{path}: {error.strerror or error}")
    return ChannelTest(works=True, steps=((tr("Hand over"), str(written)),))
