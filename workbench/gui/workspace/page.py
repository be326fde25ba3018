"""The workspace page: its settings, its file, and how the window looks."""

from typing import ClassVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from workbench.engine import opening, workspace
from workbench.engine.workspace import Overview
from workbench.gui.page import Frame, Page
from workbench.gui.parts.scroll import Scroll
from workbench.gui.theme.tokens import space
from workbench.gui.workspace.file_card import FileCard
from workbench.gui.workspace.look_card import LookCard
from workbench.gui.workspace.settings_card import SettingsCard
from workbench.plan.words import tr


class WorkspacePage(Page):
    """Settings at the left; file and window at the right."""

    key: ClassVar[str] = "workspace"
    nouns: ClassVar[frozenset[str]] = frozenset({"workspace", "endpoints", "events"})

    def __init__(self, frame: Frame) -> None:
        super().__init__(frame, tr("Workspace"))
        self.header = self.add_header(tr("Workspace"))
        self.settings = SettingsCard(self, self.header.pill)
        self.file = FileCard(frame)
        self.look = LookCard(frame)
        scroll = Scroll(name="workspace_scroll")
        self.column.addWidget(scroll, 1)
        both = QHBoxLayout()
        both.setSpacing(space(4))
        right = QVBoxLayout()
        right.setSpacing(space(3))
        right.addWidget(self.file)
        right.addWidget(self.look)
        right.addStretch(1)
        both.addWidget(self.settings, 1, Qt.AlignmentFlag.AlignTop)
        both.addLayout(right, 1)
        scroll.column.addLayout(both)
        scroll.column.addStretch(1)
        self.set_document(self.settings.document)

    def refresh(self) -> None:
        """Read settings and figures anew."""
        self.settings.refresh()
        self.ask(workspace.overview, then=self._show, slot="overview")

    def _show(self, overview: Overview) -> None:
        self.file.show_overview(overview)
        self.file.show_recent(opening.recent())
