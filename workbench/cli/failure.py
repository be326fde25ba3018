"""How a command ends: exit codes that mean something, and one clear sentence for each expected failure."""

from enum import IntEnum
from typing import TYPE_CHECKING

from workbench.plan.words import tr

if TYPE_CHECKING:
    from collections.abc import Sequence

    from workbench.plan.problem import Problem


class Code(IntEnum):
    """Exit codes; `workbench --help` lists them."""

    OK = 0
    UNEXPECTED = 1
    USAGE = 2
    NOT_FOUND = 3
    REFUSED = 4
    WORKSPACE = 5
    SENDING = 6
    CANCELLED = 130


def code_words() -> tuple[tuple[int, str], ...]:
    """Every exit code with its meaning."""
    return (
        (Code.OK, tr("done")),
        (Code.UNEXPECTED, tr("something unexpected")),
        (Code.USAGE, tr("the command line is wrong")),
        (Code.NOT_FOUND, tr("what was named does not exist")),
        (Code.REFUSED, tr("refused: the input or the plan has problems")),
        (Code.WORKSPACE, tr("the workspace cannot be opened")),
        (Code.SENDING, tr("sending had failures or doubts, or is paused")),
        (Code.CANCELLED, tr("cancelled")),
    )


class Failure(Exception):  # noqa: N818 - what the person sees, not a programming error
    """An expected end other than success, with its exit code and the problems at their fields."""

    def __init__(self, code: Code, text: str, problems: "Sequence[Problem]" = ()) -> None:
        super().__init__(text)
        self.code = code
        self.problems = tuple(problems)


def no_display() -> str:
    """What to do where a window cannot be shown."""
    return tr("There is no display here. Use a command, or: workbench demo --headless")


def failure_of(error: BaseException) -> Failure:  # noqa: PLR0911 - a table, a line for each kind
    """What an error of any room means for the command line. Imports the engine: called only after a failure."""
    import asyncio
    import concurrent.futures

    from workbench.engine.desk import AskError, NotFoundError
    from workbench.engine.jobs import Cancelled
    from workbench.engine.loop import UnexpectedError
    from workbench.engine.opening import StoreError

    match error:
        case Failure():
            return error
        case NotFoundError():
            return Failure(Code.NOT_FOUND, str(error), _problems(error))
        case AskError():
            return Failure(Code.REFUSED, str(error), _problems(error))
        case StoreError():  # a workspace that cannot be opened has become a Failure before
            return Failure(Code.REFUSED, str(error))
        case Cancelled() | asyncio.CancelledError() | concurrent.futures.CancelledError() | KeyboardInterrupt():
            return Failure(Code.CANCELLED, tr("Cancelled."))
        case UnexpectedError():
            return Failure(Code.UNEXPECTED, f"{error}\n{error.details}")
        case OSError():
            return Failure(Code.REFUSED, f"{error.filename or ''}: {error.strerror or error}".lstrip(": "))
        case _:
            return Failure(Code.UNEXPECTED, f"{type(error).__name__}: {error}")


def _problems(error: BaseException) -> "tuple[Problem, ...]":
    from workbench.plan.problem import Problem

    return tuple(each for each in getattr(error, "problems", ()) if isinstance(each, Problem))
