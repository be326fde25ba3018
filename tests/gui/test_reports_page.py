"""The reports page by mouse and keyboard."""

from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPlainTextEdit, QToolButton
from pytestqt.qtbot import QtBot

from tests.gui.finding import find
from tests.gui.shop import Shop, furnished
from tests.gui.stage import Stage
from workbench.gui.parts.sheet import Sheet
from workbench.gui.reports.page import ReportsPage
from workbench.plan.campaign import Campaign
from workbench.plan.report import Question


@pytest.fixture
def stage(qtbot: QtBot) -> Stage[ReportsPage]:
    shop = furnished()
    shop.run("autumn", "finished")
    return Stage(qtbot, shop, ReportsPage)


def questions(stage: Stage[ReportsPage], measure: str = "messages") -> list[Question]:
    asked = [args[0] for name, args, _slot in stage.shop.asked if name == "series"]
    return [question for question in asked if question.measure == measure]


def test_tiles_are_the_sums_of_what_the_charts_show(stage: Stage[ReportsPage]) -> None:
    tiles = stage.page.tiles
    assert tiles["sent"].value() == "23,200"
    assert tiles["failed"].value() == "103"
    assert tiles["failed"].pill.text() == "0.4 %"
    assert tiles["events"].value() != "–"


def test_pointing_gives_the_exact_value(stage: Stage[ReportsPage]) -> None:
    stage.page.messages.point(20)
    assert "18,200" in stage.page.messages.read_out()


def test_a_chart_is_copied_as_csv(stage: Stage[ReportsPage]) -> None:
    entry = next(entry for entry in stage.page.action_entries() if entry.id == "reports.copy_messages")
    entry.run()
    lines = QGuiApplication.clipboard().text().splitlines()
    assert lines[0] == "Time,Sent,Failed"
    assert lines[21] == "2026-11-15T00:00:00,18200,88"


def test_the_definition_tells_how_it_was_counted(qtbot: QtBot, stage: Stage[ReportsPage]) -> None:
    qtbot.mouseClick(find(stage.page, QToolButton, "active_definition"), Qt.MouseButton.LeftButton)
    sheet = find(stage.window, Sheet, "definition_sheet")
    assert find(sheet, QPlainTextEdit, "definition_sql").toPlainText().startswith("SELECT day")
    sheet.cancel()


def test_bucket_period_and_campaign_ask_anew(qtbot: QtBot, stage: Stage[ReportsPage]) -> None:
    qtbot.mouseClick(stage.page.bucket.button("hour"), Qt.MouseButton.LeftButton)
    stage.page.period.choose_days(date(2026, 11, 3), date(2026, 11, 1))
    stage.page.campaign.setCurrentIndex(stage.page.campaign.findData("autumn"))
    stage.page.campaign.activated.emit(stage.page.campaign.currentIndex())
    stage.settle(qtbot)
    last = questions(stage)[-1]
    assert (last.bucket, last.campaign_id) == ("hour", "autumn")
    assert (last.start, last.end) == (date(2026, 11, 1), date(2026, 11, 3))
    assert questions(stage, "events")[-1].start == date(2026, 11, 1)


def test_opened_from_a_campaign_it_shows_that_campaigns_run(qtbot: QtBot, stage: Stage[ReportsPage]) -> None:
    stage.page.open("autumn")
    qtbot.waitUntil(lambda: stage.page.campaign.currentData() == "autumn")
    qtbot.waitUntil(lambda: questions(stage)[-1].bucket == "minute" and questions(stage)[-1].campaign_id == "autumn")
    stage.settle(qtbot)


def test_news_are_looked_at_once_a_second(qtbot: QtBot, stage: Stage[ReportsPage]) -> None:
    before = len(questions(stage))
    for _ in range(20):
        stage.shop.changed("events")
    qtbot.waitUntil(lambda: len(questions(stage)) > before, timeout=4000)
    stage.settle(qtbot)
    assert len(questions(stage)) - before <= 2


def test_messages_are_asked_for_once_where_a_campaign_is_chosen(qtbot: QtBot, stage: Stage[ReportsPage]) -> None:
    stage.page.open("autumn")
    qtbot.waitUntil(lambda: questions(stage)[-1].campaign_id == "autumn")
    stage.settle(qtbot)
    before, events = len(questions(stage)), len(questions(stage, "events"))
    stage.shop.changed("events")
    qtbot.waitUntil(lambda: len(questions(stage, "events")) == events + 1, timeout=4000)
    stage.settle(qtbot)
    assert len(questions(stage)) == before + 1
    assert stage.page.campaign.currentData() == "autumn"


def test_another_name_of_a_campaign_is_shown(qtbot: QtBot, stage: Stage[ReportsPage]) -> None:
    stage.shop.put("campaigns", Campaign(name="Autumn letter, again"), "autumn")
    stage.shop.changed("campaigns")
    at = stage.page.campaign.findData("autumn")
    qtbot.waitUntil(lambda: stage.page.campaign.itemText(at) == "Autumn letter, again", timeout=4000)


def test_no_data_is_said_instead_of_an_empty_axis(qtbot: QtBot) -> None:
    stage = Stage(qtbot, Shop(people=0), ReportsPage)
    assert stage.page.messages.is_empty()
    assert "as soon as a campaign goes out" in stage.page.messages._none.sentence.text()
