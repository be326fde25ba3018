"""The open workspace: one DuckDB connection, one writer thread, one bulk thread, several readers.

Every call runs on a cursor of its own. The event loop never waits for SQL: `read`, `write` and `bulk` are awaited.
"""

import asyncio
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Any, Concatenate, Final, ParamSpec, TypeVar

import duckdb

from workbench.plan.words import tr
from workbench.store import copies, file
from workbench.store.errors import (
    AlreadyExistsError,
    BusyError,
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
from workbench.store.watch import Advance

__all__ = [
    "AlreadyExistsError", "BusyError", "Cursor", "DamagedError", "Database", "FileMissingError", "FolderMissingError",
    "InUseError", "KeyNeededError", "NewerVersionError", "NotAWorkspaceError", "NotPermittedError", "SourceError",
    "StoreError", "WrongKeyError", "prepared_by",
]  # fmt: skip

Cursor = duckdb.DuckDBPyConnection
_P = ParamSpec("_P")
_T = TypeVar("_T")

READERS: Final = 3
#: seconds between two interrupts of a query that was told to stop: one that comes between two statements has no effect
_INTERRUPT_EVERY: Final = 0.02
#: seconds to wait for whoever has opened the file in the moment in which it was exchanged
_PATIENCE: Final = 5.0

_PREPARATIONS: Final[dict[Callable[..., Any], Callable[..., None]]] = {}


def prepared_by(preparation: Callable[..., None]) -> Callable[[Callable[_P, _T]], Callable[_P, _T]]:
    """Mark a bulk function: `preparation(cursor, *args)` runs first, in a short transaction of its own.

    It is the place to alter tables: a transaction that has written to a table cannot be committed once another has
    altered it, so that altering must not happen beside a writer or inside a long transaction.
    """

    def mark(function: Callable[_P, _T]) -> Callable[_P, _T]:
        _PREPARATIONS[function] = preparation
        return function

    return mark


class _Call:
    """One function on one cursor, which can be told to stop from any thread, at any time, without hitting another."""

    def __init__(self, connection: Cursor, begin: str, function: Callable[[Cursor], Any]) -> None:
        self._connection = connection
        self._begin = begin
        self._function = function
        self._lock = threading.Lock()
        self._cursor: Cursor | None = None
        self._stopped = False

    def run(self) -> Any:  # noqa: ANN401 - the function's own result, typed at read, write and bulk
        """Run in a transaction: committed, or rolled back when anything is raised."""
        cursor = self._connection.cursor()
        try:
            cursor.execute("USE workspace")
            self._set_interruptible(cursor)
            cursor.execute(self._begin)
            try:
                result = self._function(cursor)
                self._set_interruptible(None)
                cursor.execute("COMMIT")
            except BaseException:
                self._set_interruptible(None)
                with suppress(duckdb.Error):  # a failed COMMIT has rolled back already
                    cursor.execute("ROLLBACK")
                raise
        finally:
            cursor.close()
        return result

    def interrupt(self) -> None:
        """Stop the query that is running on this call's cursor, if any, and do not begin if it has not begun."""
        with self._lock:
            self._stopped = True
            if self._cursor is not None:
                self._cursor.interrupt()

    def _set_interruptible(self, cursor: Cursor | None) -> None:
        with self._lock:
            if self._stopped and cursor is not None:
                raise duckdb.InterruptException("stopped before it began")
            self._cursor = cursor


class Database:
    """An open workspace file.

    Attributes:
        path: the file.
        encrypted: whether it is encrypted at rest.
        workspace_id: 32 hexadecimal digits, the same for the file's whole life.
    """

    def __init__(self, path: Path, connection: Cursor, key: str | None) -> None:
        self.path = path
        self.encrypted = key is not None
        self._key = key
        self._connection = connection
        self._altering = threading.Lock()
        self._calls: set[_Call] = set()
        self._submitting = threading.Lock()
        self._writer = ThreadPoolExecutor(1, "store-writer")
        self._bulk = ThreadPoolExecutor(1, "store-bulk", file.stand_back)
        self._readers = ThreadPoolExecutor(READERS, "store-reader", file.stand_back, (file.BACK // 2,))
        # All rows are fetched: a result that is not read to its end keeps its transaction open, and with it every old
        # version of every row, for as long as the connection lives.
        rows = connection.execute("SELECT value FROM meta WHERE name = 'workspace_id'").fetchall()
        self.workspace_id = str(rows[0][0]) if rows else ""
        self._closed = False

    @classmethod
    def open(
        cls, path: Path, *, key: str | None = None, create: bool = False, memory_limit: str | None = None
    ) -> "Database":
        """Open the file, or make a new one first; blocks. Raises a `StoreError`, and then nothing was touched.

        `memory_limit` is DuckDB's, such as `"2GB"`; None leaves its default of 80 % of the machine's memory.
        """
        path = Path(path).absolute()
        if create:
            file.create(path, key)
        file.claim(path)
        try:
            connection, encrypted = file.open_file(path, key, memory_limit)
        except BaseException:
            file.release(path)
            raise
        file.tidy(path.resolve())
        return cls(path, connection, key if encrypted else None)

    @property
    def attach_clause(self) -> str:
        """The ATTACH options that give a copy this file's format and, where it is encrypted, its key."""
        return file.attach_clause(self._key)

    async def read(self, function: Callable[Concatenate[Cursor, _P], _T], *args: _P.args, **kwargs: _P.kwargs) -> _T:
        """Run on a reader, in a read-only snapshot. Cancelling interrupts this very query."""
        call = self._call("BEGIN TRANSACTION READ ONLY", function, args, kwargs)
        future = self._submit(self._readers, call, call.run)
        try:
            return await asyncio.wrap_future(future)
        except asyncio.CancelledError:
            _interrupt_until_done(asyncio.get_running_loop(), call, future)
            raise

    async def write(self, function: Callable[Concatenate[Cursor, _P], _T], *args: _P.args, **kwargs: _P.kwargs) -> _T:
        """Run on the writer, in a transaction. It is short and is finished even if the caller is cancelled."""
        call = self._call("BEGIN", function, args, kwargs)

        def run() -> Any:  # noqa: ANN401 - the function's own result
            with self._altering:
                return call.run()

        future = self._submit(self._writer, call, run)
        return await asyncio.shield(asyncio.wrap_future(future))

    async def bulk(self, function: Callable[Concatenate[Cursor, _P], _T], *args: _P.args, **kwargs: _P.kwargs) -> _T:
        """Run on the bulk writer, in one long transaction beside the writer. Cancelling interrupts and rolls back."""
        call = self._call("BEGIN", function, args, kwargs)

        def run() -> Any:  # noqa: ANN401 - the function's own result
            self._prepare(function, args)
            return call.run()

        future = self._submit(self._bulk, call, run)
        waiting = asyncio.wrap_future(future)
        try:
            return await asyncio.shield(waiting)
        except asyncio.CancelledError:
            _interrupt_until_done(asyncio.get_running_loop(), call, future)
            waiting.add_done_callback(_see)  # it comes also where this wait is cancelled in its turn
            await asyncio.wait([waiting])
            raise

    async def rewrite(self, advance: Advance) -> None:
        """Write the file anew, without a byte of what was deleted: DuckDB leaves that readable in blocks it has freed.

        Reads go on until the files are exchanged; writes wait. `advance` counts tables and may raise: then, and when
        the process ends, the file is what it was. Needs as much room again beside the file. Raises `SourceError`.
        """
        future = self._submit(self._bulk, None, partial(self._rewrite, advance))
        waiting = asyncio.wrap_future(future)
        try:
            await asyncio.shield(waiting)
        except asyncio.CancelledError:
            waiting.add_done_callback(_see)
            await asyncio.wait([waiting])  # it is stopped by its `advance`
            raise

    def _rewrite(self, advance: Advance) -> None:
        path = self.path.resolve()
        fresh = file.draft_beside(path)
        try:
            with self._paused(self._writer, 1):
                with closing(self._connection.cursor()) as own:
                    copies.fill(own, fresh, self.attach_clause, advance)
                file.inspect(fresh)
                shutil.copymode(path, fresh)
                with self._paused(self._readers, READERS):
                    self._exchange(path, fresh)
        except (duckdb.IOException, OSError) as error:
            raise SourceError(tr("The file could not be written anew: {reason}").format(reason=error)) from error
        finally:
            for each in (fresh, fresh.with_name(fresh.name + ".wal")):
                each.unlink(missing_ok=True)

    def _exchange(self, path: Path, fresh: Path) -> None:
        """Put the new file in the old one's place; whenever the process ends, one of the two is there, whole."""
        self._connection.execute("CHECKPOINT workspace")  # and so there is no log that could be applied to the new one
        file.detach(self._connection)
        path.with_name(path.name + ".wal").unlink(missing_ok=True)
        try:
            fresh.replace(path)
        finally:
            self._attach_again(path)

    def _attach_again(self, path: Path) -> None:
        until = time.monotonic() + _PATIENCE
        while True:
            try:
                self._connection.execute(f"ATTACH {file.quoted(str(path))} AS workspace {self.attach_clause}")
            except duckdb.IOException:  # somebody looks at the file at this very moment
                if time.monotonic() > until:
                    raise
                time.sleep(_INTERRUPT_EVERY)
            else:
                break
        self._connection.execute("USE workspace")

    @contextmanager
    def _paused(self, threads: ThreadPoolExecutor, count: int) -> Iterator[None]:
        """Have all threads of a pool wait, once they have done what they are at; others ask and wait, too."""
        began, go_on = threading.Semaphore(0), threading.Event()

        def wait() -> None:
            began.release()
            go_on.wait()

        try:
            with self._submitting:
                for _ in range(0 if self._closed else count):
                    threads.submit(wait)
            waiting = count
            while waiting:
                if self._closed:
                    raise StoreError(tr("The workspace is closed."))
                waiting -= began.acquire(timeout=_INTERRUPT_EVERY)
            yield
        finally:
            go_on.set()

    def _prepare(self, function: Callable[..., Any], args: tuple[Any, ...]) -> None:
        inner = function.func if isinstance(function, partial) else function
        preparation = _PREPARATIONS.get(inner)
        if preparation is not None:
            with self._altering:
                self._call("BEGIN", preparation, args, {}).run()

    def close(self) -> None:
        """Let go of the file, with everything written into it; blocks.

        Readers are interrupted, and bulk calls too, which rolls them back; what the writer has to do is finished. A
        call that works on another cursor than its own (a back-up) must be stopped by its `advance`.
        """
        with self._submitting:
            if self._closed:
                return
            self._closed = True
        for threads in (self._readers, self._bulk):
            threads.shutdown(wait=False, cancel_futures=True)
        while self._calls:
            for call in tuple(self._calls):
                call.interrupt()
            time.sleep(_INTERRUPT_EVERY)
        self._readers.shutdown(wait=True)
        self._bulk.shutdown(wait=True)
        self._writer.shutdown(wait=True)
        try:
            self._connection.execute("CHECKPOINT workspace")
            file.detach(self._connection)
        finally:
            self._connection.close()
            file.release(self.path)

    def _call(self, begin: str, function: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> _Call:
        return _Call(self._connection, begin, lambda cursor: function(cursor, *args, **kwargs))

    def _submit(self, threads: ThreadPoolExecutor, call: _Call | None, run: Callable[[], Any]) -> "Future[Any]":
        with self._submitting:
            if self._closed:
                raise StoreError(tr("The workspace is closed."))
            future = threads.submit(run)
            if call is not None and threads is not self._writer:
                self._calls.add(call)
                future.add_done_callback(lambda _: self._calls.discard(call))
        return future


def _see(future: "asyncio.Future[Any]") -> None:
    """Look at the end of a future that nobody waits for any more, so that it is not reported as lost."""
    if not future.cancelled():
        future.exception()


def _interrupt_until_done(loop: asyncio.AbstractEventLoop, call: _Call, future: "Future[Any]") -> None:
    if future.done():
        return
    call.interrupt()
    loop.call_later(_INTERRUPT_EVERY, _interrupt_until_done, loop, call, future)
