from datetime import UTC, datetime, timedelta

import pytest
from PySide6 import QtGui
from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QApplication, QCheckBox, QLabel, QLineEdit, QProgressBar, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from tests.gui.finding import find
from workbench.gui.parts import format as fmt
from workbench.gui.parts.busy import BusyOverlay
from workbench.gui.parts.button import Button
from workbench.gui.parts.chip import Chip, Sentence
from workbench.gui.parts.completer import CompleterEdit
from workbench.gui.parts.empty import EmptyState
from workbench.gui.parts.field import Field, show_problems
from workbench.gui.parts.header import PageHeader
from workbench.gui.parts.keyvalue import Entry, KeyValueTable
from workbench.gui.parts.picker import Choice, Picker, shares
from workbench.gui.parts.popover import Popover
from workbench.gui.parts.progress import ProgressRow, figures
from workbench.gui.parts.search import SearchBox
from workbench.gui.parts.sharebar import ShareBar
from workbench.gui.parts.sheet import Sheet
from workbench.gui.parts.switch import SegmentedSwitch
from workbench.gui.parts.table_model import Column, WindowedTableModel
from workbench.gui.parts.text import Elided, Text
from workbench.gui.parts.title_line import TitleLine
from workbench.gui.parts.toast import Toast
from workbench.gui.theme.theme import Theme
from workbench.gui.theme.tokens import Measure
from workbench.plan.problem import Problem
from workbench.plan.words import Words

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


@pytest.fixture
def host(qtbot: QtBot) -> QWidget:
    widget = QWidget()
    qtbot.addWidget(widget)
    widget.resize(1000, 640)
    QVBoxLayout(widget)
    widget.show()
    qtbot.waitExposed(widget)
    return widget


def add(host: QWidget, widget: QWidget) -> None:
    layout = host.layout()
    assert layout is not None
    layout.addWidget(widget)
    QApplication.processEvents()


@pytest.mark.parametrize(
    ("language", "shown"), [("en", ["1,204,318", "15.3 %", "−8,234"]), ("ru", ["1 204 318", "15,3 %", "−8 234"])]
)
def test_numbers_by_locale(language: str, shown: list[str]) -> None:
    fmt.speak(language)
    plain = [fmt.number(1204318), fmt.percent(0.153), fmt.number(-8234)]
    assert [text.replace("\N{NO-BREAK SPACE}", " ") for text in plain] == shown


@pytest.mark.parametrize(
    ("age", "shown"),
    [
        (timedelta(seconds=20), "just now"),
        (timedelta(minutes=5), "5 min ago"),
        (timedelta(hours=5), "5 h ago"),
        (timedelta(days=1), "yesterday"),
        (timedelta(days=3), "3 days ago"),
        (timedelta(days=40), "15 Oct 2026"),
        (-timedelta(minutes=30), "in 30 min"),
        (-timedelta(hours=6), "today at 18:00"),
        (-timedelta(days=2), "in 2 days"),
    ],
)
def test_moments_are_relative(age: timedelta, shown: str) -> None:
    fmt.set_zone("UTC")
    assert fmt.relative(NOW - age, NOW) == shown


def test_moments_stand_on_the_workspaces_clock() -> None:
    fmt.set_zone("Europe/Berlin")
    assert fmt.exact(NOW) == "24 Nov 2026, 13:00:00 CET"
    assert fmt.relative(NOW.replace(hour=23, minute=30) - timedelta(days=1), NOW.replace(hour=23)) == "yesterday"
    fmt.set_zone("UTC")


@pytest.mark.parametrize(
    ("seconds", "shown"), [(0.038, "38 ms"), (2.14, "2.1 s"), (16, "16 s"), (600, "10 min"), (20000, "6 h")]
)
def test_durations(seconds: float, shown: str) -> None:
    assert fmt.duration(seconds) == shown


def test_text_from_outside_stays_plain(host: QWidget) -> None:
    label = Text("<b>bold</b> & <img src=x>")
    add(host, label)
    assert label.textFormat() == Qt.TextFormat.PlainText
    assert Button("Fish & chips").text() == "Fish && chips"
    assert Chip("R&D").text() == "R&&D"


def test_an_elided_text_keeps_the_whole_in_its_tooltip(host: QWidget) -> None:
    label = Elided("a very long name of a campaign " * 3)
    add(host, label)
    label.setFixedWidth(80)
    label.resize(80, 20)
    assert label.text().endswith("…")
    assert label.toolTip() == label.whole()


@pytest.mark.parametrize(
    "text", ["<b>bold</b>", "&lt;b>", "Maya <img src='http://example.com/seen.png'>", "<h1>a</h1>\nb"]
)
def test_a_tooltip_never_reads_what_came_from_outside_as_markup(host: QWidget, text: str) -> None:
    long = text + " and so on" * 8
    assert QtGui.Qt.mightBeRichText(long)
    label = Elided(long)
    add(host, label)
    label.setFixedWidth(80)
    label.resize(80, 20)
    picker = Picker([Choice("one", long)])
    add(host, picker)
    table = WindowedTableModel([Column("one", long), Column("two", long, sortable=False)], lambda *_asked: None)
    tips = [label.toolTip(), picker.list.item(0).toolTip()]
    tips += [table.headerData(at, Qt.Orientation.Horizontal, Qt.ItemDataRole.ToolTipRole) for at in range(2)]
    assert all(tips)
    assert not any(QtGui.Qt.mightBeRichText(tip) for tip in tips), tips


def test_a_header_has_at_most_three_secondary_buttons(host: QWidget) -> None:
    header = PageHeader("Loyal", "Segments")
    add(host, header)
    for word in ("One", "Two", "Three"):
        header.add_secondary(word, lambda: None)
    with pytest.raises(ValueError, match="at most three"):
        header.add_secondary("Four", lambda: None)


def test_the_crumb_leads_back(host: QWidget, qtbot: QtBot) -> None:
    header = PageHeader("Loyal", "Segments")
    add(host, header)
    with qtbot.waitSignal(header.back):
        qtbot.mouseClick(find(header, Button, "crumb"), Qt.MouseButton.LeftButton)


def test_a_field_turns_red_only_after_it_was_left(host: QWidget, qtbot: QtBot) -> None:
    field = Field("Host", QLineEdit(), "host")
    other = QLineEdit()
    add(host, field)
    add(host, other)
    host.activateWindow()
    field.editor.setFocus()
    qtbot.waitUntil(field.editor.hasFocus)
    field.set_problem(Problem("host", Words("A host is missing.")))
    assert not field.line.isVisible()
    other.setFocus()
    qtbot.waitUntil(field.line.isVisible)
    assert field.editor.property("faulty") is True
    field.set_problem(None)
    assert not field.line.isVisible()
    assert field.editor.property("faulty") is False


def test_launch_shows_all_problems_and_focuses_the_first(host: QWidget, qtbot: QtBot) -> None:
    fields = [Field(name, QLineEdit(), name.lower()) for name in ("Name", "Host", "Rate")]
    for field in fields:
        add(host, field)
    host.activateWindow()
    problems = (
        Problem("rate", Words("Too fast."), blocks=False),
        Problem("host.name", Words("No host."), Words("Type one.")),
    )
    assert show_problems(fields, problems, reveal=True) is fields[1]
    qtbot.waitUntil(fields[1].editor.hasFocus)
    assert [field.line.isVisible() for field in fields] == [False, True, True]
    assert fields[1].line.text() == "No host. Type one."
    assert fields[2].line.property("role") == "advice"
    assert fields[2].editor.property("faulty") is not True


def test_a_toast_counts_down_and_undoes_once(host: QWidget, qtbot: QtBot) -> None:
    undone: list[str] = []
    toast = Toast(host, "Segment deleted", lambda: undone.append("undo"), on_agreed=lambda: undone.append("agreed"))
    button = find(toast, Button, "toast_undo")
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    toast.agree()
    assert undone == ["undo"]
    late = Toast(
        host, "Segment deleted", lambda: undone.append("undo"), on_agreed=lambda: undone.append("agreed"), seconds=1
    )
    with qtbot.waitSignal(late.finished, timeout=4000) as finished:
        pass
    assert finished.args == [False]
    assert undone == ["undo", "agreed"]


def test_esc_cancels_a_sheet_and_gives_the_focus_back(host: QWidget, qtbot: QtBot) -> None:
    before = QLineEdit()
    add(host, before)
    host.activateWindow()
    before.setFocus()
    qtbot.waitUntil(before.hasFocus)
    done: list[str] = []
    sheet = Sheet(host, "Send", "Send to 12 people", lambda: done.append("sent"))
    sheet.body.addWidget(QLabel("12 people"))
    sheet.open()
    assert sheet.primary is not None
    qtbot.waitUntil(sheet.primary.hasFocus)
    assert sheet.geometry() == host.rect()
    with qtbot.waitSignal(sheet.closed) as closed:
        qtbot.keyClick(sheet.primary, Qt.Key.Key_Escape)
    assert closed.args == [False]
    assert done == []
    qtbot.waitUntil(before.hasFocus)


def test_a_sheet_stays_open_while_its_act_refuses(host: QWidget, qtbot: QtBot) -> None:
    answers = iter([False, True])
    sheet = Sheet(host, "Send", "Send", lambda: next(answers))
    sheet.open()
    sheet.accept()
    assert sheet.isVisible()
    with qtbot.waitSignal(sheet.closed) as closed:
        sheet.accept()
    assert closed.args == [True]


def test_return_submits_a_sheet_from_its_fields_and_presses_the_button_that_has_the_focus(
    host: QWidget, qtbot: QtBot
) -> None:
    done: list[str] = []
    host.activateWindow()

    def sheet() -> tuple[Sheet, QLineEdit, QCheckBox]:
        made = Sheet(host, "Key", "Open", lambda: done.append("opened"))
        edit, box = QLineEdit(), QCheckBox("Remember")
        made.body.addWidget(edit)
        made.body.addWidget(box)
        return made, edit, box

    one, edit, _box = sheet()
    one.open(edit)
    qtbot.waitUntil(edit.hasFocus)
    qtbot.keyClicks(edit, "secret")
    with qtbot.waitSignal(one.closed):
        qtbot.keyClick(edit, Qt.Key.Key_Return)
    two, _edit, box = sheet()
    two.open(box)
    qtbot.waitUntil(box.hasFocus)
    with qtbot.waitSignal(two.closed):
        qtbot.keyClick(box, Qt.Key.Key_Enter)
    three, _edit, _box = sheet()
    three.open()
    assert three.primary is not None
    qtbot.waitUntil(three.primary.hasFocus)
    with qtbot.waitSignal(three.closed):
        qtbot.keyClick(three.primary, Qt.Key.Key_Return)
    assert done == ["opened"] * 3
    four, _edit, _box = sheet()
    cancel = find(four, Button, "sheet_cancel")
    four.open(cancel)
    qtbot.waitUntil(cancel.hasFocus)
    with qtbot.waitSignal(four.closed) as closed:
        qtbot.keyClick(cancel, Qt.Key.Key_Return)
    assert (closed.args, done) == ([False], ["opened"] * 3)


def test_return_closes_a_sheet_that_only_tells(host: QWidget, qtbot: QtBot) -> None:
    sheet = Sheet(host, "About", cancel="Close")
    host.activateWindow()
    sheet.open()
    with qtbot.waitSignal(sheet.closed):
        qtbot.keyClick(sheet, Qt.Key.Key_Return)


def test_a_line_of_a_list_keeps_its_name_and_cuts_its_remark(qapp: QApplication) -> None:
    metrics = QFontMetrics(qapp.font())
    long = Choice("t", "New season", "{{ User.UserAttributes.FirstName | default('friend') }}, the new season is here")
    room = metrics.horizontalAdvance(long.text) * 3
    words, note = shares(metrics, long, room)
    assert words == "New season"
    assert note.startswith("{{ User")
    assert note.endswith("…")
    assert metrics.horizontalAdvance(words) + metrics.horizontalAdvance(note) < room
    assert shares(metrics, long, metrics.horizontalAdvance(long.text) + 8) == ("New season", "")
    assert shares(metrics, Choice("c", "plan", "12"), room) == ("plan", "12")


def test_tab_stays_inside_a_sheet(host: QWidget, qtbot: QtBot) -> None:
    outside = QLineEdit()
    outside.setObjectName("outside")
    add(host, outside)
    sheet = Sheet(host, "Send", "Send", lambda: None)
    inside = QLineEdit()
    sheet.body.addWidget(inside)
    host.activateWindow()
    sheet.open(inside)
    qtbot.waitUntil(inside.hasFocus)
    seen = set()
    for _ in range(4):
        focused = host.focusWidget()
        assert focused is not None
        seen.add(focused.objectName())
        qtbot.keyClick(focused, Qt.Key.Key_Tab)
    assert "outside" not in seen
    assert {"sheet_cancel", "sheet_accept"} <= seen


def test_arrows_choose_in_a_switch(host: QWidget, qtbot: QtBot) -> None:
    switch = SegmentedSwitch((("all", "All"), ("any", "Any"), ("none", "None")), label="Match")
    add(host, switch)
    host.activateWindow()
    switch.button("all").setFocus()
    qtbot.waitUntil(switch.button("all").hasFocus)
    with qtbot.waitSignal(switch.changed) as changed:
        qtbot.keyClick(switch.button("all"), Qt.Key.Key_Right)
    assert changed.args == ["any"]
    qtbot.mouseClick(switch.button("none"), Qt.MouseButton.LeftButton)
    assert switch.value() == "none"
    assert switch.button("any").focusPolicy() == Qt.FocusPolicy.NoFocus


def test_a_chip_opens_its_editor_and_esc_closes_it(host: QWidget, qtbot: QtBot) -> None:
    edits: list[QLineEdit] = []

    def editor(popover: Popover) -> None:
        edits.append(QLineEdit("90 days"))
        popover.body.addWidget(edits[0])

    chip = Chip("90 days", "days to look back", editor=editor)
    add(host, Sentence("in the last", chip))
    popover = chip.edit()
    assert popover is not None
    assert popover.isVisible()
    with qtbot.waitSignal(popover.closed):
        qtbot.keyClick(popover, Qt.Key.Key_Escape)
    assert chip.accessibleName() == "days to look back: 90 days"


def test_search_waits_for_a_pause(host: QWidget, qtbot: QtBot) -> None:
    box = SearchBox("Search people")
    add(host, box)
    heard: list[str] = []
    box.searched.connect(heard.append)
    qtbot.keyClicks(box, "anna")
    qtbot.waitUntil(lambda: bool(heard), timeout=2000)
    assert heard == ["anna"]
    qtbot.keyClick(box, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: heard == ["anna", ""], timeout=2000)


def test_waiting_is_told_by_its_length(host: QWidget, qtbot: QtBot) -> None:
    value = QLabel("184,442")
    add(host, value)
    busy = BusyOverlay(value, "Counting")
    busy.begin()
    assert not busy.is_dimmed()
    qtbot.waitUntil(busy.is_dimmed, timeout=2000)
    assert not busy.isVisible()
    qtbot.waitUntil(busy.isVisible, timeout=4000)
    busy.end()
    assert not busy.isVisible()
    assert not busy.is_dimmed()


def test_progress_says_what_is_done_and_what_remains(host: QWidget, qtbot: QtBot) -> None:
    assert figures(109406, 176208, 4120) == "109,406 of 176,208 · 4,120/s · 16 s left"
    assert figures(0, None) == "starting"
    row = ProgressRow("Import")
    add(host, row)
    with qtbot.waitSignal(row.cancelled):
        qtbot.mouseClick(find(row, Button, "progress_cancel"), Qt.MouseButton.LeftButton)


def test_values_stand_at_the_right_with_their_names(host: QWidget) -> None:
    table = KeyValueTable((Entry("Matched", "184,442"), Entry("Will get it", "152,355", total=True)))
    add(host, table)
    names = [label.accessibleName() for label in table.findChildren(Elided)]
    assert names == ["Matched: 184,442", "Will get it: 152,355"]
    table.show_entries((Entry("Matched", "1"),))
    assert table.entries() == (Entry("Matched", "1"),)


def test_a_share_is_cut_to_the_whole(host: QWidget) -> None:
    bar = ShareBar(1.7, label="of everyone")
    add(host, bar)
    assert bar.share() == 1
    assert bar.accessibleName() == "of everyone 100.0%"


def test_an_empty_state_starts_the_first_thing(host: QWidget, qtbot: QtBot) -> None:
    started: list[bool] = []
    empty = EmptyState("users", "Nobody is here yet.", "Import people", lambda: started.append(True))
    add(host, empty)
    assert empty.button is not None
    qtbot.mouseClick(empty.button, Qt.MouseButton.LeftButton)
    assert started == [True]


def test_a_bar_without_a_total_moves_only_where_motion_is_welcome(host: QWidget, theme: Theme, qtbot: QtBot) -> None:
    row = ProgressRow("Import")
    add(host, row)
    bar = row.findChild(QProgressBar)
    assert bar is not None
    still = bar.grab().toImage()
    qtbot.wait(120)  # as long as a bar that moves needs to be seen elsewhere
    assert bar.grab().toImage() == still
    theme.calm(on=False)
    row.show_progress(10, None)
    before = bar.grab().toImage()
    qtbot.waitUntil(lambda: bar.grab().toImage() != before)


def test_completion_matches_anywhere(host: QWidget) -> None:
    edit = CompleterEdit(["Attributes.plan", "Metrics.spent"])
    add(host, edit)
    completer = edit.completer()
    completer.setCompletionPrefix("SPE")
    assert completer.currentCompletion() == "Metrics.spent"


def test_a_name_in_the_title_is_selected_only_while_it_is_edited(host: QWidget, qtbot: QtBot) -> None:
    header = PageHeader("")
    add(host, header)
    line = TitleLine(header, "Name", "Name")
    other = QLineEdit()
    add(host, other)
    line.show_name("A rather long name of a segment")
    host.activateWindow()
    line.setFocus()
    qtbot.waitUntil(line.hasFocus)
    line.selectAll()
    other.setFocus()
    qtbot.waitUntil(other.hasFocus)
    assert (line.selectedText(), line.cursorPosition()) == ("", 0)
    line.show_name("Keys")
    qtbot.waitUntil(lambda: line.width() == line.sizeHint().width() < Measure.popover // 4)
