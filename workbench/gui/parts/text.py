"""Text on a page: always plain, because much of it came from outside."""

from typing import Final

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QFont, QResizeEvent
from PySide6.QtWidgets import QFrame, QLabel, QSizePolicy, QWidget

from workbench.gui.theme.mark import mark

_FEWEST_LETTERS: Final = 4
_TABULAR: Final = QFont.Tag("tnum")
_PROPORTIONAL: Final = frozenset({"title", "hero", "stat"})
"""Roles whose figures stand alone and look better at their own widths."""


def plain_tip(text: str) -> str:
    """A text from outside for a tooltip, which has no plain format: nothing in it can be taken for markup."""
    return text.replace("<", "‹").replace("&lt;", "&\N{ZERO WIDTH SPACE}lt;")


class Text(QLabel):
    """A plain-text label.

    Args:
        text: what it says; markup is shown as it stands.
        role: title, heading, strong, hero, stat, muted, hint, note, section, good, warn, bad, problem, mono; empty is
            body text.
        wrap: break into lines.
        selectable: can be selected and copied with mouse and keyboard.
    """

    def __init__(
        self,
        text: str = "",
        role: str = "",
        *,
        wrap: bool = False,
        selectable: bool = False,
        name: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(text, parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(wrap)
        self.setObjectName(name)
        if selectable:
            flags = Qt.TextInteractionFlag
            self.setTextInteractionFlags(flags.TextSelectableByMouse | flags.TextSelectableByKeyboard)
        if role:
            mark(self, role=role)

    def changeEvent(self, event: QEvent) -> None:
        """Keep the figures of titles at their own widths: a style sheet hands the application's features down again."""
        super().changeEvent(event)
        font = self.font()
        handed_down = event.type() == QEvent.Type.FontChange and bool(font.featureValue(_TABULAR))
        if handed_down and self.property("role") in _PROPORTIONAL:
            font.setFeature(_TABULAR, 0)
            self.setFont(font)

    def set_role(self, role: str) -> None:
        """Another rank or state for the same text."""
        mark(self, role=role)


class Elided(Text):
    """One line that ends in an ellipsis where it does not fit; the whole text is in the tooltip."""

    def __init__(self, text: str = "", role: str = "", *, name: str = "", parent: QWidget | None = None) -> None:
        super().__init__("", role, name=name, parent=parent)
        self._whole = text
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        self.set_text(text)

    def set_text(self, text: str) -> None:
        """Show another text."""
        self._whole = text
        self.setAccessibleName(text)
        self.updateGeometry()
        self._fit()

    def whole(self) -> str:
        """The text before it was cut."""
        return self._whole

    def sizeHint(self) -> QSize:
        """Wide enough for the whole text."""
        metrics = self.fontMetrics()
        return QSize(metrics.horizontalAdvance(self._whole) + metrics.averageCharWidth(), super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        """A few letters."""
        return QSize(self.fontMetrics().averageCharWidth() * _FEWEST_LETTERS, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Cut anew for the new width."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        shown = self.fontMetrics().elidedText(self._whole, Qt.TextElideMode.ElideRight, max(self.width(), 1))
        self.setText(shown if self.width() > 0 else self._whole)
        self.setToolTip(plain_tip(self._whole) if shown != self._whole else "")


class Line(QFrame):
    """A hairline across the width; `soft` inside a card."""

    def __init__(self, *, soft: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        mark(self, surface="line-soft" if soft else "line")
