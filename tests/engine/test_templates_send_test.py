"""A template sent to oneself through the real sandbox, and previews of templates that are half written."""

from pathlib import Path

import pytest

from tests.kit import engine_on
from workbench.engine import channels, templates, workspace
from workbench.engine.desk import AskError
from workbench.plan.channel import SandboxChannel
from workbench.plan.template import Template
from workbench.plan.workspace import Workspace

LETTER = Template(name="Letter", subject="Hello {{ Id }}", html="<p>Good day</p>")


def test_the_rendered_template_arrives_at_the_address_alone(tmp_path: Path) -> None:
    with engine_on(tmp_path / "shop.workbench") as engine:
        engine.ask(workspace.save_settings, Workspace(sender_address="news@example.com")).result()
        channel_id = engine.ask(channels.save, SandboxChannel()).result()
        answer = engine.ask(templates.send_test, LETTER, channel_id, "me@example.com").result()
        assert answer.works, answer
        [mail] = engine.ask(channels.mailbox).result()
        assert (mail.recipient, mail.subject) == ("me@example.com", "Hello")
        message = engine.ask(channels.message, mail.id).result()
        assert "Good day" in message.html
        assert "Good day" in message.text


def test_a_fault_is_told_and_nothing_is_sent(tmp_path: Path) -> None:
    faulty = LETTER.model_copy(update={"html": "{% if "})
    with engine_on(tmp_path / "shop.workbench") as engine:
        assert engine.ask(templates.preview, faulty).result().problem
        with pytest.raises(AskError):
            engine.ask(templates.send_test, faulty, "any", "me@example.com").result()
        assert engine.ask(channels.mailbox).result() == ()
