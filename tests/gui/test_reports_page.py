"""The reports page by mouse and keyboard."""

from datetime import UTC, date, datetime, timedelta
from functools import partial

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPlainTextEdit, QToolButton
from pytestqt.qtbot import QtBot

from tests.gui.finding import find
from tests.gui.shop import Shop, furnished
from tests.gui.stage import Stage
from workbench.gui.parts.plot import Plot
from workbench.gui.parts.sheet import Sheet
from workbench.gui.reports.page import ReportsPage
from workbench.gui.reports.panel import Panel
from workbench.gui.theme.tokens import Measure
from workbench.plan.campaign import Campaign
from workbench.plan.report import Line, Question, Series


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
    assert tiles["failed"].toolTip() == "103 of 23,303 that were sent or given up"
    assert tiles["events"].value() != "–"


def test_the_share_of_failed_is_of_all_that_were_tried(qtbot: QtBot) -> None:
    shop = furnished()
    shop.answers["series"] = lambda question: Series(
        question=question,
        timezone="UTC",
        buckets=("2026-11-24", "2026-11-25"),
        # One of the four that were taken came back the day after; one more was refused at once.
        lines=(
            Line(name="sent", values=(4, 0)),
            Line(name="delivered", values=(3, 0)),
            Line(name="failed", values=(1, 1)),
        ),
        definition="What was sent.",
        sql="SELECT 1",
    )
    tiles = Stage(qtbot, shop, ReportsPage).page.tiles
    assert (tiles["failed"].value(), tiles["failed"].pill.text()) == ("2", "40.0 %")
    assert tiles["failed"].toolTip() == "2 of 5 that were sent or given up"
    assert (tiles["delivered"].pill.text(), tiles["delivered"].toolTip()) == ("75.0 %", "3 of 4 sent")


def test_pointing_gives_the_exact_value(stage: Stage[ReportsPage]) -> None:
    stage.page.messages.point(20)
    assert "18,200" in stage.page.messages.read_out()


def test_a_chart_is_copied_as_csv(stage: Stage[ReportsPage]) -> None:
    entry = next(entry for entry in stage.page.action_entries() if entry.id == "reports.copy_messages")
    entry.run()
    lines = QGuiApplication.clipboard().text().splitlines()
    assert lines[0] == "Time,Sent,Delivered,Failed"
    assert lines[21] == "2026-11-15T00:00:00,18200,18200,88"


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
    begun = datetime(2026, 11, 24, 18, 0, 5, tzinfo=UTC)
    run = stage.shop.all_runs[0].model_copy(update={"starts": begun, "finished": begun + timedelta(seconds=100)})
    stage.shop.all_runs[0] = run
    page = stage.page
    assert page.tiles["active"].isVisible()
    page.open("autumn")
    qtbot.waitUntil(lambda: page.campaign.currentData() == "autumn")
    qtbot.waitUntil(lambda: questions(stage)[-1].bucket == "auto" and questions(stage)[-1].campaign_id == "autumn")
    stage.settle(qtbot)
    last = questions(stage)[-1]
    assert (last.since, last.until) == (begun - timedelta(seconds=5), begun + timedelta(seconds=105))
    # Who was active and what happened is of everyone, not of the campaign.
    for widget in (page.tiles["active"], page.tiles["events"], page.active, page.events):
        assert not widget.isVisible()
    page.campaign.setCurrentIndex(0)
    page.campaign.activated.emit(0)
    stage.settle(qtbot)
    last = questions(stage)[-1]
    assert (last.campaign_id, last.since, last.until, last.bucket) == ("", None, None, "day")
    assert page.tiles["active"].isVisible()
    assert page.events.isVisible()


def points_at(plot: Plot, at: int) -> bool:
    return plot.at() == at


def test_each_bar_of_a_run_is_wide_enough_to_be_seen_and_pointed_at(qtbot: QtBot, stage: Stage[ReportsPage]) -> None:
    begun = datetime(2026, 11, 24, 18, tzinfo=UTC)
    moments = tuple((begun + timedelta(seconds=10 * at)).isoformat() for at in range(30))
    stage.shop.answers["series"] = lambda question: Series(
        question=question.model_copy(update={"bucket": "second", "every": 10}),
        timezone="UTC",
        buckets=moments,
        lines=tuple(Line(name=name, values=(5.0,) * 30) for name in ("sent", "delivered", "failed")),
        definition="What was sent.",
        sql="SELECT 1",
    )
    stage.window.resize(1000 - Measure.sidebar, 640)
    stage.page.open("autumn")
    qtbot.waitUntil(lambda: stage.page.messages.series is not None and len(stage.page.messages.series.buckets) == 30)
    # What is still to come from the news of before would take the pointer's bucket away.
    qtbot.waitUntil(lambda: not stage.page._pause.isActive())
    stage.settle(qtbot)
    plot = find(stage.page.messages, Plot, "plot")
    assert plot.bar_width() >= 4
    for at in (0, 13, 29):
        where = plot.spot(at).toPoint()
        QTest.mouseMove(plot.viewport(), QPoint(where.x(), plot.height() // 2))
        qtbot.waitUntil(partial(points_at, plot, at))
    assert stage.page.messages.read_out().startswith("24 Nov 2026, 18:04:50")
    assert stage.page.messages.note.text() == "a step: 10 s"


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


def holds(panel: Panel) -> bool:
    plot = find(panel, Plot, "plot")
    bottom: int = plot.mapTo(panel, plot.rect().bottomRight()).y()
    return bottom < panel.height() - panel.body.contentsMargins().bottom()


def test_what_is_in_a_panel_stays_inside_it_in_a_small_window(qtbot: QtBot, stage: Stage[ReportsPage]) -> None:
    stage.window.resize(1000 - Measure.sidebar, 640)
    stage.settle(qtbot)
    for panel in (stage.page.messages, stage.page.active, stage.page.events):
        qtbot.waitUntil(partial(holds, panel))
