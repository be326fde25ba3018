"""The top of a page: where one is, what it is called, its state, and what can be done."""

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QMenu, QWidget

from workbench.gui.parts.button import Button, IconButton
from workbench.gui.parts.pill import Pill
from workbench.gui.parts.text import Elided, Text
from workbench.gui.theme.tokens import Measure, space
from workbench.plan.words import tr

_MOST_SECONDARY: Final = 3


class PageHeader(QWidget):
    """Breadcrumb, title and state at the left; at most three secondary buttons and one primary at the right.

    Args:
        title: the page's or the thing's name.
        crumb: the list that it belongs to; pressing it emits `back`.

    Attributes:
        pill: the state; `pill.show_state("Saved")`.
    """

    back = Signal()

    def __init__(self, title: str, crumb: str = "", *, name: str = "header", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setFixedHeight(Measure.header)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(space(2))
        self._crumb = Button("", "crumb", on_click=self.back.emit, name="crumb")
        self._title = Elided(title, "title", name="title")
        self.pill = Pill(name="state")
        self._buttons = QHBoxLayout()
        self._buttons.setSpacing(space(2))
        self._secondary: list[Button] = []
        self._menu: QMenu | None = None
        row.addWidget(self._crumb)
        row.addWidget(self._title)
        row.addWidget(self.pill)
        row.addStretch(100)
        row.addLayout(self._buttons)
        self.set_crumb(crumb)
        self.set_title(title)

    def set_title(self, title: str) -> None:
        """Another name."""
        self._title.set_text(title)

    def title(self) -> str:
        """The name shown, whole."""
        return self._title.whole()

    def set_crumb(self, crumb: str) -> None:
        """Another list before the title; empty for none."""
        self._crumb.set_text(f"{crumb} /")
        self._crumb.setAccessibleName(tr("Back to {place}").format(place=crumb))
        self._crumb.setVisible(bool(crumb))

    def add_secondary(
        self,
        text: str,
        on_click: Callable[[], object],
        *,
        quiet: bool = False,
        glyph: str = "",
        tip: str = "",
        name: str = "",
    ) -> Button:
        """A secondary button, left of the primary; raises ValueError at the fourth: use `add_more`."""
        if len(self._secondary) == _MOST_SECONDARY:
            raise ValueError("a page has at most three secondary buttons; the rest goes into the menu")
        button = Button(text, "quiet" if quiet else "", glyph=glyph, tip=tip, on_click=on_click, name=name)
        self._buttons.insertWidget(len(self._secondary), button)
        self._secondary.append(button)
        return button

    def set_primary(
        self, text: str, on_click: Callable[[], object], *, glyph: str = "", tip: str = "", name: str = "primary"
    ) -> Button:
        """The one primary button, at the far right."""
        button = Button(text, "primary", glyph=glyph, tip=tip, on_click=on_click, name=name)
        self._buttons.addWidget(button)
        return button

    def add_more(self, action: QAction) -> None:
        """An entry of the menu behind the three dots."""
        if self._menu is None:
            self._menu = QMenu(self)
            more = IconButton("dots-three", tr("More"), name="more")
            more.setMenu(self._menu)
            more.setPopupMode(IconButton.ToolButtonPopupMode.InstantPopup)
            self._buttons.insertWidget(len(self._secondary), more)
        self._menu.addAction(action)

    def add_widget(self, widget: QWidget) -> None:
        """Something else that belongs to the header, left of the buttons: a switch, a search box."""
        self._buttons.insertWidget(0, widget)

    def place(self) -> Text:
        """The label of the title."""
        return self._title
