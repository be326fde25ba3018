"""How fast a courier goes, and when it slows down or gives up."""

from typing import Final

from workbench.channels.channel import Result
from workbench.plan.words import tr

#: seconds of the rate that may be made up for at once
_BURST: Final = 0.05
#: temporary refusals in a row from which on it slows down, and the longest pause in seconds
_SLOW_FROM, _LONGEST_HOLD = 10, 30.0
#: permanent refusals in a row that mean the account, not the people
_REFUSED_ALL: Final = 50
#: connections in a row that failed, or ended without a message taken
_FAILED_ALL: Final = 5
_TOGETHER: Final = 0.1
_LONGEST_WAIT: Final = 15.0


class Pace:
    """At most `rate` messages a second, evenly; 0 for no limit. Times are the loop's, in seconds."""

    def __init__(self, rate: float) -> None:
        self._step = 1.0 / rate if rate > 0 else 0.0
        self._next = 0.0

    def wait(self, now: float) -> float:
        """Seconds until the next message may be begun."""
        return self._next - now if self._step else 0.0

    def spend(self, now: float) -> None:
        """One message has been begun."""
        self._next = max(self._next, now - _BURST) + self._step


class Patience:
    """Looks for signs that it is the account, and not one message, that is refused."""

    def __init__(self) -> None:
        self._temporary = self._permanent = 0
        self._failed = 0
        self._failed_at = -1.0
        self._until = 0.0

    def seen(self, state: Result, code: int, words: str, now: float) -> str:
        """Take note of a result; gives words when nothing but permanent refusals come."""
        if state == "accepted":
            self._temporary = self._permanent = self._failed = 0
            return ""
        if state == "retrying" and code:
            self._temporary += 1
            over = self._temporary - _SLOW_FROM
            if over >= 0:
                self._until = now + min(2.0 ** min(over, 10), _LONGEST_HOLD)
        if state == "failed":
            self._permanent += 1
        if self._permanent >= _REFUSED_ALL:
            return tr("The server refused {n} messages in a row: {words}").format(n=self._permanent, words=words)
        return ""

    def hold(self, now: float) -> float:
        """Seconds to wait because the server takes nothing for now."""
        return self._until - now

    def failed_to_connect(self, now: float) -> None:
        """Take note of a connection that did not come to be, or took nothing; an accepted message forgets them all.

        Several that fail together count as one.
        """
        if now - self._failed_at > _TOGETHER:
            self._failed += 1
            self._failed_at = now

    def after_loss(self) -> float:
        """Seconds to wait before the next connection."""
        return min(0.2 * 2.0**self._failed - 0.2, _LONGEST_WAIT)

    def refusal(self, words: str, *, connected: bool) -> str:
        """The words, if connecting has failed too often with no other connection standing; else empty."""
        return words if self._failed >= _FAILED_ALL and not connected else ""
