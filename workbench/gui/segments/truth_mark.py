"""A green tick or a red cross with the facts behind it."""

from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QWidget

from workbench.gui.parts.text import Text
from workbench.gui.theme.icons import icon
from workbench.gui.theme.tokens import Measure, space
from workbench.plan.words import tr


class TruthMark(QWidget):
    """Hidden while nobody is asked about."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("truth")
        self._sign = QLabel(self)
        self.facts = Text("", "muted", wrap=True, name="facts", parent=self)
        self.facts.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(space(1.5))
        row.addWidget(self._sign)
        row.addWidget(self.facts, 1)
        self.hide()

    def show_truth(self, true: bool | None, facts: str = "") -> None:  # noqa: FBT001 - the truth itself
        """True, false, or nothing for None."""
        if true is not None:
            glyph, colour = ("check-circle", "good") if true else ("x-circle", "bad")
            self._sign.setPixmap(icon(glyph, colour).pixmap(Measure.icon, Measure.icon))
            said = tr("true") if true else tr("not true")
            self._sign.setAccessibleName(said)
            self.setAccessibleName(f"{said}: {facts}" if facts else said)
            self.facts.setText(facts)
            self.facts.setVisible(bool(facts))
            self._sign.setToolTip(said)
        self.setVisible(true is not None)
