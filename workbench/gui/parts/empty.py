"""What stands where nothing is yet: an icon, a sentence, one button that starts the first thing."""

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from workbench.gui.parts.button import Button
from workbench.gui.parts.text import Text
from workbench.gui.theme.icons import icon
from workbench.gui.theme.theme import Theme
from workbench.gui.theme.tokens import Measure, space


class EmptyState(QWidget):
    """The empty state of a list, a chart or a canvas.

    Args:
        glyph: a Phosphor name.
        sentence: what would be here, and how it comes.
        action: the button's verb; no button where empty.
        on_click: what the button does.
        title: a heading above the sentence.
    """

    def __init__(
        self,
        glyph: str,
        sentence: str,
        action: str = "",
        on_click: Callable[[], object] | None = None,
        *,
        title: str = "",
        kind: str = "primary",
        name: str = "empty",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self._glyph = glyph
        self._picture = QLabel(self)
        self._picture.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.title = Text(title, "heading", parent=self)
        self.sentence = Text(sentence, "muted", wrap=True, parent=self)
        for label in (self.title, self.sentence):
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.title.setVisible(bool(title))
        column = QVBoxLayout(self)
        column.setContentsMargins(space(6), space(6), space(6), space(6))
        column.setSpacing(space(2))
        column.addStretch(1)
        column.addWidget(self._picture)
        column.addWidget(self.title)
        column.addWidget(self.sentence, 0, Qt.AlignmentFlag.AlignHCenter)
        self._fit()
        self.button: Button | None = None
        if action:
            self.button = Button(action, kind, on_click=on_click, name=f"{name}_action")
            column.addSpacing(space(1))
            column.addWidget(self.button, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(2)
        Theme.current().changed.connect(self._paint_glyph)
        self._paint_glyph()

    def set_sentence(self, sentence: str, title: str = "") -> None:
        """Say something else."""
        self.sentence.setText(sentence)
        self._fit()
        self.title.setText(title)
        self.title.setVisible(bool(title))

    def _fit(self) -> None:
        # A wrapped label that is centred takes the narrowest width it can; give it the width of its words instead.
        words = self.sentence.fontMetrics().horizontalAdvance(self.sentence.text())
        width = min(words + space(2), Measure.field + space(20))
        self.sentence.setFixedSize(width, self.sentence.heightForWidth(width))

    def _paint_glyph(self) -> None:
        size = QSize(Measure.icon_large, Measure.icon_large)
        self._picture.setPixmap(icon(self._glyph, "hint").pixmap(size, self.devicePixelRatio()))
