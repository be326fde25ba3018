"""Sending against servers that misbehave, by the real engine and real courier processes."""

import ssl
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests import crowd
from tests.mailserver import CLOSE, SILENCE, Answers, MailServer, Moment
from workbench.engine import campaigns, channels
from workbench.engine.desk import AskError
from workbench.engine.folding import folder_of
from workbench.engine.loop import Engine
from workbench.engine.session import Session
from workbench.plan.campaign import OutboxPage, RunStatus
from workbench.plan.channel import FolderChannel, SandboxChannel, SmtpChannel
from workbench.plan.template import Template


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    made = Engine(tmp_path / "shop.workbench", create=True)
    made.start().result(60)
    made.desk.sender.schedule = (0.2, 0.2, 0.2)
    try:
        yield made
    finally:
        made.stop()


def channel_to(server: MailServer, **changes: object) -> SmtpChannel:
    channel = SmtpChannel(name="Test", host="127.0.0.1", port=server.port, security="none", connections=2)
    return channel.model_copy(update=changes)


def until(engine: Engine, run: str, wanted: Callable[[RunStatus], bool], seconds: float = 30.0) -> RunStatus:
    deadline = time.monotonic() + seconds
    while True:
        status = crowd.status(engine, run)
        if wanted(status):
            return status
        assert time.monotonic() < deadline, status
        time.sleep(0.05)


def ended(status: RunStatus) -> bool:
    return status.state in {"finished", "paused", "cancelled"}


def send(engine: Engine, server: MailServer, people: int = 20, **changes: object) -> RunStatus:
    crowd.gather(engine, people)
    run = crowd.launch(engine, crowd.compose(engine, channel_to(server, **changes)))
    return until(engine, run, ended)


def rows(engine: Engine, run: str, state: str = "") -> OutboxPage:
    page: OutboxPage = crowd.answer(engine, campaigns.outbox, run, state, "", 0, 1000)
    return page


def recipients(server: MailServer) -> Counter[str]:
    return Counter(mail.recipient for mail in server.accepted)


@pytest.mark.parametrize("offers", [("PIPELINING", "8BITMIME"), ()])
def test_everyone_gets_one_message(engine: Engine, offers: tuple[str, ...]) -> None:
    with MailServer(Answers(offers=offers)) as server:
        status = send(engine, server, 50)
    assert (status.state, status.states) == ("finished", {"accepted": 50})
    assert recipients(server) == {f"p{number}@example.com": 1 for number in range(50)}
    assert all(b"Subject: =?utf-8?b?" in mail.content for mail in server.accepted)
    assert not server.greetings[0].endswith(" localhost")


def test_one_refused_recipient_disturbs_no_other(engine: Engine) -> None:
    answers = Answers(rcpt=lambda at: "550 5.1.1 nobody here" if at.recipient.startswith("p7@") else "250 Ok")
    with MailServer(answers) as server:
        status = send(engine, server)
    assert (status.state, status.states) == ("finished", {"accepted": 19, "failed": 1})
    (row,) = rows(engine, status.run_id, "failed").rows
    assert (row.address, row.words) == ("p7@example.com", "550 5.1.1 nobody here")


def test_refused_content_fails_that_message(engine: Engine) -> None:
    answers = Answers(end=lambda at: "554 5.7.1 spam" if at.recipient.startswith("p3@") else "250 Ok")
    with MailServer(answers) as server:
        status = send(engine, server)
    assert status.states == {"accepted": 19, "failed": 1}
    assert max(recipients(server).values()) == 1


def test_temporary_faults_are_tried_again(engine: Engine) -> None:
    refused: set[str] = set()

    def later(at: Moment) -> str:
        if at.recipient in refused or not at.recipient.startswith("p1"):
            return "250 Ok"
        refused.add(at.recipient)
        return "451 4.7.1 greylisted"

    with MailServer(Answers(rcpt=later)) as server:
        status = send(engine, server)
    assert status.states == {"accepted": 20}
    assert {row.attempts for row in rows(engine, status.run_id).rows if row.address.startswith("p1")} == {2}
    assert max(recipients(server).values()) == 1


def test_tries_are_limited(engine: Engine) -> None:
    with MailServer(Answers(rcpt=lambda at: "451 later" if at.recipient.startswith("p5@") else "250 Ok")) as server:
        status = send(engine, server)
    assert status.states == {"accepted": 19, "failed": 1}
    (row,) = rows(engine, status.run_id, "failed").rows
    assert row.attempts == 4


def test_a_server_that_closes_after_some_messages_gets_all(engine: Engine) -> None:
    answers = Answers(mail=lambda at: "421 4.7.0 too many messages" if at.message > 3 else "250 Ok")
    with MailServer(answers) as server:
        status = send(engine, server)
    assert (status.state, status.states) == ("finished", {"accepted": 20})
    assert max(recipients(server).values()) == 1
    assert server.connections >= 6


def test_closed_between_message_and_reply_is_unknown_and_not_sent_again(engine: Engine) -> None:
    answers = Answers(end=lambda at: CLOSE if at.recipient.startswith("p4@") else "250 Ok")
    with MailServer(answers) as server:
        status = send(engine, server)
        assert (status.state, status.states) == ("finished", {"accepted": 19, "unknown": 1})
        assert recipients(server)["p4@example.com"] == 1
        server.answers.end = lambda _: "250 Ok"
        assert crowd.answer(engine, campaigns.settle_unknown, status.run_id, False) == 1  # noqa: FBT003 - the choice
        status = until(engine, status.run_id, lambda run: run.states == {"accepted": 20} and ended(run))
        assert recipients(server)["p4@example.com"] == 2


def test_unknown_can_be_counted_as_sent(engine: Engine) -> None:
    with MailServer(Answers(end=lambda at: CLOSE if at.recipient.startswith("p4@") else "250 Ok")) as server:
        status = send(engine, server)
        assert crowd.answer(engine, campaigns.settle_unknown, status.run_id, True) == 1  # noqa: FBT003 - the choice
        assert crowd.status(engine, status.run_id).states == {"accepted": 20}
    assert recipients(server)["p4@example.com"] == 1


def test_a_message_that_never_gets_an_answer_is_unknown(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = Session._job

    async def impatient(session: Session) -> object:
        job, limits = await whole(session)
        return {**job, "patience_at_end": 0.5}, limits

    monkeypatch.setattr(Session, "_job", impatient)
    answers = Answers(end=lambda at: SILENCE if at.recipient.startswith("p2@") else "late 0.05 250 Ok")
    with MailServer(answers) as server:
        status = send(engine, server)
    assert status.states == {"accepted": 19, "unknown": 1}


def test_couriers_that_die_again_and_again_pause_the_run(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = Session._job

    async def broken(session: Session) -> object:
        job, limits = await whole(session)
        return {name: value for name, value in job.items() if name != "message_id"}, limits

    monkeypatch.setattr(Session, "_job", broken)
    with MailServer(Answers()) as server:
        status = send(engine, server)
        assert (status.state, status.states) == ("paused", {"planned": 20})
        assert "end without a word" in status.reason
        monkeypatch.setattr(Session, "_job", whole)
        crowd.answer(engine, campaigns.resume, status.run_id)
        status = until(engine, status.run_id, ended)
    assert status.states == {"accepted": 20}
    assert max(recipients(server).values()) == 1


def test_closed_in_the_middle_of_a_large_message_is_tried_again(engine: Engine) -> None:
    # Seven megabytes do not fit into the system's buffers: its end has not left when the server goes.
    html = "<p>" + ("\N{GRINNING FACE}" * 19 + "\n") * 95_000 + "</p>"
    large = Template(name="Large", subject="Large", html=html, text="Short")
    crowd.gather(engine, 2)
    cut = Answers(cut=lambda at: 10_000 if at.connection == 1 else None)
    with MailServer(cut) as server:
        run = crowd.launch(engine, crowd.compose(engine, channel_to(server, connections=1), large))
        status = until(engine, run, ended, 60)
    assert status.states == {"accepted": 2}
    assert len(server.accepted) == 2


def test_refused_login_pauses_and_loses_nothing(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    crowd.gather(engine, 20)
    with MailServer(Answers(auth=lambda _: "535 5.7.8 wrong password")) as server:
        campaign = crowd.compose(engine, channel_to(server, user="shop", host="127.0.0.1"))
        channel_id = crowd.answer(engine, campaigns.get, campaign).channel_id
        monkeypatch.setenv(f"WORKBENCH_SECRET_{channel_id.upper()}", "guess")
        run = crowd.launch(engine, campaign)
        status = until(engine, run, ended)
        assert status.state == "paused"
        assert "535 5.7.8 wrong password" in status.reason
        assert status.states == {"planned": 20}
        assert server.accepted == []
        server.answers.auth = lambda _: "235 Ok"
        crowd.answer(engine, campaigns.resume, run)
        assert until(engine, run, ended).states == {"accepted": 20}


def test_a_server_that_is_not_there_pauses(engine: Engine) -> None:
    with MailServer() as server:
        gone = server.port
    crowd.gather(engine, 5)
    channel = SmtpChannel(name="Gone", host="127.0.0.1", port=gone, security="none")
    status = until(engine, crowd.launch(engine, crowd.compose(engine, channel)), ended)
    assert status.state == "paused"
    assert "refuses connections" in status.reason
    assert status.states == {"planned": 5}


def test_a_refused_sender_pauses(engine: Engine) -> None:
    with MailServer(Answers(mail=lambda _: "553 5.7.1 sender not verified")) as server:
        status = send(engine, server)
    assert status.state == "paused"
    assert "553 5.7.1 sender not verified" in status.reason
    assert status.states == {"planned": 20}


def test_refusing_everyone_is_the_accounts_fault(engine: Engine) -> None:
    with MailServer(Answers(rcpt=lambda _: "554 5.7.1 blocked")) as server:
        status = send(engine, server, 200)
    assert status.state == "paused"
    assert 50 <= status.states["failed"] <= 60


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> ssl.SSLContext:
    folder = tmp_path_factory.mktemp("tls")
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=test.example",
         "-keyout", str(folder / "key"), "-out", str(folder / "certificate")],
        check=True, capture_output=True,
    )  # fmt: skip
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "certificate", folder / "key")
    return context


def test_an_untrusted_certificate_pauses(engine: Engine, certificate: ssl.SSLContext) -> None:
    with MailServer(tls=certificate) as server:
        status = send(engine, server, security="starttls")
    assert status.state == "paused"
    assert "certificate" in status.reason
    assert server.accepted == []


def test_starttls(engine: Engine, certificate: ssl.SSLContext) -> None:
    with MailServer(tls=certificate) as server:
        status = send(engine, server, security="starttls", verify=False)
    assert status.states == {"accepted": 20}
    assert max(recipients(server).values()) == 1


def test_no_tls_offered_pauses(engine: Engine) -> None:
    with MailServer() as server:
        status = send(engine, server, security="starttls")
    assert status.state == "paused"
    assert server.accepted == []


def test_pause_resume_and_cancel(engine: Engine) -> None:
    crowd.gather(engine, 2_000)
    with MailServer() as server:
        run = crowd.launch(engine, crowd.compose(engine, channel_to(server, rate=400.0)))
        until(engine, run, lambda status: status.states.get("accepted", 0) > 50)
        started = time.monotonic()
        assert crowd.answer(engine, campaigns.pause, run).state == "paused"
        assert time.monotonic() - started < 1
        time.sleep(1.0)
        after_pause = len(server.accepted)
        time.sleep(0.5)
        assert len(server.accepted) == after_pause
        status = until(engine, run, lambda status: "claimed" not in status.states)
        assert status.states == {"accepted": after_pause, "planned": 2_000 - after_pause}
        crowd.answer(engine, campaigns.resume, run)
        until(engine, run, lambda status: status.states.get("accepted", 0) > after_pause + 50)
        crowd.answer(engine, campaigns.cancel, run)
        status = until(engine, run, lambda status: "claimed" not in status.states)
    assert status.state == "cancelled"
    assert status.states == {"accepted": len(server.accepted), "cancelled": 2_000 - len(server.accepted)}
    assert max(recipients(server).values()) == 1


def test_what_is_paused_is_told_beside_what_is_sent(engine: Engine) -> None:
    crowd.gather(engine, 400)
    with MailServer() as server:
        first = crowd.launch(engine, crowd.compose(engine, channel_to(server, rate=50.0)))
        until(engine, first, lambda status: status.states.get("accepted", 0) > 0)
        crowd.answer(engine, campaigns.pause, first)
        second = crowd.launch(engine, crowd.compose(engine, channel_to(server, rate=50.0)))
        until(engine, second, lambda status: status.states.get("accepted", 0) > 0)
        told = crowd.answer(engine, campaigns.sender_state)
        assert (told.state, told.total, told.paused) == ("sending", 400, 1)
        crowd.answer(engine, campaigns.cancel, second)
        told = crowd.answer(engine, campaigns.sender_state)
        assert (told.state, told.total, told.paused) == ("paused", 400, 0)
        crowd.answer(engine, campaigns.cancel, first)


def test_rate_and_connections_hold(engine: Engine) -> None:
    crowd.gather(engine, 300)
    with MailServer() as server:
        started = time.monotonic()
        run = crowd.launch(engine, crowd.compose(engine, channel_to(server, rate=100.0, connections=3)))
        until(engine, run, ended)
        assert time.monotonic() - started > 2.5
    assert len(server.accepted) == 300
    assert server.most_open <= 3


def test_undo_leaves_nothing_sent(engine: Engine) -> None:
    crowd.gather(engine, 10)
    with MailServer() as server:
        run = crowd.launch(engine, crowd.compose(engine, channel_to(server)), undo_seconds=30.0)
        assert crowd.status(engine, run).state == "waiting"
        assert crowd.answer(engine, campaigns.sender_state).state == "waiting"
        status = crowd.answer(engine, campaigns.undo, run)
        assert (status.state, status.states) == ("cancelled", {"cancelled": 10})
        time.sleep(0.5)
    assert server.connections == 0


def test_a_second_click_launches_nothing(engine: Engine) -> None:
    crowd.gather(engine, 5)
    with MailServer() as server:
        campaign = crowd.compose(engine, channel_to(server))
        run = crowd.launch(engine, campaign, undo_seconds=0.5)
        with pytest.raises(AskError, match="being sent"):
            crowd.launch(engine, campaign)
        until(engine, run, ended)
    assert len(server.accepted) == 5


def test_closing_waits_shortly_for_replies_and_what_has_none_is_unknown(tmp_path: Path) -> None:
    path = tmp_path / "closed.workbench"
    first = Engine(path, create=True)
    first.start().result(60)
    crowd.gather(first, 10)
    with MailServer(Answers(end=lambda at: SILENCE if at.message == 3 else "250 Ok")) as server:
        run = crowd.launch(first, crowd.compose(first, channel_to(server, connections=1)))
        until(first, run, lambda status: status.states.get("accepted", 0) == 2)
        started = time.monotonic()
        first.stop()
        assert time.monotonic() - started < 20
    second = Engine(path, sending=False)
    second.start().result(60)
    assert crowd.status(second, run).states == {"accepted": 2, "unknown": 1, "planned": 7}
    second.stop()


def test_no_empty_folder_of_journals_is_left_behind(engine: Engine) -> None:
    folder = folder_of(engine.path)
    with MailServer(Answers()) as server:
        assert send(engine, server).state == "finished"
        deadline = time.monotonic() + 10
        while folder.exists():
            assert time.monotonic() < deadline
            time.sleep(0.02)
    folder.mkdir()  # as a courier leaves it that could not be started
    engine.stop()
    assert not folder.exists()


def test_two_runs_at_once_do_not_share_a_channel(engine: Engine) -> None:
    crowd.gather(engine, 100)
    with MailServer() as server:
        first = crowd.compose(engine, channel_to(server, connections=2))
        second = crowd.answer(engine, campaigns.save, crowd.answer(engine, campaigns.get, first))
        runs = [crowd.launch(engine, campaign) for campaign in (first, second)]
        assert [until(engine, run, ended).states for run in runs] == [{"accepted": 100}] * 2
    assert server.most_open <= 2
    assert set(recipients(server).values()) == {2}


def test_sandbox_and_folder(engine: Engine, tmp_path: Path) -> None:
    crowd.gather(engine, 30)
    run = crowd.launch(engine, crowd.compose(engine, SandboxChannel()))
    assert until(engine, run, ended).states == {"accepted": 30}
    entries = crowd.answer(engine, channels.mailbox, "p12@", 0, 10)
    assert [entry.recipient for entry in entries] == ["p12@example.com"]
    assert entries[0].subject == "Hello Änne12"
    message = crowd.answer(engine, channels.message, entries[0].id)
    assert "Dear Änne12, your plan: pro." in message.html
    assert "Dear Änne12, your plan: pro." in message.text
    folder = tmp_path / "out"
    run = crowd.launch(engine, crowd.compose(engine, FolderChannel(path=str(folder))))
    assert until(engine, run, ended).states == {"accepted": 30}
    assert len(list(folder.rglob("*.eml"))) == 30


def test_who_opts_out_after_the_launch_gets_nothing(engine: Engine) -> None:
    crowd.gather(engine, 20)

    async def opt_out(desk: object) -> None:
        await desk.store.write(lambda cursor: cursor.execute("UPDATE endpoints SET opt_out = 'ALL' WHERE key = 3"))  # type: ignore[attr-defined]  # a desk

    with MailServer() as server:
        run = crowd.launch(engine, crowd.compose(engine, channel_to(server)), undo_seconds=1.0)
        crowd.answer(engine, opt_out)
        status = until(engine, run, ended)
    assert status.states == {"accepted": 19, "cancelled": 1}
    assert "p2@example.com" not in recipients(server)


def test_a_name_cannot_add_a_header(engine: Engine) -> None:
    crowd.gather(engine, 1)

    async def rename(desk: object) -> None:
        await desk.store.write(  # type: ignore[attr-defined]  # a desk
            lambda cursor: cursor.execute("UPDATE users SET u_1 = 'A\r\nBcc: x@example.com\r\n\r\n.\r\n'")
        )

    crowd.answer(engine, rename)
    with MailServer() as server:
        run = crowd.launch(engine, crowd.compose(engine, channel_to(server)))
        assert until(engine, run, ended).states == {"accepted": 1}
    (mail,) = server.accepted
    head = mail.content.partition(b"\r\n\r\n")[0]
    assert b"\nBcc:" not in head
    assert b"A Bcc: x@example.com" in head
