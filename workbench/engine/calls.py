"""Engine functions by name, arguments and answers as JSON by their own annotations: what travels between processes.

Only public `async def`s of the noun modules can be called. Both ends use this file, so that a command works the same on
its own engine and on a running one.
"""

import importlib
import inspect
import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any, Final, get_type_hints

from pydantic import TypeAdapter, ValidationError

from workbench.engine.desk import AskError, NotFoundError
from workbench.plan.problem import Problem
from workbench.plan.words import Words, tr

NOUNS: Final = (
    "activity", "campaigns", "channels", "demo", "endpoints", "events", "imports", "privacy", "removal", "reports",
    "segments", "templates", "workspace",
)  # fmt: skip

Function = Callable[..., Awaitable[Any]]


def find(noun: str, name: str) -> Function:
    """The engine function of that name; raises `NotFoundError`."""
    if noun in NOUNS and not name.startswith("_"):
        module = importlib.import_module(f"workbench.engine.{noun}")
        function = getattr(module, name, None)
        if inspect.iscoroutinefunction(function) and function.__module__ == module.__name__:
            return function
    raise NotFoundError(tr("There is no question “{noun}/{name}”.").format(noun=noun, name=name))


def address(function: Function) -> str:
    """`noun/name` of an engine function."""
    return f"{function.__module__.rpartition('.')[2]}/{function.__name__}"


@lru_cache(maxsize=256)
def _adapters(function: Function) -> dict[str, TypeAdapter[Any]]:
    hints = get_type_hints(function, include_extras=True)
    return {name: TypeAdapter(hint) for name, hint in hints.items() if name != "desk"}


def pack(function: Function, args: Sequence[object], named: Mapping[str, object]) -> bytes:
    """The arguments, without the desk, as one JSON object by parameter name."""
    adapters = _adapters(function)
    bound = inspect.signature(function).bind(None, *args, **named)
    given = list(bound.arguments.items())[1:]
    return json.dumps({name: adapters[name].dump_python(value, mode="json") for name, value in given}).encode()


def unpack(function: Function, body: bytes) -> dict[str, object]:
    """The arguments by name, parsed by the function's annotations; raises `AskError` with problems at their names."""
    adapters = _adapters(function)
    parameters = list(inspect.signature(function).parameters.values())[1:]
    try:
        given = json.loads(body or b"{}")
    except ValueError as error:
        raise AskError(tr("The question is not JSON: {reason}").format(reason=error)) from error
    if not isinstance(given, dict):
        raise AskError(tr("The question is not a JSON object."))
    unknown = sorted(set(given) - {parameter.name for parameter in parameters})
    missing = [each.name for each in parameters if each.default is each.empty and each.name not in given]
    if unknown or missing:
        raise AskError(tr("The question's arguments do not fit: {names}").format(names=", ".join(unknown + missing)))
    return {name: _parsed(name, adapters[name], value) for name, value in given.items()}


def _parsed(name: str, adapter: TypeAdapter[Any], value: object) -> object:
    try:
        return adapter.validate_json(json.dumps(value))
    except ValidationError as error:
        problems = tuple(
            Problem(".".join([name, *(str(part) for part in fault["loc"])]), Words("{text}", {"text": fault["msg"]}))
            for fault in error.errors(include_url=False)
        )
        raise AskError(f"{problems[0].where}: {problems[0].text}", problems) from error


def pack_answer(function: Function, answer: object) -> bytes:
    """The answer as JSON."""
    return _adapters(function)["return"].dump_json(answer)


def unpack_answer(function: Function, body: bytes) -> object:
    """The answer as the function itself gives it."""
    return _adapters(function)["return"].validate_json(body)


def pack_problems(problems: Sequence[object]) -> list[dict[str, object]]:
    """Problems with their words in the language of the moment."""
    return [
        {"where": each.where, "text": str(each.text), "fix": str(each.fix), "blocks": each.blocks}
        for each in problems
        if isinstance(each, Problem)
    ]


def unpack_problems(packed: Sequence[Mapping[str, Any]]) -> tuple[Problem, ...]:
    """Problems again, with their words as they were said."""
    return tuple(
        Problem(
            each["where"],
            Words("{text}", {"text": each["text"]}),
            Words("{text}", {"text": each["fix"]}),
            each["blocks"],
        )
        for each in packed
    )
