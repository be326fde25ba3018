"""Set up `.venv` in this checkout: uv, the pinned packages, the project itself, and Qt's system libraries.

    python3 packaging/prepare [--dev] [--headless]

`run.sh`, `test.sh` and `check.sh` call this first, each time: when everything is in place it says nothing and returns
in a few hundredths of a second. It needs Python 3.8 or newer and nothing but the standard library, because it runs
before anything is installed. Whatever it says goes to standard error: standard output belongs to the program.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
VENV = ROOT / ".venv"
SCRIPTS = VENV / ("Scripts" if os.name == "nt" else "bin")
SUFFIX = ".exe" if os.name == "nt" else ""
PYTHON = SCRIPTS / f"python{SUFFIX}"
WORKBENCH = SCRIPTS / f"workbench{SUFFIX}"


def main(arguments: list[str]) -> int:
    """Set up what the arguments ask for, if it is not there already.

    Returns:
        0 when the environment is ready, 1 after saying what stands in the way.
    """
    parser = argparse.ArgumentParser(prog="prepare", description="Set up the workbench's environment in .venv.")
    parser.add_argument("--dev", action="store_true", help="also the packages that the checks and tests need")
    parser.add_argument("--headless", action="store_true", help="no window is wanted: go on without Qt's libraries")
    wanted = parser.parse_args(arguments)
    requirements = ROOT / "packaging" / ("requirements-dev.txt" if wanted.dev else "requirements.txt")
    packages = stamp_of(requirements)
    libraries = VENV / ".libraries-ready"
    if is_current(requirements, packages) and (wanted.headless or libraries.exists()):
        return 0
    # Everything below is imported only when there is something to do: the second start stays fast.
    import environment  # noqa: PLC0415 - see above
    from refusal import Refusal  # noqa: PLC0415 - see above

    try:
        if not is_current(requirements, packages):
            environment.install(ROOT, VENV, PYTHON, requirements)
            write_stamps(requirements)
        environment.provide_libraries(VENV, libraries, headless=wanted.headless)
    except Refusal as refusal:
        print(f"\n{refusal}", file=sys.stderr)
        return 1
    return 0


def stamp_of(requirements: Path) -> str:
    """What the environment is made from: the pins, the project's own description, and where the checkout stands."""
    digest = hashlib.sha256(f"{ROOT}\n".encode())
    digest.update(requirements.read_bytes())
    digest.update((ROOT / "pyproject.toml").read_bytes())
    return digest.hexdigest()


def is_current(requirements: Path, stamp: str) -> bool:
    """Whether `.venv` was made from exactly this, and is still whole."""
    # A Python that was upgraded away leaves a dangling link: exists() follows it and says no.
    if not (PYTHON.exists() and WORKBENCH.exists()):
        return False
    written = stamp_file(requirements)
    return written.exists() and written.read_text(encoding="ascii").strip() == stamp


def write_stamps(requirements: Path) -> None:
    """Remember what was installed; the development packages include those of the program."""
    for name in {requirements.name, "requirements.txt"}:
        file = requirements.with_name(name)
        stamp_file(file).write_text(stamp_of(file) + "\n", encoding="ascii")


def stamp_file(requirements: Path) -> Path:
    """Where the stamp of these pins lies."""
    return VENV / f".{requirements.stem}-ready"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
