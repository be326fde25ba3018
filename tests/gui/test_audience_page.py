"""The people page in the real window, by mouse and keyboard, over the real engine."""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QPushButton
from pytestqt.qtbot import QtBot

from tests.gui.people_shop import HTML, Shop, clipped, customers, find, shop
from workbench.engine import endpoints, segments
from workbench.engine.desk import AskError
from workbench.gui.audience.page import PeoplePage
from workbench.gui.parts.keyvalue import KeyValueTable
from workbench.gui.parts.picker import Picker
from workbench.gui.parts.text import Text
from workbench.plan.endpoint import View
from workbench.plan.segment import AttributeRule, Group, Segment


@pytest.fixture
def place(qtbot: QtBot, tmp_path: Path) -> Iterator[Shop]:
    with shop(qtbot, tmp_path) as one:
        yield one


def people(place: Shop) -> PeoplePage:
    page: PeoplePage = place.page("people")
    place.until(lambda: page.people.table.row(0) is not None)
    return page


def column(page: PeoplePage, field: str) -> list[object]:
    """The cells on screen of a field."""
    at = [one.key for one in page.people.table.model.columns].index(field)
    total = page.people.table.model.rowCount()
    rows = [page.people.table.row(line) for line in range(min(total, 150))]
    return [row[at] for row in rows if row is not None]


def shows(page: PeoplePage, field: str, cells: list[float]) -> bool:
    return column(page, field) == cells


def found(page: PeoplePage) -> str:
    return page.people.filters.found.text()


def test_everyone_is_there_with_columns_that_the_workspace_has(place: Shop) -> None:
    page = people(place)
    assert found(page) == "300 people"
    place.until(lambda: "Attributes.plan" in page.people.columns())
    assert page.people.columns() == (
        "User.UserAttributes.FirstName",
        "Address",
        "ChannelType",
        "Location.Country",
        "Attributes.plan",
        "Metrics.spent",
        "EffectiveDate",
    )


def test_search_waits_for_a_pause_and_narrows(place: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    page = people(place)
    counted: list[str] = []
    ask = place.engine.ask

    def listen(function: Callable[..., Any], *args: object, **named: Any) -> Any:  # noqa: ANN401 - as the engine's
        if function is endpoints.count and isinstance(args[0], View):
            counted.append(args[0].search)
        return ask(function, *args, **named)

    monkeypatch.setattr(place.engine, "ask", listen)
    search = page.people.filters.search
    search.setFocus()
    for letter in "C0012":
        QTest.keyClicks(search, letter)
        QApplication.processEvents()
    place.until(lambda: found(page) == "1 person")
    place.until(lambda: column(page, "Address") == ["c0012@example.com"])
    assert counted == ["C0012"]
    QTest.keyClick(search, Qt.Key.Key_Escape)
    place.until(lambda: found(page) == "300 people")


def test_nobody_found_offers_everyone_again(place: Shop) -> None:
    page = people(place)
    QTest.keyClicks(page.people.filters.search, "nobody at all")
    place.until(lambda: found(page) == "0 people")
    button = find(page, QPushButton, "no_people_action")
    assert button.text() == "Show everyone"
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    place.until(lambda: found(page) == "300 people")


def test_a_name_is_found_and_who_is_not_among_the_rows_leaves_the_inspector(place: Shop) -> None:
    page = people(place)
    place.until(lambda: page.people.table.row(0) is not None)
    page.people.table.choose(12)
    place.until(page.people.inspector.isVisible)
    assert page.people.inspector.endpoint_id == "c0012"
    search = page.people.filters.search
    QTest.keyClicks(search, "NAME 12")
    place.until(lambda: found(page) == "13 people")
    place.until(lambda: page.people.table.current_line() == 0)
    assert page.people.inspector.endpoint_id == "c0012"
    assert page.people.inspector.isVisible()
    QTest.keyClicks(search, "0")
    place.until(lambda: column(page, "Address") == ["c0120@example.com"])
    place.until(lambda: not page.people.inspector.isVisible())
    assert search.text() == "NAME 120"


def test_the_inspector_empties_when_nobody_is_found(place: Shop) -> None:
    page = people(place)
    place.until(lambda: page.people.table.row(0) is not None)
    page.people.table.choose(0)
    place.until(page.people.inspector.isVisible)
    QTest.keyClicks(page.people.filters.search, "nobody at all")
    place.until(lambda: found(page) == "0 people")
    assert not page.people.inspector.isVisible()


def test_channel_status_and_segment_narrow(place: Shop) -> None:
    segment = Segment(name="On pro", root=Group(items=(AttributeRule(name="plan", values=("pro",)),)))
    segment_id = place.ask(segments.save, segment)
    page = people(place)
    box = page.people.filters.segment
    place.until(lambda: box.findData(segment_id) > 0)
    page.people.filters.segment.setCurrentIndex(page.people.filters.segment.findData(segment_id))
    pro = sum(one.plan == "pro" for one in customers())
    place.until(lambda: found(page) == f"{pro} people")
    channel = find(page, QComboBox, "channel")
    channel.setCurrentIndex(channel.findData("SMS"))
    place.until(lambda: found(page) == "0 people")
    page.people.filters.clear()
    place.until(lambda: found(page) == "300 people")
    status = find(page, QComboBox, "status")
    status.setCurrentIndex(status.findData("INACTIVE"))
    place.until(lambda: found(page) == "0 people")


def test_a_click_on_the_header_sorts_in_the_store(place: Shop) -> None:
    page = people(place)
    place.until(lambda: "Metrics.spent" in page.people.columns())
    header = page.people.table.view.horizontalHeader()
    at = [one.key for one in page.people.table.model.columns].index("Metrics.spent")
    where = QPoint(header.sectionViewportPosition(at) + 20, header.height() // 2)
    for descending in (False, True):
        QTest.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=where)
        wanted = sorted((one.spent for one in customers()), reverse=descending)[:150]
        place.until(partial(shows, page, "Metrics.spent", wanted))


def test_arrows_show_a_person_enter_opens_and_escape_comes_back(place: Shop) -> None:
    page = people(place)
    view = page.people.table.view
    view.setFocus()
    QTest.keyClick(view, Qt.Key.Key_Home, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(view, Qt.Key.Key_Down)
    place.until(lambda: page.people.inspector.isVisible() and page.people.inspector.endpoint_id == "c0001")
    place.until(lambda: find(page.people.inspector, Text, "person_name").property("text") == "Name 1")
    QTest.keyClick(view, Qt.Key.Key_Return)
    place.until(lambda: page.person.isVisible() and page.person.header.title() == "Name 1")
    QApplication.processEvents()
    QTest.keyClick(page.person, Qt.Key.Key_Escape)
    place.until(view.hasFocus)
    QTest.keyClick(view, Qt.Key.Key_Escape)
    place.until(lambda: not page.people.inspector.isVisible())


def test_control_f_finds_from_anywhere_on_the_page(place: Shop) -> None:
    page = people(place)
    page.open("c0001")
    place.window.actions_table.action("people.find").trigger()
    place.until(page.people.filters.search.hasFocus)


def test_a_country_is_a_code_in_the_table_and_a_name_beside_it(place: Shop) -> None:
    page = people(place)
    place.until(lambda: bool(column(page, "Location.Country")))
    model = page.people.table.model
    at = [one.key for one in model.columns].index("Location.Country")
    line = column(page, "Location.Country").index("DE")
    cell = model.index(line, at)
    assert (cell.data(), cell.data(Qt.ItemDataRole.ToolTipRole)) == ("DE", "Germany (DE)")
    page.open(next(person.id for person in customers() if person.country == "DE"))
    fixed = find(page.person, KeyValueTable, "fixed")
    assert {entry.name: entry.value for entry in fixed.entries()}["Country"] == "Germany (DE)"


@pytest.mark.parametrize(("choose", "said"), [(min, "never"), (max, "2 days ago")])
def test_last_activity_is_what_a_person_did(place: Shop, choose: Callable[..., Any], said: str) -> None:
    page = people(place)
    page.open(choose(customers(), key=lambda person: len(person.purchases)).id)
    fixed = find(page.person, KeyValueTable, "fixed")
    place.until(lambda: {each.name: each.value for each in fixed.entries()}.get("Last activity") == said)


def test_a_person_s_facts_and_timeline(place: Shop) -> None:
    page = people(place)
    one = max(customers(), key=lambda person: len(person.purchases))
    page.open(one.id)
    place.until(lambda: page.person.timeline.shown() == len(one.purchases))
    tables = [find(page.person, KeyValueTable, name) for name in ("fixed", "attributes", "metrics", "user_attributes")]
    entries = {entry.name: entry.value for table in tables for entry in table.entries()}
    assert entries["Address"] == f"{one.id}@example.com"
    assert entries["plan"] == one.plan
    assert entries["spent"] == f"{one.spent:.0f}"
    assert entries["Person ID"] == f"u{one.id}"
    assert not page.person.timeline.more.isVisible()


def test_more_of_a_timeline_comes_when_asked(place: Shop) -> None:
    page = people(place)
    one = max(customers(), key=lambda person: len(person.purchases))
    person = place.ask(endpoints.person, one.id, 0, 2)
    page.open(one.id)
    place.until(lambda: page.person.timeline.shown() == len(one.purchases))
    page.person.timeline.begin(person.timeline, person.timeline_total)
    assert page.person.timeline.shown() == 2
    QTest.mouseClick(find(page.person, QPushButton, "more"), Qt.MouseButton.LeftButton)
    place.until(lambda: page.person.timeline.shown() == len(one.purchases))


def test_columns_are_chosen_and_remembered(place: Shop) -> None:
    page = people(place)
    place.until(lambda: "Attributes.plan" in page.people.columns())
    QTest.mouseClick(find(page, QPushButton, "columns_button"), Qt.MouseButton.LeftButton)
    popover = QApplication.activePopupWidget()
    assert popover is not None
    picker = popover.findChild(Picker, "columns")
    assert picker is not None
    QTest.keyClicks(picker.line, "City")
    QTest.keyPress(picker.line, Qt.Key.Key_Return)
    assert page.people.columns()[-1] == "Location.City"
    popover.close()
    place.until(lambda: page.people.table.row(0) is not None)
    again = PeoplePage(place.window.frame)
    place.qtbot.addWidget(again)
    assert again.people.columns() == page.people.columns()


def test_a_problem_goes_when_the_same_person_can_be_read_again(place: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    page = people(place)
    page.open("c0003")
    place.until(lambda: page.person.header.title() == HTML)

    async def fail(*_asked: object) -> None:
        raise AskError("the file is busy")

    with monkeypatch.context() as patch:
        patch.setattr(endpoints, "person", fail)
        page.person.refresh()
        place.until(page.person.problem.isVisible)
    page.person.refresh()
    place.until(lambda: not page.person.problem.isVisible())


def test_a_dragged_column_stays_where_it_was_put_when_another_is_chosen(place: Shop) -> None:
    page = people(place)
    place.until(lambda: "Attributes.plan" in page.people.columns())
    header = page.people.table.view.horizontalHeader()
    header.moveSection(0, 2)
    header.setSortIndicator(0, Qt.SortOrder.DescendingOrder)
    dragged = page.people.columns()
    QTest.mouseClick(find(page, QPushButton, "columns_button"), Qt.MouseButton.LeftButton)
    popover = QApplication.activePopupWidget()
    assert popover is not None
    picker = popover.findChild(Picker, "columns")
    assert picker is not None
    QTest.keyClicks(picker.line, "City")
    QTest.keyPress(picker.line, Qt.Key.Key_Return)
    popover.close()
    assert page.people.columns() == (*dragged, "Location.City")
    assert page.people.columns()[header.sortIndicatorSection()] == "User.UserAttributes.FirstName"


def test_names_from_outside_are_plain_text(place: Shop) -> None:
    page = people(place)
    place.until(lambda: "User.UserAttributes.FirstName" in page.people.columns())
    place.until(lambda: HTML in column(page, "User.UserAttributes.FirstName"))
    page.open("c0003")
    place.until(lambda: page.person.header.title() == HTML)
    for size in ((1440, 900), (1000, 640)):
        place.window.resize(*size)
        QApplication.processEvents()
        assert clipped(page) == []


def test_an_empty_workspace_leads_to_the_imports(qtbot: QtBot, tmp_path: Path) -> None:
    with shop(qtbot, tmp_path, filled=False) as place:
        page: PeoplePage = place.page("people")
        button = find(page, QPushButton, "no_people_action")
        assert button.text() == "Import people"
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
        assert place.window.current_key() == "imports"


def test_export_writes_the_chosen_segment(place: Shop, tmp_path: Path) -> None:
    segment = Segment(name="On pro", root=Group(items=(AttributeRule(name="plan", values=("pro",)),)))
    segment_id = place.ask(segments.save, segment)
    page = people(place)
    place.until(lambda: page.people.filters.segment.findData(segment_id) > 0)
    page.people.filters.segment.setCurrentIndex(page.people.filters.segment.findData(segment_id))
    with place.qtbot.waitSignal(place.window.frame.said, timeout=10_000) as said:
        page.people.export_to(str(tmp_path / "pro.csv"))
    pro = sum(one.plan == "pro" for one in customers())
    assert said.args == [f"{pro} people written to pro.csv"]
    assert len((tmp_path / "pro.csv").read_text(encoding="utf-8").splitlines()) == pro + 1
