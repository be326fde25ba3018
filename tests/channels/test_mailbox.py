import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from workbench.channels.mailbox import Appender, Mailbox


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
