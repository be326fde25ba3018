"""A page in a small window over a scripted shop, as the tests of pages use it."""

from typing import Generic, TypeVar

import pytest
from PySide6.QtWidgets import QMainWindow
from pytestqt.qtbot import QtBot

from tests.gui.shop import Shop
from workbench.gui.bridge import Bridge
from workbench.gui.page import Frame, Page

P = TypeVar("P", bound=Page)
#: What Chromium and Qt say where there is no graphics card.
browser = pytest.mark.qt_log_ignore(
    "QRhi", "Failed to create RHI", "QVulkan", "GBM ", "Sandboxing disabled", "GPUInfo ", extend=True
)


class Stage(Generic[P]):
    """A page on show.

    Attributes:
        went: the pages and things that the page asked for.
        said: what it said in toasts of the window.
    """

    def __init__(self, qtbot: QtBot, shop: Shop, kind: type[P]) -> None:
        self.shop = shop
        self.bridge = Bridge(shop)
        self.frame = Frame(self.bridge)
        self.went: list[tuple[str, str]] = []
        self.said: list[str] = []
        self.frame.went.connect(lambda page, thing: self.went.append((page, thing)))
        self.frame.said.connect(self.said.append)
        self.bridge.changed.connect(self._heed)
        self.window = QMainWindow()
        self.page = kind(self.frame)
        self.window.setCentralWidget(self.page)
        self.window.resize(1200, 800)
        qtbot.addWidget(self.window, before_close_func=lambda _window: self.close())
        self.window.show()
        qtbot.waitExposed(self.window)
        self.page.refresh()
        self.settle(qtbot)

    def settle(self, qtbot: QtBot) -> None:
        """Wait until every ask is answered."""
        qtbot.waitUntil(lambda: self.bridge.waiting() == 0)

    def close(self) -> None:
        """Hear no more, and end the engine's thread."""
        self.bridge.close()
        self.shop.stop()

    def _heed(self, nouns: frozenset[str]) -> None:
        if self.page.heeds(nouns):
            self.page.refresh()
