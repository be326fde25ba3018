import threading
from collections.abc import Iterator
from typing import Any

import pytest
import shiboken6
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from tests.gui.scripted import ScriptedEngine
from workbench.engine.news import Changed, Progress
from workbench.gui.bridge import Bridge


async def question(_desk: object, number: int) -> int:
    return number


@pytest.fixture
def engine() -> Iterator[ScriptedEngine]:
    scripted = ScriptedEngine()
    scripted.answers["question"] = lambda number: number * 2
    yield scripted
    scripted.stop()


@pytest.fixture
def bridge(engine: ScriptedEngine) -> Iterator[Bridge]:
    made = Bridge(engine)
    yield made
    made.close()


def test_answers_come_on_the_gui_thread(bridge: Bridge, qtbot: QtBot) -> None:
    heard: list[tuple[int, threading.Thread]] = []
    bridge.ask(question, 21, then=lambda answer: heard.append((answer, threading.current_thread())))
    qtbot.waitUntil(lambda: bool(heard))
    assert heard == [(42, threading.main_thread())]
    assert bridge.waiting() == 0


def test_a_failure_goes_to_who_asked_else_to_everyone(bridge: Bridge, engine: ScriptedEngine, qtbot: QtBot) -> None:
    engine.answers["question"] = ValueError("no such question")
    heard: list[Exception] = []
    bridge.ask(question, 1, failed=heard.append)
    qtbot.waitUntil(lambda: bool(heard))
    assert str(heard[0]) == "no such question"
    with qtbot.waitSignal(bridge.unheard) as unheard:
        bridge.ask(question, 1)
    assert str(unheard.args[0]) == "no such question"


def test_only_the_newest_ask_of_a_slot_is_answered(bridge: Bridge, engine: ScriptedEngine, qtbot: QtBot) -> None:
    gate = threading.Event()

    def slow(number: int) -> int:
        gate.wait(5)
        return number

    engine.answers["question"] = slow
    heard: list[Any] = []
    owner = QObject()
    for number in range(5):
        bridge.ask(question, number, then=heard.append, slot="count", owner=owner)
    bridge.ask(question, 99, then=heard.append, slot="other", owner=owner)
    gate.set()
    qtbot.waitUntil(lambda: 99 in heard)
    assert heard == [4, 99]


def test_the_same_slot_of_two_owners_is_two_slots(bridge: Bridge, qtbot: QtBot) -> None:
    one, other = QObject(), QObject()
    heard: list[int] = []
    bridge.ask(question, 1, then=heard.append, slot="count", owner=one)
    bridge.ask(question, 2, then=heard.append, slot="count", owner=other)
    qtbot.waitUntil(lambda: len(heard) == 2)
    assert sorted(heard) == [2, 4]


def test_nothing_is_delivered_to_a_page_that_is_gone(bridge: Bridge, qtbot: QtBot) -> None:
    owner = QObject()
    heard: list[int] = []
    bridge.ask(question, 1, then=heard.append, owner=owner)
    shiboken6.delete(owner)
    bridge.ask(question, 5, then=heard.append)
    qtbot.waitUntil(lambda: bool(heard))
    assert heard == [10]


def test_news_become_signals(bridge: Bridge, engine: ScriptedEngine, qtbot: QtBot) -> None:
    with qtbot.waitSignal(bridge.changed) as changed:
        engine.tell(Changed(frozenset({"segments"})))
    assert changed.args == [frozenset({"segments"})]
    job = Progress("1", "import", "people.csv", 5, 10, "rows", 2.0, 2.5, "running")
    with qtbot.waitSignal(bridge.progress) as progress:
        engine.tell(job)
    assert progress.args == [job]


def test_a_closed_bridge_is_silent(bridge: Bridge, engine: ScriptedEngine, qtbot: QtBot) -> None:
    heard: list[int] = []
    bridge.ask(question, 1, then=heard.append)
    bridge.close()
    assert engine.listeners == []
    qtbot.wait(20)
    assert heard == []
