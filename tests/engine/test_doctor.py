import os
from pathlib import Path

import pytest

from tests.kit import engine_on
from workbench import app
from workbench.engine import doctor
from workbench.engine.doctor import Finding


def found(findings: tuple[Finding, ...], name: str) -> Finding:
    (only,) = [each for each in findings if each.name == name]
    return only


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Loading Qt in a process of its own takes seconds; one test does it."""
    monkeypatch.setattr(doctor, "_QT_CHECK", "pass")


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


def test_an_open_workspace_is_asked_and_not_opened(tmp_path: Path) -> None:
    path = tmp_path / "shop.workbench"
    with engine_on(path) as engine:
        app.serve(engine, "window")
        text = found(doctor.examine(path), "workspace").text
    assert f"process {os.getpid()} (window)" in text


def test_what_cannot_be_opened_is_bad(tmp_path: Path) -> None:
    path = tmp_path / "letter.workbench"
    path.write_text("Dear all", encoding="utf-8")
    assert found(doctor.examine(path), "workspace").state == "bad"
    assert found(doctor.examine(tmp_path / "none.workbench"), "workspace").state == "bad"


def test_a_broken_qt_is_told_with_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "_QT_CHECK", "raise ImportError('libGL.so.1: cannot open shared object file')")
    window = found(doctor.examine(), "window")
    assert window.state == "warning"
    assert "libGL.so.1" in window.text
    assert "run.sh" in window.fix


def test_this_machines_qt_loads(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    assert doctor._qt().state == "good"
