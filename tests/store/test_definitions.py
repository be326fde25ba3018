from datetime import UTC, datetime, timedelta

from tests.store.conftest import NOW, Open
from workbench.store import definitions


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
