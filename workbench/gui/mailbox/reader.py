"""One mail, opened: as its reader sees it, as text, as it came over the wire."""

from datetime import datetime

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QStackedWidget, QVBoxLayout, QWidget

from workbench.gui.parts import format as fmt
from workbench.gui.parts.card import Card
from workbench.gui.parts.field import ProblemLine
from workbench.gui.parts.htmlview import HtmlView
from workbench.gui.parts.switch import SegmentedSwitch
from workbench.gui.parts.text import Elided, Line, Text
from workbench.gui.theme.mark import mark
from workbench.gui.theme.tokens import space
from workbench.plan.channel import MailboxMessage
from workbench.plan.words import tr


class Reader(QWidget):
    """Shows a message; whatever it holds is shown as plain text or in the safe view."""

    def __init__(self, *, name: str = "reader", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.subject = Elided("", "heading", name="mail_subject")
        self.people = Elided("", "muted", name="mail_people")
        self.when = Text("", "hint", name="mail_when")
        self.switch = SegmentedSwitch(
            (("html", "HTML"), ("text", tr("Text")), ("source", tr("Source"))), label=tr("Show as"), name="mail_part"
        )
        self.problem = ProblemLine(name="mail_problem")
        self.html = HtmlView(tr("The message"), name="mail_html")
        self.text = _plain("mail_text", tr("The plain-text part"))
        self.source = _plain("mail_source", tr("The message as it came over the wire"))
        self.source.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self._faces = QStackedWidget()
        for face in (self.html, self.text, self.source):
            self._faces.addWidget(face)
        self.switch.changed.connect(self._look)
        self._arrange()
        self.clear()

    def show_message(self, message: MailboxMessage, at: datetime) -> None:
        """Open another message; the chosen part stays chosen where the message has it."""
        entry = message.entry
        self._head.show()
        self.problem.show_problem(None)
        self.subject.set_text(entry.subject or tr("(no subject)"))
        self.people.set_text(tr("{sender} to {recipient}").format(sender=entry.sender, recipient=entry.recipient))
        self.when.setText(f"{fmt.relative(at)} · {fmt.size(entry.size)}")
        self.when.setToolTip(fmt.exact(at))
        self.html.show_html(message.html)
        self.text.setPlainText(message.text)
        self.source.setPlainText(message.source)
        self.switch.button("html").setEnabled(bool(message.html))
        if not message.html and self.switch.value() == "html":
            self.switch.set_value("text")
        self._look(self.switch.value())

    def clear(self) -> None:
        """No message is open."""
        self._head.hide()
        self.html.show_html("")
        self.text.clear()
        self.source.clear()
        self.problem.show_problem(None)

    def fail(self, text: str) -> None:
        """The message could not be opened."""
        self.clear()
        self.problem.show_problem(text)

    def _look(self, face: str) -> None:
        self._faces.setCurrentWidget({"html": self.html, "text": self.text, "source": self.source}[face])

    def _arrange(self) -> None:
        self._head = Card(name="mail_head")
        first = QHBoxLayout()
        first.setSpacing(space(2))
        first.addWidget(self.subject, 1)
        first.addWidget(self.when)
        second = QHBoxLayout()
        second.setSpacing(space(2))
        second.addWidget(self.people, 1)
        second.addWidget(self.switch, 0, Qt.AlignmentFlag.AlignVCenter)
        self._head.add(first)
        self._head.add(Line(soft=True))
        self._head.add(second)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(space(3))
        column.addWidget(self._head)
        column.addWidget(self.problem)
        column.addWidget(self._faces, 1)


def _plain(name: str, label: str) -> QPlainTextEdit:
    edit = QPlainTextEdit()
    edit.setObjectName(name)
    edit.setAccessibleName(label)
    edit.setReadOnly(True)
    mark(edit, role="mono")
    return edit
