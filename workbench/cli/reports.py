"""`report MEASURE`."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from workbench.cli import names
from workbench.cli.definitions import found
from workbench.cli.failure import Code, Failure
from workbench.cli.output import bars, csv_text, say, table
from workbench.cli.session import Session, refuse_two_forms
from workbench.plan.words import N_, tr

if TYPE_CHECKING:
    from workbench.plan.report import Series

MeasureName = Literal["messages", "active_endpoints", "events"]
BucketName = Literal["auto", "second", "minute", "hour", "day"]
MeasureArgument = Annotated[
    MeasureName, typer.Argument(metavar="MEASURE", help=N_("messages, active_endpoints or events."))
]
StartOption = Annotated[
    datetime | None, typer.Option("--start", metavar="YYYY-MM-DD", formats=["%Y-%m-%d"], help=N_("First day."))
]
EndOption = Annotated[
    datetime | None, typer.Option("--end", metavar="YYYY-MM-DD", formats=["%Y-%m-%d"], help=N_("Last day, included."))
]
BucketOption = Annotated[
    BucketName | None, typer.Option("--bucket", help=N_("Width of a step, for messages; else a day."))
]
CampaignOption = Annotated[
    str | None, typer.Option("--campaign", metavar="CAMPAIGN", help=N_("Only this campaign's messages; name or id."))
]
EventOption = Annotated[
    list[str] | None,
    typer.Option("--event", metavar="TYPE", help=N_("Only this event type; may be given several times.")),
]
CsvOption = Annotated[bool, typer.Option("--csv", help=N_("Print CSV."))]


def report(
    session: Session,
    measure: MeasureArgument,
    start: StartOption = None,
    end: EndOption = None,
    bucket: BucketOption = None,
    campaign: CampaignOption = None,
    event: EventOption = None,
    as_csv: CsvOption = False,
) -> None:
    from workbench.engine import campaigns, reports
    from workbench.plan.report import Question

    refuse_two_forms(session, as_csv=as_csv)
    _refuse_foreign(measure, messages={"--bucket": bucket, "--campaign": campaign}, events={"--event": event})
    if start and end and start > end:
        raise Failure(Code.USAGE, tr("--start is later than --end."))
    with session.connected() as connection:
        question = Question(
            measure=measure,
            start=start.date() if start else None,
            end=end.date() if end else None,
            bucket=bucket or "day",
            campaign_id=found(connection.ask(campaigns.listed), campaign, "campaign").id if campaign else "",
            event_types=tuple(event or ()),
        )
        series = connection.ask(reports.series, question)
    if as_csv:
        say(csv_text(_titles(series), _rows(series)).removesuffix("\n"))
    else:
        session.give(series, lambda: show_series(series))


def _refuse_foreign(measure: str, **options: dict[str, object]) -> None:
    """Refuse an option of another measure: it would change nothing."""
    for owner, given in options.items():
        name = next((name for name, value in given.items() if value), None)
        if name is not None and owner != measure:
            raise Failure(Code.USAGE, tr("{name} goes with {measure} only.").format(name=name, measure=owner))


def show_series(series: "Series") -> None:
    """A table, and a chart: a bar for each step of a single line, else one for each line's whole."""
    if not series.buckets:
        say(tr("No data yet."))
        return
    days = series.question.bucket == "day" or series.question.measure != "messages"
    steps = [step[: len("2026-01-31")] if days else step for step in series.buckets]
    titles = (series.timezone, *(names.line(line.name) for line in series.lines))
    table(titles, [(step, *row[1:]) for step, row in zip(steps, _rows(series), strict=True)])
    say("")
    if len(series.lines) == 1:
        bars(list(zip(steps, series.lines[0].values, strict=True)))
    else:
        bars([(names.line(line.name), sum(line.values)) for line in series.lines])


def _titles(series: "Series") -> tuple[str, ...]:
    return (series.timezone, *(line.name for line in series.lines))


def _rows(series: "Series") -> list[tuple[str | float, ...]]:
    columns = [[_whole(value) for value in line.values] for line in series.lines]
    return [(bucket, *values) for bucket, *values in zip(series.buckets, *columns, strict=True)]


def _whole(value: float) -> float:
    return int(value) if value == int(value) else value
