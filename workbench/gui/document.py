"""A document: the definition being edited, and every step back and forth.

An edit makes a new frozen definition and calls `replace`; everybody redraws on `changed`. Edits with the same key merge
into one step: a typed word, a drag.
"""

from collections.abc import Callable
from typing import Final, Generic, TypeVar, cast

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QUndoCommand, QUndoStack

from workbench.plan.definition import Definition

D = TypeVar("D", bound=Definition)
_SAVE_AFTER_MS: Final = 400


class Replace(QUndoCommand):
    """One step: from a definition to another."""

    def __init__(self, document: "Document[D]", before: D, after: D, label: str, key: str) -> None:
        super().__init__(label)
        self._document = document
        self.before = before
        self.after = after
        self.key = key

    def redo(self) -> None:
        """Go to the later definition."""
        self._document._show(self.after)  # noqa: SLF001 - the command is the document's own

    def undo(self) -> None:
        """Go back to the earlier definition."""
        self._document._show(self.before)  # noqa: SLF001 - the command is the document's own

    def id(self) -> int:
        """Steps of one kind may merge; `mergeWith` compares their keys."""
        return 1 if self.key else -1

    def mergeWith(self, other: QUndoCommand) -> bool:
        """Take a following step of the same key into this one."""
        if not isinstance(other, Replace) or other.key != self.key:
            return False
        self.after = other.after
        self.setObsolete(self.after == self.before)
        return True


class Document(QObject, Generic[D]):
    """The current definition with its undo stack and autosave.

    Args:
        definition: where editing begins.
        save: called 400 ms after the last edit, and by `flush`, with the definition; None for no autosave.
        fresh: the definition was stored just now, to be edited here: what is made of it amends that.
    """

    changed = Signal(object)
    """The definition, after an edit, an undo or a redo."""
    saved = Signal(object)
    """The definition handed to `save`."""

    def __init__(
        self,
        definition: D,
        save: Callable[[D], object] | None = None,
        parent: QObject | None = None,
        *,
        fresh: bool = False,
    ) -> None:
        super().__init__(parent)
        self._now: Definition = definition
        self._kept: Definition = definition
        self._stored: tuple[D | None, D | None] = (None, definition if fresh else None)
        self._save = save
        self._epoch = 0
        self.stack = QUndoStack(self)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_SAVE_AFTER_MS)
        self._pause.timeout.connect(self.flush)

    @property
    def definition(self) -> D:
        """What is being edited, as it is now."""
        return cast("D", self._now)

    @property
    def is_saved(self) -> bool:
        """Whether the last edit was handed to `save`."""
        return self._now == self._kept

    @property
    def amends(self) -> D | None:
        """While `save` is called: what it was called with before; None the first time.

        So that the saves of one editing become one version; see `engine.definitions.save`.
        """
        return self._stored[-1]

    def replace(self, after: D, label: str, key: str = "") -> None:
        """One edit.

        Args:
            after: the definition as it shall be; nothing happens where it is the same.
            label: what was done, for the Edit menu: "Change subject".
            key: edits in a row with the same key become one step; empty never merges.
        """
        if after != self._now:
            self.stack.push(Replace(self, self.definition, after, label, f"{key} {self._epoch}" if key else ""))

    def settle(self) -> None:
        """End the running step: the next edit is one of its own, whatever its key."""
        self._epoch += 1

    def load(self, definition: D, *, fresh: bool = False) -> None:
        """Another definition, from the store: no undo leads across. `fresh` as at the beginning."""
        self._pause.stop()
        self.stack.clear()
        self._now = self._kept = definition
        self._stored = (None, definition if fresh else None)
        self.changed.emit(definition)

    def flush(self) -> None:
        """Save now what is not saved yet; call it when the page is left."""
        self._pause.stop()
        if self._save is not None and not self.is_saved:
            self._kept = self._now
            self._save(self.definition)
            if self.is_saved:
                self._stored = (self._stored[-1], self.definition)
            self.saved.emit(self._now)

    def unsaved(self) -> None:
        """The store refused the last save: the next edit or `flush` hands it over again."""
        if self._kept == self._stored[-1]:
            self._stored = (None, self._stored[0])
        self._kept = _NEVER

    def _show(self, definition: Definition) -> None:
        self._now = definition
        self._pause.start()
        self.changed.emit(definition)


class _Nothing(Definition):
    """Equal to no definition that is edited."""


_NEVER = _Nothing()
