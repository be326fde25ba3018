"""Where files are dropped."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent
from PySide6.QtWidgets import QFrame, QLabel, QSizePolicy, QVBoxLayout, QWidget

from workbench.gui.parts.button import Button
from workbench.gui.parts.text import Text
from workbench.gui.theme.icons import icon
from workbench.gui.theme.mark import mark
from workbench.gui.theme.theme import Theme
from workbench.gui.theme.tokens import Measure, space
from workbench.plan.words import tr


class DropArea(QFrame):
    """A large dashed field; files that fall anywhere else on the window come here too."""

    dropped = Signal(object)
    """A list of paths."""

    def __init__(self, choose: Callable[[], object], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("drop_area")
        self.setAcceptDrops(True)
        self.setAccessibleName(tr("Drop files here"))
        self.setMinimumHeight(Measure.popover * 3 // 4)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        mark(self, surface="drop_here")
        self._picture = QLabel()
        self._picture.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        title = Text(tr("Drop files here"), "heading")
        kinds = Text(tr("CSV, TSV, Parquet, NDJSON, also as .gz. Nothing is changed before you have seen it."), "muted")
        self.button = Button(tr("Choose files…"), "primary", on_click=choose, name="choose_files")
        column = QVBoxLayout(self)
        column.setContentsMargins(space(5), space(5), space(5), space(5))
        column.setSpacing(space(2))
        column.addStretch(1)
        column.addWidget(self._picture)
        kinds.setWordWrap(True)
        for label in (title, kinds):
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            column.addWidget(label)
        column.addSpacing(space(2))
        column.addWidget(self.button, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(1)
        Theme.current().changed.connect(self._paint_glyph)
        self._paint_glyph()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Files are welcome."""
        if event.mimeData().hasUrls():
            event.acceptProposedAction()
            mark(self, hot=True)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        """They went elsewhere."""
        super().dragLeaveEvent(event)
        mark(self, hot=False)

    def dropEvent(self, event: QDropEvent) -> None:
        """Take them."""
        mark(self, hot=False)
        paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        if paths:
            event.acceptProposedAction()
            self.dropped.emit(paths)

    def _paint_glyph(self) -> None:
        size = QSize(Measure.icon_large, Measure.icon_large)
        self._picture.setPixmap(icon("download-simple", "accent").pixmap(size, self.devicePixelRatio()))
