"""The first rows of a file, and those of the first that an import would reject, marked at the cell at fault."""

from collections.abc import Sequence
from functools import partial
from typing import Any, Final, Literal

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QVBoxLayout, QWidget

from workbench.gui.parts import format as fmt
from workbench.gui.parts.table import WindowedTable
from workbench.gui.parts.table_model import Block, Column, Deliver, Failed
from workbench.gui.parts.text import Text
from workbench.gui.theme.tokens import Measure, space
from workbench.plan.mapping import Preview, SourceColumn, Trial, TriedRow
from workbench.plan.words import tr, trn

_SHOWN_ROWS: Final = 5
_LETTERS: Final = (8, 28)


class FirstRows(QWidget):
    """A table of some rows, and a line that says how many would be rejected."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._names: tuple[str, ...] = ()
        self._rows: tuple[TriedRow, ...] = ()
        self.table = WindowedTable([], self._fetch, label=tr("First rows"), bare=True, name="first_rows")
        self.verdict = Text("", "warn", wrap=True, name="trial")
        self.verdict.setContentsMargins(space(4), space(2), space(4), space(2))
        self.verdict.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.table)
        column.addWidget(self.verdict)

    def show_preview(self, preview: Preview) -> None:
        """The rows as they are read; nothing is known of them yet."""
        shown = preview.rows[:_SHOWN_ROWS]
        self._names = tuple(column.name for column in preview.columns)
        columns = [self._column(at, column, shown) for at, column in enumerate(preview.columns)]
        # An empty column takes the rest, so that the last real one is not torn away to the right.
        self.table.set_columns([*columns, Column("", "", width=0, sortable=False)])
        self._show(tuple(TriedRow(number=number, cells=row) for number, row in enumerate(shown, 1)))
        self.verdict.hide()

    def show_trial(self, trial: Trial) -> None:
        """What an import would do with them."""
        if trial.rows:
            self._show(trial.rows)
        text = trn(
            "{n} of the first {total} rows would be rejected",
            "{n} of the first {total} rows would be rejected",
            trial.rejected,
        )
        self.verdict.setText(text.format(n=fmt.number(trial.rejected), total=fmt.number(trial.looked_at)))
        self.verdict.setVisible(trial.rejected > 0)

    def fault(self, at: int, row: Sequence[Any]) -> str:
        """What is wrong with a cell of a row as the table has it; the first cell stands for the whole row."""
        tried = row[-1]
        column = self._names.index(tried.column) if tried.column in self._names else 0
        return tried.reason if column == at else ""

    def _column(self, at: int, column: SourceColumn, shown: Sequence[Sequence[str | None]]) -> Column:
        longest = max((len(row[at] or "") for row in shown if at < len(row)), default=0)
        letters = min(max(longest + 2, len(column.name) + 2, _LETTERS[0]), _LETTERS[1])
        kind: Literal["number", "text"] = "number" if column.type == "number" else "text"
        return Column(str(at), column.name, kind, letters, sortable=False, fault=partial(self.fault, at))

    def _show(self, rows: tuple[TriedRow, ...]) -> None:
        self._rows = rows
        self.table.reset(len(rows))
        header = self.table.view.horizontalHeader().sizeHint().height()
        self.table.setFixedHeight(Measure.row * max(len(rows), 1) + header + space(3))

    def _fetch(self, block: Block, deliver: Deliver, failed: Failed) -> None:
        del failed
        wanted: list[Any] = [(*row.cells, "", row) for row in self._rows[block.offset : block.offset + block.limit]]
        QTimer.singleShot(0, self, lambda: deliver(wanted))
