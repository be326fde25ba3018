"""The templates page: the list, and the editor of the one that was opened."""

from collections.abc import Sequence
from typing import ClassVar

from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from workbench.engine import endpoints, templates
from workbench.engine.definitions import Stored
from workbench.gui.actions import ActionEntry
from workbench.gui.page import Frame, Page
from workbench.gui.parts.empty import EmptyState
from workbench.gui.parts.header import PageHeader
from workbench.gui.parts.local_table import Line, LocalTable
from workbench.gui.parts.search import SearchBox
from workbench.gui.parts.table_model import Column
from workbench.gui.parts.toast import offer_undo
from workbench.gui.templates.editor import TemplateEditor
from workbench.gui.templates.send_test import SendTest
from workbench.gui.templates.starter import starter
from workbench.plan.catalogue import Catalogue
from workbench.plan.template import Template
from workbench.plan.words import tr


class TemplatesPage(Page):
    """Lists templates; opens, makes, copies and deletes them."""

    key: ClassVar[str] = "templates"
    nouns: ClassVar[frozenset[str]] = frozenset({"templates", "endpoints"})

    def __init__(self, frame: Frame) -> None:
        super().__init__(frame, tr("Templates"))
        self._stored: dict[str, Stored] = {}
        self.list = QWidget()
        self.editor = TemplateEditor(frame.bridge)
        self.editor.header.back.connect(self._show_list)
        self.editor.header.add_secondary(
            tr("Use in a campaign"), self._use, quiet=True, name="use_template", tip=tr("Send it to people")
        )
        self.editor.header.set_primary(tr("Send a test"), self._send_test, name="send_test")
        self._faces = QStackedWidget()
        self._faces.addWidget(self.list)
        self._faces.addWidget(self.editor)
        self.column.addWidget(self._faces, 1)
        self._arrange_list()

    def refresh(self) -> None:
        """Read the list anew; an open editor keeps its text and looks at people again."""
        self.ask(templates.listed, then=self._arrived, slot="listed")
        if self.editor.template_id():
            self.editor.refresh()

    def open(self, thing: str) -> None:
        """Edit this template; empty shows the list, `new` makes one."""
        if thing == "new":
            self.new()
        elif thing:
            self.ask(templates.get, thing, then=lambda template: self._edit(thing, template), slot="open")
        else:
            self._show_list()

    def action_entries(self) -> Sequence[ActionEntry]:
        """What can be done with templates."""
        in_list = self._is_list

        def target() -> str:
            return self.table.current_key() if in_list() else self.editor.template_id()

        return (
            ActionEntry("templates.new", lambda: tr("New template"), self.new, "page", "Ctrl+N", "plus"),
            ActionEntry(
                "templates.duplicate",
                lambda: tr("Duplicate template"),
                lambda: self.duplicate(target()),
                "page",
                enabled=lambda: bool(target()),
            ),
            ActionEntry(
                "templates.delete",
                lambda: tr("Delete template"),
                lambda: self.delete(target()),
                "page",
                enabled=lambda: bool(target()),
            ),
        )

    def new(self) -> None:
        """Make a template that is a decent letter already, and open it."""
        self.ask(endpoints.catalogue, then=self._start, failed=lambda _error: self._start(Catalogue()))

    def duplicate(self, template_id: str) -> None:
        """Make a copy and open it."""
        if self.editor.template_id() == template_id:
            self.leave()
        self.ask(templates.get, template_id, then=self._copy)

    def delete(self, template_id: str) -> None:
        """Delete, and offer to bring it back."""
        name = self._stored[template_id].name if template_id in self._stored else ""
        if self.editor.template_id() == template_id:
            self._show_list()
        self.ask(templates.delete, template_id, then=lambda _nothing: self._offer_back(template_id, name))

    def _offer_back(self, template_id: str, name: str) -> None:
        text = tr("“{name}” was deleted").format(name=name) if name else tr("The template was deleted")
        offer_undo(self, text, lambda: self.ask(templates.restore, template_id))

    def _start(self, catalogue: Catalogue) -> None:
        self._make(starter(catalogue))

    def _copy(self, template: Template) -> None:
        self._make(template.model_copy(update={"name": tr("{name}, copy").format(name=template.name)}))

    def _make(self, template: Template) -> None:
        self.ask(templates.save, template, then=lambda template_id: self._edit(template_id, template, fresh=True))

    def _edit(self, template_id: str, template: Template, *, fresh: bool = False) -> None:
        self.set_document(self.editor.open(template_id, template, fresh=fresh))
        self._faces.setCurrentWidget(self.editor)
        self.set_title(template.name or tr("Templates"))
        if fresh:
            self.editor.name.setFocus()
            self.editor.name.selectAll()

    def _show_list(self) -> None:
        self.set_document(None)
        self._faces.setCurrentWidget(self.list)
        self.set_title(tr("Templates"))
        self.refresh()
        self.table.choose_key(self.editor.template_id())

    def _is_list(self) -> bool:
        return self._faces.currentWidget() is self.list

    def _use(self) -> None:
        self.leave()
        self.frame.go("campaigns", f"new?template_id={self.editor.template_id()}")

    def _send_test(self) -> None:
        self.leave()
        document = self.editor.document()
        if document is not None:
            SendTest(self, document.definition, self.editor.preview.people.endpoint_id()).open()

    def _arrived(self, stored: tuple[Stored, ...]) -> None:
        self._stored = {item.id: item for item in stored}
        self.table.show_lines([_line(item) for item in stored])
        self.search.setVisible(bool(stored))

    def _arrange_list(self) -> None:
        column = QVBoxLayout(self.list)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self.header = PageHeader(tr("Templates"))
        self.search = SearchBox(tr("Search templates"), name="search_templates")
        self.header.add_widget(self.search)
        self.header.set_primary(tr("New template"), self.new, glyph="plus", name="new_template")
        empty = EmptyState(
            "envelope-simple",
            tr(
                "A template is a message with merge fields, such as a first name. It is written once and rendered for "
                "each person."
            ),
            tr("New template"),
            self.new,
            title=tr("No templates yet"),
            name="templates_empty",
        )
        self.table = LocalTable(_columns(), empty, label=tr("Templates"), name="templates_table")
        self.table.opened_key.connect(self.open)
        self.table.removed_key.connect(self.delete)
        self.search.searched.connect(self.table.search)
        column.addWidget(self.header)
        column.addWidget(self.table, 1)


def _columns() -> tuple[Column, ...]:
    return (
        Column("name", tr("Name"), width=34),
        Column("subject", tr("Subject"), width=0),
        Column("version", tr("Version"), "number", 10),
        Column("saved", tr("Saved"), "time", 16),
    )


def _line(stored: Stored) -> Line:
    template = Template.from_json(stored.json_text)
    return Line(stored.id, (stored.name or tr("(no name)"), template.subject, stored.version, stored.saved))
