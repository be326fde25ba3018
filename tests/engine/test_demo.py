import time
from pathlib import Path

import pytest

from tests.kit import engine_on
from workbench.engine import activity, campaigns, demo, workspace
from workbench.engine.demo import DemoReport
from workbench.engine.desk import AskError
from workbench.engine.jobs import Cancelled


def test_the_sample_is_built_once_and_is_ready_to_send(tmp_path: Path) -> None:
    with engine_on(tmp_path / "sample.workbench") as engine:
        engine.ask(demo.prepare, people=300, days=30).result()
        first = engine.ask(demo.ready).result()
        assert first.endpoints >= 300
        assert 0 < first.segment_count < first.endpoints
        engine.ask(demo.prepare, people=300, days=30).result()
        assert engine.ask(demo.ready).result() == first
        assert engine.ask(campaigns.sheet, first.campaign_id).result().planned > 0
        assert engine.ask(demo.arrived).result() == 0


def test_a_sample_that_was_broken_off_is_built_to_its_end(tmp_path: Path) -> None:
    with engine_on(tmp_path / "sample.workbench") as engine:
        building = engine.ask(demo.prepare, people=3_000, days=90)
        while engine.ask(workspace.overview).result().endpoints == 0:
            time.sleep(0.005)
        # the people are there, and their events are under way
        for job in engine.ask(activity.jobs).result():
            engine.ask(activity.cancel, job.job_id).result()
        with pytest.raises(Cancelled):
            building.result()
        engine.ask(demo.prepare, people=3_000, days=90).result()
        ready = engine.ask(demo.ready).result()
        assert ready.events > 0
        assert engine.ask(campaigns.sheet, ready.campaign_id).result().planned > 0


def test_a_workspace_without_a_campaign_to_the_sandbox_says_so(tmp_path: Path) -> None:
    with engine_on(tmp_path / "mine.workbench") as engine, pytest.raises(AskError, match="--fresh"):
        engine.ask(demo.ready).result()
    with engine_on(tmp_path / "mine.workbench") as engine:
        assert engine.ask(workspace.overview).result().endpoints == 0


@pytest.mark.parametrize(
    ("changes", "whole"),
    [({}, True), ({"accepted": 9}, False), ({"arrived": 9}, False), ({"unknown": 1}, False), ({"planned": 11}, False)],
)
def test_a_report_is_whole_only_if_all_figures_agree(changes: dict[str, int], whole: bool) -> None:  # noqa: FBT001 - a parameter of the test
    figures = {"endpoints": 20, "events": 99, "segment_count": 12, "planned": 10, "left_out": 2}
    report = DemoReport(**{**figures, "accepted": 10, "arrived": 10, "unknown": 0, **changes}, seconds=1.0)
    assert report.is_whole is whole
