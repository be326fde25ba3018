"""The channels page: accounts at the left, the chosen one's form, and beside it the tries."""

from collections.abc import Callable, Sequence
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
from workbench.gui.channels.list import ChannelList, Line
from workbench.gui.channels.opened import OpenChannel, OpenChannels
from workbench.gui.channels.trial import Trial
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
DRAFT: Final = "draft"
_MINE: Final = "me/address"
#: From this width on the tries stand beside the form, below it otherwise.
_WIDE: Final = Measure.text_column + Measure.popover


class ChannelsPage(Page):
    """Makes, edits, tries and deletes channels. What is not complete is kept as it is, in the list as unfinished."""

    key: ClassVar[str] = "channels"
    nouns: ClassVar[frozenset[str]] = frozenset({"channels"})

    def __init__(self, frame: Frame) -> None:
        super().__init__(frame, tr("Channels"))
        self._stored: dict[str, AnyChannel] = {}
        self._open = OpenChannels.of(frame)
        self._shown: OpenChannel | None = None
        self._wanted = self._open.last
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
        self._connect()

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
        if self._shown is not None:
            self._shown.secret = self.form.secret() or ""
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
                self._delete_shown,
                "page",
                enabled=lambda: self._shown is not None,
            ),
        )

    def start(self, channel: AnyChannel) -> None:
        """Begin a new channel: stored at once if nothing is missing, else a draft."""
        draft = self._open.begin(channel)
        self._show(draft)
        if draft.is_blocked:
            self.form.host.setFocus() if isinstance(
                channel, SmtpChannel
            ) and not channel.host else self.form.user.setFocus()
        else:
            draft.store()

    def delete(self, key: str) -> None:
        """Delete the channel of this id, or the draft of this key, and offer to bring it back."""
        opened = self._open.find(key)
        if opened is None and key not in self._stored:
            return
        name = opened.document.definition.name if opened else self._stored[key].name
        if opened is not None and opened is self._shown:
            self._let_go()
        said = tr("“{name}” was deleted").format(name=name or tr("(no name)"))
        if opened is not None and opened.is_draft:
            self._open.take_away(opened)
            offer_undo(self, said, lambda: self._open.put_back(opened))
        else:
            self._stored.pop(key, None)
            self.ask(
                channels.delete,
                key,
                then=lambda _nothing: offer_undo(self, said, lambda: self.ask(channels.restore, key)),
                failed=self._not_deleted,
            )
        self._show_list()
        self._show_first()

    def channel_id(self) -> str:
        """The channel in the form; empty for none, `draft` while it is not stored."""
        return "" if self._shown is None else self._shown.channel_id or DRAFT

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
        self._stored = {item.id: _CHANNEL.validate_json(item.json_text) for item in stored}
        wanted, self._wanted = self._wanted, ""
        shown = self._shown
        self._show_list()
        self._choose(wanted)
        if shown is self._shown and (shown is None or not (shown.is_draft or shown.channel_id in self._stored)):
            self._let_go()
            self._show_first()
        self._face()

    def _choose(self, key: str) -> None:
        if self._shown is not None and key == self._shown.key:
            return
        draft = self._open.find(key)
        if key in self._stored:
            self._show(self._open.open(key, self._stored[key]), again=True)
        elif draft is not None and draft.is_draft:
            self._show(draft, again=True)

    def _show_first(self) -> None:
        """Where nothing is shown, show a stored channel, or else a draft."""
        if self._shown is None:
            drafts = [draft.key for draft in self._open.drafts()]
            self._choose(next(iter([*self._stored, *drafts]), ""))
        self._face()

    def _show(self, opened: OpenChannel, *, again: bool = False) -> None:
        self.leave()
        self._shown = opened
        self._open.last = opened.key
        self.set_document(opened.document)
        self.trial.clear()
        self.form.show_channel(opened.document.definition, fresh=True)
        self.form.secret_line.setText(opened.secret)
        self.form.say_secret(stored=False)
        if not opened.is_draft:
            self.ask(
                channels.has_secret,
                opened.channel_id,
                then=self._while_shown(lambda known: self.form.say_secret(stored=known)),
                slot="secret",
            )
        self._pill.show_state(tr("Saved") if opened.is_settled else "")
        self._redraw(opened)
        if again:
            # It was left: what is wrong with it may be red.
            self.form.show_problems(check(opened.document.definition), reveal=True)

    def _while_shown(self, tell: Callable[[_T], object]) -> Callable[[_T], None]:
        """Tells an answer only while the channel that is in the form now is there."""
        opened = self._shown

        def told(answer: _T) -> None:
            if opened is self._shown:
                tell(answer)

        return told

    def _let_go(self) -> None:
        """Show nothing; what was open is saved, or kept as it is."""
        self.leave()
        self.set_document(None)
        self._shown = None

    def _not_deleted(self, error: Exception) -> None:
        self.frame.say(str(error))
        self.refresh()

    def _delete_shown(self) -> None:
        if self._shown is not None:
            self.delete(self._shown.key)

    def _redraw(self, opened: OpenChannel) -> None:
        if opened is self._shown:
            channel = opened.document.definition
            self.form.show_channel(channel)
            self.form.show_problems(check(channel))
            self._card.set_title(channel.name or tr("(no name)"))
            self._say_state(opened)
        self._show_list()
        self._show_first()

    def _show_list(self) -> None:
        """Drafts on top; what is unfinished as it was left, everything else as it is stored."""
        lines = [Line(draft.key, draft.document.definition, draft.is_unfinished) for draft in self._open.drafts()]
        for key, channel in self._stored.items():
            opened = self._open.find(key)
            unfinished = opened is not None and opened.is_unfinished
            lines.append(Line(key, opened.document.definition if opened and unfinished else channel, unfinished))
        self.list.show_lines(lines)
        self.list.choose(self._shown.key if self._shown else "")

    def _edited(self, channel: AnyChannel, label: str, key: str) -> None:
        if self._document is not None:
            self._document.replace(channel, label, key)

    def _say_state(self, opened: OpenChannel) -> None:
        if opened.is_blocked:
            words = tr("Draft, not complete") if opened.is_draft else tr("Not complete, not saved")
            self._pill.show_state(words, "warn")
        elif opened.is_settled:
            self._pill.show_state(tr("Saved"))

    def _kept(self, opened: OpenChannel, channel: AnyChannel) -> None:
        others = {key: stored for key, stored in self._stored.items() if key != opened.channel_id}
        self._stored = {opened.channel_id: channel, **others}
        if opened is self._shown:
            self._open.last = opened.key
        self._redraw(opened)
        self.refresh()

    def _refused(self, opened: OpenChannel, error: Exception) -> None:
        problems = getattr(error, "problems", ())
        if opened is self._shown:
            self._pill.show_state(tr("Not saved"), "bad")
            self.form.show_problems(problems, reveal=bool(problems))
        if opened is not self._shown or not problems or not self.isVisible():
            self.frame.say(str(error))

    def _give_secret(self) -> None:
        if self._shown is not None:
            self._shown.give(self.form.secret() or "")

    def _secret_kept(self, opened: OpenChannel, secret: str) -> None:
        if opened is self._shown and self.form.secret() == secret:
            self.form.forget_secret()

    def _secret_refused(self, opened: OpenChannel, error: Exception) -> None:
        shown = opened is self._shown
        if shown:
            self.form.say_secret(stored=False, trouble=str(error))
        if not (shown and self.isVisible()):
            text = tr("The password of “{name}” was not kept: {trouble}")
            self.frame.say(text.format(name=opened.document.definition.name, trouble=error))

    def _test(self) -> None:
        if self._shown is None or self._complain():
            return
        self.trial.begin_test()
        self.ask(
            channels.test,
            self.form.channel(),
            self._shown.channel_id,
            self.form.secret(),
            then=self._while_shown(self.trial.show_test),
            failed=self._while_shown(lambda error: self.trial.fail_test(str(error))),
            slot="test",
        )

    def _send_test(self, address: str) -> None:
        if self._shown is None or self._complain():
            return
        self.leave()
        self.frame.settings.setValue(_MINE, address)
        if self._shown.is_draft:
            self.trial.fail_send(tr("The channel is not stored yet. Try again in a moment."))
            return
        self.trial.begin_send()
        self.ask(
            channels.send_test,
            self._shown.channel_id,
            address,
            then=self._while_shown(self.trial.show_sent),
            failed=self._while_shown(lambda error: self.trial.fail_send(str(error))),
            slot="send",
        )

    def _complain(self) -> bool:
        """Show every problem and go to the first that blocks."""
        return self.form.show_problems(check(self.form.channel()), reveal=True) is not None

    def _face(self) -> None:
        shown = self._shown is not None
        self._body.setVisible(shown or bool(self._stored))
        self._empty.setVisible(not shown and not self._stored)
        self._editor.setVisible(shown)

    def _connect(self) -> None:
        self.list.chosen.connect(self._choose)
        self.list.removed.connect(self.delete)
        self.form.edited.connect(self._edited)
        self.form.secret_given.connect(self._give_secret)
        self.trial.test_wanted.connect(self._test)
        self.trial.send_wanted.connect(self._send_test)
        self._open.changed.connect(self._redraw)
        self._open.stored.connect(self._kept)
        self._open.refused.connect(self._refused)
        self._open.secret_kept.connect(self._secret_kept)
        self._open.secret_refused.connect(self._secret_refused)

    def _arrange(self) -> None:
        self._card = Card(tr("Channel"), name="channel")
        self._card.head.insertWidget(1, self._pill)
        self._card.head.addWidget(Button(tr("Delete"), "quiet", on_click=self._delete_shown, name="delete_channel"))
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
