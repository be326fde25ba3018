"""The start page: its steps lead on."""

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from tests.gui.finding import find
from tests.gui.scripted import overview
from tests.gui.shop import Shop, furnished
from tests.gui.stage import Stage
from workbench.gui.parts.button import Button
from workbench.gui.start.page import StartPage
from workbench.gui.start.steps import steps
from workbench.plan.campaign import Campaign


def press(qtbot: QtBot, stage: Stage[StartPage], step: str) -> str:
    """Press the button of a step, and give what it said."""
    button = find(stage.page, Button, f"step_{step}_action")
    words = button.text()
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: bool(stage.went))
    return words


def test_a_draft_is_opened_instead_of_the_list(qtbot: QtBot) -> None:
    stage = Stage(qtbot, Shop(), StartPage)
    stage.shop.put("campaigns", Campaign(name="Older"), "older")
    stage.shop.put("campaigns", Campaign(name="New season"), "season")
    stage.shop.changed("campaigns")
    qtbot.waitUntil(lambda: find(stage.page, Button, "step_send_action").text() == "Open the draft")
    press(qtbot, stage, "send")
    assert stage.went == [("campaigns", "season")]


def test_without_a_draft_a_campaign_is_made(qtbot: QtBot) -> None:
    stage = Stage(qtbot, Shop(), StartPage)
    assert press(qtbot, stage, "send") == "Make a campaign"
    assert stage.went == [("campaigns", "new")]


def test_a_sent_campaign_leads_to_the_list(qtbot: QtBot) -> None:
    shop = furnished()
    shop.answers["overview"] = overview(endpoints=5, campaigns=2, runs=1, sandbox_runs=1, outbox=12, mailbox=12)
    stage = Stage(qtbot, shop, StartPage)
    assert press(qtbot, stage, "send") == "See campaigns"
    assert stage.went == [("campaigns", "")]


@pytest.mark.parametrize(
    ("sandbox_runs", "titles", "page"),
    [
        (1, ("Send it to the sandbox", "Read what arrived"), "mailbox"),
        (0, ("Send it", "Read what the server said"), "outbox"),
    ],
)
def test_only_what_went_to_the_sandbox_is_said_to_have_gone_there(
    sandbox_runs: int, titles: tuple[str, str], page: str
) -> None:
    mails = 12 * sandbox_runs
    found = {
        step.key: step
        for step in steps(overview(endpoints=5, runs=1, sandbox_runs=sandbox_runs, outbox=12, mailbox=mails))
    }
    assert (found["send"].title, found["read"].title) == titles
    assert all(found[key].done for key in ("send", "read", "results"))
    assert found["read"].page == page


def test_before_the_first_send_the_sandbox_is_suggested() -> None:
    found = {step.key: step for step in steps(overview(endpoints=5))}
    assert found["send"].title == "Send it to the sandbox"
    assert not any(found[key].done for key in ("send", "read", "results"))
