"""One set of package index settings for both pip and uv.

A machine behind a mirror is usually set up for one of the two. Whatever is said in pip's environment variables and
files counts for uv too, and uv's variables count for pip, unless the other tool has a setting of its own.
No address is ever printed: it may hold a password.
"""

from __future__ import annotations

import configparser
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from urllib.request import url2pathname

if TYPE_CHECKING:
    from collections.abc import Mapping


def for_uv(environment: Mapping[str, str]) -> dict[str, str]:
    """Environment variables that tell uv what pip is configured to do.

    Args:
        environment: the variables as they are; one that uv already has is left alone.
    """
    pip = pip_settings(environment)
    extra = [index for index in pip.get("extra-index-url", "").split() if is_there(index)]
    links = [place for place in pip.get("find-links", "").split() if is_there(place)]
    said = {
        "UV_DEFAULT_INDEX": "" if "UV_INDEX_URL" in environment else pip.get("index-url", ""),
        "UV_INDEX": "" if "UV_EXTRA_INDEX_URL" in environment else " ".join(extra),
        # pip looks through all indexes for a version, so uv must too; the hashes keep that safe.
        "UV_INDEX_STRATEGY": "unsafe-best-match" if extra else "",
        "UV_FIND_LINKS": ",".join(links),
        "UV_INSECURE_HOST": pip.get("trusted-host", ""),
        "SSL_CERT_FILE": pip.get("cert", ""),
        "HTTPS_PROXY": pip.get("proxy", ""),
    }
    return {name: value for name, value in said.items() if value and name not in environment}


def for_pip(environment: Mapping[str, str]) -> dict[str, str]:
    """Environment variables that tell pip what uv is configured to do, and to keep to the folder it is given.

    Args:
        environment: the variables as they are.
    """
    pip = pip_settings(environment)
    said = {
        "PIP_INDEX_URL": environment.get("UV_DEFAULT_INDEX") or environment.get("UV_INDEX_URL", ""),
        "PIP_CERT": environment.get("SSL_CERT_FILE", ""),
    }
    missing = {name: value for name, value in said.items() if value and name[4:].lower().replace("_", "-") not in pip}
    ours = {"PIP_USER": "0", "PIP_REQUIRE_VIRTUALENV": "0", "PIP_ROOT_USER_ACTION": "ignore"}
    return {**missing, **ours, "PIP_DISABLE_PIP_VERSION_CHECK": "1"}


def pip_settings(environment: Mapping[str, str]) -> dict[str, str]:
    """What pip is told, by their long option's name, from its files and then from its variables."""
    settings: dict[str, str] = {}
    for file in pip_files(environment):
        reader = configparser.RawConfigParser()
        try:
            reader.read(file, encoding="utf-8")
        except (configparser.Error, OSError, UnicodeDecodeError):
            continue  # pip itself will say what is wrong with its file
        for section in ("global", "install"):
            if reader.has_section(section):
                settings.update({key.replace("_", "-"): value for key, value in reader.items(section)})
    for name, value in environment.items():
        if name.startswith("PIP_") and name != "PIP_CONFIG_FILE":
            settings[name[4:].lower().replace("_", "-")] = value
    return settings


def pip_files(environment: Mapping[str, str]) -> list[Path]:
    """The files that pip reads, later ones over earlier ones, as pip's documentation on configuration lists them."""
    home = Path(environment.get("HOME") or environment.get("USERPROFILE") or Path.home())
    own = environment.get("PIP_CONFIG_FILE")
    if own == os.devnull:  # pip's way to say: read no file at all
        return []
    if os.name == "nt":
        data = Path(environment.get("APPDATA", home))
        files = [Path(environment.get("PROGRAMDATA", home)) / "pip" / "pip.ini", home / "pip" / "pip.ini"]
        files.append(data / "pip" / "pip.ini")
    else:
        shared = (environment.get("XDG_CONFIG_DIRS") or "/etc/xdg").split(os.pathsep)
        files = [Path(folder) / "pip" / "pip.conf" for folder in reversed(shared)] + [Path("/etc/pip.conf")]
        files.append(home / ".pip" / "pip.conf")
        if sys.platform == "darwin":
            files.insert(0, Path("/Library/Application Support/pip/pip.conf"))
            files.append(home / "Library" / "Application Support" / "pip" / "pip.conf")
        files.append(Path(environment.get("XDG_CONFIG_HOME") or home / ".config") / "pip" / "pip.conf")
    return [*files, Path(own)] if own else files


def is_there(place: str) -> bool:
    """Whether a local folder exists; anything on the network is taken to. pip passes over a missing one, uv stops."""
    address = urlsplit(place)
    if address.scheme == "file":
        return Path(url2pathname(address.path)).exists()
    return bool(address.netloc) or Path(place).exists()
