"""The languages that the window speaks, and the switch between them."""

import gettext
from typing import Final

from PySide6.QtCore import QLocale

from workbench.gui.parts import format as fmt
from workbench.gui.theme.theme import resources
from workbench.plan import words

LANGUAGES: Final = {"en": "English", "ru": "Русский"}
"""Codes and the languages' own names, which are never translated."""
_DOMAIN_FILE: Final = "{code}.mo"


def system_language() -> str:
    """The system's language where the window speaks it, else English."""
    code = QLocale.system().name().split("_")[0]
    return code if code in LANGUAGES else "en"


def speak(code: str) -> None:
    """Show every text, number and moment in this language from now on; what is on screen has to be made anew."""
    path = resources() / "languages" / _DOMAIN_FILE.format(code=code)
    if code != "en" and path.is_file():
        with path.open("rb") as file:
            words.speak(gettext.GNUTranslations(file))
    else:
        words.speak(gettext.NullTranslations())
    fmt.speak(code)
