"""A safe look at HTML that came from anywhere: no script, no network, no files, nothing kept.

The browser is started when the first page is shown, not when a widget is made: it takes about a second.
"""

import os
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from workbench.gui.parts.text import Text
from workbench.gui.theme.mark import mark
from workbench.gui.theme.tokens import LIGHT
from workbench.plan.words import tr

if TYPE_CHECKING:
    from workbench.gui.parts.browser import Browser

#: Widths of the page in CSS pixels.
DESKTOP: Final = 640
PHONE: Final = 375
#: The engine takes a page as one address, and no address is longer than this many characters.
_LONGEST: Final = 2_000_000
_STALE: Final = 110


class HtmlView(QWidget):
    """Shows a message as its reader would see it, on light paper in either theme.

    A page wider than the widget is scaled down, so that a desktop letter keeps its lay-out in a narrow window.

    Args:
        label: what it shows, for screen readers.
    """

    def __init__(self, label: str = "", *, name: str = "html_view", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self._label = label
        self._html = ""
        self._waiting = False
        self._logical = DESKTOP
        self._browser: Browser | None = None
        self._paper = QFrame(self)
        mark(self._paper, surface="card")
        self._paper.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._sheet = QVBoxLayout(self._paper)
        self._sheet.setContentsMargins(1, 1, 1, 1)
        self._too_long = Text(tr("This message is too long to show. Read its source."), "muted", wrap=True)
        self._too_long.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._too_long.hide()
        self._sheet.addWidget(self._too_long)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addStretch(1)
        row.addWidget(self._paper, 1000)
        row.addStretch(1)
        self._veil = _Veil(self._paper)
        self._paint_paper()

    def html(self) -> str:
        """What it shows."""
        return self._html

    def show_html(self, html: str) -> None:
        """Show another page; the scroll position stays."""
        self._html = html
        self._waiting = True
        if self.isVisible():
            self._load()

    def set_page_width(self, logical: int) -> None:
        """Lay the page out for a screen of so many CSS pixels: `DESKTOP` or `PHONE`."""
        self._logical = logical
        self._paper.setMaximumWidth(logical + 2)
        self._fit()

    def page_width(self) -> int:
        """For how many CSS pixels the page is laid out."""
        return self._logical

    def dim(self, *, on: bool) -> None:
        """The page is of before and a new one is on its way."""
        self._veil.setVisible(on)
        self._veil.raise_()

    def is_dimmed(self) -> bool:
        """Whether the page shown is of before."""
        return not self._veil.isHidden()

    def browser(self) -> "Browser | None":
        """The browser widget, once something was shown."""
        return self._browser

    def showEvent(self, event: QShowEvent) -> None:
        """Load what waited for being seen."""
        super().showEvent(event)
        if self._waiting:
            self._load()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Scale the page into the new width."""
        super().resizeEvent(event)
        self._fit()

    def _load(self) -> None:
        self._waiting = False
        fits = len(quote(self._html)) < _LONGEST
        self._too_long.setVisible(not fits)
        if self._browser is None:
            self._browser = _start_browser(self._paper, self._label)
            self._sheet.addWidget(self._browser)
            self._veil.raise_()
            self._fit()
        self._browser.setVisible(fits)
        if fits:
            self._browser.show_html(self._html)

    def _fit(self) -> None:
        room = min(self.width(), self._logical + 2) - 2
        if self._browser is not None and room > 0:
            self._browser.setZoomFactor(min(max(room / self._logical, 0.25), 1.0))
        self._veil.setGeometry(self._paper.rect())

    def _paint_paper(self) -> None:
        # Letters are written for white paper; the frame around it is the theme's.
        self._paper.setStyleSheet(f'QFrame[surface="card"] {{ background: {LIGHT.panel}; border-radius: 0; }}')


class _Veil(QFrame):
    """A breath of paper over what is no longer true."""

    def __init__(self, over: QWidget) -> None:
        super().__init__(over)
        colour = QColor(LIGHT.panel)
        self.setStyleSheet(
            f"background: rgba({colour.red()}, {colour.green()}, {colour.blue()}, {_STALE}); border: none;"
        )
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()


def _start_browser(parent: QWidget, label: str) -> "Browser":
    # A name that a page asks to be connected to is looked up before any request can be refused: no name has an address.
    flags = os.environ.get("QTWEBENGINE_CHROMIUM_FLAGS", "")
    if "--host-resolver-rules" not in flags:
        os.environ["QTWEBENGINE_CHROMIUM_FLAGS"] = f'{flags} --host-resolver-rules="MAP * ~NOTFOUND"'.strip()
    # Imported here: the browser's libraries take most of a second and are needed by two pages only.
    from workbench.gui.parts.browser import Browser  # noqa: PLC0415 - see above

    return Browser(parent, label)
