"""A field of a form: label, editor, and the problem below it."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from workbench.gui.parts.text import Text
from workbench.gui.theme.mark import mark
from workbench.gui.theme.tokens import space
from workbench.plan.problem import Problem

_LONG_WORD: Final = 32


class ProblemLine(Text):
    """What is wrong and what to do, below what failed; hidden while nothing is wrong."""

    def __init__(self, text: str = "", *, name: str = "problem", parent: QWidget | None = None) -> None:
        super().__init__(text, "problem", wrap=True, selectable=True, name=name, parent=parent)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setVisible(bool(text))

    def show_problem(self, problem: Problem | str | None) -> None:
        """Show a problem, or none; advice that blocks nothing is amber."""
        text = "" if problem is None else str(problem)
        advice = isinstance(problem, Problem) and not problem.blocks
        self.set_role("advice" if advice else "problem")
        self.setText(_breakable(text))
        self.setVisible(bool(text))


def _breakable(text: str) -> str:
    """A very long word, such as a name from outside, may be broken anywhere: it must not widen the page."""
    words = (word if len(word) <= _LONG_WORD else "\u200b".join(word) for word in text.split(" "))
    return " ".join(words)


class Field(QWidget):
    """Label, editor and problem line.

    The problem is shown only after the editor was left, or after `reveal` (a launch, an import).

    Args:
        label: the field's name.
        editor: the widget to edit with.
        where: the path of this field in the definition, as in `Problem.where`.
        hint: a quiet remark below.
    """

    left = Signal()

    def __init__(
        self,
        label: str,
        editor: QWidget,
        where: str = "",
        *,
        hint: str = "",
        name: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName(name or f"field_{where}")
        self.editor = editor
        self.where = where
        self._problem: Problem | str | None = None
        self._revealed = False
        self.label = Text(label, "muted", parent=self)
        self.label.setBuddy(editor)
        self.label.setVisible(bool(label))
        self.hint = Text(hint, "note", wrap=True, parent=self)
        self.hint.setVisible(bool(hint))
        self.line = ProblemLine()
        editor.setAccessibleName(label)
        editor.installEventFilter(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(space(1))
        for widget in (self.label, editor, self.line, self.hint):
            column.addWidget(widget)

    def set_hint(self, hint: str) -> None:
        """Another remark below; empty hides it."""
        self.hint.setText(hint)
        self.hint.setVisible(bool(hint))

    def set_problem(self, problem: Problem | str | None) -> None:
        """What is wrong with the value now; shown when its time has come."""
        self._problem = problem
        self._show()

    def problem(self) -> Problem | str | None:
        """What is wrong, shown or not yet."""
        return self._problem

    def reveal(self) -> None:
        """Show the problem even if the editor was not left yet."""
        self._revealed = True
        self._show()

    def settle(self) -> None:
        """Forget that the editor was left: for another definition in the same form."""
        self._revealed = False
        self._show()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Note when the editor is left; its own list of completions, or another window in front, is no leaving."""
        if watched is self.editor and isinstance(event, QFocusEvent) and _leaves(event):
            self._revealed = True
            self._show()
            self.left.emit()
        return super().eventFilter(watched, event)

    def _show(self) -> None:
        shown = self._problem if self._revealed else None
        blocking = shown is not None and not (isinstance(shown, Problem) and not shown.blocks)
        mark(self.editor, faulty=blocking)
        self.line.show_problem(shown)
        self.editor.setAccessibleDescription("" if shown is None else str(shown))


def _leaves(event: QFocusEvent) -> bool:
    reason = Qt.FocusReason
    aside = (reason.PopupFocusReason, reason.ActiveWindowFocusReason, reason.MenuBarFocusReason)
    return event.type() == QEvent.Type.FocusOut and event.reason() not in aside


def show_problems(fields: Sequence[Field], problems: Sequence[Problem], *, reveal: bool = False) -> Field | None:
    """Put each problem at its field; a problem deeper inside a field belongs to that field.

    Args:
        fields: the form.
        problems: what is wrong with the definition.
        reveal: show all at once, as on launch, and give the focus to the first field that blocks.

    Returns:
        The first field with a blocking problem, or None.
    """
    first: Field | None = None
    for field in fields:
        mine = [problem for problem in problems if problem.where == field.where or _inside(problem.where, field.where)]
        mine.sort(key=lambda problem: not problem.blocks)
        field.set_problem(mine[0] if mine else None)
        if reveal:
            field.reveal()
        if first is None and mine and mine[0].blocks:
            first = field
    if reveal and first is not None:
        first.editor.setFocus(Qt.FocusReason.OtherFocusReason)
    return first


def _inside(where: str, field: str) -> bool:
    return bool(field) and where.startswith(f"{field}.")
