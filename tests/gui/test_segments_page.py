"""The segments page in the real window, by mouse and keyboard, over the real engine."""

import random
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import shiboken6
from PySide6.QtCore import QCoreApplication, QEvent, QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QMenu, QPlainTextEdit, QPushButton, QSpinBox, QWidget
from pytestqt.qtbot import QtBot

from tests.gui.people_shop import HTML, LONG, RIGHT_TO_LEFT, Shop, clipped, customers, find, shop, wait
from workbench.engine import segments
from workbench.gui.parts.picker import Picker
from workbench.gui.segments import edits
from workbench.gui.segments.changes import with_part
from workbench.gui.segments.editor import SegmentEditor
from workbench.gui.segments.kinds import every_kind
from workbench.gui.segments.rule_row import RuleRow
from workbench.plan.segment import (
    AttributeCondition,
    AttributeRule,
    BehaviourRule,
    CountryRule,
    Group,
    MetricRule,
    Segment,
    walk,
)
from workbench.store.errors import StoreError

if TYPE_CHECKING:
    from workbench.gui.segments.page import SegmentsPage

PRO = AttributeRule(name="plan", values=("pro",))
GERMAN = CountryRule(values=("DE",))
RICH = MetricRule(name="spent", value=100)
TWICE = BehaviourRule(event="purchase", times=2, days=90)


@pytest.fixture
def place(qtbot: QtBot, tmp_path: Path) -> Iterator[Shop]:
    with shop(qtbot, tmp_path) as one:
        yield one


def saved(place: Shop, *items: object, name: str = "Mine", mode: str = "all") -> str:
    segment = Segment.model_validate({"name": name, "root": {"mode": mode, "items": items}})
    return str(place.ask(segments.save, segment))


def editor(place: Shop, segment_id: str) -> SegmentEditor:
    page: SegmentsPage = place.page("segments", segment_id)
    place.until(lambda: page.editor.segment_id == segment_id and page.editor.document.definition != Segment())
    counted(place, page.editor)
    return page.editor


def counted(place: Shop, editor: SegmentEditor) -> int:
    """The count once it belongs to what is on the page."""
    number = editor.figures.hero.findChild(QWidget, "count_number")
    assert number is not None
    place.until(lambda: not editor._count_later.isActive() and number.property("dimmed") is False)
    return int(editor.figures.hero.number().replace(",", ""))


def settled(place: Shop) -> None:
    """Wait until everything asked for has been answered."""
    place.until(lambda: place.window.bridge.waiting() == 0)


def watched(editor: SegmentEditor, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The slots of whatever figures and samples are asked for from now on."""
    asked: list[str] = []
    ask = editor._page.ask

    def watch(function: Callable[..., Any], *args: Any, **named: Any) -> None:  # noqa: ANN401 - whatever is asked
        if function in {segments.count, segments.sample}:
            asked.append(named["slot"])
        ask(function, *args, **named)

    monkeypatch.setattr(editor._page, "ask", watch)
    return asked


def press(widget: QWidget) -> None:
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton)


def chip(row: RuleRow, key: str) -> QPushButton:
    found = row.line.chip(key)
    assert found is not None
    return found


def popup() -> QWidget:
    found = QApplication.activePopupWidget()
    assert found is not None
    return found


def expect(**fits: object) -> int:
    return sum(all(getattr(one, part) in wanted for part, wanted in fits.items()) for one in customers())  # type: ignore[operator]  # each is a set


def test_the_list_counts_each_segment_and_opens_one(place: Shop) -> None:
    saved(place, PRO, name="On pro")
    saved(place, name="Everyone here")
    page: SegmentsPage = place.page("segments")
    place.until(lambda: len(page.list.table.lines()) == 2 and all(line.cells[1] for line in page.list.table.lines()))
    assert {line.cells[0]: line.cells[1] for line in page.list.table.lines()} == {
        "On pro": expect(plan={"pro"}),
        "Everyone here": len(customers()),
    }
    view = page.list.table.view
    QTest.mouseClick(
        view.viewport(), Qt.MouseButton.LeftButton, pos=view.visualRect(page.list.table.model.index(0, 0)).center()
    )
    place.until(lambda: page.editor.isVisible() and page.editor.name.text() == "Everyone here")
    assert counted(place, page.editor) == len(customers())


def test_a_first_segment_is_made_from_the_keyboard(place: Shop) -> None:
    page: SegmentsPage = place.page("segments")
    press(find(page, QPushButton, "no_segments_action"))
    place.until(lambda: page.editor.isVisible() and page.editor.name.selectedText() == "New segment")
    name = find(page, QLineEdit, "name")
    QTest.keyClicks(name, "Paying")
    assert page.editor.tree.rows() == []
    assert counted(place, page.editor) == len(customers())

    press(find(page, QPushButton, "add_rule"))
    menu = popup()
    assert isinstance(menu, QMenu)
    QTest.keyClick(menu, Qt.Key.Key_Down)
    QTest.keyClick(menu, Qt.Key.Key_Return)
    place.until(lambda: len(page.editor.tree.rows()) == 1)
    wait(100)
    if QApplication.activePopupWidget() is None:
        # Without a window system a menu that closes takes the next popup with it.
        QTest.keyClick(chip(page.editor.tree.rows()[0], "name"), Qt.Key.Key_Space)
    line = popup().findChild(QLineEdit, "token_line")
    assert line is not None
    QTest.keyClicks(line, "pla")
    QTest.keyPress(line, Qt.Key.Key_Return)
    # the values of the chosen field come by themselves, most frequent first, with counts
    place.until(lambda: bool(QApplication.activePopupWidget() and popup().findChild(Picker, "token")))
    picker = popup().findChild(Picker, "token")
    assert picker is not None
    place.until(lambda: picker.list.count() == 3)
    QTest.keyClicks(picker.line, "te")
    place.until(lambda: picker.list.count() == 2)
    QTest.keyPress(picker.line, Qt.Key.Key_Return)
    QTest.keyPress(picker.line, Qt.Key.Key_Escape)
    place.until(lambda: QApplication.activePopupWidget() is None)
    assert counted(place, page.editor) == expect(plan={"team"})
    row = page.editor.tree.rows()[0]
    assert row.accessibleName() == "plan is team"
    assert row.count.text() == str(expect(plan={"team"}))
    page.leave()
    place.until(lambda: place.ask(segments.get, page.editor.segment_id).name == "Paying")
    stored = place.ask(segments.get, page.editor.segment_id)
    assert stored.root.items == (AttributeRule(name="plan", values=("team",)),)


def test_all_any_none_by_mouse_and_arrows(place: Shop) -> None:
    one = editor(place, saved(place, PRO, GERMAN))
    both, either = expect(plan={"pro"}, country={"DE"}), expect(plan={"pro"}) + expect(country={"DE"})
    assert counted(place, one) == both
    press(find(one, QPushButton, "any"))
    assert counted(place, one) == either - both
    button = find(one, QPushButton, "any")
    button.setFocus()
    QTest.keyClick(button, Qt.Key.Key_Right)
    assert counted(place, one) == len(customers()) - (either - both)
    assert place.window.undo_stack() is one.document.stack
    assert one.document.stack.undoText() == "Change all, any or none"
    place.window.undo()
    place.window.undo()
    assert counted(place, one) == both
    assert find(one, QPushButton, "all").isChecked()


def test_a_none_group_tells_whom_it_leaves_out_and_steps_are_told(place: Shop) -> None:
    one = editor(place, saved(place, PRO, Group(mode="none", items=(GERMAN,))))
    left = expect(plan={"pro"}) - expect(plan={"pro"}, country={"DE"})
    assert counted(place, one) == left
    view = one.tree.groups()[1]
    assert view.count.text() == f"−{expect(country={'DE'})}"
    place.until(lambda: bool(one.figures.findChildren(QWidget, "step_count_2")))
    assert find(one.figures, QWidget, "step_count_2").property("text") == str(left)


def test_a_rule_that_matches_nobody_is_marked(place: Shop) -> None:
    one = editor(place, saved(place, AttributeRule(name="plan", values=("gold",)), PRO))
    assert counted(place, one) == 0
    nobody, somebody = one.tree.rows()
    assert nobody.nobody.isVisible()
    assert not somebody.nobody.isVisible()
    assert one.sample.nobody.isVisible()


def test_an_unfinished_rule_is_not_counted_and_reddens_when_left(place: Shop) -> None:
    one = editor(place, saved(place, PRO))
    before = counted(place, one)
    one.tree.add_rule((), CountryRule())
    place.until(lambda: QApplication.activePopupWidget() is not None)
    row = one.tree.rows()[1]
    assert row.problem.isHidden()
    assert counted(place, one) == before
    assert one.figures.unfinished.text() == "1 unfinished rule is not counted."
    popup().close()
    place.until(lambda: not row.problem.isHidden())
    assert chip(row, "values.0").property("faulty") is True


@pytest.mark.parametrize("typed", ["germ", "de", "DE"])
def test_a_country_is_found_by_name_and_by_code(place: Shop, typed: str) -> None:
    one = editor(place, saved(place, PRO))
    one.tree.add_rule((), CountryRule())
    place.until(lambda: QApplication.activePopupWidget() is not None)
    picker = popup().findChild(Picker, "token")
    assert picker is not None
    settled(place)
    first = picker.list.item(0).data(Qt.ItemDataRole.UserRole)
    counts = Counter(person.country for person in customers())
    assert (first.key, first.note) == (counts.most_common(1)[0][0], str(counts.most_common(1)[0][1]))
    QTest.keyClicks(picker.line, typed)
    settled(place)
    assert picker.list.item(0).text() == "Germany (DE)"
    QTest.keyClick(picker.line, Qt.Key.Key_Return)
    popup().close()
    row = one.tree.rows()[1]
    assert row.rule == GERMAN
    assert chip(row, "values.0").text() == "Germany (DE)"
    assert counted(place, one) == expect(plan={"pro"}, country={"DE"})


def test_a_country_that_nobody_has_yet_can_be_chosen(place: Shop) -> None:
    one = editor(place, saved(place, PRO))
    one.tree.add_rule((), CountryRule())
    place.until(lambda: QApplication.activePopupWidget() is not None)
    picker = popup().findChild(Picker, "token")
    assert picker is not None
    settled(place)
    QTest.keyClicks(picker.line, "finl")
    settled(place)
    assert picker.list.item(0).text() == "Finland (FI)"
    QTest.keyClick(picker.line, Qt.Key.Key_Return)
    assert picker.chosen() == ("FI",)


def test_how_often_and_on_what_condition(place: Shop) -> None:
    one = editor(place, saved(place, TWICE))
    assert counted(place, one) == sum(len(person.purchases) >= 2 for person in customers())
    press(chip(one.tree.rows()[0], "times"))
    spin = popup().findChild(QSpinBox, "token_times")
    assert spin is not None
    spin.selectAll()
    QTest.keyClicks(spin, "3")
    popup().close()
    assert counted(place, one) == sum(len(person.purchases) >= 3 for person in customers())
    assert one.document.stack.undoText() == "Change value"

    press(chip(one.tree.rows()[0], "where.add"))
    picker = popup().findChild(Picker, "token")
    assert picker is not None
    QTest.keyClicks(picker.line, "cat")
    QTest.keyPress(picker.line, Qt.Key.Key_Return)
    place.until(lambda: bool(QApplication.activePopupWidget() and popup().findChild(Picker, "token")))
    values = popup().findChild(Picker, "token")
    assert values is not None
    place.until(lambda: values.list.count() == 2)
    item = next(values.list.item(row) for row in range(2) if values.list.item(row).text() == "shoes")
    rect = values.list.visualItemRect(item)
    QTest.mouseClick(values.list.viewport(), Qt.MouseButton.LeftButton, pos=rect.center())
    popup().close()
    shoes = sum(sum(amount > 50 for amount in person.purchases) >= 3 for person in customers())
    assert counted(place, one) == shoes
    rule = one.document.definition.root.items[0]
    assert isinstance(rule, BehaviourRule)
    assert rule.where == (AttributeCondition(name="category", values=("shoes",)),)


def test_the_editor_stays_open_while_what_it_hangs_on_goes(place: Shop) -> None:
    one = editor(place, saved(place, AttributeRule(name="plan", values=("pro", "team"))))
    popover = one.tree.open_token((0,), "values.1")
    picker = popover.findChild(Picker, "token") if popover is not None else None
    assert picker is not None
    place.until(lambda: picker.list.count() == 3)
    for value in ("pro", "team", "free"):
        item = next(picker.list.item(row) for row in range(3) if picker.list.item(row).text() == value)
        QTest.mouseClick(
            picker.list.viewport(), Qt.MouseButton.LeftButton, pos=picker.list.visualItemRect(item).center()
        )
    assert one.document.definition.root.items == (AttributeRule(name="plan", values=("free",)),)
    assert one.document.stack.count() == 1
    popup().close()


def test_keys_move_and_remove_rules(place: Shop) -> None:
    one = editor(place, saved(place, PRO, GERMAN, Group(items=(RICH,))))
    first = one.tree.rows()[0]
    first.setFocus()
    QTest.keyClick(first, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    assert one.document.definition.root.items[:2] == (GERMAN, PRO)
    row = one.tree.row_at((1,))
    assert row is not None
    assert row.hasFocus()
    QTest.keyClick(row, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    assert one.document.definition.root.items == (GERMAN, Group(items=(PRO, RICH)))
    row = one.tree.row_at((1, 0))
    assert row is not None
    QTest.keyClick(row, Qt.Key.Key_Delete)
    assert one.document.definition.root.items == (GERMAN, Group(items=(RICH,)))
    assert one.document.stack.undoText() == "Remove rule"
    for _ in range(3):
        place.window.undo()
    assert list(one.document.definition.root.items) == [PRO, GERMAN, Group(items=(RICH,))]


def drag(row: RuleRow, to: QPoint) -> None:
    """Carry a rule by its handle to a point of the screen, without letting go."""
    handle = row.handle
    QTest.mousePress(handle, Qt.MouseButton.LeftButton)
    for step in (0.3, 0.7, 1.0):
        start = handle.mapToGlobal(handle.rect().center())
        where = start + (to - start) * step
        handle.dragged.emit(where)


def test_the_handle_carries_a_rule_into_another_group(place: Shop) -> None:
    one = editor(place, saved(place, PRO, GERMAN, Group(items=(RICH,))))
    target = one.tree.rows()[2]
    drag(one.tree.rows()[0], target.mapToGlobal(QPoint(40, target.height())))
    assert find(one.tree, QWidget, "drop_mark").isVisible()
    QTest.mouseRelease(one.tree.rows()[0].handle, Qt.MouseButton.LeftButton)
    place.until(lambda: one.document.definition.root.items == (GERMAN, Group(items=(RICH, PRO))))
    assert one.document.stack.undoText() == "Move rule"


def test_escape_ends_a_drag_without_a_trace(place: Shop) -> None:
    one = editor(place, saved(place, PRO, GERMAN))
    before = one.document.definition
    row = one.tree.rows()[0]
    drag(row, one.tree.rows()[1].mapToGlobal(QPoint(40, 60)))
    QTest.keyClick(row, Qt.Key.Key_Escape)
    QTest.mouseRelease(row.handle, Qt.MouseButton.LeftButton)
    QApplication.processEvents()
    assert one.document.definition == before
    assert one.document.stack.count() == 0
    assert one.isVisible()


def test_many_edits_in_a_moment_are_one_count_and_a_word_is_one_step(
    place: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = editor(place, saved(place, PRO, RICH))
    settled(place)
    asked = watched(one, monkeypatch)
    press(chip(one.tree.rows()[1], "value"))
    line = popup().findChild(QLineEdit, "token_number")
    assert line is not None
    line.selectAll()
    with place.qtbot.waitSignal(place.window.bridge.changed) as news:
        QTest.keyClicks(line, "150")
        assert one.figures.hero.findChild(QWidget, "count_number").property("dimmed") is True  # type: ignore[union-attr]  # it is there
        counted(place, one)
    assert news.args == [frozenset({"segments"})]
    wait(300)
    settled(place)
    # the whole, two steps, three channels, and the sample: each once, also after the news of the draft's own save
    assert Counter(asked) == {"segment-count": 1, "segment-steps": 2, "segment-reach": 3, "segment-sample": 1}
    assert one.document.definition.root.items == (PRO, RICH.model_copy(update={"value": 150}))
    assert one.document.stack.count() == 1
    popup().close()


def test_a_new_name_is_one_step_and_counts_nothing(place: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    one = editor(place, saved(place, PRO, RICH, name=""))
    settled(place)
    asked = watched(one, monkeypatch)
    one.name.setFocus()
    with place.qtbot.waitSignal(place.window.bridge.changed) as news:
        QTest.keyClicks(one.name, "Loyal people")
    assert news.args == [frozenset({"segments"})]
    wait(300)
    settled(place)
    assert asked == []
    assert one.document.stack.count() == 1
    assert one.document.stack.undoText() == "Rename segment"


def test_news_of_people_and_another_segment_are_counted(place: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    one = editor(place, saved(place, PRO))
    settled(place)
    asked = watched(one, monkeypatch)
    place.window.bridge.changed.emit(frozenset({"endpoints"}))
    place.until(lambda: "segment-count" in asked)
    counted(place, one)
    settled(place)
    assert asked.count("segment-sample") == 1
    asked.clear()
    place.page("segments", saved(place, PRO, name="The same rules"))
    place.until(lambda: "segment-count" in asked)


def test_drafts_save_themselves_and_the_same_content_makes_no_version(place: Shop) -> None:
    segment_id = saved(place, PRO)
    one = editor(place, segment_id)
    press(find(one, QPushButton, "any"))
    place.until(lambda: one.document.is_saved and one.header.pill.text() == "Saved")
    place.until(lambda: place.ask(segments.listed)[0].version == 2)
    one.document.flush()
    place.page("people")
    assert place.ask(segments.listed)[0].version == 2


def test_fifty_edits_and_fifty_undos_give_the_first_definition(place: Shop) -> None:
    one = editor(place, saved(place, PRO, GERMAN, Group(mode="none", items=(RICH,))))
    first = one.document.definition
    chance = random.Random(1)  # noqa: S311 - a test's choices
    done = 0
    while one.document.stack.count() < 50 and done < 500:
        done += 1
        wait(1)
        places = [row.place for row in one.tree.rows()]
        act = chance.randrange(7)
        if act == 0:
            one.tree.edited.emit(
                Group(mode=chance.choice(("all", "any")), items=one.document.definition.root.items), "Change", ""
            )
        elif act == 1 and places:
            one.tree.shift(chance.choice(places), chance.choice((-1, 1)))
        elif act == 2 and len(places) > 2:
            one.tree.remove(chance.choice(places))
        elif act == 3:
            one.tree.add_group(())
        elif act == 4 and places:
            place_now = chance.choice(places)
            _change_a_part(one, place_now, chance.randrange(1, 100))
        elif act == 5 and places:
            move = chance.choice((edits.indented, edits.outdented))
            one.tree._take_move(*move(one.document.definition.root, chance.choice(places)))
        else:
            one.tree.edited.emit(
                Group(items=(*one.document.definition.root.items, chance.choice(every_kind()).rule)), "Add rule", ""
            )
    assert one.document.stack.count() == 50
    while one.document.stack.canUndo():
        one.document.stack.undo()
        wait(1)
    assert one.document.definition == first
    assert [row.place for row in one.tree.rows()] == [(0,), (1,), (2, 0)]


def _change_a_part(one: SegmentEditor, where: edits.Place, number: int) -> None:
    """As the editor of a part does: the same part changed twice in a row is one step."""
    root = one.document.definition.root
    rule = edits.at(root, where)
    assert not isinstance(rule, Group)
    parts = {"value": float(number), "values": (str(number),), "days": number, "times": number, "seed": number}
    known = [part for part in parts if part in type(rule).model_fields]
    if known:
        changed = with_part(rule, **{known[0]: parts[known[0]]})
        key = f"{edits.path_of(where)} {known[0]}"
        one.tree.edited.emit(edits.replaced(root, where, changed), "Change value", key)


def test_delete_offers_to_take_it_back(place: Shop) -> None:
    one = editor(place, saved(place, PRO))
    page: SegmentsPage = place.page("segments", one.segment_id)
    page.delete(one.segment_id)
    place.until(lambda: page.list.isVisible() and page.list.table.lines() == ())
    press(find(place.window, QPushButton, "toast_undo"))
    place.until(lambda: len(page.list.table.lines()) == 1)


def test_duplicate_opens_a_copy(place: Shop) -> None:
    one = editor(place, saved(place, PRO))
    page: SegmentsPage = place.page("segments", one.segment_id)
    original = one.segment_id
    page.duplicate(original)
    place.until(lambda: one.segment_id != original and one.name.text() == "Mine, copy")
    assert len(place.ask(segments.listed)) == 2


def test_the_statement_can_be_read_and_copied(place: Shop) -> None:
    one = editor(place, saved(place, PRO))
    press(find(one, QPushButton, "show_sql"))
    place.until(lambda: bool(place.window.findChildren(QPlainTextEdit, "sql")))
    text = find(place.window, QPlainTextEdit, "sql").toPlainText()
    assert "'pro'" in text
    press(find(place.window, QPushButton, "sql_sheet_accept"))
    assert QGuiApplication.clipboard().text() == text


def test_words_from_outside_are_shown_plain_and_never_clipped(place: Shop) -> None:
    odd = (HTML, LONG, RIGHT_TO_LEFT)
    rules = [AttributeRule(name=name, values=(value,)) for name in odd for value in odd]
    one = editor(place, saved(place, *rules, name=LONG))
    for size in ((1440, 900), (1000, 640)):
        place.window.resize(*size)
        QApplication.processEvents()
        assert clipped(one) == []
    texts = [chip(row, "name").text() for row in one.tree.rows()]
    assert any(text.startswith("<b>Bold") for text in texts)
    assert all("<b>" not in chip(row, "name").toolTip() for row in one.tree.rows())


def test_escape_goes_back_to_the_list(place: Shop) -> None:
    one = editor(place, saved(place, PRO))
    page: SegmentsPage = place.page("segments", one.segment_id)
    one.tree.rows()[0].setFocus()
    QTest.keyClick(one.tree.rows()[0], Qt.Key.Key_Escape)
    place.until(page.list.isVisible)
    assert place.window.undo_stack() is None


def test_it_is_used_in_a_campaign(place: Shop) -> None:
    one = editor(place, saved(place, PRO))
    with place.qtbot.waitSignal(place.window.frame.went) as went:
        press(find(one, QPushButton, "use_in_campaign"))
    assert went.args is not None
    assert went.args[0] == "campaigns"
    assert went.args[1]


def test_everything_has_a_name_and_words(place: Shop) -> None:
    one = editor(place, saved(place, PRO, GERMAN, TWICE, Group(items=(RICH,))))
    assert [path for path, _ in walk(one.document.definition.root)] != []
    for button in one.findChildren(QPushButton):
        if button.isVisible():
            assert button.objectName(), button.text()
            assert button.accessibleName(), button.objectName()


def test_a_segment_that_comes_late_takes_no_undo_from_the_page_in_front(place: Shop) -> None:
    segment_id = saved(place, PRO)
    page: SegmentsPage = place.page("segments", segment_id)
    place.page("people")
    place.until(lambda: page.editor.segment_id == segment_id)
    assert place.window.undo_stack() is None
    place.page("segments")
    assert place.window.undo_stack() is page.editor.document.stack


def test_a_segment_that_comes_late_leaves_the_list_in_front(place: Shop) -> None:
    page: SegmentsPage = place.page("segments", saved(place, PRO))
    page.editor.back.emit()
    settled(place)
    assert page.list.isVisible()
    assert page.title() == "Segments"
    assert page.document() is None
    assert place.window.undo_stack() is None


def test_what_is_typed_while_another_segment_is_on_its_way_is_saved(place: Shop) -> None:
    first, second = saved(place, PRO, name="First"), saved(place, GERMAN, name="Second")
    one = editor(place, first)
    place.page("segments", second)
    one.name.setFocus()
    QTest.keyClicks(one.name, "!")
    assert one.segment_id == first
    assert one.document.definition.name == "!First"
    place.until(lambda: one.segment_id == second)
    place.until(lambda: place.ask(segments.get, first).name == "!First")
    settled(place)
    assert place.ask(segments.get, second).name == one.name.text() == "Second"


def test_return_on_the_field_that_a_condition_has_leaves_the_condition(place: Shop) -> None:
    shoes = AttributeCondition(name="category", operator="contains", values=("shoe", "boot"))
    one = editor(place, saved(place, TWICE.model_copy(update={"where": (shoes,)})))
    before = one.document.definition
    popover = one.tree.open_token((0,), "where.0.name")
    picker = popover.findChild(Picker, "token") if popover is not None else None
    assert picker is not None
    QTest.keyPress(picker.line, Qt.Key.Key_Return)
    wait(50)
    assert one.document.definition == before
    assert QApplication.activePopupWidget() is None


def test_a_condition_is_removed_from_the_rule_as_it_is_by_then(place: Shop) -> None:
    shoes = AttributeCondition(name="category", values=("shoes",))
    one = editor(place, saved(place, TWICE.model_copy(update={"where": (shoes,)})))
    thrice = TWICE.model_copy(update={"times": 3, "where": (shoes,)})
    one.tree.edited.emit(Group(items=(thrice,)), "Change value", "")
    popover = one.tree.open_token((0,), "where.0.name")
    assert popover is not None
    place.window.undo()
    press(find(popover, QPushButton, "token_remove"))
    assert one.document.definition.root.items == (TWICE,)


def test_values_that_come_after_their_editor_closed_are_let_go(place: Shop) -> None:
    one = editor(place, saved(place, PRO))
    popover = one.tree.open_token((0,), "values.0")
    assert popover is not None
    waiting = place.window.bridge.waiting()
    popover.close()
    QCoreApplication.sendPostedEvents(popover, QEvent.Type.DeferredDelete.value)
    assert not shiboken6.isValid(popover)
    assert place.window.bridge.waiting() == waiting > 0
    settled(place)


def test_steps_and_reach_of_before_do_not_come_back(place: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    one = editor(place, saved(place, PRO, GERMAN))
    settled(place)
    late: list[Callable[[], None]] = []
    ask = one._page.ask

    def hold(function: Callable[..., Any], *args: Any, **named: Any) -> None:  # noqa: ANN401 - whatever is asked
        if named.get("slot") in {"segment-steps", "segment-reach"}:
            then = named["then"]
            named["then"] = lambda answer: late.append(partial(then, answer))
        ask(function, *args, **named)

    monkeypatch.setattr(one._page, "ask", hold)
    one.refresh()
    place.until(lambda: len(late) == 2)
    monkeypatch.undo()
    one.tree.edited.emit(Group(items=(AttributeRule(name="plan", values=("gold",)),)), "Change value", "")
    assert counted(place, one) == 0
    settled(place)
    for answer in late:
        answer()
    settled(place)
    assert one.figures.findChild(QWidget, "steps_card").isHidden()  # type: ignore[union-attr]  # it is there
    assert one.figures.findChild(QWidget, "reach_card").isHidden()  # type: ignore[union-attr]  # it is there


def test_a_save_that_fails_is_told_of_the_segment_it_was_of(place: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = saved(place, PRO, name="First"), saved(place, GERMAN, name="Second")
    one = editor(place, first)

    async def refuse(*_about: object) -> str:
        raise StoreError("The disk is full.")

    monkeypatch.setattr(segments, "save", refuse)
    one.name.setFocus()
    QTest.keyClicks(one.name, "!")
    place.until(lambda: one.header.pill.text() == "Not saved")
    assert one.header.pill.toolTip() == "The disk is full."
    with place.qtbot.waitSignal(place.window.frame.said) as said:
        place.page("segments", second)
        place.until(lambda: one.segment_id == second)
        settled(place)
    assert said.args == ["The disk is full."]
    assert one.header.pill.text() == "Saved"
    assert one.header.pill.toolTip() == ""
    assert one.document.is_saved


@pytest.mark.parametrize("elsewhere", ["people", "segments"])
def test_a_save_that_fails_when_the_editor_was_left_is_told_in_a_toast(
    place: Shop, monkeypatch: pytest.MonkeyPatch, elsewhere: str
) -> None:
    one = editor(place, saved(place, PRO, name="First"))

    async def refuse(*_about: object) -> str:
        raise StoreError("The disk is full.")

    monkeypatch.setattr(segments, "save", refuse)
    one.name.setFocus()
    QTest.keyClicks(one.name, "!")
    with place.qtbot.waitSignal(place.window.frame.said) as said:
        place.page(elsewhere)
    assert said.args == ["The disk is full."]
    assert one.header.pill.text() == "Not saved"


def test_what_is_typed_with_pauses_is_one_version(place: Shop) -> None:
    segment_id = saved(place, PRO, name="First")
    one = editor(place, segment_id)
    for letter in "abc":
        one.name.setFocus()
        QTest.keyClicks(one.name, letter)
        one.document.flush()
        settled(place)
    versions = [stored.version for stored in place.ask(segments.listed) if stored.id == segment_id]
    assert (versions, one.document.definition.name) == ([2], "abcFirst")
    assert place.ask(segments.get, segment_id, 1).name == "First"
    place.page("segments", "new")
    place.until(lambda: one.segment_id != segment_id)
    QTest.keyClicks(one.name, "New")
    one.document.flush()
    settled(place)
    assert next((stored.name, stored.version) for stored in place.ask(segments.listed)) == ("New", 1)


def test_the_list_is_searched(place: Shop, qtbot: QtBot) -> None:
    saved(place, name="Loyal")
    saved(place, name="Lost")
    page: SegmentsPage = place.page("segments", "")
    place.until(lambda: len(page.list.table.lines()) == 2)
    qtbot.keyClicks(page.list.search, "loy")
    place.until(lambda: [line.cells[0] for line in page.list.table.lines()] == ["Loyal"])
