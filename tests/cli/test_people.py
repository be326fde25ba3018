"""What people may ask for, on the command line."""

import json
from pathlib import Path

import pytest

from tests.kit import CommandLine, write_json, write_lines
from workbench.cli.failure import Code

ROWS = ["Id,ChannelType,Address,User.UserId,Attributes.plan", "e1,EMAIL,ann@example.com,u1,pro", "e2,EMAIL,bob@x.de,,"]


def test_a_person_is_shown_and_erased(shop: CommandLine, tmp_path: Path) -> None:
    shop.answer("import", write_lines(tmp_path / "people.csv", ROWS), "--as", "endpoints")
    assert "Attributes.plan: pro" in shop("person", "show", "e1").out
    assert [each["address"] for each in shop.answer("person", "show", "ANN@example.com")["endpoints"]] == [
        "ann@example.com"
    ]
    saved = shop.answer("person", "show", "u1", "--save", str(tmp_path / "ann.html"))["path"]
    assert "ann@example.com" in Path(saved).read_text(encoding="utf-8")
    assert json.loads(Path(shop.answer("person", "show", "e1", "--save", str(tmp_path / "ann.json"))["path"]).read_text(
        encoding="utf-8"))["endpoints"][0]["id"] == "e1"  # fmt: skip
    assert shop("person", "show", "e1", "--save", str(tmp_path / "ann.doc")).code == Code.REFUSED
    said = shop("person", "erase", "e1")
    assert (said.code, "1 person would be erased" in said.err) == (Code.REFUSED, True)
    assert shop("person", "erase").code == Code.USAGE
    listed = write_lines(tmp_path / "ids.txt", ["ann@EXAMPLE.com", "", "nobody"])
    would = shop.answer("person", "erase", "--from", listed, "--dry-run")
    assert shop("person", "show", "e1").code == 0
    erased = shop.answer("person", "erase", "--from", listed, "--yes")
    assert would == erased
    assert erased == {
        "people": 1, "endpoints": 1, "events": 0, "messages": 0, "mails": 0, "rejected": 0, "unknown": ["nobody"],
    }  # fmt: skip
    assert shop("person", "show", "e1").code == Code.NOT_FOUND
    assert shop("person", "erase", "e1", "--yes").code == Code.NOT_FOUND


def test_all_members_of_a_segment_are_erased(shop: CommandLine, tmp_path: Path) -> None:
    shop.answer("import", write_lines(tmp_path / "people.csv", ROWS), "--as", "endpoints")
    rule = {"kind": "attribute", "name": "plan", "operator": "is", "values": ["pro"]}
    file = write_json(tmp_path / "pro.json", {"name": "Pro", "root": {"kind": "group", "items": [rule]}})
    shop.answer("segment", "put", file)
    assert shop.answer("person", "erase", "--segment", "pro", "--yes", "--no-rewrite")["people"] == 1
    assert shop("person", "show", "e1").code == Code.NOT_FOUND
    assert shop("person", "show", "e2").code == 0
    again = shop.answer("import", write_lines(tmp_path / "again.csv", ROWS), "--as", "endpoints")
    assert (again["added"], again["rejected"]) == (0, 1)


@pytest.mark.parametrize("kind", ["sandbox", "folder"])
def test_letters_that_were_written_go_with_who_got_them(shop: CommandLine, tmp_path: Path, kind: str) -> None:
    rows = ["Id,ChannelType,Address", "e1,EMAIL,ann@example.com", "e2,EMAIL,bob@example.com"]
    shop.answer("import", write_lines(tmp_path / "people.csv", rows), "--as", "endpoints")
    letter = {"name": "Letter", "subject": "Hi {{ Address }}", "html": "", "text": "Dear {{ Address }}"}
    shop.answer("template", "put", write_json(tmp_path / "t.json", letter))
    place = {"path": str(tmp_path / "letters")} if kind == "folder" else {}
    shop.answer("channel", "set", write_json(tmp_path / "c.json", {"kind": kind, "name": "Out", **place}))
    campaign = {"name": "Autumn", "template_id": "Letter", "channel_id": "Out"}
    shop.answer("campaign", "put", write_json(tmp_path / "campaign.json", campaign))
    shop.answer("campaign", "launch", "Autumn", "--undo", "0")
    assert written_for("ann", tmp_path)
    would = shop.answer("person", "erase", "ANN@example.com", "--dry-run")
    assert written_for("ann", tmp_path)
    assert would == shop.answer("person", "erase", "ANN@example.com", "--yes")
    assert (would["people"], would["messages"], would["mails"]) == (1, 1, 1)
    assert not written_for("ann", tmp_path)
    assert written_for("bob", tmp_path)
    run = shop.answer("campaign", "status", "Autumn")
    assert run["states"]["accepted"] == 2
    rows = shop.answer("campaign", "outbox", "Autumn")["rows"]
    assert [row["address"] for row in rows] == ["", "bob@example.com"]
    assert "ann@" not in json.dumps(rows).lower()
    said = shop("channel", "send-test", "Out", "ann@Example.com")
    assert (said.code, "erased" in said.err) == (Code.REFUSED, True)


def written_for(name: str, folder: Path) -> bool:
    """Whether any file that the program has written has the address, case aside."""
    files = (each for each in folder.rglob("*") if each.is_file() and each.name != "people.csv")
    return any(f"{name}@example.com".encode() in each.read_bytes().lower() for each in files)


def test_compacting_keeps_what_is_there(shop: CommandLine, tmp_path: Path) -> None:
    shop.answer("import", write_lines(tmp_path / "people.csv", ROWS), "--as", "endpoints")
    shop.answer("person", "erase", "e1", "--yes", "--no-rewrite")
    sizes = shop.answer("workspace", "compact")
    assert sizes["after"] <= sizes["before"]
    assert shop.workspace.stat().st_size == sizes["after"]
    assert shop.answer("workspace", "show")["endpoints"] == 1
