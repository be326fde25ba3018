"""What the commands of segments, templates, channels and campaigns share: reading JSON, finding by name, listing."""

import json
import sys
from collections.abc import Callable, Iterable, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from workbench.cli.failure import Code, Failure
from workbench.cli.output import moment, plain, table, tell
from workbench.cli.session import Session
from workbench.plan.words import tr

if TYPE_CHECKING:
    from workbench.engine.definitions import Stored
    from workbench.plan.problem import Problem

_T = TypeVar("_T")


def read_text(source: Path) -> str:
    """The file's text; `-` is standard input."""
    try:
        return _standard_input() if str(source) == "-" else source.expanduser().read_text(encoding="utf-8-sig")
    except FileNotFoundError as error:
        raise Failure(Code.NOT_FOUND, tr("There is no file {file}.").format(file=source)) from error
    except UnicodeDecodeError as error:
        raise Failure(Code.REFUSED, tr("{file} is not UTF-8 text.").format(file=_shown(source))) from error


def _standard_input() -> str:
    """All of it, as UTF-8 whatever the terminal speaks."""
    raw = getattr(sys.stdin, "buffer", None)
    return raw.read().decode("utf-8-sig") if raw is not None else sys.stdin.read()


def _shown(source: Path) -> str:
    return tr("Standard input") if str(source) == "-" else str(source)


def parsed(source: Path, parse: Callable[[str], _T], kind: str) -> _T:
    """A definition of a kind from a file; a failure with a problem at each field that does not fit."""
    from pydantic import ValidationError

    from workbench.plan.definition import problems_of

    try:
        return parse(read_text(source))
    except ValidationError as error:
        text = tr("{file} does not hold what is wanted here. See: {command}")
        words = text.format(file=_shown(source), command=f"workbench schema {kind}")
        raise Failure(Code.REFUSED, words, problems_of(error)) from error


def found(stored: "Sequence[Stored]", reference: str, kind: str) -> "Stored":
    """The definition of that id or name (letters' case does not matter); a failure where none or several fit."""
    for fits in (
        [each for each in stored if each.id == reference],
        [each for each in stored if each.name == reference],
        [each for each in stored if each.name.casefold() == reference.casefold()],
    ):
        if len(fits) == 1:
            return fits[0]
        if fits:
            ids = ", ".join(each.id for each in fits)
            text = tr("Several have the name “{name}”. Give one of these ids: {ids}").format(name=reference, ids=ids)
            raise Failure(Code.REFUSED, text)
    text = tr("There is no {kind} “{name}”.").format(kind=kind, name=reference)
    close = get_close_matches(reference, [each.name for each in stored], n=1)
    more = (
        tr("Did you mean “{name}”?").format(name=close[0])
        if close
        else tr("List them with: {command}").format(command=f"workbench {kind} list")
    )
    raise Failure(Code.NOT_FOUND, f"{text} {more}")


def version_of(stored: "Sequence[Stored]", given: str | None, name: str, kind: str) -> str | None:
    """The id that `put` makes a new version of: the given one, else that of the only definition of the name, else None.

    A failure where the given id is not among those stored.
    """
    if given is not None:
        if given not in {each.id for each in stored}:
            raise Failure(Code.NOT_FOUND, tr("There is no {kind} “{name}”.").format(kind=kind, name=given))
        return given
    fits = [each.id for each in stored if each.name == name]
    return fits[0] if len(fits) == 1 else None


def give_list(session: Session, stored: "Sequence[Stored]") -> None:
    """Answer with all definitions of a kind."""
    session.give(
        [_as_data(each) for each in stored],
        lambda: table(
            (tr("Id"), tr("Name"), tr("Version"), tr("Saved")),
            [(each.id, each.name, each.version, moment(each.saved)) for each in stored],
        ),
    )


def _as_data(stored: "Stored") -> dict[str, object]:
    return {
        "id": stored.id,
        "name": stored.name,
        "version": stored.version,
        "saved": stored.saved,
        "definition": json.loads(stored.json_text),
    }


def refuse_blocking(problems: "Iterable[Problem]") -> None:
    """Fail where a problem blocks; tell the advice."""
    every = tuple(problems)
    blocking = [problem for problem in every if problem.blocks]
    if blocking:
        raise Failure(Code.REFUSED, str(blocking[0]), every)
    for problem in every:
        tell(f"{problem.where}: {plain(problem)}")
