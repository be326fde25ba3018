"""A number that is the point, with what it means."""

from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from workbench.gui.parts.card import Card
from workbench.gui.parts.pill import Pill
from workbench.gui.parts.sharebar import ShareBar
from workbench.gui.parts.text import Text
from workbench.gui.theme.mark import mark
from workbench.gui.theme.tokens import Measure, space


class StatTile(Card):
    """A card with a caption, a large number, and a pill beside it."""

    def __init__(
        self,
        caption: str,
        value: str = "–",
        state: str = "",
        kind: str = "neutral",
        *,
        name: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(name=name, parent=parent)
        self.setAccessibleName(f"{caption}: {value}")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMinimumWidth(Measure.stat_tile)
        self.body.setContentsMargins(space(4), space(3), space(4), space(3))
        self.body.setSpacing(space(1))
        self._caption = Text(caption, "muted")
        self._value = Text(value, "stat", selectable=True)
        self.pill = Pill(state, kind)
        row = QHBoxLayout()
        row.setSpacing(space(2))
        row.addWidget(self._value)
        row.addWidget(self.pill)
        row.addStretch(1)
        self.add(self._caption)
        self.add(row)

    def show_value(self, value: str, state: str = "", kind: str = "neutral") -> None:
        """Another number and another pill; an empty state hides the pill."""
        self._value.setText(value)
        self.setAccessibleName(f"{self._caption.text()}: {value}")
        self.pill.show_state(state, kind)

    def value(self) -> str:
        """The number as shown."""
        return self._value.text()


class HeroCount(QWidget):
    """The exact count of an editor: caption, hero number, thin bar "of everyone", and two remarks under it."""

    def __init__(self, caption: str, *, name: str = "count", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self._caption = Text(caption, "muted")
        self._number = Text("–", "hero", selectable=True, name=f"{name}_number")
        self.bar = ShareBar(label=caption)
        self._left = Text("", "muted")
        self._right = Text("", "hint")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(space(1.5))
        for widget in (self._caption, self._number, self.bar):
            column.addWidget(widget)
        row = QHBoxLayout()
        row.addWidget(self._left)
        row.addStretch(1)
        row.addWidget(self._right)
        column.addLayout(row)
        column.addStretch(1)

    def show_count(self, number: str, share: float, left: str, right: str = "") -> None:
        """Say a count; texts are ready to read, `share` is 0 to 1."""
        self._number.setText(number)
        self.setAccessibleName(f"{self._caption.text()}: {number}")
        self.bar.set_share(share)
        self._left.setText(left)
        self._right.setText(right)
        self.dim(on=False)

    def dim(self, *, on: bool = True) -> None:
        """The number is of before and a new one is being counted."""
        mark(self._number, dimmed=on)

    def number(self) -> str:
        """The number as shown."""
        return self._number.text()
