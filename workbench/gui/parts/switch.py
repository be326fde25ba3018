"""A switch between a few words: All / Any / None, Desktop / Phone."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QPushButton, QSizePolicy, QWidget

from workbench.gui.theme.mark import mark


class SegmentedSwitch(QWidget):
    """One of a few values; arrow keys choose (as Qt does in a group), Tab enters and leaves it as one control.

    Args:
        options: pairs of value and word.
        value: the chosen value; the first where empty.
        label: what is being chosen, for screen readers.
    """

    changed = Signal(str)
    """The value, after the person chose another."""

    def __init__(
        self,
        options: Sequence[tuple[str, str]],
        value: str = "",
        *,
        label: str = "",
        name: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName(label)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        self._group = QButtonGroup(self)
        self._buttons: dict[str, QPushButton] = {}
        for at, (key, word) in enumerate(options):
            self._add(key, word, label, _place(at, len(options)))
        self.set_value(value or options[0][0])
        self._group.buttonClicked.connect(lambda _button: self._chosen())

    def value(self) -> str:
        """The chosen value."""
        return next(key for key, button in self._buttons.items() if button.isChecked())

    def set_value(self, value: str) -> None:
        """Choose without the signal."""
        self._buttons[value].setChecked(True)
        self._reachable()

    def button(self, value: str) -> QPushButton:
        """The button of a value."""
        return self._buttons[value]

    def _add(self, key: str, word: str, label: str, place: str) -> None:
        button = QPushButton(word, self)
        button.setObjectName(key)
        button.setAccessibleName(f"{label}: {word}" if label else word)
        button.setCheckable(True)
        mark(button, kind="switch", place=place)
        self._group.addButton(button)
        self._buttons[key] = button
        row = self.layout()
        if row is not None:
            row.addWidget(button)

    def _chosen(self) -> None:
        self._reachable()
        self.changed.emit(self.value())

    def _reachable(self) -> None:
        for button in self._buttons.values():
            reachable = Qt.FocusPolicy.TabFocus if button.isChecked() else Qt.FocusPolicy.NoFocus
            button.setFocusPolicy(reachable)


def _place(at: int, count: int) -> str:
    if count == 1:
        return "only"
    return "first" if at == 0 else "last" if at == count - 1 else "middle"
