"""What tests of several rooms start from: a real engine on a real file, and the command line in this process."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from workbench import app
from workbench.engine.loop import Engine
from workbench.engine.opening import Wish, open_now


@contextmanager
def engine_on(path: Path, *, key: str | None = None, sending: bool = False) -> Iterator[Engine]:
    """A running engine on the file, made where it is not there yet."""
    engine = open_now(Wish(path, create=not path.exists(), key=key, sending=sending))
    try:
        yield engine
    finally:
        engine.stop()


@dataclass(frozen=True)
class Said:
    """How a command ended and what it wrote."""

    code: int
    out: str
    err: str

    def json(self) -> Any:  # noqa: ANN401 - whatever the command answers
        """The last line on stdout, which is what `--json` promises to be one object."""
        return json.loads(self.out.splitlines()[-1])


class CommandLine:
    """Runs `workbench` with arguments in this process, on one workspace."""

    def __init__(self, capsys: pytest.CaptureFixture[str], workspace: Path) -> None:
        self._capsys = capsys
        self.workspace = workspace

    def bare(self, *arguments: str) -> Said:
        """Exactly these arguments."""
        self._capsys.readouterr()
        code = app.main(list(arguments))
        written = self._capsys.readouterr()
        return Said(code, written.out, written.err)

    def __call__(self, *arguments: str) -> Said:
        """The arguments, for the workspace."""
        return self.bare(*arguments, "-w", str(self.workspace))

    def answer(self, *arguments: str) -> Any:  # noqa: ANN401 - whatever the command answers
        """The command's JSON; it must have ended well."""
        said = self(*arguments, "--json")
        assert said.code == 0, (said.out, said.err)
        return said.json()


def write_json(path: Path, content: object) -> str:
    """A file with this as JSON; gives its path."""
    path.write_text(json.dumps(content), encoding="utf-8")
    return str(path)


def write_lines(path: Path, lines: Sequence[str], end: str = "\n") -> str:
    """A file of these lines; gives its path."""
    path.write_text("".join(f"{line}{end}" for line in lines), encoding="utf-8", newline="")
    return str(path)
