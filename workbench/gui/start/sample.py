"""What an empty workspace offers: bring a file, or build the sample shop."""

from PySide6.QtWidgets import QHBoxLayout, QWidget

from workbench.engine import activity, calls
from workbench.engine.desk import AskError
from workbench.engine.news import Progress
from workbench.gui.bridge import Bridge
from workbench.gui.parts.button import Button
from workbench.gui.parts.card import Card
from workbench.gui.parts.field import ProblemLine
from workbench.gui.parts.progress import ProgressRow
from workbench.gui.parts.text import Text
from workbench.gui.theme.tokens import space
from workbench.plan.words import tr


class SampleCard(Card):
    """Shown while nobody is in the workspace."""

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(tr("Nobody is in this workspace yet"), name="sample", parent=parent)
        self._bridge = bridge
        self._job = ""
        self._offered = False
        self.add(
            Text(
                tr(
                    "Drop a file with people anywhere on this window, or look around first with a sample: "
                    "a made-up shop with 20,000 people and 90 days of what they did."
                ),
                "muted",
                wrap=True,
            )
        )
        self._build = Button(tr("Build the sample"), on_click=self.build, glyph="flask", name="sample_build")
        row = QHBoxLayout()
        row.setSpacing(space(2))
        row.addWidget(self._build)
        row.addStretch(1)
        self.add(row)
        self._progress = ProgressRow(tr("Building the sample"), name="sample_progress")
        self._progress.hide()
        self._progress.cancelled.connect(self._cancel)
        self._problem = ProblemLine(name="sample_problem")
        self.add(self._progress)
        self.add(self._problem)
        bridge.progress.connect(self._hear)

    def offer(self, *, on: bool) -> None:
        """Show it, or hide it once people are in and nothing is being built."""
        self._offered = on
        self.setVisible(on or bool(self._job))

    def build(self) -> None:
        """Have the engine make the sample, as a job."""
        self._problem.show_problem(None)
        self._build.setEnabled(False)
        try:
            function = calls.find("demo", "prepare")
        except (AskError, ImportError) as error:
            self._failed(error)
            return
        self._bridge.ask(function, then=self._built, failed=self._failed, owner=self)

    def _hear(self, job: Progress) -> None:
        if job.kind != "sample":
            return
        running = job.state == "running"
        self._job = job.job_id if running else ""
        self._progress.setVisible(running)
        self._build.setEnabled(not running)
        if running:
            self._progress.set_title(job.label)
            self._progress.show_progress(job.done, job.total or None, job.rate, job.remaining)
        self.offer(on=self._offered)

    def _cancel(self) -> None:
        self._bridge.ask(activity.cancel, self._job, owner=self)

    def _built(self, _report: object) -> None:
        self._build.setEnabled(True)

    def _failed(self, error: Exception) -> None:
        self._build.setEnabled(True)
        self._problem.show_problem(str(error))
