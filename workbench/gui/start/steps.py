"""The steps of a first campaign, and which of them are done."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from workbench.engine.workspace import Overview
from workbench.gui.parts import format as fmt
from workbench.plan.words import tr, trn

#: In place of a campaign's id: the newest one, which was not sent yet.
DRAFT: Final = "draft"


@dataclass(frozen=True, slots=True)
class Step:
    """One step.

    Attributes:
        key: its name in code.
        title: what is to be done, a verb first.
        why: one sentence about it.
        done: whether it is done.
        figure: what is there already; empty for nothing.
        verb: the button's word while it is to be done.
        again: the button's word once it is done.
        page: where the button leads.
        thing: what to open there while the step is to be done; `DRAFT` for the campaign that waits to be sent.
    """

    key: str
    title: str
    why: str
    done: bool
    figure: str
    verb: str
    again: str
    page: str
    thing: str = ""


def steps(overview: Overview) -> tuple[Step, ...]:
    """All steps, in order, as the workspace stands."""
    return tuple(make(overview) for make in _STEPS)


def _people(overview: Overview) -> Step:
    figure = trn("{n} person", "{n} people", overview.endpoints).format(n=fmt.number(overview.endpoints))
    if overview.events:
        events = trn("{n} event", "{n} events", overview.events).format(n=fmt.number(overview.events))
        figure = f"{figure} · {events}"
    return Step(
        "people",
        tr("Bring people in"),
        tr("From a CSV, Parquet or NDJSON file. You see a preview before anything changes."),
        overview.endpoints > 0,
        figure,
        tr("Import a file"),
        tr("See people"),
        "people" if overview.endpoints else "imports",
    )


def _segment(overview: Overview) -> Step:
    return Step(
        "segment",
        tr("Choose who hears from you"),
        tr("A segment is a sentence about people. Its exact count stands beside it while you write."),
        overview.segments > 0,
        trn("{n} segment", "{n} segments", overview.segments).format(n=fmt.number(overview.segments)),
        tr("Make a segment"),
        tr("See segments"),
        "segments",
        "new",
    )


def _message(overview: Overview) -> Step:
    return Step(
        "message",
        tr("Write the message"),
        tr("With merge fields such as a first name, and a preview for a person of your choice."),
        overview.templates > 0,
        trn("{n} template", "{n} templates", overview.templates).format(n=fmt.number(overview.templates)),
        tr("Write a template"),
        tr("See templates"),
        "templates",
        "new",
    )


def _send(overview: Overview) -> Step:
    title, why = tr("Send it"), tr("Once for everyone in the segment. The outbox keeps what was decided for each.")
    if not _went_outside(overview):
        title = tr("Send it to the sandbox")
        why = tr("A real campaign over real SMTP that ends in a mailbox on this machine: nobody outside gets it.")
    return Step(
        "send",
        title,
        why,
        overview.runs > 0,
        trn("{n} message", "{n} messages", overview.outbox).format(n=fmt.number(overview.outbox)),
        tr("Open the draft") if overview.campaigns else tr("Make a campaign"),
        tr("See campaigns"),
        "campaigns",
        DRAFT if overview.campaigns else "new",
    )


def _read(overview: Overview) -> Step:
    if _went_outside(overview):
        return Step(
            "read",
            tr("Read what the server said"),
            tr("To each person: taken, put off or refused, in the server's own words."),
            done=True,
            figure=trn("{n} message", "{n} messages", overview.outbox).format(n=fmt.number(overview.outbox)),
            verb=tr("Open the outbox"),
            again=tr("Open the outbox"),
            page="outbox",
        )
    return Step(
        "read",
        tr("Read what arrived"),
        tr("Open the mails as their readers would, on desktop and on the phone."),
        overview.mailbox > 0,
        trn("{n} mail", "{n} mails", overview.mailbox).format(n=fmt.number(overview.mailbox)),
        tr("Open the mailbox"),
        tr("Open the mailbox"),
        "mailbox",
    )


def _results(overview: Overview) -> Step:
    return Step(
        "results",
        tr("See the results"),
        tr("Sent, delivered and failed over time, with the exact value wherever you point."),
        overview.runs > 0 and (overview.mailbox > 0 or _went_outside(overview)),
        "",
        tr("Open reports"),
        tr("Open reports"),
        "reports",
    )


def _went_outside(overview: Overview) -> bool:
    """Whether campaigns were sent, and none of them to the sandbox."""
    return overview.runs > 0 and overview.sandbox_runs == 0


_STEPS: tuple[Callable[[Overview], Step], ...] = (_people, _segment, _message, _send, _read, _results)
