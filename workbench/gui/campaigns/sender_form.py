"""Who the message comes from: a chip that reads as the From line, and opens three fields."""

from collections.abc import Callable

from PySide6.QtWidgets import QLineEdit

from workbench.gui.parts.chip import Chip
from workbench.gui.parts.field import Field
from workbench.gui.parts.popover import Popover
from workbench.gui.parts.text import Text
from workbench.gui.theme.tokens import Measure
from workbench.plan.campaign import Campaign
from workbench.plan.channel import bad_address, is_address
from workbench.plan.words import tr

Edit = Callable[[str, str], object]


class SenderChip(Chip):
    """Shows the sender in force; its fields override the channel's and the workspace's for this campaign.

    Args:
        edit: called with the campaign's field and its new text.
    """

    def __init__(self, edit: Edit) -> None:
        super().__init__(tr("no sender yet"), tr("sender"), editor=self._open, name="sender")
        self._edit = edit
        self._campaign = Campaign()

    def show_campaign(self, campaign: Campaign) -> None:
        """The campaign whose sender it edits."""
        self._campaign = campaign

    def show_sender(self, sender: str) -> None:
        """The From line in force; empty where there is none."""
        self.set_text(sender or tr("no sender yet"))

    def _open(self, popover: Popover) -> None:
        popover.setFixedWidth(Measure.popover)
        popover.body.addWidget(
            Text(tr("For this campaign. Empty: as the channel or the workspace says."), "hint", wrap=True)
        )
        for key, label, example in (
            ("from_name", tr("Sender name"), ""),
            ("from_address", tr("Sender address"), "news@example.com"),
            ("reply_to", tr("Replies go to"), ""),
        ):
            popover.body.addWidget(self._field(key, label, example))

    def _field(self, key: str, label: str, example: str) -> Field:
        line = QLineEdit(str(getattr(self._campaign, key)))
        line.setObjectName(key)
        line.setPlaceholderText(example)
        field = Field(label, line, key)

        def typed(text: str) -> None:
            wrong = key != "from_name" and text and not is_address(text)
            field.set_problem(bad_address(key, text) if wrong else None)
            self._edit(key, text)

        line.textEdited.connect(typed)
        return field
