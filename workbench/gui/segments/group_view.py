"""A group of rules on the page: a card with a rail, and the groups inside it below, indented."""

from functools import partial
from typing import Final

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QSizePolicy, QVBoxLayout, QWidget, QWidgetAction

from workbench.gui.parts import format as fmt
from workbench.gui.parts.button import Button, IconButton
from workbench.gui.parts.switch import SegmentedSwitch
from workbench.gui.parts.text import Line, Text
from workbench.gui.segments.edits import Place, path_of
from workbench.gui.segments.kinds import KINDS
from workbench.gui.segments.rule_row import Handle, RuleRow
from workbench.gui.segments.truth_mark import TruthMark
from workbench.gui.theme.icons import icon
from workbench.gui.theme.mark import mark
from workbench.gui.theme.tokens import space
from workbench.plan.segment import Group, Rule
from workbench.plan.words import N_, tr, trn

_JOINS: Final = {"all": N_("and"), "any": N_("or"), "none": N_("and none of")}


class GroupView(QWidget):
    """Card and subgroups of one group.

    Attributes:
        rows: the rules of this group, in order.
        groups: the views of the groups inside it.
    """

    mode_changed = Signal(object, str)
    rule_wanted = Signal(object, object)
    """Place of the group and the fresh rule."""
    group_wanted = Signal(object)
    removed = Signal(object)
    key_pressed = Signal(object, object)

    def __init__(self, group: Group, place: Place, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.group = group
        self.place = place
        self.setObjectName(f"group_{path_of(place) or 'root'}")
        self.rows: list[RuleRow] = []
        self.groups: list[GroupView] = []
        self.handle: Handle | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(space(2.5))
        self.card = QFrame(self)
        self.card.setObjectName("rail")
        mark(self.card, surface="rail", kind=group.mode)
        column.addWidget(self.card)
        inside = QVBoxLayout(self.card)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(0)
        inside.addWidget(self._head())
        self._add_rows(inside)
        inside.addWidget(Line(soft=True))
        inside.addWidget(self._foot())
        self._add_groups(column)

    def show_mode(self, mode: str) -> None:
        """All, any or none."""
        self.switch.set_value(mode)
        mark(self.card, kind=mode)
        for join in self._joins:
            join.setText(tr(_JOINS[mode]))

    def show_count(self, count: int | None, total: int, mode: str) -> None:
        """How many people the group keeps; one of none-rules tells how many it leaves out."""
        if count is None:
            self.count.setText("")
        elif mode == "none":
            self.count.setText(f"−{fmt.number(total - count)}" if total > count else fmt.number(0))
            self.count.setToolTip(tr("Alone, this group leaves out so many people."))
        else:
            self.count.setText(trn("{n} person", "{n} people", count).format(n=fmt.number(count)))
            self.count.setToolTip("")

    def dim(self, *, on: bool) -> None:
        """The count is of before."""
        mark(self.count, dimmed=on)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Del and Alt+arrows in the head of a group are about the group."""
        event.ignore()
        if self.place:
            self.key_pressed.emit(self.place, event)
        if not event.isAccepted():
            super().keyPressEvent(event)

    def _head(self) -> QWidget:
        head = QWidget(self.card)
        row = QHBoxLayout(head)
        nested = bool(self.place)
        row.setContentsMargins(space(2 if nested else 3), space(2), space(2 if nested else 4), space(2))
        row.setSpacing(space(2))
        modes = (("all", tr("All")), ("any", tr("Any")), ("none", tr("None")))
        self.switch = SegmentedSwitch(modes, self.group.mode, label=tr("How the rules are combined"), name="mode")
        self.switch.changed.connect(lambda mode: self.mode_changed.emit(self.place, mode))
        self.count = Text("", "muted", name="group_count")
        self.count.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        if nested:
            self.handle = Handle(head)
            row.addWidget(self.handle)
        row.addWidget(self.switch)
        row.addWidget(Text(tr("of these are true"), "muted"))
        self.truth = TruthMark()
        row.addWidget(self.truth)
        row.addStretch(1)
        row.addWidget(self.count)
        if nested:
            remove = IconButton("x", tr("Remove the group (Del)"), colour="hint", name="remove_group")
            remove.clicked.connect(lambda _checked=False: self.removed.emit(self.place))
            row.addWidget(remove)
        return head

    def _add_rows(self, inside: QVBoxLayout) -> None:
        for number, item in enumerate(self.group.items):
            if not isinstance(item, Group):
                row = RuleRow(item, (*self.place, number), self.card)
                inside.addWidget(Line(soft=True))
                inside.addWidget(row)
                self.rows.append(row)
        self.nothing = Text("", "muted", wrap=True, name="no_rules")
        if not self.group.items:
            text = tr("No rules yet: this is everyone.") if not self.place else tr("No rules yet: true for everyone.")
            self.nothing.setText(text)
            self.nothing.setContentsMargins(space(3), space(3), space(3), space(3))
            inside.addWidget(Line(soft=True))
            inside.addWidget(self.nothing)
        else:
            self.nothing.hide()

    def _foot(self) -> QWidget:
        foot = QWidget(self.card)
        row = QHBoxLayout(foot)
        row.setContentsMargins(space(1), space(1), space(2), space(1))
        row.setSpacing(space(1))
        self.add_rule = Button(tr("Add rule"), "quiet", glyph="plus", name="add_rule", parent=foot)
        self.add_rule.clicked.connect(lambda _checked=False: self.offer_rules())
        self.add_group = Button(tr("Add group"), "quiet", glyph="plus", name="add_group", parent=foot)
        self.add_group.clicked.connect(lambda _checked=False: self.group_wanted.emit(self.place))
        for button in (self.add_rule, self.add_group):
            button.setIconSize(QSize(space(3), space(3)))
        row.addWidget(self.add_rule)
        row.addWidget(self.add_group)
        row.addStretch(1)
        return foot

    def offer_rules(self) -> QMenu:
        """The menu of rule kinds under headings, below its button."""
        menu = QMenu(self)
        menu.setObjectName("rule_kinds")
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for heading, kinds in KINDS.items():
            menu.addAction(_heading(tr(heading), menu))
            for kind in kinds:
                action = menu.addAction(icon(kind.glyph), tr(kind.words))
                action.setObjectName(f"add_{kind.rule.kind}")
                action.triggered.connect(partial(self._want, kind.rule))
        menu.popup(self.add_rule.mapToGlobal(self.add_rule.rect().bottomLeft()))
        return menu

    def _want(self, rule: Rule, _checked: bool = False) -> None:  # noqa: FBT001, FBT002 - Qt's own argument
        self.rule_wanted.emit(self.place, rule)

    def _add_groups(self, column: QVBoxLayout) -> None:
        self._joins: list[Text] = []
        for number, item in enumerate(self.group.items):
            if not isinstance(item, Group):
                continue
            join = Text(tr(_JOINS[self.group.mode]), "hint")
            join.setContentsMargins(space(7), 0, 0, 0)
            self._joins.append(join)
            column.addWidget(join)
            view = GroupView(item, (*self.place, number), self)
            indent = QHBoxLayout()
            indent.setContentsMargins(space(7), 0, 0, 0)
            indent.addWidget(view)
            column.addLayout(indent)
            self.groups.append(view)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)


def _heading(words: str, menu: QMenu) -> QAction:
    """A line that only tells what follows; it cannot be chosen."""
    heading = QWidgetAction(menu)
    heading.setDefaultWidget(Text(words, "section", name="kinds_heading"))
    heading.defaultWidget().setContentsMargins(space(3), space(2), space(3), space(1))
    heading.setEnabled(False)
    return heading
