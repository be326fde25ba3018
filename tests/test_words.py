import ast
import importlib.util
import re
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent
#: calls whose text a person sees
SHOWN = {
    "QLabel", "QPushButton", "QToolButton", "QAction", "QCheckBox", "QRadioButton", "setText", "setToolTip", "setTitle",
    "setWindowTitle", "setPlaceholderText", "setAccessibleName", "setAccessibleDescription", "addItem", "addAction",
    "addTab", "setStatusTip", "setWhatsThis", "setLabelText",
}  # fmt: skip


def words_tool() -> Any:  # noqa: ANN401 - a script, loaded by path
    spec = importlib.util.spec_from_file_location("words_tool", ROOT / "packaging" / "words.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_string_has_its_russian() -> None:
    assert words_tool().faults("ru") == []


def marked_strings() -> set[str]:
    """Every text that is given to `tr`, `trn` or `N_`, wherever it stands."""
    calls = (
        node
        for path in (ROOT / "workbench").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in {"tr", "trn", "N_"}
    )
    return {
        argument.value
        for call in calls
        for argument in call.args[:2]
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str)
    }


def test_every_marked_string_is_collected() -> None:
    # The collector does not look into f-strings.
    collected = {text for message in words_tool().collected() for text in (message.id, *message.id)}
    assert marked_strings() - collected == set()


def test_collecting_finds_nothing_to_warn_of(capsys: pytest.CaptureFixture[str]) -> None:
    # `tr(text or "")` is an empty text to the collector; `tr` takes one as it is.
    words_tool().collected()
    assert capsys.readouterr().err == ""


def bare_strings(path: Path) -> list[str]:
    found = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if name in SHOWN:
            for argument in node.args:
                text = argument.value if isinstance(argument, ast.Constant) else None
                if isinstance(text, str) and re.search(r"[A-Za-z]{2}", text) and not text.endswith("@example.com"):
                    found.append(f"{path.relative_to(ROOT)}:{node.lineno} {text!r}")
                if isinstance(argument, ast.JoinedStr) and any(
                    isinstance(part, ast.Constant) and re.search(r"[A-Za-z]{3}", str(part.value))
                    for part in argument.values
                ):
                    found.append(f"{path.relative_to(ROOT)}:{node.lineno} an f-string")
    return found


def test_no_visible_string_goes_around_the_catalogue() -> None:
    found = [line for path in sorted((ROOT / "workbench" / "gui").rglob("*.py")) for line in bare_strings(path)]
    assert found == []


def test_a_bare_string_would_be_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = tmp_path / "page.py"
    page.write_text('label = QLabel("Hello people")\nlabel.setText(f"Hello {n}")\n', encoding="utf-8")
    monkeypatch.setitem(globals(), "ROOT", tmp_path)
    assert len(bare_strings(page)) == 2
