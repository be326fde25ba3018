"""Opening, closing and changing workspaces with the real engine."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from tests.gui.finding import find
from workbench.engine import opening
from workbench.gui.desktop import Desktop
from workbench.gui.parts.button import Button
from workbench.gui.parts.text import Text
from workbench.gui.parts.toast import Toast
from workbench.gui.workspace.new_sheet import NewSheet

if TYPE_CHECKING:
    from concurrent.futures import Future

    from workbench.engine.loop import Engine


@pytest.fixture
def desktop(qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desktop]:
    monkeypatch.setattr(opening, "data_folder", lambda: tmp_path)

    def begin(wish: opening.Wish) -> "Future[Engine]":
        future = opening.begin(wish)
        future.add_done_callback(lambda done: None if done.exception() else opening.note_recent(done.result().path))
        return future

    made = Desktop(qapp, begin, start="start")
    yield made
    if made.welcome is not None:
        made.welcome.close()
    made.shut_down()
    qapp.processEvents()


def name(desktop: Desktop) -> str:
    return "" if desktop.window is None else desktop.window.windowTitle().rpartition(" – ")[2]


def make(host: QWidget | None) -> None:
    """Accept the sheet that asks what a new workspace should be like."""
    assert host is not None
    find(host, NewSheet, "new_sheet").accept()


def test_without_a_file_the_welcome_offers_one(desktop: Desktop, qtbot: QtBot, tmp_path: Path) -> None:
    desktop.begin(None)
    assert desktop.welcome is not None
    assert desktop.welcome.isVisible()
    desktop.new(tmp_path / "shop.workbench")
    make(desktop.welcome)
    qtbot.waitUntil(lambda: desktop.window is not None, timeout=20000)
    assert desktop.welcome is None
    assert (tmp_path / "shop.workbench").exists()


def test_another_workspace_takes_the_place_of_this_one(desktop: Desktop, qtbot: QtBot, tmp_path: Path) -> None:
    desktop.begin(tmp_path / "one.workbench")
    qtbot.waitUntil(lambda: name(desktop) == "one", timeout=20000)
    first = desktop.window
    desktop.new(tmp_path / "two.workbench")
    make(first)
    qtbot.waitUntil(lambda: name(desktop) == "two", timeout=20000)
    assert first is not desktop.window
    assert [path.stem for path in desktop.recent()] == ["two", "one"]


def test_a_new_workspace_begins_at_start_and_an_old_one_where_it_was_left(
    desktop: Desktop, qtbot: QtBot, tmp_path: Path
) -> None:
    desktop.begin(tmp_path / "one.workbench")
    qtbot.waitUntil(lambda: name(desktop) == "one", timeout=20000)
    assert desktop.window is not None
    desktop.window.show_page("templates")
    desktop.new(tmp_path / "two.workbench")
    make(desktop.window)
    qtbot.waitUntil(lambda: name(desktop) == "two", timeout=20000)
    assert desktop.window.current_key() == "start"
    desktop.window.show_page("templates")
    desktop.open(tmp_path / "one.workbench")
    qtbot.waitUntil(lambda: name(desktop) == "one", timeout=20000)
    assert desktop.window.current_key() == "templates"


def test_closing_a_workspace_lists_it_as_recent(desktop: Desktop, qtbot: QtBot, tmp_path: Path) -> None:
    desktop.begin(tmp_path / "one.workbench")
    qtbot.waitUntil(lambda: desktop.window is not None, timeout=20000)
    assert desktop.window is not None
    desktop.window.actions_table.action("file.close").trigger()
    assert desktop.window is None
    assert desktop.welcome is not None
    rows = [button.text() for button in desktop.welcome.findChildren(Button) if button.property("kind") == "row"]
    assert rows == ["one"]


def test_a_file_that_is_no_workspace_is_refused_in_words(desktop: Desktop, qtbot: QtBot, tmp_path: Path) -> None:
    broken = tmp_path / "broken.workbench"
    broken.write_bytes(b"this is no workspace" * 400)
    desktop.begin(broken)
    qtbot.waitUntil(lambda: desktop.welcome is not None, timeout=20000)
    assert desktop.welcome is not None
    assert len(find(desktop.welcome, Text, "welcome_problem").text()) > 20
    assert broken.read_bytes() == b"this is no workspace" * 400


def test_a_backup_is_a_workspace_too(
    desktop: Desktop, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desktop.begin(tmp_path / "one.workbench")
    qtbot.waitUntil(lambda: desktop.window is not None, timeout=20000)
    assert desktop.window is not None
    target = tmp_path / "copy.workbench"
    monkeypatch.setattr("workbench.gui.files.QFileDialog.getSaveFileName", lambda *_args: (str(target), ""))
    desktop.window.files.back_up()
    window = desktop.window
    qtbot.waitUntil(lambda: window.findChild(Toast, "toast") is not None, timeout=20000)
    assert find(window, Toast, "toast").accessibleName() == "Backed up to copy.workbench"
    desktop.open(target)
    qtbot.waitUntil(lambda: [path.stem for path in desktop.recent()][:1] == ["copy"], timeout=20000)


def test_a_workspace_that_opens_after_the_last_window_closed_is_let_go(
    qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening, "data_folder", lambda: tmp_path)
    begun: list[Future[Engine]] = []

    def begin(wish: opening.Wish) -> "Future[Engine]":
        begun.append(opening.begin(wish))
        return begun[-1]

    desktop = Desktop(qapp, begin)
    desktop.begin(tmp_path / "one.workbench")
    desktop.shut_down()
    assert not begun[0].result()._thread.is_alive()
    qapp.processEvents()
    assert desktop.window is None
