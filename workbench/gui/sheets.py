"""The window's own sheets: keyboard shortcuts, and what this program is."""

from collections.abc import Sequence
from importlib.metadata import version

from PySide6.QtWidgets import QGridLayout, QWidget

from workbench.gui.actions import ActionEntry, grouped, shown
from workbench.gui.parts.keyvalue import Entry, KeyValueTable
from workbench.gui.parts.sheet import Sheet
from workbench.gui.parts.text import Text
from workbench.gui.theme.mark import mark
from workbench.gui.theme.tokens import space
from workbench.plan.words import tr


def shortcuts_sheet(host: QWidget, entries: Sequence[ActionEntry]) -> Sheet:
    """Every action that has a shortcut, by menu."""
    sheet = Sheet(host, tr("Keyboard shortcuts"), cancel=tr("Close"), name="shortcuts")
    for group, members in grouped(entries).items():
        sheet.body.addWidget(Text(_heading(group), "section"))
        grid = QGridLayout()
        grid.setColumnStretch(0, 1)
        grid.setVerticalSpacing(space(1.5))
        for line, entry in enumerate(members):
            key = Text(shown(entry.shortcut))
            mark(key, role="key")
            grid.addWidget(Text(entry.text()), line, 0)
            grid.addWidget(key, line, 1)
        sheet.body.addLayout(grid)
    return sheet


def about_sheet(host: QWidget, path: str) -> Sheet:
    """Name, version, the file that is open."""
    sheet = Sheet(host, tr("Marketing workbench"), cancel=tr("Close"), name="about")
    sheet.body.addWidget(
        KeyValueTable(
            (
                Entry(tr("Version"), version("marketing-workbench")),
                Entry(tr("Licence"), "Apache-2.0"),
                Entry(tr("Workspace file"), path),
            )
        )
    )
    return sheet


def _heading(group: str) -> str:
    return {"file": tr("File"), "edit": tr("Edit"), "view": tr("View"), "page": tr("Page"), "help": tr("Help")}[group]
