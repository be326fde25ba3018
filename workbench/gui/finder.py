"""What the palette lists: actions at once, definitions as soon as the engine has told them."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from workbench.gui.actions import shown
from workbench.gui.page import PageEntry
from workbench.gui.palette import Choice, Palette

if TYPE_CHECKING:
    from workbench.gui.window import Window


class Finder:
    """Fills the palette."""

    def __init__(self, window: "Window", pages: Sequence[PageEntry]) -> None:
        self._window = window
        self._pages = pages
        self.palette = Palette(window)

    def open(self) -> None:
        """Open the palette; it never waits for the engine."""
        self._window.actions_table.refresh()
        self.palette.open(self._actions())
        for page in self._pages:
            if page.listed is not None:
                self._window.bridge.ask(
                    page.listed(), then=self._taker(page), failed=_ignore, owner=self.palette, slot=page.key
                )

    def _actions(self) -> list[Choice]:
        table = self._window.actions_table
        return [
            Choice(entry.text(), "", table.action(entry.id).trigger, entry.glyph, shown(entry.shortcut))
            for entry in table.enabled_entries()
            if entry.id != "edit.find"
        ]

    def _taker(self, page: PageEntry) -> Callable[[Sequence[Any]], None]:
        def take(things: Sequence[Any]) -> None:
            self.palette.extend([self._choice(page, thing) for thing in things])

        return take

    def _choice(self, page: PageEntry, thing: Any) -> Choice:  # noqa: ANN401 - a `Stored`, of which two fields are read
        return Choice(thing.name, page.text(), lambda: self._window.show_page(page.key, thing.id), page.glyph)


def _ignore(_error: Exception) -> None:
    """The palette works without definitions; the page itself will say what is wrong."""
