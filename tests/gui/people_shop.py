"""A small shop with known people, in a real workspace behind the real window."""

import csv
import random
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any, TypeVar

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QCheckBox, QLabel, QPushButton, QScrollArea, QWidget
from pytestqt.qtbot import QtBot

from workbench.engine import imports
from workbench.engine.loop import Engine
from workbench.engine.opening import Wish, open_now
from workbench.gui.bridge import Bridge
from workbench.gui.pages import page_entries
from workbench.gui.parts.text import Elided
from workbench.gui.window import Window
from workbench.plan.mapping import Column, Mapping

_W = TypeVar("_W", bound=QWidget)

COUNT = 300
LONG = "A" * 100
HTML = "<b>Bold</b> & <script>alert(1)</script>"
RIGHT_TO_LEFT = "مرحبا بالعالم"
EMOJI = "🎉🎉 Zoë"


@dataclass(frozen=True)
class Customer:
    """One line of the shop's file."""

    number: int
    plan: str
    country: str
    first: str
    spent: float
    purchases: tuple[float, ...]

    @property
    def id(self) -> str:
        return f"c{self.number:04d}"


@cache
def customers() -> tuple[Customer, ...]:
    """The same people each time."""
    chance = random.Random(7)  # noqa: S311 - made-up people, not secrets
    odd = {3: HTML, 4: LONG, 5: RIGHT_TO_LEFT, 6: EMOJI}
    return tuple(
        Customer(
            number,
            chance.choice(("free", "free", "pro", "team")),
            chance.choice(("DE", "RU", "SE", "FR")),
            odd.get(number, f"Name {number}"),
            float(chance.randrange(200)),
            tuple(float(chance.randrange(5, 90)) for _ in range(chance.randrange(5))),
        )
        for number in range(COUNT)
    )


def people_mapping() -> Mapping:
    """How the shop's people become endpoints."""
    return Mapping(
        kind="endpoints",
        columns=(
            Column(target="Id", source="id"),
            Column(target="Address", source="mail"),
            Column(target="ChannelType", value="EMAIL"),
            Column(target="Location.Country", source="country"),
            Column(target="Attributes.plan", source="plan"),
            Column(target="Metrics.spent", source="spent"),
            Column(target="User.UserId", value="u{id}"),
            Column(target="User.UserAttributes.FirstName", source="first"),
        ),
    )


def events_mapping() -> Mapping:
    """How the shop's purchases become events."""
    return Mapping(
        kind="events",
        columns=(
            Column(target="EventType", value="purchase"),
            Column(target="Timestamp", source="at"),
            Column(target="EndpointId", source="id"),
            Column(target="Metrics.amount", source="amount"),
            Column(target="Attributes.category", source="category"),
        ),
    )


def fill(engine: Engine, folder: Path) -> None:
    """Import people and purchases."""
    now = datetime.now(UTC)
    people, events = folder / "people.csv", folder / "events.csv"
    with people.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("id", "mail", "country", "plan", "spent", "first"))
        writer.writerows(
            (one.id, f"{one.id}@example.com", one.country, one.plan, one.spent, one.first) for one in customers()
        )
    with events.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("id", "at", "amount", "category"))
        for one in customers():
            for at, amount in enumerate(one.purchases):
                moment = (now - timedelta(days=2 + 3 * at, minutes=one.number)).strftime("%Y-%m-%d %H:%M:%S")
                writer.writerow((one.id, moment, amount, "shoes" if amount > 50 else "lamps"))
    engine.ask(imports.run, str(people), people_mapping()).result()
    engine.ask(imports.run, str(events), events_mapping()).result()


def begin(path: Path, *, create: bool = False) -> Engine:
    """The real engine on the file."""
    return open_now(Wish(path, create=create, sending=False))


@cache
def shop_file() -> Path:
    """The shop's workspace, made once; beside it lie `people.csv` and `events.csv`."""
    folder = Path(mkdtemp(prefix="shop-"))
    engine = begin(folder / "shop.workbench", create=True)
    fill(engine, folder)
    engine.stop()
    return folder / "shop.workbench"


@dataclass
class Shop:
    """The window on a workspace of its own."""

    window: Window
    engine: Engine
    qtbot: QtBot

    def page(self, key: str, thing: str = "") -> Any:  # noqa: ANN401 - each test knows its page
        """Bring a page to the front and give it."""
        self.window.show_page(key, thing)
        return self.window.page(key)

    def ask(self, function: Callable[..., Any], *args: object) -> Any:  # noqa: ANN401 - whatever the engine answers
        """Ask the engine behind the window's back."""
        return self.engine.ask(function, *args).result(30)

    def until(self, true: Callable[[], bool]) -> None:
        """Wait for the window."""
        self.qtbot.waitUntil(true, timeout=10_000)


@contextmanager
def shop(qtbot: QtBot, folder: Path, *, filled: bool = True) -> Iterator[Shop]:
    """A window on a copy of the shop, or on an empty workspace."""
    path = folder / "shop.workbench"
    if filled:
        shutil.copy(shop_file(), path)
    engine = begin(path, create=not filled)
    bridge = Bridge(engine)
    window = Window(bridge, page_entries(), start="people")
    try:
        qtbot.addWidget(window)
        window.resize(1440, 900)
        window.show()
        window.activateWindow()
        qtbot.waitUntil(lambda: bridge.waiting() == 0 and window.isActiveWindow(), timeout=10_000)
        yield Shop(window, engine, qtbot)
    finally:
        window.close()
        bridge.close()
        engine.stop()


def wait(milliseconds: int) -> None:
    """Let the window and the engine work. (QTest's own wait keeps Python's lock, and with it the engine's thread.)"""
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


def find(parent: QWidget, kind: type[_W], name: str) -> _W:
    """The visible widget of that object name, waited for."""

    def visible() -> list[_W]:
        return [widget for widget in parent.findChildren(kind, name) if widget.isVisible()]

    for _ in range(250):
        if visible():
            return visible()[0]
        wait(20)
    raise AssertionError(f"no {kind.__name__} called {name} is visible")


def clipped(parent: QWidget) -> list[str]:
    """Words that do not fit their labels and buttons, though they should."""
    wrong = []
    for widget in parent.findChildren(QWidget):
        if not widget.isVisible() or isinstance(widget, Elided):
            continue
        free = isinstance(widget, QLabel) and (widget.wordWrap() or not widget.text())
        worded = isinstance(widget, QLabel | QPushButton | QCheckBox) and not free
        if worded and widget.width() < widget.minimumSizeHint().width():
            wrong.append(f"{widget.objectName()}: {widget.accessibleName()} ({widget.width()})")
        layout = widget.layout()
        if layout is not None and layout.totalMinimumSize().width() > widget.width():
            wrong.append(f"what is in {widget.objectName() or type(widget).__name__} needs more than {widget.width()}")
        if isinstance(widget, QScrollArea) and widget.horizontalScrollBar().maximum() > 0:
            wrong.append(f"{widget.objectName()} scrolls sideways")
    return wrong
