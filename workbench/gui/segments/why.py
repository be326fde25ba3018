"""The question why someone is, or is not, a member of the segment."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QStringListModel, QTimer, Signal, SignalInstance
from PySide6.QtWidgets import QCompleter, QHBoxLayout, QLineEdit, QWidget

from workbench.gui.parts.button import IconButton
from workbench.gui.parts.card import Card
from workbench.gui.parts.field import ProblemLine
from workbench.gui.parts.text import Text
from workbench.gui.segments.truth_mark import TruthMark
from workbench.gui.theme.tokens import Measure, space
from workbench.plan.endpoint import TablePage
from workbench.plan.words import tr

#: people offered at most
OFFERED: Final = 8
_PAUSE_MS: Final = 150


class WhyCard(Card):
    """A line to find anyone by; what is asked about is shown at each rule until it is cleared."""

    asked = Signal(str)
    """The id of an endpoint."""
    searched = Signal(str)
    """What to offer people for: address, id or name, after a pause in typing."""
    typed = Signal(str)
    """Return was pressed: somebody is to be asked about."""
    cleared = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(name="why_card", parent=parent)
        self.person = ""
        label = Text(tr("Why is someone a member, or not?"), "muted")
        self.line = QLineEdit()
        self.line.setObjectName("why_line")
        self.line.setAccessibleName(label.text())
        self.line.setPlaceholderText(tr("Choose someone above, or type name, address or ID"))
        self.line.setFixedWidth(Measure.field)
        self._ids: dict[str, str] = {}
        self._offered = QStringListModel(self)
        completer = QCompleter(self._offered, self)
        # Names find people too, and are not in the lines offered.
        completer.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
        completer.activated.connect(self._choose)
        self.line.setCompleter(completer)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE_MS)
        self._pause.timeout.connect(lambda: self._tell(self.searched))
        self.line.textEdited.connect(lambda _text: self._pause.start())
        self.line.returnPressed.connect(lambda: self._tell(self.typed))
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

    def offer(self, found: TablePage) -> None:
        """Offer these people: rows of id and address."""
        if not self.line.hasFocus():
            return
        self._ids = {_called(row): str(row[0]) for row in found.rows}
        self._offered.setStringList(list(self._ids))
        self.line.completer().complete()

    def take(self, text: str, found: TablePage) -> None:
        """Ask about who was meant by the text: by id or address, or the only one found; else offer those found."""
        rows = found.rows
        meant = [row for row in rows if text in {str(row[0]), str(row[1])}] or (rows if len(rows) == 1 else ())
        if meant or not rows:
            self.ask(str(meant[0][0]) if meant else text)
        else:
            self.offer(found)

    def _tell(self, signal: SignalInstance) -> None:
        self._pause.stop()
        text = self.line.text().strip()
        if text in self._ids:
            self._choose(text)
        elif text:
            signal.emit(text)
        else:
            self.clear()

    def _choose(self, line: str) -> None:
        self._pause.stop()
        if line in self._ids:
            self.ask(self._ids[line])

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


def _called(row: Sequence[object]) -> str:
    """A row of id and address as a line."""
    endpoint_id, address = str(row[0]), str(row[1] or "")
    return f"{address} ({endpoint_id})" if address else endpoint_id
