"""Journals: what is read back is what happened, also after a death in the middle of a line."""

import os
from pathlib import Path

import pytest

from workbench.channels import journal
from workbench.channels.journal import Journal


def test_results_and_what_was_begun(tmp_path: Path) -> None:
    path = tmp_path / "a.journal"
    writer = Journal(path)
    for ordinal in (1, 2, 3):
        writer.begin(ordinal, 1)
    writer.result(1, 1, "accepted", 250, "2.0.0 Ok: queued as A1")
    writer.unbegin(3, 1)
    writer.flush()
    reading = journal.read(path, 0, set())
    assert [(each.ordinal, each.state, each.code, each.words) for each in reading.results] == [
        (1, "accepted", 250, "2.0.0 Ok: queued as A1")
    ]
    assert reading.begun == {2}
    writer.result(2, 1, "retrying", 451, "")
    writer.flush()
    later = journal.read(path, reading.end, reading.begun)
    assert [(each.ordinal, each.words) for each in later.results] == [(2, "")]
    assert later.begun == set()
    writer.close()


def test_a_torn_line_counts_as_not_written(tmp_path: Path) -> None:
    path = tmp_path / "a.journal"
    path.write_bytes(b"b 1 1\nr 1 1 5 accepted 250 Ok\nb 2 1\nr 2 1 5 accep")
    reading = journal.read(path, 0, set())
    assert [each.ordinal for each in reading.results] == [1]
    assert reading.begun == {2}
    assert path.read_bytes()[reading.end :] == b"r 2 1 5 accep"


def test_the_lock_tells_who_lives(tmp_path: Path) -> None:
    path = tmp_path / "a.journal"
    assert not journal.is_held(path)
    writer = Journal(path)
    assert journal.is_held(path)
    with pytest.raises(BlockingIOError):
        Journal(path)
    writer.close()
    assert not journal.is_held(path)


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs a device that is always full")  # noqa: PTH110 - a device
def test_a_full_disk_is_told_and_nothing_is_forgotten(tmp_path: Path) -> None:
    path = tmp_path / "full.journal"
    path.symlink_to("/dev/full")
    writer = Journal(path)
    writer.begin(1, 1)
    for _ in range(2):
        with pytest.raises(OSError, match="No space left"):
            writer.flush()
    writer.close()
