"""The editor of one segment: rules at the left, figures at the right, sample people below."""

from collections.abc import Callable
from functools import partial
from typing import Final

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QAction, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from workbench.engine import campaigns, endpoints, segments
from workbench.engine.definitions import Stored
from workbench.gui.document import Document
from workbench.gui.page import Page
from workbench.gui.parts.header import PageHeader
from workbench.gui.parts.scroll import Scroll
from workbench.gui.parts.text import plain_tip
from workbench.gui.parts.title_line import TitleLine
from workbench.gui.segments.counting import Countable, countable
from workbench.gui.segments.figures import Figures
from workbench.gui.segments.lesser import LesserFigures
from workbench.gui.segments.sample import SAMPLE, SampleCard, sample_columns
from workbench.gui.segments.sql_sheet import show_sql
from workbench.gui.segments.tokens import Shown
from workbench.gui.segments.tree import RuleTree
from workbench.gui.segments.versions import VersionsSheet
from workbench.gui.segments.why import OFFERED, WhyCard
from workbench.gui.theme.tokens import Measure, space
from workbench.plan.campaign import Campaign
from workbench.plan.catalogue import Catalogue
from workbench.plan.endpoint import TablePage, View
from workbench.plan.segment import Count, Group, Segment, Truth, check
from workbench.plan.segment_checks import reached
from workbench.plan.words import tr

_COUNT_AFTER_MS: Final = 150
_SUGGESTED_VALUES: Final = 50
#: below this width the figures stand above the rules
_SIDE_BY_SIDE: Final = Measure.popover * 2 + space(60)


class SegmentEditor(QWidget):
    """Edits one stored segment; every gesture is a step of its document."""

    back = Signal()
    duplicate_wanted = Signal(str)
    delete_wanted = Signal(str)
    made = Signal(str)
    """The id of a segment that was made of this one, to be opened."""

    def __init__(self, page: Page) -> None:
        super().__init__(page)
        self.setObjectName("segment_editor")
        self._page = page
        self._catalogue = Catalogue()
        self._segment_id = ""
        self._wanted = ""
        self._why_wanted = ""
        self._failed_save = False
        self._root: Group | None = None
        self._columns: tuple[str, ...] = ()
        self.document: Document[Segment] = Document(Segment(), self._save, self)
        self.document.changed.connect(self._show)
        self.tree = RuleTree(self)
        self.figures = Figures(self)
        self._lesser = LesserFigures(page, self.figures)
        self.sample = SampleCard(self)
        self.why = WhyCard(self)
        self.sample.chosen.connect(self.why.ask)
        self.why.asked.connect(self._ask_why)
        self.why.searched.connect(self._find_people)
        self.why.typed.connect(self._find_person)
        self.why.cleared.connect(lambda: self.tree.show_truths({}))
        self._count_later = QTimer(self)
        self._count_later.setSingleShot(True)
        self._count_later.setInterval(_COUNT_AFTER_MS)
        self._count_later.timeout.connect(self._count)
        self.tree.edited.connect(self._edited)
        self._make_header()
        self._lay_out()

    @property
    def segment_id(self) -> str:
        """The id of what is being edited."""
        return self._segment_id

    def open(self, segment_id: str, *, rename: bool = False, why: str = "") -> None:
        """Edit another stored segment, once it is there; `rename` begins with its name, `why` with a person."""
        self.document.flush()
        self._why_wanted = why
        self._wanted = segment_id
        ask = partial(self._page.ask, segments.get, segment_id, slot="segment-open")
        ask(then=partial(self._loaded, segment_id, rename), failed=partial(self._gone, segment_id))
        self._ask_catalogue()

    def expect_none(self) -> None:
        """Let a segment that was asked for and is not there yet go unheard."""
        self._wanted = ""

    def refresh(self) -> None:
        """The people or their events may have changed: count anew, and learn new names."""
        self._ask_catalogue()
        self._count_later.start()

    def catalogue(self) -> Catalogue:
        """All known names, as they were last told."""
        return self._catalogue

    def barred(self) -> frozenset[str]:
        """The segments that contain this one, itself included."""
        known = self._catalogue.segments
        return frozenset(each.id for each in known if self._segment_id in reached(each.id, self._catalogue))

    def values(self, field: str, prefix: str, shown: Shown) -> None:
        """Ask for the values of a dotted field."""
        self._page.ask(endpoints.values, field, prefix, _SUGGESTED_VALUES, then=shown, slot="segment-values")

    def event_values(self, event: str, attribute: str, prefix: str, shown: Shown) -> None:
        """Ask for the values of an event's attribute."""
        ask = partial(self._page.ask, endpoints.event_values, event, attribute, prefix, _SUGGESTED_VALUES)
        ask(then=shown, slot="segment-values")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc stops showing why someone is a member, then goes back to the list."""
        if event.key() == Qt.Key.Key_Escape:
            if self.why.person:
                self.why.clear()
            else:
                self.back.emit()
            return
        super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Side by side where there is room, else the figures come first."""
        super().resizeEvent(event)
        wide = self.width() >= _SIDE_BY_SIDE
        # Where the figures lie above, they take their own height and leave the rest to the rules.
        side = QBoxLayout.Direction.LeftToRight if wide else QBoxLayout.Direction.BottomToTop
        self._both.setDirection(side)
        self.figures.lie(flat=not wide)
        self.figures.setMinimumWidth(Measure.inspector if wide else 0)
        self.figures.setMaximumWidth(Measure.inspector if wide else Measure.window_first_width)

    def _make_header(self) -> None:
        self.header = PageHeader("", tr("Segments"))
        self.header.back.connect(self.back)
        self.name = TitleLine(self.header, tr("Name of the segment"), tr("Name this segment"))
        self.name.renamed.connect(self._rename)
        self.name.left.connect(self.document.settle)
        self.header.add_secondary(tr("Show SQL"), self._show_sql, quiet=True, name="show_sql")
        self.header.set_primary(tr("Use in a campaign"), self._use, name="use_in_campaign")
        for words, run, name in (
            (tr("Duplicate"), lambda: self.duplicate_wanted.emit(self._segment_id), "duplicate"),
            (tr("Versions…"), self._ask_versions, "versions"),
            (tr("Make static"), self._make_static, "make_static"),
            (tr("Delete"), lambda: self.delete_wanted.emit(self._segment_id), "delete"),
        ):
            action = QAction(words, self)
            action.setObjectName(name)
            action.triggered.connect(lambda _checked=False, run=run: run())
            self.header.add_more(action)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.header)
        self._scroll = scroll = Scroll(name="segment_scroll")
        column.addWidget(scroll, 1)
        self._both = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._both.setSpacing(space(4))
        rules = QWidget()
        rules.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        around = QVBoxLayout(rules)
        around.setContentsMargins(0, 0, 0, 0)
        around.addWidget(self.tree)
        around.addStretch(1)
        self._both.addWidget(rules, 1)
        self._both.addWidget(self.figures)
        scroll.column.addLayout(self._both)
        scroll.column.addSpacing(space(1))
        scroll.column.addWidget(self.sample)
        scroll.column.addWidget(self.why)
        scroll.column.addStretch(1)

    def _ask_catalogue(self) -> None:
        self._page.ask(endpoints.catalogue, then=self._learn, slot="segment-catalogue")

    def _learn(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._show_rules()
        if sample_columns(self._countable().segment, catalogue) != self._columns:
            self._ask_sample()

    def _loaded(self, segment_id: str, rename: bool, segment: Segment) -> None:  # noqa: FBT001 - bound by `open`
        if segment_id != self._wanted:
            return
        # Until now the segment before could be edited.
        self.document.flush()
        self._segment_id = segment_id
        self._root = None
        self.why.clear()
        self._forget_failure()
        self.document.load(segment, fresh=rename)
        self._page.set_document(self.document)
        if self._why_wanted:
            self.why.ask(self._why_wanted)
            self._why_wanted = ""
        if rename or not segment.name:
            self.name.setFocus()
            self.name.selectAll()

    def _gone(self, segment_id: str, error: Exception) -> None:
        if segment_id != self._wanted:
            return
        self._page.frame.say(str(error))
        self.back.emit()

    def _edited(self, root: Group, label: str, key: str) -> None:
        if not key:
            self.document.settle()
        self.document.replace(self.document.definition.model_copy(update={"root": root}), label, key)

    def _rename(self, name: str) -> None:
        after = self.document.definition.model_copy(update={"name": name})
        self.document.replace(after, tr("Rename segment"), "name")

    def _show(self, segment: Segment) -> None:
        self.name.show_name(segment.name)
        self._page.set_title(segment.name or tr("Segment without a name"))
        self._show_rules()
        self._say_state()
        if segment.root != self._root:
            self._root = segment.root
            self.tree.show_truths({})
            self.tree.dim(on=True)
            self.figures.dim(on=True)
            self._count_later.start()

    def _show_rules(self) -> None:
        segment = self.document.definition
        self.tree.show_root(segment.root, check(segment, self._catalogue, self._segment_id))

    def _say_state(self) -> None:
        if self._failed_save:
            self.header.pill.show_state(tr("Not saved"), "bad")
        else:
            self.header.pill.show_state(tr("Saved") if self.document.is_saved else tr("Saving"))

    def _save(self, segment: Segment) -> None:
        failed = partial(self._not_saved, self._segment_id)
        ask = partial(self._page.ask, segments.save, segment, self._segment_id, self.document.amends)
        ask(then=self._saved, failed=failed)

    def _saved(self, segment_id: str) -> None:
        if segment_id == self._segment_id:
            self._forget_failure()
            self._say_state()

    def _forget_failure(self) -> None:
        self._failed_save = False
        self.header.pill.setToolTip("")

    def _not_saved(self, segment_id: str, error: Exception) -> None:
        if segment_id != self._segment_id or not self.isVisible():
            self._page.frame.say(str(error))
        if segment_id != self._segment_id:
            return
        self.document.unsaved()
        self._failed_save = True
        self.header.pill.setToolTip(plain_tip(str(error)))
        self._say_state()

    def _countable(self) -> Countable:
        segment = self.document.definition
        return countable(segment, check(segment))

    def _count(self) -> None:
        counted = self._countable()
        self.figures.show_unfinished(counted.unfinished)
        self.figures.dim(on=True)

        def show(count: Count) -> None:
            self.tree.show_counts(
                counted.as_shown(count.rules), count.matching, count.total, counted.as_shown(count.removes)
            )
            self.figures.show_count(count)
            self._lesser.ask(counted.segment, count, self._catalogue)

        self._page.ask(segments.count, counted.segment, then=show, failed=self._count_failed, slot="segment-count")
        self._ask_sample()
        if self.why.person:
            self._ask_why(self.why.person)

    def _ask_why(self, endpoint_id: str) -> None:
        counted = self._countable()

        def show(found: tuple[Truth, ...]) -> None:
            if self.why.person == endpoint_id:
                self.why.show_answer(member=found[0].true)
                self.tree.show_truths(counted.as_shown({truth.path: truth for truth in found}))
                self._bring_rules_in_sight()

        failed = partial(self._why_failed, endpoint_id)
        self._page.ask(segments.why, counted.segment, endpoint_id, then=show, failed=failed, slot="segment-why")

    def _bring_rules_in_sight(self) -> None:
        """The ticks stand at the rules: where none of them is in sight, show the last."""
        rows = self.tree.rows()
        if rows and all(row.visibleRegion().isEmpty() for row in rows):
            QTimer.singleShot(0, self, lambda: self._scroll.ensureWidgetVisible(rows[-1]))

    def _why_failed(self, endpoint_id: str, error: Exception) -> None:
        if self.why.person == endpoint_id:
            self.tree.show_truths({})
            self.why.show_failure(error)

    def _count_failed(self, error: Exception) -> None:
        self.figures.show_failure(error)

    def _ask_sample(self) -> None:
        counted = self._countable().segment
        self._columns = sample_columns(counted, self._catalogue)
        show = partial(self.sample.show_page, self._columns)
        self._page.ask(segments.sample, counted, self._columns, SAMPLE, then=show, slot="segment-sample")

    def _found(self, text: str, then: Callable[[TablePage], None]) -> None:
        view = View(columns=("Address",), search=text)
        self._page.ask(endpoints.page, view, 0, OFFERED, then=then, slot="segment-who")

    def _find_people(self, text: str) -> None:
        self._found(text, self.why.offer)

    def _find_person(self, text: str) -> None:
        self._found(text, partial(self.why.take, text))

    def _ask_versions(self) -> None:
        self.document.flush()
        self._page.ask(segments.versions, self._segment_id, then=self._show_versions, slot="segment-versions")

    def _show_versions(self, versions: tuple[Stored, ...]) -> None:
        VersionsSheet(self._page, versions, self._catalogue, self._restore_version).open()

    def _restore_version(self, segment: Segment, number: int) -> None:
        self.document.settle()
        self.document.replace(segment, tr("Restore version {n}").format(n=number), "")

    def _show_sql(self) -> None:
        self._page.ask(segments.sql, self._countable().segment, then=partial(show_sql, self), slot="segment-sql")

    def _is_finished(self) -> bool:
        """Whether nothing blocks; what does is shown and said."""
        blocking = [problem for problem in check(self.document.definition) if problem.blocks]
        if blocking:
            self.tree.reveal()
            self._page.frame.say(str(blocking[0]))
        return not blocking

    def _make_static(self) -> None:
        """Store what is on the page, and a segment of the people who are its members now."""
        if not self._is_finished():
            return
        self.document.flush()
        segment = self.document.definition
        name = tr("{name}, static").format(name=segment.name)
        freeze = partial(self._page.ask, segments.freeze, name=name, then=partial(self._made_static, name))
        self._page.ask(segments.save, segment, self._segment_id, self.document.amends, then=freeze)

    def _made_static(self, name: str, segment_id: str) -> None:
        self._page.frame.say(tr("Made “{name}”. It keeps the people of this moment.").format(name=name))
        self.made.emit(segment_id)

    def _use(self) -> None:
        if not self._is_finished():
            return
        segment = self.document.definition
        self.document.flush()
        campaign = Campaign(name=segment.name, segment_id=self._segment_id)
        self._page.ask(campaigns.save, campaign, then=partial(self._page.frame.go, "campaigns"))
