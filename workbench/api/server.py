"""The loopback server: a second process that finds the workspace open speaks to this one instead."""

import asyncio
import os
import secrets
import socket
from functools import partial
from typing import Final

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from workbench.api.asks import Asker, answer
from workbench.engine import doorbell
from workbench.engine.desk import Desk
from workbench.engine.doorbell import Bell
from workbench.engine.news import RaiseWindow

HOST: Final = "127.0.0.1"
#: seconds that a closing server waits for answers under way
_GRACE: Final = 1


class Guard:
    """Lets through only who knows the token and asks this very host: a web page in a browser does neither.

    The Host header is checked because a hostile name can be made to resolve to loopback (DNS rebinding).
    """

    def __init__(self, inside: ASGIApp, bell: Bell) -> None:
        self._inside = inside
        port = bell.url.rpartition(":")[2]
        self._hosts = {f"{HOST}:{port}".encode(), f"localhost:{port}".encode()}
        self._token = f"Bearer {bell.token}".encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer 421 for another host, 401 without the token, else what is behind."""
        headers = dict(scope["headers"])
        if headers.get(b"host", b"") not in self._hosts:
            await Response(status_code=421)(scope, receive, send)
        elif not secrets.compare_digest(headers.get(b"authorization", b""), self._token):
            await Response(status_code=401, headers={"WWW-Authenticate": "Bearer"})(scope, receive, send)
        else:
            await self._inside(scope, receive, send)


def application(engine: Asker, desk: Desk, bell: Bell) -> ASGIApp:
    """The routes behind the guard."""

    async def about(_request: Request) -> Response:
        return JSONResponse({"name": "workbench", "version": bell.version, "pid": bell.pid, "door": bell.door})

    async def to_the_front(_request: Request) -> Response:
        if bell.door != "window":
            return Response(status_code=409)
        desk.news.tell(RaiseWindow())
        return Response(status_code=200)

    routes = [
        Route("/workbench", about, methods=["GET"]),
        Route("/workbench/raise", to_the_front, methods=["POST"]),
        Route("/asks/{noun}/{function}", partial(answer, engine=engine), methods=["POST"]),
    ]
    return Guard(Starlette(routes=routes), bell)


class Server:
    """A server on the engine's loop, with its bell beside the workspace; both go when it stops or the engine ends."""

    def __init__(self, desk: Desk, engine: Asker, door: str, version: str) -> None:
        self._desk = desk
        self._socket = socket.create_server((HOST, 0))
        url = f"http://{HOST}:{self._socket.getsockname()[1]}"
        self.bell = Bell(pid=os.getpid(), url=url, token=secrets.token_urlsafe(32), door=door, version=version)
        config = uvicorn.Config(
            application(engine, desk, self.bell),
            lifespan="off",
            ws="none",
            log_config=None,
            log_level="critical",
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=_GRACE,
        )
        self._server = uvicorn.Server(config)
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Listen, then hang the bell."""
        self._task = asyncio.create_task(self._live())
        while not (self._server.started or self._task.done()):  # noqa: ASYNC110 - uvicorn tells it by a flag only
            await asyncio.sleep(0.005)
        doorbell.hang(self._desk.store.path, self.bell)

    async def _live(self) -> None:
        try:
            await self._server.serve(sockets=[self._socket])
        except asyncio.CancelledError:  # the engine ends and takes its tasks along
            await self._server.shutdown(sockets=[self._socket])
            raise
        finally:
            doorbell.take_down(self._desk.store.path, self.bell)
            self._socket.close()

    async def stop(self) -> None:
        """Take the bell down and close; answers under way get a second."""
        self._server.should_exit = True
        if self._task is not None:
            await asyncio.wait({self._task})


async def serve(desk: Desk, engine: Asker, door: str, version: str) -> Server:
    """Start a server for this engine's workspace; an ask, so that it lives on the engine's loop."""
    server = Server(desk, engine, door, version)
    await server.start()
    return server
