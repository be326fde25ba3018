"""Trying accounts, single messages, and the sandbox."""

import asyncio
import smtplib
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

from tests.mailserver import Answers, MailServer
from workbench.channels import delivery
from workbench.channels.sandbox import Sandbox
from workbench.plan.channel import ChannelTest, FolderChannel, SandboxChannel, SmtpChannel

_T = TypeVar("_T")


def with_sandbox(folder: Path, use: Callable[[Sandbox], Awaitable[_T]]) -> _T:
    async def run() -> _T:
        sandbox = Sandbox(folder / "shop.workbench")
        try:
            return await use(sandbox)
        finally:
            await sandbox.stop()

    return asyncio.run(run())


def tried(folder: Path, channel: delivery.Channel, secret: str | None = None) -> ChannelTest:
    return with_sandbox(folder, lambda sandbox: delivery.test(channel, secret, sandbox))


def channel_to(port: int, user: str = "") -> SmtpChannel:
    return SmtpChannel(name="Test", host="127.0.0.1", port=port, security="none", user=user)


def test_each_step_is_told(tmp_path: Path) -> None:
    with MailServer() as server:
        found = tried(tmp_path, channel_to(server.port, "shop"), "hush")
    assert found.works
    assert [words for _, words in found.steps] == ["test.example ready", "2.7.0 Welcome", "Ok"]


def test_what_fails_is_told_in_the_servers_words(tmp_path: Path) -> None:
    with MailServer(Answers(auth=lambda _: "535 5.7.8 no such user")) as server:
        found = tried(tmp_path, channel_to(server.port, "shop"), "wrong")
    assert (found.works, len(found.steps)) == (False, 1)
    assert found.problem == "The server refused the login: 535 5.7.8 no such user"
    assert not tried(tmp_path, channel_to(server.port)).works
    assert tried(tmp_path, SmtpChannel(name="x", host="no-such-host.invalid")).problem == (
        "There is no server named no-such-host.invalid."
    )
    assert tried(tmp_path, channel_to(25, "shop")).problem == "There is no password for this account."


def test_a_test_message_arrives(tmp_path: Path) -> None:
    with MailServer() as server:
        found = with_sandbox(
            tmp_path,
            lambda sandbox: delivery.send_test(channel_to(server.port), None, sandbox, "a@b.example", "c@d.example"),
        )
    assert found.works
    assert [mail.recipient for mail in server.accepted] == ["c@d.example"]


def test_a_folder(tmp_path: Path) -> None:
    channel = FolderChannel(path=str(tmp_path / "out"))
    assert tried(tmp_path, channel).works
    found = with_sandbox(
        tmp_path, lambda sandbox: delivery.send_test(channel, None, sandbox, "a@b.example", "c@d.example")
    )
    assert found.works
    assert len(list((tmp_path / "out").glob("*.eml"))) == 1
    (tmp_path / "file").write_text("x")
    assert not tried(tmp_path, FolderChannel(path=str(tmp_path / "file"))).works


def test_the_sandbox_keeps_what_arrives(tmp_path: Path) -> None:
    async def use(sandbox: Sandbox) -> None:
        assert sandbox.size() == 0
        assert (await delivery.test(SandboxChannel(), None, sandbox)).works
        await asyncio.to_thread(send_some, await sandbox.start())
        assert sandbox.size() == 5
        entries = await sandbox.entries("", 0, 2)
        assert [entry.subject for entry in entries] == ["Grüße 4", "Grüße 3"]
        assert [entry.id for entry in await sandbox.entries("GRÜSSE 1".replace("SS", "ß"), 0, 10)] == ["1"]
        message = await sandbox.message("2")
        assert message is not None
        assert message.text == ".dot\r\nend 2\r\n"
        assert "Subject: =?utf-8?" in message.source
        assert await sandbox.message("99") is None
        await sandbox.clear()
        assert sandbox.size() == 0
        await asyncio.to_thread(send_some, await sandbox.start())
        assert sandbox.size() == 5

    with_sandbox(tmp_path, use)
    assert Sandbox(tmp_path / "shop.workbench").size() == 5


def send_some(port: int) -> None:
    with smtplib.SMTP("127.0.0.1", port) as client:
        for number in range(5):
            head = f"Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe_{number}?=\r\nContent-Type: text/plain; charset=utf-8"
            client.sendmail("a@b.example", ["c@d.example"], f"{head}\r\n\r\n.dot\r\nend {number}\r\n")
