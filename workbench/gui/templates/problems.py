"""What is wrong in a template: where it stands in the text, and the list that leads there."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from workbench.gui.parts.text import Text
from workbench.gui.templates import merge
from workbench.gui.templates.code import Mark
from workbench.gui.theme.icons import icon
from workbench.gui.theme.mark import mark
from workbench.gui.theme.tokens import Measure, space
from workbench.plan.problem import Problem
from workbench.plan.template import Template
from workbench.plan.words import tr

_MOST_SHOWN = 4


@dataclass(frozen=True, slots=True)
class Place:
    """A problem and the stretch of text that it is about: part `subject`, `html` or `text`, offsets in it."""

    problem: Problem
    part: str
    start: int
    end: int

    def mark(self) -> Mark:
        """The underline."""
        return Mark(self.start, self.end, str(self.problem), self.problem.blocks)


def places(template: Template, problems: Sequence[Problem]) -> tuple[Place, ...]:
    """Where each problem stands: at every use of the field it names, at the line it names, or at the start."""
    found: list[Place] = []
    for problem in problems:
        part = problem.where.split(".")[0]
        text = getattr(template, part, None)
        if isinstance(text, str) and part in ("subject", "html", "text"):
            found += [Place(problem, part, start, end) for start, end in _stretches(text, problem)]
    return tuple(found)


def _stretches(text: str, problem: Problem) -> list[tuple[int, int]]:
    values = [str(value) for value in problem.text.values.values()]
    named = [(use.start, use.end) for use in merge.uses(text) if use.field in values]
    if named:
        return named
    line = problem.text.values.get("line")
    if isinstance(line, int) or (isinstance(line, str) and line.isdigit()):
        return [_line(text, int(line))]
    written = [match.span() for value in values if value for match in re.finditer(re.escape(value), text)]
    return written[:1] or [(0, min(len(text), 1))]


def _line(text: str, number: int) -> tuple[int, int]:
    lines = text.split("\n")
    number = min(max(number, 1), len(lines))
    start = sum(len(line) + 1 for line in lines[: number - 1])
    content = lines[number - 1]
    indent = len(content) - len(content.lstrip())
    return start + indent, start + len(content)


class ProblemList(QWidget):
    """A line per problem; pressing it goes to its place."""

    chosen = Signal(object)
    """The `Place` to go to."""

    def __init__(self, *, name: str = "problems", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(space(0.5))
        self._places: tuple[Place, ...] = ()
        self.hide()

    def show_places(self, places: Sequence[Place]) -> None:
        """One line for each problem, at its first place; at most four, the rest counted."""
        firsts: dict[Problem | str, Place] = {}
        for place in places:
            firsts.setdefault(f"{place.part}:{place.problem}", place)
        shown = tuple(firsts.values())
        if shown == self._places:
            return
        self._places = shown
        while (item := self._column.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for number, place in enumerate(shown[:_MOST_SHOWN]):
            self._column.addWidget(self._line(number, place))
        if len(shown) > _MOST_SHOWN:
            self._column.addWidget(Text(tr("and {n} more").format(n=len(shown) - _MOST_SHOWN), "hint"))
        self.setVisible(bool(shown))

    def places(self) -> tuple[Place, ...]:
        """What is listed."""
        return self._places

    def _line(self, number: int, place: Place) -> "_Row":
        part = {"subject": tr("Subject"), "html": tr("HTML"), "text": tr("Text")}[place.part]
        row = _Row(f"{part}: {place.problem}", blocks=place.problem.blocks, name=f"problem_{number}")
        row.clicked.connect(lambda _checked=False: self.chosen.emit(place))
        return row


class _Row(QPushButton):
    """A button whose words break into lines."""

    def __init__(self, words: str, *, blocks: bool, name: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setAccessibleName(words)
        self.setToolTip(tr("Go there"))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        mark(self, kind="row")
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        glyph = QLabel()
        size = QSize(Measure.icon, Measure.icon)
        glyph.setPixmap(icon("warning", "bad" if blocks else "warn").pixmap(size, self.devicePixelRatio()))
        self._words = Text(words, "bad" if blocks else "muted", wrap=True)
        row = QHBoxLayout(self)
        row.setContentsMargins(space(2), space(1), space(2), space(1))
        row.setSpacing(space(2))
        row.addWidget(glyph, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self._words, 1)
        for child in (glyph, self._words):
            child.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def hasHeightForWidth(self) -> bool:
        """Narrower means higher."""
        return True

    def heightForWidth(self, width: int) -> int:
        """What the words need."""
        layout = self.layout()
        return layout.heightForWidth(width) if layout is not None else super().heightForWidth(width)

    def sizeHint(self) -> QSize:
        """One line of any length."""
        return QSize(Measure.field, self.heightForWidth(max(self.width(), Measure.field)))
