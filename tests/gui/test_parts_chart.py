import csv
import io
import subprocess
import sys
from datetime import datetime, timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from tests.gui.finding import find
from workbench.gui.parts.chart import Chart, ChartLine
from workbench.gui.parts.empty import EmptyState
from workbench.gui.theme.theme import Scheme, Theme

DAYS = [datetime(2026, 9, 1) + timedelta(days=number) for number in range(30)]  # noqa: DTZ001 - the workspace's own clock


@pytest.fixture
def chart(qtbot: QtBot) -> Chart:
    made = Chart("Messages per day", empty="Nothing was sent yet.")
    qtbot.addWidget(made)
    made.resize(700, 360)
    made.show()
    qtbot.waitExposed(made)
    return made


def fill(chart: Chart) -> None:
    chart.show_data(
        DAYS,
        [
            ChartLine("delivered", [number * 100.0 for number in range(30)]),
            ChartLine("=failed", [float(number) for number in range(30)], "bad"),
        ],
    )


def test_no_data_is_no_empty_axis(chart: Chart) -> None:
    assert chart.is_empty()
    assert find(chart, EmptyState, "chart_empty").isVisible()
    fill(chart)
    assert not chart.is_empty()
    assert not find(chart, EmptyState, "chart_empty").isVisible()


def test_the_pointer_gives_exact_value_and_day(chart: Chart) -> None:
    fill(chart)
    chart.point(12)
    assert chart.read_out() == "13 Sep 2026\ndelivered  1,200\n=failed  12"
    chart.point(-1)
    assert chart.read_out() == ""


def test_the_line_at_the_pointer_goes_when_the_data_is_drawn_anew(chart: Chart) -> None:
    fill(chart)
    plot = chart._plotted()
    before = plot.grab().toImage()
    chart.point(12)
    assert plot.grab().toImage() != before
    fill(chart)
    assert plot.grab().toImage() == before


def test_arrow_keys_walk_through_the_values(chart: Chart, qtbot: QtBot) -> None:
    fill(chart)
    plot = find(chart, type(chart._plotted()), "plot")
    qtbot.keyClick(plot, Qt.Key.Key_Home)
    qtbot.keyClick(plot, Qt.Key.Key_Right)
    assert chart.read_out().startswith("2 Sep 2026")
    assert "delivered 100" in plot.accessibleDescription()
    qtbot.keyClick(plot, Qt.Key.Key_Escape)
    assert chart.read_out() == ""


def test_csv_has_every_value_and_runs_nothing(chart: Chart) -> None:
    fill(chart)
    chart.copy_csv()
    rows = list(csv.reader(io.StringIO(QGuiApplication.clipboard().text())))
    assert rows[0] == ["Time", "delivered", "'=failed"]
    assert rows[13] == ["2026-09-13T00:00:00", "1200", "12"]
    assert len(rows) == 31


def test_a_picture_can_be_taken_along(chart: Chart) -> None:
    fill(chart)
    chart.copy_picture()
    assert QGuiApplication.clipboard().pixmap().width() >= 700


def test_bars_begin_at_zero_and_colours_follow_the_theme(qtbot: QtBot, theme: Theme) -> None:
    chart = Chart("Purchases by hour", "bar")
    qtbot.addWidget(chart)
    chart.resize(600, 360)
    chart.show()
    chart.show_data([str(hour) for hour in range(8, 20)], [ChartLine("purchases", [90.0 + hour for hour in range(12)])])
    assert chart._plotted().getViewBox().viewRange()[1][0] == 0
    theme.force(Scheme.DARK)
    image = chart._plotted().grab().toImage()
    seen = {image.pixelColor(x, image.height() // 2).name() for x in range(image.width())}
    assert theme.colour("series1").name() in seen
    assert theme.colour("panel").name() in seen


def test_pyqtgraph_is_not_imported_before_a_chart_has_data() -> None:
    code = "import sys, workbench.gui.parts.chart; sys.exit('pyqtgraph' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
