"""The campaigns page by mouse and keyboard."""

from datetime import UTC, datetime, timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from tests.gui.finding import find
from tests.gui.shop import Shop, furnished
from tests.gui.stage import Stage
from workbench.engine.desk import AskError
from workbench.gui.campaigns.page import CampaignsPage
from workbench.gui.parts.picker import Picker
from workbench.gui.parts.sheet import Sheet
from workbench.gui.parts.text import Text
from workbench.gui.parts.toast import Toast
from workbench.plan.campaign import Campaign
from workbench.plan.problem import Problem
from workbench.plan.template import Template
from workbench.plan.words import Words


@pytest.fixture
def stage(qtbot: QtBot) -> Stage[CampaignsPage]:
    return Stage(qtbot, furnished(), CampaignsPage)


def opened(qtbot: QtBot, stage: Stage[CampaignsPage], campaign_id: str = "autumn") -> None:
    stage.page.open(campaign_id)
    qtbot.waitUntil(lambda: stage.page.campaign_id() == campaign_id)
    stage.settle(qtbot)


def pick(qtbot: QtBot, stage: Stage[CampaignsPage], field: str, text: str) -> None:
    """Open the chip of a field by mouse and pick by keyboard."""
    qtbot.mouseClick(find(stage.page.editor, QPushButton, field), Qt.MouseButton.LeftButton)
    line = find(find(stage.window, Picker, f"{field}_picker"), QLineEdit, f"{field}_picker_line")
    qtbot.keyClicks(line, text)
    qtbot.keyClick(line, Qt.Key.Key_Return)


def stored(stage: Stage[CampaignsPage], campaign_id: str) -> Campaign:
    return Campaign.from_json(stage.shop.get("campaigns", campaign_id))


def asked(stage: Stage[CampaignsPage], function: str) -> int:
    return sum(name == function for name, _args, _slot in stage.shop.asked)


def launched(qtbot: QtBot, stage: Stage[CampaignsPage]) -> None:
    opened(qtbot, stage)
    qtbot.mouseClick(find(stage.page.editor, QPushButton, "launch"), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: stage.window.findChild(Sheet, "launch_sheet") is not None)
    find(stage.window, Sheet, "launch_sheet").accept()
    qtbot.waitUntil(lambda: bool(stage.page.editor.runs()))
    stage.settle(qtbot)


def test_a_campaign_opened_while_the_list_is_still_asking_shows_its_run(
    qtbot: QtBot, stage: Stage[CampaignsPage]
) -> None:
    stage.shop.run("autumn", "finished", accepted=152_355)
    stage.page.refresh()
    opened(qtbot, stage)
    assert stage.page.editor.header.pill.text() == "Sent"


def test_the_list_tells_the_state_of_each_newest_run(qtbot: QtBot, stage: Stage[CampaignsPage]) -> None:
    stage.shop.run("autumn", "finished", accepted=5)
    stage.shop.changed("campaigns")
    qtbot.waitUntil(lambda: [line.cells[1] for line in stage.page.list.table.lines()] == ["", "finished"])


def test_a_campaign_shows_who_is_left_out_and_why(qtbot: QtBot, stage: Stage[CampaignsPage]) -> None:
    opened(qtbot, stage)
    entries = [(entry.name, entry.value) for entry in stage.page.editor.left_out.table.entries()]
    assert entries == [
        ("Matched", "184,442"), ("Opted out", "−2,011"), ("No e-mail address", "−8,234"), ("Same address twice", "−40"),
        ("Will get it", "174,157"),
    ]  # fmt: skip
    assert stage.page.editor.audience.note.text() == "184,442 match · 174,157 get it"
    assert find(stage.page.editor, Text, "message_lines").text().startswith("Anna, a warm welcome")


def test_new_is_filled_in_by_picking_and_saves_itself(qtbot: QtBot, stage: Stage[CampaignsPage]) -> None:
    qtbot.mouseClick(find(stage.page.list, QPushButton, "new_campaign"), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: bool(stage.page.campaign_id()))
    stage.settle(qtbot)
    editor = stage.page.editor
    qtbot.keyClicks(editor.name, "Spring")
    pick(qtbot, stage, "segment_id", "Loyal")
    pick(qtbot, stage, "template_id", "Wel")
    pick(qtbot, stage, "channel_id", "Sand")
    document = stage.page.document()
    assert document is not None
    qtbot.waitUntil(lambda: document.is_saved and stage.bridge.waiting() == 0)
    campaign = stored(stage, stage.page.campaign_id())
    assert campaign.name == "Spring"
    assert all((campaign.segment_id, campaign.template_id, campaign.channel_id))
    assert [document.stack.text(at) for at in range(document.stack.count())] == [
        "Change name", "Choose the audience", "Choose the message", "Choose the channel",
    ]  # fmt: skip


def test_what_is_typed_with_pauses_is_one_version(qtbot: QtBot, stage: Stage[CampaignsPage]) -> None:
    opened(qtbot, stage)
    for _ in range(3):
        qtbot.keyClicks(stage.page.editor.name, "!")
        stage.page.leave()
        stage.settle(qtbot)
    assert stage.shop.stored["campaigns"]["autumn"][0].version == 2


def test_the_sandbox_is_offered_first_even_where_there_is_none(qtbot: QtBot) -> None:
    shop = Shop()
    shop.put("campaigns", Campaign(name="First"), "first")
    stage = Stage(qtbot, shop, CampaignsPage)
    opened(qtbot, stage, "first")
    pick(qtbot, stage, "channel_id", "")
    qtbot.waitUntil(lambda: len(shop.stored["channels"]) == 1)
    stage.settle(qtbot)
    qtbot.waitUntil(lambda: stored(stage, "first").channel_id in shop.stored["channels"])


def test_launching_an_incomplete_campaign_marks_every_card_and_goes_to_the_first(
    qtbot: QtBot, stage: Stage[CampaignsPage]
) -> None:
    opened(qtbot, stage, "winback")
    message = find(stage.page.editor, Text, "problem_template_id")
    assert not message.isVisible()
    qtbot.mouseClick(find(stage.page.editor, QPushButton, "launch"), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(message.isVisible)
    assert find(stage.page.editor, Text, "problem_channel_id").isVisible()
    assert stage.window.focusWidget() is stage.page.editor.message.chip
    assert stage.window.findChild(Sheet, "launch_sheet") is None


def test_the_sheet_tells_count_sender_channel_time_and_first_recipients(
    qtbot: QtBot, stage: Stage[CampaignsPage]
) -> None:
    opened(qtbot, stage)
    stage.page.launch()
    qtbot.waitUntil(lambda: stage.window.findChild(Sheet, "launch_sheet") is not None)
    sheet = find(stage.window, Sheet, "launch_sheet")
    words = "\n".join(label.text() for label in sheet.findChildren(Text))
    for expected in (
        "174,157", "10,285 of 184,442 are left out", "Northwind <news@example.com>", "Sandbox", "about 42 s",
        "anna.0@example.com", "Anna, the quiet light",
    ):  # fmt: skip
        assert expected in words
    assert sheet.primary is not None
    assert sheet.primary.text() == "Send to 174,157 people"
    qtbot.keyClick(sheet, Qt.Key.Key_Escape)
    assert stage.shop.all_runs == []


@pytest.mark.parametrize("checked", [False, True])
def test_a_launch_is_let_go_when_another_campaign_is_opened_meanwhile(
    qtbot: QtBot,
    stage: Stage[CampaignsPage],
    checked: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    whole = stored(stage, "autumn").model_copy(update={"name": "Spring"})
    stage.shop.put("campaigns", whole, "spring")
    opened(qtbot, stage, "spring")
    check, get = stage.shop.hold("campaigns.check"), stage.shop.hold("campaigns.get")
    stage.page.launch()
    stage.page.open("autumn")
    if checked:
        check.set()
        qtbot.waitUntil(lambda: stage.shop.asked[-1][0] == "sheet")
        get.set()
    else:
        stage.page.open("")  # leaves it before anything was answered
        stage.page.open("autumn")
        get.set()
        check.set()
    qtbot.waitUntil(lambda: stage.page.campaign_id() == "autumn")
    stage.settle(qtbot)
    assert stage.window.findChild(Sheet, "launch_sheet") is None
    assert stage.said == []


def test_the_sheet_launches_the_campaign_that_it_tells_of(qtbot: QtBot, stage: Stage[CampaignsPage]) -> None:
    opened(qtbot, stage)
    stage.page.launch()
    qtbot.waitUntil(lambda: stage.window.findChild(Sheet, "launch_sheet") is not None)
    opened(qtbot, stage, "winback")
    find(stage.window, Sheet, "launch_sheet").accept()
    stage.settle(qtbot)
    assert [run.campaign_id for run in stage.shop.all_runs] == ["autumn"]


def test_what_keeps_a_campaign_from_launching_is_not_shown_at_the_cards_of_another(
    qtbot: QtBot, stage: Stage[CampaignsPage]
) -> None:
    opened(qtbot, stage)
    stage.page.launch()
    qtbot.waitUntil(lambda: stage.window.findChild(Sheet, "launch_sheet") is not None)
    problem = Problem("channel_id", Words("{text}", {"text": "The channel is gone."}))
    stage.shop.answers["launch"] = AskError("The channel is gone.", (problem,))
    opened(qtbot, stage, "winback")
    find(stage.window, Sheet, "launch_sheet").accept()
    qtbot.waitUntil(lambda: stage.said == ["The channel is gone."])
    assert not find(stage.page.editor, Text, "problem_channel_id").isVisible()


def test_ten_seconds_to_undo(qtbot: QtBot, stage: Stage[CampaignsPage]) -> None:
    launched(qtbot, stage)
    run = stage.page.editor.run
    assert 8 < run.seconds_left() <= 10
    assert run.rest.text().startswith("Sending begins in ")
    assert not find(stage.page.editor, QPushButton, "launch_again").isVisible()
    assert [button.property("kind") for button in (run.undo, stage.page.editor.results)] == ["primary", ""]
    qtbot.mouseClick(run.undo, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: stage.page.editor.header.pill.text() == "Cancelled")
    assert stage.shop.all_runs[0].state == "cancelled"
    qtbot.waitUntil(find(stage.page.editor, QPushButton, "launch_again").isVisible)


def test_sending_is_followed_live_and_can_be_paused_resumed_and_cancelled(
    qtbot: QtBot, stage: Stage[CampaignsPage]
) -> None:
    launched(qtbot, stage)
    run = stage.page.editor.run
    number = stage.shop.all_runs[0].run_id
    stage.shop.move(number, "sending", accepted=87_078, planned=87_079)
    stage.shop.all_runs[0] = stage.shop.all_runs[0].model_copy(update={"rate": 4354.0})
    stage.shop.changed("outbox")
    qtbot.waitUntil(lambda: run.rest.text() == "4,354/s · 20 s left")
    assert run.bar.share() == pytest.approx(0.5, abs=0.01)
    assert "87,078 accepted" in run.figures.accessibleName()
    qtbot.mouseClick(run.pause, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(run.resume.isVisible)
    qtbot.mouseClick(run.resume, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(run.cancel.isVisible)
    qtbot.mouseClick(run.cancel, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: stage.shop.all_runs[0].state == "cancelled")
    stage.settle(qtbot)


def test_a_finished_run_leads_to_its_results(qtbot: QtBot, stage: Stage[CampaignsPage]) -> None:
    launched(qtbot, stage)
    stage.shop.move(stage.shop.all_runs[0].run_id, "finished", accepted=174_157)
    stage.shop.changed("outbox")
    qtbot.waitUntil(lambda: stage.page.editor.header.pill.text() == "Sent")
    qtbot.mouseClick(find(stage.page.editor, QPushButton, "open_results"), Qt.MouseButton.LeftButton)
    assert stage.went == [("reports", "autumn")]


@pytest.mark.parametrize(("button", "accepted"), [("count_as_sent", 174_157), ("send_again", 174_154)])
def test_unknown_messages_are_explained_and_settled_by_the_person(
    qtbot: QtBot, stage: Stage[CampaignsPage], button: str, accepted: int
) -> None:
    launched(qtbot, stage)
    stage.shop.move(stage.shop.all_runs[0].run_id, "finished", accepted=174_154, unknown=3)
    stage.shop.changed("outbox")
    card = stage.page.editor.unknown
    qtbot.waitUntil(card.isVisible)
    assert card.title.text() == "3 messages are unknown"
    qtbot.mouseClick(find(card, QPushButton, button), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not card.isVisible())
    assert stage.shop.all_runs[0].states["accepted"] == accepted


def test_the_sender_of_this_campaign_is_edited_in_place(qtbot: QtBot, stage: Stage[CampaignsPage]) -> None:
    opened(qtbot, stage)
    qtbot.mouseClick(find(stage.page.editor, QPushButton, "sender"), Qt.MouseButton.LeftButton)
    line = find(stage.window, QLineEdit, "from_address")
    qtbot.keyClicks(line, "anna@example.com")
    document = stage.page.document()
    assert document is not None
    qtbot.waitUntil(lambda: document.is_saved and stage.bridge.waiting() == 0)
    assert stored(stage, "autumn").from_address == "anna@example.com"
    assert document.stack.count() == 1


def test_names_from_outside_are_plain_text(qtbot: QtBot, stage: Stage[CampaignsPage]) -> None:
    stage.shop.put("campaigns", Campaign(name="<h1>Big & bold</h1> 🎉" * 8), "garbage")
    stage.page.refresh()
    opened(qtbot, stage, "garbage")
    assert stage.page.editor.name.text().startswith("<h1>Big & bold</h1> 🎉")
    assert stage.page.editor.width() <= stage.window.width()


def test_news_of_a_send_leave_the_choices_and_the_message_alone(
    qtbot: QtBot, stage: Stage[CampaignsPage], monkeypatch: pytest.MonkeyPatch
) -> None:
    opened(qtbot, stage)
    shown: list[str] = []
    offered: list[list[str]] = []
    monkeypatch.setattr(stage.page.editor.message, "show_message", lambda subject, _text: shown.append(subject))
    monkeypatch.setattr(
        stage.page.editor,
        "show_choices",
        lambda choices: offered.append([choice.text for choice in (*choices.segments, *choices.templates)]),
    )
    before = asked(stage, "runs")
    stage.shop.changed("outbox")
    qtbot.waitUntil(lambda: asked(stage, "runs") > before)
    stage.settle(qtbot)
    assert (shown, offered) == ([], [])

    template_id = stored(stage, "autumn").template_id
    stage.shop.put("templates", Template(name="Shorter", subject="Hello", html="<p>Hello</p>"), template_id)
    stage.shop.changed("templates")
    qtbot.waitUntil(lambda: shown == ["Hello"])
    assert offered == [["Everyone", "Loyal, quiet this week", "Shorter", "Autumn letter"]]


def test_delete_offers_to_bring_it_back(qtbot: QtBot, stage: Stage[CampaignsPage]) -> None:
    opened(qtbot, stage)
    stage.page.delete("autumn")
    qtbot.waitUntil(lambda: len(stage.page.list.table.lines()) == 1)
    toast = stage.window.findChild(Toast)
    assert toast is not None
    toast.undo()
    qtbot.waitUntil(lambda: len(stage.page.list.table.lines()) == 2)


def test_a_template_or_segment_can_be_given_on_the_way(qtbot: QtBot, stage: Stage[CampaignsPage]) -> None:
    stage.page.open("new?template_id=te2&segment_id=se6&nonsense=1")
    qtbot.waitUntil(lambda: bool(stage.page.campaign_id()))
    stage.settle(qtbot)
    campaign = stored(stage, stage.page.campaign_id())
    assert (campaign.template_id, campaign.segment_id) == ("te2", "se6")


def test_every_control_has_a_name_for_screen_readers(qtbot: QtBot, stage: Stage[CampaignsPage]) -> None:
    launched(qtbot, stage)
    shown = [widget for widget in stage.page.editor.findChildren(QWidget) if widget.isVisible()]
    stops = [widget for widget in shown if widget.focusPolicy() & Qt.FocusPolicy.TabFocus]
    assert len(stops) > 8
    assert [widget.objectName() for widget in stops if not widget.accessibleName()] == []


def test_the_clock_of_undo_counts_down(qtbot: QtBot, stage: Stage[CampaignsPage]) -> None:
    launched(qtbot, stage)
    run = stage.page.editor.run
    status = run.status()
    assert status is not None
    run.show_status(status.model_copy(update={"starts": datetime.now(UTC) + timedelta(seconds=2.2)}))
    qtbot.waitUntil(lambda: run.rest.text() == "Sending begins in 1 second", timeout=4000)
