"""Where an export may be written."""

import shutil
from pathlib import Path

from tests.kit import CommandLine, write_lines
from workbench.cli.failure import Code

ROWS = ["ChannelType,Address", "EMAIL,ann@example.com"]


def test_a_file_that_is_there_is_replaced_only_when_told(shop: CommandLine, tmp_path: Path) -> None:
    shop.answer("import", write_lines(tmp_path / "people.csv", ROWS), "--as", "endpoints")
    target = tmp_path / "out.csv"
    target.write_text("mine", encoding="utf-8")
    said = shop("export", str(target))
    assert said.code == Code.REFUSED
    assert "out.csv already exists. Replace it with --force." in said.err
    assert target.read_text(encoding="utf-8") == "mine"
    assert shop.answer("export", str(target), "--force")["endpoints"] == 1
    assert "ann@example.com" in target.read_text(encoding="utf-8")


def test_the_workspace_is_never_written_over(shop: CommandLine, tmp_path: Path) -> None:
    line = CommandLine(shop._capsys, tmp_path / "shop.csv")  # a workspace may be called anything
    shutil.copy(shop.workspace, line.workspace)
    before = line("segment", "list").code, line.workspace.read_bytes()[:4096]
    said = line("export", str(line.workspace), "--force")
    assert said.code == Code.REFUSED
    assert "shop.csv is the workspace itself" in said.err
    assert (line("segment", "list").code, line.workspace.read_bytes()[:4096]) == before
