"""The menus, filled from the table of actions each time they open."""

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QMenuBar, QWidget

from workbench.gui.actions import MENUS, Actions
from workbench.gui.files import Files
from workbench.gui.parts.text import plain_tip
from workbench.plan.words import tr


class Menus(QObject):
    """File, Edit, View, Page, Help.

    Attributes:
        all: one menu that holds them all, for the button beside the workspace's name.
    """

    def __init__(self, window: QWidget, files: Files, actions: Actions) -> None:
        super().__init__(window)
        self._files = files
        self._actions = actions
        self.all = QMenu(window)
        self.all.setObjectName("menu_all")
        self._recent = self._sub("menu_recent", tr("Open recent"))
        self._looks = [self._sub("view/theme", tr("Theme")), self._sub("view/language", tr("Language"))]
        self._menus = [self._menu(name) for name in MENUS]
        for menu in self._menus:
            self.all.addMenu(menu)
        self.all.aboutToShow.connect(self._hide_empty)

    def into(self, bar: QMenuBar) -> None:
        """Put the menus into a menu bar as well, where the system has one."""
        bar.clear()
        for menu in self._menus:
            bar.addMenu(menu)

    def menu(self, name: str) -> QMenu:
        """One menu by its name in code, filled."""
        menu = self._menus[MENUS.index(name)]
        self._fill(menu, name)
        return menu

    def _menu(self, name: str) -> QMenu:
        menu = QMenu(_word(name), self.all)
        menu.setObjectName(f"menu_{name}")
        menu.setToolTipsVisible(True)
        menu.aboutToShow.connect(lambda: self._fill(menu, name))
        self._fill(menu, name)
        return menu

    def _fill(self, menu: QMenu, name: str) -> None:
        self._actions.refresh()
        menu.clear()
        self._actions.fill(menu, name)
        if name == "file":
            self._list_recent()
            menu.insertMenu(self._actions.action("file.backup"), self._recent)
        if name == "view":
            for sub in self._looks:
                sub.clear()
                self._actions.fill(sub, sub.objectName())
                menu.insertMenu(self._actions.action("view.calm"), sub)

    def _sub(self, name: str, word: str) -> QMenu:
        """A submenu, made once: a menu that is cleared lets go of its submenus without deleting them."""
        sub = QMenu(word, self.all)
        sub.setObjectName(name)
        return sub

    def _list_recent(self) -> None:
        recent = self._recent
        recent.clear()
        for path in self._files.recent():
            action = QAction(path.name.replace("&", "&&"), recent)
            action.setToolTip(plain_tip(str(path)))
            action.triggered.connect(lambda _checked=False, chosen=path: self._files.open(chosen))
            recent.addAction(action)
        recent.setEnabled(not recent.isEmpty())

    def _hide_empty(self) -> None:
        for name, menu in zip(MENUS, self._menus, strict=True):
            self._fill(menu, name)
            menu.menuAction().setVisible(not menu.isEmpty())


def _word(name: str) -> str:
    return {
        "file": tr("File"),
        "edit": tr("Edit"),
        "view": tr("View"),
        "page": tr("Page"),
        "help": tr("Help"),
    }[name]
