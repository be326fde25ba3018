"""The commands of the README: they parse in a plain shell, hand their arguments on, and say what they miss."""

import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SCRIPTS = sorted((ROOT / "packaging").glob("*.sh"))
pytestmark = pytest.mark.skipif(os.name == "nt", reason="shell scripts")


def call(script: Path, *arguments: str, cwd: Path | None = None, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run a script with nothing in its environment but PATH and what is given."""
    environment = {"PATH": os.environ["PATH"], **variables}
    return subprocess.run(
        ["sh", str(script), *arguments], env=environment, cwd=cwd, capture_output=True, text=True, check=False
    )


def program(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    path.chmod(0o755)


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout that is set up, with a workbench that only repeats its arguments and where it was started."""
    root = tmp_path / "a check out"
    shutil.copytree(ROOT / "packaging", root / "packaging", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", root)
    scripts = root / ".venv" / "bin"
    program(scripts / "workbench", '#!/bin/sh\necho "$PWD: $*"\n')
    (scripts / "python").symlink_to(sys.executable)
    specification = importlib.util.spec_from_file_location("prepare", root / "packaging" / "prepare" / "__main__.py")
    assert specification is not None
    assert specification.loader is not None
    prepare = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(prepare)
    prepare.write_stamps(root / "packaging" / "requirements.txt")
    (root / ".venv" / ".libraries-ready").touch()
    return root


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
@pytest.mark.parametrize("shell", ["sh", "dash"])
def test_a_plain_shell_can_read_it(script: Path, shell: str) -> None:
    if shutil.which(shell) is None:
        pytest.skip(f"no {shell} here")
    read = subprocess.run([shell, "-n", str(script)], capture_output=True, text=True, check=False)
    assert read.returncode == 0, read.stderr


def test_bash_can_read_what_ci_runs() -> None:
    if shutil.which("bash") is None:
        pytest.skip("no bash here")
    assert subprocess.run(["bash", "-n", str(ROOT / ".ci" / "run")], check=False).returncode == 0


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="displays are named in variables on Linux only")
def test_without_a_display_it_says_so_and_goes_on_headless(checkout: Path) -> None:
    started = call(checkout / "packaging" / "run.sh", "--json", cwd=checkout)
    assert started.stdout == f"{checkout}: demo --json --headless\n"
    assert "No display here" in started.stderr


@pytest.mark.parametrize("display", ["DISPLAY", "WAYLAND_DISPLAY"])
def test_with_a_display_the_window_opens(checkout: Path, display: str) -> None:
    started = call(checkout / "packaging" / "run.sh", cwd=checkout, **{display: "somewhere"})
    assert started.stdout == f"{checkout}: demo\n"
    assert started.stderr == ""


def test_arguments_and_the_folder_they_are_meant_in_are_kept(checkout: Path, tmp_path: Path) -> None:
    started = call(checkout / "packaging" / "run.sh", "my shop.workbench", "--headless", cwd=tmp_path)
    assert started.stdout == f"{tmp_path}: demo my shop.workbench --headless\n"
    assert started.stderr == ""


def test_changed_pins_are_noticed(checkout: Path) -> None:
    pins = checkout / "packaging" / "requirements.txt"
    pins.write_text(pins.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    program(checkout / "build", "a file where a folder must be: nothing can be written")
    started = call(checkout / "packaging" / "run.sh", "--headless")
    assert started.returncode == 1
    assert started.stdout == ""
    assert f"Cannot write to {checkout}" in started.stderr
    assert "clone it to a folder of your own" in started.stderr


def test_without_python_and_uv_it_says_what_to_install(checkout: Path, tmp_path: Path) -> None:
    shutil.rmtree(checkout / ".venv")
    tools = tmp_path / "bin"
    tools.mkdir()
    for tool in ("sh", "dirname", "uname"):
        where = shutil.which(tool)
        assert where is not None
        (tools / tool).symlink_to(where)
    program(tools / "python3", "#!/bin/sh\nexit 1\n")  # what a Python older than 3.8 answers
    started = call(checkout / "packaging" / "run.sh", "--headless", PATH=str(tools))
    assert started.returncode == 1
    assert "needs Python 3.8 or newer" in started.stderr
    assert "sudo apt-get install python3" in started.stderr


def test_check_refuses_arguments_it_does_not_know() -> None:
    refused = call(ROOT / "packaging" / "check.sh", "--fast")
    assert refused.returncode == 2
    assert "usage" in refused.stderr
