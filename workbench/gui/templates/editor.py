"""The editor of a template: subject, code and problems at the left, the preview at the right."""

from dataclasses import dataclass
from typing import Final, Literal

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from workbench.engine import endpoints, templates
from workbench.gui.bridge import Bridge
from workbench.gui.document import Document
from workbench.gui.parts import format as fmt
from workbench.gui.parts.button import Button
from workbench.gui.parts.card import Card
from workbench.gui.parts.header import PageHeader
from workbench.gui.parts.switch import SegmentedSwitch
from workbench.gui.parts.text import Text, plain_tip
from workbench.gui.parts.title_line import TitleLine
from workbench.gui.templates.code import CodeEdit
from workbench.gui.templates.preview import Preview
from workbench.gui.templates.problems import Place, ProblemList, places
from workbench.gui.theme.mark import mark
from workbench.gui.theme.tokens import space
from workbench.plan.catalogue import Catalogue
from workbench.plan.problem import Problem
from workbench.plan.template import Rendered, Template
from workbench.plan.words import tr

Part = Literal["subject", "html", "text"]
_PAUSE_MS: Final = 150
_GOOD_LENGTH: Final = 60


@dataclass(frozen=True, slots=True)
class Opened:
    """A stored template being edited."""

    template_id: str
    document: Document[Template]


class TemplateEditor(QWidget):
    """Edits one template; every stroke goes through its document.

    Attributes:
        header: breadcrumb, name, state, buttons; the page adds what leads elsewhere.
    """

    saved = Signal()

    def __init__(self, bridge: Bridge, *, name: str = "template_editor", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self._bridge = bridge
        self._opened: Opened | None = None
        self._problems: tuple[Problem, ...] = ()
        self.header = PageHeader("", tr("Templates"))
        self.name = TitleLine(self.header, tr("Name of the template"), tr("Name of the template"), name="template_name")
        self.subject = CodeEdit(tr("Subject"), single_line=True, name="subject")
        self.html = CodeEdit(tr("HTML part"), html=True, name="html")
        self.text = CodeEdit(tr("Plain-text part"), name="text")
        self.text.setPlaceholderText(tr("Empty: made from the HTML."))
        self.subject_length = Text("", "hint", name="subject_length")
        self.tabs = SegmentedSwitch((("html", "HTML"), ("text", tr("Text"))), label=tr("Part"), name="part")
        self.problems = ProblemList()
        self.preview = Preview(bridge)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE_MS)
        self._pause.timeout.connect(self._check)
        self._arrange()
        self._connect()

    def document(self) -> Document[Template] | None:
        """What is being edited."""
        return self._opened.document if self._opened else None

    def template_id(self) -> str:
        """Which template is being edited; empty for none."""
        return self._opened.template_id if self._opened else ""

    def open(self, template_id: str, template: Template, *, fresh: bool = False) -> Document[Template]:
        """Edit another template; `fresh` where it was made just now."""

        # Saving is bound to this document: its last edits are saved when another one is open already.
        def save(now: Template) -> None:
            self._save(template_id, document, now)

        document: Document[Template] = Document(template, save, self, fresh=fresh)
        self._opened = Opened(template_id, document)
        document.changed.connect(self._redraw)
        self.header.pill.show_state(tr("Saved"))
        self.preview.problem.show_problem(None)
        self._redraw(template)
        self.refresh()
        return document

    def refresh(self) -> None:
        """The catalogue or people have changed."""
        self._bridge.ask(endpoints.catalogue, then=self._know, slot="catalogue", owner=self)
        self.preview.refresh()
        self._check()

    def show_part(self, part: Part) -> CodeEdit:
        """Bring a part to the front and give its editor."""
        if part == "subject":
            return self.subject
        self.tabs.set_value(part)
        editor = self.text if part == "text" else self.html
        self._faces.setCurrentWidget(editor)
        return editor

    def go_to(self, place: Place) -> None:
        """Select the stretch that a problem is about."""
        part: Part = "subject" if place.part == "subject" else "text" if place.part == "text" else "html"
        self.show_part(part).jump(place.start, place.end)

    def _connect(self) -> None:
        self.name.renamed.connect(lambda text: self._edit("name", text, tr("Change name"), "name"))
        labels = {"subject": tr("Change subject"), "html": tr("Change HTML"), "text": tr("Change text")}
        for part, editor in self._editors().items():
            editor.typed.connect(lambda text, key, part=part: self._edit(part, text, labels[part], key))
        self.subject.returned.connect(lambda: self.html.setFocus(Qt.FocusReason.TabFocusReason))
        self.tabs.changed.connect(lambda part: self.show_part("text" if part == "text" else "html"))
        self.problems.chosen.connect(self.go_to)
        self.preview.rendered.connect(self._measure)

    def _editors(self) -> dict[str, CodeEdit]:
        return {"subject": self.subject, "html": self.html, "text": self.text}

    def _edit(self, part: str, text: str, label: str, key: str) -> None:
        if self._opened is not None:
            document = self._opened.document
            document.replace(document.definition.model_copy(update={part: text}), label, key)

    def _redraw(self, template: Template) -> None:
        self.name.show_name(template.name)
        for part, editor in self._editors().items():
            editor.show_text(getattr(template, part))
        self.preview.show_template(template)
        self._pause.start()

    def _check(self) -> None:
        document = self.document()
        if document is not None:
            self._bridge.ask(
                templates.check,
                document.definition,
                then=self._mark,
                slot="check",
                owner=self,
                failed=lambda _error: None,
            )

    def _mark(self, problems: tuple[Problem, ...]) -> None:
        document = self.document()
        if document is None:
            return
        self._problems = problems
        found = places(document.definition, problems)
        for part, editor in self._editors().items():
            editor.set_marks([place.mark() for place in found if place.part == part])
        self.problems.show_places(found)

    def _know(self, catalogue: Catalogue) -> None:
        for editor in self._editors().values():
            editor.set_fields(catalogue.fields())

    def _measure(self, rendered: Rendered) -> None:
        if not rendered.problem:
            length = len(rendered.subject)
            self.subject_length.setText(f"{fmt.number(length)} / {_GOOD_LENGTH}")
            self.subject_length.setToolTip(tr("Longer subjects are cut in most inboxes."))
            self.subject_length.set_role("warn" if length > _GOOD_LENGTH else "hint")

    def _save(self, template_id: str, document: Document[Template], template: Template) -> None:
        if document is self.document():
            self.header.pill.show_state(tr("Saving"))
        self._bridge.ask(
            templates.save,
            template,
            template_id,
            document.amends,
            then=lambda _id: self._kept(document),
            failed=lambda error: self._refused(error, document),
            owner=self,
        )

    def _kept(self, document: Document[Template]) -> None:
        if document is self.document():
            self.header.pill.show_state(tr("Saved"))
            self.header.pill.setToolTip("")
        self.saved.emit()

    def _refused(self, error: Exception, document: Document[Template]) -> None:
        document.unsaved()
        shown = document is self.document()
        if not shown or not self.isVisible():
            self._bridge.unheard.emit(error)
        if not shown:
            return
        self.header.pill.show_state(tr("Not saved"), "bad")
        self.header.pill.setToolTip(plain_tip(str(error)))

    def _arrange(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.header)
        line = QHBoxLayout()
        line.setSpacing(space(3))
        label = Text(tr("Subject"), "muted")
        label.setBuddy(self.subject)
        line.addWidget(label)
        line.addWidget(self.subject, 1)
        line.addWidget(self.subject_length)
        column.addLayout(line)
        column.addSpacing(space(3))
        split = QSplitter(Qt.Orientation.Horizontal)
        split.setObjectName("template_split")
        split.setChildrenCollapsible(False)
        split.setHandleWidth(space(3))
        split.addWidget(self._code())
        split.addWidget(self.preview)
        for at in range(split.count()):
            split.setStretchFactor(at, 1)
        split.setSizes([1, 1])
        column.addWidget(split, 1)

    def _code(self) -> QWidget:
        card = Card(flush=True, name="code")
        card.body.setSpacing(0)
        head = QHBoxLayout()
        head.setContentsMargins(space(3), space(2), space(2), space(2))
        head.addWidget(self.tabs)
        head.addStretch(1)
        head.addWidget(
            Button(
                tr("Merge field"),
                "quiet",
                glyph="brackets-curly",
                tip=tr("Insert a merge field (Ctrl+Space)"),
                on_click=self._offer_fields,
                name="insert_field",
            )
        )
        card.add(head)
        self._faces = QStackedWidget()
        for editor in (self.html, self.text):
            mark(editor, bare=True)
            self._faces.addWidget(editor)
        card.add(self._faces, 1)
        below = QVBoxLayout()
        below.setContentsMargins(space(2), 0, space(2), space(2))
        below.addWidget(self.problems)
        card.add(below)
        return card

    def _offer_fields(self) -> None:
        editor = self._faces.currentWidget()
        if isinstance(editor, CodeEdit):
            editor.setFocus(Qt.FocusReason.OtherFocusReason)
            editor.complete()
