"""Files that the program writes for people appear under their name when they are whole."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from workbench.plan.words import tr
from workbench.store.errors import SourceError


@contextmanager
def draft(path: Path) -> Iterator[Path]:
    """A file beside the target that takes its name once it is whole, and is removed otherwise.

    Its ending is the target's. Raises `SourceError` where it cannot be written.
    """
    beside = path.with_name(f".{uuid.uuid4().hex}{path.suffix}")
    try:
        yield beside
        beside.replace(path)
    except (OSError, duckdb.IOException) as error:
        raise SourceError(tr("{file} cannot be written: {reason}").format(file=path.name, reason=error)) from error
    finally:
        beside.unlink(missing_ok=True)
