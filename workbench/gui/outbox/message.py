"""One message beside the table: whom it is to, what was decided, where it stands, and the server's words in full."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from workbench.gui.parts import format as fmt
from workbench.gui.parts.button import Button, IconButton
from workbench.gui.parts.keyvalue import Entry, KeyValueTable
from workbench.gui.parts.pill import Pill
from workbench.gui.parts.scroll import Scroll
from workbench.gui.parts.sending import decided_words, kind, state_words
from workbench.gui.parts.text import Elided, Text
from workbench.gui.theme.mark import mark
from workbench.gui.theme.tokens import Measure, space
from workbench.plan.campaign import OutboxRow
from workbench.plan.words import tr


class MessageView(QFrame):
    """The current row's message."""

    closed = Signal()
    person_wanted = Signal(str)
    """The endpoint's id."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("message_view")
        self.setFixedWidth(Measure.inspector)
        mark(self, surface="card")
        self._row: OutboxRow | None = None
        self.name = Elided("", "title", name="message_to")
        self.state = Pill("", "neutral")
        self.facts = KeyValueTable(name="message_facts")
        self.said = Text("", "heading", name="message_said")
        self.words = Text("", wrap=True, selectable=True, name="message_words")
        self.person = Button(tr("Open the person"), "link", on_click=self._want_person, name="open_person")
        column = QVBoxLayout(self)
        column.setContentsMargins(space(4), space(2), space(1), space(2))
        column.setSpacing(space(1))
        head = QHBoxLayout()
        head.setContentsMargins(0, 0, space(1), 0)
        head.addWidget(self.person)
        head.addStretch(1)
        head.addWidget(IconButton("x", tr("Close (Esc)"), on_click=self.closed.emit, name="close_message"))
        column.addLayout(head)
        scroll = Scroll(name="message_scroll")
        scroll.column.setContentsMargins(0, 0, space(3), space(5))
        scroll.column.setSpacing(space(3))
        scroll.column.addWidget(self.name)
        scroll.column.addWidget(self.state, 0, Qt.AlignmentFlag.AlignLeft)
        for widget in (self.facts, self.said, self.words):
            scroll.column.addWidget(widget)
        scroll.column.addStretch(1)
        column.addWidget(scroll, 1)

    def message(self) -> OutboxRow | None:
        """What is shown."""
        return self._row

    def show_message(self, row: OutboxRow) -> None:
        """Show another message, or the same as it stands now."""
        if row == self._row:
            return
        self._row = row
        self.name.set_text(called(row))
        self.state.show_state(state_words(row.state), kind(row.state))
        self.facts.show_entries(_facts(row))
        self.said.setText(tr("The server said") if row.code else tr("Why"))
        self.words.setText(row.words)
        for label in (self.said, self.words):
            label.setVisible(bool(row.words))
        self.person.setVisible(bool(row.endpoint_id))

    def forget(self) -> None:
        """Show nothing."""
        self._row = None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc closes."""
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
            return
        super().keyPressEvent(event)

    def _want_person(self) -> None:
        if self._row is not None:
            self.person_wanted.emit(self._row.endpoint_id)


def called(row: OutboxRow) -> str:
    """The person's name, else the address, else the id."""
    return row.name or row.address or row.endpoint_id


def _facts(row: OutboxRow) -> tuple[Entry, ...]:
    entries = [
        Entry(tr("Address"), row.address, tip=row.address),
        Entry(tr("Decision"), decided_words(row.decision), tip=decided_words(row.decision)),
        Entry(tr("Attempts"), fmt.number(row.attempts) if row.attempts else ""),
        Entry(tr("When"), fmt.relative(row.at), tip=fmt.exact(row.at)),
    ]
    if row.next_try is not None:
        entries.append(Entry(tr("Next try"), fmt.relative(row.next_try), tip=fmt.exact(row.next_try)))
    return tuple(entry for entry in entries if entry.value)
