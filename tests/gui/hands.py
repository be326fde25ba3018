"""Two ways to work in a window: with the mouse, and with the keyboard alone."""

from collections.abc import Callable

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QWidget
from pytestqt.qtbot import QtBot

from workbench.gui.pages import page_entries
from workbench.gui.parts.picker import Picker
from workbench.gui.window import Window

_MOST_STOPS = 80
#: Offscreen, a popup that closes takes the next one with it where that opens within milliseconds; no signal tells.
_AFTER_POPUP_MS = 300


class Hand:
    """What a person does; how is left to the two below."""

    def __init__(self, qtbot: QtBot, window: Window) -> None:
        self.qtbot = qtbot
        self.window = window

    def until(self, condition: Callable[[], object], seconds: float = 30) -> None:
        """Wait for something to come true."""
        self.qtbot.waitUntil(lambda: bool(condition()), timeout=round(seconds * 1000))

    def seen(self, name: str) -> QWidget:
        """The visible widget of that name, waited for."""
        self.until(lambda: self._visible(name) is not None)
        found = self._visible(name)
        assert found is not None
        return found

    def go(self, page: str) -> None:
        """Bring a page to the front."""
        raise NotImplementedError

    def press(self, name: str) -> None:
        """Press a button or a chip."""
        raise NotImplementedError

    def enter(self, name: str) -> QWidget:
        """Put the cursor into a field."""
        raise NotImplementedError

    def choose(self, action: str) -> None:
        """Choose an entry of the menu that is open."""
        raise NotImplementedError

    def write(self, name: str, text: str) -> None:
        """Replace what a field holds."""
        field = self.enter(name)
        QTest.keyClick(field, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
        QTest.keyClicks(field, text)

    def pick(self, chip: str, text: str) -> None:
        """Press a chip and pick from its list what fits the text."""
        self.press(chip)
        picker = self.popup(f"{chip}_picker")
        assert isinstance(picker, Picker)
        # whoever has the focus gets what is typed, as in real life
        self.until(lambda: QApplication.focusWidget() is picker.line)
        QTest.keyClicks(picker.line, text)
        self.until(lambda: picker.list.count() and picker.list.item(0).text() == text)
        QTest.keyClick(picker.line, Qt.Key.Key_Return)
        self.until(lambda: QApplication.activePopupWidget() is None)
        self.qtbot.wait(_AFTER_POPUP_MS)

    def popup(self, name: str) -> QWidget:
        """A widget of the popup that is open, waited for."""
        self.until(lambda: self._in_popup(name) is not None)
        found = self._in_popup(name)
        assert found is not None
        return found

    def menu(self) -> QMenu:
        """The menu that is open, waited for."""
        self.until(lambda: isinstance(QApplication.activePopupWidget(), QMenu))
        menu = QApplication.activePopupWidget()
        assert isinstance(menu, QMenu)
        return menu

    def menu_of_fields(self) -> QWidget:
        """The completion list of merge fields, waited for."""
        self.until(lambda: getattr(QApplication.activePopupWidget(), "objectName", str)() == "merge_fields")
        popup = QApplication.activePopupWidget()
        assert popup is not None
        return popup

    def _visible(self, name: str) -> QWidget | None:
        return next((one for one in self.window.findChildren(QWidget, name) if one.isVisible()), None)

    @staticmethod
    def _in_popup(name: str) -> QWidget | None:
        popup = QApplication.activePopupWidget()
        return popup.findChild(QWidget, name) if popup is not None else None


class Mouse(Hand):
    """Clicks; the keyboard only writes."""

    def go(self, page: str) -> None:
        self.press(f"nav_{page}")

    def press(self, name: str) -> None:
        QTest.mouseClick(self.seen(name), Qt.MouseButton.LeftButton)

    def enter(self, name: str) -> QWidget:
        field = self.seen(name)
        target = field.viewport() if hasattr(field, "viewport") else field
        QTest.mouseClick(target, Qt.MouseButton.LeftButton, pos=QPoint(8, 8))
        return field

    def choose(self, action: str) -> None:
        menu = self.menu()
        entry = next(one for one in menu.actions() if one.objectName() == action)
        place = menu.actionGeometry(entry).center()
        # A menu takes a release only after the pointer has moved over it, as a person's does.
        QTest.mouseMove(menu, place - QPoint(2, 2))
        QTest.mouseMove(menu, place)
        QTest.mouseClick(menu, Qt.MouseButton.LeftButton, pos=place)


class Keyboard(Hand):
    """Shortcuts, Tab, Space, Return and arrows; the mouse lies still."""

    def go(self, page: str) -> None:
        self._wake()
        number = [entry.key for entry in page_entries()].index(page)
        key = Qt.Key(int(Qt.Key.Key_1) + number)
        QTest.keyClick(self.window, key, Qt.KeyboardModifier.ControlModifier)
        self.until(lambda: self.window.current_key() == page)

    def press(self, name: str) -> None:
        QTest.keyClick(self._tab_to(name), Qt.Key.Key_Space)

    def enter(self, name: str) -> QWidget:
        return self._tab_to(name)

    def choose(self, action: str) -> None:
        menu = self.menu()
        for _ in range(_MOST_STOPS):
            active = menu.activeAction()
            if active is not None and active.objectName() == action:
                QTest.keyClick(menu, Qt.Key.Key_Return)
                self._reopen()
                return
            QTest.keyClick(menu, Qt.Key.Key_Down)
        raise AssertionError(f"no entry {action} in the menu")

    def _reopen(self) -> None:
        """Open again what the entry opened: a menu that closes takes the next popup with it."""
        self.qtbot.wait(_AFTER_POPUP_MS)
        here = self.window.focusWidget()
        if QApplication.activePopupWidget() is None and here is not None:
            QTest.keyClick(here, Qt.Key.Key_Space)

    def _wake(self) -> None:
        # Without a window system nobody gives the window its focus back when a popup has closed.
        self.window.activateWindow()
        self.until(self.window.isActiveWindow)

    def _tab_to(self, name: str) -> QWidget:
        target = self.seen(name)
        self._wake()
        for _ in range(_MOST_STOPS):
            here = self.window.focusWidget() or self.window
            if here is target:
                return target
            QTest.keyClick(here, Qt.Key.Key_Tab)
        raise AssertionError(f"Tab does not lead to {name}")
