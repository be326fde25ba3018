"""A thin bar: a part of a whole."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from workbench.gui.theme.theme import Theme
from workbench.gui.theme.tokens import Measure


class ShareBar(QWidget):
    """A thin bar "of everyone".

    Args:
        share: 0 to 1; values outside are cut.
        colour: a name of `Tokens` or `series1` to `series5`.
        thick: as high as the bar of a running send.
        label: what the share is of, for screen readers.
    """

    def __init__(
        self,
        share: float = 0.0,
        *,
        colour: str = "series1",
        thick: bool = False,
        label: str = "",
        name: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self._share = 0.0
        self._colour = colour
        self._label = label
        self._height = Measure.bar_thick if thick else Measure.bar
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        Theme.current().changed.connect(self.update)
        self.set_share(share)

    def share(self) -> float:
        """The part shown, 0 to 1."""
        return self._share

    def set_share(self, share: float) -> None:
        """Show another part."""
        self._share = min(max(share, 0.0), 1.0)
        self.setAccessibleName(f"{self._label} {self._share:.1%}".strip())
        self.update()

    def set_colour(self, colour: str) -> None:
        """Another colour."""
        self._colour = colour
        self.update()

    def sizeHint(self) -> QSize:
        """As wide as the small bars of rules."""
        return QSize(Measure.icon * 5, self._height)

    def minimumSizeHint(self) -> QSize:
        """Never higher than its line."""
        return QSize(Measure.icon, self._height)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Track, then share; a share above nothing shows at least a dot."""
        del event
        theme = Theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        top = (self.height() - self._height) / 2
        round_off = self._height / 2
        painter.setBrush(theme.colour("line_soft"))
        painter.drawRoundedRect(QRectF(0, top, self.width(), self._height), round_off, round_off)
        if self._share > 0:
            width = max(self._share * self.width(), round_off)
            painter.setBrush(theme.colour(self._colour))
            painter.drawRoundedRect(QRectF(0, top, width, self._height), round_off, round_off)
        painter.end()
