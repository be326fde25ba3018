"""Answers that come late, and people who change, while a campaign is in the editor."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from tests.gui.finding import find
from tests.gui.shop import Shop, furnished
from tests.gui.stage import Stage
from workbench.gui.campaigns.page import CampaignsPage
from workbench.gui.parts.picker import Picker
from workbench.gui.parts.text import Text
from workbench.plan.campaign import Campaign
from workbench.plan.template import Rendered


@pytest.fixture
def stage(qtbot: QtBot) -> Stage[CampaignsPage]:
    return Stage(qtbot, furnished(), CampaignsPage)


def opened(qtbot: QtBot, stage: Stage[CampaignsPage], campaign_id: str) -> None:
    stage.page.open(campaign_id)
    qtbot.waitUntil(lambda: stage.page.campaign_id() == campaign_id)


def lines(stage: Stage[CampaignsPage]) -> str:
    return find(stage.page.editor, Text, "message_lines").text()


def previews(stage: Stage[CampaignsPage]) -> int:
    return sum(name == "preview" for name, _args, _slot in stage.shop.asked)


@pytest.mark.parametrize("late", ["templates.get", "templates.preview"])
def test_a_late_preview_does_not_fill_the_card_of_another_campaign(
    qtbot: QtBot, stage: Stage[CampaignsPage], late: str
) -> None:
    go_on = stage.shop.hold(late)
    stage.page._edit("autumn", Campaign.from_json(stage.shop.get("campaigns", "autumn")))
    if late == "templates.preview":
        qtbot.waitUntil(lambda: previews(stage) == 1)
    stage.page._edit("winback", Campaign(name="Win back"))
    go_on.set()
    stage.settle(qtbot)
    assert stage.page.campaign_id() == "winback"
    assert lines(stage) == ""


def test_the_same_campaign_opened_again_shows_its_message(qtbot: QtBot, stage: Stage[CampaignsPage]) -> None:
    for _ in range(2):
        opened(qtbot, stage, "autumn")
        stage.settle(qtbot)
        assert lines(stage).startswith("Anna, a warm welcome")
        stage.page.open("")


def test_the_preview_is_renewed_when_people_have_changed_once_a_second_at_most(
    qtbot: QtBot, stage: Stage[CampaignsPage]
) -> None:
    opened(qtbot, stage, "autumn")
    stage.settle(qtbot)
    before = previews(stage)
    stage.shop.answers["templates.preview"] = Rendered(subject="Hello", html="", text="Berta, a warm welcome")
    for _ in range(5):
        stage.shop.changed("endpoints")
    qtbot.waitUntil(lambda: lines(stage).startswith("Berta"))
    assert previews(stage) == before + 1
    qtbot.waitUntil(lambda: previews(stage) == before + 2, timeout=3000)


def test_the_preview_is_renewed_on_return_when_people_changed_meanwhile(
    qtbot: QtBot, stage: Stage[CampaignsPage]
) -> None:
    opened(qtbot, stage, "autumn")
    stage.settle(qtbot)
    stage.page.hide()
    before = previews(stage)
    stage.shop.answers["templates.preview"] = Rendered(subject="Hello", html="", text="Berta, a warm welcome")
    stage.shop.changed("endpoints")
    stage.settle(qtbot)
    assert previews(stage) == before
    stage.page.show()
    stage.page.refresh()
    qtbot.waitUntil(lambda: lines(stage).startswith("Berta"))


def test_a_sandbox_made_late_is_chosen_for_the_campaign_it_was_made_for(qtbot: QtBot) -> None:
    shop = Shop()
    for name in ("First", "Second"):
        shop.put("campaigns", Campaign(name=name), name.lower())
    stage = Stage(qtbot, shop, CampaignsPage)
    opened(qtbot, stage, "first")
    stage.settle(qtbot)
    qtbot.mouseClick(find(stage.page.editor, QPushButton, "channel_id"), Qt.MouseButton.LeftButton)
    line = find(find(stage.window, Picker, "channel_id_picker"), QLineEdit, "channel_id_picker_line")
    go_on = shop.hold("channels.save")
    qtbot.keyClick(line, Qt.Key.Key_Return)
    stage.page._edit("second", Campaign(name="Second"))
    go_on.set()
    qtbot.waitUntil(lambda: bool(Campaign.from_json(shop.get("campaigns", "first")).channel_id))
    stage.settle(qtbot)
    assert not Campaign.from_json(shop.get("campaigns", "second")).channel_id
    assert stage.page.editor.name.text() == "Second"
