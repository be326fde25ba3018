"""What a page is, and how to write one.

A page is a `QWidget` in the window's stack, made when it is first looked at and made anew when the language changes. It
lives in its own folder, `workbench/gui/<noun>/`, imports parts and never another page, and is entered in the registry,
`workbench/gui/pages.py`, with a `PageEntry`.

**Layout.** `Page` gives a column with the page's margins. First a `PageHeader` (title, state pill, at most three
secondary buttons, one primary), then the body: cards side by side, or a `Scroll` where it may be higher than 640 px.

    class SegmentsPage(Page):
        key = "segments"
        nouns = frozenset({"segments", "endpoints"})

        def __init__(self, frame: Frame) -> None:
            super().__init__(frame, tr("Segments"))
            self.header = self.add_header(tr("Segments"))
            self.header.set_primary(tr("New segment"), self._new)
            self.table = WindowedTable(self._columns(), self._fetch, empty=EmptyState(...))
            self.column.addWidget(self.table, 1)

        def refresh(self) -> None:
            self.ask(segments.count, then=self.table.set_total)

        def _fetch(self, block: Block, deliver: Deliver, failed: Failed) -> None:
            self.ask(segments.page, block.offset, block.limit, then=deliver, failed=failed)

**Asking.** `self.ask(function, *args, then=..., failed=..., slot=...)` is `bridge.ask` with the page as owner: the
callbacks run on the GUI thread, never after the page is gone; a newer ask in a slot voids the older. An error belongs
beside what failed: `failed` puts it into a `ProblemLine`; without `failed` the window shows it in a toast. Wrap what
is awaited in a `BusyOverlay`: under 0.1 s nothing, to 1 s dimmed, then progress.

**Refreshing.** The frame calls `refresh()` when the page comes to the front and, while it is there, when one of its
`nouns` has changed. It may be called at any time and must keep what the person is doing (selection, typing).

**Editing.** An editor holds a `Document`; a gesture makes a new frozen definition and calls
`document.replace(after, tr("Change subject"), key="subject")`; every view redraws on `document.changed`.
`self.set_document(document)` puts its undo into the Edit menu. `Document(definition, save=...)` saves 400 ms after the
last edit; `leave()` flushes it. Problems of `plan`'s `check` go to fields by `show_problems(fields, problems)`.

**Actions.** `action_entries()` gives what the page adds to the Page menu, the palette and the help while it is in
front; ids begin with the page's key. Shortcuts must not collide with the window's.

**Things in the world.** A delete is done at once and offers its reverse: `offer_undo(self, tr("Segment deleted"),
undo)`. Only what cannot be taken back asks first, in a `Sheet(self.window(), ...)`.

**Colours and lengths** come from the theme: `role=`, `kind=`, `space(3)`, `Measure.row`, `Theme.current().colour(...)`.
Text from outside goes into `Text`, `Elided`, `Chip`, table cells: they show it plain. Numbers and moments go through
`parts.format`. Every control has an `objectName`, by which tests find it.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Concatenate, Literal, TypeVar

from PySide6.QtCore import QObject, QSettings, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from workbench.gui.actions import ActionEntry
from workbench.gui.bridge import Bridge, Failed
from workbench.gui.document import Document
from workbench.gui.parts.header import PageHeader
from workbench.gui.theme.mark import mark
from workbench.gui.theme.tokens import space

_T = TypeVar("_T")
Group = Literal["", "audience", "content", "sending", "results", "settings"]


@dataclass(frozen=True, slots=True)
class PageEntry:
    """A page in the sidebar.

    Attributes:
        key: its name in code and in the settings, the noun's: `"segments"`.
        group: the heading that it stands under; empty for the top.
        glyph: a Phosphor name.
        text: gives its word, in the language of the moment.
        factory: makes it, on first sight. Import the page inside, so that starting the window stays cheap.
        count: takes the figure beside the word out of the overview; None for no figure.
        listed: gives the engine function that lists the noun's definitions (`Stored`), for the palette; None for none.
    """

    key: str
    group: Group
    glyph: str
    text: Callable[[], str]
    factory: Callable[["Frame"], "Page"]
    count: Callable[[Any], int] | None = None
    listed: Callable[[], Callable[..., Awaitable[Sequence[Any]]]] | None = None


class Frame(QObject):
    """What a page may use of the window around it; tests make one with a bridge only.

    Attributes:
        went: a page asks for another page: its key, and the id of what to open there (or empty).
        said: a page has something to say in a toast.
        document_changed: a page edits another document, or none; it need not be in front.
        titled: a page is called differently now; it need not be in front.
        commanded: a page asks for a command of the window, by action id: `"file.open"`.
        workspace_wanted: a page asks for another workspace, by its path.
    """

    went = Signal(str, str)
    said = Signal(str)
    document_changed = Signal(object)
    titled = Signal(str)
    commanded = Signal(str)
    workspace_wanted = Signal(str)

    def __init__(self, bridge: Bridge, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.bridge = bridge
        self.settings = QSettings("workbench", "workbench")

    def go(self, page: str, thing: str = "") -> None:
        """Show a page, and there the thing of this id."""
        self.went.emit(page, thing)

    def say(self, text: str) -> None:
        """Tell something in a toast."""
        self.said.emit(text)

    def do(self, action: str) -> None:
        """Do a command of the window, by its action id."""
        self.commanded.emit(action)

    def open_workspace(self, path: str) -> None:
        """Open another workspace in place of this one."""
        self.workspace_wanted.emit(path)


class Page(QWidget):
    """A page of the window; see the module's guide.

    Attributes:
        key: the key of its `PageEntry`.
        nouns: news about these makes the frame call `refresh`.
        column: the layout to fill.
        frame: the window, as far as a page may know it.
    """

    key: ClassVar[str] = ""
    nouns: ClassVar[frozenset[str]] = frozenset()

    def __init__(self, frame: Frame, title: str = "") -> None:
        super().__init__()
        self.frame = frame
        self._title = title
        self._document: Document[Any] | None = None
        self.setObjectName(f"page_{self.key}")
        self.setAccessibleName(title)
        mark(self, surface="page")
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(space(5), 0, space(5), space(4))
        self.column.setSpacing(0)

    @property
    def bridge(self) -> Bridge:
        """The way to the engine."""
        return self.frame.bridge

    def ask(
        self,
        function: Callable[Concatenate[Any, ...], Awaitable[_T]],
        *args: Any,  # noqa: ANN401 - whatever the engine function takes
        then: Callable[[_T], object] | None = None,
        failed: Failed | None = None,
        slot: str | None = None,
        **kwargs: Any,  # noqa: ANN401 - whatever the engine function takes
    ) -> None:
        """Ask the engine with this page as owner; see `Bridge.ask`."""
        self.bridge.ask(function, *args, then=then, failed=failed, slot=slot, owner=self, **kwargs)

    def add_header(self, title: str, crumb: str = "") -> PageHeader:
        """Put a header at the top of the column and give it."""
        header = PageHeader(title, crumb)
        self.column.addWidget(header)
        return header

    def title(self) -> str:
        """What stands in the window's title."""
        return self._title

    def set_title(self, title: str) -> None:
        """Be called differently."""
        self._title = title
        self.setAccessibleName(title)
        self.frame.titled.emit(title)

    def document(self) -> Document[Any] | None:
        """What is being edited, for undo and redo in the Edit menu."""
        return self._document

    def set_document(self, document: Document[Any] | None) -> None:
        """Edit another document, or none; the one before is flushed."""
        if self._document is not None and self._document is not document:
            self._document.flush()
        self._document = document
        self.frame.document_changed.emit(document)

    def heeds(self, nouns: frozenset[str]) -> bool:
        """Whether what is shown may be another once these have changed."""
        return bool(nouns & self.nouns)

    def refresh(self) -> None:
        """Ask anew for what is shown; called at first sight, on return, and when something it heeds has changed."""

    def open(self, thing: str) -> None:
        """Show the thing of this id; empty means the list."""

    def leave(self) -> None:
        """Another page comes to the front, or the window closes; save what is not saved."""
        if self._document is not None:
            self._document.flush()

    def action_entries(self) -> Sequence[ActionEntry]:
        """What can be done while this page is in front."""
        return ()

    def take_files(self, paths: Sequence[Path]) -> bool:
        """Files fell on the window while this page is in front; True when the page took them."""
        del paths
        return False
