from collections.abc import Iterator
from pathlib import Path

import keyring
import pytest
from keyring.backend import KeyringBackend

from tests.kit import engine_on
from workbench.engine import opening, workspace
from workbench.engine.opening import Wish


class Drawer(KeyringBackend):
    """A keyring in memory."""

    priority = 1.0

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # keyring is typed in part
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.kept[service, username]


@pytest.fixture
def drawer(monkeypatch: pytest.MonkeyPatch) -> Iterator[Drawer]:
    made = Drawer()
    before = keyring.get_keyring()
    keyring.set_keyring(made)
    monkeypatch.delenv(opening.KEY_VARIABLE, raising=False)
    yield made
    keyring.set_keyring(before)


@pytest.fixture(autouse=True)
def own_data_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    monkeypatch.setattr("platformdirs.user_data_path", lambda *_, **__: folder)
    folder.mkdir()
    return folder


def test_a_new_workspace_opens_again(tmp_path: Path) -> None:
    path = tmp_path / "shop.workbench"
    with engine_on(path) as engine:
        assert engine.ask(workspace.settings).result().name == "shop"
    with engine_on(path) as engine:
        assert engine.ask(workspace.overview).result().endpoints == 0


def test_the_same_file_twice_is_in_use(tmp_path: Path) -> None:
    path = tmp_path / "shop.workbench"
    with engine_on(path), pytest.raises(opening.InUseError, match=r"shop\.workbench is already open"):
        opening.open_now(Wish(path))
    with engine_on(path) as engine:
        assert engine.ask(workspace.overview).result().name == "shop"


def test_what_is_no_workspace_is_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "letter.workbench"
    path.write_text("Dear all, " * 5000, encoding="utf-8")
    before = path.read_bytes()
    with pytest.raises(opening.StoreError, match="not a workspace"):
        opening.open_now(Wish(path))
    assert path.read_bytes() == before
    with pytest.raises(opening.FileMissingError):
        opening.open_now(Wish(tmp_path / "none.workbench"))


@pytest.mark.usefixtures("drawer")
def test_an_encrypted_file_wants_its_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "secret.workbench"
    with engine_on(path, key="open sesame") as engine:
        assert engine.ask(workspace.overview).result().encrypted
    with pytest.raises(opening.KeyNeededError):
        opening.open_now(Wish(path))
    with pytest.raises(opening.WrongKeyError):
        opening.open_now(Wish(path, key="open barley"))
    monkeypatch.setenv(opening.KEY_VARIABLE, "open sesame")
    opening.open_now(Wish(path, sending=False)).stop()


def test_the_keyring_keeps_the_key(tmp_path: Path, drawer: Drawer) -> None:
    path = tmp_path / "secret.workbench"
    opening.open_now(Wish(path, create=True, key="open sesame", remember_key=True)).stop()
    assert list(drawer.kept.values()) == ["open sesame"]
    opening.open_now(Wish(path, sending=False)).stop()


def test_without_a_keyring_the_key_is_not_kept(tmp_path: Path, drawer: Drawer, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise keyring.errors.NoKeyringError

    monkeypatch.setattr(drawer, "set_password", refuse)
    assert not opening.keep_key(tmp_path / "secret.workbench", "open sesame")


def test_opening_on_a_thread_gives_a_future(tmp_path: Path) -> None:
    engine = opening.begin(Wish(tmp_path / "shop.workbench", create=True, sending=False)).result(30)
    engine.stop()
    with pytest.raises(opening.FileMissingError):
        opening.begin(Wish(tmp_path / "none.workbench")).result(30)


def test_the_newest_workspaces_come_first_and_lost_ones_not_at_all(tmp_path: Path) -> None:
    paths = [tmp_path / f"{number}.workbench" for number in range(15)]
    for path in paths:
        path.touch()
        opening.note_recent(path)
    opening.note_recent(paths[5])
    assert opening.recent()[:2] == (paths[5], paths[14])
    assert len(opening.recent()) == 12
    paths[14].unlink()
    assert opening.recent()[1] == paths[13]


@pytest.mark.parametrize("content", ["", "not json", "{}", '[1, "relative"]'])
def test_a_broken_list_of_recent_workspaces_is_an_empty_one(own_data_folder: Path, content: str) -> None:
    (own_data_folder / "recent.json").write_text(content, encoding="utf-8")
    assert opening.recent() == ()


def test_throwing_the_sample_away_leaves_its_neighbours(own_data_folder: Path, tmp_path: Path) -> None:
    neighbour = own_data_folder / "sample.workbench2"
    neighbour.touch()
    with engine_on(opening.sample_path()):
        (own_data_folder / "sample.workbench.mailbox").mkdir()
        with pytest.raises(opening.InUseError):
            opening.throw_away_sample()
    opening.throw_away_sample()
    assert [path.name for path in own_data_folder.iterdir()] == [neighbour.name]
    opening.throw_away_sample()
    assert not (tmp_path / "sample.workbench").exists()


def test_the_usual_extension_is_added() -> None:
    assert opening.whole_path("shop").name == "shop.workbench"
    assert opening.whole_path("shop.duck").name == "shop.duck"
