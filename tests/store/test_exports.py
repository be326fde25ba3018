import asyncio
import csv
import gzip
import json
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.store.conftest import NOW, Open, quiet
from tests.store.test_imports_endpoints import counts, people, write
from workbench.plan.segment import AttributeRule, Group, Segment
from workbench.store import definitions, exports
from workbench.store.database import Database, FolderMissingError, SourceError

ENDINGS = ["csv", "csv.gz", "ndjson", "ndjson.gz", "parquet", "parquet.gz"]


def export(workspace: Open, path: Path, segment_id: str = "") -> int:
    return workspace.bulk(partial(exports.run, advance=quiet), path, segment_id, NOW)


def fill(workspace: Open, folder: Path) -> None:
    lines = [
        "a,EMAIL,a@example.com,pro,12.5,u1,Ann",
        "b,SMS,+49170123456,,-3e-7,u1,",
        'c,EMAIL,c@example.com,"=cmd|\' /C calc\'!A0",,u2,"Cem ""C"", jr."',
        "d,APNS,d0f1,-,,,",
    ]
    workspace.bring(write(folder, *lines))
    many = write(
        folder, "a,,,x,y", "b,,,z,", header="Id,ChannelType,Address,Attributes.m,Attributes.m", name="many.csv"
    )
    workspace.bring(many, now=NOW + timedelta(days=1))


@pytest.mark.parametrize("ending", ENDINGS)
def test_an_export_imports_again_unchanged(
    ending: str, workspace: Open, tmp_path: Path, runner: asyncio.Runner
) -> None:
    fill(workspace, tmp_path)
    path = tmp_path / f"out.{ending}"
    assert export(workspace, path) == 4
    assert counts(workspace.bring(path, now=NOW + timedelta(days=9))) == (0, 0, 4, 0)
    other = Open(Database.open(tmp_path / "other.workbench", create=True), runner)
    try:
        assert counts(other.bring(path, now=NOW + timedelta(days=9))) == (4, 0, 0, 0)
        assert people(other) == people(workspace)
    finally:
        other.database.close()


def test_a_csv_cell_is_never_a_formula(workspace: Open, tmp_path: Path) -> None:
    fill(workspace, tmp_path)
    path = tmp_path / "out.csv"
    export(workspace, path)
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    cells = [cell for row in rows for cell in row]
    assert not [
        cell for cell in cells if cell[:1] in {"=", "@", "\t", "\r"} or (cell[:1] in {"+", "-"} and cell[1:2].isalpha())
    ]
    assert "'=cmd|' /C calc'!A0" in cells
    assert "+49170123456" in cells  # a plain number is harmless and stays
    assert rows[0].count("Attributes.m") == 2


def test_an_attribute_that_is_called_like_a_metric_is_no_formula_either(workspace: Open, tmp_path: Path) -> None:
    header = "Id,ChannelType,Address,Attributes.My.Metrics.x,Metrics.n"
    workspace.bring(write(tmp_path, "a,EMAIL,a@example.com,=1+1,-2", header=header))
    path = tmp_path / "out.csv"
    export(workspace, path)
    with path.open(encoding="utf-8", newline="") as file:
        (row,) = csv.DictReader(file)
    assert (row["Attributes.My.Metrics.x"], float(row["Metrics.n"])) == ("'=1+1", -2)


def test_objects_are_pinpoints(workspace: Open, tmp_path: Path) -> None:
    fill(workspace, tmp_path)
    path = tmp_path / "out.ndjson.gz"
    export(workspace, path)
    with gzip.open(path, "rt", encoding="utf-8") as file:
        first = json.loads(file.readline())
    assert first.pop("CohortId") in range(100)
    assert first == {
        "Id": "a", "ChannelType": "EMAIL", "Address": "a@example.com", "EndpointStatus": "ACTIVE", "OptOut": "NONE",
        "EffectiveDate": "2025-06-02T12:00:00.000000Z", "CreationDate": "2025-06-01T12:00:00.000000Z",
        "Attributes": {"plan": ["pro"], "m": ["x", "y"]}, "Metrics": {"spent": 12.5},
        "User": {"UserId": "u1", "UserAttributes": {"Name": ["Ann"]}},
    }  # fmt: skip


def test_a_segments_members_only(workspace: Open, tmp_path: Path) -> None:
    fill(workspace, tmp_path)
    segment = Segment(name="pro", root=Group(items=(AttributeRule(name="plan", values=("pro",)),)))
    segment_id = workspace.write(definitions.save, "segment", None, "pro", segment.to_json(), NOW)
    assert export(workspace, tmp_path / "out.csv", segment_id) == 1
    assert (tmp_path / "out.csv").read_text(encoding="utf-8").splitlines()[1].startswith("a,")
    with pytest.raises(SourceError):
        export(workspace, tmp_path / "none.csv", "nobody")
    assert not (tmp_path / "none.csv").exists()


def test_nobody_is_a_file_with_a_header_at_most(workspace: Open, tmp_path: Path) -> None:
    for ending in ENDINGS:
        assert export(workspace, tmp_path / f"out.{ending}") == 0
        assert (tmp_path / f"out.{ending}").exists()


def test_an_ending_that_says_no_format_is_refused(workspace: Open, tmp_path: Path) -> None:
    for name in ("out", "out.xlsx", "out.gz"):
        with pytest.raises(SourceError, match="parquet"):
            export(workspace, tmp_path / name)
    with pytest.raises(FolderMissingError):
        export(workspace, tmp_path / "no" / "out.csv")


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_cancelled_export_leaves_what_was_there(ending: str, workspace: Open, tmp_path: Path) -> None:
    class StoppedError(Exception):
        pass

    fill(workspace, tmp_path)
    path = tmp_path / f"out.{ending}"
    path.write_text("older", encoding="utf-8")
    before = sorted(entry.name for entry in tmp_path.iterdir())

    def begin_only(done: int, total: int | None = None) -> None:
        del done, total
        raise StoppedError

    with pytest.raises(StoppedError):
        workspace.bulk(partial(exports.run, advance=begin_only), path, "", NOW)
    assert path.read_text(encoding="utf-8") == "older"
    assert sorted(entry.name for entry in tmp_path.iterdir()) == before


LETTERS = st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"], include_characters="\n\t")
FORMULAS = st.sampled_from(["=1", "'=1", "''-a", "#", "-", "+1", "' ", '"', ", ", "NULL", "\\N", "null", "[]"])
TEXT = st.one_of(st.text(LETTERS, min_size=1, max_size=20).filter(lambda text: text.strip(" ")), FORMULAS)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    values=st.lists(st.lists(TEXT, min_size=1, max_size=3), min_size=1, max_size=4),
    number=st.floats(allow_nan=False, allow_infinity=False),
)
@pytest.mark.parametrize("ending", ["csv", "ndjson", "parquet"])
def test_any_text_comes_back_as_it_was(
    ending: str,
    values: list[list[str]],
    number: float,
    tmp_path_factory: pytest.TempPathFactory,
    runner: asyncio.Runner,
) -> None:
    folder = tmp_path_factory.mktemp("text")
    source = folder / "people.ndjson"
    lines: list[dict[str, Any]] = [
        {
            "Id": f"p{n}",
            "ChannelType": "CUSTOM",
            "Address": f"x{n}",
            "Attributes": {"a": texts},
            "Metrics": {"m": number},
        }
        for n, texts in enumerate(values)
    ]
    source.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines), encoding="utf-8")
    workspace = Open(Database.open(folder / "shop.workbench", create=True), runner)
    try:
        workspace.bring(source)
        found = people(workspace)
        assert [one["Attributes.a"] for one in found.values()] == values
        path = folder / f"out.{ending}"
        export(workspace, path)
        assert counts(workspace.bring(path)) == (0, 0, len(values), 0)
    finally:
        workspace.database.close()
