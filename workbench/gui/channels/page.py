"""The channels page: accounts at the left, the chosen one's form, and beside it the tries."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import ClassVar, Final, TypeVar

from pydantic import TypeAdapter
from PySide6.QtCore import QPoint
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QMenu, QSizePolicy, QVBoxLayout, QWidget

from workbench.engine import channels
from workbench.engine.definitions import Stored
from workbench.gui.actions import ActionEntry
from workbench.gui.channels.form import AnyChannel, ChannelForm
from workbench.gui.channels.kinds import kinds_menu
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
from workbench.plan.channel import Channel, SandboxChannel, SmtpChannel, check
from workbench.plan.words import tr

_CHANNEL: Final[TypeAdapter[Channel]] = TypeAdapter(Channel)
_T = TypeVar("_T")
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
        # What is not stored yet is kept while another channel is in the form, and the secret typed for it.
        self._draft: Document[AnyChannel] | None = None
        self._secrets: dict[Document[AnyChannel], str] = {}
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
        """Show this channel; `new` offers what can be made."""
        if thing == "new":
            self._offer_kinds()
            return
        self._wanted = thing
        self.refresh()

    def leave(self) -> None:
        """Save what is not saved, the secret too."""
        super().leave()
        if self._id == DRAFT and self._document is not None:
            self._secrets[self._document] = self.form.secret() or ""
        self.form.give_secret()

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
        document = self._show(DRAFT, channel)
        if self._blocked():
            self.form.host.setFocus() if isinstance(
                channel, SmtpChannel
            ) and not channel.host else self.form.user.setFocus()
        else:
            self._save(document, channel)

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
        return kinds_menu(self, self.start)

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
        if wanted not in self._stored and self._id != DRAFT:
            wanted = stored[0].id if stored else DRAFT
        self._choose(wanted)
        if self._id not in self._stored and self._id != DRAFT:
            self._drop()
        self.list.choose(self._id)
        self._face()

    def _choose(self, channel_id: str) -> None:
        if channel_id == self._id:
            return
        if channel_id == DRAFT and self._draft is not None:
            self._edit(DRAFT, self._draft)
        elif channel_id in self._stored:
            self._show(channel_id, _CHANNEL.validate_json(self._stored[channel_id].json_text))

    def _show(self, channel_id: str, channel: AnyChannel) -> Document[AnyChannel]:
        document: Document[AnyChannel] = Document(channel, lambda now: self._save(document, now), self)
        document.changed.connect(self._redraw)
        self._edit(channel_id, document)
        return document

    def _edit(self, channel_id: str, document: Document[AnyChannel]) -> None:
        self.leave()
        self._id = channel_id
        self.set_document(document)
        self.trial.clear()
        self.form.show_channel(document.definition, fresh=True)
        self.form.say_secret(stored=False)
        if channel_id != DRAFT:
            self.ask(
                channels.has_secret,
                channel_id,
                then=lambda known: self.form.say_secret(stored=known) if document is self._document else None,
                slot="secret",
            )
        else:
            self._draft = document
            self.form.secret_line.setText(self._secrets.get(document, ""))
        self._redraw(document.definition)
        self.list.choose(channel_id)
        self._face()

    def _while_shown(self, tell: Callable[[_T], object]) -> Callable[[_T], None]:
        """Tells an answer only while the channel that is in the form now is there."""
        document = self._document

        def told(answer: _T) -> None:
            if document is self._document:
                tell(answer)

        return told

    def _drop(self) -> None:
        if self._document is not None:
            self.set_document(None)
        if self._id == DRAFT:
            self._draft = None
            self.list.show_draft(None)
        self._id = ""
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

    def _save(self, document: Document[AnyChannel], channel: AnyChannel) -> None:
        if any(problem.blocks for problem in check(channel)):
            document.unsaved()
            self._say_state()
            return
        # Kept first without the secret: where no keyring takes it, the channel is stored all the same.
        self.ask(
            channels.save,
            channel,
            None if document is self._draft else self._id,
            then=partial(self._kept, document),
            failed=partial(self._refused, document),
        )

    def _kept(self, document: Document[AnyChannel], channel_id: str) -> None:
        secret = self._secrets.pop(document, None)
        if document is self._draft:
            self._draft = None
            self.list.show_draft(None)
        if document is self._document:
            secret = self.form.secret()
            self._id = channel_id
            self._pill.show_state(tr("Saved"))
        self._hand_over(document, channel_id, secret)
        self.refresh()

    def _refused(self, document: Document[AnyChannel], error: Exception) -> None:
        document.unsaved()
        if document is not self._document:
            self.frame.say(str(error))
            return
        problems = getattr(error, "problems", ())
        self._pill.show_state(tr("Not saved"), "bad")
        if problems:
            self.form.show_problems(problems, reveal=True)
        else:
            self.form.say_secret(stored=False, trouble=str(error))

    def _keep_secret(self) -> None:
        if self._document is None:
            return
        if self._id == DRAFT:
            # The secret follows when the channel is stored.
            self._document.flush()
        else:
            self._hand_over(self._document, self._id, self.form.secret())

    def _hand_over(self, document: Document[AnyChannel], channel_id: str, secret: str | None) -> None:
        if secret:
            self.ask(
                channels.save,
                document.definition,
                channel_id,
                secret,
                then=lambda _id: self._secret_kept(document, secret),
                failed=lambda error: self._secret_refused(document, error),
            )

    def _secret_kept(self, document: Document[AnyChannel], secret: str) -> None:
        if document is self._document and self.form.secret() == secret:
            self.form.forget_secret()

    def _secret_refused(self, document: Document[AnyChannel], error: Exception) -> None:
        shown = document is self._document
        if shown:
            self.form.say_secret(stored=False, trouble=str(error))
        if not (shown and self.isVisible()):
            text = tr("The password of “{name}” was not kept: {trouble}")
            self.frame.say(text.format(name=document.definition.name, trouble=error))

    def _test(self) -> None:
        if self._complain():
            return
        self.trial.begin_test()
        self.ask(
            channels.test,
            self.form.channel(),
            "" if self._id == DRAFT else self._id,
            self.form.secret(),
            then=self._while_shown(self.trial.show_test),
            failed=self._while_shown(lambda error: self.trial.fail_test(str(error))),
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
            then=self._while_shown(self.trial.show_sent),
            failed=self._while_shown(lambda error: self.trial.fail_send(str(error))),
            slot="send",
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
