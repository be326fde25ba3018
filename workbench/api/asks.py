"""Requests as asks: `POST /asks/{noun}/{function}` runs an engine function and answers with its JSON."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, Final, Protocol

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from workbench.engine import calls
from workbench.engine.desk import AskError, NotFoundError
from workbench.engine.jobs import Cancelled
from workbench.engine.loop import UnexpectedError
from workbench.engine.opening import StoreError
from workbench.plan.words import tr

if TYPE_CHECKING:
    from concurrent.futures import Future

#: bytes of a question at most; a definition with pictures in it is the largest thing that is asked
BODY_LIMIT: Final = 16 * 1024 * 1024
#: what a door on the other side makes of each failure, by HTTP status
STATUS: Final = {"not_found": 404, "refused": 422, "store": 409, "cancelled": 409, "too_large": 413, "unexpected": 500}


class Asker(Protocol):
    """The part of the engine that a door needs."""

    def ask(self, function: Callable[..., Awaitable[Any]], *args: Any, **named: Any) -> "Future[Any]":  # noqa: ANN401 - any function, any arguments
        """Run an engine function."""
        ...


async def answer(request: Request, engine: Asker) -> Response:
    """Run the function that the path names. A caller who hangs up cancels what he asked for."""
    try:
        return await _answered(request, engine)
    except (Cancelled, asyncio.CancelledError, ClientDisconnect):
        return failure("cancelled", "")
    except NotFoundError as error:
        return failure("not_found", str(error))
    except AskError as error:
        return failure("refused", str(error), problems=calls.pack_problems(error.problems))
    except StoreError as error:
        return failure("store", str(error))
    except UnexpectedError as error:
        return failure("unexpected", str(error), code=error.code, details=error.details)


async def _answered(request: Request, engine: Asker) -> Response:
    body = await _body(request)
    if body is None:
        return failure("too_large", tr("The question is longer than {n} bytes.").format(n=BODY_LIMIT))
    function = calls.find(request.path_params["noun"], request.path_params["function"])
    asked = asyncio.wrap_future(engine.ask(function, **calls.unpack(function, body)))
    result = await _unless_gone(request, asked)
    return Response(calls.pack_answer(function, result), media_type="application/json")


async def _body(request: Request) -> bytes | None:
    """The whole body; None where it is too large, whatever its header claims."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > BODY_LIMIT:
            return None
    return bytes(body)


async def _unless_gone(request: Request, asked: "asyncio.Future[Any]") -> object:
    gone = asyncio.ensure_future(_disconnected(request))
    try:
        await asyncio.wait({asked, gone}, return_when=asyncio.FIRST_COMPLETED)
        if not asked.done():
            asked.cancel()
        return await asked
    finally:
        gone.cancel()


async def _disconnected(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass


def failure(kind: str, text: str, **more: object) -> Response:
    """A failure as `{"kind", "error", "problems", ...}`."""
    content = {"kind": kind, "error": text, "problems": [], **more}
    return Response(json.dumps(content), status_code=STATUS[kind], media_type="application/json")
