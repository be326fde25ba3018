"""The whole job in the real window with the real engine and real mail: people, segment, template, campaign, results.

Once with the mouse, once with the keyboard alone.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.gui.hands import Hand, Keyboard, Mouse
from tests.gui.stage import browser
from tests.kit import engine_on
from workbench.engine import campaigns, channels, imports, segments, workspace
from workbench.engine.loop import Engine
from workbench.gui.bridge import Bridge
from workbench.gui.pages import page_entries
from workbench.gui.parts.picker import Picker
from workbench.gui.templates.page import TemplatesPage
from workbench.gui.window import Window
from workbench.plan.workspace import Workspace

pytestmark = browser
PEOPLE = 30
PRO = [number for number in range(PEOPLE) if number % 3 == 0]


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    """A workspace with thirty people, every third of them on the plan "pro"."""
    source = tmp_path / "people.csv"
    rows = [
        f"e{number},person{number}@example.com,EMAIL,{'pro' if number in PRO else 'free'},u{number},Person {number}"
        for number in range(PEOPLE)
    ]
    head = "Id,Address,ChannelType,Attributes.plan,User.UserId,User.UserAttributes.FirstName"
    source.write_text("\n".join([head, *rows]), encoding="utf-8")
    with engine_on(tmp_path / "shop.workbench", sending=True) as running:
        ask = running.ask
        ask(workspace.save_settings, Workspace(name="Shop", sender_address="news@example.com")).result()
        found = ask(imports.preview, str(source), "endpoints").result()
        assert ask(imports.run, str(source), found.mapping).result().added == PEOPLE
        yield running


@pytest.fixture
def window(qtbot: QtBot, engine: Engine) -> Iterator[Window]:
    bridge = Bridge(engine)
    made = Window(bridge, page_entries(), start="start")
    qtbot.addWidget(made, before_close_func=lambda _window: bridge.close())
    made.resize(1440, 900)
    made.show()
    qtbot.waitExposed(made)
    made.activateWindow()
    yield made
    qtbot.waitUntil(lambda: bridge.waiting() == 0, timeout=10_000)


@pytest.mark.parametrize("kind", [Mouse, Keyboard])
def test_a_first_campaign(qtbot: QtBot, engine: Engine, window: Window, kind: type[Hand]) -> None:
    hand = kind(qtbot, window)
    a_segment(hand, engine)
    a_template(hand, window)
    a_campaign(hand)
    launched(hand, engine)
    mails_and_results(hand, engine)


def a_segment(hand: Hand, engine: Engine) -> None:
    hand.go("segments")
    hand.press("no_segments_action")
    hand.until(lambda: text(hand, "count_number") == str(PEOPLE))
    hand.write("name", "On pro")
    hand.press("add_rule")
    hand.choose("add_attribute")
    line = hand.popup("token_line")
    QTest.keyClicks(line, "plan")
    QTest.keyClick(line, Qt.Key.Key_Return)
    picker = hand.popup("token")
    assert isinstance(picker, Picker)
    hand.until(lambda: picker.list.count() > 0)
    QTest.keyClicks(picker.line, "pro")
    hand.until(lambda: picker.list.count() and picker.list.item(0).text() == "pro")
    QTest.keyClick(picker.line, Qt.Key.Key_Return)
    QTest.keyClick(picker.line, Qt.Key.Key_Escape)
    hand.until(lambda: QApplication.activePopupWidget() is None)
    hand.until(lambda: text(hand, "count_number") == str(len(PRO)))
    hand.until(lambda: [one.name for one in engine.ask(segments.listed).result()] == ["On pro"])


def a_template(hand: Hand, window: Window) -> None:
    hand.go("templates")
    hand.press("templates_empty_action")
    hand.until(lambda: getattr(hand.seen("template_name"), "text", str)() == "New template")
    hand.write("template_name", "Welcome")
    page = window.page("templates")
    assert isinstance(page, TemplatesPage)
    hand.until(lambda: page.editor.preview.shown() is not None)
    field = hand.enter("subject")
    QTest.keyClick(field, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClicks(field, "Dear {{first")
    popup = hand.menu_of_fields()
    QTest.keyClick(popup, Qt.Key.Key_Return)
    assert page.editor.subject.text() == "Dear {{ User.UserAttributes.FirstName }}"
    hand.until(lambda: page.editor.preview.subject.whole() == "Dear Person 0")
    hand.until(lambda: "Hello Person 0," in page.editor.preview.html.html())


def a_campaign(hand: Hand) -> None:
    hand.go("campaigns")
    hand.press("campaigns_empty_action")
    hand.until(lambda: getattr(hand.seen("campaign_name"), "text", str)() == "New campaign")
    hand.write("campaign_name", "First letter")
    hand.pick("segment_id", "On pro")
    hand.pick("template_id", "Welcome")
    hand.pick("channel_id", "Sandbox")
    hand.until(lambda: "Sandbox" in text(hand, "channel_id"))
    hand.until(lambda: f"{len(PRO)} get it" in hand.seen("card_segment_id").note.text())  # type: ignore[attr-defined]  # a Card


def launched(hand: Hand, engine: Engine) -> None:
    hand.press("launch")
    sheet = hand.seen("launch_sheet")
    assert text(hand, "launch_count") == str(len(PRO))
    if isinstance(hand, Keyboard):
        QTest.keyClick(sheet, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    else:
        hand.press("launch_sheet_accept")
    hand.seen("undo_send")
    hand.until(lambda: text(hand, "state") == "Sent", seconds=60)
    run = engine.ask(campaigns.runs).result()[0]
    assert run.states["accepted"] == run.planned == len(PRO)
    assert run.matching == len(PRO)


def mails_and_results(hand: Hand, engine: Engine) -> None:
    mails = engine.ask(channels.mailbox).result()
    assert sorted(mail.recipient for mail in mails) == sorted(f"person{number}@example.com" for number in PRO)
    hand.press("open_results")
    hand.until(lambda: hand.window.current_key() == "reports")
    hand.until(lambda: hand.seen("stat_sent").value() == str(len(PRO)))  # type: ignore[attr-defined]  # a StatTile
    chart = hand.seen("messages")
    assert sum(next(line for line in chart.series.lines if line.name == "sent").values) == len(PRO)  # type: ignore[attr-defined]  # a Panel
    hand.go("mailbox")
    hand.until(lambda: text(hand, "state") == f"{len(PRO)} mails")
    hand.until(lambda: text(hand, "mail_subject").startswith("Dear Person "))
    hand.until(lambda: "Hello Person " in hand.seen("mail_html").html())  # type: ignore[attr-defined]  # an HtmlView


def text(hand: Hand, name: str) -> str:
    widget = hand.seen(name)
    return str(getattr(widget, "whole" if hasattr(widget, "whole") else "text")())
