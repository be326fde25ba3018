"""Every part, light and dark, as pictures to look at: `uv run python -m tests.gui.gallery [DIR]`."""

import math
import os
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QComboBox, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from workbench.gui.parts import format as fmt
from workbench.gui.parts.button import Button, IconButton
from workbench.gui.parts.card import Card
from workbench.gui.parts.chart import Chart, ChartLine
from workbench.gui.parts.chip import Chip, Sentence
from workbench.gui.parts.empty import EmptyState
from workbench.gui.parts.field import Field
from workbench.gui.parts.header import PageHeader
from workbench.gui.parts.keyvalue import Entry, KeyValueTable
from workbench.gui.parts.pill import Pill
from workbench.gui.parts.progress import ProgressRow
from workbench.gui.parts.search import SearchBox
from workbench.gui.parts.sharebar import ShareBar
from workbench.gui.parts.sheet import Sheet
from workbench.gui.parts.stat import HeroCount, StatTile
from workbench.gui.parts.switch import SegmentedSwitch
from workbench.gui.parts.table import WindowedTable
from workbench.gui.parts.table_model import Column
from workbench.gui.parts.text import Text
from workbench.gui.parts.toast import Toast
from workbench.gui.theme.mark import mark
from workbench.gui.theme.theme import Scheme, Theme
from workbench.gui.theme.tokens import space


def _page() -> tuple[QWidget, QVBoxLayout]:
    page = QWidget()
    mark(page, surface="page")
    column = QVBoxLayout(page)
    column.setContentsMargins(space(5), 0, space(5), space(5))
    column.setSpacing(space(3))
    return page, column


def controls() -> QWidget:
    """Header, buttons, pills, chips, switches, fields."""
    page, column = _page()
    header = PageHeader("Loyal, quiet this week", "Segments")
    header.pill.show_state("Saved")
    header.add_secondary("Show SQL", print, quiet=True)
    header.add_secondary("Compare versions", print)
    header.set_primary("Use in a campaign", print)
    column.addWidget(header)
    row = QHBoxLayout()
    for text, kind in (
        ("Plain", ""),
        ("Primary", "primary"),
        ("Quiet", "quiet"),
        ("Link", "link"),
        ("Delete", "danger"),
    ):
        row.addWidget(Button(text, kind))
    row.addWidget(Button("With icon", glyph="plus"))
    row.addWidget(IconButton("dots-three", "More"))
    disabled = Button("Disabled")
    disabled.setEnabled(False)
    row.addWidget(disabled)
    for kind in ("neutral", "accent", "good", "warn", "bad"):
        row.addWidget(Pill(kind, kind))
    row.addStretch(1)
    column.addLayout(row)
    card = Card("Rule", "212,406 people")
    card.head.insertWidget(0, SegmentedSwitch((("all", "All"), ("any", "Any"), ("none", "None"))))
    faulty = Chip("plan", accented=True)
    wrong = Chip("shoe size")
    wrong.set_faulty(faulty=True)
    for sentence in (
        Sentence("bought", Chip("anything"), "at least", Chip("2 times"), "in the last", Chip("90 days")),
        Sentence(faulty, "is", Chip("pro"), "or", Chip("team"), "and", wrong, "is", Chip("42")),
    ):
        line = QHBoxLayout()
        line.addWidget(sentence, 1)
        bar = ShareBar(0.32)
        bar.setFixedWidth(90)
        line.addWidget(bar)
        line.addWidget(Text("388,120", "muted"))
        card.add(line)
    column.addWidget(card)
    form = Card("Form")
    bad = Field("Host", QLineEdit("smtp example"), "host")
    bad.set_problem("A host has no spaces. Write it like smtp.example.org.")
    bad.reveal()
    combo = QComboBox()
    combo.addItems(["STARTTLS", "TLS", "None"])
    form.add(bad)
    form.add(Field("Encryption", combo, "security", hint="Port 587 usually means STARTTLS."))
    form.add(SearchBox("Search people"))
    column.addWidget(form)
    column.addStretch(1)
    return page


def figures() -> QWidget:
    """Stat tiles, hero count, key-value table, progress, empty state."""
    page, column = _page()
    tiles = QHBoxLayout()
    tiles.setSpacing(space(3))
    tiles.addWidget(StatTile("Active people, daily", "48,210", "+6.2 %", "good"))
    tiles.addWidget(StatTile("Delivered", "99.1 %", "−0.2"))
    tiles.addWidget(StatTile("Complaints", "0.04 %", "over 0.1", "bad"))
    column.addLayout(tiles)
    row = QHBoxLayout()
    row.setSpacing(space(3))
    hero = HeroCount("People in this segment, exactly")
    hero.show_count("184,442", 0.153, "15.3 % of everyone", "38 ms")
    card = Card()
    card.add(hero)
    row.addWidget(card)
    left_out = Card("Who is left out, and why")
    left_out.add(
        KeyValueTable(
            (
                Entry("Matched", "184,442"),
                Entry("No e-mail address", "−8,234"),
                Entry("Opted out", "−2,011"),
                Entry("Weekly limit", "2 of 2", "bad"),
                Entry("Will get it", "152,355", total=True),
            )
        )
    )
    row.addWidget(left_out)
    column.addLayout(row)
    sending = Card("Sending now")
    progress = ProgressRow("Autumn letter")
    progress.show_progress(109406, 176208, 4120)
    sending.add(progress)
    column.addWidget(sending)
    empty = Card()
    empty.add(EmptyState("users", "People come from a file: CSV, Parquet or NDJSON. Drop one here.", "Import people"))
    column.addWidget(empty)
    now = datetime.now(UTC)
    ages = (timedelta(minutes=5), timedelta(hours=5), timedelta(days=1, hours=3), timedelta(days=3), timedelta(days=90))
    column.addWidget(Text(" · ".join(fmt.relative(now - age) for age in ages), "muted"))
    column.addStretch(1)
    return page


def charts() -> QWidget:
    """A line chart pointed at, bars, a chart without data, a table."""
    page, column = _page()
    first = datetime(2026, 9, 1, tzinfo=UTC)
    days = [first + timedelta(days=number) for number in range(60)]
    lines = Chart("Active people per day", note="Europe/Berlin")
    lines.show_data(
        days,
        [
            ChartLine("opened", [40000 + 20000 * math.sin(number / 7) for number in range(60)]),
            ChartLine("bought", [14000 + 9000 * math.sin(number / 7) for number in range(60)], "series2"),
        ],
    )
    column.addWidget(lines, 2)
    row = QHBoxLayout()
    row.setSpacing(space(3))
    bars = Chart("Purchases by hour", "bar")
    bars.show_data(
        [str(hour) for hour in range(8, 20)], [ChartLine("purchases", [30 + (hour * 7) % 50 for hour in range(12)])]
    )
    row.addWidget(bars)
    row.addWidget(Chart("Messages per day", empty="Nothing was sent yet. Results appear as soon as a campaign runs."))
    column.addLayout(row, 2)
    columns = (
        Column("name", "Sample people"),
        Column("mail", "E-mail", width=0),
        Column("plan", "plan"),
        Column("spent", "spent, 90 days", "number"),
        Column("seen", "last seen", "time"),
    )
    now = datetime.now(UTC)
    rows = [
        (name, mail, plan, spent, now - timedelta(hours=hours))
        for name, mail, plan, spent, hours in (
            ("Anna Berger", "anna.b@example.de", "pro", 412.0, 50),
            ("Иван Соколов", "ivan.s@example.ru", "team", 1204.5, 26),
            ("Marta Lindqvist", "marta.l@example.se", "pro", 88.2, 5),
        )
    ]
    table = WindowedTable(columns, lambda block, deliver, _failed: deliver(rows[block.offset :]), label="Sample people")
    table.set_total(len(rows))
    table.choose(1)
    column.addWidget(table, 1)
    QTimer.singleShot(0, lambda: lines.point(33))
    return page


def over() -> QWidget:
    """A sheet and a toast over a page."""
    page = figures()
    page.resize(1000, 700)
    sheet = Sheet(page, "Send “Autumn letter”", "Send to 152,355 people", print)
    sheet.body.addWidget(KeyValueTable((Entry("From", "shop@northwind.example"), Entry("When", "now"))))
    sheet.open()
    Toast(page, "Segment deleted", print)
    return page


SCENES: dict[str, Callable[[], QWidget]] = {"controls": controls, "figures": figures, "charts": charts, "over": over}


def render(folder: Path) -> list[Path]:
    """Write one PNG per scene and scheme; gives their paths."""
    app = QApplication.instance() or QApplication(sys.argv)
    assert isinstance(app, QApplication)
    theme = Theme.install(app)
    fmt.speak("en")
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for scheme in (Scheme.LIGHT, Scheme.DARK):
        theme.force(scheme)
        for name, build in SCENES.items():
            widget = build()
            widget.resize(1000, 700)
            widget.show()
            app.processEvents()
            path = folder / f"{name}-{scheme}.png"
            widget.grab().save(str(path))
            widget.close()
            written.append(path)
    return written


if __name__ == "__main__":
    for picture in render(Path(sys.argv[1] if len(sys.argv) > 1 else "screenshots/gallery")):
        print(picture)  # noqa: T201 - a script that says what it wrote
