"""The language that people read.

Every visible string passes through `tr` or `trn` when it is shown, or is kept as data in `Words` and shown later. The
catalogue is put in once by the application (`speak`); without one the English source text is shown.
"""

import gettext
from collections.abc import Mapping
from dataclasses import dataclass, field

_SPOKEN: list[gettext.NullTranslations] = [gettext.NullTranslations()]


def speak(translations: gettext.NullTranslations) -> None:
    """Use this catalogue from now on; `gettext.NullTranslations()` is English."""
    _SPOKEN[0] = translations


def tr(text: str) -> str:
    """The text in the language of the moment; call it when showing, never at import."""
    return _SPOKEN[0].gettext(text) if text else ""


def trn(one: str, many: str, number: int) -> str:
    """The form that the number wants, for example `trn("{n} person", "{n} people", 3)`; the caller fills `{n}`."""
    return _SPOKEN[0].ngettext(one, many, number)


def N_(text: str) -> str:  # noqa: N802 - the mark that translators' tools look for
    """Mark a text for translation where it is stored, to be shown later."""
    return text


@dataclass(frozen=True, slots=True)
class Words:
    """A sentence kept as data: an English template and its values; `str()` gives it in the language of the moment."""

    template: str
    values: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        return tr(self.template).format(**{name: _shown(value) for name, value in self.values.items()})


def _shown(value: object) -> object:
    return str(value) if isinstance(value, Words) else value
