"""Every kind of rule in the window: offered, said in words, edited, stored."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QMenu, QPushButton, QSpinBox, QWidget
from pytestqt.qtbot import QtBot

from tests.gui.people_shop import Shop, shop, wait
from workbench.engine import campaigns, segments
from workbench.gui.parts.picker import Picker
from workbench.gui.segments.dates import DateField
from workbench.gui.segments.editor import SegmentEditor
from workbench.gui.segments.kinds import every_kind
from workbench.gui.segments.pieces import Token
from workbench.gui.segments.rule_row import RuleRow
from workbench.gui.segments.sentence import sentence, text_of
from workbench.plan.campaign import Campaign
from workbench.plan.catalogue import Catalogue, Named
from workbench.plan.segment import (
    ActivityRule,
    AttributeCondition,
    AttributeRule,
    BehaviourRule,
    ChannelRule,
    CountryRule,
    DateRule,
    DistanceRule,
    FieldRule,
    Group,
    ListRule,
    MeasureRule,
    MessageRule,
    MetricRule,
    MomentRule,
    Reference,
    Rule,
    SampleRule,
    SearchRule,
    Segment,
    SegmentRule,
    check,
)

if TYPE_CHECKING:
    from workbench.gui.segments.page import SegmentsPage

KNOWN = Catalogue(
    segments=(Named(id="s1", name="Loyal"), Named(id="s2", name="Quiet")),
    campaigns=(Named(id="c1", name="Spring letter"),),
    lists=(Named(id="l1", name="Pro", count=1204),),
)


@pytest.fixture
def place(qtbot: QtBot, tmp_path: Path) -> Iterator[Shop]:
    with shop(qtbot, tmp_path) as one:
        yield one


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        (FieldRule(values=("iOS", "Android")), "Platform is iOS or Android"),
        (DateRule(field="Attributes.birthday", operator="anniversary", days=7),
         "birthday has its anniversary in the next 7 days"),
        (DateRule(field="User.UserAttributes.since", operator="before", values=("2026-01-01",)),
         "since is before 2026-01-01"),
        (DateRule(field="CreationDate", operator="between", values=("2026-01-01", "2026-02-01")),
         "Added is between 2026-01-01 and 2026-02-01"),
        (DistanceRule(latitude=52.52, longitude=13.405), "is within 50 km of 52.52, 13.405"),
        (MeasureRule(event="purchase", metric="amount", value=100, days=90),
         "the sum of amount over purchase is at least 100 in the last 90 days"),
        (MomentRule(event="purchase", operator="before", ago=60),
         "did purchase for the last time longer ago than 60 days"),
        (MessageRule(did="opened", days=30), "opened any campaign in the last 30 days"),
        (MessageRule(did="opened", operator="did_not", campaign_id="c1"), "did not open Spring letter ever"),
        (SegmentRule(segments=(Reference(id="s1"), Reference(id="s2"))), "is in all of Loyal and Quiet"),
        (SegmentRule(mode="none", segments=(Reference(id="gone"),)), "is not in (not there)"),
        (ListRule(list_id="l1"), "is on the list Pro (1,204)"),
        (SearchRule(text="anna"), "is found by “anna”"),
        (SampleRule(), "is in a random 10 % (draw 1)"),
        (BehaviourRule(event="purchase", start="2026-03-01", end="2026-03-31"),
         "did purchase at least 1 time from 2026-03-01 to 2026-03-31"),
        (BehaviourRule(event="purchase", days=90, until=30), "did purchase at least 1 time 90 to 30 days ago"),
    ],
)  # fmt: skip
def test_each_kind_is_a_sentence(rule: Rule, words: str) -> None:
    assert text_of(rule, KNOWN) == words
    assert not any("{" in (piece.text if isinstance(piece, Token) else piece) for piece in sentence(rule, KNOWN))


def editor(place: Shop, *items: Rule | Group) -> SegmentEditor:
    segment_id = place.ask(segments.save, Segment(name="Kinds", root=Group(items=items)))
    page: SegmentsPage = place.page("segments", segment_id)
    place.until(lambda: page.editor.segment_id == segment_id and len(page.editor.tree.rows()) == len(items))
    place.until(lambda: page.editor.catalogue() != Catalogue())
    return page.editor


def popup(place: Shop, name: str = "") -> QWidget:
    """What is open; with a name once it holds such a widget."""

    def there() -> bool:
        found = QApplication.activePopupWidget()
        return found is not None and (not name or found.findChild(QWidget, name) is not None)

    place.until(there)
    found = QApplication.activePopupWidget()
    assert found is not None
    return found


def closed(place: Shop) -> None:
    place.until(lambda: QApplication.activePopupWidget() is None)


def type_in(place: Shop, name: str, text: str) -> None:
    """Write into a line of the open editor, in place of what it says."""
    line = popup(place, name).findChild(QWidget, name)
    assert isinstance(line, QLineEdit | QSpinBox)
    line.setFocus()
    line.selectAll()
    QTest.keyClicks(line, text)


def find_and_take(place: Shop, text: str) -> None:
    """Search the list of the open editor and take the first line."""
    picker = popup(place, "token").findChild(Picker, "token")
    assert picker is not None
    place.until(lambda: place.window.bridge.waiting() == 0)
    QTest.keyClicks(picker.line, text)
    place.until(lambda: place.window.bridge.waiting() == 0)
    QTest.keyClick(picker.line, Qt.Key.Key_Return)


def reopen(place: Shop, row: RuleRow, key: str) -> None:
    """Open the editor of a part from the keyboard, where a menu that closed has taken it along."""
    place.window.activateWindow()
    if QApplication.activePopupWidget() is None:
        chip = row.line.chip(key)
        assert chip is not None
        QTest.keyClick(chip, Qt.Key.Key_Space)


@dataclass(frozen=True)
class Way:
    """How a kind is added and edited: each step opens a part and does something, the last rule is what is stored."""

    kind: str
    steps: tuple[tuple[str, Callable[[Shop], None]], ...]
    rule: Rule


def taking(text: str) -> Callable[[Shop], None]:
    return lambda place: find_and_take(place, text)


def typing(name: str, text: str) -> Callable[[Shop], None]:
    return lambda place: type_in(place, name, text)


WAYS = (
    Way("attribute", (("name", taking("plan")), ("operator", lambda place: choose(place, "is not")),
                      ("values.0", taking("te"))), AttributeRule(name="plan", operator="is_not", values=("team",))),
    Way("field", (("field", taking("Time z")), ("values.0", taking("Europe/Berlin"))),
        FieldRule(field="Demographic.Timezone", values=("Europe/Berlin",))),
    Way("metric", (("name", taking("spent")), ("value", typing("token_number", "7.5"))),
        MetricRule(name="spent", value=7.5)),
    Way("date", (("field", taking("Added")), ("operator", lambda place: choose(place, "is between")),
                 ("values.0", typing("token_date", "2026-01-01")),
                 ("values.1", typing("token_date", "2026-02-01T12:00"))),
        DateRule(field="CreationDate", operator="between", values=("2026-01-01", "2026-02-01T12:00"))),
    Way("channel", (("values.0", taking("SMS")),), ChannelRule(values=("SMS",))),
    Way("country", (("values.0", taking("Finl")),), CountryRule(values=("FI",))),
    Way("distance", (("place", typing("token_latitude", "52.5")), ("place", typing("token_longitude", "13")),
                     ("kilometers", typing("token_number", "80"))),
        DistanceRule(latitude=52.5, longitude=13, kilometers=80)),
    Way("behaviour", (("event", taking("purchase")), ("times", typing("token_times", "3")),
                      ("days", lambda place: window(place, "ago", {"token_first": "60", "token_last": "10"}))),
        BehaviourRule(event="purchase", times=3, days=60, until=10)),
    Way("measure", (("event", taking("purchase")), ("metric", taking("amount")),
                    ("value", typing("token_number", "100")),
                    ("days", lambda place: window(place, "dates", {"token_start": "2026-01-01",
                                                                   "token_end": "2026-03-31"}))),
        MeasureRule(event="purchase", metric="amount", value=100, start="2026-01-01", end="2026-03-31")),
    Way("moment", (("event", taking("purchase")), ("operator", lambda place: choose(place, "longer ago than")),
                   ("ago", typing("token_days", "60"))), MomentRule(event="purchase", operator="before", ago=60)),
    Way("activity", (("days", typing("token_days", "9")),), ActivityRule(days=9)),
    Way("message", (("did", lambda place: choose(place, "did not open")), ("campaign_id", taking("Spring")),
                    ("days", typing("token_days", "14"))),
        MessageRule(operator="did_not", did="opened", campaign_id="?", days=14)),
    Way("segment", (("segments.0", taking("Loyal")), ("mode", lambda place: choose(place, "is in none of"))),
        SegmentRule(mode="none", segments=(Reference(id="?"),))),
    Way("list", (("list_id", taking("Loyal")),), ListRule(list_id="?")),
    Way("search", (("text", typing("token_text", "anna")),), SearchRule(text="anna")),
    Way("sample", (("percent", typing("token_number", "12.5")), ("seed", typing("token_seed", "7"))),
        SampleRule(percent=12.5, seed=7)),
)  # fmt: skip


def choose(place: Shop, words: str) -> None:
    """Press a line of the open list with the mouse."""
    picker = popup(place, "token").findChild(Picker, "token")
    assert picker is not None
    row = next(row for row in range(picker.list.count()) if picker.list.item(row).text() == words)
    item = picker.list.item(row)
    picker.list.scrollToItem(item)
    QTest.mouseClick(picker.list.viewport(), Qt.MouseButton.LeftButton, pos=picker.list.visualItemRect(item).center())


def window(place: Shop, mode: str, lines: dict[str, str]) -> None:
    """Choose a kind of window with the mouse, and type into its lines."""
    button = popup(place, "token_window").findChild(QPushButton, mode)
    assert button is not None
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    for name, text in lines.items():
        type_in(place, name, text)


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.kind)
def test_each_kind_is_added_edited_undone_and_stored(place: Shop, way: Way) -> None:
    loyal = place.ask(segments.save, Segment(name="Loyal", root=Group(items=(ActivityRule(),))))
    place.ask(segments.freeze, loyal, "Loyal people")
    campaign = place.ask(campaigns.save, Campaign(name="Spring letter"))
    one = editor(place)
    QTest.mouseClick(one.tree.groups()[0].add_rule, Qt.MouseButton.LeftButton)
    menu = popup(place)
    assert isinstance(menu, QMenu)
    action = menu.findChild(QAction, f"add_{way.kind}")
    assert action is not None
    QTest.mouseClick(menu, Qt.MouseButton.LeftButton, pos=menu.actionGeometry(action).center())
    place.until(lambda: len(one.tree.rows()) == 1)
    for number, (key, act) in enumerate(way.steps):
        wait(60)
        if number and QApplication.activePopupWidget() is not None and one.tree.open_key() != key:
            QTest.keyClick(popup(place), Qt.Key.Key_Escape)
            closed(place)
        reopen(place, one.tree.rows()[0], key)
        act(place)
    wait(60)
    if QApplication.activePopupWidget() is not None:
        QTest.keyClick(popup(place), Qt.Key.Key_Escape)
        closed(place)
    rule = one.document.definition.root.items[0]
    lists = [named.id for named in one.catalogue().lists]
    given = way.rule.model_dump()
    ids = {"list_id": lists[0], "campaign_id": campaign, "segments": [{"id": loyal}]}
    assert rule == type(way.rule).model_validate(given | {part: ids[part] for part in ids if given.get(part)})
    assert not [problem for problem in check(one.document.definition, one.catalogue()) if problem.blocks]
    row = one.tree.rows()[0]
    assert "{" not in row.accessibleName()
    assert "choose" not in row.accessibleName()
    # each part is one step, beside the one that added the rule
    steps = len({key for key, _act in way.steps}) + 1
    assert one.document.stack.count() == steps
    stored = one.document.definition
    for _ in range(steps):
        place.window.undo()
    assert one.document.definition.root == Group()
    for _ in range(steps):
        place.window.redo()
    one.document.flush()
    place.until(lambda: place.ask(segments.get, one.segment_id) == stored)
    page: SegmentsPage = place.page("segments", "")
    place.page("segments", one.segment_id)
    place.until(lambda: page.editor.tree.rows() != [] and page.editor.tree.rows()[0].rule == rule)


def test_the_menu_of_kinds_has_headings(place: Shop) -> None:
    one = editor(place)
    menu = one.tree.groups()[0].offer_rules()
    said = [label.text() for label in menu.findChildren(QLabel, "kinds_heading")]
    assert said == ["About the person", "What they did", "What they were sent", "Others"]
    offered = [action.objectName() for action in menu.actions() if action.objectName()]
    assert sorted(offered) == sorted(f"add_{way.kind}" for way in WAYS)
    menu.close()


@pytest.mark.parametrize(
    ("rule", "key"),
    [
        (DateRule(field="", operator="in_last"), "field"),
        (DateRule(field="CreationDate", operator="between", values=("2026-02-01", "2026-01-01")), "values.0"),
        (BehaviourRule(event="purchase", days=10, until=20), "days"),
        (BehaviourRule(event="purchase", start="2026-02-30"), "days"),
        (MeasureRule(event="purchase"), "metric"),
        (BehaviourRule(event="purchase", where=(AttributeCondition(name="category"),)), "where.0.values.0"),
        (SegmentRule(), "segments.0"),
        (ListRule(), "list_id"),
        (MessageRule(campaign_id="gone"), "campaign_id"),
    ],
)
def test_a_problem_stands_at_its_token(place: Shop, rule: Rule, key: str) -> None:
    one = editor(place, rule)
    one.tree.reveal()
    row = one.tree.rows()[0]
    faulty = [chip.token.key for chip in row.line.chips() if chip.property("faulty")]
    assert key in faulty
    assert len(faulty) <= 2
    assert not row.problem.isHidden()


def test_a_date_reddens_when_its_line_was_left(place: Shop) -> None:
    one = editor(place, DateRule(field="CreationDate", operator="on", values=("2026-01-01",)))
    one.tree.open_token((0,), "values.0")
    type_in(place, "token_date", "soon")
    field = popup(place).findChild(DateField)
    assert field is not None
    assert field.line.isHidden()
    QTest.keyClick(field.date, Qt.Key.Key_Return)
    assert field.line.text() == "This is not a date."
    type_in(place, "token_date", "2026-12-31")
    assert field.line.isHidden()
    QTest.keyClick(field.date, Qt.Key.Key_Up)
    assert one.document.definition.root.items == (
        DateRule(field="CreationDate", operator="on", values=("2027-01-01",)),
    )
    popup(place).close()


def test_a_number_out_of_bounds_is_not_taken(place: Shop) -> None:
    one = editor(place, DistanceRule(kilometers=50))
    one.tree.open_token((0,), "place")
    type_in(place, "token_latitude", "91")
    line = popup(place).findChild(QLineEdit, "token_latitude")
    assert line is not None
    assert line.property("faulty") is True
    # 9 was a latitude on the way
    assert one.document.definition.root.items == (DistanceRule(latitude=9, kilometers=50),)
    popup(place).close()


def test_every_kind_is_offered_and_every_part_has_an_editor(place: Shop, qtbot: QtBot) -> None:
    segment_id = place.ask(
        segments.save, Segment(name="All kinds", root=Group(items=tuple(kind.rule for kind in every_kind())))
    )
    page: SegmentsPage = place.page("segments", segment_id)
    place.until(lambda: page.editor.segment_id == segment_id and len(page.editor.tree.rows()) == len(every_kind()))
    opened = 0
    for number in range(len(every_kind())):
        row = page.editor.tree.rows()[number]
        for chip in row.line.chips():
            chip.click()
            popup = QApplication.activePopupWidget()
            assert isinstance(popup, QWidget), (row.rule, chip.token)
            assert popup.findChildren(QWidget)
            QTest.keyClick(popup, Qt.Key.Key_Escape)
            place.until(lambda: QApplication.activePopupWidget() is None)
            opened += 1
    assert opened > 3 * len(every_kind()) - 6
    qtbot.wait(1)
