"""Pictures of every page, light and dark, English and Russian, empty and full.

`uv run python -m tests.screenshots [DIR]` writes them, by default to `screenshots/`.

The window is the real one over the real engine. "Full" is the sample shop with one campaign sent to the sandbox; pages
that edit definitions are also shown with one opened. `--only segments,start` and `--size 1000x640` narrow it down.
"""

import argparse
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
if hasattr(os, "geteuid") and os.geteuid() == 0:
    # Chromium refuses its sandbox to root.
    os.environ.setdefault("QTWEBENGINE_DISABLE_SANDBOX", "1")

from PySide6.QtCore import QEvent, QSettings
from PySide6.QtWidgets import QApplication

from workbench.engine import campaigns, demo, endpoints
from workbench.engine.loop import Engine
from workbench.gui.bridge import Bridge
from workbench.gui.language import speak
from workbench.gui.page import PageEntry
from workbench.gui.pages import page_entries
from workbench.gui.theme.theme import Scheme, Theme
from workbench.gui.window import Window
from workbench.plan.endpoint import View

if TYPE_CHECKING:
    from concurrent.futures import Future

PEOPLE: Final = 4_000
DAYS: Final = 90
#: seconds to wait for a page to have all its answers
_PATIENCE: Final = 20.0
#: seconds after the last answer, for previews and pauses in typing
_SETTLE: Final = 0.7


@contextmanager
def engine(folder: Path, name: str) -> Iterator[Engine]:
    """A new workspace at work."""
    running = Engine(folder / f"{name}.workbench", create=True)
    running.start().result()
    try:
        yield running
    finally:
        running.stop()


def fill(running: Engine) -> None:
    """The sample shop, and one campaign that went out to the sandbox."""
    running.ask(demo.prepare, PEOPLE, DAYS).result()
    start = running.ask(demo.ready).result()
    run = running.ask(campaigns.launch, start.campaign_id, 0.0).result()
    deadline = time.monotonic() + 120
    while run.finished is None and time.monotonic() < deadline:
        time.sleep(0.1)
        run = running.ask(campaigns.status, run.run_id).result()


def things(running: Engine, entries: tuple[PageEntry, ...]) -> dict[str, str]:
    """One thing to open per page, where the page opens things."""
    found: dict[str, str] = {}
    for entry in entries:
        if entry.listed is not None:
            listed = wait(running.ask(entry.listed()))
            if listed:
                found[entry.key] = listed[-1].id
    people = wait(running.ask(endpoints.page, View(columns=("Id",)), 0, 1))
    if people.rows:
        found["people"] = str(people.rows[0][0])
    if "campaigns" in found:
        found["reports"] = found["campaigns"]
    return found


def wait(future: "Future[Any]") -> Any:  # noqa: ANN401 - whatever was asked
    """The answer, while the window goes on."""
    while not future.done():
        QApplication.processEvents()
    return future.result()


def settle(bridge: Bridge) -> None:
    """Until everything asked is answered and painted."""
    deadline = time.monotonic() + _PATIENCE
    quiet_since = time.monotonic()
    while time.monotonic() < deadline and time.monotonic() - quiet_since < _SETTLE:
        QApplication.processEvents()
        time.sleep(0.005)
        if bridge.waiting():
            quiet_since = time.monotonic()


def photograph(running: Engine, state: str, language: str, options: argparse.Namespace) -> list[Path]:
    """All pictures of one workspace, in the language that its sample is in."""
    bridge = Bridge(running)
    entries = page_entries()
    window = Window(bridge, entries, start="start")
    window.resize(*options.size)
    window.show()
    window.speak(language)
    opened = things(running, entries)
    written = []
    for scheme in (Scheme.LIGHT, Scheme.DARK):
        window.force_scheme(scheme)
        for entry in entries:
            if options.only and entry.key not in options.only:
                continue
            for thing in ("", opened.get(entry.key, "")):
                if thing == "" or state == "full":
                    name = f"{entry.key}{'-open' if thing else ''}-{state}-{language}-{scheme}.png"
                    written.append(shoot(window, entry.key, thing, options.folder / name))
    window.close()
    bridge.close()
    return list(dict.fromkeys(written))


def shoot(window: Window, key: str, thing: str, path: Path) -> Path:
    """One picture."""
    window.show_page(key)
    window.page(key).open(thing)
    settle(window.bridge)
    window.grab().save(str(path))
    return path


def main() -> None:
    """Take the pictures that the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=Path("screenshots"))
    parser.add_argument("--only", type=lambda text: text.split(","), default=[])
    parser.add_argument("--languages", type=lambda text: text.split(","), default=["en", "ru"])
    parser.add_argument("--states", type=lambda text: text.split(","), default=["empty", "full"])
    parser.add_argument("--size", type=lambda text: [int(part) for part in text.split("x")], default=[1440, 900])
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    app = QApplication([])
    with tempfile.TemporaryDirectory() as place:
        QSettings.setDefaultFormat(QSettings.Format.IniFormat)
        for form in (QSettings.Format.IniFormat, QSettings.Format.NativeFormat):
            QSettings.setPath(form, QSettings.Scope.UserScope, place)
        Theme.install(app)
        for state, language in product(options.states, options.languages):
            speak(language)
            with engine(Path(place), f"{state}-{language}") as running:
                if state == "full":
                    fill(running)
                for path in photograph(running, state, language, options):
                    print(path)  # noqa: T201 - a script that says what it wrote
                # Chromium's views must not outlive the application.
                app.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


if __name__ == "__main__":
    main()
