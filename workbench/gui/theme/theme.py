"""The theme: which token table is in force, and the application's palette, style sheet and font made from it.

`Theme.install(app)` once; `Theme.current().tokens` anywhere in the window. `changed` is emitted after the application
was restyled: only widgets that paint themselves need it.
"""

from enum import StrEnum
from pathlib import Path
from typing import ClassVar, Self

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication, QStyle, QStyleFactory

from workbench.gui.theme.icons import colour_by
from workbench.gui.theme.sheet import style_sheet
from workbench.gui.theme.tokens import DARK, LIGHT, Measure, Tokens

FONT_FAMILY = "Inter"
_FONT_FILES = ("Inter-Regular.otf", "Inter-Medium.otf", "Inter-SemiBold.otf")


class Scheme(StrEnum):
    """What the person asked for."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


def resources() -> Path:
    """The folder of fonts, icons and languages: inside the package when installed, beside it in a checkout."""
    package = Path(__file__).resolve().parents[2]
    inside = package / "resources"
    return inside if inside.is_dir() else package.parent / "resources"


class Theme(QObject):
    """One per application. Follows the system's colour scheme unless a scheme is forced."""

    changed = Signal()
    calmed = Signal(bool)
    """Whether the person asked for less motion, told when that changes."""
    _installed: ClassVar["Theme | None"] = None

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        self._app = app
        self._scheme = Scheme.SYSTEM
        self._calm = False
        self._tokens = self._wanted()
        self._load_fonts()
        colour_by(lambda: self._tokens)
        app.setStyle(QStyleFactory.create("Fusion"))
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._restyle)
        self._restyle()

    @classmethod
    def install(cls, app: QApplication) -> "Theme":
        """Style the application; a second call gives the same theme."""
        if cls._installed is None:
            cls._installed = cls(app)
        return cls._installed

    @classmethod
    def current(cls) -> "Theme":
        """The installed theme; raises RuntimeError where none is."""
        if cls._installed is None:
            raise RuntimeError("Theme.install(app) comes first")
        return cls._installed

    @property
    def tokens(self) -> Tokens:
        """The colour table in force."""
        return self._tokens

    @property
    def scheme(self) -> Scheme:
        """What was asked for: system, light or dark."""
        return self._scheme

    @property
    def reduced_motion(self) -> bool:
        """Whether to skip animation: asked for in the window, or the system's style does not animate."""
        animates = self._app.style().styleHint(QStyle.StyleHint.SH_Widget_Animate)
        return self._calm or not animates

    def force(self, scheme: Scheme) -> Self:
        """Light, dark, or as the system is; restyles at once."""
        self._scheme = scheme
        self._restyle()
        return self

    def calm(self, *, on: bool) -> None:
        """Skip animation from now on, or follow the system again."""
        if on != self._calm:
            self._calm = on
            self.calmed.emit(on)

    def colour(self, token: str) -> QColor:
        """A token as QColor: a name of `Tokens`, or `series1` to `series5`."""
        if token.startswith("series"):
            return QColor(self._tokens.series[int(token.removeprefix("series")) - 1])
        return QColor(getattr(self._tokens, token))

    def _wanted(self) -> Tokens:
        if self._scheme is Scheme.SYSTEM:
            dark = QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark
            return DARK if dark else LIGHT
        return DARK if self._scheme is Scheme.DARK else LIGHT

    def _restyle(self) -> None:
        self._tokens = self._wanted()
        self._app.setPalette(_palette(self._tokens))
        self._app.setStyleSheet(style_sheet(self._tokens, resources() / "icons"))
        self.changed.emit()

    def _load_fonts(self) -> None:
        for name in _FONT_FILES:
            QFontDatabase.addApplicationFont(str(resources() / "fonts" / name))
        font = QFont(FONT_FAMILY)
        font.setPixelSize(Measure.body)
        # Figures of one width: a count that ticks does not make its neighbours jump.
        font.setFeature(QFont.Tag("tnum"), 1)
        font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
        self._app.setFont(font)


def _palette(tokens: Tokens) -> QPalette:
    role = QPalette.ColorRole
    colours = {
        role.Window: tokens.background,
        role.WindowText: tokens.text,
        role.Base: tokens.panel,
        role.AlternateBase: tokens.background,
        role.Text: tokens.text,
        role.PlaceholderText: tokens.hint,
        role.Button: tokens.panel,
        role.ButtonText: tokens.text,
        role.BrightText: tokens.bad,
        role.ToolTipBase: tokens.raised,
        role.ToolTipText: tokens.text,
        role.Highlight: tokens.accent,
        role.HighlightedText: tokens.on_accent,
        role.Link: tokens.accent,
        role.LinkVisited: tokens.accent,
        role.Mid: tokens.line,
        role.Midlight: tokens.line_soft,
        role.Dark: tokens.line,
        role.Light: tokens.raised,
        role.Shadow: tokens.line,
        role.Accent: tokens.accent,
    }
    palette = QPalette()
    for name, colour in colours.items():
        palette.setColor(name, QColor(colour))
    for name in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, name, QColor(tokens.hint))
    return palette
