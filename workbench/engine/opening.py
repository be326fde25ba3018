"""Opening workspaces: which file, with which key, and which were open before."""

import asyncio
import json
import os
import shlex
import shutil
import threading
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import platformdirs

from workbench.channels.secrets import Secrets, SecretsError
from workbench.engine import doorbell
from workbench.engine.loop import Engine
from workbench.plan.words import tr
from workbench.store.errors import (
    FileMissingError,
    InUseError,
    KeyNeededError,
    NotAWorkspaceError,
    NotPermittedError,
    StoreError,
    WrongKeyError,
)

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
        key: key for encryption at rest; None takes it from the environment or the keyring where the file wants one.
        remember_key: keep the given key in the keyring, where there is one.
        sending: whether the engine may send what is planned; commands that only look must not.
    """

    path: Path
    create: bool = False
    key: str | None = None
    remember_key: bool = False
    sending: bool = True


def open_now(wish: Wish) -> Engine:
    """Open and give the running engine; blocks. Raises the `StoreError`s of `store.database`.

    `KeyNeededError` and `WrongKeyError` mean: ask for the key and try again. The keyring is only asked for files that
    want a key.
    """
    given = wish.key or (None if wish.create else os.environ.get(KEY_VARIABLE))
    try:
        engine = _started(wish, given)
    except KeyNeededError:
        kept = asyncio.run(Secrets().get(_service(wish.path), _KEY_ACCOUNT))
        if not kept:
            raise
        engine = _started(wish, kept)
    if wish.key and wish.remember_key:
        keep_key(wish.path, wish.key)
    return engine


def _started(wish: Wish, key: str | None) -> Engine:
    engine = Engine(wish.path.resolve(), key=key, create=wish.create, sending=wish.sending)
    engine.start().result()
    # Whoever has the file open hangs the bell: one that hangs now was left by a process that is gone.
    doorbell.bell_path(engine.path).unlink(missing_ok=True)
    return engine


def keep_key(path: Path, key: str) -> bool:
    """Put the file's key into the keyring; blocks. False where there is none: then it is asked for each time."""
    try:
        asyncio.run(Secrets().put(_service(path), _KEY_ACCOUNT, key))
    except SecretsError:
        return False
    return True


def begin(wish: Wish) -> "Future[Engine]":
    """Open on a thread of its own, where the future's callbacks are called as well."""
    future: Future[Engine] = Future()

    def work() -> None:
        try:
            engine = open_now(wish)
        except BaseException as error:  # noqa: BLE001 - whatever it is, the caller's future must end with it
            future.set_exception(error)
        else:
            future.set_result(engine)

    threading.Thread(target=work, name="opening", daemon=True).start()
    return future


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


def throw_away_sample() -> None:
    """Delete the sample workspace and what stands beside it; raises `InUseError` where it is open."""
    path = sample_path()
    if not path.exists():
        return
    _started(Wish(path, sending=False), None).stop()  # it opens, so nobody else has it
    for beside in [
        each for each in path.parent.iterdir() if each.name == path.name or each.name.startswith(f"{path.name}.")
    ]:
        if beside.is_dir():
            shutil.rmtree(beside)
        else:
            beside.unlink()


def sample_path() -> Path:
    """Where the demonstration keeps its workspace unless told otherwise."""
    return data_folder() / f"sample{EXTENSION}"


def whole_path(text: str) -> Path:
    """The path of a new workspace: `~` resolved, the usual extension added where there is none."""
    path = Path(text).expanduser()
    return path if path.suffix else path.with_suffix(EXTENSION)


def advice(error: StoreError, path: Path) -> str:
    """What a person at a terminal can do where a workspace does not open; empty where the error's words say it."""
    match error:
        case FileMissingError():
            return tr("Make one with: {command}").format(command=f"workbench new {shlex.quote(str(path))}")
        case NotAWorkspaceError():
            return tr("Name another file, or make a workspace with: workbench new FILE")
        case KeyNeededError() | WrongKeyError():
            return tr("Set {variable} to its key.").format(variable=KEY_VARIABLE)
        case InUseError():
            return tr("Close it there, or wait until it has finished.")
        case NotPermittedError():
            return tr("Let your user read and write it.")
        case _:
            return ""


__all__ = [
    "EXTENSION", "KEY_VARIABLE", "FileMissingError", "InUseError", "KeyNeededError", "StoreError", "Wish",
    "WrongKeyError", "advice", "begin", "data_folder", "keep_key", "note_recent", "open_now", "recent",
    "sample_path", "throw_away_sample", "whole_path",
]  # fmt: skip
