"""What goes to the terminal: JSON lines, tables, bars, sentences. Answers on stdout, everything else on stderr."""

import csv
import io
import sys
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from workbench.plan.spreadsheet import harmless
from workbench.plan.words import tr

if TYPE_CHECKING:
    from rich.progress import Progress as Bars
    from rich.progress import TaskID

    from workbench.engine.news import Progress

#: characters of a bar in a chart of the terminal
_BAR = 40


def plain(value: object) -> str:
    """A value as text for a terminal: text from outside must not move the cursor or change colours."""
    text = "" if value is None else str(value)
    return "".join(letter if letter.isprintable() else " " for letter in text)


def moment(at: datetime) -> str:
    """A moment by this machine's clock, to the minute."""
    return f"{at.astimezone():%Y-%m-%d %H:%M}"


def say(text: str) -> None:
    """A sentence on stdout."""
    sys.stdout.write(f"{text}\n")


def tell(text: str) -> None:
    """A sentence on stderr: what is going on, or what went wrong."""
    sys.stderr.write(f"{text}\n")


def emit_json(answer: object) -> None:
    """The answer as one line of JSON on stdout."""
    from pydantic_core import to_json

    say(to_json(answer).decode())


def table(titles: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Rows in columns on a terminal; separated by tabs, complete, where stdout goes elsewhere."""
    if not sys.stdout.isatty():
        for row in (titles, *rows):
            say("\t".join(plain(cell) for cell in row))
        return
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    drawn = Table(box=None, pad_edge=False, header_style="bold")
    for title in titles:
        drawn.add_column(title, overflow="ellipsis", no_wrap=True)
    for row in rows:
        drawn.add_row(
            *(Text(plain(cell), justify="right" if isinstance(cell, int | float) else "left") for cell in row)
        )
    Console().print(drawn)


def pairs(rows: Iterable[tuple[str, object]]) -> None:
    """Names and values under each other."""
    filled = [(name, plain(value)) for name, value in rows]
    width = max((len(name) for name, _ in filled), default=0)
    for name, value in filled:
        say(f"{name:<{width}}  {value}".rstrip())


def bars(rows: Sequence[tuple[str, float]]) -> None:
    """A small chart: a line for each name, its bar and its value; bars begin at zero."""
    most = max((value for _, value in rows), default=0.0)
    width = max((len(name) for name, _ in rows), default=0)
    for name, value in rows:
        length = round(_BAR * value / most) if most > 0 else 0
        say(f"{plain(name):<{width}}  {'█' * length}{' ' * (length > 0)}{value:,.0f}")


def csv_text(titles: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Rows as CSV; a cell that a spreadsheet would take for a formula gets an apostrophe in front."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(titles)
    writer.writerows([harmless(cell) if isinstance(cell, str) else cell for cell in row] for row in rows)
    return out.getvalue()


class Progressing:
    """Bars on stderr for running jobs and for whatever else counts up; made when the first one is shown."""

    def __init__(self) -> None:
        self._bars: Bars | None = None
        self._tasks: dict[str, TaskID] = {}

    def show(self, jobs: Sequence["Progress"]) -> None:
        """Draw the running jobs; a job that has ended shows as full."""
        for job in jobs:
            if job.state == "running" or job.job_id in self._tasks:
                self.count(job.job_id, job.label, job.done, job.total)

    def count(self, key: str, label: str, done: float, total: float) -> None:
        """Draw one bar; a total of 0 means that it is not known."""
        drawn = self._drawn()
        if key not in self._tasks:
            self._tasks[key] = drawn.add_task(plain(label), total=None)
        drawn.update(self._tasks[key], completed=done, total=total or None)

    def close(self) -> None:
        """Leave the bars as they are and give the terminal back."""
        if self._bars is not None:
            self._bars.stop()
        self._bars = None
        self._tasks.clear()

    def _drawn(self) -> "Bars":
        if self._bars is None:
            self._bars = _made()
            self._bars.start()
        return self._bars


def _made() -> "Bars":
    from rich import progress
    from rich.console import Console

    parts: list[Any] = [
        progress.TextColumn("{task.description}", markup=False),
        progress.BarColumn(),
        progress.MofNCompleteColumn(),
        _rate_column(),
        progress.TimeRemainingColumn(),
    ]
    return progress.Progress(*parts, console=Console(stderr=True))


def _rate_column() -> Any:  # noqa: ANN401 - a rich column; its class is made here because rich is imported late
    from rich import progress
    from rich.text import Text

    class Rate(progress.ProgressColumn):
        def render(self, task: progress.Task) -> Text:
            return Text(tr("{rate}/s").format(rate=f"{task.speed:,.0f}") if task.speed else "")

    return Rate()
