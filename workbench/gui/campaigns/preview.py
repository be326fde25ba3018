"""The message of a campaign as the first person reads it, asked for one campaign at a time."""

from functools import partial
from typing import Final

from PySide6.QtCore import QObject, QTimer

from workbench.engine import templates
from workbench.gui.bridge import Bridge
from workbench.gui.campaigns.cards import MessageCard
from workbench.plan.template import Rendered, Template

_ONCE_A_MS: Final = 1000
#: Where there is no such template, or it cannot be rendered now.
_NOTHING: Final = Rendered(subject="", html="", text="")


class MessagePreview(QObject):
    """Fills the message card; an answer that comes for another campaign or template than the one shown is dropped.

    Args:
        bridge: the way to the engine, and the news of people.
        card: what it fills.
    """

    def __init__(self, bridge: Bridge, card: MessageCard) -> None:
        super().__init__(card)
        self._bridge = bridge
        self._card = card
        self._wanted = ("", "")
        self._outdated = False
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_ONCE_A_MS)
        self._pause.timeout.connect(self.catch_up)
        bridge.changed.connect(self._hear)

    def show(self, campaign_id: str, template_id: str) -> None:
        """Show the message of this campaign; empty ids for none."""
        if self._wanted != (campaign_id, template_id):
            self._wanted = (campaign_id, template_id)
            self._card.show_message("", "")
            self._ask()

    def outdate(self) -> None:
        """Template or people are others: ask anew, once a second at most and when the card is next seen."""
        self._outdated = True
        self.catch_up()

    def catch_up(self) -> None:
        """Ask anew what is outdated; what is shown stays until the answer is there."""
        if self._outdated and self._card.isVisible() and not self._pause.isActive():
            self._pause.start()
            self._ask()

    def _hear(self, nouns: frozenset[str]) -> None:
        if "endpoints" in nouns:
            self.outdate()

    def _ask(self) -> None:
        self._outdated = False
        wanted = self._wanted
        if wanted[1]:
            self._bridge.ask(
                templates.get,
                wanted[1],
                then=partial(self._render, wanted),
                failed=lambda _error: self._fill(wanted, "", _NOTHING),
                slot="template",
                owner=self,
            )

    def _render(self, wanted: tuple[str, str], template: Template) -> None:
        if wanted == self._wanted:
            self._bridge.ask(
                templates.preview,
                template,
                then=partial(self._fill, wanted, template.subject),
                failed=lambda _error: self._fill(wanted, "", _NOTHING),
                slot="preview",
                owner=self,
            )

    def _fill(self, wanted: tuple[str, str], subject: str, rendered: Rendered) -> None:
        if wanted == self._wanted:
            self._card.show_message(rendered.subject or subject, rendered.text or rendered.problem)
