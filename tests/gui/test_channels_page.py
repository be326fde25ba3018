"""The channels page by mouse and keyboard."""

import pytest
from pydantic import TypeAdapter
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit, QMenu, QPushButton
from pytestqt.qtbot import QtBot

from tests.gui.finding import find
from tests.gui.shop import Shop, furnished
from tests.gui.stage import Stage
from workbench.engine.desk import AskError
from workbench.gui.channels.page import ChannelsPage
from workbench.gui.parts.pill import Pill
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


def press(qtbot: QtBot, stage: Stage[ChannelsPage], name: str) -> None:
    """Press a channel in the list, without waiting for any answer."""
    rows = [stage.page.list.item(at) for at in range(stage.page.list.count())]
    item = next(row for row in rows if row.text().removesuffix(" · unfinished") == name)
    place = stage.page.list.visualItemRect(item).center()
    qtbot.mouseClick(stage.page.list.viewport(), Qt.MouseButton.LeftButton, pos=place)


def choose(qtbot: QtBot, stage: Stage[ChannelsPage], name: str) -> None:
    press(qtbot, stage, name)
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


def test_what_is_typed_with_pauses_is_one_version(qtbot: QtBot, stage: Stage[ChannelsPage]) -> None:
    choose(qtbot, stage, "Northwind mail")
    for letter in "abc":
        qtbot.keyClicks(stage.page.form.user, letter)
        stage.page.leave()
        stage.settle(qtbot)
    stage.page.form.secret_line.setFocus()
    qtbot.keyClicks(stage.page.form.secret_line, "hunter2")
    stage.page.leave()
    stage.settle(qtbot)
    assert stage.shop.stored["channels"][stage.page.channel_id()][0].version == 2


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


def type_secret(qtbot: QtBot, stage: Stage[ChannelsPage], secret: str) -> None:
    stage.page.form.secret_line.setFocus()
    qtbot.keyClicks(stage.page.form.secret_line, secret)


def begin(qtbot: QtBot, stage: Stage[ChannelsPage]) -> None:
    """A draft that lacks its server."""
    start(qtbot, stage, "kind_smtp")
    stage.page.form.name.selectAll()
    qtbot.keyClicks(stage.page.form.name, "Own server")


def test_a_secret_typed_last_is_kept_when_another_channel_is_pressed(qtbot: QtBot, stage: Stage[ChannelsPage]) -> None:
    choose(qtbot, stage, "Northwind mail")
    northwind = stage.page.channel_id()
    go_on = stage.shop.hold("channels.save")
    type_secret(qtbot, stage, "hunter2")
    press(qtbot, stage, "Folder on disk")
    assert stage.page.channel_id() != northwind
    go_on.set()
    stage.settle(qtbot)
    assert stage.shop.secrets == {northwind: "hunter2"}
    assert [args[2:] for name, args, _slot in stage.shop.asked if name == "save"] == [("hunter2",)]


@pytest.mark.parametrize("kind", ["kind_folder", "preset_fastmail"])
def test_a_secret_typed_last_is_kept_when_a_new_channel_is_begun(
    qtbot: QtBot, stage: Stage[ChannelsPage], kind: str
) -> None:
    choose(qtbot, stage, "Northwind mail")
    northwind = stage.page.channel_id()
    type_secret(qtbot, stage, "hunter2")
    start(qtbot, stage, kind)
    assert stage.shop.secrets == {northwind: "hunter2"}


def test_a_secret_that_arrives_leaves_alone_what_is_typed_for_another_channel(
    qtbot: QtBot, stage: Stage[ChannelsPage]
) -> None:
    start(qtbot, stage, "preset_fastmail")
    fastmail = stage.page.channel_id()
    choose(qtbot, stage, "Northwind mail")
    northwind = stage.page.channel_id()
    go_on = stage.shop.hold("channels.save")
    type_secret(qtbot, stage, "hunter2")
    press(qtbot, stage, "Fastmail")
    type_secret(qtbot, stage, "correct horse")
    go_on.set()
    qtbot.waitUntil(lambda: northwind in stage.shop.secrets)
    stage.settle(qtbot)
    assert stage.page.form.secret() == "correct horse"
    qtbot.keyClick(stage.page.form.secret_line, Qt.Key.Key_Tab)
    stage.settle(qtbot)
    assert stage.shop.secrets == {northwind: "hunter2", fastmail: "correct horse"}


def test_a_secret_that_was_refused_is_told_though_another_channel_is_open(
    qtbot: QtBot, stage: Stage[ChannelsPage]
) -> None:
    choose(qtbot, stage, "Northwind mail")
    stage.shop.answers["channels.save"] = AskError("There is no keyring.")
    type_secret(qtbot, stage, "hunter2")
    choose(qtbot, stage, "Sandbox")
    assert stage.said == ["The password of “Northwind mail” was not kept: There is no keyring."]
    assert stage.page.form.fields["secret"].line.text() == ""


def test_the_secret_of_a_new_channel_is_kept_though_another_is_pressed_before_it_is_stored(
    qtbot: QtBot, stage: Stage[ChannelsPage]
) -> None:
    sandbox = stage.page.channel_id()
    go_on = stage.shop.hold("channels.save")
    find(stage.page.kinds(), QAction, "preset_fastmail").trigger()
    type_secret(qtbot, stage, "hunter2")
    press(qtbot, stage, "Sandbox")
    go_on.set()
    qtbot.waitUntil(lambda: list(stage.shop.secrets.values()) == ["hunter2"])
    stage.settle(qtbot)
    assert len(stage.shop.stored["channels"]) == 4
    assert stage.page.channel_id() == sandbox
    assert stage.page.list.count() == 4


def test_a_draft_left_for_another_channel_is_found_again_as_it_was(qtbot: QtBot, stage: Stage[ChannelsPage]) -> None:
    begin(qtbot, stage)
    type_secret(qtbot, stage, "hunter2")
    choose(qtbot, stage, "Sandbox")
    assert stage.page.form.secret() is None
    choose(qtbot, stage, "Own server")
    assert stage.page.channel_id() == "draft"
    assert stage.page.form.name.text() == "Own server"
    assert stage.page.form.secret() == "hunter2"
    document = stage.page.document()
    assert document is not None
    assert document.stack.canUndo()
    qtbot.keyClicks(stage.page.form.host, "smtp.example.net")
    qtbot.waitUntil(lambda: stage.page.channel_id() != "draft")
    stage.settle(qtbot)
    assert stage.shop.secrets == {stage.page.channel_id(): "hunter2"}
    assert stage.page.list.count() == 4


def test_deleting_a_channel_leaves_the_draft_and_deleting_the_draft_leaves_the_channels(
    qtbot: QtBot, stage: Stage[ChannelsPage]
) -> None:
    begin(qtbot, stage)
    for name in ("Sandbox", "Northwind mail", "Folder on disk"):
        choose(qtbot, stage, name)
        stage.page.delete(stage.page.channel_id())
        stage.settle(qtbot)
    qtbot.waitUntil(lambda: stage.page.list.count() == 1)
    qtbot.waitUntil(lambda: stage.page.channel_id() == "draft")
    assert stage.page.form.name.text() == "Own server"
    qtbot.mouseClick(find(stage.page, QPushButton, "delete_channel"), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(find(stage.page, QPushButton, "channels_empty_action").isVisible)


def test_new_from_another_page_offers_what_can_be_made(qtbot: QtBot, stage: Stage[ChannelsPage]) -> None:
    stage.page.open("new")
    qtbot.waitUntil(lambda: QApplication.activePopupWidget() is not None)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    assert menu.objectName() == "channel_kinds"
    find(menu, QAction, "kind_smtp").trigger()
    menu.close()
    assert stage.page.channel_id() == "draft"


@pytest.mark.parametrize("answer", [ChannelTest(works=True, steps=(("Ready", "250 OK"),)), AskError("No network.")])
def test_what_a_try_gave_is_not_shown_at_another_channel(
    qtbot: QtBot, stage: Stage[ChannelsPage], answer: ChannelTest | AskError
) -> None:
    choose(qtbot, stage, "Northwind mail")
    stage.shop.answers["test"] = stage.shop.answers["channels.send_test"] = answer
    go_on = stage.shop.hold("test")
    test, send = (
        find(stage.page.trial, QPushButton, "test_connection"),
        find(stage.page.trial, QPushButton, "send_test"),
    )
    qtbot.mouseClick(test, Qt.MouseButton.LeftButton)
    qtbot.keyClicks(stage.page.trial.address, "me@example.com")
    qtbot.keyClick(stage.page.trial.address, Qt.Key.Key_Return)
    assert not test.isEnabled()
    press(qtbot, stage, "Sandbox")
    assert test.isEnabled()
    assert send.isEnabled()
    go_on.set()
    stage.settle(qtbot)
    assert stage.page.trial.words() == ""
    for name in ("test_connection", "send_test"):
        assert find(stage.page.trial, Pill, f"{name}_state").text() == ""
        assert not find(stage.page.trial, Text, f"{name}_problem").isVisible()


def test_a_message_to_me_leaves_the_try_of_the_connection_running(qtbot: QtBot, stage: Stage[ChannelsPage]) -> None:
    go_on = stage.shop.hold("test")
    test = find(stage.page.trial, QPushButton, "test_connection")
    qtbot.mouseClick(test, Qt.MouseButton.LeftButton)
    qtbot.keyClicks(stage.page.trial.address, "me@example.com")
    qtbot.keyClick(stage.page.trial.address, Qt.Key.Key_Return)
    go_on.set()
    stage.settle(qtbot)
    assert test.isEnabled()
    assert stage.page.trial.words().startswith("Connect: ")
    assert find(stage.page.trial, Pill, "send_test_state").text() == "Sent"


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
    stage.settle(qtbot)
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


def test_a_folder_is_shown_with_its_button_beside_it(qtbot: QtBot, stage: Stage[ChannelsPage]) -> None:
    start(qtbot, stage, "kind_folder")
    path, browse = stage.page.form.path, find(stage.page.form, QPushButton, "browse")
    qtbot.keyClicks(path, "/srv/mails")
    assert path.width() > 3 * browse.width()
    assert path.mapToGlobal(path.rect().topLeft()).y() == browse.mapToGlobal(browse.rect().topLeft()).y()
    document = stage.page.document()
    assert document is not None
    qtbot.waitUntil(lambda: document.is_saved and stage.bridge.waiting() == 0)
    assert saved(stage.shop, stage.page.channel_id()).path == "/srv/mails"  # type: ignore[union-attr]  # it is a folder
