"""The drawing inside a chart, on pyqtgraph; imported by `chart.py` when the first chart has something to draw."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import pyqtgraph as pg
from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetrics, QKeyEvent, QMouseEvent, QPainterPath, QPen
from PySide6.QtWidgets import QGraphicsPathItem, QSizePolicy, QWidget

from workbench.gui.parts import format as fmt
from workbench.gui.theme.theme import Theme
from workbench.gui.theme.tokens import Measure, space

_TICKS: Final = 4
_BAR_WIDTH: Final = 0.68
#: what a bar takes of its place beside the others
_BAR_FILLS: Final = 0.94
_NICE: Final = (1, 2, 2.5, 5, 10)
_STEPS: Final = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}


@dataclass(frozen=True, slots=True)
class Drawn:
    """One line or row of bars: a value per bucket and the token that colours it."""

    values: Sequence[float]
    colour: str


class Plot(pg.PlotWidget):  # type: ignore[misc]  # pyqtgraph has no types
    """Lines or bars over labelled buckets; tells which bucket is pointed at, by mouse or by arrow keys."""

    pointed = Signal(int)
    """The bucket under the pointer; -1 when the pointer left."""

    def __init__(self, *, bars: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bars = bars
        self._labels: Sequence[str] = ()
        self._lines: Sequence[Drawn] = ()
        self._at = -1
        self.setObjectName("plot")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumHeight(Measure.chart // 2)
        self.setFrameShape(pg.PlotWidget.Shape.NoFrame)
        self.setAntialiasing(True)
        self.setMenuEnabled(False)
        self.hideButtons()
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        box = self.getViewBox()
        box.setMouseEnabled(x=False, y=False)
        box.setDefaultPadding(0)
        self._mark = pg.InfiniteLine(angle=90, movable=False)
        self._mark.hide()
        Theme.current().changed.connect(self.redraw)

    def show_data(self, labels: Sequence[str], lines: Sequence[Drawn]) -> None:
        """Draw these values over these labels."""
        self._labels = labels
        self._lines = lines
        self._at = -1
        self._mark.hide()
        self.redraw()

    def at(self) -> int:
        """The bucket pointed at, or -1."""
        return self._at

    def point(self, at: int) -> None:
        """Point at a bucket, or at none with -1."""
        if at != self._at:
            self._at = at
            self._mark.setVisible(at >= 0)
            self._mark.setPos(at)
            self.pointed.emit(at)

    def spot(self, at: int) -> QPointF:
        """Where a bucket stands, in the widget's own pixels."""
        scene = self.getViewBox().mapViewToScene(QPointF(at, 0))
        return QPointF(self.mapFromScene(scene))

    def bar_width(self) -> float:
        """How wide one bar is, in pixels."""
        return (self.spot(1).x() - self.spot(0).x()) * _BAR_WIDTH / max(len(self._lines), 1) * _BAR_FILLS

    def redraw(self) -> None:
        """Draw anew, in the colours of the theme."""
        theme = Theme.current()
        self.setBackground(theme.colour("panel"))
        item = self.getPlotItem()
        item.clear()
        top = max((max(line.values, default=0) for line in self._lines), default=0)
        ticks = nice_ticks(float(top))
        self._dress_axes(ticks)
        for tick in ticks:
            item.addItem(pg.InfiniteLine(pos=tick, angle=0, pen=_pen(theme.colour("line_soft"))))
        if self._bars:
            self._draw_bars()
        else:
            self._draw_lines()
        self._mark.setPen(_pen(theme.colour("hint"), style=Qt.PenStyle.DotLine))
        item.addItem(self._mark)
        edge = 0.5 if self._bars or len(self._labels) == 1 else 0.02 * max(len(self._labels) - 1, 1)
        box = self.getViewBox()
        box.setXRange(-edge, max(len(self._labels) - 1, 0) + edge, padding=0)
        box.setYRange(0, ticks[-1] * 1.04, padding=0)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Point at the nearest bucket."""
        where = self.getViewBox().mapSceneToView(self.mapToScene(event.position().toPoint()))
        at = round(where.x())
        self.point(at if 0 <= at < len(self._labels) else -1)

    def leaveEvent(self, event: QEvent) -> None:
        """Point at nothing."""
        super().leaveEvent(event)
        self.point(-1)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Left and right walk through the buckets, Home and End go to the ends, Esc lets go."""
        key = Qt.Key(event.key())
        last = len(self._labels) - 1
        if key in _STEPS and last >= 0:
            start = self._at if self._at >= 0 else (last + 1 if _STEPS[key] < 0 else -1)
            self.point(min(max(start + _STEPS[key], 0), last))
        elif key in (Qt.Key.Key_Home, Qt.Key.Key_End) and last >= 0:
            self.point(0 if key == Qt.Key.Key_Home else last)
        elif key == Qt.Key.Key_Escape and self._at >= 0:
            self.point(-1)
        else:
            event.ignore()

    def resizeEvent(self, event: Any) -> None:  # noqa: ANN401 - pyqtgraph calls it with None at first
        """As many labels as have room."""
        super().resizeEvent(event)
        if event is not None and self._labels:
            self._dress_bottom()

    def _draw_lines(self) -> None:
        theme = Theme.current()
        spots = list(range(len(self._labels)))
        for line in self._lines:
            colour = theme.colour(line.colour)
            # A single day would be an invisible line: it is drawn as a dot.
            dot = {"symbol": "o", "symbolSize": 6, "symbolBrush": colour, "symbolPen": None} if len(spots) == 1 else {}
            self.plot(spots, list(line.values), pen=_pen(colour, width=2), antialias=True, **dot)

    def _draw_bars(self) -> None:
        theme = Theme.current()
        width = _BAR_WIDTH / max(len(self._lines), 1)
        for place, line in enumerate(self._lines):
            left = place * width - _BAR_WIDTH / 2
            bars = QPainterPath()
            for at, value in enumerate(line.values):
                bars.addRect(QRectF(at + left, 0, width * _BAR_FILLS, value))
            item = QGraphicsPathItem(bars)
            item.setPen(QPen(Qt.PenStyle.NoPen))
            item.setBrush(theme.colour(line.colour))
            self.addItem(item)

    def _dress_axes(self, ticks: Sequence[float]) -> None:
        theme = Theme.current()
        font = QFont(self.font())
        font.setPixelSize(Measure.note)
        for name in ("left", "bottom"):
            axis = self.getAxis(name)
            axis.setStyle(tickFont=font, tickLength=0, tickTextOffset=space(2))
            axis.setPen(_pen(theme.colour("line")) if name == "bottom" else QPen(Qt.PenStyle.NoPen))
            # A tick of no length is still a dot: it takes the colour of what it stands on.
            axis.setTickPen(_pen(theme.colour("line" if name == "bottom" else "panel")))
            axis.setTextPen(theme.colour("hint"))
        self.getAxis("left").setTicks([[(tick, fmt.short(tick)) for tick in ticks]])
        self._dress_bottom()

    def _dress_bottom(self) -> None:
        font = QFont(self.font())
        font.setPixelSize(Measure.note)
        metrics = QFontMetrics(font)
        widest = max((metrics.horizontalAdvance(label) for label in self._labels), default=0) + space(6)
        step = max(math.ceil(len(self._labels) * widest / max(self.width(), widest)), 1)
        shown = [(at, label) for at, label in enumerate(self._labels) if at % step == 0]
        self.getAxis("bottom").setTicks([shown])


def nice_ticks(top: float) -> list[float]:
    """Round values from zero to at least `top`, about four steps apart."""
    if top <= 0:
        return [0.0, 1.0]
    rough = top / _TICKS
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(nice * power for nice in _NICE if nice * power >= rough - 1e-12)
    return [step * number for number in range(math.ceil(top / step - 1e-9) + 1)]


def _pen(colour: QColor, *, width: float = 1, style: Qt.PenStyle = Qt.PenStyle.SolidLine) -> QPen:
    pen = QPen(colour, width, style)
    pen.setCosmetic(True)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    return pen
