"""What holds for every test: it leaves no engine at work."""

import threading
from collections.abc import Iterator
from typing import Final

import pytest

#: seconds that an engine may take to end after its test
_ENDING: Final = 10.0


def _engines() -> set[threading.Thread]:
    return {thread for thread in threading.enumerate() if thread.name in {"engine", "opening", "closing"}}


@pytest.fixture(autouse=True)
def _no_engine_is_left() -> Iterator[None]:
    """An engine that outlives its test would go on sending, and take the process down when the program ends."""
    before = _engines()
    yield
    left = _engines() - before
    for thread in left:
        thread.join(_ENDING)
    left = {thread for thread in left if thread.is_alive()}
    assert not left, f"the test left {sorted(thread.name for thread in left)} running"
