"""A look at this machine and, where one is named, at a workspace: what is in order, and what to do about the rest."""

import asyncio
import os
import platform
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final, Literal

from workbench.channels import secrets
from workbench.channels.sandbox import Sandbox, SandboxError
from workbench.engine import doorbell, opening
from workbench.engine.workspace import overview
from workbench.plan.definition import Answer
from workbench.plan.words import tr

PACKAGE: Final = "marketing-workbench"
_SHOWN: Final = ("duckdb", "pydantic", "PySide6", "aiosmtplib", "keyring")
#: bytes free below which an import of a few million rows may fail
_ROOM: Final = 2 * 1024**3
_QT_CHECK: Final = "import PySide6.QtWidgets, PySide6.QtWebEngineWidgets"
_QT_TIMEOUT: Final = 60


class Finding(Answer):
    """One thing looked at. `bad` keeps the workbench from working; `warning` only a part of it."""

    name: str
    state: Literal["good", "warning", "bad"]
    text: str
    fix: str = ""


def examine(path: Path | None = None) -> tuple[Finding, ...]:
    """Look at everything; blocks for some seconds.

    A workspace is opened as any command opens it: what a crash left of sending is settled.
    """
    checks: list[Callable[[], Finding]] = [_program, _packages, _keyring, _qt, _display, _port, _mail_port]
    found = [check() for check in checks]
    return (*found, *_workspace(path)) if path is not None else (*found, _room(opening.data_folder()))


def _program() -> Finding:
    text = f"{_version(PACKAGE)}, Python {platform.python_version()}, {platform.platform()}"
    return Finding(name=tr("workbench"), state="good", text=text)


def _packages() -> Finding:
    missing = [name for name in _SHOWN if _version(name) == "?"]
    text = ", ".join(f"{name} {_version(name)}" for name in _SHOWN)
    if missing:
        return Finding(name=tr("packages"), state="bad", text=text, fix=tr("Set up again: sh packaging/run.sh"))
    return Finding(name=tr("packages"), state="good", text=text)


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "?"


def _keyring() -> Finding:
    backend = secrets.backend()
    if backend:
        return Finding(name=tr("keyring"), state="good", text=backend)
    return Finding(
        name=tr("keyring"),
        state="warning",
        text=tr("There is none that keeps secrets."),
        fix=tr("Give secrets as environment variables: {variable}.").format(variable=secrets.variable("CHANNEL_ID")),
    )


def _qt() -> Finding:
    try:
        done = subprocess.run(  # noqa: S603 - this very Python, a fixed text
            [sys.executable, "-c", _QT_CHECK], capture_output=True, text=True, timeout=_QT_TIMEOUT, check=False
        )
    except subprocess.TimeoutExpired:
        return Finding(name=tr("window"), state="warning", text=tr("Qt did not load in a minute."))
    if done.returncode == 0:
        return Finding(name=tr("window"), state="good", text=tr("Qt's libraries load."))
    last = done.stderr.strip().splitlines()[-1:] or [""]
    return Finding(
        name=tr("window"),
        state="warning",
        text=last[0],
        fix=tr("Install Qt's system libraries (sh packaging/run.sh does it), or work without a window."),
    )


def _display() -> Finding:
    name = tr("display")
    if not sys.platform.startswith("linux") or os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"):
        return Finding(name=name, state="good", text=tr("There is one."))
    return Finding(
        name=name,
        state="warning",
        text=tr("There is none here."),
        fix=tr("Commands work; so does: workbench demo --headless"),
    )


def _port() -> Finding:
    name = tr("loopback")
    try:
        with socket.create_server(("127.0.0.1", 0)) as listening:
            port = listening.getsockname()[1]
            with socket.create_connection(("127.0.0.1", port), timeout=5):
                return Finding(name=name, state="good", text=tr("A port can be opened and reached."))
    except OSError as error:
        fix = tr("Let this program listen on 127.0.0.1.")
        return Finding(name=name, state="bad", text=error.strerror or str(error), fix=fix)


def _mail_port() -> Finding:
    """Start the sandbox's mail server on an empty mailbox and stop it."""

    async def started() -> None:
        with tempfile.TemporaryDirectory() as folder:
            sandbox = Sandbox(Path(folder) / "doctor")
            try:
                await sandbox.start()
            finally:
                await sandbox.stop()

    name = tr("sandbox")
    try:
        asyncio.run(started())
    except (SandboxError, OSError) as error:
        return Finding(
            name=name, state="bad", text=str(error), fix=tr("Let this program start processes and listen on 127.0.0.1.")
        )
    return Finding(name=name, state="good", text=tr("Its mail server starts."))


def _workspace(path: Path) -> Iterator[Finding]:
    name = tr("workspace")
    bell = doorbell.answering(path)
    if bell is not None:
        text = tr("{file} is open in process {pid} ({door}), which answers.").format(
            file=path, pid=bell.pid, door=bell.door
        )
        yield Finding(name=name, state="good", text=text)
    else:
        yield _opened(name, path)
    folder = path.resolve().parent
    if folder.is_dir():
        yield _room(folder)


def _opened(name: str, path: Path) -> Finding:
    engine = None
    try:
        engine = opening.open_now(opening.Wish(path, sending=False))
        figures = engine.ask(overview).result()
    except opening.StoreError as error:
        return Finding(name=name, state="bad", text=str(error))
    finally:
        if engine is not None:
            engine.stop()
    text = tr("{file} opens: {endpoints} endpoints, {events} events, {size} MB{encrypted}.").format(
        file=path,
        endpoints=f"{figures.endpoints:,}",
        events=f"{figures.events:,}",
        size=f"{path.stat().st_size / 1e6:,.1f}",
        encrypted=tr(", encrypted") if figures.encrypted else "",
    )
    return Finding(name=name, state="good", text=text)


def _room(folder: Path) -> Finding:
    free = shutil.disk_usage(folder).free
    text = tr("{size} GB free in {folder}.").format(size=f"{free / 1e9:,.1f}", folder=folder)
    if free < _ROOM:
        return Finding(
            name=tr("disk"), state="warning", text=text, fix=tr("Large imports need about their own size again.")
        )
    return Finding(name=tr("disk"), state="good", text=text)
