"""Progress and Cancel for one long statement: a watcher beside it reports how far it is and interrupts it."""

import threading
from contextlib import suppress
from typing import Final, Protocol

import duckdb

#: seconds between two looks at a running statement
_LOOK_EVERY: Final = 0.1


class Advance(Protocol):
    """Says how much is done; raises to stop the work."""

    def __call__(self, done: int, total: int | None = None) -> None:
        """`done` of `total`, in the job's unit."""


class Progress(Protocol):
    """Called with the part of the statement that is done, 0 to 1; raises to stop it."""

    def __call__(self, part: float, /) -> None:
        """`part` of the statement is done."""


def run(
    cursor: duckdb.DuckDBPyConnection, statement: str, progress: Progress, parameters: list[object] | None = None
) -> duckdb.DuckDBPyConnection:
    """Execute the statement while a second thread reports its progress.

    What `progress` raises interrupts the statement and is raised here.
    """
    ended = threading.Event()
    raised: list[BaseException] = []
    watcher = threading.Thread(target=_look, args=(cursor, progress, ended, raised), name="store-watch", daemon=True)
    watcher.start()
    try:
        result = cursor.execute(statement, parameters or [])
    except duckdb.InterruptException:
        if raised:
            raise raised[0] from None
        raise
    finally:
        ended.set()
        watcher.join()
    if raised:
        raise raised[0]
    return result


def _look(
    cursor: duckdb.DuckDBPyConnection, progress: Progress, ended: threading.Event, raised: list[BaseException]
) -> None:
    while not ended.wait(_LOOK_EVERY):
        if not raised:
            try:
                progress(max(0.0, min(1.0, _part(cursor))))
            except BaseException as error:  # noqa: BLE001 - whatever it is, the statement's thread raises it
                raised.append(error)
        if raised and not ended.is_set():
            cursor.interrupt()


def _part(cursor: duckdb.DuckDBPyConnection) -> float:
    with suppress(duckdb.Error):
        return float(cursor.query_progress()) / 100.0
    return 0.0


def still(advance: Advance, done: int) -> Progress:
    """A progress that repeats the same figure: it lets the work be cancelled where nothing finer is known."""

    def repeat(_: float, /) -> None:
        advance(done)

    return repeat


def between(advance: Advance, first: int, last: int) -> Progress:
    """A progress that maps a statement's 0..1 onto `first`..`last` of the job's unit."""

    def report(part: float, /) -> None:
        advance(first + int((last - first) * part))

    return report
