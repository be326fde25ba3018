"""What a way to hand messages over and its courier say to each other."""

from dataclasses import dataclass
from typing import Final, Literal, Protocol

#: What became of one hand-over. `unknown`: it was complete and no reply came.
Result = Literal["accepted", "retrying", "failed", "render_failed", "unknown"]
#: One recipient as the engine sends it: ordinal, attempt, address, and the values of the template's fields.
Row = tuple[int, int, str, list[object]]
#: SMTP's classes of replies
TEMPORARY: Final = 400
PERMANENT: Final = 500
CLOSING: Final = 421


@dataclass(slots=True)
class Item:
    """One message in a lane's hands: its row, the recipient for the envelope, and the bytes."""

    row: Row
    recipient: str
    message: bytes


@dataclass(frozen=True, slots=True)
class Offers:
    """What the other side can take."""

    pipelining: bool = False
    eight_bit: bool = True
    smtputf8: bool = False


class Lane(Protocol):
    """One connection, or whatever hands over one message at a time."""

    offers: Offers

    @property
    def busy(self) -> bool:
        """Whether a message is in its hands."""
        ...

    def go(self) -> None:
        """There may be work: take it if there is nothing in hand."""
        ...

    def check_time(self, now: float) -> None:
        """Give up an answer that is overdue; `now` on the loop's clock."""
        ...

    def leave(self) -> None:
        """Take nothing more; end as soon as no reply is awaited."""
        ...


class Work(Protocol):
    """The courier, as its lanes see it. What is noted reaches the journal at `flush`."""

    def take(self, lane: Lane) -> Item | None:
        """The next message for this lane, or None where there is none now; `go` is called when there is."""
        ...

    def begin(self, item: Item) -> None:
        """The message is about to be handed over."""
        ...

    def unbegin(self, item: Item) -> None:
        """Its end did not leave; it goes back to the front of the queue."""
        ...

    def settle(self, item: Item, state: Result, code: int, words: str) -> None:
        """What became of it."""
        ...

    def put_back(self, item: Item, words: str) -> None:
        """It was not begun; it goes back to the front, or is retried later if that has happened too often."""
        ...

    def flush(self) -> bool:
        """Write down what was noted; False where that is impossible, and then nothing may be sent."""
        ...

    def refuse_all(self, words: str) -> None:
        """The account cannot send: stop, and say why."""
        ...

    def idle(self) -> None:
        """The lane has nothing in hand any more."""
        ...

    def lost(self, lane: Lane, words: str, *, fruitful: bool) -> None:
        """The lane's connection has ended; `fruitful`: it had handed something over."""
        ...
