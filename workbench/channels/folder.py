"""A folder that receives one `.eml` file per message."""

import asyncio
import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from workbench.channels.account import ConnectionFault
from workbench.channels.channel import Item, Offers, Work
from workbench.plan.words import tr

#: files in one sub-folder: more make folders slow on many systems
_PER_FOLDER = 10_000
#: messages between two looks at the loop
_AT_ONCE = 20


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


def letters(path: Path, run: int, ordinals: Iterable[int]) -> Iterator[Path]:
    """The files that a run has written for these messages and that are still there."""
    for ordinal in ordinals:
        file = path / f"{Folder.block(ordinal):04}" / f"{prefix(run)}-{ordinal:07}.eml"
        if file.is_file():
            yield file


def prefix(run: int) -> str:
    """What the names of a run's files begin with."""
    return f"run-{run}"


def safe(name: str) -> str:
    """A file name that every system takes: letters, digits, dots, at-signs, hyphens; at most 100 characters."""
    return re.sub(r"[^A-Za-z0-9.@_-]", "_", name).strip(".")[:100] or "message"


class FolderLane:
    """A lane that writes files: nothing is ever awaited, and a message written is accepted."""

    def __init__(self, work: Work, path: str, prefix: str) -> None:
        self.offers = Offers(smtputf8=True)
        self.busy = False
        self._work = work
        self._prefix = prefix
        self._leaving = False
        self._loop = asyncio.get_running_loop()
        try:
            self._folder = Folder(Path(path).expanduser())
        except OSError as error:
            raise ConnectionFault("connect", f"{path}: {error.strerror}", lasting=True) from error

    def go(self) -> None:
        """Write files for a moment, then let the loop see to other things."""
        if self.busy or self._leaving:
            return
        self.busy = True
        self._loop.call_soon(self._some)

    def check_time(self, now: float) -> None:
        """Nothing is ever overdue."""

    def leave(self) -> None:
        """Write nothing more."""
        self._leaving = True

    def _some(self) -> None:
        for _ in range(_AT_ONCE):
            item = None if self._leaving else self._work.take(self)
            if item is None or not self._put(item):
                self.busy = False
                self._work.flush()
                self._work.idle()
                return
        self._loop.call_soon(self._some)

    def _put(self, item: Item) -> bool:
        ordinal = item.row[0]
        self._work.begin(item)
        if not self._work.flush():
            return False
        try:
            path = self._folder.put(f"{self._prefix}-{ordinal:07}", item.message, Folder.block(ordinal))
        except OSError as error:
            self._work.unbegin(item)
            self._work.refuse_all(tr("The folder cannot be written: {words}").format(words=error.strerror))
            return False
        self._work.settle(item, "accepted", 0, path.name)
        return True
