"""What an import would reject of the first rows is what it does reject."""

import csv
from functools import partial
from pathlib import Path

import pytest

from tests.store.conftest import NOW, Open, quiet
from workbench.plan.mapping import Column, Dialect, Kind, Mapping, Trial
from workbench.store import imports, reader, trial

RAGGED = (
    "email,name,spent",
    "ann@example.com,Ann,1",
    "not-a-mail,Bo,2",
    "short",
    "cy@example.com,Cy,3,4",
    "@bad,Di,5",
    "ed@example.com,Ed,many",
    'fi@example.com,"two, cells",7',
)


def mapped(workspace: Open, path: Path, kind: Kind | None = None) -> Mapping:
    return workspace.read(reader.preview, path, kind, Dialect()).mapping


def tried(workspace: Open, path: Path, mapping: Mapping) -> Trial:
    return workspace.read(trial.run, path, mapping)


def really(workspace: Open, path: Path, mapping: Mapping) -> list[tuple[int, str]]:
    """(row among the rows, reason) of what an import rejects."""
    run = partial(imports.run, advance=quiet)
    report = workspace.bulk(run, path, mapping, mapping.dialect, NOW)
    if not report.rejects:
        return []
    with Path(report.rejects).open(encoding="utf-8", newline="") as file:
        return [(int(row["row"]) - 1, row["reason"]) for row in csv.DictReader(file)]


def faults(found: Trial) -> list[tuple[int, str]]:
    return [(row.number, row.reason) for row in found.rows if row.reason]


def test_ragged_rows_and_wrong_cells_are_marked_as_the_import_rejects_them(workspace: Open, tmp_path: Path) -> None:
    path = tmp_path / "ragged.csv"
    path.write_text("\n".join(RAGGED) + "\n", encoding="utf-8")
    mapping = Mapping(
        dialect=Dialect(format="csv", delimiter=",", header=True),
        columns=(
            Column(target="Address", source="email"),
            Column(target="ChannelType", value="EMAIL"),
            Column(target="Attributes.name", source="name"),
            Column(target="Metrics.spent", source="spent"),
        ),
    )
    found = tried(workspace, path, mapping)
    assert (found.looked_at, found.rejected) == (7, 5)
    assert [(row.number, row.column) for row in found.rows if row.reason] == [
        (2, "email"), (3, ""), (4, ""), (5, "email"), (6, "spent"),
    ]  # fmt: skip
    assert [row.cells[0] for row in found.rows[:4]] == ["ann@example.com", "not-a-mail", "short", "cy@example.com"]
    assert faults(found) == really(workspace, path, mapping)


def test_events_of_nobody_and_people_without_an_address_are_marked(workspace: Open, tmp_path: Path) -> None:
    people = tmp_path / "people.csv"
    people.write_text("Id,Address,ChannelType\na,a@example.com,EMAIL\nb,,EMAIL\nc,c@example.com,\n", encoding="utf-8")
    events = tmp_path / "events.csv"
    events.write_text(
        "EndpointId,EventType,Timestamp\na,seen,2026-01-01\nnobody,seen,2026-01-01\na,seen,then\n", encoding="utf-8"
    )
    for path in (people, events):
        mapping = mapped(workspace, path)
        found = tried(workspace, path, mapping)
        assert found.rejected == 2
        assert faults(found) == really(workspace, path, mapping)
    again = tmp_path / "again.csv"
    again.write_text("Id,ChannelType\na,EMAIL\nz,EMAIL\n", encoding="utf-8")
    assert faults(tried(workspace, again, mapped(workspace, again))) == [(2, "The endpoint is new and has no address.")]


@pytest.mark.parametrize("name", ["p.ndjson", "p.txt"])
def test_rows_of_other_formats_too(name: str, workspace: Open, tmp_path: Path) -> None:
    rows = {
        "p.ndjson": '{"Address":"a@b.com","ChannelType":"EMAIL"}\nnothing\n{"Address":"b","ChannelType":"EMAIL"}\n',
        "p.txt": "Address ChannelType\na@example.com EMAIL\nshort\nb EMAIL\n",
    }
    path = tmp_path / name
    path.write_text(rows[name], encoding="utf-8")
    mapping = mapped(workspace, path, "endpoints")
    if name == "p.txt":
        mapping = workspace.read(reader.preview, path, "endpoints", Dialect(delimiter="blanks")).mapping
    found = tried(workspace, path, mapping)
    assert [row.number for row in found.rows if row.reason] == [2, 3]
    assert [reason for _, reason in faults(found)] == [reason for _, reason in really(workspace, path, mapping)]


def test_only_the_first_rows_are_looked_at_and_some_shown(workspace: Open, tmp_path: Path) -> None:
    path = tmp_path / "many.csv"
    path.write_text("email\n" + "a@example.com\n" * 90 + "no mail\n" * 90, encoding="utf-8")
    found = tried(workspace, path, mapped(workspace, path))
    assert (found.looked_at, found.rejected) == (100, 10)
    assert [row.number for row in found.rows] == [1, 2, 3, 4, 5, 91, 92, 93, 94, 95]
