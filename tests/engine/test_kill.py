"""kill -9 during a send: nobody twice, nobody forgotten."""

from pathlib import Path

import pytest

from tests import kill


@pytest.mark.timeout(120)
def test_nobody_is_mailed_twice_or_forgotten(tmp_path: Path) -> None:
    figures = kill.measure(tmp_path, messages=2_000, kills=3, rate=800.0, seed=7)
    assert figures.kills == 3
    assert figures.twice == 0
    assert figures.forgotten == 0
    assert figures.accepted_and_missing == 0
    assert figures.unknown <= figures.connections * figures.kills
