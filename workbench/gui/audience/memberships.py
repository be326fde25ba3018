"""The segments that a person is in; a click leads there, and tells why."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from workbench.gui.parts.button import Button
from workbench.gui.parts.text import Text
from workbench.gui.theme.tokens import space
from workbench.plan.segment import Membership
from workbench.plan.words import tr


class Memberships(QWidget):
    """A heading and a line for each segment; hidden where there are no segments at all."""

    wanted = Signal(str)
    """The id of a segment."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("memberships")
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(space(1))
        self.hide()

    def show_memberships(self, every: Sequence[Membership]) -> None:
        """Show those that hold."""
        while (item := self._column.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        self.setVisible(bool(every))
        self._column.addWidget(Text(tr("Segments"), "heading"))
        members = [each for each in every if each.member]
        for each in members:
            link = Button(each.name or tr("Segment without a name"), "link", tip=tr("Show why"), name=f"in_{each.id}")
            link.clicked.connect(partial(self._want, each.id))
            self._column.addWidget(link)
        if not members:
            self._column.addWidget(Text(tr("In no segment now."), "muted"))

    def _want(self, segment_id: str, _checked: bool = False) -> None:  # noqa: FBT001, FBT002 - Qt's own argument
        self.wanted.emit(segment_id)
