import asyncio
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path

import duckdb
import pytest

from tests.store.conftest import NOW, Open, quiet
from workbench.plan.channel import FolderChannel, SandboxChannel
from workbench.plan.event import Event
from workbench.plan.workspace import Workspace
from workbench.store import definitions, events, rollups
from workbench.store import workspace as stored
from workbench.store.database import AlreadyExistsError, BusyError, Cursor, Database, FolderMissingError


def people(workspace: Open, tmp_path: Path, count: int = 3) -> None:
    source = tmp_path / "people.csv"
    lines = "".join(f"p{number},EMAIL,p{number}@example.com,pro\n" for number in range(count))
    source.write_text("Id,ChannelType,Address,Attributes.plan\n" + lines, encoding="utf-8")
    workspace.bring(source)


def event(number: int, at: datetime, endpoint: str = "p0") -> Event:
    return Event(
        id=f"e{number}", endpoint_id=endpoint, type="visit", at=at, attributes={"page": "/"}, metrics={"seconds": 3}
    )


def run_through(cursor: Cursor, number: int, channel_id: str) -> None:
    """A run through the first version of a channel."""
    cursor.execute(
        """INSERT INTO runs BY NAME SELECT $1 AS run, 'c' AS campaign_id, 1 AS campaign_version, '' AS name,
           '' AS segment_id, '' AS template_id, 1 AS template_version, $2 AS channel_id, 1 AS channel_version,
           '' AS from_name, '' AS from_address, '' AS reply_to, $3::TIMESTAMP AS created, $3::TIMESTAMP AS starts,
           '' AS state, '' AS reason, 0 AS matching, 0 AS planned, '{}' AS left_out""",
        [number, channel_id, NOW.replace(tzinfo=None)],
    )


def test_a_new_workspace_is_called_by_its_file(workspace: Open) -> None:
    assert workspace.read(stored.settings) == Workspace(name="shop")


def test_settings_are_kept(workspace: Open) -> None:
    wanted = Workspace(
        name="Bücher & mehr", timezone="Europe/Berlin", sender_name="Ann", sender_address="a@example.com"
    )
    workspace.write(stored.save_settings, wanted)
    assert workspace.read(stored.settings) == wanted


def test_figures_count_every_noun(workspace: Open, tmp_path: Path) -> None:
    people(workspace, tmp_path)
    workspace.write(events.append, (event(1, NOW),))
    gone = workspace.write(definitions.save, "segment", None, "A", "{}", NOW)
    workspace.write(definitions.save, "segment", None, "B", "{}", NOW)
    workspace.write(definitions.set_deleted, "segment", gone, deleted=True)
    figures = workspace.read(stored.figures)
    assert {name: number for name, number in figures.items() if number} == {"endpoints": 3, "events": 1, "segments": 1}


def test_runs_through_the_sandbox_are_told_apart(workspace: Open) -> None:
    sandbox = workspace.write(definitions.save, "channel", None, "Sandbox", SandboxChannel().to_json(), NOW)
    folder = workspace.write(definitions.save, "channel", None, "Folder", FolderChannel(path="/x").to_json(), NOW)
    for number, channel in enumerate([sandbox, folder, folder]):
        workspace.write(run_through, number, channel)
    figures = workspace.read(stored.figures)
    assert (figures["runs"], figures["sandbox_runs"]) == (3, 1)


def test_a_changed_time_zone_cuts_days_anew(workspace: Open, tmp_path: Path) -> None:
    people(workspace, tmp_path)
    late = datetime(2025, 3, 1, 23, 30, tzinfo=UTC)
    workspace.write(events.append, (event(1, late), event(2, datetime(2025, 3, 2, 10, tzinfo=UTC), "p1")))
    days = "SELECT day, sum(n)::INTEGER FROM rollup_events GROUP BY day ORDER BY day"
    assert workspace.rows(days) == [(date(2025, 3, 1), 1), (date(2025, 3, 2), 1)]
    workspace.write(stored.save_settings, Workspace(name="shop", timezone="Europe/Berlin"))
    assert workspace.rows(days) == [(date(2025, 3, 2), 2)]
    workspace.write(events.append, (event(3, late, "p2"),))
    assert workspace.rows(days) == [(date(2025, 3, 2), 3)]
    active = """SELECT day, sum(bit_count(mask))::INTEGER
        FROM (SELECT day, block, bit_or(mask) AS mask FROM rollup_active GROUP BY ALL) GROUP BY day"""
    assert workspace.rows(active) == [(date(2025, 3, 2), 3)]


def test_the_time_zone_cannot_change_under_an_import_of_events(workspace: Open) -> None:
    async def scene() -> None:
        loop = asyncio.get_running_loop()
        database = workspace.database
        begun, end = asyncio.Event(), asyncio.Event()

        def importing(cursor: Cursor) -> None:
            rollups.claim_zone(cursor)
            loop.call_soon_threadsafe(begun.set)
            asyncio.run_coroutine_threadsafe(end.wait(), loop).result()

        bulk = asyncio.create_task(database.bulk(importing))
        await begun.wait()
        try:
            await database.write(stored.save_settings, Workspace(name="renamed"))
            with pytest.raises(BusyError):
                await database.write(stored.save_settings, Workspace(name="moved", timezone="Asia/Tokyo"))
        finally:
            end.set()
        await bulk
        await database.write(stored.save_settings, Workspace(name="moved", timezone="Asia/Tokyo"))

    workspace.run(scene())
    assert workspace.read(stored.settings).timezone == "Asia/Tokyo"


def back_up(workspace: Open, target: Path) -> None:
    workspace.bulk(partial(stored.back_up, advance=quiet), target, workspace.database)


def content(path: Path, clause: str = "(READ_ONLY)") -> dict[str, list[tuple[object, ...]]]:
    connection = duckdb.connect()
    if "KEY" in clause:
        from workbench.store import file  # noqa: PLC0415 - only encrypted files need it

        file.load_encryption(connection)
    with connection:
        connection.execute(f"ATTACH '{path}' AS it {clause}")
        connection.execute("USE it")
        tables = connection.execute(
            "SELECT table_name FROM duckdb_tables() WHERE database_name = 'it' ORDER BY 1"
        ).fetchall()
        return {name: connection.execute(f"SELECT * FROM {name} ORDER BY ALL").fetchall() for (name,) in tables}


def test_a_back_up_has_everything_and_says_where_it_is_from(workspace: Open, tmp_path: Path) -> None:
    people(workspace, tmp_path, 1000)
    workspace.write(events.append, (event(1, NOW),))
    target = tmp_path / "copy.workbench"
    back_up(workspace, target)
    workspace.database.close()
    original, copy = content(workspace.database.path), content(target)
    assert ("copied_from", str(workspace.database.path)) in copy["meta"]
    copy["meta"].remove(("copied_from", str(workspace.database.path)))
    assert copy == original
    again = Database.open(target)
    assert again.workspace_id == workspace.database.workspace_id
    again.close()


def test_a_back_up_of_a_back_up_names_only_what_it_was_made_of(
    workspace: Open, tmp_path: Path, runner: asyncio.Runner
) -> None:
    first, second = tmp_path / "first.workbench", tmp_path / "second.workbench"
    back_up(workspace, first)
    copy = Open(Database.open(first), runner)
    try:
        back_up(copy, second)
    finally:
        copy.database.close()
    assert [value for name, value in content(second)["meta"] if name == "copied_from"] == [str(first)]


def test_a_back_up_of_an_encrypted_workspace_has_the_same_key(tmp_path: Path, runner: asyncio.Runner) -> None:
    workspace = Open(Database.open(tmp_path / "shop.workbench", key="secret", create=True), runner)
    workspace.write(stored.save_settings, Workspace(name="Northern lights"))
    target = tmp_path / "copy.workbench"
    back_up(workspace, target)
    workspace.database.close()
    assert b"Northern lights" not in target.read_bytes()
    assert content(target, "(READ_ONLY, ENCRYPTION_KEY 'secret')")["meta"]


def test_a_back_up_overwrites_nothing(workspace: Open, tmp_path: Path) -> None:
    target = tmp_path / "copy.workbench"
    target.write_text("precious", encoding="utf-8")
    with pytest.raises(AlreadyExistsError):
        back_up(workspace, target)
    assert target.read_text(encoding="utf-8") == "precious"
    with pytest.raises(FolderMissingError):
        back_up(workspace, tmp_path / "no" / "copy.workbench")


def test_a_cancelled_back_up_leaves_no_file(workspace: Open, tmp_path: Path) -> None:
    class CancelledError(Exception):
        pass

    def cancel(done: int, total: int | None = None) -> None:
        del total
        if done > 3:
            raise CancelledError

    target = tmp_path / "copy.workbench"
    with pytest.raises(CancelledError):
        workspace.bulk(partial(stored.back_up, advance=cancel), target, workspace.database)
    assert not list(tmp_path.glob("copy*"))
    back_up(workspace, target)


def test_a_back_up_is_of_one_moment_while_others_write(workspace: Open, tmp_path: Path) -> None:
    people(workspace, tmp_path, 1000)

    async def scene() -> None:
        database = workspace.database
        copying = asyncio.create_task(
            database.bulk(partial(stored.back_up, advance=quiet), tmp_path / "copy.workbench", database)
        )
        number = 0
        while not copying.done():
            number += 1
            await database.write(events.append, (event(number, NOW),))
        await copying

    workspace.run(scene())
    copy = content(tmp_path / "copy.workbench")
    assert sum(row[2] for row in copy["rollup_events"]) == len(copy["events"])  # type: ignore[misc]  # a column of numbers
