"""Every kind of rule in the window: offered, said in words, edited, stored."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from tests.gui.people_shop import Shop, shop
from workbench.engine import segments
from workbench.gui.segments.group_view import RULE_KINDS
from workbench.gui.segments.sentence import Token, sentence, text_of
from workbench.plan.catalogue import Catalogue, Named
from workbench.plan.segment import (
    BehaviourRule,
    DateRule,
    DistanceRule,
    FieldRule,
    Group,
    ListRule,
    MeasureRule,
    MessageRule,
    MomentRule,
    Reference,
    Rule,
    SampleRule,
    Segment,
    SegmentRule,
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
        (SegmentRule(mode="none", segments=(Reference(id="gone"),)), "is in none of (not there)"),
        (ListRule(list_id="l1"), "is on the list Pro (1,204)"),
        (SampleRule(), "is in a random 10.0 % by draw 1"),
        (BehaviourRule(event="purchase", start="2026-03-01", end="2026-03-31"),
         "did purchase at least 1 time from 2026-03-01 to 2026-03-31"),
        (BehaviourRule(event="purchase", days=90, until=30), "did purchase at least 1 time 90 to 30 days ago"),
    ],
)  # fmt: skip
def test_each_kind_is_a_sentence(rule: Rule, words: str) -> None:
    assert text_of(rule, KNOWN) == words
    assert not any("{" in (piece.text if isinstance(piece, Token) else piece) for piece in sentence(rule, KNOWN))


def test_every_kind_is_offered_and_every_part_has_an_editor(place: Shop, qtbot: QtBot) -> None:
    segment_id = place.ask(segments.save, Segment(name="All kinds", root=Group(items=tuple(k[0] for k in RULE_KINDS))))
    page: SegmentsPage = place.page("segments", segment_id)
    place.until(lambda: page.editor.segment_id == segment_id and len(page.editor.tree.rows()) == len(RULE_KINDS))
    opened = 0
    for number in range(len(RULE_KINDS)):
        row = page.editor.tree.rows()[number]
        for chip in row.line.chips():
            chip.click()
            popup = QApplication.activePopupWidget()
            assert isinstance(popup, QWidget), (row.rule, chip.token)
            assert popup.findChildren(QWidget)
            QTest.keyClick(popup, Qt.Key.Key_Escape)
            place.until(lambda: QApplication.activePopupWidget() is None)
            opened += 1
    assert opened > 3 * len(RULE_KINDS) - 6
    qtbot.wait(1)
