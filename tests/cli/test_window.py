import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.kit import CommandLine
from workbench.engine import doorbell

OFFSCREEN = {"QT_QPA_PLATFORM": "offscreen", "QTWEBENGINE_DISABLE_SANDBOX": "1"}


def wait_for_bell(workspace: Path, running: "subprocess.Popen[str]") -> doorbell.Bell:
    until = time.monotonic() + 60
    while time.monotonic() < until and running.poll() is None:
        bell = doorbell.answering(workspace)
        if bell is not None:
            return bell
        time.sleep(0.05)
    raise AssertionError(running.communicate(timeout=5))


@pytest.mark.skipif(os.name == "nt", reason="signals differ there")
@pytest.mark.parametrize("way", [signal.SIGINT, signal.SIGTERM])
def test_the_window_answers_commands_and_ends_cleanly(shop: CommandLine, tmp_path: Path, way: signal.Signals) -> None:
    command = [sys.executable, "-m", "workbench.app", str(shop.workspace)]
    environment = {**os.environ, **OFFSCREEN, "XDG_CONFIG_HOME": str(tmp_path)}
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=environment) as running:
        try:
            bell = wait_for_bell(shop.workspace, running)
            assert (bell.pid, bell.door) == (running.pid, "window")
            assert shop.answer("workspace", "show")["name"] == "Shop"
        finally:
            running.send_signal(way)
            _, err = running.communicate(timeout=60)
    assert running.returncode == 0, err
    assert "Traceback" not in err
    assert not doorbell.bell_path(shop.workspace).exists()
    assert shop.answer("workspace", "show")["name"] == "Shop"
