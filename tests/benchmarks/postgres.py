"""A private PostgreSQL for the time of a comparison: its own folder, its own socket, no network."""

import os
import pwd
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_FOLDERS = ("/usr/lib/postgresql/15/bin", "/opt/homebrew/opt/postgresql@15/bin", "/usr/local/opt/postgresql@15/bin")
_SETTINGS = (
    "shared_buffers=2GB",
    "work_mem=256MB",
    "max_parallel_workers_per_gather=2",
    "listen_addresses=",
    "fsync=off",
)


def programs() -> Path | None:
    """The folder of PostgreSQL 15's programs; None where it is not installed, or no user may run it."""
    if os.name != "posix" or (os.geteuid() == 0 and _user() is None):
        return None
    return next((Path(folder) for folder in _FOLDERS if (Path(folder) / "initdb").exists()), None)


def _user() -> str | None:
    """Who runs the server where this process is root, which PostgreSQL refuses."""
    try:
        return pwd.getpwnam("postgres").pw_name
    except KeyError:
        return None


class Server:
    """A running server; statements go through its own `psql`."""

    def __init__(self, folder: Path, bin_folder: Path) -> None:
        self.folder = folder
        self._bin = bin_folder

    def call(self, program: str, *arguments: str, text: str | None = None) -> str:
        """Run one of its programs as a user who is not root; gives what it writes."""
        return subprocess.run(
            [str(self._bin / program), *arguments],
            input=text,
            capture_output=True,
            text=True,
            check=True,
            cwd=self.folder,
            user=_user() if os.geteuid() == 0 else None,
            env={"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"},
        ).stdout

    def sql(self, statements: str) -> str:
        """Run statements and give the rows, bare."""
        return self.call(
            "psql", "-h", str(self.folder), "-d", "postgres", "-XqtA", "-v", "ON_ERROR_STOP=1", text=statements
        )

    def milliseconds(self, query: str) -> float:
        """The time of the query as `psql` tells it."""
        told = self.sql(f"\\timing on\n{query};\n")
        return float(re.findall(r"^Time: ([0-9.]+) ms", told, re.MULTILINE)[0])


@contextmanager
def server(folder: Path) -> Iterator[Server]:
    """Make a cluster in the folder, start it, and take it away."""
    bin_folder = programs()
    if bin_folder is None:
        raise RuntimeError("PostgreSQL 15 is not installed")
    folder.mkdir(parents=True)
    if user := _user() if os.geteuid() == 0 else None:
        shutil.chown(folder, user)
        for parent in folder.parents[:-2]:  # the server's user has to come by here
            parent.chmod(parent.stat().st_mode | 0o011)
    running = Server(folder, bin_folder)
    data = str(folder / "data")
    running.call("initdb", "-D", data, "-A", "trust", "-E", "UTF8")
    options = " ".join([f"-k {folder}", *(f"-c {setting}" for setting in _SETTINGS)])
    running.call("pg_ctl", "-D", data, "-o", options, "-l", str(folder / "log"), "-w", "start")
    try:
        yield running
    finally:
        running.call("pg_ctl", "-D", data, "-m", "immediate", "-w", "stop")
