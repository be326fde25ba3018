"""Cyclic garbage goes on the GUI thread, whichever thread has left it."""

import gc
import threading
import weakref
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from workbench.gui.sweeper import Sweeper


class Knot:
    """Refers to itself."""

    def __init__(self) -> None:
        self.me = self


@pytest.fixture
def sweeper(qapp: QApplication) -> Iterator[Sweeper]:
    made = Sweeper(qapp)
    yield made
    made.stop()
    made.deleteLater()
    gc.disable()  # as it was found


@pytest.mark.usefixtures("sweeper")
def test_what_another_thread_leaves_is_swept_here(qtbot: QtBot) -> None:
    assert not gc.isenabled()
    gone: list[threading.Thread] = []

    def leave() -> None:
        weakref.finalize(Knot(), lambda: gone.append(threading.current_thread()))
        for _ in range(5000):
            Knot()

    thread = threading.Thread(target=leave)
    thread.start()
    thread.join()
    assert not gone
    qtbot.waitUntil(lambda: bool(gone), timeout=5000)
    assert gone == [threading.main_thread()]


def test_what_is_settled_is_not_gone_through(sweeper: Sweeper) -> None:
    before = gc.get_freeze_count()
    sweeper.settle()
    assert gc.get_freeze_count() > before + 10_000
    sweeper.stop()
    assert gc.get_freeze_count() == 0
    assert gc.isenabled()
    QCoreApplication.processEvents()
