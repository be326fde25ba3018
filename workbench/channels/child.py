"""What the processes that this room starts have in common."""

import os
from typing import Final

#: how far they stand back behind the window and the engine, in the system's steps of niceness
_BACK: Final = 10


def environment() -> dict[str, str]:
    """This process's environment without any account's secret."""
    return {name: value for name, value in os.environ.items() if not name.startswith("WORKBENCH_SECRET_")}


def stand_back() -> None:
    """Let the window and the engine go first where there are too few processors; called by the process itself."""
    if hasattr(os, "nice"):
        os.nice(_BACK)
