"""Runs a command line and ends with the exit code that says how it went."""

import logging
import os
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import typer

from workbench.cli.failure import Code, Failure, failure_of
from workbench.cli.output import emit_json, plain, tell
from workbench.cli.program import program
from workbench.cli.session import Doors, Session
from workbench.plan.words import tr

if TYPE_CHECKING:
    from workbench.plan.problem import Problem


def run(arguments: Sequence[str], doors: Doors) -> int:
    """Run the command that the arguments name; gives its exit code."""
    session = Session(doors)

    def work() -> int:
        tree = program(doors.version)
        try:
            code = tree.main(list(arguments), prog_name="workbench", standalone_mode=False, obj=session)
        except SystemExit as end:
            if isinstance(end.__context__, BrokenPipeError):  # typer makes an exit of it
                raise end.__context__ from None
            raise
        if code == Code.CANCELLED:  # typer has made a number of the interrupt
            raise KeyboardInterrupt
        return code if isinstance(code, int) else Code.OK

    wants_json = "--json" in arguments
    # After an answer the last line of stdout stays the answer: what is wrong with it goes to stderr.
    return ended(work, as_json=lambda: wants_json and not session.has_answered)


def ended(work: Callable[[], int], *, as_json: Callable[[], bool] = lambda: False) -> int:
    """Do the work and give its exit code; an expected failure is told in a sentence, never as a traceback."""
    try:
        return work()
    except Failure as known:
        failure = known
    except typer.Abort:
        failure = failure_of(KeyboardInterrupt())
    except BrokenPipeError:
        # The reader of a pipe has had enough, as `head` has; what is left must not be flushed at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return Code.OK
    except (Exception, KeyboardInterrupt) as error:  # the last place where it can become a sentence
        logging.getLogger(__name__).debug("command failed", exc_info=True)
        failure = failure_of(error)
    return _end(failure, as_json=as_json())


def _end(failure: Failure, *, as_json: bool) -> int:
    if as_json:
        from workbench.engine.calls import pack_problems

        emit_json({"error": str(failure), "code": int(failure.code), "problems": pack_problems(failure.problems)})
    else:
        tell(tr("workbench: {text}").format(text=str(failure)))
        said = len(failure.problems) == 1 and str(failure.problems[0]) in str(failure)
        for problem in () if said else failure.problems:
            _tell_problem(problem)
    return int(failure.code)


def _tell_problem(problem: "Problem") -> None:
    tell(f"  {problem.where}: {plain(problem)}" if problem.where else f"  {plain(problem)}")
