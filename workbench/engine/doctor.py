"""A look at this machine and, where one is named, at a workspace: what is in order, and what to do about the rest."""

import asyncio
import os
import platform
import re
import secrets as chance
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path
from typing import Final, Literal

from workbench.channels import secrets
from workbench.channels.sandbox import Sandbox, SandboxError
from workbench.engine import display, doorbell, opening
from workbench.engine.workspace import overview
from workbench.plan.definition import Answer
from workbench.plan.words import tr

PACKAGE: Final = "marketing-workbench"
_SHOWN: Final = ("duckdb", "pydantic", "PySide6", "aiosmtplib", "keyring")
#: bytes free below which an import of a few million rows may fail
_ROOM: Final = 2 * 1024**3
_QT_CHECK: Final = "import PySide6.QtWidgets, PySide6.QtWebEngineWidgets"
_DISPLAY_CHECK: Final = "from PySide6.QtGui import QGuiApplication; QGuiApplication([])"
_QT_TIMEOUT: Final = 60
#: an account that no channel has
_PROBE: Final = ("doctor", "probe")


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
    return (*found, *(_workspace(path) if path is not None else _data_folder()))


def _program() -> Finding:
    text = f"{_version(PACKAGE)}, Python {platform.python_version()}, {platform.platform()}"
    return Finding(name=tr("workbench"), state="good", text=text)


def _packages() -> Finding:
    missing = [name for name in _required() if _version(name) == "?"]
    if missing:
        text = tr("Missing: {names}.").format(names=", ".join(missing))
        return Finding(name=tr("packages"), state="bad", text=text, fix=tr("Set up again: sh packaging/run.sh"))
    text = ", ".join(f"{name} {_version(name)}" for name in _SHOWN)
    return Finding(name=tr("packages"), state="good", text=text)


def _required() -> tuple[str, ...]:
    """The packages that the program asks for, or the shown ones where it is not installed itself."""
    try:
        wanted = requires(PACKAGE) or []
    except PackageNotFoundError:
        return _SHOWN
    return tuple(re.split(r"[^\w.-]", each, maxsplit=1)[0] for each in wanted if ";" not in each)


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "?"


def _keyring() -> Finding:
    """Put a secret into the keyring, read it and take it out: a locked one is found, but keeps nothing."""
    name = tr("keyring")
    fix = tr(
        "Give a channel's secret as {variable}, with the id that “workbench channel list” shows, in capitals; "
        "an encrypted workspace's key as {key}."
    ).format(variable=secrets.variable("ID"), key=opening.KEY_VARIABLE)
    backend = secrets.backend()
    if not backend:
        return Finding(name=name, state="warning", text=tr("There is none that keeps secrets."), fix=fix)
    if asyncio.run(_keeps()):
        return Finding(name=name, state="good", text=tr("{name} keeps secrets.").format(name=backend))
    text = tr("{name} keeps nothing now; it may be locked.").format(name=backend)
    return Finding(name=name, state="warning", text=text, fix=fix)


async def _keeps() -> bool:
    keyring, given = secrets.Secrets(), chance.token_hex()
    try:
        await keyring.put(*_PROBE, given)
    except secrets.SecretsError:
        return False
    kept = await keyring.get(*_PROBE)
    await keyring.put(*_PROBE, "")
    return kept == given


def _qt() -> Finding:
    name = tr("window")
    words = _fails(_QT_CHECK)
    if words is None:
        return Finding(name=name, state="good", text=tr("Qt's libraries load."))
    fix = tr("Install Qt's system libraries (sh packaging/run.sh does it), or work without a window.")
    return Finding(name=name, state="warning", text=words[-1], fix=fix)


def _display() -> Finding:
    """Whether windows can be drawn: a variable may name a display that nobody serves, or lack a library for it."""
    name, fix = tr("display"), tr("Commands work; so does: workbench demo --headless")
    if not display.has_display():
        return Finding(name=name, state="warning", text=tr("There is none here."), fix=fix)
    words = _fails(_DISPLAY_CHECK)
    if words is not None:
        text = tr("There is none that can be used: {words}.").format(words=words[0].rstrip("."))
        return Finding(name=name, state="warning", text=text, fix=fix)
    text = tr("Windows are drawn, but not shown.") if display.draws_without() else tr("There is one.")
    return Finding(name=name, state="good", text=text)


def _fails(script: str) -> list[str] | None:
    """What Qt says where the script fails in a process of its own, in lines, one at least; None where it does not."""
    try:
        done = subprocess.run(  # noqa: S603 - this very Python, a fixed text
            [sys.executable, "-c", script], capture_output=True, text=True, timeout=_QT_TIMEOUT, check=False
        )
    except subprocess.TimeoutExpired:
        return [tr("Qt did not load in a minute.")]
    return (done.stderr.strip().splitlines() or [f"{done.returncode}"]) if done.returncode else None


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
        return Finding(name=name, state="bad", text=str(error), fix=opening.advice(error, path))
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


def _data_folder() -> Iterator[Finding]:
    """Where the sample and the list of recent files are kept."""
    try:
        yield _room(opening.data_folder())
    except OSError as error:
        words = f"{error.filename}: {error.strerror}"
        text = tr("The sample and the list of recent files have no place: {words}.").format(words=words)
        fix = tr("Let your user write there, or name workspaces with -w FILE.")
        yield Finding(name=tr("disk"), state="warning", text=text, fix=fix)


def _room(folder: Path) -> Finding:
    name, free = tr("disk"), shutil.disk_usage(folder).free
    if not os.access(folder, os.W_OK):
        text = tr("Nothing can be written into {folder}.").format(folder=folder)
        return Finding(name=name, state="bad", text=text, fix=tr("Let your user write there."))
    text = tr("{size} GB free in {folder}.").format(size=f"{free / 1e9:,.1f}", folder=folder)
    if free < _ROOM:
        fix = tr("Make room: large imports need about their own size again.")
        return Finding(name=name, state="warning", text=text, fix=fix)
    return Finding(name=name, state="good", text=text)
