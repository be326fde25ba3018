"""`demo`: a sample shop, in the window or, headless, the whole job with its report."""

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from workbench.cli.failure import Code, Failure, no_display
from workbench.cli.output import bars, pairs, say, tell
from workbench.cli.sending import watch
from workbench.cli.session import Connection, Session
from workbench.plan.words import N_, tr

if TYPE_CHECKING:
    from workbench.engine.demo import DemoReport

DemoFile = Annotated[
    Path | None,
    typer.Argument(metavar="FILE", help=N_("The sample workspace; made where it is not there. Else your own.")),
]
HeadlessOption = Annotated[bool, typer.Option("--headless", help=N_("Without a window: do the whole job and report."))]
FreshOption = Annotated[bool, typer.Option("--fresh", help=N_("Throw the sample workspace away and begin anew."))]


def demo(session: Session, file: DemoFile = None, headless: HeadlessOption = False, fresh: FreshOption = False) -> None:
    session.workspace = _sample_file(session, file)
    if not headless:
        _refuse_without_display()
    if fresh:
        _throw_away(session.workspace)
    _make(session.workspace)
    if not headless:
        raise typer.Exit(session.doors.window(session.workspace))
    with session.connected(sending=True, door="demo", own=True) as connection:
        report = _whole_job(connection)
    session.give(report, lambda: _show(report))
    if not report.is_whole:
        text = tr("{planned} planned, {accepted} accepted, {arrived} arrived, {unknown} unknown: these should agree.")
        raise Failure(Code.SENDING, text.format(**report.model_dump()))


def _refuse_without_display() -> None:
    """Before a file is made or thrown away."""
    from workbench.engine.display import has_display

    if not has_display():
        raise Failure(Code.REFUSED, no_display())


def _whole_job(connection: Connection) -> "DemoReport":
    """People and events, a count, a campaign over SMTP to the sandbox, and what arrived there."""
    from workbench.engine import campaigns
    from workbench.engine import demo as sample

    began = time.monotonic()
    connection.ask(sample.prepare)
    start = connection.ask(sample.ready)
    if sys.stderr.isatty():
        words = tr("{endpoints} endpoints, {events} events; {count} in “{segment}”.")
        tell(
            words.format(
                endpoints=f"{start.endpoints:,}",
                events=f"{start.events:,}",
                count=f"{start.segment_count:,}",
                segment=start.segment,
            )
        )
    before = connection.ask(sample.arrived)
    run = watch(connection, connection.ask(campaigns.launch, start.campaign_id, 0.0))
    arrived = connection.ask(sample.arrived) - before
    return sample.reported(start, run, arrived, time.monotonic() - began)


def _show(report: "DemoReport") -> None:
    pairs(
        [
            (tr("endpoints"), f"{report.endpoints:,}"),
            (tr("events"), f"{report.events:,}"),
            (tr("in the segment"), f"{report.segment_count:,}"),
            (tr("seconds"), f"{report.seconds:,.1f}"),
        ]
    )
    say("")
    bars(
        [
            (tr("planned"), report.planned),
            (tr("left out"), report.left_out),
            (tr("accepted"), report.accepted),
            (tr("arrived"), report.arrived),
            (tr("unknown"), report.unknown),
        ]
    )


def _sample_file(session: Session, file: Path | None) -> Path:
    from workbench.engine import opening

    named = file or session.workspace
    return opening.whole_path(str(named)) if named else opening.sample_path()


def _make(path: Path) -> None:
    """Make the file where it is not there."""
    from workbench.engine import opening

    if path.exists():
        return
    try:
        opening.open_now(opening.Wish(path, create=True, sending=False)).stop()
    except opening.StoreError as error:
        raise Failure(Code.WORKSPACE, str(error)) from error


def _throw_away(path: Path) -> None:
    """Only the demonstration's own file: one that was named may hold what nobody can make again."""
    from workbench.engine import opening

    if path != opening.sample_path():
        raise Failure(Code.USAGE, tr("--fresh throws away only the sample's own file. Name a new file instead."))
    try:
        opening.throw_away_sample()
    except opening.StoreError as error:
        raise Failure(Code.WORKSPACE, str(error)) from error
