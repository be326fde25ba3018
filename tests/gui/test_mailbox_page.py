"""The sandbox mailbox by mouse and keyboard."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from tests.gui.finding import find
from tests.gui.shop import Shop, furnished
from tests.gui.stage import Stage, browser
from workbench.gui.mailbox.page import MailboxPage
from workbench.gui.parts.sheet import Sheet

pytestmark = browser


@pytest.fixture
def stage(qtbot: QtBot) -> Stage[MailboxPage]:
    stage = Stage(qtbot, furnished(), MailboxPage)
    qtbot.waitUntil(lambda: stage.page.reader.subject.whole() != "")
    return stage


def test_the_newest_mail_is_open(qtbot: QtBot, stage: Stage[MailboxPage]) -> None:
    assert stage.page.reader.subject.whole() == "Chen, a warm welcome"
    assert "Chen, a warm welcome</h1>" in stage.page.reader.html.html()
    assert stage.page.header.pill.text() == "5 mails"
    stage.settle(qtbot)


def test_the_arrow_key_opens_the_next(qtbot: QtBot, stage: Stage[MailboxPage]) -> None:
    qtbot.keyClick(stage.page.table.view, Qt.Key.Key_Down)
    qtbot.waitUntil(lambda: stage.page.reader.subject.whole() == "Luis, a warm welcome")


def test_source_is_plain_text_as_it_came(qtbot: QtBot, stage: Stage[MailboxPage]) -> None:
    qtbot.mouseClick(stage.page.reader.switch.button("source"), Qt.MouseButton.LeftButton)
    assert stage.page.reader.source.isVisible()
    assert stage.page.reader.source.toPlainText().startswith("Subject: Chen, a warm welcome")


def test_a_mail_that_arrives_is_on_top_and_the_open_one_stays_open(qtbot: QtBot, stage: Stage[MailboxPage]) -> None:
    stage.shop.mail("<b>New</b>")
    stage.shop.changed("mailbox")
    qtbot.waitUntil(lambda: stage.page.header.pill.text() == "6 mails")
    qtbot.waitUntil(lambda: (stage.page.table.row(0) or [""])[0] == "<b>New</b>")
    assert stage.page.reader.subject.whole() == "Chen, a warm welcome"


def test_search_finds_by_recipient(qtbot: QtBot, stage: Stage[MailboxPage]) -> None:
    qtbot.keyClicks(stage.page.search, "lindqvist")
    qtbot.waitUntil(lambda: stage.page.table.model.rowCount() == 1)
    qtbot.waitUntil(lambda: (stage.page.table.row(0) or [""])[0] == "Marta, a warm welcome")


def test_a_mail_without_html_is_shown_as_text(qtbot: QtBot, stage: Stage[MailboxPage]) -> None:
    stage.shop.mail("Plain", html="", text="Only words")
    stage.page.open(stage.shop.mails[0].entry.id)
    qtbot.waitUntil(lambda: stage.page.reader.subject.whole() == "Plain")
    assert stage.page.reader.text.isVisible()
    assert not stage.page.reader.switch.button("html").isEnabled()


def test_emptying_asks_first_and_says_how_many(qtbot: QtBot, stage: Stage[MailboxPage]) -> None:
    qtbot.mouseClick(find(stage.page, QPushButton, "empty_mailbox"), Qt.MouseButton.LeftButton)
    qtbot.keyClick(find(stage.window, Sheet, "empty_mailbox_sheet"), Qt.Key.Key_Escape)
    assert len(stage.shop.mails) == 5
    qtbot.mouseClick(find(stage.page, QPushButton, "empty_mailbox"), Qt.MouseButton.LeftButton)
    sheets = stage.window.findChildren(Sheet, "empty_mailbox_sheet")
    sheets[-1].accept()
    qtbot.waitUntil(lambda: stage.shop.mails == [])
    stage.settle(qtbot)
    assert find(stage.page, QPushButton, "mailbox_empty_action").isVisible()


def test_an_empty_mailbox_leads_to_a_campaign(qtbot: QtBot) -> None:
    stage = Stage(qtbot, Shop(people=0), MailboxPage)
    qtbot.mouseClick(find(stage.page, QPushButton, "mailbox_empty_action"), Qt.MouseButton.LeftButton)
    assert stage.went == [("campaigns", "new")]
