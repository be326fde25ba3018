"""The people page: the table, and the page of the person who was opened."""

from collections.abc import Sequence
from typing import ClassVar

from PySide6.QtWidgets import QStackedWidget

from workbench.gui.actions import ActionEntry
from workbench.gui.audience.people import PeopleView
from workbench.gui.audience.person import PersonPage
from workbench.gui.page import Frame, Page
from workbench.plan.words import tr


class PeoplePage(Page):
    """`open("")` is the table, `open(endpoint id)` the person."""

    key: ClassVar[str] = "people"
    nouns: ClassVar[frozenset[str]] = frozenset({"endpoints", "events", "segments", "outbox"})

    def __init__(self, frame: Frame) -> None:
        super().__init__(frame, tr("People"))
        self.people = PeopleView(self)
        self.person = PersonPage(self)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.people)
        self._stack.addWidget(self.person)
        self.column.addWidget(self._stack, 1)
        self.people.opened.connect(self.open)
        self.person.closed.connect(lambda: self.open(""))

    def open(self, thing: str) -> None:
        """The table, or one person."""
        if thing:
            self._stack.setCurrentWidget(self.person)
            self.person.open(thing)
            self.person.setFocus()
            return
        self.person.forget()
        self._stack.setCurrentWidget(self.people)
        self.people.table.view.setFocus()

    def refresh(self) -> None:
        """Read anew what is in front."""
        if self._stack.currentWidget() is self.person:
            self.person.refresh()
        else:
            self.people.refresh()

    def action_entries(self) -> Sequence[ActionEntry]:
        """Find, export, columns."""
        return (
            ActionEntry("people.find", lambda: tr("Find people"), self._find, "page", "Ctrl+F", "magnifying-glass"),
            ActionEntry("people.export", lambda: tr("Export people…"), self.people.export, "page", glyph="export"),
        )

    def _find(self) -> None:
        self.open("")
        self.people.filters.search.setFocus()
        self.people.filters.search.selectAll()
