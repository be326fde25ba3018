import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.kit import CommandLine
from workbench.cli.failure import Code
from workbench.engine import demo, opening


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """A sample of a hundredth of the usual size."""
    whole = demo.prepare

    async def prepare(desk: object) -> None:
        await whole(desk, people=300, days=30)  # type: ignore[arg-type]  # the engine's own desk

    monkeypatch.setattr(demo, "prepare", prepare)


def test_the_whole_job_in_one_command(tmp_path: Path) -> None:
    file = tmp_path / "sample.workbench"
    command = [sys.executable, "-m", "workbench.app", "demo", str(file), "--headless", "--json"]
    environment = {**os.environ, "XDG_DATA_HOME": str(tmp_path)}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    assert (done.returncode, done.stderr) == (0, "")
    report = json.loads(done.stdout.splitlines()[-1])
    assert list(report) == [
        "endpoints", "events", "segment_count", "planned", "left_out", "accepted", "arrived", "unknown", "seconds",
    ]  # fmt: skip
    assert report["endpoints"] >= 20_000
    assert 250_000 < report["events"] < 350_000
    assert report["planned"] == report["accepted"] == report["arrived"] > 0
    assert report["planned"] + report["left_out"] == report["segment_count"]
    assert report["unknown"] == 0


@pytest.mark.usefixtures("small")
def test_again_on_the_same_file_sends_again_and_counts_only_the_new(shop: CommandLine) -> None:
    shop.workspace.unlink()
    first = shop.bare("demo", str(shop.workspace), "--headless", "--json").json()
    again = shop.bare("demo", str(shop.workspace), "--headless", "--json").json()
    assert {**first, "seconds": 0} == {**again, "seconds": 0}
    assert shop.answer("workspace", "show")["mailbox"] == 2 * first["planned"]
    shown = shop.bare("demo", str(shop.workspace), "--headless")
    assert shown.code == 0
    assert "arrived" in shown.out
    assert "█" in shown.out


@pytest.mark.usefixtures("small")
def test_the_report_counts_what_is_in_the_mailbox(shop: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    shop.workspace.unlink()

    async def lost(_desk: object) -> int:
        return 0

    monkeypatch.setattr(demo, "arrived", lost)
    said = shop.bare("demo", str(shop.workspace), "--headless", "--json")
    assert said.code == Code.SENDING
    (line,) = said.out.splitlines()
    report = json.loads(line)
    assert report["arrived"] == 0 < report["accepted"]
    assert "0 arrived" in said.err


@pytest.mark.usefixtures("small")
def test_fresh_is_for_the_samples_own_file_only(shop: CommandLine) -> None:
    before = shop.workspace.read_bytes()
    assert shop.bare("demo", str(shop.workspace), "--headless", "--fresh").code == Code.USAGE
    assert shop.workspace.read_bytes() == before
    assert shop.bare("demo", "--headless", "--json").code == 0
    runs = ("campaign", "status", "--json", "-w", str(opening.sample_path()))
    assert shop.bare("demo", "--headless", "--json").code == 0
    assert len(shop.bare(*runs).json()) == 2
    assert shop.bare("demo", "--headless", "--json", "--fresh").code == 0
    assert len(shop.bare(*runs).json()) == 1


def test_a_workspace_of_ones_own_is_left_alone(shop: CommandLine, tmp_path: Path) -> None:
    people = tmp_path / "people.csv"
    people.write_text("ChannelType,Address\nEMAIL,ann@example.com\n", encoding="utf-8")
    shop.answer("import", str(people), "--as", "endpoints")
    said = shop.bare("demo", str(shop.workspace), "--headless")
    assert said.code == Code.REFUSED
    assert "--fresh" in said.err
    assert shop.answer("workspace", "show")["endpoints"] == 1
