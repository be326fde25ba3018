from datetime import date

import pytest
from pydantic import ValidationError

from workbench.plan.report import Line, Question, Series


def test_a_question_survives_its_json() -> None:
    question = Question(
        measure="events", start=date(2026, 3, 1), end=date(2026, 3, 31), bucket="day", event_types=("purchase", "a b")
    )
    assert Question.from_json(question.to_json()) == question


@pytest.mark.parametrize("fault", [{"measure": "mood"}, {"bucket": "fortnight"}, {"start": "soon"}, {"limit": 5}])
def test_a_question_that_makes_no_sense_is_refused(fault: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Question.model_validate(fault)


def test_a_series_survives_its_json() -> None:
    series = Series(
        question=Question(),
        timezone="Europe/Berlin",
        buckets=("2026-03-29T00:00:00+01:00", "2026-03-30T00:00:00+02:00"),
        lines=(Line(name="sent", values=(1, 2)),),
        definition="What was sent.",
        sql="SELECT 1",
    )
    assert Series.model_validate_json(series.model_dump_json()) == series
