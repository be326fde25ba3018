"""A chart in a card: the title says the measure, the pointer or the arrow keys give exact values and times.

pyqtgraph takes a noticeable part of a second to import, so it is imported when the first chart has data to draw.
"""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QGuiApplication, QPixmap
from PySide6.QtWidgets import QFileDialog, QFrame, QHBoxLayout, QMenu, QStackedLayout, QVBoxLayout, QWidget

from workbench.gui.parts import format as fmt
from workbench.gui.parts.button import IconButton
from workbench.gui.parts.card import Card
from workbench.gui.parts.empty import EmptyState
from workbench.gui.parts.flow import FlowLayout
from workbench.gui.parts.swatch import Swatch
from workbench.gui.parts.text import Text
from workbench.gui.theme.mark import mark
from workbench.gui.theme.tokens import Measure, space
from workbench.plan.spreadsheet import harmless
from workbench.plan.words import tr

if TYPE_CHECKING:
    from workbench.gui.parts.plot import Plot

Bucket = Literal["second", "minute", "hour", "day"]


@dataclass(frozen=True, slots=True)
class ChartLine:
    """One line, or one row of bars.

    Attributes:
        name: what it counts; shown in the legend, the read-out and the CSV.
        values: one per bucket.
        colour: `series1` to `series5`, or a token such as `good`; the same thing has the same colour everywhere.
    """

    name: str
    values: Sequence[float]
    colour: str = "series1"


class Chart(Card):
    """A line or bar chart.

    Args:
        title: the measure: "Messages per hour".
        kind: line or bar.
        empty: the sentence shown while there is nothing: what would be here, and when.
        note: a quiet remark at the right of the title, such as the time zone.
    """

    def __init__(
        self,
        title: str,
        kind: Literal["line", "bar"] = "line",
        *,
        empty: str = "",
        note: str = "",
        name: str = "chart",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(title, note, name=name, parent=parent)
        self._kind = kind
        self._moments: Sequence[datetime | str] = ()
        self._bucket: Bucket = "day"
        self._lines: Sequence[ChartLine] = ()
        self._plot: Plot | None = None
        self._more = IconButton("dots-three", tr("Copy or save"), name=f"{name}_more")
        self._more.setMenu(self._menu())
        self._more.setPopupMode(IconButton.ToolButtonPopupMode.InstantPopup)
        self.head.addWidget(self._more)
        self._legend = QWidget()
        self._keys = FlowLayout(self._legend, gap=space(3))
        self.add(self._legend)
        self._face = QWidget()
        self._face.setMinimumHeight(Measure.chart)
        self._stack = QStackedLayout(self._face)
        self._none = EmptyState("chart-line", empty or tr("No data yet."), name=f"{name}_empty")
        self._stack.addWidget(self._none)
        self.add(self._face, 1)
        self._read_out = _ReadOut(self._face)
        self._show_state()

    def show_data(
        self, moments: Sequence[datetime | str], lines: Sequence[ChartLine], *, bucket: Bucket = "day"
    ) -> None:
        """Draw.

        Args:
            moments: the start of each bucket, on the workspace's clock; or category names.
            lines: what was counted; an empty list, or no moments, is "no data yet".
            bucket: how long a bucket is, for its label.
        """
        self._moments, self._lines, self._bucket = moments, lines, bucket
        self._show_state()
        if self.is_empty():
            return
        from workbench.gui.parts.plot import Drawn  # noqa: PLC0415 - pyqtgraph is slow to import; see the module

        labels = [self._label(moment) for moment in moments]
        self._plotted().show_data(labels, [Drawn(line.values, line.colour) for line in lines])

    def is_empty(self) -> bool:
        """Whether there is nothing to draw."""
        return not self._moments or not any(any(line.values) for line in self._lines)

    def point(self, at: int) -> None:
        """Show the exact values of a bucket; -1 hides them."""
        if self._plot is not None:
            self._plot.point(at)

    def read_out(self) -> str:
        """What the read-out says now; empty when nothing is pointed at."""
        return self._read_out.words() if self._read_out.isVisibleTo(self._face) else ""

    def to_csv(self) -> str:
        """The data as CSV with a header row; text that a spreadsheet would run is made harmless."""
        target = io.StringIO()
        writer = csv.writer(target, lineterminator="\n")
        writer.writerow([tr("Time"), *(harmless(line.name) for line in self._lines)])
        for at, moment in enumerate(self._moments):
            stamp = moment.isoformat() if isinstance(moment, datetime) else harmless(moment)
            writer.writerow([stamp, *(f"{line.values[at]:.15g}" for line in self._lines)])
        return target.getvalue()

    def picture(self) -> QPixmap:
        """The card as it stands."""
        self.point(-1)
        return self.grab()

    def copy_picture(self) -> None:
        """Put the picture on the clipboard."""
        QGuiApplication.clipboard().setPixmap(self.picture())

    def copy_csv(self) -> None:
        """Put the data on the clipboard, as text."""
        # Not as QMimeData: one made in Python takes the process down when the clipboard is let go of at the end.
        QGuiApplication.clipboard().setText(self.to_csv())

    def save_picture(self) -> None:
        """Ask for a file and write a PNG."""
        path, _ = QFileDialog.getSaveFileName(self, tr("Save picture"), f"{self.title.text()}.png", "PNG (*.png)")
        if path:
            self.picture().save(path, "PNG")

    def save_csv(self) -> None:
        """Ask for a file and write CSV, in UTF-8 with a byte order mark, as spreadsheets expect."""
        path, _ = QFileDialog.getSaveFileName(self, tr("Save data"), f"{self.title.text()}.csv", "CSV (*.csv)")
        if path:
            Path(path).write_text(self.to_csv(), encoding="utf-8-sig")

    def _menu(self) -> QMenu:
        menu = QMenu(self)
        for text, slot in (
            (tr("Copy as picture"), self.copy_picture),
            (tr("Copy as CSV"), self.copy_csv),
            (tr("Save picture…"), self.save_picture),
            (tr("Save as CSV…"), self.save_csv),
        ):
            action = QAction(text, menu)
            action.triggered.connect(lambda _checked=False, run=slot: run())
            menu.addAction(action)
        return menu

    def _plotted(self) -> "Plot":
        if self._plot is None:
            from workbench.gui.parts.plot import Plot  # noqa: PLC0415 - pyqtgraph is slow to import; see the module

            self._plot = Plot(bars=self._kind == "bar")
            self._plot.setAccessibleName(self.title.text())
            self._plot.pointed.connect(self._point)
            self._stack.addWidget(self._plot)
        self._stack.setCurrentWidget(self._plot)
        return self._plot

    def _show_state(self) -> None:
        empty = self.is_empty()
        self._more.setEnabled(not empty)
        self._read_out.hide()
        self._keys.clear()
        self._legend.setVisible(not empty and len(self._lines) > 1)
        if empty:
            self._stack.setCurrentWidget(self._none)
            return
        for line in self._lines:
            self._keys.addWidget(Swatch(line.name, line.colour))

    def _point(self, at: int) -> None:
        if at < 0 or self._plot is None:
            self._read_out.hide()
            return
        values = [(line.name, fmt.measured(line.values[at])) for line in self._lines]
        self._read_out.say(self._exact(self._moments[at]), values)
        spot = self._plot.spot(at)
        self._read_out.beside(round(spot.x()))
        words = ", ".join(f"{name} {value}" for name, value in values)
        self._plot.setAccessibleDescription(f"{self._exact(self._moments[at])}: {words}")

    def _label(self, moment: datetime | str) -> str:
        if isinstance(moment, str):
            return moment
        if self._bucket == "day":
            return fmt.day_short(moment)
        return f"{moment:%H:%M:%S}" if self._bucket == "second" else self._hour(moment)

    def _hour(self, moment: datetime) -> str:
        """The time; with the day where there are several."""
        last = self._moments[-1]
        first = self._moments[0]
        several = isinstance(first, datetime) and isinstance(last, datetime) and first.date() != last.date()
        return f"{fmt.day_short(moment)}, {moment:%H:%M}" if several else f"{moment:%H:%M}"

    def _exact(self, moment: datetime | str) -> str:
        if isinstance(moment, str):
            return moment
        if self._bucket == "day":
            return fmt.day(moment)
        time = f"{moment:%H:%M:%S}" if self._bucket == "second" else f"{moment:%H:%M}"
        return f"{fmt.day(moment)}, {time}"


class _ReadOut(QFrame):
    """The small panel beside the pointer: the moment, and each line's exact value."""

    def __init__(self, face: QWidget) -> None:
        super().__init__(face)
        self._face = face
        mark(self, surface="raised")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._moment = Text("", "heading")
        self._values = Text("", "muted")
        column = QVBoxLayout(self)
        column.setContentsMargins(space(3), space(2), space(3), space(2))
        column.setSpacing(space(1))
        column.addWidget(self._moment)
        row = QHBoxLayout()
        row.addWidget(self._values)
        column.addLayout(row)
        self.hide()

    def say(self, moment: str, values: Sequence[tuple[str, str]]) -> None:
        """Show a moment and its values."""
        self._moment.setText(moment)
        self._values.setText("\n".join(f"{name}  {value}" for name, value in values))

    def words(self) -> str:
        """All it says."""
        return f"{self._moment.text()}\n{self._values.text()}"

    def beside(self, across: int) -> None:
        """Stand right of this place, or left of it where there is no room."""
        self.adjustSize()
        room = self._face.width()
        left = across + space(3)
        if left + self.width() > room:
            left = across - self.width() - space(3)
        self.move(max(left, 0), space(2))
        self.show()
        self.raise_()
