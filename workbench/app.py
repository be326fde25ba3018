"""The application: the only place that knows every room. Finds resources, speaks a language, opens a door."""

import codecs
import gettext
import io
import json
import locale
import logging
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from workbench.plan import words
from workbench.plan.words import tr

if TYPE_CHECKING:
    from concurrent.futures import Future

    from workbench.engine.loop import Engine
    from workbench.engine.opening import Wish

LANGUAGES: Final = ("en", "ru")
#: the environment variable that chooses a language where `--language` is not given
LANGUAGE_VARIABLE: Final = "WORKBENCH_LANGUAGE"
_WITH_VALUE: Final = ("-w", "--workspace", "--language")
#: the environment variable by which a shell asks how a command line could go on
_COMPLETE_VARIABLE: Final = "_WORKBENCH_COMPLETE"


def main(arguments: Sequence[str] | None = None) -> int:
    """`workbench [FILE]` opens the window; anything else is a command. Gives the exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    open_streams()
    language = value_of(given, "--language")
    if language and language not in LANGUAGES:
        return refuse_language(language, as_json="--json" in given)
    speak(language or system_language())
    from workbench.cli import main as command_line  # noqa: PLC0415 - after the language: its words are looked up early
    from workbench.cli.session import Doors  # noqa: PLC0415 - the same

    if (target := window_target(given)) is not None:
        return command_line.ended(lambda: open_window(target.path, language=language))
    doors = Doors(program_version, lambda path: open_window(path, language=language, demo=True), serve)
    return command_line.run(given, doors)


def refuse_language(language: str, *, as_json: bool) -> int:
    """Say which languages there are, before any is spoken: in the words of the source. Gives the exit code."""
    text = f"--language takes one of {', '.join(LANGUAGES)}, not {language}."
    if as_json:
        sys.stdout.write(json.dumps({"error": text, "code": 2, "problems": []}) + "\n")
    else:
        sys.stderr.write(f"workbench: {text}\n")
    return 2


def open_streams() -> None:
    """Have something to write to and to read from where there is none, and let no letter fail.

    Files and pipes get UTF-8, a terminal that knows few letters shows question marks.
    """
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:  # closed by who started it, or a program without a console on Windows
            nowhere = Path(os.devnull).open(mode, encoding="utf-8")  # noqa: SIM115 - open as long as the program
            setattr(sys, name, nowhere)
    for stream in (sys.stdout, sys.stderr):
        if not isinstance(stream, io.TextIOWrapper) or codecs.lookup(stream.encoding).name == "utf-8":
            continue
        if stream.isatty() or "PYTHONIOENCODING" in os.environ:
            stream.reconfigure(errors="replace")
        else:
            stream.reconfigure(encoding="utf-8")


class Target:
    """What the window is to show: a file, or the last one where `path` is None."""

    def __init__(self, path: Path | None) -> None:
        self.path = path


def window_target(arguments: Sequence[str]) -> Target | None:
    """What the window is to show; None where the arguments are a command."""
    if os.environ.get(_COMPLETE_VARIABLE):
        return None
    rest = []
    following = iter(arguments)
    for argument in following:
        if argument in _WITH_VALUE:
            if next(following, None) is None:  # its value is missing, which the command line refuses
                return None
        elif not argument.startswith(("--workspace=", "--language=")):
            rest.append(argument)
    named = value_of(arguments, "--workspace") or value_of(arguments, "-w")
    if not rest:
        return Target(Path(named) if named else None)
    from workbench.cli.program import names  # noqa: PLC0415 - see main

    is_file = len(rest) == 1 and not rest[0].startswith("-") and rest[0] not in names()
    if is_file and (Path(rest[0]).suffix or Path(rest[0]).exists()):
        return Target(Path(rest[0]))
    return None


def program_version() -> str:
    """The installed version; `0` where the program runs without being installed."""
    from importlib.metadata import PackageNotFoundError, version  # noqa: PLC0415 - loads slowly, for one answer

    try:
        return version("marketing-workbench")
    except PackageNotFoundError:
        return "0"


def resources() -> Path:
    """Where fonts, icons, translations and examples are: inside the package in a wheel, beside it in a checkout."""
    package = Path(__file__).resolve().parent
    inside = package / "resources"
    return inside if inside.is_dir() else package.parent / "resources"


def system_language() -> str:
    """The language that the environment asks for, where the workbench speaks it, else English."""
    asked = os.environ.get(LANGUAGE_VARIABLE) or next(
        (os.environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(name)), ""
    )
    code = (asked or locale.getlocale()[0] or "")[:2].lower()
    return code if code in LANGUAGES else "en"


def speak(code: str) -> None:
    """Show every text in this language from now on."""
    path = resources() / "languages" / f"{code}.mo"
    if code == "en" or not path.is_file():
        words.speak(gettext.NullTranslations())
        return
    with path.open("rb") as file:
        words.speak(gettext.GNUTranslations(file))


def serve(engine: "Engine", door: str) -> None:
    """Let other processes speak to this engine; blocks until its bell hangs. The server ends with the engine."""
    from workbench.api.server import serve as start_server  # noqa: PLC0415 - loads the web server

    engine.ask(start_server, engine, door, program_version()).result()


def open_window(path: Path | None, *, language: str = "", demo: bool = False) -> int:
    """Open the window on a workspace (None: the last one, or a choice); gives the exit code when it is closed.

    Where another process shows the workspace already, its window comes to the front instead. `demo` fills an empty
    workspace with the sample and begins on the start page.
    """
    from workbench.cli.failure import Code, Failure, no_display  # noqa: PLC0415 - see main
    from workbench.engine.display import has_display  # noqa: PLC0415 - see opener

    if not has_display():
        raise Failure(Code.REFUSED, no_display())
    if _raised(path):
        return 0
    from workbench.gui.desktop import run_window  # noqa: PLC0415 - the only import of Qt, and only for a window

    return run_window(path, opener(path if demo else None), language=language, start="start" if demo else "")


def opener(sample: Path | None = None) -> "Callable[[Wish], Future[Engine]]":
    """How the window opens each of its files: noted as recent, served to other processes.

    `sample` and the demonstration's own file are filled where they are empty.
    """
    from workbench.engine import opening  # noqa: PLC0415 - commands that need no engine do not load it

    def opened(future: "Future[Engine]") -> None:
        if future.cancelled() or future.exception() is not None:
            return
        engine = future.result()
        opening.note_recent(engine.path)
        try:
            if engine.path in {each.resolve() for each in (sample, opening.sample_path()) if each is not None}:
                fill_sample(engine)
            serve(engine, "window")
        except Exception:  # the window works without it; a second process is then told that the file is in use
            logging.getLogger(__name__).exception("the workspace is not served")

    def begin(wish: "Wish") -> "Future[Engine]":
        future = opening.begin(wish)
        future.add_done_callback(opened)
        return future

    return begin


def fill_sample(engine: "Engine") -> None:
    """Fill an empty workspace with the sample; goes on while the window shows, its job says how far it is."""
    from workbench.engine import demo  # noqa: PLC0415 - only for the demonstration

    engine.ask(demo.prepare)


def _raised(path: Path | None) -> bool:
    """Bring the running window of this workspace to the front, where there is one; refuse where a command has it."""
    from workbench.cli.failure import Code, Failure  # noqa: PLC0415 - see main
    from workbench.engine import doorbell, opening  # noqa: PLC0415 - see opener

    path = path or next(iter(opening.recent()), None)
    bell = doorbell.answering(path) if path is not None else None
    if path is None or bell is None:
        return False
    if not doorbell.raise_window(bell):
        text = tr("Process {pid} (workbench {door}) has {file} open. Stop it first.")
        raise Failure(Code.WORKSPACE, text.format(pid=bell.pid, door=bell.door, file=path.name))
    sys.stderr.write(tr("{file} is open already; its window is in front now.").format(file=path.name) + "\n")
    return True


def value_of(arguments: Sequence[str], name: str) -> str:
    """The value of an option, read before the command line is parsed; empty where it is not given."""
    for at, argument in enumerate(arguments):
        if argument == "--":
            break
        if argument.startswith(f"{name}="):
            return argument.partition("=")[2]
        if argument == name and at + 1 < len(arguments):
            return arguments[at + 1]
    return ""


if __name__ == "__main__":
    raise SystemExit(main())
