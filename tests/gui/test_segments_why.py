"""Why someone is a member, and segments made static, in the real window over the real engine."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, cast

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QListWidget, QPushButton
from pytestqt.qtbot import QtBot

from tests.gui.people_shop import Shop, customers, find, shop
from workbench.engine import segments
from workbench.gui.segments.editor import SegmentEditor
from workbench.gui.segments.versions import VersionsSheet
from workbench.gui.segments.why import OFFERED
from workbench.plan.segment import (
    AttributeRule,
    BehaviourRule,
    CountryRule,
    DistanceRule,
    Group,
    ListRule,
    MetricRule,
    Reference,
    Rule,
    Segment,
    SegmentRule,
)

if TYPE_CHECKING:
    from workbench.gui.audience.page import PeoplePage
    from workbench.gui.segments.page import SegmentsPage

PRO = AttributeRule(name="plan", values=("pro",))
GERMAN = CountryRule(values=("DE",))
BOUGHT = BehaviourRule(event="purchase", days=90)


@pytest.fixture
def place(qtbot: QtBot, tmp_path: Path) -> Iterator[Shop]:
    with shop(qtbot, tmp_path) as one:
        yield one


def editor(place: Shop, *items: Rule | Group, mode: str = "all") -> SegmentEditor:
    segment = Segment.model_validate({"name": "Mine", "root": {"mode": mode, "items": items}})
    segment_id = place.ask(segments.save, segment)
    page: SegmentsPage = place.page("segments", segment_id)
    place.until(lambda: page.editor.segment_id == segment_id)
    quiet(place, page.editor)
    return page.editor


def quiet(place: Shop, one: SegmentEditor) -> None:
    place.until(lambda: not one._count_later.isActive() and place.window.bridge.waiting() == 0)


def shown(one: SegmentEditor) -> list[str]:
    """What stands below each rule: the truth and its facts."""
    return [row.truth.accessibleName() for row in one.tree.rows() if not row.truth.isHidden()]


def test_a_click_on_a_sample_person_says_why(place: Shop) -> None:
    one = editor(place, PRO, Group(mode="any", items=(GERMAN, BOUGHT)))
    view = one.sample.table.view
    QTest.mouseClick(
        view.viewport(), Qt.MouseButton.LeftButton, pos=view.visualRect(one.sample.table.model.index(1, 1)).center()
    )
    place.until(lambda: len(shown(one)) == 3)
    who = next(person for person in customers() if person.id == one.why.person)
    german = who.country == "DE"
    assert shown(one)[0] == "true: has pro"
    assert shown(one)[1].startswith("true: has Germany (DE)" if german else "not true: has ")
    bought = len(who.purchases)
    assert shown(one)[2].startswith(f"true: {bought} time" if bought else "not true: not once in this time")
    assert one.why.verdict.accessibleName() == "true: is a member"
    assert not one.tree.groups()[1].truth.isHidden()
    QTest.keyClick(one, Qt.Key.Key_Escape)
    assert shown(one) == []
    assert one.isVisible()
    QTest.keyClick(one, Qt.Key.Key_Escape)
    place.until(lambda: not one.isVisible())


def test_a_sample_person_is_chosen_from_the_keyboard(place: Shop) -> None:
    one = editor(place, PRO)
    view = one.sample.table.view
    view.setFocus()
    one.sample.table.choose(0)
    QTest.keyClick(view, Qt.Key.Key_Return)
    place.until(lambda: shown(one) == ["true: has pro"])
    first = one.why.person
    QTest.keyClick(view, Qt.Key.Key_Down)
    QTest.keyClick(view, Qt.Key.Key_Return)
    place.until(lambda: one.why.person not in {"", first} and shown(one) == ["true: has pro"])


def test_anyone_is_asked_about_by_id_and_follows_the_edits(place: Shop) -> None:
    who = next(person for person in customers() if person.plan == "free" and person.spent > 10)
    one = editor(place, PRO, MetricRule(name="spent", value=10), DistanceRule())
    QTest.keyClicks(one.why.line, who.id)
    QTest.keyClick(one.why.line, Qt.Key.Key_Return)
    place.until(lambda: len(shown(one)) == 3)
    assert shown(one) == ["not true: has free", f"true: has {who.spent:.0f}", "not true: has no place"]
    assert one.why.verdict.accessibleName() == "not true: is not a member"
    root = Group(items=(AttributeRule(name="plan", values=("free",)),))
    one.tree.edited.emit(root, "Change value", "")
    place.until(lambda: shown(one) == ["true: has free"])
    assert one.why.verdict.accessibleName() == "true: is a member"


def test_who_is_not_there_is_said_beside_the_line(place: Shop) -> None:
    one = editor(place, PRO)
    one.why.ask("nobody")
    place.until(lambda: not one.why.problem.isHidden())
    assert "nobody" in one.why.problem.text()
    assert shown(one) == []
    one.why.clear()
    assert one.why.problem.isHidden()


def test_an_unfinished_rule_has_no_truth(place: Shop) -> None:
    one = editor(place, AttributeRule(), PRO)
    one.why.ask(one.sample._ids[0])
    place.until(lambda: shown(one) == ["true: has pro"])
    assert one.tree.rows()[0].truth.isHidden()


def test_make_static_keeps_the_people_and_opens_them(place: Shop) -> None:
    one = editor(place, PRO)
    original = one.segment_id
    one.tree.edited.emit(Group(items=(GERMAN,)), "Change value", "")
    with place.qtbot.waitSignal(place.window.frame.said) as said:
        action = one.findChild(QAction, "make_static")
        assert action is not None
        action.trigger()
    assert said.args == ["Made “Mine, static”. It keeps the people of this moment."]
    place.until(lambda: one.segment_id != original and one.name.text() == "Mine, static")
    quiet(place, one)
    expected = sum(person.country == "DE" for person in customers())
    assert one.figures.hero.number() == str(expected)
    (rule,) = one.document.definition.root.items
    assert isinstance(rule, ListRule)
    place.until(lambda: one.tree.rows()[0].accessibleName() == f"is on the list Mine ({expected})")
    assert place.ask(segments.get, original).root.items == (GERMAN,)
    assert find(one, QPushButton, "use_in_campaign").isEnabled()


def test_an_unfinished_segment_is_not_made_static(place: Shop) -> None:
    one = editor(place, AttributeRule())
    action = one.findChild(QAction, "make_static")
    assert action is not None
    action.trigger()
    quiet(place, one)
    assert not one.tree.rows()[0].problem.isHidden()
    assert len(place.ask(segments.listed)) == 1


def test_each_rule_tells_what_it_takes_from_its_group(place: Shop) -> None:
    one = editor(place, PRO, Group(mode="any", items=(GERMAN, BOUGHT)))
    people = customers()
    pro = {each.id for each in people if each.plan == "pro"}
    german = {each.id for each in people if each.country == "DE"}
    bought = {each.id for each in people if each.purchases}
    place.until(lambda: not one.tree.rows()[0].change.isHidden())
    told = [row.change.text() for row in one.tree.rows()]
    taken = len(german | bought) - len(pro & (german | bought))
    assert told == [f"−{taken}", f"+{len(german - bought)}", f"+{len(bought - german)}"]
    one.tree.edited.emit(Group(items=(PRO,)), "Change value", "")
    place.until(lambda: len(one.tree.rows()) == 1)
    quiet(place, one)
    assert one.tree.rows()[0].change.isHidden()


def test_a_segment_is_not_offered_to_itself(place: Shop) -> None:
    inner = place.ask(segments.save, Segment(name="Inner", root=Group(items=(PRO,))))
    one = editor(place, SegmentRule(segments=(Reference(id=inner),)))
    outer = one.segment_id
    place.ask(segments.save, Segment(name="Other", root=Group(items=(GERMAN,))))
    page: SegmentsPage = place.page("segments", inner)
    place.until(lambda: page.editor.segment_id == inner and len(page.editor.catalogue().segments) == 3)
    assert page.editor.barred() == {inner, outer}
    page.editor.tree.add_rule((), SegmentRule())
    place.until(lambda: page.editor.tree._popover is not None)
    popover = page.editor.tree._popover
    assert popover is not None
    offered = popover.findChild(QListWidget, "token_list")
    assert offered is not None
    assert [offered.item(row).text() for row in range(offered.count())] == ["Other"]


def test_anyone_is_found_by_address_and_offered_while_typing(place: Shop) -> None:
    who = next(person for person in customers() if person.plan == "free")
    one = editor(place, PRO)
    QTest.keyClicks(one.why.line, f"{who.id}@EXAMPLE")
    one.why.line.setFocus()
    place.until(lambda: one.why._offered.stringList() == [f"{who.id}@example.com ({who.id})"])
    QTest.keyClick(one.why.line, Qt.Key.Key_Return)
    place.until(lambda: shown(one) == ["not true: has free"])
    assert one.why.person == who.id
    one.why.clear()
    QTest.keyClicks(one.why.line, "example.com")
    QTest.keyClick(one.why.line, Qt.Key.Key_Return)
    place.until(lambda: len(one.why._offered.stringList()) == OFFERED)
    assert one.why.person == ""


def test_a_person_leads_to_its_segments_and_why(place: Shop) -> None:
    who = next(person for person in customers() if person.plan == "pro")
    inside = place.ask(segments.save, Segment(name="Pros", root=Group(items=(PRO,))))
    place.ask(segments.save, Segment(name="Free", root=Group(items=(AttributeRule(name="plan", values=("free",)),))))
    people: PeoplePage = place.page("people", who.id)
    place.until(people.person.memberships.isVisible)
    links = people.person.memberships.findChildren(QPushButton)
    assert [link.objectName() for link in links] == [f"in_{inside}"]
    links[0].click()
    page = cast("SegmentsPage", place.window.page("segments"))
    place.until(lambda: page.editor.segment_id == inside and shown(page.editor) == ["true: has pro"])
    assert page.editor.why.person == who.id


def test_two_versions_are_compared_and_one_is_brought_back(place: Shop) -> None:
    segment_id = place.ask(segments.save, Segment(name="Mine", root=Group(items=(PRO,))))
    place.ask(segments.save, Segment(name="Mine", root=Group(items=(GERMAN, BOUGHT))), segment_id)
    page: SegmentsPage = place.page("segments", segment_id)
    one = page.editor
    place.until(lambda: one.segment_id == segment_id)
    quiet(place, one)
    action = one.findChild(QAction, "versions")
    assert action is not None
    action.trigger()
    place.until(lambda: one.window().findChild(VersionsSheet) is not None)
    sheet = one.window().findChild(VersionsSheet)
    assert sheet is not None
    assert sheet.differences() == (
        ("plan is pro", "country is Germany (DE)"),
        ("", "did purchase at least 1 time in the last 90 days"),
    )
    place.until(lambda: bool(sheet.counts.text()))
    pro = {each.id for each in customers() if each.plan == "pro"}
    now = {each.id for each in customers() if each.country == "DE" and each.purchases}
    assert sheet.counts.text() == f"Members: {len(pro)} → {len(now)}. Come: {len(now - pro)}. Go: {len(pro - now)}."
    assert sheet.primary is not None
    sheet.primary.click()
    place.until(lambda: one.document.definition.root.items == (PRO,))
    one.document.flush()
    place.until(lambda: place.ask(segments.get, segment_id).root.items == (PRO,))
    assert one.document.stack.undoText() == "Restore version 1"


def test_a_search_and_filters_become_a_segment_of_the_same_people(place: Shop) -> None:
    page: PeoplePage = place.page("people")
    people = page.people
    place.until(lambda: people.table.model.rowCount() == len(customers()))
    assert people.keep_button.isHidden()
    people.filters.search.setText("C001")
    people.filters.channel.setCurrentIndex(people.filters.channel.findData("EMAIL"))
    place.until(lambda: people.keep_button.isVisible() and people.table.model.rowCount() == 10)
    people.keep_button.click()
    segment_page = cast("SegmentsPage", place.window.page("segments"))
    place.until(lambda: segment_page.editor.name.text() == "C001" and segment_page.isVisible())
    quiet(place, segment_page.editor)
    place.until(lambda: segment_page.editor.figures.hero.number() == "10")
    assert [row.accessibleName() for row in segment_page.editor.tree.rows()] == [
        "channel is E-mail",
        "is found by “C001”",
    ]


def test_the_ticks_come_in_sight(place: Shop) -> None:
    place.window.resize(1000, 640)
    one = editor(place, *(MetricRule(name="spent", value=number) for number in range(3)))
    bar = one._scroll.verticalScrollBar()
    place.until(lambda: bar.maximum() > 0)
    bar.setValue(bar.maximum())
    rows = one.tree.rows()
    if any(not row.visibleRegion().isEmpty() for row in rows):
        one.sample.setMinimumHeight(2000)
        place.until(lambda: bar.maximum() > 1500)
        bar.setValue(bar.maximum())
    place.until(lambda: all(row.visibleRegion().isEmpty() for row in rows))
    one.why.ask(customers()[0].id)
    place.until(lambda: len(shown(one)) == 3 and not rows[-1].visibleRegion().isEmpty())
