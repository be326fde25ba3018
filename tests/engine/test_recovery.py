"""What an earlier process left behind, by its claims and its journal."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests import crowd
from workbench.channels.boot import boot_id
from workbench.channels.journal import Journal
from workbench.engine.desk import Desk
from workbench.engine.folding import folder_of
from workbench.engine.loop import Engine
from workbench.plan.channel import SandboxChannel
from workbench.store import ledger
from workbench.store.ledger import Claim, JournalRow


def left_behind(path: Path, boot: str, *, keep_journal: bool = True) -> str:
    """A run of ten, whose courier had six: two have results, one was begun, three were not."""
    engine = Engine(path, create=True, sending=False)
    engine.start().result(60)
    crowd.gather(engine, 10)
    run = crowd.launch(engine, crowd.compose(engine, SandboxChannel()))

    async def claim(desk: Desk) -> None:
        now = datetime.now(UTC)
        await desk.store.write(ledger.open_journal, JournalRow("a.journal", int(run), boot, 1, 0), now)
        await desk.store.write(ledger.claim, int(run), "a.journal", Claim(0, 5, None, []), (now, ""))

    crowd.answer(engine, claim)
    engine.stop()
    journal = Journal(folder_of(path) / "a.journal")
    for ordinal in range(3):
        journal.begin(ordinal, 1)
    for ordinal in range(2):
        journal.result(ordinal, 1, "accepted", 250, "Ok")
    journal.flush()
    journal.close()
    if not keep_journal:
        (folder_of(path) / "a.journal").unlink()
    return run


@pytest.mark.parametrize(
    ("boot", "keep", "expected"),
    [
        (boot_id(), True, {"accepted": 2, "unknown": 1, "planned": 7}),
        ("another start of the machine", True, {"accepted": 2, "unknown": 4, "planned": 4}),
        (boot_id(), False, {"unknown": 6, "planned": 4}),
    ],
    ids=["the process died", "the machine died", "the journal is gone"],
)
def test_what_was_claimed_is_settled(tmp_path: Path, boot: str, *, keep: bool, expected: dict[str, int]) -> None:
    path = tmp_path / "shop.workbench"
    run = left_behind(path, boot, keep_journal=keep)
    for _ in range(2):
        engine = Engine(path, sending=False)
        engine.start().result(60)
        assert crowd.status(engine, run).states == expected
        engine.stop()
    assert not folder_of(path).exists()
