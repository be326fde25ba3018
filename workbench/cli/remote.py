"""The same asks, answered by the process that has the workspace open."""

import json
from collections.abc import Awaitable, Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, NoReturn

from workbench.engine import calls
from workbench.engine.desk import AskError, NotFoundError
from workbench.engine.doorbell import HTTP_OK, Bell, Caller, NobodyAnswersError
from workbench.engine.jobs import Cancelled
from workbench.engine.loop import UnexpectedError
from workbench.engine.opening import StoreError
from workbench.plan.words import tr


class Remote:
    """A running engine behind its bell. Asks run on threads of this process, each with a connection of its own."""

    def __init__(self, bell: Bell) -> None:
        self.bell = bell
        self._threads = ThreadPoolExecutor(4, thread_name_prefix="asks")
        self._open: set[Caller] = set()

    def ask(self, function: Callable[..., Awaitable[Any]], *args: object, **named: object) -> "Future[Any]":
        """Ask the running engine; the future fails with the same errors as there."""
        return self._threads.submit(self._answer, function, calls.pack(function, args, named))

    def cancel(self) -> None:
        """Hang up whatever is being asked; the other side then drops it."""
        for caller in tuple(self._open):
            caller.hang_up()

    def stop(self) -> None:
        """End; the other side goes on."""
        self.cancel()
        self._threads.shutdown(wait=True)

    def _answer(self, function: Callable[..., Awaitable[Any]], body: bytes) -> object:
        caller = Caller(self.bell)
        self._open.add(caller)
        try:
            status, said = caller.ask("POST", f"/asks/{calls.address(function)}", body)
        except NobodyAnswersError as error:
            text = tr("Process {pid}, which has the workspace open, stopped answering.").format(pid=self.bell.pid)
            raise StoreError(text) from error
        finally:
            self._open.discard(caller)
            caller.hang_up()
        return calls.unpack_answer(function, said) if status == HTTP_OK else _fail(status, said)


def _fail(status: int, said: bytes) -> NoReturn:
    try:
        answer = json.loads(said)
    except ValueError:
        answer = {"kind": "unexpected", "error": f"HTTP {status}"}
    text = answer.get("error", "")
    problems = calls.unpack_problems(answer.get("problems", ()))
    match answer.get("kind"):
        case "not_found":
            raise NotFoundError(text, problems)
        case "refused" | "too_large":
            raise AskError(text, problems)
        case "store":
            raise StoreError(text)
        case "cancelled":
            raise Cancelled
        case _:
            raise UnexpectedError(answer.get("code", "?"), answer.get("details", text))
