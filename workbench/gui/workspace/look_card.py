"""How this window looks on this machine: language, theme, motion; changed at once."""

from PySide6.QtWidgets import QCheckBox, QWidget

from workbench.gui.language import LANGUAGES
from workbench.gui.page import Frame
from workbench.gui.parts.card import Card
from workbench.gui.parts.field import Field
from workbench.gui.parts.switch import SegmentedSwitch
from workbench.gui.preferences import Preferences
from workbench.gui.theme.theme import Scheme, Theme
from workbench.gui.theme.tokens import space
from workbench.plan.words import tr


class LookCard(Card):
    """The same commands as in the View menu."""

    def __init__(self, frame: Frame, parent: QWidget | None = None) -> None:
        super().__init__(tr("This window"), tr("on this machine only"), name="look_card", parent=parent)
        preferences = Preferences()
        self.language = SegmentedSwitch(
            tuple(LANGUAGES.items()), preferences.language, label=tr("Language"), name="language"
        )
        self.theme = SegmentedSwitch(
            ((Scheme.SYSTEM, tr("As the system")), (Scheme.LIGHT, tr("Light")), (Scheme.DARK, tr("Dark"))),
            Theme.current().scheme,
            label=tr("Theme"),
            name="theme",
        )
        self.calm = QCheckBox(tr("Less motion"))
        self.calm.setObjectName("calm")
        self.calm.setChecked(preferences.calm)
        self.language.changed.connect(lambda code: frame.do(f"view.language.{code}"))
        self.theme.changed.connect(lambda scheme: frame.do(f"view.theme.{scheme}"))
        self.calm.clicked.connect(lambda _on: frame.do("view.calm"))
        self.body.setSpacing(space(4))
        self.add(Field(tr("Language"), self.language, name="field_language"))
        self.add(Field(tr("Theme"), self.theme, name="field_theme"))
        self.add(self.calm)
        Theme.current().changed.connect(self._follow)
        Theme.current().calmed.connect(self.calm.setChecked)

    def _follow(self) -> None:
        """The theme was changed from a menu or the palette."""
        self.theme.set_value(Theme.current().scheme)
