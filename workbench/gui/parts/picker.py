"""A list to pick from, with a search line above: names, values, kinds. One or several at a time."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFont, QFontMetrics, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from workbench.gui.parts.text import Text, plain_tip
from workbench.gui.theme.icons import icon
from workbench.gui.theme.mark import mark
from workbench.gui.theme.theme import Theme
from workbench.gui.theme.tokens import Measure, space
from workbench.plan.words import tr

_CHOICE: Final = Qt.ItemDataRole.UserRole
_CHOSEN: Final = Qt.ItemDataRole.UserRole + 1
_MOST_ROWS: Final = 9
#: letters from which on a line may be cut, and has a tooltip
_MAY_BE_CUT: Final = 40
#: pixels below which a cut remark is left out
_LEAST_NOTE: Final = space(8)


@dataclass(frozen=True, slots=True)
class Choice:
    """One line of the list.

    Attributes:
        key: what is picked.
        text: what it is called.
        note: a quiet remark at the right, such as a count.
        code: a short name in the text, which finds it before all others: the DE of "Germany (DE)".
    """

    key: str
    text: str
    note: str = ""
    code: str = ""


class Picker(QWidget):
    """A list with an optional search line.

    Args:
        choices: the lines.
        chosen: keys that are marked; with `several` they can be more than one.
        several: a pick marks or unmarks and the list stays; else it is the answer.
        search: placeholder of the search line; none where empty.
        free: gives the words of a line that takes what was typed, `Use “foo”`; None forbids it.
        local: search among the given choices here; False: the owner listens to `typed` and brings others.
    """

    picked = Signal(str)
    """The key, after Enter or a click."""
    typed = Signal(str)
    """What the search line holds, after each key."""

    def __init__(
        self,
        choices: Sequence[Choice] = (),
        chosen: Sequence[str] = (),
        *,
        several: bool = False,
        search: str = "",
        free: Callable[[str], str] | None = None,
        local: bool = True,
        label: str = "",
        name: str = "picker",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self._choices = tuple(choices)
        self._chosen = list(chosen)
        self._several = several
        self._free = free
        self._local = local
        self.line = QLineEdit(self)
        self.line.setObjectName(f"{name}_line")
        self.line.setPlaceholderText(search)
        self.line.setAccessibleName(label or search)
        self.line.setVisible(bool(search))
        self.list = QListWidget(self)
        self.list.setObjectName(f"{name}_list")
        self.list.setAccessibleName(label or search)
        self.list.setItemDelegate(_Line(self.list))
        self.list.setMouseTracking(True)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        mark(self.list, bare=True)
        self.nothing = Text("", "hint", wrap=True, name=f"{name}_nothing")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(space(1.5))
        for widget in (self.line, self.list, self.nothing):
            column.addWidget(widget)
        self.setFocusProxy(self.line if search else self.list)
        self.line.textChanged.connect(self._typed)
        self.line.installEventFilter(self)
        self.list.installEventFilter(self)
        self.list.itemClicked.connect(self._pick)
        self._fill()

    def chosen(self) -> tuple[str, ...]:
        """The marked keys, in the order they were marked."""
        return tuple(self._chosen)

    def set_chosen(self, keys: Sequence[str]) -> None:
        """Mark these."""
        self._chosen = list(keys)
        for row in range(self.list.count()):
            item = self.list.item(row)
            item.setData(_CHOSEN, item.data(_CHOICE).key in self._chosen)

    def show_choices(self, choices: Sequence[Choice]) -> None:
        """Replace the lines; the current one stays where it can."""
        self._choices = tuple(choices)
        self._fill()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The arrows move in the list while the search line has the focus; Enter picks."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            key = event.key()
            if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._pick(self.list.currentItem())
                return True
            if watched is self.line and key in (Qt.Key.Key_Down, Qt.Key.Key_Up):
                step = 1 if key == Qt.Key.Key_Down else -1
                self.list.setCurrentRow(max(0, min(self.list.count() - 1, self.list.currentRow() + step)))
                return True
        return super().eventFilter(watched, event)

    def _typed(self, text: str) -> None:
        self._fill()
        self.typed.emit(text)

    def _pick(self, item: QListWidgetItem | None) -> None:
        if item is None:
            return
        key = item.data(_CHOICE).key
        if self._several:
            if key in self._chosen:
                self._chosen.remove(key)
            else:
                self._chosen.append(key)
            self.line.selectAll()
            self.set_chosen(self._chosen)
        self.picked.emit(key)

    def _fill(self) -> None:
        key = self._current_key()
        self.list.clear()
        for choice in self._lines():
            item = QListWidgetItem(choice.text)
            item.setData(_CHOICE, choice)
            item.setData(_CHOSEN, choice.key in self._chosen)
            said = "\n".join(part for part in (choice.text, choice.note) if part)
            item.setToolTip("" if len(said) < _MAY_BE_CUT else plain_tip(said))
            self.list.addItem(item)
            if choice.key == key:
                self.list.setCurrentItem(item)
        if self.list.currentRow() < 0 and self.list.count():
            self.list.setCurrentRow(0)
        rows = min(max(self.list.count(), 1), _MOST_ROWS)
        self.list.setFixedHeight(rows * Measure.control)
        self.list.setVisible(bool(self.list.count()))
        self.nothing.setText("" if self.list.count() else tr("Nothing is known that fits."))
        self.nothing.setVisible(not self.list.count())

    def _current_key(self) -> str:
        """What stays the current line: after a search its best answer, else what was current or is chosen."""
        if self.line.text().strip() and self._local:
            return ""
        before = self.list.currentItem()
        if before is not None:
            return str(before.data(_CHOICE).key)
        return self._chosen[0] if self._chosen else ""

    def _lines(self) -> list[Choice]:
        text = self.line.text().strip()
        found = list(self._choices)
        if text and self._local:
            found = [choice for choice in found if text.casefold() in choice.text.casefold()]
            found.sort(key=lambda choice: _distance(choice, text.casefold()))
        if self._several and not text:
            known = {choice.key for choice in found}
            found = [Choice(key, key) for key in self._chosen if key not in known] + found
        if text and self._free is not None and all(text not in (choice.key, choice.text) for choice in found):
            found.append(Choice(text, self._free(text)))
        return found


def _distance(choice: Choice, typed: str) -> int:
    """0 for the very words or the code, 1 for words that begin so, 2 for words that only contain it."""
    words = choice.text.casefold()
    return 0 if typed in (words, choice.code.casefold()) else 1 if words.startswith(typed) else 2


class _Line(QStyledItemDelegate):
    """Words at the left, the remark at the right, a tick where it is chosen."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        hint = super().sizeHint(option, index)
        choice: Choice = index.data(_CHOICE)
        width = option.fontMetrics.horizontalAdvance(f"{choice.text}    {choice.note}") + space(14)
        return QSize(max(hint.width(), width), Measure.control)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        theme = Theme.current()
        choice: Choice = index.data(_CHOICE)
        rect: QRect = option.rect
        state: QStyle.StateFlag = option.state
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        back = _background(state)
        if back:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour(back))
            painter.drawRoundedRect(QRectF(rect), Measure.radius_field, Measure.radius_field)
        inner = rect.adjusted(space(2), 0, -space(2), 0)
        if index.data(_CHOSEN):
            size = Measure.icon
            box = QRect(inner.right() - size, inner.center().y() - size // 2, size, size)
            icon("check", "accent").paint(painter, box)
            inner.setRight(box.left() - space(2))
        painter.setFont(_tabular(option))
        words, note = shares(painter.fontMetrics(), choice, inner.width())
        painter.setPen(theme.colour("hint"))
        painter.drawText(inner, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, note)
        painter.setPen(theme.colour("text"))
        painter.drawText(inner, Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine, words)
        painter.restore()


def shares(metrics: QFontMetrics, choice: Choice, room: int) -> tuple[str, str]:
    """The words and the remark as they are drawn in `room` pixels: the words whole, the remark in what is left."""
    words = metrics.elidedText(choice.text, Qt.TextElideMode.ElideRight, room)
    left = room - metrics.horizontalAdvance(words) - space(3)
    note = metrics.elidedText(choice.note, Qt.TextElideMode.ElideRight, max(left, 0))
    # A remark of which only the dots are left says nothing.
    return words, "" if left < _LEAST_NOTE and note != choice.note else note


def _background(state: QStyle.StateFlag) -> str:
    if state & QStyle.StateFlag.State_Selected:
        return "accent_soft"
    return "hover" if state & QStyle.StateFlag.State_MouseOver else ""


def _tabular(option: QStyleOptionViewItem) -> QFont:
    font: QFont = QFont(option.font)
    font.setPixelSize(Measure.body)
    return font
