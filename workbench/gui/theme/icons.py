"""Icons: one family (Phosphor), painted in a token's colour at the moment of painting, so a theme change needs no list.

`icon("users")` is a QIcon for any button, action or label. Names are Phosphor's, as in qtawesome's `ph.` set.
"""

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QIcon, QIconEngine, QPainter, QPixmap

from workbench.gui.theme.tokens import LIGHT, Tokens

_FAMILY: Final = "ph"
_current: list[Callable[[], Tokens]] = [lambda: LIGHT]


def colour_by(tokens: Callable[[], Tokens]) -> None:
    """Paint all icons by what this function gives when they are painted; called by the theme, once."""
    _current[0] = tokens


def icon(name: str, colour: str = "muted", *, active: str | None = None) -> QIcon:
    """An icon of the family.

    Args:
        name: Phosphor's name, for example `"users"`.
        colour: which token colours it.
        active: which token colours it when checked or selected; `colour` when left out.
    """
    return QIcon(_Glyph(name, colour, active or colour))


class _Glyph(QIconEngine):
    """Draws one glyph of the icon font in the colour that its token has now."""

    def __init__(self, name: str, token: str, active: str) -> None:
        super().__init__()
        self._name = name
        self._token = token
        self._active = active

    def clone(self) -> QIconEngine:
        return _Glyph(self._name, self._token, self._active)

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        chosen = state == QIcon.State.On or mode == QIcon.Mode.Selected
        token = "hint" if mode == QIcon.Mode.Disabled else self._active if chosen else self._token
        font, glyph = _glyph(self._name, rect.height())
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.TextAntialiasing)
        painter.setFont(font)
        painter.setPen(QColor(getattr(_current[0](), token)))
        painter.drawText(QRectF(rect), Qt.AlignmentFlag.AlignCenter, glyph)
        painter.restore()

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        picture = QPixmap(size)
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        self.paint(painter, QRect(QPoint(0, 0), size), mode, state)
        painter.end()
        return picture


def _glyph(name: str, size: int) -> tuple[QFont, str]:
    # Imported here: the icon fonts are read when the first icon is painted, not when a module is imported.
    import qtawesome  # noqa: PLC0415 - see above

    font: QFont = qtawesome.font(_FAMILY, size)
    font.setPixelSize(size)
    return font, str(qtawesome.charmap(f"{_FAMILY}.{name}"))
