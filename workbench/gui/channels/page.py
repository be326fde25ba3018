"""The channels page: accounts at the left, the chosen one's form, and beside it the tries."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import ClassVar, Final

from pydantic import TypeAdapter
from PySide6.QtCore import QPoint
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QMenu, QSizePolicy, QVBoxLayout, QWidget

from workbench.engine import channels
from workbench.engine.definitions import Stored
from workbench.gui.actions import ActionEntry
from workbench.gui.channels.form import AnyChannel, ChannelForm
from workbench.gui.channels.list import DRAFT, ChannelList
from workbench.gui.channels.trial import Trial
from workbench.gui.document import Document
from workbench.gui.page import Frame, Page
from workbench.gui.parts.button import Button
from workbench.gui.parts.card import Card
from workbench.gui.parts.empty import EmptyState
from workbench.gui.parts.pill import Pill
from workbench.gui.parts.scroll import Scroll
from workbench.gui.parts.toast import offer_undo
from workbench.gui.theme.tokens import Measure, space
from workbench.plan.channel import PRESETS, Channel, FolderChannel, Preset, SandboxChannel, SmtpChannel, check
from workbench.plan.words import tr

_CHANNEL: Final[TypeAdapter[Channel]] = TypeAdapter(Channel)
_MINE: Final = "me/address"
#: From this width on the tries stand beside the form, below it otherwise.
_WIDE: Final = Measure.text_column + Measure.popover


class ChannelsPage(Page):
    """Makes, edits, tries and deletes channels. A channel with a blocking problem stays a draft until it is mended."""

    key: ClassVar[str] = "channels"
    nouns: ClassVar[frozenset[str]] = frozenset({"channels"})

    def __init__(self, frame: Frame) -> None:
        super().__init__(frame, tr("Channels"))
        self._stored: dict[str, Stored] = {}
        self._id = ""
        self._wanted = ""
        self.header = self.add_header(tr("Channels"))
        self._new = self.header.set_primary(tr("New channel"), self._offer_kinds, glyph="plus", name="new_channel")
        self.list = ChannelList()
        self.form = ChannelForm()
        self.trial = Trial(str(frame.settings.value(_MINE, "")))
        self._pill = Pill(name="channel_state")
        self._empty = EmptyState(
            "paper-plane-tilt",
            tr(
                "A channel is an account that messages leave through. The sandbox needs no account: nothing leaves "
                "this machine."
            ),
            tr("Add the sandbox"),
            lambda: self.start(SandboxChannel(name=tr("Sandbox"))),
            title=tr("No channels yet"),
            name="channels_empty",
        )
        self._body = QWidget()
        self._arrange()
        self.list.chosen.connect(self._choose)
        self.list.removed.connect(self.delete)
        self.form.edited.connect(self._edited)
        self.form.secret_given.connect(self._keep_secret)
        self.trial.test_wanted.connect(self._test)
        self.trial.send_wanted.connect(self._send_test)

    def refresh(self) -> None:
        """Read the list anew; the form keeps what is being typed."""
        self.ask(channels.listed, then=self._arrived, slot="listed")

    def open(self, thing: str) -> None:
        """Show this channel."""
        self._wanted = thing
        self.refresh()

    def action_entries(self) -> Sequence[ActionEntry]:
        """What can be done with channels."""
        return (
            ActionEntry("channels.new", lambda: tr("New channel"), self._offer_kinds, "page", "Ctrl+N", "plus"),
            ActionEntry(
                "channels.test", lambda: tr("Test connection"), self._test, "page", enabled=lambda: bool(self._document)
            ),
            ActionEntry(
                "channels.delete",
                lambda: tr("Delete channel"),
                lambda: self.delete(self._id),
                "page",
                enabled=lambda: bool(self._id),
            ),
        )

    def start(self, channel: AnyChannel) -> None:
        """Begin a new channel: stored at once if nothing is missing, else a draft."""
        self.leave()
        self._show(DRAFT, channel)
        if self._blocked():
            self.form.host.setFocus() if isinstance(
                channel, SmtpChannel
            ) and not channel.host else self.form.user.setFocus()
        else:
            self._save(channel)

    def delete(self, channel_id: str) -> None:
        """Delete, and offer to bring it back."""
        if channel_id == DRAFT or not channel_id:
            self._drop()
            return
        name = self._stored[channel_id].name if channel_id in self._stored else ""
        if channel_id == self._id:
            self._drop()
        self.ask(
            channels.delete,
            channel_id,
            then=lambda _nothing: offer_undo(
                self, tr("“{name}” was deleted").format(name=name), lambda: self.ask(channels.restore, channel_id)
            ),
        )

    def channel_id(self) -> str:
        """The channel in the form; empty for none, `draft` while it is not stored."""
        return self._id

    def kinds(self) -> QMenu:
        """The menu of what can be made: providers, any mail server, the sandbox, a folder."""
        menu = QMenu(self)
        menu.setObjectName("channel_kinds")
        for preset in PRESETS:
            _add(menu, preset.name, partial(self.start, _from(preset)), f"preset_{preset.key}")
        menu.addSeparator()
        smtp = SmtpChannel(name=tr("Mail server"))
        _add(menu, tr("Another mail server"), lambda: self.start(smtp), "kind_smtp")
        _add(
            menu, tr("Sandbox on this machine"), lambda: self.start(SandboxChannel(name=tr("Sandbox"))), "kind_sandbox"
        )
        _add(menu, tr("Folder of .eml files"), lambda: self.start(FolderChannel(name=tr("Folder"))), "kind_folder")
        return menu

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Tries beside the form where there is room, below it where there is not."""
        super().resizeEvent(event)
        wide = event.size().width() - self.list.width() > _WIDE
        self._sides.setDirection(QBoxLayout.Direction.LeftToRight if wide else QBoxLayout.Direction.TopToBottom)

    def _offer_kinds(self) -> None:
        menu = self.kinds()
        menu.popup(
            self._new.mapToGlobal(QPoint(self._new.width() - menu.sizeHint().width(), self._new.height() + space(1)))
        )

    def _arrived(self, stored: tuple[Stored, ...]) -> None:
        self._stored = {item.id: item for item in stored}
        self.list.show_channels([(item.id, _CHANNEL.validate_json(item.json_text)) for item in stored])
        wanted = self._wanted if self._wanted in self._stored else self._id
        self._wanted = ""
        if wanted not in self._stored and self._id != DRAFT and stored:
            wanted = stored[0].id
        if wanted in self._stored and wanted != self._id:
            self._choose(wanted)
        elif not stored and self._id != DRAFT:
            self._drop()
        self.list.choose(self._id)
        self._face()

    def _choose(self, channel_id: str) -> None:
        if channel_id in self._stored and channel_id != self._id:
            self.leave()
            self._show(channel_id, _CHANNEL.validate_json(self._stored[channel_id].json_text))

    def _show(self, channel_id: str, channel: AnyChannel) -> None:
        self._id = channel_id
        document = Document[AnyChannel](channel, self._save, self)
        self.set_document(document)
        document.changed.connect(self._redraw)
        self.trial.clear()
        self.form.show_channel(channel, fresh=True)
        self._redraw(channel)
        self.form.say_secret(stored=False)
        if channel_id == DRAFT:
            self.list.show_draft(channel)
        else:
            self.ask(
                channels.has_secret, channel_id, then=lambda known: self.form.say_secret(stored=known), slot="secret"
            )
        self.list.choose(channel_id)
        self._face()

    def _drop(self) -> None:
        if self._document is not None:
            self.set_document(None)
        self._id = ""
        self.list.show_draft(None)
        self.refresh() if self._stored else self._face()

    def _redraw(self, channel: AnyChannel) -> None:
        self.form.show_channel(channel)
        self.form.show_problems(check(channel))
        self._card.set_title(channel.name or tr("(no name)"))
        if self._id == DRAFT:
            self.list.show_draft(channel)
        self._say_state()

    def _edited(self, channel: AnyChannel, label: str, key: str) -> None:
        if self._document is not None:
            self._document.replace(channel, label, key)

    def _blocked(self) -> bool:
        return any(problem.blocks for problem in check(self.form.channel()))

    def _say_state(self) -> None:
        if self._blocked():
            self._pill.show_state(tr("Draft, not complete"), "warn")
        elif self._document is not None and self._document.is_saved and self._id != DRAFT:
            self._pill.show_state(tr("Saved"))

    def _save(self, channel: AnyChannel) -> None:
        if self._blocked():
            if self._document is not None:
                self._document.unsaved()
            self._say_state()
            return
        target = None if self._id == DRAFT else self._id
        shown = self._document
        # Kept first without the secret: where no keyring takes it, the channel is stored all the same.
        self.ask(
            channels.save, channel, target, then=lambda channel_id: self._kept(channel_id, shown), failed=self._refused
        )

    def _kept(self, channel_id: str, shown: object) -> None:
        if shown is self._document:
            self._id = channel_id
            self.list.show_draft(None)
            self._pill.show_state(tr("Saved"))
            self._hand_over_secret()
        self.refresh()

    def _hand_over_secret(self) -> None:
        secret = self.form.secret()
        if secret is None or self._id in {"", DRAFT}:
            return
        self.ask(
            channels.save,
            self.form.channel(),
            self._id,
            secret,
            then=lambda _id: self.form.forget_secret(),
            failed=lambda error: self.form.say_secret(stored=False, trouble=str(error)),
            slot="secret",
        )

    def _refused(self, error: Exception) -> None:
        problems = getattr(error, "problems", ())
        self._pill.show_state(tr("Not saved"), "bad")
        if problems:
            self.form.show_problems(problems, reveal=True)
        else:
            self.form.say_secret(stored=False, trouble=str(error))

    def _keep_secret(self) -> None:
        if self._id == DRAFT and not self._blocked():
            self._save(self.form.channel())
        else:
            self._hand_over_secret()

    def _test(self) -> None:
        if self._complain():
            return
        self.trial.begin_test()
        self.ask(
            channels.test,
            self.form.channel(),
            "" if self._id == DRAFT else self._id,
            self.form.secret(),
            then=self.trial.show_test,
            failed=lambda error: self.trial.fail_test(str(error)),
            slot="test",
        )

    def _send_test(self, address: str) -> None:
        if self._complain():
            return
        self.leave()
        self.frame.settings.setValue(_MINE, address)
        self.trial.begin_send()
        self.ask(
            channels.send_test,
            self._id,
            address,
            then=self.trial.show_sent,
            failed=lambda error: self.trial.fail_send(str(error)),
            slot="test",
        )

    def _complain(self) -> bool:
        """Show every problem and go to the first that blocks."""
        return self.form.show_problems(check(self.form.channel()), reveal=True) is not None

    def _face(self) -> None:
        shown = bool(self._id)
        self._body.setVisible(shown or bool(self._stored))
        self._empty.setVisible(not shown and not self._stored)
        self._editor.setVisible(shown)

    def _arrange(self) -> None:
        self._card = Card(tr("Channel"), name="channel")
        self._card.head.insertWidget(1, self._pill)
        self._card.head.addWidget(
            Button(tr("Delete"), "quiet", on_click=lambda: self.delete(self._id), name="delete_channel")
        )
        self._card.add(self.form)
        self._card.body.addStretch(1)
        self._card.setMaximumWidth(Measure.text_column + space(8))
        self._editor = Scroll(name="channel_editor")
        self._sides = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._sides.setSpacing(space(3))
        left = QVBoxLayout()
        left.addWidget(self._card)
        left.addStretch(1)
        self._sides.addLayout(left, 3)
        self._sides.addWidget(self.trial, 2)
        self._editor.column.addLayout(self._sides)
        self._editor.column.addStretch(1)
        row = QHBoxLayout(self._body)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(space(3))
        self.list.setFixedWidth(Measure.sidebar)
        self.list.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        row.addWidget(self.list)
        row.addWidget(self._editor, 1)
        self.column.addWidget(self._body, 1)
        self.column.addWidget(self._empty, 1)
        self._face()


def _from(preset: Preset) -> SmtpChannel:
    return SmtpChannel(name=preset.name, host=preset.host, port=preset.port, security=preset.security)


def _add(menu: QMenu, text: str, run: Callable[[], object], name: str) -> None:
    action = QAction(text, menu)
    action.setObjectName(name)
    action.triggered.connect(lambda _checked=False: run())
    menu.addAction(action)
