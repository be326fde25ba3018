"""Removal from everyone, on the command line, and what names it is told before."""

import json
from pathlib import Path

import pytest

from tests.kit import CommandLine, write_json, write_lines
from workbench.cli.failure import Code

SECRET = "Kx93vQz7Lp"  # noqa: S105 - a value to look for
PEOPLE = [
    "Id,ChannelType,Address,Attributes.plan,Metrics.plan",
    f"e1,EMAIL,a@example.com,{SECRET},3",
    "e2,EMAIL,b@x.de,,",
]


@pytest.fixture
def full(shop: CommandLine, tmp_path: Path) -> CommandLine:
    """People, events, and a segment and a template that name an attribute and an event."""
    shop.answer("import", write_lines(tmp_path / "people.csv", PEOPLE), "--as", "endpoints")
    event = {"endpoint_id": "e1", "type": "visit", "attributes": {"page": SECRET}}
    moments = [
        ("a", "visit", "2026-01-01T10:00:00Z"),
        ("b", "visit", "2026-02-01T10:00:00Z"),
        ("c", "buy", "2026-01-01T10:00:00Z"),
    ]
    lines = [json.dumps(event | {"id": name, "type": kind, "at": at}) for name, kind, at in moments]
    shop.answer("event", "add", write_lines(tmp_path / "events.ndjson", lines))
    rules = [
        {"kind": "attribute", "name": "plan", "operator": "is", "values": ["pro"]},
        {"kind": "behaviour", "event": "visit"},
    ]
    segment = {"name": "Planned", "root": {"kind": "group", "items": rules}}
    shop.answer("segment", "put", write_json(tmp_path / "s.json", segment))
    letter = {"name": "Letter", "subject": "{{ Attributes.plan }}", "html": "", "text": "x"}
    shop.answer("template", "put", write_json(tmp_path / "t.json", letter))
    for each in ("people.csv", "events.ndjson"):
        (tmp_path / each).unlink()
    return shop


def is_in_file(line: CommandLine) -> bool:
    return SECRET.encode() in line.workspace.read_bytes()


def test_attributes_are_listed_and_removed_by_pattern(full: CommandLine) -> None:
    assert full.answer("attribute", "list") == [
        {"name": "Attributes.plan", "count": 1}, {"name": "Metrics.plan", "count": 1},
    ]  # fmt: skip
    would = full.answer("attribute", "remove", "Attributes.pl*", "--dry-run")
    assert would == {
        "removed": [{"name": "Attributes.plan", "count": 1}], "segments": ["Planned"], "templates": ["Letter"],
    }  # fmt: skip
    said = full("attribute", "remove", "Attributes.pl*")
    assert said.code == Code.REFUSED
    assert "Segments that ask for it: Planned\nTemplates that show it: Letter\n" in said.err
    assert "remove Attributes.plan for good" in said.err
    assert is_in_file(full)
    assert full.answer("attribute", "remove", "Attributes.pl*", "--yes") == would
    assert [each["name"] for each in full.answer("attribute", "list")] == ["Metrics.plan"]
    assert full.answer("person", "show", "e1")["endpoints"][0]["attributes"] == {}
    said = full("attribute", "remove", "Attributes.plan", "--yes")
    assert (said.code, "Nobody has Attributes.plan." in said.err) == (Code.REFUSED, True)


def test_events_are_removed_by_type_and_age(full: CommandLine) -> None:
    assert full("event", "remove", "--yes").code == Code.USAGE
    would = full.answer("event", "remove", "visit", "--before", "2026-01-02", "--dry-run")
    assert would == {"removed": [{"name": "visit", "count": 1}], "segments": ["Planned"], "templates": []}
    assert full("event", "remove", "visit", "--before", "2026-01-02").code == Code.REFUSED
    assert full.answer("event", "remove", "visit", "--before", "2026-01-02", "--yes") == would
    assert full.answer("workspace", "show")["events"] == 2
    assert full.answer("event", "remove", "--before", "2027-01-01", "--yes", "--no-rewrite")["removed"] == [
        {"name": "buy", "count": 1}, {"name": "visit", "count": 1},
    ]  # fmt: skip
    series = full.answer("report", "events", "--start", "2026-01-01", "--end", "2026-02-02")
    assert sum(sum(line["values"]) for line in series["lines"]) == 0
    assert "There is no event" in full("event", "remove", "visit", "--yes").err


def test_no_byte_of_what_was_removed_is_left(full: CommandLine) -> None:
    full.answer("event", "remove", "*", "--yes", "--no-rewrite")
    full.answer("attribute", "remove", "*", "--yes")
    assert not is_in_file(full)
