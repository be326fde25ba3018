from pathlib import Path

import pytest

from tests.kit import CommandLine


@pytest.fixture(autouse=True)
def nobody_else(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The environment of the person who runs the tests must not reach them."""
    for name in ("WORKBENCH_WORKSPACE", "WORKBENCH_KEY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("WORKBENCH_LANGUAGE", "en")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("COLUMNS", "200")


@pytest.fixture
def shop(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> CommandLine:
    """The command line on a new workspace."""
    line = CommandLine(capsys, tmp_path / "shop.workbench")
    said = line.bare("new", str(line.workspace), "--name", "Shop", "--timezone", "UTC", "--sender", "news@example.com")
    assert said.code == 0, said.err
    return line
