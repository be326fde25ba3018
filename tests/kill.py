"""Kills a sending workbench with -9 at random moments, and counts who was mailed twice, forgotten or is unknown.

`python -m tests.kill` sends 20,000 messages and kills twenty times; the figures are printed. The receiving server lives
in this process, which is not killed, and writes each message down before it says that it has it.
"""

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from tests import crowd
from tests.mailserver import Answers, MailServer
from workbench.engine import campaigns
from workbench.engine.loop import Engine
from workbench.plan.channel import SmtpChannel

CONNECTIONS = 4


@dataclass(frozen=True)
class Figures:
    """What came out: messages accepted by the server twice, neither accepted nor unknown, and in doubt."""

    messages: int
    kills: int
    connections: int
    twice: int
    forgotten: int
    unknown: int
    unknown_and_arrived: int
    accepted_and_missing: int
    seconds: float

    @property
    def holds(self) -> bool:
        """Whether the promise was kept."""
        return not self.twice and not self.forgotten and not self.accepted_and_missing and self.in_bounds

    @property
    def in_bounds(self) -> bool:
        """At most one unknown message per connection and kill."""
        return self.unknown <= self.connections * self.kills


def measure(folder: Path, messages: int, kills: int, rate: float, seed: int) -> Figures:
    """Send, kill, start again, until the run has finished."""
    chance = random.Random(seed)  # noqa: S311 - moments of a test, not secrets
    started = time.monotonic()
    path = folder / "kill.workbench"
    answers = Answers(end=lambda _: _slow(chance))
    with MailServer(answers, folder / "accepted.log") as server:
        engine = Engine(path, create=True, sending=False)
        engine.start().result(60)
        crowd.gather(engine, messages)
        channel = SmtpChannel(
            name="Sink", host="127.0.0.1", port=server.port, security="none", connections=CONNECTIONS, rate=rate
        )
        run = crowd.launch(engine, crowd.compose(engine, channel))
        engine.stop()
        done = sum(_killed(path, server, chance, whole=number % 2 == 0) for number in range(kills))
        engine = Engine(path)
        engine.start().result(60)
        while crowd.status(engine, run).state != "finished":
            time.sleep(0.2)
        figures = _count(engine, run, server, done, time.monotonic() - started)
        engine.stop()
    return figures


def _slow(chance: random.Random) -> str:
    """Some replies come late, so that kills fall between a message and its reply."""
    return "late 0.01 250 Ok" if chance.random() < 0.2 else "250 Ok"


def _killed(path: Path, server: MailServer, chance: random.Random, *, whole: bool) -> bool:
    """Start an engine in a process of its own, and kill it, or all its processes, while it sends."""
    before = len(server.accepted)
    process = subprocess.Popen([sys.executable, "-m", "tests.kill", "--engine", str(path)], start_new_session=True)
    deadline = time.monotonic() + 60
    while len(server.accepted) == before and time.monotonic() < deadline and process.poll() is None:
        time.sleep(0.002)
    time.sleep(chance.uniform(0.0, 0.6))
    alive = process.poll() is None
    if whole:
        os.killpg(process.pid, signal.SIGKILL)
    else:
        process.kill()
    process.wait()
    return alive and len(server.accepted) > before


def _count(engine: Engine, run: str, server: MailServer, kills: int, seconds: float) -> Figures:
    arrived = Counter(int(mail.id.split(".")[1]) for mail in server.accepted)
    final = crowd.status(engine, run)
    unknown = _ordinals(engine, run, "unknown")
    accepted = _ordinals(engine, run, "accepted")
    return Figures(
        messages=final.planned,
        kills=kills,
        connections=CONNECTIONS,
        twice=sum(count > 1 for count in arrived.values()),
        forgotten=sum(each not in arrived and each not in unknown for each in range(final.planned)),
        unknown=len(unknown),
        unknown_and_arrived=len(unknown & set(arrived)),
        accepted_and_missing=len(accepted - set(arrived)),
        seconds=round(seconds, 1),
    )


def _ordinals(engine: Engine, run: str, state: str) -> set[int]:
    page = crowd.answer(engine, campaigns.outbox, run, state, "", 0, 10_000_000)
    return {row.ordinal for row in page.rows}


def _engine(path: Path) -> None:
    engine = Engine(path)
    engine.start().result(60)
    while True:
        time.sleep(1)


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, default=20_000)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--rate", type=float, default=1_500.0)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--engine", type=Path, help=argparse.SUPPRESS)
    wishes = parser.parse_args()
    if wishes.engine:
        _engine(wishes.engine)
        return
    with tempfile.TemporaryDirectory() as folder:
        figures = measure(Path(folder), wishes.messages, wishes.kills, wishes.rate, wishes.seed)
    for name, value in vars(figures).items():
        print(f"{name.replace('_', ' '):22} {value}")  # noqa: T201 - a command that prints
    print("kept" if figures.holds else "BROKEN", f"(seed {wishes.seed})")  # noqa: T201 - the same
    sys.exit(0 if figures.holds else 1)


if __name__ == "__main__":
    main()
