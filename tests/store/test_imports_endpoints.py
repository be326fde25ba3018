import asyncio
import csv
import gzip
import os
import random
import re
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.store.conftest import NOW, Open
from workbench.plan.mapping import Column, Dialect, ImportReport
from workbench.store import catalogue, imports, lists, reader
from workbench.store.database import Database, FolderMissingError, SourceError

HEADER = "Id,ChannelType,Address,Attributes.plan,Metrics.spent,User.UserId,User.UserAttributes.Name"


def write(folder: Path, *lines: str, header: str = HEADER, name: str = "people.csv") -> Path:
    path = folder / name
    path.write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")
    return path


def people(workspace: Open) -> dict[str, dict[str, Any]]:
    """Everyone by id, with what is stored under dotted names; nothing for what is NULL."""
    columns = workspace.read(catalogue.load_reserved)
    named = [(f"Attributes.{name}", lists.split(f"e.{column}")) for name, column in columns.attributes.items()]
    named += [(f"Metrics.{name}", f"e.{column}") for name, column in columns.metrics.items()]
    named += [
        (f"User.UserAttributes.{name}", lists.split(f"u.{column}")) for name, column in columns.user_attributes.items()
    ]
    named += [(name, f"e.{column}") for name, column in catalogue.FIELD_COLUMNS.items()]
    select = ", ".join(column for _, column in named)
    rows = workspace.rows(f"SELECT {select} FROM endpoints e LEFT JOIN users u ON u.user_id = e.user_id ORDER BY e.key")
    found = [{name: value for (name, _), value in zip(named, row, strict=True) if value is not None} for row in rows]
    assert len({one["Id"] for one in found}) == len(found)
    return {one["Id"]: one for one in found}


def counts(report: ImportReport) -> tuple[int, int, int, int]:
    return report.added, report.updated, report.unchanged, report.rejected


def rejected(report: ImportReport) -> list[tuple[str, str, str, str]]:
    with Path(report.rejects).open(encoding="utf-8", newline="") as file:
        return [(row["row"], row["column"], row["value"], row["reason"]) for row in csv.DictReader(file)]


def test_new_endpoints_are_added_whole(workspace: Open, tmp_path: Path) -> None:
    report = workspace.bring(write(tmp_path, "a,EMAIL,a@example.com,pro,12.5,u1,Ann", "b,SMS,+49170123456,,,,"))
    assert counts(report) == (2, 0, 0, 0)
    assert (report.read, report.kind, report.at, report.rejects) == (2, "endpoints", NOW, "")
    found = people(workspace)
    assert found["a"].pop("CohortId") in range(100)
    assert found["a"] == {
        "Id": "a", "Address": "a@example.com", "ChannelType": "EMAIL", "EndpointStatus": "ACTIVE", "OptOut": "NONE",
        "EffectiveDate": NOW.replace(tzinfo=None), "CreationDate": NOW.replace(tzinfo=None), "User.UserId": "u1",
        "Attributes.plan": ["pro"], "Metrics.spent": 12.5, "User.UserAttributes.Name": ["Ann"],
    }  # fmt: skip
    assert workspace.rows("SELECT key FROM endpoints ORDER BY key") == [(1,), (2,)]
    assert workspace.read(imports.reports) == (report,)


def test_the_same_file_again_changes_nothing(workspace: Open, tmp_path: Path) -> None:
    path = write(tmp_path, "a,EMAIL,a@example.com,pro,12.5,u1,Ann", "b,SMS,+49170123456,,,,")
    workspace.bring(path)
    before = people(workspace)
    assert counts(workspace.bring(path, now=NOW + timedelta(days=1))) == (0, 0, 2, 0)
    assert people(workspace) == before


def test_a_blank_cell_says_nothing_and_a_value_replaces(workspace: Open, tmp_path: Path) -> None:
    workspace.bring(write(tmp_path, "a,EMAIL,a@example.com,pro,12.5,u1,Ann"))
    created = people(workspace)["a"]
    later = NOW + timedelta(days=1)
    report = workspace.bring(write(tmp_path, "a,,,team,,,", "zz,,,pro,,,"), now=later)
    assert counts(report) == (0, 1, 0, 1)
    assert people(workspace)["a"] == created | {
        "Attributes.plan": ["team"],
        "EffectiveDate": later.replace(tzinfo=None),
    }
    assert rejected(report) == [("3", "Address", "zz", "The endpoint is new and has no address.")]


def test_user_attributes_belong_to_the_user(workspace: Open, tmp_path: Path) -> None:
    workspace.bring(
        write(tmp_path, "a,EMAIL,a@example.com,,,u1,Ann", "b,SMS,+49170123456,,,u1,", "c,SMS,+49170123457,,,u2,Cem")
    )
    found = people(workspace)
    assert [found[name]["User.UserAttributes.Name"] for name in "abc"] == [["Ann"], ["Ann"], ["Cem"]]
    report = workspace.bring(write(tmp_path, "b,,,,,,Anna"))
    assert counts(report) == (0, 1, 0, 0)  # known by its id, and by the user that it already has
    assert people(workspace)["a"]["User.UserAttributes.Name"] == ["Anna"]


def test_names_beside_addresses_arrive_whole(workspace: Open, tmp_path: Path) -> None:
    path = write(tmp_path, "ann@example.com,Ann", "bo@example.com,Bo", header="email,first name")
    report = workspace.bring(path)
    assert (counts(report), report.notes) == ((2, 0, 0, 0), ())
    found = {one["Address"]: one for one in people(workspace).values()}
    assert found["ann@example.com"]["User.UserId"] == "ann@example.com"
    assert found["ann@example.com"]["User.UserAttributes.FirstName"] == ["Ann"]
    assert counts(workspace.bring(path)) == (0, 0, 2, 0)


def test_a_user_made_from_the_address_replaces_no_known_one(workspace: Open, tmp_path: Path) -> None:
    workspace.bring(write(tmp_path, "a,EMAIL,a@example.com,,,u1,Ann", "b,SMS,+49170123456,,,u1,"))
    report = workspace.bring(write(tmp_path, "a@example.com,Anna", header="email,first name"))
    assert counts(report) == (0, 1, 0, 0)
    found = people(workspace)
    assert [found[name]["User.UserId"] for name in "ab"] == ["u1", "u1"]
    assert found["b"]["User.UserAttributes.FirstName"] == ["Anna"]


def test_the_commonest_reason_is_told_with_its_count(workspace: Open, tmp_path: Path) -> None:
    path = write(tmp_path, "a@example.com", "nothing", "no mail", "bo@example.com", header="email")
    assert workspace.bring(path).notes == ("2 rows were rejected: It is not an e-mail address.",)
    path = write(tmp_path, "a@example.com", "nothing", "no mail", "c@example.com,x", header="email")
    assert workspace.bring(path).notes == ("2 of 3 rejected rows: It is not an e-mail address.",)


def test_an_id_that_is_missing_is_made_from_the_address(workspace: Open, tmp_path: Path) -> None:
    path = write(tmp_path, "EMAIL,a@example.com", "EMAIL,b@example.com", header="ChannelType,Address")
    assert counts(workspace.bring(path)) == (2, 0, 0, 0)
    assert all(re.fullmatch("[0-9a-f]{32}", endpoint_id) for endpoint_id in people(workspace))
    assert counts(workspace.bring(path)) == (0, 0, 2, 0)
    other_case = write(tmp_path, "EMAIL,A@Example.com", header="ChannelType,Address")
    assert counts(workspace.bring(other_case)) == (0, 1, 0, 0)  # the same mailbox, written anew


def test_a_row_without_id_finds_the_endpoint_that_has_the_address(workspace: Open, tmp_path: Path) -> None:
    workspace.bring(write(tmp_path, "given,EMAIL,a@example.com,pro,,,"))
    path = write(tmp_path, "EMAIL,a@example.com,team", header="ChannelType,Address,Attributes.plan")
    assert counts(workspace.bring(path)) == (0, 1, 0, 0)
    assert people(workspace)["given"]["Attributes.plan"] == ["team"]


def test_rows_of_one_endpoint_are_one_and_the_last_value_counts(workspace: Open, tmp_path: Path) -> None:
    path = write(
        tmp_path, "a,EMAIL,a@example.com,pro,1,u1,Ann", "b,EMAIL,b@example.com,,,,", "a,,,team,,,", "a,,,,7,,Anna"
    )
    report = workspace.bring(path)
    assert counts(report) == (2, 0, 2, 0)
    assert report.notes == ("2 rows repeat endpoints of the file; the last value of each field counts.",)
    found = people(workspace)["a"]
    assert (found["Attributes.plan"], found["Metrics.spent"], found["User.UserAttributes.Name"]) == (
        ["team"],
        7,
        ["Anna"],
    )
    assert counts(workspace.bring(path)) == (0, 0, 4, 0)


def test_a_repeated_column_is_one_attribute_and_is_replaced_whole(workspace: Open, tmp_path: Path) -> None:
    header = "Id,ChannelType,Address, Attributes.x, Attributes.x"
    workspace.bring(write(tmp_path, "a,EMAIL,a@example.com, one, two", header=header))
    assert people(workspace)["a"]["Attributes.x"] == ["one", "two"]
    workspace.bring(write(tmp_path, "a,,,three,", "a,,,,", header=header))
    assert people(workspace)["a"]["Attributes.x"] == ["three"]


def test_a_channel_may_be_written_in_any_letters(workspace: Open, tmp_path: Path) -> None:
    report = workspace.bring(write(tmp_path, "a,Email,a@example.com,,,,"))
    assert report.notes == ("1 channel was written in other letters.",)
    assert people(workspace)["a"]["ChannelType"] == "EMAIL"


def test_wrong_rows_are_listed_with_row_column_value_and_reason(workspace: Open, tmp_path: Path) -> None:
    path = write(
        tmp_path,
        "a,EMAIL,a@example.com,pro,1,,",
        "b,EMAIL,not an address,pro,1,,",
        "c,PIGEON,roof,pro,1,,",
        "d,EMAIL,d@example.com,pro,twelve,,",
        "e,EMAIL,e@example.com,pro,1,,,extra",
        f"f,EMAIL,f@example.com,{'x' * 101},1,,",
        "g,EMAIL",
        ",,,pro,1,,",
        ",,g@example.com,pro,1,,",
        ",,,pro,1,u9,",
        "h,SMS,12,pro,1,,",
        "i,EMAIL,i@example.com,pro,nan,,",
        f"j,EMAIL,j@example.com,{'ж' * 100},1,,",
        "k,EMAIL,=1+1,,,,",
    )
    report = workspace.bring(path)
    assert counts(report) == (2, 0, 0, 12)
    assert set(people(workspace)) == {"a", "j"}
    assert rejected(report) == [
        ("3", "Address", "not an address", "It is not an e-mail address."),
        ("4", "ChannelType", "PIGEON", "This channel is not known."),
        ("5", "Metrics.spent", "twelve", "It is not a number."),
        ("6", "", "e,EMAIL,e@example.com,pro,1,,,extra", "The row has more cells than the header."),
        ("7", "Attributes.plan", "x" * 101, "It has more than 100 characters."),
        ("8", "", "g,EMAIL", "The row has fewer cells than the header."),
        ("9", "Address", "", "The row has no address and no Id."),
        ("10", "ChannelType", "", "The row has an address but no channel."),
        ("11", "Address", "u9", "The row names a user only; a person needs an address and a channel, or a known Id."),
        ("12", "Address", "12", "It is not a phone number."),
        ("13", "Metrics.spent", "nan", "It is not a number."),
        ("15", "Address", "'=1+1", "It is not an e-mail address."),
    ]
    assert Path(report.rejects).parent == tmp_path


def test_the_list_of_rejected_rows_goes_where_it_is_wanted(workspace: Open, tmp_path: Path) -> None:
    wanted = tmp_path / "wrong.csv"
    report = workspace.bring(write(tmp_path, "a,EMAIL,nowhere,,,,"), rejects=str(wanted))
    assert report.rejects == str(wanted)
    assert wanted.exists()
    workspace.bring(write(tmp_path, "a,EMAIL,a@example.com,,,,"), rejects=str(tmp_path / "none.csv"))
    assert not (tmp_path / "none.csv").exists()


def test_a_list_that_cannot_be_written_is_said_before_anything_is_read(workspace: Open, tmp_path: Path) -> None:
    path = write(tmp_path, "a,EMAIL,nowhere,,,,")
    found = workspace.read(reader.preview, path, None, Dialect())
    calls: list[int] = []

    def note(done: int, total: int | None = None) -> None:
        del total
        calls.append(done)

    job = partial(imports.run, advance=note)
    for wanted, error in (
        (tmp_path / "no" / "wrong.csv", FolderMissingError),
        (path / "wrong.csv", FolderMissingError),
        (tmp_path, SourceError),
    ):
        with pytest.raises(error):
            workspace.bulk(job, path, found.mapping, found.dialect, NOW, str(wanted))
    assert calls == []


def test_no_list_is_written_over_what_is_imported_or_the_workspace(workspace: Open, tmp_path: Path) -> None:
    path = write(tmp_path, "a,EMAIL,nowhere,,,,")
    same = tmp_path / "same.csv"
    same.hardlink_to(path)
    before = path.read_bytes()
    for wanted in (path, same, workspace.database.path):
        with pytest.raises(SourceError, match="would be written over"):
            workspace.bring(path, rejects=str(wanted))
    assert path.read_bytes() == before
    again = str(tmp_path / "rejected.csv")  # an older list is replaced
    for _ in range(2):
        assert workspace.bring(path, rejects=again).rejects == again


def test_a_list_that_fails_to_be_written_undoes_the_import(workspace: Open, tmp_path: Path) -> None:
    path = write(tmp_path, "a,EMAIL,nowhere,,,,", "b,EMAIL,b@example.com,,,,")
    wanted = tmp_path / "wrong.csv"
    found = workspace.read(reader.preview, path, None, Dialect())

    def hinder(done: int, total: int | None = None) -> None:
        if done == total and not wanted.exists():  # a folder takes the place while the file is read
            wanted.mkdir()

    with pytest.raises(SourceError, match=r"wrong\.csv cannot be written"):
        workspace.bulk(partial(imports.run, advance=hinder), path, found.mapping, found.dialect, NOW, str(wanted))
    assert people(workspace) == {}
    assert workspace.read(imports.reports) == ()
    assert {each.name for each in tmp_path.iterdir() if each.name.startswith(".")} == set()


def test_an_import_that_fails_late_leaves_no_list_and_the_older_one(workspace: Open, tmp_path: Path) -> None:
    path = write(tmp_path, "a,EMAIL,nowhere,,,,", "b,EMAIL,b@example.com,,,,")
    older = tmp_path / "older.csv"
    older.write_text("older", encoding="utf-8")
    workspace.write(lambda cursor: cursor.execute("ALTER TABLE imports RENAME TO elsewhere").fetchall())
    for wanted in (tmp_path / "wrong.csv", older):
        with pytest.raises(duckdb.CatalogException):
            workspace.bring(path, rejects=str(wanted))
    assert not (tmp_path / "wrong.csv").exists()
    assert older.read_text(encoding="utf-8") == "older"
    assert people(workspace) == {}


def test_fixed_fields_dates_and_status(workspace: Open, tmp_path: Path) -> None:
    header = "Id,ChannelType,Address,OptOut,EndpointStatus,EffectiveDate,Location.Latitude,Demographic.Platform"
    path = write(
        tmp_path,
        "a,EMAIL,a@example.com,all,inactive,2024-02-03T04:05:06.7+02:00,52.5,iOS",
        "b,EMAIL,b@example.com,maybe,,,,",
        "c,EMAIL,c@example.com,,,yesterday,,",
        "d,EMAIL,d@example.com,,,,north,",
        header=header,
    )
    report = workspace.bring(path)
    assert counts(report) == (1, 0, 0, 3)
    found = people(workspace)["a"]
    assert (found["OptOut"], found["EndpointStatus"]) == ("ALL", "INACTIVE")
    assert found["EffectiveDate"].isoformat() == "2024-02-03T02:05:06.700000"
    assert (found["Location.Latitude"], found["Demographic.Platform"]) == (52.5, "iOS")
    assert [row[1:3] for row in rejected(report)] == [
        ("OptOut", "maybe"), ("EffectiveDate", "yesterday"), ("Location.Latitude", "north"),
    ]  # fmt: skip


def test_a_pattern_puts_cells_together(workspace: Open, tmp_path: Path) -> None:
    path = tmp_path / "CDNOW.txt"
    path.write_text(" customer  date\r\n 00001 19970101\r\n 00002 19970112\r\n 00002 19970113\r\n", encoding="utf-8")
    columns = (
        Column(target="Address", value="c{customer}@example.com"),
        Column(target="ChannelType", value="EMAIL"),
        Column(target="User.UserId", source="customer"),
        Column(target="EffectiveDate", source="date", date_format="%Y%m%d"),
    )
    report = workspace.bring(path, "endpoints", columns)
    assert counts(report) == (2, 0, 1, 0)
    assert [(one["Address"], one["User.UserId"], one["EffectiveDate"].day) for one in people(workspace).values()] == [
        ("c00001@example.com", "00001", 1), ("c00002@example.com", "00002", 13),
    ]  # fmt: skip


def test_only_the_newest_endpoint_of_an_address_is_active(workspace: Open, tmp_path: Path) -> None:
    workspace.bring(write(tmp_path, "a,APNS,token,,,,"))
    report = workspace.bring(write(tmp_path, "b,APNS,token,,,,", "c,GCM,token,,,,"), now=NOW + timedelta(days=1))
    assert report.notes == ("1 endpoint is inactive now, because a newer one has its address.",)
    assert {name: one["EndpointStatus"] for name, one in people(workspace).items()} == {
        "a": "INACTIVE", "b": "ACTIVE", "c": "ACTIVE",
    }  # fmt: skip
    again = workspace.bring(write(tmp_path, "a,APNS,token,,,,"), now=NOW + timedelta(days=2))
    assert counts(again) == (0, 0, 1, 0)  # an inactive endpoint is not brought back by saying it again
    moved = workspace.bring(write(tmp_path, "a,APNS,other,,,,"), now=NOW + timedelta(days=3))
    assert counts(moved) == (0, 1, 0, 0)
    assert people(workspace)["a"]["EndpointStatus"] == "ACTIVE"


def test_a_mail_address_in_other_letters_is_the_same_address(workspace: Open, tmp_path: Path) -> None:
    workspace.bring(write(tmp_path, "a,EMAIL,Anna@Example.com,,,,", "b,APNS,Token,,,,", "c,APNS,token,,,,"))
    report = workspace.bring(write(tmp_path, "d,EMAIL,anna@example.com,,,,"), now=NOW + timedelta(days=1))
    assert report.notes == ("1 endpoint is inactive now, because a newer one has its address.",)
    assert {name: one["EndpointStatus"] for name, one in people(workspace).items()} == {
        "a": "INACTIVE", "b": "ACTIVE", "c": "ACTIVE", "d": "ACTIVE",
    }  # fmt: skip


@pytest.mark.parametrize("channel", ["EMAIL", ""], ids=["with its channel", "without"])
def test_a_mail_address_in_other_letters_brings_nobody_back(workspace: Open, tmp_path: Path, channel: str) -> None:
    workspace.bring(write(tmp_path, "a,EMAIL,Anna@Example.com,,,,", "b,APNS,Token,,,,"))
    for line in ("c,EMAIL,anna@example.com,,,,", "d,APNS,Token,,,,"):  # newer ones make the first two inactive
        workspace.bring(write(tmp_path, line), now=NOW + timedelta(days=1))
    later = NOW + timedelta(days=2)
    workspace.bring(write(tmp_path, f"a,{channel},ANNA@example.COM,,,,", "b,APNS,token,,,,"), now=later)
    found = people(workspace)
    assert (found["a"]["EndpointStatus"], found["a"]["Address"]) == ("INACTIVE", "ANNA@example.COM")
    assert (found["b"]["EndpointStatus"], found["b"]["Address"]) == ("ACTIVE", "token")  # a token's letters count
    workspace.bring(write(tmp_path, f"a,{channel},anne@example.com,,,,"), now=NOW + timedelta(days=3))
    assert people(workspace)["a"]["EndpointStatus"] == "ACTIVE"


def test_nested_objects_and_lists(workspace: Open, tmp_path: Path) -> None:
    path = tmp_path / "people.ndjson"
    path.write_text(
        '{"Id":"a","ChannelType":"EMAIL","Address":"a@example.com","Attributes":{"ride":["Bus","Tram"],"x.y":["z"]}}\n'
        '{"Id":"b","ChannelType":"EMAIL","Address":"b@example.com","Attributes":{"ride":"Bike"},"Metrics":{"n":2}}\n'
        "not json\n"
        f'{{"Id":"c","ChannelType":"EMAIL","Address":"c@example.com","Attributes":{{"ride":{["v"] * 51}}}}}\n'.replace(
            "'", '"'
        )
        + '{"Id":"a","Attributes":{"ride":[]}}\n',
        encoding="utf-8",
    )
    report = workspace.bring(path)
    assert counts(report) == (2, 0, 1, 2)
    found = people(workspace)
    assert (found["a"]["Attributes.ride"], found["a"]["Attributes.x.y"]) == (["Bus", "Tram"], ["z"])
    assert (found["b"]["Attributes.ride"], found["b"]["Metrics.n"]) == (["Bike"], 2)
    assert [row[0::3] for row in rejected(report)] == [
        ("3", "The line is not a JSON object."), ("4", "There are more than 50 values."),
    ]  # fmt: skip


def test_lines_that_are_no_objects_are_rejected_one_by_one(workspace: Open, tmp_path: Path) -> None:
    lines = ("5", '{"Id": "b"', "[1]", "null", '"text"', '{"Id":"c","ChannelType":"EMAIL","Address":"c@example.com"}')
    first = '{"Id":"a","ChannelType":"EMAIL","Address":"a@example.com"}'
    report = workspace.bring(write(tmp_path, *lines, header=first, name="people.ndjson"))
    assert counts(report) == (2, 0, 0, 5)
    assert [(row[0], row[3]) for row in rejected(report)] == [
        (str(number), "The line is not a JSON object.") for number in range(2, 7)
    ]
    assert set(people(workspace)) == {"a", "c"}


def test_names_that_nobody_uses_are_not_known(workspace: Open, tmp_path: Path) -> None:
    workspace.bring(write(tmp_path, "a,EMAIL,a@example.com,pro,,,"))
    known = workspace.read(catalogue.load)
    assert (list(known.attributes), list(known.metrics), list(known.user_attributes)) == (["plan"], [], [])


def test_names_that_are_too_long_or_too_many_are_refused(workspace: Open, tmp_path: Path) -> None:
    long = write(tmp_path, "a,EMAIL,a@example.com,x", header="Id,ChannelType,Address,Attributes." + "n" * 51)
    report = workspace.bring(long)
    assert report.notes == (f"1 column has no place here and was left out: Attributes.{'n' * 51}",)
    own = (
        Column(target="Id", source="Id"),
        Column(target="Attributes." + "n" * 51, source="Attributes." + "n" * 51),
    )
    with pytest.raises(SourceError, match="more than 50"):
        workspace.bring(long, columns=own)
    wide = write(
        tmp_path, "a,EMAIL,a@example.com," + ",".join("x" * 251),
        header="Id,ChannelType,Address," + ",".join(f"Attributes.n{number}" for number in range(251)),
    )  # fmt: skip
    with pytest.raises(SourceError, match="more than 250"):
        workspace.bring(wide)
    assert set(people(workspace)) == {"a"}


def cut(part: float, packed: bytes) -> bytes:
    return packed[: int(part * len(packed))]


def flipped(part: float, packed: bytes) -> bytes:
    at = int(part * len(packed))
    return packed[:at] + bytes([packed[at] ^ 0x55]) + packed[at + 1 :]


@pytest.mark.parametrize(
    "damage", [partial(cut, 0.5), partial(cut, 0.95), partial(flipped, 0.1), partial(flipped, 0.9)]
)
def test_a_damaged_archive_is_refused_as_a_whole(
    damage: Callable[[bytes], bytes], workspace: Open, tmp_path: Path
) -> None:
    numbers = random.Random(1)  # noqa: S311 - no secret: numbers that hardly pack, the same each time
    rows = "".join(f"p{n},EMAIL,p{numbers.random()}@example.com\n" for n in range(200_000))
    path = tmp_path / "people.csv.gz"
    path.write_bytes(damage(gzip.compress(("Id,ChannelType,Address\n" + rows).encode())))
    with pytest.raises(SourceError, match=r"people\.csv\.gz is a damaged archive"):
        workspace.bring(path)
    assert people(workspace) == {}
    assert workspace.read(imports.reports) == ()


class StoppedError(Exception):
    """The user's wish."""


def test_an_import_can_be_cancelled_while_its_archive_is_looked_at(workspace: Open, tmp_path: Path) -> None:
    path = tmp_path / "people.csv.gz"
    path.write_bytes(gzip.compress(b"Id,ChannelType,Address\na,EMAIL,a@example.com\n"))
    found = workspace.read(reader.preview, path, None, Dialect())
    calls = []

    def stop(done: int, total: int | None = None) -> None:
        calls.append((done, total))
        raise StoppedError

    with pytest.raises(StoppedError):
        workspace.bulk(partial(imports.run, advance=stop), path, found.mapping, found.dialect, NOW, "")
    assert calls == [(0, None)]


@pytest.mark.parametrize("part", [0.0, 0.3, 0.5, 0.97])
def test_a_cancelled_import_leaves_no_trace(part: float, workspace: Open, tmp_path: Path) -> None:
    workspace.bring(write(tmp_path, "a,EMAIL,a@example.com,pro,1,u1,Ann"))
    before = people(workspace)
    big = write(
        tmp_path, *(f"p{n},EMAIL,p{n}@example.com,basic,{n},u{n},N{n}" for n in range(20_000)),
        "x,EMAIL,bad,,,,", "a,,,team,,,", name="big.csv",
    )  # fmt: skip
    found = workspace.read(reader.preview, big, None, Dialect())

    def stop(done: int, total: int | None = None) -> None:
        if total and done >= part * total:
            raise StoppedError

    with pytest.raises(StoppedError):
        workspace.bulk(partial(imports.run, advance=stop), big, found.mapping, found.dialect, NOW, "")
    assert people(workspace) == before
    assert len(workspace.read(imports.reports)) == 1
    assert list(workspace.read(catalogue.load).attributes) == ["plan"]
    assert counts(workspace.bring(big)) == (20_000, 1, 0, 1)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGKILL")
@pytest.mark.parametrize("wait", [0.0, 0.15, 0.4])
def test_a_killed_import_leaves_no_trace(wait: float, workspace: Open, tmp_path: Path) -> None:
    workspace.bring(write(tmp_path, "a,EMAIL,a@example.com,pro,1,u1,Ann"))
    before = people(workspace)
    path = workspace.database.path
    workspace.database.close()
    big = write(tmp_path, *(f"p{n},EMAIL,p{n}@example.com,basic,{n},u{n},N{n}" for n in range(300_000)), name="big.csv")
    script = textwrap.dedent("""
        import asyncio, sys
        from datetime import UTC, datetime
        from functools import partial
        from pathlib import Path
        from workbench.plan.mapping import Dialect
        from workbench.store import imports, reader
        from workbench.store.database import Database

        def say(done, total=None):
            print(done, flush=True)

        async def main():
            database = Database.open(Path(sys.argv[1]))
            found = await database.read(reader.preview, Path(sys.argv[2]), None, Dialect())
            job = partial(imports.run, advance=say)
            await database.bulk(job, Path(sys.argv[2]), found.mapping, found.dialect, datetime.now(UTC), "")
            print("done", flush=True)

        asyncio.run(main())
    """)
    with subprocess.Popen(
        [sys.executable, "-c", script, str(path), str(big)], stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout is not None
        other.stdout.readline()
        time.sleep(wait)
        os.kill(other.pid, signal.SIGKILL)
        finished = "done\n" in other.stdout.read()
    again = Open(Database.open(path), workspace.runner)
    try:
        found = people(again)
        assert found == before or (finished and len(found) == 300_001)
        assert again.bring(big).rejected == 0
    finally:
        again.database.close()


def test_progress_goes_up_to_the_number_of_rows(workspace: Open, tmp_path: Path) -> None:
    path = write(tmp_path, *(f"p{n},EMAIL,p{n}@example.com,basic,{n},u{n},N{n}" for n in range(1000)))
    found = workspace.read(reader.preview, path, None, Dialect())
    seen: list[tuple[int, int | None]] = []

    def note(done: int, total: int | None = None) -> None:
        seen.append((done, total))

    workspace.bulk(partial(imports.run, advance=note), path, found.mapping, found.dialect, NOW, "")
    assert seen[-1] == (1000, 1000)
    assert len(seen) > 3


IDS = st.sampled_from(["a", "b", "c", "d"])
CELL = st.sampled_from(["", " ", "x", "y z", "=1", "'q", "ж"])
NUMBER = st.sampled_from(["", "1", "-2.5", "1e3", "oops"])
ROW = st.tuples(IDS, st.booleans(), CELL, CELL, NUMBER, st.sampled_from(["", "u1", "u2"]))
Row = tuple[str, bool, str, str, str, str]


class Slow:
    """The rules of an import in plain Python, one row after the other."""

    def __init__(self) -> None:
        self.people: dict[str, dict[str, Any]] = {}

    def bring(self, rows: list[Row]) -> bool:
        """Gives whether any row was wrong."""
        good = [row for row in rows if row[4] != "oops"]
        addressed = {row[0] for row in good if row[1]} | set(self.people)
        for name, _, one, two, number, user in good:
            if name not in addressed:
                continue
            person = self.people.setdefault(name, {})
            if one.strip() or two.strip():
                person["Attributes.x"] = [cell for cell in (one, two) if cell.strip()]
            if number:
                person["Metrics.n"] = float(number)
            if user:
                person["User.UserId"] = user
        return len(good) < len(rows) or any(row[0] not in addressed for row in good)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(files=st.lists(st.lists(ROW, min_size=1, max_size=8), min_size=1, max_size=3))
def test_imports_agree_with_a_slow_plain_reading(
    files: list[list[Row]], tmp_path_factory: pytest.TempPathFactory, runner: asyncio.Runner
) -> None:
    folder = tmp_path_factory.mktemp("agree")
    slow = Slow()
    workspace = Open(Database.open(folder / "shop.workbench", create=True), runner)
    try:
        for rows in files:
            path = folder / "rows.csv"
            write_rows(path, rows)
            report = workspace.bring(path)
            assert slow.bring(rows) == (report.rejected > 0)
            kept = {"Attributes.x", "Metrics.n", "User.UserId"}
            found = people(workspace)
            assert {name: {key: one[key] for key in kept & one.keys()} for name, one in found.items()} == slow.people
            again = workspace.bring(path)
            assert (again.added, again.updated) == (0, 0)
    finally:
        workspace.database.close()


def write_rows(path: Path, rows: list[Row]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["Id", "ChannelType", "Address", "Attributes.x", "Attributes.x", "Metrics.n", "User.UserId"])
        for name, with_address, one, two, number, user in rows:
            address = ["EMAIL", f"{name}@example.com"] if with_address else ["", ""]
            writer.writerow([name, *address, one, two, number, user])


def test_the_sixteenth_endpoint_of_a_user_is_rejected_or_takes_the_place_of_the_oldest(
    workspace: Open, tmp_path: Path
) -> None:
    header = "Id,ChannelType,Address,User.UserId,EffectiveDate"
    mails = [f"m{number},EMAIL,m{number}@example.com,u1,2025-01-01T00:00:00Z" for number in range(14)]
    tokens = [f"t{number},GCM,token{number},u1,2025-02-0{number}T00:00:00Z" for number in (2, 1, 3)]
    late = ["late,EMAIL,late@example.com,u1,2025-03-01T00:00:00Z", "other,EMAIL,o@example.com,u2,2025-03-01T00:00:00Z"]
    file = tmp_path / "many.csv"
    file.write_text("\n".join([header, *mails, *tokens, *late]) + "\n", encoding="utf-8")
    report = workspace.bring(file)
    assert (report.added, report.rejected) == (18, 1)
    assert Path(report.rejects).read_text(encoding="utf-8").splitlines()[1:] == [
        "19,User.UserId,u1,Exceeded maximum endpoint per user count: 15"
    ]
    without = workspace.rows("SELECT id, status FROM endpoints WHERE user_id IS NULL ORDER BY id")
    assert without == [("t1", "INACTIVE"), ("t2", "INACTIVE")]
    assert any(note.startswith("2 endpoints are inactive now and have lost their users") for note in report.notes)
    assert workspace.rows("SELECT count(*) FROM endpoints WHERE user_id = 'u1'") == [(15,)]
