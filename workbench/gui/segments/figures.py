"""The figures beside the rules: the exact count, what each step removes, and the members by channel."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QBoxLayout, QGridLayout, QWidget

from workbench.gui.parts import format as fmt
from workbench.gui.parts.card import Card
from workbench.gui.parts.field import ProblemLine
from workbench.gui.parts.flow import FlowLayout
from workbench.gui.parts.sharebar import ShareBar
from workbench.gui.parts.stat import HeroCount
from workbench.gui.parts.text import Elided, Text
from workbench.gui.theme.tokens import space
from workbench.plan.segment import Count
from workbench.plan.words import tr, trn


class Figures(QWidget):
    """Three cards below each other; the last two are hidden while they have nothing to tell."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("figures")
        self.hero = HeroCount(tr("People in this segment, exactly"))
        self.problem = ProblemLine(name="count_problem")
        self.unfinished = Text("", "advice", wrap=True, name="unfinished")
        self.unfinished.hide()
        self._count = Card(name="count_card")
        for widget in (self.hero, self.problem, self.unfinished):
            self._count.add(widget)
        self._steps = Card(tr("What each step removes"), name="steps_card")
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(space(3))
        self._grid.setVerticalSpacing(space(1.5))
        self._grid.setColumnStretch(0, 1)
        self._steps.add(self._grid)
        self._reach = Card(tr("By channel"), name="reach_card")
        self._line = QWidget()
        self._flow = FlowLayout(self._line, gap=space(4))
        self._reach.add(self._line)
        self._around = QBoxLayout(QBoxLayout.Direction.TopToBottom, self)
        self._around.setContentsMargins(0, 0, 0, 0)
        self._around.setSpacing(space(3))
        for card in (self._count, self._steps, self._reach):
            self._around.addWidget(card)
        self._around.addStretch(1)
        self._flat = False
        self._has_steps = False
        self._steps.hide()
        self._reach.hide()

    def show_count(self, count: Count) -> None:
        """The whole segment's count."""
        share = count.matching / count.total if count.total else 0.0
        of_everyone = tr("{share} of everyone").format(share=fmt.percent(share))
        milliseconds = fmt.duration(max(count.milliseconds, 1.0) / 1000)
        self.hero.show_count(fmt.number(count.matching), share, of_everyone, milliseconds)
        self.problem.show_problem(None)

    def lie(self, *, flat: bool) -> None:
        """Side by side above the rules, without the steps, where there is no room beside them."""
        self._flat = flat
        way = QBoxLayout.Direction.LeftToRight if flat else QBoxLayout.Direction.TopToBottom
        self._around.setDirection(way)
        for at in range(self._around.count()):
            self._around.setStretch(at, int(flat and at == 0) or int(not flat and at == self._around.count() - 1))
        self._steps.setVisible(self._has_steps and not flat)

    def show_failure(self, error: Exception) -> None:
        """The count could not be made."""
        self.problem.show_problem(str(error))

    def show_unfinished(self, rules: int) -> None:
        """So many rules are not finished and are not counted."""
        text = trn("{n} unfinished rule is not counted.", "{n} unfinished rules are not counted.", rules)
        self.unfinished.setText(text.format(n=fmt.number(rules)))
        self.unfinished.setVisible(rules > 0)

    def dim(self, *, on: bool) -> None:
        """The figures are of before."""
        self.hero.dim(on=on)

    def show_steps(self, steps: Sequence[tuple[str, int]], total: int) -> None:
        """Everyone, and how many are left after each step; empty hides the card."""
        while (item := self._grid.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        lines = [(tr("Everyone"), total), *steps] if steps else []
        for number, (words, left) in enumerate(lines):
            self._add_step(number, words, left, total)
        self._has_steps = bool(lines)
        self._steps.setVisible(self._has_steps and not self._flat)

    def _add_step(self, number: int, words: str, left: int, total: int) -> None:
        name = Elided(words, "muted", name=f"step_{number}")
        bar = ShareBar(left / total if total else 0.0, label=words)
        figure = Text(fmt.number(left), "muted", name=f"step_count_{number}")
        self._grid.addWidget(name, number * 2, 0)
        self._grid.addWidget(figure, number * 2, 1, Qt.AlignmentFlag.AlignRight)
        self._grid.addWidget(bar, number * 2 + 1, 0, 1, 2)

    def show_reach(self, channels: Sequence[tuple[str, int]]) -> None:
        """Members by channel; empty hides the card."""
        self._flow.clear()
        for name, count in channels:
            self._flow.addWidget(_pair(name, fmt.number(count)))
        self._line.setAccessibleName(", ".join(f"{name} {count}" for name, count in channels))
        self._reach.setVisible(bool(channels))
        self._line.updateGeometry()


def _pair(name: str, figure: str) -> QWidget:
    pair = QWidget()
    row = FlowLayout(pair, gap=space(1))
    row.addWidget(Text(name, "muted"))
    row.addWidget(Text(figure, "heading"))
    return pair
