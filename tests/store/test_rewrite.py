"""Writing the file anew while it is in use."""

import asyncio
from pathlib import Path

import duckdb
import pytest

from tests.store.conftest import Open, quiet
from workbench.store.database import Database, SourceError
from workbench.store.workspace import settings


class StopError(Exception):
    """What a cancelled job raises."""


def insert(cursor: duckdb.DuckDBPyConnection, name: str) -> None:
    cursor.execute("INSERT INTO lists VALUES (?, now()::TIMESTAMP, 'x')", [name])


def next_run(cursor: duckdb.DuckDBPyConnection) -> int:
    (number,) = cursor.execute("SELECT nextval('sending_run')").fetchone() or (0,)
    return int(number)


def test_reads_and_writes_that_come_meanwhile_are_done(workspace: Open) -> None:
    async def both() -> None:
        rewriting = asyncio.create_task(workspace.database.rewrite(quiet))
        writing = [asyncio.create_task(workspace.database.write(insert, f"l{n}")) for n in range(40)]
        reading = [asyncio.create_task(workspace.database.read(settings)) for _ in range(40)]
        bulk = asyncio.create_task(workspace.database.bulk(insert, "bulk"))
        await asyncio.gather(rewriting, bulk, *writing, *reading)

    workspace.run(both())
    assert workspace.rows("SELECT count(DISTINCT id) FROM lists") == [(41,)]
    assert [workspace.write(next_run), workspace.write(next_run)] == [1, 2]
    workspace.run(workspace.database.rewrite(quiet))
    assert workspace.write(next_run) == 3


def test_it_opens_again_as_it_was_and_keeps_its_key(tmp_path: Path, runner: asyncio.Runner) -> None:
    path = tmp_path / "shop.workbench"
    place = Open(Database.open(path, create=True, key="s3cret"), runner)
    place.write(insert, "kept")
    place.run(place.database.rewrite(quiet))
    place.write(insert, "later")
    known = place.database.workspace_id
    place.database.close()
    assert [each.name for each in tmp_path.iterdir()] == [path.name]
    again = Open(Database.open(path, key="s3cret"), runner)
    try:
        assert again.database.encrypted
        assert again.database.workspace_id == known
        assert again.rows("SELECT id FROM lists ORDER BY id") == [("kept",), ("later",)]
        assert again.rows("SELECT * FROM meta WHERE name = 'copied_from'") == []
    finally:
        again.database.close()


def test_a_link_stays_a_link(tmp_path: Path, runner: asyncio.Runner) -> None:
    (tmp_path / "there").mkdir()
    target = tmp_path / "there" / "shop.workbench"
    Database.open(target, create=True).close()
    link = tmp_path / "link.workbench"
    link.symlink_to(target)
    place = Open(Database.open(link), runner)
    place.run(place.database.rewrite(quiet))
    place.write(insert, "kept")
    place.database.close()
    assert link.is_symlink()
    assert [each.name for each in target.parent.iterdir()] == [target.name]
    again = Database.open(target)
    assert Open(again, runner).rows("SELECT id FROM lists") == [("kept",)]
    again.close()


def test_a_cancelled_one_leaves_the_file_as_it_was(workspace: Open, tmp_path: Path) -> None:
    def stop(done: int, total: int | None = None) -> None:
        del total
        if done > 3:
            raise StopError

    workspace.write(insert, "kept")
    with pytest.raises(StopError):
        workspace.run(workspace.database.rewrite(stop))
    assert workspace.rows("SELECT id FROM lists") == [("kept",)]
    workspace.write(insert, "later")
    assert sorted(each.name for each in tmp_path.iterdir() if each.suffix != ".wal") == ["shop.workbench"]


def test_what_cannot_be_written_is_told_and_changes_nothing(workspace: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: Path) -> None:
        raise OSError(28, "No space left on device")

    workspace.write(insert, "kept")
    with monkeypatch.context() as patched:
        patched.setattr(Path, "replace", full)
        with pytest.raises(SourceError, match="No space left"):
            workspace.run(workspace.database.rewrite(quiet))
    assert workspace.rows("SELECT id FROM lists") == [("kept",)]
    workspace.write(insert, "later")


def test_what_a_killed_process_has_left_is_removed(tmp_path: Path) -> None:
    path = tmp_path / "shop.workbench"
    Database.open(path, create=True).close()
    left = tmp_path / ".shop.workbench.0123abcd"
    other = tmp_path / ".shop.workbench.notes"
    for each in (left, other):
        each.write_bytes(b"x")
    Database.open(path).close()
    assert (left.exists(), other.exists()) == (False, True)
