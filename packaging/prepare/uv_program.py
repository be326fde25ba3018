"""Get uv: the one on PATH, or the pinned wheel by way of whichever pip this Python can reach.

A bare Debian or Ubuntu has Python but neither pip nor venv. Its package archive has pip as a wheel, though, and a
wheel runs without being installed; pip then finds the package index in the way it is configured on that machine, and
compares what it downloads with the hashes in `packaging/uv.txt`.
"""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import debian_packages
import index_settings
from refusal import Refusal

# The first version that knows every option and environment variable used here.
OLDEST = (0, 5, 0)


def find(root: Path) -> str:
    """The path of a uv that runs, fetched into `build/uv` if need be.

    Raises:
        Refusal: there is no uv, and no way to get one.
    """
    on_path = shutil.which("uv")
    if on_path and runs(on_path):
        return on_path
    pins = root / "packaging" / "uv.txt"
    version = pins.read_text(encoding="ascii").split()[0].split("==")[1]
    folder = root / "build" / "uv" / version
    if fetched := program_in(folder):
        return fetched
    return fetch(pins, folder)


def runs(uv: str) -> bool:
    """Whether this uv starts (a version manager's stub may not) and is new enough."""
    answer = subprocess.run([uv, "--version"], capture_output=True, text=True, check=False)
    match = re.match(r"uv (\d+)\.(\d+)\.(\d+)", answer.stdout)
    return answer.returncode == 0 and match is not None and tuple(map(int, match.groups())) >= OLDEST


def fetch(pins: Path, folder: Path) -> str:
    """Install the pinned wheel into a folder of its own, and return the program in it."""
    partial = folder.with_name(folder.name + ".partial")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True)
    options = ["--quiet", "--no-input", "--no-deps", "--require-hashes", "--only-binary", ":all:"]
    command = [*pip_command(folder.parent), "install", *options, "--requirement", str(pins), "--target", str(partial)]
    finished = subprocess.run(
        command,
        env={**os.environ, **index_settings.for_pip(os.environ)},
        stdin=subprocess.DEVNULL,
        stdout=sys.stderr,
        check=False,
    )
    if finished.returncode != 0:
        raise Refusal("uv could not be downloaded; the reason stands above. With uv installed this step is skipped.")
    # Renamed only when whole: a run that was cut short leaves nothing that looks finished.
    shutil.rmtree(folder, ignore_errors=True)
    partial.rename(folder)
    program = program_in(folder)
    if program is None:
        raise Refusal(f"The uv that was downloaded to {folder} holds no program.")
    return program


def program_in(folder: Path) -> str | None:
    """The uv program inside an unpacked wheel, or None."""
    suffix = ".exe" if os.name == "nt" else ""
    for scripts in ("bin", "Scripts"):
        program = folder / scripts / f"uv{suffix}"
        if program.exists():
            return str(program)
    return None


def pip_command(folder: Path) -> list[str]:
    """The command that runs pip: as a module, or straight out of a wheel that is not installed.

    Args:
        folder: where a wheel of pip may be put.

    Raises:
        Refusal: no pip, no wheel of it, and no package archive to take one from.
    """
    if importlib.util.find_spec("pip"):
        return [sys.executable, "-m", "pip"]
    wheel = pip_wheel_here() or debian_packages.pip_wheel(folder)
    if wheel is None:
        raise Refusal(
            "Neither uv nor pip is on this machine, and no package archive has pip as a wheel.\n"
            "Install uv or pip, and run this again."
        )
    return [sys.executable, str(wheel / "pip")]


def pip_wheel_here() -> Path | None:
    """A wheel of pip that came with Python (`ensurepip`) or with the system's packages."""
    folders = [Path(os.__file__).parent / "ensurepip" / "_bundled", debian_packages.WHEELS]
    configured = sysconfig.get_config_var("WHEEL_PKG_DIR")
    if configured:
        folders.append(Path(configured))
    wheels = [wheel for folder in folders for wheel in sorted(folder.glob("pip-*.whl"))]
    return wheels[0] if wheels else None
