"""What set-up decides: where packages come from, what may be installed, and what it refuses."""

import os
import shutil
import stat
import subprocess
from pathlib import Path
from typing import NamedTuple

import debian_packages
import environment
import index_settings
import pytest
import system_libraries
import uv_program
from refusal import Refusal

ROOT = Path(__file__).parents[2]
MIRROR = "https://mirror.invalid/simple"


class Usage(NamedTuple):
    """What `shutil.disk_usage` answers, in bytes."""

    total: int
    used: int
    free: int


@pytest.fixture
def home(tmp_path: Path) -> dict[str, str]:
    """An environment whose home holds no settings, and that reads nobody else's."""
    return {"HOME": str(tmp_path), "XDG_CONFIG_DIRS": str(tmp_path), "PIP_CONFIG_FILE": str(tmp_path / "pip.conf")}


def test_the_mirror_that_pip_knows_serves_uv_too(home: dict[str, str]) -> None:
    assert index_settings.for_uv({**home, "PIP_INDEX_URL": MIRROR})["UV_DEFAULT_INDEX"] == MIRROR


def test_a_mirror_in_pips_file_counts_and_a_variable_counts_more(home: dict[str, str]) -> None:
    Path(home["PIP_CONFIG_FILE"]).write_text(f"[global]\nindex-url = {MIRROR}\ncert = /ca.pem\n", encoding="utf-8")
    said = index_settings.for_uv(home)
    assert (said["UV_DEFAULT_INDEX"], said["SSL_CERT_FILE"]) == (MIRROR, "/ca.pem")
    assert index_settings.for_uv({**home, "PIP_INDEX_URL": f"{MIRROR}/other"})["UV_DEFAULT_INDEX"] == f"{MIRROR}/other"


@pytest.mark.parametrize("name", ["UV_DEFAULT_INDEX", "UV_INDEX_URL"])
def test_uvs_own_setting_wins_and_serves_pip(home: dict[str, str], name: str) -> None:
    own = {**home, name: f"{MIRROR}/uv"}
    assert "UV_DEFAULT_INDEX" not in index_settings.for_uv({**own, "PIP_INDEX_URL": MIRROR})
    assert index_settings.for_pip(own)["PIP_INDEX_URL"] == f"{MIRROR}/uv"
    assert "PIP_INDEX_URL" not in index_settings.for_pip({**own, "PIP_INDEX_URL": MIRROR})


def test_local_folders_that_are_gone_are_passed_over(home: dict[str, str], tmp_path: Path) -> None:
    here = (tmp_path / "wheels").as_uri()
    (tmp_path / "wheels").mkdir()
    gone = (tmp_path / "gone").as_uri()
    said = index_settings.for_uv({**home, "PIP_EXTRA_INDEX_URL": f"{here} {gone} {MIRROR}", "PIP_FIND_LINKS": gone})
    assert said["UV_INDEX"] == f"{here} {MIRROR}"
    assert "UV_FIND_LINKS" not in said


def test_what_ldd_misses_is_read() -> None:
    told = "a.so:\n\tlibEGL.so.1 => not found\n\tlibc.so.6 => /lib/libc.so.6 (0x1)\nb.so:\n\tlibEGL.so.1 => not found\n"
    assert system_libraries.missing_in(told) == ["libEGL.so.1"]


def test_every_library_under_qt_has_a_package() -> None:
    readelf = shutil.which("readelf")
    folders = list((ROOT / ".venv").glob("lib/python*/site-packages/PySide6"))
    if readelf is None or not folders:
        pytest.skip("needs readelf and a set-up checkout")
    qt = folders[0]
    bundled = {
        file.name: file for folder in (qt, qt / "Qt/lib", qt.parent / "shiboken6") for file in folder.glob("*.so*")
    }
    todo = {file for pattern in system_libraries.LOADED for file in qt.glob(pattern)}
    seen: set[Path] = set()
    outside: set[str] = set()
    while todo:
        seen |= todo
        told = subprocess.run([readelf, "-d", *map(str, todo)], capture_output=True, text=True, check=True).stdout
        needed = {line.split("[")[1].rstrip("]") for line in told.splitlines() if "(NEEDED)" in line}
        outside |= needed - bundled.keys()
        todo = {bundled[name] for name in needed & bundled.keys()} - seen
    of_libc = ("ld-linux", "libc.", "libdl.", "libm.", "libpthread.", "libresolv.", "librt.")
    assert outside
    assert {name for name in outside if not name.startswith(of_libc)} == system_libraries.PACKAGES.keys()


def test_a_renamed_package_is_asked_for_by_the_name_the_archive_knows(monkeypatch: pytest.MonkeyPatch) -> None:
    told = (
        "libasound2:\n  Installed: (none)\n  Candidate: (none)\n  Version table:\n"
        "libasound2t64:\n  Installed: (none)\n  Candidate: 1.2.11-1ubuntu0.2\n  Version table:\n"
        "libnss3:\n  Installed: 3.1\n  Candidate: 3.1\n  Version table:\n"
    )
    assert debian_packages.available_in(told) == {"libasound2t64", "libnss3"}
    monkeypatch.setattr(debian_packages, "available", lambda _names: {"libasound2t64", "libglib2.0-0", "libnss3"})
    wanted = ["libasound.so.2", "libglib-2.0.so.0", "libnss3.so", "libsmime3.so"]
    assert system_libraries.packages_of(wanted) == ["libasound2t64", "libglib2.0-0", "libnss3"]


def test_who_may_not_install_is_told_what_to_type(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setattr(system_libraries, "missing", lambda _venv: ["libnss3.so", "libsmime3.so", "libEGL.so.1"])
    monkeypatch.setattr(debian_packages, "has_apt", lambda: True)
    monkeypatch.setattr(debian_packages, "update", lambda: None)
    monkeypatch.setattr(debian_packages, "as_root", lambda: None)
    monkeypatch.setattr(debian_packages, "available", lambda names: names)
    with pytest.raises(Refusal, match=r"sudo apt-get install --yes --no-install-recommends libegl1 libnss3$"):
        environment.provide_libraries(tmp_path, tmp_path / "ready", headless=False)
    assert not (tmp_path / "ready").exists()


def test_without_a_window_missing_libraries_are_only_told(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setattr(system_libraries, "missing", lambda _venv: ["libstrange.so.7"])
    environment.provide_libraries(tmp_path, tmp_path / "ready", headless=True)
    told = capsys.readouterr()
    assert "libstrange.so.7" in told.err
    assert told.out == ""


def test_a_disk_that_cannot_hold_it_is_refused_at_once(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda _path: Usage(10**10, 10**10, 3 * 10**8))
    with pytest.raises(Refusal, match=r"0\.3 GB free, and setting up needs 1\.6 GB"):
        environment.require_space(tmp_path)


def test_a_step_that_filled_the_disk_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda _path: Usage(10**10, 10**10, 0))
    with pytest.raises(Refusal, match=r"It failed\. The disk of .* is full"):
        environment.run(["false"], dict(os.environ), tmp_path, "It failed.")


def test_an_environment_that_was_moved_is_made_anew(tmp_path: Path) -> None:
    python = tmp_path / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.symlink_to(shutil.which("true") or "/bin/true")
    python.with_name("activate").write_text(f"VIRTUAL_ENV='{tmp_path}/.venv'\n", encoding="utf-8")
    assert environment.runs_here(tmp_path / ".venv", python)
    python.with_name("activate").write_text("VIRTUAL_ENV='/elsewhere/.venv'\n", encoding="utf-8")
    assert not environment.runs_here(tmp_path / ".venv", python)


@pytest.mark.parametrize(
    ("answer", "usable"),
    [("echo uv 0.9.1", True), ("echo uv 0.4.30", False), ("echo no such version >&2; exit 127", False)],
)
def test_a_uv_that_is_old_or_only_a_stub_is_not_used(tmp_path: Path, answer: str, *, usable: bool) -> None:
    uv = tmp_path / "uv"
    uv.write_text(f"#!/bin/sh\n{answer}\n", encoding="utf-8")
    uv.chmod(stat.S_IRWXU)
    assert uv_program.runs(str(uv)) is usable


def test_where_no_pip_can_be_had_it_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _name: None)
    monkeypatch.setattr(uv_program, "pip_wheel_here", lambda: None)
    monkeypatch.setattr(debian_packages, "has_apt", lambda: False)
    with pytest.raises(Refusal, match="Install uv or pip"):
        uv_program.pip_command(tmp_path)
