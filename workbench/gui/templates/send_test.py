"""The sheet that sends one rendered message to oneself."""

from functools import partial
from typing import Final

from PySide6.QtWidgets import QComboBox, QLineEdit

from workbench.engine import channels, templates
from workbench.engine.definitions import Stored
from workbench.gui.page import Page
from workbench.gui.parts.field import Field, ProblemLine
from workbench.gui.parts.sheet import Sheet
from workbench.gui.parts.text import Text
from workbench.plan.channel import ChannelTest, bad_address, is_address
from workbench.plan.template import Template
from workbench.plan.words import tr

_MINE: Final = "me/address"
_CHANNEL: Final = "me/channel"


class SendTest:
    """Asks for the channel and one's own address, sends, and shows the server's words where it fails.

    Args:
        page: the page that it belongs to.
        template: what to send.
        endpoint_id: for whom it is rendered.
    """

    def __init__(self, page: Page, template: Template, endpoint_id: str) -> None:
        self._page = page
        self._template = template
        self._endpoint_id = endpoint_id
        self._closed = False
        self._sheet = Sheet(page.window(), tr("Send a test"), tr("Send"), self._send, name="send_test_sheet")
        self._sheet.closed.connect(self._close)
        self._channel = QComboBox()
        self._channel.setObjectName("test_channel")
        self._address = QLineEdit(str(page.frame.settings.value(_MINE, "")))
        self._address.setObjectName("test_address")
        self._address.setPlaceholderText("you@example.com")
        self._to = Field(tr("To"), self._address, "address")
        self._trouble = ProblemLine(name="test_problem")
        self._sheet.body.addWidget(
            Text(tr("One message, rendered for the person in the preview, goes to you alone."), "muted", wrap=True)
        )
        self._sheet.body.addWidget(Field(tr("Through"), self._channel, "channel_id"))
        self._sheet.body.addWidget(self._to)
        self._sheet.body.addWidget(self._trouble)

    def open(self) -> None:
        """Show the sheet."""
        self._page.bridge.ask(channels.listed, then=self._offer, owner=self._sheet)
        self._sheet.open(self._address)

    def _offer(self, stored: tuple[Stored, ...]) -> None:
        self._channel.clear()
        for item in stored:
            self._channel.addItem(item.name, item.id)
        last = self._channel.findData(self._page.frame.settings.value(_CHANNEL, ""))
        self._channel.setCurrentIndex(max(last, 0))
        if not stored:
            self._trouble.show_problem(tr("There is no channel yet. Make one on the Channels page."))

    def _send(self) -> bool:
        address, channel_id = self._address.text().strip(), str(self._channel.currentData() or "")
        wrong = None if is_address(address) else bad_address("address", address)
        self._to.set_problem(wrong)
        self._to.reveal()
        if wrong is not None or not channel_id:
            self._address.setFocus()
            return False
        self._page.frame.settings.setValue(_MINE, address)
        self._page.frame.settings.setValue(_CHANNEL, channel_id)
        self._busy(on=True)
        self._page.ask(
            templates.send_test,
            self._template,
            channel_id,
            address,
            self._endpoint_id,
            then=partial(self._sent, address),
            failed=partial(self._failed, address),
        )
        return False

    def _sent(self, address: str, answer: ChannelTest) -> None:
        if answer.works:
            self._page.frame.say(tr("The test was sent to {address}").format(address=address))
            if not self._closed:
                self._sheet.cancel()
            return
        words = answer.steps[-1][1] if answer.steps else ""
        self._tell(address, " ".join(part for part in (answer.problem, words) if part))

    def _failed(self, address: str, error: Exception) -> None:
        self._tell(address, str(error))

    def _tell(self, address: str, trouble: str) -> None:
        """In the sheet what to mend; in a toast where the sheet was closed before the answer."""
        if self._closed:
            text = tr("The test was not sent to {address}: {trouble}")
            self._page.frame.say(text.format(address=address, trouble=trouble))
            return
        self._busy(on=False)
        self._trouble.show_problem(trouble)

    def _close(self, _accepted: bool) -> None:  # noqa: FBT001 - a Qt signal's argument
        self._closed = True

    def _busy(self, *, on: bool) -> None:
        if self._sheet.primary is not None:
            self._sheet.primary.setEnabled(not on)
            self._sheet.primary.set_text(tr("Sending") if on else tr("Send"))
