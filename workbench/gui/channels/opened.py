"""The channels that are being edited in this window: what is not fit to be stored stays here while the window lives."""

import itertools
from functools import partial

from PySide6.QtCore import QObject, Signal

from workbench.engine import channels
from workbench.gui.channels.form import AnyChannel
from workbench.gui.document import Document
from workbench.gui.page import Frame
from workbench.plan.channel import check


class OpenChannel(QObject):
    """One channel that was opened: its document, and the secret that was typed for it.

    Attributes:
        key: what the list knows it by: the id, and a name of our own until there is one.
        channel_id: empty until it is stored.
        document: saves itself, but for what has a blocking problem.
        secret: what was typed and is not in the keyring yet.
    """

    def __init__(self, every: "OpenChannels", key: str, channel: AnyChannel, channel_id: str = "") -> None:
        super().__init__(every)
        self.key = key
        self.channel_id = channel_id
        self.secret = ""
        self._every = every
        self._under_way = 0
        self._storing = False
        self._refused = False
        self._secret_is_refused = False
        self._on_its_way = ""
        self.document: Document[AnyChannel] = Document(channel, self._save, self)
        self.document.changed.connect(self._changed)

    @property
    def is_draft(self) -> bool:
        """Whether it was never stored."""
        return not self.channel_id

    @property
    def is_blocked(self) -> bool:
        """Whether it cannot be stored as it is."""
        return any(problem.blocks for problem in check(self.document.definition))

    @property
    def is_unfinished(self) -> bool:
        """Whether something is kept here only until the person does something about it."""
        return self.is_blocked or self._refused or self._secret_is_refused

    @property
    def is_settled(self) -> bool:
        """Whether the store has all of it."""
        waits = self.is_draft or self.is_unfinished or self._under_way or self.secret
        return not waits and self.document.is_saved

    def store(self) -> None:
        """Store a draft that was just begun, where nothing is missing."""
        self.document.unsaved()
        self.document.flush()

    def give(self, secret: str) -> None:
        """Hand a secret to the keyring: now, or when the channel is stored."""
        self.secret = secret
        self._hand_over()

    def _changed(self) -> None:
        self._every.changed.emit(self)

    def _save(self, channel: AnyChannel) -> None:
        if self._storing or self.is_blocked:
            # While a draft has no id yet, a second save would make a second channel: the answer hands over the rest.
            self.document.unsaved()
        else:
            self._storing = self.is_draft
            self._under_way += 1
            # Kept first without the secret: where no keyring takes it, the channel is stored all the same.
            self._every.bridge.ask(
                channels.save,
                channel,
                self.channel_id or None,
                amends=self.document.amends,
                then=partial(self._kept, channel),
                failed=partial(self._not_kept, channel),
                owner=self,
            )
        self._changed()

    def _kept(self, channel: AnyChannel, channel_id: str) -> None:
        self._under_way -= 1
        first, self._storing, self._refused = self._storing, False, False
        self.channel_id = self.key = channel_id
        if self._every.heed_stored(self, channel):
            if first:
                self.document.flush()
            self._hand_over()

    def _not_kept(self, channel: AnyChannel, error: Exception) -> None:
        self._under_way -= 1
        self._storing, self._refused = False, True
        self.document.unsaved()
        self._changed()
        self._every.refused.emit(self, error)
        if self.document.definition != channel:
            self.document.flush()

    def _hand_over(self) -> None:
        secret = self.secret
        if secret and secret != self._on_its_way and not self.is_draft and not self.is_blocked:
            self._on_its_way = secret
            self.document.flush()
            self._every.bridge.ask(
                channels.save,
                self.document.definition,
                self.channel_id,
                secret,
                then=lambda _id: self._secret_kept(secret),
                failed=lambda error: self._secret_refused(secret, error),
                owner=self,
            )

    def _secret_kept(self, secret: str) -> None:
        self._answered(secret, refused=False)
        if self.secret == secret:
            self.secret = ""
        self._every.secret_kept.emit(self, secret)
        self._changed()

    def _secret_refused(self, secret: str, error: Exception) -> None:
        self._answered(secret, refused=True)
        self._changed()
        self._every.secret_refused.emit(self, error)

    def _answered(self, secret: str, *, refused: bool) -> None:
        self._secret_is_refused = refused
        if self._on_its_way == secret:
            self._on_its_way = ""


class OpenChannels(QObject):
    """Every channel that was opened in a window; it outlives the page, which is made anew for another language.

    Attributes:
        changed: a channel's definition or state is another.
        stored: a channel was saved; with it comes the definition that the store has now.
        refused: the store did not take a channel; with it comes the exception.
        secret_kept: a channel's secret, the second argument, is in the keyring.
        secret_refused: a channel's secret is in no keyring; with it comes the exception.
        last: the key of the channel that was shown last.
    """

    changed = Signal(object)
    stored = Signal(object, object)
    refused = Signal(object, object)
    secret_kept = Signal(object, str)
    secret_refused = Signal(object, object)

    def __init__(self, frame: Frame) -> None:
        super().__init__(frame)
        self.bridge = frame.bridge
        self.last = ""
        self._open: list[OpenChannel] = []
        self._numbers = itertools.count(1)

    @classmethod
    def of(cls, frame: Frame) -> "OpenChannels":
        """Those of the window around a page."""
        found = frame.findChild(cls)
        return found if isinstance(found, cls) else cls(frame)

    def begin(self, channel: AnyChannel) -> OpenChannel:
        """A new draft."""
        return self._add(OpenChannel(self, f"draft {next(self._numbers)}", channel))

    def open(self, channel_id: str, stored: AnyChannel) -> OpenChannel:
        """A stored channel: as it was left where that is not stored yet, else as it is stored."""
        opened = self.find(channel_id)
        if opened is None:
            return self._add(OpenChannel(self, channel_id, stored, channel_id))
        if opened.is_settled and opened.document.definition != stored:
            opened.document.load(stored)
        return opened

    def find(self, key: str) -> OpenChannel | None:
        """The open channel of this key."""
        return next((opened for opened in self._open if opened.key == key), None)

    def drafts(self) -> list[OpenChannel]:
        """What was never stored, newest first."""
        return [opened for opened in reversed(self._open) if opened.is_draft]

    def take_away(self, draft: OpenChannel) -> None:
        """Delete a draft, also where it is just being stored."""
        self._open.remove(draft)

    def put_back(self, draft: OpenChannel) -> None:
        """Undo `take_away`."""
        self._add(draft)
        if not draft.is_draft:
            self.bridge.ask(channels.restore, draft.channel_id)
        self.changed.emit(draft)

    def heed_stored(self, opened: OpenChannel, channel: AnyChannel) -> bool:
        """A channel was saved; one that was taken away meanwhile is deleted. Tells whether it is still here."""
        here = opened in self._open
        if here:
            self.stored.emit(opened, channel)
        else:
            self.bridge.ask(channels.delete, opened.channel_id)
        return here

    def _add(self, opened: OpenChannel) -> OpenChannel:
        self._open.append(opened)
        return opened
