"""Every package that set-up installs is pinned, by version and by hash, and no file says where from."""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGING = ROOT / "packaging"
PINNED = ["requirements.txt", "requirements-dev.txt", "uv.txt"]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def entries(name: str) -> dict[str, list[str]]:
    """Each pin of a file with its hashes: `name==version`, as normalised names; markers are left out."""
    text = (PACKAGING / name).read_text(encoding="utf-8").replace("\\\n", " ")
    found: dict[str, list[str]] = {}
    for line in text.splitlines():
        requirement, *hashes = line.split("--hash=sha256:")
        pin = requirement.split(";")[0].strip()
        found.setdefault(pin, []).extend(hash_.strip() for hash_ in hashes)
    return found


def names(pins: dict[str, list[str]]) -> set[str]:
    return {pin.split("==")[0] for pin in pins}


def required(requirements: list[str]) -> set[str]:
    """The normalised names in pyproject's requirement strings."""
    bare = (re.split(r"[\[<>=!~; ]", requirement, maxsplit=1)[0] for requirement in requirements)
    return {re.sub(r"[-_.]+", "-", name).lower() for name in bare}


@pytest.mark.parametrize("name", PINNED)
def test_every_entry_has_an_exact_version_and_hashes(name: str) -> None:
    pins = entries(name)
    assert pins
    for pin, hashes in pins.items():
        assert re.fullmatch(r"[a-z0-9][a-z0-9.-]*==[^\s=*]+", pin), pin
        assert hashes, pin
        assert all(re.fullmatch(r"[0-9a-f]{64}", value) for value in hashes), pin


@pytest.mark.parametrize("name", PINNED)
def test_no_address_and_no_option_stands_in_the_pins(name: str) -> None:
    text = (PACKAGING / name).read_text(encoding="utf-8")
    assert "://" not in text
    assert " @ " not in text
    assert not re.search(r"^\s*-(?!-hash=sha256:)", text, flags=re.MULTILINE)


def test_what_the_program_needs_is_pinned() -> None:
    wanted = PROJECT["project"]["dependencies"] + PROJECT["dependency-groups"]["build"]
    assert required(wanted) <= names(entries("requirements.txt"))


def test_the_build_tool_is_pinned() -> None:
    assert required(PROJECT["build-system"]["requires"]) <= names(entries("requirements.txt"))


def test_what_development_needs_is_pinned() -> None:
    assert required(PROJECT["dependency-groups"]["dev"]) <= names(entries("requirements-dev.txt"))


def test_development_runs_on_the_very_versions_of_the_program() -> None:
    program, development = entries("requirements.txt"), entries("requirements-dev.txt")
    assert {pin: development.get(pin) for pin in program} == program
