"""Buttons: verbs, in sentence case."""

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QPushButton, QToolButton, QWidget

from workbench.gui.theme.icons import icon
from workbench.gui.theme.mark import mark
from workbench.gui.theme.tokens import Measure

_ICON_TOKENS = {"primary": "on_accent", "link": "accent", "danger": "bad"}


class Button(QPushButton):
    """A button with a word.

    Args:
        text: a verb.
        kind: empty (outlined), primary, quiet, link, danger, row.
        glyph: a Phosphor name for an icon before the word.
        tip: what it does and its shortcut.
        on_click: called when it is pressed.
        name: the object name, by which tests find it.
    """

    def __init__(
        self,
        text: str,
        kind: str = "",
        *,
        glyph: str = "",
        tip: str = "",
        on_click: Callable[[], object] | None = None,
        name: str = "",
        parent: QWidget | None = None,
    ) -> None:
        # An ampersand in a name from outside is no shortcut.
        super().__init__(text.replace("&", "&&"), parent)
        self.setObjectName(name)
        self.setToolTip(tip)
        self.setAccessibleName(text)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor if kind == "link" else Qt.CursorShape.ArrowCursor)
        self.setAutoDefault(False)
        if kind:
            mark(self, kind=kind)
        if glyph:
            self.setIcon(icon(glyph, _ICON_TOKENS.get(kind, "muted")))
            self.setIconSize(QSize(Measure.icon, Measure.icon))
        if on_click is not None:
            self.clicked.connect(lambda _checked=False: on_click())

    def set_text(self, text: str) -> None:
        """Another word, also for screen readers."""
        self.setText(text.replace("&", "&&"))
        self.setAccessibleName(text)

    def set_kind(self, kind: str) -> None:
        """Another rank: `primary` for the one thing to do now."""
        mark(self, kind=kind)


class IconButton(QToolButton):
    """A button with an icon only; its word is the tooltip and the accessible name."""

    def __init__(
        self,
        glyph: str,
        word: str,
        *,
        on_click: Callable[[], object] | None = None,
        colour: str = "muted",
        name: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setIcon(icon(glyph, colour))
        self.setIconSize(QSize(Measure.icon, Measure.icon))
        self.setToolTip(word)
        self.setAccessibleName(word)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        mark(self, kind="icon")
        if on_click is not None:
            self.clicked.connect(lambda _checked=False: on_click())
