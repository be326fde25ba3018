"""A look at HTML from anywhere: nothing runs, nothing is asked of the network, nothing is followed."""

import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QUrl
from pytestqt.qtbot import QtBot

from tests.gui.stage import browser
from workbench.gui.parts.htmlview import HtmlView

if TYPE_CHECKING:
    from workbench.gui.parts.browser import Browser

pytestmark = browser


class Listener:
    """Counts every connection made to it, whether or not a word is said."""

    def __init__(self) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        self.connections = 0
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        while True:
            try:
                connection, _address = self._socket.accept()
            except OSError:
                return
            self.connections += 1
            connection.close()

    def close(self) -> None:
        self._socket.close()


@pytest.fixture
def listener() -> Iterator[Listener]:
    made = Listener()
    yield made
    made.close()


def shown(qtbot: QtBot, html: str) -> HtmlView:
    view = HtmlView("A letter")
    view.resize(400, 300)
    qtbot.addWidget(view)
    view.show()
    qtbot.waitExposed(view)
    view.show_html("<p>before</p>")
    browser_widget = view.browser()
    assert browser_widget is not None
    with qtbot.waitSignal(browser_widget.loadFinished, timeout=20_000):
        view.show_html(html)
    return view


def test_the_browser_is_not_started_before_something_is_seen(qtbot: QtBot) -> None:
    view = HtmlView("A letter")
    qtbot.addWidget(view)
    view.show_html("<p>Hello</p>")
    assert view.browser() is None


def test_no_element_reaches_the_network(qtbot: QtBot, listener: Listener) -> None:
    here = listener.url
    view = shown(
        qtbot,
        f"""<html><head><link rel="preconnect" href="{here}"><link rel="prefetch" href="{here}/p">
        <link rel="stylesheet" href="{here}/c.css"><style>@import url("{here}/i.css"); @font-face
        {{ font-family: f; src: url("{here}/f.woff"); }} p {{ font-family: f; background: url("{here}/b.png") }}
        </style>
        <meta http-equiv="refresh" content="0; url={here}/refresh"></head>
        <body onload="fetch('{here}/onload')"><p>Hello</p><img src="{here}/i.png"><iframe src="{here}/frame"></iframe>
        <video src="{here}/v.mp4" autoplay></video><object data="{here}/o"></object><embed src="{here}/e">
        <script>fetch("{here}/script"); new WebSocket("{here.replace("http", "ws")}/ws")</script>
        <script src="{here}/s.js"></script></body></html>""",
    )
    with qtbot.waitSignal(_page(view).loadFinished, timeout=20_000):
        view.show_html("<p>later</p>")
    qtbot.wait(500)  # a connection that is not made has no signal to wait for
    assert listener.connections == 0


def test_no_script_runs(qtbot: QtBot) -> None:
    view = shown(
        qtbot,
        "<title>before</title><body><script>document.title = 'ran'</script>"
        "<img src=x onerror=\"document.title='ran'\">",
    )
    assert _page(view).title() != "ran"
    settings = _page(view).page().settings()
    assert not settings.testAttribute(settings.WebAttribute.JavascriptEnabled)


def test_a_file_of_this_machine_cannot_be_opened(qtbot: QtBot, tmp_path: Path) -> None:
    secret = tmp_path / "secret.html"
    secret.write_text("<p>secret words</p>", encoding="utf-8")
    view = shown(qtbot, f'<p>Hello</p><iframe src="{secret.as_uri()}"></iframe>')
    page = _page(view).page()
    with qtbot.waitSignal(page.loadFinished, timeout=20_000) as loaded:
        page.load(QUrl(secret.as_uri()))
    assert loaded.args == [False]
    assert _page(view).network.refused == 1


def test_nothing_is_kept_on_disk(qtbot: QtBot) -> None:
    view = shown(qtbot, "<p>Hello</p>")
    profile = _page(view).page().profile()
    assert profile.isOffTheRecord()


def test_a_page_that_is_too_long_is_said_so(qtbot: QtBot) -> None:
    view = shown(qtbot, "<p>Hello</p>")
    view.show_html("x" * 2_100_000)
    assert not _page(view).isVisible()


def _page(view: HtmlView) -> "Browser":
    found = view.browser()
    assert found is not None
    return found
