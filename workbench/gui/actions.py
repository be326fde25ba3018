"""All that can be done from anywhere, in one table: it feeds menus, shortcuts, the palette and the help.

The table is written where its callbacks live (the window, a page); a page's own actions come and go with the page.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu

from workbench.gui.theme.icons import icon

MENUS: Final = ("file", "edit", "view", "page", "help")


@dataclass(frozen=True, slots=True)
class ActionEntry:
    """One action.

    Attributes:
        id: its name in code, dotted: `"file.open"`; also the object name of its QAction.
        text: gives the words, a verb first, in the language of the moment.
        run: does it.
        menu: one of `MENUS`, or empty for the palette only; a submenu after a slash: `"view/theme"`.
        shortcut: in Qt's portable form, `"Ctrl+K"`; empty for none.
        glyph: a Phosphor name; empty for none.
        tip: gives the tooltip where more is to be said than the words.
        enabled: whether it can be done now; always where left out.
        checked: whether it is on, for actions that switch; None for actions that do.
        section: actions of a menu with different sections are parted by a line.
    """

    id: str
    text: Callable[[], str]
    run: Callable[[], object]
    menu: str = ""
    shortcut: str = ""
    glyph: str = ""
    tip: Callable[[], str] | None = None
    enabled: Callable[[], bool] | None = None
    checked: Callable[[], bool] | None = None
    section: int = 0


class Actions(QObject):
    """The table in use: QActions made from entries, refreshed when menus or the palette open."""

    changed = Signal()

    def __init__(self, owner: QObject) -> None:
        super().__init__(owner)
        self._entries: dict[str, ActionEntry] = {}
        self._actions: dict[str, QAction] = {}

    def add(self, entries: Iterable[ActionEntry]) -> None:
        """Put entries into the table; raises ValueError for an id or a shortcut that is taken."""
        for entry in entries:
            self._refuse_twins(entry)
            self._entries[entry.id] = entry
            self._actions[entry.id] = self._made(entry)
        self.changed.emit()

    def remove(self, entries: Iterable[ActionEntry]) -> list[QAction]:
        """Take entries out; gives their QActions, still alive, so that widgets can let go of them."""
        gone = []
        for entry in entries:
            self._entries.pop(entry.id, None)
            if (action := self._actions.pop(entry.id, None)) is not None:
                gone.append(action)
        self.changed.emit()
        return gone

    def entries(self) -> tuple[ActionEntry, ...]:
        """The table."""
        return tuple(self._entries.values())

    def action(self, name: str) -> QAction:
        """The QAction of an id; raises KeyError."""
        return self._actions[name]

    def all(self) -> tuple[QAction, ...]:
        """Every QAction, in the order of the table."""
        return tuple(self._actions.values())

    def enabled_entries(self) -> list[ActionEntry]:
        """What can be done now."""
        return [entry for entry in self._entries.values() if entry.enabled is None or entry.enabled()]

    def refresh(self) -> None:
        """Ask again for words, for what can be done, and for what is on."""
        for name, entry in self._entries.items():
            self._dress(self._actions[name], entry)

    def fill(self, menu: QMenu, place: str) -> None:
        """Put the actions of a menu, in order, with lines between sections; `view/theme` is a place of its own."""
        section: int | None = None
        for entry in self._entries.values():
            if entry.menu != place:
                continue
            if section is not None and entry.section != section:
                menu.addSeparator()
            section = entry.section
            menu.addAction(self._actions[entry.id])

    def _made(self, entry: ActionEntry) -> QAction:
        action = QAction(self)
        action.setObjectName(entry.id)
        action.setShortcut(QKeySequence(entry.shortcut))
        action.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
        action.setCheckable(entry.checked is not None)
        if entry.glyph:
            action.setIcon(icon(entry.glyph))
            action.setIconVisibleInMenu(False)
        action.triggered.connect(lambda _checked=False: self._run(entry))
        self._dress(action, entry)
        return action

    def _run(self, entry: ActionEntry) -> None:
        if entry.enabled is None or entry.enabled():
            entry.run()
        self.refresh()

    @staticmethod
    def _dress(action: QAction, entry: ActionEntry) -> None:
        text = entry.text()
        action.setText(text.replace("&", "&&"))
        action.setEnabled(entry.enabled is None or entry.enabled())
        tip = entry.tip() if entry.tip is not None else text
        shortcut = shown(entry.shortcut)
        action.setToolTip(f"{tip} ({shortcut})" if shortcut else tip)
        action.setStatusTip(tip)
        if entry.checked is not None:
            action.setChecked(entry.checked())

    def _refuse_twins(self, entry: ActionEntry) -> None:
        if entry.id in self._entries:
            raise ValueError(f"the action {entry.id} exists already")
        if entry.menu and entry.menu.split("/")[0] not in MENUS:
            raise ValueError(f"the action {entry.id} names no menu: {entry.menu}")
        twins = [other.id for other in self._entries.values() if entry.shortcut and other.shortcut == entry.shortcut]
        if twins:
            raise ValueError(f"{entry.shortcut} of {entry.id} belongs to {twins[0]}")


def shown(shortcut: str) -> str:
    """A shortcut as the system writes it: `Ctrl+K`, `⌘K`."""
    return QKeySequence(shortcut).toString(QKeySequence.SequenceFormat.NativeText)


def grouped(entries: Sequence[ActionEntry]) -> dict[str, list[ActionEntry]]:
    """The entries that have a shortcut, by menu, for the help."""
    groups: dict[str, list[ActionEntry]] = {}
    for entry in entries:
        if entry.shortcut:
            groups.setdefault(entry.menu.split("/")[0] or "page", []).append(entry)
    return groups
