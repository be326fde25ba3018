"""The people page over a million endpoints: how soon it opens, and how long it ever stalls beside an import and a send.

The window, the engine and the store are the real ones, offscreen, in this process, as in the application.
"""

import itertools
import os
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
if hasattr(os, "geteuid") and os.geteuid() == 0:
    os.environ.setdefault("QTWEBENGINE_DISABLE_SANDBOX", "1")

from PySide6.QtCore import QEventLoop, QObject, QSettings, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from tests import crowd
from tests.benchmarks import large
from tests.benchmarks.import_endpoints import write_people
from tests.benchmarks.measure import Figure
from workbench.engine import campaigns, imports
from workbench.engine.loop import Engine
from workbench.gui.audience.page import PeoplePage
from workbench.gui.bridge import Bridge
from workbench.gui.pages import page_entries
from workbench.gui.sweeper import Sweeper
from workbench.gui.theme.theme import Theme
from workbench.gui.window import Window
from workbench.plan.channel import SandboxChannel

PEOPLE = 1_000_000
OPEN_MS = 300.0
STALL_MS = 50.0
_ROUNDS = 5
_TICK_MS = 2
#: what a person does meanwhile: a key every quarter of a second
_HAND_MS = 250
_PATIENCE = 120.0


def run(quick: bool) -> list[Figure]:  # noqa: FBT001 - every benchmark is called so
    """Medians of opening; the longest stall of one whole import and send."""
    people = PEOPLE // 50 if quick else PEOPLE
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name)
        workspace = large.fill(folder, people)
        more = folder / "more.csv"
        write_people(more, people // 2, people // 2 + people, round_number=2)
        keep_settings(folder)
        with running(workspace) as engine, sweeping() as sweeper:
            opened = [_open(engine) for _ in range(_ROUNDS)]
            sweeper.settle()  # as the application does some seconds after its start
            calm = _stall(engine, lambda _page: wait_ms(3000))
            busy = _stall(engine, lambda page: _import_and_send(engine, more, page))
    size = f"{people:,} endpoints"
    note = (
        f"timer of {_TICK_MS} ms, keys every {_HAND_MS} ms; the window's own work took at most {busy.own:.0f} ms; "
        f"without import and send the longest was {calm.longest:.0f} ms; load of the machine {os.getloadavg()[0]:.1f}"
    )
    slowest = f"until the first rows are painted; slowest of {_ROUNDS}: {max(opened):.0f} ms"
    stalled = f"longest stall of the window beside an import of {people:,} and a send"
    return [
        Figure(
            f"people page, first sight, {size}", statistics.median(opened), OPEN_MS, "ms", 1.0, "limit", note=slowest
        ),
        Figure(stalled, busy.longest, STALL_MS, "ms", 1.0, "limit", note=note),
    ]


def _open(engine: Engine) -> float:
    """Milliseconds from the click in the sidebar to painted rows; the page is made anew each time."""
    with opened(engine) as window:
        started = time.perf_counter()
        window.show_page("people")
        page = window.page("people")
        assert isinstance(page, PeoplePage)
        until(lambda: page.people.table.row(0) is not None)
        page.people.table.view.viewport().repaint()
        return (time.perf_counter() - started) * 1000


def _stall(engine: Engine, work: Callable[[PeoplePage], None]) -> "Probe":
    """How long the window did not answer while the work went on."""
    with opened(engine) as window:
        window.show_page("people")
        page = window.page("people")
        assert isinstance(page, PeoplePage)
        until(lambda: page.people.table.row(0) is not None)
        page.people.table.view.setFocus()
        probe = Probe(window)
        hand = QTimer(window)
        keys = itertools.cycle((Qt.Key.Key_PageDown, Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_PageUp))
        hand.timeout.connect(lambda: QTest.keyClick(page.people.table.view, next(keys)))
        hand.start(_HAND_MS)
        probe.begin()
        work(page)
        hand.stop()
        probe.end()
        return probe


def _import_and_send(engine: Engine, more: Path, page: PeoplePage) -> None:
    """Import the file while a campaign to everyone goes to the sandbox; ends with the import."""
    del page
    campaign = crowd.compose(engine, SandboxChannel())
    launched = engine.ask(campaigns.launch, campaign, 0.0)
    until(launched.done)
    run_id = launched.result().run_id
    until(lambda: _accepted(engine, run_id) > 0)
    before = _accepted(engine, run_id)
    preview = engine.ask(imports.preview, str(more))
    until(preview.done)
    report = engine.ask(imports.run, str(more), preview.result().mapping)
    until(report.done)
    if report.result().read == 0:
        raise RuntimeError("nothing was imported")
    wait_ms(1500)  # what was sent meanwhile is written down about once a second
    if _accepted(engine, run_id) <= before:
        raise RuntimeError("nothing was sent beside the import")
    stopped = engine.ask(campaigns.cancel, run_id)
    until(stopped.done)


def _accepted(engine: Engine, run_id: str) -> int:
    """How many messages of the run the server has taken; asked without holding up the window."""
    asked = engine.ask(campaigns.status, run_id)
    until(asked.done)
    return asked.result().states.get("accepted", 0)


class Probe(QObject):
    """Notes the longest gap between the ticks of a fast timer, less the tick itself, in milliseconds.

    Attributes:
        longest: the longest gap; what other threads and processes of a busy machine take from the window counts.
        own: the most that the window's thread itself worked between two ticks.
    """

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.longest = 0.0
        self.own = 0.0
        self._last = 0.0
        self._worked = 0.0
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)

    def begin(self) -> None:
        """From now on."""
        self._last, self._worked = time.perf_counter(), time.thread_time()
        self._timer.start(_TICK_MS)

    def end(self) -> None:
        """No longer: taking the window down is no part of it."""
        self._timer.stop()
        self.setParent(None)

    def _tick(self) -> None:
        now, worked = time.perf_counter(), time.thread_time()
        self.longest = max(self.longest, (now - self._last) * 1000 - _TICK_MS)
        self.own = max(self.own, (worked - self._worked) * 1000)
        self._last, self._worked = now, worked


@contextmanager
def running(workspace: Path) -> Iterator[Engine]:
    engine = Engine(workspace)
    engine.start().result(_PATIENCE)
    try:
        yield engine
    finally:
        engine.stop()


@contextmanager
def sweeping() -> Iterator[Sweeper]:
    sweeper = Sweeper(_app())
    try:
        yield sweeper
    finally:
        sweeper.stop()


def _app() -> QApplication:
    app = QApplication.instance() or QApplication([])
    assert isinstance(app, QApplication)
    return app


@contextmanager
def opened(engine: Engine) -> Iterator[Window]:
    """The window on its start page, drawn."""
    Theme.install(_app())
    bridge = Bridge(engine)
    window = Window(bridge, page_entries(), start="start")
    window.resize(1440, 900)
    window.show()
    until(lambda: bridge.waiting() == 0)
    try:
        yield window
    finally:
        window.close()
        bridge.close()
        window.deleteLater()
        wait_ms(50)


def keep_settings(folder: Path) -> None:
    """How the window looks is kept in the benchmark's own folder."""
    for form in (QSettings.Format.IniFormat, QSettings.Format.NativeFormat):
        QSettings.setPath(form, QSettings.Scope.UserScope, str(folder))


def until(true: Callable[[], bool]) -> None:
    """Let the event loop run until it is true; raises TimeoutError after two minutes."""
    deadline = time.monotonic() + _PATIENCE
    loop = QEventLoop()
    timer = QTimer()
    timer.timeout.connect(lambda: loop.quit() if true() or time.monotonic() > deadline else None)
    timer.start(1)
    loop.exec()
    if not true():
        raise TimeoutError


def wait_ms(milliseconds: int) -> None:
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()
