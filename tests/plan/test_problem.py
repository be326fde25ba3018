import pytest
from pydantic import ValidationError

from workbench.plan import workspace
from workbench.plan.definition import problems_of
from workbench.plan.problem import Problem
from workbench.plan.segment import Segment
from workbench.plan.words import Words
from workbench.plan.workspace import Workspace


def test_a_problem_reads_as_what_is_wrong_and_what_to_do() -> None:
    assert str(Problem("host", Words("No host."), Words("Type one."))) == "No host. Type one."
    assert str(Problem("host", Words("No host."))) == "No host."


def test_a_problem_blocks_unless_it_is_advice() -> None:
    assert Problem("x", Words("y")).blocks
    assert not Problem("x", Words("y"), blocks=False).blocks


def test_a_parser_complains_at_the_field() -> None:
    text = '{"name": 5, "root": {"kind": "group", "items": [{"kind": "metric", "value": "much"}]}}'
    with pytest.raises(ValidationError) as caught:
        Segment.from_json(text)
    assert [problem.where for problem in problems_of(caught.value)] == ["name", "root.items.0.metric.value"]
    assert all(str(problem) for problem in problems_of(caught.value))


def test_braces_in_a_complaint_are_text() -> None:
    with pytest.raises(ValidationError) as caught:
        Segment.from_json('{"{name}": 1}')
    assert problems_of(caught.value)[0].where == "{name}"


def test_workspace_settings_are_checked_at_their_fields() -> None:
    assert workspace.check(Workspace()) == ()
    found = workspace.check(Workspace(name="", timezone="Mars/Olympus"))
    assert [problem.where for problem in found] == ["name", "timezone"]
    assert "Mars/Olympus" in str(found[1])
