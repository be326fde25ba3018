"""One person: the inspector beside the table, and the page of its own; both show facts and timeline."""

from functools import partial
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from workbench.engine import endpoints, segments
from workbench.gui.audience.facts import Facts, called, state_pill
from workbench.gui.audience.memberships import Memberships
from workbench.gui.audience.timeline import Timeline
from workbench.gui.page import Page
from workbench.gui.parts.button import Button, IconButton
from workbench.gui.parts.card import Card
from workbench.gui.parts.field import ProblemLine
from workbench.gui.parts.header import PageHeader
from workbench.gui.parts.names import channel_name
from workbench.gui.parts.scroll import Scroll
from workbench.gui.theme.mark import mark
from workbench.gui.theme.tokens import Measure, space
from workbench.plan.endpoint import Person
from workbench.plan.words import tr

_FIRST: Final = 20
_MORE: Final = 50


class PersonView(QWidget):
    """What inspector and page share: asks for a person, shows it, brings more of its timeline."""

    closed = Signal()
    opened = Signal(str)

    def __init__(self, page: Page, *, heading: bool, name: str) -> None:
        super().__init__(page)
        self.setObjectName(name)
        self._page = page
        self._endpoint_id = ""
        self._shown: Person | None = None
        self.facts = Facts(heading=heading)
        self.timeline = Timeline()
        self.problem = ProblemLine()
        self.facts.endpoint_wanted.connect(self.open)
        self.timeline.more_wanted.connect(self._more)

    @property
    def endpoint_id(self) -> str:
        """Who is shown, empty for nobody."""
        return self._endpoint_id

    def open(self, endpoint_id: str) -> None:
        """Show another person."""
        self._endpoint_id = endpoint_id
        self._ask(_FIRST)

    def forget(self) -> None:
        """Show nobody; an answer that is still on its way is not wanted."""
        self._endpoint_id = ""

    def refresh(self) -> None:
        """Show the same person anew, as far down as before."""
        if self._endpoint_id:
            self._ask(max(self.timeline.shown(), _FIRST))

    def show_person(self, person: Person) -> None:
        """Show what came."""
        if person.endpoint.id != self._endpoint_id:
            return
        self.problem.show_problem(None)
        if person == self._shown:
            return
        self._shown = person
        self.facts.show_person(person)
        self.timeline.begin(person.timeline, person.timeline_total)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc goes back."""
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
            return
        super().keyPressEvent(event)

    def _ask(self, limit: int) -> None:
        ask = partial(self._page.ask, endpoints.person, self._endpoint_id, 0, limit)
        ask(then=self.show_person, failed=self._fail, slot=f"person-{self.objectName()}")

    def _fail(self, error: Exception) -> None:
        self.problem.show_problem(str(error))

    def _more(self, shown: int) -> None:
        asked = self._endpoint_id
        self._shown = None

        def append(person: Person) -> None:
            if asked == self._endpoint_id and shown == self.timeline.shown():
                self.timeline.append(person.timeline, person.timeline_total)

        self._page.ask(endpoints.person, asked, shown, _MORE, then=append, slot=f"more-{self.objectName()}")


class Inspector(PersonView):
    """Beside the table: the current row's person."""

    def __init__(self, page: Page) -> None:
        super().__init__(page, heading=True, name="inspector")
        self.setFixedWidth(Measure.inspector)
        frame = QFrame(self)
        mark(frame, surface="card")
        around = QVBoxLayout(self)
        around.setContentsMargins(0, 0, 0, 0)
        around.addWidget(frame)
        column = QVBoxLayout(frame)
        column.setContentsMargins(space(4), space(2), space(1), 0)
        column.setSpacing(space(1))
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, space(1), 0)
        self.open_button = Button(tr("Open"), "link", tip=tr("Open the person's page (Enter)"), name="open_person")
        self.open_button.clicked.connect(lambda _checked=False: self.opened.emit(self._endpoint_id))
        row.addWidget(self.open_button)
        row.addStretch(1)
        row.addWidget(IconButton("x", tr("Close (Esc)"), on_click=self.closed.emit, name="close_inspector"))
        column.addLayout(row)
        scroll = Scroll(name="inspector_scroll")
        scroll.column.setContentsMargins(0, 0, space(3), space(5))
        scroll.column.setSpacing(space(5))
        for widget in (self.problem, self.facts, self.timeline):
            scroll.column.addWidget(widget)
        scroll.column.addStretch(1)
        column.addWidget(scroll, 1)


class PersonPage(PersonView):
    """The whole width: facts at the left, timeline at the right."""

    def __init__(self, page: Page) -> None:
        super().__init__(page, heading=False, name="person")
        self.header = PageHeader("", tr("People"))
        self.header.back.connect(self.closed)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.header)
        scroll = Scroll(name="person_scroll")
        column.addWidget(scroll, 1)
        scroll.column.addWidget(self.problem)
        both = QHBoxLayout()
        both.setSpacing(space(4))
        facts = Card(name="facts_card")
        facts.add(self.facts)
        self.memberships = Memberships()
        self.memberships.wanted.connect(
            lambda segment_id: page.frame.go("segments", f"{segment_id}#{self.endpoint_id}")
        )
        facts.add(self.memberships)
        facts.body.addStretch(1)
        story = Card(name="timeline_card")
        story.add(self.timeline)
        story.body.addStretch(1)
        both.addWidget(facts, 2)
        both.addWidget(story, 3)
        scroll.column.addLayout(both)

    def show_person(self, person: Person) -> None:
        """The header says the name."""
        if person.endpoint.id == self._endpoint_id:
            self.header.set_title(called(person))
            words, kind = state_pill(person.endpoint)
            self.header.pill.show_state(f"{channel_name(person.endpoint.channel_type)}, {words}", kind)
            show = self.memberships.show_memberships
            self._page.ask(segments.memberships, self._endpoint_id, then=show, slot="person-segments")
        super().show_person(person)
