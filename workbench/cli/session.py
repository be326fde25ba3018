"""One run of a command: which workspace, how to answer, and an engine to ask: an own one, or the one that runs."""

import os
import sys
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Concatenate, Final, ParamSpec, Protocol, TypeVar

from workbench.cli.failure import Code, Failure
from workbench.cli.output import Progressing, emit_json
from workbench.plan.words import tr

if TYPE_CHECKING:
    from concurrent.futures import Future

    from workbench.engine.desk import Desk
    from workbench.engine.loop import Engine
    from workbench.engine.opening import StoreError

_P = ParamSpec("_P")
_T = TypeVar("_T")

#: the environment variable that names the workspace where `-w` is not given
WORKSPACE_VARIABLE: Final = "WORKBENCH_WORKSPACE"
#: seconds to try again while another command has the file
_PATIENCE: Final = 5.0
_POLL: Final = 0.15


class Asked(Protocol):
    """An engine of one's own, or a running one."""

    def ask(self, function: Callable[..., Awaitable[Any]], *args: Any, **named: Any) -> "Future[Any]":  # noqa: ANN401 - any function, any arguments
        """Run an engine function."""
        ...

    def stop(self) -> None:
        """Let go."""
        ...


@dataclass(frozen=True)
class Doors:
    """What only the application can do for the command line.

    Attributes:
        version: gives the program's.
        window: open the window on a sample workspace, and fill it where it is empty.
        serve: let other processes speak to an engine, under a name.
    """

    version: Callable[[], str]
    window: Callable[[Path], int]
    serve: "Callable[[Engine, str], None]"


@dataclass
class Session:
    """What the options before and after the command said, and whether the command has answered yet."""

    doors: Doors
    workspace: Path | None = None
    as_json: bool = False
    has_answered: bool = False

    def path(self) -> Path:
        """The workspace's file; a failure where none is named."""
        named = self.workspace or os.environ.get(WORKSPACE_VARIABLE)
        if not named:
            raise Failure(
                Code.USAGE,
                tr("No workspace is named. Give one with -w FILE or set {variable}.").format(
                    variable=WORKSPACE_VARIABLE
                ),
            )
        return Path(named).expanduser()

    def give(self, answer: object, show: Callable[[], None]) -> None:
        """Answer: as one line of JSON, or shown for a person."""
        self.has_answered = True
        if self.as_json:
            emit_json(answer)
        else:
            show()

    @contextmanager
    def connected(self, *, sending: bool = False, door: str = "", own: bool = False) -> "Iterator[Connection]":
        """An engine for the workspace, closed in the end.

        Args:
            sending: whether an own engine may send what is planned.
            door: serve the own engine to other processes under this name; empty for commands that end at once.
            own: refuse a running engine; for `run`, which is to be the engine.
        """
        path = self.path()
        asked, remote = _engine(path, sending=sending, own=own)
        try:
            if door and not remote:
                self.doors.serve(asked, door)  # type: ignore[arg-type]  # not remote: it is an Engine
            yield Connection(asked, remote, show_progress=sys.stderr.isatty())
        finally:
            asked.stop()


@dataclass
class Connection:
    """Asks and waits, with a bar for long work.

    Attributes:
        remote: whether another process answers.
        progressing: bars of the command itself, for what it counts over several asks.
    """

    asked: Asked
    remote: bool
    show_progress: bool
    progressing: Progressing = field(default_factory=Progressing)

    def ask(
        self,
        function: "Callable[Concatenate[Desk, _P], Awaitable[_T]]",
        *args: _P.args,
        **named: _P.kwargs,
    ) -> _T:
        """Ask and wait for the answer. Ctrl+C cancels what was asked and nothing else."""
        future: Future[_T] = self.asked.ask(function, *args, **named)
        bars = Progressing()
        try:
            return self._wait(future, bars)
        except KeyboardInterrupt:
            future.cancel()
            if self.remote:
                self.asked.cancel()  # type: ignore[attr-defined]  # remote: it is a Remote
            raise
        finally:
            bars.close()

    def _wait(self, future: "Future[_T]", bars: Progressing) -> _T:
        from workbench.engine import activity

        while True:
            try:
                return future.result(_POLL)
            except TimeoutError:
                if future.done():  # it failed with a TimeoutError of its own
                    raise
                if self.show_progress:
                    bars.show(self.asked.ask(activity.jobs).result())


def _engine(path: Path, *, sending: bool, own: bool) -> tuple[Asked, bool]:
    """A running engine where there is one (True), else one of our own. Waits a little while another command works."""
    from workbench.engine import doorbell, opening

    until = time.monotonic() + _PATIENCE
    while True:
        bell = doorbell.answering(path)
        if bell is not None and own:
            text = tr("Process {pid} ({door}) has the workspace open already and does the sending.")
            raise Failure(Code.WORKSPACE, text.format(pid=bell.pid, door=bell.door))
        if bell is not None:
            from workbench.cli.remote import Remote

            return Remote(bell), True
        try:
            return _opened(path, sending=sending), False
        except opening.InUseError as error:
            if time.monotonic() > until:
                raise _refused(error, path) from error
            time.sleep(_POLL)


def _opened(path: Path, *, sending: bool) -> "Engine":
    from workbench.engine import opening

    try:
        try:
            return opening.open_now(opening.Wish(path, sending=sending))
        except opening.KeyNeededError:
            if not sys.stdin.isatty():
                raise
            return opening.open_now(opening.Wish(path, key=asked_secret(tr("Key of the workspace")), sending=sending))
    except opening.InUseError:
        raise
    except opening.StoreError as error:
        raise _refused(error, path) from error


def _refused(error: "StoreError", path: Path) -> Failure:
    """The workspace does not open: why, and what to do."""
    from workbench.engine import opening

    return Failure(Code.WORKSPACE, f"{error} {opening.advice(error, path)}".rstrip())


def refuse_two_forms(session: Session, *, as_csv: bool) -> None:
    """An answer is CSV or JSON."""
    if as_csv and session.as_json:
        raise Failure(Code.USAGE, tr("--csv and --json exclude each other."))


def asked_secret(label: str) -> str:
    """A secret, typed without being shown; empty if nothing is typed.

    The first line of standard input where that is not a terminal.
    """
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    import typer

    return str(typer.prompt(label, default="", show_default=False, hide_input=True, err=True))


def absolute(paths: Sequence[Path]) -> list[str]:
    """Whole paths: the engine that reads them may run in another folder."""
    return [str(path.expanduser().resolve()) for path in paths]
