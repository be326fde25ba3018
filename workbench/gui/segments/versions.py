"""The versions of a segment: any two compared rule by rule, with who would come and go, and one brought back."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QGridLayout, QHBoxLayout, QWidget

from workbench.engine import segments
from workbench.engine.definitions import Stored
from workbench.gui.page import Page
from workbench.gui.parts import format as fmt
from workbench.gui.parts.field import Field
from workbench.gui.parts.sheet import Sheet
from workbench.gui.parts.text import Text
from workbench.gui.segments.counting import countable
from workbench.gui.segments.edits import at, place_of
from workbench.gui.segments.sentence import text_of
from workbench.gui.theme.tokens import Measure, space
from workbench.plan.catalogue import Catalogue
from workbench.plan.segment import Compared, Group, Segment, check
from workbench.plan.segment_diff import differences
from workbench.plan.words import tr


class VersionsSheet(Sheet):
    """Two versions beside each other; the primary button brings back the one at the left.

    Args:
        versions: newest first, at least one.
        restore: takes the segment that is to be brought back, and its number.
    """

    def __init__(
        self, page: Page, versions: Sequence[Stored], known: Catalogue, restore: Callable[[Segment, int], None]
    ) -> None:
        super().__init__(
            page.window(), tr("Versions"), tr("Restore"), self._restore, cancel=tr("Close"),
            width=Measure.text_column, name="versions_sheet",
        )  # fmt: skip
        self._page = page
        self._versions = tuple(versions)
        self._known = known
        self._take = restore
        self.before = self._choice("version_before", tr("Before"))
        self.after = self._choice("version_after", tr("After"))
        self.before.setCurrentIndex(min(1, len(versions) - 1))
        row = QHBoxLayout()
        row.setSpacing(space(3))
        row.addWidget(Field(tr("Before"), self.before), 1)
        row.addWidget(Field(tr("After"), self.after), 1)
        self.body.addLayout(row)
        self._face: QWidget | None = None
        self.counts = Text("", "muted", wrap=True, name="version_counts")
        self.body.addWidget(self.counts)
        for box in (self.before, self.after):
            box.currentIndexChanged.connect(lambda _index: self._compare())
        self._compare()

    def differences(self) -> tuple[tuple[str, str], ...]:
        """The sentences that are not the same, before and after; empty where one side has none."""
        before, after = self._segment(self.before), self._segment(self.after)
        names = ((before.name, after.name),) if before.name != after.name else ()
        pairs = differences(before, after)
        return (*names, *((self._words(before, gone), self._words(after, come)) for gone, come in pairs))

    def _choice(self, name: str, label: str) -> QComboBox:
        box = QComboBox()
        box.setObjectName(name)
        box.setAccessibleName(label)
        for one in self._versions:
            box.addItem(tr("Version {n}, {when}").format(n=fmt.number(one.version), when=fmt.relative(one.saved)))
            box.setItemData(box.count() - 1, fmt.exact(one.saved), Qt.ItemDataRole.ToolTipRole)
        return box

    def _segment(self, box: QComboBox) -> Segment:
        return Segment.from_json(self._versions[box.currentIndex()].json_text)

    def _words(self, segment: Segment, path: str | None) -> str:
        if path is None:
            return ""
        item = at(segment.root, place_of(path))
        if isinstance(item, Group):
            return {"all": tr("All of these"), "any": tr("Any of these"), "none": tr("None of these")}[item.mode]
        return text_of(item, self._known)

    def _compare(self) -> None:
        if self._face is not None:
            self._face.hide()
            self._face.deleteLater()
        self._face = self._table(self.differences())
        self.body.insertWidget(1, self._face)
        if self.primary is not None:
            number = fmt.number(self._versions[self.before.currentIndex()].version)
            self.primary.set_text(tr("Restore version {n}").format(n=number))
            self.primary.setEnabled(self.before.currentIndex() > 0)
        self.counts.setText("")
        sides = [countable(one, check(one)).segment for one in map(self._segment, (self.before, self.after))]
        self._page.ask(segments.compare, *sides, then=self._show_counts, slot="segment-compare")
        self.fit()

    def _table(self, told: Sequence[tuple[str, str]]) -> QWidget:
        face = QWidget()
        face.setObjectName("version_differences")
        grid = QGridLayout(face)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(space(3))
        grid.setVerticalSpacing(space(2))
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 1)
        for line, pair in enumerate(told):
            for side, words in enumerate(pair):
                shown = Text(words or tr("(not there)"), "" if words else "hint", wrap=True)
                grid.addWidget(shown, line, side)
        if not told:
            grid.addWidget(Text(tr("The rules of both are the same."), "muted", wrap=True), 0, 0, 1, 2)
        return face

    def _show_counts(self, found: Compared) -> None:
        words = tr("Members: {before} → {after}. Come: {come}. Go: {go}.")
        numbers = {name: fmt.number(value) for name, value in found.model_dump().items()}
        self.counts.setText(words.format(**numbers))
        self.fit()

    def _restore(self) -> None:
        one = self._versions[self.before.currentIndex()]
        self._take(Segment.from_json(one.json_text), one.version)
