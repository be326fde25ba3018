"""What is not fit to be stored yet: nothing of it is lost while the window lives."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from tests.gui.finding import find
from tests.gui.shop import Shop, furnished
from tests.gui.stage import Stage
from workbench.gui.channels.page import ChannelsPage
from workbench.gui.parts.pill import Pill
from workbench.gui.parts.toast import Toast
from workbench.plan.channel import SmtpChannel


@pytest.fixture
def shop() -> Shop:
    return furnished()


@pytest.fixture
def stage(qtbot: QtBot, shop: Shop) -> Stage[ChannelsPage]:
    return Stage(qtbot, shop, ChannelsPage)


def listed(page: ChannelsPage) -> list[str]:
    return [page.list.item(row).text() for row in range(page.list.count())]


def choose(qtbot: QtBot, stage: Stage[ChannelsPage], words: str) -> None:
    item = stage.page.list.item(listed(stage.page).index(words))
    place = stage.page.list.visualItemRect(item).center()
    qtbot.mouseClick(stage.page.list.viewport(), Qt.MouseButton.LeftButton, pos=place)
    stage.settle(qtbot)


def begin(qtbot: QtBot, stage: Stage[ChannelsPage], name: str) -> None:
    """A draft that lacks its server."""
    find(stage.page.kinds(), QAction, "kind_smtp").trigger()
    stage.page.form.name.selectAll()
    qtbot.keyClicks(stage.page.form.name, name)


def spoil_host(qtbot: QtBot, stage: Stage[ChannelsPage]) -> str:
    """The stored channel gets a host that is none; gives its id."""
    choose(qtbot, stage, "Northwind mail")
    stage.page.form.host.selectAll()
    qtbot.keyClicks(stage.page.form.host, "mail example")
    return stage.page.channel_id()


def host_of(stage: Stage[ChannelsPage], channel_id: str) -> str:
    return SmtpChannel.from_json(stage.shop.get("channels", channel_id)).host


def toast(stage: Stage[ChannelsPage]) -> Toast:
    found = stage.window.findChildren(Toast)
    assert found
    return found[-1]


def test_an_edit_that_cannot_be_stored_is_found_again_as_it_was(qtbot: QtBot, stage: Stage[ChannelsPage]) -> None:
    northwind = spoil_host(qtbot, stage)
    choose(qtbot, stage, "Sandbox")
    assert "Northwind mail · unfinished" in listed(stage.page)
    assert host_of(stage, northwind) == "smtp.example.com"
    choose(qtbot, stage, "Northwind mail · unfinished")
    assert stage.page.channel_id() == northwind
    assert stage.page.form.host.text() == "mail example"
    assert stage.page.form.fields["host"].line.isVisible()
    assert find(stage.page, Pill, "channel_state").text() == "Not complete, not saved"
    stage.page.form.host.selectAll()
    qtbot.keyClicks(stage.page.form.host, "mail.example.org")
    qtbot.waitUntil(lambda: host_of(stage, northwind) == "mail.example.org")
    stage.settle(qtbot)
    assert "Northwind mail" in listed(stage.page)
    assert find(stage.page, Pill, "channel_state").text() == "Saved"


def test_an_edit_that_cannot_be_stored_outlives_other_pages_and_the_news(
    qtbot: QtBot, stage: Stage[ChannelsPage]
) -> None:
    northwind = spoil_host(qtbot, stage)
    stage.page.leave()
    stage.shop.changed("channels")
    stage.page.open(northwind)
    stage.settle(qtbot)
    assert stage.page.form.host.text() == "mail example"
    document = stage.page.document()
    assert document is not None
    document.stack.undo()
    assert stage.page.form.host.text() == "smtp.example.com"


def test_any_number_of_drafts_is_kept(qtbot: QtBot, stage: Stage[ChannelsPage]) -> None:
    for name in ("First", "Second", "Third"):
        begin(qtbot, stage, name)
    choose(qtbot, stage, "Sandbox")
    assert listed(stage.page)[:3] == ["Third · unfinished", "Second · unfinished", "First · unfinished"]
    choose(qtbot, stage, "Second · unfinished")
    assert stage.page.form.name.text() == "Second"
    qtbot.keyClicks(stage.page.form.host, "smtp.example.net")
    qtbot.waitUntil(lambda: stage.page.channel_id() != "draft")
    stage.settle(qtbot)
    assert listed(stage.page)[:3] == ["Third · unfinished", "First · unfinished", "Second"]
    assert host_of(stage, stage.page.channel_id()) == "smtp.example.net"


def test_a_page_that_is_made_anew_finds_what_was_unfinished(qtbot: QtBot, stage: Stage[ChannelsPage]) -> None:
    spoil_host(qtbot, stage)
    begin(qtbot, stage, "Own server")
    qtbot.keyClicks(stage.page.form.secret_line, "hunter2")
    stage.page.leave()
    stage.page = ChannelsPage(stage.frame)
    stage.window.setCentralWidget(stage.page)
    stage.page.refresh()
    stage.settle(qtbot)
    assert stage.page.channel_id() == "draft"
    assert stage.page.form.name.text() == "Own server"
    assert stage.page.form.secret() == "hunter2"
    choose(qtbot, stage, "Northwind mail · unfinished")
    assert stage.page.form.host.text() == "mail example"


def test_a_draft_that_is_edited_while_it_is_stored_becomes_one_channel(
    qtbot: QtBot, stage: Stage[ChannelsPage]
) -> None:
    before = len(stage.shop.stored["channels"])
    go_on = stage.shop.hold("channels.save")
    find(stage.page.kinds(), QAction, "preset_fastmail").trigger()
    stage.page.form.name.selectAll()
    qtbot.keyClicks(stage.page.form.name, "My mail")
    document = stage.page.document()
    assert document is not None
    document.flush()
    qtbot.keyClicks(stage.page.form.user, "me")
    document.flush()
    go_on.set()
    qtbot.waitUntil(lambda: stage.page.channel_id() != "draft")
    stage.settle(qtbot)
    assert len(stage.shop.stored["channels"]) == before + 1
    kept = SmtpChannel.from_json(stage.shop.get("channels", stage.page.channel_id()))
    assert (kept.name, kept.user) == ("My mail", "me")
    assert document.is_saved


def test_an_edit_is_not_lost_to_a_list_that_does_not_have_it_yet(qtbot: QtBot, stage: Stage[ChannelsPage]) -> None:
    choose(qtbot, stage, "Northwind mail")
    stage.page.form.host.selectAll()
    qtbot.keyClicks(stage.page.form.host, "mail.example.org")
    go_on = stage.shop.hold("channels.save")
    for name in ("Sandbox", "Northwind mail"):
        item = stage.page.list.item(listed(stage.page).index(name))
        place = stage.page.list.visualItemRect(item).center()
        qtbot.mouseClick(stage.page.list.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert stage.page.form.host.text() == "mail.example.org"
    go_on.set()
    stage.settle(qtbot)
    assert stage.page.form.host.text() == "mail.example.org"


def test_a_secret_waits_until_its_channel_can_be_stored(qtbot: QtBot, stage: Stage[ChannelsPage]) -> None:
    northwind = spoil_host(qtbot, stage)
    qtbot.keyClicks(stage.page.form.secret_line, "hunter2")
    choose(qtbot, stage, "Sandbox")
    assert stage.said == []
    assert stage.shop.secrets == {}
    choose(qtbot, stage, "Northwind mail · unfinished")
    assert stage.page.form.secret() == "hunter2"
    stage.page.form.host.selectAll()
    qtbot.keyClicks(stage.page.form.host, "mail.example.org")
    qtbot.waitUntil(lambda: stage.shop.secrets == {northwind: "hunter2"})


def test_a_draft_that_was_deleted_can_be_brought_back(qtbot: QtBot, stage: Stage[ChannelsPage]) -> None:
    begin(qtbot, stage, "Own server")
    qtbot.mouseClick(find(stage.page, QPushButton, "delete_channel"), Qt.MouseButton.LeftButton)
    stage.settle(qtbot)
    assert len(listed(stage.page)) == 3
    toast(stage).undo()
    choose(qtbot, stage, "Own server · unfinished")
    assert stage.page.form.name.text() == "Own server"


def test_a_draft_that_is_deleted_while_it_is_stored_stays_deleted(qtbot: QtBot, stage: Stage[ChannelsPage]) -> None:
    go_on = stage.shop.hold("channels.save")
    find(stage.page.kinds(), QAction, "preset_fastmail").trigger()
    qtbot.mouseClick(find(stage.page, QPushButton, "delete_channel"), Qt.MouseButton.LeftButton)
    go_on.set()
    stage.settle(qtbot)
    qtbot.waitUntil(lambda: stage.bridge.waiting() == 0 and len(listed(stage.page)) == 3)
    assert [gone for stored, gone in stage.shop.stored["channels"].values() if stored.name == "Fastmail"] == [True]
    toast(stage).undo()
    qtbot.waitUntil(lambda: "Fastmail" in listed(stage.page))
