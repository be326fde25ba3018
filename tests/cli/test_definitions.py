import io
import json
import os
import subprocess
import sys
from pathlib import Path

import keyring.errors
import pytest

from tests.kit import CommandLine, write_json
from workbench.cli.failure import Code

TEMPLATE = {
    "name": "Welcome",
    "subject": "Hello {{ User.UserAttributes.FirstName or 'there' }}",
    "html": "<p>Hello</p>",
    "text": "Hello",
}


class Piped:
    """Standard input with a secret in it."""

    def isatty(self) -> bool:
        return False

    def readline(self) -> str:
        return "tulip-42\n"


def segment(name: str, *items: object) -> dict[str, object]:
    return {"name": name, "root": {"kind": "group", "mode": "all", "items": list(items)}}


def test_put_makes_a_new_version_of_the_same_name(shop: CommandLine, tmp_path: Path) -> None:
    file = write_json(tmp_path / "s.json", segment("Active", {"kind": "activity", "days": 30}))
    first = shop.answer("segment", "put", file)
    second = shop.answer(
        "segment", "put", write_json(tmp_path / "s.json", segment("Active", {"kind": "activity", "days": 7}))
    )
    assert first["id"] == second["id"]
    (listed,) = shop.answer("segment", "list")
    assert (listed["version"], listed["definition"]["root"]["items"][0]["days"]) == (2, 7)
    renamed = write_json(tmp_path / "s.json", segment("Busy", {"kind": "activity", "days": 7}))
    assert shop.answer("segment", "put", renamed, "--id", first["id"])["id"] == first["id"]
    assert [each["name"] for each in shop.answer("segment", "list")] == ["Busy"]


def test_names_are_found_whatever_their_case_and_misspellings_get_advice(shop: CommandLine, tmp_path: Path) -> None:
    shop.answer("segment", "put", write_json(tmp_path / "s.json", segment("Loyal people")))
    assert shop.answer("segment", "show", "loyal PEOPLE")["name"] == "Loyal people"
    said = shop("segment", "show", "Loyal poeple")
    assert said.code == Code.NOT_FOUND
    assert "Did you mean “Loyal people”?" in said.err


def test_definitions_may_come_from_standard_input(shop: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    class Typed:
        def read(self) -> str:
            return json.dumps(segment("Typed"))

    monkeypatch.setattr("sys.stdin", Typed())
    shop.answer("segment", "put", "-")
    assert [each["name"] for each in shop.answer("segment", "list")] == ["Typed"]


def test_a_rule_with_a_problem_is_refused_at_its_field(shop: CommandLine, tmp_path: Path) -> None:
    wrong = segment("Wrong", {"kind": "channel", "operator": "is", "values": ["PIGEON"]})
    said = shop("segment", "put", write_json(tmp_path / "s.json", wrong), "--json")
    assert said.code == Code.REFUSED
    assert [problem["where"] for problem in said.json()["problems"]] == ["root.items.0.values"]
    assert shop.answer("segment", "list") == []


def test_a_name_that_is_not_known_yet_is_advice(shop: CommandLine, tmp_path: Path) -> None:
    later = segment("Later", {"kind": "attribute", "name": "plan", "operator": "is", "values": ["pro"]})
    said = shop("segment", "put", write_json(tmp_path / "s.json", later))
    assert said.code == 0
    assert "“plan” is not known." in said.err


def test_what_is_deleted_is_no_longer_listed(shop: CommandLine, tmp_path: Path) -> None:
    shop.answer("segment", "put", write_json(tmp_path / "s.json", segment("Gone")))
    shop.answer("segment", "delete", "Gone")
    assert shop.answer("segment", "list") == []
    assert shop("segment", "delete", "Gone").code == Code.NOT_FOUND


def test_the_sql_of_a_segment_can_be_read(shop: CommandLine, tmp_path: Path) -> None:
    file = write_json(tmp_path / "s.json", segment("x", {"kind": "country", "operator": "is", "values": ["DE"]}))
    assert "'DE'" in shop.answer("segment", "sql", "--file", file)["sql"]


def test_a_person_has_reasons_and_a_segment_can_be_made_static(shop: CommandLine, tmp_path: Path) -> None:
    people = tmp_path / "people.csv"
    people.write_text(
        "Id,ChannelType,Address,Attributes.plan\ne1,EMAIL,ann@example.com,pro\ne2,EMAIL,bob@example.com,free\n",
        encoding="utf-8",
    )
    shop.answer("import", str(people), "--as", "endpoints")
    pro = {"kind": "attribute", "name": "plan", "values": ["pro"]}
    shop.answer("segment", "put", write_json(tmp_path / "s.json", segment("Pro", pro)))
    assert shop.answer("segment", "why", "Pro", "--for", "e2") == [
        {"path": "", "true": False, "facts": {}},
        {"path": "items.0", "true": False, "facts": {"values": "free"}},
    ]
    assert "values free" in shop("segment", "why", "Pro", "--for", "e2").out
    assert shop("segment", "why", "Pro", "--for", "nobody").code == Code.NOT_FOUND
    shop.answer("segment", "freeze", "Pro", "--name", "Pro of today")
    people.write_text("Id,Attributes.plan\ne1,free\n", encoding="utf-8")
    shop.answer("import", str(people), "--as", "endpoints")
    counted = [shop.answer("segment", "count", name)["matching"] for name in ("Pro", "Pro of today")]
    assert counted == [0, 1]


def test_a_segment_cannot_contain_itself(shop: CommandLine, tmp_path: Path) -> None:
    inner = shop.answer("segment", "put", write_json(tmp_path / "a.json", segment("Inner")))["id"]
    outer = segment("Outer", {"kind": "segment", "segments": [{"id": inner}]})
    outer_id = shop.answer("segment", "put", write_json(tmp_path / "b.json", outer))["id"]
    round_about = segment("Inner", {"kind": "segment", "segments": [{"id": outer_id}]})
    said = shop("segment", "put", write_json(tmp_path / "a.json", round_about))
    assert said.code == Code.REFUSED
    assert "contains this segment itself" in said.err


def test_a_template_is_stored_and_rendered(shop: CommandLine, tmp_path: Path) -> None:
    people = tmp_path / "people.csv"
    people.write_text(
        "Id,ChannelType,Address,User.UserId,User.UserAttributes.FirstName\n"
        "e1,EMAIL,ann@example.com,u1,Ann\ne2,EMAIL,bob@example.com,u2,\n",
        encoding="utf-8",
    )
    shop.answer("import", str(people), "--as", "endpoints")
    shop.answer("template", "put", write_json(tmp_path / "t.json", TEMPLATE))
    assert shop.answer("template", "show", "Welcome")["subject"] == TEMPLATE["subject"]
    assert shop.answer("template", "render", "Welcome", "--for", "e1")["subject"] == "Hello Ann"
    assert shop("template", "render", "Welcome", "--for", "e2", "--part", "subject").out == "Hello there\n"
    assert shop("template", "render", "Welcome", "--for", "nobody").code == Code.NOT_FOUND


def test_a_template_that_cannot_be_read_is_refused_at_its_field(shop: CommandLine, tmp_path: Path) -> None:
    broken = write_json(tmp_path / "t.json", TEMPLATE | {"html": "{% if %}"})
    for verb in ("put", "check"):
        said = shop("template", verb, broken, "--json")
        assert said.code == Code.REFUSED
        assert [problem["where"] for problem in said.json()["problems"] if problem["blocks"]] == ["html"]
    assert shop.answer("template", "list") == []
    misspelt = write_json(tmp_path / "t.json", TEMPLATE | {"text": "{{ Metrics.spnt }}"})
    assert "text" in {problem["where"] for problem in shop.answer("template", "check", misspelt)}


def test_a_channel_is_set_without_its_secret(shop: CommandLine, tmp_path: Path) -> None:
    channel = {"kind": "smtp", "name": "Office", "host": "smtp.example.com", "user": "me"}
    shop.answer("channel", "set", write_json(tmp_path / "c.json", channel))
    shown = shop.answer("channel", "show", "Office")
    assert (shown["host"], shown["has_secret"]) == ("smtp.example.com", False)
    said = shop("channel", "set", write_json(tmp_path / "c.json", channel | {"host": "two words"}), "--json")
    assert said.code == Code.REFUSED
    assert [problem["where"] for problem in said.json()["problems"]] == ["host"]


def test_a_secret_comes_from_standard_input_and_goes_nowhere_else(
    shop: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept: dict[tuple[str, str], str] = {}
    monkeypatch.setattr("keyring.set_password", lambda service, name, secret: kept.update({(service, name): secret}))
    monkeypatch.setattr("keyring.get_password", lambda service, name: kept.get((service, name)))
    channel = {"kind": "smtp", "name": "Office", "host": "smtp.example.com", "user": "me"}
    shop.answer("channel", "set", write_json(tmp_path / "c.json", channel))

    monkeypatch.setattr("sys.stdin", Piped())
    said = shop("channel", "secret", "Office")
    assert said.code == 0
    assert list(kept.values()) == ["tulip-42"]
    assert "tulip-42" not in said.out + said.err
    assert shop.answer("channel", "show", "Office")["has_secret"] is True
    assert b"tulip-42" not in shop.workspace.read_bytes()


def test_without_a_keyring_a_secret_is_refused_with_advice(
    shop: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise keyring.errors.NoKeyringError

    monkeypatch.setattr("keyring.set_password", refuse)
    channel = {"kind": "smtp", "name": "Office", "host": "smtp.example.com", "user": "me"}
    shop.answer("channel", "set", write_json(tmp_path / "c.json", channel))

    monkeypatch.setattr("sys.stdin", Piped())
    said = shop("channel", "secret", "Office")
    assert said.code == Code.REFUSED
    assert "WORKBENCH_SECRET_" in said.err


def test_the_sandbox_can_be_tried(shop: CommandLine, tmp_path: Path) -> None:
    shop.answer("channel", "set", write_json(tmp_path / "c.json", {"kind": "sandbox", "name": "Sandbox"}))
    assert shop.answer("channel", "test", "Sandbox")["works"] is True
    assert shop.answer("channel", "send-test", "Sandbox", "me@example.com")["works"] is True
    assert shop.answer("workspace", "show")["mailbox"] == 1


def test_an_account_that_does_not_answer_is_a_sending_failure(shop: CommandLine, tmp_path: Path) -> None:
    channel = {"kind": "smtp", "name": "Nobody", "host": "127.0.0.1", "port": 9, "security": "none"}
    shop.answer("channel", "set", write_json(tmp_path / "c.json", channel))
    assert shop("channel", "test", "Nobody").code == Code.SENDING


@pytest.mark.parametrize(
    "kind", ["segment", "template", "channel", "campaign", "mapping", "workspace", "event", "question"]
)
def test_every_kind_has_a_schema(shop: CommandLine, kind: str) -> None:
    described = shop.bare("schema", kind, "--json").json()
    assert "properties" in described or "oneOf" in described


def test_a_copy_is_a_whole_workspace(shop: CommandLine, tmp_path: Path) -> None:
    shop.answer("segment", "put", write_json(tmp_path / "s.json", segment("Kept")))
    target = tmp_path / "copy.workbench"
    assert shop.answer("backup", str(target))["path"] == str(target)
    copy = CommandLine(shop._capsys, target)
    assert [each["name"] for each in copy.answer("segment", "list")] == ["Kept"]
    assert shop("backup", str(target)).code == Code.REFUSED


@pytest.mark.parametrize("kind", ["segment", "template"])
def test_an_id_that_nobody_has_makes_nothing(shop: CommandLine, tmp_path: Path, kind: str) -> None:
    definition = TEMPLATE if kind == "template" else segment("Active", {"kind": "activity", "days": 30})
    said = shop(kind, "put", write_json(tmp_path / "d.json", definition), "--id", "nothere")
    assert said.code == Code.NOT_FOUND
    assert shop.answer(kind, "list") == []


@pytest.mark.skipif(os.name == "nt", reason="a terminal of one's own is made differently there")
def test_a_secret_is_removed_by_typing_nothing(shop: CommandLine, tmp_path: Path) -> None:
    import pty  # noqa: PLC0415 - not on Windows

    channel = {"kind": "smtp", "name": "Office", "host": "127.0.0.1", "port": 25, "security": "none"}
    shop.answer("channel", "set", write_json(tmp_path / "c.json", channel))
    ours, theirs = pty.openpty()
    asking = subprocess.Popen(
        [sys.executable, "-m", "workbench.app", "channel", "secret", "Office", "-w", str(shop.workspace)],
        stdin=theirs, stdout=theirs, stderr=theirs,
    )  # fmt: skip
    os.close(theirs)
    try:
        shown = b""
        while not shown.endswith(b": "):  # what is typed before is thrown away
            shown += os.read(ours, 1000)
        os.write(ours, b"\n")
        assert asking.wait(timeout=30) == 0
    finally:
        asking.kill()
        asking.wait()
        os.close(ours)


class Bytes:
    """Standard input with bytes in it."""

    def __init__(self, data: bytes) -> None:
        self.buffer = io.BytesIO(data)


def test_standard_input_is_utf_8_whatever_the_terminal_speaks(
    shop: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = '\ufeff{"name": "Zürich", "root": {"kind": "group", "items": []}}'
    monkeypatch.setattr("sys.stdin", Bytes(text.encode("utf-8")))
    assert shop.answer("segment", "put", "-")["name"] == "Zürich"
    monkeypatch.setattr("sys.stdin", Bytes(text.encode("utf-16")))
    said = shop("segment", "put", "-")
    assert (said.code, "Standard input is not UTF-8 text." in said.err) == (Code.REFUSED, True)


def test_what_does_not_fit_is_told_with_the_schema_of_its_kind(shop: CommandLine, tmp_path: Path) -> None:
    said = shop("channel", "set", write_json(tmp_path / "fax.json", {"kind": "fax"}))
    assert said.code == Code.REFUSED
    assert "See: workbench schema channel" in said.err
    assert "There is no kind “fax”" in said.err


def test_members_show_no_field_that_is_not_there(shop: CommandLine, tmp_path: Path) -> None:
    file = write_json(tmp_path / "all.json", {"name": "All", "root": {"kind": "group", "items": []}})
    said = shop("segment", "members", "--file", file, "--columns", "Id,Addres")
    assert said.code == Code.NOT_FOUND
    assert "There is no field Addres. Did you mean “Address”?" in said.err


def test_a_good_template_is_called_good(shop: CommandLine, tmp_path: Path) -> None:
    letter = {"name": "Letter", "subject": "Hello", "html": "<p>Hello</p>", "text": "Hello"}
    said = shop("template", "check", write_json(tmp_path / "letter.json", letter))
    assert (said.code, said.out) == (0, "No problems.\n")


def test_a_back_up_is_named_like_a_workspace(shop: CommandLine, tmp_path: Path) -> None:
    assert shop.answer("backup", str(tmp_path / "copy")) == {"path": str(tmp_path / "copy.workbench")}
    assert (tmp_path / "copy.workbench").is_file()


def test_versions_are_listed_and_compared(shop: CommandLine, tmp_path: Path) -> None:
    people = tmp_path / "people.csv"
    people.write_text(
        "Id,Address,ChannelType,Attributes.plan\ne1,a@x.de,EMAIL,pro\ne2,b@x.de,EMAIL,free\ne3,c@x.de,EMAIL,free\n",
        encoding="utf-8",
    )
    shop.answer("import", str(people), "--as", "endpoints")
    for plans in (["pro"], ["pro", "free"]):
        rule = {"kind": "attribute", "name": "plan", "values": plans}
        stored = shop.answer("segment", "put", write_json(tmp_path / "s.json", segment("Plans", rule)))["id"]
    assert [each["version"] for each in shop.answer("segment", "versions", "Plans")] == [2, 1]
    found = shop.answer("segment", "diff", "Plans", "1", "2")
    assert {name: found[name] for name in ("before", "after", "come", "go")} == {
        "before": 1, "after": 3, "come": 2, "go": 0,
    }  # fmt: skip
    assert [(each["sign"], each["path"]) for each in found["changes"]] == [("-", "items.0"), ("+", "items.0")]
    assert "free" in found["changes"][1]["rule"]
    assert shop("segment", "diff", "Plans", "1", "9").code == Code.NOT_FOUND
    shop.answer("segment", "put", write_json(tmp_path / "s.json", segment("Free", {"kind": "metric", "name": "spent"})))
    assert shop.answer("segment", "of", "e2") == [{"id": stored, "name": "Plans"}]
    assert shop("segment", "of", "nobody").code == Code.NOT_FOUND


def test_each_rule_is_counted_with_what_it_changes(shop: CommandLine, tmp_path: Path) -> None:
    people = tmp_path / "people.csv"
    people.write_text(
        "Id,Address,ChannelType,Location.Country,Attributes.plan\n"
        "e1,a@x.de,EMAIL,DE,pro\ne2,b@x.de,EMAIL,DE,free\ne3,c@x.de,EMAIL,FR,pro\n",
        encoding="utf-8",
    )
    shop.answer("import", str(people), "--as", "endpoints")
    rules = ({"kind": "country", "values": ["DE"]}, {"kind": "attribute", "name": "plan", "values": ["pro"]})
    shop.answer("segment", "put", write_json(tmp_path / "s.json", segment("Both", *rules)))
    found = shop.answer("segment", "count", "Both", "--rules")
    assert (found["matching"], found["rules"], found["removes"]) == (
        1, {"items.0": 2, "items.1": 2}, {"items.0": 1, "items.1": 1},
    )  # fmt: skip
    assert "-1" in shop("segment", "count", "Both", "--rules").out
