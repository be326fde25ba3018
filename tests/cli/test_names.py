"""States, decisions and lines of reports are told in the language of the person, and stay what they are in JSON."""

import json
import re
from typing import get_args

import pytest

from tests.kit import CommandLine
from workbench import app
from workbench.cli import names
from workbench.cli.failure import Code
from workbench.plan.campaign import Decision, MessageState, RunState


@pytest.mark.parametrize(
    ("named", "every"),
    [(names.run_state, RunState), (names.message_state, MessageState), (names.decision, Decision)],
)
def test_every_state_and_decision_has_a_name_in_russian(named: object, every: object) -> None:
    assert callable(named)
    app.speak("ru")
    try:
        told = [named(each) for each in get_args(every)]
    finally:
        app.speak("en")
    assert [word for word in told if re.search("[a-z]", word)] == []
    assert len(set(told)) == len(told)


def test_an_unknown_language_is_refused_as_json_where_that_is_asked_for(shop: CommandLine) -> None:
    said = shop.bare("segment", "list", "--language", "tlh", "--json")
    assert (said.code, said.err) == (Code.USAGE, "")
    assert json.loads(said.out) == {
        "error": "--language takes one of en, ru, not tlh.", "code": Code.USAGE, "problems": [],
    }  # fmt: skip


def test_a_report_names_its_lines(shop: CommandLine) -> None:
    said = shop("report", "messages", "--start", "2026-01-01", "--end", "2026-01-02", "--language", "ru")
    assert said.out.splitlines()[0].split("\t")[1:] == ["отправлено", "доставлено", "не удалось"]
    told = shop.answer("report", "messages", "--start", "2026-01-01", "--end", "2026-01-02", "--language", "ru")
    assert [line["name"] for line in told["lines"]] == ["sent", "delivered", "failed"]
