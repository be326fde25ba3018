"""The sidebar: which workspace this is, and the nouns, grouped, with their figures."""

from collections.abc import Sequence
from typing import Any, Final

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QMenu,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from workbench.gui.page import Group, PageEntry
from workbench.gui.parts import format as fmt
from workbench.gui.parts.button import IconButton
from workbench.gui.parts.text import Elided, Text
from workbench.gui.theme.icons import icon
from workbench.gui.theme.mark import mark
from workbench.gui.theme.tokens import Measure, space
from workbench.plan.words import tr

_GROUPS: Final[tuple[Group, ...]] = ("", "audience", "content", "sending", "results", "settings")


class Sidebar(QWidget):
    """Workspace, menu button, and one button per page."""

    chosen = Signal(str)
    """The key of the page that was pressed."""

    def __init__(self, entries: Sequence[PageEntry], menu: QMenu, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("sidebar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedWidth(Measure.sidebar)
        self.setAccessibleName(tr("Pages"))
        self._entries = tuple(entries)
        self._buttons: dict[str, _NounButton] = {}
        self._group = QButtonGroup(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(self._top(menu))
        column.addWidget(self._list(), 1)

    def set_workspace(self, name: str) -> None:
        """The name and its first letter in the badge."""
        self._badge.setText(name.strip()[:1].upper() or "–")
        self._name.set_text(name)

    def set_figures(self, overview: Any) -> None:  # noqa: ANN401 - the engine's overview, as `PageEntry.count` takes it
        """The figures at the right of the nouns."""
        for entry in self._entries:
            if entry.count is not None:
                self._buttons[entry.key].set_count(entry.count(overview))

    def choose(self, key: str) -> None:
        """Mark a page as the one in front."""
        if key in self._buttons:
            self._buttons[key].setChecked(True)

    def button(self, key: str) -> QPushButton:
        """The button of a page."""
        return self._buttons[key]

    def _top(self, menu: QMenu) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setContentsMargins(space(4.5), space(3), space(3), space(3))
        row.setSpacing(space(2))
        self._badge = Text("–", "badge")
        self._badge.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._name = Elided("", "heading", name="workspace_name")
        self.menu_button = IconButton("list", tr("Menu (F10)"), name="menu")
        self.menu_button.setMenu(menu)
        self.menu_button.setPopupMode(IconButton.ToolButtonPopupMode.InstantPopup)
        row.addWidget(self._badge)
        row.addWidget(self._name, 1)
        row.addWidget(self.menu_button)
        return row

    def _list(self) -> QScrollArea:
        inner = QWidget()
        mark(inner, surface="scroll")
        column = QVBoxLayout(inner)
        column.setContentsMargins(space(2.5), 0, space(2.5), space(2))
        column.setSpacing(1)
        for group in _GROUPS:
            members = [entry for entry in self._entries if entry.group == group]
            if members and group:
                heading = Text(_heading(group), "section")
                heading.setContentsMargins(space(2), space(3), 0, space(1))
                column.addWidget(heading)
            for entry in members:
                column.addWidget(self._noun(entry))
        column.addStretch(1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(inner)
        return area

    def _noun(self, entry: PageEntry) -> "_NounButton":
        button = _NounButton(entry)
        button.clicked.connect(lambda _checked=False, key=entry.key: self.chosen.emit(key))
        self._group.addButton(button)
        self._buttons[entry.key] = button
        return button


class _NounButton(QPushButton):
    """Icon, word, and a figure at the right."""

    def __init__(self, entry: PageEntry) -> None:
        super().__init__(f"  {entry.text()}")
        self.setObjectName(f"nav_{entry.key}")
        self._word = entry.text()
        self.setAccessibleName(self._word)
        self.setCheckable(True)
        self.setIcon(icon(entry.glyph, active="text"))
        self.setIconSize(QSize(Measure.icon, Measure.icon))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        mark(self, kind="nav")
        self._count = Text("", "section")
        self._count.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, space(2), 0)
        row.addStretch(1)
        row.addWidget(self._count)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def set_count(self, count: int) -> None:
        """The figure; none is shown for zero."""
        self._count.setText(fmt.number(count) if count else "")
        self.setAccessibleName(f"{self._word}, {fmt.number(count)}")
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Cut the word to what the figure leaves."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        room = self.width() - Measure.icon - space(8) - self._count.sizeHint().width()
        word = self.fontMetrics().elidedText(self._word, Qt.TextElideMode.ElideRight, max(room, space(8)))
        self.setText(f"  {word}".replace("&", "&&"))
        self.setToolTip(self._word if word != self._word else "")


def _heading(group: Group) -> str:
    return {
        "audience": tr("Audience"),
        "content": tr("Content"),
        "sending": tr("Sending"),
        "results": tr("Results"),
        "settings": tr("Settings"),
    }.get(group, "")
