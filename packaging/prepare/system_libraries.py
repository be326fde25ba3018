"""The shared libraries that Qt expects from a Linux system: which are missing, and which packages have them.

The packages on the index bring Qt itself, but not what lies under it. `ldd` tells what is missing on this very
machine, so a desktop that has them all is left alone, whatever its distribution.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import debian_packages
from refusal import Refusal

if TYPE_CHECKING:
    from pathlib import Path

# Library -> package; where Ubuntu 24.04 (and Debian 13) renamed one, the new name stands first.
PACKAGES: dict[str, tuple[str, ...]] = {
    "libEGL.so.1": ("libegl1",),
    "libGL.so.1": ("libgl1",),
    "libX11-xcb.so.1": ("libx11-xcb1",),
    "libX11.so.6": ("libx11-6",),
    "libXcomposite.so.1": ("libxcomposite1",),
    "libXdamage.so.1": ("libxdamage1",),
    "libXext.so.6": ("libxext6",),
    "libXfixes.so.3": ("libxfixes3",),
    "libXrandr.so.2": ("libxrandr2",),
    "libXtst.so.6": ("libxtst6",),
    "libasound.so.2": ("libasound2t64", "libasound2"),
    "libbrotlicommon.so.1": ("libbrotli1",),
    "libbrotlidec.so.1": ("libbrotli1",),
    "libdbus-1.so.3": ("libdbus-1-3",),
    "libexpat.so.1": ("libexpat1",),
    "libfontconfig.so.1": ("libfontconfig1",),
    "libfreetype.so.6": ("libfreetype6",),
    "libgbm.so.1": ("libgbm1",),
    "libgcc_s.so.1": ("libgcc-s1",),
    "libglib-2.0.so.0": ("libglib2.0-0t64", "libglib2.0-0"),
    "libgssapi_krb5.so.2": ("libgssapi-krb5-2",),
    "libgthread-2.0.so.0": ("libglib2.0-0t64", "libglib2.0-0"),
    "libnspr4.so": ("libnspr4",),
    "libnss3.so": ("libnss3",),
    "libnssutil3.so": ("libnss3",),
    "libsmime3.so": ("libnss3",),
    "libstdc++.so.6": ("libstdc++6",),
    "libudev.so.1": ("libudev1",),
    "libwayland-client.so.0": ("libwayland-client0",),
    "libwayland-cursor.so.0": ("libwayland-cursor0",),
    "libwayland-egl.so.1": ("libwayland-egl1",),
    "libxcb-cursor.so.0": ("libxcb-cursor0",),
    "libxcb-dri3.so.0": ("libxcb-dri3-0",),
    "libxcb-glx.so.0": ("libxcb-glx0",),
    "libxcb-icccm.so.4": ("libxcb-icccm4",),
    "libxcb-image.so.0": ("libxcb-image0",),
    "libxcb-keysyms.so.1": ("libxcb-keysyms1",),
    "libxcb-randr.so.0": ("libxcb-randr0",),
    "libxcb-render-util.so.0": ("libxcb-render-util0",),
    "libxcb-render.so.0": ("libxcb-render0",),
    "libxcb-shape.so.0": ("libxcb-shape0",),
    "libxcb-shm.so.0": ("libxcb-shm0",),
    "libxcb-sync.so.1": ("libxcb-sync1",),
    "libxcb-util.so.1": ("libxcb-util1",),
    "libxcb-xfixes.so.0": ("libxcb-xfixes0",),
    "libxcb-xkb.so.1": ("libxcb-xkb1",),
    "libxcb.so.1": ("libxcb1",),
    "libxkbcommon-x11.so.0": ("libxkbcommon-x11-0",),
    "libxkbcommon.so.0": ("libxkbcommon0",),
    "libxkbfile.so.1": ("libxkbfile1",),
    "libz.so.1": ("zlib1g",),
    "libzstd.so.1": ("libzstd1",),
}

# What the window loads. Plugins of Qt that it never asks for (database drivers, sound, the GTK theme) stay out.
LOADED = (
    "QtWidgets*.so",
    "QtWebEngineWidgets*.so",
    "QtSvgWidgets*.so",
    "QtOpenGLWidgets*.so",
    "QtPrintSupport*.so",
    "QtTest*.so",
    "Qt/libexec/QtWebEngineProcess",
    "Qt/plugins/platforms/libqxcb.so",
    "Qt/plugins/platforms/libqoffscreen.so",
    "Qt/plugins/platforms/libqwayland*.so",
    "Qt/plugins/xcbglintegrations/*.so",
    "Qt/plugins/wayland-*-client/*.so",
    "Qt/plugins/wayland-shell-integration/*.so",
    "Qt/plugins/platforminputcontexts/*.so",
    "Qt/plugins/imageformats/*.so",
    "Qt/plugins/iconengines/*.so",
)


def provide(venv: Path) -> None:
    """Install what is missing, or say how.

    Raises:
        Refusal: something is missing and we may not, or cannot, install it.
    """
    if not sys.platform.startswith("linux"):
        return
    libraries = missing(venv)
    packaged = [library for library in libraries if library in PACKAGES]
    if packaged and debian_packages.has_apt():
        debian_packages.update()
        debian_packages.install(packages_of(packaged), "the window")
        libraries = missing(venv)
    if libraries:
        raise Refusal(
            f"The window needs libraries that this system lacks: {' '.join(libraries)}\n"
            "Install the packages that hold them, and run this again."
        )


def packages_of(libraries: list[str]) -> list[str]:
    """The packages that hold these libraries, by the names that this system's archive knows, sorted."""
    alternatives = [PACKAGES[library] for library in libraries]
    available = debian_packages.available({name for names in alternatives for name in names})
    return sorted({next((name for name in names if name in available), names[-1]) for names in alternatives})


def missing(venv: Path) -> list[str]:
    """The libraries that Qt links to and the system does not have, sorted by name."""
    linker = shutil.which("ldd")
    folders = list(venv.glob("lib/python*/site-packages/PySide6"))
    if linker is None or not folders:
        return []
    files = sorted(str(file) for pattern in LOADED for file in folders[0].glob(pattern))
    told = subprocess.run([linker, *files], capture_output=True, text=True, check=False).stdout
    return missing_in(told)


def missing_in(told: str) -> list[str]:
    """The missing libraries in what `ldd` told: lines like `libEGL.so.1 => not found`."""
    lines = (line.split() for line in told.splitlines())
    return sorted({words[0] for words in lines if words[1:] == ["=>", "not", "found"]})
