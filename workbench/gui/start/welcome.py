"""What stands there before a workspace is open: recent ones, another one, a new one, the sample."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from workbench.gui.parts.button import Button
from workbench.gui.parts.card import Card
from workbench.gui.parts.field import ProblemLine
from workbench.gui.parts.text import Text, plain_tip
from workbench.gui.theme.mark import mark
from workbench.gui.theme.tokens import Measure, space
from workbench.plan.words import tr


class Welcome(QWidget):
    """A small window of its own."""

    open_wanted = Signal(object)
    """A path, or None to ask for one."""
    new_wanted = Signal()
    sample_wanted = Signal()

    def __init__(self, recent: Sequence[Path], problem: str = "") -> None:
        super().__init__()
        self.setObjectName("welcome")
        self.setWindowTitle(tr("Marketing workbench"))
        mark(self, surface="page")
        self.setMinimumSize(Measure.palette, Measure.sheet)
        column = QVBoxLayout(self)
        column.setContentsMargins(space(8), space(8), space(8), space(8))
        column.setSpacing(space(3))
        column.addWidget(Text(tr("Marketing workbench"), "title"))
        column.addWidget(
            Text(
                tr("People, segments, messages, campaigns and results: one file, on this machine."), "muted", wrap=True
            )
        )
        self.problem = ProblemLine(problem, name="welcome_problem")
        column.addWidget(self.problem)
        row = QHBoxLayout()
        row.setSpacing(space(2))
        row.addWidget(
            Button(tr("New workspace"), "primary", on_click=self.new_wanted.emit, glyph="plus", name="welcome_new")
        )
        row.addWidget(Button(tr("Open…"), on_click=self._ask, glyph="folder-open", name="welcome_open"))
        row.addWidget(
            Button(tr("Try the sample shop"), on_click=self.sample_wanted.emit, glyph="flask", name="welcome_sample")
        )
        row.addStretch(1)
        column.addLayout(row)
        if recent:
            column.addWidget(self._recent(recent))
        column.addStretch(1)

    def _recent(self, recent: Sequence[Path]) -> Card:
        card = Card(tr("Recent"), name="welcome_recent")
        card.body.setSpacing(0)
        for path in recent[:8]:
            button = Button(path.stem, "row", tip=plain_tip(str(path)), glyph="database")
            button.clicked.connect(lambda _checked=False, chosen=path: self.open_wanted.emit(chosen))
            button.setCursor(Qt.CursorShape.PointingHandCursor)
            card.add(button)
        return card

    def _ask(self) -> None:
        self.open_wanted.emit(None)
