"""Chips: the editable words of a sentence, such as **2 times** in "bought anything at least 2 times"."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from workbench.gui.parts.flow import FlowLayout
from workbench.gui.parts.popover import Popover
from workbench.gui.parts.text import Text
from workbench.gui.theme.mark import mark
from workbench.gui.theme.tokens import space


class Chip(QPushButton):
    """One word of a sentence that can be changed.

    Args:
        text: what it says now.
        label: what it means, for screen readers and the tooltip: "number of times".
        editor: fills a popover when the chip is pressed; without one the chip only emits `clicked`.
        accented: a field or a merge field, in the accent's colour.
    """

    opened = Signal(object)
    """The popover, just shown."""

    def __init__(
        self,
        text: str,
        label: str = "",
        *,
        editor: Callable[[Popover], None] | None = None,
        accented: bool = False,
        name: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._label = label
        self._editor = editor
        self.setObjectName(name)
        self.setToolTip(label)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        mark(self, kind="chip", accented=accented)
        self.set_text(text)
        if editor is not None:
            self.clicked.connect(lambda _checked=False: self.edit())

    def set_text(self, text: str) -> None:
        """Say another value."""
        self.setText(text.replace("&", "&&"))
        self.setAccessibleName(f"{self._label}: {text}" if self._label else text)

    def set_faulty(self, *, faulty: bool) -> None:
        """Mark it as wrong, or right again."""
        mark(self, faulty=faulty)

    def edit(self) -> Popover | None:
        """Open its editor; gives the popover, or None where the chip has none."""
        if self._editor is None:
            return None
        popover = Popover(self, name=f"{self.objectName()}_editor")
        self._editor(popover)
        popover.open()
        self.opened.emit(popover)
        return popover


class Sentence(QWidget):
    """Words and chips that run like text: `Sentence("bought", chip, "at least", chip)`."""

    def __init__(self, *parts: str | QWidget, name: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self._flow = FlowLayout(self, gap=space(1.25))
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.set_parts(parts)

    def set_parts(self, parts: Sequence[str | QWidget]) -> None:
        """Replace what it says; the widgets of before are deleted."""
        self._flow.clear()
        for part in parts:
            self._flow.addWidget(part if isinstance(part, QWidget) else Text(part))
