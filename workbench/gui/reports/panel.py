"""One question with its chart."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final, Literal

from workbench.gui.parts.button import IconButton
from workbench.gui.parts.chart import Bucket, Chart, ChartLine
from workbench.gui.parts.field import ProblemLine
from workbench.gui.reports.definition import definition_sheet
from workbench.plan.report import Series
from workbench.plan.words import N_, tr

_NAMES: Final = {
    "sent": N_("Sent"),
    "delivered": N_("Delivered"),
    "failed": N_("Failed"),
    "active": N_("Active"),
    "active_endpoints": N_("Active"),
}
#: The same thing has the same colour in every chart.
_COLOURS: Final[Mapping[str, str]] = {
    "sent": "series1", "delivered": "series2", "failed": "series4", "active": "series2", "active_endpoints": "series2",
}  # fmt: skip
_MOST_LINES: Final = 5


class Panel(Chart):
    """A chart that knows the series behind it, and can tell how it was counted."""

    def __init__(self, title: str, kind: Literal["line", "bar"], *, empty: str, name: str) -> None:
        super().__init__(title, kind, empty=empty, name=name)
        self.series: Series | None = None
        self.problem = ProblemLine(name=f"{name}_problem")
        self.add(self.problem)
        self._info = IconButton(
            "info", tr("Show the definition"), on_click=self.show_definition, name=f"{name}_definition"
        )
        self._info.setEnabled(False)
        self.head.insertWidget(self.head.count() - 1, self._info)

    def show_series(self, series: Series) -> None:
        """Draw another answer; at most five lines, the most frequent ones."""
        self.series = series
        self._info.setEnabled(True)
        self.problem.show_problem(None)
        lines = series.lines[:_MOST_LINES]
        self.set_note(_note(series))
        moments = [datetime.fromisoformat(bucket) for bucket in series.buckets]
        drawn = [ChartLine(_name(line.name), line.values, _colour(line.name, at)) for at, line in enumerate(lines)]
        bucket: Bucket = "day" if series.question.bucket == "auto" else series.question.bucket
        self.show_data(moments, drawn, bucket=bucket)

    def fail(self, error: Exception) -> None:
        """The question could not be answered."""
        self.problem.show_problem(str(error))

    def show_definition(self) -> None:
        """Open the sheet."""
        if self.series is not None:
            definition_sheet(self.window(), self.title.text(), self.series).open()

    def total(self, line: str) -> float:
        """The sum of a line's values; 0 where there is none of that name."""
        if self.series is None:
            return 0.0
        return sum(sum(found.values) for found in self.series.lines if found.name == line)


def _note(series: Series) -> str:
    """How long a step is, where it is no plain one; that only some of the lines are shown."""
    if len(series.lines) > _MOST_LINES:
        return tr("the {n} most frequent").format(n=_MOST_LINES)
    every = series.question.every
    match series.question.bucket:
        case "second":
            return tr("a step: {time}").format(time=tr("{n} s").format(n=every))
        case "minute":
            return tr("a step: {time}").format(time=tr("{n} min").format(n=every))
        case "hour":
            return tr("a step: {time}").format(time=tr("{n} h").format(n=every))
        case "auto" | "day":
            return ""


def _name(name: str) -> str:
    return tr(_NAMES[name]) if name in _NAMES else name


def _colour(name: str, at: int) -> str:
    return _COLOURS.get(name, f"series{at % _MOST_LINES + 1}")
