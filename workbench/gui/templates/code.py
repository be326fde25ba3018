"""The code editor: line numbers, colours, marks under what is wrong, completion of merge fields.

It keeps no undo history of its own: every change is told with the key of its stroke (one word typed, one run of
deletions), and the document above remembers.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QMimeData, QRect, QSize, QStringListModel, Qt, Signal
from PySide6.QtGui import (
    QFontDatabase,
    QHelpEvent,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QTextCharFormat,
    QTextCursor,
)
from PySide6.QtWidgets import QCompleter, QListView, QPlainTextEdit, QTextEdit, QToolTip, QWidget

from workbench.gui.templates import merge
from workbench.gui.templates.highlight import Highlighter
from workbench.gui.templates.strokes import Strokes
from workbench.gui.theme.theme import Theme
from workbench.gui.theme.tokens import Measure, space


@dataclass(frozen=True, slots=True)
class Mark:
    """A stretch of text to underline, as offsets, with what to say about it; `blocks`: red instead of amber."""

    start: int
    end: int
    tip: str
    blocks: bool = False


class CodeEdit(QPlainTextEdit):
    """Edits the source of a template.

    Args:
        html: colour tags too, not only merge fields.
        single_line: one line without numbers, for the subject; Return only tells.
        label: what is edited, for screen readers.
    """

    typed = Signal(str, str)
    """The whole text after a change by hand, and the key of the stroke that it belongs to."""
    returned = Signal()

    def __init__(
        self,
        label: str,
        *,
        html: bool = False,
        single_line: bool = False,
        name: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName(label)
        self.setUndoRedoEnabled(False)
        self.setTabChangesFocus(True)
        self._single = single_line
        self._marks: tuple[Mark, ...] = ()
        self._showing = False
        self._text = ""
        self._strokes = Strokes(name)
        self._gutter = None if single_line else _Gutter(self)
        self._highlighter = Highlighter(self.document(), html=html)
        self._completer = self._make_completer()
        self._shape(single_line)
        self.document().contentsChange.connect(self._strokes.changed)
        self.textChanged.connect(self._text_changed)
        Theme.current().changed.connect(self._paint_marks)

    def show_text(self, text: str) -> None:
        """Show another text; the cursor stays where the text around it is the same."""
        if text == self._text:
            return
        self._showing = True
        start, end_old, end_new = _difference(self._text, text)
        cursor = QTextCursor(self.document())
        cursor.setPosition(_units(self._text, start))
        cursor.setPosition(_units(self._text, end_old), QTextCursor.MoveMode.KeepAnchor)
        cursor.insertText(text[start:end_new])
        self._text = text
        self._showing = False
        self._strokes.cut()
        self._paint_marks()

    def text(self) -> str:
        """The text as it stands."""
        return self._text

    def set_fields(self, fields: Sequence[str]) -> None:
        """Offer these dotted fields for completion."""
        self._fields.setStringList(list(fields))

    def set_marks(self, marks: Sequence[Mark]) -> None:
        """Underline these stretches instead of the ones before."""
        self._marks = tuple(marks)
        self._paint_marks()

    def marks(self) -> tuple[Mark, ...]:
        """What is underlined."""
        return self._marks

    def jump(self, start: int, end: int) -> None:
        """Select a stretch, show it and take the focus."""
        cursor = self.textCursor()
        cursor.setPosition(_units(self._text, start))
        cursor.setPosition(_units(self._text, end), QTextCursor.MoveMode.KeepAnchor)
        self.setTextCursor(cursor)
        self.centerCursor()
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def insert_field(self, field: str) -> None:
        """Write a merge field at the cursor, in place of what was typed of it."""
        before, after = self._around_cursor()
        take, written = merge.insertion(before, after, field)
        cursor = self.textCursor()
        cursor.movePosition(QTextCursor.MoveOperation.Left, QTextCursor.MoveMode.KeepAnchor, take)
        self._strokes.cut()
        cursor.insertText(written)
        self._strokes.cut()
        self.setTextCursor(cursor)

    def complete(self) -> None:
        """Offer the fields that fit what stands before the cursor."""
        before, _after = self._around_cursor()
        prefix = merge.typed_prefix(before)
        self._offer(merge.word_before(before) if prefix is None else prefix)

    def completion(self) -> QListView:
        """The list that completion shows."""
        view = self._completer.popup()
        assert isinstance(view, QListView)  # noqa: S101 - made so below
        return view

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Completion keys first, then typing."""
        key = event.key()
        if self.completion().isVisible() and key in _COMPLETION_KEYS:
            event.ignore()
            return
        if key == Qt.Key.Key_Space and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.complete()
            return
        if self._single and key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.returned.emit()
            return
        super().keyPressEvent(event)
        self._follow_completion(event)

    def createMimeDataFromSelection(self) -> QMimeData:
        """Copy, cut and drag the text as it is written."""
        # Qt's own object, filled anew: one made in Python takes the process down when the clipboard lets go of it at
        # the end. Asking for its text makes it ready; it would overwrite ours later.
        copied = super().createMimeDataFromSelection()
        copied.text()
        copied.clear()
        copied.setText(_with_newlines(self.textCursor().selectedText()))
        return copied

    def insertFromMimeData(self, source: QMimeData) -> None:
        """Paste plain text; a subject stays on one line."""
        text = source.text()
        self._strokes.cut()
        self.insertPlainText(" ".join(text.splitlines()) if self._single else text)
        self._strokes.cut()

    def viewportEvent(self, event: QEvent) -> bool:
        """Say what is wrong with the stretch under the pointer."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            at = _characters(self._text, self.cursorForPosition(event.pos()).position())
            tip = next((mark.tip for mark in self._marks if mark.start <= at <= mark.end), "")
            QToolTip.showText(event.globalPos(), tip, self)
            return True
        return super().viewportEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The numbers keep to the left edge."""
        super().resizeEvent(event)
        if self._gutter is not None:
            inner = self.contentsRect()
            self._gutter.setGeometry(QRect(inner.left(), inner.top(), self._gutter.wanted_width(), inner.height()))

    def sizeHint(self) -> QSize:
        """One line, or a page."""
        return QSize(Measure.field, Measure.control if self._single else Measure.field)

    def _shape(self, single_line: bool) -> None:  # noqa: FBT001 - the constructor's own flag
        self.document().setDocumentMargin(0 if single_line else space(1))
        if single_line:
            self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
            self.setFixedHeight(Measure.control)
            self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
            self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
            return
        font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
        font.setPixelSize(Measure.small)
        # The sheet sets one size for all; an own sheet line keeps code a little smaller.
        self.setStyleSheet(
            f"QPlainTextEdit {{ font-family: '{font.family()}', monospace; font-size: {Measure.small}px; }}"
        )
        self.setFont(font)
        self.blockCountChanged.connect(lambda _count: self._widen_gutter())
        self.updateRequest.connect(lambda _rect, _dy: self._gutter.update() if self._gutter else None)
        self._widen_gutter()

    def _widen_gutter(self) -> None:
        if self._gutter is not None:
            self.setViewportMargins(self._gutter.wanted_width(), 0, space(2), 0)

    def _make_completer(self) -> QCompleter:
        self._fields = QStringListModel(self)
        completer = QCompleter(self._fields, self)
        completer.setWidget(self)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.setMaxVisibleItems(10)
        view = QListView()
        view.setObjectName("merge_fields")
        completer.setPopup(view)
        completer.activated.connect(self.insert_field)
        return completer

    def _follow_completion(self, event: QKeyEvent) -> None:
        before, _after = self._around_cursor()
        prefix = merge.typed_prefix(before)
        if prefix is None:
            self.completion().hide()
        elif event.text() and (event.text().isprintable() or event.key() == Qt.Key.Key_Backspace):
            self._offer(prefix)

    def _offer(self, prefix: str) -> None:
        self._completer.setCompletionPrefix(prefix)
        if self._completer.completionCount() == 0:
            self.completion().hide()
            return
        view = self.completion()
        view.setCurrentIndex(self._completer.completionModel().index(0, 0))
        place = self.cursorRect()
        place.setWidth(max(view.sizeHintForColumn(0) + space(8), Measure.popover))
        self._completer.complete(place)

    def _around_cursor(self) -> tuple[str, str]:
        at = _characters(self._text, self.textCursor().position())
        return self._text[:at], self._text[at:]

    def _text_changed(self) -> None:
        text = _with_newlines(self.document().toRawText())
        if self._showing or text == self._text:
            return
        self._text = text
        self.typed.emit(text, self._strokes.key(text))

    def _paint_marks(self) -> None:
        theme = Theme.current()
        selections = []
        for mark in self._marks:
            selection = QTextEdit.ExtraSelection()
            style = QTextCharFormat()
            style.setUnderlineStyle(QTextCharFormat.UnderlineStyle.WaveUnderline)
            style.setUnderlineColor(theme.colour("bad" if mark.blocks else "warn"))
            cursor = QTextCursor(self.document())
            last = max(self.document().characterCount() - 1, 0)
            cursor.setPosition(min(_units(self._text, mark.start), last))
            cursor.setPosition(min(_units(self._text, mark.end), last), QTextCursor.MoveMode.KeepAnchor)
            selection.cursor = cursor
            selection.format = style
            selections.append(selection)
        self.setExtraSelections(selections)


_COMPLETION_KEYS = frozenset(
    {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab, Qt.Key.Key_Backtab, Qt.Key.Key_Escape}
)


class _Gutter(QWidget):
    """Line numbers."""

    def __init__(self, editor: CodeEdit) -> None:
        super().__init__(editor)
        self._editor = editor

    def wanted_width(self) -> int:
        """Wide enough for the last number."""
        digits = max(len(str(self._editor.blockCount())), 2)
        return self._editor.fontMetrics().horizontalAdvance("0") * digits + space(4)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The number of each visible line at its first row."""
        painter = QPainter(self)
        painter.setFont(self._editor.font())
        painter.setPen(Theme.current().colour("hint"))
        editor = self._editor
        block = editor.firstVisibleBlock()
        offset = editor.contentOffset()
        top = editor.viewport().y() - self.y()
        while block.isValid():
            place = editor.blockBoundingGeometry(block).translated(offset).translated(0, top)
            if place.top() > event.rect().bottom():
                break
            row = QRect(0, round(place.top()), self.width() - space(2), editor.fontMetrics().height())
            painter.drawText(row, Qt.AlignmentFlag.AlignRight, str(block.blockNumber() + 1))
            block = block.next()
        painter.end()


def _difference(old: str, new: str) -> tuple[int, int, int]:
    """Where two texts begin to differ, and where from there each of them ends to."""
    limit = min(len(old), len(new))
    start = next((at for at in range(limit) if old[at] != new[at]), limit)
    tail = 0
    while tail < limit - start and old[-1 - tail] == new[-1 - tail]:
        tail += 1
    return start, len(old) - tail, len(new) - tail


def _with_newlines(raw: str) -> str:
    """A document's raw text with newlines for its separators; Qt's plain text has blanks for no-break spaces, too."""
    return raw.replace("\u2029", "\n").replace("\u2028", "\n")


def _units(text: str, characters: int) -> int:
    """Qt counts UTF-16 units: an emoji is two."""
    return characters + sum(mark > "￿" for mark in text[:characters])


def _characters(text: str, units: int) -> int:
    count = 0
    for at, mark in enumerate(text):
        if count >= units:
            return at
        count += 2 if mark > "￿" else 1
    return len(text)
