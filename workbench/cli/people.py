"""`person show|erase`."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from workbench.cli.definitions import found, read_text
from workbench.cli.failure import Code, Failure
from workbench.cli.output import pairs, plain, say
from workbench.cli.session import Session, absolute
from workbench.plan.words import N_, tr, trn

if TYPE_CHECKING:
    from workbench.plan.privacy import Erased

WhoArgument = Annotated[
    str, typer.Argument(metavar="WHO", help=N_("An address, or the id of an endpoint or of the person."))
]
WhoArguments = Annotated[
    list[str] | None, typer.Argument(metavar="WHO...", help=N_("Addresses, or ids of endpoints or of persons."))
]
SaveOption = Annotated[
    Path | None, typer.Option("--save", metavar="FILE", help=N_("Write it to a .html, .txt or .json file instead."))
]
FromOption = Annotated[
    Path | None,
    typer.Option("--from", metavar="FILE", help=N_("A file with an address or id on each line; - is standard input.")),
]
SegmentOption = Annotated[
    str | None, typer.Option("--segment", metavar="SEGMENT", help=N_("All its members; name or id."))
]
DryOption = Annotated[bool, typer.Option("--dry-run", help=N_("Only count what would go; change nothing."))]
YesOption = Annotated[bool, typer.Option("--yes", help=N_("Do it without being asked: it cannot be undone."))]
RewriteOption = Annotated[
    bool,
    typer.Option(
        "--rewrite/--no-rewrite", help=N_("Write the file anew afterwards, so that no byte of what goes is left in it.")
    ),
]


def show(session: Session, who: WhoArgument, save: SaveOption = None) -> None:
    from workbench.engine import privacy
    from workbench.plan.dossier import readable

    with session.connected() as connection:
        if save is not None:
            path = connection.ask(privacy.save_dossier, who, absolute([save])[0])
            session.give({"path": path}, lambda: say(tr("Written to {file}.").format(file=path)))
            return
        dossier = connection.ask(privacy.dossier, who)
    session.give(dossier, lambda: say("\n".join(plain(line) for line in readable(dossier).splitlines())))


def erase(
    session: Session,
    who: WhoArguments = None,
    file: FromOption = None,
    segment: SegmentOption = None,
    dry_run: DryOption = False,
    yes: YesOption = False,
    rewrite: RewriteOption = True,
) -> None:
    from workbench.engine import privacy, segments
    from workbench.plan.privacy import Whom

    lines = read_text(file).splitlines() if file is not None else []
    named = tuple(dict.fromkeys(each.strip() for each in (*(who or ()), *lines) if each.strip()))
    if not named and segment is None:
        raise Failure(Code.USAGE, tr("Nobody is named. Give addresses or ids, a file of them, or a segment."))
    with session.connected() as connection:
        segment_id = found(connection.ask(segments.listed), segment, "segment").id if segment is not None else ""
        whom = Whom(named=named, segment_id=segment_id)
        if dry_run or not yes:
            would = connection.ask(privacy.would_erase, whom)
        else:
            erased = connection.ask(privacy.erase, whom, rewrite=rewrite)
    if not (dry_run or yes):
        text = trn(
            "{n} person would be erased, which cannot be undone. If that is meant, say it again with --yes.",
            "{n} people would be erased, which cannot be undone. If that is meant, say it again with --yes.",
            would.people,
        )
        raise Failure(Code.REFUSED, text.format(n=f"{would.people:,}"))
    answer = would if dry_run else erased
    session.give(answer, lambda: pairs(_rows(answer)))
    if answer.unknown and not answer.people:
        raise Failure(Code.NOT_FOUND, tr("None of them is there."))


def _rows(erased: "Erased") -> list[tuple[str, object]]:
    counted = (
        (tr("people"), erased.people),
        (tr("endpoints"), erased.endpoints),
        (tr("events"), erased.events),
        (tr("messages blanked"), erased.messages),
        (tr("letters deleted"), erased.mails),
        (tr("rejected rows blanked"), erased.rejected),
    )
    return [*((name, f"{n:,}") for name, n in counted), *((tr("not there"), each) for each in erased.unknown)]
