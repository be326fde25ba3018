"""Endpoints made, changed and deleted on the command line."""

import json
from pathlib import Path

from tests.kit import CommandLine, write_json, write_lines
from workbench.cli.failure import Code

ANN = {
    "Id": "e1",
    "ChannelType": "EMAIL",
    "Address": "ann@example.com",
    "Attributes": {"plan": ["pro"], "tags": ["a", "b"]},
    "User": {"UserId": "u1", "UserAttributes": {"Name": ["Ann"]}},
}
PHONE = {"Id": "e2", "ChannelType": "SMS", "Address": "+49 30 1234", "User": {"UserId": "u1"}}


def endpoints(shop: CommandLine, who: str) -> dict[str, dict[str, object]]:
    return {each["id"]: each for each in shop.answer("person", "show", who)["endpoints"]}


def test_a_batch_goes_in_and_the_rest_stays(shop: CommandLine, tmp_path: Path) -> None:
    done = shop.answer("person", "put", write_json(tmp_path / "both.json", {"Item": [ANN, PHONE]}))
    assert (done["ids"], done["added"], done["updated"]) == (["e1", "e2"], 2, 0)
    change = {"Id": "e1", "Attributes": {"plan": []}, "Location": {"City": "Berlin"}}
    assert shop.answer("person", "put", write_json(tmp_path / "change.json", change))["updated"] == 1
    ann = endpoints(shop, "e1")["e1"]
    assert (ann["attributes"], ann["fields"]) == ({"tags": ["a", "b"]}, {"Location.City": "Berlin"})


def test_what_is_refused_is_told_and_the_others_are_done(shop: CommandLine, tmp_path: Path) -> None:
    lines = write_lines(tmp_path / "some.ndjson", [json.dumps(PHONE), json.dumps({"Id": "e3", "OptOut": "ALL"})])
    said = shop("person", "put", lines)
    assert (said.code, "Missing Address" in said.err, "Item.1.Address" in said.err) == (Code.REFUSED, True, True)
    assert list(endpoints(shop, "u1")) == ["e2"]
    wrong = shop("person", "put", write_json(tmp_path / "wrong.json", [PHONE | {"Planet": "Mars"}]))
    assert (wrong.code, "There is no such field." in wrong.err) == (Code.REFUSED, True)


def test_fields_are_set(shop: CommandLine, tmp_path: Path) -> None:
    shop.answer("person", "put", write_json(tmp_path / "ann.json", ANN))
    pairs = (
        "Attributes.plan=free",
        "Attributes.plan=team",
        "Metrics.spent=2.5",
        "OptOut=all",
        "User.UserAttributes.Name=",
    )
    assert shop.answer("person", "set", "e1", *pairs)["updated"] == 1
    ann = endpoints(shop, "e1")["e1"]
    assert (ann["attributes"], ann["metrics"], ann["opt_out"], ann["user_attributes"]) == (
        {"plan": ["free", "team"], "tags": ["a", "b"]}, {"spent": 2.5}, "ALL", {},
    )  # fmt: skip
    assert shop("person", "set", "e1", "Location.Latitude=north").code == Code.REFUSED
    assert shop("person", "set", "e1", "nothing").code == Code.REFUSED
    assert shop("person", "set", "nobody", "OptOut=ALL").code == Code.NOT_FOUND


def test_endpoints_and_persons_are_deleted(shop: CommandLine, tmp_path: Path) -> None:
    shop.answer("person", "put", write_json(tmp_path / "both.json", [ANN, PHONE]))
    assert "1 endpoint deleted." in shop("person", "delete", "e2").out
    assert shop("person", "delete", "e2").code == Code.NOT_FOUND
    assert len(shop.answer("person", "delete", "--person", "u1")["endpoints"]) == 1
    assert shop("person", "show", "u1").code == Code.NOT_FOUND


def test_how_many_endpoints_share_a_user_is_a_setting(shop: CommandLine, tmp_path: Path) -> None:
    shop.answer("workspace", "set", "--endpoints-per-user", "1")
    said = shop("person", "put", write_json(tmp_path / "both.json", [ANN, PHONE]))
    assert (said.code, "Exceeded maximum endpoint per user count: 1" in said.err) == (Code.REFUSED, True)
    assert shop("workspace", "set", "--endpoints-per-user", "0").code == Code.USAGE
