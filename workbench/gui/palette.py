"""The palette: every action that can be done now, and every definition by name, a few letters away."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import shiboken6
from PySide6.QtCore import QAbstractListModel, QEvent, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QApplication, QFrame, QLineEdit, QListView, QVBoxLayout, QWidget

from workbench.gui.parts.palette_row import PaletteDelegate
from workbench.gui.theme.mark import mark
from workbench.gui.theme.tokens import Measure, space
from workbench.plan.words import tr

_ROWS: Final = 9
_MOST: Final = 200
_AnyIndex = QModelIndex | QPersistentModelIndex
_NOWHERE: Final = QModelIndex()
_MOVES: Final = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: _ROWS, Qt.Key.Key_PageUp: -_ROWS}


@dataclass(frozen=True, slots=True)
class Choice:
    """One line of the palette.

    Attributes:
        text: what is searched and shown.
        kind: what it is, shown at the right: a page's word, or empty for an action.
        run: does or opens it.
        glyph: a Phosphor name.
        shortcut: as the system writes it.
    """

    text: str
    kind: str
    run: Callable[[], object]
    glyph: str = ""
    shortcut: str = ""


class Palette(QFrame):
    """A search line over a list, on top of the window; Esc closes."""

    closed = Signal()

    def __init__(self, host: QWidget) -> None:
        super().__init__(host)
        self.setObjectName("palette")
        self.setAccessibleName(tr("Find anything"))
        mark(self, surface="raised")
        self._host = host
        self._before: QWidget | None = None
        self._choices: list[Choice] = []
        self._model = _Choices(self)
        self.edit = QLineEdit()
        self.edit.setObjectName("palette_edit")
        self.edit.setPlaceholderText(tr("Type an action, a page, or a name"))
        self.edit.setAccessibleName(tr("Find anything"))
        self.edit.textChanged.connect(lambda _text: self._search())
        self.edit.installEventFilter(self)
        self.list = QListView()
        self.list.setObjectName("palette_list")
        self.list.setAccessibleName(tr("What was found"))
        self.list.setModel(self._model)
        self.list.setItemDelegate(PaletteDelegate(self.list))
        self.list.setUniformItemSizes(True)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        mark(self.list, bare=True)
        self.list.clicked.connect(self._take)
        column = QVBoxLayout(self)
        column.setContentsMargins(space(2), space(2), space(2), space(2))
        column.setSpacing(space(2))
        column.addWidget(self.edit)
        column.addWidget(self.list)
        host.installEventFilter(self)
        self.hide()

    def open(self, choices: Sequence[Choice]) -> None:
        """Show it with these choices; `extend` adds what comes later."""
        if not self.isVisible():
            self._before = QApplication.focusWidget()
        self._choices = list(choices)
        self.edit.clear()
        self._search()
        self._place()
        self.show()
        self.raise_()
        self.edit.setFocus(Qt.FocusReason.PopupFocusReason)

    def extend(self, choices: Sequence[Choice]) -> None:
        """More choices, such as definitions that had to be asked for."""
        self._choices += choices
        if self.isVisible():
            self._search()

    def close_palette(self) -> None:
        """Close without choosing; the focus goes back."""
        if not self.isVisible():
            return
        self.hide()
        if self._before is not None and shiboken6.isValid(self._before):
            self._before.setFocus(Qt.FocusReason.OtherFocusReason)
        self.closed.emit()

    def found(self) -> list[Choice]:
        """What is listed now, best first."""
        return self._model.choices

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keys of the search line move in the list; a click that nothing beside the palette takes closes it."""
        if watched is self.edit and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            return self._key(event)
        if watched is self._host and self.isVisible():
            if event.type() == QEvent.Type.Resize:
                self._place()
            elif isinstance(event, QMouseEvent) and event.type() == QEvent.Type.MouseButtonPress:
                self.close_palette()
        return super().eventFilter(watched, event)

    def _key(self, event: QKeyEvent) -> bool:
        key = Qt.Key(event.key())
        if key == Qt.Key.Key_Escape:
            self.close_palette()
        elif key in _MOVES and self.found():
            line = (self.list.currentIndex().row() + _MOVES[key]) % len(self.found())
            self.list.setCurrentIndex(self._model.index(line))
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._take(self.list.currentIndex())
        else:
            # Tab must not leave the palette; every other key is the search line's.
            return key in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab)
        return True

    def _take(self, index: QModelIndex) -> None:
        if index.isValid():
            choice = self.found()[index.row()]
            self.close_palette()
            choice.run()

    def _search(self) -> None:
        self._model.show(best(self.edit.text(), self._choices))
        self.list.setCurrentIndex(self._model.index(0))

    def _place(self) -> None:
        width = min(Measure.palette, self._host.width() - space(16))
        rows = min(_ROWS, self._host.height() // (2 * Measure.row))
        self.list.setFixedHeight(rows * Measure.row + space(1))
        height = self.sizeHint().height()
        self.setGeometry((self._host.width() - width) // 2, space(16), width, height)


class _Choices(QAbstractListModel):
    """The lines of the palette."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.choices: list[Choice] = []

    def show(self, choices: list[Choice]) -> None:
        """Other lines."""
        self.beginResetModel()
        self.choices = choices
        self.endResetModel()

    def rowCount(self, parent: _AnyIndex = _NOWHERE) -> int:
        """How many."""
        return 0 if parent.isValid() else len(self.choices)

    def data(self, index: _AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: ANN401 - as Qt wants it
        """Text, and the choice itself for the delegate."""
        choice = self.choices[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return choice.text
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{choice.text}, {choice.kind or choice.shortcut}".strip(", ")
        if role == Qt.ItemDataRole.UserRole:
            return (choice.text, choice.kind or choice.shortcut, choice.glyph)
        return None


def best(sought: str, choices: Sequence[Choice]) -> list[Choice]:
    """The choices whose letters contain the sought ones in order, best first; all where nothing is sought."""
    if not sought.strip():
        return list(choices[:_MOST])
    scored = [(score(sought, f"{choice.text} {choice.kind}"), at) for at, choice in enumerate(choices)]
    hits = sorted(((points, at) for points, at in scored if points is not None), key=lambda hit: (-hit[0], hit[1]))
    return [choices[at] for _points, at in hits[:_MOST]]


def score(sought: str, text: str) -> float | None:
    """How well a text fits; None where a letter is missing. Whole words beat word starts beat scattered letters."""
    want, have = "".join(sought.lower().split()), text.lower()
    whole = have.find(sought.lower().strip())
    if whole >= 0:
        starts_word = whole == 0 or not have[whole - 1].isalnum()
        return 1000.0 + (100 if starts_word else 0) - whole - len(have) / 100
    points, at = 0.0, -1
    for letter in want:
        found = have.find(letter, at + 1)
        if found < 0:
            return None
        starts_word = found == 0 or not have[found - 1].isalnum()
        points += (5 if starts_word else 0) + (4 if found == at + 1 else 0) - (found - at - 1) * 0.1
        at = found
    return points
