import os
import sys
from pathlib import Path

import keyring.core
import pytest
from keyring.backend import KeyringBackend
from keyring.errors import KeyringLocked

from tests.kit import engine_on
from workbench import app
from workbench.engine import doctor, opening
from workbench.engine.doctor import Finding


def found(findings: tuple[Finding, ...], name: str) -> Finding:
    (only,) = [each for each in findings if each.name == name]
    return only


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Loading Qt in a process of its own takes seconds; a few tests do it."""
    monkeypatch.setattr(doctor, "_QT_CHECK", "pass")
    monkeypatch.setattr(doctor, "_DISPLAY_CHECK", "pass")


def test_a_healthy_machine_and_workspace(tmp_path: Path) -> None:
    path = tmp_path / "shop.workbench"
    with engine_on(path):
        pass
    findings = doctor.examine(path)
    assert [each for each in findings if each.state == "bad"] == []
    assert "opens: 0 endpoints" in found(findings, "workspace").text
    assert found(findings, "sandbox").state == "good"
    assert found(findings, "loopback").state == "good"
    assert "GB free" in found(findings, "disk").text
    assert "duckdb 1." in found(findings, "packages").text
    assert [each for each in findings if each.state != "good" and not each.fix] == []


def test_an_open_workspace_is_asked_and_not_opened(tmp_path: Path) -> None:
    path = tmp_path / "shop.workbench"
    with engine_on(path) as engine:
        app.serve(engine, "window")
        text = found(doctor.examine(path), "workspace").text
    assert f"process {os.getpid()} (window)" in text


def test_what_cannot_be_opened_is_bad_and_says_what_to_do(tmp_path: Path) -> None:
    letter, secret = tmp_path / "letter.workbench", tmp_path / "secret.workbench"
    letter.write_text("Dear all", encoding="utf-8")
    with engine_on(secret, key="open sesame"):
        pass
    missing = tmp_path / "none of it.workbench"
    for path, fix in [
        (letter, "Name another file"), (missing, f"workbench new '{missing}'"), (secret, "WORKBENCH_KEY"),
    ]:  # fmt: skip
        finding = found(doctor.examine(path), "workspace")
        assert finding.state == "bad"
        assert fix in finding.fix
    with engine_on(tmp_path / "shop.workbench"):  # no bell: nobody answers
        finding = found(doctor.examine(tmp_path / "shop.workbench"), "workspace")
    assert (finding.state, str(os.getpid()) in finding.text, "Close it there" in finding.fix) == ("bad", True, True)


class Locked(KeyringBackend):
    """A keyring that is there and keeps nothing."""

    priority = 1

    def get_password(self, service: str, username: str) -> str | None:
        raise KeyringLocked(f"{service} {username}")

    def set_password(self, service: str, username: str, password: str) -> None:
        raise KeyringLocked(f"{service} {username} {len(password)}")

    def delete_password(self, service: str, username: str) -> None:
        raise KeyringLocked(f"{service} {username}")


class Willing(Locked):
    """A keyring that keeps what it is given."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # keyring's own carries no annotation
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.kept[service, username]


def test_a_keyring_is_good_only_if_it_keeps_a_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    willing = Willing()
    monkeypatch.setattr(keyring.core, "_keyring_backend", willing)
    assert found(doctor.examine(), "keyring").state == "good"
    assert willing.kept == {}
    monkeypatch.setattr(keyring.core, "_keyring_backend", Locked())  # type: ignore[no-untyped-call]  # see Willing
    finding = found(doctor.examine(), "keyring")
    assert (finding.state, "locked" in finding.text) == ("warning", True)
    assert "WORKBENCH_SECRET_ID" in finding.fix


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="displays are named by variables on Linux only")
def test_a_display_that_nobody_serves_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    for name in ("WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DISPLAY", ":9999")
    finding = doctor._display()
    assert finding.state == "warning"
    assert ":9999" in finding.text or "xcb" in finding.text  # the display, or a library that is missing before it
    monkeypatch.delenv("DISPLAY")
    assert doctor._display().text == "There is none here."
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    assert (doctor._display().state, doctor._display().text) == ("good", "Windows are drawn, but not shown.")


def test_a_data_folder_that_cannot_be_made_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")

    def refused() -> Path:
        raise NotADirectoryError(20, "Not a directory", str(tmp_path / "file"))

    monkeypatch.setattr(opening, "data_folder", refused)
    finding = found(doctor.examine(), "disk")
    assert finding.state == "warning"
    assert str(tmp_path / "file") in finding.text


def test_a_folder_that_cannot_be_written_is_bad(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "access", lambda _path, _mode: False)
    assert doctor._room(tmp_path).state == "bad"


def test_a_package_that_is_missing_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "requires", lambda _name: ["duckdb==1.5.5", "no-such-package>=2"])
    finding = found(doctor.examine(), "packages")
    assert (finding.state, finding.text) == ("bad", "Missing: no-such-package.")


def test_a_broken_qt_is_told_with_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "_QT_CHECK", "raise ImportError('libGL.so.1: cannot open shared object file')")
    window = found(doctor.examine(), "window")
    assert window.state == "warning"
    assert "libGL.so.1" in window.text
    assert "run.sh" in window.fix


def test_this_machines_qt_loads(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    assert doctor._qt().state == "good"
