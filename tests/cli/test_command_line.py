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
        (("campaign", "status", "999"), Code.NOT_FOUND, "no run 999. List them with: workbench campaign status"),
        (("campaign", "outbox", "--state", "lost"), Code.USAGE, "--state takes one of left_out, planned"),
        (("import", "."), Code.REFUSED, "is a folder"),
        (("segment", "members", "x", "--csv", "--json"), Code.USAGE, "exclude each other"),
        (("report", "messages", "--csv", "--json"), Code.USAGE, "exclude each other"),
        (("report", "messages", "--event", "opened"), Code.USAGE, "--event goes with events only"),
        (("report", "events", "--bucket", "hour"), Code.USAGE, "--bucket goes with messages only"),
        (("report", "events", "--start", "2026-02-01", "--end", "2026-01-01"), Code.USAGE, "later than --end"),
        (("channel", "send-test", "Sandbox", "me"), Code.REFUSED, "“me” is not a mail address"),
        (("workspace", "set"), Code.USAGE, "Nothing to set"),
        (("workspace", "set", "--sender", "news"), Code.REFUSED, "“news” is not a mail address"),
        (("workspace", "set", "--timezone", "Mars/Phobos"), Code.REFUSED, "Mars/Phobos"),
        (("--language", "tlh", "segment", "list"), Code.USAGE, "en, ru"),
    ],
)
def test_a_failure_is_a_sentence_with_its_exit_code(
    shop: CommandLine, arguments: tuple[str, ...], code: Code, sentence: str
) -> None:
    said = shop(*arguments)
    told = said.json()["error"] if "--json" in arguments else said.err
    assert said.code == code
    assert sentence in told
    assert "--json" in arguments or said.out == ""
    assert said.err.count(sentence) <= 1  # what one problem says is not said again
    assert "Traceback" not in said.err


def test_a_failure_is_an_object_with_json(shop: CommandLine) -> None:
    said = shop("workspace", "set", "--timezone", "Mars/Phobos", "--json")
    assert said.code == Code.REFUSED
    failure = said.json()
    assert failure["code"] == 4
    assert "Mars/Phobos" in failure["error"]
    assert [problem["where"] for problem in failure["problems"]] == ["timezone"]


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


def loaded_by(arguments: tuple[str, ...], names: tuple[str, ...]) -> str:
    """Which of the modules a command line loads, as a list's text."""
    script = (
        "import sys; from workbench.app import main; code = main(sys.argv[1:]);"
        f"print([name for name in {names!r} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script, *arguments], capture_output=True, text=True, check=True)
    return done.stdout.splitlines()[-1]


@pytest.mark.parametrize(
    "arguments",
    [
        ("--help",),
        ("--version",),
        ("segment",),
        ("segment", "--help"),
        ("-w", "shop.workbench", "segment", "list", "--help"),
        ("no-such-command",),
        ("--no-such-option",),
        ("segment", "list", "--no-such-option"),
    ],
    ids=" ".join,
)
def test_help_and_refusals_load_nothing_that_takes_long(arguments: tuple[str, ...]) -> None:
    assert loaded_by(arguments, ("pydantic", "pydantic_core", "rich", "asyncio", "duckdb", "PySide6")) == "[]"


def test_a_command_that_asks_nothing_loads_neither_qt_nor_the_engine() -> None:
    assert loaded_by(("schema", "segment"), ("PySide6", "duckdb", "pyarrow", "uvicorn", "keyring")) == "[]"


LAUNCH_PAGE = """\
Usage: workbench campaign launch CAMPAIGN [OPTIONS]

Plan a message for every member, and send.

Arguments:
  CAMPAIGN  Name or id.

Options:
  --undo SECONDS      Seconds before sending begins; Ctrl+C takes it
                      back. (0 to 3600; 10 by default)
  --wait / --no-wait  Send now and wait for the end, or only plan
                      and leave it to run. (--wait by default)

Options of every command:
  -w, --workspace FILE  The workspace; else the one that
                        WORKBENCH_WORKSPACE names.
  --json                Answer with one line of JSON, errors too.
  --language CODE       Language of the words: en or ru; else that
                        of the system.
  --help                Show this message and exit.
"""


def test_a_page_of_help_is_aligned_and_as_wide_as_the_terminal(
    shop: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "68")
    assert shop.bare("campaign", "launch", "--help").out == LAUNCH_PAGE


@pytest.mark.parametrize("words", [(), *leaves()], ids=" ".join)
def test_no_page_of_help_leaves_its_width_or_mixes_languages(
    shop: CommandLine, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    monkeypatch.setenv("COLUMNS", "72")
    said = shop.bare("--language", "ru", *words, "--help")
    assert max(len(line) for line in said.out.splitlines()) <= 72
    prose = said.out.replace(" ".join(("workbench", *words)), "")
    assert not re.search(r"\b(Usage|Options|Arguments|Commands|default|Show|Install|the|of|and)\b", prose)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("campaign", "launch", "x", "--undo", "soon"), "--undo takes a number from 0 to 3600."),
        (("campaign", "launch", "x", "--undo", "-1"), "--undo takes a number from 0 to 3600."),
        (("segment", "members", "x", "--offset", "-1"), "--offset takes a whole number from 0 on."),
        (("import", "a.csv", "--as", "people"), "--as takes one of endpoints, events."),
        (("report", "opens"), "MEASURE takes one of messages, active_endpoints, events."),
        (("report", "messages", "--start", "May"), "--start takes YYYY-MM-DD."),
        (("segment", "put"), "FILE is missing."),
        (("import",), "SOURCE is missing."),
        (("campaign", "settle", "x"), "--as-sent or --again is missing."),
        (("segment", "list", "--jsn"), "There is no option --jsn. Did you mean “--json”?"),
        (("segment", "list", "--json=1"), "--json takes no value."),
        (("segment", "list", "-w"), "-w needs a value."),
        (("-w",), "-w needs a value."),
        (("segment", "list", "more"), "Too much is given: more"),
        (("segment", "coutn"), "There is no command “workbench segment coutn”. Did you mean “count”?"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_a_wrong_command_line_is_told_what_is_right_and_where_it_stands(
    shop: CommandLine, arguments: tuple[str, ...], sentence: str
) -> None:
    said = shop.bare(*arguments)
    assert (said.code, said.out) == (Code.USAGE, "")
    assert said.err.startswith(f"workbench: {sentence} See: workbench ")
    path = said.err.rpartition("See: workbench ")[2].split()
    assert shop.bare(*path).code == 0  # the page it names is there


@pytest.mark.parametrize("words", [(), ("segment",)], ids=["workbench", "segment"])
def test_with_json_a_group_without_a_command_is_an_object_too(shop: CommandLine, words: tuple[str, ...]) -> None:
    failure = shop.bare(*words, "--json")
    assert (failure.code, failure.json()["code"]) == (Code.USAGE, Code.USAGE)
    shown = shop.bare("segment")
    assert shown.code == Code.USAGE
    assert shown.out.startswith("Usage: workbench segment COMMAND")


def test_a_shell_that_asks_how_a_line_goes_on_gets_words_and_no_window() -> None:
    asked = {"_WORKBENCH_COMPLETE": "complete_bash", "COMP_WORDS": "workbench -w a.workbench segm", "COMP_CWORD": "3"}
    done = subprocess.run(
        [sys.executable, "-c", "import sys; from workbench.app import main; sys.exit(main([]))"],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, **asked},
    )
    assert (done.returncode, done.stdout.split(), done.stderr) == (0, ["segment"], "")


def test_the_version_is_an_answer_like_any_other(shop: CommandLine) -> None:
    assert shop.bare("--version", "--json").json() == {"version": app.program_version()}


@pytest.mark.skipif(sys.platform == "win32", reason="there the console speaks UTF-16")
def test_letters_that_a_terminal_cannot_show_end_no_command() -> None:
    poor = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "WORKBENCH_LANGUAGE": "ru"}
    command = [sys.executable, "-m", "workbench.app", "segment"]
    piped = subprocess.run(command, capture_output=True, check=False, env={**os.environ, **poor})
    assert (piped.returncode, piped.stdout.decode("utf-8").startswith("Вызов: ")) == (Code.USAGE, True)
    asked = {**os.environ, **poor, "PYTHONIOENCODING": "ascii"}
    shown = subprocess.run(command, capture_output=True, check=False, env=asked)
    assert (shown.returncode, shown.stdout.startswith(b"?????: ")) == (Code.USAGE, True)


@pytest.mark.skipif(os.name == "nt", reason="the shell that closes streams is POSIX")
@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_closed_streams_end_no_command(shop: CommandLine, closed: str) -> None:
    command = f'"{sys.executable}" -m workbench.app segment list -w "{shop.workspace}" {closed}'
    assert subprocess.run(["sh", "-c", command], check=False).returncode == 0


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
