"""The window's tests run offscreen, with the theme that people see."""

import gc
import os
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QSettings
from PySide6.QtWidgets import QApplication

from workbench.gui.parts import format as fmt
from workbench.gui.theme.theme import Scheme, Theme

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
if hasattr(os, "geteuid") and os.geteuid() == 0:
    # Chromium refuses its sandbox to root; only tests run as root.
    os.environ.setdefault("QTWEBENGINE_DISABLE_SANDBOX", "1")


@pytest.fixture(autouse=True, scope="module")
def _swept_here() -> Iterator[None]:
    """Qt objects in cycles are collected on this thread, as in the application: an engine's must not destroy them."""
    gc.disable()
    yield
    gc.collect()
    gc.enable()


@pytest.fixture(autouse=True)
def theme(qapp: QApplication, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Theme]:
    """The installed theme, light; settings go to a folder of their own."""
    QSettings.setDefaultFormat(QSettings.Format.IniFormat)
    folder = str(tmp_path_factory.mktemp("settings"))
    for form in (QSettings.Format.IniFormat, QSettings.Format.NativeFormat):
        QSettings.setPath(form, QSettings.Scope.UserScope, folder)
    fmt.speak("en")
    installed = Theme.install(qapp).force(Scheme.LIGHT)
    installed.calm(on=True)
    yield installed
    installed.force(Scheme.LIGHT)


def pytest_sessionfinish() -> None:
    """Delete what waits to be deleted: Chromium's views take the process down if they outlive the application."""
    if QApplication.instance() is not None:
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
