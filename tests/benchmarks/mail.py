"""Personalised mails of about 8 KB to postfix's smtp-sink, from launch to the finished ledger, beside peers."""

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from statistics import median

import psutil

from tests import crowd
from tests.benchmarks.measure import Figure
from workbench.engine.loop import Engine
from workbench.plan.channel import SmtpChannel
from workbench.plan.template import Template

CONNECTIONS = 8
#: DuckDB's own limit in the send to a million; what it keeps beyond it is only there to be faster
LIMIT = "128MB"
#: how many times a peer's rate ours must be; smtp-source is no peer but the limit: fixed bytes and no ledger
FLOORS = {"nodemailer": 1.5, "mailmerge": 5.0, "smtp-source": 0.0}
GOALS = {"nodemailer": 2.0}
_PARAGRAPH = (
    "<p>This week in {city}: lorem ipsum dolor sit amet, consectetur adipiscing elit, sed do eiusmod tempor "
    "incididunt ut labore et dolore magna aliqua, für {name} und alle anderen.</p>\n"
)
_OURS = {
    "name": "{{ User.UserAttributes.FirstName }}", "plan": "{{ Attributes.plan }}", "spent": "{{ Metrics.spent }}",
    "id": "{{ Id }}", "city": "{{ Location.City }}",
}  # fmt: skip
_PEERS = {name: "{{ %s }}" % name for name in _OURS}  # noqa: UP031 - braces around braces read worse


def content(names: dict[str, str]) -> tuple[str, str]:
    """HTML of about 5 KB and text of about 3 KB with the fields written as a program wants them."""
    top = "<html><body><h1>Dear {name}</h1>\n<p>Your plan: {plan}. You spent {spent}.</p>\n"
    end = '<p><a href="https://shop.example/{id}">To the shop</a></p></body></html>\n'
    html = (top + _PARAGRAPH * 24 + end).format(**names)
    line = "This week in {city}: lorem ipsum dolor sit amet, für {name} und alle anderen.\n"
    text = ("Dear {name}\n\nYour plan: {plan}. You spent {spent}.\n\n" + line * 36).format(**names)
    return html, text


def run(quick: bool) -> list[Figure]:  # noqa: FBT001 - the frame's signature
    """Ours beside the peers that can be installed here, in turns; then the memory of a send to a million."""
    sink = shutil.which("smtp-sink") or shutil.which("/usr/sbin/smtp-sink")
    if sink is None:
        print("mail: smtp-sink is missing (Debian: postfix)")
        return []
    messages, rounds = (5_000, 1) if quick else (40_000, 3)
    with tempfile.TemporaryDirectory() as name, _sink(sink) as port:
        folder = Path(name)
        peers = _Peers(folder, port)
        rates: dict[str, list[float]] = {}
        for number in range(rounds):
            rates.setdefault("ours", []).append(ours(_fresh(folder, number), port, messages).rate)
            for peer, rate in peers.rates(messages):
                rates.setdefault(peer, []).append(rate)
        crowds = 50_000 if quick else 1_000_000
        large = ours(_fresh(folder, rounds), port, crowds, LIMIT)
    for missing in peers.missing:
        print(f"mail: {missing} is missing, it could not be installed")
    return [*_rates(rates, messages), _memory(large, crowds)]


def _rates(rates: dict[str, list[float]], messages: int) -> list[Figure]:
    mine = median(rates.pop("ours"))
    note = f"html and text of {_size():,} octets, {CONNECTIONS} connections, from the launch to the finished ledger"
    return [
        Figure(
            f"mails to smtp-sink, {messages:,} people", mine, median(theirs), "/s", FLOORS[peer.partition(",")[0]],
            peer, GOALS.get(peer.partition(",")[0], 0.0), "more", note,
        )
        for peer, theirs in rates.items()
    ]  # fmt: skip


def _memory(large: "Sent", crowds: int) -> Figure:
    note = (
        f"resident, the engine and its couriers, pages that they share counted once, DuckDB limited to {LIMIT}; "
        f"{large.rate:,.0f} mails/s, planned in {large.planning:.1f} s"
    )
    return Figure(f"memory of a send to {crowds:,}", large.megabytes, 400, "MB", 1, "the limit", note=note)


def _fresh(folder: Path, number: int) -> Path:
    place = folder / str(number)
    place.mkdir()
    return place


def _size() -> int:
    return sum(len(part.encode()) for part in content(_PEERS))


class Sent:
    """One send of ours: messages per second from the launch to the end, and the most memory of all our processes."""

    def __init__(self, rate: float, megabytes: float, planning: float) -> None:
        self.rate = rate
        self.megabytes = megabytes
        self.planning = planning


def ours(folder: Path, port: int, messages: int, memory_limit: str | None = None) -> Sent:
    """Launch a campaign and wait until its run has finished."""
    html, text = content(_OURS)
    template = Template(name="Week", subject="Hello {{ User.UserAttributes.FirstName }}", html=html, text=text)
    channel = SmtpChannel(name="Sink", host="127.0.0.1", port=port, security="none", connections=CONNECTIONS)
    path = folder / "mail.workbench"
    # Made in a process of its own: what making the people took is not what sending takes.
    subprocess.run([sys.executable, "-m", "tests.benchmarks.mail", str(path), str(messages)], check=True)
    engine = Engine(path, memory_limit=memory_limit)
    engine.start().result(60)
    try:
        campaign = crowd.compose(engine, channel, template)
        started = time.perf_counter()
        run_id = crowd.launch(engine, campaign)
        planning = time.perf_counter() - started
        most = 0.0
        while (status := crowd.status(engine, run_id)).state != "finished":
            assert status.state in {"waiting", "sending"}, status
            most = max(most, _megabytes())
            time.sleep(0.5)
        seconds = time.perf_counter() - started
        assert status.states == {"accepted": messages}, status
    finally:
        engine.stop()
    return Sent(messages / seconds, most, planning)


def _megabytes() -> float:
    """Memory of this process and all below it but the peers', pages that they share counted once where it is known."""
    total = 0
    mine = psutil.Process()
    for process in (mine, *mine.children(recursive=True)):
        with suppress(psutil.Error):
            if process.name() != "smtp-sink":
                facts = process.memory_full_info()
                total += getattr(facts, "pss", facts.rss)
    return total / 1e6


@contextmanager
def _sink(program: str) -> Iterator[int]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    user = ["-u", "root"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    process = subprocess.Popen([program, *user, f"127.0.0.1:{port}", "1000"])
    try:
        for _ in range(100):
            with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                break
            time.sleep(0.05)
        yield port
    finally:
        process.kill()
        process.wait()


class _Peers:
    """Other programs that send the same to the same server; what cannot be installed is told in `missing`."""

    def __init__(self, folder: Path, port: int) -> None:
        self.missing: list[str] = []
        self._folder = folder
        self._port = port
        html, text = content(_PEERS)
        (folder / "content.json").write_text(json.dumps({"html": html, "text": text}), encoding="utf-8")
        self._node = self._install(["npm", "install", "--no-audit", "--no-fund", "nodemailer"], "nodemailer")
        self._merge = self._install_mailmerge()
        self._best = 0

    def rates(self, messages: int) -> Iterator[tuple[str, float]]:
        """One round of each."""
        if self._node:
            if not self._best:
                # The number of connections with which it is fastest here.
                self._best = max((1, 2, 4, 8, 16, 32), key=lambda number: self._nodemailer(2_000, number))
            yield f"nodemailer, pool of {self._best}", self._nodemailer(messages, self._best)
        if self._merge:
            yield "mailmerge", self._mailmerge(min(messages, 3_000))
        source = shutil.which("smtp-source") or shutil.which("/usr/sbin/smtp-source")
        if source:
            count = messages * 2
            command = [source, "-d", "-l", "8000", "-m", str(count), "-s", str(CONNECTIONS), f"127.0.0.1:{self._port}"]
            started = time.perf_counter()
            subprocess.run(command, check=True, capture_output=True)
            yield "smtp-source, the limit", count / (time.perf_counter() - started)

    def _nodemailer(self, messages: int, connections: int) -> float:
        script = Path(__file__).with_name("mail_nodemailer.mjs")
        command = ["node", str(script), str(self._port), str(messages), str(connections), "content.json"]
        done = subprocess.run(command, check=True, capture_output=True, text=True, cwd=self._folder)
        result = json.loads(done.stdout)
        assert not result["failed"]
        return float(messages / result["seconds"])

    def _mailmerge(self, messages: int) -> float:
        place = self._folder / "merge"
        place.mkdir(exist_ok=True)
        html, _ = content(_PEERS)
        head = (
            "TO: {{ email }}\nSUBJECT: Hello {{ name }}\nFROM: The shop <shop@example.com>\nContent-Type: text/html\n\n"
        )
        (place / "mailmerge_template.txt").write_text(head + html + html[: len(html) // 2], encoding="utf-8")
        rows = (
            f"p{n}@example.com,Änne{n},{'pro' if n % 3 == 0 else 'free'},{n % 100},e{n},Köln\n" for n in range(messages)
        )
        table = "email,name,plan,spent,id,city\n" + "".join(rows)
        (place / "mailmerge_database.csv").write_text(table, encoding="utf-8")
        server = f"[smtp_server]\nhost = 127.0.0.1\nport = {self._port}\n"
        (place / "mailmerge_server.conf").write_text(server, encoding="utf-8")
        started = time.perf_counter()
        command = [str(self._merge), "--no-dry-run", "--no-limit", "--output-format", "text"]
        subprocess.run(command, check=True, capture_output=True, cwd=place)
        return messages / (time.perf_counter() - started)

    def _install_mailmerge(self) -> Path | None:
        scripts = self._folder / "venv" / ("Scripts" if sys.platform == "win32" else "bin")
        made = self._install([sys.executable, "-m", "venv", "venv"], "mailmerge")
        pip = [str(scripts / "pip"), "install", "-q", "mailmerge"]
        return scripts / "mailmerge" if made and self._install(pip, "mailmerge") else None

    def _install(self, command: list[str], name: str) -> bool:
        try:
            subprocess.run(command, check=True, capture_output=True, cwd=self._folder, timeout=300)
        except (OSError, subprocess.SubprocessError):
            self.missing.append(name)
            return False
        return True


def main() -> None:
    """Make a workspace with so many people: `PATH PEOPLE`."""
    engine = Engine(Path(sys.argv[1]), create=True)
    engine.start().result(60)
    crowd.gather(engine, int(sys.argv[2]))
    engine.stop()


if __name__ == "__main__":
    main()
