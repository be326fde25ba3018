"""Runs the benchmarks of this folder: all, or those named. Each module has `run(quick: bool) -> list[Figure]`.

Prints name, ours, peer, ratio and floor of each figure, and writes them with the machine's description to
`bench-results/NAME.json`. The exit code is 1 where a floor is not reached; never with
`--quick`, whose sizes are too small.
"""

import argparse
import importlib
import json
import os
import platform
import sys
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from tests.benchmarks.measure import Figure

_HERE = Path(__file__).parent
_RESULTS = Path("bench-results")
_MACHINERY = {"__init__", "__main__", "measure"}


def names() -> list[str]:
    """The benchmarks there are."""
    found = sorted(path.stem for path in _HERE.glob("*.py") if path.stem not in _MACHINERY)
    return [name for name in found if "def run(" in (_HERE / f"{name}.py").read_text(encoding="utf-8")]


def main() -> int:
    """Run what the command line names."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("name", nargs="*", help=", ".join(names()))
    parser.add_argument("--quick", action="store_true", help="small sizes: does it work, not how fast")
    options = parser.parse_args()
    unknown = set(options.name) - set(names())
    if unknown:
        parser.error(f"there is no benchmark {', '.join(sorted(unknown))}")
    missed = 0
    for name in options.name or names():
        figures = importlib.import_module(f"tests.benchmarks.{name}").run(options.quick)
        _keep(name, figures, quick=options.quick)
        for figure in figures:
            print(shown(figure), flush=True)
            missed += not figure.reached
    return int(bool(missed) and not options.quick)


def shown(figure: Figure) -> str:
    """One line to read."""
    verdict = "reached" if figure.reached else "MISSED"
    if figure.goal and figure.ratio >= figure.goal:
        verdict = "goal reached"
    wanted = f"floor {figure.floor:g}" + (f", goal {figure.goal:g}" if figure.goal else "")
    line = (
        f"{figure.name}: {figure.ours:,.4g} {figure.unit}, {figure.peer_name} {figure.peer:,.4g} {figure.unit}, "
        f"ratio {figure.ratio:.2f} ({wanted}: {verdict})"
    )
    return f"{line}\n    {figure.note}" if figure.note else line


def _keep(name: str, figures: list[Figure], *, quick: bool) -> None:
    _RESULTS.mkdir(exist_ok=True)
    facts = {
        "benchmark": name,
        "at": datetime.now(UTC).isoformat(),
        "quick": quick,
        "machine": {"system": platform.platform(), "python": platform.python_version(), "cores": os.cpu_count()},
        "figures": [asdict(figure) | {"ratio": figure.ratio, "reached": figure.reached} for figure in figures],
    }
    (_RESULTS / f"{name}.json").write_text(json.dumps(facts, indent=2), encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
