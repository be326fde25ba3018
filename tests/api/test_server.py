import json
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.kit import engine_on
from workbench.api import asks
from workbench.api.server import Server, serve
from workbench.engine import doorbell
from workbench.engine.loop import Engine
from workbench.engine.news import News, RaiseWindow


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    with engine_on(tmp_path / "shop.workbench") as running:
        yield running


@pytest.fixture
def server(engine: Engine) -> Server:
    return engine.ask(serve, engine, "window", "1.2").result()


def request(
    server: Server, method: str, path: str, body: bytes = b"", *, token: str | None = None, host: str | None = None
) -> tuple[int, bytes]:
    where = urlsplit(server.bell.url)
    connection = HTTPConnection(where.hostname or "", where.port, timeout=20)
    headers = {"Authorization": f"Bearer {server.bell.token if token is None else token}"}
    if host is not None:
        headers["Host"] = host
    try:
        connection.request(method, path, body, headers)
        response = connection.getresponse()
        return response.status, response.read()
    finally:
        connection.close()


def test_it_says_who_it_is(server: Server, engine: Engine) -> None:
    status, body = request(server, "GET", "/workbench")
    said = json.loads(body)
    assert (status, said["name"], said["version"], said["pid"]) == (200, "workbench", "1.2", server.bell.pid)
    assert doorbell.answering(engine.path) == server.bell


@pytest.mark.parametrize("token", ["", "wrong", "Bearer"])
@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/workbench"), ("POST", "/asks/workspace/overview"), ("GET", "/x")]
)
def test_nothing_is_said_without_the_token(server: Server, method: str, path: str, token: str) -> None:
    assert request(server, method, path, token=token) == (401, b"")


@pytest.mark.parametrize("host", ["evil.example", "evil.example:80", "127.0.0.1", "127.0.0.1:1", ""])
def test_another_host_name_is_turned_away(server: Server, host: str) -> None:
    assert request(server, "GET", "/workbench", host=host)[0] == 421


def test_an_ask_is_answered_by_the_functions_own_types(server: Server) -> None:
    segment = {"name": "All", "root": {"kind": "group", "mode": "all", "items": []}}
    status, body = request(server, "POST", "/asks/segments/save", json.dumps({"segment": segment}).encode())
    assert status == 200
    status, body = request(server, "POST", "/asks/segments/get", json.dumps({"segment_id": json.loads(body)}).encode())
    assert (status, json.loads(body)["name"]) == (200, "All")


@pytest.mark.parametrize(
    ("path", "body", "status", "kind"),
    [
        ("/asks/segments/get", b'{"segment_id": "none"}', 404, "not_found"),
        ("/asks/segments/no_such", b"{}", 404, "not_found"),
        ("/asks/loop/Engine", b"{}", 404, "not_found"),
        ("/asks/segments/_private", b"{}", 404, "not_found"),
        ("/asks/definitions/remove", b'{"kind": "segment"}', 404, "not_found"),
        ("/asks/segments/get", b"not json", 422, "refused"),
        ("/asks/segments/get", b"[]", 422, "refused"),
        ("/asks/segments/get", b"{}", 422, "refused"),
        ("/asks/segments/get", b'{"segment_id": "x", "more": 1}', 422, "refused"),
        ("/asks/workspace/save_settings", b'{"workspace": {"timezone": "Mars/Phobos"}}', 422, "refused"),
    ],
)
def test_a_refusal_says_which(server: Server, path: str, body: bytes, status: int, kind: str) -> None:
    answer = request(server, "POST", path, body)
    said = json.loads(answer[1])
    assert (answer[0], said["kind"]) == (status, kind)
    assert said["error"]


def test_problems_come_with_their_fields(server: Server) -> None:
    body = {"workspace": {"name": "", "timezone": "Mars/Phobos"}}
    _, said = request(server, "POST", "/asks/workspace/save_settings", json.dumps(body).encode())
    assert [problem["where"] for problem in json.loads(said)["problems"]] == ["name", "timezone"]
    _, said = request(server, "POST", "/asks/segments/save", b'{"segment": {"root": {"mode": "some"}}}')
    assert json.loads(said)["problems"][0]["where"] == "segment.root.mode"


def test_a_body_without_end_is_turned_away(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asks, "BODY_LIMIT", 1000)
    status, said = request(server, "POST", "/asks/segments/save", b" " * 2000)
    assert (status, json.loads(said)["kind"]) == (413, "too_large")


def test_a_window_is_raised_by_news(server: Server, engine: Engine) -> None:
    heard: list[News] = []
    engine.subscribe(heard.append)
    assert doorbell.raise_window(server.bell)
    assert heard == [RaiseWindow()]


def test_a_command_has_no_window_to_raise(engine: Engine) -> None:
    server = engine.ask(serve, engine, "run", "1").result()
    assert not doorbell.raise_window(server.bell)


def test_the_bell_goes_with_the_engine(tmp_path: Path) -> None:
    path = tmp_path / "other.workbench"
    with engine_on(path) as engine:
        server = engine.ask(serve, engine, "run", "1").result()
        assert doorbell.answering(path) == server.bell
    assert not doorbell.bell_path(path).exists()
    with pytest.raises(doorbell.NobodyAnswersError):
        doorbell.ring(server.bell, "GET", "/workbench", timeout=2)


def test_a_stopped_server_leaves_the_engine_running(server: Server, engine: Engine) -> None:
    async def stop(_desk: object) -> None:
        await server.stop()

    engine.ask(stop).result()
    assert not doorbell.bell_path(engine.path).exists()
    assert engine.ask(_one).result() == 1


async def _one(_desk: object) -> int:
    return 1
