import os
import stat
from pathlib import Path

import pytest

from workbench.engine import doorbell
from workbench.engine.doorbell import Bell

OLDER = {"token": "older"}
NEWER = {"token": "newer"}


def bell(**changes: object) -> Bell:
    start: dict[str, object] = {"pid": os.getpid(), "url": "http://127.0.0.1:9", "token": "t", "door": "run"}
    return Bell.model_validate({**start, "version": "0", **changes})


def test_a_bell_hangs_beside_the_file_for_its_owner_only(tmp_path: Path) -> None:
    workspace = tmp_path / "shop.workbench"
    doorbell.hang(workspace, bell())
    hanging = tmp_path / "shop.workbench.lock"
    assert doorbell.read(workspace) == bell()
    if os.name != "nt":
        assert stat.S_IMODE(hanging.stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == [hanging.name]


def test_only_its_own_bell_is_taken_down(tmp_path: Path) -> None:
    workspace = tmp_path / "shop.workbench"
    doorbell.hang(workspace, bell(**NEWER))
    doorbell.take_down(workspace, bell(**OLDER))
    assert doorbell.read(workspace) == bell(**NEWER)
    doorbell.take_down(workspace, bell(**NEWER))
    assert doorbell.read(workspace) is None


@pytest.mark.parametrize("content", ["", "{}", "[1]", '{"pid": "x"}', "\x00"])
def test_a_bell_that_is_no_bell_is_none(tmp_path: Path, content: str) -> None:
    workspace = tmp_path / "shop.workbench"
    doorbell.bell_path(workspace).write_text(content, encoding="utf-8")
    assert doorbell.read(workspace) is None


def test_a_link_to_a_workspace_leads_to_the_same_bell(tmp_path: Path) -> None:
    workspace = tmp_path / "shop.workbench"
    workspace.touch()
    link = tmp_path / "link.workbench"
    link.symlink_to(workspace)
    assert doorbell.bell_path(link) == doorbell.bell_path(workspace)


def test_nobody_answers_at_a_bell_that_was_left_behind(tmp_path: Path) -> None:
    workspace = tmp_path / "shop.workbench"
    doorbell.hang(workspace, bell())
    assert doorbell.answering(workspace) is None
    assert not doorbell.raise_window(bell())
