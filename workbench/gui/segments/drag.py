"""Dragging a rule or a group by its handle: one gesture; Esc cancels it without a trace."""

from dataclasses import dataclass

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QFrame, QWidget

from workbench.gui.segments.edits import Place
from workbench.gui.segments.group_view import GroupView
from workbench.gui.theme.mark import mark
from workbench.gui.theme.tokens import Measure, space


@dataclass(frozen=True, slots=True)
class Gap:
    """A place where the thing can be put: before what stands at `place` now; left, top and width in the tree."""

    place: Place
    left: int
    top: int
    width: int


class Drag:
    """The gesture from the press on a handle to its release.

    Args:
        canvas: the tree; gaps are in its coordinates.
        views: every group shown.
        source: what is carried.
        group: it is a group, which may stand below another one, too.
    """

    def __init__(
        self, canvas: QWidget, views: list[GroupView], source: Place, start: QPoint, *, group: bool = False
    ) -> None:
        self.source = source
        self._canvas = canvas
        self._start = start
        self._moved = False
        self._gaps = [gap for view in views if view.place[: len(source)] != source for gap in _gaps(canvas, view)]
        if group:
            self._gaps += [_below(canvas, view) for view in views if view.place and view.place[: len(source)] != source]
        self._target: Gap | None = None
        self._mark = QFrame(canvas)
        self._mark.setObjectName("drop_mark")
        mark(self._mark, surface="drop_mark")
        self._mark.hide()

    def move(self, where: QPoint) -> None:
        """Show the nearest gap, once the pointer has really moved."""
        self._moved = self._moved or (where - self._start).manhattanLength() >= space(1.5)
        if not self._moved or not self._gaps:
            return
        here = self._canvas.mapFromGlobal(where)
        self._target = min(self._gaps, key=lambda gap: (abs(gap.top - here.y()), abs(gap.left - here.x())))
        self._mark.setGeometry(
            self._target.left, self._target.top - Measure.rail // 2, self._target.width, Measure.rail
        )
        self._mark.show()
        self._mark.raise_()

    def end(self) -> Place | None:
        """Where it was let go; None where nothing is to be moved."""
        self._mark.hide()
        self._mark.deleteLater()
        return self._target.place if self._target is not None else None


def _below(canvas: QWidget, view: GroupView) -> Gap:
    """The gap below a whole group."""
    corner = view.mapTo(canvas, QPoint(0, view.height()))
    return Gap((*view.place[:-1], view.place[-1] + 1), corner.x(), corner.y(), view.width())


def _gaps(canvas: QWidget, view: GroupView) -> list[Gap]:
    """A gap above each rule of the group, and one below its last."""
    card = view.card
    left = card.mapTo(canvas, QPoint(0, 0)).x()
    gaps = [Gap(row.place, left, row.mapTo(canvas, QPoint(0, 0)).y(), card.width()) for row in view.rows]
    if view.rows:
        last = view.rows[-1]
        below = last.mapTo(canvas, QPoint(0, last.height())).y()
        end = (*last.place[:-1], last.place[-1] + 1)
    else:
        below = view.add_rule.mapTo(canvas, QPoint(0, 0)).y()
        end = (*view.place, 0)
    return [*gaps, Gap(end, left, below, card.width())]
