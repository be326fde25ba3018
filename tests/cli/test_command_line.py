import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo

from tests.kit import CommandLine, engine_on, write_json
from workbench import app
from workbench.cli.failure import Code, code_words
from workbench.cli.program import COMMANDS, GROUPS

EVERYONE = {"name": "Everyone", "root": {"kind": "group", "mode": "all", "items": []}}


def leaves() -> list[tuple[str, ...]]:
    return [(name,) for name, _, _ in COMMANDS] + [(group, name) for group, _, rows in GROUPS for name, _, _ in rows]


@pytest.mark.parametrize("words", leaves(), ids=" ".join)
def test_every_command_explains_itself_and_takes_the_common_options(shop: CommandLine, words: tuple[str, ...]) -> None:
    said = shop.bare(*words, "--help")
    assert said.code == 0
    for option in ("--workspace", "--json", "--language"):
        assert option in said.out


def test_help_lists_every_command_and_exit_code(shop: CommandLine) -> None:
    said = shop.bare("--help")
    for name, words, _ in COMMANDS:
        assert re.search(rf"{name} +{re.escape(words[:30])}", said.out)
    text = re.sub(r"\s+", " ", said.out)
    for code, words in code_words():
        assert f"{int(code)} {words}" in text


@pytest.mark.parametrize(
    "order",
    [
        ("-w", "FILE", "--json", "segment", "list"),
        ("segment", "-w", "FILE", "--json", "list"),
        ("segment", "list", "--json", "-w", "FILE"),
        ("--json", "segment", "list", "--workspace=FILE"),
    ],
)
def test_common_options_stand_before_or_behind(shop: CommandLine, order: tuple[str, ...]) -> None:
    said = shop.bare(*(argument.replace("FILE", str(shop.workspace)) for argument in order))
    assert (said.code, said.json()) == (0, [])


def test_the_workspace_may_come_from_the_environment(shop: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    assert shop.bare("segment", "list").code == Code.USAGE
    monkeypatch.setenv("WORKBENCH_WORKSPACE", str(shop.workspace))
    assert shop.bare("segment", "list").code == 0


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (("nonsense",), Code.USAGE, "nonsense"),
        (("segment", "coutn"), Code.USAGE, "count"),
        (("segment", "count"), Code.USAGE, "one of the two"),
        (("segment", "count", "Nobody"), Code.NOT_FOUND, "no segment “Nobody”"),
        (("segment", "put", "missing.json"), Code.NOT_FOUND, "missing.json"),
        (("import", "missing.csv"), Code.NOT_FOUND, "missing.csv"),
        (("campaign", "status", "None"), Code.NOT_FOUND, "no campaign “None”"),
        (("campaign", "status", "999"), Code.NOT_FOUND, "no campaign “999”"),
        (("workspace", "set"), Code.USAGE, "Nothing to set"),
        (("workspace", "set", "--timezone", "Mars/Phobos"), Code.REFUSED, "Mars/Phobos"),
        (("--language", "tlh", "segment", "list"), Code.USAGE, "en, ru"),
    ],
)
def test_a_failure_is_a_sentence_with_its_exit_code(
    shop: CommandLine, arguments: tuple[str, ...], code: Code, sentence: str
) -> None:
    said = shop(*arguments)
    assert (said.code, said.out) == (code, "")
    assert sentence in said.err
    assert "Traceback" not in said.err


def test_a_failure_is_an_object_with_json(shop: CommandLine) -> None:
    said = shop("workspace", "set", "--timezone", "Mars/Phobos", "--json")
    assert said.code == Code.REFUSED
    failure = said.json()
    assert failure["code"] == 4
    assert "Mars/Phobos" in failure["error"]
    assert [problem["where"] for problem in failure["problems"]] == ["timezone"]


def test_options_without_a_command_show_the_help(shop: CommandLine) -> None:
    said = shop.bare("--json")
    assert said.code == Code.USAGE
    assert "Usage" in said.out


def test_a_wrong_command_line_is_an_object_too(shop: CommandLine) -> None:
    assert shop("segment", "coutn", "--json").json()["code"] == Code.USAGE


def test_what_is_not_there_or_not_a_workspace_cannot_be_opened(shop: CommandLine, tmp_path: Path) -> None:
    said = shop.bare("segment", "list", "-w", str(tmp_path / "none.workbench"))
    assert said.code == Code.WORKSPACE
    assert "workbench new" in said.err
    letter = tmp_path / "letter.workbench"
    letter.write_text("Dear all", encoding="utf-8")
    assert shop.bare("segment", "list", "-w", str(letter)).code == Code.WORKSPACE
    assert letter.read_text(encoding="utf-8") == "Dear all"


def test_nothing_is_made_over_a_file_or_with_a_wrong_zone(shop: CommandLine, tmp_path: Path) -> None:
    before = shop.workspace.read_bytes()
    assert shop.bare("new", str(shop.workspace)).code == Code.WORKSPACE
    assert shop.workspace.read_bytes() == before
    assert shop.bare("new", str(tmp_path / "other"), "--timezone", "Mars/Phobos").code == Code.REFUSED
    assert not (tmp_path / "other.workbench").exists()


def test_settings_are_changed_and_shown(shop: CommandLine) -> None:
    shop.answer("workspace", "set", "--sender-name", "The shop", "--timezone", "Europe/Berlin")
    shown = shop.answer("workspace", "show")
    assert (shown["name"], shown["timezone"], shown["sender_name"]) == ("Shop", "Europe/Berlin", "The shop")
    assert shown["sender_address"] == "news@example.com"


def test_an_encrypted_workspace_asks_for_its_key(
    shop: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "secret.workbench"
    monkeypatch.setenv("WORKBENCH_KEY", "open sesame")
    assert shop.bare("new", str(path), "--encrypt").code == 0
    assert shop.bare("workspace", "show", "--json", "-w", str(path)).json()["encrypted"] is True
    monkeypatch.delenv("WORKBENCH_KEY")
    said = shop.bare("segment", "list", "-w", str(path))
    assert said.code == Code.WORKSPACE
    assert "WORKBENCH_KEY" in said.err
    monkeypatch.setenv("WORKBENCH_KEY", "open barley")
    said = shop.bare("segment", "list", "-w", str(path))
    assert said.code == Code.WORKSPACE
    assert "key" in said.err
    assert b"open sesame" not in path.read_bytes()


def test_another_language_is_spoken_on_request(
    shop: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    catalogue = Catalog(locale="ru")
    catalogue.add("There is no {kind} “{name}”.", "Нет {kind} «{name}».")
    catalogue.add("List the segments.", "Показать сегменты.")
    (tmp_path / "languages").mkdir()
    with (tmp_path / "languages" / "ru.mo").open("wb") as file:
        write_mo(file, catalogue)
    monkeypatch.setattr(app, "resources", lambda: tmp_path)
    assert "Нет segment «Nobody»." in shop("segment", "count", "Nobody", "--language", "ru").err
    assert "Показать сегменты." in shop.bare("--language=ru", "segment", "--help").out
    monkeypatch.setenv("WORKBENCH_LANGUAGE", "ru_RU.UTF-8")
    assert "Нет segment «Nobody»." in shop("segment", "count", "Nobody").err
    assert "There is no segment" in shop("segment", "count", "Nobody", "--language", "en").err


@pytest.mark.parametrize(
    "arguments",
    [("--help",), ("--version",), ("segment", "--help"), ("schema", "segment"), ("no-such-command",)],
    ids=" ".join,
)
def test_commands_that_ask_nothing_load_neither_qt_nor_the_engine(arguments: tuple[str, ...]) -> None:
    heavy = ("PySide6", "duckdb", "pyarrow", "uvicorn", "keyring")
    script = (
        "import sys; from workbench.app import main; code = main(sys.argv[1:]);"
        f"print('LOADED', [name for name in {heavy!r} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script, *arguments], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "LOADED []"


def test_a_reader_that_has_enough_is_no_failure() -> None:
    command = f'"{sys.executable}" -m workbench.app schema segment | true'
    done = subprocess.run(["bash", "-o", "pipefail", "-c", command], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_a_file_in_use_by_a_process_that_does_not_answer_is_named(shop: CommandLine) -> None:
    with engine_on(shop.workspace):
        done = subprocess.run(
            [sys.executable, "-c", _IMPATIENT, "segment", "list", "--json", "-w", str(shop.workspace)],
            capture_output=True,
            text=True,
            check=False,
        )
    assert done.returncode == Code.WORKSPACE
    assert str(os.getpid()) in json.loads(done.stdout)["error"]


_IMPATIENT = """
import sys
from workbench.cli import session
session._PATIENCE = 0.3
from workbench.app import main
sys.exit(main(sys.argv[1:]))
"""


def test_a_command_waits_for_a_command_that_ends_soon(shop: CommandLine, tmp_path: Path) -> None:
    file = write_json(tmp_path / "everyone.json", EVERYONE)
    with engine_on(shop.workspace):
        waiting = subprocess.Popen(
            [sys.executable, "-m", "workbench.app", "segment", "put", file, "-w", str(shop.workspace)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        time.sleep(1.5)
        assert waiting.poll() is None
    out, err = waiting.communicate(timeout=60)
    assert waiting.returncode == 0, err
    assert [each["id"] for each in shop.answer("segment", "list")] == [out.strip()]
