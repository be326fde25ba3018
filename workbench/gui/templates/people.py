"""Whose eyes the preview looks through: a search over people, and the next and the one before."""

from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from workbench.engine import endpoints
from workbench.gui.bridge import Bridge
from workbench.gui.parts.button import IconButton
from workbench.gui.parts.chip import Chip
from workbench.gui.parts.picker import Choice, Picker
from workbench.gui.parts.popover import Popover
from workbench.gui.parts.text import plain_tip
from workbench.gui.theme.tokens import Measure, space
from workbench.plan.endpoint import TablePage, View
from workbench.plan.words import tr

_COLUMNS: Final = ("Address", "User.UserId")
_OFFERED: Final = 20
_LONGEST: Final = 28


class PeopleBar(QWidget):
    """`‹ as anna@example.com ›`: steps through people, and a press searches.

    Only people with an e-mail address are offered, in the order of arrival.
    """

    chosen = Signal(str)
    """The endpoint's id; empty where there is nobody yet."""

    def __init__(self, bridge: Bridge, *, name: str = "people", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self._bridge = bridge
        self._at = 0
        self._id = ""
        self._address = ""
        self._search = ""
        self._picker: Picker | None = None
        self._before = IconButton(
            "caret-left", tr("Person before"), on_click=lambda: self.step(-1), name="person_before"
        )
        self._after = IconButton("caret-right", tr("Next person"), on_click=lambda: self.step(1), name="person_after")
        self._chip = Chip("", tr("person to preview"), editor=self._open, name="person")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(space(0.5))
        for widget in (self._before, self._chip, self._after):
            row.addWidget(widget, 0, Qt.AlignmentFlag.AlignVCenter)
        self._say()

    def endpoint_id(self) -> str:
        """Who is chosen."""
        return self._id

    def address(self) -> str:
        """The address of who is chosen."""
        return self._address

    def step(self, by: int) -> None:
        """Go to the next person or the one before; stays at the ends."""
        self._fetch(max(self._at + by, 0))

    def refresh(self) -> None:
        """People have changed: look again at the same place."""
        self._fetch(self._at)

    def _fetch(self, at: int) -> None:
        self._bridge.ask(
            endpoints.page,
            View(columns=_COLUMNS, channel="EMAIL", search=self._search),
            at,
            1,
            then=lambda page: self._arrived(page, at),
            failed=lambda _error: self._say(),
            slot="person",
            owner=self,
        )

    def _arrived(self, page: TablePage, at: int) -> None:
        if page.rows:
            self._at = at
            self._take(*_known(page.rows[0]))
        elif at == 0:
            self._take("", "")

    def _take(self, endpoint_id: str, address: str) -> None:
        new = endpoint_id != self._id
        self._id, self._address = endpoint_id, address
        self._say()
        if new:
            self.chosen.emit(endpoint_id)

    def _say(self) -> None:
        who = self._address or self._id
        short = who if len(who) <= _LONGEST else f"{who[: _LONGEST - 1]}…"
        self._chip.set_text(tr("as {person}").format(person=short) if who else tr("as nobody yet"))
        self._chip.setToolTip(plain_tip(who))
        for button in (self._before, self._after, self._chip):
            button.setEnabled(bool(who))

    def _open(self, popover: Popover) -> None:
        self._picker = Picker(search=tr("Search people"), local=False, label=tr("Search people"), name="person_picker")
        self._picker.setFixedWidth(Measure.popover)
        self._picker.typed.connect(self._find)
        self._picker.picked.connect(lambda key: self._picked(key, popover))
        popover.body.addWidget(self._picker)
        popover.closed.connect(self._forget)
        self._find("")

    def _forget(self) -> None:
        self._picker = None

    def _find(self, text: str) -> None:
        self._bridge.ask(
            endpoints.page,
            View(columns=_COLUMNS, channel="EMAIL", search=text),
            0,
            _OFFERED,
            then=lambda page: self._offer(page, text),
            slot="people",
            owner=self,
        )

    def _offer(self, page: TablePage, text: str) -> None:
        if self._picker is None:
            return
        self._found = [_known(row) for row in page.rows]
        self._found_search = text
        notes = [str(row[2] or "") if len(row) > 2 else "" for row in page.rows]  # noqa: PLR2004 - id and two columns
        self._picker.show_choices(
            [Choice(key, address or key, note) for (key, address), note in zip(self._found, notes, strict=True)]
        )

    def _picked(self, key: str, popover: Popover) -> None:
        self._search = self._found_search
        self._at, address = next((at, address) for at, (known, address) in enumerate(self._found) if known == key)
        popover.close()
        self._take(key, address)


def _known(row: tuple[str | float | int | None, ...]) -> tuple[str, str]:
    return str(row[0] or ""), str(row[1] or "")
