"""A rule's sentence on the page: words and chips that keep their widgets while only their texts change."""

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from workbench.gui.parts.flow import FlowLayout
from workbench.gui.parts.text import Text, plain_tip
from workbench.gui.segments.pieces import Piece, Token
from workbench.gui.theme.mark import mark
from workbench.gui.theme.tokens import Measure, space


class TokenChip(QPushButton):
    """One part of a sentence that can be changed."""

    def __init__(self, token: Token, parent: QWidget) -> None:
        super().__init__(parent)
        self.token = token
        self.setObjectName(token.key)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.setMaximumWidth(Measure.field)
        self.show_token(token)

    def show_token(self, token: Token, *, faulty: bool = False) -> None:
        """Say what the part says now; a long value is cut, its whole is in the tooltip."""
        self.token = token
        self.ensurePolished()
        self._fit(Measure.field)
        self.updateGeometry()
        self.setAccessibleName(f"{token.label}: {token.text}")
        mark(self, kind="word" if token.style in ("word", "add") else "chip", accented=token.style == "field")
        mark(self, faulty=faulty, quiet=token.style == "add")

    def sizeHint(self) -> QSize:
        """As wide as its words, up to a limit."""
        # in whole pixels the words may be wider by a part of one, and would be cut
        words = self.fontMetrics().horizontalAdvance(self.token.text.replace("\n", " ")) + 1
        return QSize(min(words + self._edges(), Measure.field), super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        """It gives way in a narrow window."""
        return QSize(min(self.sizeHint().width(), space(15)), super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Cut the words to what there is."""
        super().resizeEvent(event)
        self._fit(self.width())

    def _edges(self) -> int:
        return space(4) if self.token.style in ("chip", "field") else space(1)

    def _fit(self, width: int) -> None:
        words = self.token.text.replace("\n", " ")
        room = max(width - self._edges(), space(6))
        text = self.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, room)
        self.setText(text.replace("&", "&&"))
        whole = plain_tip(f"{self.token.label}: {self.token.text}")
        self.setToolTip(self.token.label if text == words else whole)


class TokenLine(QWidget):
    """The sentence; `pressed` gives the key of a chip."""

    pressed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._flow = FlowLayout(self, gap=space(1.25))
        self._pieces: tuple[Piece, ...] = ()
        self._chips: dict[str, TokenChip] = {}
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def chip(self, key: str) -> TokenChip | None:
        """The chip of a part; for a value that is hidden behind "+3", the last one of its kind."""
        if key in self._chips:
            return self._chips[key]
        stem = key.rpartition(".")[0]
        same = [chip for name, chip in self._chips.items() if stem and name.rpartition(".")[0] == stem]
        return same[-1] if same else None

    def chips(self) -> list[TokenChip]:
        """All chips, in order."""
        return [self._chips[piece.key] for piece in self._pieces if isinstance(piece, Token)]

    def show_pieces(self, pieces: Sequence[Piece], faulty: Sequence[str] = ()) -> None:
        """Say the sentence; parts that are about one of `faulty` are marked."""
        if self._shape(pieces) != self._shape(self._pieces):
            self._rebuild(pieces)
        self._pieces = tuple(pieces)
        for piece in pieces:
            if isinstance(piece, Token):
                wrong = any(piece.is_about(key) for key in faulty)
                self._chips[piece.key].show_token(piece, faulty=wrong)
        self._flow.invalidate()
        self.updateGeometry()

    def _rebuild(self, pieces: Sequence[Piece]) -> None:
        old, self._chips = self._chips, {}
        while (item := self._flow.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None and not isinstance(widget, TokenChip):
                widget.hide()
                widget.deleteLater()
        for piece in pieces:
            if isinstance(piece, str):
                self._flow.addWidget(Text(piece, parent=self))
                continue
            chip = old.pop(piece.key, None) or self._made(piece)
            self._chips[piece.key] = chip
            self._flow.addWidget(chip)
        for at in range(self._flow.count()):
            # What stood here before may still be waiting for its end, and stays hidden.
            item = self._flow.itemAt(at)
            if item is not None and (widget := item.widget()) is not None:
                widget.show()
        for chip in old.values():
            chip.hide()
            chip.deleteLater()
        for first, second in zip(self.chips_of(pieces), self.chips_of(pieces)[1:], strict=False):
            QWidget.setTabOrder(first, second)

    def chips_of(self, pieces: Sequence[Piece]) -> list[TokenChip]:
        """The chips of these pieces, in order."""
        return [self._chips[piece.key] for piece in pieces if isinstance(piece, Token)]

    def _made(self, token: Token) -> TokenChip:
        chip = TokenChip(token, self)
        chip.clicked.connect(lambda _checked=False, key=token.key: self.pressed.emit(key))
        return chip

    @staticmethod
    def _shape(pieces: Sequence[Piece]) -> list[str]:
        return [f"={piece}" if isinstance(piece, str) else piece.key for piece in pieces]
