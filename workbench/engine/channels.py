"""Accounts to send through, their secrets and tests; the sandbox's mailbox."""

from pydantic import TypeAdapter

from workbench.channels import delivery
from workbench.channels.secrets import SecretsError
from workbench.engine import definitions, privacy, workspace
from workbench.engine.definitions import Stored
from workbench.engine.desk import AskError, Desk, NotFoundError
from workbench.plan.channel import Channel, ChannelTest, MailboxEntry, MailboxMessage, check
from workbench.plan.words import tr

KIND = "channel"
_CHANNEL: TypeAdapter[Channel] = TypeAdapter(Channel)


async def listed(desk: Desk) -> tuple[Stored, ...]:
    """All channels, newest first."""
    return await definitions.listed(desk, KIND)


async def get(desk: Desk, channel_id: str) -> Channel:
    """One channel, without its secret; raises `NotFoundError`."""
    return _CHANNEL.validate_json(await definitions.body(desk, KIND, channel_id))


async def save(
    desk: Desk,
    channel: Channel,
    channel_id: str | None = None,
    secret: str | None = None,
    amends: Channel | None = None,
) -> str:
    """Store a channel; a secret goes to the keyring (empty text removes it, None leaves it). Gives the id.

    It is a new version, or amends the one that `amends` was stored as (see `definitions.save`).
    Raises `AskError` where there is no keyring to hold the secret.
    """
    problems = check(channel)
    if any(problem.blocks for problem in problems):
        raise AskError(str(problems[0]), problems)
    saved_id = await definitions.save(desk, KIND, "channels", channel, channel.name, channel_id, amends)
    if secret is not None:
        try:
            await desk.secrets.put(desk.store.workspace_id, saved_id, secret)
        except SecretsError as error:
            raise AskError(str(error)) from error
    return saved_id


async def has_secret(desk: Desk, channel_id: str) -> bool:
    """Whether the keyring or the environment holds a secret for the channel."""
    return bool(await desk.secrets.get(desk.store.workspace_id, channel_id))


async def delete(desk: Desk, channel_id: str) -> None:
    """Delete a channel; `restore` undoes it. The secret stays until the workspace is deleted."""
    await definitions.remove(desk, KIND, "channels", channel_id)


async def restore(desk: Desk, channel_id: str) -> None:
    """Undo a delete."""
    await definitions.restore(desk, KIND, "channels", channel_id)


async def test(  # a verb here, not a test of ours
    desk: Desk,
    channel: Channel,
    channel_id: str = "",  # noqa: PT028 - the same
    secret: str | None = None,  # noqa: PT028 - the same
) -> ChannelTest:
    """Connect, secure, log in, leave again, and tell each step. A given secret is tried instead of the stored one."""
    known = secret if secret is not None else await desk.secrets.get(desk.store.workspace_id, channel_id)
    return await delivery.test(channel, known, desk.sandbox)


async def send_test(
    desk: Desk, channel_id: str, address: str, message: tuple[str, str, str] | None = None
) -> ChannelTest:
    """Send subject, HTML and text, or a short test message, to the address through the stored channel.

    Raises `AskError` where it is the address of somebody who was erased.
    """
    channel = await get(desk, channel_id)
    if await privacy.is_erased(desk, "EMAIL", address):
        raise AskError(tr("Whoever has this address was erased: nothing is sent to it any more."))
    settings = await workspace.settings(desk)
    secret = await desk.secrets.get(desk.store.workspace_id, channel_id)
    sender = channel.from_address or settings.sender_address
    if not sender:
        raise AskError(tr("There is no sender address. Set one in the channel or in the workspace's settings."))
    answer = await delivery.send_test(channel, secret, desk.sandbox, sender, address, message)
    desk.news.changed("mailbox")
    return answer


async def mailbox(desk: Desk, search: str = "", offset: int = 0, limit: int = 100) -> tuple[MailboxEntry, ...]:
    """What arrived at the sandbox, newest first."""
    return await desk.sandbox.entries(search, offset, limit)


async def message(desk: Desk, message_id: str) -> MailboxMessage:
    """One sandbox message, opened."""
    found = await desk.sandbox.message(message_id)
    if found is None:
        raise NotFoundError(tr("The message is no longer in the mailbox."))
    return found


async def empty_mailbox(desk: Desk) -> None:
    """Throw away everything that the sandbox received."""
    await desk.sandbox.clear()
    desk.news.changed("mailbox")
