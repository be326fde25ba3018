"""Whether a window can be shown here."""

import os
import sys
from typing import Final

#: Qt platforms that draw without a display
_WITHOUT: Final = ("offscreen", "minimal", "vnc", "eglfs", "linuxfb")


def has_display() -> bool:
    """Whether a window can be shown: on Linux that needs a display server, or a platform that draws without one."""
    if not sys.platform.startswith("linux"):
        return True
    return draws_without() or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def draws_without() -> bool:
    """Whether Qt is told to draw without a display."""
    return os.environ.get("QT_QPA_PLATFORM", "").split(":")[0] in _WITHOUT
