"""What a benchmark gives, and fair timing of two things beside each other."""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured figure.

    Attributes:
        name: what was measured, with its size.
        ours: our figure, in `unit`.
        peer: the peer's or the limit's figure in the same unit.
        unit: `s` and `ms` (less is better), `/s` (more is better), or another.
        floor: the ratio that must be reached.
        goal: the ratio that is wished for; 0: none.
        peer_name: what the peer is.
        better: whether more or less is better; the ratio is above 1 where ours is better.
        note: how, where the name does not say it.
    """

    name: str
    ours: float
    peer: float
    unit: str
    floor: float
    peer_name: str
    goal: float = 0.0
    better: Literal["less", "more"] = "less"
    note: str = ""

    @property
    def ratio(self) -> float:
        """Ours against the peer: 2 is twice as good, 0.5 half as good."""
        over, under = (self.peer, self.ours) if self.better == "less" else (self.ours, self.peer)
        return over / under if under else float("inf")

    @property
    def reached(self) -> bool:
        """Whether the floor is reached."""
        return self.ratio >= self.floor


@dataclass(frozen=True, slots=True)
class Contest:
    """Two things done in turn. `before` of each prepares a run and is not timed."""

    ours: Callable[[], object]
    peer: Callable[[], object]
    before_ours: Callable[[], object] = lambda: None
    before_peer: Callable[[], object] = lambda: None

    def run(self, rounds: int = 3) -> tuple[float, float]:
        """Median seconds of ours and of the peer, after one round that warms files and memory."""
        mine: list[float] = []
        theirs: list[float] = []
        for number in range(rounds + 1):
            self.before_peer()
            peer = seconds(self.peer)
            self.before_ours()
            ours = seconds(self.ours)
            if number:
                mine.append(ours)
                theirs.append(peer)
        return statistics.median(mine), statistics.median(theirs)


def seconds(work: Callable[[], object]) -> float:
    """How long the work takes."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started
