"""The tree of rules on the page: mirrors a segment's root group, and turns gestures into edits of it."""

from collections.abc import Iterator, Mapping, Sequence

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from workbench.gui.parts.popover import Popover
from workbench.gui.segments import edits
from workbench.gui.segments.drag import Drag
from workbench.gui.segments.edits import Place, path_of, place_of
from workbench.gui.segments.group_view import GroupView
from workbench.gui.segments.kinds import first_part
from workbench.gui.segments.other_tokens import open_editor
from workbench.gui.segments.rule_row import Handle, RuleRow
from workbench.gui.segments.tokens import Editing, Names
from workbench.plan.problem import Problem
from workbench.plan.segment import Group, Rule, Truth, walk
from workbench.plan.words import tr


class RuleTree(QWidget):
    """Sentences on rails.

    Args:
        names: what attributes, events and values there are.
    """

    edited = Signal(object, str, str)
    """The new root group, what was done, and the key under which such edits are one step."""

    def __init__(self, names: Names, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("rules")
        self._names = names
        self._root = Group()
        self._view: GroupView | None = None
        self._drag: Drag | None = None
        self._popover: Popover | None = None
        self._open_key = ""
        self._left: set[Place] = set()
        self._problems: tuple[Problem, ...] = ()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)

    def show_root(self, root: Group, problems: Sequence[Problem] = ()) -> None:
        """Mirror this tree; widgets stay where only texts change."""
        self._problems = tuple(problems)
        rebuild = self._view is None or _shape(root) != _shape(self._root)
        self._root = root
        if rebuild:
            self._rebuild()
        for view in self.groups():
            view.show_mode(edits.group_at(root, view.place).mode)
        for row in self.rows():
            self._dress(row)

    def show_counts(
        self, counts: Mapping[str, int], matching: int, total: int, removes: Mapping[str, int] | None = None
    ) -> None:
        """How many people match each rule and group alone, by path; what is missing is not shown.

        `removes`: how many each takes from its group. Of a rule that is alone in its group it says nothing new.
        """
        for row in self.rows():
            row.show_count(counts.get(path_of(row.place)), total)
            company = len(edits.group_at(self._root, row.place[:-1]).items) > 1
            row.show_change((removes or {}).get(path_of(row.place)) if company else None)
        for view in self.groups():
            count = counts.get(path_of(view.place)) if view.place else matching
            view.show_count(count, total, edits.group_at(self._root, view.place).mode)
        self.dim(on=False)

    def show_truths(self, truths: Mapping[str, Truth]) -> None:
        """Whether each rule and group is true for one person, by path; what is missing is not shown."""
        for row in self.rows():
            row.show_truth(truths.get(path_of(row.place)))
        for view in self.groups():
            truth = truths.get(path_of(view.place))
            view.truth.show_truth(truth.true if truth else None)

    def dim(self, *, on: bool) -> None:
        """The counts are of before."""
        for row in self.rows():
            row.dim(on=on)
        for view in self.groups():
            view.dim(on=on)

    def reveal(self) -> None:
        """Show every problem, also of rules that were not left yet."""
        self._left |= {row.place for row in self.rows()}
        for row in self.rows():
            self._dress(row)

    def rows(self) -> list[RuleRow]:
        """Every rule shown, as they come on the page."""
        return [row for view in self.groups() for row in view.rows]

    def groups(self) -> list[GroupView]:
        """Every group shown, the root first."""
        return list(_every(self._view)) if self._view is not None else []

    def row_at(self, place: Place) -> RuleRow | None:
        """The row of the rule at the place."""
        return next((row for row in self.rows() if row.place == place), None)

    def open_token(self, place: Place, key: str) -> Popover | None:
        """Open the editor of one part of a rule."""
        row = self.row_at(place)
        chip = row.line.chip(key) if row is not None else None
        if row is None or chip is None:
            return None
        popover = Popover(chip, name="token_editor")
        # The chip may go while its editor is open: the editor belongs to the tree.
        popover.setParent(self, popover.windowFlags())
        step = f"{path_of(place)} {key}"

        def change(rule: Rule) -> None:
            label = tr("Change condition") if key.startswith("where") else tr("Change value")
            self.edited.emit(edits.replaced(self._root, place, rule), label, step)

        def now() -> Rule:
            rule = edits.at(self._root, place)
            if isinstance(rule, Group):
                raise TypeError("a group has no tokens")
            return rule

        def follow(part: str) -> None:
            QTimer.singleShot(0, self, lambda: self.open_token(place, part))

        popover.closed.connect(lambda: self._token_closed(place, key))
        open_editor(popover, Editing(now, key, self._names, change, follow))
        self._popover, self._open_key = popover, key
        popover.open()
        return popover

    def open_key(self) -> str:
        """Which part of a rule is being edited; empty for none."""
        return self._open_key if self._popover is not None else ""

    def add_rule(self, place: Place, rule: Rule) -> None:
        """Append a fresh rule to the group at the place, and open its first part."""
        group = edits.group_at(self._root, place)
        new = (*place, len(group.items))
        self.edited.emit(edits.inserted(self._root, new, rule), tr("Add rule"), "")
        first = first_part(rule)
        QTimer.singleShot(0, self, lambda: self.open_token(new, first))

    def add_group(self, place: Place) -> None:
        """Append an empty group to the group at the place."""
        group = edits.group_at(self._root, place)
        new = (*place, len(group.items))
        fresh = Group(mode="any" if group.mode == "all" else "all")
        self.edited.emit(edits.inserted(self._root, new, fresh), tr("Add group"), "")
        view = next((view for view in self.groups() if view.place == new), None)
        if view is not None:
            view.add_rule.setFocus(Qt.FocusReason.OtherFocusReason)

    def remove(self, place: Place) -> None:
        """Remove a rule or a group; the neighbour gets the focus."""
        label = tr("Remove group") if isinstance(edits.at(self._root, place), Group) else tr("Remove rule")
        self.edited.emit(edits.removed(self._root, place), label, "")
        self._focus((*place[:-1], max(place[-1] - 1, 0)))

    def shift(self, place: Place, step: int) -> None:
        """One line up or down."""
        root, new = edits.shifted(self._root, place, step)
        self._take_move(root, new)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Esc ends a drag without a trace."""
        escape = isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape
        if self._drag is not None and escape and event.type() == QEvent.Type.KeyPress:
            self._end_drag(drop=False)
            return True
        return super().eventFilter(watched, event)

    def _take_move(self, root: Group, new: Place) -> None:
        if root != self._root:
            label = tr("Move group") if isinstance(edits.at(root, new), Group) else tr("Move rule")
            self.edited.emit(root, label, "")
        self._focus(new)

    def _key(self, place: Place, event: QKeyEvent) -> None:
        alt = bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)
        step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()))
        sideways = {Qt.Key.Key_Left: edits.outdented, Qt.Key.Key_Right: edits.indented}.get(Qt.Key(event.key()))
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace) and not alt:
            event.accept()
            self.remove(place)
        elif sideways is not None and alt:
            event.accept()
            self._take_move(*sideways(self._root, place))
        elif step is not None and alt:
            event.accept()
            self.shift(place, step)
        elif step is not None:
            event.accept()
            self._focus_neighbour(place, step)

    def _focus_neighbour(self, place: Place, step: int) -> None:
        rows = self.rows()
        at = next((number for number, row in enumerate(rows) if row.place == place), None)
        if at is not None and 0 <= at + step < len(rows):
            rows[at + step].setFocus(Qt.FocusReason.TabFocusReason)

    def _focus(self, place: Place) -> None:
        row = self.row_at(place)
        view = next((view for view in self.groups() if view.place == place), None)
        target: QWidget | None = row or (view.switch.button(view.switch.value()) if view is not None else None)
        if target is None and self._view is not None:
            target = self._view.add_rule
        if target is not None:
            target.setFocus(Qt.FocusReason.OtherFocusReason)

    def _token_closed(self, place: Place, key: str) -> None:
        self._popover = None
        self._left.add(place)
        row = self.row_at(place)
        if row is None:
            return
        self._dress(row)
        chip = row.line.chip(key)
        if chip is not None:
            chip.setFocus(Qt.FocusReason.PopupFocusReason)

    def _dress(self, row: RuleRow) -> None:
        rule = edits.at(self._root, row.place)
        if isinstance(rule, Group):
            return
        mine = [problem for problem in self._problems if place_of(problem.where) == row.place]
        row.show_rule(rule, mine, self._names.catalogue(), revealed=row.place in self._left)

    def _rebuild(self) -> None:
        if self._view is not None:
            self._view.hide()
            self._view.deleteLater()
        # Places have moved: a rule is "left" again when it is left again, except where it was finished anyway.
        self._left = {place_of(path) for path, item in walk(self._root) if not isinstance(item, Group)} & self._left
        self._view = GroupView(self._root, (), self)
        self._column.addWidget(self._view)
        for view in self.groups():
            view.mode_changed.connect(self._change_mode)
            view.rule_wanted.connect(self.add_rule)
            view.group_wanted.connect(self.add_group)
            view.removed.connect(self.remove)
            view.key_pressed.connect(self._key)
            if view.handle is not None:
                self._connect_handle(view.handle, view.place)
            for row in view.rows:
                row.pressed.connect(self.open_token)
                row.key_pressed.connect(self._key)
                row.removed.connect(self.remove)
                self._connect_handle(row.handle, row.place)
        self._view.show()

    def _change_mode(self, place: Place, mode: str) -> None:
        group = edits.group_at(self._root, place).model_copy(update={"mode": mode})
        self.edited.emit(edits.replaced(self._root, place, group), tr("Change all, any or none"), "")

    def _connect_handle(self, handle: Handle, place: Place) -> None:
        handle.grabbed.connect(lambda where: self._begin_drag(place, where))
        handle.dragged.connect(self._carry)
        handle.dropped.connect(lambda _where: self._end_drag(drop=True))

    def _begin_drag(self, place: Place, where: QPoint) -> None:
        group = isinstance(edits.at(self._root, place), Group)
        self._drag = Drag(self, self.groups(), place, where, group=group)
        app = QApplication.instance()
        if app is not None:
            app.installEventFilter(self)

    def _carry(self, where: QPoint) -> None:
        if self._drag is not None:
            self._drag.move(where)

    def _end_drag(self, *, drop: bool) -> None:
        drag, self._drag = self._drag, None
        app = QApplication.instance()
        if drag is None or app is None:
            return
        app.removeEventFilter(self)
        target = drag.end()
        if drop and target is not None:
            # After this event: the handle that was let go of is about to be replaced.
            QTimer.singleShot(0, self, lambda: self._take_move(*edits.moved(self._root, drag.source, target)))


def _shape(root: Group) -> list[tuple[str, str]]:
    return [(path, item.kind) for path, item in walk(root)]


def _every(view: GroupView) -> Iterator[GroupView]:
    yield view
    for inner in view.groups:
        yield from _every(inner)
