"""The segments page: the list, and the editor of the segment that was opened."""

from collections.abc import Sequence
from functools import partial
from typing import ClassVar

from PySide6.QtWidgets import QStackedWidget

from workbench.engine import segments
from workbench.gui.actions import ActionEntry
from workbench.gui.page import Frame, Page
from workbench.gui.parts.toast import offer_undo
from workbench.gui.segments.editor import SegmentEditor
from workbench.gui.segments.listing import SegmentList
from workbench.plan.segment import Segment
from workbench.plan.words import tr


class SegmentsPage(Page):
    """List and editor in one place; `open("")` is the list, `open(id)` the editor, `open("id#endpoint id")` why."""

    key: ClassVar[str] = "segments"
    nouns: ClassVar[frozenset[str]] = frozenset({"segments", "endpoints", "events"})

    def __init__(self, frame: Frame) -> None:
        super().__init__(frame, tr("Segments"))
        self.list = SegmentList(self)
        self.editor = SegmentEditor(self)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.list)
        self._stack.addWidget(self.editor)
        self.column.addWidget(self._stack, 1)
        self.list.opened.connect(self.open)
        self.list.new_wanted.connect(self.new)
        self.editor.back.connect(lambda: self.open(""))
        self.editor.made.connect(self.open)
        for view in (self.list, self.editor):
            view.duplicate_wanted.connect(self.duplicate)
            view.delete_wanted.connect(self.delete)

    def open(self, thing: str) -> None:
        """The list, or the editor of one segment; `new` makes one."""
        if thing == "new":
            self.new()
            return
        if thing:
            segment_id, _, endpoint_id = thing.partition("#")
            self._stack.setCurrentWidget(self.editor)
            self.editor.open(segment_id, why=endpoint_id)
            return
        self.editor.expect_none()
        self.set_document(None)
        self.set_title(tr("Segments"))
        self._stack.setCurrentWidget(self.list)
        self.list.table.view.setFocus()
        self.list.refresh()

    def heeds(self, nouns: frozenset[str]) -> bool:
        """The editor counts its own draft: what is stored of segments, as by its own autosave, changes no figure."""
        return super().heeds(nouns - {"segments"} if self._stack.currentWidget() is self.editor else nouns)

    def refresh(self) -> None:
        """Count anew what is in front."""
        if self._stack.currentWidget() is self.editor:
            self.editor.refresh()
        else:
            self.list.refresh()

    def new(self) -> None:
        """Store an empty segment, which is everyone, and edit it."""
        self.ask(segments.save, Segment(name=tr("New segment")), then=self._opened_new)

    def duplicate(self, segment_id: str) -> None:
        """Store a copy and edit it."""
        if segment_id == self.editor.segment_id and self._stack.currentWidget() is self.editor:
            self._copy(self.editor.document.definition)
        else:
            self.ask(segments.get, segment_id, then=self._copy)

    def delete(self, segment_id: str) -> None:
        """Delete at once, and offer to take it back."""
        if segment_id == self.editor.segment_id:
            self.editor.document.flush()
        self.ask(segments.delete, segment_id, then=partial(self._deleted, segment_id))

    def action_entries(self) -> Sequence[ActionEntry]:
        """New, duplicate, delete."""
        return (
            ActionEntry("segments.new", lambda: tr("New segment"), self.new, "page", "Ctrl+N", "plus"),
            ActionEntry(
                "segments.duplicate",
                lambda: tr("Duplicate segment"),
                lambda: self.duplicate(self._current()),
                "page",
                glyph="copy",
                enabled=lambda: bool(self._current()),
            ),
            ActionEntry(
                "segments.delete",
                lambda: tr("Delete segment"),
                lambda: self.delete(self._current()),
                "page",
                glyph="trash",
                enabled=lambda: bool(self._current()),
            ),
        )

    def _current(self) -> str:
        return self.editor.segment_id if self._stack.currentWidget() is self.editor else self.list.chosen()

    def _opened_new(self, segment_id: str) -> None:
        self._stack.setCurrentWidget(self.editor)
        self.editor.open(segment_id, rename=True)

    def _copy(self, segment: Segment) -> None:
        copy = segment.model_copy(update={"name": tr("{name}, copy").format(name=segment.name)})
        self.ask(segments.save, copy, then=self._opened_new)

    def _deleted(self, segment_id: str, _nothing: None) -> None:
        if self._stack.currentWidget() is self.editor and self.editor.segment_id == segment_id:
            self.open("")
        offer_undo(self, tr("Segment deleted"), lambda: self.ask(segments.restore, segment_id))
