"""The cards of a campaign: a sentence with one choice, and what is known of it."""

from collections.abc import Sequence
from dataclasses import dataclass

import shiboken6
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from workbench.gui.parts.button import Button
from workbench.gui.parts.card import Card
from workbench.gui.parts.chip import Chip, Sentence
from workbench.gui.parts.field import ProblemLine
from workbench.gui.parts.picker import Choice, Picker
from workbench.gui.parts.popover import Popover
from workbench.gui.parts.text import Elided, Text
from workbench.gui.theme.tokens import Measure, space
from workbench.plan.problem import Problem
from workbench.plan.words import tr


@dataclass(frozen=True, slots=True)
class Said:
    """The words around the choice: `before`, `after`, what stands in its place while there is none, its label."""

    before: str
    after: str
    none: str
    label: str


class ChoiceCard(Card):
    """One choice among stored things.

    Args:
        title: the heading.
        where: the field of the campaign that it chooses.
        said: the words around it.
        action: a quiet button at the right of the sentence: opens or makes the thing.
    """

    picked = Signal(str)
    """The key of another choice."""
    acted = Signal()

    def __init__(self, title: str, where: str, said: Said, action: str = "", *, parent: QWidget | None = None) -> None:
        super().__init__(title, name=f"card_{where}", parent=parent)
        self.where = where
        self._said = said
        self._choices: tuple[Choice, ...] = ()
        self._key = ""
        self._picker: Picker | None = None
        self._problem: Problem | None = None
        self._revealed = False
        self.chip = Chip(said.none, said.label, editor=self._open, name=where)
        self.line = ProblemLine(name=f"problem_{where}")
        self.action = Button(action, "link", on_click=self.acted.emit, name=f"open_{where}")
        self.action.setVisible(bool(action))
        row = QHBoxLayout()
        row.setSpacing(space(2))
        row.addWidget(Sentence(*(part for part in (said.before, self.chip, said.after) if part)), 1)
        row.addWidget(self.action, 0, Qt.AlignmentFlag.AlignVCenter)
        self.add(row)
        self.add(self.line)

    def show_choices(self, choices: Sequence[Choice], key: str) -> None:
        """What can be chosen, and what is; a key that is no longer there reads as gone."""
        self._choices, self._key = tuple(choices), key
        if self._picker is not None and shiboken6.isValid(self._picker):
            self._picker.show_choices(self._choices)
        found = next((choice.text for choice in choices if choice.key == key), None)
        gone = tr("deleted") if key else self._said.none
        self.chip.set_text(found if found is not None else gone)

    def set_action(self, text: str) -> None:
        """What the quiet button does now."""
        self.action.set_text(text)
        self.action.setVisible(bool(text))

    def set_problem(self, problem: Problem | None) -> None:
        """What is wrong with the choice; a blocking problem is shown after `reveal`, advice at once."""
        self._problem = problem
        self._show_problem()

    def reveal(self, *, on: bool = True) -> None:
        """Show a blocking problem from now on, as on launch; off: forget that it was asked for."""
        self._revealed = on
        self._show_problem()

    def _show_problem(self) -> None:
        problem = self._problem
        shown = problem if problem is not None and (self._revealed or not problem.blocks) else None
        self.line.show_problem(shown)
        self.chip.set_faulty(faulty=shown is not None and shown.blocks)

    def _open(self, popover: Popover) -> None:
        picker = Picker(
            self._choices, (self._key,), search=tr("Search"), label=self._said.label, name=f"{self.where}_picker"
        )
        picker.setFixedWidth(Measure.popover)

        def pick(key: str) -> None:
            popover.close()
            self.chip.setFocus(Qt.FocusReason.OtherFocusReason)
            self.picked.emit(key)

        # The choices may still be on their way: what comes later goes into the open list.
        self._picker = picker
        picker.picked.connect(pick)
        popover.body.addWidget(picker)


class MessageCard(ChoiceCard):
    """The message with its subject and its first lines, as the first recipient reads them."""

    def __init__(self) -> None:
        said = Said("", "", tr("Choose a template"), tr("template"))
        super().__init__(tr("Message"), "template_id", said)
        self.subject = Elided("", "strong", name="message_subject")
        self.lines = Text("", "muted", wrap=True, name="message_lines")
        self.add(self.subject)
        self.add(self.lines)
        self.show_message("", "")

    def show_message(self, subject: str, text: str) -> None:
        """What the message says."""
        first = " ".join(text.split())
        self.subject.set_text(subject)
        self.lines.setText(first if len(first) <= _SNIPPET else f"{first[:_SNIPPET].rstrip()}…")
        self.subject.setVisible(bool(subject))
        self.lines.setVisible(bool(first))


_SNIPPET = 220
