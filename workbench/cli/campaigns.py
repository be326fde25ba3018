"""`campaign list|put|show|sheet|delete` and what is done with a campaign's runs."""

from typing import TYPE_CHECKING, Annotated, Final, Literal

import typer

from workbench.cli import names
from workbench.cli.definitions import found, give_list, parsed, refuse_blocking, version_of
from workbench.cli.failure import Code, Failure
from workbench.cli.output import emit_json, moment, pairs, plain, say, table, tell
from workbench.cli.segments import DefinitionFile, IdOption, LimitOption, OffsetOption
from workbench.cli.sending import fail_for_doubts, give_run, run_of, shown_decisions, watch
from workbench.cli.session import Connection, Session
from workbench.plan.words import N_, tr, trn

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from workbench.engine.desk import Desk
    from workbench.plan.campaign import Campaign, LaunchSheet, RunStatus

#: as `workbench.plan.campaign.MessageState`, which loads too much for a page of help
StateName = Literal[
    "left_out", "planned", "claimed", "retrying", "accepted", "failed", "unknown", "cancelled", "render_failed",
]  # fmt: skip
#: what the ids in a campaign's JSON point at; names are accepted there as well
_POINTERS: Final = (("segment_id", "segment"), ("template_id", "template"), ("channel_id", "channel"))

Reference = Annotated[str, typer.Argument(metavar="CAMPAIGN", help=N_("Name or id."))]
RunReference = Annotated[
    str, typer.Argument(metavar="RUN", help=N_("Id of the run, or the campaign for its newest run."))
]
MaybeRun = Annotated[str | None, typer.Argument(metavar="RUN", help=N_("Id of a run, or a campaign; else all."))]
UndoOption = Annotated[
    float,
    typer.Option(
        "--undo", metavar="SECONDS", min=0, max=3600, help=N_("Seconds before sending begins; Ctrl+C takes it back.")
    ),
]
WaitOption = Annotated[
    bool, typer.Option("--wait/--no-wait", help=N_("Send now and wait for the end, or only plan and leave it to run."))
]
StateOption = Annotated[
    StateName | None, typer.Option("--state", metavar="STATE", help=N_("Only messages in this state, such as unknown."))
]
SearchOption = Annotated[
    str, typer.Option("--search", metavar="TEXT", help=N_("Only addresses or ids that contain this."))
]
AsSentOption = Annotated[
    bool, typer.Option("--as-sent/--again", help=N_("Count unknown messages as sent, or plan them again."))
]


def list_(session: Session) -> None:
    from workbench.engine import campaigns

    with session.connected() as connection:
        give_list(session, connection.ask(campaigns.listed))


def put(session: Session, file: DefinitionFile, campaign_id: IdOption = None) -> None:
    from workbench.engine import campaigns
    from workbench.plan.campaign import Campaign, check

    campaign = parsed(file, Campaign.from_json, "campaign")
    with session.connected() as connection:
        campaign = _resolved(connection, campaign)
        refuse_blocking(check(campaign))
        stored = connection.ask(campaigns.listed)
        saved = connection.ask(campaigns.save, campaign, version_of(stored, campaign_id, campaign.name, "campaign"))
        problems = connection.ask(campaigns.check, campaign)
    for problem in problems:
        tell(f"{problem.where}: {plain(problem)}")
    session.give({"id": saved, "name": campaign.name}, lambda: say(saved))


def show(session: Session, campaign: Reference) -> None:
    from workbench.engine import campaigns

    with session.connected() as connection:
        definition = connection.ask(campaigns.get, _id(connection, campaign))
    if session.as_json:
        emit_json(definition)
    else:
        say(definition.to_json())


def sheet(session: Session, campaign: Reference) -> None:
    from workbench.engine import campaigns

    with session.connected() as connection:
        answer = connection.ask(campaigns.sheet, _id(connection, campaign))
    session.give(answer, lambda: _show_sheet(answer, say))


def launch(session: Session, campaign: Reference, undo: UndoOption = 10.0, wait: WaitOption = True) -> None:
    from workbench.engine import campaigns

    with session.connected(sending=wait, door="launch" if wait else "") as connection:
        campaign_id = _id(connection, campaign)
        if not session.as_json:
            _show_sheet(connection.ask(campaigns.sheet, campaign_id), tell)
        run = connection.ask(campaigns.launch, campaign_id, undo)
        if wait:
            run = _watched(connection, run, undo)
    give_run(session, run)
    if not wait:
        tell(tr("Planned. A running window sends it, or: workbench run --until-idle"))
    else:
        fail_for_doubts(run)


def pause(session: Session, run: RunReference) -> None:
    from workbench.engine import campaigns

    _move(session, run, campaigns.pause)


def resume(session: Session, run: RunReference) -> None:
    from workbench.engine import campaigns

    _move(session, run, campaigns.resume)


def cancel(session: Session, run: RunReference) -> None:
    from workbench.engine import campaigns

    _move(session, run, campaigns.cancel)


def undo(session: Session, run: RunReference) -> None:
    from workbench.engine import campaigns

    _move(session, run, campaigns.undo)


def status(session: Session, run: MaybeRun = None) -> None:
    from workbench.engine import campaigns

    with session.connected() as connection:
        runs = connection.ask(campaigns.runs) if run is None else (run_of(connection, run),)
    if run is not None:
        give_run(session, runs[0])
        return
    titles = (tr("Run"), tr("Campaign"), tr("State"), tr("Created"), tr("Planned"), tr("Accepted"))
    rows = [
        (
            each.run_id,
            each.name,
            names.run_state(each.state),
            moment(each.created),
            each.planned,
            each.states.get("accepted", 0),
        )
        for each in runs
    ]
    session.give(runs, lambda: table(titles, rows))


def outbox(
    session: Session,
    run: MaybeRun = None,
    state: StateOption = None,
    search: SearchOption = "",
    offset: OffsetOption = 0,
    limit: LimitOption = 100,
) -> None:
    from workbench.engine import campaigns

    with session.connected() as connection:
        run_id = run_of(connection, run).run_id if run else ""
        page = connection.ask(campaigns.outbox, run_id, state or "", search, offset, limit)
    titles = (tr("Run"), tr("Endpoint"), tr("Address"), tr("Decision"), tr("State"), tr("Tries"), tr("Server's words"))
    rows = [
        (
            each.run_id,
            each.endpoint_id,
            each.address,
            names.decision(each.decision),
            names.message_state(each.state),
            each.attempts,
            each.words,
        )
        for each in page.rows
    ]
    session.give(page, lambda: table(titles, rows))


def settle(session: Session, run: RunReference, as_sent: AsSentOption) -> None:
    from workbench.engine import campaigns

    with session.connected() as connection:
        count = connection.ask(campaigns.settle_unknown, run_of(connection, run).run_id, as_sent)
    words = trn("{n} message settled.", "{n} messages settled.", count)
    session.give({"settled": count}, lambda: say(words.format(n=f"{count:,}")))


def delete(session: Session, campaign: Reference) -> None:
    from workbench.engine import campaigns

    with session.connected() as connection:
        gone = found(connection.ask(campaigns.listed), campaign, "campaign")
        connection.ask(campaigns.delete, gone.id)
    session.give({"id": gone.id, "name": gone.name}, lambda: pairs([(tr("deleted"), gone.name)]))


def _move(session: Session, run: str, function: "Callable[[Desk, str], Awaitable[RunStatus]]") -> None:
    with session.connected() as connection:
        moved = connection.ask(function, run_of(connection, run).run_id)
    give_run(session, moved)


def _watched(connection: Connection, run: "RunStatus", undo_seconds: float) -> "RunStatus":
    """Wait for the run's end; Ctrl+C in the time to undo takes the launch back."""
    from workbench.engine import campaigns

    if undo_seconds:
        tell(tr("Sending begins in {seconds} s. Ctrl+C takes it back.").format(seconds=f"{undo_seconds:g}"))
    try:
        return watch(connection, run)
    except KeyboardInterrupt:
        now = connection.ask(campaigns.status, run.run_id)
        if now.state == "waiting":
            connection.ask(campaigns.undo, run.run_id)
            raise Failure(Code.CANCELLED, tr("Taken back; nothing was sent.")) from None
        goes_on = tr("The running window goes on sending.") if connection.remote else tr("Go on with: workbench run")
        raise Failure(Code.CANCELLED, tr("Stopped waiting. {more}").format(more=goes_on)) from None


def _resolved(connection: Connection, campaign: "Campaign") -> "Campaign":
    """The campaign with ids where its JSON has names."""
    from workbench.engine import channels, segments, templates

    listings = {"segment": segments.listed, "template": templates.listed, "channel": channels.listed}
    changes = {}
    for field, kind in _POINTERS:
        named = getattr(campaign, field)
        if named:
            changes[field] = found(connection.ask(listings[kind]), named, kind).id
    return campaign.model_copy(update=changes)


def _id(connection: Connection, reference: str) -> str:
    from workbench.engine import campaigns

    return found(connection.ask(campaigns.listed), reference, "campaign").id


def _show_sheet(sheet: "LaunchSheet", out: "Callable[[str], None]") -> None:
    out(tr("{planned} of {matching} get it.").format(planned=f"{sheet.planned:,}", matching=f"{sheet.matching:,}"))
    for name, count in shown_decisions(sheet.left_out):
        out(f"  {name}: {count:,}")
    out(tr("From {sender} through {channel}").format(sender=plain(sheet.sender), channel=plain(sheet.channel)))
    for recipient in sheet.first:
        out(f"  {plain(recipient.address)}  {plain(recipient.subject)}")
    for where, text, fix, _ in sheet.problems:
        out(f"  {where}: {plain(text)} {plain(fix)}".rstrip())
