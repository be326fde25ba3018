"""The templates page by mouse and keyboard."""

import pytest
import shiboken6
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton, QToolButton
from pytestqt.qtbot import QtBot

from tests.gui.finding import find
from tests.gui.shop import Shop, furnished
from tests.gui.stage import Stage, browser
from workbench.engine.desk import AskError
from workbench.gui.parts.sheet import Sheet
from workbench.gui.parts.toast import Toast
from workbench.gui.templates.code import CodeEdit
from workbench.gui.templates.page import TemplatesPage
from workbench.plan.channel import ChannelTest
from workbench.plan.template import Template

pytestmark = browser


@pytest.fixture
def shop() -> Shop:
    return furnished()


@pytest.fixture
def stage(qtbot: QtBot, shop: Shop) -> Stage[TemplatesPage]:
    return Stage(qtbot, shop, TemplatesPage)


def stored(shop: Shop, name: str) -> str:
    return next(key for key, (line, _gone) in shop.stored["templates"].items() if line.name == name)


def opened(qtbot: QtBot, stage: Stage[TemplatesPage], name: str = "Welcome") -> str:
    template_id = stored(stage.shop, name)
    stage.page.open(template_id)
    qtbot.waitUntil(lambda: stage.page.editor.template_id() == template_id)
    qtbot.waitUntil(lambda: stage.page.editor.preview.shown() is not None)
    stage.settle(qtbot)
    return template_id


def test_the_list_shows_every_template_and_return_opens_one(qtbot: QtBot, stage: Stage[TemplatesPage]) -> None:
    table = stage.page.table
    assert [line.cells[0] for line in table.lines()] == ["Welcome", "Autumn letter"]
    table.choose(1)
    qtbot.keyClick(table.view, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: stage.page.editor.name.text() == "Autumn letter")
    qtbot.mouseClick(find(stage.page.editor, QPushButton, "crumb"), Qt.MouseButton.LeftButton)
    assert table.isVisible()


def test_search_keeps_only_what_fits(qtbot: QtBot, stage: Stage[TemplatesPage]) -> None:
    qtbot.keyClicks(stage.page.search, "autumn")
    qtbot.waitUntil(lambda: len(stage.page.table.lines()) == 1)
    assert stage.page.table.lines()[0].cells[0] == "Autumn letter"


def test_new_makes_a_letter_and_puts_the_cursor_on_its_name(qtbot: QtBot, stage: Stage[TemplatesPage]) -> None:
    qtbot.mouseClick(find(stage.page.list, QPushButton, "new_template"), Qt.MouseButton.LeftButton)
    editor = stage.page.editor
    qtbot.waitUntil(lambda: editor.name.text() == "New template")
    qtbot.waitUntil(editor.name.hasFocus)
    qtbot.keyClicks(editor.name, "Spring")
    document = editor.document()
    assert document is not None
    qtbot.waitUntil(lambda: document.is_saved and stage.bridge.waiting() == 0)
    assert Template.from_json(stage.shop.get("templates", editor.template_id())).name == "Spring"


@pytest.mark.parametrize("way", ["new", "open", "duplicate"])
def test_the_last_words_in_a_template_are_its_own_when_another_is_opened(
    qtbot: QtBot, stage: Stage[TemplatesPage], way: str
) -> None:
    welcome, autumn = opened(qtbot, stage), stored(stage.shop, "Autumn letter")
    editor = stage.page.editor
    editor.subject.setFocus()
    editor.subject.selectAll()
    qtbot.keyClicks(editor.subject, "Hello again")
    # Within the pause before it saves itself.
    match way:
        case "new":
            stage.page.new()
        case "open":
            stage.page.open(autumn)
        case _:
            stage.page.duplicate(autumn)
    qtbot.waitUntil(lambda: editor.template_id() != welcome)
    stage.settle(qtbot)
    assert Template.from_json(stage.shop.get("templates", welcome)).subject == "Hello again"
    assert Template.from_json(stage.shop.get("templates", editor.template_id())).subject != "Hello again"
    assert editor.header.pill.text() == "Saved"


def test_a_template_that_could_not_be_saved_is_told_though_another_is_open(
    qtbot: QtBot, stage: Stage[TemplatesPage]
) -> None:
    opened(qtbot, stage)
    stage.shop.answers["templates.save"] = AskError("The disk is full.")
    unheard: list[str] = []
    stage.bridge.unheard.connect(lambda error: unheard.append(str(error)))
    qtbot.keyClicks(stage.page.editor.subject, "Hello again")
    stage.page.open(stored(stage.shop, "Autumn letter"))
    qtbot.waitUntil(lambda: unheard == ["The disk is full."])
    assert stage.page.editor.header.pill.text() == "Saved"
    stage.settle(qtbot)


def test_a_template_that_could_not_be_saved_is_told_though_the_page_was_left(
    qtbot: QtBot, stage: Stage[TemplatesPage]
) -> None:
    opened(qtbot, stage)
    stage.shop.answers["templates.save"] = AskError("The disk is full.")
    unheard: list[str] = []
    stage.bridge.unheard.connect(lambda error: unheard.append(str(error)))
    qtbot.keyClicks(stage.page.editor.subject, "Hello again")
    stage.page.leave()
    stage.page.hide()
    qtbot.waitUntil(lambda: unheard == ["The disk is full."])
    assert stage.page.editor.header.pill.text() == "Not saved"


def test_what_is_typed_with_pauses_is_one_version(qtbot: QtBot, stage: Stage[TemplatesPage]) -> None:
    template_id = opened(qtbot, stage)
    for _ in range(3):
        qtbot.keyClicks(stage.page.editor.subject, "!")
        stage.page.leave()
        stage.settle(qtbot)
    assert stage.shop.stored["templates"][template_id][0].version == 2
    stage.page.new()
    qtbot.waitUntil(lambda: stage.page.editor.template_id() != template_id)
    qtbot.keyClicks(stage.page.editor.name, "Spring")
    stage.page.leave()
    stage.settle(qtbot)
    newest = stage.shop.stored["templates"][stage.page.editor.template_id()][0]
    assert (newest.name, newest.version) == ("Spring", 1)


def test_delete_offers_to_bring_it_back(qtbot: QtBot, stage: Stage[TemplatesPage]) -> None:
    table = stage.page.table
    table.choose(0)
    table.view.setFocus()
    qtbot.keyClick(table.view, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: [line.cells[0] for line in table.lines()] == ["Autumn letter"])
    toast = stage.window.findChild(Toast)
    assert toast is not None
    toast.undo()
    qtbot.waitUntil(lambda: len(table.lines()) == 2)


def test_duplicate_opens_a_copy(qtbot: QtBot, stage: Stage[TemplatesPage]) -> None:
    stage.page.duplicate(stored(stage.shop, "Welcome"))
    qtbot.waitUntil(lambda: stage.page.editor.name.text() == "Welcome, copy")
    assert len(stage.shop.stored["templates"]) == 3


def test_the_preview_is_rendered_for_the_person_and_follows_to_the_next(
    qtbot: QtBot, stage: Stage[TemplatesPage]
) -> None:
    opened(qtbot, stage)
    preview = stage.page.editor.preview
    qtbot.waitUntil(lambda: preview.subject.whole() == "Anna, a warm welcome")
    qtbot.mouseClick(find(preview, QToolButton, "person_after"), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: preview.subject.whole() == "Иван, a warm welcome")
    assert "Иван, a warm welcome</h1>" in preview.html.html()
    assert "Kazan" in preview.text.toPlainText()


def test_typing_dims_the_preview_until_it_is_rendered_again(qtbot: QtBot, stage: Stage[TemplatesPage]) -> None:
    opened(qtbot, stage)
    editor = stage.page.editor
    editor.html.moveCursor(editor.html.textCursor().MoveOperation.End)
    qtbot.keyClicks(editor.html, "<p>More</p>")
    assert editor.preview.is_stale()
    qtbot.waitUntil(lambda: not editor.preview.is_stale())
    assert "<p>More</p>" in editor.preview.html.html()


def test_half_a_tag_keeps_the_last_picture_and_says_what_is_wrong(qtbot: QtBot, stage: Stage[TemplatesPage]) -> None:
    opened(qtbot, stage)
    editor = stage.page.editor
    good = editor.preview.html.html()
    editor.html.moveCursor(editor.html.textCursor().MoveOperation.End)
    qtbot.keyClicks(editor.html, "{% if ")
    qtbot.waitUntil(lambda: bool(editor.preview.problem.text()))
    assert editor.preview.html.html() == good
    assert editor.preview.is_stale()
    qtbot.waitUntil(lambda: any(place.problem.blocks for place in editor.problems.places()))


def test_two_braces_open_completion_and_return_writes_the_field(qtbot: QtBot, stage: Stage[TemplatesPage]) -> None:
    opened(qtbot, stage)
    subject = stage.page.editor.subject
    subject.setFocus()
    subject.selectAll()
    qtbot.keyClicks(subject, "For {{")
    qtbot.waitUntil(subject.completion().isVisible)
    qtbot.keyClicks(subject, "first")
    assert subject.completion().model().rowCount() == 1
    qtbot.keyClick(subject.completion(), Qt.Key.Key_Return)
    assert subject.text() == "For {{ User.UserAttributes.FirstName }}"


def test_ctrl_space_offers_every_field_and_escape_takes_it_back(qtbot: QtBot, stage: Stage[TemplatesPage]) -> None:
    opened(qtbot, stage)
    html = stage.page.editor.html
    html.setFocus()
    before = html.text()
    qtbot.keyClick(html, Qt.Key.Key_Space, Qt.KeyboardModifier.ControlModifier)
    assert html.completion().isVisible()
    qtbot.keyClick(html.completion(), Qt.Key.Key_Escape)
    assert not html.completion().isVisible()
    assert html.text() == before


def test_an_unknown_field_is_underlined_and_its_line_in_the_list_leads_there(
    qtbot: QtBot, stage: Stage[TemplatesPage]
) -> None:
    opened(qtbot, stage)
    editor = stage.page.editor
    editor.html.moveCursor(editor.html.textCursor().MoveOperation.End)
    qtbot.keyClicks(editor.html, "{{ Attributes.plam }}")
    qtbot.waitUntil(lambda: len(editor.html.marks()) == 1)
    mark = editor.html.marks()[0]
    assert editor.html.text()[mark.start : mark.end] == "Attributes.plam"
    assert "Attributes.plan" in mark.tip
    assert editor.html.extraSelections()
    editor.subject.setFocus()
    row = next(row for row in editor.problems.findChildren(QPushButton) if row.isVisible())
    assert "Did you mean Attributes.plan?" in row.accessibleName()
    qtbot.mouseClick(row, Qt.MouseButton.LeftButton)
    assert stage.window.focusWidget() is editor.html
    assert editor.html.textCursor().selectedText() == "Attributes.plam"


def test_undo_takes_back_a_word_at_a_time_and_ends_at_the_first_text(qtbot: QtBot, stage: Stage[TemplatesPage]) -> None:
    opened(qtbot, stage)
    editor = stage.page.editor
    document = editor.document()
    assert document is not None
    first = document.definition
    editor.html.moveCursor(editor.html.textCursor().MoveOperation.End)
    qtbot.keyClicks(editor.html, "one two three")
    assert document.stack.count() == 3
    assert document.stack.undoText() == "Change HTML"
    document.stack.undo()
    assert editor.html.text().endswith("one two ")
    while document.stack.canUndo():
        document.stack.undo()
    assert document.definition == first
    assert editor.html.text() == first.html


def test_an_emoji_before_the_cursor_does_not_shift_marks(qtbot: QtBot) -> None:
    edit = CodeEdit("x", name="x")
    qtbot.addWidget(edit)
    edit.show_text("🎉🎉 {{ bad }} tail")
    start = edit.text().index("bad")
    edit.jump(start, start + 3)
    assert edit.textCursor().selectedText() == "bad"
    edit.show_text("🎉🎉 {{ good }} tail")
    assert edit.toPlainText() == edit.text() == "🎉🎉 {{ good }} tail"


@pytest.mark.parametrize("pasted", ["one\ntwo", "one\r\ntwo", "one\rtwo\n", "one\u2028two", "one\u2029two"])
def test_a_subject_stays_on_one_line(qtbot: QtBot, pasted: str) -> None:
    edit = CodeEdit("x", single_line=True, name="x")
    qtbot.addWidget(edit)
    QApplication.clipboard().setText(pasted)
    edit.paste()
    qtbot.keyClick(edit, Qt.Key.Key_Return)
    assert edit.text() == "one two"
    assert edit.blockCount() == 1


def test_no_break_spaces_stay_through_typing_and_cutting(qtbot: QtBot, stage: Stage[TemplatesPage]) -> None:
    letter = "<p>10\u00a0000 €</p>\n<p>10\u202f000 €</p>"
    template_id = stage.shop.put("templates", Template(name="Prices", html=letter))
    stage.page.refresh()
    opened(qtbot, stage, "Prices")
    html = stage.page.editor.html
    html.moveCursor(html.textCursor().MoveOperation.End)
    qtbot.keyClicks(html, "!")
    assert html.text() == f"{letter}!"
    html.selectAll()
    html.cut()
    html.paste()
    document = stage.page.editor.document()
    assert document is not None
    qtbot.waitUntil(lambda: document.is_saved and stage.bridge.waiting() == 0)
    assert Template.from_json(stage.shop.get("templates", template_id)).html == f"{letter}!"
    start = html.text().index("000")
    html.jump(start, start + 3)
    assert html.textCursor().selectedText() == "000"


def test_phone_and_text_are_a_press_away(qtbot: QtBot, stage: Stage[TemplatesPage]) -> None:
    opened(qtbot, stage)
    preview = stage.page.editor.preview
    qtbot.mouseClick(preview.switch.button("phone"), Qt.MouseButton.LeftButton)
    assert preview.html.page_width() == 375
    qtbot.mouseClick(preview.switch.button("text"), Qt.MouseButton.LeftButton)
    assert preview.text.isVisible()
    assert "Anna, a warm welcome" in preview.text.toPlainText()


def test_a_test_goes_to_an_address_and_a_wrong_one_is_said_below_the_field(
    qtbot: QtBot, stage: Stage[TemplatesPage]
) -> None:
    opened(qtbot, stage)
    qtbot.mouseClick(find(stage.page.editor, QPushButton, "send_test"), Qt.MouseButton.LeftButton)
    sheet = find(stage.window, Sheet, "send_test_sheet")
    stage.settle(qtbot)
    address = find(sheet, QLineEdit, "test_address")
    qtbot.keyClicks(address, "me")
    qtbot.keyClick(address, Qt.Key.Key_Return)
    assert not any(name == "send_test" for name, _args, _slot in stage.shop.asked)
    qtbot.keyClicks(address, "@example.com")
    qtbot.keyClick(address, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: stage.said == ["The test was sent to me@example.com"])
    asked = next(args for name, args, _slot in stage.shop.asked if name == "send_test")
    assert asked[2] == "me@example.com"


def sending(qtbot: QtBot, stage: Stage[TemplatesPage]) -> Sheet:
    """The sheet of a test that is on its way to me@example.com."""
    qtbot.mouseClick(find(stage.page.editor, QPushButton, "send_test"), Qt.MouseButton.LeftButton)
    sheet = find(stage.window, Sheet, "send_test_sheet")
    stage.settle(qtbot)
    qtbot.keyClicks(find(sheet, QLineEdit, "test_address"), "me@example.com")
    qtbot.keyClick(find(sheet, QLineEdit, "test_address"), Qt.Key.Key_Return)
    return sheet


def test_a_test_is_sent_once_however_often_return_is_pressed(qtbot: QtBot, stage: Stage[TemplatesPage]) -> None:
    opened(qtbot, stage)
    go_on = stage.shop.hold("templates.send_test")
    sheet = sending(qtbot, stage)
    qtbot.keyClick(find(sheet, QLineEdit, "test_address"), Qt.Key.Key_Return)
    qtbot.keyClick(sheet, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    go_on.set()
    stage.settle(qtbot)
    assert [name for name, _args, _slot in stage.shop.asked].count("send_test") == 1
    assert stage.said == ["The test was sent to me@example.com"]


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (ChannelTest(works=True, steps=()), "The test was sent to me@example.com"),
        (
            ChannelTest(works=False, steps=(("Hand over", "550 no"),), problem="The server refuses it."),
            "The test was not sent to me@example.com: The server refuses it. 550 no",
        ),
        (AskError("There is no sender."), "The test was not sent to me@example.com: There is no sender."),
    ],
)
def test_what_became_of_a_test_is_told_though_its_sheet_was_closed(
    qtbot: QtBot, stage: Stage[TemplatesPage], answer: ChannelTest | AskError, said: str
) -> None:
    opened(qtbot, stage)
    stage.shop.answers["templates.send_test"] = answer
    go_on = stage.shop.hold("templates.send_test")
    sheet = sending(qtbot, stage)
    qtbot.keyClick(sheet, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not shiboken6.isValid(sheet))
    go_on.set()
    qtbot.waitUntil(lambda: stage.said == [said])


def test_the_sheet_may_be_closed_before_it_knows_the_channels(qtbot: QtBot, stage: Stage[TemplatesPage]) -> None:
    opened(qtbot, stage)
    go_on = stage.shop.hold("channels.listed")
    qtbot.mouseClick(find(stage.page.editor, QPushButton, "send_test"), Qt.MouseButton.LeftButton)
    sheet = find(stage.window, Sheet, "send_test_sheet")
    qtbot.keyClick(sheet, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not shiboken6.isValid(sheet))
    go_on.set()
    stage.settle(qtbot)
    assert stage.said == []


def test_use_in_a_campaign_goes_there_with_the_template(qtbot: QtBot, stage: Stage[TemplatesPage]) -> None:
    template_id = opened(qtbot, stage)
    qtbot.mouseClick(find(stage.page.editor, QPushButton, "use_template"), Qt.MouseButton.LeftButton)
    assert stage.went == [("campaigns", f"new?template_id={template_id}")]


def test_an_empty_list_offers_the_first_template(qtbot: QtBot) -> None:
    stage = Stage(qtbot, Shop(people=0), TemplatesPage)
    button = find(stage.page, QPushButton, "templates_empty_action")
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton, pos=QPoint(5, 5))
    qtbot.waitUntil(lambda: stage.page.editor.name.text() == "New template")
    stage.settle(qtbot)
