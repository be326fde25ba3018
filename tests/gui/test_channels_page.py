"""The channels page by mouse and keyboard."""

import pytest
from pydantic import TypeAdapter
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QComboBox, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from tests.gui.finding import find
from tests.gui.shop import Shop, furnished
from tests.gui.stage import Stage
from workbench.engine.desk import AskError
from workbench.gui.channels.page import ChannelsPage
from workbench.gui.parts.text import Text
from workbench.gui.parts.toast import Toast
from workbench.plan.channel import Channel, ChannelTest, SmtpChannel


@pytest.fixture
def shop() -> Shop:
    return furnished()


@pytest.fixture
def stage(qtbot: QtBot, shop: Shop) -> Stage[ChannelsPage]:
    return Stage(qtbot, shop, ChannelsPage)


def saved(shop: Shop, channel_id: str) -> Channel:
    adapter: TypeAdapter[Channel] = TypeAdapter(Channel)
    return adapter.validate_json(shop.get("channels", channel_id))


def choose(qtbot: QtBot, stage: Stage[ChannelsPage], name: str) -> None:
    rows = [stage.page.list.item(at) for at in range(stage.page.list.count())]
    item = next(row for row in rows if row.text() == name)
    place = stage.page.list.visualItemRect(item).center()
    qtbot.mouseClick(stage.page.list.viewport(), Qt.MouseButton.LeftButton, pos=place)
    stage.settle(qtbot)


def start(qtbot: QtBot, stage: Stage[ChannelsPage], kind: str) -> None:
    menu = stage.page.kinds()
    find(menu, QAction, kind).trigger()
    stage.settle(qtbot)


def test_the_first_channel_is_open_and_a_click_opens_another(qtbot: QtBot, stage: Stage[ChannelsPage]) -> None:
    assert stage.page.form.name.text() == "Sandbox"
    choose(qtbot, stage, "Northwind mail")
    assert stage.page.form.host.text() == "smtp.example.com"
    assert stage.page.form.fields["host"].isVisible()
    assert not stage.page.form.fields["path"].isVisible()


def test_an_edit_saves_itself_and_can_be_taken_back(qtbot: QtBot, stage: Stage[ChannelsPage]) -> None:
    choose(qtbot, stage, "Northwind mail")
    host = stage.page.form.host
    host.selectAll()
    qtbot.keyClicks(host, "mail.example.org")
    document = stage.page.document()
    assert document is not None
    qtbot.waitUntil(lambda: document.is_saved and stage.bridge.waiting() == 0)
    channel = saved(stage.shop, stage.page.channel_id())
    assert isinstance(channel, SmtpChannel)
    assert channel.host == "mail.example.org"
    document.stack.undo()
    assert host.text() == "smtp.example.com"
    assert not document.stack.canUndo()


def test_a_provider_fills_in_its_settings(qtbot: QtBot, stage: Stage[ChannelsPage]) -> None:
    start(qtbot, stage, "preset_fastmail")
    channel = saved(stage.shop, stage.page.channel_id())
    assert isinstance(channel, SmtpChannel)
    assert (channel.host, channel.port, channel.security) == ("smtp.fastmail.com", 465, "tls")


def test_the_port_follows_the_encryption_unless_it_is_an_own_one(qtbot: QtBot, stage: Stage[ChannelsPage]) -> None:
    choose(qtbot, stage, "Northwind mail")
    security = find(stage.page.form, QComboBox, "security")
    for port, expected in ((587, 465), (2525, 2525)):
        stage.page.form.port.setValue(port)
        security.setCurrentIndex(security.findData("tls"))
        security.activated.emit(security.currentIndex())
        assert stage.page.form.port.value() == expected


def test_a_draft_without_a_server_is_kept_back_and_turns_red_only_when_left(
    qtbot: QtBot, stage: Stage[ChannelsPage]
) -> None:
    before = len(stage.shop.stored["channels"])
    start(qtbot, stage, "kind_smtp")
    field = stage.page.form.fields["host"]
    assert stage.page.channel_id() == "draft"
    assert not field.line.isVisible()
    stage.page.form.host.setFocus()
    qtbot.keyClick(stage.page.form.host, Qt.Key.Key_Tab)
    assert field.line.isVisible()
    assert len(stage.shop.stored["channels"]) == before
    qtbot.keyClicks(stage.page.form.host, "smtp.example.net")
    qtbot.waitUntil(lambda: len(stage.shop.stored["channels"]) == before + 1)
    stage.settle(qtbot)
    assert stage.page.channel_id() != "draft"
    assert not field.line.isVisible()


def test_a_test_of_a_faulty_channel_shows_its_problems_instead(qtbot: QtBot, stage: Stage[ChannelsPage]) -> None:
    start(qtbot, stage, "kind_smtp")
    qtbot.mouseClick(find(stage.page.trial, QPushButton, "test_connection"), Qt.MouseButton.LeftButton)
    assert stage.page.form.fields["host"].line.isVisible()
    assert stage.window.focusWidget() is stage.page.form.host
    assert not any(name == "test" for name, _args, _slot in stage.shop.asked)


def test_the_connection_is_tried_and_the_servers_words_are_plain_text(qtbot: QtBot, stage: Stage[ChannelsPage]) -> None:
    stage.shop.answers["test"] = ChannelTest(
        works=False,
        steps=(("Connect", "220 <b>hello</b>"), ("Log in", "535 no")),
        problem="The server refuses the password.",
    )
    choose(qtbot, stage, "Northwind mail")
    qtbot.mouseClick(find(stage.page.trial, QPushButton, "test_connection"), Qt.MouseButton.LeftButton)
    stage.settle(qtbot)
    assert stage.page.trial.words() == "Connect: 220 <b>hello</b>\nLog in: 535 no"
    said = next(label for label in stage.page.trial.findChildren(Text) if "<b>" in label.text())
    assert said.textFormat() == Qt.TextFormat.PlainText
    assert find(stage.page.trial, Text, "test_connection_problem").isVisible()


def test_a_secret_goes_to_the_keyring_and_is_never_shown_again(qtbot: QtBot, stage: Stage[ChannelsPage]) -> None:
    choose(qtbot, stage, "Northwind mail")
    secret = stage.page.form.secret_line
    assert secret.echoMode() == QLineEdit.EchoMode.Password
    secret.setFocus()
    qtbot.keyClicks(secret, "hunter2")
    qtbot.keyClick(secret, Qt.Key.Key_Tab)
    stage.settle(qtbot)
    assert stage.shop.secrets == {stage.page.channel_id(): "hunter2"}
    assert secret.text() == ""
    assert secret.placeholderText() == "stored in the keyring"
    assert "hunter2" not in stage.shop.get("channels", stage.page.channel_id())


def test_without_a_keyring_the_field_says_what_to_do(qtbot: QtBot, stage: Stage[ChannelsPage]) -> None:
    choose(qtbot, stage, "Northwind mail")
    save = stage.shop.answers["channels.save"]

    def refuse(channel: object, known_as: str | None = None, secret: str | None = None) -> str:
        if secret:
            raise AskError("There is no keyring on this machine to hold the secret.")
        return str(save(channel, known_as))

    stage.shop.answers["channels.save"] = refuse
    secret = stage.page.form.secret_line
    secret.setFocus()
    qtbot.keyClicks(secret, "hunter2")
    qtbot.keyClick(secret, Qt.Key.Key_Tab)
    stage.settle(qtbot)
    field = stage.page.form.fields["secret"]
    assert "no keyring" in field.line.text()
    assert field.line.isVisible()


def test_a_message_goes_to_me_and_my_address_is_remembered(qtbot: QtBot, stage: Stage[ChannelsPage]) -> None:
    trial = stage.page.trial
    qtbot.keyClicks(trial.address, "me@example.com")
    qtbot.keyClick(trial.address, Qt.Key.Key_Return)
    stage.settle(qtbot)
    assert any(name == "send_test" and args[1] == "me@example.com" for name, args, _slot in stage.shop.asked)
    assert stage.frame.settings.value("me/address") == "me@example.com"


def test_a_message_goes_to_me_once_however_often_return_is_pressed(qtbot: QtBot, stage: Stage[ChannelsPage]) -> None:
    trial = stage.page.trial
    go_on = stage.shop.hold("channels.send_test")
    qtbot.keyClicks(trial.address, "me@example.com")
    qtbot.keyClick(trial.address, Qt.Key.Key_Return)
    qtbot.keyClick(trial.address, Qt.Key.Key_Return)
    go_on.set()
    stage.settle(qtbot)
    assert [name for name, _args, _slot in stage.shop.asked].count("send_test") == 1


def test_delete_offers_to_bring_it_back(qtbot: QtBot, stage: Stage[ChannelsPage]) -> None:
    choose(qtbot, stage, "Northwind mail")
    qtbot.mouseClick(find(stage.page, QPushButton, "delete_channel"), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: stage.page.list.count() == 2)
    toast = stage.window.findChild(Toast)
    assert toast is not None
    toast.undo()
    qtbot.waitUntil(lambda: stage.page.list.count() == 3)


def test_with_no_channel_the_sandbox_is_one_press_away(qtbot: QtBot) -> None:
    stage = Stage(qtbot, Shop(people=0), ChannelsPage)
    qtbot.mouseClick(find(stage.page, QPushButton, "channels_empty_action"), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: stage.page.list.count() == 1)
    stage.settle(qtbot)
    assert saved(stage.shop, stage.page.channel_id()).kind == "sandbox"
