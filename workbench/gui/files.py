"""Workspace files from the window: new, open, recent, back up, close."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final, Protocol

from PySide6.QtWidgets import QFileDialog, QWidget

from workbench.engine import workspace as engine_workspace
from workbench.gui.page import Frame
from workbench.plan.words import tr

EXTENSION: Final = ".workbench"


class Workspaces(Protocol):
    """What the window asks of whoever keeps workspaces open: another file means another engine and another window."""

    def new(self, path: Path) -> None:
        """Make a workspace and open it instead."""
        ...

    def open(self, path: Path) -> None:
        """Open another workspace instead."""
        ...

    def close(self) -> None:
        """Close this one and offer others."""
        ...

    def recent(self) -> Sequence[Path]:
        """Workspaces of before, newest first."""
        ...


class Files:
    """The File menu's acts; without `Workspaces` only the back-up works."""

    def __init__(self, host: QWidget, frame: Frame, workspaces: Workspaces | None) -> None:
        self._host = host
        self._frame = frame
        self._workspaces = workspaces

    def available(self) -> bool:
        """Whether other files can be opened from here."""
        return self._workspaces is not None

    def recent(self) -> Sequence[Path]:
        """Workspaces of before."""
        return self._workspaces.recent() if self._workspaces is not None else ()

    def new(self) -> None:
        """Ask for a file name and make a workspace there."""
        path = ask_new(self._host)
        if path is not None and self._workspaces is not None:
            self._workspaces.new(path)

    def open(self, path: Path | None = None) -> None:
        """Open a workspace; asks for the file where none is given."""
        path = path or ask_existing(self._host)
        if path is not None and self._workspaces is not None:
            self._workspaces.open(path)

    def close(self) -> None:
        """Close this file and offer others."""
        if self._workspaces is not None:
            self._workspaces.close()

    def back_up(self) -> None:
        """Ask for a file name and write a copy there."""
        path, _ = QFileDialog.getSaveFileName(self._host, tr("Back up"), "", file_filter())
        if path:
            self._frame.bridge.ask(engine_workspace.back_up, path, then=self._backed_up, owner=self._host)

    def _backed_up(self, path: str) -> None:
        self._frame.say(tr("Backed up to {file}").format(file=Path(path).name))


def ask_new(parent: QWidget | None) -> Path | None:
    """Where a new workspace shall be; None when cancelled."""
    path, _ = QFileDialog.getSaveFileName(parent, tr("New workspace"), "", file_filter())
    if not path:
        return None
    return Path(path) if Path(path).suffix else Path(path).with_suffix(EXTENSION)


def ask_existing(parent: QWidget | None) -> Path | None:
    """Which workspace to open; None when cancelled."""
    path, _ = QFileDialog.getOpenFileName(parent, tr("Open workspace"), "", file_filter())
    return Path(path) if path else None


def file_filter() -> str:
    """The kinds of files that the dialogs show."""
    return tr("Workspaces") + f" (*{EXTENSION})"
