"""A folder that receives one `.eml` file per message."""

import os
import re
from pathlib import Path

#: files in one sub-folder: more make folders slow on many systems
_PER_FOLDER = 10_000


class Folder:
    """Writes messages as files; a file is there with all its bytes or not at all."""

    def __init__(self, path: Path) -> None:
        path.mkdir(parents=True, exist_ok=True)
        self._path = path

    def put(self, name: str, message: bytes, block: int | None = None) -> Path:
        """Write one message under a safe form of the name; gives its path. A file of that name is replaced.

        `block` puts it into a numbered sub-folder. Raises `OSError`.
        """
        folder = self._path if block is None else self._path / f"{block:04}"
        folder.mkdir(exist_ok=True)
        target = folder / f"{safe(name)}.eml"
        draft = folder / f".{safe(name)}.part"
        try:
            draft.write_bytes(message)
            os.replace(draft, target)  # noqa: PTH105 - Path.replace would do the same; this is the atomic one by name
        except OSError:
            draft.unlink(missing_ok=True)
            raise
        return target

    @staticmethod
    def block(ordinal: int) -> int:
        """The number of the sub-folder for a message's ordinal."""
        return ordinal // _PER_FOLDER


def safe(name: str) -> str:
    """A file name that every system takes: letters, digits, dots, at-signs, hyphens; at most 100 characters."""
    return re.sub(r"[^A-Za-z0-9.@_-]", "_", name).strip(".")[:100] or "message"
