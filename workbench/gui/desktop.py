"""The application with windows: opens workspaces one after the other, and shows each in a window of its own.

Opening happens on the opener's thread; the GUI thread never waits for it. The window of before stays until the next one
stands, so that there is always something on screen.
"""

import sys
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import shiboken6
from PySide6.QtCore import QEvent, QObject, Qt, Signal, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget

from workbench.engine import opening
from workbench.gui.bridge import Bridge
from workbench.gui.files import ask_existing, ask_new
from workbench.gui.interrupts import quitting_on_signals
from workbench.gui.language import speak
from workbench.gui.pages import page_entries
from workbench.gui.parts.field import Field
from workbench.gui.parts.sheet import Sheet
from workbench.gui.preferences import Preferences
from workbench.gui.start.welcome import Welcome
from workbench.gui.sweeper import Sweeper
from workbench.gui.theme.icons import icon
from workbench.gui.theme.theme import Theme
from workbench.gui.window import Window
from workbench.gui.workspace.new_sheet import NewSheet
from workbench.plan.words import tr

if TYPE_CHECKING:
    from concurrent.futures import Future

    from workbench.engine.loop import Engine

Opener = Callable[[opening.Wish], "Future[Engine]"]


class Desktop(QObject):
    """Keeps one workspace open, or shows the welcome.

    Args:
        app: the application.
        opener: opens a workspace on a thread of its own.
        start: key of the page to begin with; empty for the last one.
    """

    _opened = Signal(object, object)

    def __init__(self, app: QApplication, opener: Opener, *, start: str = "") -> None:
        super().__init__(app)
        self._opener = opener
        self._start = start
        self._window: Window | None = None
        self._welcome: Welcome | None = None
        self._engine: Engine | None = None
        self._bridge: Bridge | None = None
        self._opening: dict[Future[Engine], threading.Event] = {}
        self._stopping: list[threading.Thread] = []
        self._opened.connect(self._take, Qt.ConnectionType.QueuedConnection)

    @property
    def window(self) -> Window | None:
        """The window in front, where a workspace is open."""
        return self._window

    @property
    def welcome(self) -> Welcome | None:
        """The welcome, where none is."""
        return self._welcome

    def begin(self, path: Path | None) -> None:
        """Open this file, the last one, or show the welcome."""
        recent = self.recent()
        first = path or (recent[0] if recent else None)
        if first is None:
            self.show_welcome()
        else:
            self._wish(opening.Wish(first, create=path is not None and not path.exists()))

    def new(self, path: Path) -> None:
        """Ask what the new workspace should be like, make it and open it instead."""
        host = self._front()
        if host is None:
            self._wish(opening.Wish(path, create=True))
        else:
            NewSheet(host, path, self._wish).open()

    def open(self, path: Path) -> None:
        """Open another workspace instead."""
        self._wish(opening.Wish(path))

    def close(self) -> None:
        """Close this one and offer others."""
        self.show_welcome()
        self._let_go()

    def recent(self) -> Sequence[Path]:
        """Workspaces of before, newest first."""
        return opening.recent()

    def show_welcome(self, problem: str = "") -> None:
        """Offer recent workspaces, another one, a new one."""
        if self._welcome is not None:
            self._welcome.close()
        self._welcome = Welcome(self.recent(), problem)
        self._welcome.open_wanted.connect(self._open_chosen)
        self._welcome.new_wanted.connect(self._new_chosen)
        self._welcome.sample_wanted.connect(self._sample_chosen)
        self._welcome.show()

    def shut_down(self) -> None:
        """Let the engine finish what is being written; the only place that waits, after the last window closed."""
        self._let_go()
        for future, handed_over in self._opening.items():
            handed_over.wait()
            if future.exception() is None:
                future.result().stop()
        self._opening.clear()
        for thread in self._stopping:
            thread.join()

    def _open_chosen(self, path: Path | None) -> None:
        chosen = path or ask_existing(self._front())
        if chosen is not None:
            self.open(chosen)

    def _new_chosen(self) -> None:
        path = ask_new(self._front())
        if path is not None:
            self.new(path)

    def _sample_chosen(self) -> None:
        path = opening.sample_path()
        self._start = "start"
        self._wish(opening.Wish(path, create=not path.exists()))

    def _front(self) -> QWidget | None:
        return self._window or self._welcome

    def _wish(self, wish: opening.Wish) -> None:
        QGuiApplication.setOverrideCursor(Qt.CursorShape.BusyCursor)
        future = self._opener(wish)
        self._opening[future] = threading.Event()
        future.add_done_callback(lambda done: self._hand_over(wish, done))

    def _hand_over(self, wish: opening.Wish, done: "Future[Engine]") -> None:
        # On the opener's thread, after what the opener itself does with the engine.
        self._opening[done].set()
        if shiboken6.isValid(self):
            self._opened.emit(wish, done)

    @Slot(object, object)
    def _take(self, wish: opening.Wish, done: "Future[Engine]") -> None:
        QGuiApplication.restoreOverrideCursor()
        if self._opening.pop(done, None) is None:
            return  # it came too late: the engine was stopped in `shut_down`
        error = done.exception()
        if isinstance(error, opening.KeyNeededError | opening.WrongKeyError):
            self._ask_key(wish, error)
        elif error is not None:
            self._refuse(error)
        else:
            # A new workspace is empty: it begins where the first campaign does.
            self._show(done.result(), "start" if wish.create else "")

    def _show(self, engine: "Engine", start: str) -> None:
        old_window, old_engine, old_bridge = self._window, self._engine, self._bridge
        self._engine = engine
        self._bridge = Bridge(engine, self)
        self._window = Window(self._bridge, page_entries(), self, start=self._start or start)
        self._start = ""
        self._window.show()
        if self._welcome is not None:
            self._welcome.close()
            self._welcome.deleteLater()
            self._welcome = None
        self._retire(old_window, old_engine, old_bridge)

    def _let_go(self) -> None:
        window, engine, bridge = self._window, self._engine, self._bridge
        self._window = self._engine = self._bridge = None
        self._retire(window, engine, bridge)

    def _retire(self, window: Window | None, engine: "Engine | None", bridge: Bridge | None) -> None:
        if window is not None:
            window.close()
            window.deleteLater()
        if engine is not None:
            # Not a daemon's work: what is being written must be finished before the process ends.
            thread = threading.Thread(target=engine.stop, name="closing")
            thread.start()
            self._stopping.append(thread)
        if bridge is not None:
            bridge.close()
            bridge.deleteLater()

    def _refuse(self, error: BaseException) -> None:
        words = str(error) or type(error).__name__
        if self._window is not None:
            self._window.say(words)
        else:
            self.show_welcome(words)

    def _ask_key(self, wish: opening.Wish, error: BaseException) -> None:
        if self._front() is None:
            self.show_welcome()
        host = self._front()
        if host is None:
            return
        edit = QLineEdit()
        edit.setEchoMode(QLineEdit.EchoMode.Password)
        edit.setObjectName("workspace_key")
        field = Field(tr("Key of {file}").format(file=wish.path.name), edit)
        if isinstance(error, opening.WrongKeyError):
            field.set_problem(str(error))
            field.reveal()

        def again() -> None:
            self._wish(opening.Wish(wish.path, key=edit.text(), remember_key=True))

        sheet = Sheet(host, tr("This workspace is encrypted"), tr("Open"), again, name="key_sheet")
        sheet.body.addWidget(field)
        sheet.open(edit)


def run_window(path: Path | None, opener: Opener, *, language: str = "", start: str = "") -> int:
    """Show windows until the last one is closed; gives the exit code.

    Args:
        path: the workspace; None for the last one, or the welcome.
        opener: opens a workspace on a thread of its own.
        language: code of the language to speak; empty for the one chosen before.
        start: key of the page to begin with.
    """
    app = QApplication.instance() or QApplication(sys.argv[:1])
    if not isinstance(app, QApplication):
        raise TypeError("another kind of Qt application runs already")
    app.setApplicationName("workbench")
    preferences = Preferences()
    if language:
        preferences.language = language
    speak(preferences.language)
    theme = Theme.install(app)
    theme.force(preferences.scheme)
    app.setApplicationDisplayName(tr("Marketing workbench"))
    app.setWindowIcon(icon("megaphone", "accent"))
    desktop = Desktop(app, opener, start=start)
    desktop.begin(path)
    sweeper = Sweeper(app)
    with quitting_on_signals(app):
        code = app.exec()
    desktop.shut_down()
    sweeper.stop()
    # No loop runs any more that would delete the window; Chromium's views must not outlive the application.
    app.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    return code
