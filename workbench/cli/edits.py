"""`person put|set|delete`."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from workbench.cli.definitions import read_text
from workbench.cli.failure import Code, Failure
from workbench.cli.output import pairs, plain, say, tell
from workbench.cli.session import Session
from workbench.plan.words import N_, tr, trn

if TYPE_CHECKING:
    from collections.abc import Sequence

    from workbench.plan.edit import Put
    from workbench.plan.problem import Problem

RequestFile = Annotated[
    Path,
    typer.Argument(
        metavar="FILE", help=N_("Endpoints as JSON in Pinpoint's form, one or many; - is standard input.")
    ),
]  # fmt: skip
IdArgument = Annotated[str, typer.Argument(metavar="ID", help=N_("The id of an endpoint."))]
IdsArgument = Annotated[list[str], typer.Argument(metavar="ID...", help=N_("Ids of endpoints."))]
FieldArguments = Annotated[
    list[str],
    typer.Argument(
        metavar="FIELD=VALUE...",
        help=N_("Such as Location.City=Berlin; an attribute again adds a value, nothing after = clears."),
    ),
]
PersonOption = Annotated[
    bool, typer.Option("--person", help=N_("The ids are those of persons; all their endpoints are meant."))
]


def put(session: Session, file: RequestFile) -> None:
    from workbench.engine import endpoints
    from workbench.plan import endpoint_request

    batch, problems = endpoint_request.edits(read_text(file))
    _refuse(problems)
    with session.connected() as connection:
        done = connection.ask(endpoints.put, batch)
    _give(session, done, len(batch))


def set_(session: Session, endpoint_id: IdArgument, fields: FieldArguments) -> None:
    from workbench.engine import endpoints
    from workbench.plan import edit, endpoint_request

    values, problems = endpoint_request.assignments(fields)
    wanted = edit.Edit(id=endpoint_id, values=values)
    every = (*problems, *edit.check(wanted))
    _refuse([each for each in every if each.blocks])
    for advice in every:
        tell(f"{advice.where}: {plain(advice)}")
    with session.connected() as connection:
        connection.ask(endpoints.person, endpoint_id, 0, 1)
        done = connection.ask(endpoints.put, (wanted,))
    _give(session, done, 1)


def delete(session: Session, ids: IdsArgument, person: PersonOption = False) -> None:
    from workbench.engine import endpoints
    from workbench.plan.edit import Deleted

    with session.connected() as connection:
        if person:
            each = [connection.ask(endpoints.delete_user, user_id) for user_id in ids]
            gone = Deleted(
                endpoints=tuple(one for part in each for one in part.endpoints),
                keys=tuple(key for part in each for key in part.keys),
            )
        else:
            gone = connection.ask(endpoints.delete, tuple(ids))
    text = trn("{n} endpoint deleted.", "{n} endpoints deleted.", len(gone.endpoints))
    session.give(gone, lambda: say(text.format(n=f"{len(gone.endpoints):,}")))


def _refuse(problems: "Sequence[Problem]") -> None:
    if problems:
        raise Failure(Code.REFUSED, str(problems[0]), problems)


def _give(session: Session, done: "Put", size: int) -> None:
    """Answer with what was done; fail where a part of it was refused, after the rest was done."""
    from workbench.plan.problem import Problem
    from workbench.plan.words import Words

    rows: list[tuple[str, object]] = [(tr("added"), f"{done.added:,}"), (tr("updated"), f"{done.updated:,}")]
    rows += [(tr("inactive now, for its address is another's"), each) for each in done.retired]
    rows += [(tr("without its person now, to make room"), each) for each in done.gave_way]
    if not done.refused or done.added or done.updated:
        session.give(done, lambda: pairs(rows))
    if done.refused:
        problems = tuple(
            Problem(
                f"Item.{each.place}.{each.where}".removesuffix(".") if size > 1 else each.where,
                Words("{text}", {"text": each.text}),
            )
            for each in done.refused
        )
        first = f"{problems[0].where}: {problems[0]}" if size > 1 else str(problems[0])
        raise Failure(Code.REFUSED, first, problems)
