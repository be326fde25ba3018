"""The imports page: start, mapping, work; one file after the other."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import ClassVar

from PySide6.QtWidgets import QStackedWidget, QWidget

from workbench.engine import activity, imports
from workbench.engine.news import Progress
from workbench.gui.actions import ActionEntry
from workbench.gui.imports.mapping_view import MappingView
from workbench.gui.imports.start import StartView
from workbench.gui.imports.work_view import WorkView, waiting_words
from workbench.gui.page import Frame, Page
from workbench.plan.mapping import ImportReport, Mapping
from workbench.plan.words import tr


class ImportsPage(Page):
    """Files come by drop, by the file dialog, or by `open(path)`."""

    key: ClassVar[str] = "imports"
    nouns: ClassVar[frozenset[str]] = frozenset({"imports"})

    def __init__(self, frame: Frame) -> None:
        super().__init__(frame, tr("Imports"))
        self._waiting: list[Path] = []
        self._running = ""
        self._job_id = ""
        self.start = StartView(self)
        self.mapping = MappingView(self)
        self.work = WorkView(self)
        self._stack = QStackedWidget()
        for view in (self.start, self.mapping, self.work):
            self._stack.addWidget(view)
        self.column.addWidget(self._stack, 1)
        self.start.chosen.connect(self.take_files)
        self.start.report_wanted.connect(self._show_report)
        self.start.next_wanted.connect(self._next)
        self.mapping.back.connect(lambda: self.open(""))
        self.mapping.failed.connect(self._unreadable)
        self.mapping.import_wanted.connect(self._run)
        self.work.back.connect(lambda: self.open(""))
        self.work.again_wanted.connect(self._again)
        self.work.cancel_wanted.connect(self._cancel)
        self.work.next_wanted.connect(self._next)
        self.work.page_wanted.connect(frame.go)
        self.bridge.progress.connect(self._progress)

    def open(self, thing: str) -> None:
        """The start, or the mapping of the file at this path."""
        if thing:
            self.take_files([Path(thing)])
            return
        self._begin()
        self.start.refresh()

    def leave(self) -> None:
        """A report that was seen makes room for the next files; a mapping, work and a failure stay."""
        super().leave()
        if self._stack.currentWidget() is self.work and self.work.shows_report():
            self._begin()

    def refresh(self) -> None:
        """The list of imports."""
        self.start.refresh()

    def take_files(self, paths: Sequence[Path]) -> bool:
        """Map the first of these files now, the others after it; all of them wait while another is at work."""
        self._waiting += [path for path in paths if path.is_file()]
        folders = [path for path in paths if not path.is_file()]
        if folders:
            self.start.problem.show_problem(tr("{path} is not a file.").format(path=folders[0]))
        if not self._waiting:
            return True
        if self._running or self._stack.currentWidget() is self.mapping:
            self.frame.say(waiting_words(len(self._waiting)))
        else:
            self._next()
        return True

    def action_entries(self) -> Sequence[ActionEntry]:
        """Choose files."""
        return (
            ActionEntry("imports.choose", lambda: tr("Choose files to import…"), self.start.choose, "page", "Ctrl+I",
                        "download-simple"),
        )  # fmt: skip

    def _begin(self) -> None:
        self._face(self.start)
        self.set_title(tr("Imports"))
        self.start.offer_next(0 if self._running else len(self._waiting))

    def _next(self) -> None:
        if self._waiting:
            self.start.problem.show_problem(None)
            self._face(self.mapping)
            self.mapping.open(str(self._waiting.pop(0)))

    def _again(self) -> None:
        self._face(self.mapping)

    def _face(self, view: QWidget) -> None:
        self._stack.setCurrentWidget(view)
        self.set_document(self.mapping.document if view is self.mapping else None)

    def _unreadable(self, words: str) -> None:
        self.open("")
        self.start.problem.show_problem(words)

    def _run(self, path: str, mapping: Mapping) -> None:
        self._running = path
        self._job_id = ""
        self.work.show_running(path)
        self._face(self.work)
        self.ask(imports.run, path, mapping, then=self._done, failed=partial(self._failed, path))

    def _progress(self, progress: Progress) -> None:
        if progress.kind != "import" or not self._running:
            return
        if not self._job_id and progress.state == "running" and Path(self._running).name in progress.label:
            self._job_id = progress.job_id
        if progress.job_id != self._job_id:
            return
        self.work.show_progress(progress)
        if progress.state == "cancelled":
            self._failed(self._running, None)

    def _cancel(self) -> None:
        if self._job_id:
            self.ask(activity.cancel, self._job_id)

    def _done(self, report: ImportReport) -> None:
        self._running = ""
        self._show_report(report)

    def _failed(self, path: str, error: Exception | None) -> None:
        self._running = ""
        words = tr("Cancelled. Nothing was changed.") if error is None else str(error)
        self.work.show_failure(path, words, more=len(self._waiting))
        self._face(self.work)

    def _show_report(self, report: ImportReport) -> None:
        self.work.show_report(report, more=len(self._waiting))
        self._face(self.work)
