import asyncio
import sys
from concurrent.futures import ThreadPoolExecutor
from email.message import EmailMessage
from pathlib import Path

import aiosmtplib
import pytest

from workbench.channels.mailbox import Appender, Mailbox
from workbench.channels.sandbox import Sandbox


def letter(number: int) -> bytes:
    return f"Subject: letter {number}\r\n\r\n{'x' * 100}\r\n".encode()


@pytest.mark.skipif(sys.platform == "win32", reason="a limit on the size of files stands in for a full disk")
def test_a_full_disk_keeps_the_whole_message_or_nothing(tmp_path: Path) -> None:
    import resource  # noqa: PLC0415 - not on Windows

    appender, mailbox = Appender(tmp_path), Mailbox(tmp_path)
    appender.append("a@example.com", ["b@example.com"], letter(1))
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (len(letter(1)) + 50, hard))
    try:
        with pytest.raises(OSError, match="space"):
            appender.append("a@example.com", ["b@example.com"], letter(2))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    appender.append("a@example.com", ["b@example.com"], letter(3))
    assert [entry.subject for entry in mailbox.entries("", 0, 9)] == ["letter 3", "letter 1"]
    newest = mailbox.message("1")
    assert newest is not None
    assert newest.source.encode() == letter(3)


def test_threads_that_look_at_once_see_each_message_once(tmp_path: Path) -> None:
    appender = Appender(tmp_path)
    for number in range(3_000):
        appender.append("a@example.com", ["b@example.com"], letter(number))
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        for _ in range(5):
            mailbox = Mailbox(tmp_path)
            with ThreadPoolExecutor(8) as threads:
                sizes = list(threads.map(lambda _, mailbox=mailbox: mailbox.size(), range(8)))
            assert set(sizes) == {3_000}
    finally:
        sys.setswitchinterval(before)


@pytest.mark.parametrize("second", ["letters that are longer", "other", "letter"])
def test_what_was_thrown_away_and_filled_again_between_two_looks_is_read_anew(tmp_path: Path, second: str) -> None:
    appender, mailbox = Appender(tmp_path), Mailbox(tmp_path)
    for number in range(3):
        appender.append("a@example.com", ["b@example.com"], letter(number))
    assert mailbox.size() == 3
    appender.clear()
    for number in range(4, 7):
        appender.append("a@example.com", ["b@example.com"], f"Subject: {second} {number}\r\n\r\nx\r\n".encode())
    assert [entry.subject for entry in mailbox.entries("", 0, 9)] == [f"{second} {number}" for number in (6, 5, 4)]
    opened = mailbox.message("2")
    assert opened is not None
    assert opened.entry.subject == f"{second} 6"


def test_letters_to_some_addresses_are_taken_out_with_every_byte(tmp_path: Path) -> None:
    appender, mailbox = Appender(tmp_path), Mailbox(tmp_path)
    for number in range(6):
        appender.append("a@example.com", [f"P{number % 3}@example.com"], letter(number))
    gone = frozenset({"p1@example.com"})
    assert (mailbox.size(), mailbox.count_to(gone)) == (6, 2)
    assert appender.forget(gone) == 2
    mailbox.reread()
    appender.append("a@example.com", ["p4@example.com"], letter(9))
    assert [entry.subject for entry in mailbox.entries("", 0, 9)] == [f"letter {n}" for n in (9, 5, 3, 2, 0)]
    for number, expected in enumerate((0, 2, 3, 5, 9)):
        opened = mailbox.message(str(number))
        assert opened is not None
        assert opened.source.encode() == letter(expected)
    assert sorted(each.name for each in tmp_path.iterdir()) == ["index", "messages"]
    assert not any(word in (tmp_path / "messages").read_bytes() for word in (b"letter 1", b"letter 4"))
    assert appender.forget(gone) == 0
    appender.close()


def test_a_server_that_runs_takes_letters_out_itself(tmp_path: Path) -> None:
    async def send(port: int, name: str) -> None:
        mail = EmailMessage()
        mail["From"], mail["To"], mail["Subject"] = "a@example.com", f"{name}@example.com", name
        await aiosmtplib.send(mail, hostname="127.0.0.1", port=port, start_tls=False)

    async def work() -> tuple[int, int, int]:
        sandbox = Sandbox(tmp_path / "shop.workbench")
        port = await sandbox.start()
        for name in ("ann", "bob", "ann"):
            await send(port, name)
        gone = await sandbox.forget(frozenset({"ann@example.com"}))
        await send(port, "carl")
        left = sandbox.size()
        await sandbox.stop()
        return gone, left, await sandbox.forget(frozenset({"bob@example.com"}))

    assert asyncio.run(work()) == (2, 2, 1)
