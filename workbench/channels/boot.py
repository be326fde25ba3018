"""Which start of the machine this is: what a process wrote survives its own death, but not the machine's."""

import subprocess
import sys
import time
from functools import cache
from pathlib import Path


@cache
def boot_id() -> str:
    """A text that changes whenever the machine starts anew.

    Where that cannot be told for certain, it differs too often, never too seldom.
    """
    if sys.platform == "darwin":
        asked = subprocess.run(
            ["/usr/sbin/sysctl", "-n", "kern.bootsessionuuid"], capture_output=True, text=True, check=False
        )
        return asked.stdout.strip() or _by_clock()
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text("ascii").strip()
    except OSError:
        return _by_clock()


def _by_clock() -> str:
    """When the machine started, by its clocks, to five minutes."""
    return f"clock-{round((time.time() - time.monotonic()) / 300)}"
