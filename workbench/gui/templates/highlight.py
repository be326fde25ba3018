"""Light colouring of HTML with Jinja: tags quiet, values green, merge fields in the accent."""

import re
from typing import Final

from PySide6.QtGui import QFont, QSyntaxHighlighter, QTextCharFormat, QTextDocument

from workbench.gui.theme.theme import Theme

_COMMENT: Final = 1
_JINJA: Final = 2
_TAG: Final = 3
#: inside a tag's value that the line before has not closed, by its quote
_VALUES: Final = {4: '"', 5: "'"}
#: How each state ends; a state may run over several lines.
_ENDS: Final = {_COMMENT: re.compile(r"-->|#\}"), _JINJA: re.compile(r"\}\}|%\}"), _TAG: re.compile(r">")}
_STARTS: Final = re.compile(r"(?P<comment><!--|\{#)|(?P<jinja>\{\{|\{%)|(?P<tag></?[A-Za-z!])|(?P<entity>&#?\w+;)")
_IN_TAG: Final = re.compile(r"(?P<jinja>\{\{.*?\}\}|\{%.*?%\})|(?P<value>\"[^\"]*\"?|'[^']*'?)|(?P<end>/?>)")
_STYLES: Final = {
    "comment": ("hint", False),
    "jinja": ("accent", True),
    "tag": ("muted", False),
    "value": ("good", False),
    "entity": ("warn", False),
}


class Highlighter(QSyntaxHighlighter):
    """Colours one document; `html` off leaves only the merge fields coloured, for plain text and subjects."""

    def __init__(self, document: QTextDocument, *, html: bool) -> None:
        super().__init__(document)
        self._html = html
        self._formats: dict[str, QTextCharFormat] = {}
        Theme.current().changed.connect(self._restyle)
        self._restyle()

    def highlightBlock(self, text: str) -> None:
        """Colour one line, going on in the state in which the line before ended."""
        at = 0
        state = max(self.previousBlockState(), 0)
        while at < len(text):
            at, state = self._inside(text, at, state) if state else self._outside(text, at)
        self.setCurrentBlockState(state)

    def _outside(self, text: str, at: int) -> tuple[int, int]:
        start = _STARTS.search(text, at)
        while start and not self._html and start.lastgroup != "jinja":
            start = _STARTS.search(text, start.end())
        if start is None:
            return len(text), 0
        if start.lastgroup == "entity":
            self._paint("entity", start.start(), start.end())
            return start.end(), 0
        state = {"comment": _COMMENT, "jinja": _JINJA, "tag": _TAG}[start.lastgroup or ""]
        return self._inside(text, start.start(), state)

    def _inside(self, text: str, at: int, state: int) -> tuple[int, int]:
        if state == _TAG:
            return self._tag(text, at)
        if state in _VALUES:
            return self._rest_of_value(text, at, state)
        end = _ENDS[state].search(text, at)
        to = end.end() if end else len(text)
        self._paint("comment" if state == _COMMENT else "jinja", at, to)
        return to, 0 if end else state

    def _tag(self, text: str, at: int) -> tuple[int, int]:
        painted = at
        for piece in _IN_TAG.finditer(text, at):
            self._paint("tag", painted, piece.start())
            painted = piece.end()
            if piece.lastgroup == "end":
                self._paint("tag", piece.start(), piece.end())
                return piece.end(), 0
            self._paint("value" if piece.lastgroup == "value" else "jinja", piece.start(), piece.end())
            self._merge_fields_in(text, piece.start(), piece.end())
            quote = piece.group()[0]
            if piece.lastgroup == "value" and (len(piece.group()) == 1 or not piece.group().endswith(quote)):
                return len(text), next(state for state, mark in _VALUES.items() if mark == quote)
        self._paint("tag", painted, len(text))
        return len(text), _TAG

    def _rest_of_value(self, text: str, at: int, state: int) -> tuple[int, int]:
        end = text.find(_VALUES[state], at)
        to = len(text) if end < 0 else end + 1
        self._paint("value", at, to)
        self._merge_fields_in(text, at, to)
        return to, state if end < 0 else _TAG

    def _merge_fields_in(self, text: str, start: int, end: int) -> None:
        for field in re.finditer(r"\{\{.*?\}\}|\{%.*?%\}", text[start:end]):
            self._paint("jinja", start + field.start(), start + field.end())

    def _paint(self, style: str, start: int, end: int) -> None:
        if end > start:
            self.setFormat(start, end - start, self._formats[style])

    def _restyle(self) -> None:
        theme = Theme.current()
        for name, (token, strong) in _STYLES.items():
            style = QTextCharFormat()
            style.setForeground(theme.colour(token))
            if strong:
                style.setFontWeight(QFont.Weight.Medium)
            self._formats[name] = style
        self.rehighlight()
