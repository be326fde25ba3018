import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.kit import CommandLine, engine_on, write_json
from workbench import app
from workbench.cli.failure import Code
from workbench.cli.session import Doors, Session
from workbench.engine import doorbell, segments
from workbench.engine.loop import Engine
from workbench.engine.news import Changed, News

EVERYONE = {"name": "Everyone", "root": {"kind": "group", "mode": "all", "items": []}}


@pytest.fixture
def window(shop: CommandLine) -> Iterator[Engine]:
    """The engine of a running window, as far as a command can tell."""
    with engine_on(shop.workspace) as engine:
        app.serve(engine, "window")
        yield engine


def test_commands_speak_to_the_running_window(shop: CommandLine, window: Engine, tmp_path: Path) -> None:
    heard: list[News] = []
    window.subscribe(heard.append)
    saved = shop.answer("segment", "put", write_json(tmp_path / "everyone.json", EVERYONE))
    assert Changed(frozenset({"segments"})) in heard
    assert [each.id for each in window.ask(segments.listed).result()] == [saved["id"]]
    assert shop.answer("segment", "count", "Everyone")["matching"] == 0
    assert shop("segment", "show", "Everyone").code == 0


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("segment", "count", "Nobody"), Code.NOT_FOUND),
        (("segment", "put", "FILE"), Code.REFUSED),
        (("workspace", "set", "--timezone", "Mars/Phobos"), Code.REFUSED),
        (("backup", "FILE"), Code.REFUSED),
        (("template", "render", "None"), Code.NOT_FOUND),
    ],
)
def test_failures_are_the_same_through_the_window(
    shop: CommandLine, tmp_path: Path, arguments: tuple[str, ...], code: Code
) -> None:
    file = write_json(tmp_path / "nameless.json", EVERYONE | {"name": ""})
    whole = [argument.replace("FILE", file) for argument in arguments]
    alone = shop(*whole, "--json")
    with engine_on(shop.workspace) as engine:
        app.serve(engine, "window")
        through = shop(*whole, "--json")
    assert alone.code == through.code == code
    assert alone.json() == through.json()


@pytest.mark.usefixtures("window")
def test_a_second_engine_is_refused(shop: CommandLine) -> None:
    said = shop("run", "--until-idle")
    assert said.code == Code.WORKSPACE
    assert str(os.getpid()) in said.err


def test_a_second_window_brings_the_first_to_the_front(
    shop: CommandLine, window: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    raised = threading.Event()
    window.subscribe(lambda _: raised.set())
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    said = shop.bare(str(shop.workspace))
    assert (said.code, raised.is_set()) == (0, True)
    assert "in front" in said.err


def test_a_window_over_a_busy_command_says_which(shop: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    with engine_on(shop.workspace) as engine:
        app.serve(engine, "run")
        said = shop.bare(str(shop.workspace))
    assert said.code == Code.WORKSPACE
    assert f"Process {os.getpid()} (workbench run)" in said.err


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux can be without a display server")
def test_without_a_display_a_demonstration_makes_no_file(
    shop: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    said = shop.bare("demo", str(tmp_path / "sample"))
    assert (said.code, "--headless" in said.err) == (Code.REFUSED, True)
    assert not (tmp_path / "sample.workbench").exists()


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux can be without a display server")
def test_no_window_without_a_display(shop: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    for arguments in ((str(shop.workspace),), ()):
        said = shop.bare(*arguments)
        assert said.code == Code.REFUSED
        assert "--headless" in said.err


def test_a_bell_that_was_left_behind_is_taken_away(shop: CommandLine) -> None:
    doorbell.hang(shop.workspace, doorbell.Bell(pid=1, url="http://127.0.0.1:9", token="x", door="run", version="0"))  # noqa: S106 - nobody's
    assert shop("segment", "list").code == 0
    assert not doorbell.bell_path(shop.workspace).exists()


@pytest.mark.skipif(os.name == "nt", reason="signals differ there")
@pytest.mark.parametrize("way", [signal.SIGINT, signal.SIGTERM])
def test_run_answers_commands_until_it_is_stopped(shop: CommandLine, way: signal.Signals) -> None:
    running = subprocess.Popen(
        [sys.executable, "-m", "workbench.app", "run", "-w", str(shop.workspace)], stderr=subprocess.PIPE, text=True
    )
    try:
        assert running.stderr is not None
        assert "Ctrl+C" in running.stderr.readline()
        bell = doorbell.answering(shop.workspace)
        assert bell is not None
        assert (bell.pid, bell.door) == (running.pid, "run")
        assert shop.answer("workspace", "show")["name"] == "Shop"
    finally:
        running.send_signal(way)
        _, err = running.communicate(timeout=30)
    assert (running.returncode, err) == (0, "")
    assert not doorbell.bell_path(shop.workspace).exists()


def test_run_until_idle_ends_where_nothing_is_planned(shop: CommandLine) -> None:
    said = shop("run", "--until-idle", "--json")
    assert (said.code, json.loads(said.out)) == (0, [])


def test_an_engine_that_cannot_be_served_is_closed(shop: CommandLine) -> None:
    def refuse(engine: Engine, door: str) -> None:
        raise OSError(f"{engine.path.name} has no room for the bell of {door}")

    session = Session(Doors(version=lambda: "0", window=lambda _: 0, serve=refuse), workspace=shop.workspace)
    with pytest.raises(OSError, match="no room"), session.connected(sending=True, door="run"):
        pass
    assert "engine" not in {thread.name for thread in threading.enumerate()}
