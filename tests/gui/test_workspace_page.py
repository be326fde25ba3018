"""The workspace page in the real window, over the real engine; and habits of all pages that I look after."""

import gettext
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QObject, QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QMenu, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from tests.gui.people_shop import Shop, clipped, find, shop, shop_file, wait
from workbench.engine import segments, workspace
from workbench.engine.opening import Wish
from workbench.gui import window as frame
from workbench.gui.parts.keyvalue import KeyValueTable
from workbench.gui.parts.popover import Popover
from workbench.gui.theme.theme import Scheme, Theme
from workbench.gui.window import Window
from workbench.gui.workspace.new_sheet import NewSheet
from workbench.gui.workspace.page import WorkspacePage
from workbench.plan import words
from workbench.plan.segment import AttributeRule, BehaviourRule, CountryRule, Group, Segment


@pytest.fixture
def place(qtbot: QtBot, tmp_path: Path) -> Iterator[Shop]:
    with shop(qtbot, tmp_path) as one:
        yield one


def page_of(place: Shop) -> WorkspacePage:
    page: WorkspacePage = place.page("workspace")
    place.until(lambda: page.settings._loaded and bool(page.file.facts.entries()))
    return page


def replace(edit: QLineEdit, text: str) -> None:
    edit.setFocus()
    edit.selectAll()
    QTest.keyClicks(edit, text)


def test_settings_save_themselves(place: Shop) -> None:
    page = page_of(place)
    replace(find(page, QLineEdit, "name"), "Northwind")
    replace(find(page, QLineEdit, "timezone"), "Europe/Berlin")
    QTest.keyClick(page.settings.timezone, Qt.Key.Key_Return)
    replace(find(page, QLineEdit, "sender_name"), "Northwind shop")
    page.settings.postal.setPlainText("Torstr. 1\nBerlin")
    place.until(lambda: place.ask(workspace.settings).postal_address == "Torstr. 1\nBerlin")
    kept = place.ask(workspace.settings)
    assert (kept.name, kept.timezone, kept.sender_name) == ("Northwind", "Europe/Berlin", "Northwind shop")
    place.until(lambda: page.header.pill.text() == "Saved")


def test_a_wrong_time_zone_is_told_when_the_field_is_left_and_not_saved(place: Shop) -> None:
    page = page_of(place)
    before = place.ask(workspace.settings)
    replace(page.settings.timezone, "Middle/Earth")
    field = page.settings.fields[1]
    assert field.line.isHidden()
    page.settings.name.setFocus()
    assert "“Middle/Earth” is not a time zone." in field.line.text()
    place.until(lambda: page.header.pill.text() == "Not saved")
    assert place.ask(workspace.settings) == before
    place.window.undo()
    place.until(lambda: page.settings.timezone.text() == before.timezone)


def test_the_file_says_where_it_is_and_whether_it_is_locked(place: Shop, tmp_path: Path) -> None:
    page = page_of(place)
    facts = {entry.name: entry.value for entry in find(page, KeyValueTable, "file_facts").entries()}
    assert facts["Name"] == "shop.workbench"
    assert facts["Folder"] == str(tmp_path)
    assert facts["Encrypted"] == "no"
    assert facts["People"] == "300"


def test_recent_workspaces_are_opened_from_here(place: Shop, tmp_path: Path) -> None:
    page = page_of(place)
    page.file.show_recent([tmp_path / "shop.workbench", tmp_path / "other.workbench"])
    with place.qtbot.waitSignal(place.window.frame.workspace_wanted) as wanted:
        QTest.mouseClick(find(page, QPushButton, "recent_0"), Qt.MouseButton.LeftButton)
    assert wanted.args == [str(tmp_path / "other.workbench")]


def test_theme_and_language_change_at_once(place: Shop) -> None:
    page = page_of(place)
    QTest.mouseClick(find(page.look.theme, QPushButton, "dark"), Qt.MouseButton.LeftButton)
    assert Theme.current().scheme is Scheme.DARK
    QTest.mouseClick(find(page.look.language, QPushButton, "ru"), Qt.MouseButton.LeftButton)
    place.until(lambda: place.window.language() == "ru" and place.window.current_key() == "workspace")
    new: WorkspacePage = place.window.page("workspace")  # type: ignore[assignment]  # the window gives its pages as Page
    assert new is not page
    QTest.mouseClick(find(new.look.language, QPushButton, "en"), Qt.MouseButton.LeftButton)
    place.until(lambda: place.window.language() == "en")


def test_less_motion_is_one_switch_in_the_menu_and_on_the_page(place: Shop) -> None:
    page = page_of(place)
    box, entry = page.look.calm, place.window.actions_table.action("view.calm")
    before = box.isChecked()
    assert entry.isChecked() is before
    entry.trigger()
    assert box.isChecked() is not before
    QTest.mouseClick(box, Qt.MouseButton.LeftButton, pos=QPoint(8, 8))
    assert entry.isChecked() is before
    assert place.window.preferences.calm is before


def test_a_new_workspace_may_be_encrypted(qtbot: QtBot, tmp_path: Path) -> None:
    host = QWidget()
    qtbot.addWidget(host)
    host.resize(1000, 640)
    host.show()
    wishes: list[Wish] = []
    sheet = NewSheet(host, tmp_path / "a.workbench", wishes.append)
    sheet.open()
    QTest.mouseClick(sheet.encrypt, Qt.MouseButton.LeftButton, pos=QPoint(8, 8))
    sheet.accept()
    assert sheet._field.line.text() == "Type a key, or leave the file open."
    QTest.keyClicks(find(sheet, QLineEdit, "key"), "s3cret")
    QTest.keyClicks(find(sheet, QLineEdit, "key_again"), "other")
    sheet.accept()
    assert sheet._repeat.line.text() == "The two keys differ."
    assert wishes == []
    assert clipped(sheet) == []
    sheet.again.setText("s3cret")
    sheet.accept()
    assert wishes == [Wish(tmp_path / "a.workbench", create=True, key="s3cret", remember_key=True)]


class Windows(QObject):
    """Notes every widget that is shown as a window of its own."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[QWidget] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's own name
        shown = event.type() == QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow()
        if shown and not isinstance(watched, Window | QMenu | Popover):
            self.seen.append(watched)  # type: ignore[arg-type]  # a QWidget, as just asked
        return False


def test_no_part_of_a_page_is_a_window_for_a_moment(place: Shop) -> None:
    app = QApplication.instance()
    assert app is not None
    witness = Windows()
    app.installEventFilter(witness)
    try:
        for key in ("people", "segments", "imports", "workspace"):
            place.page(key)
            wait(150)
        place.page("people").open("c0001")
        wait(150)
    finally:
        app.removeEventFilter(witness)
    assert [type(widget).__name__ for widget in witness.seen] == []


class Longer(gettext.NullTranslations):
    """A language whose words are 40 % longer."""

    def gettext(self, message: str) -> str:
        return message + "ы" * round(len(message) * 0.4)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return self.gettext(msgid1 if n == 1 else msgid2)


def test_words_may_be_long_and_the_window_small(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(frame, "speak", lambda _code: None)
    with shop(qtbot, tmp_path) as place:
        items = (AttributeRule(name="plan", values=("pro", "team")), BehaviourRule(event="purchase"))
        root = Group(items=(*items, Group(mode="none", items=(CountryRule(values=("DE",)),))))
        segment_id = place.ask(segments.save, Segment(name="Loyal", root=root))
        words.speak(Longer())
        try:
            window = Window(place.window.bridge, place.window._entries, start="people")
            qtbot.addWidget(window)
            window.resize(1000, 640)
            window.show()
            wrong = {}
            file = str(shop_file().with_name("people.csv"))
            things = ("people", ""), ("people", "c0001"), ("segments", ""), ("segments", segment_id), ("workspace", "")
            for key, thing in (*things, ("imports", ""), ("imports", file)):
                window.show_page(key, thing)
                wait(400)
                wrong[key, thing] = clipped(window.page(key))
                assert (window.width(), window.height()) == (1000, 640), key
            window.close()
        finally:
            words.speak(gettext.NullTranslations())
        assert {place: found for place, found in wrong.items() if found} == {}
