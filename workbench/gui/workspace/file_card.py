"""The workspace's file: where it is, whether it is encrypted, and what can be done with files."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from workbench.engine.workspace import Overview
from workbench.gui.page import Frame
from workbench.gui.parts import format as fmt
from workbench.gui.parts.button import Button
from workbench.gui.parts.card import Card
from workbench.gui.parts.flow import FlowLayout
from workbench.gui.parts.keyvalue import Entry, KeyValueTable
from workbench.gui.parts.text import Elided, Line, Text, plain_tip
from workbench.gui.theme.tokens import space
from workbench.plan.words import tr

_MOST_RECENT = 5


class FileCard(Card):
    """Path, protection, figures; back up, open, new; files of before."""

    def __init__(self, frame: Frame, parent: QWidget | None = None) -> None:
        super().__init__(tr("File"), name="file_card", parent=parent)
        self._frame = frame
        self._path = ""
        self.facts = KeyValueTable(name="file_facts")
        self.add(self.facts)
        buttons = QWidget()
        row = FlowLayout(buttons, gap=space(2))
        for words, action, name in (
            (tr("Back up…"), "file.backup", "back_up"),
            (tr("Open another…"), "file.open", "open_another"),
            (tr("New…"), "file.new", "new_workspace"),
        ):
            row.addWidget(Button(words, on_click=partial(frame.do, action), name=name))
        row.addWidget(Button(tr("Show in folder"), on_click=self._show_folder, name="show_folder"))
        self.body.addSpacing(space(2))
        self.add(buttons)
        self._recent = QVBoxLayout()
        self._recent.setSpacing(space(1))
        self.add(self._recent)

    def show_overview(self, overview: Overview) -> None:
        """Say what the file is and holds."""
        self._path = overview.path
        path = Path(overview.path)
        protected = tr("yes, the key is asked for or kept in the keyring") if overview.encrypted else tr("no")
        self.facts.show_entries(
            (
                Entry(tr("Name"), path.name),
                Entry(tr("Folder"), str(path.parent), tip=plain_tip(str(path))),
                Entry(tr("Encrypted"), protected),
                Entry(tr("People"), fmt.number(overview.endpoints)),
                Entry(tr("Events"), fmt.number(overview.events)),
            )
        )

    def show_recent(self, paths: Sequence[Path]) -> None:
        """Offer the workspaces of before, without this one."""
        while (item := self._recent.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        others = [path for path in paths if str(path) != self._path][:_MOST_RECENT]
        if others:
            self._recent.addSpacing(space(2))
            self._recent.addWidget(Line(soft=True))
            self._recent.addWidget(Text(tr("Recent"), "section"))
        for number, path in enumerate(others):
            self._recent.addWidget(self._line(path, number))

    def _line(self, path: Path, number: int) -> QWidget:
        line = QWidget()
        row = QHBoxLayout(line)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(space(2))
        row.addWidget(Text(path.name))
        row.addWidget(Elided(str(path.parent), "hint"), 1)
        open_it = partial(self._frame.open_workspace, str(path))
        row.addWidget(Button(tr("Open"), "link", on_click=open_it, name=f"recent_{number}"))
        return line

    def _show_folder(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(Path(self._path).parent)))
