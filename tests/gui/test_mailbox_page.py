"""The sandbox mailbox by mouse and keyboard."""

from collections.abc import Awaitable, Callable
from concurrent.futures import Future

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from tests.gui.finding import find
from tests.gui.shop import Shop, furnished
from tests.gui.stage import Stage, browser
from workbench.gui.mailbox.page import _MOST_FOUND, MailboxPage
from workbench.gui.parts.sheet import Sheet
from workbench.gui.parts.table_model import BLOCK

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
    assert stage.page.table.current_line() == 1


def click(qtbot: QtBot, stage: Stage[MailboxPage], line: int) -> None:
    view = stage.page.table.view
    where = view.visualRect(stage.page.table.model.index(line, 0)).center()
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=where)


def test_a_mail_that_arrived_is_opened_by_a_click(qtbot: QtBot, stage: Stage[MailboxPage]) -> None:
    stage.shop.mail("New")
    stage.shop.changed("mailbox")
    qtbot.waitUntil(lambda: (stage.page.table.row(0) or [""])[0] == "New")
    click(qtbot, stage, 0)
    qtbot.waitUntil(lambda: stage.page.reader.subject.whole() == "New")


def test_nothing_is_marked_while_the_open_mail_is_further_down(qtbot: QtBot, stage: Stage[MailboxPage]) -> None:
    for number in range(BLOCK):
        stage.shop.mail(f"New {number}")
    stage.shop.changed("mailbox")
    qtbot.waitUntil(lambda: (stage.page.table.row(0) or [""])[0] == f"New {BLOCK - 1}")
    assert stage.page.table.current_line() == -1
    assert stage.page.reader.subject.whole() == "Chen, a warm welcome"
    qtbot.waitUntil(lambda: stage.page.table.row(BLOCK) is not None)
    assert stage.page.table.current_line() == BLOCK


def test_a_row_that_is_still_on_its_way_opens_when_it_comes(qtbot: QtBot, stage: Stage[MailboxPage]) -> None:
    for number in range(BLOCK):
        stage.shop.mail(f"New {number}")
    stage.shop.changed("mailbox")
    qtbot.waitUntil(lambda: (stage.page.table.row(0) or [""])[0] == f"New {BLOCK - 1}")
    stage.page.table.choose(BLOCK + 4)
    qtbot.waitUntil(lambda: stage.page.reader.subject.whole() == "Anna, a warm welcome")
    assert stage.page.table.current_line() == BLOCK + 4


def test_a_late_answer_to_an_older_search_opens_no_other_mail(qtbot: QtBot, stage: Stage[MailboxPage]) -> None:
    late: list[Future[object]] = []
    ask = stage.shop.ask

    def hold_back(function: Callable[..., Awaitable[object]], *args: object, slot: str | None = None) -> Future[object]:
        if function.__name__ == "mailbox" and args[0] == "":
            late.append(Future())
            return late[-1]
        return ask(function, *args, slot=slot)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(stage.shop, "ask", hold_back)
        stage.page.table.model.refresh()
        qtbot.keyClicks(stage.page.search, "er")
        qtbot.waitUntil(lambda: (stage.page.table.row(1) or [""])[0] == "Anna, a warm welcome")
        qtbot.waitUntil(lambda: stage.page.reader.subject.whole() == "Luis, a warm welcome")
        late[0].set_result(tuple(mail.entry for mail in stage.shop.mails))
        stage.settle(qtbot)
        qtbot.keyClick(stage.page.table.view, Qt.Key.Key_Down)
        qtbot.waitUntil(lambda: stage.page.reader.subject.whole() == "Anna, a warm welcome")


def test_news_are_looked_at_once_a_second_while_a_search_is_on(qtbot: QtBot, stage: Stage[MailboxPage]) -> None:
    def asked() -> int:
        return len([args for name, args, _slot in stage.shop.asked if name == "mailbox" and args[2] == _MOST_FOUND])

    qtbot.keyClicks(stage.page.search, "welcome")
    qtbot.waitUntil(lambda: asked() == 1)
    for _ in range(20):
        stage.shop.changed("mailbox")
    stage.settle(qtbot)
    assert asked() <= 2
    stage.shop.mail("Another warm welcome")
    stage.shop.changed("mailbox")
    qtbot.waitUntil(lambda: stage.page.header.pill.text() == "6 mails", timeout=4000)


@pytest.mark.parametrize("search", ["", "welcome"])
@pytest.mark.parametrize("count", [5, 7])
def test_a_mailbox_that_was_emptied_and_filled_between_two_looks_shows_the_new_mails(
    qtbot: QtBot, stage: Stage[MailboxPage], search: str, count: int
) -> None:
    qtbot.keyClicks(stage.page.search, search)
    if search:
        qtbot.waitUntil(lambda: any(args[:1] == (search,) for _name, args, _slot in stage.shop.asked))
    stage.settle(qtbot)
    stage.shop.mails.clear()
    for number in range(count):
        stage.shop.mail(f"Second welcome {number}")
    stage.shop.changed("mailbox")
    newest = f"Second welcome {count - 1}"
    qtbot.waitUntil(lambda: (stage.page.table.row(0) or [""])[0] == newest, timeout=4000)
    qtbot.waitUntil(lambda: stage.page.reader.subject.whole() == newest)
    assert stage.page.header.pill.text() == f"{count} mails"


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
    qtbot.keyClicks(stage.page.search, "lindqvist")
    qtbot.waitUntil(lambda: stage.page.table.model.rowCount() == 1)
    qtbot.mouseClick(find(stage.page, QPushButton, "empty_mailbox"), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: stage.window.findChild(Sheet, "empty_mailbox_sheet") is not None)
    sheet = find(stage.window, Sheet, "empty_mailbox_sheet")
    assert any(label.text().startswith("5 mails are thrown away") for label in sheet.findChildren(QLabel))
    qtbot.keyClick(sheet, Qt.Key.Key_Escape)
    assert len(stage.shop.mails) == 5
    qtbot.mouseClick(find(stage.page, QPushButton, "empty_mailbox"), Qt.MouseButton.LeftButton)
    stage.settle(qtbot)
    sheets = stage.window.findChildren(Sheet, "empty_mailbox_sheet")
    sheets[-1].accept()
    qtbot.waitUntil(lambda: stage.shop.mails == [])
    stage.settle(qtbot)
    assert find(stage.page, QPushButton, "mailbox_empty_action").isVisible()


def test_an_empty_mailbox_leads_to_a_campaign(qtbot: QtBot) -> None:
    stage = Stage(qtbot, Shop(people=0), MailboxPage)
    qtbot.mouseClick(find(stage.page, QPushButton, "mailbox_empty_action"), Qt.MouseButton.LeftButton)
    assert stage.went == [("campaigns", "new")]
