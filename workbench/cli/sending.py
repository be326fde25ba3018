"""Runs of campaigns: finding one, watching it, telling how it ended; and `run`, the engine without a window."""

import signal
import time
from typing import TYPE_CHECKING, Annotated, Final

import typer

from workbench.cli import names
from workbench.cli.definitions import found
from workbench.cli.failure import Code, Failure
from workbench.cli.output import pairs, plain, tell
from workbench.cli.session import Connection, Session
from workbench.plan.words import N_, tr, trn

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from workbench.plan.campaign import RunStatus

#: seconds between two looks at a run
_EVERY: Final = 0.25
_OPEN: Final = ("waiting", "sending")
_UNSETTLED: Final = ("planned", "claimed", "retrying")
_DOUBTS: Final = ("failed", "unknown", "render_failed")

UntilIdleOption = Annotated[bool, typer.Option("--until-idle", help=N_("End when nothing is left to send."))]


def run(session: Session, until_idle: UntilIdleOption = False) -> None:
    from workbench.engine import campaigns

    signal.signal(signal.SIGTERM, signal.default_int_handler)  # a service manager's stop is a clean stop
    with session.connected(sending=True, door="run", own=True) as connection:
        before = {each.run_id for each in connection.ask(campaigns.runs) if each.state in _OPEN}
        if not until_idle:
            tell(tr("Sending what is planned. Ctrl+C stops; nothing is lost."))
        try:
            seen = before | _sent(connection, until_idle=until_idle)
        except KeyboardInterrupt:
            if until_idle:
                raise
            return
        every = connection.ask(campaigns.runs)
    # What was paused before, by a person or by a fault, is not done either.
    runs = [each for each in every if each.run_id in seen or (each.state == "paused" and _left(each))]
    if not runs:
        tell(tr("Nothing is left to send."))
    session.give(runs, lambda: _show_runs(runs))
    fail_for_doubts(*runs)


def _sent(connection: Connection, *, until_idle: bool) -> set[str]:
    """Watch everything that is being sent; gives the runs that were seen open."""
    from workbench.engine import campaigns

    seen: set[str] = set()
    while True:
        open_runs = [each for each in connection.ask(campaigns.runs) if each.state in _OPEN]
        seen |= {each.run_id for each in open_runs}
        for each in open_runs:
            _draw(connection, each)
        if until_idle and not open_runs:
            connection.progressing.close()
            return seen
        time.sleep(_EVERY)


def run_of(connection: Connection, reference: str) -> "RunStatus":
    """A run by its id, or the newest run of the campaign of that name or id."""
    from workbench.engine import campaigns
    from workbench.engine.desk import NotFoundError

    try:
        return connection.ask(campaigns.status, reference)
    except NotFoundError as error:
        if reference.isdecimal():
            text = tr("There is no run {run}. List them with: {command}")
            raise Failure(Code.NOT_FOUND, text.format(run=reference, command="workbench campaign status")) from error
        campaign = found(connection.ask(campaigns.listed), reference, "campaign")
    runs = connection.ask(campaigns.runs, campaign.id)
    if not runs:
        raise Failure(Code.NOT_FOUND, tr("“{name}” was never launched.").format(name=campaign.name))
    return runs[0]


def watch(connection: Connection, run: "RunStatus") -> "RunStatus":
    """Wait until the run is finished, paused or cancelled, with a bar on a terminal."""
    from workbench.engine import campaigns

    while run.state in _OPEN:
        _draw(connection, run)
        time.sleep(_EVERY)
        run = connection.ask(campaigns.status, run.run_id)
    _draw(connection, run)
    connection.progressing.close()
    return run


def _draw(connection: Connection, run: "RunStatus") -> None:
    if connection.show_progress:
        connection.progressing.count(run.run_id, run.name, run.planned - _left(run), run.planned)


def _left(run: "RunStatus") -> int:
    """How many messages of the run are still to be sent."""
    return sum(run.states.get(state, 0) for state in _UNSETTLED)


def give_run(session: Session, run: "RunStatus") -> None:
    """Answer with a run."""
    session.give(run, lambda: _show_run(run))


def _show_runs(runs: "Sequence[RunStatus]") -> None:
    for run in runs:
        _show_run(run)


def _show_run(run: "RunStatus") -> None:
    pairs(
        [
            (tr("run"), run.run_id),
            (tr("campaign"), run.name),
            (tr("state"), f"{names.run_state(run.state)} {plain(run.reason)}".strip()),
            (tr("matching"), f"{run.matching:,}"),
            (tr("planned"), f"{run.planned:,}"),
            *(
                (f"  {names.message_state(state)}", f"{count:,}")
                for state, count in run.states.items()
                if count and state != "left_out"
            ),
            (tr("left out"), f"{sum(run.left_out.values()):,}"),
            *((f"  {name}", f"{count:,}") for name, count in shown_decisions(run.left_out)),
        ]
    )


def shown_decisions(left_out: "Mapping[str, int]") -> list[tuple[str, int]]:
    """Why members were left out, in words, most frequent first."""
    rows = [(names.decision(decision), count) for decision, count in left_out.items() if count]
    return sorted(rows, key=lambda row: -row[1])


def fail_for_doubts(*runs: "RunStatus") -> None:
    """End with exit code 6 where a message failed or is unknown, or where a run stopped before its end.

    A sentence for each such run; 130 where they were only cancelled.
    """
    stopped = [failure for run in runs for failure in _doubts(run)]
    if stopped:
        code = min(failure.code for failure in stopped)
        raise Failure(code, "\n".join(str(failure) for failure in stopped))


def _doubts(run: "RunStatus") -> "Iterator[Failure]":
    counts = {state: run.states.get(state, 0) for state in _DOUBTS}
    doubts = sum(counts.values())
    if doubts:
        text = trn(
            "{n} message of {name} did not arrive for sure.", "{n} messages of {name} did not arrive for sure.", doubts
        )
        text += " " + tr("Look at them with: workbench campaign outbox {run} --state {state}")
        most = max(counts, key=lambda state: counts[state])
        yield Failure(Code.SENDING, text.format(n=f"{doubts:,}", name=run.name, run=run.run_id, state=most))
    if run.state == "paused":
        # The reason says whether a person paused it or something is in the way.
        text = trn(
            "{name} is paused with {n} message to send: {reason}",
            "{name} is paused with {n} messages to send: {reason}",
            _left(run),
        )
        text += " " + tr("Go on with: workbench campaign resume {run}")
        words = {"n": f"{_left(run):,}", "name": run.name, "reason": plain(run.reason), "run": run.run_id}
        yield Failure(Code.SENDING, text.format(**words))
    if run.state == "cancelled":
        yield Failure(Code.CANCELLED, tr("{name} was cancelled.").format(name=run.name))
