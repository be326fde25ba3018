"""The question why someone is, or is not, a member of the segment."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from workbench.gui.parts.button import IconButton
from workbench.gui.parts.card import Card
from workbench.gui.parts.field import ProblemLine
from workbench.gui.parts.text import Text
from workbench.gui.segments.truth_mark import TruthMark
from workbench.gui.theme.tokens import Measure, space
from workbench.plan.words import tr


class WhyCard(Card):
    """A line for the ID of anyone; what is asked about is shown at each rule until it is cleared."""

    asked = Signal(str)
    cleared = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(name="why_card", parent=parent)
        self.person = ""
        label = Text(tr("Why is someone a member, or not?"), "muted")
        self.line = QLineEdit()
        self.line.setObjectName("why_line")
        self.line.setAccessibleName(label.text())
        self.line.setPlaceholderText(tr("Choose someone above, or type an ID"))
        self.line.setFixedWidth(Measure.field)
        self.line.returnPressed.connect(lambda: self.ask(self.line.text().strip()))
        self.verdict = TruthMark()
        self.close_button = IconButton("x", tr("Stop showing why (Esc)"), colour="hint", name="why_clear")
        self.close_button.clicked.connect(lambda _checked=False: self.clear())
        self.close_button.hide()
        self.problem = ProblemLine(name="why_problem")
        row = QHBoxLayout()
        row.setSpacing(space(3))
        row.addWidget(label)
        row.addWidget(self.line)
        row.addWidget(self.verdict, 1)
        row.addStretch()
        row.addWidget(self.close_button)
        self.add(row)
        self.add(self.problem)

    def ask(self, endpoint_id: str) -> None:
        """Ask about this one from now on; nobody where it is empty."""
        if not endpoint_id:
            self.clear()
            return
        self.person = endpoint_id
        self.line.setText(endpoint_id)
        self.close_button.show()
        self.asked.emit(endpoint_id)

    def clear(self) -> None:
        """Ask about nobody."""
        self.person = ""
        self.line.clear()
        self.problem.show_problem(None)
        self.verdict.show_truth(None)
        self.close_button.hide()
        self.cleared.emit()

    def show_answer(self, *, member: bool) -> None:
        """Whether the person is a member."""
        self.problem.show_problem(None)
        self.verdict.show_truth(member, tr("is a member") if member else tr("is not a member"))

    def show_failure(self, error: Exception) -> None:
        """There is no such person, or the question could not be asked."""
        self.verdict.show_truth(None)
        self.problem.show_problem(str(error))
