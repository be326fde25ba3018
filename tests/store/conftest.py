"""A real workspace file per test, driven without an engine."""

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar

import pytest

from workbench.plan.mapping import Column, Dialect, ImportReport, Kind, Mapping
from workbench.store import imports, reader
from workbench.store.database import Cursor, Database

_P = ParamSpec("_P")
_T = TypeVar("_T")
NOW = datetime(2025, 6, 1, 12, 0, tzinfo=UTC)


def quiet(done: int, total: int | None = None) -> None:
    """Nobody looks at the progress."""


class Open:
    """An open workspace, asked from a test step by step."""

    def __init__(self, database: Database, runner: asyncio.Runner) -> None:
        self.database = database
        self.runner = runner

    def run(self, work: Coroutine[Any, Any, _T]) -> _T:
        return self.runner.run(work)

    def read(self, function: Callable[Concatenate[Cursor, _P], _T], *args: _P.args, **kwargs: _P.kwargs) -> _T:
        return self.run(self.database.read(function, *args, **kwargs))

    def write(self, function: Callable[Concatenate[Cursor, _P], _T], *args: _P.args, **kwargs: _P.kwargs) -> _T:
        return self.run(self.database.write(function, *args, **kwargs))

    def bulk(self, function: Callable[Concatenate[Cursor, _P], _T], *args: _P.args, **kwargs: _P.kwargs) -> _T:
        return self.run(self.database.bulk(function, *args, **kwargs))

    def rows(self, statement: str, *parameters: object) -> list[tuple[Any, ...]]:
        return self.read(lambda cursor: cursor.execute(statement, list(parameters)).fetchall())

    def bring(
        self,
        path: Path,
        kind: Kind | None = None,
        columns: tuple[Column, ...] = (),
        now: datetime = NOW,
        rejects: str = "",
    ) -> ImportReport:
        """Import with the suggested mapping, or with these columns."""
        found = self.read(reader.preview, path, kind, Dialect())
        mapping = found.mapping if not columns else Mapping(kind=kind or "endpoints", columns=columns)
        report = self.bulk(partial(imports.run, advance=quiet), path, mapping, found.dialect, now, rejects)
        assert report.added + report.updated + report.unchanged + report.rejected == report.read
        return report


@pytest.fixture
def runner() -> Iterator[asyncio.Runner]:
    with asyncio.Runner() as running:
        running.get_loop().set_default_executor(ThreadPoolExecutor(1))
        yield running


@pytest.fixture
def workspace(tmp_path: Path, runner: asyncio.Runner) -> Iterator[Open]:
    database = Database.open(tmp_path / "shop.workbench", create=True)
    try:
        yield Open(database, runner)
    finally:
        database.close()
