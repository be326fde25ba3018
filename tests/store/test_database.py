import asyncio
import os
import signal
import sqlite3
import struct
import subprocess
import sys
import textwrap
import threading
import time
from pathlib import Path

import duckdb
import pytest

from tests.store.conftest import Open
from workbench.store import file
from workbench.store.database import (
    AlreadyExistsError,
    Cursor,
    DamagedError,
    Database,
    FileMissingError,
    FolderMissingError,
    InUseError,
    KeyNeededError,
    NewerVersionError,
    NotAWorkspaceError,
    NotPermittedError,
    StoreError,
    WrongKeyError,
)

SLOW = "SELECT sum(a.range * b.range) FROM range(1000000) a, range(1000000) b"


def new(path: Path, key: str | None = None) -> Path:
    Database.open(path, key=key, create=True).close()
    return path


def state(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def meta(cursor: Cursor, name: str, value: str) -> None:
    cursor.execute("UPDATE meta SET value = ? WHERE name = ?", [value, name])


def test_a_new_file_opens_again_with_the_same_id(tmp_path: Path) -> None:
    path = tmp_path / "shop.workbench"
    first = Database.open(path, create=True)
    first.close()
    second = Database.open(path)
    assert second.workspace_id == first.workspace_id
    assert len(first.workspace_id) == 32
    second.close()
    assert [entry.name for entry in tmp_path.iterdir()] == ["shop.workbench"]  # closing leaves one file behind


def test_an_existing_file_is_not_made_anew(tmp_path: Path) -> None:
    path = new(tmp_path / "shop.workbench")
    before = state(tmp_path)
    with pytest.raises(AlreadyExistsError):
        Database.open(path, create=True)
    assert state(tmp_path) == before


def test_a_missing_file_and_a_missing_folder_are_said(tmp_path: Path) -> None:
    with pytest.raises(FileMissingError):
        Database.open(tmp_path / "no.workbench")
    with pytest.raises(FolderMissingError):
        Database.open(tmp_path / "no" / "shop.workbench", create=True)


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="the superuser may write everywhere")
def test_a_folder_and_a_file_that_may_not_be_used_are_said(tmp_path: Path) -> None:
    path = new(tmp_path / "shop.workbench")
    path.chmod(0)
    with pytest.raises(NotPermittedError):
        Database.open(path)
    path.chmod(0o600)
    tmp_path.chmod(0o500)
    try:
        with pytest.raises(NotPermittedError):
            Database.open(tmp_path / "other.workbench", create=True)
    finally:
        tmp_path.chmod(0o700)


def empty(path: Path) -> None:
    path.write_bytes(b"")


def noise(path: Path) -> None:
    path.write_bytes(bytes(range(256)) * 200)


def folder(path: Path) -> None:
    path.mkdir()


def sqlite(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE meta (name, value)")
    connection.close()


def other_duckdb(path: Path) -> None:
    with duckdb.connect(str(path)) as connection:
        connection.execute("CREATE TABLE meta AS SELECT 'format' AS name, 'something else' AS value")


def bare_duckdb(path: Path) -> None:
    duckdb.connect(str(path)).close()


def truncated(path: Path) -> None:
    content = new(path).read_bytes()
    path.write_bytes(content[: len(content) // 2])


def beheaded(path: Path) -> None:
    path.write_bytes(new(path).read_bytes()[:5000])


def scrambled(path: Path) -> None:
    content = bytearray(new(path).read_bytes())
    content[12288:] = b"\xa5" * (len(content) - 12288)
    path.write_bytes(content)


@pytest.mark.parametrize(
    ("make", "error"),
    [
        (empty, DamagedError),
        (noise, NotAWorkspaceError),
        (folder, NotAWorkspaceError),
        (sqlite, NotAWorkspaceError),
        (other_duckdb, NotAWorkspaceError),
        (bare_duckdb, NotAWorkspaceError),
        (truncated, DamagedError),
        (beheaded, DamagedError),
        (scrambled, DamagedError),
    ],
)
def test_what_is_no_sound_workspace_is_refused_and_not_touched(
    make: object, error: type[StoreError], tmp_path: Path
) -> None:
    path = tmp_path / "shop.workbench"
    make(path)  # type: ignore[operator]  # each makes one kind of wrong file
    before = state(tmp_path)
    with pytest.raises(error) as caught:
        Database.open(path)
    assert "shop.workbench" in str(caught.value)
    assert state(tmp_path) == before


def test_a_file_of_a_newer_program_is_refused_and_not_touched(tmp_path: Path) -> None:
    path = new(tmp_path / "shop.workbench")
    with duckdb.connect(str(path)) as connection:
        meta(connection, "schema_version", "99")
    before = state(tmp_path)
    with pytest.raises(NewerVersionError):
        Database.open(path)
    assert state(tmp_path) == before


def duckdb_checksum(block: bytes) -> int:
    """As DuckDB's src/common/checksum.cpp does it."""
    result = 5381
    for (word,) in struct.iter_unpack("<Q", block):
        result ^= (word * 0xBF58476D1CE4E5B9) & (2**64 - 1)
    return result


def test_a_file_of_a_newer_duckdb_is_refused_and_not_touched(tmp_path: Path) -> None:
    path = new(tmp_path / "shop.workbench")
    content = bytearray(path.read_bytes())
    struct.pack_into("<Q", content, 12, 9999)  # the storage version, after the checksum and the magic bytes
    struct.pack_into("<Q", content, 0, duckdb_checksum(bytes(content[8:4096])))
    path.write_bytes(content)
    with pytest.raises(NewerVersionError):
        Database.open(path)
    assert path.read_bytes() == content


def test_a_file_that_is_open_here_is_in_use(workspace: Open) -> None:
    with pytest.raises(InUseError) as caught:
        Database.open(workspace.database.path)
    assert caught.value.pid == os.getpid()
    workspace.rows("SELECT 1")  # and the first one goes on


def test_a_file_that_another_process_has_open_names_it(tmp_path: Path) -> None:
    path = new(tmp_path / "shop.workbench")
    script = textwrap.dedent("""
        import sys
        from pathlib import Path
        from workbench.store.database import Database
        database = Database.open(Path(sys.argv[1]))
        print("open", flush=True)
        sys.stdin.read()
        database.close()
    """)
    with subprocess.Popen(
        [sys.executable, "-c", script, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "open\n"
        note = {"pid": other.pid, "url": "http://127.0.0.1:1234"}
        path.with_name("shop.workbench.lock").write_text(str(note).replace("'", '"'), encoding="utf-8")
        with pytest.raises(InUseError) as caught:
            Database.open(path)
        assert other.stdin is not None
        other.stdin.close()
    assert (caught.value.pid, caught.value.url) == (other.pid, "http://127.0.0.1:1234")
    Database.open(path).close()


def test_a_migration_puts_a_copy_aside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = new(tmp_path / "shop.workbench")
    before = path.read_bytes()

    def second(cursor: Cursor) -> None:
        cursor.execute("CREATE TABLE novelty (what VARCHAR)")

    monkeypatch.setattr(file, "STEPS", (*file.STEPS, second))
    database = Database.open(path)
    database.close()
    assert (tmp_path / "shop.before-v2.workbench").read_bytes() == before
    with duckdb.connect(str(path)) as connection:
        assert connection.execute("SELECT value FROM meta WHERE name = 'schema_version'").fetchall() == [("2",)]
        assert connection.execute("SELECT count(*) FROM novelty").fetchall() == [(0,)]


def test_a_migration_that_fails_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = new(tmp_path / "shop.workbench")
    steps = file.STEPS

    def broken(cursor: Cursor) -> None:
        cursor.execute("DROP TABLE names")
        cursor.execute("SELECT * FROM nowhere")

    monkeypatch.setattr(file, "STEPS", (*steps, broken))
    with pytest.raises(duckdb.CatalogException):
        Database.open(path)
    monkeypatch.setattr(file, "STEPS", steps)
    Database.open(path).close()


def test_an_encrypted_file_opens_with_its_key_only(tmp_path: Path) -> None:
    path = tmp_path / "shop.workbench"
    database = Database.open(path, key="o'pen", create=True)
    with asyncio.Runner() as runner:
        runner.run(database.write(meta, "settings", '{"name": "Northern lights"}'))
    database.close()
    assert database.encrypted
    assert b"Northern lights" not in path.read_bytes()
    before = state(tmp_path)
    with pytest.raises(KeyNeededError):
        Database.open(path)
    with pytest.raises(WrongKeyError):
        Database.open(path, key="open")
    assert state(tmp_path) == before
    again = Database.open(path, key="o'pen")
    assert again.workspace_id == database.workspace_id
    again.close()


def test_what_an_encrypted_file_puts_aside_is_encrypted_too(tmp_path: Path) -> None:
    seen: set[Path] = set()
    plain: list[Path] = []

    def spill(cursor: Cursor) -> None:
        cursor.execute("CREATE TEMP TABLE big AS SELECT 'Northern lights ' || range AS text FROM range(3000000)")
        for path in (tmp_path / "shop.workbench.tmp").iterdir():
            seen.add(path)
            if b"Northern lights" in path.read_bytes():
                plain.append(path)

    database = Database.open(tmp_path / "shop.workbench", key="secret", create=True, memory_limit="60MB")
    with asyncio.Runner() as runner:
        runner.run(database.bulk(spill))
    database.close()
    assert seen
    assert not plain


def test_a_key_for_a_plain_file_is_not_needed(tmp_path: Path) -> None:
    database = Database.open(new(tmp_path / "shop.workbench"), key="unused")
    assert not database.encrypted
    database.close()


def test_nothing_is_fetched_at_run_time(workspace: Open) -> None:
    settings = workspace.rows(
        """SELECT name, value FROM duckdb_settings()
           WHERE name IN ('autoinstall_known_extensions', 'autoload_known_extensions')"""
    )
    assert sorted(settings) == [("autoinstall_known_extensions", "false"), ("autoload_known_extensions", "false")]


def test_a_write_that_fails_leaves_nothing(workspace: Open) -> None:
    def half(cursor: Cursor) -> None:
        cursor.execute("INSERT INTO meta VALUES ('half', 'done')")
        raise RuntimeError("no further")

    with pytest.raises(RuntimeError, match="no further"):
        workspace.write(half)
    assert workspace.rows("SELECT * FROM meta WHERE name = 'half'") == []


def test_a_reader_cannot_write(workspace: Open) -> None:
    with pytest.raises(duckdb.TransactionException):
        workspace.read(meta, "settings", "{}")


def test_a_read_sees_one_moment(workspace: Open) -> None:
    async def scene() -> tuple[int, int]:
        database = workspace.database

        def look_twice(cursor: Cursor) -> tuple[int, int]:
            first = cursor.execute("SELECT count(*) FROM meta").fetchall()[0][0]
            asyncio.run_coroutine_threadsafe(database.write(add_fact), loop).result()
            return first, cursor.execute("SELECT count(*) FROM meta").fetchall()[0][0]

        loop = asyncio.get_running_loop()
        return await database.read(look_twice)

    first, second = workspace.run(scene())
    assert first == second
    assert workspace.rows("SELECT count(*) FROM meta") == [(first + 1,)]


def add_fact(cursor: Cursor) -> None:
    cursor.execute("INSERT INTO meta VALUES ('fact', '1')")


def fetch(cursor: Cursor, statement: str) -> list[tuple[object, ...]]:
    return cursor.execute(statement).fetchall()


def test_cancelling_a_read_stops_its_query_and_no_other(workspace: Open) -> None:
    async def scene() -> tuple[float, list[tuple[object, ...]]]:
        database = workspace.database
        slow = asyncio.create_task(database.read(fetch, SLOW))
        other = asyncio.create_task(database.read(fetch, "SELECT sum(range) FROM range(200000000)"))
        await asyncio.sleep(0.1)
        slow.cancel()
        with pytest.raises(asyncio.CancelledError):
            await slow
        started = time.monotonic()
        result = await other
        while database._calls:  # noqa: ASYNC110 - nobody is told of the end of an abandoned call
            await asyncio.sleep(0.005)
        return time.monotonic() - started, result

    seconds, result = workspace.run(scene())
    assert result == [(200000000 * 199999999 // 2,)]
    assert seconds < 30


def test_a_read_cancelled_before_it_began_never_runs(workspace: Open) -> None:
    ran: list[int] = []

    def note(cursor: Cursor) -> None:
        del cursor
        ran.append(1)

    async def scene() -> None:
        database = workspace.database
        busy = [asyncio.create_task(database.read(fetch, SLOW)) for _ in range(8)]
        await asyncio.sleep(0.05)
        late = asyncio.create_task(database.read(note))
        await asyncio.sleep(0.05)
        for task in (late, *busy):
            task.cancel()
        await asyncio.gather(late, *busy, return_exceptions=True)
        assert await database.read(fetch, "SELECT 7") == [(7,)]

    workspace.run(scene())
    assert ran == []


def test_an_interrupt_at_any_moment_hits_nobody_else(workspace: Open) -> None:
    async def scene() -> None:
        database = workspace.database
        for number in range(150):
            task = asyncio.create_task(database.read(fetch, "SELECT sum(range) FROM range(300000)"))
            await asyncio.sleep(number * 0.00003)
            task.cancel()
            answers = await asyncio.gather(
                *(database.read(fetch, f"SELECT max(range) + {number} FROM range(20000)") for _ in range(4))
            )
            assert answers == [[(19999 + number,)]] * 4
            await asyncio.gather(task, return_exceptions=True)

    workspace.run(scene())


def test_a_write_is_finished_though_its_caller_left(workspace: Open) -> None:
    def slowly(cursor: Cursor) -> None:
        time.sleep(0.2)
        add_fact(cursor)

    async def scene() -> None:
        task = asyncio.create_task(workspace.database.write(slowly))
        await asyncio.sleep(0.05)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await workspace.database.write(fetch, "SELECT 1")

    workspace.run(scene())
    assert workspace.rows("SELECT value FROM meta WHERE name = 'fact'") == [("1",)]


def test_a_bulk_transaction_beside_the_writer_never_conflicts(workspace: Open) -> None:
    def long(cursor: Cursor) -> None:
        for start in range(0, 400_000, 100_000):
            cursor.execute(
                f"""INSERT INTO events (key, "at", type)
                    SELECT range, now()::TIMESTAMP, 'bulk' FROM range({start}, {start + 100000})"""
            )

    def short(cursor: Cursor, number: int) -> None:
        cursor.execute("INSERT INTO events (key, \"at\", type) VALUES (?, now()::TIMESTAMP, 'short')", [number])

    async def scene() -> int:
        database = workspace.database
        bulk = asyncio.create_task(database.bulk(long))
        written = 0
        while not bulk.done():
            await database.write(short, written)
            written += 1
        await bulk
        return written

    written = workspace.run(scene())
    counts = dict(workspace.rows("SELECT type, count(*) FROM events GROUP BY type"))
    assert counts == {"bulk": 400_000, "short": written}


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has an order among a process's threads")
def test_bulk_work_stands_back_behind_reading_and_reading_behind_the_window(workspace: Open) -> None:
    def niceness(cursor: duckdb.DuckDBPyConnection) -> int:
        del cursor
        return os.getpriority(os.PRIO_PROCESS, threading.get_native_id())

    own = os.getpriority(os.PRIO_PROCESS, 0)
    assert workspace.read(niceness) == min(19, own + 5)
    assert workspace.bulk(niceness) == min(19, own + 10)


def test_a_cancelled_bulk_is_rolled_back_when_the_caller_goes_on(workspace: Open) -> None:
    def long(cursor: Cursor) -> None:
        cursor.execute("INSERT INTO meta VALUES ('trace', '1')")
        cursor.execute(SLOW)

    async def scene() -> None:
        task = asyncio.create_task(workspace.database.bulk(long))
        await asyncio.sleep(0.2)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert not workspace.database._calls

    workspace.run(scene())
    assert workspace.rows("SELECT * FROM meta WHERE name = 'trace'") == []


def test_closing_interrupts_readers_and_refuses_later_calls(tmp_path: Path) -> None:
    database = Database.open(tmp_path / "shop.workbench", create=True)

    async def scene() -> float:
        task = asyncio.create_task(database.read(fetch, SLOW))
        await asyncio.sleep(0.1)
        started = time.monotonic()
        await asyncio.to_thread(database.close)
        with pytest.raises(duckdb.InterruptException):
            await task
        with pytest.raises(StoreError):
            await database.read(fetch, "SELECT 1")
        return time.monotonic() - started

    with asyncio.Runner() as runner:
        assert runner.run(scene()) < 10
    assert [entry.name for entry in tmp_path.iterdir()] == ["shop.workbench"]


def test_closing_stops_also_what_was_between_two_statements(tmp_path: Path) -> None:
    database = Database.open(tmp_path / "shop.workbench", create=True)
    begun = threading.Barrier(3)

    def pausing(cursor: Cursor, statement: str) -> None:
        cursor.execute(statement)
        begun.wait()
        time.sleep(0.3)
        # it ends by itself, or this would hang where it is not stopped
        cursor.execute("SELECT sum(a.range * b.range) FROM range(1000000) a, range(3000) b")

    async def scene() -> list[object]:
        calls = (database.read(pausing, "SELECT 1"), database.bulk(pausing, "INSERT INTO meta VALUES ('trace', '1')"))
        tasks = [asyncio.create_task(call) for call in calls]
        await asyncio.to_thread(begun.wait)
        await asyncio.to_thread(database.close)
        return await asyncio.gather(*tasks, return_exceptions=True)

    with asyncio.Runner() as runner:
        assert [type(result) for result in runner.run(scene())] == [duckdb.InterruptException] * 2
        again = Open(Database.open(database.path), runner)
        assert again.rows("SELECT * FROM meta WHERE name = 'trace'") == []
        again.database.close()


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGKILL")
def test_a_process_killed_while_it_writes_leaves_the_last_commit(tmp_path: Path) -> None:
    path = new(tmp_path / "shop.workbench")
    script = textwrap.dedent("""
        import asyncio, sys
        from pathlib import Path
        from workbench.store.database import Database

        def fact(cursor, number):
            cursor.execute("INSERT INTO meta VALUES ('fact', ?)", [str(number)])

        async def main():
            database = Database.open(Path(sys.argv[1]))
            for number in range(100000):
                await database.write(fact, number)
                print(number, flush=True)

        asyncio.run(main())
    """)
    with subprocess.Popen([sys.executable, "-c", script, str(path)], stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        seen = 0
        while seen < 50:
            seen = int(other.stdout.readline())
        os.kill(other.pid, signal.SIGKILL)
        seen = max([seen, *(int(line) for line in other.stdout.read().split("\n")[:-1])])
    database = Database.open(path)
    with asyncio.Runner() as runner:
        rows = runner.run(database.read(fetch, "SELECT value::INTEGER FROM meta WHERE name = 'fact' ORDER BY 1"))
    database.close()
    kept = [row[0] for row in rows]
    assert kept == list(range(len(kept)))
    assert len(kept) in {seen + 1, seen + 2}  # all that was told, and perhaps one that could not be told any more
