"""The template as one person gets it: desktop, phone or text, a little after the last key."""

from typing import Final

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QStackedWidget, QVBoxLayout, QWidget

from workbench.engine import templates
from workbench.gui.bridge import Bridge
from workbench.gui.parts.field import ProblemLine
from workbench.gui.parts.htmlview import DESKTOP, PHONE, HtmlView
from workbench.gui.parts.switch import SegmentedSwitch
from workbench.gui.parts.text import Elided, Text, plain_tip
from workbench.gui.templates.people import PeopleBar
from workbench.gui.theme.mark import mark
from workbench.gui.theme.tokens import space
from workbench.plan.template import Rendered, Template
from workbench.plan.words import tr

_PAUSE_MS: Final = 150


class Preview(QWidget):
    """Renders the template for the chosen person 150 ms after the last edit; what is out of date is dimmed."""

    rendered = Signal(object)
    """The `Rendered` that is shown now."""

    def __init__(self, bridge: Bridge, *, name: str = "preview", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self._bridge = bridge
        self._template = Template()
        self._shown: Rendered | None = None
        self.switch = SegmentedSwitch(
            (("desktop", tr("Desktop")), ("phone", tr("Phone")), ("text", tr("Text"))),
            label=tr("Look at it on"),
            name="preview_width",
        )
        self.people = PeopleBar(bridge)
        self.subject = Elided("", "strong", name="preview_subject")
        self.problem = ProblemLine(name="preview_problem")
        self.html = HtmlView(tr("The message as the person sees it"), name="preview_html")
        self.text = QPlainTextEdit()
        self.text.setObjectName("preview_text")
        self.text.setAccessibleName(tr("The plain-text part"))
        self.text.setReadOnly(True)
        mark(self.text, role="mono")
        self._faces = QStackedWidget()
        self._faces.addWidget(self.html)
        self._faces.addWidget(self.text)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE_MS)
        self._pause.timeout.connect(self._ask)
        self.switch.changed.connect(self._look)
        self.people.chosen.connect(lambda _id: self._ask())
        self._arrange()

    def show_template(self, template: Template, *, at_once: bool = False) -> None:
        """Render this from now on."""
        if template == self._template and self._shown is not None:
            return
        self._template = template
        self._dim(on=True)
        if at_once:
            self._ask()
        else:
            self._pause.start()

    def refresh(self) -> None:
        """People have changed."""
        self.people.refresh()
        self._pause.start()

    def shown(self) -> Rendered | None:
        """What is shown; None before the first answer."""
        return self._shown

    def is_stale(self) -> bool:
        """Whether an edit has not been rendered yet."""
        return self.html.is_dimmed()

    def _ask(self) -> None:
        self._pause.stop()
        self._bridge.ask(
            templates.preview,
            self._template,
            self.people.endpoint_id(),
            then=self._arrived,
            failed=self._failed,
            slot="preview",
            owner=self,
        )

    def _arrived(self, rendered: Rendered) -> None:
        self.problem.show_problem(rendered.problem or None)
        if rendered.problem:
            # The last good picture stays, dimmed, while a line is half written.
            self.rendered.emit(rendered)
            return
        self._shown = rendered
        self.subject.set_text(rendered.subject)
        self.subject.setToolTip(plain_tip(rendered.subject))
        if self.html.html() != rendered.html:
            self.html.show_html(rendered.html)
        if self.text.toPlainText() != rendered.text:
            self.text.setPlainText(rendered.text)
        self._dim(on=False)
        self.rendered.emit(rendered)

    def _failed(self, error: Exception) -> None:
        self.problem.show_problem(str(error))

    def _dim(self, *, on: bool) -> None:
        self.html.dim(on=on)
        mark(self.subject, dimmed=on)

    def _look(self, face: str) -> None:
        self._faces.setCurrentWidget(self.text if face == "text" else self.html)
        if face != "text":
            self.html.set_page_width(PHONE if face == "phone" else DESKTOP)

    def _arrange(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(space(2))
        bar = QHBoxLayout()
        bar.setSpacing(space(2))
        bar.addWidget(self.switch, 0, Qt.AlignmentFlag.AlignVCenter)
        bar.addStretch(1)
        column.addLayout(bar)
        line = QHBoxLayout()
        line.setSpacing(space(2))
        line.addWidget(Text(tr("Subject"), "hint"))
        line.addWidget(self.subject, 1)
        line.addWidget(self.people, 0, Qt.AlignmentFlag.AlignVCenter)
        column.addLayout(line)
        column.addWidget(self.problem)
        column.addWidget(self._faces, 1)
        self.html.set_page_width(DESKTOP)
