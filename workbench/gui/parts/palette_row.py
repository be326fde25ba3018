"""How a line of the palette is painted: icon, text, and what it is at the right."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from workbench.gui.theme.icons import icon
from workbench.gui.theme.theme import Theme
from workbench.gui.theme.tokens import Measure, space


class PaletteDelegate(QStyledItemDelegate):
    """Paints a line from its `UserRole`: text, remark, icon name."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """As high as a table's row."""
        del index
        return QSize(option.rect.width(), Measure.row)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Icon, text, remark."""
        text, remark, glyph = index.data(Qt.ItemDataRole.UserRole)
        theme = Theme.current()
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour("accent_soft"))
            painter.drawRoundedRect(QRectF(option.rect), Measure.radius_field, Measure.radius_field)
        inner: QRect = option.rect.adjusted(space(2), 0, -space(2), 0)
        if glyph:
            top = inner.top() + (inner.height() - Measure.icon) // 2
            icon(glyph).paint(painter, QRect(inner.left(), top, Measure.icon, Measure.icon))
        middle = Qt.AlignmentFlag.AlignVCenter
        remark_width = painter.fontMetrics().horizontalAdvance(remark) + space(2)
        painter.setPen(theme.colour("hint"))
        painter.drawText(inner, int(middle | Qt.AlignmentFlag.AlignRight), remark)
        painter.setPen(theme.colour("text"))
        words = inner.adjusted(Measure.icon + space(2), 0, -remark_width, 0)
        shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, words.width())
        painter.drawText(words, int(middle | Qt.AlignmentFlag.AlignLeft), shown)
        painter.restore()
