"""The outbox page by mouse and keyboard."""

from functools import partial

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from tests.gui.finding import find
from tests.gui.shop import Shop, furnished
from tests.gui.stage import Stage
from workbench.gui.outbox.page import OutboxPage


@pytest.fixture
def stage(qtbot: QtBot) -> Stage[OutboxPage]:
    shop = furnished()
    shop.run("autumn", "finished")
    return Stage(qtbot, shop, OutboxPage)


def text(stage: Stage[OutboxPage], line: int, column: int) -> str:
    model = stage.page.table.model
    return str(model.data(model.index(line, column)))


def narrowed(stage: Stage[OutboxPage], run: str, count: int) -> bool:
    return stage.page.runs.currentData() == run and stage.page.table.model.rowCount() == count


def test_rows_say_name_decision_and_state_in_words_and_the_servers_words_as_they_are(
    qtbot: QtBot, stage: Stage[OutboxPage]
) -> None:
    qtbot.waitUntil(lambda: stage.page.table.row(20) is not None)
    assert [text(stage, 20, at) for at in (0, 1, 2, 3, 7)] == [
        "Anna Berger", "anna.20@example.com", "Planned", "Failed", "550 5.1.1 <b>no such user</b>",
    ]  # fmt: skip
    assert text(stage, 5, 0) == "anna.5@example.com"
    assert text(stage, 25, 3) == "To be tried again"
    assert [text(stage, 10, at) for at in (2, 3)] == ["Left out: opted out", "Left out"]


def test_the_header_says_how_many_are_planned_and_how_many_left_out(qtbot: QtBot, stage: Stage[OutboxPage]) -> None:
    pill = stage.page.header.pill
    assert pill.text() == "152,355 planned · 10,285 left out"
    stage.page.show_state("left_out")
    left_out = sum(row.state == "left_out" for row in stage.shop.rows)
    qtbot.waitUntil(lambda: pill.text() == f"{left_out} found")


def test_the_servers_words_stand_in_full_beside_the_table(qtbot: QtBot, stage: Stage[OutboxPage]) -> None:
    long = "550 5.1.1 " + "the mailbox that you tried to reach is over its limit, " * 8
    stage.shop.rows[0] = stage.shop.rows[0].model_copy(update={"words": long, "code": 550, "state": "failed"})
    stage.shop.rows[1] = stage.shop.rows[1].model_copy(update={"words": "Not begun when sending stopped.", "code": 0})
    stage.page.refresh()
    view = stage.page.table.view
    qtbot.waitUntil(lambda: stage.page.table.row(0) is not None and text(stage, 0, 7) == long, timeout=4000)
    tip = str(stage.page.table.model.data(stage.page.table.model.index(0, 7), Qt.ItemDataRole.ToolTipRole))
    assert max(map(len, tip.splitlines())) <= 90
    where = view.visualRect(stage.page.table.model.index(0, 0)).center()
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=where)
    message = stage.page.message
    assert message.isVisible()
    assert (message.name.whole(), message.said.text(), message.words.text()) == ("Anna Berger", "The server said", long)
    assert message.words.width() <= message.width()
    assert message.words.height() > 5 * message.words.fontMetrics().height()
    qtbot.keyClick(view, Qt.Key.Key_Down)
    assert (message.said.text(), message.words.text()) == ("Why", "Not begun when sending stopped.")
    qtbot.keyClick(view, Qt.Key.Key_Escape)
    assert not message.isVisible()


def test_a_state_is_chosen_by_keyboard(qtbot: QtBot, stage: Stage[OutboxPage]) -> None:
    stage.page.states.setFocus()
    qtbot.keyClicks(stage.page.states, "Failed")
    stage.page.states.activated.emit(stage.page.states.currentIndex())
    failed = sum(row.state == "failed" for row in stage.shop.rows)
    qtbot.waitUntil(lambda: stage.page.table.model.rowCount() == failed)


def test_search_and_run_narrow(qtbot: QtBot, stage: Stage[OutboxPage]) -> None:
    qtbot.keyClicks(stage.page.search, "anna.10@")
    qtbot.waitUntil(lambda: stage.page.table.model.rowCount() == 1)
    stage.page.search.clear()
    qtbot.waitUntil(lambda: stage.page.table.model.rowCount() == 400)
    other = stage.shop.run("winback", "finished").run_id
    stage.shop.rows += [row.model_copy(update={"run_id": other}) for row in stage.shop.rows[:3]]
    for run, count in ((other, 3), ("1", 400)):
        stage.page.open(run)
        qtbot.waitUntil(partial(narrowed, stage, run, count))


def test_return_opens_the_person(qtbot: QtBot, stage: Stage[OutboxPage]) -> None:
    qtbot.waitUntil(lambda: stage.page.table.row(0) is not None)
    stage.page.table.choose(0)
    qtbot.keyClick(stage.page.table.view, Qt.Key.Key_Return)
    assert stage.went == [("people", "e0")]


def test_news_are_looked_at_once_a_second(qtbot: QtBot, stage: Stage[OutboxPage]) -> None:
    before = sum(name == "outbox" for name, _args, _slot in stage.shop.asked)
    for _ in range(20):
        stage.shop.changed("outbox")
    stage.settle(qtbot)
    assert sum(name == "outbox" for name, _args, _slot in stage.shop.asked) - before <= 2
    stage.shop.rows.pop()
    stage.shop.changed("outbox")
    qtbot.waitUntil(lambda: stage.page.table.model.rowCount() == 399, timeout=4000)


def test_an_empty_outbox_leads_to_a_campaign(qtbot: QtBot) -> None:
    stage = Stage(qtbot, Shop(people=0), OutboxPage)
    qtbot.mouseClick(find(stage.page, QPushButton, "outbox_empty_action"), Qt.MouseButton.LeftButton)
    assert stage.went == [("campaigns", "new")]
