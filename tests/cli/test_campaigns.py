import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.kit import CommandLine, engine_on, write_json
from workbench import app
from workbench.cli.failure import Code

PEOPLE = 40
LETTER = {"name": "Letter", "subject": "Hello {{ Id }}", "html": "<p>Hello</p>", "text": "Hello"}


@pytest.fixture
def sending(shop: CommandLine, tmp_path: Path) -> CommandLine:
    """A workspace with people, some of whom get nothing, and a campaign to the sandbox."""
    lines = [f"e{number},EMAIL,p{number}@example.com,NONE,ACTIVE" for number in range(PEOPLE)]
    lines += [
        "out,EMAIL,out@example.com,ALL,ACTIVE",
        "sms,SMS,+15550100,NONE,ACTIVE",
        "gone,EMAIL,gone@example.com,NONE,INACTIVE",
    ]
    people = tmp_path / "people.csv"
    head = "Id,ChannelType,Address,OptOut,EndpointStatus"
    people.write_text("\n".join([head, *lines]), encoding="utf-8")
    shop.answer("import", str(people), "--as", "endpoints")
    shop.answer("template", "put", write_json(tmp_path / "t.json", LETTER))
    shop.answer("channel", "set", write_json(tmp_path / "c.json", {"kind": "sandbox", "name": "Sandbox"}))
    put(shop, tmp_path)
    return shop


def put(shop: CommandLine, folder: Path, name: str = "Autumn", channel: str = "Sandbox") -> None:
    campaign = {"name": name, "template_id": "Letter", "channel_id": channel}
    shop.answer("campaign", "put", write_json(folder / "campaign.json", campaign))


def test_a_campaign_names_its_parts_and_keeps_their_ids(sending: CommandLine) -> None:
    (stored,) = sending.answer("campaign", "list")
    (template,) = sending.answer("template", "list")
    assert stored["definition"]["template_id"] == template["id"]
    said = sending(
        "campaign", "put", write_json(sending.workspace.parent / "x.json", {"name": "X", "template_id": "No"})
    )
    assert said.code == Code.NOT_FOUND


def test_launch_sends_and_waits(sending: CommandLine) -> None:
    run = sending.answer("campaign", "launch", "Autumn", "--undo", "0")
    assert (run["state"], run["matching"], run["planned"], run["states"]["accepted"]) == (
        "finished",
        43,
        PEOPLE,
        PEOPLE,
    )
    assert run["left_out"] == {"opted_out": 1, "wrong_channel": 1, "inactive": 1}
    assert sending.answer("workspace", "show")["mailbox"] == PEOPLE
    page = sending.answer("campaign", "outbox", "Autumn", "--search", "p7@")
    assert [(row["endpoint_id"], row["state"]) for row in page["rows"]] == [("e7", "accepted")]
    series = sending.answer("report", "messages", "--campaign", "Autumn")
    assert {line["name"]: sum(line["values"]) for line in series["lines"]}["sent"] == PEOPLE


def test_the_sheet_says_who_would_get_it(sending: CommandLine) -> None:
    sheet = sending.answer("campaign", "sheet", "Autumn")
    assert (sheet["planned"], sheet["channel"], sheet["sender"]) == (PEOPLE, "Sandbox", "news@example.com")
    shown = sending("campaign", "sheet", "Autumn").out
    assert "40 of 43 get it." in shown
    assert "opted out: 1" in shown


def test_what_is_planned_waits_for_run(sending: CommandLine) -> None:
    run = sending.answer("campaign", "launch", "Autumn", "--no-wait", "--undo", "0")
    assert run["states"].get("accepted", 0) == 0
    sending.answer("segment", "list")  # a command that only looks must not send
    assert sending.answer("campaign", "status", "Autumn")["states"].get("accepted", 0) == 0
    (ended,) = sending.answer("run", "--until-idle")
    assert (ended["run_id"], ended["state"], ended["states"]["accepted"]) == (run["run_id"], "finished", PEOPLE)


def test_a_launch_is_undone_paused_resumed_and_cancelled(sending: CommandLine) -> None:
    first = sending.answer("campaign", "launch", "Autumn", "--no-wait", "--undo", "60")
    assert first["state"] == "waiting"
    assert sending.answer("campaign", "undo", "Autumn")["state"] == "cancelled"
    assert sending("campaign", "undo", "Autumn").code == Code.REFUSED
    second = sending.answer("campaign", "launch", "Autumn", "--no-wait", "--undo", "60")
    assert sending.answer("campaign", "pause", second["run_id"])["state"] == "paused"
    assert sending.answer("campaign", "resume", "Autumn")["state"] == "sending"
    assert sending.answer("campaign", "cancel", "Autumn")["state"] == "cancelled"
    assert [run["run_id"] for run in sending.answer("campaign", "status")] == [second["run_id"], first["run_id"]]
    assert sending.answer("run", "--until-idle") == []
    assert sending.answer("workspace", "show")["mailbox"] == 0


def test_a_run_that_is_paused_already_is_not_done(sending: CommandLine, tmp_path: Path) -> None:
    by_hand = sending.answer("campaign", "launch", "Autumn", "--no-wait", "--undo", "60")["run_id"]
    sending.answer("campaign", "pause", by_hand)
    with socket.create_server(("127.0.0.1", 0)) as unserved:
        port = unserved.getsockname()[1]
    channel = {"kind": "smtp", "name": "Gone", "host": "127.0.0.1", "port": port, "security": "none"}
    sending.answer("channel", "set", write_json(tmp_path / "c.json", channel))
    put(sending, tmp_path, "Winter", "Gone")
    faulty = sending("campaign", "launch", "Winter", "--undo", "0", "--json")
    assert (faulty.code, faulty.json()["state"]) == (Code.SENDING, "paused")
    put(sending, tmp_path, "Spring")
    sent = sending.answer("campaign", "launch", "Spring", "--no-wait", "--undo", "0")["run_id"]

    said = sending("run", "--until-idle", "--json")
    assert said.code == Code.SENDING
    runs = {run["run_id"]: (run["state"], run["states"].get("planned", 0)) for run in said.json()}
    assert runs == {by_hand: ("paused", PEOPLE), faulty.json()["run_id"]: ("paused", PEOPLE), sent: ("finished", 0)}
    assert f"Autumn is paused with {PEOPLE} messages to send: Paused by you." in said.err
    assert f"Go on with: workbench campaign resume {by_hand}\n" in said.err
    (fault,) = (line for line in said.err.splitlines() if f"Winter is paused with {PEOPLE} messages" in line)
    assert "Paused by you" not in fault
    assert str(port) in fault
    sending.answer("campaign", "cancel", by_hand)
    sending.answer("campaign", "cancel", faulty.json()["run_id"])
    assert sending("run", "--until-idle").code == 0


def test_a_launch_that_waits_can_be_undone_from_elsewhere(sending: CommandLine) -> None:
    waiting = subprocess.Popen(
        [sys.executable, "-m", "workbench.app", "campaign", "launch", "Autumn", "--undo", "60", "--json",
         "-w", str(sending.workspace)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        until = time.monotonic() + 30
        while not (runs := sending.answer("campaign", "status")) and time.monotonic() < until:
            assert waiting.poll() is None
        assert runs[0]["state"] == "waiting"
        assert sending.answer("campaign", "undo", "Autumn")["state"] == "cancelled"
        out, _ = waiting.communicate(timeout=30)
        assert json.loads(out.splitlines()[-1])["state"] == "cancelled"
    finally:
        waiting.kill()
        waiting.communicate()


def test_a_launch_with_problems_is_refused_at_their_fields(sending: CommandLine) -> None:
    sending.answer("template", "delete", "Letter")
    said = sending("campaign", "launch", "Autumn", "--json")
    assert said.code == Code.REFUSED
    assert "template_id" in {problem["where"] for problem in said.json()["problems"]}


def test_a_running_window_does_the_sending(sending: CommandLine) -> None:
    with engine_on(sending.workspace, sending=True) as engine:
        app.serve(engine, "window")
        run = sending.answer("campaign", "launch", "Autumn", "--undo", "0")
    assert (run["state"], run["states"]["accepted"]) == ("finished", PEOPLE)


def interrupt_after(seconds: float) -> None:
    """Ctrl+C in this process, a little later."""
    timer = threading.Timer(seconds, signal.raise_signal, [signal.SIGINT])
    timer.daemon = True
    timer.start()


@pytest.mark.skipif(os.name == "nt", reason="signals differ there")
def test_ctrl_c_in_the_time_to_undo_takes_the_launch_back(sending: CommandLine) -> None:
    # A process of its own: the signal has to reach its main thread while it waits.
    command = [sys.executable, "-m", "workbench.app", "campaign", "launch", "Autumn", "-w", str(sending.workspace)]
    with subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as running:
        assert running.stderr is not None
        for line in running.stderr:
            if "Ctrl+C" in line:
                break
        time.sleep(0.3)
        running.send_signal(signal.SIGINT)
        _, err = running.communicate(timeout=30)
    assert running.returncode == Code.CANCELLED
    assert "nothing was sent" in err
    assert sending.answer("campaign", "status", "Autumn")["state"] == "cancelled"
    assert sending.answer("workspace", "show")["mailbox"] == 0


@pytest.mark.skipif(os.name == "nt", reason="signals differ there")
def test_ctrl_c_cancels_an_import_without_a_trace(shop: CommandLine, tmp_path: Path) -> None:
    count = 2_000_000
    numbers = pa.array(range(count))
    address = pc.binary_join_element_wise("p", numbers.cast("string"), pa.scalar("@example.com"), "")
    people = tmp_path / "people.parquet"
    pq.write_table(pa.table({"Address": address, "ChannelType": ["EMAIL"] * count, "Metrics.n": numbers}), people)
    interrupt_after(0.8)
    said = shop("import", str(people), "--as", "endpoints", "--json")
    assert (said.code, said.json()["code"]) == (Code.CANCELLED, 130)
    assert shop.answer("workspace", "show")["endpoints"] == 0


class Refusing:
    """A mail server that knows nobody whose address holds a 3."""

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if "3" in address:
            return "550 5.1.1 nobody here"
        envelope.rcpt_tos.append(address)
        return "250 ok"

    async def handle_DATA(self, _server: SMTP, _session: Session, _envelope: Envelope) -> str:  # noqa: N802 - the same
        return "250 taken"


@pytest.fixture
def refusing() -> Iterator[Controller]:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    controller = Controller(Refusing(), hostname="127.0.0.1", port=port)
    controller.start()
    yield controller
    controller.stop()


def test_a_message_that_failed_is_told_by_the_exit_code(
    sending: CommandLine, tmp_path: Path, refusing: Controller
) -> None:
    channel = {"kind": "smtp", "name": "Strict", "host": "127.0.0.1", "port": refusing.port, "security": "none"}
    sending.answer("channel", "set", write_json(tmp_path / "c.json", channel))
    put(sending, tmp_path, "Strictly", "Strict")
    failing = sum("3" in str(number) for number in range(PEOPLE))
    said = sending("campaign", "launch", "Strictly", "--undo", "0", "--json")
    assert said.code == Code.SENDING
    states = json.loads(said.out)["states"]
    assert (states["failed"], states["accepted"]) == (failing, PEOPLE - failing)
    assert f"{failing} messages of Strictly" in said.err
    rows = sending.answer("campaign", "outbox", "Strictly", "--state", "failed")["rows"]
    assert {row["words"] for row in rows} == {"550 5.1.1 nobody here"}
