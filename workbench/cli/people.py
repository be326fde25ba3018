"""`person show|erase`."""

from pathlib import Path
from typing import Annotated

import typer

from workbench.cli.definitions import read_text
from workbench.cli.failure import Code, Failure
from workbench.cli.output import pairs, plain, say
from workbench.cli.session import Session
from workbench.plan.words import N_, tr

IdArgument = Annotated[str, typer.Argument(metavar="ID", help=N_("Id of an endpoint of the person."))]
IdsArgument = Annotated[list[str] | None, typer.Argument(metavar="ID...", help=N_("Id of an endpoint of each person."))]
IdsFile = Annotated[
    Path | None, typer.Option("--file", metavar="FILE", help=N_("A file with an id on each line; - is standard input."))
]
YesOption = Annotated[bool, typer.Option("--yes", help=N_("Erase without being asked: it cannot be undone."))]


def show(session: Session, endpoint_id: IdArgument) -> None:
    from workbench.engine import privacy
    from workbench.plan.privacy import readable

    with session.connected() as connection:
        dossier = connection.ask(privacy.dossier, endpoint_id)
    session.give(dossier, lambda: say("\n".join(plain(line) for line in readable(dossier).splitlines())))


def erase(session: Session, ids: IdsArgument = None, file: IdsFile = None, yes: YesOption = False) -> None:
    from workbench.engine import privacy

    lines = read_text(file).splitlines() if file is not None else []
    wanted = tuple(dict.fromkeys(each.strip() for each in (*(ids or ()), *lines) if each.strip()))
    if not wanted:
        raise Failure(Code.USAGE, tr("Nobody is named. Give ids, or a file of them with --file."))
    if not yes:
        raise Failure(Code.REFUSED, tr("Erasing cannot be undone. If that is meant, say it again with --yes."))
    with session.connected() as connection:
        erased = connection.ask(privacy.erase, wanted)
    rows = [
        (tr("endpoints"), f"{erased.endpoints:,}"),
        (tr("events"), f"{erased.events:,}"),
        (tr("messages"), f"{erased.messages:,}"),
        *((tr("not there"), each) for each in erased.unknown),
    ]
    session.give(erased, lambda: pairs(rows))
    if erased.unknown and not erased.endpoints:
        raise Failure(Code.NOT_FOUND, tr("None of them is there."))
