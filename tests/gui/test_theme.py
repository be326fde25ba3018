import itertools
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import qtawesome
from PySide6.QtGui import QFont, QFontDatabase, QFontInfo
from PySide6.QtWidgets import QApplication, QLabel

import workbench.gui
from workbench.gui.parts.text import Text
from workbench.gui.theme.icons import icon
from workbench.gui.theme.theme import FONT_FAMILY, Scheme, Theme
from workbench.gui.theme.tokens import DARK, LIGHT, Measure, Tokens, contrast, space

GUI = Path(workbench.gui.__file__).parent
THEME = GUI / "theme"
#: what people send has its own colours: the starter mail is content, not interface
CONTENT = {"starter.py"}
PLAIN = ("background", "side", "panel", "raised")
PAIRS = [
    *itertools.product(("text", "muted", "hint", "accent", "good", "warn", "bad"), PLAIN),
    *itertools.product(("text", "muted"), ("chip", "hover")),
    *itertools.product(("text", "accent"), ("accent_soft",)),
    ("good", "good_soft"),
    ("warn", "warn_soft"),
    ("bad", "bad_soft"),
    ("text", "warn_soft"),
    ("text", "bad_soft"),
    ("on_accent", "accent"),
    ("on_accent", "accent_hover"),
    ("hint", "chip"),
]


@pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=lambda tokens: str(tokens.name))
def test_every_text_reads_on_every_surface_it_stands_on(tokens: Tokens) -> None:
    poor = {
        f"{text} on {surface}": round(contrast(getattr(tokens, text), getattr(tokens, surface)), 2)
        for text, surface in PAIRS
        if contrast(getattr(tokens, text), getattr(tokens, surface)) < 4.5
    }
    assert poor == {}


@pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=lambda tokens: str(tokens.name))
def test_series_stand_out_from_the_panel(tokens: Tokens) -> None:
    assert min(contrast(colour, tokens.panel) for colour in tokens.series) >= 3


def test_contrast_is_that_of_wcag() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


def lines_outside_theme() -> Iterator[tuple[str, str]]:
    for path in sorted(GUI.rglob("*.py")):
        if THEME in path.parents or path.name in CONTENT:
            continue
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            yield f"{path.relative_to(GUI)}:{number} {line.strip()}", re.sub(r"space\([^()]*\)", "space", line)


def test_no_colour_is_written_outside_the_theme() -> None:
    colour = re.compile(r"#[0-9a-fA-F]{6}\b|#[0-9a-fA-F]{3}\b|\brgba?\(\s*\d|QColor\(\s*(?:\d|\")")
    assert [where for where, line in lines_outside_theme() if colour.search(line)] == []


def test_no_pixel_length_is_written_outside_the_theme() -> None:
    length = re.compile(
        r"set(?:Fixed|Minimum|Maximum)(?:Width|Height|Size)\(\s*\d{2,}"
        r"|setSpacing\(\s*[2-9]|setSpacing\(\s*\d\d|setContentsMargins\([^)]*\b[2-9]\b|setPixelSize\(\s*\d|\d+px"
    )
    assert [where for where, line in lines_outside_theme() if length.search(line)] == []


def test_a_colour_and_a_length_would_be_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "page.py").write_text('a = "#4b46d6"\nb.setContentsMargins(0, space(3), 7, 0)\n', encoding="utf-8")
    monkeypatch.setitem(globals(), "GUI", tmp_path)
    for test in (test_no_colour_is_written_outside_the_theme, test_no_pixel_length_is_written_outside_the_theme):
        with pytest.raises(AssertionError):
            test()


def test_every_icon_named_is_in_the_family() -> None:
    icon("house").pixmap(Measure.icon)
    family = qtawesome.charmap  # raises KeyError for a name that is not there
    named = re.compile(r"(?:icon|IconButton|EmptyState)\(\s*\"([a-z0-9-]+)\"|glyph=\"([a-z0-9-]+)\"")
    names = {
        match.group(1) or match.group(2)
        for path in GUI.rglob("*.py")
        for match in named.finditer(path.read_text(encoding="utf-8"))
    }
    assert len(names) > 10
    for name in names:
        family(f"ph.{name}")


def test_the_theme_switches_live(theme: Theme, qapp: QApplication) -> None:
    heard = []
    theme.changed.connect(lambda: heard.append(theme.tokens.name))
    theme.force(Scheme.DARK)
    assert qapp.palette().window().color().name() == DARK.background
    assert DARK.accent in qapp.styleSheet()
    theme.force(Scheme.LIGHT)
    assert qapp.palette().window().color().name() == LIGHT.background
    assert heard == ["dark", "light"]


def test_icons_are_painted_in_the_colour_of_the_moment(theme: Theme) -> None:
    picture = icon("stop", "accent")

    def colours() -> set[str]:
        image = picture.pixmap(32, 32).toImage()
        return {
            image.pixelColor(x, y).name()
            for x in range(image.width())
            for y in range(image.height())
            if image.pixelColor(x, y).alpha() == 255
        }

    assert LIGHT.accent in colours()
    theme.force(Scheme.DARK)
    assert DARK.accent in colours()


def test_the_bundled_font_has_cyrillic_and_figures_of_one_width(qapp: QApplication) -> None:
    assert FONT_FAMILY in QFontDatabase.families()
    assert QFontInfo(qapp.font()).family() == FONT_FAMILY
    assert QFontDatabase.WritingSystem.Cyrillic in QFontDatabase.writingSystems(FONT_FAMILY)
    body = QLabel("1")
    assert body.fontMetrics().horizontalAdvance("1111") == body.fontMetrics().horizontalAdvance("8888")


def test_titles_keep_figures_at_their_own_widths(theme: Theme) -> None:
    hero = Text("1111", "hero")
    hero.ensurePolished()
    theme.force(Scheme.DARK)
    assert hero.font().featureValue(QFont.Tag("tnum")) == 0


def test_lengths_sit_on_the_rhythm() -> None:
    assert [space(1), space(3), space(2.5)] == [4, 12, 10]
