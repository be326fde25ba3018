"""Secrets: the keyring first, then the environment, and a clear refusal where nothing can hold them."""

import asyncio

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.backends import fail

from workbench.channels.secrets import Secrets, SecretsError, variable


class Memory(KeyringBackend):
    """A keyring that forgets."""

    priority = 1

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # keyring is typed in part
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        if self.kept.pop((service, username), None) is None:
            raise keyring.errors.PasswordDeleteError("not there")


@pytest.fixture
def backend(monkeypatch: pytest.MonkeyPatch) -> Memory:
    memory = Memory()
    monkeypatch.setattr(keyring.core, "_keyring_backend", memory)
    return memory


def test_kept_read_and_removed(backend: Memory) -> None:
    secrets = Secrets()
    asyncio.run(secrets.put("w", "c1", "hush"))
    assert asyncio.run(secrets.get("w", "c1")) == "hush"
    assert asyncio.run(secrets.get("other", "c1")) is None
    asyncio.run(secrets.put("w", "c1", ""))
    asyncio.run(secrets.put("w", "c1", ""))
    assert asyncio.run(secrets.get("w", "c1")) is None
    assert backend.kept == {}


def test_the_environment_stands_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keyring.core, "_keyring_backend", fail.Keyring())  # type: ignore[no-untyped-call]  # the same
    monkeypatch.setenv("WORKBENCH_SECRET_A1_B2", "hush")
    assert variable("a1-b2") == "WORKBENCH_SECRET_A1_B2"
    assert asyncio.run(Secrets().get("w", "a1-b2")) == "hush"
    with pytest.raises(SecretsError, match="WORKBENCH_SECRET_A1_B2"):
        asyncio.run(Secrets().put("w", "a1-b2", "x"))


def test_without_a_keyring_a_secret_is_known_until_the_program_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keyring.core, "_keyring_backend", fail.Keyring())  # type: ignore[no-untyped-call]  # the same
    here, elsewhere = Secrets(), Secrets()
    with pytest.raises(SecretsError, match="until this program ends"):
        asyncio.run(here.put("w", "c1", "hush"))
    assert asyncio.run(here.get("w", "c1")) == "hush"
    assert asyncio.run(elsewhere.get("w", "c1")) is None
    asyncio.run(here.put("w", "c1", ""))
    assert asyncio.run(here.get("w", "c1")) is None


def test_couriers_do_not_inherit_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    from workbench.channels.child import environment  # noqa: PLC0415 - beside what it is about

    monkeypatch.setenv("WORKBENCH_SECRET_A1", "hush")
    assert "WORKBENCH_SECRET_A1" not in environment()
