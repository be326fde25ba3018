"""The workspace file itself: make it, look at it before anything is touched, open it, bring it to the newest version.

The file is always attached to an empty in-memory database under the name `workspace`, encrypted or not, so that there
is one way to open it. Nothing is downloaded: extensions come from installed packages.
"""

import errno
import json
import os
import re
import shutil
import struct
import sys
import threading
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path
from typing import Final

import duckdb

from workbench.plan.words import tr
from workbench.plan.workspace import Workspace
from workbench.store.errors import (
    AlreadyExistsError,
    DamagedError,
    FileMissingError,
    FolderMissingError,
    InUseError,
    KeyNeededError,
    NewerVersionError,
    NotAWorkspaceError,
    NotPermittedError,
    SourceError,
    StoreError,
    WrongKeyError,
)
from workbench.store.migrations import v1

SUFFIX: Final = ".workbench"
#: DuckDB's format for new files: it compresses texts in a quarter less time than the oldest one, which is its default
STORAGE_VERSION: Final = "v1.5.0"
FORMAT: Final = "marketing-workbench"
#: Step N brings a file of version N to version N + 1; version 0 is an empty file.
STEPS: tuple[Callable[[duckdb.DuckDBPyConnection], None], ...] = (v1.create,)

_CLAIMED: Final[set[Path]] = set()
_CLAIMING: Final = threading.Lock()

#: how far threads of bulk work stand back, in the system's steps of niceness
BACK: Final = 10

_MAGIC_AT: Final = 8
_MAGIC: Final = b"DUCK"
#: bytes before the first block: the main header and two database headers
_HEADERS: Final = 3 * 4096
_ENCRYPTED_FLAG: Final = 1
#: a pointer's lower 56 bits are the block's number; all bits set is no block
_BLOCK_MASK: Final = (1 << 56) - 1
_NO_BLOCK: Final = (1 << 64) - 1


def connect(memory_limit: str | None = None) -> duckdb.DuckDBPyConnection:
    """An empty in-memory database with the program's settings: UTC, no downloads."""
    config: dict[str, str | bool | int | float | list[str]] = {
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
        "allow_community_extensions": False,
    }
    if memory_limit:
        config["memory_limit"] = memory_limit
    with ThreadPoolExecutor(1, "duckdb", stand_back) as thread:  # the engine's own threads are as nice as their maker
        connection = thread.submit(duckdb.connect, ":memory:", config=config).result()
    connection.execute("SET GLOBAL TimeZone = 'UTC'")
    return connection


def stand_back(steps: int = BACK) -> None:
    """Let the window's thread go first where there are too few processors; for threads, which only Linux can order."""
    if sys.platform == "linux":
        thread = threading.get_native_id()
        os.setpriority(os.PRIO_PROCESS, thread, min(19, os.getpriority(os.PRIO_PROCESS, thread) + steps))


def load_encryption(connection: duckdb.DuckDBPyConnection) -> None:
    """Load the extension that encrypts when writing, from its installed package; raises `StoreError` without it."""
    version = duckdb.__version__
    try:
        folder = files("duckdb_extension_httpfs") / "extensions" / f"v{version}"
    except ModuleNotFoundError as error:
        raise StoreError(tr("Encryption needs the package duckdb-extension-httpfs {v}.").format(v=version)) from error
    connection.execute(f"LOAD {quoted(str(folder / 'httpfs.duckdb_extension'))}")


def quoted(text: str) -> str:
    """Text as an SQL literal, where a parameter is not allowed."""
    return "'" + text.replace("'", "''") + "'"


def create(path: Path, key: str | None = None) -> None:
    """Make a new workspace file; a half-made one never has the name asked for.

    Raises `AlreadyExistsError`, `FolderMissingError`, `NotPermittedError`.
    """
    if path.exists():
        raise AlreadyExistsError(tr("{file} already exists.").format(file=path.name))
    check_folder(path)
    draft = draft_beside(path)
    connection = connect()
    try:
        attach(connection, draft, key)
        connection.execute("BEGIN")
        _migrate(connection, 0)
        facts = {
            "format": FORMAT,
            "workspace_id": uuid.uuid4().hex,
            "created": datetime.now(UTC).isoformat(),
            "settings": Workspace(name=path.stem).to_json(),
        }
        connection.executemany("INSERT INTO meta VALUES (?, ?)", list(facts.items()))
        connection.execute("COMMIT")
        detach(connection)
        draft.rename(path)
    finally:
        connection.close()
        draft.unlink(missing_ok=True)
        draft.with_name(draft.name + ".wal").unlink(missing_ok=True)


def check_folder(path: Path) -> None:
    """Raise where no file can be written at this path, before anything is begun."""
    if not path.parent.is_dir():
        raise FolderMissingError(tr("There is no folder {folder}.").format(folder=path.parent))
    probe = path.with_name(f".{uuid.uuid4().hex}")
    try:
        probe.touch(exist_ok=False)
        probe.unlink()
    except OSError as error:
        raise _refused(path, error) from error


def draft_beside(path: Path) -> Path:
    """The name that a file has while it is made, before it takes this one."""
    return path.with_name(f".{path.name}.{uuid.uuid4().hex[:8]}")


def tidy(path: Path) -> None:
    """Remove the drafts of a file that a killed process has left; only while nobody else has the file open."""
    made = re.compile(re.escape(f".{path.name}.") + r"[0-9a-f]{8}(\.wal)?")
    with suppress(OSError):  # a folder that cannot be read, or changed, has none of ours
        for each in path.parent.iterdir():
            if made.fullmatch(each.name):
                each.unlink(missing_ok=True)


def claim(path: Path) -> None:
    """Note that this process has the file open; raises `InUseError` where it has already.

    The system's lock belongs to the process and ends as soon as any handle of the file is closed, also one that only
    read: a file that is open here must not be opened a second time, not even to look at it.
    """
    whole = path.resolve()
    with _CLAIMING:
        if whole in _CLAIMED:
            raise InUseError(path, os.getpid())
        _CLAIMED.add(whole)


def release(path: Path) -> None:
    """Note that this process has let go of the file."""
    with _CLAIMING:
        _CLAIMED.discard(path.resolve())


def inspect(path: Path) -> bool:
    """Look at the first bytes without DuckDB; whether the file is encrypted. Raises the `StoreError` that fits."""
    if not path.exists():
        raise FileMissingError(tr("There is no file {file}.").format(file=path))
    if path.is_dir():
        raise NotAWorkspaceError(tr("{file} is a folder, not a workspace.").format(file=path.name))
    try:
        with path.open("rb") as file:
            head = file.read(_HEADERS)
    except OSError as error:
        raise _refused(path, error) from error
    if not head:
        raise DamagedError(tr("{file} is empty. Open a back-up instead.").format(file=path.name))
    if head[_MAGIC_AT : _MAGIC_AT + len(_MAGIC)] != _MAGIC:
        raise NotAWorkspaceError(tr("{file} is not a workspace.").format(file=path.name))
    flags = struct.unpack_from("<Q", head, _MAGIC_AT + 12)[0] if len(head) >= _MAGIC_AT + 20 else 0
    encrypted = bool(flags & _ENCRYPTED_FLAG)
    if len(head) < _HEADERS or (not encrypted and path.stat().st_size < _expected_size(head)):
        raise _damaged(path)
    return encrypted


def _expected_size(head: bytes) -> int:
    """Bytes up to the blocks that the newer of the two database headers points at, which the file cannot be without.

    Its count of blocks is no measure: free blocks at the end are cut off after the header is written.
    """
    newest = max((4096, 8192), key=lambda at: struct.unpack_from("<Q", head, at + 8)[0])
    *roots, _, block_size = struct.unpack_from("<4Q", head, newest + 16)
    needed = max(((root & _BLOCK_MASK) + 1 for root in roots if root != _NO_BLOCK), default=0)
    return _HEADERS + needed * int(block_size) if block_size <= 1 << 20 else 0


def open_file(path: Path, key: str | None, memory_limit: str | None) -> tuple[duckdb.DuckDBPyConnection, bool]:
    """A connection with the file attached as `workspace`, migrated to the newest version; whether it is encrypted.

    A file that is not opened in the end is not touched: it is looked at read-only first.
    """
    encrypted = inspect(path)
    if encrypted and not key:
        raise KeyNeededError(tr("{file} is encrypted. Its key is needed.").format(file=path.name))
    connection = connect(memory_limit)
    try:
        key = key if encrypted else None
        attach(connection, path, key, read_only=True)
        version = _version(connection, path)
        detach(connection)
        if version < len(STEPS):
            _put_aside(path)
        attach(connection, path, key)
        if version < len(STEPS):
            connection.execute("BEGIN")
            _migrate(connection, version)
            connection.execute("COMMIT")
    except BaseException:
        connection.close()
        raise
    return connection, encrypted


def keep_workspace(cursor: duckdb.DuckDBPyConnection, target: Path) -> None:
    """Raise `SourceError` where the target is the open workspace itself, by whatever path."""
    row = cursor.execute("SELECT path FROM duckdb_databases() WHERE database_name = 'workspace'").fetchone()
    if row and row[0] and target.exists() and target.samefile(row[0]):
        raise SourceError(tr("{file} is the workspace itself. Name another file.").format(file=target.name))


def attach(connection: duckdb.DuckDBPyConnection, path: Path, key: str | None, *, read_only: bool = False) -> None:
    """Attach the file as `workspace` and use it; DuckDB's refusals become `StoreError`s."""
    if key:
        load_encryption(connection)
    try:
        connection.execute(f"SET GLOBAL temp_directory = {quoted(str(path) + '.tmp')}")
        if key:  # what does not fit into memory must not lie beside the file to be read
            connection.execute("SET GLOBAL temp_file_encryption = true")
        connection.execute(f"ATTACH {quoted(str(path))} AS workspace {attach_clause(key, read_only=read_only)}")
        connection.execute("USE workspace")
    except (duckdb.Error, ValueError, UnicodeError) as error:
        raise _explained(path, error) from error


def attach_clause(key: str | None, *, read_only: bool = False) -> str:
    """The options of ATTACH."""
    options = ["READ_ONLY" if read_only else f"STORAGE_VERSION {quoted(STORAGE_VERSION)}"]
    if key:
        options.append(f"ENCRYPTION_KEY {quoted(key)}")
    return f"({', '.join(options)})"


def detach(connection: duckdb.DuckDBPyConnection) -> None:
    """Write everything into the file and let go of it."""
    connection.execute("USE memory")
    connection.execute("DETACH workspace")


def _version(connection: duckdb.DuckDBPyConnection, path: Path) -> int:
    try:
        facts = dict(connection.execute("SELECT name, value FROM meta").fetchall())
    except duckdb.CatalogException:
        facts = {}
    except duckdb.Error as error:
        raise _damaged(path) from error
    if facts.get("format") != FORMAT:
        raise NotAWorkspaceError(tr("{file} is a database, but not a workspace.").format(file=path.name))
    version = int(facts["schema_version"])
    if version > len(STEPS):
        raise _newer(path)
    return version


def _migrate(connection: duckdb.DuckDBPyConnection, version: int) -> None:
    for step in STEPS[version:]:
        step(connection)
    connection.execute("DELETE FROM meta WHERE name = 'schema_version'")
    connection.execute("INSERT INTO meta VALUES ('schema_version', ?)", [str(len(STEPS))])


def _put_aside(path: Path) -> Path:
    """Copy the file (and what was not yet written into it) before a migration; gives the copy's path."""
    stem = path.name.removesuffix(SUFFIX)
    copy = path.with_name(f"{stem}.before-v{len(STEPS)}{SUFFIX}")
    number = 1
    while copy.exists():
        number += 1
        copy = path.with_name(f"{stem}.before-v{len(STEPS)}-{number}{SUFFIX}")
    try:
        shutil.copy2(path, copy)
        log = path.with_name(path.name + ".wal")
        if log.exists():
            shutil.copy2(log, copy.with_name(copy.name + ".wal"))
    except OSError as error:
        raise _refused(copy, error) from error
    return copy


def _explained(path: Path, error: Exception) -> StoreError:
    """DuckDB's words as an error of ours; the patterns are those of DuckDB 1.5."""
    text = str(error)
    if "Could not set lock" in text or "being used by another process" in text or "already attached" in text:
        return _in_use(path, text)
    if "Wrong encryption key" in text:
        return WrongKeyError(tr("The key does not open {file}.").format(file=path.name))
    if "without a key" in text:
        return KeyNeededError(tr("{file} is encrypted. Its key is needed.").format(file=path.name))
    if "newer version of DuckDB" in text or "storage version" in text.lower() or "version number" in text:
        return _newer(path)
    if "Permission denied" in text or "Read-only file system" in text or "Cannot open file" in text:
        return NotPermittedError(tr("{file} may not be opened: {text}").format(file=path.name, text=text))
    return _damaged(path)


def _in_use(path: Path, text: str) -> InUseError:
    if "already attached" in text:
        return InUseError(path, os.getpid())
    named = re.search(r"\(PID (\d+)\)", text)
    pid = int(named.group(1)) if named else _locked_by(path)
    return InUseError(path, pid, _url(path, pid))


def _locked_by(path: Path) -> int:
    pid = _lock_note(path).get("pid")
    return pid if isinstance(pid, int) else 0


def _url(path: Path, pid: int) -> str:
    note = _lock_note(path)
    return str(note.get("url") or "") if note.get("pid") == pid else ""


def _lock_note(path: Path) -> dict[str, object]:
    """What the process that has the file open wrote beside it; empty where there is no such note."""
    try:
        note = json.loads(path.with_name(path.name + ".lock").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return note if isinstance(note, dict) else {}


def _damaged(path: Path) -> DamagedError:
    return DamagedError(
        tr("{file} is damaged. Nothing was changed; open a back-up instead.").format(file=path.name),
    )


def _newer(path: Path) -> NewerVersionError:
    return NewerVersionError(
        tr("{file} was written by a newer version of the program. Update the program to open it.").format(
            file=path.name
        ),
    )


def _refused(path: Path, error: OSError) -> StoreError:
    if error.errno in {errno.ENOENT, errno.ENOTDIR}:
        return FileMissingError(tr("There is no file {file}.").format(file=path))
    reason = error.strerror or str(error)
    return NotPermittedError(tr("{file}: the system refuses ({reason}).").format(file=path, reason=reason))
