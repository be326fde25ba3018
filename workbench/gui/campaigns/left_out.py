"""Who is left out of a campaign, and why; live."""

from workbench.gui.parts import format as fmt
from workbench.gui.parts.card import Card
from workbench.gui.parts.keyvalue import Entry, KeyValueTable
from workbench.gui.parts.sending import DECISIONS, decision_words
from workbench.gui.parts.text import Text
from workbench.plan.campaign import LaunchSheet
from workbench.plan.words import tr


class LeftOut(Card):
    """Matched, minus each reason, is who will get it."""

    def __init__(self) -> None:
        super().__init__(tr("Who is left out, and why"), name="left_out")
        self.table = KeyValueTable(name="left_out_table")
        self.waiting = Text(
            tr("Counted as soon as the campaign is complete."), "muted", wrap=True, name="left_out_hint"
        )
        self.add(self.table)
        self.add(self.waiting)
        self.show_sheet(None)

    def show_sheet(self, sheet: LaunchSheet | None) -> None:
        """What a launch would do now; None where that is not known."""
        self.table.setVisible(sheet is not None)
        self.waiting.setVisible(sheet is None)
        if sheet is not None:
            self.table.show_entries(_entries(sheet))

    def dim(self, *, on: bool) -> None:
        """The figures are of before and new ones are being counted."""
        self.table.setEnabled(not on)


def _entries(sheet: LaunchSheet) -> tuple[Entry, ...]:
    known = [name for name in DECISIONS if name != "planned" and sheet.left_out.get(name)]
    others = [name for name, count in sheet.left_out.items() if name not in DECISIONS and count]
    return (
        Entry(tr("Matched"), fmt.number(sheet.matching)),
        *(Entry(decision_words(name), fmt.number(-sheet.left_out[name])) for name in (*known, *others)),
        Entry(tr("Will get it"), fmt.number(sheet.planned), total=True),
    )
