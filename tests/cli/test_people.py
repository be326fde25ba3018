"""What people may ask for, on the command line."""

from pathlib import Path

from tests.kit import CommandLine, write_lines
from workbench.cli.failure import Code

ROWS = ["Id,ChannelType,Address,User.UserId,Attributes.plan", "e1,EMAIL,ann@example.com,u1,pro", "e2,EMAIL,bob@x.de,,"]


def test_a_person_is_shown_and_erased(shop: CommandLine, tmp_path: Path) -> None:
    shop.answer("import", write_lines(tmp_path / "people.csv", ROWS), "--as", "endpoints")
    assert "Attributes.plan: pro" in shop("person", "show", "e1").out
    assert [each["address"] for each in shop.answer("person", "show", "e1")["endpoints"]] == ["ann@example.com"]
    assert shop("person", "erase", "e1").code == Code.REFUSED
    assert shop("person", "erase").code == Code.USAGE
    listed = write_lines(tmp_path / "ids.txt", ["e1", "", "nobody"])
    erased = shop.answer("person", "erase", "--file", listed, "--yes")
    assert erased == {"endpoints": 1, "events": 0, "messages": 0, "unknown": ["nobody"]}
    assert shop("person", "show", "e1").code == Code.NOT_FOUND
    assert shop("person", "erase", "e1", "--yes").code == Code.NOT_FOUND
