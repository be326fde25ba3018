"""How this window looks on this machine: kept by QSettings, never in the workspace."""

from PySide6.QtCore import QByteArray, QSettings

from workbench.gui.language import LANGUAGES, system_language
from workbench.gui.theme.theme import Scheme

ORGANISATION = "workbench"


class Preferences:
    """Geometry, last page, theme, language, motion."""

    def __init__(self) -> None:
        self._store = QSettings(ORGANISATION, ORGANISATION)

    @property
    def language(self) -> str:
        """The chosen language, else the system's."""
        code = str(self._store.value("look/language", ""))
        return code if code in LANGUAGES else system_language()

    @language.setter
    def language(self, code: str) -> None:
        self._store.setValue("look/language", code)

    @property
    def scheme(self) -> Scheme:
        """The chosen scheme, else the system's."""
        value = str(self._store.value("look/scheme", Scheme.SYSTEM))
        return Scheme(value) if value in tuple(Scheme) else Scheme.SYSTEM

    @scheme.setter
    def scheme(self, scheme: Scheme) -> None:
        self._store.setValue("look/scheme", str(scheme))

    @property
    def calm(self) -> bool:
        """Whether motion is reduced in this window."""
        return str(self._store.value("look/calm", "no")) == "yes"

    @calm.setter
    def calm(self, on: bool) -> None:
        self._store.setValue("look/calm", "yes" if on else "no")

    @property
    def page(self) -> str:
        """The key of the last page."""
        return str(self._store.value("window/page", ""))

    @page.setter
    def page(self, key: str) -> None:
        self._store.setValue("window/page", key)

    @property
    def geometry(self) -> QByteArray | None:
        """Place and size of the window, as Qt keeps it."""
        value = self._store.value("window/geometry")
        return value if isinstance(value, QByteArray) else None

    @geometry.setter
    def geometry(self, value: QByteArray | None) -> None:
        self._store.setValue("window/geometry", value)
