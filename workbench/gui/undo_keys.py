"""In an editor undo belongs to the document, also while a text field has the focus and would keep the keys."""

from collections.abc import Callable
from typing import Final

import shiboken6
from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QApplication, QWidget

_KEYS: Final = (QKeySequence.StandardKey.Undo, QKeySequence.StandardKey.Redo)


class UndoKeys(QObject):
    """Watches whichever widget has the focus, and only that one: a filter on everything would cost each event.

    Args:
        edits: whether a document is in front now.
    """

    def __init__(self, edits: Callable[[], bool], parent: QObject) -> None:
        super().__init__(parent)
        self._edits = edits
        self._watched: QWidget | None = None
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._watch)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keep a text field from claiming undo and redo: the window's shortcuts get them."""
        if (
            watched is self._watched
            and event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and self._edits()
            and any(event.matches(key) for key in _KEYS)
        ):
            event.ignore()
            return True
        return super().eventFilter(watched, event)

    def _watch(self, _before: QWidget | None, now: QWidget | None) -> None:
        if self._watched is not None and shiboken6.isValid(self._watched):
            self._watched.removeEventFilter(self)
        self._watched = now
        if now is not None:
            now.installEventFilter(self)
