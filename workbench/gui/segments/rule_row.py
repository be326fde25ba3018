"""One rule on the page: handle, sentence, problem, and how many people it matches alone."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPoint, Qt, Signal
from PySide6.QtGui import QEnterEvent, QFocusEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from workbench.gui.parts import format as fmt
from workbench.gui.parts.button import IconButton
from workbench.gui.parts.field import ProblemLine
from workbench.gui.parts.pill import Pill
from workbench.gui.parts.sharebar import ShareBar
from workbench.gui.parts.text import Text
from workbench.gui.segments.edits import Place, path_of
from workbench.gui.segments.facts import facts_of
from workbench.gui.segments.sentence import sentence, text_of
from workbench.gui.segments.token_line import TokenLine
from workbench.gui.segments.truth_mark import TruthMark
from workbench.gui.theme.icons import icon
from workbench.gui.theme.mark import mark
from workbench.gui.theme.tokens import Measure, space
from workbench.plan.catalogue import Catalogue
from workbench.plan.problem import Problem
from workbench.plan.segment import Rule, Truth
from workbench.plan.words import tr, trn


class Handle(QLabel):
    """Six dots to drag by."""

    grabbed = Signal(QPoint)
    dragged = Signal(QPoint)
    dropped = Signal(QPoint)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("handle")
        self.setPixmap(icon("dots-six-vertical", "hint").pixmap(Measure.icon, Measure.icon))
        self.setCursor(Qt.CursorShape.OpenHandCursor)
        self.setToolTip(tr("Drag to move (Alt+arrows)"))
        self.setAccessibleName(tr("Drag to move"))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take hold."""
        if event.button() == Qt.MouseButton.LeftButton:
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
            self.grabbed.emit(event.globalPosition().toPoint())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Carry."""
        if event.buttons() & Qt.MouseButton.LeftButton:
            self.dragged.emit(event.globalPosition().toPoint())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let go."""
        self.setCursor(Qt.CursorShape.OpenHandCursor)
        self.dropped.emit(event.globalPosition().toPoint())


class RuleRow(QWidget):
    """A rule as a line of its group."""

    pressed = Signal(object, str)
    """Place and key of a token."""
    key_pressed = Signal(object, object)
    """Place and key event, for moving and removing."""
    removed = Signal(object)

    def __init__(self, rule: Rule, place: Place, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rule = rule
        self.place = place
        # Saying a sentence anew takes a millisecond: while one rule is typed into, the others are left alone.
        self._said: tuple[object, ...] = ()
        self.setObjectName(f"rule_{path_of(place)}")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        mark(self, surface="rule")
        self.handle = Handle(self)
        self.line = TokenLine(self)
        self.line.pressed.connect(lambda key: self.pressed.emit(self.place, key))
        self.problem = ProblemLine(parent=self)
        self.truth = TruthMark(self)
        self.nobody = Pill(tr("matches nobody"), "warn", name="nobody", parent=self)
        self.nobody.hide()
        self.bar = ShareBar(label=tr("Share of everyone"), parent=self)
        self.bar.setFixedWidth(space(20))
        self.count = Text("", "muted", name="rule_count", parent=self)
        self.count.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.count.setMinimumWidth(self.count.fontMetrics().horizontalAdvance("88,888,888"))
        self.change = Text("", "hint", name="rule_change", parent=self)
        self.change.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.change.hide()
        self.remove = IconButton("x", tr("Remove the rule (Del)"), colour="hint", name="remove", parent=self)
        self.remove.clicked.connect(lambda _checked=False: self.removed.emit(self.place))
        policy = self.remove.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self.remove.setSizePolicy(policy)
        self.remove.hide()
        self._lay_out()
        self.show_rule(rule, ())

    def _lay_out(self) -> None:
        words = QVBoxLayout()
        words.setSpacing(space(1))
        words.addStretch(1)
        words.addWidget(self.line)
        words.addWidget(self.problem)
        words.addWidget(self.truth)
        words.addStretch(1)
        row = QHBoxLayout(self)
        row.setContentsMargins(space(2), space(1.5), space(2), space(1.5))
        row.setSpacing(space(2))
        row.addWidget(self.handle)
        row.addLayout(words, 1)
        row.addWidget(self.nobody)
        row.addWidget(self.bar)
        figures = QVBoxLayout()
        figures.setSpacing(0)
        figures.addStretch(1)
        figures.addWidget(self.count)
        figures.addWidget(self.change)
        figures.addStretch(1)
        row.addLayout(figures)
        row.addWidget(self.remove)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)

    def show_rule(
        self, rule: Rule, problems: Sequence[Problem], known: Catalogue | None = None, *, revealed: bool = False
    ) -> None:
        """Say the rule; a blocking problem is told once the rule was left, advice at once."""
        said = (rule, tuple(problems), known, revealed)
        if said == self._said:
            return
        self._said = said
        self.rule = rule
        shown = [problem for problem in problems if revealed or not problem.blocks]
        root = f"root.{path_of(self.place)}."
        faulty = [problem.where.removeprefix(root) for problem in shown if problem.blocks]
        self.line.show_pieces(sentence(rule, known), faulty)
        self.problem.show_problem(shown[0] if shown else None)
        self.setAccessibleName(text_of(rule, known))

    def show_count(self, count: int | None, total: int) -> None:
        """How many people match this rule alone; None while it is not finished."""
        self.bar.setVisible(count is not None)
        self.count.setText("" if count is None else fmt.number(count))
        self.nobody.setVisible(count == 0)
        if count is not None:
            share = count / total if total else 0.0
            self.bar.set_share(share)
            self.bar.setVisible(count > 0)
            tip = tr("{share} of everyone match this rule alone").format(share=fmt.percent(share))
            for widget in (self.bar, self.count):
                widget.setToolTip(tip)
        self.setAccessibleDescription(self.count.text())

    def show_change(self, removes: int | None) -> None:
        """How many people the rule takes from its group, or (below zero) adds to it; None is not told."""
        self.change.setVisible(removes is not None)
        if removes is None:
            return
        number = fmt.number(abs(removes))
        self.change.setText(f"+{number}" if removes < 0 else f"−{number}")
        if removes < 0:
            tip = trn("Adds {n} person to its group", "Adds {n} people to its group", -removes)
        elif removes:
            tip = trn("Takes {n} person from its group", "Takes {n} people from its group", removes)
        else:
            tip = tr("Changes nothing in its group")
        self.change.setToolTip(tip.format(n=number))
        self.setAccessibleDescription(f"{self.count.text()}, {self.change.toolTip()}")

    def show_truth(self, truth: Truth | None) -> None:
        """Whether the rule is true for the person asked about, and why; None for nobody."""
        self.truth.show_truth(truth.true if truth else None, facts_of(self.rule, truth) if truth else "")

    def dim(self, *, on: bool) -> None:
        """The count is of before."""
        mark(self.count, dimmed=on)
        mark(self.change, dimmed=on)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens the first part; Del and Alt+arrows are the tree's."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            chips = self.line.chips()
            if chips:
                self.pressed.emit(self.place, chips[0].token.key)
            return
        event.ignore()
        self.key_pressed.emit(self.place, event)
        if not event.isAccepted():
            super().keyPressEvent(event)

    def enterEvent(self, event: QEnterEvent) -> None:
        """Offer to remove it."""
        super().enterEvent(event)
        self.remove.show()

    def leaveEvent(self, event: QEvent) -> None:
        """Be quiet again."""
        super().leaveEvent(event)
        self.remove.setVisible(self.hasFocus())

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show where the keyboard is."""
        super().focusInEvent(event)
        mark(self, focused=True)
        self.remove.show()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """The keyboard is elsewhere."""
        super().focusOutEvent(event)
        mark(self, focused=False)
        self.remove.setVisible(self.underMouse())
