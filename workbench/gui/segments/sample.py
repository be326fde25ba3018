"""Some members of the segment, with the fields that its rules are about."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from workbench.gui.parts.card import Card
from workbench.gui.parts.columns import column_of
from workbench.gui.parts.table import WindowedTable
from workbench.gui.parts.table_model import Block, Deliver, Failed, Row
from workbench.gui.parts.text import Text
from workbench.gui.theme.tokens import Measure, space
from workbench.plan.catalogue import Catalogue
from workbench.plan.endpoint import ATTRIBUTE, METRIC, USER_ATTRIBUTE, TablePage
from workbench.plan.segment import AttributeRule, CountryRule, MetricRule, Segment, walk
from workbench.plan.words import tr

SAMPLE: Final = 5
_MOST_COLUMNS: Final = 6
_ROOMY: Final = Measure.popover * 3
_NAMES: Final = ("Name", "FirstName", "first_name", "firstname", "LastName", "last_name")


class SampleCard(Card):
    """A short table; the same people each time."""

    chosen = Signal(str)
    """The endpoint's id of the row that was clicked, or opened with Return."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(flush=True, name="sample_card", parent=parent)
        self._rows: list[Row] = []
        self._ids: list[str] = []
        self._columns: tuple[str, ...] = ()
        self._roomy = True
        self.table = WindowedTable(
            [], self._fetch, label=tr("Sample people"), bare=True, click_opens=True, name="sample"
        )
        self.table.opened.connect(lambda line: self.chosen.emit(self._ids[line]))
        self.nobody = Text(tr("Nobody matches all of this."), "muted", name="nobody_matches")
        self.nobody.setContentsMargins(space(4), space(4), space(4), space(4))
        self.nobody.hide()
        self.add(self.table)
        self.add(self.nobody)

    def show_page(self, columns: Sequence[str], page: TablePage) -> None:
        """Show these rows; their first cell is the endpoint's id, the others belong to the columns."""
        if tuple(columns) != self._columns:
            self._columns = tuple(columns)
            self._lay_columns()
        self._rows = [row[1:] for row in page.rows]
        self._ids = [str(row[0]) for row in page.rows]
        self.table.reset(len(self._rows))
        self._fit()
        self.table.setVisible(bool(self._rows))
        self.nobody.setVisible(not self._rows)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Addresses take the rest where there is one, and are scrolled to where there is none."""
        super().resizeEvent(event)
        if (self.width() >= _ROOMY) != self._roomy:
            self._lay_columns()
            self._fit()

    def _fit(self) -> None:
        header = self.table.view.horizontalHeader().sizeHint().height()
        bar = 0 if self._roomy else self.table.view.horizontalScrollBar().sizeHint().height() + space(1)
        self.table.setFixedHeight(Measure.row * max(len(self._rows), 1) + header + bar)

    def _lay_columns(self) -> None:
        self._roomy = self.width() >= _ROOMY
        wide = "Address" if self._roomy else ""
        self.table.set_columns([column_of(field, sortable=False, wide=wide) for field in self._columns])

    def _fetch(self, block: Block, deliver: Deliver, failed: Failed) -> None:
        del failed
        rows = self._rows[block.offset : block.offset + block.limit]
        QTimer.singleShot(0, self, lambda: deliver(rows))


def sample_columns(segment: Segment, catalogue: Catalogue) -> tuple[str, ...]:
    """Name where one is known, address, what the rules are about, last activity."""
    known = {one.name for one in catalogue.user_attributes}
    fields = [f"{USER_ATTRIBUTE}{name}" for name in _NAMES if name in known][:2]
    fields.append("Address")
    for _, item in walk(segment.root):
        match item:
            case AttributeRule(scope="user", name=name) if name in known:
                fields.append(USER_ATTRIBUTE + name)
            case AttributeRule(scope="endpoint", name=name) if any(name == one.name for one in catalogue.attributes):
                fields.append(ATTRIBUTE + name)
            case MetricRule(name=name) if any(name == one.name for one in catalogue.metrics):
                fields.append(METRIC + name)
            case CountryRule():
                fields.append("Location.Country")
            case _:
                pass
    if len(fields) < _MOST_COLUMNS - 2:
        fields += ["ChannelType", "Location.Country"]
    return (*dict.fromkeys(fields[: _MOST_COLUMNS - 1]), "EffectiveDate")
