"""Start to a shown window, warm: a process of its own each time, from its first line to the first painted window.

The limit is 1.5 s. What dominates it is told below the figure: the packages whose own modules take longest to import.
"""

import os
import re
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

from tests.benchmarks.measure import Figure

LIMIT: Final = 1.5
_ROUNDS: Final = 7
_SLOWEST: Final = 6
_ENVIRONMENT: Final = {"QT_QPA_PLATFORM": "offscreen", "QTWEBENGINE_DISABLE_SANDBOX": "1"}
#: Begins the clock before the first import, and ends it when the window has been painted and its first page is there.
_PROGRAM: Final = """
import time
begin = time.perf_counter()
import sys
from pathlib import Path
from PySide6.QtCore import QEvent, QObject, QSettings, QTimer
from PySide6.QtWidgets import QApplication

folder, workspace = sys.argv[1:]
for form in (QSettings.Format.IniFormat, QSettings.Format.NativeFormat):
    QSettings.setPath(form, QSettings.Scope.UserScope, folder)
app = QApplication([])


class Watch(QObject):
    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Paint and watched.objectName() == "window":
            app.removeEventFilter(self)
            QTimer.singleShot(0, lambda: (print("shown", time.perf_counter() - begin, flush=True), app.quit()))
        return False


watch = Watch()
app.installEventFilter(watch)
from workbench.app import opener
from workbench.gui.desktop import run_window
run_window(Path(workspace), opener(), start="start")
"""


def run(quick: bool) -> list[Figure]:  # noqa: FBT001 - every benchmark is called so
    """Median of some starts on an existing workspace, after one that warms the disk."""
    with tempfile.TemporaryDirectory() as folder:
        _start(folder)
        before = _processor_seconds()
        rounds = [_start(folder) for _ in range(1 if quick else _ROUNDS)]
        processor = (_processor_seconds() - before) / len(rounds)
        dominated = _imports(folder)
    spread = (
        f"{min(rounds):.2f} to {max(rounds):.2f} s over {len(rounds)} starts, {processor:.2f} s of processor time each"
    )
    seconds = statistics.median(rounds)
    figure = Figure(
        name="start to a shown window, warm",
        ours=seconds,
        peer=LIMIT,
        unit="s",
        floor=1.0,
        peer_name="limit",
        note=f"{spread}; slowest imports by package: {dominated}",
    )
    return [figure]


def _start(folder: str, *flags: str) -> float:
    said = _process(folder, *flags)
    return float(re.findall(r"^shown ([\d.]+)$", said.stdout, re.MULTILINE)[0])


def _processor_seconds() -> float:
    """Of all processes that were waited for, from their start to their end."""
    spent = os.times()
    return spent.children_user + spent.children_system


def _process(folder: str, *flags: str) -> "subprocess.CompletedProcess[str]":
    workspace = str(Path(folder) / "start.workbench")
    return subprocess.run(
        [sys.executable, *flags, "-c", _PROGRAM, folder, workspace],
        env=os.environ | _ENVIRONMENT,
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )


def _imports(folder: str) -> str:
    """The slowest packages of one start, their own modules only, as `-X importtime` tells them (which slows them)."""
    packages: dict[str, float] = {}
    for line in _process(folder, "-X", "importtime").stderr.splitlines():
        found = re.match(r"import time:\s+(\d+) \|\s+\d+ \|\s*(\w+)", line)
        if found:
            microseconds, package = found.groups()
            packages[package] = packages.get(package, 0.0) + int(microseconds) / 1000
    slowest = sorted(packages.items(), key=lambda one: -one[1])[:_SLOWEST]
    return ", ".join(f"{name} {milliseconds:.0f} ms" for name, milliseconds in slowest)
