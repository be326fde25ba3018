"""What the palette lists: actions at once, definitions as soon as the engine has told them."""

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtWidgets import QWidget

from workbench.gui.actions import Actions, shown
from workbench.gui.page import Frame, PageEntry
from workbench.gui.palette import Choice, Palette


class Finder:
    """Fills the palette."""

    def __init__(self, host: QWidget, frame: Frame, actions: Actions, pages: Sequence[PageEntry]) -> None:
        self._frame = frame
        self._actions = actions
        self._pages = pages
        self.palette = Palette(host)

    def open(self) -> None:
        """Open the palette; it never waits for the engine."""
        self._actions.refresh()
        self.palette.open(self._doable())
        for page in self._pages:
            if page.listed is not None:
                self._frame.bridge.ask(
                    page.listed(), then=self._taker(page), failed=_ignore, owner=self.palette, slot=page.key
                )

    def _doable(self) -> list[Choice]:
        return [
            Choice(entry.text(), "", self._actions.action(entry.id).trigger, entry.glyph, shown(entry.shortcut))
            for entry in self._actions.enabled_entries()
            if entry.id != "edit.find"
        ]

    def _taker(self, page: PageEntry) -> Callable[[Sequence[Any]], None]:
        def take(things: Sequence[Any]) -> None:
            self.palette.extend([self._choice(page, thing) for thing in things])

        return take

    def _choice(self, page: PageEntry, thing: Any) -> Choice:  # noqa: ANN401 - a `Stored`, of which two fields are read
        return Choice(thing.name, page.text(), lambda: self._frame.go(page.key, thing.id), page.glyph)


def _ignore(_error: Exception) -> None:
    """The palette works without definitions; the page itself will say what is wrong."""
