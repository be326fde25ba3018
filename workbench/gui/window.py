"""The window: sidebar, page, status bar, and what belongs to all pages."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import shiboken6
from PySide6.QtCore import QByteArray, Qt, QTimer, Signal
from PySide6.QtGui import (
    QCloseEvent,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
    QKeySequence,
    QShortcut,
    QUndoStack,
)
from PySide6.QtWidgets import QHBoxLayout, QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from workbench.engine import workspace as engine_workspace
from workbench.gui.actions import ActionEntry, Actions, shown
from workbench.gui.bridge import Bridge
from workbench.gui.commands import window_entries
from workbench.gui.document import Document
from workbench.gui.files import Files, Workspaces
from workbench.gui.finder import Finder
from workbench.gui.language import speak
from workbench.gui.menus import Menus
from workbench.gui.page import Frame, Page, PageEntry
from workbench.gui.parts import format as fmt
from workbench.gui.parts.drop import DropVeil
from workbench.gui.parts.toast import tell
from workbench.gui.preferences import Preferences
from workbench.gui.sheets import about_sheet, shortcuts_sheet
from workbench.gui.sidebar import Sidebar
from workbench.gui.status import StatusBar
from workbench.gui.theme.theme import Scheme, Theme
from workbench.gui.theme.tokens import Measure
from workbench.gui.undo_keys import UndoKeys

_COUNT_AFTER_MS: Final = 400


class Window(QMainWindow):
    """One workspace in one window.

    Args:
        bridge: the way to the engine.
        pages: the registry, in the order of the sidebar.
        workspaces: opens other files; None where this window shows only this one.
        start: key of the page to begin with; empty for the last one.
    """

    closed = Signal()

    actions_table: Actions
    finder: Finder
    sidebar: Sidebar
    status: StatusBar
    _stack: QStackedWidget
    _menus: Menus
    _menu_key: QShortcut
    _pages: dict[str, Page]
    _document: Document[Any] | None

    def __init__(
        self, bridge: Bridge, pages: Sequence[PageEntry], workspaces: Workspaces | None = None, *, start: str = ""
    ) -> None:
        super().__init__()
        self.setObjectName("window")
        self.preferences = Preferences()
        self._entries = tuple(pages)
        self.bridge = bridge
        self._workspace_name = ""
        self._overview: Any = None
        self._key = ""
        self._own_entries: list[ActionEntry] = []
        self._drop: DropVeil | None = None
        Theme.current().force(self.preferences.scheme).calm(on=self.preferences.calm)
        speak(self.preferences.language)
        self.frame = Frame(bridge, self)
        self.files = Files(self, self.frame, workspaces)
        self._recount = QTimer(self)
        self._recount.setSingleShot(True)
        self._recount.setInterval(_COUNT_AFTER_MS)
        self._recount.timeout.connect(self._ask_figures)
        self.setAcceptDrops(True)
        self.setMinimumSize(Measure.window_width, Measure.window_height)
        self.resize(Measure.window_first_width, Measure.window_first_height)
        if (geometry := self.preferences.geometry) is not None:
            self.restoreGeometry(geometry)
        self._connect()
        self._build()
        first = start if self.has_page(start) else self.preferences.page
        self.show_page(first if self.has_page(first) else self._entries[0].key)
        self._ask_figures()

    # What pages and actions ask of the window

    def has_page(self, key: str) -> bool:
        """Whether the registry has this page."""
        return any(entry.key == key for entry in self._entries)

    def current_key(self) -> str:
        """The key of the page in front."""
        return self._key

    def page(self, key: str) -> Page:
        """A page, made now if it was not looked at before."""
        if key not in self._pages:
            entry = next(entry for entry in self._entries if entry.key == key)
            page = entry.factory(self.frame)
            self._pages[key] = page
            self._stack.addWidget(page)
        return self._pages[key]

    def show_page(self, key: str, thing: str = "") -> None:
        """Bring a page to the front, and there a thing by its id."""
        if not self.has_page(key):
            return
        if key != self._key:
            self._leave()
            page = self.page(key)
            self._key = key
            self._stack.setCurrentWidget(page)
            self.sidebar.choose(key)
            self.preferences.page = key
            self._own_entries = list(page.action_entries())
            self.actions_table.add(self._own_entries)
            self._rearm()
            self._watch_document(page.document())
            self._title()
            page.refresh()
            page.setFocus(Qt.FocusReason.OtherFocusReason)
        elif not thing:
            # Pressing the page that is in front leads back to its list.
            self.page(key).open("")
        if thing:
            self.page(key).open(thing)

    def refresh(self) -> None:
        """Ask everything on screen anew."""
        self._ask_figures()
        self.page(self._key).refresh()

    def undo_stack(self) -> QUndoStack | None:
        """The steps of the document in front."""
        return self._document.stack if self._document is not None else None

    def can_undo(self) -> bool:
        """Whether a step can be taken back."""
        return self._document is not None and self._document.stack.canUndo()

    def can_redo(self) -> bool:
        """Whether a step can be done again."""
        return self._document is not None and self._document.stack.canRedo()

    def undo(self) -> None:
        """Take the last step back."""
        if self._document is not None:
            self._document.stack.undo()

    def redo(self) -> None:
        """Do a step again."""
        if self._document is not None:
            self._document.stack.redo()

    def show_palette(self) -> None:
        """Open the palette at once; definitions follow when the engine has told them."""
        self.finder.open()

    def show_shortcuts(self) -> None:
        """The help: every action that has a shortcut."""
        shortcuts_sheet(self, self.actions_table.entries()).open()

    def show_about(self) -> None:
        """Name, version, file."""
        about_sheet(self, getattr(self._overview, "path", "")).open()

    # Theme, language, motion

    def force_scheme(self, scheme: Scheme) -> None:
        """Light, dark, or as the system; at once and from now on."""
        self.preferences.scheme = scheme
        Theme.current().force(scheme)

    def language(self) -> str:
        """The language spoken."""
        return self.preferences.language

    def speak(self, code: str) -> None:
        """Another language: everything is made anew, the page in front stays in front."""
        if code == self.language():
            return
        self.preferences.language = code
        speak(code)
        key = self._key
        self._tear_down()
        self._build()
        self.show_page(key)
        self._show_figures()

    def is_calm(self) -> bool:
        """Whether motion is reduced."""
        return self.preferences.calm

    def toggle_calm(self) -> None:
        """Reduce motion, or not."""
        self.preferences.calm = not self.preferences.calm
        Theme.current().calm(on=self.preferences.calm)

    def quit(self) -> None:
        """Close the window; drafts have saved themselves."""
        self.close()

    # Qt's events

    def closeEvent(self, event: QCloseEvent) -> None:
        """Save what is not saved, remember the place, never ask."""
        self._leave()
        self.preferences.geometry = QByteArray(self.saveGeometry())
        super().closeEvent(event)
        self.closed.emit()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Files may fall anywhere."""
        if _paths(event):
            event.acceptProposedAction()
            self._drop = self._drop or DropVeil(self)
            self._drop.cover()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        """They went elsewhere."""
        del event
        if self._drop is not None:
            self._drop.hide()

    def dropEvent(self, event: QDropEvent) -> None:
        """The page in front may take them; else they are imported."""
        if self._drop is not None:
            self._drop.hide()
        paths = _paths(event)
        if paths:
            event.acceptProposedAction()
            self.take_files(paths)

    def take_files(self, paths: Sequence[Path]) -> None:
        """Give files to the page in front, or to the import page."""
        if self.page(self._key).take_files(paths) or not self.has_page("imports"):
            return
        self.show_page("imports")
        self.page("imports").take_files(paths)

    # Inside

    def _build(self) -> None:
        self._pages = {}
        self._document = None
        self.actions_table = Actions(self)
        self.actions_table.add(window_entries(self, self._entries))
        self._menus = Menus(self, self.files, self.actions_table)
        self.sidebar = Sidebar(self._entries, self._menus.all)
        self.sidebar.chosen.connect(self.show_page)
        self.status = StatusBar(self.bridge, shown("Ctrl+K"))
        self.status.palette_wanted.connect(self.show_palette)
        self._stack = QStackedWidget()
        middle = QWidget()
        column = QVBoxLayout(middle)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        row = QHBoxLayout()
        row.setSpacing(0)
        row.addWidget(self.sidebar)
        row.addWidget(self._stack, 1)
        column.addLayout(row, 1)
        column.addWidget(self.status)
        self.setCentralWidget(middle)
        self.finder = Finder(self, self.frame, self.actions_table, self._entries)
        if sys.platform == "darwin":
            self._menus.into(self.menuBar())
            self.sidebar.menu_button.hide()
        self._menu_key = QShortcut(QKeySequence("F10"), self)
        self._menu_key.activated.connect(self.sidebar.menu_button.showMenu)
        self._rearm()

    def _tear_down(self) -> None:
        self._leave()
        self._key = ""
        self._watch_document(None)
        for action in self.actions():
            self.removeAction(action)
        self._menu_key.deleteLater()
        self.finder.palette.deleteLater()
        self.actions_table.deleteLater()
        self._menus.deleteLater()
        self._menus.all.deleteLater()
        if self._drop is not None:
            self._drop.deleteLater()
            self._drop = None
        if (middle := self.takeCentralWidget()) is not None:
            middle.deleteLater()

    def _connect(self) -> None:
        self.bridge.changed.connect(self._heed)
        self.bridge.unheard.connect(self.say_error)
        self.bridge.raise_window.connect(self._come_to_front)
        self.frame.went.connect(self.show_page)
        self.frame.said.connect(self.say)
        self.frame.document_changed.connect(lambda _document: self._watch_document(self._document_in_front()))
        self.frame.titled.connect(lambda _title: self._title())
        self.frame.commanded.connect(self._command)
        self.frame.workspace_wanted.connect(lambda path: self.files.open(Path(path)))
        UndoKeys(lambda: self._document is not None, self)

    def _command(self, name: str) -> None:
        self.actions_table.action(name).trigger()

    def _leave(self) -> None:
        if self._key:
            self.page(self._key).leave()
            for action in self.actions_table.remove(self._own_entries):
                self.removeAction(action)
                action.deleteLater()
            self._own_entries = []

    def _rearm(self) -> None:
        """Shortcuts work only for actions that a widget of the window carries."""
        carried = set(self.actions())
        self.addActions([action for action in self.actions_table.all() if action not in carried])

    def _watch_document(self, document: Document[Any] | None) -> None:
        if self._document is not None and shiboken6.isValid(self._document):
            self._document.stack.indexChanged.disconnect(self._moved_a_step)
        self._document = document
        if document is not None:
            document.stack.indexChanged.connect(self._moved_a_step)
        self.actions_table.refresh()

    def _document_in_front(self) -> Document[Any] | None:
        return self._pages[self._key].document() if self._key else None

    def _moved_a_step(self, _index: int) -> None:
        self.actions_table.refresh()

    def _heed(self, nouns: frozenset[str]) -> None:
        if not self._recount.isActive():
            self._recount.start()
        if self._key and self._pages[self._key].heeds(nouns):
            self._pages[self._key].refresh()

    def _ask_figures(self) -> None:
        self.bridge.ask(engine_workspace.overview, then=self._take_figures, owner=self, slot="figures")
        self.bridge.ask(engine_workspace.settings, then=self._take_settings, owner=self, slot="settings")

    def _take_figures(self, overview: Any) -> None:  # noqa: ANN401 - an `Overview`, handed on as it is
        self._overview = overview
        self._show_figures()

    def _take_settings(self, settings: Any) -> None:  # noqa: ANN401 - a `Workspace`, of which two fields are read
        fmt.set_zone(settings.timezone)
        self._workspace_name = settings.name
        self._show_figures()

    def _show_figures(self) -> None:
        if self._overview is not None:
            self.sidebar.set_figures(self._overview)
        self.sidebar.set_workspace(self._workspace_name)
        self._title()

    def _title(self) -> None:
        page = self._pages[self._key].title() if self._key else ""
        self.setWindowTitle(" – ".join(part for part in (page, self._workspace_name) if part))

    def say(self, text: str) -> None:
        """Tell something in a toast."""
        tell(self, text)

    def say_error(self, error: Exception) -> None:
        """Tell what failed where nobody else does."""
        tell(self, str(error) or type(error).__name__)

    def _come_to_front(self) -> None:
        self.setWindowState(self.windowState() & ~Qt.WindowState.WindowMinimized)
        self.show()
        self.raise_()
        self.activateWindow()


def _paths(event: QDragEnterEvent | QDropEvent) -> list[Path]:
    return [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
