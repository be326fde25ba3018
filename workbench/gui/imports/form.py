"""The mapping form: one line per column of the file, then values of one's own."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from workbench.gui.imports import edits
from workbench.gui.imports.rows import SourceLine, TargetLine, ValueLine
from workbench.gui.parts.button import Button
from workbench.gui.parts.card import Card
from workbench.gui.parts.field import ProblemLine
from workbench.gui.parts.text import Line
from workbench.gui.theme.tokens import space
from workbench.plan.mapping import Mapping, SourceColumn
from workbench.plan.problem import Problem
from workbench.plan.words import tr


class MappingForm(Card):
    """Mirrors a mapping; gestures become edits of it."""

    edited = Signal(object, str, str)
    """The new mapping, what was done, and the key under which such edits are one step."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(tr("What each column becomes"), name="mapping_form", flush=True, parent=parent)
        self._mapping = Mapping()
        self._columns: tuple[SourceColumn, ...] = ()
        self._sources: list[SourceLine] = []
        self._values: list[ValueLine] = []
        self.problem = ProblemLine(name="mapping_problem")
        self.problem.setContentsMargins(space(4), 0, space(4), space(2))
        self.body.setSpacing(0)
        self.add(self.problem)
        self._list = QVBoxLayout()
        self._list.setSpacing(0)
        self.add(self._list)
        self.add(Line(soft=True))
        self.add_value = Button(tr("Add a value"), "quiet", glyph="plus", on_click=self._add_value, name="add_value")
        foot = QVBoxLayout()
        foot.setContentsMargins(space(1), 0, space(1), space(1))
        foot.addWidget(self.add_value, 0, Qt.AlignmentFlag.AlignLeft)
        self.add(foot)

    def show_mapping(
        self,
        columns: Sequence[SourceColumn],
        mapping: Mapping,
        problems: Sequence[Problem],
        *,
        reveal: bool = False,
    ) -> None:
        """Mirror the mapping; lines stay where only their answers change."""
        own = edits.lines(mapping).own
        if (tuple(columns), mapping.kind, len(own)) != (self._columns, self._mapping.kind, len(self._values)):
            self._rebuild(tuple(columns), mapping, len(own))
        self._mapping = mapping
        lines = edits.lines(mapping)
        for line in self._sources:
            number = lines.by_source.get(line.column.name)
            self._show(line, number, problems, reveal=reveal)
        for value_line, number in zip(self._values, lines.own, strict=True):
            value_line.show_value(mapping.columns[number])
            self._show(value_line, number, problems, reveal=reveal)
        whole = [problem for problem in problems if problem.where == "columns"]
        self.problem.show_problem(whole[0] if whole else None)

    def line_of(self, name: str) -> SourceLine:
        """The line of a column of the file; raises StopIteration where there is none."""
        return next(line for line in self._sources if line.column.name == name)

    def value_lines(self) -> list[ValueLine]:
        """The lines of one's own values."""
        return list(self._values)

    def focus_fault(self) -> None:
        """Give the focus to the first line with a problem."""
        for line in (*self._sources, *self._values):
            if not line.problem.isHidden():
                line.target.setFocus(Qt.FocusReason.OtherFocusReason)
                return
        self.add_value.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show(self, line: TargetLine, number: int | None, problems: Sequence[Problem], *, reveal: bool) -> None:
        mine = [problem for problem in problems if problem.where.startswith(f"columns.{number}.")]
        line.show_target(self._mapping.columns[number] if number is not None else None, mine, reveal=reveal)

    def _rebuild(self, columns: tuple[SourceColumn, ...], mapping: Mapping, values: int) -> None:
        while (item := self._list.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        self._columns = columns
        self._sources = [self._source(mapping, column) for column in columns]
        self._values = [self._value(mapping, at) for at in range(values)]
        for line in (*self._sources, *self._values):
            self._list.addWidget(Line(soft=True))
            self._list.addWidget(line)

    def _source(self, mapping: Mapping, column: SourceColumn) -> SourceLine:
        line = SourceLine(mapping.kind, column)
        line.target_changed.connect(
            lambda target: self._edit(
                edits.with_target(self._mapping, column.name, target, column.samples), tr("Change target")
            )
        )
        line.format_changed.connect(lambda way: self._change(edits.lines(self._mapping).by_source[column.name], way))
        return line

    def _value(self, mapping: Mapping, at: int) -> ValueLine:
        line = ValueLine(mapping.kind, at)

        def number() -> int:
            return edits.lines(self._mapping).own[at]

        def aimed(target: str) -> Mapping:
            mapping = edits.with_column(self._mapping, number(), target=target)
            return edits.with_channel(mapping, target, (mapping.columns[number()].value,))

        line.target_changed.connect(lambda target: self._edit(aimed(target), tr("Change target")))
        line.value_changed.connect(
            lambda value: self._edit(
                edits.with_column(self._mapping, number(), value=value), tr("Change value"), f"value {at}"
            )
        )
        line.format_changed.connect(lambda way: self._change(number(), way))
        line.removed.connect(lambda: self._edit(edits.without(self._mapping, number()), tr("Remove value")))
        return line

    def _change(self, number: int, way: str) -> None:
        self._edit(edits.with_column(self._mapping, number, date_format=way), tr("Change date format"))

    def _add_value(self) -> None:
        self._edit(edits.with_value(self._mapping), tr("Add value"))
        if self._values:
            self._values[-1].value.setFocus(Qt.FocusReason.OtherFocusReason)

    def _edit(self, mapping: Mapping, label: str, key: str = "") -> None:
        self.edited.emit(mapping, label, key)
