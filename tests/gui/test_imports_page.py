"""The imports page in the real window, over the real engine."""

import random
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QCheckBox, QComboBox, QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from tests.gui.people_shop import Shop, clipped, find, shop, wait
from workbench.engine import imports, segments
from workbench.gui.imports import edits
from workbench.gui.imports.page import ImportsPage
from workbench.gui.imports.rows import TargetLine, ValueLine
from workbench.gui.imports.targets import date_words, typed_target, words_of
from workbench.gui.parts.picker import Picker
from workbench.plan.mapping import Column, Mapping
from workbench.plan.segment import BehaviourRule, Group, Segment

BUYERS = 200
ROWS = 1200


def listing(folder: Path) -> tuple[Path, Counter[str]]:
    """A blank-delimited listing as CDNOW's, and how often each customer bought."""
    chance = random.Random(3)  # noqa: S311 - made-up purchases
    lines, bought = [" customer_id  date number_of_cds  dollar_value"], Counter[str]()
    for _ in range(ROWS):
        who = f"{chance.randrange(1, BUYERS):05d}"
        bought[who] += 1
        day = f"1997{chance.randrange(1, 13):02d}{chance.randrange(1, 28):02d}"
        lines.append(f" {who} {day} {chance.randrange(1, 9):2d} {chance.random() * 99 + 1:7.2f}")
    path = folder / "listing.txt"
    path.write_text("\n".join(lines) + "\n", encoding="ascii")
    return path, bought


def one_person(folder: Path, name: str) -> Path:
    path = folder / f"{name}.csv"
    path.write_text(f"Id,Address,ChannelType\n{name},{name}@example.com,EMAIL\n", encoding="utf-8")
    return path


@pytest.fixture
def place(qtbot: QtBot, tmp_path: Path) -> Iterator[Shop]:
    with shop(qtbot, tmp_path, filled=False) as one:
        yield one


def the_page(place: Shop) -> ImportsPage:
    page = place.window.page("imports")
    assert isinstance(page, ImportsPage)
    return page


def mapped(place: Shop, path: Path) -> ImportsPage:
    """The mapping of the file, as after a drop on the window."""
    place.window.take_files([path])
    page = the_page(place)
    place.until(lambda: page.mapping.isVisible() and page.mapping._preview is not None)
    return page


def choose(line: TargetLine, typed: str) -> None:
    """Pick a target by typing and Return."""
    QTest.mouseClick(line.target, Qt.MouseButton.LeftButton)
    _answer(typed)


def write_date(line: TargetLine, pattern: str) -> None:
    QTest.mouseClick(line.date, Qt.MouseButton.LeftButton)
    _answer(pattern)


def _answer(typed: str) -> None:
    popup = QApplication.activePopupWidget()
    assert popup is not None
    picker = popup.findChild(Picker, "pick")
    assert picker is not None
    QTest.keyClicks(picker.line, typed)
    QTest.keyPress(picker.line, Qt.Key.Key_Return)  # no release: the list has closed by then
    wait(20)


def add_value(page: ImportsPage, value: str, target: str) -> ValueLine:
    QTest.mouseClick(find(page, QPushButton, "add_value"), Qt.MouseButton.LeftButton)
    line = page.mapping.form.value_lines()[-1]
    QTest.keyClicks(line.value, value)
    choose(line, target)
    return line


def run(place: Shop, page: ImportsPage) -> dict[str, int]:
    """Press Import, wait for the report, and give its figures."""
    QTest.mouseClick(find(page, QPushButton, "run_import"), Qt.MouseButton.LeftButton)
    place.until(lambda: page.work.isVisible() and page.work.tiles["added"].isVisible())
    return {name: int(tile.value().replace(",", "")) for name, tile in page.work.tiles.items()}


def kind(page: ImportsPage, name: str) -> None:
    QTest.mouseClick(find(page.mapping.kind, QPushButton, name), Qt.MouseButton.LeftButton)
    wait(50)


def test_a_listing_goes_in_as_people_and_as_purchases(place: Shop, tmp_path: Path) -> None:
    path, bought = listing(tmp_path)
    page = mapped(place, path)
    assert find(page, QComboBox, "delimiter").currentData() == "blanks"
    kind(page, "endpoints")
    for name in ("date", "number_of_cds", "dollar_value"):
        choose(page.mapping.form.line_of(name), "Leave out")
    choose(page.mapping.form.line_of("customer_id"), "ID")
    for line in page.mapping.form.value_lines():
        QTest.mouseClick(find(line, QWidget, "remove_value"), Qt.MouseButton.LeftButton)
    add_value(page, "CUSTOM", "Channel")
    add_value(page, "customer-{customer_id}", "Address")
    assert page.mapping.document.definition.columns == (
        Column(target="Id", source="customer_id"),
        Column(target="ChannelType", value="CUSTOM"),
        Column(target="Address", value="customer-{customer_id}"),
    )
    figures = run(place, page)
    assert figures["added"] == len(bought)
    assert figures["rejected"] == 0

    QTest.mouseClick(find(page, QPushButton, "another"), Qt.MouseButton.LeftButton)
    page = mapped(place, path)
    kind(page, "events")
    place.until(lambda: page.mapping.document.definition.kind == "events")
    choose(page.mapping.form.line_of("customer_id"), "EndpointId")
    choose(page.mapping.form.line_of("date"), "Timestamp")
    write_date(page.mapping.form.line_of("date"), "%Y%m%d")
    choose(page.mapping.form.line_of("number_of_cds"), "number_of")
    choose(page.mapping.form.line_of("dollar_value"), "dollar_value")
    for line in page.mapping.form.value_lines():
        QTest.mouseClick(find(line, QWidget, "remove_value"), Qt.MouseButton.LeftButton)
    add_value(page, "purchase", "Event type")
    assert run(place, page)["added"] == ROWS
    thrice = Segment(name="S", root=Group(items=(BehaviourRule(event="purchase", times=3, days=None),)))
    assert place.ask(segments.count, thrice).matching == sum(times >= 3 for times in bought.values())


def test_what_is_wrong_stands_at_its_column_and_import_goes_there(place: Shop, tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text("mail,again\na@example.com,a@example.com\n", encoding="utf-8")
    page = mapped(place, path)
    kind(page, "endpoints")
    choose(page.mapping.form.line_of("mail"), "Address")
    choose(page.mapping.form.line_of("again"), "Address")
    line = page.mapping.form.line_of("again")
    assert line.problem.text() == "Address is fed by two columns. Leave one of them out."
    assert line.target.property("faulty") is True
    QTest.mouseClick(find(page, QPushButton, "run_import"), Qt.MouseButton.LeftButton)
    assert page.mapping.isVisible()
    assert place.window.focusWidget() is line.target
    choose(line, "Leave out")
    assert line.problem.isHidden()
    place.window.undo()
    assert not line.problem.isHidden()
    place.window.redo()
    assert run(place, page)["added"] == 1


def test_nothing_says_who_the_person_is(place: Shop, tmp_path: Path) -> None:
    path = tmp_path / "colours.csv"
    path.write_text("colour,size\nred,1\n", encoding="utf-8")
    page = mapped(place, path)
    kind(page, "endpoints")
    place.until(lambda: "who the person is" in page.mapping.form.problem.text())


def test_rejected_rows_are_told_with_a_file_of_reasons(place: Shop, tmp_path: Path) -> None:
    people = tmp_path / "people.csv"
    people.write_text("Id,Address,ChannelType\na,a@example.com,EMAIL\nb,no address,EMAIL\n", encoding="utf-8")
    figures = run(place, mapped(place, people))
    assert (figures["added"], figures["rejected"]) == (1, 1)
    page = the_page(place)
    assert find(page, QPushButton, "open_rejects").isVisible()
    report = place.ask(imports.reports)[0]
    assert "no address" in Path(report.rejects).read_text(encoding="utf-8")

    events = tmp_path / "events.csv"
    events.write_text("EndpointId,EventType,Timestamp\na,seen,2026-01-01\nnobody,seen,2026-01-01\n", encoding="utf-8")
    figures = run(place, mapped(place, events))
    assert (figures["added"], figures["rejected"]) == (1, 1)
    assert "nobody" in Path(place.ask(imports.reports)[0].rejects).read_text(encoding="utf-8")


def test_a_listing_of_users_is_refused_before_and_goes_in_with_an_address(place: Shop, tmp_path: Path) -> None:
    path, bought = listing(tmp_path)
    page = mapped(place, path)
    kind(page, "endpoints")
    place.until(lambda: "a person needs an address and a channel" in page.mapping.form.problem.text())
    assert "{customer_id}@example.com" in page.mapping.form.problem.text()
    QTest.mouseClick(find(page, QPushButton, "run_import"), Qt.MouseButton.LeftButton)
    assert page.mapping.isVisible()
    add_value(page, "c{customer_id}@example.com", "Address")
    assert Column(target="ChannelType", value="EMAIL") in page.mapping.document.definition.columns
    assert page.mapping.form.problem.isHidden()
    place.window.undo()
    assert not any(column.target == "ChannelType" for column in page.mapping.document.definition.columns)
    place.window.redo()
    assert run(place, page)["added"] == len(bought)


def test_names_beside_addresses_make_people_and_say_so_where_not(place: Shop, tmp_path: Path) -> None:
    path = tmp_path / "one.csv"
    path.write_text("email,first name\nann@example.com,Ann\n", encoding="utf-8")
    page = mapped(place, path)
    made = next(line for line in page.mapping.form.value_lines() if line.value.text() == "{email}")
    assert page.mapping.form.line_of("first name").problem.isHidden()
    QTest.mouseClick(find(made, QWidget, "remove_value"), Qt.MouseButton.LeftButton)
    assert "would be left out" in page.mapping.form.line_of("first name").problem.text()
    place.window.undo()
    assert page.mapping.form.line_of("first name").problem.isHidden()
    assert run(place, page)["added"] == 1


def test_the_commonest_reason_of_rejection_stands_in_the_report(place: Shop, tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text("Id,Address,ChannelType\na,a@example.com,EMAIL\nb,none,EMAIL\nc,no,EMAIL\n", encoding="utf-8")
    assert run(place, mapped(place, path))["rejected"] == 2
    assert find(the_page(place), QWidget, "report_notes").property("text") == (
        "2 rows were rejected: It is not an e-mail address."
    )


def test_the_same_file_again_makes_no_duplicates(place: Shop, tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text("Id,Address,ChannelType\na,a@example.com,EMAIL\nb,b@example.com,EMAIL\n", encoding="utf-8")
    assert run(place, mapped(place, path))["added"] == 2
    figures = run(place, mapped(place, path))
    assert (figures["added"], figures["updated"], figures["unchanged"]) == (0, 0, 2)
    page = the_page(place)
    QTest.mouseClick(find(page, QPushButton, "another"), Qt.MouseButton.LeftButton)
    place.until(lambda: page.start.table.model.rowCount() == 2 and page.start.table.row(0) is not None)
    row = page.start.table.row(0)
    assert row is not None
    assert row[0] == "people.csv"


def test_import_on_the_people_page_leads_to_where_files_are_chosen(place: Shop, tmp_path: Path) -> None:
    run(place, mapped(place, one_person(tmp_path, "one")))
    people = place.page("people")
    QTest.mouseClick(find(people, QPushButton, "import"), Qt.MouseButton.LeftButton)
    page = the_page(place)
    place.until(page.start.drop.isVisible)
    place.until(lambda: page.start.table.model.rowCount() == 1)


def test_a_wrong_delimiter_is_put_right_and_choices_stay(place: Shop, tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text("Address;plan\na@example.com;pro\nb@example.com;free\n", encoding="utf-8")
    page = mapped(place, path)
    kind(page, "endpoints")
    choose(page.mapping.form.line_of("plan"), "tariff")
    assert edits.lines(page.mapping.document.definition).by_source["plan"] >= 0
    box = find(page, QComboBox, "delimiter")
    box.setCurrentIndex(box.findData(","))
    box.activated.emit(box.currentIndex())
    place.until(lambda: [line.column.name for line in page.mapping.form._sources] == ["Address;plan"])
    box.setCurrentIndex(box.findData(";"))
    box.activated.emit(box.currentIndex())
    place.until(lambda: len(page.mapping.form._sources) == 2)
    header = find(page, QCheckBox, "header_row")
    header.click()
    place.until(lambda: len(page.mapping._preview.rows) == 3)  # type: ignore[union-attr]  # a file is open


def test_a_mapping_is_saved_and_read_again(place: Shop, tmp_path: Path) -> None:
    path, _ = listing(tmp_path)
    page = mapped(place, path)
    kind(page, "endpoints")
    choose(page.mapping.form.line_of("customer_id"), "ID")
    add_value(page, "CUSTOM", "Channel")
    wanted = page.mapping.document.definition
    page.mapping.save_mapping(str(tmp_path / "mine.json"))
    assert Mapping.from_json((tmp_path / "mine.json").read_bytes()) == wanted
    page.open("")
    page = mapped(place, path)
    page.mapping.load_mapping(str(tmp_path / "mine.json"))
    assert not page.mapping.document.stack.canUndo()
    place.until(lambda: page.mapping.document.definition == wanted)
    (tmp_path / "bad.json").write_text("no mapping", encoding="utf-8")
    page.mapping.load_mapping(str(tmp_path / "bad.json"))
    assert "bad.json is no mapping" in page.mapping.problem.text()
    assert page.mapping.document.definition == wanted
    other = Mapping(dialect=wanted.dialect.model_copy(update={"encoding": "none such"}))
    (tmp_path / "other.json").write_text(other.to_json(), encoding="utf-8")
    page.mapping.load_mapping(str(tmp_path / "other.json"))
    place.until(lambda: "none such" in page.mapping.problem.text())
    assert page.mapping.document.definition == wanted


def test_a_target_that_is_no_time_any_more_loses_its_date_format(place: Shop, tmp_path: Path) -> None:
    page = mapped(place, listing(tmp_path)[0])
    kind(page, "events")
    place.until(lambda: page.mapping.document.definition.kind == "events")
    line = page.mapping.form.line_of("date")
    choose(line, "Timestamp")
    write_date(line, "%Y%m%d")
    assert Column(target="Timestamp", source="date", date_format="%Y%m%d") in page.mapping.document.definition.columns
    choose(line, "day")
    assert Column(target="Attributes.day", source="date") in page.mapping.document.definition.columns


def test_files_may_fall_anywhere_on_the_window_and_wait_their_turn(place: Shop, tmp_path: Path) -> None:
    paths = [one_person(tmp_path, name) for name in ("one", "two")]
    place.page("people")
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    enter = QDragEnterEvent(
        QPoint(300, 300), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    )
    drop = QDropEvent(
        QPointF(300, 300), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    )
    QApplication.sendEvent(place.window, enter)
    QApplication.sendEvent(place.window, drop)
    page = the_page(place)
    place.until(lambda: page.mapping.isVisible() and page.mapping.header.title() == "one.csv")
    place.until(lambda: page.mapping._preview is not None)
    assert run(place, page)["added"] == 1
    QTest.mouseClick(find(page, QPushButton, "next_file"), Qt.MouseButton.LeftButton)
    place.until(lambda: page.mapping.isVisible() and page.mapping.header.title() == "two.csv")


def test_a_file_that_falls_while_another_is_mapped_waits(place: Shop, tmp_path: Path) -> None:
    page = mapped(place, one_person(tmp_path, "one"))
    before = page.mapping.document.definition
    with place.qtbot.waitSignal(place.window.frame.said) as said:
        place.window.take_files([one_person(tmp_path, "two")])
    assert said.args == ["Next file: 1 waits"]
    wait(100)
    assert page.mapping.header.title() == "one.csv"
    assert page.mapping.document.definition == before
    assert run(place, page)["added"] == 1
    QTest.mouseClick(find(page, QPushButton, "next_file"), Qt.MouseButton.LeftButton)
    place.until(lambda: page.mapping.isVisible() and page.mapping.header.title() == "two.csv")


def test_the_next_file_is_offered_after_a_failed_import(place: Shop, tmp_path: Path) -> None:
    page = mapped(place, one_person(tmp_path, "one"))
    page.take_files([one_person(tmp_path, "two")])
    (tmp_path / "one.csv").unlink()
    QTest.mouseClick(find(page, QPushButton, "run_import"), Qt.MouseButton.LeftButton)
    place.until(page.work.problem.isVisible)
    button = find(page, QPushButton, "next_after_failure")
    assert button.text() == "Next file: 1 waits"
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    place.until(lambda: page.mapping.isVisible() and page.mapping.header.title() == "two.csv")


def test_a_file_that_cannot_be_read_says_so_at_the_drop_area(place: Shop, tmp_path: Path) -> None:
    path = tmp_path / "broken.parquet"
    path.write_bytes(b"PAR1 this is none")
    place.window.take_files([path])
    page = the_page(place)
    place.until(lambda: page.start.isVisible() and not page.start.problem.isHidden())
    assert "broken.parquet cannot be read" in page.start.problem.text()


def test_the_next_file_is_offered_where_a_mapping_is_left_or_a_file_is_no_use(place: Shop, tmp_path: Path) -> None:
    page = mapped(place, one_person(tmp_path, "one"))
    path = tmp_path / "broken.parquet"
    path.write_bytes(b"PAR1 this is none")
    page.take_files([path, one_person(tmp_path, "two")])
    page.mapping.header.back.emit()
    QTest.mouseClick(find(page, QPushButton, "next_waiting"), Qt.MouseButton.LeftButton)
    place.until(lambda: page.start.isVisible() and not page.start.problem.isHidden())
    button = find(page, QPushButton, "next_waiting")
    assert button.text() == "Next file: 1 waits"
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    place.until(lambda: page.mapping.isVisible() and page.mapping.header.title() == "two.csv")
    page.open("")
    assert not button.isVisible()


def test_a_cancelled_import_leaves_no_trace(place: Shop, tmp_path: Path) -> None:
    path = tmp_path / "many.csv"
    with path.open("w", encoding="utf-8") as file:
        file.write("Id,Address,ChannelType,Attributes.plan\n")
        file.writelines(f"e{n},e{n}@example.com,EMAIL,pro\n" for n in range(400_000))
    page = mapped(place, path)
    QTest.mouseClick(find(page, QPushButton, "run_import"), Qt.MouseButton.LeftButton)
    place.until(lambda: bool(page._job_id))
    QTest.mouseClick(find(page, QPushButton, "import_progress_cancel"), Qt.MouseButton.LeftButton)
    place.until(page.work.problem.isVisible)
    assert page.work.problem.text() == "Cancelled. Nothing was changed."
    assert place.ask(imports.reports) == ()
    QTest.mouseClick(find(page, QPushButton, "again"), Qt.MouseButton.LeftButton)
    assert page.mapping.isVisible()


def test_column_names_from_outside_are_plain_and_nothing_is_clipped(place: Shop, tmp_path: Path) -> None:
    path = tmp_path / "odd.csv"
    long = "very long name " * 12
    path.write_text(f"mail,<b>bold</b>,{long},имя 🎉\na@example.com,<i>x</i>,{long},y\n", encoding="utf-8")
    page = mapped(place, path)
    for size in ((1440, 900), (1000, 640)):
        place.window.resize(*size)
        wait(50)
        assert clipped(page) == []
    name = find(page.mapping.form.line_of("<b>bold</b>"), QWidget, "column_name")
    assert name.property("text") == "<b>bold</b>"


def test_rows_that_would_be_rejected_are_marked_with_the_reason(place: Shop, tmp_path: Path) -> None:
    path = tmp_path / "ragged.csv"
    lines = ("email,name", "ann@example.com,Ann", "not-a-mail,Bo", "short", "cy@example.com,Cy")
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    page = mapped(place, path)
    rows = page.mapping.rows
    place.until(lambda: rows.verdict.text() == "2 of the first 4 rows would be rejected")
    model = rows.table.model
    place.until(lambda: model.rowCount() == 4 and model.row(3) is not None)

    def marked(role: Qt.ItemDataRole) -> list[tuple[int, int, str]]:
        cells = [(row, column) for row in range(4) for column in range(2)]
        return [(row, column, str(model.index(row, column).data(role))) for row, column in cells
                if model.index(row, column).data(Qt.ItemDataRole.DecorationRole) is not None]  # fmt: skip

    assert [cell[:2] for cell in marked(Qt.ItemDataRole.ToolTipRole)] == [(1, 0), (2, 0)]
    wrong, ragged = (tip for _, _, tip in marked(Qt.ItemDataRole.ToolTipRole))
    assert "It is not an e-mail address." in wrong
    assert "fewer cells than the header" in ragged
    assert clipped(page) == []
    choose(page.mapping.form.line_of("email"), "Leave out")
    place.until(lambda: not rows.verdict.isVisible() and marked(Qt.ItemDataRole.ToolTipRole) == [])


def test_another_encoding_is_chosen_where_the_file_is_refused(place: Shop, tmp_path: Path) -> None:
    page = mapped(place, listing(tmp_path)[0])
    assert find(page, QPushButton, "run_import").text() == "Import 1,200 rows"
    page.open("")
    path = tmp_path / "russian.csv"
    path.write_bytes("Address,имя\na@example.com,Иван и Анна\nb@example.com,".encode() + b"\xff")
    place.window.take_files([path])
    place.until(lambda: "Choose its encoding" in page.mapping.problem.text())
    assert page.mapping.isVisible()
    assert find(page, QWidget, "encoding_label").isVisible()
    # nothing is left of the file before
    assert find(page, QPushButton, "run_import").text() == "Import"
    assert not page.mapping.dialect.delimiter.isVisible()
    assert not page.mapping.dialect.header.isVisible()
    path.write_bytes("Address,имя\na@example.com,Иван\n".encode("cp1251"))
    line = find(page, QLineEdit, "encoding_line")
    line.setText("utf-16")
    line.editingFinished.emit()
    place.until(lambda: "is not utf-16" in page.mapping.problem.text())
    line.setText("windows-1251")
    line.editingFinished.emit()
    place.until(lambda: [one.column.name for one in page.mapping.form._sources] == ["Address", "имя"])
    assert find(page, QPushButton, "run_import").text() == "Import 1 row"


def test_a_large_file_says_about_how_many_rows_it_has(place: Shop, tmp_path: Path) -> None:
    path = tmp_path / "many.csv"
    with path.open("w", encoding="utf-8") as file:
        file.write("Id,Address,ChannelType\n")
        file.writelines(f"e{n:06},e{n:06}@example.com,EMAIL\n" for n in range(300_000))
    page = mapped(place, path)
    assert find(page, QPushButton, "run_import").text() == "Import about 300,000 rows"


def test_targets_in_words() -> None:
    assert words_of("") == "Leave out"
    assert words_of("Attributes.plan") == "Attribute “plan”"
    assert words_of("Location.Country") == "Country"
    assert typed_target("endpoints", "tariff") == "Attributes.tariff"
    assert typed_target("endpoints", "Metrics.spent") == "Metrics.spent"
    assert typed_target("events", "Location.Country") == "Attributes.Location.Country"
    assert date_words("%d.%m.%Y") == "31.12.2026"
    assert date_words("") == "As recognised"


def test_edits_of_a_mapping() -> None:
    one = Mapping(columns=(Column(target="Id", source="id"), Column(target="Attributes.id", source="id")))
    assert edits.lines(one).by_source == {"id": 0}
    assert edits.as_patterns(one).columns[1] == Column(target="Attributes.id", value="{id}")
    assert edits.with_target(one, "plan", "Attributes.plan").columns[-1].source == "plan"
    assert edits.with_target(one, "id", "").columns == (Column(target="Attributes.id", source="id"),)
    suggested = Mapping(columns=(Column(target="Address", source="id"), Column(target="Metrics.age", source="age")))
    merged = edits.kept(one, suggested, ["id"], ["id", "age"])
    assert [column.target for column in merged.columns] == ["Id", "Attributes.id", "Metrics.age"]
    assert edits.kept(one, suggested.model_copy(update={"kind": "events"}), [], []).columns == suggested.columns
