"""The real window offscreen, over an engine that answers from a table."""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, ClassVar

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QMenu, QPushButton, QScrollArea, QWidget
from pytestqt.qtbot import QtBot

from tests.gui.finding import find
from tests.gui.scripted import ScriptedEngine, overview
from workbench.engine.definitions import Stored
from workbench.engine.news import Changed, Progress, RaiseWindow
from workbench.engine.outbox import SenderState
from workbench.gui.actions import MENUS, ActionEntry
from workbench.gui.bridge import Bridge
from workbench.gui.document import Document
from workbench.gui.page import Frame, Page, PageEntry
from workbench.gui.palette import Choice, best
from workbench.gui.parts.button import Button
from workbench.gui.parts.sheet import Sheet
from workbench.gui.start.page import StartPage
from workbench.gui.theme.theme import Scheme, Theme
from workbench.gui.window import Window
from workbench.plan.definition import Definition
from workbench.plan.words import tr


class Note(Definition):
    title: str = ""


class NotePage(Page):
    """A page with a text field and a document."""

    key: ClassVar[str] = "notes"
    nouns: ClassVar[frozenset[str]] = frozenset({"segments"})

    def __init__(self, frame: Frame) -> None:
        super().__init__(frame, tr("Segments"))
        self.refreshed = 0
        self.opened: list[str] = []
        self.files: list[Path] = []
        self.left = 0
        self.edit = QLineEdit()
        self.add_header(tr("Segments"))
        self.column.addWidget(self.edit)
        self.notes: Document[Note] = Document(Note(), parent=self)
        self.set_document(self.notes)

    def refresh(self) -> None:
        self.refreshed += 1

    def open(self, thing: str) -> None:
        self.opened.append(thing)

    def leave(self) -> None:
        super().leave()
        self.left += 1

    def action_entries(self) -> Sequence[ActionEntry]:
        return (
            ActionEntry("notes.new", lambda: tr("New segment"), lambda: self.opened.append("new"), "page", "Ctrl+N"),
        )

    def take_files(self, paths: Sequence[Path]) -> bool:
        self.files += paths
        return True


async def listed(_desk: object) -> tuple[Stored, ...]:
    raise AssertionError("the scripted engine answers")


def pages() -> tuple[PageEntry, ...]:
    return (
        PageEntry("start", "", "house", lambda: tr("Start"), StartPage),
        PageEntry(
            "notes", "audience", "users", lambda: tr("Segments"), NotePage,
            count=lambda figures: figures.segments, listed=lambda: listed,
        ),
    )  # fmt: skip


@pytest.fixture
def engine() -> Iterator[ScriptedEngine]:
    scripted = ScriptedEngine()
    scripted.answers["overview"] = overview(endpoints=1204318, segments=14)
    saved = datetime(2026, 11, 24, tzinfo=UTC)
    scripted.answers["listed"] = (Stored(id="s1", name="Loyal, quiet", version=1, saved=saved, json_text="{}"),)
    yield scripted
    scripted.stop()


@pytest.fixture
def opened(engine: ScriptedEngine, qtbot: QtBot) -> Iterator[Callable[..., Window]]:
    made: list[tuple[Window, Bridge]] = []

    def build(**options: Any) -> Window:  # noqa: ANN401 - the window's own
        bridge = Bridge(engine)
        window = Window(bridge, pages(), **options)
        made.append((window, bridge))
        window.show()
        qtbot.waitExposed(window)
        window.activateWindow()
        qtbot.waitUntil(window.isActiveWindow)
        return window

    yield build
    for window, bridge in made:
        window.close()
        bridge.close()
        window.deleteLater()
    QApplication.processEvents()


def notes(window: Window) -> NotePage:
    page = window.page("notes")
    assert isinstance(page, NotePage)
    return page


def test_the_sidebar_shows_nouns_with_their_figures(opened: Callable[..., Window], qtbot: QtBot) -> None:
    window = opened(start="start")
    button = window.sidebar.button("notes")
    qtbot.waitUntil(lambda: button.accessibleName() == "Segments, 14")
    assert window.windowTitle() == "Start – Northwind shop"
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert window.current_key() == "notes"
    assert button.isChecked()


def test_ctrl_numbers_switch_pages(opened: Callable[..., Window], qtbot: QtBot) -> None:
    window = opened(start="start")
    qtbot.keyClick(window, Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier)
    assert window.current_key() == "notes"
    qtbot.keyClick(window, Qt.Key.Key_1, Qt.KeyboardModifier.ControlModifier)
    assert window.current_key() == "start"
    assert notes(window).left == 1


def test_size_page_theme_and_language_come_back(opened: Callable[..., Window], theme: Theme) -> None:
    window = opened(start="start")
    window.show_page("notes")
    window.resize(1000, 700)
    window.force_scheme(Scheme.DARK)
    window.close()
    theme.force(Scheme.LIGHT)
    again = opened()
    assert again.current_key() == "notes"
    assert (again.width(), again.height()) == (1000, 700)
    assert theme.scheme is Scheme.DARK


def test_the_palette_opens_within_a_tenth_of_a_second(opened: Callable[..., Window], qtbot: QtBot) -> None:
    window = opened(start="start")
    begun = time.perf_counter()
    qtbot.keyClick(window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    QApplication.processEvents()
    assert window.finder.palette.isVisible()
    assert time.perf_counter() - begun < 0.1
    names = {choice.text for choice in window.finder.palette.found()}
    enabled = {entry.text() for entry in window.actions_table.enabled_entries() if entry.id != "edit.find"}
    assert enabled <= names


def test_the_palette_finds_definitions_and_opens_them(opened: Callable[..., Window], qtbot: QtBot) -> None:
    window = opened(start="start")
    window.show_palette()
    palette = window.finder.palette
    qtbot.keyClicks(palette.edit, "loyquie")
    qtbot.waitUntil(lambda: bool(palette.found()))
    assert [choice.text for choice in palette.found()] == ["Loyal, quiet"]
    qtbot.keyClick(palette.edit, Qt.Key.Key_Return)
    assert window.current_key() == "notes"
    assert notes(window).opened == ["s1"]
    assert not palette.isVisible()


def test_esc_closes_the_palette(opened: Callable[..., Window], qtbot: QtBot) -> None:
    window = opened(start="start")
    window.show_palette()
    qtbot.keyClick(window.finder.palette.edit, Qt.Key.Key_Escape)
    assert not window.finder.palette.isVisible()


def gone(widget: QWidget, qtbot: QtBot) -> None:
    """Delete a widget that had the focus, as a refresh does that makes its rows anew."""
    with qtbot.waitSignal(widget.destroyed):
        widget.deleteLater()


def test_a_choice_is_made_though_what_had_the_focus_is_gone(opened: Callable[..., Window], qtbot: QtBot) -> None:
    window = opened(start="notes")
    notes(window).edit.setFocus()
    qtbot.waitUntil(notes(window).edit.hasFocus)
    window.show_palette()
    gone(notes(window).edit, qtbot)
    qtbot.keyClicks(window.finder.palette.edit, "new segment")
    qtbot.keyClick(window.finder.palette.edit, Qt.Key.Key_Return)
    assert notes(window).opened == ["new"]


def test_a_sheet_closes_though_what_had_the_focus_is_gone(opened: Callable[..., Window], qtbot: QtBot) -> None:
    window = opened(start="notes")
    notes(window).edit.setFocus()
    qtbot.waitUntil(notes(window).edit.hasFocus)
    sheet = Sheet(window, "Delete?")
    sheet.open()
    gone(notes(window).edit, qtbot)
    with qtbot.waitSignal(sheet.destroyed):
        qtbot.keyClick(sheet, Qt.Key.Key_Escape)


def test_a_sheet_keeps_the_keyboard_from_what_is_below(opened: Callable[..., Window], qtbot: QtBot) -> None:
    window = opened(start="notes")
    page = notes(window)
    page.notes.replace(Note(title="hi"), "Change title", "title")
    edit = QLineEdit()
    accepted: list[str] = []
    sheet = Sheet(window, "Send", "Send", lambda: accepted.append(edit.text()))
    sheet.body.addWidget(edit)
    sheet.open(edit)
    qtbot.waitUntil(edit.hasFocus)
    control = Qt.KeyboardModifier.ControlModifier
    for key in (Qt.Key.Key_N, Qt.Key.Key_K, Qt.Key.Key_1, Qt.Key.Key_Z, Qt.Key.Key_W):
        qtbot.keyClick(edit, key, control)
    assert (page.opened, window.current_key(), page.notes.definition) == ([], "notes", Note(title="hi"))
    assert not window.finder.palette.isVisible()
    qtbot.keyClicks(edit, "four")
    qtbot.keyClick(edit, Qt.Key.Key_Z, control)
    assert edit.text() == ""
    qtbot.keyClick(edit, Qt.Key.Key_Z, control | Qt.KeyboardModifier.ShiftModifier)
    assert edit.text() == "four"
    qtbot.keyClick(edit, Qt.Key.Key_Return, control)
    assert accepted == ["four"]
    qtbot.keyClick(page.edit, Qt.Key.Key_N, control)
    assert page.opened == ["new"]


def test_the_best_fit_comes_first() -> None:
    choices = [Choice(text, "", lambda: None) for text in ("Back up…", "Templates", "New template", "Theme: dark")]
    assert [choice.text for choice in best("temp", choices)][:2] == ["Templates", "New template"]
    assert best("zzz", choices) == []
    assert best("", choices) == choices


def test_every_action_has_a_menu_and_a_tooltip_with_its_shortcut(opened: Callable[..., Window]) -> None:
    window = opened(start="notes")
    for entry in window.actions_table.entries():
        action = window.actions_table.action(entry.id)
        assert entry.menu.split("/")[0] in MENUS, entry.id
        assert action.toolTip(), entry.id
        if entry.shortcut:
            assert f"({action.shortcut().toString(action.shortcut().SequenceFormat.NativeText)})" in action.toolTip()
    in_menus = {action.objectName() for name in MENUS for action in window._menus.menu(name).actions()}
    assert {entry.id for entry in window.actions_table.entries() if "/" not in entry.menu} <= in_menus


def test_two_actions_never_share_a_shortcut(opened: Callable[..., Window]) -> None:
    window = opened(start="start")
    with pytest.raises(ValueError, match=r"belongs to edit\.find"):
        window.actions_table.add([ActionEntry("x", lambda: "X", lambda: None, "page", "Ctrl+K")])


def test_a_pages_actions_come_and_go_with_it(opened: Callable[..., Window], qtbot: QtBot) -> None:
    window = opened(start="start")
    assert "notes.new" not in {entry.id for entry in window.actions_table.entries()}
    window.show_page("notes")
    qtbot.keyClick(window, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    assert notes(window).opened == ["new"]
    window.show_page("start")
    assert "notes.new" not in {entry.id for entry in window.actions_table.entries()}


def test_undo_names_the_step_and_works_inside_a_text_field(opened: Callable[..., Window], qtbot: QtBot) -> None:
    window = opened(start="notes")
    page = notes(window)
    page.edit.setFocus()
    qtbot.waitUntil(page.edit.hasFocus)
    qtbot.keyClicks(page.edit, "hi")
    page.notes.replace(Note(title="hi"), "Change title", "title")
    undo = window.actions_table.action("edit.undo")
    assert undo.text() == "Undo: Change title"
    qtbot.keyClick(page.edit, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert page.notes.definition == Note()
    redo = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    qtbot.keyClick(page.edit, Qt.Key.Key_Z, redo)
    assert page.notes.definition == Note(title="hi")
    assert not window.can_redo()


def test_news_refresh_the_page_that_cares(opened: Callable[..., Window], engine: ScriptedEngine, qtbot: QtBot) -> None:
    window = opened(start="notes")
    page = notes(window)
    before = page.refreshed
    engine.tell(Changed(frozenset({"mailbox"})))
    engine.answers["overview"] = overview(segments=15)
    engine.tell(Changed(frozenset({"segments"})))
    qtbot.waitUntil(lambda: page.refreshed == before + 1)
    qtbot.waitUntil(lambda: window.sidebar.button("notes").accessibleName() == "Segments, 15")


def says(window: Window, words: str) -> bool:
    return window.status.sender_words() == words


def test_the_status_bar_says_what_is_sent_and_what_runs(
    opened: Callable[..., Window], engine: ScriptedEngine, qtbot: QtBot
) -> None:
    window = opened(start="start")
    assert window.status.sender_words() == "Idle"
    engine.answers["sender_state"] = SenderState(state="sending", done=412, total=5000, rate=1200, name="Autumn")
    engine.tell(Changed(frozenset({"outbox"})))
    qtbot.waitUntil(lambda: window.status.sender_words() == "Sending 412 of 5,000 · 1,200/s")
    for told, words in (
        ({"done": 5, "total": 12, "paused": 1}, "Sending 5 of 12 · 1 run paused"),
        ({"done": 9, "total": 12, "retrying": 3}, "3 to be tried again"),
        ({"done": 9, "total": 12, "retrying": 2}, "Sending 9 of 12"),
    ):
        engine.answers["sender_state"] = SenderState.model_validate({"state": "sending", **told})
        engine.tell(Changed(frozenset({"outbox"})))
        qtbot.waitUntil(partial(says, window, words))
    assert find(window, Button, "activity").text() == "No jobs"
    job = Progress("7", "import", "people.csv", 640, 1000, "rows", 100.0, 9.0, "running")
    engine.tell(job)
    activity = find(window, Button, "activity")
    qtbot.waitUntil(lambda: activity.text() == "1 job: people.csv, 64 %, 9.0 s left")
    engine.answers["cancel"] = True
    popover = window.status.show_activity()
    qtbot.mouseClick(find(popover, Button, "job_7_cancel"), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: ("cancel", ("7",), None) in engine.asked)
    popover.close()


def dragged(path: Path) -> QMimeData:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    return data


def test_files_fall_anywhere_on_the_window(opened: Callable[..., Window], tmp_path: Path) -> None:
    window = opened(start="notes")
    data = dragged(tmp_path / "people.csv")
    copy, button, none = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    window.dragEnterEvent(QDragEnterEvent(QPoint(500, 300), copy, data, button, none))
    veil = find(window, QWidget, "drop_veil")
    assert veil.isVisible()
    window.dropEvent(QDropEvent(QPointF(500, 300), copy, data, button, none))
    assert notes(window).files == [tmp_path / "people.csv"]
    assert not veil.isVisible()


def test_menus_that_open_again_and_another_language_leave_nothing_behind(
    opened: Callable[..., Window], qtbot: QtBot
) -> None:
    window = opened(start="notes")
    data = dragged(Path("people.csv"))
    copy, button, none = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    window.dragEnterEvent(QDragEnterEvent(QPoint(9, 9), copy, data, button, none))
    window.dragLeaveEvent(QDragLeaveEvent())
    veil = find(window, QWidget, "drop_veil")
    before = len(window.findChildren(QMenu))
    for _ in range(3):
        window._menus.all.aboutToShow.emit()
    assert len(window.findChildren(QMenu)) == before
    themes = [menu for menu in window.findChildren(QMenu) if menu.objectName() == "view/theme"]
    assert [len(menu.actions()) for menu in themes] == [3]
    with qtbot.waitSignal(veil.destroyed):
        window.actions_table.action("view.language.ru").trigger()
    qtbot.waitUntil(lambda: len(window.findChildren(QMenu)) == before)


def test_another_language_is_spoken_at_once(opened: Callable[..., Window], qtbot: QtBot) -> None:
    window = opened(start="notes")
    heading = [label.text() for label in window.sidebar.findChildren(QLabel)]
    assert "Audience" in heading
    window.actions_table.action("view.language.ru").trigger()
    assert window.language() == "ru"
    assert window.current_key() == "notes"
    QApplication.processEvents()
    assert window.actions_table.action("edit.undo").text() == tr("Undo")
    qtbot.keyClick(window, Qt.Key.Key_1, Qt.KeyboardModifier.ControlModifier)
    assert window.current_key() == "start"
    window.actions_table.action("view.language.en").trigger()
    assert "Audience" in [label.text() for label in window.sidebar.findChildren(QLabel)]


def test_nothing_is_clipped_at_the_smallest_size(opened: Callable[..., Window]) -> None:
    window = opened(start="start")
    window.resize(1, 1)
    QApplication.processEvents()
    assert (window.width(), window.height()) == (1000, 640)
    middle = window.centralWidget()
    assert middle is not None
    assert middle.minimumSizeHint().width() <= 1000
    assert middle.minimumSizeHint().height() <= 640
    scroll = find(window.page("start"), QScrollArea, "start_scroll")
    assert not scroll.horizontalScrollBar().isVisible()


def test_every_button_of_the_frame_has_an_accessible_name(opened: Callable[..., Window], qtbot: QtBot) -> None:
    window = opened(start="start")
    qtbot.waitUntil(lambda: bool(find(window, Button, "step_send_action").text()))
    nameless = [button.objectName() for button in window.findChildren(QPushButton) if not button.accessibleName()]
    assert nameless == []


def test_the_start_page_leads_on_from_what_is_there(
    opened: Callable[..., Window], engine: ScriptedEngine, qtbot: QtBot
) -> None:
    window = opened(start="start")
    page = window.page("start")
    assert isinstance(page, StartPage)
    qtbot.waitUntil(lambda: page.rows[0].step() is not None)
    kinds = [row.button().property("kind") for row in page.rows]
    assert kinds == ["quiet", "quiet", "primary", "", "", ""]
    assert not page.sample.isVisible()
    engine.answers["overview"] = overview()
    engine.tell(Changed(frozenset({"endpoints"})))
    qtbot.waitUntil(page.sample.isVisible)
    assert page.rows[0].button().property("kind") == "primary"


def test_the_help_lists_every_shortcut(opened: Callable[..., Window], qtbot: QtBot) -> None:
    window = opened(start="notes")
    qtbot.keyClick(window, Qt.Key.Key_F1)
    sheet = find(window, Sheet, "shortcuts")
    assert sheet.isVisible()
    shown = {label.text() for label in sheet.findChildren(QLabel)}
    assert {entry.text() for entry in window.actions_table.entries() if entry.shortcut} <= shown
    qtbot.keyClick(sheet, Qt.Key.Key_Escape)
    assert not sheet.isVisible()


def test_another_process_brings_the_window_to_the_front(
    opened: Callable[..., Window], engine: ScriptedEngine, qtbot: QtBot
) -> None:
    window = opened(start="start")
    window.showMinimized()
    engine.tell(RaiseWindow())
    qtbot.waitUntil(lambda: not window.isMinimized())


def test_charts_and_the_browser_are_not_imported_for_the_window() -> None:
    slow = ("pyqtgraph", "PySide6.QtWebEngine", "scipy")
    code = f"import sys, workbench.gui.desktop\nprint([name for name in sys.modules if name.startswith({slow})])"
    done = subprocess.run([sys.executable, "-c", code], check=False, capture_output=True, text=True)
    assert (done.stdout, done.stderr) == ("[]\n", "")
