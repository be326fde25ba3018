"""The sheet before a launch: how many, from whom, through what, for how long, and who is first."""

from collections.abc import Callable

from PySide6.QtWidgets import QGridLayout, QWidget

from workbench.gui.parts import format as fmt
from workbench.gui.parts.keyvalue import Entry, KeyValueTable
from workbench.gui.parts.sheet import Sheet
from workbench.gui.parts.text import Elided, Line, Text
from workbench.gui.theme.tokens import space
from workbench.plan.campaign import LaunchSheet, Recipient
from workbench.plan.words import tr, trn


def launch_sheet(host: QWidget, name: str, sheet: LaunchSheet, on_accept: Callable[[], object]) -> Sheet:
    """The sheet, filled and not yet open.

    Args:
        host: the window.
        name: the campaign's.
        sheet: what a launch would do now.
        on_accept: launches.
    """
    people = trn("Send to {n} person", "Send to {n} people", sheet.planned).format(n=fmt.number(sheet.planned))
    panel = Sheet(host, name, people, on_accept, name="launch_sheet")
    panel.body.addWidget(_count(sheet))
    panel.body.addWidget(Line(soft=True))
    panel.body.addWidget(KeyValueTable(_facts(sheet), name="launch_facts"))
    if sheet.first:
        panel.body.addWidget(Line(soft=True))
        panel.body.addWidget(Text(tr("The first of them"), "heading"))
        panel.body.addWidget(_recipients(sheet.first))
    panel.body.addWidget(Text(tr("After this you have 10 seconds to undo."), "hint", wrap=True))
    return panel


def _count(sheet: LaunchSheet) -> QWidget:
    box = QWidget()
    grid = QGridLayout(box)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(space(3))
    grid.setVerticalSpacing(space(0.5))
    grid.setColumnStretch(2, 1)
    number = Text(fmt.number(sheet.planned), "hero", name="launch_count")
    grid.addWidget(number, 0, 0, 2, 1)
    grid.addWidget(Text(trn("person gets it", "people get it", sheet.planned), "strong"), 0, 1)
    out = sheet.matching - sheet.planned
    words = trn("{n} of {all} is left out", "{n} of {all} are left out", out)
    grid.addWidget(Text(words.format(n=fmt.number(out), all=fmt.number(sheet.matching)), "muted"), 1, 1)
    return box


def _facts(sheet: LaunchSheet) -> tuple[Entry, ...]:
    time = tr("as fast as the server takes them")
    if sheet.seconds is not None:
        time = tr("about {time}").format(time=fmt.duration(max(sheet.seconds, 1)))
    return (
        Entry(tr("From"), sheet.sender),
        Entry(tr("Through"), sheet.channel),
        Entry(tr("Takes"), time),
    )


def _recipients(first: tuple[Recipient, ...]) -> QWidget:
    box = QWidget()
    box.setObjectName("first_recipients")
    grid = QGridLayout(box)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(space(4))
    grid.setVerticalSpacing(space(1.5))
    grid.setColumnStretch(0, 2)
    grid.setColumnStretch(1, 3)
    for row, recipient in enumerate(first):
        grid.addWidget(Elided(recipient.address, "muted"), row, 0)
        grid.addWidget(Elided(recipient.subject), row, 1)
    return box
