"""A line edit that completes from a list, matching anywhere in the word."""

from collections.abc import Sequence

from PySide6.QtCore import QStringListModel, Qt, Signal
from PySide6.QtWidgets import QCompleter, QLineEdit, QListView, QWidget


class CompleterEdit(QLineEdit):
    """Type any part of a word; the popup offers what fits; `chosen` when one is taken or Return is pressed."""

    chosen = Signal(str)

    def __init__(
        self,
        words: Sequence[str] = (),
        *,
        placeholder: str = "",
        label: str = "",
        name: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setPlaceholderText(placeholder)
        self.setAccessibleName(label or placeholder)
        completer = QCompleter(QStringListModel(list(words), self), self)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.setPopup(QListView())
        completer.activated.connect(self.chosen)
        self.setCompleter(completer)
        self.returnPressed.connect(lambda: self.chosen.emit(self.text()))
