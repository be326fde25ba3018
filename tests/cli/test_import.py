"""People and purchases as CDNOW's listing has them: blanks between columns, CRLF, one file for both."""

import csv
import gzip
import json
import random
from collections import Counter
from pathlib import Path

import pytest

from tests.kit import CommandLine, write_json, write_lines
from workbench import app
from workbench.cli.failure import Code

HEADER = " customer_id  date number_of_cds  dollar_value"


def listing(path: Path, customers: int = 300, seed: int = 7) -> list[tuple[str, str, int, str]]:
    """Write a listing; gives its rows. Two purchases of a person on one day may be alike."""
    chance = random.Random(seed)  # noqa: S311 - made-up people
    rows = []
    for customer in range(1, customers + 1):
        for _ in range(chance.choice((1, 1, 1, 2, 3, 4, 9))):
            date = f"1997{chance.randint(1, 12):02}{chance.randint(1, 28):02}"
            rows.append((f"{customer:05}", date, chance.randint(1, 9), f"{chance.randint(500, 9999) / 100:.2f}"))
    rows.append(rows[-1])
    lines = [f" {customer} {date} {cds:>2} {dollars:>7}" for customer, date, cds, dollars in rows]
    write_lines(path, [HEADER, *lines], end="\r\n")
    return rows


def example(name: str) -> str:
    return str(app.resources() / "examples" / name)


def test_a_listing_goes_in_as_people_and_as_purchases(shop: CommandLine, tmp_path: Path) -> None:
    source = tmp_path / "CDNOW_master.txt"
    rows = listing(source)
    people = shop.answer("import", str(source), "--as", "endpoints", "--mapping", example("cdnow-people.json"))
    assert (people["read"], people["added"], people["rejected"]) == (len(rows), 300, 0)
    purchases = shop.answer("import", str(source), "--mapping", example("cdnow-purchases.json"))
    assert (purchases["read"], purchases["added"], purchases["rejected"]) == (len(rows), len(rows), 0)
    figures = shop.answer("workspace", "show")
    assert (figures["endpoints"], figures["events"]) == (300, len(rows))

    bought = Counter(customer for customer, _, _, _ in rows)
    for times in (1, 3, 4, 9):
        rule = {"kind": "behaviour", "event": "purchase", "comparison": "at_least", "times": times, "days": None}
        segment = {"name": f"{times} times", "root": {"kind": "group", "mode": "all", "items": [rule]}}
        file = write_json(tmp_path / "segment.json", segment)
        expected = {customer for customer, count in bought.items() if count >= times}
        assert shop.answer("segment", "count", "--file", file)["matching"] == len(expected)
        members = shop.answer("segment", "members", "--file", file, "--columns", "User.UserId", "--limit", "1000")
        assert {row["User.UserId"] for row in members} == expected


def test_the_example_segment_counts_like_a_plain_loop(shop: CommandLine, tmp_path: Path) -> None:
    source = tmp_path / "CDNOW_master.txt"
    rows = listing(source, seed=11)
    for mapping in ("cdnow-people.json", "cdnow-purchases.json"):
        shop.answer("import", str(source), "--mapping", example(mapping))
    shop.answer("segment", "put", example("bought-three-times.json"))
    counts: dict[str, int] = {}
    for customer, _, _, _ in rows:
        counts[customer] = counts.get(customer, 0) + 1
    answer = shop.answer("segment", "count", "Bought at least 3 times")
    assert (answer["matching"], answer["total"]) == (sum(count >= 3 for count in counts.values()), 300)


def test_the_same_file_again_changes_nothing(shop: CommandLine, tmp_path: Path) -> None:
    source = tmp_path / "CDNOW_master.txt"
    listing(source)
    for mapping in ("cdnow-people.json", "cdnow-purchases.json"):
        shop.answer("import", str(source), "--mapping", example(mapping))
    before = shop.answer("workspace", "show")
    for mapping in ("cdnow-people.json", "cdnow-purchases.json"):
        again = shop.answer("import", str(source), "--mapping", example(mapping))
        assert (again["added"], again["updated"]) == (0, 0)
    after = shop.answer("workspace", "show")
    assert (after["endpoints"], after["events"]) == (before["endpoints"], before["events"])


PEOPLE = ("ChannelType,Address,User.UserId,Attributes.plan,Metrics.spent", "EMAIL,ann@example.com,u1,pro,12.5")


def test_pinpoints_own_names_need_no_mapping_and_may_be_packed(shop: CommandLine, tmp_path: Path) -> None:
    source = tmp_path / "people.csv.gz"
    source.write_bytes(gzip.compress("\n".join((*PEOPLE, "EMAIL,bob@example.com,u2,free,3")).encode()))
    report = shop.answer("import", str(source), "--as", "endpoints")
    assert (report["added"], report["rejected"]) == (2, 0)
    members = shop.answer("segment", "members", "--file", _everyone(tmp_path), "--columns", "Address,Attributes.plan")
    assert {(row["Address"], row["Attributes.plan"]) for row in members} == {
        ("ann@example.com", "pro"),
        ("bob@example.com", "free"),
    }


def test_several_sources_give_a_line_each(shop: CommandLine, tmp_path: Path) -> None:
    first = write_lines(tmp_path / "a.csv", PEOPLE)
    second = write_lines(tmp_path / "b.csv", (PEOPLE[0], "EMAIL,bob@example.com,u2,free,3"))
    said = shop("import", first, second, "--as", "endpoints", "--json")
    assert [json.loads(line)["added"] for line in said.out.splitlines()] == [1, 1]


def test_rejected_rows_are_written_down_with_their_reason(shop: CommandLine, tmp_path: Path) -> None:
    source = write_lines(
        tmp_path / "people.csv", (*PEOPLE, "PIGEON,x@example.com,u2,free,3", "EMAIL,y@example.com,u3,free,many")
    )
    rejects = tmp_path / "rejects.csv"
    said = shop("import", source, "--as", "endpoints", "--rejects", str(rejects), "--json")
    assert said.code == 0
    assert (said.json()["added"], said.json()["rejected"]) == (1, 2)
    with rejects.open(encoding="utf-8", newline="") as file:
        text = file.read()
    assert "PIGEON" in text
    assert "many" in text


def test_nothing_but_rejected_rows_is_a_failure(shop: CommandLine, tmp_path: Path) -> None:
    source = write_lines(tmp_path / "people.csv", (PEOPLE[0], "PIGEON,x@example.com,u2,free,3"))
    said = shop("import", source, "--as", "endpoints")
    assert said.code == Code.REFUSED
    assert "Every row was rejected" in said.err


def test_a_preview_imports_nothing(shop: CommandLine, tmp_path: Path) -> None:
    source = write_lines(tmp_path / "people.csv", PEOPLE)
    preview = shop.answer("import", source, "--preview", "--as", "endpoints")
    assert [column["name"] for column in preview["columns"]] == PEOPLE[0].split(",")
    shown = shop("import", source, "--preview", "--as", "endpoints")
    assert "Attributes.plan" in shown.out
    assert shop.answer("workspace", "show")["endpoints"] == 0


def test_a_mapping_that_does_not_fit_names_its_field(shop: CommandLine, tmp_path: Path) -> None:
    source = write_lines(tmp_path / "people.csv", PEOPLE)
    columns = [
        {"target": "Address", "source": "Address"},
        {"target": "Attributes.plan", "source": "Plan"},
        {"target": "ChannelType", "value": "EMAIL"},
    ]
    mapping = write_json(tmp_path / "mapping.json", {"kind": "endpoints", "columns": columns})
    for more in ((), ("--preview",)):
        said = shop("import", source, "--mapping", mapping, "--json", *more)
        assert said.code == Code.REFUSED
        assert [problem["where"] for problem in said.json()["problems"]] == ["columns.1.source"]
    assert shop("import", source, "--mapping", mapping, "--as", "events").code == Code.USAGE


def test_what_a_mapping_would_leave_out_is_told_before(shop: CommandLine, tmp_path: Path) -> None:
    source = write_lines(tmp_path / "people.csv", ("email,first name", "ann@example.com,Ann"))
    columns = [
        {"target": "Address", "source": "email"},
        {"target": "ChannelType", "value": "EMAIL"},
        {"target": "User.UserAttributes.FirstName", "source": "first name"},
    ]
    mapping = write_json(tmp_path / "mapping.json", {"kind": "endpoints", "columns": columns})
    said = shop("import", source, "--mapping", mapping)
    assert said.code == 0
    assert "User.UserAttributes.FirstName: No column gives a user ID" in said.err
    assert "No column gives" not in shop("import", source).err


def test_a_file_of_users_only_is_refused_with_what_is_missing(shop: CommandLine, tmp_path: Path) -> None:
    source = write_lines(tmp_path / "cu.csv", ("user_id,name", "7,Ann"))
    said = shop("import", source)
    assert said.code == Code.REFUSED
    assert "a person needs an address and a channel" in said.err
    assert "{user_id}@example.com" in said.err


def test_an_encoding_is_named(shop: CommandLine, tmp_path: Path) -> None:
    source = tmp_path / "people.csv"
    source.write_bytes("email,имя\nann@example.com,Анна\n".encode("koi8-r"))
    mapping = tmp_path / "mapping.json"
    mapping.write_text(shop("mapping", str(source), "--encoding", "koi8-r").out, encoding="utf-8")
    assert "имя" in mapping.read_text(encoding="utf-8")
    assert shop.answer("import", str(source), "--encoding", "koi8-r")["added"] == 1
    assert shop.answer("import", str(source), "--mapping", str(mapping), "--encoding", "koi8-r")["unchanged"] == 1
    said = shop("import", str(source), "--encoding", "utf-16")
    assert said.code == Code.REFUSED
    assert "is not utf-16" in said.err


def test_a_mapping_with_a_typing_error_names_it(shop: CommandLine, tmp_path: Path) -> None:
    source = write_lines(tmp_path / "people.csv", PEOPLE)
    mapping = write_json(tmp_path / "mapping.json", {"kind": "endpoints", "colums": []})
    said = shop("import", source, "--mapping", mapping, "--json")
    assert said.code == Code.REFUSED
    assert said.json()["problems"][0]["where"] == "colums"


def test_a_suggested_mapping_can_be_given_back(shop: CommandLine, tmp_path: Path) -> None:
    source = write_lines(tmp_path / "people.csv", PEOPLE)
    suggested = shop("mapping", source, "--as", "endpoints")
    mapping = tmp_path / "mapping.json"
    mapping.write_text(suggested.out, encoding="utf-8")
    assert shop.answer("import", source, "--mapping", str(mapping))["added"] == 1


@pytest.mark.parametrize("name", ["people.csv", "people.ndjson", "people.parquet", "people.csv.gz"])
def test_what_is_exported_can_be_imported_again(shop: CommandLine, tmp_path: Path, name: str) -> None:
    source = write_lines(tmp_path / "source.csv", (*PEOPLE, 'EMAIL,"bob@example.com",u2,"a ""b"", c",-3'))
    shop.answer("import", source, "--as", "endpoints")
    target = tmp_path / name
    assert shop.answer("export", str(target))["endpoints"] == 2
    columns = ("--columns", "Address,User.UserId,Attributes.plan,Metrics.spent")
    everyone = ("segment", "members", "--file", _everyone(tmp_path), *columns)
    before = shop.answer(*everyone)
    other = CommandLine(shop._capsys, tmp_path / "other.workbench")
    other.bare("new", str(other.workspace))
    assert other.answer("import", str(target), "--as", "endpoints")["added"] == 2
    key = str
    assert sorted(map(key, other.answer(*everyone))) == sorted(map(key, before))


def test_a_segment_is_exported_alone(shop: CommandLine, tmp_path: Path) -> None:
    source = write_lines(tmp_path / "source.csv", (*PEOPLE, "EMAIL,bob@example.com,u2,free,3"))
    shop.answer("import", source, "--as", "endpoints")
    rule = {"kind": "attribute", "name": "plan", "operator": "is", "values": ["free"]}
    file = write_json(tmp_path / "free.json", {"name": "Free", "root": {"kind": "group", "items": [rule]}})
    shop.answer("segment", "put", file)
    target = tmp_path / "free.csv"
    assert shop.answer("export", str(target), "--segment", "Free")["endpoints"] == 1
    with target.open(encoding="utf-8", newline="") as lines:
        assert [row["Address"] for row in csv.DictReader(lines)] == ["bob@example.com"]


def test_events_are_added_once(shop: CommandLine, tmp_path: Path) -> None:
    shop.answer("import", write_lines(tmp_path / "people.csv", PEOPLE), "--as", "endpoints")
    endpoint = shop.answer("segment", "members", "--file", _everyone(tmp_path))[0]["Id"]
    event = {"id": "e1", "endpoint_id": endpoint, "type": "opened", "at": "2026-01-05T10:00:00Z", "metrics": {"n": 2}}
    file = write_lines(tmp_path / "events.ndjson", (json.dumps(event), "", json.dumps(event | {"id": "e2"})))
    stranger = json.dumps(event | {"id": "e3", "endpoint_id": "nobody"})
    assert shop.answer("event", "add", file) == {"added": 2, "passed_over": 0}
    assert shop.answer("event", "add", file) == {"added": 0, "passed_over": 2}
    said = shop("event", "add", write_lines(tmp_path / "stranger.ndjson", (stranger,)))
    assert (said.code, said.out) == (0, "0 events added.\n")
    assert "1 event was passed over: it is known already, or its endpoint is not." in said.err
    assert shop.answer("workspace", "show")["events"] == 2
    series = shop.answer("report", "events", "--start", "2026-01-04", "--end", "2026-01-06")
    assert [(line["name"], line["values"]) for line in series["lines"]] == [("opened", [0.0, 2.0, 0.0])]
    printed = shop("report", "events", "--start", "2026-01-05", "--end", "2026-01-05", "--csv").out
    assert printed.splitlines()[0] == "UTC,opened"
    assert printed.splitlines()[1].endswith(",2")


def test_a_line_that_is_no_event_is_named(shop: CommandLine, tmp_path: Path) -> None:
    file = write_lines(tmp_path / "events.ndjson", ('{"id": "e1"}',))
    said = shop("event", "add", file, "--json")
    assert said.code == Code.REFUSED
    assert "Line 1" in said.json()["error"]
    assert {problem["where"] for problem in said.json()["problems"]} == {"endpoint_id", "type", "at"}


def _everyone(folder: Path) -> str:
    return write_json(folder / "everyone.json", {"name": "", "root": {"kind": "group", "items": []}})
