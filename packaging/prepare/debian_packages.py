"""Debian's and Ubuntu's packages: which there are, and installing them where that is allowed."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from functools import lru_cache
from pathlib import Path

from refusal import Refusal

# Where the package python3-pip-whl puts pip.
WHEELS = Path("/usr/share/python-wheels")
ATTEMPTS = 3


def has_apt() -> bool:
    """Whether this system has apt at all."""
    return shutil.which("apt-get") is not None


@lru_cache(maxsize=1)
def as_root() -> list[str] | None:
    """What to put before a command so that it runs as root without asking for a password; None if nothing does."""
    if os.geteuid() == 0:
        return []
    sudo = ["sudo", "-n"]
    if shutil.which("sudo") and run([*sudo, "true"], quiet=True):
        return sudo
    return None


@lru_cache(maxsize=1)
def update() -> None:
    """Read the archive's lists once, patiently: a mirror may be busy for a moment.

    CI that has just done so says WORKBENCH_APT_IS_FRESH=1.
    """
    root = as_root()
    if root is None or os.environ.get("WORKBENCH_APT_IS_FRESH") == "1":
        return
    for attempt in range(ATTEMPTS):
        if run([*root, "apt-get", "update", "--quiet=2"]):
            return
        time.sleep(2**attempt)


def install(packages: list[str], what_for: str) -> None:
    """Install packages, or say which command does.

    Raises:
        Refusal: we are not root, or apt failed.
    """
    command = ["apt-get", "install", "--yes", "--no-install-recommends", *packages]
    by_hand = f"  sudo apt-get update && sudo {' '.join(command)}"
    root = as_root()
    if root is None:
        raise Refusal(
            f"{what_for.capitalize()} needs system packages that are missing. Type this, and run this again:\n{by_hand}"
        )
    print(f"Installing system packages for {what_for}: {' '.join(packages)}", file=sys.stderr, flush=True)
    # env, because sudo may drop variables that are set before it.
    finished = subprocess.run(
        [*root, "env", "DEBIAN_FRONTEND=noninteractive", *command, "--quiet=2", "--option", "Dpkg::Use-Pty=0"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if finished.returncode != 0:
        print(finished.stdout, file=sys.stderr)  # hundreds of lines that matter only now
        raise Refusal(
            f"{what_for.capitalize()} needs system packages, and installing them failed; see above. By hand:\n{by_hand}"
        )


def available(names: set[str]) -> set[str]:
    """Those of these packages that the archive really has, and not only under another name."""
    # One call for all: where apt may not write its cache, each call builds it anew.
    answer = subprocess.run(
        ["apt-cache", "policy", *sorted(names)],
        env={**os.environ, "LC_ALL": "C"},
        capture_output=True,
        text=True,
        check=False,
    )
    return available_in(answer.stdout)


def available_in(told: str) -> set[str]:
    """The packages with a candidate in what `apt-cache policy` told: a name at the line's start, indented facts."""
    found = set()
    name = ""
    for line in told.splitlines():
        if line and not line.startswith(" "):
            name = line.rstrip(":")
        elif "Candidate:" in line and "(none)" not in line:
            found.add(name)
    return found


def pip_wheel(folder: Path) -> Path | None:
    """A wheel of pip, taken out of the archive's package without installing that; None where there is no such package.

    Args:
        folder: where to unpack; the wheel stays there.
    """
    if not (has_apt() and shutil.which("dpkg-deb")):
        return None
    scratch = folder / "pip"
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir(parents=True)
    download = ["apt-get", "download", "--quiet=2", "python3-pip-whl"]
    if not run(download, folder=scratch, quiet=True):  # the lists may be missing or old
        update()
        run(download, folder=scratch)
    for package in scratch.glob("*.deb"):
        run(["dpkg-deb", "--extract", str(package), str(scratch)])
    wheels = sorted(scratch.glob(f"./{WHEELS}/pip-*.whl"))
    return wheels[0] if wheels else None


def run(command: list[str], *, folder: Path | None = None, quiet: bool = False) -> bool:
    """Run a command with its output on standard error, or nowhere; True if it succeeded."""
    output = subprocess.DEVNULL if quiet else sys.stderr
    error = subprocess.DEVNULL if quiet else None
    finished = subprocess.run(command, cwd=folder, stdin=subprocess.DEVNULL, stdout=output, stderr=error, check=False)
    return finished.returncode == 0
