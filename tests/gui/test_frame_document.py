import random

from pytestqt.qtbot import QtBot

from workbench.gui.document import Document
from workbench.plan.definition import Definition


class Note(Definition):
    title: str = ""
    lines: tuple[str, ...] = ()


def edit(note: Note, chance: random.Random) -> Note:
    match chance.randrange(3):
        case 0:
            return note.model_copy(update={"title": note.title + chance.choice("abc")})
        case 1:
            return note.model_copy(update={"lines": (*note.lines, chance.choice("xyz"))})
        case _:
            return note.model_copy(update={"lines": note.lines[:-1]})


def test_fifty_edits_and_fifty_undos_give_the_first_definition() -> None:
    for seed in range(20):
        chance = random.Random(seed)  # noqa: S311 - a seeded game, no secret
        first = Note(title="first")
        document = Document(first)
        for number in range(50):
            document.replace(
                edit(document.definition, chance), f"Edit {number}", key=chance.choice(["", "title", "line"])
            )
        last = document.definition
        for _ in range(50):
            document.stack.undo()
        assert document.definition == first
        for _ in range(50):
            document.stack.redo()
        assert document.definition == last


def test_a_typed_word_is_one_step() -> None:
    document = Document(Note())
    for end in range(1, 6):
        document.replace(Note(title="hello"[:end]), "Change title", key="title")
    assert document.stack.count() == 1
    assert document.stack.undoText() == "Change title"
    document.stack.undo()
    assert document.definition == Note()


def test_settle_ends_a_step() -> None:
    document = Document(Note())
    document.replace(Note(title="a"), "Change title", key="title")
    document.settle()
    document.replace(Note(title="ab"), "Change title", key="title")
    document.stack.undo()
    assert document.definition == Note(title="a")


def test_typing_back_to_the_start_leaves_no_step() -> None:
    document = Document(Note())
    document.replace(Note(title="a"), "Change title", key="title")
    document.replace(Note(), "Change title", key="title")
    assert not document.stack.canUndo()
    assert document.definition == Note()


def test_the_same_definition_is_no_edit() -> None:
    document = Document(Note(title="a"))
    document.replace(Note(title="a"), "Change title")
    assert document.stack.count() == 0


def test_drafts_save_themselves_once_after_a_pause(qtbot: QtBot) -> None:
    kept: list[Note] = []
    document = Document(Note(), kept.append)
    with qtbot.waitSignal(document.saved, timeout=3000):
        for end in range(1, 6):
            document.replace(Note(title="hello"[:end]), "Change title", key="title")
        assert kept == []
        assert not document.is_saved
    assert kept == [Note(title="hello")]
    assert document.is_saved


def test_leaving_saves_at_once_and_a_refused_save_is_tried_again() -> None:
    kept: list[Note] = []
    document = Document(Note(), kept.append)
    document.replace(Note(title="a"), "Change title")
    document.flush()
    document.flush()
    assert kept == [Note(title="a")]
    document.unsaved()
    document.flush()
    assert kept == [Note(title="a"), Note(title="a")]


def test_another_definition_has_no_way_back() -> None:
    document = Document(Note())
    document.replace(Note(title="a"), "Change title")
    document.load(Note(title="other"))
    assert not document.stack.canUndo()
    assert document.is_saved


def test_each_save_tells_which_it_amends() -> None:
    told: list[tuple[str, str | None]] = []

    def keep(note: Note) -> None:
        told.append((note.title, document.amends.title if document.amends else None))

    document = Document(Note(), keep)
    for title in ("a", "ab", "abc"):
        document.replace(Note(title=title), "Change title")
        document.flush()
    document.unsaved()
    document.replace(Note(title="abcd"), "Change title")
    document.flush()
    document.load(Note(title="other"))
    document.replace(Note(title="others"), "Change title")
    document.flush()
    expected: list[tuple[str, str | None]] = [
        ("a", None), ("ab", "a"), ("abc", "ab"), ("abcd", "ab"), ("others", None),
    ]  # fmt: skip
    assert told == expected


def test_what_was_made_to_be_edited_is_amended_by_the_first_save() -> None:
    told: list[Note | None] = []
    document = Document(Note(), lambda _note: told.append(document.amends), fresh=True)
    document.replace(Note(title="a"), "Change title")
    document.flush()
    assert told == [Note()]


def test_what_the_editor_keeps_back_is_amended_by_nothing() -> None:
    told: list[str | None] = []

    def keep(note: Note) -> None:
        if note.title == "bad":
            document.unsaved()
        else:
            told.append(document.amends.title if document.amends else None)

    document = Document(Note(), keep)
    for title in ("a", "bad", "b"):
        document.replace(Note(title=title), "Change title")
        document.flush()
    assert told == [None, "a"]
