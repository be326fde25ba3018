from datetime import UTC, datetime, timedelta

import pytest

from tests.store.conftest import NOW, Open
from workbench.plan.segment import Segment
from workbench.store import definitions, outbox
from workbench.store.errors import ChangedError


def save(workspace: Open, name: str, body: str, definition_id: str | None = None, at: datetime = NOW) -> str:
    return workspace.write(definitions.save, "segment", definition_id, name, body, at)


def test_each_change_is_a_version_and_old_ones_stay(workspace: Open) -> None:
    first = save(workspace, "A", "{}")
    assert save(workspace, "B", "{1}", first) == first
    newest = workspace.read(definitions.get, "segment", first)
    oldest = workspace.read(definitions.get, "segment", first, 1)
    assert newest is not None
    assert oldest is not None
    assert (newest.name, newest.version, newest.body, newest.saved) == ("B", 2, "{1}", NOW)
    assert (oldest.name, oldest.version, oldest.body) == ("A", 1, "{}")


def test_the_same_content_makes_no_version(workspace: Open) -> None:
    first = save(workspace, "A", "{}")
    save(workspace, "A", "{}", first)
    assert [row.version for row in workspace.read(definitions.listed, "segment")] == [1]


def test_the_list_has_the_newest_first_and_only_its_kind(workspace: Open) -> None:
    older = save(workspace, "older", "{}")
    newer = save(workspace, "newer", "{}", at=NOW + timedelta(minutes=1))
    workspace.write(definitions.save, "template", None, "other", "{}", NOW)
    assert [row.id for row in workspace.read(definitions.listed, "segment")] == [newer, older]
    save(workspace, "older still", "{}", older, at=NOW + timedelta(minutes=2))
    assert [row.id for row in workspace.read(definitions.listed, "segment")] == [older, newer]


def test_a_deleted_one_is_not_listed_but_found_and_comes_back(workspace: Open) -> None:
    gone = save(workspace, "A", "{}")
    save(workspace, "B", "{}", gone)
    workspace.write(definitions.set_deleted, "segment", gone, deleted=True)
    assert workspace.read(definitions.listed, "segment") == ()
    assert workspace.read(definitions.get, "segment", gone, 1) is not None
    workspace.write(definitions.set_deleted, "segment", gone, deleted=False)
    assert [row.name for row in workspace.read(definitions.listed, "segment")] == ["B"]


def test_what_never_was_is_none(workspace: Open) -> None:
    assert workspace.read(definitions.get, "segment", "nobody") is None


def test_times_are_kept_in_utc(workspace: Open) -> None:
    local = NOW.astimezone(UTC)
    first = save(workspace, "A", "{}", at=local)
    row = workspace.read(definitions.get, "segment", first)
    assert row is not None
    assert row.saved.tzinfo is UTC


def amend(workspace: Open, known: str, before: str, after: str, *, at: datetime = NOW, kind: str = "segment") -> None:
    workspace.write(definitions.save, kind, known, "A", after, at, before)


def versions(workspace: Open, definition_id: str) -> list[tuple[int, str]]:
    found = workspace.rows("SELECT version, body FROM definitions WHERE id = ? ORDER BY version", definition_id)
    return [(version, body) for version, body in found]


def test_what_one_editor_saves_in_a_row_is_one_version(workspace: Open) -> None:
    known = save(workspace, "A", "{}")
    save(workspace, "A", "{1}", known)
    for minute, (before, after) in enumerate((("{1}", "{12}"), ("{12}", "{123}"), ("{123}", "{1234}"))):
        amend(workspace, known, before, after, at=NOW + timedelta(minutes=9 * minute))
    assert versions(workspace, known) == [(1, "{}"), (2, "{1234}")]
    row = workspace.read(definitions.get, "segment", known)
    assert row is not None
    assert row.saved == NOW + timedelta(minutes=18)


def test_a_pause_of_more_than_ten_minutes_begins_a_version(workspace: Open) -> None:
    known = save(workspace, "A", "{1}")
    amend(workspace, known, "{1}", "{12}", at=NOW + timedelta(minutes=10, seconds=1))
    assert versions(workspace, known) == [(1, "{1}"), (2, "{12}")]


def test_what_somebody_else_saved_meanwhile_stays(workspace: Open) -> None:
    known = save(workspace, "A", "{1}")
    save(workspace, "A", "{other}", known)
    amend(workspace, known, "{1}", "{12}")
    assert versions(workspace, known) == [(1, "{1}"), (2, "{other}"), (3, "{12}")]


def test_typing_that_is_taken_back_leaves_no_version(workspace: Open) -> None:
    known = save(workspace, "A", "{}")
    save(workspace, "A", "{1}", known)
    amend(workspace, known, "{1}", "{}")
    assert versions(workspace, known) == [(1, "{}")]


def test_amending_a_deleted_one_brings_it_back(workspace: Open) -> None:
    known = save(workspace, "A", "{1}")
    workspace.write(definitions.set_deleted, "segment", known, deleted=True)
    amend(workspace, known, "{1}", "{12}")
    assert [row.body for row in workspace.read(definitions.listed, "segment")] == ["{12}"]


@pytest.mark.parametrize("kind", ["campaign", "segment", "template", "channel"])
def test_what_a_run_has_pinned_is_never_amended(workspace: Open, kind: str) -> None:
    for pinned in (1, 2):
        known = workspace.write(definitions.save, kind, None, "A", "{1}", NOW)
        ids = {"campaign": "c", "segment": "", "template": "t", "channel": "ch"} | {kind: known}
        numbers: dict[str, int | None] = {"campaign": 1, "segment": None, "template": 1, "channel": 1}
        numbers |= {kind: pinned}
        pins = outbox.Pins(
            ids["campaign"], numbers["campaign"] or 0, "Autumn", ids["segment"], numbers["segment"],
            ids["template"], numbers["template"] or 0, ids["channel"], numbers["channel"] or 0, "Shop", "a@b.c", "",
        )  # fmt: skip
        run = workspace.write(outbox.plan_run, pins, Segment(), NOW, NOW)
        assert run is not None
        workspace.write(outbox.move_run, run, ("waiting",), ("finished", ""), NOW)
        amend(workspace, known, "{1}", "{12}", kind=kind)
        expected = [(1, "{1}"), (2, "{12}")] if pinned == 1 else [(1, "{12}")]
        assert versions(workspace, known) == expected


def test_a_launch_that_read_a_version_which_was_amended_since_writes_nothing(workspace: Open) -> None:
    known = save(workspace, "A", Segment().to_json())
    row = workspace.read(definitions.get, "segment", known)
    assert row is not None
    pins = outbox.Pins("c", 1, "Autumn", known, 1, "t", 1, "ch", 1, "Shop", "a@b.c", "")
    amend(workspace, known, Segment().to_json(), Segment(name="B").to_json())
    with pytest.raises(ChangedError, match="a moment ago"):
        workspace.write(outbox.plan_run, pins, Segment(), NOW, NOW, [("segment", row)])
    assert workspace.rows("SELECT count(*) FROM runs") == [(0,)]
    newest = workspace.read(definitions.get, "segment", known)
    assert newest is not None
    assert workspace.write(outbox.plan_run, pins, Segment(), NOW, NOW, [("segment", newest)]) is not None
