"""The menu of what can be made: providers, any mail server, the sandbox, a folder."""

from collections.abc import Callable
from functools import partial

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from workbench.gui.channels.form import AnyChannel
from workbench.plan.channel import PRESETS, FolderChannel, Preset, SandboxChannel, SmtpChannel
from workbench.plan.words import tr


def kinds_menu(host: QWidget, start: Callable[[AnyChannel], object]) -> QMenu:
    """The menu, not yet open; `start` gets the channel to begin with."""
    menu = QMenu(host)
    menu.setObjectName("channel_kinds")
    for preset in PRESETS:
        _add(menu, preset.name, partial(start, _from(preset)), f"preset_{preset.key}")
    menu.addSeparator()
    smtp = SmtpChannel(name=tr("Mail server"))
    _add(menu, tr("Another mail server"), lambda: start(smtp), "kind_smtp")
    _add(menu, tr("Sandbox on this machine"), lambda: start(SandboxChannel(name=tr("Sandbox"))), "kind_sandbox")
    _add(menu, tr("Folder of .eml files"), lambda: start(FolderChannel(name=tr("Folder"))), "kind_folder")
    return menu


def _from(preset: Preset) -> SmtpChannel:
    return SmtpChannel(name=preset.name, host=preset.host, port=preset.port, security=preset.security)


def _add(menu: QMenu, text: str, run: Callable[[], object], name: str) -> None:
    action = QAction(text, menu)
    action.setObjectName(name)
    action.triggered.connect(lambda _checked=False: run())
    menu.addAction(action)
