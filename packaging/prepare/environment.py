"""The slow steps of setting up: a virtual environment, the pinned packages in it, the libraries under Qt."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

import index_settings
import system_libraries
import uv_program
from refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# The newest Python that every pinned package has a wheel for is 3.14.
PYTHONS = ">=3.11,<3.15"
# A complete .venv takes 1.2 GB, most of it Qt; downloads pass through the same disk.
NEEDED_BYTES = 1_600_000_000
NEARLY_FULL_BYTES = 100_000_000


def install(root: Path, venv: Path, python: Path, requirements: Path) -> None:
    """Bring `.venv` to exactly the pinned packages plus this checkout, editable.

    Raises:
        Refusal: the checkout cannot be written, the disk is too full, or a step failed.
    """
    require_writable(root)
    with one_at_a_time(root):
        if venv.exists():
            say(f"Bringing {venv} up to date")
        else:
            require_space(root)
            say(f"Setting up the workbench in {venv} (once; about 350 MB to download)")
        uv = uv_program.find(root)
        surroundings = {**os.environ, **index_settings.for_uv(os.environ)}
        if not runs_here(venv, python):
            make_venv(uv, venv, surroundings)
        into = [uv, "pip", "install", "--python", str(python)]
        # Wheels only: where one is missing, a clear refusal is better than an hour of compiling.
        pinned = [*into, "--require-hashes", "--only-binary", ":all:", "--requirement", str(requirements)]
        run(pinned, surroundings, root, "The packages could not be installed; what is there by now is kept.")
        # The build tool is one of the pinned packages, so nothing unpinned is fetched here.
        project = [*into, "--no-deps", "--no-build-isolation", "--reinstall-package", "marketing-workbench"]
        run([*project, "--editable", str(root)], surroundings, root, "The project itself could not be installed.")


def make_venv(uv: str, venv: Path, surroundings: dict[str, str]) -> None:
    """Make an empty virtual environment, with a Python that uv finds or, failing that, downloads."""
    shutil.rmtree(venv, ignore_errors=True)
    run(
        [uv, "venv", "--quiet", "--python", PYTHONS, str(venv)],
        surroundings,
        venv.parent,
        f"No usable Python: this one is {sys.version.split()[0]}, the workbench needs 3.11 to 3.14, and uv could "
        "neither find nor download one.\nInstall Python 3.11 or newer from your system's packages, and run this again.",
    )


def runs_here(venv: Path, python: Path) -> bool:
    """Whether the environment exists, was made in this very place, and its Python is one we can use."""
    activate = python.with_name("activate")
    # Scripts carry absolute paths: an environment moved along with its folder still points at the old one.
    if not python.exists() or not activate.exists() or str(venv) not in activate.read_text(encoding="utf-8"):
        return False
    check = "import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 15))"
    return subprocess.run([str(python), "-c", check], check=False).returncode == 0


def provide_libraries(venv: Path, ready: Path, *, headless: bool) -> None:
    """See that the system has the shared libraries that Qt links to, by apt where we may.

    Args:
        venv: the environment that holds PySide6.
        ready: a file that is made when nothing is missing.
        headless: no window is wanted now, so a missing library is only told.

    Raises:
        Refusal: libraries are missing, may not be installed by us, and a window is wanted.
    """
    try:
        system_libraries.provide(venv)
    except Refusal as refusal:
        if not headless:
            raise
        say(f"{refusal}\nGoing on: without a window they are not needed.")
    else:
        ready.touch()


def require_writable(root: Path) -> None:
    """Refuse a checkout on a read-only disk or in somebody else's folder."""
    probe = root / "build" / ".writable"
    try:
        probe.parent.mkdir(exist_ok=True)
        probe.write_text("", encoding="ascii")
        probe.unlink()
    except OSError as error:
        raise Refusal(
            f"Cannot write to {root}: {error.strerror}.\n"
            "The environment is made inside the checkout: clone it to a folder of your own, and run this again."
        ) from error


def require_space(root: Path) -> None:
    """Refuse to begin what the disk cannot hold."""
    free = shutil.disk_usage(root).free
    if free < NEEDED_BYTES:
        raise Refusal(
            f"The disk of {root} has {free / 1e9:.1f} GB free, and setting up needs {NEEDED_BYTES / 1e9:.1f} GB.\n"
            "Make room, or clone the project to another disk, and run this again."
        )


@contextmanager
def one_at_a_time(root: Path) -> Iterator[None]:
    """Hold back a second set-up of the same checkout until the first is done."""
    if os.name == "nt":
        yield
        return
    import fcntl  # noqa: PLC0415 - Windows has no such module

    with (root / "build" / ".lock").open("w", encoding="ascii") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # released by the system, however the process ends
        yield


def run(command: list[str], surroundings: dict[str, str], root: Path, failure: str) -> None:
    """Run one step with its output on standard error.

    Raises:
        Refusal: the step failed; `failure` says what that means.
    """
    finished = subprocess.run(command, env=surroundings, stdin=subprocess.DEVNULL, stdout=sys.stderr, check=False)
    if finished.returncode == 0:
        return
    if shutil.disk_usage(root).free < NEARLY_FULL_BYTES:
        raise Refusal(f"{failure} The disk of {root} is full: make room, and run this again.")
    raise Refusal(f"{failure}\nThe reason stands above.")


def say(text: str) -> None:
    """Tell the person what is going on, without touching the program's output."""
    print(text, file=sys.stderr, flush=True)
