"""A state in a table cell, drawn as a pill."""

from collections.abc import Callable

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from workbench.gui.parts.table_model import RAW_ROLE
from workbench.gui.theme.theme import Theme
from workbench.gui.theme.tokens import Measure, space

#: The ground and the ink of each kind of pill, as tokens.
_COLOURS = {
    "neutral": ("chip", "muted"),
    "accent": ("accent_soft", "accent"),
    "good": ("good_soft", "good"),
    "warn": ("warn_soft", "warn"),
    "bad": ("bad_soft", "bad"),
}


class PillCell(QStyledItemDelegate):
    """Draws the text of a cell as a pill.

    Args:
        kind: gives neutral, accent, good, warn or bad for the raw value of the cell.
    """

    def __init__(self, kind: Callable[[object], str], parent: QWidget) -> None:
        super().__init__(parent)
        self._kind = kind

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """The cell's ground by the style, then the pill on it."""
        text = str(index.data() or "")
        blank = QStyleOptionViewItem(option)
        self.initStyleOption(blank, index)
        blank.text = ""
        style: QStyle = option.widget.style()
        style.drawControl(QStyle.ControlElement.CE_ItemViewItem, blank, painter, option.widget)
        if not text:
            return
        theme = Theme.current()
        ground, ink = _COLOURS[self._kind(index.data(RAW_ROLE))]
        font = option.font
        font.setPixelSize(Measure.small)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(font)
        metrics = painter.fontMetrics()
        rect = option.rect
        wanted = metrics.horizontalAdvance(text) + space(5)
        width = min(wanted, rect.width() - space(4))
        height = metrics.height() + space(1)
        box = QRectF(rect.left() + space(3), rect.center().y() - height / 2 + 0.5, width, height)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour(ground))
        painter.drawRoundedRect(box, height / 2, height / 2)
        painter.setPen(theme.colour(ink))
        words = text if width == wanted else metrics.elidedText(text, Qt.TextElideMode.ElideRight, width - space(4))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, words)
        painter.restore()
