"""Opening workspaces: which file, with which key, and which were open before."""

import asyncio
import json
import os
import threading
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import platformdirs

from workbench.channels.secrets import Secrets
from workbench.engine.loop import Engine
from workbench.plan.words import tr
from workbench.store.database import InUseError, KeyNeededError, StoreError, WrongKeyError

EXTENSION: Final = ".workbench"
#: the environment variable with the key of an encrypted workspace, for machines without a keyring
KEY_VARIABLE: Final = "WORKBENCH_KEY"
_KEY_ACCOUNT: Final = "file-key"
_MOST_RECENT: Final = 12


@dataclass(frozen=True)
class Wish:
    """How a workspace is to be opened.

    Attributes:
        path: the file.
        create: make it; it must not exist.
        key: key for encryption at rest; None takes it from the environment or the keyring.
        remember_key: keep the given key in the keyring.
        sending: whether the engine may send what is planned; commands that only look must not.
    """

    path: Path
    create: bool = False
    key: str | None = None
    remember_key: bool = False
    sending: bool = True


def open_now(wish: Wish) -> Engine:
    """Open and give the running engine; blocks. Raises the `StoreError`s of `store.database`.

    `KeyNeededError` and `WrongKeyError` mean: ask for the key and try again.
    """
    key = wish.key or (None if wish.create else known_key(wish.path))
    engine = Engine(wish.path.resolve(), key=key, create=wish.create, sending=wish.sending)
    engine.start().result()
    if wish.key and wish.remember_key:
        try:
            asyncio.run(Secrets().put(_service(wish.path), _KEY_ACCOUNT, wish.key))
        except BaseException:
            engine.stop()
            raise
    return engine


def begin(wish: Wish, opened: Callable[[Engine], None] = lambda _: None) -> "Future[Engine]":
    """Open on a thread of its own; `opened` is called there before the future is done."""
    future: Future[Engine] = Future()

    def work() -> None:
        try:
            engine = open_now(wish)
            opened(engine)
        except BaseException as error:  # noqa: BLE001 - whatever it is, the caller's future must end with it
            future.set_exception(error)
        else:
            future.set_result(engine)

    threading.Thread(target=work, name="opening", daemon=True).start()
    return future


def known_key(path: Path) -> str | None:
    """The key from the environment, or the one that the keyring holds for this file."""
    return os.environ.get(KEY_VARIABLE) or asyncio.run(Secrets().get(_service(path), _KEY_ACCOUNT))


def _service(path: Path) -> str:
    """What the keyring knows the file by. Its own id stands inside, behind the key."""
    return str(path.resolve())


def data_folder() -> Path:
    """Where files go that nobody chose a place for; made if it is not there."""
    return platformdirs.user_data_path("marketing-workbench", appauthor=False, ensure_exists=True)


def recent() -> tuple[Path, ...]:
    """Workspaces that were open before and are still there, newest first."""
    return tuple(path for path in _listed() if path.exists())


def note_recent(path: Path) -> None:
    """Put a workspace at the head of the recent ones; a list that cannot be written is no reason to fail."""
    rest = [each for each in _listed() if each != path.resolve()]
    lines = [str(each) for each in (path.resolve(), *rest)][:_MOST_RECENT]
    with suppress(OSError):
        _recent_file().write_text(json.dumps(lines, indent=1), encoding="utf-8")


def _listed() -> tuple[Path, ...]:
    try:
        lines = json.loads(_recent_file().read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return ()
    return tuple(Path(line) for line in lines if isinstance(line, str)) if isinstance(lines, list) else ()


def _recent_file() -> Path:
    return data_folder() / "recent.json"


def whole_path(text: str) -> Path:
    """The path of a new workspace: `~` resolved, the usual extension added where there is none."""
    path = Path(text).expanduser()
    return path if path.suffix else path.with_suffix(EXTENSION)


def in_use_words(error: InUseError) -> str:
    """Which process has the file, for a person."""
    return tr("{reason} Close it there, or wait until it has finished.").format(reason=error)


__all__ = [
    "EXTENSION", "KEY_VARIABLE", "InUseError", "KeyNeededError", "StoreError", "Wish", "WrongKeyError", "begin",
    "data_folder", "in_use_words", "known_key", "note_recent", "open_now", "recent", "whole_path",
]  # fmt: skip
