"""The sandbox mailbox: what arrived, newest first, and the message that was chosen."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import ClassVar, Final

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QSplitter

from workbench.engine import channels, workspace
from workbench.engine.workspace import Overview
from workbench.gui.actions import ActionEntry
from workbench.gui.mailbox.reader import Reader
from workbench.gui.page import Frame, Page
from workbench.gui.parts import format as fmt
from workbench.gui.parts.empty import EmptyState
from workbench.gui.parts.search import SearchBox
from workbench.gui.parts.sheet import Sheet
from workbench.gui.parts.table import WindowedTable
from workbench.gui.parts.table_model import BLOCK, Block, Column, Deliver, Failed, Row
from workbench.gui.parts.text import Text
from workbench.gui.theme.tokens import space
from workbench.plan.channel import MailboxEntry, MailboxMessage
from workbench.plan.words import tr, trn

#: How many finds are counted at most; who looks for more than that should search for more.
_MOST_FOUND: Final = 10_000
_ONCE_A_MS: Final = 1000


class MailboxPage(Page):
    """Reads the mails that the built-in server received; live while a campaign is being sent."""

    key: ClassVar[str] = "mailbox"
    nouns: ClassVar[frozenset[str]] = frozenset({"mailbox"})

    def __init__(self, frame: Frame) -> None:
        super().__init__(frame, tr("Sandbox mailbox"))
        self._search = ""
        self._total = -1
        self._oldest: MailboxEntry | None = None
        self._chosen = ""
        self._anew = False
        self._awaited = -1
        self._again = False
        self.header = self.add_header(tr("Sandbox mailbox"))
        self.search = SearchBox(tr("Search mails"), name="search_mails")
        self.clear_button = self.header.add_secondary(
            tr("Empty the mailbox"), self._ask_to_empty, quiet=True, name="empty_mailbox"
        )
        self.header.add_widget(self.search)
        self.table = WindowedTable(_columns(), self._fetch, label=tr("Mails"), empty=self._empty(), name="mails")
        self.reader = Reader()
        self._split = QSplitter(Qt.Orientation.Horizontal)
        self._split.setObjectName("mail_split")
        self._split.setChildrenCollapsible(False)
        self._split.setHandleWidth(space(3))
        self._split.addWidget(self.table)
        self._split.addWidget(self.reader)
        for at in range(self._split.count()):
            self._split.setStretchFactor(at, 1)
        self._split.setSizes([1, 1])
        self.column.addWidget(self._split, 1)
        self.search.searched.connect(self._look_for)
        self.table.selected.connect(self._select)
        self.table.model.loaded.connect(self._mark)
        # A send brings mails all the time; once a second is enough to watch them come.
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_ONCE_A_MS)
        self._pause.timeout.connect(lambda: self.refresh() if self._again else None)
        self._show_bars(0)

    def refresh(self) -> None:
        """Mails have come or gone, looked at once a second at most; the chosen one stays open."""
        if self._pause.isActive():
            self._again = True
            return
        self._again = False
        self._pause.start()
        self._ask_total()

    def open(self, thing: str) -> None:
        """Show the message of this id."""
        if thing:
            self._awaited = -1
            self._read(thing)
            self._mark(0)

    def action_entries(self) -> Sequence[ActionEntry]:
        """What can be done with the mailbox."""
        return (
            ActionEntry(
                "mailbox.empty",
                lambda: tr("Empty the mailbox"),
                self._ask_to_empty,
                "page",
                enabled=lambda: self._total > 0,
            ),
        )

    def _ask_total(self) -> None:
        if self._search:
            self.ask(channels.mailbox, self._search, 0, _MOST_FOUND, then=self._searched, slot="n")
        else:
            self.ask(workspace.overview, then=self._overlooked, slot="n")

    def _searched(self, found: tuple[MailboxEntry, ...]) -> None:
        self._counted(len(found), found[-1:])

    def _overlooked(self, overview: Overview) -> None:
        total = overview.mailbox
        if total:
            self.ask(channels.mailbox, "", total - 1, 1, then=lambda found: self._counted(total, found), slot="n")
        else:
            self._counted(0, ())

    def _counted(self, total: int, oldest: tuple[MailboxEntry, ...]) -> None:
        """So many mails, and the oldest of them: mails are only ever added, or all thrown away."""
        before, self._oldest = self._oldest, oldest[0] if oldest else None
        if self._anew or (before is not None and self._oldest is not None and before != self._oldest):
            self._found(total)
            return
        # Newest first: every arrival moves every row, so what is looked at is fetched anew.
        if total == self._total:
            return
        self._total = total
        if total == 0:
            self._chosen = ""
        self._show_bars(total)
        self.table.set_total(total)
        self.table.model.refresh()

    def _show_bars(self, total: int) -> None:
        words = trn("{n} mail", "{n} mails", total).format(n=fmt.number(total)) if total else ""
        self.header.pill.show_state(words)
        self.clear_button.setVisible(total > 0)
        shown = total > 0 or bool(self._search)
        if shown and self.reader.isHidden():
            self.reader.show()
            half = self._split.width() // 2
            self._split.setSizes([half, half])
        self.reader.setVisible(shown)
        self.search.setVisible(total > 0 or bool(self._search))

    def _look_for(self, text: str) -> None:
        self._search = text
        self._anew = True
        self._ask_total()

    def _found(self, total: int) -> None:
        self._anew = False
        self._chosen = ""
        self._total = total
        self._show_bars(total)
        self.table.reset(total)

    def _fetch(self, block: Block, deliver: Deliver, failed: Failed) -> None:
        self.ask(
            channels.mailbox,
            self._search,
            block.offset,
            block.limit,
            then=lambda entries: deliver([_cells(entry) for entry in entries]),
            failed=failed,
        )

    def _mark(self, offset: int) -> None:
        """A block came: keep the mark on the open mail, wherever it has moved; where none is open, open the newest."""
        if 0 <= self._awaited == self.table.current_line():
            self._select(self._awaited)
            return
        lines = range(offset, min(offset + BLOCK, self.table.model.rowCount()))
        current = self._id(self.table.current_line())
        if not self._chosen:
            if offset == 0 and self._id(0):
                self.table.choose(0)
        elif (line := next((line for line in lines if self._id(line) == self._chosen), -1)) >= 0:
            self._move_mark(line)
        elif current and current != self._chosen:
            self.table.view.selectionModel().clear()

    def _move_mark(self, line: int) -> None:
        """Mark a row without scrolling to it."""
        bar = self.table.view.verticalScrollBar()
        place = bar.value()
        self.table.choose(line)
        bar.setValue(place)

    def _id(self, line: int) -> str:
        """The mail of a row; empty while it is not loaded."""
        row = self.table.row(line)
        return str(row[-1]) if row is not None else ""

    def _select(self, line: int) -> None:
        mail = self._id(line)
        self._awaited = line if not mail else -1
        if mail and mail != self._chosen:
            self._read(mail)

    def _read(self, message_id: str) -> None:
        self._chosen = message_id
        self.ask(
            channels.message,
            message_id,
            then=self._show_message,
            failed=lambda error: self.reader.fail(str(error)),
            slot="message",
        )

    def _show_message(self, message: MailboxMessage) -> None:
        self.reader.show_message(message, _moment(message.entry.at))

    def _ask_to_empty(self) -> None:
        """All mails go, whatever is searched for: the sheet says how many that is."""
        self.ask(workspace.overview, then=lambda overview: self._offer_to_empty(overview.mailbox))

    def _offer_to_empty(self, mails: int) -> None:
        sheet = Sheet(
            self.window(), tr("Empty the mailbox"), tr("Empty"), self._clear, danger=True, name="empty_mailbox_sheet"
        )
        words = trn(
            "{n} mail is thrown away. This cannot be taken back; the outbox and the reports stay as they are.",
            "{n} mails are thrown away. This cannot be taken back; the outbox and the reports stay as they are.",
            mails,
        ).format(n=fmt.number(mails))
        sheet.body.addWidget(Text(words, "muted", wrap=True))
        sheet.open()

    def _clear(self) -> None:
        self.reader.clear()
        self.ask(channels.empty_mailbox, then=lambda _nothing: self._emptied())

    def _emptied(self) -> None:
        self._oldest = None
        self._found(0)

    def _empty(self) -> EmptyState:
        return EmptyState(
            "tray",
            tr("Mails sent through the sandbox arrive here. They are real, but they never leave this machine."),
            tr("Make a campaign"),
            lambda: self.frame.go("campaigns", "new"),
            title=tr("Nothing has arrived yet"),
            name="mailbox_empty",
        )


def _columns() -> tuple[Column, ...]:
    return (
        Column("subject", tr("Subject"), width=0, sortable=False),
        Column("recipient", tr("To"), width=20, sortable=False),
        Column("at", tr("Arrived"), "time", 10, sortable=False),
    )


def _cells(entry: MailboxEntry) -> Row:
    """What stands in the columns, and after it the id."""
    return (entry.subject, entry.recipient, _moment(entry.at), entry.id)


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
