"""`doctor`, `schema KIND`, `event add`."""

from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from workbench.cli.definitions import read_text
from workbench.cli.failure import Code, Failure
from workbench.cli.output import pairs, plain, say, tell
from workbench.cli.session import Session
from workbench.plan.words import N_, tr, trn

DefinitionKind = Literal["segment", "template", "channel", "campaign", "mapping", "workspace", "event", "question"]
KindArgument = Annotated[
    DefinitionKind,
    typer.Argument(
        metavar="KIND", help=N_("segment, template, channel, campaign, mapping, workspace, event or question.")
    ),
]
EventsFile = Annotated[
    Path, typer.Argument(metavar="FILE", help=N_("One event as JSON on each line; - is standard input."))
]


def doctor(session: Session) -> None:
    import os

    from workbench.cli.session import WORKSPACE_VARIABLE

    try:
        from workbench.engine.doctor import examine
    except ImportError as error:
        text = tr("The package {name} is missing. Set up again: sh packaging/run.sh").format(name=error.name)
        raise Failure(Code.REFUSED, text) from error

    named = session.workspace or os.environ.get(WORKSPACE_VARIABLE)
    findings = examine(Path(named).expanduser() if named else None)
    marks = {"good": tr("ok"), "warning": tr("warning"), "bad": tr("bad")}
    width = max(len(mark) for mark in marks.values())
    rows = [(f"{marks[each.state]:<{width}}  {each.name}", f"{each.text} {each.fix}".strip()) for each in findings]
    session.give(findings, lambda: pairs(rows))
    bad = [each for each in findings if each.state == "bad"]
    if bad:
        raise Failure(Code.REFUSED, f"{bad[0].name}: {bad[0].text} {bad[0].fix}".rstrip())


def schema(session: Session, kind: KindArgument) -> None:
    import json

    from pydantic import TypeAdapter

    from workbench.plan import campaign, channel, event, mapping, report, segment, template, workspace

    types: dict[str, Any] = {
        "segment": segment.Segment,
        "template": template.Template,
        "channel": channel.Channel,
        "campaign": campaign.Campaign,
        "mapping": mapping.Mapping,
        "workspace": workspace.Workspace,
        "event": event.Event,
        "question": report.Question,
    }
    described = TypeAdapter(types[kind]).json_schema()
    session.give(described, lambda: say(json.dumps(described, indent=2, ensure_ascii=False)))


def add_events(session: Session, file: EventsFile) -> None:
    from pydantic import ValidationError

    from workbench.engine import events
    from workbench.plan.definition import problems_of
    from workbench.plan.event import Event

    read: list[Event] = []
    for number, line in enumerate(read_text(file).splitlines(), 1):
        if not line.strip():
            continue
        try:
            read.append(Event.model_validate_json(line))
        except ValidationError as error:
            text = tr("Line {number} is not an event. See: workbench schema event").format(number=number)
            raise Failure(Code.REFUSED, plain(text), problems_of(error)) from error
    with session.connected() as connection:
        added = connection.ask(events.record, tuple(read))
    passed = len(read) - added
    if passed:
        text = trn(
            "{n} event was passed over: it is known already, or its endpoint is not.",
            "{n} events were passed over: they are known already, or their endpoints are not.",
            passed,
        )
        tell(text.format(n=f"{passed:,}"))
    words = trn("{n} event added.", "{n} events added.", added).format(n=f"{added:,}")
    session.give({"added": added, "passed_over": passed}, lambda: say(words))
