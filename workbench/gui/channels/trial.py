"""Trying a channel: "Test connection" with each step and the server's words, and "Send a test to me"."""

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from workbench.gui.parts.button import Button
from workbench.gui.parts.card import Card
from workbench.gui.parts.field import Field, ProblemLine
from workbench.gui.parts.pill import Pill
from workbench.gui.parts.text import Text
from workbench.gui.theme.tokens import space
from workbench.plan.channel import ChannelTest, bad_address, is_address
from workbench.plan.words import tr

_LONGEST: Final = 400


class Trial(QWidget):
    """Two cards beside the form; the page does the asking.

    Args:
        address: one's own address, as it was used last.
    """

    test_wanted = Signal()
    send_wanted = Signal(str)

    def __init__(self, address: str, *, name: str = "trial", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self._connection = _Outcome(
            Card(tr("Connection"), name="connection"), tr("Test connection"), self.test_wanted.emit, "test_connection"
        )
        self.address = QLineEdit(address)
        self.address.setObjectName("my_address")
        self.address.setPlaceholderText("you@example.com")
        self.address.returnPressed.connect(self._send)
        self._to = Field(tr("To"), self.address, "address")
        card = Card(tr("Send a test to me"), name="send_to_me")
        card.add(self._to)
        self._message = _Outcome(card, tr("Send"), self._send, "send_test")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(space(3))
        column.addWidget(self._connection.card)
        column.addWidget(self._message.card)
        column.addStretch(1)

    def clear(self) -> None:
        """Another channel: nothing is known of it."""
        self._connection.clear()
        self._message.clear()
        self._to.settle()

    def begin_test(self) -> None:
        """The connection is being tried."""
        self._connection.begin()

    def begin_send(self) -> None:
        """The message is on its way."""
        self._message.begin()

    def show_test(self, answer: ChannelTest) -> None:
        """What the try of the connection gave."""
        self._connection.show_answer(answer, tr("Works"), tr("Does not work"))

    def show_sent(self, answer: ChannelTest) -> None:
        """What the server said to the message."""
        self._message.show_answer(answer, tr("Sent"), tr("Not sent"))

    def fail_test(self, text: str) -> None:
        """The try could not be made."""
        self._connection.fail(text)

    def fail_send(self, text: str) -> None:
        """The message could not be sent."""
        self._message.fail(text)

    def words(self) -> str:
        """All steps of the connection as shown, one per line."""
        return self._connection.words()

    def _send(self) -> None:
        if not self._message.button.isEnabled():
            return
        address = self.address.text().strip()
        wrong = None if is_address(address) else bad_address("address", address)
        self._to.set_problem(wrong)
        self._to.reveal()
        if wrong is None:
            self.send_wanted.emit(address)
        else:
            self.address.setFocus()


class _Outcome:
    """A button, and below it the steps with the server's own words, as plain text."""

    def __init__(self, card: Card, verb: str, on_click: Callable[[], object], name: str) -> None:
        self.card = card
        self.button = Button(verb, on_click=on_click, name=name)
        self.pill = Pill(name=f"{name}_state")
        self.problem = ProblemLine(name=f"{name}_problem")
        self._rows = QWidget()
        self._rows.setObjectName(f"{name}_steps")
        self._grid = QGridLayout(self._rows)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(space(3))
        self._grid.setVerticalSpacing(space(1.5))
        self._grid.setColumnStretch(1, 1)
        self._steps: tuple[tuple[str, str], ...] = ()
        row = QHBoxLayout()
        row.setSpacing(space(2))
        row.addWidget(self.button)
        row.addWidget(self.pill)
        row.addStretch(1)
        card.add(row)
        card.add(self.problem)
        card.add(self._rows)
        self.clear()

    def clear(self) -> None:
        """Nothing was tried."""
        self.button.setEnabled(True)
        self.pill.show_state("")
        self.problem.show_problem(None)
        self._show_steps(())

    def begin(self) -> None:
        """It is being tried."""
        self.button.setEnabled(False)
        self.pill.show_state(tr("Trying"))
        self.problem.show_problem(None)

    def show_answer(self, answer: ChannelTest, good: str, bad: str) -> None:
        """What came out."""
        self.button.setEnabled(True)
        self.pill.show_state(good if answer.works else bad, "good" if answer.works else "bad")
        self.problem.show_problem(answer.problem or None)
        self._show_steps(answer.steps)

    def fail(self, text: str) -> None:
        """It could not be tried."""
        self.show_answer(ChannelTest(works=False, steps=(), problem=text), "", tr("Not tried"))

    def words(self) -> str:
        """The steps, one per line."""
        return "\n".join(f"{step}: {words}" for step, words in self._steps)

    def _show_steps(self, steps: tuple[tuple[str, str], ...]) -> None:
        self._steps = steps
        while (item := self._grid.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for row, (step, words) in enumerate(steps):
            self._grid.addWidget(Text(step, "muted"), row, 0)
            said = Text(words[:_LONGEST], "", wrap=True, selectable=True)
            self._grid.addWidget(said, row, 1)
        self._rows.setVisible(bool(steps))
