"""`attribute list|remove` and `event remove`."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from workbench.cli.failure import Code, Failure
from workbench.cli.output import pairs, table, tell
from workbench.cli.people import DryOption, RewriteOption, YesOption
from workbench.cli.session import Session
from workbench.plan.words import N_, tr

if TYPE_CHECKING:
    from workbench.plan.removal import Removal

NamesArgument = Annotated[
    list[str],
    typer.Argument(
        metavar="NAME...",
        help=N_("Such as Attributes.plan, Metrics.spent or 'User.UserAttributes.old*'; * is any text."),
    ),
]
TypesArgument = Annotated[
    list[str] | None, typer.Argument(metavar="TYPE...", help=N_("Types of events, such as '_session*'; else all."))
]
BeforeOption = Annotated[
    datetime | None,
    typer.Option("--before", metavar="YYYY-MM-DD", formats=["%Y-%m-%d"], help=N_("Only events before this day.")),
]


def list_attributes(session: Session) -> None:
    from workbench.engine import removal

    with session.connected() as connection:
        every = connection.ask(removal.would_remove_attributes, ("*",)).removed
    session.give(every, lambda: table((tr("Name"), tr("Count")), [(each.name, each.count) for each in every]))


def remove_attributes(
    session: Session,
    names: NamesArgument,
    dry_run: DryOption = False,
    yes: YesOption = False,
    rewrite: RewriteOption = True,
) -> None:
    from workbench.engine import removal

    patterns = tuple(names)
    with session.connected() as connection:
        would = connection.ask(removal.would_remove_attributes, patterns)
        if _is_meant(session, would, dry_run=dry_run, yes=yes):
            done = connection.ask(removal.remove_attributes, patterns, rewrite=rewrite)
            session.give(done, lambda: _show(done))


def remove_events(
    session: Session,
    types: TypesArgument = None,
    before: BeforeOption = None,
    dry_run: DryOption = False,
    yes: YesOption = False,
    rewrite: RewriteOption = True,
) -> None:
    from workbench.engine import removal
    from workbench.plan.removal import EventFilter

    if not types and before is None:
        raise Failure(Code.USAGE, tr("Say which events: their types, or before which day."))
    wanted = EventFilter(types=tuple(types or ()), before=before.date() if before else None)
    with session.connected() as connection:
        would = connection.ask(removal.would_remove_events, wanted)
        if _is_meant(session, would, dry_run=dry_run, yes=yes):
            done = connection.ask(removal.remove_events, wanted, rewrite=rewrite)
            session.give(done, lambda: _show(done))


def _is_meant(session: Session, would: "Removal", *, dry_run: bool, yes: bool) -> bool:
    """Whether to go on; a dry run shows what would go, and without --yes it is refused, with who asks for it."""
    if dry_run:
        session.give(would, lambda: _show(would))
        return False
    if not session.as_json:
        _warn(would)
    if not yes:
        names = ", ".join(each.name for each in would.removed)
        text = tr("This would remove {names} for good. If that is meant, say it again with --yes.")
        raise Failure(Code.REFUSED, text.format(names=names or tr("nothing")))
    return True


def _warn(would: "Removal") -> None:
    if would.segments:
        tell(tr("Segments that ask for it: {names}").format(names=", ".join(would.segments)))
    if would.templates:
        tell(tr("Templates that show it: {names}").format(names=", ".join(would.templates)))


def _show(removal: "Removal") -> None:
    pairs([(each.name, f"{each.count:,}") for each in removal.removed])
    _warn(removal)
