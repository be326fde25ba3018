import time
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from tests.gui.finding import find
from workbench.gui.parts.empty import EmptyState
from workbench.gui.parts.local_table import Line, LocalTable
from workbench.gui.parts.table import WindowedTable
from workbench.gui.parts.table_model import BLOCK, Block, Column, Deliver, Failed, Row, WindowedTableModel

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

MILLION = 1_000_000
COLUMNS = (
    Column("Id", "ID"),
    Column("Metrics.spent", "Spent", "number"),
    Column("EffectiveDate", "Last seen", "time"),
    Column("note", "Note", width=0, sortable=False),
)
SEEN = datetime.now(UTC) - timedelta(days=3)


class Source:
    """Keeps what was asked; answers when told to."""

    def __init__(self) -> None:
        self.asked: list[Block] = []
        self.pending: list[Callable[[], None]] = []

    def fetch(self, block: Block, deliver: Deliver, failed: Failed) -> None:
        del failed
        self.asked.append(block)
        lines = range(block.offset, block.offset + block.limit)
        if block.descending:
            lines = range(MILLION - 1 - block.offset, MILLION - 1 - block.offset - block.limit, -1)
        rows: Sequence[Row] = [(f"e{line}", line * 1.5, SEEN.isoformat(), "<b>x</b>") for line in lines]
        self.pending.append(lambda: deliver(rows))

    def answer(self) -> None:
        waiting, self.pending = self.pending, []
        for each in waiting:
            each()


@pytest.fixture
def source() -> Source:
    return Source()


@pytest.fixture
def table(source: Source, qtbot: QtBot) -> WindowedTable:
    made = WindowedTable(COLUMNS, source.fetch, label="People", empty=EmptyState("users", "Nobody is here yet."))
    qtbot.addWidget(made)
    made.resize(900, 500)
    made.show()
    qtbot.waitExposed(made)
    return made


def text(table: WindowedTable, line: int, column: int) -> str | None:
    shown = table.model.index(line, column).data()
    return shown if shown is None else str(shown)


def test_a_million_rows_open_at_once_and_cost_a_screenful(table: WindowedTable, source: Source, qtbot: QtBot) -> None:
    begun = time.perf_counter()
    table.set_total(MILLION)
    table.grab()
    assert time.perf_counter() - begun < 0.3
    assert [block.offset for block in source.asked] == [0]
    assert text(table, 0, 0) == "…"
    source.answer()
    assert text(table, 0, 0) == "e0"
    table.view.scrollToBottom()
    qtbot.waitUntil(lambda: source.asked[-1].offset == MILLION - BLOCK)
    source.answer()
    assert text(table, MILLION - 1, 0) == f"e{MILLION - 1}"
    assert len(source.asked) <= 3


def test_the_header_sorts_in_the_source(table: WindowedTable, source: Source) -> None:
    table.set_total(MILLION)
    table.grab()
    source.answer()
    header = table.view.horizontalHeader()
    header.setSortIndicator(1, Qt.SortOrder.DescendingOrder)
    table.grab()
    assert source.asked[-1] == Block(0, BLOCK, "Metrics.spent", descending=True)
    source.answer()
    assert text(table, 0, 0) == f"e{MILLION - 1}"
    header.setSortIndicator(3, Qt.SortOrder.AscendingOrder)
    assert table.model.order == ("Metrics.spent", True)
    assert header.sortIndicatorSection() == 1
    assert header.sortIndicatorOrder() == Qt.SortOrder.DescendingOrder


def test_other_columns_stand_as_given_and_the_arrow_over_the_one_sorted_by(
    table: WindowedTable, source: Source
) -> None:
    table.set_total(MILLION)
    header = table.view.horizontalHeader()
    header.moveSection(0, 2)
    assert table.visible_columns() == ("Metrics.spent", "EffectiveDate", "Id", "note")
    header.setSortIndicator(1, Qt.SortOrder.DescendingOrder)
    table.set_columns([COLUMNS[2], COLUMNS[0], COLUMNS[1]])
    table.grab()
    assert table.visible_columns() == ("EffectiveDate", "Id", "Metrics.spent")
    assert header.sortIndicatorSection() == 2
    assert header.sortIndicatorOrder() == Qt.SortOrder.DescendingOrder
    assert source.asked[-1] == Block(0, BLOCK, "Metrics.spent", descending=True)
    table.set_columns([COLUMNS[2], COLUMNS[0]])
    table.grab()
    assert header.sortIndicatorSection() == -1
    assert source.asked[-1] == Block(0, BLOCK)


def test_answers_to_an_older_order_are_dropped(table: WindowedTable, source: Source) -> None:
    table.set_total(MILLION)
    table.grab()
    late = source.pending
    source.pending = []
    table.view.horizontalHeader().setSortIndicator(0, Qt.SortOrder.DescendingOrder)
    table.grab()
    source.answer()
    for each in late:
        each()
    assert text(table, 0, 0) == f"e{MILLION - 1}"


def test_cells_are_aligned_relative_and_plain(table: WindowedTable, source: Source) -> None:
    table.set_total(MILLION)
    table.grab()
    source.answer()
    number = table.model.index(4, 1)
    assert number.data() == "6"
    assert number.data(Qt.ItemDataRole.TextAlignmentRole) & Qt.AlignmentFlag.AlignRight
    seen = table.model.index(0, 2)
    assert seen.data() == "3 days ago"
    assert str(SEEN.year) in seen.data(Qt.ItemDataRole.ToolTipRole)
    note = table.model.index(0, 3)
    assert note.data() == "<b>x</b>"
    assert "<" not in note.data(Qt.ItemDataRole.ToolTipRole)


def test_columns_can_be_chosen_but_never_all_hidden(table: WindowedTable, source: Source, qtbot: QtBot) -> None:
    table.set_total(MILLION)
    source.answer()
    menu = table.chooser()
    with qtbot.waitSignal(table.columns_changed) as changed:
        menu.actions()[1].trigger()
    assert changed.args == [("Id", "EffectiveDate", "note")]
    for action in (*menu.actions()[2:], menu.actions()[0]):
        action.trigger()
    assert len(table.visible_columns()) == 1


def test_return_and_double_click_open_a_row(table: WindowedTable, source: Source, qtbot: QtBot) -> None:
    table.set_total(MILLION)
    source.answer()
    table.choose(3)
    with qtbot.waitSignal(table.opened) as opened:
        qtbot.keyClick(table.view, Qt.Key.Key_Return)
    assert opened.args == [3]


def test_no_rows_show_the_empty_state(table: WindowedTable) -> None:
    table.reset(0)
    assert not table.view.isVisible()
    assert find(table, EmptyState, "empty").isVisible()
    table.reset(5)
    assert table.view.isVisible()


def test_a_refresh_keeps_the_old_rows_until_the_new_ones_come(table: WindowedTable, source: Source) -> None:
    table.set_total(MILLION)
    table.grab()
    source.answer()
    table.model.refresh()
    assert text(table, 0, 0) == "e0"
    assert len(source.pending) == 1


def test_a_failed_block_says_why(qtbot: QtBot) -> None:
    def fetch(_block: Block, _deliver: Deliver, failed: Failed) -> None:
        failed(RuntimeError("the file is gone"))

    model = WindowedTableModel(COLUMNS, fetch)
    with qtbot.waitSignal(model.failed) as failure:
        model.reset(10)
        model.index(0, 0).data()
    assert str(failure.args[0]) == "the file is gone"


def test_no_row_is_no_reason_to_ask() -> None:
    asked: list[Block] = []
    model = WindowedTableModel([Column("name", "Name")], lambda block, _deliver, _failed: asked.append(block))
    model.reset(3)
    assert model.row(-1) is None
    assert asked == []


def test_one_click_opens_a_line_of_a_list(qtbot: QtBot) -> None:
    columns = [Column("name", "Name", width=0)]
    table = LocalTable(columns, EmptyState("users", "Nothing"), label="Campaigns")
    qtbot.addWidget(table)
    table.resize(600, 400)
    table.show()
    qtbot.waitExposed(table)
    opened: list[str] = []
    table.opened_key.connect(opened.append)
    table.show_lines([Line("a", ("Autumn",)), Line("w", ("Winter",))])
    where = table.view.visualRect(table.model.index(1, 0)).center()
    qtbot.mouseClick(table.view.viewport(), Qt.MouseButton.LeftButton, pos=where)
    assert opened == ["w"]
    qtbot.keyClick(table.view, Qt.Key.Key_Up)
    qtbot.keyClick(table.view, Qt.Key.Key_Return)
    assert opened == ["w", "a"]
