"""The lines of the mapping form: a column of the file, or a value of one's own, and what it becomes."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from workbench.gui.imports.targets import LEAVE_OUT, TIMES, choices, date_choices, date_words, typed_target, words_of
from workbench.gui.parts.button import IconButton
from workbench.gui.parts.field import ProblemLine
from workbench.gui.parts.pick_button import PickButton
from workbench.gui.parts.text import Elided, Text
from workbench.gui.theme.mark import mark
from workbench.gui.theme.tokens import Measure, space
from workbench.plan.mapping import Column, Kind, SourceColumn
from workbench.plan.problem import Problem
from workbench.plan.words import tr

_DATE_WIDTH: Final = Measure.sidebar


class TargetLine(QWidget):
    """What both kinds of lines share: target, date format, problem."""

    target_changed = Signal(str)
    format_changed = Signal(str)

    def __init__(self, kind: Kind, column: SourceColumn | None, name: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self.left_once = False
        self._kind = kind
        self.target = PickButton(
            lambda: choices(kind, column, leave_out=column is not None),
            words_of if column is not None else lambda key: words_of(key) if key else tr("Choose a field"),
            search=tr("Find a field, or type a name"),
            free=lambda text: tr("Use “{text}”").format(text=words_of(typed_target(kind, text))),
            label=tr("Becomes"),
            name="target",
        )
        self.target.setFixedWidth(Measure.popover * 3 // 4)
        self.date = PickButton(
            date_choices,
            date_words,
            search=tr("Or type a pattern such as %d.%m.%Y"),
            free=lambda text: tr("Use “{text}”").format(text=text),
            label=tr("How the date is written"),
            name="date_format",
        )
        self.date.setFixedWidth(_DATE_WIDTH - space(8))
        self.problem = ProblemLine()
        self.target.picked.connect(self._pick)
        self.date.picked.connect(lambda key: self.format_changed.emit("" if key == LEAVE_OUT else key))

    def show_target(self, column: Column | None, problems: Sequence[Problem], *, reveal: bool) -> None:
        """Say what it becomes and what is wrong with that."""
        target = column.target if column is not None else ""
        self.target.show_key(target)
        mark(self.target, quiet=not target)
        self.date.setVisible(target in TIMES)
        self.date.show_key(column.date_format if column is not None else "")
        shown = problems[0] if problems and (reveal or self.left_once or target) else None
        self.problem.show_problem(shown)
        self.target.set_faulty(faulty=shown is not None and shown.blocks)

    def _pick(self, key: str) -> None:
        self.left_once = True
        if key == LEAVE_OUT:
            self.target_changed.emit("")
            return
        known = any(choice.key == key for choice in choices(self._kind, None, leave_out=False))
        self.target_changed.emit(key if known else typed_target(self._kind, key))

    def _lay_out(self, left: QWidget | QBoxLayout, right: QWidget | None = None) -> None:
        row = QHBoxLayout()
        row.setSpacing(space(3))
        if isinstance(left, QWidget):
            row.addWidget(left, 1)
        else:
            row.addLayout(left, 1)
        row.addWidget(Text("→", "hint"))
        row.addWidget(self.target)
        slot = QHBoxLayout()
        slot.addWidget(self.date)
        slot.addStretch(1)
        if right is not None:
            slot.addWidget(right)
        dates = QWidget()
        dates.setFixedWidth(_DATE_WIDTH)
        dates.setLayout(slot)
        slot.setContentsMargins(0, 0, 0, 0)
        row.addWidget(dates)
        column = QVBoxLayout(self)
        column.setContentsMargins(space(4), space(1.5), space(4), space(1.5))
        column.setSpacing(space(1))
        column.addLayout(row)
        column.addWidget(self.problem)


class SourceLine(TargetLine):
    """A column of the file."""

    def __init__(self, kind: Kind, column: SourceColumn) -> None:
        super().__init__(kind, column, f"column_{column.name}")
        self.column = column
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(Elided(column.name, "strong", name="column_name"))
        samples = ", ".join(sample for sample in column.samples[:4] if sample)
        words.addWidget(Elided(samples or tr("no values in the first rows"), "note", name="samples"))
        self._lay_out(words)


class ValueLine(TargetLine):
    """A value of one's own."""

    value_changed = Signal(str)
    removed = Signal()

    def __init__(self, kind: Kind, number: int) -> None:
        super().__init__(kind, None, f"value_{number}")
        self.value = QLineEdit()
        self.value.setObjectName("value")
        self.value.setAccessibleName(tr("Fixed text, or pattern"))
        self.value.setPlaceholderText(tr("A fixed text, or a pattern such as c{customer_id}@example.com"))
        self.value.textEdited.connect(self.value_changed)
        remove = IconButton("x", tr("Remove the value"), colour="hint", on_click=self.removed.emit, name="remove_value")
        self._lay_out(self.value, remove)

    def show_value(self, column: Column) -> None:
        """Say the pattern; the cursor stays while it is the same."""
        if column.value != self.value.text():
            self.value.setText(column.value)
