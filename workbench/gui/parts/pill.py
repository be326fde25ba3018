"""A pill: one or two words about a state."""

from PySide6.QtWidgets import QSizePolicy, QWidget

from workbench.gui.parts.text import Text
from workbench.gui.theme.mark import mark


class Pill(Text):
    """A state in a rounded box; the word carries the meaning, the colour repeats it.

    Args:
        text: the state.
        kind: neutral, accent, good, warn, bad.
    """

    def __init__(self, text: str = "", kind: str = "neutral", *, name: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, "pill", name=name, parent=parent)
        mark(self, kind=kind)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        # Only hidden here, never shown: without a parent yet it would be a window of its own for a moment.
        if not text:
            self.hide()

    def show_state(self, text: str, kind: str = "neutral") -> None:
        """Say another state; an empty text hides the pill."""
        self.setText(text)
        mark(self, kind=kind)
        self.setVisible(bool(text))
